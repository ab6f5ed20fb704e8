"""What mail programs write by themselves, in the languages of readers and editors: data for `rules/quoted.py` and others."""

from __future__ import annotations

WROTE = """
wrote|writes|schrieb|a écrit|écrit|escribió|escribio|ha scritto|scrive|escreveu|napisał|napisała|pisze|yazdı|şunu yazdı
|пише|написав|написала|пишет|написал|написала|כתב|כתבה|כתבו|כתב/ה|كتب|كتبت|كتابة|skrev|schreef|geschreven|kirjoitti
|napsal|írta|写道|寫道|のメッセージ|作成|작성
""".replace("\n", "").split("|")
"""The word by which a program says whose words it repeats."""

LEADS = """
on|am|le|el|il|il giorno|em|às|as|w dniu|dnia|dne|den|op|у|в|في|ב|בתאריך|wiadomość napisana|w|pon|wt|śr|czw|pt|sob|ndz|niedz
|пн|вт|ср|чт|пт|сб|нд
""".replace("\n", "").split("|")
"""How such a line begins where it does not begin with a name."""

HEAD_WORDS = """
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
""".replace("\n", "").split("|")
"""The lines above a repeated message in programs that do not mark each of its lines."""

REPEATED = """
original message|original appointment|reply message|original text|forwarded message|ursprüngliche nachricht|originalnachricht
|original-nachricht|weitergeleitete nachricht|message d'origine|message d’origine|message original|message transféré
|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada
|oryginalna wiadomość|wiadomość oryginalna|treść oryginalnej wiadomości|wiadomość przekazana|orijinal mesaj|özgün ileti
|iletilen mesaj|оригінальне повідомлення|вихідне повідомлення|переслане повідомлення|исходное сообщение|пересылаемое сообщение
|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|oorspronkelijk bericht|ursprungligt meddelande
""".replace("\n", "").split("|")
"""What stands between dashes above a repeated message."""

DEVICES = """
sent from my |sent from mail for |sent from outlook|sent from yahoo|sent from samsung|sent from the |get outlook for|sent via |sent with proton
|sent using |sent from proton|sent from gmail
|von meinem |gesendet von |gesendet mit |diese nachricht wurde von meinem|outlook für |holen sie sich outlook|von unterwegs gesendet
|envoyé de mon|envoyé depuis|envoyé à partir de|téléchargez outlook|obtenez outlook|télécharger outlook|provenance : courrier
|enviado desde mi|enviado desde |obtener outlook|obtenga outlook|descargar outlook
|inviato da |inviato dal |scarica outlook|ottieni outlook
|enviado do meu|enviado a partir |enviado do |obter o outlook|baixar o outlook|obtenha o outlook
|wysłane z |wysłano z |pobierz outlook|pobierz aplikację outlook
|iphone'umdan gönderildi|iphone’umdan gönderildi|ipad'imden gönderildi|android için outlook|ios için outlook|outlook'u edinin
|надіслано з |надіслано від |відправлено з |отримати outlook|завантажити outlook|отправлено с |отправлено из
|נשלח מה|נשלח מ-|נשלח מ|קבל את outlook|השג את outlook
|أرسلت من |أُرسلت من |مرسل من |نُشر من |تم الإرسال من |الحصول على outlook|احصل على outlook
""".replace("\n", "").split("|")
"""How the line begins (or what it says) that a program on a telephone adds."""

SIGN_OFFS = """
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
|pozdrawiam|z poważaniem|pozdrowienia|serdecznie pozdrawiam|dziękuję|dziękuję i pozdrawiam|z wyrazami szacunku|dzięki|łączę pozdrowienia
|saygılarımla|saygılarımızla|iyi günler|iyi çalışmalar|teşekkürler|teşekkür ederim|selamlar|sevgiler|kolay gelsin
|з повагою|з найкращими побажаннями|дякую|щиро дякую|щиро|вітання|на все добре|с уважением|спасибо|всего доброго
|בברכה|בכבוד רב|תודה|תודה רבה|תודה ובברכה|בתודה|כל טוב|בברכת חברים|יום טוב
|مع التحية|مع تحياتي|تحياتي|مع أطيب التحيات|وتفضلوا بقبول فائق الاحترام|شكرا|شكراً|شكرا لكم|شكرًا|شكرا جزيلا|والسلام|مع خالص التحية|مع الشكر
|met vriendelijke groet|med vänliga hälsningar|med vennlig hilsen
""".replace("\n", "").split("|")
"""How people end a letter, in a line of its own; it begins a signature where only short lines come after it."""

CONFIDENTIAL = """
confidential|vertraulich|confidentiel|confidencial|riservat|poufn|gizli|конфіденц|конфиденц|סודי|חסוי|سري|disclaimer|haftungsausschluss
""".replace("\n", "").split("|")
MESSAGE = """
e-mail|email|message|nachricht|courriel|messaggio|mensaje|mensagem|wiadomoś|mesaj|ileti|e-posta|повідомлення|лист|письмо|הודעה|דואר
|رسالة|بريد|correo
""".replace("\n", "").split("|")
"""A paragraph that names both is the notice which a company puts under every mail."""

AWAY_SUBJECTS = """
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
""".replace("\n", "").split("|")
"""How the subject of an automatic answer begins."""

