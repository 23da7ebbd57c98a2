"""Texts and addresses of records as XML, calendars and linked data take them."""

import re
from functools import lru_cache
from urllib.parse import quote

from healthcoop.files.visible import visible

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
# RFC 3986: what an address is made of, but square brackets, which only a few hosts have.
_IN_ADDRESS = "%:/?#@!$&'()*+,;=~"
_BRACKETS = re.compile(r"https?://[^/?#]*[\[\]]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def xml(text: str) -> str:
    """Return a text as XML's character data or an attribute, on one line, controls made visible."""
    return visible(" ".join(text.split())).translate(_ESCAPES)


def web_address(text: str) -> str:
    """Return an http or https address as a URI (RFC 3986); empty for any other text.

    Also for one with an IPv6 address or another host in square brackets.
    """
    if not text.startswith(("https://", "http://")) or _BRACKETS.match(text):
        return ""
    escaped = _STRAY_PERCENT.sub("%25", text)
    return quote(escaped, safe=_IN_ADDRESS, errors="replace")


@lru_cache(maxsize=10_000)
def tag(kind: str, name: str) -> str:
    """Return the tag URI (RFC 4151) of a record, country ...: the same in each format."""
    return f"tag:healthcoop,2026:{kind}/{quote(name, safe='', errors='replace')}"
