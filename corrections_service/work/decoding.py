"""Decoding: draws a reader's file anew, as a program of its own with little memory and time, for the file may be hostile.

`python -m corrections_service.work.decoding image|pdf`: the file on standard input; on standard output one line of JSON that says how large each
picture is, then the pictures. It imports nothing else of the service, and ends with 1 where nothing can be drawn.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import warnings
from collections.abc import Iterator
from typing import Any

MEMORY_BYTES, CPU_SECONDS, OPEN_FILES, ANSWER_BYTES = 1024**3, 20, 64, 12 * 1024**2

MOST_PIXELS = 50_000_000
"""Of an image before it is made smaller: the largest that telephones take."""

MOST_SIDE = 2400
"""Pixels of the longer side of what is drawn."""

PAGE_SCALE, MOST_PAGES = 2.5, 5
"""Pixels for each point of a PDF (180 to an inch), and pages of it that are drawn."""

QUALITIES, ENOUGH_BYTES, MOST_BYTES = (82, 60, 35), 1024 * 1024, 2 * 1024 * 1024
"""The first quality that makes a picture small enough is taken; one that no quality makes small is given up."""


def main() -> int:
    """Draw what comes in."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        drawn = list(_pages(content) if sys.argv[1] == "pdf" else _image(content))
    except Exception:  # whatever a hostile file leads to: nothing of it may be told, either
        return 1
    facts = [{"width": width, "height": height, "bytes": len(picture)} for width, height, picture in drawn]
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + b"".join(picture for _, _, picture in drawn))
    sys.stdout.buffer.flush()
    return 0 if drawn else 1


def _limit() -> None:
    """Take from this process what it does not need; nothing gives it back."""
    with contextlib.suppress(OSError):
        os.nice(10)  # reports that come in go first
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, ANSWER_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # it is less already, or this system has no such limit
            resource.setrlimit(kind, (most, most))


def _image(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The image, upright, of an animation the first picture."""
    from PIL import Image, ImageOps

    warnings.simplefilter("error")
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP", "GIF"]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (MOST_SIDE, MOST_SIDE))
        yield _written(ImageOps.exif_transpose(image))


def _pages(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The first pages, as they would be printed; nothing in them is run or followed."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        longer = max(page.get_size())
        yield _written(page.render(scale=min(PAGE_SCALE, MOST_SIDE / longer)).to_pil())


def _written(picture: Any) -> tuple[int, int, bytes]:
    """The picture's size, and the picture as WebP, on white, with nothing that came beside its pixels."""
    from PIL import Image

    if picture.mode.startswith("I;16"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = "transparency" in picture.info or picture.mode[-1:] in ("A", "a")
    picture = picture.convert("RGBA" if has_alpha else "RGB")
    picture.thumbnail((MOST_SIDE, MOST_SIDE), reducing_gap=2.0)
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture, mask=picture if has_alpha else None)
    for quality in QUALITIES:
        file = io.BytesIO()
        plain.save(file, "WEBP", quality=quality)
        if file.tell() <= ENOUGH_BYTES:
            break
    if file.tell() > MOST_BYTES:
        raise ValueError("too many bytes")
    return plain.width, plain.height, file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
