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

REPORTED = {
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
