"""What is owed and could not be sent."""

from __future__ import annotations

import click

from corrections_service.console import one_line, reading, writing
from corrections_service.errors import CorrectionsError

commands = click.Group()


@commands.group()
def outbox() -> None:
    """What is owed and could not be sent."""


@outbox.command("list")
def outbox_list() -> None:
    """List what could not be sent, with the reason."""
    from corrections_service.services import outbox as deliveries
    from corrections_service.services import sites

    with reading() as session:
        for delivery in deliveries.unsent(session, [site.id for site in sites.all_sites(session)]):
            reason = one_line(delivery.last_error)
            click.echo(
                f"{delivery.id}\t{delivery.state.value}\t{delivery.template}\t{delivery.attempts} tries\t{reason}"
            )


@outbox.command("retry")
@click.argument("number", type=click.IntRange(1, 2**63 - 1), required=False)
def outbox_retry(number: int | None) -> None:
    """Try what failed once more; one delivery, or all."""
    from corrections_service.services import outbox as deliveries

    with writing() as (session, _):
        count = deliveries.retry(session, number)
    if number is not None and not count:
        raise CorrectionsError(f"Delivery {number} is none that failed or waits for its next try.")
    click.echo(f"{count} will be tried again")


@outbox.command("release")
def outbox_release() -> None:
    """Let go what a restore held back: mails, and calls of webhooks that are on."""
    from corrections_service.services import calls
    from corrections_service.services import outbox as deliveries

    with writing() as (session, _):
        click.echo(f"{deliveries.release(session) + calls.release(session)} released")
