"""What mail programs write by themselves, in the languages of readers and editors: data for `rules/quoted.py` and others."""

from __future__ import annotations

import re

_VOWELS = re.compile("[\u064b-\u065f\u0670\u0591-\u05bd]")
"""Signs of Arabic and Hebrew that some write and most do not."""


def folded(words: str) -> str:
    """Words as phrases of these lists are compared with them: ß as ss, ’ as ', without vowel signs."""
    return _VOWELS.sub("", words.casefold().replace("’", "'"))


def phrases(listed: str) -> list[str]:
    """Phrases between bars, folded."""
    return folded(listed.replace("\n", "")).split("|")


def _sentences(beginnings: str, ends: str) -> list[str]:
    """Each of these beginnings with each of these ends; between them stands a date where one ends in a …."""
    return [f"{beginning} {end}".replace("… ", "…") for beginning in phrases(beginnings) for end in phrases(ends)]


def begins(words: str, phrase: str) -> bool:
    """Whether folded words begin with a phrase, as whole words."""
    return words.startswith(phrase) and not words[len(phrase) : len(phrase) + 1].isalpha()


WROTE = phrases("""
wrote|writes|schrieb|a écrit|écrit|escribió|escribio|ha scritto|scrive|escreveu|napisał|napisała|pisze|yazdı|şunu yazdı
|пише|написав|написала|пишет|написал|написала|כתב|כתבה|כתבו|כתב/ה|كتب|كتبت|كتابة|skrev|schreef|geschreven|kirjoitti
|napsal|írta|写道|寫道|のメッセージ|作成|작성|вы писали|ви писали|zitat von|quoting|citando|cytat|цитую|цитирую|en citant
""")
"""The word by which a program says whose words it repeats."""

LEADS = phrases("""
on|am|le|el|il|il giorno|em|às|as|w dniu|dnia|dne|den|op|у|в|في|ב|בתאריך|wiadomość napisana|w|pon|wt|śr|czw|pt|sob|ndz|niedz
|пн|вт|ср|чт|пт|сб|нд
""")
"""How such a line begins where it does not begin with a name."""

HEAD_WORDS = phrases("""
from|sent|to|subject|date|cc|reply-to|importance|attachments|organization
|von|gesendet|an|betreff|datum|kopie|antwort an
|de|envoyé|envoyé le|à|a|objet|date d'envoi|pour|sujet
|enviado|enviado el|para|asunto|fecha
|da|inviato|oggetto|data
|enviada|enviada em|enviado em|assunto
|od|wysłano|wyslano|do|temat|dw
|kimden|gönderildi|gönderilen|gönderme tarihi|kime|konu|tarih|bilgi
|від|надіслано|дата|кому|тема|копія|от|отправлено|копия|від кого|от кого
|מאת|נשלח|אל|נושא|תאריך|עותק
|من|تم الإرسال|تاريخ الإرسال|إلى|الموضوع|التاريخ|نسخة
|van|verzonden|aan|onderwerp|från|skickat|till|ämne|fra|sendt|til|emne
""")
"""The lines above a repeated message in programs that do not mark each of its lines."""

REPEATED = phrases("""
original message|original appointment|reply message|original text|forwarded message|ursprüngliche nachricht|originalnachricht
|original-nachricht|weitergeleitete nachricht|message d'origine|message d’origine|message original|message transféré
|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada
|oryginalna wiadomość|wiadomość oryginalna|treść oryginalnej wiadomości|wiadomość przekazana|orijinal mesaj|özgün ileti
|iletilen mesaj|оригінальне повідомлення|вихідне повідомлення|переслане повідомлення|исходное сообщение|пересылаемое сообщение
|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|oorspronkelijk bericht|ursprungligt meddelande
""")
"""What stands between dashes above a repeated message."""

