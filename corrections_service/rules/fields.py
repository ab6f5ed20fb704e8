"""The fields of a report, from whichever door it comes: names, limits, cleaning, and what is said of a wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Protocol

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from corrections_service import errors
from corrections_service.rules import addresses, text, urls
from corrections_service.rules.changes import Kind

LONGEST_EXACT, LONGEST_AROUND = 2000, 300
"""Of a quote's words, and of those on each side of it; longer ones are cut, so that no selection is refused."""

LONGEST_TITLE, LONGEST_WEBSITE = 300, 100
LARGEST = 10**9
"""Of a number; a dialog that was open for weeks is no error of the reader's."""

_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"  # RFC 9562, versions 4 and 7
_IS_ID = re.compile(_ID).fullmatch
_IS_SHA256 = re.compile(r"[0-9a-fA-F]{64}").fullmatch


class Publication(Protocol):
    """The site that a report is for, as far as its fields depend on it."""

    origins: list[str]
    policy: Mapping[str, Any]


def one_of(values: Iterable[str]) -> Callable[[str], str]:
    """How one of these is read; any other is refused with their names."""
    names = list(values)

    def read(value: str) -> str:
        if value not in names:
            raise ValueError(f"One of: {', '.join(names)}.")
        return value

    return read


def _of_text(read: Callable[[str], object]) -> BeforeValidator:
    """How a text is read; what is none is left as it is, for the field's type to refuse."""
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _trimmed(value: str) -> str:
    """Clean text without the spaces around it."""
    return text.clean(value).strip()


def visible(value: str) -> str:
    """The text, or nothing where a reader would see nothing."""
    return value if text.is_visible(value) else ""


def _key(value: str) -> str:
    key = text.clean(value)
    if not key:
        raise ValueError("The site's key is missing.")
    return key


def _id(value: str) -> str:
    if not _IS_ID(value):
        raise ValueError(
            "This must be a random UUID (version 4) in lower case, such as 7f2c1a52-8a55-4d1e-9c62-0b6a3f7f1d11."
        )
    return value


def _address(value: object, info: ValidationInfo[Publication]) -> object:
    """The one form of an address of the site's."""
    if not isinstance(value, str):
        return value
    site = info.context
    urls.parse(value)
    if not urls.belongs_to(value, site.origins):
        raise ValueError("This address is not one of the site's.")
    return urls.canonical(value, site.policy.get("query_parameters"))


def _page_address(value: object, info: ValidationInfo[Publication]) -> object:
    """Where the words were read; nothing where that is no address of the site's: it never counts against a report."""
    try:
        address = _address(value, info)
    except ValueError:
        return ""
    return address if isinstance(address, str) and len(address) <= urls.LONGEST else ""


def _before(value: str) -> str:
    """The words before a quote: the end of them, next to it."""
    words = text.clean(value)
    return text.cut(words[-LONGEST_AROUND:], LONGEST_AROUND) if len(words) > LONGEST_AROUND else words


def _after(value: str) -> str:
    """The words after a quote: the beginning of them."""
    return text.cut(text.clean(value), LONGEST_AROUND)


def _suggestion(value: object, info: ValidationInfo) -> object:
    """What is suggested, which is nothing where it is what stands there, as a plain form fills it in."""
    return "" if value == info.data.get("exact", "").strip() else value


def _remove(value: object, info: ValidationInfo) -> bool:
    """Whether 1 was said, as a form or as JSON says it; nothing and 0 say no."""
    answer = str(int(value)) if isinstance(value, int) else value
    if answer not in ("", "0", "1"):
        raise ValueError("1, or nothing.")
    if answer == "1" and info.data.get("suggestion"):
        raise ValueError("Either the words should go, or others should stand there: leave one of the two out.")
    if answer == "1" and not text.is_visible(info.data.get("exact", "") + info.data.get("place", "")):
        raise ValueError("Say which words should go.")
    return answer == "1"


_of_kinds = one_of(Kind)


def _kind(value: str) -> str | None:
    return _of_kinds(value) if value else None


def _source(value: str) -> str:
    """The address, to which https is added where people leave it out, as in "archive.example/1978"."""
    address = value.strip()
    if not address:
        return ""
    host = address.partition("/")[0]
    is_bare = "." in host and ":" not in host
    return urls.parse(f"https://{address}" if is_bare else address).href


def _email(value: str) -> str:
    return addresses.mailable(value) if value.strip() else ""


def _language(value: str) -> str:
    """A BCP 47 tag, or nothing where it is none: it never counts against a report."""
    value = value.strip()
    plain = value.replace("-", "")
    return value if plain.isascii() and plain.isalnum() and 2 <= len(value) <= 35 else ""


def _title(value: str) -> str:
    return text.one_line(text.clean(value), LONGEST_TITLE)


def _website(value: str) -> str:
    return text.cut(text.clean(value), LONGEST_WEBSITE)


def _sha256(value: str) -> str:
    return value.lower() if _IS_SHA256(value) else ""


def _number(value: object) -> int | None:
    """A whole number, as a form writes it or as JSON does, where 7.0 is one too."""
    digits = value
    if (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer()):
        digits = str(int(value))
    if digits == "":
        return None
    if not isinstance(digits, str) or not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise ValueError("This must be a whole number.")
    return min(int(digits), LARGEST)


def _left_out(schema: dict[str, Any]) -> None:
    """Say in the schema that JSON's null stands for a field that is left out."""
    for name, field in schema["properties"].items():
        if name not in schema["required"] and "type" in field:
            types = field["type"] if isinstance(field["type"], list) else [field["type"]]
            field["type"] = [*types, "null"]
            if "enum" in field:
                field["enum"] = [*field["enum"], None]


