"""The hashes of the reader's script in one file, as an installation at an address serves it (W3C Subresource Integrity).

Its bytes hold the service's own address, so they are others at another one. Run where the release is installed:

    python script_hashes.py https://corrections.example
"""

from __future__ import annotations

import base64
import hashlib
import sys
from pathlib import Path

from corrections_service.rules.catalogue import LANGUAGES
from corrections_service.settings import Settings
from corrections_service.web import embed


def main(address: str) -> None:
    """Print a line for each language; all settings but the address are as they come."""
    script = embed.build(Settings(base_url=address, data_dir=Path(), secret_key="x" * 40))
    for language in LANGUAGES:
        body = script.whole(language, {}).body
        integrity = base64.b64encode(hashlib.sha384(body).digest()).decode()
        print(f"sha384-{integrity}  {address}/embed/{script.version}/{language}.js")


if __name__ == "__main__":
    main(*sys.argv[1:])
