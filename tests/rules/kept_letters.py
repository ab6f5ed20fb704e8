"""Letters of which too much, too little or the wrong thing was kept once, each with what it is and says: the third collection."""

from __future__ import annotations

import base64

from corrections_service.rules.incoming import Sort
from tests.rules.programs_alone import ORIGINAL
from tests.rules.replies import OURS, PAPER, QUOTE, REPEATED, html_letter, letter, text_letter

AT = f"{PAPER} <{OURS}>"

SIGNED = {
    "a sentence in French": "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.\n\nAnne Dupont\n01 23 45 67 89",
    "a wish in Arabic": "مع خالص التقدير،\nآن\nهاتف: 0123456789",
    "three letters in Portuguese": "Abs,\nAna\n(21) 99999-1234",
    "a good day in Ukrainian": "Гарного дня!\nОлена\n067 123 45 67",
    "two greetings in English": "Thanks and regards,\nAnn\n07700 900123",
    "two greetings in German": "Danke & viele Grüße\nAnna\n0431 123456",
    "a town in German": "Mit freundlichem Gruß aus Kiel\nJens Petersen\n0431 123456",
    "a town in Polish": "Pozdrawiam z Gdyni\nAnna\nkom. 600 123 123",
    "a wish for the trees": "Kind regards,\nAnn\n\nPlease consider the environment before printing this e-mail.",
    "vowels of Arabic": "مُرسل من الـ iPhone",
    "a telephone in Turkish": "Galaxy cihazımdan gönderildi",
    "another in Turkish": "Samsung cep telefonumdan gönderildi",
    "hyphens": "--\nAnn Harbour\nUniversity of Bath, Department of History and Archives, Room 12 on the second floor.\n+44 1225 1",
}
"""What stands below an answer and is no part of it."""

SAID_BELOW = {
    "a rule of hyphens between two parts": "It was 1978.\n\n--\n\nAnd the photograph is of another bridge, the one in Bath, as the caption says.",
    "thanks that go on": "Thanks for the question.\nIt was 1978.",
    "greetings that go on": "Greetings from Bath,\nwhere the bridge was opened in 1978, as everybody here knows very well indeed.",
    "printing": "The council prints its plans on paper, whatever it says about the environment, and it was 1978.",
}
"""What somebody says that looks like a signature."""

REPEATED_BY = {
    "horde": f"1978.\n\nZitat von {AT}:\n\n{QUOTE}\n",
    "the bat": "1978.\n\nВы писали 23 ноября 2026 г., 10:15:22:\n\n"
    + QUOTE.replace("> ", "N> ").replace("\n>\n", "\nN>\n"),
}

IN_PAGES = {
    "a container alone": f'<div>1978.</div><div id="mail-editor-reference-message-container"><p>Date: Monday<br>From: {PAPER}</p>{REPEATED}</div>',
    "a container in a line": f'1978.<div id="mail-editor-reference-message-container"><p>Date: Monday</p>{REPEATED}</div>',
    "quotations in quotations": f"<p>1978.</p><blockquote>a<blockquote>b {REPEATED}</blockquote></blockquote>",
}


def pointing() -> bytes:
    """A plain text which only says that there is a page."""
    message = letter()
    message.set_content("This message requires an HTML-capable mail reader.\n")
    message.add_alternative("<p>It was 1978.</p>", subtype="html")
    return message.as_bytes()


def _packed(body: bytes, encoding: str, charset: str = "utf-8", more: str = "") -> bytes:
    head = letter().as_bytes().rstrip()
    kind = f"\r\nContent-Type: text/plain; charset={charset}{more}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head + kind.encode() + body


