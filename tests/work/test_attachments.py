"""What readers' files become: pictures of ours, drawn by a process that can take little; nothing else of them stays (B15)."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from corrections_service import errors
from corrections_service.rules.pictures import kind_of
from corrections_service.services.attachments import MOST_BYTES, Picture
from corrections_service.settings import Settings
from corrections_service.work import attachments, decoding
from tests import drawings
from tests.measures import wait_for

SCAN = f"{sys.executable} -c 'import sys; sys.exit(b\"EICAR\" in sys.stdin.buffer.read())'"


def drawn(content: bytes, scan: str = "") -> list[Picture]:
    """A file as pictures, with this scanner."""
    return attachments.drawn(content, Settings(attachment_scan=scan))


def opened(picture: Picture) -> Image.Image:
    """A picture as browsers open it."""
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    assert (image.format, image.size) == ("WEBP", (picture.width, picture.height))
    return image


def is_red(image: Image.Image, x: int, y: int) -> bool:
    red, _, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return red > 150 > blue


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_image_is_drawn_anew(form: str) -> None:
    (picture,) = drawn(drawings.image(form))
    assert (picture.type, picture.width, picture.height) == ("image/webp", 60, 40)
    assert is_red(opened(picture), 5, 20)
    assert not is_red(opened(picture), 55, 20)


def test_where_and_by_whom_it_was_taken_is_gone_and_it_stands_upright() -> None:
    content = drawings.located()
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(34853), "it says where"
    (picture,) = drawn(content)
    image = opened(picture)
    assert image.size == (40, 60)
    assert is_red(image, 20, 5), "what was left is above"
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    assert b"canary" not in picture.content


def test_of_an_animation_the_first_picture_is_drawn() -> None:
    (picture,) = drawn(drawings.animated())
    assert is_red(opened(picture), 10, 10)


def test_a_large_image_is_made_smaller() -> None:
    (picture,) = drawn(drawings.image("JPEG", (4000, 1000)))
    assert (picture.width, picture.height) == (2400, 600)


def test_the_first_pages_of_a_pdf_are_drawn_and_no_script_in_it_is_run_or_kept() -> None:
    pages = drawn(drawings.pdf(7, script="app.alert\\(1\\)"))
    assert len(pages) == decoding.MOST_PAGES
    for page in pages:
        assert is_red(opened(page), 10, 10)
        assert b"JavaScript" not in page.content


def test_what_stands_behind_an_image_is_not_kept() -> None:
    """Files that are two things at once (polyglots) come out as one."""
    for tail in (b"<script>canary()</script>", b"PK\x03\x04canary", b"%PDF-1.4 canary"):
        (picture,) = drawn(drawings.image("GIF") + tail)
        assert b"canary" not in picture.content
    (page,) = drawn(drawings.pdf() + b"<script>canary()</script>")
    assert b"canary" not in page.content


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89",
        b"BM" + bytes(100),
        b"II*\x00" + bytes(100),
        b"%!PS-Adobe-3.0",
        b"\x7fELF" + bytes(100),
        b"<html>" + b"%PDF-1.4",
        b"x",
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(errors.AttachmentUnknown):
        drawn(content)


def test_nothing_at_all_heic_and_too_much_are_refused_each_with_its_sentence() -> None:
    with pytest.raises(errors.AttachmentMissing):
        drawn(b"")
    with pytest.raises(errors.AttachmentHeic):
        drawn(drawings.heic())
    with pytest.raises(errors.AttachmentTooLarge):
        drawn(drawings.image() + bytes(MOST_BYTES))


@pytest.mark.parametrize(
    "content",
    [
        drawings.image()[:60],
        drawings.image("JPEG")[:200],
        drawings.image("WEBP")[:40],
        b"GIF89a",
        b"\xff\xd8\xff" + b"<script>alert(1)</script>",
        b"%PDF-1.7\n" + b"<script>",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj",
    ],
)
def test_a_damaged_file_is_refused(content: bytes) -> None:
    assert kind_of(content)
    with pytest.raises(errors.AttachmentUnreadable):
        drawn(content)


def test_a_few_kilobytes_that_would_be_a_gigabyte_of_pixels_are_refused_before_they_are_that() -> None:
    content = drawings.bomb()
    assert len(content) < 1024**2
    with pytest.raises(errors.AttachmentUnreadable):
        drawn(content)


def test_what_takes_too_much_memory_or_time_ends_that_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's limits hold, whatever the decoder does; here they are those of a small image."""
    monkeypatch.setattr(attachments, "DRAWING_SECONDS", 0.001)
    with pytest.raises(errors.AttachmentUnreadable):
        drawn(drawings.image())
    assert attachments._places.acquire(blocking=False), "the place is free again"
    attachments._places.release()


def test_only_so_many_are_drawn_at_a_time_and_who_comes_then_is_told_when_to_come_again(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    opened_gate, slow = os.open(gate, os.O_RDWR), f"head -c 1 {gate}"
    outcomes: list[int] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(len(drawn(drawings.image(), scan=slow))))
        for _ in range(attachments.AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    wait_for(lambda: attachments._places._value == 0, "all places are taken")  # type: ignore[attr-defined]
    with pytest.raises(errors.AttachmentBusy) as refused:  # at once: the others wait for what comes later
        drawn(drawings.image())
    assert refused.value.retry_after
    os.write(opened_gate, b"x" * attachments.AT_ONCE)
    for thread in threads:
        thread.join()
    os.close(opened_gate)
    assert outcomes == [1] * attachments.AT_ONCE


def test_the_newsrooms_scanner_is_asked_first_and_what_it_does_not_let_through_is_refused() -> None:
    assert drawn(drawings.image(), scan=SCAN)
    for content in (drawings.image() + b"EICAR", b"\x89PNG\r\n\x1a\nEICAR"):
        with pytest.raises(errors.AttachmentUnclean):
            drawn(content, scan=SCAN)


@pytest.mark.parametrize("command", ["/nowhere/clamdscan -", "unfinished '", "false"])
def test_a_scanner_that_cannot_be_asked_lets_nothing_through(command: str) -> None:
    with pytest.raises(errors.AttachmentUnclean):
        drawn(drawings.image(), scan=command)


def test_the_scanner_gets_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRECTIONS_TEST_SECRET", "canary")
    asks = f"{sys.executable} -c 'import os, sys; sys.exit(\"canary\" in os.environ.values())'"
    assert drawn(drawings.image(), scan=asks)


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"[]\n",
        b"{}\n",
        b"nonsense",
        b'[{"width": 1, "height": 1, "bytes": 5}]\nabc',
        b'[{"width": 1, "height": 1, "bytes": -1}]\n',
        b'[{"width": 99999, "height": 1, "bytes": 3}]\nabc',
        b'[{"width": 1, "height": 1, "bytes": 3}]\nabcdef',
        b"[[1]]\n",
        b"[null]\n",
    ],
)
def test_what_draws_is_believed_no_more_than_the_file(output: bytes) -> None:
    with pytest.raises(errors.AttachmentUnreadable):
        attachments._read(output)