Number = Annotated[
    int | None,
    BeforeValidator(_number),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 0, "maximum": 10**18 - 1, "pattern": "^[0-9]{0,18}$"}),
]


class ForSite(BaseModel):
    """What is sent for a site."""

    site: Annotated[
        str, _of_text(_key), Field(description="The site's public key.", json_schema_extra={"minLength": 1})
    ]


class NewReport(ForSite):
    """One of exact, place and comment holds something visible; other fields are ignored.

    Limits count the characters of clean text: composed (NFC), without controls and without spaces at its ends.
    """

    model_config = ConfigDict(json_schema_extra=_left_out)

    url: Annotated[
        str,
        Field(max_length=urls.LONGEST, description="The article as the reader sees it."),
        Field(json_schema_extra={"format": "uri"}),
        BeforeValidator(_address),
    ]
    page_url: Annotated[
        str,
        BeforeValidator(_page_address),
        WithJsonSchema({}),
        Field(
            description="Where it was read, if elsewhere: a page of a longer article, a list; "
            "one not of the site's is dropped."
        ),
    ] = ""
    several: Annotated[
        bool,
        BeforeValidator(lambda value: value in ("1", 1, True)),
        WithJsonSchema({}),
        Field(description="1: read on a page of several articles that does not tell which."),
    ] = False
    id: Annotated[
        str,
        _of_text(_id),
        Field(
            description="Made by the sender; the same id is the same report.",
            json_schema_extra={"format": "uuid", "pattern": _ID},
        ),
    ]
    exact: Annotated[
        str,
        Field(description=f"Cut at {LONGEST_EXACT} characters."),
        _of_text(text.clean),
        AfterValidator(visible),
    ] = ""
    prefix: Annotated[str, _of_text(_before), Field(description=f"Cut at {LONGEST_AROUND} characters.")] = ""
    suffix: Annotated[str, _of_text(_after), Field(description=f"Cut at {LONGEST_AROUND} characters.")] = ""
    place: Annotated[
        str,
        Field(max_length=300, description="Instead of a quote: the words, or which part of the page."),
        _of_text(_trimmed),
        AfterValidator(visible),
    ] = ""
    suggestion: Annotated[
        str,
        Field(max_length=2000, description="What it should say."),
        BeforeValidator(_suggestion),  # before its length is judged: a quote may be longer than a suggestion
        _of_text(_trimmed),
        AfterValidator(visible),
    ] = ""
    remove: Annotated[
        bool,
        BeforeValidator(_remove),
        WithJsonSchema({"type": ["string", "integer", "boolean"], "enum": ["", "0", "1", 0, 1, False, True]}),
        Field(description="1: the words in `exact` or `place` should go; then `suggestion` is empty or left out."),
    ] = False
    comment: Annotated[
        str,
        Field(max_length=1000, description="What is wrong, in the reader's words."),
        _of_text(_trimmed),
        AfterValidator(visible),
    ] = ""
    kind: Annotated[
        Kind | None,
        _of_text(_kind),
        WithJsonSchema({"type": "string", "enum": ["", *map(str, Kind)]}),
        Field(description="What is wrong; left out, it is guessed from the suggestion."),
    ] = None
    source_url: Annotated[
        str,
        _of_text(_source),
        Field(description="Where it can be checked.", json_schema_extra={"maxLength": urls.LONGEST}),
    ] = ""
    email: Annotated[
        str,
        _of_text(_email),
        Field(description="Its presence asks for an answer.", json_schema_extra={"maxLength": addresses.LONGEST}),
    ] = ""
    lang: Annotated[str, _of_text(_language), Field(description="The language of the reader's page (BCP 47).")] = ""
    title: Annotated[str, _of_text(_title), Field(description="The page's headline as the reader sees it.")] = ""
    start: Annotated[Number, Field(description="Where the quote begins in the page's text.")] = None
    selection_length: Annotated[Number, Field(description="Of a selection that was cut.")] = None
    selection_sha256: Annotated[str, _of_text(_sha256), Field(description="Of a selection that was cut.")] = ""
    elapsed_ms: Annotated[Number, Field(description="How long the reader took.")] = None
    website: Annotated[str, _of_text(_website), Field(description="Left empty by people.")] = ""

    @model_validator(mode="after")
    def _say_something(self) -> NewReport:
        if not any(map(text.is_visible, (self.exact, self.place, self.comment))):
            raise ValueError("Mark the words that are wrong, or say in your own words what is.")
        return self


FIELDS = tuple(NewReport.model_fields)
LIMITS: dict[str, int] = {
    name: field["maxLength"]
    for name, field in NewReport.model_json_schema()["properties"].items()
    if "maxLength" in field
}
"""How many characters a field may have, where it is not cut."""


def wrong(error: ValidationError) -> errors.InvalidFields:
    """What is wrong with each field, in a sentence; what is wrong with all of them together stands at the comment."""
    sentences: dict[str, str] = {}
    for mistake in error.errors(include_url=False):
        sentences[str(mistake["loc"][0]) if mistake["loc"] else "comment"] = _sentence(mistake)
    return errors.InvalidFields(sentences)


def _sentence(mistake: Any) -> str:
    match mistake["type"]:
        case "value_error":
            return str(mistake["ctx"]["error"])
        case "string_too_long":
            return f"At most {mistake['ctx']['max_length']:,} characters; this has {len(mistake['input']):,}."
        case "missing":
            return f"This is missing. {NewReport.model_fields[mistake['loc'][0]].description}"
        case _:
            return "This must be text."