DEVICES = phrases("""
sent from my |sent from mail for |sent from outlook|sent from yahoo|sent from samsung|sent from the |get outlook for|sent via |sent with proton
|sent using |sent from proton|sent from gmail|https:…virus-free.|https:…virenfrei.|https:…sans virus.|https:…de virus.|virus-free.|get bluemail
|von meine…gesendet|gesendet von |gesendet mit |diese nachricht wurde von meinem|outlook für |holen sie sich outlook|von unterwegs gesendet|virenfrei.
|envoyé de mon|envoyé depuis|envoyé à partir de|téléchargez outlook|obtenez outlook|télécharger outlook|provenance : courrier|garanti sans virus.
|enviado desde mi|enviado desde |obtener outlook|obtenga outlook|descargar outlook|libre de virus.
|inviato da |inviato dal |scarica outlook|ottieni outlook|privo di virus.
|enviado do meu|enviado a partir |enviado do |obter o outlook|baixar o outlook|obtenha o outlook|livre de vírus.
|wysłane z |wysłano z |pobierz outlook|pobierz aplikację outlook|wolne od wirusów.
|iphone…gönderildi|ipad…gönderildi|galaxy…gönderildi|samsung…gönderildi|android…gönderildi|xiaomi…gönderildi|huawei…gönderildi
|windows için…gönderildi|yahoo…gönderildi|proton…gönderildi|outlook…gönderildi|…reacted via gmail|android için outlook|ios için outlook|outlook'u edinin
|надіслано з |надіслано від |відправлено з |отримати outlook|завантажити outlook|отправлено с |отправлено из
|נשלח מה|נשלח מ-|נשלח מ|קבל את outlook|השג את outlook
|أرسلت من |أُرسلت من |مرسل من |نُشر من |تم الإرسال من |أرسل من |الحصول على outlook|احصل على outlook|تنزيل outlook
""")
"""How the line begins that a program adds; what comes after a … stands in it later."""

HELLOS = phrases("""
hello|hi|dear|good morning|good day|good afternoon|good evening|greetings|hallo|guten tag|guten morgen|lieber|liebe|bonjour|bonsoir|hola|buenos días
|buongiorno|salve|ciao|olá|bom dia|witam|dzień dobry|cześć|merhaba|добрий день|доброго дня|вітаю|привіт|здравствуйте|добрый день|приветствую|привет
|שלום|مرحبا|السلام عليكم
""")
"""How a greeting above a letter begins."""

SIGN_OFFS = phrases("""
best regards|kind regards|warm regards|regards|best wishes|best|all the best|many thanks|thanks|thank you|thanks again|cheers|sincerely
|yours sincerely|yours faithfully|yours truly|yours|with kind regards|with best regards|br|kr|many thanks and best wishes|take care
|mit freundlichen grüßen|mit freundlichen gruessen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße|freundliche grüsse
|mit besten grüßen|beste grüße|besten gruß|viele grüße|viele gruesse|liebe grüße|herzliche grüße|schöne grüße|grüße|gruß|gruss|lg|vg|mfg
|danke|vielen dank|herzlichen dank|besten dank|danke und gruß|danke und viele grüße|hochachtungsvoll|mit freundlichen grüssen
|cordialement|bien cordialement|bien à vous|cdlt|salutations|meilleures salutations|sincères salutations|amicalement|merci|merci beaucoup
|merci d'avance|bonne journée|respectueusement|veuillez agréer
|saludos|un saludo|saludos cordiales|un cordial saludo|atentamente|muchas gracias|gracias|gracias y un saludo|un abrazo|cordialmente
|cordiali saluti|distinti saluti|saluti|un saluto|grazie|grazie mille|un cordiale saluto|buona giornata|grazie e saluti|cari saluti
|atenciosamente|cumprimentos|melhores cumprimentos|com os melhores cumprimentos|obrigado|obrigada|muito obrigado|abraço|abraços|att
|cordiais saudações|saudações|grato|grata
|pozdrawiam|pozdrawiam serdecznie|z pozdrowieniami|serdeczne pozdrowienia|pozdrawiam gorąco|miłego dnia|z poważaniem|pozdrowienia|serdecznie pozdrawiam|dziękuję|dziękuję i pozdrawiam|z wyrazami szacunku|dzięki|łączę pozdrowienia
|saygılarımla|saygılarımızla|iyi günler|iyi çalışmalar|teşekkürler|teşekkür ederim|selamlar|sevgiler|kolay gelsin
|з повагою|з найкращими побажаннями|дякую|щиро дякую|щиро|вітання|на все добре|с уважением|спасибо|всего доброго
|בברכה|בכבוד רב|תודה|תודה רבה|תודה ובברכה|בתודה|כל טוב|בברכת חברים|יום טוב
|مع التحية|مع تحياتي|تحياتي|مع أطيب التحيات|وتفضلوا بقبول فائق الاحترام|شكرا|شكراً|شكرا لكم|شكرًا|شكرا جزيلا|والسلام|مع خالص التحية|مع الشكر
|met vriendelijke groet|med vänliga hälsningar|med vennlig hilsen
|abs|att.|bjs|гарного дня|всього найкращого|до побачення|مع خالص التقدير|مع التقدير|مع فائق الاحترام|تقبلوا تحياتي|دمتم بخير
|cordialidade|com os meus cumprimentos|lieben gruß|mit lieben grüßen|freundlichst|bonne réception|très cordialement|sentiments distingués
|şimdiden teşekkürler|saygılar|hürmetlerimle|בברכה חמה|בהערכה|שבת שלום|pozdr|pzdr|serdeczności|ukłony|un caro saluto|a presto|ciao
|hasta pronto|quedo a la espera|reciba un cordial saludo|un saludo cordial
""")
"""How people end a letter, in a line of its own; it begins a signature where only short lines come after it."""

