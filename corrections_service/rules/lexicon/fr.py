"""French."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    letters="œ",
    function="""
le la les l un une de d des du au aux et ou mais est sont était ont a elle il ils elles je tu
nous vous ce cet cette ces son sa ses leur leurs mon ma mes notre votre qui que quoi dont où quand comment pourquoi si
car donc dans en par pour sur sous avec chez vers entre après avant depuis pendant aussi très plus moins tout tous
toute toutes même mehrere chacun chaque quelque quelques quelqu'un cela ceci ça celui celle ceux celles lui puis alors
ainsi toujours lorsque afin selon malgré hormis quant lors parce se on y ne pas été être avoir fait sera cette n qu s c j m t
d'un d'une à qu'il qu'elle qu'on c'est n'est l'on s'est c'était aujourd'hui contre sans trop peu encore déjà
""",
    pronouns="il elle ils elles",
    speaks="dit disait déclare déclarait affirme affirmait explique expliquait a assure ajoute estime annonce répond",
    numbers="""
0: zéro  1/2: moitié demi demie  1/3: tiers  1/4: quart quarts  1: premier première premiers premières  2: deux deuxième*
double* doubl*  3: trois troisième* tripl*  4: quatre quatrième*  5: cinq cinquième*  6: six sixième*  7: sept septième*
8: huit huitième*  9: neuf neuvième*  10: dix dixième* dizaine*  11: onze onzième*  12: douze douzième* douzaine*
13: treize treizième*  14: quatorze quatorzième*  15: quinze quinzième* quinzaine*  16: seize seizième*  20: vingt vingts vingtième* vingtaine*
30: trente trentième* trentaine*  40: quarante quarantième* quarantaine*  50: cinquante cinquantième* cinquantaine*
60: soixante soixantième* soixantaine*  70: septante  90: nonante  100: cent cents cento centaine* centième*
1000: mille millier*  1000000: million*  1000000000: milliard*  1000000000000: billion*
""",
    dates="""
january: janvier  february: février  march: mars  april: avril  may: mai  june: juin  july: juillet  august: août
september: septembre  october: octobre  november: novembre  december: décembre  monday: lundi*  tuesday: mardi*
wednesday: mercredi*  thursday: jeudi*  friday: vendredi*  saturday: samedi*  sunday: dimanche*  -2: avant-hier
-1: hier  0: aujourd'hui  1: demain  2: après-demain  morning: matin matins matinée*  noon: midi  afternoon: après-midi
evening: soir soirs soirée*  night: nuit* minuit  spring: printemps  summer: été  autumn: automne*  winter: hiver*
christmas: noël  easter: pâques  decade: décennie*
""",
    relative="""
last: dernier* dernière* passé* précédent*  next: prochain* suivant*  early: début*  late: fin
""",
    units="""
%: pourcent*  point: point points  £: livre livres  $: dollar*  ₽: rouble*  franc: franc francs  mm: millimèt*  cm: centimèt*
m: mètre*  km: kilomèt*  ft: pied*  in: pouce*  ha: hectare*  mg: milligramme*  g: gramme*  kg: kilogramme*  t: tonne*
l: litre*  ml: millilit*  gallon: gallon*  barrel: baril*  oz: once onces  s: seconde secondes  min: minute*  h: heure*
day: jour*  week: semaine*  month: mois  year: année* ans l'an an  century: siècle*  kn: nœud*
""",
    denials="""
no: ne pas jamais rien aucun aucune sans guère nul nulle personne ni non
""",
    denying_prefix=r"(?:non|anti)(?=\p{L}{4})|(?:in|im|il|ir|dés|i(?=l))(?=\p{L}{5})",
    opposites="""
positif* positive* | négatif* négative*
tous toutes tout | plupart | beaucoup | certains certaines quelques | peu
accept* approuv* | refus* rejet* rejette*
soutien* soutient soutenu* | oppos*
confirm* admet* admis | nie nient niait démen*
gagn* remport* victoire* | perd perdu* perdre perdent perdait défaite*
augment* hausse* croiss* croît mont* progress* | baiss* diminu* chut* recul*
plus | moins
dessus | dessous
avant | après
gauche | droite
vrai vraie vrais | faux fausse*
coupable* | innocent*
condamn* | acquitt* relax*
vivant* surviv* | mort morte morts tué tuée tués tuées décédé* | bless*
ouvr* ouvert* | ferm*
autoris* permet* permis | interdi*
achèt* achet* | vend vendu* vendre vendent
haut haute hauts hautes | bas basse basses
grand grande grands grandes | petit petite petits petites
long longue longs longues | court courte courts courtes
riche riches | pauvre pauvres
vieux vieille ancien* | jeune jeunes nouveau nouvelle*
rapide* | lent* lente*
fort forte forts fortes | faible faibles
bon bonne bons bonnes meilleur* | mauvais* pire
réuss* succès | échou* échec*
début* commenc* | fin fini* termin*
import* | export*
nord | sud
est | ouest
homme hommes | femme femmes
garçon* | fille filles
fils | fille filles
frère* | sœur*
père* | mère*
mari | épouse
toujours | jamais | parfois
souvent | rarement
majorité* | minorité*
employeur* | employé*
locataire* | propriétaire*
victime* | agresseur*
guerre* | paix
public publique* | privé privée privés privées
chaud* | froid*
minimum | maximum
bénéfice* | perte pertes
obligatoire* | facultati*
""",
)