PACKED = {
    "no base64": (_packed(b"It was 1978, says the programme!\r\n", "base64"), "It was 1978, says the programme!"),
    "base64 above a list's words": (
        _packed(base64.encodebytes(b"It was 1978, says the programme.\n") + b"____\nDesk list\n", "base64"),
        "It was 1978, says the programme.\n____\nDesk list",
    ),
    "base64 cut short": (
        _packed(base64.encodebytes(b"It was 1978, says it all.")[:-6], "base64"),
        "It was 1978, says it al",
    ),
    "utf-7": (_packed("Die Brücke: 1978.".encode("utf-7"), "7bit", "utf-7"), "Die Brücke: 1978."),
    "a mark that was typed": (
        _packed(b"It says:\r\n > 100 people\r\n From the bridge.\r\n", "7bit", more="; format=flowed"),
        "It says:\n> 100 people\nFrom the bridge.",
    ),
    "a text for programs": (pointing(), "It was 1978."),
}


def _report(kind: str, second: str, sender: str = "feedback@arf.example") -> bytes:
    """A report of a program's about a mail of ours."""
    head = f"From: {sender}\r\nTo: {AT}\r\nSubject: FW: A question\r\nMessage-ID: <a1@arf.example>\r\nMIME-Version: 1.0\r\n"
    head += f'Content-Type: multipart/report; report-type={kind}; boundary="=_r"\r\n\r\n'
    parts = [
        "Content-Type: text/plain\r\n\r\nThis is a report about a message.\r\n",
        second,
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {ORIGINAL}\r\nSubject: A question\r\n\r\n{REPEATED}\r\n",
    ]
    return (head + "".join(f"--=_r\r\n{part}\r\n" for part in parts) + "--=_r--\r\n").encode()


def delivered(action: str) -> bytes:
    """That a mail of ours arrived, in words that those of a failure use too."""
    status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    status += f"Final-Recipient: rfc822; ann@readers.example\r\nAction: {action}\r\nStatus: 2.0.0\r\n"
    raw = _report("delivery-status", status, "MAILER-DAEMON@mx.example (Mail Delivery System)")
    subject = b"Return receipt" if action == "relayed" else b"Successful Mail Delivery Report"
    return raw.replace(b"FW: A question", subject)


ALONE = {
    "of spam": (
        Sort.AUTOMATIC,
        _report("feedback-report", "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"),
    ),
    "of TLS": (Sort.AUTOMATIC, _report("tlsrpt", "Content-Type: application/tlsrpt+gzip; name=x.json.gz\r\n\r\nH4sI")),
    "of DMARC": (
        Sort.AUTOMATIC,
        text_letter(
            "An aggregate report.", subject="Report Domain: gazette.example Submitter: x.example Report-ID: <1>"
        ),
    ),
    "a message on hold": (
        Sort.AUTOMATIC,
        text_letter(
            "This message was created automatically by TMDA.\n\nYour message is being held because your address is new."
        ),
    ),
    "a traveller": (
        Sort.AUTOMATIC,
        text_letter("Hello! I'm travelling this week with little access to mail and will reply when I get back."),
    ),
    "enciphered": (
        Sort.BROKEN,
        text_letter("-----BEGIN PGP MESSAGE-----\n\nhQIMA0abcdef\n=abcd\n-----END PGP MESSAGE-----\n"),
    ),
    "a sealed packet": (
        Sort.BROKEN,
        letter().as_bytes().rstrip() + b'\r\nContent-Type: application/pkcs7-mime; name="smime.p7m"\r\n\r\nMIAG',
    ),
    "of two words": (
        Sort.BOUNCE,
        text_letter(
            f"|-- Failed addresses follow: --|\n <ann@readers.example> ... unknown user\n\nMessage-ID: {ORIGINAL}\n",
            subject="mail failed, returning to sender",
            From="postmaster@mx.example",
        ),
    ),
}
"""What no reader said."""


def blockquote() -> bytes:
    """A page whose writer repeats the article."""
    return html_letter(
        "<p>Your article says:</p><blockquote>the <b>bridge</b> of 1987</blockquote><p>It is of 1978.</p>"
    )
