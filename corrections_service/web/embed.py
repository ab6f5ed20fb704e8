"""The script in the page: what the loader is told, and the modules under an address that never changes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import brotli
import minify
from flask import Blueprint, Response, current_app, request

from corrections_service import errors
from corrections_service.services import sites
from corrections_service.web.access import database, public, settings

bp = Blueprint("embed", __name__)

SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
IMMUTABLE = "public, max-age=31536000, immutable"
LOADER_SECONDS = 300
_IMPORT = re.compile(r"^import .*;$", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?function (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """The reader's script as it is served: minified, and all its modules under one hash of their contents."""

    loader: str
    modules: Mapping[str, str]
    version: str
    packed: Mapping[str, bytes]


def build_script(folder: Path) -> Script:
    """Minify the modules in the folder, and name them after what is in them."""
    sources = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.js"))}
    sources["dialog.js"] = joined(sources.pop("quote.js"), sources["dialog.js"])
    modules = {name: minified(source) for name, source in sources.items()}
    loader = modules.pop("embed.js")
    version = hashlib.sha256(json.dumps(modules, sort_keys=True).encode()).hexdigest()[:16]
    packed = {
        name: brotli.compress(source.encode(), mode=brotli.MODE_TEXT, quality=11) for name, source in modules.items()
    }
    return Script(loader, MappingProxyType(modules), version, MappingProxyType(packed))


def joined(first: str, second: str) -> str:
    """Two modules as one, in a scope of its own: one request less, and all their names can be shortened."""
    alone = _IMPORT.sub("", first + second)
    names = ",".join(_EXPORTED.findall(second))
    return f"export const {{{names}}}=(()=>{{{alone.replace('export ', '')};return{{{names}}}}})()"


def minified(source: str) -> str:
    """The same module in fewer characters."""
    return str(minify.string("application/javascript", source))


@bp.get("/embed/<key>.js")
@public
def embed(key: str) -> Response:
    """The loader for one site, with the little that it has to know."""
    script: Script = current_app.extensions["reader_script"]
    with database().read() as session:
        site = sites.by_key(session, key)
    base = settings().base_url
    known = {
        "key": site.key,
        "base": base,
        "modules": f"{base}/embed/{script.version}/",
        "slug": site.slug,
        "shadow": settings().shadow_root.value,
    }
    body = f"const SITE={json.dumps(known, separators=(',', ':'))};{script.loader}".encode()
    return _script(body, brotli.compress(body, quality=5), f"public, max-age={LOADER_SECONDS}")


@bp.get("/embed/<version>/<path:name>")
@public
def module(version: str, name: str) -> Response:
    """One module of the script, the same for ever at this address."""
    script: Script = current_app.extensions["reader_script"]
    if version != script.version or name not in script.modules:
        raise errors.NotFound()
    return _script(script.modules[name].encode(), script.packed[name], IMMUTABLE)


def _script(body: bytes, packed: bytes, cache: str) -> Response:
    takes_brotli = request.accept_encodings["br"] > 0 and "br" in request.headers.get("Accept-Encoding", "")
    answer = Response(packed if takes_brotli else body, mimetype="text/javascript")
    if takes_brotli:
        answer.headers["Content-Encoding"] = "br"
    answer.headers.extend(SHARED)
    answer.headers["Cache-Control"] = cache
    answer.vary.add("Accept-Encoding")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:20])
    return answer.make_conditional(request)  # type: ignore[return-value]