FAREWELLS = phrases("""
je vous prie d'agréer|je vous prie de croire|veuillez agréer|veuillez recevoir|veuillez croire|nous vous prions d'agréer
|recevez, madame|sin otro particular|reciba un |reciban un |le saluda atentamente|in attesa di un |porgo distinti|porgo cordiali
|voglia gradire|com os melhores cumprimentos|sem outro assunto|łączę wyrazy|z wyrazami szacunku|saygılarımı sunar
|gereğini bilgilerinize|з повагою та|з повагою і|وتفضلوا بقبول|تفضلوا بقبول
""")
"""How a greeting begins that is a whole sentence."""

GREETINGS = phrases("""
best regards|kind regards|warm regards|regards|best wishes|greetings|mit freundlichen grüßen|mit freundlichem gruß|freundliche grüße
|beste grüße|viele grüße|liebe grüße|herzliche grüße|schöne grüße|grüße|gruß|lg|vg|cordialement|salutations|amicalement|saludos
|un saludo|saluti|un saluto|cumprimentos|saudações|abraços|pozdrawiam|pozdrowienia|serdeczne pozdrowienia|selamlar|вітання|з вітанням
|בברכה|تحياتي|مع تحياتي
""")
PLACES = phrases("from|aus|vom|von|de|du|desde|da|dal|dalla|do|z|ze|з|із|מ|من")
"""Greetings that name a place, and the word before it."""

AND = phrases("and|und|et|y|e|i|oraz|ve|і|й|та|و")
"""Between two greetings in one line."""

PRINTED = phrases("""
print|drucke|druckst|imprim|stampa|wydruk|drukow|yazdır|друкув|роздруку|הדפס|طباعة|طبع
""")
ENVIRONMENT = phrases("""
environment|umwelt|planet|trees|environnement|planète|medio ambiente|medioambiente|ambiente|środowisk|çevre|довкілл|природ|סביבה|البيئة
""")
"""A paragraph of both asks not to print the mail."""

POSTSCRIPTS = phrases('ps:|ps |ps.|p.s|p. s|nb:|n.b.|pd:|p.d.|з.і.|з. і.|з.ы.|not:|נ.ב|נ"ב|ملاحظة')
"""How what is said after a signature begins."""

