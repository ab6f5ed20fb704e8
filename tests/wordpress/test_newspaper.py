"""A newspaper on WordPress with the plug-in: set up, reported, decided, corrected, told, and taken away again."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Iterator
from datetime import timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from corrections_service.settings import Settings
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Case, now
from corrections_service.store.rows import table_of
from tests.browser.axe import violations
from tests.browser.pages import dialog_of, highlight
from tests.databases import SECRET
from tests.measures import lasting, wait_for, wait_in
from tests.running import Service
from tests.wordpress.blog import Blog
from tests.wordpress.desk import KEPT, SCREENS, saved, seen, sign_in

WRONG, RIGHT = "opened in 1987", "opened in 1978"
NOTICE = f"An earlier version of this article said that the bridge was {WRONG}. It was {RIGHT}."
PARAGRAPHS = (
    "It had rained all night, and the whole harbour was still asleep when the first boats came home.",
    f"The bridge was {WRONG} by the king, who stayed for lunch and was told of the second bridge only then.",
    "Nobody in the town had been asked, and many say today that they would have liked another colour.",
)
EDITOR = re.compile(r"/wp-admin/post\.php\?post=\d+&action=edit")
AGE = """global $wpdb;
foreach ( $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '\\_transient\\_corrections%'" ) as $name ) {
    $kept = get_option( $name );
    update_option( $name, is_array( $kept ) ? array( 'read' => $kept['read'] - 61 ) + $kept : $kept );
}
delete_transient( 'corrections_service_silent' );"""
"""As after a minute."""


def test_a_mistake_goes_from_the_article_to_the_desk_and_its_correction_comes_back(
    blog: Blog, service: Service, admin: Page, desk: Page, browser: Browser
) -> None:
    """H3."""
    token = service.console("token", "add", "WordPress", "--site", "News", "--scope", "articles:changed")
    _set_up(admin, service, token.strip().rpartition(" ")[2])
    article = _publish(admin, blog)
    assert seen(admin, "Check") == [
        "The service answers and knows the site key.",
        "The service takes word of each article that changes here.",
        f"The tag stands in the page {article}.",
    ]
    admin.screenshot(path=SCREENS / "settings.png", full_page=True)
    assert violations(admin, ".wrap") == []
    desk.goto(f"{service.base_url}/settings/sites/news/start")
    desk.get_by_label("Address of one of your articles").fill(article)
    desk.get_by_role("button", name="Check this page").click()
    expect(desk.locator("#state-check")).to_have_text("✓ Done")
    expect(desk.locator("#outcome .is-wrong")).to_have_count(0)

    with _reader(browser, article) as page:
        _report(page)
    case = _case(service)
    wait_for(lambda: _case(service).fix_state is not None, "the service reads the article")
    _decide(desk, service, case.id)
    _put_off_looks(service, case.id)
    _save(admin, blog, WRONG, RIGHT)
    wait_for(lambda: "closed" in _case(service).state, "the service hears of the change, and sees the fix")
    log = f"{service.base_url}/log/news"
    wait_for(lambda: NOTICE in desk.request.get(log).text(), "the notice is public")

    blog.php(AGE)
    with _reader(browser, article, java_script_enabled=False) as page:
        told = page.locator("[data-corrections-log=top] aside.correction")
        expect(told).to_contain_text(NOTICE)
        expect(page.locator("[data-corrections-log=bottom]")).to_be_empty()
        page.locator("[data-corrections-report]").click()
        expect(page).to_have_url(re.compile(re.escape(f"{service.base_url}/report/{service.key}?url=")))
        expect(page.locator("main")).to_contain_text(article)
    with _reader(browser, article) as page:
        place = page.locator("[data-corrections-log=top]")
        expect(place).to_have_attribute("aria-busy", "false")
        expect(place.locator("p")).to_have_text(re.compile(f"^Correction: {re.escape(NOTICE)}"))
        expect(place.locator("aside")).to_have_count(0)  # the latest stands in the place of what came with the page
        page.screenshot(path=SCREENS / "article.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.screenshot(path=SCREENS / "article-360.png", full_page=True)

    _lead_into_the_editor(admin, desk, blog, service, case.id)
    _place_by_block_and_shortcode(admin, blog, browser, article)
    _go_on_without_the_service(blog, service, browser, article)
    assert blog.troubles == []
    blog.php(
        "require_once 'wp-admin/includes/admin.php'; deactivate_plugins( 'corrections-service/corrections-service.php' );"
    )
    assert "corrections_service" in blog.php(KEPT)
    blog.php(
        "require_once 'wp-admin/includes/admin.php'; uninstall_plugin( 'corrections-service/corrections-service.php' );"
    )
    assert blog.php(KEPT) == ""
    assert "corrections" not in blog.php("echo wp_json_encode( _get_cron_array() );")


def _set_up(admin: Page, service: Service, token: str) -> None:
    """Fill the settings page in, as who installs it does."""
    admin.get_by_label("Address of the service").fill(f"{service.base_url}/")
    admin.get_by_label("Site key").fill(service.key)
    admin.get_by_label("Token", exact=True).fill(token)
    assert seen(admin, "Save Changes") == ["Settings saved."]
    expect(admin.get_by_label("Address of the service")).to_have_value(service.base_url)
    expect(admin.get_by_label("Token", exact=True)).to_have_value("")
    admin.set_viewport_size({"width": 360, "height": 740})
    SCREENS.mkdir(parents=True, exist_ok=True)
    admin.screenshot(path=SCREENS / "settings-360.png", full_page=True)
    assert admin.evaluate("document.documentElement.scrollWidth") <= 360
    admin.set_viewport_size({"width": 1280, "height": 900})


def _publish(admin: Page, blog: Blog) -> str:
    """Publish an article with the block editor; its address."""
    admin.goto(f"{blog.base_url}/wp-admin/post-new.php")
    content = "".join(f"<!-- wp:paragraph --><p>{words}</p><!-- /wp:paragraph -->" for words in PARAGRAPHS)
    return saved(admin, {"title": "The bridge", "content": content, "status": "publish"})


def _save(admin: Page, blog: Blog, before: str, after: str) -> None:
    """Change words of the article in the block editor, and update it."""
    number = blog.php("echo get_posts()[0]->ID;")
    admin.goto(f"{blog.base_url}/wp-admin/post.php?post={number}&action=edit")
    wait_in(admin, "window.wp?.data?.select('core/editor')?.getEditedPostContent()")
    content: str = admin.evaluate("wp.data.select('core/editor').getEditedPostContent()")
    saved(admin, {"content": content.replace(before, after)})


@contextlib.contextmanager
def _reader(browser: Browser, address: str, **options: bool) -> Iterator[Page]:
    """A reader's browser at an article."""
    with browser.new_context(**options) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address)
        yield page


