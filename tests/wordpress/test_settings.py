"""What the plug-in says of its settings, what it makes of a service's answers, and that a network of sites is left clean."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.running import Service
from tests.wordpress.blog import NETWORK, Blog
from tests.wordpress.desk import KEPT, SCREENS, seen


def test_what_is_wrong_with_the_settings_is_said_with_its_cure(blog: Blog, service: Service, admin: Page) -> None:
    assert seen(admin, "Check") == ["Type the address of the service and the site key, and save them first."]
    admin.get_by_label("Address of the service").fill("http://corrections.example")
    admin.get_by_label("Site key").fill('"><script>')
    (address, key) = seen(admin, "Save Changes")
    assert "begins with https://" in address
    assert "copy it anew" in key
    expect(admin.get_by_label("Address of the service")).to_have_value("")
    for service_address, key, token, said in (
        ("http://127.0.0.1:9", service.key, "", "Nothing answers at http://127.0.0.1:9"),
        (blog.base_url, service.key, "", "is not the corrections service"),
        (service.base_url, "another", "", "does not know the site key another"),
        (service.base_url, service.key, "made-up", "The token is not valid"),
    ):
        admin.get_by_label("Address of the service").fill(service_address)
        admin.get_by_label("Site key").fill(key)
        admin.get_by_label("Token", exact=True).fill(token)
        seen(admin, "Save Changes")
        assert [point for point in seen(admin, "Check") if said in point], said
        assert token not in admin.content() or not token, "a secret is not shown again"
    admin.screenshot(path=SCREENS / "check.png", full_page=True)
    token = "echo corrections_service_settings()['token'];"
    admin.get_by_label("Address of the service").fill("http://127.0.0.1:9")
    (said,) = seen(admin, "Save Changes")
    assert said.startswith("The address of the service changed, so the token is forgotten")
    assert blog.php(token) == "", "the token of one service is not sent to another"
    expect(admin.get_by_label("Forget the token")).to_have_count(0)
    admin.get_by_label("Address of the service").fill(service.base_url)
    admin.get_by_label("Token", exact=True).fill("made-up")
    assert seen(admin, "Save Changes") == ["Settings saved."]
    assert blog.php(token) == "made-up"
    admin.get_by_label("Forget the token").check()
    seen(admin, "Save Changes")
    *_, token_point, page_point = seen(admin, "Check")
    assert "There is no token" in token_point
    page = page_point.partition(" page ")[2].rstrip(".")
    (blog.root / "wp-content/languages").mkdir(exist_ok=True)
    for locale, words in (
        ("de_DE", 'lang="de">Einen Fehler'),
        ("pt_BR", "escreva-nos"),
        ("nl_NL", 'lang="en">Saw a mistake?'),
    ):
        (blog.root / f"wp-content/languages/{locale}.mo").touch()  # WordPress takes a language that it has files of
        blog.php(f"update_option( 'WPLANG', '{locale}' );")
        assert words in admin.request.get(page).text()
    blog.php("update_option( 'WPLANG', '' );")
    assert f"/embed/{service.key}.js" in admin.request.get(page).text()
    admin.get_by_label("Posts").uncheck()
    seen(admin, "Save Changes")
    assert f"/embed/{service.key}.js" not in admin.request.get(page).text(), (
        "where nothing is an article, no page has it"
    )
    assert blog.troubles == []


def test_what_a_service_answers_is_text_and_no_markup_whatever_it_says(blog: Blog) -> None:
    hostile = {"label": "<script>", "url": "javascript:alert(1)", "date": '"><img src=x>', "text": "<b>", "fate": ["x"]}
    (blog.root / "notices.json").write_text(
        json.dumps([hostile | {"gravity": "serious"}, {"retracted": {}}, {}]), "utf-8"
    )
    load = "require_once WP_PLUGIN_DIR . '/corrections-service/corrections-service.php';"
    notices = "json_decode( file_get_contents( 'notices.json' ), true )"
    html = blog.php(
        f"{load} foreach ( array( '', 'headline' ) as $place ) {{ echo corrections_service_shown( {notices}, $place ); }}"
    )
    assert set(re.findall(r"<(\w+)", html)) == {"aside", "p", "strong", "a"}
    assert "javascript:" not in html
    assert html.count("correction retracted") == 1


def test_a_network_of_sites_keeps_settings_for_each_and_is_left_clean(blog: Blog) -> None:
    blog.configure("define( 'WP_ALLOW_MULTISITE', true );")
    blog.php(
        "require_once 'wp-admin/includes/upgrade.php'; require_once 'wp-admin/includes/network.php';"
        "foreach ( $wpdb->tables( 'ms_global' ) as $table => $name ) { $wpdb->$table = $name; } install_network();"
        "populate_network( 1, '127.0.0.1', 'ada@news.example', 'Papers', '/', false );"
    )
    blog.base_url = "http://127.0.0.1"
    blog.configure(NETWORK)
    activate = "require_once 'wp-admin/includes/admin.php'; activate_plugin( 'corrections-service/corrections-service.php', '', true );"
    blog.php(f"wp_insert_site( array( 'domain' => '127.0.0.1', 'path' => '/second/', 'user_id' => 1 ) ); {activate}")
    keep = "update_option( 'corrections_service', array( 'key' => 'key-' . get_current_blog_id() ) ); set_transient( 'corrections_service_a', 1, 9 );"
    keep += "add_option( 'corrections_service_changed_a', home_url(), '', false );"
    show = "echo corrections_service_settings()['key'] . ' ';"
    each = "foreach ( get_sites( array( 'fields' => 'ids' ) ) as $id ) { switch_to_blog( $id ); %s restore_current_blog(); }"
    blog.php(each % keep)
    assert blog.php(each % show).split() == ["key-1", "key-2"]
    remove = (
        "require_once 'wp-admin/includes/admin.php'; uninstall_plugin( 'corrections-service/corrections-service.php' );"
    )
    blog.php(remove)
    assert blog.php(each % KEPT).strip() == ""
