"""Letters that were read wrongly once, and letters that look like what they are not: each with what it is, and what it says.

What a person answers here is said in one line or two; the rest is the doing of mail programs, servers and companies.
"""

from __future__ import annotations

from corrections_service.rules.incoming import Sort
from tests.rules.replies import OURS, PAPER, QUOTE, REPEATED, html_letter, letter, text_letter

AT = f"{PAPER} <{OURS}>"
ASKED = f"On Mon, Nov 23, 2026 at 10:15 AM {AT} wrote:\n{QUOTE}\n"

WRITTEN: dict[str, tuple[str, str]] = {
    "ipad in Turkish": (
        "1978 yılında.",
        f"iPad’imden gönderildi\n\n> {AT} şunları yazdı (23 Kas 2026 10:15):\n{QUOTE}",
    ),
    "samsung in German": (
        "Ja, 1978",
        f"Von meinem/meiner Galaxy gesendet\n\n-------- Ursprüngliche Nachricht --------\nVon: {AT}\n"
        f"Datum: 23.11.26 10:15 (GMT+01:00)\nAn: ann@readers.example\nBetreff: Eine Frage\n\n{REPEATED}",
    ),
    "proton": ("In 1978.", f"Sent with [Proton Mail](https://proton.me/) secure email.\n\n{ASKED}"),
    "gmx": (
        "1978 war das.",
        f"Viele Grüße\nJens\n \nGesendet: Montag, 23. November 2026 um 10:15 Uhr\nVon: {AT}\nAn: ann@readers.example\n"
        f"Betreff: Eine Frage\n\n{REPEATED}",
    ),
    "notes": (
        "Das war 1978.",
        f"Mit freundlichen Grüßen / Kind regards\n\nJens Petersen\n\nVon:\t{AT}\nAn:\tann@readers.example\n"
        f"Datum:\t23.11.2026 10:15\nBetreff:\tEine Frage\n\n{REPEATED}",
    ),
    "a scanner's notice": (
        "In 1978.",
        f"<https://www.avast.com/sig-email?utm_medium=email> Virus-free.www.avast.com\n<#DAB4FAD8>\n\n{ASKED}",
    ),
    "an invisible sign": ("In 1978.", f"\u2063Get BlueMail for Android\n\n{ASKED}"),
    "gmail in Turkish": ("1978.", f"{AT}, 23 Kas 2026\nPzt, 10:15 tarihinde şunu yazdı:\n\n{QUOTE}"),
    "zoho": ("In 1978.", f"---- On Mon, 23 Nov 2026 10:15:22 +0100 {AT} wrote ---\n\n{REPEATED}"),
    "yahoo": ("In 1978.", f"    On Monday, November 23, 2026 at 10:15:22 AM GMT+1, {AT} wrote:  \n \n {REPEATED}"),
    "em client": (
        "In 1978.",
        f"------ Original Message ------\nFrom {AT}\nTo ann@readers.example\nDate 23/11/2026 10:15:22\n\n{REPEATED}",
    ),
    "ukr.net": ("1978 рік.", f"23 листопада 2026, 10:15:22, від {AT}:\n\n{REPEATED}"),
    "orange": ("En 1978.", f"> Message du 23/11/26 10:15\n> De : {AT}\n> A : ann@readers.example\n> \n{QUOTE}"),
    "a greeting in Polish": ("Rok 1978.", f"Pozdrawiam serdecznie\nAnna\n\n{ASKED}"),
    "a company's notice": (
        "In 1978.",
        "This e-mail is confidential and intended solely for the addressee. If it reached you in error, delete it.",
    ),
}
"""What was said, and what comes below it."""

UNMARKED: dict[str, str] = {
    "no date": f"Today at 10:02, {AT} wrote:",
    "no date in German": f"Heute um 10:02 schrieb {AT}:",
    "no time": f"{AT} schrieb:",
    "no time in French": f"{AT} a écrit :",
    "no time in two lines": f"{PAPER} <\n{OURS}> escribió:",
    "a title in French": "-----Message d’origine-----",
}
"""Above what a program repeats without a mark, and without a date."""

BELOW = {
    "gnus": f"{AT} writes:",
    "seamonkey": f"{PAPER} wrote:",
    "claws": f"On Mon, 23 Nov 2026 10:15:22 +0100\n{AT} wrote:",
    "mutt": f"* {AT} [2026-11-23 10:15]:",
    "nobody": "",
}
"""Above what it repeats, where the answer stands below."""