CONFIDENTIAL = phrases("""
confidential|vertraulich|confidentiel|confidencial|riservat|poufn|gizli|конфіденц|конфиденц|סודי|חסוי|سري|disclaimer|haftungsausschluss
""")
MESSAGE = phrases("""
e-mail|email|message|nachricht|courriel|messaggio|mensaje|mensagem|wiadomoś|mesaj|ileti|e-posta|повідомлення|лист|письмо|הודעה|דואר
|رسالة|بريد|correo
""")
ADDRESSED = phrases("""
intended|addressee|recipient|in error|by mistake|unauthori|empfänger|bestimmt|irrtümlich|adressat|destinataire|destiné|par erreur|destinatari
|por error|per errore|destinad|por engano|odbiorc|adresat|przeznaczon|omyłkow|alıcı|muhatap|yanlışlıkla|адресат|призначен|помилково|предназначен
|ошибочно|נמען|מיועד|בטעות|المرسل إليه|المستلم|موجه|بالخطأ|disclaimer|haftungsausschluss
""")
"""A paragraph that names all three is the notice which a company puts under every mail."""

AUTOMATIC_SUBJECTS = phrases("""
report domain:|automatic reply|automatic response|auto reply|auto-reply|autoreply|autoresponse|auto response|vacation reply
|automatische antwort|autom. antwort|automatische rückmeldung|auto-antwort|abwesenheitsnotiz|abwesenheitsmeldung|abwesenheitsassistent
|réponse automatique|réponse auto|message d'absence|respuesta automática|respuesta automatica|risposta automatica
|resposta automática|resposta automatica|automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź
|otomatik yanıt|otomatik cevap|автоматична відповідь|автовідповідь|автовідповідач|автоответ|автоматический ответ
|תשובה אוטומטית|מענה אוטומטי|הודעת היעדרות|رد تلقائي|الرد التلقائي|رد آلي|الرد الآلي
|automatisch antwoord|automatiskt svar|autosvar|automatisk svar
""")
"""How the subject of an automatic answer begins that says that it is one."""

AWAY_SUBJECTS = phrases("""
out of office|out of the office|ooo|auto:|[auto]|i am away|on vacation|on leave|away from my mail|i'm away|away:
|abwesenheit|abwesend|außer haus|nicht im büro|im urlaub|eingangsbestätigung
|absence|absent du bureau|en congé|hors du bureau|accusé de réception
|fuera de la oficina|fuera de oficina|ausente|ausencia|de vacaciones|acuse de recibo
|fuori sede|fuori ufficio|assente|assenza|in ferie|fuori dall'ufficio
|fora do escritório|ausência|ausente|de férias|estou ausente
|poza biurem|nieobecność|nieobecny|nieobecna|urlop|jestem na urlopie
|ofis dışında|ofis dışı|ofiste değilim|izindeyim|yıllık izin
|відсутній|відсутня|немає в офісі|у відпустці|поза офісом|нет на месте|в отпуске|отсутствую
|מחוץ למשרד|לא במשרד|בחופשה|خارج المكتب|في إجازة|غياب عن المكتب|afwezig
""")
"""How one begins that only says that somebody is away, as the headline of an article may."""

