"""The script in the page: what the loader is told, and the modules under an address that never changes."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli
import minify
from flask import Blueprint, Response, current_app, request

from corrections_service import errors
from corrections_service.rules.words import LANGUAGES, best, direction, sentences
from corrections_service.services import sites
from corrections_service.store.models import Site
from corrections_service.web.access import database, public

bp = Blueprint("embed", __name__)

SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
IMMUTABLE = "public, max-age=31536000, immutable"
LOADER_SECONDS = 300
_IMPORT = re.compile(r"^import .*;$", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?function (\w+)", re.MULTILINE)
_WORD = re.compile(r"\bwords\.(\w+)")


@dataclass(frozen=True)
class Served:
    """A module as it goes out, plain and packed."""

    body: bytes
    packed: bytes


class Script:
    """The reader's script: its sources, and each module minified for a language when it is first asked for."""

    def __init__(self, folder: Path, constants: Mapping[str, str]) -> None:
        """Read the sources; their version is a hash of them all and of the sentences."""
        self._sources = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.js"))}
        self._styles = {
            path.stem: minified(path.read_text("utf-8"), "text/css") for path in sorted(folder.glob("*.css"))
        }
        self._sources["dialog"] = self._sources.pop("quote").replace("export ", "") + self._sources["dialog"]
        self._constants = constants
        self.loader = minified(self._sources.pop("embed"))
        sentenced = {language: sentences(language, "dialog") for language in LANGUAGES}
        self.version = _hash(json.dumps([self._sources, self._styles, constants, sentenced], sort_keys=True).encode())
        self._module = functools.lru_cache(maxsize=256)(self._made)

    def module(self, name: str, language: str, own: Mapping[str, object]) -> Served:
        """One module in one language, with a site's own sentences. Raises NotFound."""
        if name not in self._sources:
            raise errors.NotFound()
        return self._module(name, language, json.dumps(own, sort_keys=True))

    def _made(self, name: str, language: str, own: str) -> Served:
        told = {"language": language, "direction": direction(language)}
        said = {**sentences(language, "dialog"), **json.loads(own), **told}
        constants = {"STYLE": self._styles.get(name, ""), **self._constants}
        return served(minified(alone(self._sources[name], said, constants)))


def alone(source: str, said: Mapping[str, object], constants: Mapping[str, str]) -> str:
    """The module in a scope of its own, so that all its names can be shortened, with just the sentences it uses."""
    told = {f"words_{name}": said[name] for name in sorted(set(_WORD.findall(source)))}
    told |= {name: value for name, value in constants.items() if name in source}
    before = "".join(f"const {name}={json.dumps(value, ensure_ascii=False)};" for name, value in told.items())
    inner = _WORD.sub(r"words_\1", _IMPORT.sub("", source))
    names = ",".join(_EXPORTED.findall(source))
    return f"export const{{{names}}}=(()=>{{{before}{inner.replace('export ', '')};return{{{names}}}}})()"


def minified(source: str, kind: str = "application/javascript") -> str:
    """The same in fewer characters."""
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
    body = f"const SITE={json.dumps(_known(site), separators=(',', ':'))};{_script().loader}".encode()
    return _answer(Served(body, brotli.compress(body, quality=5)), f"public, max-age={LOADER_SECONDS}")


@bp.get("/embed/<version>/<name>.js")
@public
def module(version: str, name: str) -> Response:
    """One module of the script, in the language of `lang=`, the same for ever at this address.

    A loader of before asks for an older version; it gets the present one, and keeps it for a short time only.
    """
    language = best(request.args.get("lang", ""))
    _, _, key = version.partition("-")
    own, current = {}, _script().version
    if key:
        with database().read() as session:
            site = sites.by_key(session, key)
        own, current = sites.own_words(site, language), _version(site)
    found = _script().module(name, language, own)
    return _answer(found, IMMUTABLE if version == current else f"public, max-age={LOADER_SECONDS}")


def _known(site: Site) -> dict[str, object]:
    """What the loader knows of its site."""
    return {
        "key": site.key,
        "version": _version(site),
        "doors": sites.doors(site),
        "off": " ".join(way for way in sites.WAYS_IN if way not in sites.ways_in(site)) + "|",
    }


def _version(site: Site) -> str:
    """The script's version for a site: one of its own where it has words of its own."""
    own = site.policy.get("words")
    return (
        f"{_hash(f'{_script().version}{json.dumps(own, sort_keys=True)}'.encode())}-{site.key}"
        if own
        else _script().version
    )


def _script() -> Script:
    script: Script = current_app.extensions["reader_script"]
    return script


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _answer(module: Served, cache: str) -> Response:
    takes_brotli = request.accept_encodings["br"] > 0 and "br" in request.headers.get("Accept-Encoding", "")
    answer = Response(module.packed if takes_brotli else module.body, mimetype="text/javascript")
    if takes_brotli:
        answer.headers["Content-Encoding"] = "br"
    answer.headers.extend(SHARED)
    answer.headers["Cache-Control"] = cache
    answer.vary.add("Accept-Encoding")
    answer.set_etag(_hash(module.body))
    return answer.make_conditional(request)  # type: ignore[return-value]