def _report(page: Page) -> None:
    """Report the mistake, as a reader who sees it."""
    tag = page.locator("script[type=module][src*='/embed/']")
    assert tag.evaluate("tag => [tag.dataset.cfasync, tag.dataset.noOptimize, tag.dataset.noMinify]") == [
        "false",
        "1",
        "1",
    ]
    expect(page.locator(".corrections-service-report")).to_have_text(
        "Saw a mistake? Select it and press Ctrl + Enter, or write to us."
    )
    wait_in(page, "window[Symbol.for('corrections')]")
    highlight(page, WRONG, ".wp-block-post-content")
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    dialog.locator("[name=suggestion]").fill(RIGHT)
    page.screenshot(path=SCREENS / "dialog.png")
    dialog.locator("button[value=send]").click()
    expect(dialog.locator("[role=status]")).to_contain_text(re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2}"))


@contextlib.contextmanager
def _database(service: Service) -> Iterator[Database]:
    settings = Settings(data_dir=service.directory, secret_key=SECRET, base_url=service.base_url)
    database = open_database(settings)
    yield database
    database.close()


def _case(service: Service) -> Case:
    """The one case there is."""
    with _database(service) as database, database.read() as session:
        return session.scalars(select(Case)).one()


def _put_off_looks(service: Service, case: int) -> None:
    """Let the service look by itself only in a month: what comes sooner comes of what WordPress told."""
    with _database(service) as database, database.write() as session:
        later = now() + timedelta(days=30)
        session.execute(update(table_of(Case)).where(Case.id == case).values(recheck_at=later))


