"""What an administrator of WordPress does in a browser, for tests of the plug-in."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.measures import wait_in
from tests.wordpress.blog import PASSWORD

SCREENS = Path(__file__).resolve().parents[2] / "build/wordpress"
SCREENS.mkdir(parents=True, exist_ok=True)
KEPT = "global $wpdb; echo implode( ' ', $wpdb->get_col( \"SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%corrections%'\" ) );"


def sign_in(page: Page) -> None:
    """Sign in at WordPress's own page for that."""
    # Its script puts the cursor there after a while, also from where somebody types.
    wait_in(page, "document.activeElement.id === 'user_login'")
    page.locator("#user_login").fill("ada")
    page.locator("#user_pass").fill(PASSWORD)
    page.locator("#wp-submit").click()


def seen(admin: Page, button: str) -> list[str]:
    """What the settings page says after this button."""
    if "page=corrections-service" not in admin.url:
        admin.goto(f"{admin.url.partition('/wp-admin/')[0]}/wp-admin/options-general.php?page=corrections-service")
    with admin.expect_navigation():
        admin.get_by_role("button", name=button, exact=True).click()
    return [said.strip() for said in admin.locator(".wrap .notice p").all_inner_texts()]


def saved(admin: Page, changes: dict[str, str]) -> str:
    """Save the article that is open in the block editor; its address."""
    wait_in(admin, "window.wp?.data?.select('core/editor')?.getCurrentPostId()")
    address: str = admin.evaluate(
        """async changes => {
            const { content, ...rest } = changes;
            await wp.data.dispatch("core/editor").editPost(rest);
            if (content) await wp.data.dispatch("core/block-editor").resetBlocks(wp.blocks.parse(content));
            await wp.data.dispatch("core/editor").savePost();
            return wp.data.select("core/editor").getPermalink();
        }""",
        changes,
    )
    assert admin.evaluate("wp.data.select('core/editor').didPostSaveRequestSucceed()")
    return address
