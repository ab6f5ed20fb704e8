"""The script in the page: what the loader is told, and the modules under an address that never changes."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.metadata
import json
import math
import re
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Blueprint, Response, current_app, request
from markupsafe import escape

from corrections_service import errors, shipped
from corrections_service.rules import fields, lexicon, urls
from corrections_service.rules.catalogue import LANGUAGES, best, catalogue_in, direction, sentences
from corrections_service.services import sites, starts
from corrections_service.settings import Settings
from corrections_service.store.models import Site
from corrections_service.web.access import database, public

bp = Blueprint("embed", __name__)

SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
IMMUTABLE = "public, max-age=31536000, immutable"
LOADER_SECONDS = 300
BETWEEN_TRIES = 60.0
"""Seconds until a process tries again to keep that a site's script was loaded, where the database would not."""

TYPED = {name: fields.LIMITS[name] for name in ("place", "suggestion", "comment")}
LIMITS: Mapping[str, object] = {
    "LONGEST_EXACT": fields.LONGEST_EXACT,
    "LIMITS": TYPED,
    "SHORT": min(TYPED.values()) * 4 // 5,
}
"""How much the script may send, by the names that it has for it: of a quote, of each text, and what is near no limit."""

_IMPORT = re.compile(r'^import [^;"]*from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:(?:async )?function|const) (\w+)", re.MULTILINE)
_HANDED_ON = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)
_WORD = re.compile(r"\bwords\.(\w+)")


@dataclass(frozen=True)
class Served:
    """A module as it goes out, plain and packed."""

    body: bytes
    packed: bytes


