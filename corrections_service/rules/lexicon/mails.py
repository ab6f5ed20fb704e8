"""What mail programs write by themselves, in the languages of readers and editors: data for `rules/quoted.py` and others."""

from __future__ import annotations


def _phrases(listed: str) -> list[str]:
    """Phrases between bars, folded as what they are compared with is: ß as ss, ’ as '."""
    return listed.replace("\n", "").casefold().replace("’", "'").split("|")


WROTE = _phrases("""
wrote|writes|schrieb|a écrit|écrit|escribió|escribio|ha scritto|scrive|escreveu|napisał|napisała|pisze|yazdı|şunu yazdı
|пише|написав|написала|пишет|написал|написала|כתב|כתבה|כתבו|כתב/ה|كتب|كتبت|كتابة|skrev|schreef|geschreven|kirjoitti
|napsal|írta|写道|寫道|のメッセージ|作成|작성
""")
"""The word by which a program says whose words it repeats."""

LEADS = _phrases("""
on|am|le|el|il|il giorno|em|às|as|w dniu|dnia|dne|den|op|у|в|في|ב|בתאריך|wiadomość napisana|w|pon|wt|śr|czw|pt|sob|ndz|niedz
|пн|вт|ср|чт|пт|сб|нд
""")
"""How such a line begins where it does not begin with a name."""

