"""Hosts of web addresses: resolving a name, and which addresses are on the public internet."""

import ipaddress
import socket
from typing import Any, NamedTuple

from healthcoop.errors import HealthcoopError

_ALWAYS_THERE = "example.com"  # reserved for documentation and in the DNS for good (RFC 2606)
ON_PRIVATE_NETWORK = "the host is on a private network"
"""Why a host is refused."""
NO_NAMES = "no host name can be resolved"
"""Why nothing is asked without a network."""
_MOST_ENDPOINTS = 4  # of a host that are tried
_NOT_FOUND = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

# IANA's special-purpose registries. The ipaddress module knows them too, but what it calls global
# differs between Python versions (192.0.0.8), and includes multicast and embedded IPv4 addresses.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)
# The only block of global unicast addresses: everything else in IPv6, such as loopback, link-local,
# mapped IPv4 and NAT64, is outside.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class CannotFetch(HealthcoopError):
    """A page could not be fetched; ``reason`` is why, in a phrase without the address."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"cannot fetch {url}: {reason}")
        self.url = url
        self.reason = reason


class NoAnswer(CannotFetch):
    """The host of an address cannot be reached, or does not answer as a web server does."""


class NoSuchHost(NoAnswer):
    """The host of an address does not exist."""


class Offline(NoAnswer):
    """No host name at all can be resolved."""


class Endpoint(NamedTuple):
    """An address to connect to, as ``socket.socket`` takes it."""

    family: int
    address: tuple[Any, ...]


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet.

    False for private, loopback, link-local, multicast, reserved and unspecified addresses, and for
    IPv6 ones that stand for an IPv4 address.
    """
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and ip not in _GLOBAL_UNICAST:
        return False
    return not any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)


def resolve(url: str, host: str, port: int, *, allow_private: bool) -> list[Endpoint]:
    """Return the endpoints of a host: all of them public, unless ``allow_private``.

    Raises NoSuchHost where the name does not exist, Offline where no name can be resolved, and
    NoAnswer where this one cannot, or is on a private network.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if not _is_online():
            raise Offline(url, NO_NAMES) from None
        if error.errno in _NOT_FOUND:
            raise NoSuchHost(url, "the host does not exist") from None
        raise NoAnswer(url, "the host name cannot be resolved") from None
    except (OSError, UnicodeError):
        raise NoAnswer(url, "the host name cannot be resolved") from None
    endpoints = [Endpoint(family, address) for family, _, _, _, address in found]
    if allow_private:
        return endpoints[:_MOST_ENDPOINTS]
    public = [each for each in endpoints if is_public(str(each.address[0]))]
    if not public:
        raise NoAnswer(url, ON_PRIVATE_NETWORK)
    return public[:_MOST_ENDPOINTS]


def _is_online() -> bool:
    """Return whether names are resolved at all; without a network, many systems find none."""
    try:
        socket.getaddrinfo(_ALWAYS_THERE, 443, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return True
