"""Each class of the decision table from a reader's report to the public page, and what keeps a notice inside until then."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from corrections_service.rules.workflow import Resolution, State
from corrections_service.store.models import now
from tests.browser.axe import violations
from tests.browser.paper import Paper
from tests.measures import wait_for

PRINTED = "The page cannot be read by the service; the editor has seen it."


@dataclass(frozen=True)
class Row:
    """One class of the decision table: the words, what is told of them, who decides, and who approves."""

    resolution: Resolution
    wrong: str
    right: str
    label: str = ""
    notice: str = ""
    by: str = "eva"
    approver: str = ""
    early: str = ""


TABLE = (
    Row(Resolution.FIXED, "The bridge was opend in May", "The bridge was opened in May"),
    Row(
        Resolution.CORRECTED,
        "The bridge was opened in 1987",
        "The bridge was opened in 1978",
        "Correction",
        "An earlier version of this article said that the bridge was opened in 1987. It was opened in 1978.",
    ),
    Row(
        Resolution.CLARIFIED,
        "Half of them left the ship",
        "Half of the crew left the ship",
        "Clarification",
        "An earlier version could be read as if half of the passengers had left. Half of the crew left.",
        approver="stan",
    ),
    Row(
        Resolution.EDITORS_NOTE,
        "The mayor could not be reached",
        "The mayor was not asked",
        "Editor’s note",
        "The mayor was not asked for this article. We are asking her now, and will add what she says.",
        approver="stan",
        early=PRINTED,
    ),
    Row(
        Resolution.UPDATED,
        "Three people are missing",
        "Three people have come home",
        "Update",
        "On Monday, after this article was published, all three people came home.",
    ),
    Row(
        Resolution.WITHDRAWN,
        "A whale swam up the river",
        "This article was withdrawn",
        "Withdrawn",
        "This article is withdrawn: the pictures on which it rests were made by a program.",
        by="stan",
        approver="ada",
    ),
)


def decide(page: Page, row: Row, **typed: str) -> None:
    """Decide so, as an editor does, and stay where the service leads."""
    form = page.locator("#decide")
    form.locator(f"[name=resolution][value={row.resolution.value}]").check()
    fields = {"wrong": row.wrong, "right": row.right, "notice": row.notice, "early": row.early} if row.notice else {}
    for name, value in {**fields, **typed}.items():
        field = form.locator(f"[name={name}]")
        if not field.is_visible():
            form.locator(f"details:has([name={name}]) > summary").click()
        field.fill(value)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/decide" in answer.url):
        form.locator("button.primary").click()


def press(page: Page, name: str) -> None:
    """Press a button of the case, and wait until it is done: who looks at it is told the service by a POST too."""
    button = page.get_by_role("button", name=name, exact=True)
    action = str(button.evaluate("button => button.form.action")).partition("?")[0]
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.startswith(action)):
        button.click()


def until_closed(paper: Paper, case: int, page: Page) -> None:
    """Wait until the case is closed, and its page says so."""
    paper.wait_until_in(case, State.CLOSED)
    page.reload()
    expect(page.locator("main")).to_have_attribute("data-state", "closed")


@pytest.mark.parametrize("row", TABLE, ids=[row.resolution.value for row in TABLE])
def test_each_class_of_the_decision_table_goes_from_a_report_to_the_public_page(paper: Paper, row: Row) -> None:
    """C20: who may approve what; nothing is public before it is approved and its fix is seen, or is vouched for."""
    path = next(paper.paths)
    case, status = paper.report(path, row.wrong, row.right)
    with paper.desk(row.by, case) as page:
        decide(page, row)
        if row.approver:
            expect(page.locator(".toasts")).to_contain_text("Asked for approval.")
    if row.approver:
        paper.pass_time(case)
        assert "An editor is looking into it" in paper.read(status)
        assert paper.notices(case) == ["asked"]
        with paper.desk(row.by, case) as page:
            expect(page.locator(".proposal")).to_contain_text("has to be approved by the role")
            expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
        with paper.desk(row.approver, case) as page:
            paper.mailbox.wait_for(
                lambda mails: any("waits for your approval" in mail.message["Subject"] for mail in mails)
            )
            page.goto(f"{paper.service.base_url}/queue?view=approval")
            page.locator(f"[data-rows] [data-case='{case}'] a").first.click()
            press(page, "Approve")
    paper.pass_time(case)
    with paper.desk(row.by, case) as page:
        if not row.early:
            expect(page.locator("main")).to_have_attribute("data-state", "fixing")
            assert row.notice == "" or row.notice not in paper.log
            paper.publish(path, row.right)
            press(page, "Look now")
        until_closed(paper, case, page)
        expect(page.locator("main")).to_have_attribute("data-resolution", row.resolution.value)
    if not row.notice:
        assert paper.notices(case) == []
        assert row.right not in paper.log
        return
    paper.wait_until_public(case, row.notice)
    with paper.reader(f"{paper.pages.origin}/with{path}") as page:
        told = page.locator("[data-corrections-log]")
        expect(told).to_contain_text(row.label)
        expect(told).to_contain_text(row.notice)
    with paper.reader(status) as page:
        page.get_by_role("link", name="The published notice").click()
        expect(page.locator("main")).to_contain_text(row.notice)


def test_a_changed_year_is_no_typo_without_a_second_step(paper: Paper) -> None:
    """C20: nobody sees it in the log, and the case keeps why."""
    row = Row(Resolution.FIXED, "The school was founded in 1999", "The school was founded in 1989")
    case, _ = paper.report(next(paper.paths), row.wrong, row.right)
    with paper.desk("eva", case) as page:
        decide(page, row)
        expect(page.get_by_role("alert").first).to_contain_text("Not done yet")
        expect(page.locator("main")).to_have_attribute("data-state", re.compile("new|open"))
        why = page.locator("#decide [name=why_silent]")
        expect(why).to_have_attribute("aria-invalid", "true")
        why.fill("The caption below it says 1989, and so did the paper.")
        with page.expect_response(lambda answer: answer.request.method == "POST" and "/decide" in answer.url):
            page.locator("#decide button.primary").click()
        page.goto(f"{paper.service.base_url}/cases/{case}")
        expect(page.locator("main")).to_have_attribute("data-state", "fixing")
        expect(page.locator(".history")).to_contain_text("The caption below it says 1989")


def test_an_appeal_is_decided_by_another_person_than_its_decider(paper: Paper) -> None:
    """C20: the reader gets the reason, disagrees, and somebody else decides."""
    row = Row(Resolution.NOT_AN_ERROR, "The tower is 90 metres high", "The tower is 60 metres high")
    case, status = paper.report(next(paper.paths), row.wrong, row.right)
    with paper.desk("eva", case) as page:
        decide(page, row, reason="The architect says 90 metres.")
    with paper.reader(status) as page:
        expect(page.locator("main")).to_contain_text("The architect says 90 metres.")
        page.locator("summary", has_text="disagree").click()
        page.locator("#appeal").fill("I measured it.")
        page.locator("button[value=appeal]").click()
    with paper.desk("eva", case) as page:
        expect(page.locator("#decide")).to_contain_text("another person decides now")
        expect(page.locator("[name=resolution], [data-exit=accept], [data-exit=decline]")).to_have_count(0)
        page.wait_for_load_state()
        page.keyboard.press("1")
        expect(page.locator("#to")).to_be_focused()
        page.locator("#to").select_option(label="omar@news.example")
        press(page, "Give the case")
        expect(page.locator("main")).to_have_attribute("data-state", "open")
    with paper.desk("omar", case) as page:
        expect(page.get_by_text("I measured it.").first).to_be_in_viewport(ratio=1)
        expect(page.locator(".case-head")).to_contain_text("The architect says 90 metres.")
        decide(page, row, reason="We had it measured again.")
        page.goto(f"{paper.service.base_url}/cases/{case}")
        expect(page.locator("main")).to_have_attribute("data-state", "closed")
    with paper.reader(status) as page:
        expect(page.locator("main")).to_contain_text("We had it measured again.")


def test_of_an_article_that_is_never_mended_nothing_is_public_and_the_desk_is_reminded(paper: Paper) -> None:
    """C20: after a day its editor, then the desk too, until the article is corrected."""
    row = replace(TABLE[1], notice=f"{TABLE[1].notice} So the town says.")
    path = next(paper.paths)
    case, status = paper.report(path, row.wrong, row.right)
    with paper.desk("eva", case) as page:
        decide(page, row)

    def reminders() -> list[str]:
        subject = f"Case {case} waits for its article"
        return [mail.rcpt_tos[0] for mail in paper.mailbox.messages() if mail.message["Subject"].startswith(subject)]

    paper.pass_time(case, timedelta(days=1))
    wait_for(lambda: reminders() == ["eva@news.example"], "its editor is reminded")
    paper.pass_time(case, timedelta(days=2))
    everybody = ["desk@news.example", "eva@news.example", "eva@news.example"]
    wait_for(lambda: sorted(reminders()) == everybody, "the desk is reminded with the editor")
    assert paper.notices(case) == ["approved"]
    assert row.notice not in paper.log
    assert "An editor has decided" in paper.read(status)
    with paper.desk("eva", case) as page:
        expect(page.locator(".history")).to_contain_text("the article was not seen corrected yet")
        expect(page.locator("[data-notice]")).to_contain_text("It waits until the fix is seen on the page.")
        paper.publish(path, row.right)
        press(page, "Look now")
        until_closed(paper, case, page)
    paper.wait_until_public(case, row.notice)
    paper.pass_time(case, timedelta(days=9))
    assert sorted(reminders()) == everybody


def test_a_notice_waits_for_its_time_although_the_fix_was_seen(paper: Paper) -> None:
    """Readers are told that it is decided, and nothing more, until it is public."""
    row = replace(TABLE[1], notice=f"{TABLE[1].notice} This is told in the evening.")
    path = next(paper.paths)
    case, status = paper.report(path, row.wrong, row.right)
    with paper.desk("eva", case) as page:
        decide(page, row, publish_at=f"{now() + timedelta(hours=5):%Y-%m-%dT%H:%M}")
        paper.publish(path, row.right)
        page.goto(f"{paper.service.base_url}/cases/{case}")
        press(page, "Look now")
        wait_for(lambda: paper.notices(case) == ["ready"], "the fix is seen")
        page.reload()
        expect(page.locator("main")).to_have_attribute("data-state", "fixing")
        expect(page.locator("[data-notice]")).to_contain_text("It waits for its time")
        assert row.notice not in paper.log
        assert "An editor has decided" in paper.read(status)
        paper.pass_time(case, timedelta(hours=6))
        paper.wait_until_public(case, row.notice)
        until_closed(paper, case, page)


@pytest.mark.parametrize("is_embargo", [True, False], ids=["embargo", "legal hold"])
def test_what_is_frozen_is_neither_published_nor_fixed_in_silence_until_it_is_over_or_lifted(
    paper: Paper, *, is_embargo: bool
) -> None:
    """In sight, with its reason, and lifted by who may."""
    row = replace(TABLE[1], notice=f"{TABLE[1].notice} {'Told after noon.' if is_embargo else 'Told after the trial.'}")
    path = next(paper.paths)
    case, _ = paper.report(path, row.wrong, row.right)
    with paper.desk("stan", case) as page:
        page.locator("#freeze summary").click()
        page.locator("#freeze [name=why]").fill("The court decides on Monday.")
        if is_embargo:
            page.locator("#freeze [name=until]").fill(f"{now() + timedelta(hours=5):%Y-%m-%dT%H:%M}")
        press(page, "Freeze")
    with paper.desk("eva", case) as page:
        frozen = page.locator(".frozen")
        expect(frozen).to_contain_text("embargo" if is_embargo else "legal hold")
        expect(frozen).to_contain_text("The court decides on Monday.")
        expect(page.get_by_role("button", name="Lift", exact=True)).to_have_count(0)
        decide(page, replace(TABLE[0], right=row.right), why_silent="It is small.")
        expect(page.get_by_role("alert").first).to_contain_text("Not done yet")
        decide(page, row)
        paper.publish(path, row.right)
        page.goto(f"{paper.service.base_url}/cases/{case}")
        press(page, "Look now")
        wait_for(lambda: paper.notices(case) == ["ready"], "the fix is seen")
        page.reload()
        expect(page.locator("[data-notice]")).to_contain_text("It waits until the case is frozen no more.")
    paper.pass_time(case, timedelta(hours=1))
    assert row.notice not in paper.log
    if is_embargo:
        paper.pass_time(case, timedelta(hours=5))
    else:
        with paper.desk("stan", case) as page:
            page.locator("#lift [name=why]").fill("The court has decided.")
            press(page, "Lift")
    paper.wait_until_public(case, row.notice)
    with paper.desk("eva", case) as page:
        until_closed(paper, case, page)


def test_readers_are_told_when_the_change_shows_until_it_is_seen(paper: Paper) -> None:
    """E9: by the site's cache, or in the printed edition of a day."""
    row = replace(TABLE[1], notice=f"{TABLE[1].notice} The plaque says so.")
    path, later = next(paper.paths), now() + timedelta(days=2)
    with paper.desk("ada", 1) as page:
        page.goto(f"{paper.service.base_url}/settings/sites/news/telling")
        page.get_by_label("Minutes until readers see a change").fill("20")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("Minutes until readers see a change")).to_have_value("20")
    case, status = paper.report(path, row.wrong, row.right)
    with paper.desk("eva", case) as page:
        decide(page, row)
        assert "it can take up to 20" in paper.read(status)
        paper.publish(path, row.right)
        page.goto(f"{paper.service.base_url}/cases/{case}")
        expect(page.locator(".history")).to_contain_text("it can take up to 20")
        paper.pass_time(case)
        press(page, "Look now")
        until_closed(paper, case, page)
    assert "it can take up to" not in paper.read(status)

    case, status = paper.report(next(paper.paths), row.wrong, row.right, "bo@readers.example")
    with paper.desk("eva", case) as page:
        page.locator("summary", has_text="When readers see the change").click()
        page.get_by_label("In a printed edition").check()
        decide(page, replace(TABLE[0], right=row.right), why_silent="It is in the caption alone.")
        expect(page.get_by_role("alert").first).to_contain_text("Give the day of an edition to come.")
        decide(page, replace(TABLE[0], right=row.right), shows_on=f"{later:%Y-%m-%d}")
        page.goto(f"{paper.service.base_url}/cases/{case}")
        page.locator("#close summary").click()
        page.locator("#close [name=why]").fill("It stood in print alone.")
        press(page, "Close by hand")
    sentence = f"The change will be in the printed edition of {later.day} {later:%B %Y}."
    assert sentence in paper.read(status)
    paper.pass_time(case)
    answered = "You were right, and the article has been fixed."
    paper.mailbox.wait_for(
        lambda mails: any(sentence in mail.part("plain") and answered in mail.part("plain") for mail in mails)
    )


