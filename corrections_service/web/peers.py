"""Peers: where a request comes from, by its connection and by what trusted proxies say."""

from __future__ import annotations

import functools
import ipaddress

from werkzeug.wrappers import Request

from corrections_service.services.limits import address_block
from corrections_service.settings import Settings

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def client_address(request: Request, config: Settings) -> str:
    """Where a request comes from: the peer, or what trusted proxies say, read from the right (J01, J02)."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return origin_of_request(request.remote_addr or "", forwarded, trusted_networks(config))


def block_of(request: Request, config: Settings) -> str:
    """The network that a request comes from."""
    return address_block(client_address(request, config))


def trusted_networks(config: Settings) -> Networks:
    """The networks of the proxies whose word about an address counts."""
    return _networks(tuple(config.trusted_proxies))


@functools.lru_cache(maxsize=16)
def _networks(names: tuple[str, ...]) -> Networks:
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def origin_of_request(peer: str, forwarded: str, trusted: Networks) -> str:
    """The address that a request comes from, by its peer's and its X-Forwarded-For header."""
    peer = _address(peer) or ""
    if not is_within(peer, trusted):
        return peer
    for entry in reversed(forwarded[-4096:].split(",")):
        address = _address(entry)
        if address is None:
            return peer
        if not is_within(address, trusted):
            return address
        peer = address
    return peer


def is_proxy(request: Request, config: Settings) -> bool:
    """Whether the peer that sends this request is a trusted proxy."""
    return is_within(_address(request.remote_addr or "") or "", trusted_networks(config))


def is_within(address: str, networks: Networks) -> bool:
    """Whether the address is in one of the networks."""
    if not networks:
        return False
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip.version == network.version and ip in network for network in networks)


@functools.lru_cache(maxsize=4096)
def _address(entry: str) -> str | None:
    """One address of X-Forwarded-For, with or without a port; None for garbage."""
    entry = entry.strip()
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    try:
        ip = ipaddress.ip_address(entry)
    except ValueError:
        return None
    return str(getattr(ip, "ipv4_mapped", None) or ip)
