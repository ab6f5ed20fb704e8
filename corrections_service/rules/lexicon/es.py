"""Spanish."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    letters="ñ¿¡",
    function="""
el la los las un uno una unos unas de del al a y e o u en que se es son por pero fue ser estar está están ha han había yo tú él ella
ellos ellas su sus mi me te le les lo nos este esta esto estos estas ese esa eso aquel quien cual cuando donde como para con sobre desde hasta
tras ante muy más menos también todo todos toda todas ya aún así alguien algo alguno alguna algunos algunas cada otro
otra otros otras mismo misma entonces luego aquí allí siempre mientras aunque porque pues según después además entre sin
si no ni hay tiene tienen era eran sido puede pueden dijo qué cómo cuándo nuestro nuestra durante contra
""",
    pronouns="él ella ellos ellas",
    speaks=r"dice afirma explica \p{L}{2,}ó",
    numbers="""
0: cero  1/2: medio media mitad  1/3: tercio*  1/4: cuarto cuartos  1: primer primero primera primeros primeras  2: dos
segundo segunda segundos doble* duplic*  3: tres tercer* triple* triplic*  4: cuatro cuart*  5: cinco quinto quinta  6: seis sexto
sexta  7: siete séptim*  8: ocho octavo octava  9: nueve noveno novena  10: diez décimo décima decena*  11: once undécim*
12: doce docena*  13: trece  14: catorce  15: quince quincena*  16: dieciséis  17: diecisiete  18: dieciocho  19: diecinueve  20: veinte*
30: treinta  40: cuarenta*  50: cincuenta*  60: sesenta*  70: setenta*  80: ochenta*  90: noventa*
100: cien ciento cientos centenar*  200: doscient*  300: trescient*  400: cuatrocient*  500: quinient*  600: seiscient*
700: setecient*  800: ochocient*  900: novecient*  1000: mil miles millar*  1000000: millón millones
1000000000000: billón billones
""",
    number_parts=r"(?:(?<=\p{L})(?:uno?|dós|tres|trés|cuatro|cinco|séis|siete|ocho|nueve)|veinti){2}",
    dates="""
january: enero  february: febrero  march: marzo  april: abril  may: mayo  june: junio  july: julio  august: agosto
september: septiembre setiembre  october: octubre  november: noviembre  december: diciembre  monday: lunes
tuesday: martes  wednesday: miércoles  thursday: jueves  friday: viernes  saturday: sábado*  sunday: domingo*
-2: anteayer  -1: ayer  0: hoy  1: mañana  2: pasado-mañana  noon: mediodía  afternoon: tarde  night: noche* medianoche
spring: primavera*  summer: verano*  autumn: otoño*  winter: invierno*  christmas: navidad*  easter: pascua*
decade: década*
""",
    relative="""
last: pasad* anterior* últim*  next: próxim* siguiente*  early: principi* inicio*  middle: mediad*  late: fin final* fines
""",
    units="""
%: ciento  point: punto*  $: dólar*  £: libra libras  ₽: rublo*  mm: milímetro*  cm: centímetro*  m: metro metros
km: kilómetro*  mi: milla millas  ft: pie pies  in: pulgada*  ha: hectárea*  mg: miligramo*  g: gramo*  kg: kilogramo*
t: tonelad*  l: litro*  ml: mililitro*  gallon: galón galones  barrel: barril*  oz: onza*  s: segundos  min: minuto*
h: hora horas  day: día días  week: semana*  month: mes meses  year: año años  century: siglo*  kn: nudo*
""",
    denials="""
no: no ni nunca jamás nada nadie ningún ninguno ninguna sin tampoco
""",
    denying_prefix=r"(?:no|anti)(?=\p{L}{4})|(?:in|im|il|ir|des|i(?=l))(?=\p{L}{5})",
    opposites="""
positiv* | negativ*
todo todos toda todas | mayoría | muchos muchas | algunos algunas | pocos pocas
acept* aprob* aprueb* | rechaz* neg* negó niega niegan rehus*
apoy* respald* | opon* opuso opus*
confirm* admit* | desmint* desment* negó niega
gan* ganó venc* victoria* | perd* pierd* derrota*
aument* subi* subió sube suben crec* alza* | disminu* baj* bajó cae caen cayó caída* descen* reduj* reduc*
más | menos
encima | debajo
antes | después
dentro | fuera
izquierda* | derecha*
verdader* verdad | fals*
culpable* | inocente*
conden* | absuel* absolv*
viv* sobreviv* | muert* murió murieron | herid*
abr* abiert* | cerr* cierr*
permit* autoriz* | prohíb* prohib*
compr* | vend*
alto alta altos altas | bajo baja bajos bajas
grande* gran | pequeñ*
largo larga | corto corta
rico rica ricos | pobre*
viejo vieja | joven jóvenes nuevo nueva
rápid* | lent*
fuerte* | débil*
bueno buena mejor* | malo mala peor*
éxito* | fracas*
empez* empiez* comenz* comienz* | termin* acab*
import* | export*
norte | sur
este oriental* | oeste occidental*
hombre* | mujer*
niño niños | niña niñas
hijo hijos | hija hijas
hermano hermanos | hermana hermanas
padre padres | madre madres
marido esposo | esposa
siempre | nunca jamás
mayoría | minoría
víctima* | agresor*
guerra* | paz
públic* | privad*
calor caliente* | frío fría
mínim* | máxim*
ganancia* beneficio* | pérdida*
""",
)
