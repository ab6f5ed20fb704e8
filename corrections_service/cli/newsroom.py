"""Who and what the service is for: publications, short links, people, programs."""

from __future__ import annotations

from pathlib import Path

import click

from corrections_service.console import current_settings, one_line, reading, writing

commands = click.Group()


@commands.group()
def site() -> None:
    """The publications."""


@site.command("add")
@click.argument("name")
@click.option("--origin", "origins", multiple=True, required=True, help="An origin of its articles; again for more.")
@click.option("--desk", required=True, help="The address that hears of new cases.")
@click.option("--lang", default="en", show_default=True, help="The publication's language (BCP 47).")
def site_add(name: str, origins: tuple[str, ...], desk: str, lang: str) -> None:
    """Add a publication; prints its key, the embed code, and where its guide is."""
    from corrections_service.services import sites, starts

    with writing() as (session, config):
        sites.check_free(session, name)
        site = sites.create(session, name=name, origins=list(origins), desk=desk, language=lang)
        click.echo(f"site-key: {site.key}")
        click.echo(sites.embed_tag(site, config.base_url))
        click.echo(f"guide: {starts.guide_address(site, config.base_url)}")
        for origin, other in sites.shared(session, site):
            name = one_line(other.name)
            click.echo(f"note: {origin} is an address of {name}, too: each page belongs to whose key its line has.")


@site.command("list")
def site_list() -> None:
    """List the publications."""
    from corrections_service.services import sites

    with reading() as session:
        for site in sites.all_sites(session):
            click.echo(f"{site.slug}\t{site.key}\t{one_line(site.name)}")


@site.command("show")
@click.argument("name")
@click.option("--pinned", metavar="LANG", help="The embed code that pins the script's hash, in this language.")
def site_show(name: str, pinned: str | None) -> None:
    """Show one publication, its key and the embed code."""
    from corrections_service.services import sites
    from corrections_service.web import embed

    with reading() as session:
        site = sites.by_name(session, name)
        click.echo(f"name: {one_line(site.name)}")
        click.echo(f"site-key: {site.key}")
        click.echo(f"origins: {' '.join(site.origins)}")
        click.echo(f"desk: {site.desk}")
        config = current_settings()
        tag = sites.embed_tag(site, config.base_url)
        click.echo(embed.whole_tag(embed.build(config), site, config.base_url, pinned) if pinned else tag)


@commands.command()
@click.argument("url")
@click.option("--site", "site_name", required=True, help="The publication's name or slug.")
@click.option("--qr", type=click.Path(path_type=Path, dir_okay=False), help="Write its QR code to this new file (SVG).")
def link(url: str, site_name: str, qr: Path | None) -> None:
    """Print the short address of an article, for newsletters, apps and print."""
    from corrections_service.rules.links import qr_code
    from corrections_service.services import links, sites

    with writing() as (session, settings):
        address = links.short_address(links.add(session, sites.by_name(session, site_name), url), settings)
    if qr is not None:
        with qr.open("x", encoding="utf-8") as file:
            file.write(qr_code(address))
    click.echo(address)


@commands.group()
def editor() -> None:
    """The people who sign in."""


@editor.command("add")
@click.argument("email")
@click.option("--site", "site_name", required=True, help="The publication's name or slug.")
@click.option("--role", required=True, type=click.Choice(["viewer", "author", "editor", "standards", "admin"]))
def editor_add(email: str, site_name: str, role: str) -> None:
    """Invite a person: prints the invitation link, which also goes to them by mail."""
    from corrections_service.rules.workflow import Role
    from corrections_service.services import editors, sites

    with writing() as (session, config):
        site = sites.by_name(session, site_name)
        link = editors.invite(session, email, site=site, role=Role(role), base_url=config.base_url)
    click.echo(f"invitation: {link}")


@editor.command("link")
@click.argument("email")
def editor_link(email: str) -> None:
    """Print a link that signs a person in, once and within an hour: for who forgot the password while no mail goes out."""
    from corrections_service.errors import NotFound
    from corrections_service.services import editors
    from corrections_service.store.models import Purpose

    with writing() as (session, config):
        person = editors.by_email(session, email)
        if person is None or not person.active or not person.memberships:
            raise NotFound(f"Nobody signs in as {email}; `corrections editor add` invites people.")
        click.echo(f"sign-in: {config.base_url}/sign-in/{editors.link(session, person, Purpose.SIGN_IN, hours=1)}")


