"""The bill of materials of a release: what is installed with it, from the lock, as CycloneDX 1.6 writes it down."""

from __future__ import annotations

import datetime
import importlib.metadata
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

NAMESPACE = uuid.UUID("6f2b1f8e-6a3b-5b0e-9d53-7c6a2f1f5a41")
"""Makes the serial number of a release's bill, which is the same however often it is built."""

_LINE = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\\n]+?))?(?: \\)?$", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(project: Mapping[str, Any], lock: str, seconds: int) -> dict[str, Any]:
    """What a release holds: the service, and each package of the lock with the hashes of the files that it admits.

    `project` is the table of pyproject.toml; `seconds` are those of the commit (Unix time).
    """
    parts = list(_parts(lock))
    itself = {"type": "application", **_named(project["name"], project["version"])}
    itself["licenses"] = [{"expression": project["license"]}]
    needed = {re.split(r"[\[<>=~!]", requirement)[0] for requirement in project["dependencies"]}
    direct = sorted(part["bom-ref"] for part in parts if part["name"] in needed)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, itself['bom-ref'] + lock)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": itself,
        },
        "components": parts,
        "dependencies": [{"ref": itself["bom-ref"], "dependsOn": direct}],
    }


def _parts(lock: str) -> Iterator[dict[str, Any]]:
    lines = list(_LINE.finditer(lock))
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        hashes = _HASH.findall(lock, line.end(), following.start() if following else len(lock))
        part = {"type": "library", **_named(line["name"], line["version"])}
        part["hashes"] = [{"alg": "SHA-256", "content": content} for content in sorted(hashes)]
        licence = _licence(line["name"], line["version"])
        if licence:
            part["licenses"] = [licence]
        if line["marker"]:
            part["properties"] = [{"name": "corrections-service:marker", "value": line["marker"]}]
        yield part


def _named(name: str, version: str) -> dict[str, Any]:
    address = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    return {"bom-ref": address, "name": name, "version": version, "purl": address}


def _licence(name: str, version: str) -> dict[str, Any] | None:
    """The licence that an installed package of this version states in one line."""
    try:
        facts = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None  # another system's
    if facts["Version"] != version:
        return None
    if facts["License-Expression"]:
        return {"expression": facts["License-Expression"]}
    named = [line.rpartition(" :: ")[2] for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    if named:
        return {"license": {"name": " or ".join(named)}}
    return {"license": {"name": facts["License"]}} if facts["License"] and "\n" not in facts["License"] else None
