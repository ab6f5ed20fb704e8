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


def begins(words: str, phrase: str) -> bool:
    """Whether folded words begin with a phrase, as whole words."""
    return words.startswith(phrase) and not words[len(phrase) : len(phrase) + 1].isalpha()


WROTE = phrases("""
wrote|writes|schrieb|a écrit|écrit|escribió|escribio|ha scritto|scrive|escreveu|napisał|napisała|pisze|yazdı|şunu yazdı
|пише|написав|написала|пишет|написал|написала|כתב|כתבה|כתבו|כתב/ה|كتب|كتبت|كتابة|skrev|schreef|geschreven|kirjoitti
|napsal|írta|写道|寫道|のメッセージ|作成|작성|вы писали|ви писали|zitat von|quoting|citando|cytat|цитую|цитирую|en citant
|a scris|a napsal|έγραψε|писал|писала|пишут
""")
"""The word by which a program says whose words it repeats."""

LEADS = phrases("""
on|am|le|el|il|il giorno|em|às|as|w dniu|dnia|dne|den|op|у|в|في|ב|בתאריך|wiadomość napisana|w|pon|wt|śr|czw|pt|sob|ndz|niedz
|пн|вт|ср|чт|пт|сб|нд|вс|în|στις|den|po|út|st|čt|pá|so|ne|ma|di|wo|do|vr|za|zo|man|tir|ons|tor|fre|lør|søn|mån|tis|lör|sön
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
|odesláno|komu|předmět|kopie|lähettäjä|lähetetty|vastaanottaja|aihe|päivämäärä|feladó|elküldve|címzett|tárgy|dátum|de la|trimis|către|subiect
|dato|kopi|bijlagen|από|προς|θέμα|στάλθηκε|ημερομηνία
|发件人|发送时间|发送日期|收件人|主题|抄送|日期|寄件者|傳送時間|收件者|主旨|副本|差出人|送信日時|送信元|宛先|件名|日付|보낸 사람|보낸 날짜|받는 사람|제목|날짜
""")
"""The lines above a repeated message in programs that do not mark each of its lines."""

REPEATED = phrases("""
original message|original appointment|reply message|original text|forwarded message|ursprüngliche nachricht|originalnachricht
|original-nachricht|weitergeleitete nachricht|message d'origine|message d’origine|message original|message transféré
|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada
|oryginalna wiadomość|wiadomość oryginalna|treść oryginalnej wiadomości|wiadomość przekazana|orijinal mesaj|özgün ileti
|iletilen mesaj|оригінальне повідомлення|вихідне повідомлення|переслане повідомлення|исходное сообщение|пересылаемое сообщение
|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|oorspronkelijk bericht|ursprungligt meddelande
|doorgestuurd bericht|vidarebefordrat meddelande|oprindelig meddelelse|opprinnelig melding|videresendt|původní zpráva|přeposlaná zpráva
|alkuperäinen viesti|mesaj original|eredeti üzenet|αρχικό μήνυμα|原始邮件|原始郵件|转发邮件|元のメッセージ|転送メッセージ|원본 메시지|원본 메일
""")
"""What stands between dashes above a repeated message."""

DEVICES = phrases("""
sent from |get outlook for|sent via |sent with |sent using |https:…virus-free.|https:…virenfrei.|https:…sans virus.|https:…de virus.|virus-free.|get bluemail
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
|verstuurd vanaf |verzonden vanaf |verzonden met |verstuurd met |verzonden via |verstuurd via |outlook voor |download outlook|outlook downloaden
|skickat från |skickades från |hämta outlook|skaffa outlook|sendt fra |sendt via |sendt med |hent outlook|få outlook|virusfri.
|odesláno z|získat outlook|lähetetty |hanki outlook|trimis de pe |trimis din |εστάλη από |στάλθηκε από |отправлено через |получить outlook|скачать outlook
|发自我的|來自我的|从我的…发送|從我的…傳送|…から送信|…에서 보냄
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
|groet|groeten|groetjes|vriendelijke groet|vriendelijke groeten|met vriendelijke groeten|hartelijke groet|hartelijke groeten|mvg|m.v.g
|bedankt|alvast bedankt|dank u wel|dank je wel|hoogachtend|hälsningar|vänliga hälsningar|vänlig hälsning|med vänlig hälsning|bästa hälsningar
|varma hälsningar|vänligen|mvh|tack|tack på förhand|venlig hilsen|med venlig hilsen|mange hilsner|kærlig hilsen|de bedste hilsner|hilsen|vh
|vennlig hilsen|beste hilsen|på forhånd tak|på forhånd takk|takk|mange tak|s pozdravem|zdravím|děkuji|hezký den|s úctou
|ystävällisin terveisin|terveisin|parhain terveisin|kiitos|cu stimă|cu respect|mulțumesc|üdvözlettel|tisztelettel|köszönöm
|με εκτίμηση|ευχαριστώ|с наилучшими пожеланиями|большое спасибо|заранее спасибо|заранее благодарю|благодарю|всего хорошего|до свидания
""")
"""How people end a letter, in a line of its own; it begins a signature where only short lines come after it."""

FAREWELLS = phrases("""
je vous prie d'agréer|je vous prie de croire|veuillez agréer|veuillez recevoir|veuillez croire|nous vous prions d'agréer
|recevez, madame|sin otro particular|reciba un |reciban un |le saluda atentamente|in attesa di un |porgo distinti|porgo cordiali
|voglia gradire|com os melhores cumprimentos|sem outro assunto|łączę wyrazy|z wyrazami szacunku|saygılarımı sunar
|gereğini bilgilerinize|з повагою та|з повагою і|وتفضلوا بقبول|تفضلوا بقبول|مع خالص|مع جزيل|مع فائق|مع أطيب|مع أسمى|وتقبلوا|والسلام عليكم
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
|vertrouwelijk|konfidentiell|fortrolig|důvěrn|luottamuksel|confidenț|bizalmas|εμπιστευτικ
""")
MESSAGE = phrases("""
e-mail|email|message|nachricht|courriel|messaggio|mensaje|mensagem|wiadomoś|mesaj|ileti|e-posta|повідомлення|лист|письмо|הודעה|דואר
|رسالة|بريد|correo
|bericht|meddeland|meddelelse|melding|zpráv|viesti|mesaj|üzenet|μήνυμα
""")
ADDRESSED = phrases("""
intended|addressee|recipient|in error|by mistake|unauthori|empfänger|bestimmt|irrtümlich|adressat|destinataire|destiné|par erreur|destinatari
|por error|per errore|destinad|por engano|odbiorc|adresat|przeznaczon|omyłkow|alıcı|muhatap|yanlışlıkla|адресат|призначен|помилково|предназначен
|ошибочно|נמען|מיועד|בטעות|المرسل إليه|المستلم|موجه|بالخطأ|disclaimer|haftungsausschluss
|bestemd|geadresseerde|abusievelijk|avsedd|avsett|mottagar|bestemt|beregnet|modtager|mottaker|fejl|určen|omylem|tarkoitettu|vastaanottaja
|destinat|címzett|παραλήπτ
""")
"""A paragraph that names all three is the notice which a company puts under every mail."""

AGAIN = phrases("""
re|aw|sv|vs|fwd|fw|wg|tr|rv|res|rif|r|odp|ynt|відп|відповідь|antw|vb|vl|odg|vá|ответ|отв|ha|fs|回复|答复|转发|回覆|返信|转寄
""")
"""What stands before the subject of an answer, or of what was passed on."""