AWAY_WORDS = """
i am currently out of the office|i am out of the office|i'm out of the office|i will be out of the office|i am out of office
|out of the office until|i am currently away|i am on leave|i am on annual leave|i am on vacation|i'm on vacation|limited access to email
|limited access to my email|this is an automated response|this is an automatic reply|this is an automated reply|this mailbox is not monitored
|this is an automatically generated|do not reply to this|thank you for your email. i am|your message has been received and
|thank you for contacting us. we have received|no longer with the company|no longer works
|ich bin derzeit nicht im büro|ich bin nicht im büro|ich bin bis|bin ich nicht im büro|ich bin zurzeit nicht|ich bin im urlaub|ich befinde mich
|nicht im hause|nicht erreichbar bis|bin ich wieder erreichbar|dies ist eine automatische|diese e-mail wurde automatisch|wird nicht gelesen
|vom büro abwesend|nicht persönlich erreichbar|ihre nachricht wird nicht weitergeleitet|automatisch generierte
|je suis actuellement absent|je suis absent|je serai absent|actuellement en congé|je suis en congé|de retour le|ceci est un message automatique
|ceci est une réponse automatique|actuellement absente|en congés jusqu
|estoy fuera de la oficina|me encuentro fuera|estaré fuera|estaré ausente|estoy de vacaciones|este es un mensaje automático|estoy ausente
|respuesta automática|actualmente fuera
|sono fuori ufficio|sarò assente|sono assente|sono in ferie|sarò fuori ufficio|questa è una risposta automatica|messaggio automatico
|estou fora do escritório|estarei ausente|estou ausente|estou de férias|encontro-me ausente|esta é uma resposta automática|mensagem automática
|jestem na urlopie|przebywam na urlopie|jestem nieobecn|będę nieobecn|wiadomość wygenerowana automatycznie|to jest automatyczna|poza biurem do
|ofis dışındayım|izindeyim|izinde olacağım|yıllık izindeyim|ofiste bulunmuyorum|otomatik bir yanıttır|tarihine kadar izin
|я у відпустці|перебуваю у відпустці|я відсутн|мене немає в офісі|це автоматичн|буду відсутн|поза офісом|я в отпуске|нахожусь в отпуске
|אני מחוץ למשרד|אני בחופשה|אהיה בחופשה|אינני במשרד|אני לא במשרד|זוהי הודעה אוטומטית|אעדר מהמשרד|זהו מענה אוטומטי
|أنا خارج المكتب|أنا في إجازة|سأكون خارج المكتب|سأكون في إجازة|هذا رد تلقائي|هذه رسالة تلقائية|خارج المكتب حتى|حاليا في إجازة|حاليًا في إجازة
""".replace("\n", "").split("|")
"""What an automatic answer says in its first words, where nothing in its headers says that it is one."""

BOUNCED_SUBJECTS = """
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
|onbestelbaar|kunde inte levereras|kan ikke leveres
""".replace("\n", "").split("|")
"""How the subject of a message begins that says that a mail was not delivered."""

BOUNCED_WORDS = """
this is the qmail-send program|this message was created automatically by mail delivery software|could not be delivered to
|was not delivered to|i'm sorry to have to inform you|unable to deliver your message|delivery to the following recipient
|the following addresses had permanent fatal errors|your message wasn't delivered|your message couldn't be delivered
|a message that you sent could not be delivered|sorry, we were unable to deliver|the mail system|konnte nicht zugestellt werden
|konnte leider nicht zugestellt|n'a pas pu être remis|n’a pas pu être remis|no se pudo entregar|non è stato possibile recapitare
|não pôde ser entregue|nie mogła zostać dostarczona|teslim edilemedi|не вдалося доставити|could not be delivered|not listed in
|address rejected|user unknown|mailbox unavailable|no such user|recipient address rejected|mailbox not found|wurde nicht zugestellt
""".replace("\n", "").split("|")
"""What such a message says where it is written for people alone."""

DELAYED_WORDS = """
will be retried|will keep trying|will continue to try|has been delayed|is delayed|not yet been delivered|temporary problem|still trying
|you do not need to resend|delivery attempts will continue|you do not need to do anything|noch nicht zugestellt|wird weiterhin versucht
|verzögert|retardée|retrasad|ritardat|atrasad|opóźnion|gecik|затрим
""".replace("\n", "").split("|")
"""What one says that only tells of a delay."""

READ_SUBJECTS = """
read:|read receipt|gelesen:|lesebestätigung|lu :|lu:|accusé de lecture|confirmation de lecture|leído:|letto:|conferma di lettura|lida:|lido:
|przeczytano:|przeczytane:|okundu:|прочитано:|נקרא:|تمت القراءة|مقروءة:|gelezen:|läst:|not read:|ungelesen gelöscht|return receipt
|confirmación de lectura|potwierdzenie przeczytania|okundu bilgisi|lesen bestätigt
""".replace("\n", "").split("|")
"""How the subject of a receipt begins that says that a mail was opened."""

INVITED_SUBJECTS = """
accepted:|declined:|tentative:|tentatively accepted:|invitation:|updated invitation:|canceled event:|cancelled event:|zugesagt:|abgesagt:|abgelehnt:
|mit vorbehalt:|einladung:|accepté :|refusé :|invitation :|aceptado:|rechazado:|invitación:|accettato:|rifiutato:|invito:|aceite:|recusado:|convite:
|zaakceptowano:|odrzucono:|zaproszenie:|kabul edildi:|reddedildi:|davet:|прийнято:|відхилено:|запрошення:|התקבל:|נדחה:|הזמנה:|مقبول:|دعوة:
""".replace("\n", "").split("|")
"""How the subject of an answer to an invitation begins."""