HEAD_WORDS = _phrases("""
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

REPEATED = _phrases("""
original message|original appointment|reply message|original text|forwarded message|ursprüngliche nachricht|originalnachricht
|original-nachricht|weitergeleitete nachricht|message d'origine|message d’origine|message original|message transféré
|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada
|oryginalna wiadomość|wiadomość oryginalna|treść oryginalnej wiadomości|wiadomość przekazana|orijinal mesaj|özgün ileti
|iletilen mesaj|оригінальне повідомлення|вихідне повідомлення|переслане повідомлення|исходное сообщение|пересылаемое сообщение
|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|oorspronkelijk bericht|ursprungligt meddelande
""")
"""What stands between dashes above a repeated message."""

DEVICES = _phrases("""
sent from my |sent from mail for |sent from outlook|sent from yahoo|sent from samsung|sent from the |get outlook for|sent via |sent with proton
|sent using |sent from proton|sent from gmail|https:…virus-free.|https:…virenfrei.|https:…sans virus.|https:…de virus.|virus-free.|get bluemail
|von meine…gesendet|gesendet von |gesendet mit |diese nachricht wurde von meinem|outlook für |holen sie sich outlook|von unterwegs gesendet|virenfrei.
|envoyé de mon|envoyé depuis|envoyé à partir de|téléchargez outlook|obtenez outlook|télécharger outlook|provenance : courrier|garanti sans virus.
|enviado desde mi|enviado desde |obtener outlook|obtenga outlook|descargar outlook|libre de virus.
|inviato da |inviato dal |scarica outlook|ottieni outlook|privo di virus.
|enviado do meu|enviado a partir |enviado do |obter o outlook|baixar o outlook|obtenha o outlook|livre de vírus.
|wysłane z |wysłano z |pobierz outlook|pobierz aplikację outlook|wolne od wirusów.
|iphone'umdan gönderildi|iphone’umdan gönderildi|ipad'imden gönderildi|android için outlook|ios için outlook|outlook'u edinin
|надіслано з |надіслано від |відправлено з |отримати outlook|завантажити outlook|отправлено с |отправлено из
|נשלח מה|נשלח מ-|נשלח מ|קבל את outlook|השג את outlook
|أرسلت من |أُرسلت من |مرسل من |نُشر من |تم الإرسال من |الحصول على outlook|احصل على outlook
""")
"""How the line begins that a program adds; what comes after a … stands in it later."""

SIGN_OFFS = _phrases("""
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
""")
"""How people end a letter, in a line of its own; it begins a signature where only short lines come after it."""

POSTSCRIPTS = _phrases('ps:|ps |ps.|p.s|p. s|nb:|n.b.|pd:|p.d.|з.і.|з. і.|з.ы.|not:|נ.ב|נ"ב|ملاحظة')
"""How what is said after a signature begins."""

CONFIDENTIAL = _phrases("""
confidential|vertraulich|confidentiel|confidencial|riservat|poufn|gizli|конфіденц|конфиденц|סודי|חסוי|سري|disclaimer|haftungsausschluss
""")
MESSAGE = _phrases("""
e-mail|email|message|nachricht|courriel|messaggio|mensaje|mensagem|wiadomoś|mesaj|ileti|e-posta|повідомлення|лист|письмо|הודעה|דואר
|رسالة|بريد|correo
""")
ADDRESSED = _phrases("""
intended|addressee|recipient|in error|by mistake|unauthori|empfänger|bestimmt|irrtümlich|adressat|destinataire|destiné|par erreur|destinatari
|por error|per errore|destinad|por engano|odbiorc|adresat|przeznaczon|omyłkow|alıcı|muhatap|yanlışlıkla|адресат|призначен|помилково|предназначен
|ошибочно|נמען|מיועד|בטעות|المرسل إليه|المستلم|موجه|بالخطأ|disclaimer|haftungsausschluss
""")
"""A paragraph that names all three is the notice which a company puts under every mail."""

AWAY_SUBJECTS = _phrases("""
automatic reply|automatic response|auto reply|auto-reply|autoreply|autoresponse|auto response|auto:|[auto]|out of office|out of the office|ooo
|i am away|on vacation|on leave|vacation reply|away from my mail|i'm away|away:
|automatische antwort|abwesenheitsnotiz|abwesenheit|abwesend|autom. antwort|automatische rückmeldung|außer haus|nicht im büro|auto-antwort
|abwesenheitsmeldung|abwesenheitsassistent|im urlaub|eingangsbestätigung
|réponse automatique|réponse auto|absence|absent du bureau|en congé|hors du bureau|message d'absence|accusé de réception
|respuesta automática|respuesta automatica|fuera de la oficina|fuera de oficina|ausente|ausencia|de vacaciones|acuse de recibo
|risposta automatica|fuori sede|fuori ufficio|assente|assenza|in ferie|fuori dall'ufficio
|resposta automática|resposta automatica|fora do escritório|ausência|ausente|de férias|estou ausente
|automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|poza biurem|nieobecność|nieobecny|nieobecna|urlop|jestem na urlopie
|otomatik yanıt|otomatik cevap|ofis dışında|ofis dışı|ofiste değilim|izindeyim|yıllık izin
|автоматична відповідь|автовідповідь|автовідповідач|відсутній|відсутня|немає в офісі|у відпустці|поза офісом|автоответ
|автоматический ответ|нет на месте|в отпуске|отсутствую
|תשובה אוטומטית|מענה אוטומטי|מחוץ למשרד|לא במשרד|בחופשה|הודעת היעדרות
|رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب|في إجازة|غياب عن المكتب|الرد الآلي
|automatisch antwoord|automatiskt svar|autosvar|automatisk svar|afwezig
""")
"""How the subject of an automatic answer begins."""

AWAY_WORDS = _phrases("""
i am currently out of the office|i am out of the office|i'm out of the office|i will be out of the office|i am out of office
|out of the office until|i am currently away|i am on leave|i am on annual leave|i am on vacation|i'm on vacation|limited access to email
|limited access to my email
|thank you for your email. i am
|no longer with the company|no longer works for|no longer works at|no longer works with|no longer works here
|ich bin derzeit nicht im büro|ich bin nicht im büro|ich bin bis|bin ich nicht im büro|ich bin zurzeit nicht|ich bin im urlaub|ich befinde mich im urlaub|ich befinde mich bis|ich befinde mich derzeit
|nicht im hause|nicht erreichbar bis|bin ich wieder erreichbar
|vom büro abwesend|nicht persönlich erreichbar
|je suis actuellement absent|je suis absent|je serai absent|actuellement en congé|je suis en congé|de retour le
|actuellement absente|en congés jusqu
|estoy fuera de la oficina|me encuentro fuera|estaré fuera|estaré ausente|estoy de vacaciones|estoy ausente
|actualmente fuera
|sono fuori ufficio|sarò assente|sono assente|sono in ferie|sarò fuori ufficio
|estou fora do escritório|estarei ausente|estou ausente|estou de férias|encontro-me ausente
|jestem na urlopie|przebywam na urlopie|jestem nieobecn|będę nieobecn|poza biurem do
|ofis dışındayım|izindeyim|izinde olacağım|yıllık izindeyim|ofiste bulunmuyorum|tarihine kadar izin
|я у відпустці|перебуваю у відпустці|я відсутн|мене немає в офісі|буду відсутн|поза офісом|я в отпуске|нахожусь в отпуске
|אני מחוץ למשרד|אני בחופשה|אהיה בחופשה|אינני במשרד|אני לא במשרד|אעדר מהמשרד
|أنا خارج المكتب|أنا في إجازة|سأكون خارج المكتب|سأكون في إجازة|خارج المكتب حتى|حاليا في إجازة|حاليًا في إجازة
|maternity leave|parental leave|paternity leave|sick leave|in elternzeit|in mutterschutz|absente du bureau|absent du bureau|congé maternité
|congé de maternité|no me encuentro en la oficina|baja por maternidad|de baja médica|in maternità|licença de maternidade|urlopie macierzyńskim
|doğum iznin|у декретній|בחופשת לידה|إجازة أمومة
|currently out of office|i'm out of office|i am out of office|i'm on leave|i'm on annual leave|i'm away until|i am away until
|zur zeit nicht im büro|zurzeit nicht im büro|derzeit nicht im büro|momentan nicht im büro|bin nicht im büro|derzeit im urlaub
|je suis en vacances|je suis absente|me encuentro de vacaciones|actualmente de vacaciones|estoy de baja|sono in vacanza|al mio rientro
|encontro-me de férias|estou de licença|jestem poza biurem|przebywam na zwolnieniu|tatildeyim|izinliyim|на лікарняному
|אני נמצא בחופשה|אני נמצאת בחופשה|متواجد خارج المكتب|في إجازة حتى
""")
"""What an automatic answer says in its first words, where nothing in its headers says that it is one: people say it too."""

ROBOT_WORDS = _phrases("""
this is an automated response|this is an automatic reply|this is an automated reply|this mailbox is not monitored
|this is an automatically generated|do not reply to this|your message has been received and
|thank you for contacting us. we have received|dies ist eine automatische|diese e-mail wurde automatisch|postfach wird nicht gelesen|adresse wird nicht gelesen
|ihre nachricht wird nicht weitergeleitet|automatisch generierte|ceci est un message automatique
|ceci est une réponse automatique|este es un mensaje automático|respuesta automática|questa è una risposta automatica
|messaggio automatico|esta é uma resposta automática|mensagem automática|wiadomość wygenerowana automatycznie
|to jest automatyczna|otomatik bir yanıttır|це автоматичн|זוהי הודעה אוטומטית|זהו מענה אוטומטי|هذا رد تلقائي|هذه رسالة تلقائية
|this message is sent automatically|this message was sent automatically|this is an automatic message|mailbox is no longer|address is no longer in use
|bitte antworten sie nicht auf|ist bei uns eingegangen|dieses postfach wird nicht
|this is an automated message|this email was sent automatically|to have your mail delivered|diese nachricht wurde automatisch
|automatisch erstellte|ihre e-mail wird nicht weitergeleitet|wird nicht automatisch weitergeleitet|no responda a este
|non rispondere a questa|não responda a este|nie odpowiadaj na tę|ne pas répondre à ce|merci de ne pas répondre
|bu otomatik bir|не відповідайте на це
""")
"""What a program says of itself in its first words, whatever it repeats below."""

BOUNCED_SUBJECTS = _phrases("""
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
|automatically rejected mail|rejected mail|onbestelbaar|kunde inte levereras|kan ikke leveres
""")
"""How the subject of a message begins that says that a mail was not delivered."""

BOUNCED_WORDS = _phrases("""
this is the qmail-send program|this message was created automatically by mail delivery software|could not be delivered to
|was not delivered to|i'm sorry to have to inform you|unable to deliver your message|delivery to the following recipient
|the following addresses had permanent fatal errors|your message wasn't delivered|your message couldn't be delivered
|a message that you sent could not be delivered|sorry, we were unable to deliver|the mail system|konnte nicht zugestellt werden
|konnte leider nicht zugestellt|n'a pas pu être remis|n’a pas pu être remis|no se pudo entregar|non è stato possibile recapitare
|não pôde ser entregue|nie mogła zostać dostarczona|teslim edilemedi|не вдалося доставити|could not be delivered|not listed in
|was automatically rejected|quota exceeded|mailbox is full|buzón lleno|postfach voll|address rejected|user unknown|mailbox unavailable|no such user|recipient address rejected|mailbox not found|wurde nicht zugestellt
""")
"""What such a message says where it is written for people alone."""

DELAYED_WORDS = _phrases("""
will be retried|will keep trying|will continue to try|has been delayed|is delayed|not yet been delivered|temporary problem|still trying
|you do not need to resend|delivery attempts will continue|you do not need to do anything|noch nicht zugestellt|wird weiterhin versucht
|verzögert|retardée|retrasad|ritardat|atrasad|opóźnion|gecik|затрим
""")
"""What one says that only tells of a delay."""

READ_SUBJECTS = _phrases("""
read:|read receipt|gelesen:|lesebestätigung|lu :|lu:|accusé de lecture|confirmation de lecture|leído:|letto:|conferma di lettura|lida:|lido:
|przeczytano:|przeczytane:|okundu:|прочитано:|נקרא:|تمت القراءة|مقروءة:|gelezen:|läst:|not read:|ungelesen gelöscht|return receipt
|confirmación de lectura|potwierdzenie przeczytania|okundu bilgisi|lesen bestätigt
""")
"""How the subject of a receipt begins that says that a mail was opened."""

READ_WORDS = _phrases("""
was read on|was displayed|gelesen.|wurde gelesen|a été lu|fue leído|se leyó|è stato letto|foi lida|foi lido|została przeczytana|zostało przeczytane
|okundu|було прочитано|прочитано|נקראה ב|تمت قراءة
""")
"""What one says that is not marked as such."""

INVITED_SUBJECTS = _phrases("""
accepted:|declined:|tentative:|tentatively accepted:|invitation:|updated invitation:|canceled event:|cancelled event:|zugesagt:|abgesagt:|abgelehnt:
|mit vorbehalt:|einladung:|accepté :|refusé :|invitation :|aceptado:|rechazado:|invitación:|accettato:|rifiutato:|invito:|aceite:|recusado:|convite:
|zaakceptowano:|odrzucono:|zaproszenie:|kabul edildi:|reddedildi:|davet:|прийнято:|відхилено:|запрошення:|התקבל:|נדחה:|הזמנה:|مقبول:|دعوة:
""")
"""How the subject of an answer to an invitation begins."""
