"""The chain of a public log: what was written stays as it was, to the byte, and what is wrong first is named."""

from __future__ import annotations

import re

import pytest

from corrections_service.rules import chain

SECRET = "a secret of the service"
SAID = ["It was opened in 1978, not in 1987.", 'سُحب "hash":"x" {"entries": \u2028', "</script>\n\t\u0001 😀 \\", "four"]


def written(said: list[str] = SAID, *, signed: int = 3) -> list[str]:
    """A log of these entries, with a checkpoint behind one of them, as lines."""
    lines, previous = [], chain.FIRST
    for number, text in enumerate(said, 1):
        entry = chain.canonical({"number": number, "previous": previous, "text": text, "at": "2026-11-29", "ran": {}})
        previous = chain.digest(entry)
        lines.append(chain.entry_line(entry, previous))
        if number == signed:
            content = chain.canonical({"day": "2026-11-29", "entries": number, "hash": previous, "log": "key"})
            lines.append(chain.checkpoint_line(content, chain.sign(content, SECRET), chain.public_key(SECRET)))
    return [*lines, chain.end_line(len(said), previous)]


def found(lines: list[bytes]) -> str:
    """What is said to be wrong first."""
    with pytest.raises(chain.BadChain) as failure:
        chain.verify(lines)
    return str(failure.value)


def test_a_log_as_it_was_written_is_good() -> None:
    verified = chain.verify(line.encode() for line in written())
    assert (verified.entries, verified.checkpoints, verified.keys) == (4, 1, (chain.public_key(SECRET),))
    assert chain.verify([chain.end_line(0, chain.FIRST).encode()]).entries == 0


def test_a_log_says_up_to_which_entry_it_is_signed() -> None:
    """Whoever writes a log anew can give it hashes that fit, and leave the checkpoints out."""
    assert chain.verify(line.encode() for line in written()).signed == 3
    forged = written(["It was never wrong.", *SAID[1:]], signed=0)
    assert chain.verify(line.encode() for line in forged).signed == 0


def test_one_flipped_byte_anywhere_names_the_entry() -> None:
    lines = written()
    whole = "".join(lines).encode()
    at, number = 0, 0
    for line in lines:
        number += line.startswith('{"entry"')
        for place in range(at, at + len(line.encode())):
            flipped = bytearray(whole)
            flipped[place] ^= (1, 32)[place % 2]
            said = found(_lines(bytes(flipped)))
            assert re.findall(r"entry (\d+)", said)[0] == str(number), (place, said)
        at += len(line.encode())


def _lines(content: bytes) -> list[bytes]:
    """The lines as a file has them, which end at line feeds alone."""
    return [line for line in re.split(rb"(?<=\n)", content) if line]


@pytest.mark.parametrize(
    ("lost", "said"),
    [(0, "entry 1 is missing"), (1, "entry 2 is missing"), (4, "entry 3"), (5, "its last line is missing")],
)
def test_a_line_that_was_left_out_is_missed(lost: int, said: str) -> None:
    lines = [line.encode() for line in written()]
    assert said in found(lines[:lost] + lines[lost + 1 :])


def test_an_entry_that_was_written_anew_with_its_hash_breaks_what_follows() -> None:
    lines, others = written(), written([SAID[0], "something else", *SAID[2:]])
    assert "entry 3 does not follow" in found([line.encode() for line in [lines[0], others[1], *lines[2:]]])


def test_a_whole_log_that_was_written_anew_has_no_signature_of_the_service() -> None:
    lines = written(["something else", *SAID[1:]])
    lines[3] = written()[3]
    assert "checkpoint behind entry 3" in found([line.encode() for line in lines])


def test_whoever_has_no_secret_cannot_sign() -> None:
    content = chain.canonical({"entries": 1})
    assert chain.is_signed(content, chain.sign(content, SECRET), chain.public_key(SECRET))
    assert not chain.is_signed(content, chain.sign(content, "another"), chain.public_key(SECRET))
    for odd in ("", "x", "=", "é", chain.public_key(SECRET) + "A"):
        assert not chain.is_signed(content, odd, chain.public_key(SECRET))
        assert not chain.is_signed(content, chain.sign(content, SECRET), odd)


@pytest.mark.parametrize("odd", [b"[" * 5000 + b"\n", b"1\n", b"\n", b"\xff\n", b'{"entry":1}\n', b"{}\n", b"NaN\n"])
def test_what_is_no_log_at_all_is_said_to_be_none(odd: bytes) -> None:
    assert "entry 1" in found([odd])
