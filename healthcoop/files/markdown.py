"""Text of strangers in GitHub's Markdown: no markup, mention, reference or address takes effect."""

import re
from urllib.parse import quote, urlsplit

from healthcoop.files.visible import visible

# Entities, not backslashes: an entity is never markup, at the beginning of a line neither.
_MARKUP = str.maketrans({sign: f"&#{ord(sign)};" for sign in r"\`*_[]<>&|~#$"})
# GitHub looks for these in the text that the Markdown became, whatever escaped them: mentions,
# issues (#1, GH-1), addresses and emoji (:name:). A space of no width in between is left alone.
_LINKED = re.compile(
    r"@|&#35;(?=\d)|gh-(?=\d)|www(?=\.)"
    r"|:(?=//|\d*[a-z_&+-][\w&#;+-]*:|100:|1234:)",
    re.IGNORECASE,
)
_GAP = "&#8203;"
_LISTED = re.compile(r"^(\d{1,9}(?=[.)](?: |$))|(?=[-+=](?:[-= ]|$)))(.)")
_HOSTS = ("http", "https")


def escape(text: str, *, most: int | None = None) -> str:
    """Return a text as inline Markdown that shows just its characters, on one line.

    Of one that is longer than ``most`` characters the rest is left out.
    """
    text = " ".join(visible(text.replace("\n", " ").replace("\t", " ")).split())
    if most and len(text) > most:
        text = f"{text[: most - 1]}…"
    text = _LISTED.sub(lambda match: f"{match[1]}&#{ord(match[2])};", text.translate(_MARKUP))
    return _LINKED.sub(lambda match: f"{match[0]}{_GAP}", text)


def link(label: str, address: str) -> str:
    """Return a link to a web address; only its text where the address is none.

    An address of GitHub is not linked: that would leave a reference on the page it leads to.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in _HOSTS or not host or f".{host}".endswith(".github.com"):
        return f"{escape(label)} {escape(address, most=_LONGEST)}".strip()
    if len(address) > _LONGEST:
        return escape(label or host)
    # What is left has no meaning in Markdown between angle brackets.
    target = quote(visible(address), safe=":/?#[]!$'()*+,;=%-._~&").replace("&", "&amp;")
    return f"[{escape(label or host)}](<{target}>)"


_LONGEST = 1000  # as the schema allows
