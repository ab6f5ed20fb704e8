"""Words that carry facts in the languages most used (numbers, dates, units, denials), and words that do not.

Each table gives words their meaning, so that "Januar" and "January" are one. A stem ends with `*`: an ending
of at most four letters may follow, as cases and plurals add. Words are given as `plain` makes them.
"""

from __future__ import annotations

from functools import lru_cache

import regex

_LONGEST_ENDING = 4
_SHORTEST_STEM = 2
_SHORT_UNIT = 3  # letters; as short, it is a unit only beside a number

_NUMBERS = {
    "0": "zero нуль ноль нуля null zéro cero",
    "1/2": "half halves половин* півтора полтора hälfte halbe halben halber moitié mitad metade metà",
    "1": "first перший перша перше першого першої першому першим першу первый первая первое первого"
    " первой первому"
    " первым первую eins erste ersten erster erstes erstem premier première premiers premières primero"
    " primera primer"
    " primeiro primeira",
    "2": "two second twice double два дві две двох двух двом двум двома двумя двоє двое другий другої"
    " другу второй"
    " вторая второе второго вторую zwei zweite zweiten zweiter zweimal deux deuxième* dos segundo segunda"
    " dois duas dwa",
    "3": "three third thrice triple три трьох трьом трьома троє трёх трех трем тремя трое трет* drei"
    " dritte dritten"
    " dritter drittel trois troisième* tres tercer tercero tercera três trzy",
    "4": "four fourth quarter quarters чотир* четверт* четыр* четвёрт* vier vierte vierten viertel quatre"
    " quatrième*"
    " cuatro cuarto cuarta quatro quattro cztery",
    "5": "five fifth п'ять п'яти п'ятьох п'ятий п'ята п'яте п'ятого п'ятої пять пяти пятью пятый пятая"
    " пятое пятого"
    " fünf fünfte fünften cinq cinquième* cinco quinto quinta cinque pięć",
    "6": "six sixth шість шести шіст* шестеро шестой шесть sechs sechste sechsten sixième* seis sexto sexta sześć",
    "7": "seven seventh сім семи сьом* семь седьм* sieben siebte siebten sept septième* siete séptim* siedem",
    "8": "eight eighth вісім восьм* восем* acht achte achten huit huitième* ocho octavo octava oito osiem",
    "9": "nine ninth дев'ять дев'яти дев'ятий девять девяти девятый neun neunte neunten neuf neuvième* nueve noveno",
    "10": "ten tenth десят* zehn zehnte zehnten dix dixième* diez décim* dziesięć",
    "11": "eleven eleventh одинадцят* одиннадцат* elf elfte elften onze undici",
    "12": "twelve twelfth dozen* дванадцят* двенадцат* дюжин* zwölf zwölft* dutzend* douze douzaine* doce docena*",
    "13": "thirteen* тринадцят* тринадцат* dreizehn* treize trece",
    "14": "fourteen* чотирнадцят* четырнадцат* vierzehn* quatorze catorce",
    "15": "fifteen* п'ятнадцят* пятнадцат* fünfzehn* quinze quince",
    "16": "sixteen* шістнадцят* шестнадцат* sechzehn* seize dieciséis",
    "17": "seventeen* сімнадцят* семнадцат* siebzehn* diecisiete",
    "18": "eighteen* вісімнадцят* восемнадцат* achtzehn* dieciocho",
    "19": "nineteen* дев'ятнадцят* девятнадцат* neunzehn* diecinueve",
    "20": "twenty twentieth двадцят* двадцат* zwanzig* vingt vingtième veinte",
    "30": "thirty thirtieth тридцят* тридцат* dreißig* trente treinta trinta",
    "40": "forty fortieth сорок* vierzig* quarante cuarenta quarenta",
    "50": "fifty fiftieth п'ятдесят* пятьдесят* пятидесят* fünfzig* cinquante cincuenta",
    "60": "sixty шістдесят* шестьдесят* sechzig* soixante sesenta",
    "70": "seventy сімдесят* семьдесят* siebzig* septante setenta",
    "80": "eighty вісімдесят* восемьдесят* achtzig* ochenta oitenta",
    "90": "ninety дев'яност* девяност* neunzig* nonante noventa",
    "100": "hundred* сто ста сотн* сотен hundert hunderte cent cents centaine* cien ciento cientos cem",
    "200": "двіст* двест* doscient* duzent*",
    "1000": "thousand* тис тисяч* тыс тысяч* tausend tausende tausenden mille milliers mil tysiąc*",
    "1000000": "million* mln млн мільйон* миллион* mio millón millones milhão milhões milion*",
    "1000000000": "billion* bn мільярд* миллиард* млрд milliarde* milliard* mrd bilhão bilhões miliard*",
    "1000000000000": "trillion* трлн трильйон* триллион* billón billones",
}
_DATES = {
    "january": "january jan januar jänner січень січня січні січнем январ* janvier enero janeiro gennaio stycz*",
    "february": "february feb februar лютий лютого лютому феврал* février febrero fevereiro febbraio lutego",
    "march": "march märz березень березня березні март марта марте mars marzo março marca",
    "april": "april apr квітень квітня квітні апрел* avril abril aprile kwietnia",
    "may": "may mai травень травня травні май мая мае mayo maio maggio maja",
    "june": "june jun juni червень червня червні июн* juin junio junho giugno czerwca",
    "july": "july jul juli липень липня липні июл* juillet julio julho luglio lipca",
    "august": "august aug серпень серпня серпні август августа августе août agosto sierpnia",
    "september": "september sept sep вересень вересня вересні сентябр* septembre septiembre setembro"
    " settembre września",
    "october": "october oct oktober okt жовтень жовтня жовтні октябр* octobre octubre outubro ottobre październ*",
    "november": "november nov листопад листопада листопаді ноябр* novembre noviembre novembro listopada",
    "december": "december dec dezember dez грудень грудня грудні декабр* décembre diciembre dezembro dicembre grudnia",
    "monday": "monday mondays montag* понеділ* понедельн* lundi lunes lunedì",
    "tuesday": "tuesday tuesdays dienstag* вівтор* вторник* mardi martes martedì",
    "wednesday": "wednesday wednesdays mittwoch* середа середи середу среда среды среду mercredi miércoles mercoledì",
    "thursday": "thursday thursdays donnerstag* четвер четверга четверг jeudi jueves giovedì",
    "friday": "friday fridays freitag* п'ятниц* пятниц* vendredi viernes venerdì",
    "saturday": "saturday saturdays samstag* sonnabend* субот* суббот* samedi sábado sábados sabato",
    "sunday": "sunday sundays sonntag* неділ* воскресен* dimanche domingo domingos domenica",
    "yesterday": "yesterday gestern вчора учора вчера hier ayer ontem ieri",
    "today": "today heute сьогодні сегодня aujourd'hui hoy hoje oggi",
    "tomorrow": "tomorrow завтра demain mañana amanhã domani",
}
_UNITS = {
    "%": "% ٪ percent відсот* процент* prozent pourcent",
    "‰": "‰ проміле промилле promille",
    "$": "$ usd dollar* долар* доллар* dólar*",
    "€": "€ eur euro euros євро евро",
    "£": "£ gbp pound pounds фунт* pfund",
    "₴": "₴ uah грн гривн* гривен* hryvnia*",
    "₽": "₽ rub руб рубл* rubel rouble* rublo*",
    "¥": "¥ jpy cny yen yuan* юан* ієна ієн иена иен",
    "mm": "mm мм millimet* міліметр* миллиметр* millimètre* milímetro*",
    "cm": "cm см centimet* zentimeter* сантиметр* centimètre* centímetro*",
    "m": "m м metre metres meter meters metern метр* mètre* metro metros",
    "km": "km км kilomet* кілометр* километр* kilomètre* kilómetro* quilômetro*",
    "mi": "mi mile miles миля миль милі мили meile meilen milla millas",
    "ft": "ft foot feet фут фути футів фута футов pieds",
    "in": "in inch inches дюйм* zoll pouce* pulgada*",
    "ha": "ha га hectare* гектар* hektar* hectárea*",
    "acre": "acre acres акр* acker",
    "mg": "mg мг milligram* міліграм* миллиграм*",
    "g": "g г gr gram grams грам грамів грами грамм граммов gramm gramme grammes gramo gramos",
    "kg": "kg кг kilogram* kilo kilos кілограм* килограм*",
    "t": "t т tonne* ton tons тонн* tonelada*",
    "lb": "lb lbs",
    "oz": "oz ounce ounces унц*",
    "l": "l л litre* liter liters литр* літр* litro litros",
    "ml": "ml мл millilit* мілілітр* миллилитр*",
    "gallon": "gal gallon* галон* галлон*",
    "s": "s с sec seconds секунд* sekunde sekunden secondes segundos",
    "min": "min хв мин minute minutes minuten minuto minutos хвилин* минут*",
    "h": "h год ч hour hours hr hrs годин* часа часов часы stunde stunden heure heures hora horas",
    "day": "day days день дня дні днів дней дни tag tage tagen jour jours día días dia dias",
    "week": "week weeks тиж* недел* woche wochen semaine* semana semanas",
    "month": "month months місяц* месяц* monat* mois mes meses mês",
    "year": "year years рік року роки років году года лет годы jahr jahre jahren année* an ans año años ano anos",
    "century": "century centuries століт* столет* jahrhundert* siècle* siglo* século*",
    "mph": "mph",
    "km/h": "kmh kph",
    "w": "w вт watt watts ват ватт vatio*",
    "kw": "kw квт kilowatt* кіловат* киловат*",
    "mw": "mw мвт megawatt* мегават* мегават*",
    "gw": "gw гвт gigawatt* гігават* гигават*",
    "v": "v volt volts вольт*",
    "byte": "bytes байт*",
    "kb": "kb кб kilobyte* кілобайт* килобайт*",
    "mb": "mb мб megabyte* мегабайт*",
    "gb": "gb гб gigabyte* гігабайт* гигабайт*",
    "tb": "tb тб terabyte* терабайт*",
    "hz": "hz гц hertz герц",
    "celsius": "celsius ℃ цельсі* цельси*",
    "fahrenheit": "fahrenheit ℉ фаренгейт*",
}
_DENIALS = {
    "no": "not no never none nobody nothing nowhere neither nor cannot without unless hardly"
    " не ні ніколи ніхто нічого ніщо ніде жоден жодн* немає нема без"
    " ни нет никогда никто ничего ничто нигде нельзя"
    " nicht nichts kein keine keinen keinem keiner keines nie niemals niemand niemanden ohne weder"
    " pas jamais rien aucun aucune sans guère nul nulle"
    " nunca jamás nada nadie ni ningún ninguno ninguna sin tampoco"
    " não nem nenhum nenhuma sem ninguém non nessun nessuno nessuna senza nic nikt bez nigdy inte utan aldrig"
    " لا لم لن ليس ليست غير بدون دون نه نیست"
}
_PLAIN = (
    "a an the this that these those he she it its his her their our my your we you they i me him them us"
    " who whom one"
    " which what when where why how whenever wherever whatever whoever while although though because"
    " since if then"
    " than as at by for from into of off on onto or out over per so to too under until up upon via with"
    " within and"
    " are is was were be been being am do does did has have had can could may might must shall should"
    " will would but"
    " also all any both each every few many more most much other some such there here just only very"
    " again after"
    " before between during about above below against however therefore thus hence moreover furthermore"
    " finally"
    " please thank thanks let lets yes another still yet even once now well between in"
    " і й та а але або чи що як це цей ця ці той те ті він вона воно вони ми ви я ти його її їх їхній наш"
    " ваш мій у в"
    " з із зі до від на по за про для при під над між через після перед якщо коли де тому також лише"
    " тільки вже ще є"
    " був була було були буде бути може можна треба щоб бо отже однак проте який яка яке які все всі весь"
    " кожен"
    " и но или что этот эта эти тот он она оно они мы вы ты его её ее их ваш мой с со к ко от о об из под"
    " между если"
    " когда где поэтому только уже еще ещё есть был была было были будет быть может можно надо чтобы"
    " который которая"
    " которое которые всё весь каждый другой однако"
    " der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren sei wird"
    " werden wurde"
    " hat haben hatte ich du er sie es wir ihr mich sich uns ihn ihm ihnen mein dein sein unser euer"
    " dieser diese"
    " dieses diesen diesem jede jeder jedes wie was wer wo wann warum wenn weil dass daß als ob da dann"
    " denn doch noch"
    " nur auch schon sehr hier dort im am auf aus bei mit nach seit von vom zu zum zur über unter vor"
    " hinter zwischen"
    " durch für gegen um bis jedoch daher"
    " le la les l un une du de d au aux et ou mais sont était ont elle il ils elles je tu nous vous ce"
    " cet cette ces"
    " son sa ses leur leurs mon ma mes notre votre qui que quoi dont où quand comment pourquoi si car"
    " donc dans en par"
    " pour sur sous avec chez vers entre après avant depuis pendant aussi très plus moins tout tous toute"
    " toutes même"
    " el los las uno una unos unas del al y e o u pero es fue ser estar está están ha han había yo tú él"
    " ella ellos su"
    " sus mi este esta esto estos estas ese esa eso aquel quien cual cuando donde como para con sobre"
    " desde hasta tras"
    " ante muy más menos también todo todos toda todas ya aún así"
    " os uma uns umas do da dos das na nos nas em com foi ele ela eles elas seu sua lo gli della del di"
    " chi che w z"
)
_NAMELESS_ENDING = regex.compile(
    r"(?r)(?:ing|ly|ed|tions?|sions?|ness|ments?|[ai]ble|ous|ful|less|ever|ity|[ae]nces?|ism|i[sz]e[ds]?|ive"
    r"|[аеєиіёуюя]т?ь?ся|[еєаія]н+[яіїюие]|ція|ції|ция|ции|[іо]сть|[ое]сти|[еа]ний|[ео]ван[аеиіоі]|[оі]ван[аеио]|інг|инг"
    r"|ти|ть|[юу][щч][иеао][ймяехю]"
    r"|ungs?|ungen|[hk]eit|schaft|tät|nis|ismus|[ae]nz|lich|isch|[cs]ión|mente|dad|[ae]ndo|[cs]ion|ité|eux|euse|ção)$"
)
_DENYING_PREFIX = {
    "un": 4,
    "non": 4,
    "dis": 5,
    "не": 4,
    "in": 6,
    "im": 6,
    "il": 5,
    "ir": 5,
    "anti": 4,
    "без": 4,
}
_GERMAN_NUMBER = regex.compile(
    r"(?:(?:ein|zwei|drei|vier|fünf|sechs?|sieb(?:en)?|acht|neun|zehn|elf|zwölf)(?:zig|ßig|und|hundert|tausend)?|und|hundert"
    r"|tausend|zwanzig){2,}+(?:s?te[nrsm]?)?"
)
_CJK_NUMBER = regex.compile(r"[〇零二三四五六七八九十百千万萬億亿兆两兩]")
_CJK_DENIAL = regex.compile(r"[不没沒無无非]|ない|なかっ|ません|않|없|못|아니|ไม่")
_ABSTRACT_ENDING = regex.compile(
    r"(?:[ts]ion|ness|ment|ance|ence|ung|[hk]eit|[аеє]ння|[ае]ние|[cs]ión|[аои]ц[іи][йюія]\w{0,4})$"
)
_GERMAN = frozenset(
    [
        "und",
        "ist",
        "nicht",
        "der",
        "die",
        "das",
        "für",
        "wird",
        "eine",
        "einen",
        "einem",
        "dem",
        "auf",
        "mit",
        "sich",
        "auch",
        "von",
        "zum",
        "zur",
        "oder",
        "im",
        "des",
        "wir",
        "unser",
        "unserer",
        "kann",
        "sind",
        "ihre",
        "durch",
        "werden",
        "über",
    ]
)

