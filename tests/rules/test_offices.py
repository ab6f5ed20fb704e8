"""Offices as an administrator types them: a name and an address a line, and what cannot be one refused."""

from __future__ import annotations

import pytest

from corrections_service.rules import offices


def test_a_name_and_an_address_a_line_are_read_and_written_back() -> None:
    typed = "Subscriptions <abo@news.example>\n\n Letters to  the editor: letters@news.example \r\n"
    read = offices.read(typed)
    assert read == [
        {"name": "Subscriptions", "address": "abo@news.example"},
        {"name": "Letters to the editor", "address": "letters@news.example"},
    ]
    assert offices.read(offices.written(read)) == read
    assert offices.read(" \n") == []


@pytest.mark.parametrize(
    "typed",
    [
        "abo@news.example",
        "Subscriptions",
        "Subscriptions abo",
        "a@b.example abo@news.example",
        "\u200b\u202e abo@news.example",
        "N" * 61 + " abo@news.example",
        "Abo abo@news.example\nabo letters@news.example",
        "\n".join(f"Office {number} office{number}@news.example" for number in range(11)),
        "Abo abo@news.example,all@news.example",
        "Abo “abo\u0000@news.example",
    ],
)
def test_what_is_no_office_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        offices.read(typed)