def test_a_reader_is_thanked_by_name_once_an_editor_agrees_and_until_they_take_it_away(paper: Paper) -> None:
    """E10: it is offered on the reader's own page, and agreed to by one button."""
    paper.switch_on("Readers may offer a name")
    row, path = replace(TABLE[1], notice=f"{TABLE[1].notice} A reader counted the years."), next(paper.paths)
    case, status = paper.report(path, row.wrong, row.right)
    with paper.reader(status) as reader, paper.desk("eva", case) as page:
        reader.get_by_text("Be thanked by name").click()
        reader.get_by_label("Name", exact=True).fill("<i>Zoe</i> at www.example")
        reader.get_by_role("button", name="Offer this name").click()
        expect(reader.get_by_role("alert")).to_contain_text("Give a name, without a link or an address.")
        reader.get_by_label("Name", exact=True).fill("Zoe Quist & Sons")
        reader.get_by_role("button", name="Offer this name").click()
        expect(reader.locator("#thanks")).to_contain_text("no editor has agreed yet")
        assert reader.evaluate("document.documentElement.scrollWidth") <= reader.viewport_size["width"]  # type: ignore[index]
        page.reload()
        press(page, "Thank by this name")
        decide(page, row)
        paper.publish(path, row.right)
        page.goto(f"{paper.service.base_url}/cases/{case}")
        press(page, "Look now")
        wait_for(lambda: paper.notices(case) == ["ready"], "the fix is seen")
        paper.pass_time(case)
        wait_for(lambda: "Thanks to Zoe Quist & Sons." in paper.log, "the log thanks the reader")
        reader.reload()
        expect(reader.locator("#thanks")).to_contain_text("An editor agreed to thank you as Zoe Quist & Sons.")
        reader.get_by_role("button", name="Take the name away").click()
        expect(reader.locator("#thanks")).not_to_contain_text("Zoe")
    assert row.notice in paper.log
    assert "Zoe" not in paper.log


def test_the_log_shows_figures_where_the_site_wants_them(paper: Paper) -> None:
    """F9: by month, each leading into the log, and nothing that few are behind; on the narrowest screen too."""
    log = f"{paper.service.base_url}/log/news"
    with paper.reader(f"{log}/figures") as page:
        expect(page.locator("main")).to_contain_text("There is nothing here.")
    paper.switch_on("The public log shows figures")
    with paper.reader(log) as page:
        page.set_viewport_size({"width": 320, "height": 640})
        page.get_by_role("link", name="Corrections in figures").click()
        row = page.locator("[data-month]")
        expect(row.first).to_be_visible()
        assert re.search(r"fewer than 5|\d", row.first.inner_text())
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert violations(page) == []
        row.first.get_by_role("link").click()
        expect(page).to_have_url(re.compile(r"\?month=\d{4}-\d{2}$"))