class Script:
    """The reader's script: its sources, and each module minified for a language when it is first asked for."""

    def __init__(self, folder: Path, constants: Mapping[str, str], contact_days: int) -> None:
        """Read the sources; their version is a hash of all that decides what is served.

        `contact_days` are the days that readers are told their address is kept.
        """
        self._contact_days = contact_days
        self._sources = joined({path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.js"))})
        self._styles = {
            path.stem: minified(path.read_text("utf-8"), "text/css") for path in sorted(folder.glob("*.css"))
        }
        self._constants = constants
        self._loader = minified(self._sources.pop("embed").replace("${BASE}", constants["BASE"]))
        catalogues = {language: sentences(language, "dialog") for language in LANGUAGES}
        inputs = [
            self._loader,
            sites.ALL_DOORS,
            str(contact_days),
            *map(importlib.metadata.version, ("corrections-service", "tdewolff-minify")),
        ]
        facts = {language: lexicon.listed(language) for language in LANGUAGES}
        everything = [self._sources, self._styles, constants, LIMITS, catalogues, facts, inputs]
        self.version = _hash(json.dumps(everything, sort_keys=True).encode())
        self._module = functools.lru_cache(maxsize=256)(self._made)
        self._whole = functools.lru_cache(maxsize=64)(self._made_whole)
        self.names = frozenset(self._sources)
        """The modules that are served: each with what it imports in it."""

    def loader(self, facts: Mapping[str, object]) -> str:
        """The loader of a site with what it has to know in it: it declares nothing where it runs."""
        return self._loader.replace("SITE", json.dumps(facts, separators=(",", ":")), 1)

    def module(self, name: str, language: str, own_sentences: Mapping[str, object]) -> Served:
        """One module in one language, with a site's own sentences. Raises NotFound."""
        if name not in self.names:
            raise errors.NotFound()
        return self._module(name, language, json.dumps(own_sentences, sort_keys=True))

    def whole(self, language: str, own_sentences: Mapping[str, object]) -> Served:
        """All of the script in one file, the same for all sites of the same words: the key is in its own address."""
        return self._whole(language, json.dumps(own_sentences, sort_keys=True))

    def _made_whole(self, language: str, own_json: str) -> Served:
        parts = ",".join(f"{name}:()=>{self._alone(name, language, json.loads(own_json))[1]}" for name in self._sources)
        before = (
            f"const PARTS={{{parts}}},MADE={{}},ASKED=new URL(import.meta.url).searchParams,"
            f"SITE={{key:ASKED.get('site'),doors:{json.dumps(sites.ALL_DOORS)},"
            "off:`${ASKED.get('off')||''}|`,load:async name=>MADE[name]||=PARTS[name]()};"
        )
        return served(minified(f"{{{before}{self._loader}}}"))

    def _made(self, name: str, language: str, own_json: str) -> Served:
        names, inner = self._alone(name, language, json.loads(own_json))
        return served(minified(f"export const{names}={inner}"))

    def _alone(self, name: str, language: str, own_sentences: Mapping[str, object]) -> tuple[str, str]:
        about_language = {"language": language, "direction": direction(language)}
        catalogue = {**sentences(language, "dialog"), **own_sentences, **about_language}
        catalogue["emailHint"] = catalogue["emailHint"].replace(
            "{days}", catalogue_in(language).days(self._contact_days)
        )
        constants = {"STYLE": self._styles.get(name, ""), "FACTS": lexicon.listed(language)}
        return alone(self._sources[name], catalogue, {**constants, **LIMITS, **self._constants})


def joined(sources: Mapping[str, str]) -> dict[str, str]:
    """The modules that no other imports, each with those that it imports before it, in one scope."""
    dependencies = {dependency for source in sources.values() for dependency in _IMPORT.findall(source)}

    def parts(name: str) -> dict[str, None]:
        before = [part for dependency in _IMPORT.findall(sources[name]) for part in parts(dependency)]
        return dict.fromkeys([*before, name])

    def inner(name: str) -> str:
        return _HANDED_ON.sub("", sources[name]).replace("export ", "")

    roots = sources.keys() - dependencies
    return {root: "".join(map(inner, list(parts(root))[:-1])) + sources[root] for root in sorted(roots)}


def alone(source: str, catalogue: Mapping[str, object], constants: Mapping[str, object]) -> tuple[str, str]:
    """What a module exports, and its value: a scope of its own, where all names can be shortened.

    Put before it are just the sentences and constants that it uses.
    """
    uses = Counter(_WORD.findall(source))
    values = {f"words_{name}": catalogue[name] for name, times in sorted(uses.items()) if times > 1}
    values |= {name: value for name, value in constants.items() if name in source}
    before = "".join(f"const {name}={_literal(value)};" for name, value in values.items())
    inner = _IMPORT.sub("", _HANDED_ON.sub("", source)).replace("export ", "")
    inner = _WORD.sub(lambda word: f"words_{word[1]}" if uses[word[1]] > 1 else _literal(catalogue[word[1]]), inner)
    handed_on = [name.strip() for exports in _HANDED_ON.findall(source) for name in exports.split(",")]
    names = f"{{{','.join([*_EXPORTED.findall(source), *handed_on])}}}"
    return names, f"(()=>{{{before}{inner};return{names}}})()"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def minified(source: str, kind: str = "application/javascript") -> str:
    """The same in fewer characters."""
    import minify  # a library with threads of its own, which a process that is forked after this would not have

    return str(minify.string(kind, source))


def served(source: str) -> Served:
    """The module in UTF-8, and packed as well as can be."""
    body = source.encode()
    return Served(body, brotli.compress(body, mode=brotli.MODE_TEXT, quality=11))


@bp.get("/embed/<key>.js")
@public
def embed(key: str) -> Response:
    """The loader for one site, with the little that it has to know."""
    with database().read() as session:
        site = sites.by_key(session, key)
    _note_load(site)
    body = _script().loader(_facts(site)).encode()
    return _answer(Served(body, brotli.compress(body, quality=5)), f"public, max-age={LOADER_SECONDS}")


@bp.get("/embed/<version>/<name>.js")
@public
def module(version: str, name: str) -> Response:
    """One module of the script, in the language of `lang=`, or all of it when its name is a language.

    A loader of before asks for an older version; it gets the present one, and keeps it for a short time only. All of
    it is asked for with its hash, so there it is this version or none.
    """
    language = name if name in LANGUAGES else best(request.args.get("lang", ""))
    _, _, key = version.partition("-")
    own_sentences, current = {}, _script().version
    if key:
        with database().read() as session:
            site = sites.by_key(session, key)
        own_sentences, current = sites.own_section(site, language), version_of(site, _script())
    if name in LANGUAGES:
        if version != current:
            raise errors.NotFound()
        _note_load_of(request.args.get("site", ""))
        return _answer(_script().whole(language, own_sentences), IMMUTABLE)
    part = _script().module(name, language, own_sentences)
    return _answer(part, IMMUTABLE if version == current else f"public, max-age={LOADER_SECONDS}")


def _note_load_of(key: str) -> None:
    """Keep that a site's page loaded all of the script; where the database is away, that is not seen."""
    with suppress(errors.CorrectionsError):
        with database().read() as session:
            site = sites.with_key(session, key)
        if site is not None:
            _note_load(site)


def _note_load(site: Site) -> None:
    """Keep when a page of the site first loaded the script: one write, and where it fails, a minute without another.

    A page of this service loads it for no site, and an address that somebody only opens is no load.
    """
    if site.first_load_at is not None or request.method != "GET":
        return
    came_from = request.headers.get("Origin") or _origin_of(request.referrer or "")
    is_script = request.headers.get("Sec-Fetch-Dest", "script") == "script"
    failures: dict[int, float] = current_app.extensions["loads_not_kept"]
    has_failed = time.monotonic() - failures.get(site.id, -math.inf) < BETWEEN_TRIES
    if has_failed or not is_script or not starts.is_own_page(site, came_from):
        return
    try:
        with database().write() as session:
            starts.note_load(session, site.id)
    except errors.CorrectionsError:  # the reader gets the script whatever happens
        failures[site.id] = time.monotonic()


def _origin_of(address: str) -> str:
    try:
        return urls.origin_of(address)
    except urls.BadAddress:
        return ""


def whole_tag(script: Script, site: Site, base_url: str, language: str = "") -> str:
    """The line for the site's pages that loads nothing but these bytes (W3C Subresource Integrity)."""
    language = best(language, site.language)
    version = version_of(site, script)
    body = script.whole(language, sites.own_section(site, language)).body
    integrity = base64.b64encode(hashlib.sha384(body).digest()).decode()
    off = ",".join(way for way in sites.WAYS_IN if way not in sites.ways_in(site))
    address = f"{base_url}/embed/{version}/{language}.js?site={site.key}" + (f"&off={off}" if off else "")
    return f'<script type="module" async crossorigin integrity="sha384-{integrity}" src="{escape(address)}"></script>'


def _facts(site: Site) -> dict[str, object]:
    """What the loader knows of its site."""
    return {
        "key": site.key,
        "version": version_of(site, _script()),
        "doors": sites.doors(site),
        "off": " ".join(way for way in sites.WAYS_IN if way not in sites.ways_in(site)) + "|",
    }


def version_of(site: Site, script: Script) -> str:
    """The script's version for a site: one of its own where it has words of its own."""
    own_sentences = site.policy.get("words")
    if not own_sentences:
        return script.version
    return f"{_hash(f'{script.version}{json.dumps(own_sentences, sort_keys=True)}'.encode())}-{site.key}"


def build(settings: Settings) -> Script:
    """The script of this installation."""
    constants = {"BASE": settings.base_url, "SHADOW": settings.shadow_root.value}
    return Script(shipped("static") / "reader", constants, settings.retention_contact_days)


def _script() -> Script:
    script: Script = current_app.extensions["reader_script"]
    return script


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _answer(module: Served, cache: str) -> Response:
    takes_brotli = request.accept_encodings["br"] > 0 and "br" in request.headers.get("Accept-Encoding", "")
    answer = Response(module.packed if takes_brotli else module.body, mimetype="text/javascript")
    if takes_brotli:
        answer.headers["Content-Encoding"] = "br"
    answer.headers.extend(SHARED)
    answer.headers["Cache-Control"] = cache
    answer.vary.add("Accept-Encoding")
    answer.set_etag(_hash(module.body) + "-br" * takes_brotli)
    return answer.make_conditional(request)  # type: ignore[return-value]
