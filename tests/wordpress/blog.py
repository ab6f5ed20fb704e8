"""A WordPress of its own: Debian's files, a database and a web server of this process's, gone with the block."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.measures import PATIENCE, wait_for
from tests.running import free_port

PLUGIN = Path(__file__).resolve().parents[2] / "integrations/wordpress/corrections-service"
CORE = Path("/usr/share/wordpress")
PROGRAMS = ("php", "mariadbd", "mariadb-install-db")
THEMES = ("twentytwentyone", "twentytwentythree")
PACKAGES = f"wordpress php-cli php-mysql mariadb-server {' '.join(f'wordpress-theme-{name}' for name in THEMES)}"
PASSWORD = "correct horse battery staple"

CONFIGURATION = """<?php
define( 'DB_NAME', 'wordpress' ); define( 'DB_USER', 'root' ); define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' ); define( 'DB_CHARSET', 'utf8mb4' ); define( 'DB_COLLATE', '' );
define( 'WP_DEBUG', true ); define( 'WP_DEBUG_DISPLAY', false ); define( 'WP_DEBUG_LOG', '{root}/debug.log' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'AUTOMATIC_UPDATER_DISABLED', true ); define( 'FS_METHOD', 'direct' );
foreach ( array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY' ) as $name ) {{
    define( $name, $name ); define( str_replace( 'KEY', 'SALT', $name ), "$name of the tests" );
}}
$table_prefix = 'wp_';
{network}
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """define( 'WP_INSTALLING', true );
define( 'WP_SITEURL', '{address}' );
require 'wp-load.php';
require 'wp-admin/includes/upgrade.php';
wp_install( 'The Harbour Gazette', 'ada', 'ada@news.example', true, '', '{password}' );
update_option( 'permalink_structure', '/%year%/%postname%/' );
switch_theme( 'twentytwentythree' );
flush_rewrite_rules();
"""
NETWORK = """define( 'MULTISITE', true ); define( 'SUBDOMAIN_INSTALL', false ); define( 'DOMAIN_CURRENT_SITE', '127.0.0.1' );
define( 'PATH_CURRENT_SITE', '/' ); define( 'SITE_ID_CURRENT_SITE', 1 ); define( 'BLOG_ID_CURRENT_SITE', 1 );
"""


class Blog:
    """A WordPress with the plug-in among its plug-ins, not activated; `ada` is its administrator."""

    def __init__(self, root: Path, socket: Path) -> None:
        self.root, self.socket = root, socket
        self.base_url = f"http://127.0.0.1:{free_port()}"

    def configure(self, network: str = "") -> None:
        """Write the configuration, of a network of sites where its constants are given."""
        text = CONFIGURATION.format(socket=self.socket, root=self.root, network=network)
        (self.root / "wp-config.php").write_text(text, "utf-8")

    def php(self, code: str, load: str = "require 'wp-load.php';") -> str:
        """Run a piece of PHP within WordPress, as its administrator; what it printed."""
        host = self.base_url.removeprefix("http://")
        before = f"$_SERVER = array( 'HTTP_HOST' => '{host}', 'REQUEST_URI' => '/', 'REMOTE_ADDR' => '127.0.0.1' ) + $_SERVER; {load}"
        command = ["php", "-d", "sendmail_path=true", "-d", "display_errors=stderr", "-r", f"{before}\n{code}"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, f"{done.stderr}\n{self.log[-3000:]}"
        return done.stdout

    @property
    def log(self) -> str:
        """What PHP complained of."""
        file = self.root / "debug.log"
        return file.read_text("utf-8") if file.exists() else ""

    @property
    def troubles(self) -> list[str]:
        """What PHP complained of in the plug-in."""
        return [line for line in self.log.splitlines() if "corrections" in line]

    def is_ready(self) -> bool:
        """Whether it answers."""
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.base_url}/", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
        return False


@contextlib.contextmanager
def running_blog(directory: Path) -> Iterator[Blog]:
    """A WordPress that is ended with the block. Where the packages are missing, it says which."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    missing += [
        str(path) for path in (CORE, *(CORE / "wp-content/themes" / name for name in THEMES)) if not path.exists()
    ]
    if missing:
        pytest.fail(
            f"{', '.join(missing)} not found: apt-get install --no-install-recommends {PACKAGES}", pytrace=False
        )
    blog = Blog(directory / "blog", directory / "db.sock")
    shutil.copytree(CORE, blog.root, symlinks=False, ignore=shutil.ignore_patterns("wp-config.php", "akismet"))
    shutil.copytree(PLUGIN, blog.root / "wp-content/plugins/corrections-service")
    data, user = directory / "db", getpass.getuser()
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--user={user}", "--skip-test-db"]
    subprocess.run([*install, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    server = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={blog.socket}", f"--user={user}"]
    server += ["--skip-networking", "--innodb-flush-log-at-trx-commit=0", f"--log-error={directory}/db.log"]
    with contextlib.ExitStack() as running:
        _end(running, subprocess.Popen([*server, f"--pid-file={directory}/db.pid"], start_new_session=True))
        wait_for(blog.socket.exists, "the database gets ready")
        blog.configure()
        connection = f"mysqli_connect( 'localhost', 'root', '', '', 0, '{blog.socket}' )"
        blog.php(f"mysqli_query( {connection}, 'CREATE DATABASE wordpress' );", load="")
        blog.php(INSTALL.format(password=PASSWORD, address=blog.base_url), load="")
        web = [
            "php",
            "-d",
            "opcache.enable_cli=1",
            "-d",
            "sendmail_path=true",
            "-S",
            blog.base_url[7:],
            "-t",
            str(blog.root),
        ]
        log = running.enter_context((directory / "web.log").open("wb"))
        several = os.environ | {"PHP_CLI_SERVER_WORKERS": "4"}
        _end(running, subprocess.Popen(web, env=several, stdout=log, stderr=log, start_new_session=True))
        wait_for(blog.is_ready, "WordPress answers")
        yield blog


def _end(running: contextlib.ExitStack, process: subprocess.Popen[bytes]) -> None:
    """Have a process ended with the stack, and those that it began: PHP's web server leaves its workers behind."""

    def end() -> None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)

    running.callback(end)
