"""Portuguese."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    letters="ãõ",
    function="""
o a os as um uma uns umas de do da dos das em no na nos nas num numa ao à às aos por pelo pela pelos pelas para com e ou mas se que quem
qual foi é são era está estão tem têm ser ele ela eles elas seu sua seus suas este esta isto esse essa isso aquele aquela
como quando onde mais menos também já não nem muito entre até sem sobre depois antes porque pois todo todos toda todas
você nós eu me lhe lo cada outro outra mesmo assim ainda há contra após durante só
""",
    pronouns="ele ela eles elas",
    speaks=r"disse diz afirma \p{L}{2,}ou",
    numbers="""
0: zero  1/2: metade meio meia  1/3: terço*  1/4: quarto quartos  1: primeiro primeira primeiros primeiras  2: dois duas segundo
segunda dobro dobr* duplic*  3: três terceir* triplic*  4: quatro quarta  5: cinco quinto quinta  6: seis sexto sexta  7: sete sétim*
8: oito oitav*  9: nove nono nona  10: dez décimo décima dezena*  11: onze  12: doze dúzia*  13: treze  14: catorze quatorze
15: quinze quinzena*  16: dezasseis dezesseis  17: dezassete dezessete  18: dezoito  19: dezanove dezenove  20: vinte
30: trinta  40: quarenta  50: cinquenta  60: sessenta  70: setenta  80: oitenta  90: noventa  100: cem cento centos
centena*  200: duzent*  300: trezent*  400: quatrocent*  500: quinhent*  600: seiscent*  700: setecent*  800: oitocent*
900: novecent*  1000: mil milhar*  1000000: milhão milhões  1000000000: bilhão bilhões  1000000000000: trilhão trilhões
""",
    dates="""
january: janeiro  february: fevereiro  march: março  april: abril  may: maio  june: junho  july: julho  august: agosto
september: setembro  october: outubro  november: novembro  december: dezembro  monday: segunda-feira
tuesday: terça-feira terça  wednesday: quarta-feira  thursday: quinta-feira  friday: sexta-feira  saturday: sábado*
sunday: domingo*  -2: anteontem  -1: ontem  0: hoje  1: amanhã  morning: manhã*  afternoon: tarde  night: noite*
spring: primavera  summer: verão  autumn: outono  winter: inverno  christmas: natal  easter: páscoa  decade: década*
""",
    relative="""
last: passad* anterior* últim*  next: próxim* seguinte*  early: início  middle: meados  late: fim
""",
    units="""
%: cento  point: ponto*  $: dólar*  £: libra libras  ₽: rublo*  mm: milímetro*  cm: centímetro*  m: metro metros
km: quilómetro* quilômetro*  mi: milha milhas  ft: pé pés  in: polegada*  ha: hectare*  mg: miligrama*  g: grama*  kg: quilo quilos quilograma*
t: tonelad*  l: litro*  ml: mililitro*  gallon: galão galões  barrel: barril barris  s: segundos  min: minuto*  h: hora horas
day: dia dias  week: semana*  month: mês meses mes  year: ano anos  century: século*  kn: nós
""",
    denials="""
no: não nem nunca jamais nenhum nenhuma nada sem ninguém tampouco
""",
    denying_prefix=r"(?:não|anti)(?=\p{L}{4})|(?:in|im|il|ir|des|i(?=l))(?=\p{L}{5})",
    opposites="""
positiv* | negativ*
todo todos toda todas | maioria | muitos muitas | alguns algumas | poucos poucas
aceit* aprov* | recus* rejeit* neg*
apoi* | opõe* opôs*
confirm* admit* | desment* neg*
ganh* venc* vitória* | perd* derrot*
aument* subiu sobe* subid* cresc* alta | diminu* cai caem caiu queda* reduz* baix*
mais | menos
acima | abaixo
antes | depois
dentro | fora
esquerda* | direita*
verdadeir* verdade | fals*
culpad* | inocent*
conden* | absolv*
viv* sobreviv* | mort* morr* | ferid*
abr* abert* | fech*
permit* autoriz* | proib* proíb*
compr* | vend*
alto alta altos altas | baixo baixa baixos baixas
grande* | pequen*
longo longa | curto curta
rico rica ricos | pobre*
velho velha | jovem jovens novo nova
rápid* | lent*
forte* | frac*
bom boa melhor* | mau má pior*
sucesso* | fracass*
começ* inici* | termin* acab*
import* | export*
norte | sul
leste oriental* | oeste ocidental*
homem homens | mulher*
menino meninos | menina meninas
filho filhos | filha filhas
irmão irmãos | irmã irmãs
pai pais | mãe mães
marido | esposa
sempre | nunca jamais
maioria | minoria
vítima* | agressor*
guerra* | paz
públic* | privad*
quente* | frio fria
mínim* | máxim*
lucro* | prejuízo*
""",
)
