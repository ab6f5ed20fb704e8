"""Answers to one mail of ours as six mail programs write them in eleven languages: what was said, and all that comes with it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

PAPER, OURS = "The Harbour Gazette", "corrections+4f-abcdefghijklmnopqrstuvwx@gazette.example"

SAID = {
    "en": "Yes, the bridge was opened in 1978.\nI have the programme of that day.",
    "de": "Ja, die Brücke wurde 1978 eröffnet.\nIch habe das Programm von damals.",
    "fr": "Oui, le pont a été inauguré en 1978.\nJ'ai le programme de ce jour-là.",
    "es": "Sí, el puente se inauguró en 1978.\n¿Quieren ver el programa?",
    "it": "Sì, il ponte fu aperto nel 1978.\nHo il programma di quel giorno.",
    "pt": "Sim, a ponte foi inaugurada em 1978.\nTenho o programa desse dia.",
    "pl": "Tak, most otwarto w 1978 roku.\nMam program z tamtego dnia.",
    "tr": "Evet, köprü 1978'de açıldı.\nO günün programı bende.",
    "uk": "Так, міст відкрили 1978 року.\nУ мене є програма того дня.",
    "he": "כן, הגשר נפתח בשנת 1978.\nיש לי התוכנייה מאותו יום.",
    "ar": "نعم، افتتح الجسر عام 1978.\nلدي برنامج ذلك اليوم.",
}
SIGNED = {
    "en": "Best regards,\nAnn Harbour",
    "de": "Mit freundlichen Grüßen\nAnna Hafen\nHafenstraße 1, 20457 Hamburg\nTel. 040 123456",
    "fr": "Cordialement,\nAnne Dupont",
    "es": "Un saludo,\nAna Puerto",
    "it": "Cordiali saluti\nAnna Porto",
    "pt": "Atenciosamente,\nAna Porto",
    "pl": "Pozdrawiam\nAnna Portowa",
    "tr": "Saygılarımla,\nAyşe Liman",
    "uk": "З повагою,\nАнна Портова",
    "he": "בברכה,\nחנה נמל",
    "ar": "مع التحية،\nآن الميناء",
}
GMAIL = {
    "en": "On Mon, Nov 23, 2026 at 10:15 AM {who} <\n{at}> wrote:",
    "de": "Am Mo., 23. Nov. 2026 um 10:15 Uhr schrieb {who} <\n{at}>:",
    "fr": "Le lun. 23 nov. 2026 à 10:15, {who} <\n{at}> a écrit :",
    "es": "El lun, 23 nov 2026 a las 10:15, {who} (<\n{at}>) escribió:",
    "it": "Il giorno lun 23 nov 2026 alle ore 10:15 {who} <\n{at}> ha scritto:",
    "pt": "Em seg., 23 de nov. de 2026 às 10:15, {who} <\n{at}> escreveu:",
    "pl": "pon., 23 lis 2026 o 10:15 {who} <\n{at}> napisał(a):",
    "tr": "{who} <{at}>,\n23 Kas 2026 Pzt, 10:15 tarihinde şunu yazdı:",
    "uk": "пн, 23 лист. 2026 р. о 10:15 {who} <\n{at}> пише:",
    "he": "\u202bבתאריך יום ב׳, 23 בנוב׳ 2026 ב-10:15 מאת \u202a{who}\u202c\u200f <\u202a\n{at}\u202c\u200f>:\u202c",
    "ar": "في الاثنين، 23 نوفمبر 2026 في 10:15 ص تمت كتابة ما يلي بواسطة {who} <\n{at}>:",
}
APPLE = {
    "en": "On 23 Nov 2026, at 10:15, {who} <{at}> wrote:",
    "de": "Am 23.11.2026 um 10:15 schrieb {who} <{at}>:",
    "fr": "Le 23 nov. 2026 à 10:15, {who} <{at}> a écrit :",
    "es": "El 23 nov 2026, a las 10:15, {who} <{at}> escribió:",
    "it": "Il giorno 23 nov 2026, alle ore 10:15, {who} <{at}> ha scritto:",
    "pt": "No dia 23 de nov. de 2026, às 10:15, {who} <{at}> escreveu:",
    "pl": "Wiadomość napisana przez {who} <{at}> w dniu 23 lis 2026, o godz. 10:15:",
    "tr": "{who} <{at}> şunları yazdı (23 Kas 2026 10:15):",
    "uk": "23 лист. 2026 р. о 10:15 {who} <{at}> написав(-ла):",
    "he": "ב-23 בנוב׳ 2026, בשעה 10:15, {who} <{at}> כתב/ה:",
    "ar": "في ٢٣ نوفمبر ٢٠٢٦، الساعة ١٠:١٥ ص، كتب {who} <{at}>:",
}
THUNDERBIRD = {
    "en": "On 23/11/2026 10:15, {who} wrote:",
    "de": "Am 23.11.26 um 10:15 schrieb {who}:",
    "fr": "Le 23/11/2026 à 10:15, {who} a écrit :",
    "es": "El 23/11/26 a las 10:15, {who} escribió:",
    "it": "Il 23/11/2026 10:15, {who} ha scritto:",
    "pt": "Às 10:15 de 23/11/2026, {who} escreveu:",
    "pl": "W dniu 23.11.2026 o 10:15, {who} pisze:",
    "tr": "23.11.2026 10:15 tarihinde {who} yazdı:",
    "uk": "23.11.26 10:15, {who} пише:",
    "he": "ב-23/11/2026 10:15, {who} כתב:",
    "ar": "في 23/11/2026 10:15، كتب {who}:",
}
OUTLOOK = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De ", "Envoyé ", "À ", "Objet "),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "pt": ("De", "Enviado", "Para", "Assunto"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "uk": ("Від", "Надіслано", "Кому", "Тема"),
    "he": ("מאת", "נשלח", "אל", "נושא"),
    "ar": ("من", "تم الإرسال", "إلى", "الموضوع"),
}
TELEPHONE = {
    "en": "Sent from my iPhone",
    "de": "Von meinem iPhone gesendet",
    "fr": "Envoyé de mon iPhone",
    "es": "Enviado desde mi iPhone",
    "it": "Inviato da iPhone",
    "pt": "Enviado do meu iPhone",
    "pl": "Wysłane z iPhone'a",
    "tr": "iPhone'umdan gönderildi",
    "uk": "Надіслано з iPhone",
    "he": "נשלח מה-iPhone שלי",
    "ar": "أرسلت من الـ iPhone الخاص بي",
}
REPEATED = """The Harbour Gazette asks about your report:

    In which year was the bridge opened?

