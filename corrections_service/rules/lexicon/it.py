"""Italian."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    letters="ìò",
    function="""
il lo la i gli le un uno una di a da in con su per tra fra e ed o ma se che chi cui non è sono era ha hanno del dello della dei degli
delle al allo alla ai agli alle dal dalla dai nel nella nei negli nelle sul sulla sui perché quando dove come questo
questa questi queste quello quella più anche si ci ne io tu lui lei noi voi loro suo sua suoi sue mio mia dopo prima stato
stata già ancora poi così molto ogni essere fra dell all nell sull quindi sempre mentre c'è un'altra contro senza
""",
    pronouns="lui lei loro egli ella essi",
    speaks="ha dice disse spiega afferma aggiunge dichiara",
    numbers="""
0: zero  1/2: metà mezzo mezza  1/4: quarto quarti  1: primo prima primi prime  2: due secondo seconda doppi*
3: tre terzo terza terzi  4: quattro quarta  5: cinque quinto quinta  6: sei sesto sesta  7: sette settimo settima settimi
8: otto ottav*  9: nove nono nona  10: dieci decimo decima decin*  11: undici  12: dodici dozzin*  13: tredici  14: quattordici
15: quindici  16: sedici  17: diciassette  18: diciotto  19: diciannove  20: venti ventesim*  30: trenta
40: quaranta  50: cinquant*  60: sessanta  70: settanta  80: ottanta  90: novanta  100: cento centinai* centesim*
200: duecento  300: trecento  1000: mille mila migliai*  1000000: milion*  1000000000: miliard*
""",
    number_parts=r"(?:(?<=\p{L})(?:mila|cento|uno?|due|tr[eé]|quattro|cinque|sei|sette|otto|nove)|venti?|trenta?|quaranta?"
    r"|cinquanta?|sessanta?|settanta?|ottanta?|novanta?|duecento|due|tre(?=cento|mila)){2,12}+",
    dates="""
january: gennaio  february: febbraio  march: marzo  april: aprile  may: maggio  june: giugno  july: luglio
august: agosto  september: settembre  october: ottobre  november: novembre  december: dicembre  monday: lunedì
tuesday: martedì  wednesday: mercoledì  thursday: giovedì  friday: venerdì  saturday: sabato  sunday: domenica
-1: ieri  0: oggi  1: domani  morning: mattin*  noon: mezzogiorno  afternoon: pomeriggio  evening: sera*  night: notte notti mezzanotte
spring: primavera  summer: estate  autumn: autunno  winter: inverno  christmas: natale  easter: pasqua  decade: decenni*
""",
    relative="""
last: scors* ultim* passat*  next: prossim*  early: inizio  middle: metà  late: fine
""",
    units="""
%: cento  point: punto punti  $: dollaro dollari  £: sterlin*  ₽: rublo*  ₺: lira  mm: millimetr*  cm: centimetr*  m: metro metri
km: chilometr*  mi: miglio miglia  ft: piede piedi  in: pollic*  ha: ettar*  mg: milligramm*  g: gramm*  kg: chilo chili chilogramm*
t: tonnellat*  l: litr*  ml: millilitr*  gallon: gallon*  barrel: baril*  s: secondi  min: minuto minuti  h: ora ore
day: giorno giorni  week: settiman*  month: mese mesi  year: anno anni  century: secol*  kn: nodi
""",
    denials="""
no: non né nessun nessuno nessuna senza niente nulla neppure neanche mai
""",
    denying_prefix=r"(?:non|anti)(?=\p{L}{4})|(?:in|im|il|ir|dis|i(?=l))(?=\p{L}{5})",
    opposites="""
positiv* | negativ*
tutti tutte tutto | maggior maggioranza | molti molte | alcuni alcune | pochi poche
accett* approv* | rifiut* respin* boccia*
conferm* ammett* | smenti* nega*
vinc* vinto vittori* | perd* perso sconfitt*
aument* cresc* sale sali salit* | diminu* diminuisc* cala* scende* scesi sces* ridu*
più | meno
sopra | sotto
prima | dopo
dentro | fuori
sinistra* | destra*
vero vera | fals*
colpevol* | innocent*
condann* | assol*
viv* sopravviss* | mort* uccis* | ferit*
apr* apert* | chiu* chius*
permett* autorizz* | viet* proib*
compra* acquist* | vend*
alto alta alti alte | basso bassa bassi basse
grande grandi | piccol*
lungo lunga | breve cort*
ricco ricca ricchi | pover*
vecchi* | giovan* nuov*
veloc* rapid* | lent*
fort* | debol*
buono buona miglior* | cattiv* peggior*
success* | falliment* fallit*
inizi* comincia* | finisc* finit* termina*
import* | esport*
nord | sud
est | ovest
uomo uomini | donna donne
ragazzo ragazzi | ragazza ragazze
figlio figli | figlia figlie
fratell* | sorell*
padre padri | madre madri
marito | moglie
sempre | mai
maggioranza | minoranza
vittim* | aggressor*
guerr* | pace
pubblic* | privat*
cald* | fredd*
minim* | massim*
""",
)
