"""What programs write in nobody's name: out of office, bounces, receipts, answers to invitations; data for `rules/incoming.py`."""

from __future__ import annotations

from corrections_service.rules.lexicon.mails import phrases


def _sentences(beginnings: str, ends: str) -> list[str]:
    """Each of these beginnings with each of these ends; between them stands a date where one ends in a …."""
    return [f"{beginning} {end}".replace("… ", "…") for beginning in phrases(beginnings) for end in phrases(ends)]


AUTOMATIC_SUBJECTS = phrases("""
report domain:|automatic reply|automatic response|auto reply|auto-reply|autoreply|autoresponse|auto response|vacation reply
|automatische antwort|autom. antwort|automatische rückmeldung|auto-antwort|abwesenheitsnotiz|abwesenheitsmeldung|abwesenheitsassistent
|réponse automatique|réponse auto|message d'absence|respuesta automática|respuesta automatica|risposta automatica
|resposta automática|resposta automatica|automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź
|otomatik yanıt|otomatik cevap|автоматична відповідь|автовідповідь|автовідповідач|автоответ|автоматический ответ
|תשובה אוטומטית|מענה אוטומטי|הודעת היעדרות|رد تلقائي|الرد التلقائي|رد آلي|الرد الآلي
|automatisch antwoord|automatiskt svar|autosvar|automatisk svar
|afwezigheidsbericht|afwezigheidsmelding|frånvaromeddelande|fraværsmeddelelse|fraværsmelding|automatická odpověď|automaattinen vastaus
|răspuns automat|automatikus válasz|αυτόματη απάντηση|автоматическое сообщение|自动回复|自動回覆|自動返信|자동 회신|자동 응답
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
|afwezigheid|niet op kantoor|frånvaro|på semester|fravær|ikke på kontoret|ikke til stede|nepřítomnost|mimo kancelář|poissa toimistosta|lomalla
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
    *_sentences(
        "ik ben|ik ben momenteel|ik ben op dit moment|momenteel ben ik|ik ben tot…|ik ben vanaf…",
        "afwezig|niet aanwezig|met vakantie|op vakantie|met verlof|niet op kantoor|niet bereikbaar|buiten kantoor",
    ),
    *_sentences(
        "jag är|jag är just nu|just nu är jag|jag är för närvarande",
        "på semester|tjänstledig|föräldraledig|inte på kontoret|bortrest|på tjänsteresa|frånvarande",
    ),
    *_sentences(
        "jeg er|jeg er i øjeblikket|jeg er for tiden|jeg er dessverre|jeg er desværre",
        "på ferie|ikke på kontoret|fraværende|bortrejst|bortreist|på barsel|i permisjon",
    ),
    *_sentences("jsem|momentálně jsem|od…jsem", "na dovolené|mimo kancelář|na mateřské"),
    *_sentences("olen|olen parhaillaan|olen tällä hetkellä", "lomalla|vuosilomalla|poissa toimistosta"),
    *_sentences(
        " я| я сейчас| я нахожусь|. нахожусь| я буду",
        "в отпуске|на больничном|в командировке|вне офиса|отсутствую|отсутствовать",
    ),
    *phrases("""
i am currently away|i have limited access to|i will have limited access to|limited access to my email
|little access to email|little access to mail|little access to my email|little access to e-mail|no access to my email
|will reply when i get back|will respond when i return|will reply on my return|will reply upon my return|will respond upon my return
|i am no longer with the company|i no longer work here|i no longer work at|i no longer work for|i have left the company
|ich arbeite nicht mehr bei|ich arbeite nicht mehr für|ich bin nicht mehr bei|je ne travaille plus|ya no trabajo en|non lavoro più|não trabalho mais
|já não trabalho|nie pracuję już|już nie pracuję|artık çalışmıyorum|більше не працюю|вже не працюю|больше не работаю|уже не работаю
|ik werk niet meer|jag arbetar inte längre|jeg arbejder ikke længere|jeg jobber ikke lenger
|acknowledge that we have received your|and a ticket has been created|wir haben ihre anfrage erhalten
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
|не відповідайте на цей лист|не відповідайте на це повідомлення|не отвечайте на это письмо|не отвечайте на данное письмо
|меня нет в офисе|меня не будет в офисе|beantwoord deze e-mail niet|svara inte på detta|svar ikke på denne|nejsem v kanceláři|čerpám dovolenou
|uw bericht is ontvangen|wij hebben uw bericht ontvangen|wij hebben uw e-mail ontvangen|vi har mottagit ditt|vi har modtaget din|vi har mottatt din
"""),
]
"""What an automatic answer says in its first words, of who is away or of this very mailbox, where nothing in its headers says
that it is one: people say it too, of themselves. Of a third person nothing stands here, for articles are about such."""

ROBOT_WORDS = [
    *_sentences(
        "this is an automated|this is an automatic|this is an automatically generated|do not reply to this automated",
        "message|reply|response|email|e-mail|notification",
    ),
    *phrases("type your reply above this line|reply above this line|reply above this text|respond above this line"),
    *phrases(
        "above this line to add a comment|above this line to reply|your request…has been received|your ticket…has been created"
    ),
    *phrases("antworten sie über dieser zeile|antworten sie oberhalb dieser|répondez au-dessus de cette ligne"),
    *phrases("responda por encima de esta línea|risponda sopra questa riga|typ uw antwoord boven deze regel"),
    *phrases(
        "dit is een automatisch|detta är ett automatiskt|dette er en automatisk|это автоматическ|tato zpráva byla vygenerována"
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
|niet bezorgd|niet afgeleverd|olevererbart|kunne ikke leveres|kunne ikke sendes|nedoručiteln|doručení se nezdařilo|toimitus epäonnistui
|не удалось доставить|недоставлен|ошибка доставки|возвращено отправителю|退信|无法投递|配信不能|배달되지 않음
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
|leesbevestiging|läskvitto|läs:|læst:|lest:|læsekvittering|lesebekreftelse|přečteno:|luettu:|прочтено:|уведомление о прочтении|已读:|開封済み
""")
"""How the subject of a receipt begins that says that a mail was opened."""