Answer: https://corrections.example/r/abcdefgh

The Harbour Gazette"""
QUOTE = "\n".join(f"> {line}".rstrip() for line in REPEATED.split("\n"))


def letter(
    *, language: str = "en", subject: str = "Re: The Harbour Gazette has a question", **headers: str
) -> EmailMessage:
    """An answer without its words, as a mail program addresses it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = headers.pop("From", "Ann Harbour <ann@readers.example>")
    message["To"] = headers.pop("To", f"{PAPER} <{OURS}>")
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 11:02:33 +0100"
    message["Message-ID"] = headers.pop("message_id", f"<{language}.1@readers.example>")
    message["In-Reply-To"] = "<77.0123456789abcdef@corrections.example>"
    for name, value in headers.items():
        message[name] = value
    return message


def text_letter(body: str, **about: str) -> bytes:
    """An answer in plain text."""
    message = letter(**about)
    message.set_content(body, cte="base64")
    return message.as_bytes()


def html_letter(page: str, **about: str) -> bytes:
    """An answer in HTML alone."""
    message = letter(**about)
    message.set_content(page, subtype="html", cte="base64")
    return message.as_bytes()


def gmail(language: str) -> bytes:
    """Above what it repeats, with an address that is broken over two lines, in text and HTML."""
    head = GMAIL[language].format(who=PAPER, at=OURS)
    message = letter(language=language)
    message.set_content(f"{SAID[language]}\n\n{SIGNED[language]}\n\n{head}\n\n{QUOTE}\n", cte="base64")
    lines = SAID[language].replace("\n", "<br>")
    message.add_alternative(
        f'<div dir="auto">{lines}</div><div class="gmail_quote"><div class="gmail_attr">{head}</div>'
        f'<blockquote class="gmail_quote">{REPEATED}</blockquote></div>',
        subtype="html",
        cte="base64",
    )
    return message.as_bytes()


def apple(language: str) -> bytes:
    """From a telephone, with its line."""
    head = APPLE[language].format(who=PAPER, at=OURS)
    body = f"{SAID[language]}\n\n{TELEPHONE[language]}\n\n> {head}\n> \n{QUOTE}\n"
    return text_letter(body, language=language)


def thunderbird(language: str) -> bytes:
    """Below what it repeats, with a signature after two hyphens."""
    head = THUNDERBIRD[language].format(who=PAPER)
    return text_letter(f"{head}\n{QUOTE}\n\n{SAID[language]}\n\n-- \nAnn\nhttps://ann.example\n", language=language)


def outlook(language: str) -> bytes:
    """Above four lines of headers and what comes with them, none of it marked."""
    sender, sent, to, subject = OUTLOOK[language]
    head = (
        f"{sender}: {PAPER} <{OURS}>\n{sent}: Monday, 23 November 2026 10:15\n"
        f"{to}: ann@readers.example\n{subject}: A question"
    )
    body = f"{SAID[language]}\n\n{SIGNED[language]}\n\n________________________________\n{head}\n\n{REPEATED}\n"
    return text_letter(body.replace("\n", "\r\n"), language=language)


def webmail(language: str) -> bytes:
    """In HTML alone, its quotation in an element."""
    head = GMAIL[language].format(who=PAPER, at=OURS).replace("<", "&lt;").replace(">", "&gt;").replace("\n", "")
    lines = SAID[language].replace("\n", "<br>")
    return html_letter(
        f"<html><head><style>p {{ color: red }}</style></head><body><p>{lines}</p><p>{SIGNED[language].replace(chr(10), '<br>')}</p>"
        f"<div>{head}</div><blockquote type=cite><p>{REPEATED}</p></blockquote></body></html>",
        language=language,
    )


def outlook_html(language: str) -> bytes:
    """In HTML alone, its quotation marked by nothing but a rule and headers."""
    sender, sent, to, subject = OUTLOOK[language]
    lines = "".join(f"<div>{line}</div>" for line in SAID[language].split("\n"))
    return html_letter(
        f'{lines}<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>{sender}:</b> {PAPER} &lt;{OURS}&gt;<br>'
        f"<b>{sent}:</b> Monday 10:15<br><b>{to}:</b> ann@readers.example<br><b>{subject}:</b> A question</div><div>{REPEATED}</div>",
        language=language,
    )


PROGRAMS = {
    "gmail": gmail,
    "apple": apple,
    "thunderbird": thunderbird,
    "outlook": outlook,
    "webmail": webmail,
    "outlook-html": outlook_html,
}