AWAY_WORDS = [
    *_sentences(
        "i am|i'm|i am currently|i'm currently|i am presently|i will be|i'll be",
        "out of the office|out of office|on leave|on annual leave|on vacation|on holiday until|away until|away from the office"
        "|away from my desk|on maternity leave|on parental leave|on paternity leave|on sick leave",
    ),
    *_sentences(
        "ich bin|bin ich|ich bin bis…|bin ich bis…|ich bin derzeit|ich bin zurzeit|ich bin zur zeit|ich bin momentan"
        "|ich bin aktuell|ich bin im moment|ich bin heute|ich befinde mich|ich befinde mich bis…|ich befinde mich derzeit"
        "|ich befinde mich zurzeit|ich befinde mich aktuell|ich befinde mich momentan",
        "nicht im büro|nicht im haus|im urlaub|in elternzeit|in mutterschutz|im mutterschutz|vom büro abwesend|abwesend"
        "|nicht erreichbar|nicht persönlich erreichbar|krankgeschrieben",
    ),
    *_sentences(
        "je suis|je suis actuellement|je serai",
        "absent|en congé|en vacances|de retour le|en arrêt maladie",
    ),
    *_sentences(
        "estoy|estoy actualmente|actualmente estoy|me encuentro|me encuentro actualmente|estaré",
        "fuera de la oficina|fuera de oficina|fuera hasta|de vacaciones|ausente|de baja",
    ),
    *_sentences(  # "sono" are I or they: I, where the sentence begins with it
        ". sono|, sono|! sono|. sono attualmente|. attualmente sono|, attualmente sono|. al momento sono|sarò",
        "fuori ufficio|fuori sede|in ferie|in vacanza|in maternità|in congedo|assente",
    ),
    *_sentences(
        "estou|estarei|encontro-me",
        "fora do escritório|ausente|de férias|de licença|em licença",
    ),
    *_sentences(
        "jestem|będę|przebywam",
        "na urlopie|nieobecn|poza biurem|na zwolnieniu",
    ),
    *_sentences(  # a word of its own, and no end of a name
        " я| я зараз| я перебуваю|. перебуваю| я буду",
        "у відпустці|відсутн|поза офісом|на лікарняному|у декретній",
    ),
    *_sentences(
        "אני|אני נמצא|אני נמצאת|אהיה",
        "מחוץ למשרד|בחופשה|בחופשת לידה|לא במשרד",
    ),
    *_sentences(
        "أنا|سأكون|أنا حاليا|أنا حاليًا|أنا متواجد",
        "خارج المكتب|في إجازة",
    ),
    *phrases("""
i am currently away|i have limited access to|i will have limited access to|limited access to my email
|little access to email|little access to mail|little access to my email|little access to e-mail|no access to my email
|will reply when i get back|will respond when i return|will reply on my return|will reply upon my return|will respond upon my return
|i am no longer with the company|i no longer work here|i have left the company
|bin nicht im büro|bin ich wieder erreichbar|absent du bureau, je|absente du bureau, je|je prendrai connaissance de votre message
|no me encuentro en la oficina|no estoy en la oficina|al mio rientro risponderò|risponderò al mio rientro
|ofis dışındayım|ofis dışında olacağım|izindeyim|izinde olacağım|iznindeyim|ofiste bulunmuyorum|tarihine kadar izinliyim|tatildeyim|izinliyim
|мене немає в офісі|мене не буде в офісі|буду відсутн| я в отпуске|нахожусь в отпуске|אינני במשרד|אעדר מהמשרד
|this mailbox is not monitored|this mailbox is no longer|this e-mail address is no longer|this email address is no longer
|this address is no longer in use|to have your mail delivered, please|your message has been received and
|thank you for contacting us. we have received
|please do not reply to this e-mail|please do not reply to this email|please do not reply to this message
|dieses postfach wird nicht|diese adresse wird nicht gelesen|dieses postfach ist nicht mehr
|ihre nachricht wird nicht|ihre e-mail wird nicht|ihre mail wird nicht
|ihre nachricht ist bei uns eingegangen|ihre e-mail ist bei uns eingegangen|ihre mail ist bei uns eingegangen
|ihre anfrage ist bei uns eingegangen|bitte antworten sie nicht auf diese|ne pas répondre à ce message|ne pas répondre à ce mail
|ne pas répondre à cet e-mail|ne pas répondre à ce courriel|no responda a este mensaje|no responda a este correo
|non rispondere a questa e-mail|non rispondere a questa mail|non rispondere a questo messaggio|não responda a este e-mail
|não responda a este email|não responda a esta mensagem|nie odpowiadaj na tę wiadomość|prosimy nie odpowiadać na tę wiadomość
|не відповідайте на цей лист|не відповідайте на це повідомлення
"""),
]
"""What an automatic answer says in its first words, of who is away or of this very mailbox, where nothing in its headers says
that it is one: people say it too, of themselves. Of a third person nothing stands here, for articles are about such."""

