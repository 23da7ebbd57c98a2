"""Fetching a page that the user named: bounded, and never from a private network."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from healthcoop import REPOSITORY, __version__
from healthcoop.errors import HealthcoopError

MAX_BYTES = 4 * 1024 * 1024
_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered with, and the address after redirects."""

    content: bytes
    content_type: str
    final_url: str


def fetch(url: str, *, allow_private: bool = False) -> Page:
    """Return the page at an address, http or https.

    Raises HealthcoopError where it cannot be fetched, is too long, or is on a private network
    (unless ``allow_private``), also after a redirect; and without urllib3.
    """
    try:
        import urllib3
    except ImportError as error:
        raise HealthcoopError(
            "fetching a page needs urllib3",
            hint="Install it with: pip install 'healthcoop[contribute]'",
        ) from error
    agent = {"User-Agent": f"healthcoop/{__version__} ({REPOSITORY})"}
    timeout = urllib3.Timeout(connect=_SECONDS / 2, read=_SECONDS)
    with urllib3.PoolManager(timeout=timeout, retries=False) as pool:
        for _ in range(_MAX_REDIRECTS + 1):
            _check(url, allow_private=allow_private)
            try:
                answer = pool.request(
                    "GET", url, headers=agent, preload_content=False, redirect=False
                )
                target = answer.headers.get("Location")
                if answer.status not in _REDIRECTS or not target:
                    return _page(answer, url)
                answer.close()
            except urllib3.exceptions.HTTPError as error:
                raise HealthcoopError(f"cannot fetch {url}: {_reason(error)}") from error
            url = urljoin(url, target)
    raise HealthcoopError(f"cannot fetch {url}: too many redirects")


def _page(answer: Any, url: str) -> Page:
    if answer.status != 200:
        raise HealthcoopError(f"cannot fetch {url}: the server answered {answer.status}")
    content = answer.read(MAX_BYTES + 1, decode_content=True)
    answer.close()
    if len(content) > MAX_BYTES:
        raise HealthcoopError(f"{url} is longer than {MAX_BYTES // 1024**2} MiB")
    return Page(content, answer.headers.get("Content-Type", ""), url)


def _check(url: str, *, allow_private: bool) -> None:
    """Raise HealthcoopError for an address that is not fetched."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise HealthcoopError(f"not an address that can be fetched: {url}")
    if allow_private:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise HealthcoopError(f"cannot fetch {url}: no such host") from error
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise HealthcoopError(f"{url} is on a private network, and was not fetched")


def _reason(error: Exception) -> str:
    return str(error).rpartition(": ")[2] or type(error).__name__
