"""What is traded in letters that offer something to whoever runs pages, and how they ask: data for `rules/offers.py`."""

from __future__ import annotations

from corrections_service.rules.lexicon.mails import phrases

TRADED = phrases("""
guest post|guest article|guest blog|guest contribution|sponsored post|sponsored article|sponsored content|paid post|paid article|backlink
|link building|link-building|link insertion|link placement|link exchange|exchange links|link swap|swap links|do-follow|dofollow|do follow link
|seo expert|seo agency|seo service|seo error|seo audit|seo specialist|seo company|seo package|website audit|site audit|domain authority
|rank your|ranking on|first page of google|page one of google|top of google|web design|redesign your|increase your traffic|boost your traffic
|more traffic|website traffic|losing traffic|losing visitors|not ranking|poor visibility|similar guide|similar article|similar resource|similar piece|up-to-date resource|up-to-date guide|updated guide
|comprehensive guide|comprehensive resource|in-depth guide|in-depth resource|comprehensive article|better resource|more current resource|great resource
|write for your|contributing to your|contribute to your|own article on the|own guide on the|link to ours|suggest ours|infographic on
|gastbeitrag|gastartikel|gastpost|gesponserte|sponsored|advertorial|linkaufbau|linktausch|linkplatzierung|linkpartner|seo-agentur|seo-expert
|suchmaschinenoptimierung|seite 1 bei google|erste seite bei google|ersten seite bei google|passenden ratgeber|ähnlichen ratgeber|passenden artikel
|ähnlichen artikel|umfassenden ratgeber|aktuellen ratgeber|ausführlichen ratgeber|neue webseite für|mehr besucher|mehr reichweite für ihre
|гостьов… стат|розміщення… стат|обмін посиланнями|купівл… посилан|вічн… посилан|seo-агенці|seo-агент|просування сайт|просуванням сайт|топ google
|топ-10 google|схожу статтю|подібну статтю|схожий матеріал|повний посібник
|гостев… стат|размещени… стат|обмен ссылками|покупк… ссыл|вечн… ссылк|продвижени… сайт|топ яндекс|похож… стать
|article sponsorisé|articles sponsorisés|article invité|articles invités|échange de liens|échanger des liens|netlinking|référencement
|première page de google|guide complet|guide similaire|article similaire|ressource similaire|audit gratuit|refonte de votre site|visibilité de votre site
|artículo patrocinado|artículos patrocinados|artículo invitado|post patrocinado|intercambio de enlaces|intercambiar enlaces|posicionamiento
|primera página de google|guía completa|guía similar|artículo similar|recurso similar|diseño web|rediseñar su|tráfico de su
|artykuł sponsorowan|artykułu sponsorowan|artykułów sponsorowan|wpis gościnn|wpisu gościnn|artykuł gościnn|artykułu gościnn|wymian… link|pozycjonowani
|pierwszą stronę google|pierwszej stronie google|podobny poradnik|podobny artykuł|obszerny poradnik|linkowani
|articolo sponsorizzato|articoli sponsorizzati|guest posting|scambio di link|scambio link|posizionamento|prima pagina di google|guida aggiornata
|guida completa|guida simile|articolo simile
|artigo patrocinado|artigos patrocinados|artigo convidado|post patrocinado|troca de links|otimização para motores|primeira página do google
|guia completo|guia semelhante|artigo semelhante
|tanıtım yazısı|misafir yazar|backlink|link değişimi|seo hizmet|google'da ilk sayfa
|קידום אתרים|לקידום אתרים|פוסט אורח|מאמר אורח|מאמר ממומן|החלפת קישורים|לעמוד הראשון בגוגל
|تحسين محركات البحث|مقال ضيف|مقال مدفوع|تبادل روابط|تبادل الروابط|باك لينك
|gastblog|linkruil|gesponsord|zoekmachineoptimalisatie|eerste pagina van google
""")
"""What is offered or asked for; an article may be about it."""