SAID_SO = {
    "a father": "Von meinem Vater weiß ich: es war 1978.",
    "another's words": "The archive answers:\n\nMr Smith (smith@archive.example) told me at 10:30:\n\nIt was 1978.\n\nSo it is.",
    "the mayor's words": "At 10:30 the mayor wrote:\n\nThe bridge is open.\n\nThat was in 1978.",
    "a secret": "It was 1978.\n\nThe city sent a confidential message to the builders in that year, and I have a copy of it here.",
    "a newspaper's words": "On 4 May 1978 at 10:30 the Gazette wrote:\n\nThe bridge is open.",
    "a timetable": "Here is the day of 4.5.1978, by ann@readers.example at 10:30:\n\n10:00 speech\n11:00 cake",
    "a postscript": "It was 1978.\n\nBest,\nAnn\n\nPS: Smith, not Smyth",
    "a list of facts": "Facts:\nDate: 4 May 1978\nPlace: Harbour\nSubject: opening",
    "a place": "Ich befinde mich gerade an der Brücke, auf der Tafel steht 1978.",
    "a vacation": "I am on vacation and have no papers here, but it was 1978.",
    "an old ferry": "The ferry is no longer in use since 1978.",
}
"""What a person says above our words, that reads like a program's."""

BETWEEN = {
    "the minister's words": ("The minister wrote:\n> we have 40\nbut it is 50.", "The minister wrote:\nbut it is 50."),
    "what we wrote": (
        "That is wrong.\n\nYou wrote:\n> we have 40\n\nBut it is 50.",
        "That is wrong.\n\nYou wrote:\n\nBut it is 50.",
    ),
    "two sentences": (
        "It is 50. Herr Müller schrieb:\n> es sind 40",
        "It is 50. Herr Müller schrieb:",
    ),
    "nothing of one's own": (f"{PAPER} wrote:\n{QUOTE}", ""),
    "nothing of one's own, in a line": ("The desk wrote:\n> In which year?", ""),
}
"""What stands above and below marked lines, and what of it is the writer's."""

THIRD_PERSON = [
    "It says parental leave is 12 weeks; the law says 14.",
    "She was on sick leave in May, not dismissed.",
    "The minister is on maternity leave, and was not dismissed.",
    "Mr Smith no longer works for the council, he left in 2019.",
    "Ms Ray is no longer with the company.",
    "He is currently out of office and lives in Rome; the mayor is Mr Poe.",
    "Prisoners have limited access to email, not none.",
    "Thank you for your email. I am sure that it was 1978.",
    "This is an automatically generated image, not a photograph.",
    "You have to pay to have your mail delivered since 2020.",
    "Sie war in Elternzeit, nicht entlassen.",
    "Der Minister war nicht im Hause, als abgestimmt wurde.",
    "Der Bürgermeister war am Montag nicht im Büro.",
    "Die Insel war nicht erreichbar bis 1978.",
    "Ich bin zurzeit nicht sicher, aber im Archiv steht 1978.",
    "Ich bin bis heute sicher, sie war in Elternzeit.",
    "Dies ist eine automatische Waffe, keine halbautomatische.",
    "Il était de retour le 5 mai.",
    "Elle était en congé maternité, pas licenciée.",
    "Le maire était absent du bureau ce jour-là.",
    "Ella tenía una baja por maternidad, no la despidieron.",
    "El ministro estaba actualmente fuera del país.",
    "La respuesta automática del ministerio no decía eso.",
    "La ministra era in maternità.",
    "I medici del reparto sono in ferie, non in sciopero.",
    "Al mio rientro vi mando la foto.",
    "Ela estava de licença de maternidade.",
    "Była na urlopie macierzyńskim, nie zwolniona.",
    "To jest automatyczna brama, nie ręczna.",
    "O kadın doğum iznindeydi, kovulmadı.",
    "Bu otomatik bir kapıdır.",
    "Він був на лікарняному, а не звільнений.",
    "Марія у відпустці з травня, її не звільнили.",
    "Комісія відсутня в статуті.",
    "Вона була у декретній відпустці.",
    "Це автоматична гвинтівка.",
    "היא הייתה בחופשת לידה ולא פוטרה.",
    "كانت في إجازة أمومة ولم تُفصل.",
    "الوزير حاليا في إجازة.",
    "The e-mail address is no longer in use; the new one is bridge@town.example.",
    "Die Klage ist bei uns eingegangen, nicht beim Landgericht.",
]
"""What people write about an article that automatic answers say of themselves."""

ABOVE_OURS = [
    "Please do not reply to this address, it is the old one; mine is ann@readers.example.",
    "Diese Adresse wird nicht gelesen, die richtige ist bridge@town.example.",
    "This e-mail address is no longer in use; the new one is bridge@town.example.",
    "Merci de ne pas répondre à côté : c'était en 1978.",
    "I am on leave, but it was 1978.",
]
"""What only a person says, for it stands above our words."""

