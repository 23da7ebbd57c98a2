"""Web addresses: tracking parameters, link shorteners, private hosts, and the same page twice."""

import re
from functools import lru_cache
from ipaddress import ip_address

# Parameters that campaigns, search engines, social networks and newsletters append to a link.
_TRACKING = re.compile(
    r"(?:amp;)?(?:utm_\w+|mtm_\w+|pk_\w+|at_(?:medium|campaign)|fbclid|gclid|gclsrc|dclid|gbraid"
    r"|wbraid|yclid|ysclid|_openstat|msclkid|twclid|ttclid|igshid|igsh|mc_[ce]id|mkt_tok|_ga|_gl"
    r"|_hsenc|_hsmi|vero_id|ref_src|ref_url|srsltid)",
    re.IGNORECASE,
)
_SHORTENERS = frozenset(
    (
        *("t.co", "bit.ly", "goo.gl", "tinyurl.com", "ow.ly", "is.gd", "buff.ly", "lnkd.in"),
        *("dlvr.it", "t.ly", "rb.gy", "cutt.ly", "clck.ru", "vk.cc", "fb.me", "wp.me"),
        *("trib.al", "shorturl.at", "tiny.cc", "s.id", "n9.cl", "bitly.com", "u.to", "ift.tt"),
    )
)

# Host names of private networks end in these or have no dot.
_PRIVATE = (".localhost", ".local", ".internal", ".lan", ".home", ".test", ".invalid")
_COMMON = re.compile(
    r"https?://(?:[\w-]+\.)+(?:com|org|net|int|info|gov|edu|[a-z][a-z])[/:?#]", re.I
)
# The address of a page on a public host, without parameters, credentials or port.
_PLAIN = re.compile(
    rf"https?://(?!(?:www\.)?(?:{'|'.join(map(re.escape, sorted(_SHORTENERS)))})/)"
    rf"(?:[\w-]+\.)+(?:com|org|net|int|info|gov|edu|[a-z][a-z])/[^?#=@\\]*"
)


def is_plain(url: str) -> bool:
    """Return quickly whether an address is public, without parameters and not shortened."""
    return _PLAIN.fullmatch(url) is not None


def host(url: str) -> str:
    """Return the host name in lower case, without user, port and a leading ``www.``."""
    return _host(url.split("/", 3)[2]) if url.count("/") > 1 else ""


@lru_cache(maxsize=1 << 10)
def _host(authority: str) -> str:
    """Return the host name of what stands between the slashes of an address."""
    name = re.split(r"[?#\\]", authority, maxsplit=1)[0].rpartition("@")[2].lower()
    if name.startswith("["):
        return name.partition("]")[0][1:]
    return name.partition(":")[0].removeprefix("www.")


def without_tracking(url: str) -> str:
    """Remove tracking parameters from an address; nothing else is changed."""
    if "?" not in url and "#" not in url:
        return url
    rest, mark, fragment = url.partition("#")
    page, _, query = rest.partition("?")
    kept = "&".join(part for part in query.split("&") if not _is_tracking(part))
    if fragment and all(_is_tracking(part) for part in fragment.split("&")):
        mark = fragment = ""
    if kept == query and mark == ("#" if "#" in url else ""):
        return url  # even an empty “?” stays
    return page + ("?" if kept else "") + kept + mark + fragment


def is_shortener(url: str) -> bool:
    """Return whether an address is that of a link shortener."""
    return host(url) in _SHORTENERS


def is_public(url: str) -> bool:
    """Return whether the host of an address can be reached from the public internet."""
    if _COMMON.match(url):
        return True
    name = host(url)
    try:
        return ip_address(name).is_global
    except ValueError:
        return "." in name and not name.endswith(_PRIVATE)


def has_credentials(url: str) -> bool:
    """Return whether an address has a user name or a password before the host name."""
    return "@" in url.partition("://")[2].partition("/")[0]


def same_page(url: str) -> str:
    """Return a key that is equal for addresses of one page.

    The scheme, ``www.``, tracking parameters and a final slash are ignored.
    """
    cleaned = without_tracking(url)
    rest, _, fragment = cleaned.partition("#")
    path = rest.split("/", 3)[3] if rest.count("/") > 2 else ""
    # Some sites have the path of the page after “#/” or “#!”.
    page = f"#{fragment}" if fragment.startswith(("/", "!")) else ""
    return f"{host(cleaned)}/{path.rstrip('/')}{page}"


def _is_tracking(part: str) -> bool:
    return _TRACKING.fullmatch(part.partition("=")[0]) is not None
