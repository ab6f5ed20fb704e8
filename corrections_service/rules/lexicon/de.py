"""German."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    letters="ß",
    function="""
der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren sei
wird werden wurde hat haben hatte ich du er sie es wir ihr mich sich uns ihn ihm ihnen mein dein sein unser euer
dieser diese dieses diesen diesem jede jeder jedes wie wer wo wann warum wenn weil dass daß als ob da dann denn doch
noch nur auch schon sehr hier dort in im an am auf aus bei mit nach seit von vom zu zum zur über unter vor hinter zwischen
durch für gegen um bis jedoch daher jemand etwas man mal ja sowohl sowie bevor nachdem während wegen trotz damit dabei
dazu darum deshalb deswegen immer einige so was ihre ihren ihrem ihrer seine seinen seinem seiner unsere unserer kann
können muss müssen soll sollen will wollen wurden worden nicht kein keine bin bist seid wäre hätte würde ins beim andere
anderen alle allen mehr
""",
    pronouns="er sie",
    has_noun_capitals=True,
    speaks="sagte?n? erklärte?n? betonte?n? forderte?n? kritisierte?n? meinte?n? warnte?n? tra[tf] ist hat will kann wird soll muss",
    numbers="""
0: null  1/2: hälfte halbe* halber halb  1/3: drittel*  1/4: viertel*  1: eins erste ersten erster erstes erstem erstmals
2: zwei zweit* zweimal beide* doppelt* zweier* verdoppel*  3: drei dritt* dreimal dreier* dreifach* verdreifach*
4: vier* fünftel 5: fünf* 6: sechs* sechst* 7: siebe* siebt* 8: acht* 9: neun* 10: zehn* 11: elf elfte* 12: zwölf* dutzend*
13: dreizehn* 14: vierzehn* 15: fünfzehn* 16: sechzehn* 17: siebzehn* 18: achtzehn* 19: neunzehn* 20: zwanzig*
30: dreißig* dreissig* 40: vierzig* 50: fünfzig* 60: sechzig* 70: siebzig* 80: achtzig* 90: neunzig* 100: hundert*
1000: tausend* 1000000: million* 1000000000: milliard* 1000000000000: billion*  3/2: anderthalb* eineinhalb*
""",
    number_endings=r"n|e[nrsm]?|er[ns]|t|te[nrsml]?|s?te[nrsml]?|mal|fach|tel[ns]?|ens|tens|ling|en?te",
    counted="jährig|fach|mal|köpfig|stöckig|tägig|wöchig|monatig|stündig|prozentig|teilig",
    number_parts=r"(?:ein|zwei|drei|vier|fünf|sechs?|sieb(?:en)?|acht|neun|zehn|elf|zwölf|zwanzig"
    r"|(?<=\p{L})(?:zig|ßig|und|hundert|tausend)){2,12}+(?:s?te[nrsm]?)?",
    dates="""
january: jan januar* jänner  february: feb februar*  march: märz*  april: april* apr  may: mai  june: jun juni  july: jul juli
august: august* aug  september: september sept sep  october: okt oktober  november: nov november  december: dez dezember
monday: montag*  tuesday: dienstag*  wednesday: mittwoch*  thursday: donnerstag*  friday: freitag*
saturday: samstag* sonnabend*  sunday: sonntag*  -2: vorgestern  -1: gestern  0: heute*  1: morgen  2: übermorgen
morning: vormittag*  noon: mittag*  afternoon: nachmittag*  evening: abend* abends  night: nacht* nachts mitternacht
spring: frühling* frühjahr*  summer: sommer*  autumn: herbst*  winter: winter*  christmas: weihnacht*  easter: ostern
decade: jahrzehnt*
""",
    relative="""
last: letzte* vorig* vergangen*  next: nächst* kommend*  early: anfang*  middle: mitte  late: ende
""",
    units="""
%: prozent*  percentage_point: prozentpunkt*  point: punkt*  $: dollar*  £: pfund  ₽: rubel*  franc: franken  kn: knoten
cm: zentimeter*  m: meter*  km: kilomet*  mm: millimet*  mi: meile*  ft: fuß  in: zoll  ha: hektar*  mg: milligramm*
g: gramm  kg: kilogramm*  t: tonne* ton  l: liter*  ml: millilit*  oz: unze*  barrel: barrel*  s: sekunde*  min: minute*
h: stunde*  day: tag tage tagen tägig*  week: woche*  month: monat*  year: jahr jahre jahren jahres
century: jahrhundert*
""",
    denials="""
no: nicht nichts kein keine keinen keinem keiner keines keinerlei nie niemals niemand* ohne weder nirgend* keineswegs
""",
    denying_prefix=r"(?:un|non|anti|nicht)(?=\p{L}{4})|(?:in|im|il|ir|dis)(?=\p{L}{5})",
    denying_suffix=r"los(?:e[nrsm]?)?",
    opposites="""
positiv* | negativ*
alle allen aller alles jeder jede | die_meisten meisten | viele vielen | einige einigen manche | wenige wenigen
zustimm* zugestimmt zustimmt stimmte annahm angenommen | ablehn* abgelehnt lehnte weigert* verweiger* verworfen
bestätig* | dementier* bestreitet bestritt* bestreiten
gewinn gewann gewinn* gewonnen sieg siege siegte siegten sieger | verlier* verlor* verloren niederlage*
steig* stieg stiegen gestiegen zunahm* zugenommen erhöh* wuchs wachsen gewachsen anstieg | sink* sank sanken gesunken fiel fielen gefallen abnahm* abgenommen senk* gesenkt rückgang*
mehr | weniger
über oberhalb | unter unterhalb
vor vorher bevor | nach nachher nachdem
innerhalb drinnen | außerhalb draußen
links linke linken linker | rechts rechte rechten rechter
wahr richtig* | falsch*
schuldig | unschuldig
verurteil* | freigesprochen freispruch
lebend* überlebt* überlebend* | tot tote toten getötet gestorben | verletzt verletzte verletzten
öffn* geöffnet offen | schließ* schloss geschlossen
erlaub* genehmig* | verbiet* verbot* verboten untersag*
kauf kaufte kaufen gekauft käufer* | verkauf* verkaufte verkaufen verkäufer*
hoch hohe hohen hoher hohes höher höhere höheren höchste* | niedrig* tief* tiefe
groß große großen großer großes größer größere größte* | klein kleine kleinen kleiner kleines kleinste*
lang lange langen länger | kurz kurze kurzen kürzer
reich reiche reichen | arm arme armen
alt alte alten älter ältere | jung junge jungen jünger neu neue neuen
schnell* | langsam*
stark starke starken stärker | schwach schwache schwächer
gut gute guten besser beste besten | schlecht* schlimm*
erfolg* | misserfolg* scheiter* gescheitert
beginn* begann begonnen anfang | end endete enden geendet ende
import* einfuhr* | export* ausfuhr*
nord norden nördlich* | süd süden südlich*
ost osten östlich* | west westen westlich*
mann männer männern | frau frauen
junge jungen | mädchen
sohn söhne | tochter töchter
bruder brüder | schwester*
vater* väter | mutter* mütter
immer stets | nie niemals | manchmal
oft häufig* | selten
mehrheit* | minderheit*
arbeitgeber* | arbeitnehmer*
vermieter* | mieter*
täter* | opfer*
kläger* | angeklagte* beklagte*
krieg | frieden
öffentlich* | privat*
heiß* warm* | kalt* kühl*
befristet* | unbefristet*
minimum mindestens | maximum höchstens
""",
)
