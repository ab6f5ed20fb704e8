"""A small newspaper to try the service on: articles with real-looking errors, and a newsroom where they can be edited."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import regex
from flask import Flask, Response, abort, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from corrections_service import shipped
from corrections_service.web import display

SOURCES = Path(__file__).parent / "articles"
RIGHT_TO_LEFT = ("ar", "he", "fa")
ORDER = (
    "the-bridge-that-waited",
    "a-library-for-the-island",
    "mist-na-richtsi",
    "al-mina-al-qadim",
    "der-letzte-schaffner",
)
ERRORS: list[tuple[str, str, str, str]] = [
    ("the-bridge-that-waited", "was opend in 1871", "was opened in 1871", "spelling"),
    ("the-bridge-that-waited", "in in ten years", "in ten years", "spelling"),
    ("the-bridge-that-waited", "2.4 kilometres per second", "2.4 metres per second", "fact"),
    ("a-library-for-the-island", "libarian", "librarian", "spelling"),
    ("a-library-for-the-island", "In it’s first year", "In its first year", "spelling"),
    ("a-library-for-the-island", "Morag Finley", "Morag Finlay", "name"),
    ("mist-na-richtsi", "в в документах", "в документах", "spelling"),
    ("mist-na-richtsi", "сумніваеться", "сумнівається", "spelling"),
    ("mist-na-richtsi", "5,4 кілометра", "5,4 метра", "fact"),
    ("al-mina-al-qadim", "1850 و1790", "1790 و1850", "fact"),
    ("al-mina-al-qadim", "سبعة كيلومترات", "سبعة أمتار", "fact"),
    ("al-mina-al-qadim", "الى الشوارع", "إلى الشوارع", "spelling"),
    ("der-letzte-schaffner", "Schaffner weiss", "Schaffner weiß", "spelling"),
    ("der-letzte-schaffner", "daß der Bäcker", "dass der Bäcker", "spelling"),
    ("der-letzte-schaffner", "60 Metern pro Stunde", "60 Kilometern pro Stunde", "fact"),
    ("a-library-for-the-island", "for six week,", "for six weeks,", "spelling"),
    ("a-library-for-the-island", "180,000 a year", "180,000 pounds a year", "fact"),
]
"""Article, what it says, what it should say, kind: every one stands in one place of its article."""

LEFT = [next(error for error in ERRORS if error[0] == slug) for slug in ORDER[1:]]
LEFT += [error for error in ERRORS if error[0] == ORDER[0]]
"""What no reader has reported yet when the demo starts, as it leaps to the eye of who tries it: all errors of the
article that the demo opens, and the first of every other."""

KEYS = {
    "en": Markup("<kbd data-corrections-key>Ctrl + Enter</kbd>"),
    "de": Markup("<kbd data-corrections-key>Strg + Enter</kbd>"),
}
FOOTERS = {
    "en": (
        "To suggest a correction or clarification, write to us {here}. You can also highlight the text and press {key}.",
        "here",
        "Corrections",
    ),
    "uk": (
        "Щоб запропонувати виправлення чи уточнення, напишіть нам {here}. Можна також виділити текст і натиснути {key}.",
        "тут",
        "Виправлення",
    ),
    "ar": (
        "لاقتراح تصحيح أو توضيح، اكتبوا إلينا {here}. يمكنكم أيضا تحديد النص والضغط على {key}.",
        "هنا",
        "التصحيحات",
    ),
    "de": (
        "Um eine Korrektur oder Klarstellung vorzuschlagen, schreiben Sie uns {here}. Sie können auch Text markieren und {key} drücken.",
        "hier",
        "Korrekturen",
    ),
}


@dataclass(frozen=True)
class Story:
    """One article as its source says."""

    slug: str
    headline: str
    standfirst: str
    author: str
    section: str
    lang: str
    published: datetime
    picture: str
    text: str
    edited: datetime

    @property
    def direction(self) -> str:
        """Which way its language is written."""
        return "rtl" if self.lang in RIGHT_TO_LEFT else "ltr"


def create_newspaper(
    *,
    directory: Path,
    embed_url: str,
    report_url: str,
    log_url: str,
    published: Callable[[str], None] = lambda address: None,
    name: str = "The Harbour Gazette",
) -> Flask:
    """The newspaper, which carries the service's one tag; edits are kept in the directory, and `published` hears of them."""
    app = Flask(__name__, template_folder=str(shipped("templates")), static_folder=str(shipped("static")))
    app.jinja_options = display.JINJA
    service = "{0.scheme}://{0.netloc}".format(urlsplit(embed_url))
    directory.mkdir(parents=True, exist_ok=True)
    shared = {"paper": name, "embed_url": embed_url, "log_url": log_url}

    @app.get("/")
    def front() -> str:
        return render_template("demo/front.html", stories=[read_story(directory, slug) for slug in ORDER], **shared)

    @app.get("/articles/<slug>")
    def article(slug: str) -> Response:
        story = _known(directory, slug)
        address = f"{request.url_root}articles/{slug}"
        sentence, here, log = FOOTERS[story.lang]
        link = Markup('<a data-corrections-report href="{}">{}</a>').format(
            f"{report_url}?url={quote(address, safe='')}", here
        )
        page = render_template(
            "demo/article.html",
            story=story,
            blocks=blocks(story.text),
            address=address,
            footer=Markup(escape(sentence)).format(here=link, key=KEYS.get(story.lang, KEYS["en"])),  # noqa: S704
            log_word=log,
            others=[read_story(directory, neighbour) for neighbour in ORDER if neighbour != slug],
            linked=_linked(story, address, name),
            **shared,
        )
        answer = Response(page)
        answer.set_etag(hashlib.sha256(page.encode()).hexdigest()[:20])
        answer.last_modified = story.edited
        return answer.make_conditional(request)  # type: ignore[return-value]

    @app.get("/newsroom")
    def newsroom() -> str:
        return render_template("demo/newsroom.html", stories=[read_story(directory, slug) for slug in ORDER], **shared)

    @app.route("/newsroom/<slug>", methods=["GET", "POST"])
    def edit_article(slug: str) -> str | AnyResponse:
        story = _known(directory, slug)
        if request.method == "GET":
            return render_template("demo/edit.html", story=story, **shared)
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            abort(403)
        if request.form.get("action") == "restore":
            (directory / f"{slug}.txt").unlink(missing_ok=True)
        else:
            _save(directory, slug, request.form.get("text", "").replace("\r\n", "\n"))
        published(f"{request.url_root}articles/{slug}")
        return redirect(f"/articles/{slug}")

    @app.after_request
    def protect(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src {service}; connect-src {service}; style-src 'self'; img-src 'self'; "
            "form-action 'self'; base-uri 'none'"
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return app


def article_paths() -> list[str]:
    """Where the articles are, the long one first."""
    return [f"/articles/{slug}" for slug in ORDER]


def read_story(directory: Path, slug: str) -> Story:
    """An article, as edited or else as it came."""
    edited = directory / f"{slug}.txt"
    path = edited if edited.is_file() else SOURCES / f"{slug}.txt"
    head, _, text = path.read_text("utf-8").partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    published = datetime.fromisoformat(facts.pop("published"))
    when = datetime.fromtimestamp(edited.stat().st_mtime, UTC) if edited.is_file() else published
    return Story(slug=slug, published=published, text=text.strip(), edited=when, **facts)


def edit(directory: Path, slug: str, old: str, new: str) -> None:
    """Replace words of an article, as a person in the newsroom would. Raises ValueError when they are not there once."""
    story = read_story(directory, slug)
    if story.text.count(old) != 1:
        raise ValueError(f"{old!r} stands {story.text.count(old)} times in {slug}")
    _save(directory, slug, story.text.replace(old, new))


def prose(text: str) -> str:
    """The article's words as its page shows them, without the marks of the source."""
    pieces: list[Markup] = []
    for _, content in blocks(text):
        pieces += [content] if isinstance(content, Markup) else [cell for row in content for cell in row]
    return "\n".join(piece.striptags() for piece in pieces)


def blocks(text: str) -> list[tuple[str, Markup | list[list[Markup]]]]:
    """The article's blocks: paragraph, heading, quotation or table, all as safe markup."""
    parts: list[tuple[str, Markup | list[list[Markup]]]] = []
    for block in regex.split(r"\n\s*\n", text.strip()):
        if block.startswith("## "):
            parts.append(("heading", _inline(block[3:])))
        elif block.startswith("> "):
            parts.append(("quotation", _inline(block[2:])))
        elif block.startswith("|"):
            rows = [[_inline(cell.strip()) for cell in row.strip().strip("|").split("|")] for row in block.splitlines()]
            parts.append(("table", rows))
        else:
            parts.append(("paragraph", _inline(block)))
    return parts


def _inline(text: str) -> Markup:
    """Escaped text with *emphasis*."""
    return Markup(regex.sub(r"\*([^*\n]+)\*", r"<em>\1</em>", str(escape(text))))  # noqa: S704


def _save(directory: Path, slug: str, text: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{slug}.txt"
    if not path.exists():
        shutil.copy(SOURCES / f"{slug}.txt", path)
    head = path.read_text("utf-8").partition("\n\n")[0]
    fresh = directory / f"{slug}.new"
    fresh.write_text(f"{head}\n\n{text.strip()}\n", "utf-8")
    fresh.replace(path)


def _known(directory: Path, slug: str) -> Story:
    if slug not in ORDER:
        abort(404)
    return read_story(directory, slug)


def _linked(story: Story, address: str, paper: str) -> dict[str, object]:
    """The article's facts for machines (schema.org)."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.standfirst,
        "author": {"@type": "Person", "name": story.author},
        "articleSection": story.section,
        "inLanguage": story.lang,
        "datePublished": story.published.isoformat(),
        "dateModified": story.edited.isoformat(),
        "mainEntityOfPage": address,
        "publisher": {"@type": "NewsMediaOrganization", "name": paper},
    }