@editor.command("remove")
@click.argument("email")
def editor_remove(email: str) -> None:
    """Take who works here no more off every publication: sessions end at once, open cases go to deputies or back to all."""
    from corrections_service.errors import NotFound
    from corrections_service.services import editors, people

    with writing() as (session, _):
        person = editors.by_email(session, email)
        if person is None or not person.memberships:
            raise NotFound(f"Nobody signs in as {email}.")
        for site in people.leave(session, person):
            click.echo(f"removed from: {one_line(site.name)}")


@editor.command("forget-account")
@click.argument("email")
@click.option("--issuer", default="", help="Of this provider alone, by its issuer's address; without it, of whichever.")
def editor_forget_account(email: str, issuer: str) -> None:
    """Let a person come by another of the newsroom's own accounts than before (OpenID Connect)."""
    from corrections_service.errors import NotFound
    from corrections_service.services import accounts, editors

    with writing() as (session, config):
        issuers, issuer = [provider.issuer for provider in config.accounts.values()], issuer.rstrip("/")
        if issuer and issuer not in issuers:
            raise NotFound(f"No provider has this issuer; set up: {', '.join(issuers) or 'none'}.")
        person = editors.by_email(session, email)
        if person is None or not person.choices.get(editors.ACCOUNT):
            raise NotFound(f"Nobody came by an account of the newsroom as {email}.")
        accounts.free(session, person, issuer)
    next_one = f"The next account of {issuer}" if issuer else "The next account, of whichever provider,"
    click.echo(f"{next_one} whose verified address is {email} is taken for theirs.")


@editor.command("second-factor-off")
@click.argument("email")
def editor_second_factor_off(email: str) -> None:
    """Let a person sign in without their second factor: for who has lost the app and the recovery codes. They are mailed."""
    from corrections_service.errors import NotFound
    from corrections_service.services import editors, second_factors

    with writing() as (session, _):
        person = editors.by_email(session, email)
        if person is None or not person.second_factor:
            raise NotFound(f"Nobody with a second factor signs in as {email}.")
        second_factors.switch_off(session, person)
    click.echo(f"{email} signs in without a second factor until they set up another.")


@editor.command("passkeys-off")
@click.argument("email")
def editor_passkeys_off(email: str) -> None:
    """Let nobody in by a person's passkeys any more: for who has lost a device. They are mailed, and sign in another way."""
    from corrections_service.errors import NotFound
    from corrections_service.services import editors, passkeys

    with writing() as (session, _):
        person = editors.by_email(session, email)
        count = passkeys.remove_all(session, person) if person is not None else 0
        if not count:
            raise NotFound(f"Nobody with a passkey signs in as {email}.")
    click.echo(
        f"Passkeys removed: {count}. {email} signs in by password, by a link, or by the newsroom's own accounts."
    )


@commands.group()
def token() -> None:
    """The secrets by which programs are let in."""


@token.command("add")
@click.argument("name")
@click.option("--site", "site_name", required=True, help="The publication's name or slug; the program sees no other.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(["cases:read", "articles:changed"]),
    help="What it may do.",
)
def token_add(name: str, site_name: str, scopes: tuple[str, ...]) -> None:
    """Make a token for a program; prints its secret, which nobody can look up later."""
    from corrections_service.services import sites, tokens
    from corrections_service.store.models import Scope

    with writing() as (session, _):
        site = sites.by_name(session, site_name)
        click.echo(f"token: {tokens.add(session, name, site=site, scopes=[Scope(scope) for scope in scopes])}")


@token.command("list")
def token_list() -> None:
    """List the tokens: name, site, scopes."""
    from corrections_service.services import tokens

    with reading() as session:
        for token in tokens.all_tokens(session):
            click.echo(f"{one_line(token.name)}\t{token.site.slug}\t{' '.join(token.scopes)}")


@token.command("revoke")
@click.argument("name")
def token_revoke(name: str) -> None:
    """Let the program of a token in no more."""
    from corrections_service.services import tokens

    with writing() as (session, _):
        tokens.revoke(session, name)
    click.echo("revoked")