ASKED = phrases("""
would you consider adding it|would you consider linking|would you consider…replac|would you consider includ|would you be open to link|would you be open to publish
|would you be open to a link|would you be open to includ|would you be interested in…link|would you be interested in…post|would you be interested in…article
|are you interested in…link|are you interested in…post|are you open to…link|are you open to…post|interested?|do you accept guest|do you accept sponsored|do you accept…link
|do you accept…post|do you offer…link|do you offer…post|do you allow…link|do you publish guest|do you publish sponsored|i can write|we can write|share your rates|your rates and|send me your rates|what is your price|what are your rates
|what are your prices|your pricing|your price list|how much do you charge|how much would|how much for|we pay by|we pay for|willing to pay
|reply for|send you a quote|send a quote|get a quote|quote and our|let me know your pric|let me know your rate|let me know your fee|think it would be worth|free website audit|free audit
|worth a mention|worth including|send a draft|send over a draft|send a few topics|topic ideas|we can rank|i can rank|i can redesign|we can redesign
|schedule a call|hop on a call|quick call|i will add your|we will add your|in return|in exchange|following up on my|might be a great addition
|would make a great addition|would be a great addition|would be a great fit|could be a useful addition|i'd love to contribute|i would love to contribute
|we would love to publish|would you like to receive|shall i send|should i send|may i send|can i send|can increase your|can boost|at affordable
|hätten sie interesse|haben sie interesse an|besteht interesse an|was kostet bei ihnen|was kostet ein|was würde…kosten|ihre preise|ihre konditionen|ihren preis|mir ihre preise
|veröffentlichen sie gast|akzeptieren sie|bieten sie die möglichkeit|unverbindliches angebot|angebot zusenden|angebot zukommen|gern erstellen wir
|freuen uns über ein angebot|im gegenzug
|скільки коштує|скільки коштуватиме|яка вартість|яка ціна|ваші ціни|чи не хотіли б ви|чи цікавить вас|вас цікавить|чи зацікавлені|комерційну пропозицію
|чи розміщуєте|пропонуємо розміщ|виведемо ваш|виведемо сайт|натомість поставимо
|сколько стоит|какова стоимость|сообщите…стоимость|сообщите…цен|вас интересует|интересует размещение|коммерческое предложение|выведем ваш
|seriez-vous intéressé|seriez-vous ouvert|êtes-vous intéressé|êtes-vous ouvert|acceptez-vous|proposez-vous|quels sont vos tarifs|quel est votre tarif
|vos tarifs|je vous propose|nous vous proposons|un devis|en échange nous|nous souhaiterions publier
|le interesaría|les interesaría|les interesa|le interesa|estaría interesad|estarían interesad|aceptan|acepta usted|cuál es su tarifa|cuáles son sus tarifas
|cuál es el precio|sus tarifas|un presupuesto|a cambio
|byliby państwo zainteresowani|czy są państwo zainteresowani|są państwo zainteresowani|czy interesuje państwa|jaki jest koszt|jaka jest cena|jaki koszt
|cennik|bezpłatną wycenę|przesłać ofertę|przesłać wycenę|czy przyjmują państwo|czy publikują państwo|w zamian
|quali sono i vostri prezzi|qual è il prezzo|quanto costa|sareste interessati|sarebbe interessat|siete interessati|accettate|un preventivo|in cambio
|qual é o valor|qual o valor|qual é o preço|quanto custa|teriam interesse|têm interesse|teria interesse|aceitam|um orçamento|em troca
|fiyatınız nedir|fiyatlarınız|ücreti nedir|ilgilenir misiniz|kabul ediyor musunuz|teklif sun
|הצעת מחיר|מה המחיר|כמה עולה|תהיו מעוניינים|האם אתם מעוניינים|האם אתם מפרסמים
|هل تودون عرض سعر|عرض سعر|كم سعر|ما هو السعر|ما هي أسعاركم|هل تقبلون|هل أنتم مهتمون
|wat zijn jullie tarieven|wat zijn de kosten|wat kost|accepteren jullie|hebben jullie interesse|zijn jullie geïnteresseerd|vrijblijvende offerte
""")
"""How a trade is proposed."""

CORRECTED = phrases("""
is wrong|are wrong|was wrong|is incorrect|is not true|is untrue|is false|is misspelt|is misspelled|misspell|please correct|correction|should say|should read
|typo|got it wrong|inaccura
|stimmt nicht|ist falsch|sind falsch|falsch geschrieben|berichtig|korrigier|richtigstell|tippfehler|schreibfehler|richtig wäre|ist unrichtig|stimmen nicht
|виправ|помилк|невірн|неправ|насправді|исправ|ошибк|неверно
|est faux|est fausse|sont faux|erroné|erreur dans|corriger|rectifi|faute|inexact|coquille
|es falso|es incorrect|es erróne|erróne|correcto es|corregir|corrija|rectifi|errata|no es cierto
|jest błędn|błąd w tekście|nieprawda|nieprawid|literówk|popraw|sprostow
|è sbagliat|è errat|è falso|correggere|refuso|errore nell|rettific
|está errad|está incorret|é falso|corrigir|gralha|erro no texto|retific
|yanlış|düzelt|hatalı|değil
|שגוי|טעות|לתקן|תיקון|لا صحة|خطأ|تصحيح|صحح
|klopt niet|is fout|onjuist|verbeter|rectific
""")
"""How who reports an error says so: a letter with one of these is never taken for an offer."""