def _decide(desk: Page, service: Service, case: int) -> None:
    """Decide that it is corrected, with a notice."""
    desk.goto(f"{service.base_url}/cases/{case}")
    form = desk.locator("form:has([name=resolution])").first
    form.locator("[name=resolution][value=corrected]").check()
    form.locator("[name=wrong]").fill(WRONG)
    form.locator("[name=right]").fill(RIGHT)
    form.locator("[name=notice]").fill(NOTICE)
    with desk.expect_response(lambda answer: answer.request.method == "POST" and "/decide" in answer.url):
        form.get_by_role("button", name=re.compile("^decide", re.I)).click()
    desk.goto(f"{service.base_url}/cases/{case}")
    expect(desk.locator("main")).to_have_attribute("data-state", "fixing")


def _lead_into_the_editor(admin: Page, desk: Page, blog: Blog, service: Service, case: int) -> None:
    """The pattern that the settings page names leads from the case to the article in WordPress's editor."""
    admin.goto(f"{blog.base_url}/wp-admin/options-general.php?page=corrections-service")
    pattern = admin.locator("code", has_text="{url}").inner_text()
    desk.goto(f"{service.base_url}/settings/sites/news/cms")
    desk.get_by_label("Pattern").fill(pattern)
    desk.get_by_role("button", name=re.compile("try|see", re.I)).first.click()
    desk.get_by_role("button", name=re.compile("keep|save", re.I)).first.click()
    desk.goto(f"{service.base_url}/cases/{case}")
    address = str(desk.locator("a[data-key=c]").get_attribute("href"))
    admin.goto(address)
    expect(admin).to_have_url(EDITOR)
    wait_in(admin, "document.title.includes('The bridge')")
    desk.goto(address)
    sign_in(desk)
    expect(desk).to_have_url(EDITOR)
    assert desk.request.get(address.replace("bridge", "ferry")).status == 404


def _place_by_block_and_shortcode(admin: Page, blog: Blog, browser: Browser, article: str) -> None:
    """Where the settings leave the places to the newsroom, a block and a shortcode show the corrections; on a classic theme."""
    blog.php(
        "switch_theme( 'twentytwentyone' ); $settings = corrections_service_settings(); $settings['places'] = 'none';"
        "update_option( 'corrections_service', $settings );"
    )
    number = blog.php("echo get_posts()[0]->ID;")
    admin.goto(f"{blog.base_url}/wp-admin/post.php?post={number}&action=edit")
    wait_in(admin, "window.wp?.blocks?.getBlockType('corrections-service/corrections')?.edit")
    wait_in(admin, "window.wp?.data?.select('core/editor')?.getEditedPostContent()")
    content: str = admin.evaluate("wp.data.select('core/editor').getEditedPostContent()")
    block = '<!-- wp:corrections-service/corrections {"place":"top"} /-->'
    shortcode = "<!-- wp:shortcode -->[corrections_service]<!-- /wp:shortcode -->"
    saved(admin, {"content": f"{block}\n{content}\n{shortcode}"})
    wait_in(admin, "!wp.data.select('core/editor').isEditedPostDirty()")
    admin.evaluate("wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false)")
    admin.screenshot(path=SCREENS / "editor.png")
    with _reader(browser, article, java_script_enabled=False) as page:
        expect(page.locator("aside.correction")).to_have_count(2)
        expect(page.locator("[data-corrections-log=''] aside.correction")).to_contain_text(NOTICE)
        expect(page.locator("script[type=module][src*='/embed/']")).to_have_count(1)
        page.screenshot(path=SCREENS / "classic.png", full_page=True)
    with _reader(browser, f"{blog.base_url}/", java_script_enabled=False) as page:
        expect(page.locator("script[src*='/embed/'], .corrections-service-report")).to_have_count(0)


def _go_on_without_the_service(blog: Blog, service: Service, browser: Browser, article: str) -> None:
    """While the service is away, pages come as ever, with what it last said; a page waits for it at most once a minute."""
    service.stop()
    with socket.create_server(("127.0.0.1", service.port)):  # it takes requests and never answers
        blog.php(AGE)
        with lasting(2), _reader(browser, article, java_script_enabled=False) as page:
            expect(page.locator("[data-corrections-log='']")).to_contain_text(NOTICE)
        assert blog.php("echo get_transient( 'corrections_service_silent' );") == "1"
    blog.php(
        "corrections_service_note_change( 1, get_posts()[0], true, null ); do_action( 'corrections_service_tell', 5 );"
    )
    assert "did not take the change" in blog.php("echo get_option( 'corrections_service_trouble' );")
    assert json.loads(blog.php("echo wp_json_encode( corrections_service_notices( home_url( '/none' ) ) );")) == []
