"""Mail addresses: what cannot be written to is refused with the reason; one mailbox has many spellings (THREATS P-12, P-13)."""

from __future__ import annotations

import pytest

from corrections_service.rules.addresses import folded, mailable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ann@example.org", "ann@example.org"),
        (" Ann.O'Neil+news@Example.ORG ", "Ann.O'Neil+news@example.org"),
        ("a@bücher.de", "a@xn--bcher-kva.de"),
        ("ed@пример.рф", "ed@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_an_address_is_kept_as_an_envelope_takes_it(typed: str, kept: str) -> None:
    assert mailable(typed) == mailable(typed, public=False) == kept


@pytest.mark.parametrize("typed", ["rédaction@news.example", "редакція@news.example", "編集@news.example"])
def test_letters_that_no_envelope_takes_are_refused_by_name(typed: str) -> None:
    with pytest.raises(ValueError, match="before the @"):
        mailable(typed, public=False)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "@", "ann", "ann@", "@example.org", "a@b@example.org", "a b@example.org", "a,b@example.org"),
        *("<ann@example.org>", "Ann <ann@example.org>", '"a b"@example.org', "a..b@example.org", ".a@example.org"),
        *("ann@example.org\nBcc: bob@example.org", "ann@[192.0.2.1]", "ann@-example.org", "ann@exa_mple.org"),
        *("ann@example.org.", "ann@example.org/path", "ann@example.org:25", f"{'a' * 65}@example.org"),
        *(f"ann@{'a' * 64}.org", f"ann@{'a.' * 130}org", "ann@exa mple.org", "ann＠example.org"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    for public in (True, False):
        with pytest.raises(ValueError, match=r"e-mail address|before the @"):
            mailable(typed, public=public)


@pytest.mark.parametrize("typed", ["desk@localhost", "desk@news", "desk@mail.corp.local", "desk@news.test"])
def test_a_desk_may_be_on_a_network_of_its_own_and_a_reader_is_not(typed: str) -> None:
    assert mailable(typed, public=False) == typed
    with pytest.raises(ValueError, match="e-mail address"):
        mailable(typed)


@pytest.mark.parametrize(
    "same",
    [
        ["ann@example.org", "ANN@Example.ORG", "ann+1@example.org", "ann+a+b@example.org"],
        ["annlee@gmail.com", "ann.lee@gmail.com", "a.n.n.lee+x@googlemail.com", "Ann.Lee@GMAIL.com"],
        ["ann@bücher.de", "ann@BÜCHER.de", "ann@xn--bcher-kva.de", "ann+x@xn--bcher-kva.de"],
        ["annlee@proton.me", "ann-lee@protonmail.com", "ann_lee@pm.me"],
    ],
)
def test_the_spellings_of_one_mailbox_fold_to_one(same: list[str]) -> None:
    assert len({folded(one) for one in same}) == 1


def test_mailboxes_of_different_people_stay_apart() -> None:
    apart = ["ann.lee@example.org", "annlee@example.org", "ann-lee@example.org", "ann@example.com", "+@example.org"]
    assert len({folded(one) for one in apart}) == len(apart)
