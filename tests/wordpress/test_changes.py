"""The plug-in tells of articles that change: together, neither of an import nor without end while the service is away."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.running import Service
from tests.wordpress.blog import Blog

QUIET = "define( 'DISABLE_WP_CRON', true ); require 'wp-load.php';"
"""WordPress that runs no task by itself, so that what waits can be looked at."""
ACTIVATE = (
    "require_once 'wp-admin/includes/admin.php'; activate_plugin( 'corrections-service/corrections-service.php' );"
)
PUBLISH = "foreach ( array( 1, 2, 3 ) as $n ) { wp_insert_post( array( 'post_title' => \"%s $n\", 'post_status' => 'publish' ) ); }"
WAITING = """
$tasks = array();
foreach ( _get_cron_array() as $due => $hooks ) {
    foreach ( isset( $hooks['corrections_service_tell'] ) ? $hooks['corrections_service_tell'] : array() as $task ) {
        $tasks[] = array( $task['args'][0], (int) ceil( max( 0, $due - time() ) / 60 ) );
    }
}
echo wp_json_encode( array( array_values( corrections_service_changes() ), $tasks ) );"""
"""The addresses that wait, and of each task the try and in how many minutes."""
NOTE = "for ( $n = 0; $n < 250; $n++ ) { corrections_service_note_change( 1, get_posts()[0], true, null ); }"
TELL = """$calls = 0;
add_action( 'http_api_debug', function () use ( &$calls ) { ++$calls; } );
do_action( 'corrections_service_tell', 1 );
echo wp_json_encode( array( $calls, get_option( 'corrections_service_trouble' ) ) );"""
TELL_AGAIN = "do_action( 'corrections_service_tell', %d );"
MANY = (
    'for ( $n = 0; $n < 510; $n++ ) { add_option( "corrections_service_changed_$n", home_url( "/$n" ), \'\', false ); }'
)


def test_changes_are_told_together_and_those_of_an_import_are_not(blog: Blog, service: Service) -> None:
    token = service.console("token", "add", "WordPress", "--site", "News", "--scope", "articles:changed")
    settings = {"service": service.base_url, "key": service.key, "token": token.strip().rpartition(" ")[2]}
    (blog.root / "settings.json").write_text(json.dumps(settings), "utf-8")
    keep = "update_option( 'corrections_service', json_decode( file_get_contents( 'settings.json' ), true ) );"
    quiet = partial(blog.php, load=QUIET)
    quiet(f"{ACTIVATE} {keep}")

    quiet(f"define( 'WP_IMPORTING', true ); {PUBLISH % 'Archive'}")
    assert json.loads(quiet(WAITING)) == [[], []]

    with ThreadPoolExecutor(2) as both:
        list(both.map(quiet, [PUBLISH % "Bridge", PUBLISH % "Ferry"]))
    addresses, tasks = json.loads(quiet(WAITING))
    ends = sorted(address.rstrip("/").rpartition("/")[2] for address in addresses)
    assert ends == ["bridge-1", "bridge-2", "bridge-3", "ferry-1", "ferry-2", "ferry-3"], "of two at once none is lost"
    assert tasks == [[1, 0]]

    quiet(NOTE)
    assert json.loads(quiet(TELL)) == [2, ""], "256 changes, 200 a call"
    assert json.loads(quiet(WAITING)) == [[], []]

    service.stop()
    quiet(PUBLISH % "Lighthouse")
    for attempt, minutes in ((1, 1), (2, 4), (3, 16), (4, 64)):
        quiet(TELL_AGAIN % attempt)
        addresses, tasks = json.loads(quiet(WAITING))
        assert len(addresses) == 3
        assert tasks == [[attempt + 1, minutes]]
    quiet(f"{MANY} {TELL_AGAIN % 4}")
    addresses, _ = json.loads(quiet(WAITING))
    assert addresses == [f"{blog.base_url}/{n}" for n in range(10, 510)], "the oldest go"
    quiet(TELL_AGAIN % 5)
    assert json.loads(quiet(WAITING)) == [[], []]
    assert "did not take the change" in quiet("echo get_option( 'corrections_service_trouble' );")
    assert blog.troubles == []