REPORTED = {
    "Auto: falscher Preis": "Das Auto kostet mehr.",
    "Absence : le maire était là": "Il était là.",
    "The lift": "The lift at the station no longer works at all, you wrote that it does.",
    "Absence du maire hier": "Il était là.",
    "Urlop dyrektora szkoły": "Dyrektor był.",
    "Bridge": "I am on leave, so I read the paper: the bridge is of 1978.",
    "Read: your article on the bridge": "I read that it was 1978.",
    "Accepted: the plan of 1978": "They accepted it in 1978.",
}
"""What a person writes to the desk of themselves, by its subject."""

AWAY = [
    "Hi,\n\nthanks for your message. I'm currently out of office and will return on Monday.",
    "Guten Tag, ich bin zur Zeit nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.",
    "Guten Tag, ich bin bis Juni 2027 in Elternzeit. Meine Vertretung ist Frau Meyer.",
    "Hello, I am on maternity leave until June 2027.",
    "Actualmente me encuentro de vacaciones hasta el 7 de diciembre.",
    "En estos momentos no me encuentro en la oficina.",
    "Bonjour, absente du bureau, je prendrai connaissance de votre message à mon retour.",
    "Vielen Dank für Ihre E-Mail. Ihre Nachricht ist bei uns eingegangen.",
    "Please note that this mailbox is no longer in use.",
    "This message is sent automatically. To have your mail delivered, please follow this link.",
    "Ich bin bis Montag nicht im Büro.",
    "Ich bin bis Freitag, 7. Dezember, in Mutterschutz.",
    "Buongiorno,\n\nsono in ferie fino al 7 dicembre.",
    "Я на лікарняному до 7 грудня.",
    "أنا في إجازة أمومة حتى 7 ديسمبر.",
    f"Diese Nachricht wurde automatisch erstellt. Ich bin bis 7.12. abwesend.\n\n{QUOTE}",
]
"""What programs answer that set no header and change no subject."""


def written(kind: str) -> bytes:
    """An answer above what comes with it."""
    words, below = WRITTEN[kind]
    return text_letter(f"{words}\n\n{below}\n")


def _in_parts(*parts: bytes, sort: str = "mixed") -> bytes:
    head = letter(subject="Re: A question").as_bytes().rstrip()
    kind = f'\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{sort}; boundary="=_p"\r\n\r\n'.encode()
    return head + kind + b"".join(b"--=_p\r\n" + part + b"\r\n" for part in parts) + b"--=_p--\r\n"


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe programme says 1978.\r\n"
ICS = b"\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
PACKED: dict[str, tuple[Sort, bytes]] = {
    "a calendar attached": (
        Sort.PERSON,
        _in_parts(TEXT, b'Content-Type: text/calendar; name="a.ics"\r\nContent-Disposition: attachment' + ICS),
    ),
    "an appointment": (Sort.CALENDAR, _in_parts(TEXT, b"Content-Type: text/calendar; method=REPLY" + ICS)),
    "a body with a name": (
        Sort.PERSON,
        letter().as_bytes().rstrip()
        + b'\r\nContent-Type: text/plain; charset=utf-8; name="a.txt"\r\n\r\nThe programme says 1978.\r\n',
    ),
    "a sealed letter": (
        Sort.PERSON,
        _in_parts(TEXT, b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n\r\nMIAG', sort="signed"),
    ),
    "a quotation in a page": (
        Sort.PERSON,
        html_letter(f'The programme says 1978.<div class="yahoo_quoted">On Monday: {REPEATED}</div>'),
    ),
}


def told_as_read() -> bytes:
    """A receipt that is not marked as one."""
    return text_letter("Ihre Nachricht wurde am 23.11.2026 10:20 gelesen.\n", subject="Gelesen: Eine Frage")


def international_bounce() -> bytes:
    """A report in UTF-8 (RFC 6533)."""
    status = b"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: utf-8; ann@readers.example\r\nAction: failed\r\n"
    status += b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n"
    return _in_parts(
        b"Content-Type: text/plain\r\n\r\nCould not deliver\r\n",
        b"Content-Type: message/global-delivery-status\r\n\r\n" + status,
        sort="report; report-type=delivery-status",
    )


def _postman(body: str, subject: str) -> bytes:
    return text_letter(body, subject=subject, From="Mail Delivery System <MAILER-DAEMON@mx.example>")


BOUNCES = {
    "an apostrophe": text_letter(
        "Votre message n’a pas pu être remis à ann@readers.example",
        subject="Votre message",
        From="postmaster@mx.example",
    ),
    "utf-8": international_bounce(),
    "no mark before the copy": _postman(
        "Your message could not be delivered.\n\n<ann@readers.example>: 550 5.1.1 unknown\n\n"
        f"From: {PAPER} <corrections@gazette.example>\nSubject: A question\n",
        "Undelivered Mail Returned to Sender",
    ),
    "a full mailbox": _postman(
        "Your message to <ann@readers.example> was automatically rejected:\nQuota exceeded",
        "Automatically rejected mail",
    ),
}