_Table = tuple[dict[str, str], dict[str, str]]


def _table(meanings: dict[str, str]) -> _Table:
    exact: dict[str, str] = {}
    stems: dict[str, str] = {}
    for meaning, words in meanings.items():
        for word in words.split():
            (stems if word.endswith("*") else exact).setdefault(word.rstrip("*"), meaning)
    return exact, stems


_NUMBER_WORDS, _DATE_WORDS, _UNIT_WORDS, _DENIAL_WORDS = map(_table, (_NUMBERS, _DATES, _UNITS, _DENIALS))
_PLAIN_WORDS = frozenset(_PLAIN.split())


def plain(value: str) -> str:
    """Return words as the tables have them: lower case, a straight apostrophe, no soft hyphens."""
    return value.lower().replace("’", "'").replace("ʼ", "'").replace("\u00ad", "")


@lru_cache(maxsize=8192)
def number(word: str) -> str | None:
    """Return the value that a number word has, as digits, or None."""
    if date(word) is not None:
        return None
    return _look_up(word, _NUMBER_WORDS) or (word if _GERMAN_NUMBER.fullmatch(word) else None)


@lru_cache(maxsize=8192)
def date(word: str) -> str | None:
    """Return the month, weekday or day that a word names, in English, or None."""
    return _look_up(word, _DATE_WORDS)