ROBOT_WORDS = [
    *_sentences(
        "this is an automated|this is an automatic|this is an automatically generated|do not reply to this automated",
        "message|reply|response|email|e-mail|notification",
    ),
    *phrases("from receiving junk mail|complete the verification process|prove that you are human|prove you are human"),
    *_sentences("this message|this email|this e-mail|this reply", "is sent automatically|was sent automatically"),
    *_sentences(
        "dies ist eine automatische|dies ist eine automatisch erstellte|dies ist eine automatisch generierte"
        "|um eine automatische|um eine automatisch erstellte|um eine automatisch generierte",
        "antwort|nachricht|e-mail|mail|mitteilung|rückmeldung|empfangsbestätigung|eingangsbestätigung",
    ),
    *_sentences(
        "diese nachricht|diese e-mail|diese mail|diese antwort",
        "wurde automatisch erstellt|wurde automatisch generiert",
    ),
    *phrases("""
diese e-mail wurde automatisch versandt|diese e-mail wurde automatisch versendet|auf diese automatisch
|ceci est un message automatique|ceci est une réponse automatique|este es un mensaje automático|esta es una respuesta automática
|questa è una risposta automatica|questo è un messaggio automatico|esta é uma resposta automática|esta é uma mensagem automática
|ta wiadomość została wygenerowana automatycznie|to jest wiadomość wygenerowana automatycznie|wiadomość wygenerowana automatycznie, pros
|wiadomość wygenerowana automatycznie. pros|to jest automatyczna odpowiedź|to jest automatyczna wiadomość
|this message was created automatically|this e-mail was created automatically|this message has been generated automatically
|to release your message|your message is being held because|confirm that you are a human|verify that you are a human|prove that you are human
|diese nachricht wurde automatisch erzeugt|ce message a été généré automatiquement|este mensaje se ha generado automáticamente
|questo messaggio è stato generato automaticamente|esta mensagem foi gerada automaticamente|bu ileti otomatik olarak
|цей лист створено автоматично|цей лист сформовано автоматично|это письмо создано автоматически|הודעה זו נשלחה אוטומטית
|تم إنشاء هذه الرسالة تلقائيا|bu otomatik bir yanıttır|bu otomatik bir mesajdır|bu otomatik bir iletidir|це автоматична відповідь|це автоматичне повідомлення
|זוהי הודעה אוטומטית|זהו מענה אוטומטי|هذا رد تلقائي|هذه رسالة تلقائية
"""),
]
"""What a program says in its first words of the mail that it writes, whatever it repeats below."""

BOUNCED_SUBJECTS = phrases("""
undeliverable|undelivered mail|delivery status notification|delivery failure|delivery failed|delivery has failed|failure notice|mail delivery failed
|returned mail|mail delivery system|message could not be delivered|delivery report|delivery notification|mail system error|delivery incomplete
|warning: message|warning: could not send|delayed mail|delivery delayed|message delayed|mail failure|non delivery|nondeliverable|not delivered
|unzustellbar|nicht zustellbar|zustellung fehlgeschlagen|zustellungsfehler|unzustellbare nachricht|mail konnte nicht|fehlgeschlagene zustellung
|übermittlungsfehler|verzögerung bei der zustellung|rückgabe
|non remis|non-remise|non distribué|échec de la remise|échec de remise|échec de distribution|message non délivré|non distribuable
|no se puede entregar|no se pudo entregar|no se ha podido entregar|no entregado|error de entrega|fallo en la entrega|no entregable
|impossibile recapitare|mancato recapito|messaggio non recapitabile|non recapitabile|recapito non riuscito|consegna non riuscita|errore di consegna
|não foi possível entregar|não entregue|falha na entrega|falha de entrega|não é possível entregar|mensagem não entregue
|niedostarczone|nie dostarczono|nie można dostarczyć|niedostarczona|błąd dostarczania|nie udało się dostarczyć
|teslim edilemedi|iletilemedi|teslim edilemeyen|iletilemeyen|gönderilemedi
|не доставлено|недоставлено|не вдалося доставити|неможливо доставити|помилка доставки|недоставленное сообщение|не доставлено
|לא ניתן למסירה|לא ניתן למסור|ההודעה לא נמסרה|כשל במסירה|הודעה שלא נמסרה
|تعذر التسليم|تعذر تسليم|لم يتم التسليم|لم يتم تسليم|فشل التسليم|غير قابلة للتسليم
|mail failed|returning to sender|не может быть доставлено
|automatically rejected mail|rejected mail|onbestelbaar|kunde inte levereras|kan ikke leveres
""")
"""How the subject of a message begins that says that a mail was not delivered."""