READ_WORDS = phrases("""
was read on|was displayed|gelesen.|wurde gelesen|a été lu|fue leído|se leyó|è stato letto|foi lida|foi lido|została przeczytana|zostało przeczytane
|okundu|було прочитано|прочитано|נקראה ב|تمت قراءة
|is gelezen op|werd gelezen|lästes|blev læst|ble lest|byla přečtena|было прочитано|было прочтено|已被阅读
""")
"""What one says that is not marked as such."""

INVITED_SUBJECTS = phrases("""
accepted:|declined:|tentative:|tentatively accepted:|invitation:|updated invitation:|canceled event:|cancelled event:|zugesagt:|abgesagt:|abgelehnt:
|mit vorbehalt:|einladung:|accepté :|refusé :|invitation :|aceptado:|rechazado:|invitación:|accettato:|rifiutato:|invito:|aceite:|recusado:|convite:
|zaakceptowano:|odrzucono:|zaproszenie:|kabul edildi:|reddedildi:|davet:|прийнято:|відхилено:|запрошення:|התקבל:|נדחה:|הזמנה:|مقبول:|دعوة:
|geaccepteerd:|geweigerd:|uitnodiging:|godkänd:|accepterat:|avböjt:|avböjd:|inbjudan:|accepteret:|afslået:|akseptert:|avslått:|innbydelse:
|přijato:|odmítnuto:|pozvánka:|hyväksytty:|hylätty:|kutsu:|принято:|отклонено:|приглашение:|已接受:|已拒绝:|邀请:
""")
"""How the subject of an answer to an invitation begins."""
