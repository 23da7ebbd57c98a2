"""Which addresses are public, and what a host's name resolves to."""

import ipaddress
import socket

import pytest

from healthcoop.contribute.hosts import CannotFetch, NoSuchHost, Offline, is_public, resolve
from tests.cases import each
from tests.contribute.links.conftest import PUBLIC

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 fc00::1 fd00::1
fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001::1 2001:10::1 2001:db8::1 2002:7f00:1::1 3fff::1 4000::1
""".split()  # noqa: SIM905
PUBLIC_ONES = """
1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255
198.17.255.255 223.255.255.255 2001:4860:4860::8888 2606:4700::1111 2a00:1450::1 2400:cb00::1
""".split()  # noqa: SIM905


@each("address", NOT_PUBLIC)
def test_special_addresses_are_not_public(address):
    assert not is_public(address)


@each("address", PUBLIC_ONES)
def test_other_addresses_are_public(address):
    assert is_public(address)
    assert ipaddress.ip_address(address).is_global


def test_no_address_is_public_that_python_calls_private():
    """Python's own tables, on the first and last address of every /8 and /16 of both versions."""
    v4 = [
        f"{a}.{b}.{c}"
        for a in range(256)
        for b in (0, 64, 128, 168, 255)
        for c in ("0.0", "255.255")
    ]
    v6 = [f"{a << 8 | b:x}::{c}" for a in range(256) for b in (0, 1, 255) for c in ("", "1")]
    private = [each for each in v4 + v6 if not ipaddress.ip_address(each).is_global]
    assert not [each for each in private if is_public(each)]


@each(
    "host",
    ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "::ffff:127.0.0.1", "0", "169.254.169.254"],
)
def test_every_spelling_of_a_private_address_is_refused(host, names):
    with pytest.raises(CannotFetch, match="private network"):
        resolve("url", host, 80, allow_private=False)
    assert resolve("url", host, 80, allow_private=True)


def test_only_the_public_addresses_of_a_host_are_used(monkeypatch):
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in ("10.0.0.1", PUBLIC, "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    (endpoint,) = resolve("url", "mixed.example", 80, allow_private=False)
    assert endpoint.address == (PUBLIC, 80)


def test_a_name_is_missing_only_where_names_are_resolved_at_all(names):
    with pytest.raises(NoSuchHost):
        resolve("url", "missing.example", 80, allow_private=False)
    names["example.com"] = []
    with pytest.raises(Offline):
        resolve("url", "missing.example", 80, allow_private=False)
