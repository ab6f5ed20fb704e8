"""Files that readers add, good ones and hostile ones, made here."""

from __future__ import annotations

import io
import zlib

from PIL import Image, TiffImagePlugin
from PIL.ExifTags import GPS, IFD, Base

RED, BLUE = (200, 20, 20), (20, 20, 200)


def image(form: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """An image whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return _saved(picture, form, **options)


def located() -> bytes:
    """A JPEG of a telephone that was turned, which says where it was taken and by whom."""
    exif = Image.Exif()
    exif[Base.Orientation], exif[Base.Artist] = 6, "canary-artist"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", tuple(TiffImagePlugin.IFDRational(n) for n in (50, 27, 1))
    return image("JPEG", exif=exif.tobytes(), comment=b"canary-comment")


def animated() -> bytes:
    """A GIF whose first picture is red, and whose second is blue."""
    return _saved(
        Image.new("RGB", (20, 20), RED), "GIF", save_all=True, append_images=[Image.new("RGB", (20, 20), BLUE)]
    )


def pdf(pages: int = 1, script: str = "") -> bytes:
    """A PDF of so many red pages, which would run a script when it is opened."""
    first, *others = [Image.new("RGB", (300, 400), RED)] * pages
    content = _saved(first, "PDF", save_all=True, append_images=others, resolution=72.0)
    if not script:
        return content
    action = f"/Type /Catalog /OpenAction << /S /JavaScript /JS ({script}) >>".encode()
    assert b"/Type /Catalog" in content
    return content.replace(b"/Type /Catalog", action)


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that would be a gigabyte of pixels."""
    head = _chunk(b"IHDR", side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0]))
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def heic() -> bytes:
    """How a picture begins that an iPhone took."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)


def _chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()
