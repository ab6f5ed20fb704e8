"""Networks: which the article reader may reach, and a connection that leads into no other (THREATS G)."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Sequence

from corrections_service.errors import Unreachable
from corrections_service.rules import text

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CONNECT_SECONDS = 3.0
"""For looking up a name, and for connecting to an address of it."""

DENIED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
    198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    ::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 2002::/16
    2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
    """.split()
)
"""IANA's special-purpose addresses, both versions, with the forms that embed version 4."""

_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""What a resolver says of a name that is none."""


def judge_ip(address: Address, allowed: Sequence[Network], *, is_public: bool = True) -> bool:
    """Whether the article reader may connect to this address; those that embed one of version 4 are all denied.

    Not `is_public`: to what is allowed besides public networks alone.
    """
    if any(address.version == network.version and address in network for network in allowed):
        return True
    return is_public and not any(address.version == network.version and address in network for network in DENIED)


def connect(host: str, port: int, allowed: Sequence[Network], *, is_public: bool = True) -> socket.socket:
    """Resolve, judge every address of the answer, and connect to the first of them; not `is_public`: among the allowed."""
    answer = _resolve(host, port)
    addresses = [ipaddress.ip_address(address.partition("%")[0]) for address in answer]
    if not addresses or not all(judge_ip(address, allowed) for address in addresses):
        raise Unreachable("The address leads into a network that the article reader may not reach (see FETCH_ALLOW).")
    if not all(judge_ip(address, allowed, is_public=is_public) for address in addresses):
        raise Unreachable("The address begins with http://: what is not encrypted goes into one’s own networks alone.")
    return socket.create_connection((str(addresses[0]), port), timeout=CONNECT_SECONDS)


def leads_into(sock: socket.socket, allowed: Sequence[Network]) -> bool:
    """Whether a connection goes into one of these networks."""
    address = ipaddress.ip_address(str(sock.getpeername()[0]).partition("%")[0])
    return any(address.version == network.version and address in network for network in allowed)


def _resolve(host: str, port: int) -> list[str]:
    """The addresses of a host within three seconds (the system's resolver has no time limit of its own)."""
    answer: list[str] = []
    failures: list[str] = []  # why the name could not be looked up, which says nothing about the name

    def ask() -> None:
        try:
            answer.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            if error.errno not in _NO_SUCH_NAME:
                failures.append(text.reason(error, 80))
        except UnicodeError:
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(CONNECT_SECONDS)
    if asking.is_alive():
        raise Unreachable("The host’s name could not be looked up in time; it is asked again later.")
    if failures:
        raise Unreachable(f"The host’s name could not be looked up ({failures[0]}); it is asked again later.")
    if not answer:
        raise Unreachable("The host’s name leads nowhere; look whether the address is right.")
    return list(dict.fromkeys(answer))
