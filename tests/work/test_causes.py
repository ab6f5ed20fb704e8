"""Each cause that is told is the one that happened: the page's, the server's, the mail server's, or this machine's."""

from __future__ import annotations

import smtplib
import ssl

import pytest
import urllib3

from corrections_service.errors import Unreachable
from corrections_service.work import fetch, smtp
from tests.measures import moment
from tests.work.canaries import LOOPBACK, Canary


def test_a_redirect_to_nowhere_is_not_said_to_lead_outside(canary: Canary) -> None:
    """False causes."""
    for place, told in (("http://[", "to what is no address"), ("", "and does not say where to")):
        canary.redirect(place)
        with pytest.raises(Unreachable, match=rf"redirects \(30\d\) {told}"):
            fetch.read_page(canary.origin, origins=[canary.origin], allowed=LOOPBACK)


CAUSES: dict[OSError, str] = {
    ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"): "speaks no TLS",
    ssl.SSLError(1, "[SSL: NO_PROTOCOLS_AVAILABLE] no protocols"): "No safe connection",
    ConnectionResetError(104, "Connection reset by peer"): "hung up before it had answered",
    OSError(24, "Too many open files"): "This machine cannot open a connection",
    OSError(101, "Network is unreachable"): "it is asked again later (Network is unreachable).",
    TimeoutError("timed out"): "does not answer in time",
    ssl.SSLCertVerificationError(1, "x"): "is not accepted",
}


@pytest.mark.parametrize(("error", "told"), CAUSES.items(), ids=[*map(repr, CAUSES)])
def test_the_cause_that_is_told_is_the_one_that_happened(error: OSError, told: str) -> None:
    """False causes: whose fault it is, the server's, the page's or this machine's."""
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_code, error.verify_message = 23, "certificate revoked"
    elif isinstance(error, ssl.SSLError):
        error.reason = error.args[1].partition("] ")[0].removeprefix("[SSL: ")
    for wrapped in (error, urllib3.exceptions.ProtocolError("Connection aborted.", error)):
        assert told in fetch._why(wrapped, moment() + 9)


MAIL = {
    ssl.SSLCertVerificationError(1, "x"): "certificate is not accepted: certificate revoked",
    ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"): "No safe connection to the mail server",
    smtplib.SMTPServerDisconnected("Connection unexpectedly closed"): "hung up",
    smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."): "does not do what the settings ask",
    TimeoutError("timed out"): "does not answer in time",
    ConnectionRefusedError(111, "Connection refused"): "cannot be reached: Connection refused",
    ConnectionResetError(104, "Connection reset by peer"): "hung up: Connection reset by peer",
}


@pytest.mark.parametrize(("error", "told"), MAIL.items(), ids=[*map(repr, MAIL)])
def test_a_mail_server_that_was_reached_is_not_said_to_be_out_of_reach(error: Exception, told: str) -> None:
    """False causes: each has another remedy; none of them loses a mail."""
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "certificate revoked"
    with pytest.raises(smtp.MailRefused, match=told) as refused, smtp._in_our_words():
        raise error
    assert refused.value.away
    assert not refused.value.for_good