@lru_cache(maxsize=8192)
def unit(word: str, *, beside_number: bool) -> str | None:
    """Return the unit of measure or money that a word or sign means, or None; short words need a number"
    " beside."""
    if len(word) <= _SHORT_UNIT and word[0].isalpha() and not beside_number:
        return None
    return _look_up(word, _UNIT_WORDS)


@lru_cache(maxsize=8192)
def denies(word: str) -> bool:
    """Tell whether a word makes a statement its opposite."""
    return word.endswith("n't") or _look_up(word, _DENIAL_WORDS) is not None


def denies_by_prefix(word: str, other: str) -> bool:
    """Tell whether one of two words is the other with a prefix that denies it, as in able and unable."""
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    prefix = longer.removesuffix(shorter)
    return longer.endswith(shorter) and len(shorter) >= _DENYING_PREFIX.get(prefix, len(longer) + 1)


def marks_within(value: str) -> tuple[str, str]:
    """Return the number signs and the denials in a text of a script that writes no spaces."""
    return "".join(_CJK_NUMBER.findall(value)), "".join(_CJK_DENIAL.findall(value))


def is_function_word(word: str) -> bool:
    """Tell whether a word only holds a sentence together: an article, a pronoun, a preposition, an"
    " auxiliary."""
    return word in _PLAIN_WORDS


def may_be_name(word: str) -> bool:
    """Tell whether a word may be a name by its form, which is all there is to go by where a sentence"
    " begins."""
    return not is_function_word(word) and _NAMELESS_ENDING.search(word) is None


def is_abstract(word: str) -> bool:
    """Tell whether a word ends as nouns made of verbs and adjectives do, and names of people and places"
    " do not."""
    return _ABSTRACT_ENDING.search(word) is not None


def is_german(words: set[str]) -> bool:
    """Tell whether the words are those of a German text, where every noun has a capital."""
    return len(_GERMAN & words) >= 2


def _look_up(word: str, table: _Table) -> str | None:
    exact, stems = table
    found = exact.get(word)
    length = len(word)
    while found is None and length >= max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING):
        found = stems.get(word[:length])
        length -= 1
    return found