BOUNCED_WORDS = phrases("""
this is the qmail-send program|this message was created automatically by mail delivery software|could not be delivered to
|was not delivered to|i'm sorry to have to inform you|unable to deliver your message|delivery to the following recipient
|the following addresses had permanent fatal errors|your message wasn't delivered|your message couldn't be delivered
|a message that you sent could not be delivered|sorry, we were unable to deliver|the mail system|konnte nicht zugestellt werden
|konnte leider nicht zugestellt|n'a pas pu être remis|n’a pas pu être remis|no se pudo entregar|non è stato possibile recapitare
|não pôde ser entregue|nie mogła zostać dostarczona|teslim edilemedi|не вдалося доставити|could not be delivered|not listed in
|no valid recipients|unknown user|не может быть доставлено|was automatically rejected|quota exceeded|mailbox is full|buzón lleno|postfach voll|address rejected|user unknown|mailbox unavailable|no such user|recipient address rejected|mailbox not found|wurde nicht zugestellt
""")
"""What such a message says where it is written for people alone."""

DELAYED_WORDS = phrases("""
will be retried|will keep trying|will continue to try|has been delayed|is delayed|not yet been delivered|temporary problem|still trying
|you do not need to resend|delivery attempts will continue|you do not need to do anything|noch nicht zugestellt|wird weiterhin versucht
|verzögert|retardée|retrasad|ritardat|atrasad|opóźnion|gecik|затрим
""")
"""What one says that only tells of a delay."""

READ_SUBJECTS = phrases("""
read:|read receipt|gelesen:|lesebestätigung|lu :|lu:|accusé de lecture|confirmation de lecture|leído:|letto:|conferma di lettura|lida:|lido:
|przeczytano:|przeczytane:|okundu:|прочитано:|נקרא:|تمت القراءة|مقروءة:|gelezen:|läst:|not read:|ungelesen gelöscht|return receipt
|confirmación de lectura|potwierdzenie przeczytania|okundu bilgisi|lesen bestätigt
""")
"""How the subject of a receipt begins that says that a mail was opened."""

READ_WORDS = phrases("""
was read on|was displayed|gelesen.|wurde gelesen|a été lu|fue leído|se leyó|è stato letto|foi lida|foi lido|została przeczytana|zostało przeczytane
|okundu|було прочитано|прочитано|נקראה ב|تمت قراءة
""")
"""What one says that is not marked as such."""

INVITED_SUBJECTS = phrases("""
accepted:|declined:|tentative:|tentatively accepted:|invitation:|updated invitation:|canceled event:|cancelled event:|zugesagt:|abgesagt:|abgelehnt:
|mit vorbehalt:|einladung:|accepté :|refusé :|invitation :|aceptado:|rechazado:|invitación:|accettato:|rifiutato:|invito:|aceite:|recusado:|convite:
|zaakceptowano:|odrzucono:|zaproszenie:|kabul edildi:|reddedildi:|davet:|прийнято:|відхилено:|запрошення:|התקבל:|נדחה:|הזמנה:|مقبول:|دعوة:
""")
"""How the subject of an answer to an invitation begins."""