CONTRASTED = phrases("""
not|nicht|sondern|а не|et non|pas|y no|no a|no al|no para|no por|no de|no del|no en|no el|no la|no los|no las|sino|a nie|nie|lecz|e non|non|e não|não|en niet|niet|ולא|לא|وليس|لا
""")
"""How who puts one thing right against another goes on behind a comma: Mia, not Max. Who offers seldom does."""

PROPOSED = phrases("""
link back to my|link back to our|swap it for our|swap it with our|replace it with our|replace it with my|like to buy a…link|want to buy a…link|like to buy links|like to purchase a…link|buy backlinks today|quality backlinks
|offer paid link|paid guest|interested in sponsored|interested in a sponsored|interested in placing|looking to place|last email about the broken link|permanent…link on|place…articles on your|place casino|publish…on your site with|fee per post|price per post|cost per post|cost of a guest
|write something for your audience|write an article for your|write for your audience|write a post for your|guest posts on your|guest post on your
|publish a guest post|publish a sponsored|submit a guest|contribute a guest|we specialise in…search engine|we specialize in…search engine
|we specialise in…seo|we specialize in…seo|rank your site|rank your website|get more leads|increase your traffic
|we build…websites|we design websites|we develop websites|needs a facelift|redesign your website
|möchte…link…kaufen|möchten…link…kaufen|würde…link…kaufen|würden…link…kaufen|einen link setzen darf|wir bieten…linkaufbau|wir bieten…seo|akzeptieren sie gast|veröffentlichen sie gast|link in ihrem artikel gegen|gastbeitrag auf ihrer|gastartikel auf ihrer
|wir optimieren ihre|ihre website für google|ihre webseite für google|ihr ranking|bessere platzierung bei google
|хочемо розмістити…стат|хотіли б розмістити…стат|хочу розмістити…стат|хочемо купити посилання|хочу купити посилання|надішліть прайс|статтю з посиланням на вашому|просування вашого сайту|пропонуємо…просування
|хотим разместить…стать|хочу разместить…стать|хотим купить ссылк|хочу купить ссылк|пришлите прайс|продвижение вашего сайт|предлагаем…продвижени
|article gratuit pour votre site|en échange d'un lien|nous achetons des liens|je souhaite acheter un lien|souhaitons acheter|acceptez-vous les articles|article invité sur votre|avec un lien dofollow
|artículo gratuito…enlace|compramos enlaces|queremos comprar…enlace|me gustaría comprar…enlace|ofrecemos…seo|aceptan artículos|con enlace dofollow|artículo invitado en su
|chciałabym kupić link|chciałbym kupić link|chcemy kupić link|kupimy link|zajmujemy się seo|z linkiem dofollow|państwo artykuły gościnne|państwo artykuły sponsorowane|artykuł na państwa stronie z linkiem
|vorrei comprare un link|vorrei acquistare un link|vorremmo acquistare un link|accettate articoli|listino per articoli|link dofollow nel vostro
|gostaria de comprar um link|queremos comprar|aceitam artigos|trabalho com seo
|link eklemek istiyoruz|link satın almak|seo ajansıyız
|לקנות קישור|רכישת קישור|شراء رابط|شراء روابط
|link kopen|link plaatsen op jullie
""")
"""What proposes a trade by itself."""

CITED = phrases("""
you quote|you write|you wrote|you say|you state|you claim|you report|it reads|it says|your article says|as claimed|you call
|schreiben sie|schreibt ihr|steht, dass|behaupten sie|zitieren|laut ihrem|heißt es
|пишете|сказано|написано|стверджуєте|утверждаете
|vous écrivez|vous parlez|vous dites|vous affirmez|vous citez|il est écrit|selon votre
|dicen que|escriben|afirman|citan en|según su|pone que|dice que
|piszą państwo|piszecie|napisano|twierdzą|twierdzicie
|scrivete|affermate|citate|si legge|escrevem|afirmam|lê-se|yazıyorsunuz|yazmışsınız|diyorsunuz|כתבתם|אתם כותבים|כתוב ש|تكتبون|ورد في|كتبتم|jullie schrijven|staat dat
""")
"""How who speaks of what an article says begins."""
