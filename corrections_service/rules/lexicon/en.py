"""English."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    function="""
a an the this that these those he she it its his her their our my your we you they i me him them us who whom one which
what when where why how whenever wherever whatever whoever while although though because since if then than as at by
for from into of off on onto or out over per so to too under until up upon via with within and is are was were be been
being am do does did has have had can could may might must shall should will would but also all any both each every
few many more most much other some such there here just only very again after before between during about above below
against however therefore thus hence moreover furthermore finally please thank thanks let lets yes another still yet
even once now well in ever always often someone anyone everyone somebody anybody something anything somewhere
themselves itself himself herself ourselves around across along among behind beside besides beyond despite inside
outside near toward towards through able got get gets having doing whether either rather quite almost already soon
later perhaps maybe myself yourself everything hers ours yours theirs whose own same not it's don't that's i'm there's
""",
    pronouns="he she it they we",
    speaks="says? said told tells? added adds warned warns claimed claims denied denies asked asks replied wrote writes explained"
    " insisted argued tweeted announced resigned declined refused agreed admitted confirmed won lost died killed",
    numbers="""
0: zero  1/2: half halves  1/4: quarter quarters quart quarts  1: first  2: two second twice double doubled doubles
doubling twofold  3: three third thirds thrice triple tripled triples tripling threefold  4: four fourth fourths fours
fourfold  5: five fifth fifths fives fivefold  6: six sixth sixths sixes sixfold  7: seven seventh sevenths sevens
sevenfold  8: eight eighth eighths eights eightfold  9: nine ninth ninths nines ninefold  10: ten tenth tenths tens tenfold
11: eleven* 12: twelve twelves twelfth* dozen* 13: thirteen* 14: fourteen* 15: fifteen* 16: sixteen* 17: seventeen*
18: eighteen* 19: nineteen* 20: twenty twenties twentieth 30: thirty thirties thirtieth 40: forty forties fortieth
50: fifty fifties fiftieth 60: sixty sixties sixtieth 70: seventy seventies seventieth 80: eighty eighties eightieth
90: ninety nineties ninetieth 100: hundred* 1000: thousand* 1000000: million* 1000000000: billion*
1000000000000: trillion*
""",
    counted="fold|year|man",
    dates="""
january: january jan  february: february feb  march: march  april: april apr  may: may  june: june jun  july: july jul
august: august aug  september: september sept sep  october: october oct  november: november nov
december: december dec  monday: monday* mon  tuesday: tuesday* tue tues  wednesday: wednesday* wed
thursday: thursday* thu thurs  friday: friday* fri  saturday: saturday* sat  sunday: sunday* sun  -1: yesterday
0: today tonight  1: tomorrow  morning: morning*  noon: noon midday  afternoon: afternoon*  evening: evening* eve
night: night nights midnight overnight  spring: spring  summer: summer*  autumn: autumn  winter: winter*
christmas: christmas xmas  easter: easter  decade: decade*
""",
    relative="""
last: last past previous earlier ago  next: next coming following upcoming later  early: early beginning
middle: mid middle  late: late end
""",
    units="""
%: percent  percentage_point: percentage  point: point points  $: dollar*  £: pound*  ₽: rouble* ruble*  ₺: lira liras
franc: franc francs  mm: millimet*  cm: centimet*  m: metre* meter*  km: kilomet*  mi: mile miles
ft: foot feet  in: inch*  ha: hectare*  acre: acre acres  mg: milligram*  g: gramme*  kg: kilogram*  t: tonne* ton tons
oz: ounce*  l: litre* liter*  ml: millilit*  gallon: gallon*  barrel: barrel*  s: second seconds  min: minute*  h: hour*
day: day*  week: week*  month: month*  year: year*  century: century centuries  kn: knot knots
""",
    denials="""
no: no not never none nobody nothing nowhere neither nor cannot without unless hardly
""",
    denying_prefix=r"(?:un|non|anti)(?=\p{L}{4})|(?:in|im|il|ir|dis|i(?=l))(?=\p{L}{5})",
    denying_suffix=r"less(?:ly|ness)?",
    opposites="""
positive* | negative*
all every everyone everybody | most | many | some | few
agree agreed agrees agreeing agreement accept* approv* consent* | refus* reject* declin* oppos*
support* back backed backs favour* favor* | oppos* against
confirm* admit* | deny denies denied denying denial
win wins won winning winner* victor* | lose loses lost losing loser* defeat*
rise rises rose risen rising increas* grow grows grew grown growing growth gain* climb* soar* | fall falls fell fallen falling decreas* drop dropped dropping drops declin* shrink* shrank shrunk plung*
raise raised raises raising | lower lowered lowers lowering cut cuts cutting reduc*
more | less fewer
most | least fewest
above over | below under
before | after
up upward* | down downward*
inside | outside
left | right
true | false
right | wrong
guilty | innocent
convict* | acquit* acquitted
alive surviv* | dead killed kill kills died | injur* wound* hurt
open opens opened opening | close closes closed closing shut
allow* permit* legalis* legaliz* | ban bans banned banning forbid* forbade prohibit* outlaw*
buy buys bought buying buyer* | sell sells sold selling seller*
high higher highest | low lower lowest
big bigger biggest large larger largest | small smaller smallest little
long longer longest | short shorter shortest
rich richer richest wealthy | poor poorer poorest
old older oldest | young younger youngest new newer newest
fast faster fastest quick* | slow slower slowest slowly
strong stronger strongest | weak weaker weakest
good better best | bad worse worst
success* succeed* | fail fails failed failing failure*
pass passes passed passing | fail fails failed failing
start starts started starting begin begins began begun beginning | end ends ended ending stop stops stopped stopping finish*
hire hires hired hiring appoint* | fire fires fired firing sack* dismiss*
import imports imported importing | export exports exported exporting
north northern northward* | south southern southward*
east eastern eastward* | west western westward*
man men male males | woman women female females
boy boys | girl girls
son sons | daughter daughters
brother brothers | sister sisters
husband* | wife wives
father* dad | mother* mum mom
uncle* | aunt*
king kings | queen queens
prince princes | princess*
often frequent* usual* | rarely seldom
always | never | sometimes
maximum | minimum
majority | minority
profit* | loss losses
surplus* | deficit*
ally allies friend friends | enemy enemies foe foes
victim* | attacker* perpetrator*
plaintiff* | defendant*
employer employers | employee employees
landlord* | tenant*
lender* | borrower*
lend lends lent | borrow*
arrest* detain* jail* imprison* | release* freed
includ* | exclud*
encourag* | discourag*
public publicly | private privately
mandatory compulsory | optional voluntary
temporar* | permanent*
uphold upholds upheld | overturn*
widen* | narrow*
tighten* | loosen* eas*
love loves loved | hate hates hated
peace | war
hot hotter hottest warm warmer warmest | cold colder coldest cool cooler coolest
wet wetter wettest | dry drier driest
safe safer safest safely | dangerous*
cheap cheaper cheapest | expensive
arrive arrives arrived arriving arrival* | depart* leave leaves leaving
enter enters entered entering | exit exits exited
joined | left quit
attack* | defend*
offens* | defens*
first | last
early earlier earliest | late later latest
day | night
married | divorced | widowed
upper | lower
major | minor
""",
)
