"""Where each page of the site is, below its root. Every link is relative, and names a file."""

from functools import lru_cache
from urllib.parse import quote

HOME = "index.html"
RECORDS = "records/index.html"
COUNTRIES = "countries/index.html"
PAIRS = "pairs/index.html"
ORGANISATIONS = "organisations/index.html"
TOPICS = "topics/index.html"
YEARS = "years/index.html"
STATISTICS = "statistics/index.html"
DATA = "data/index.html"
CONTRIBUTE = "contribute/index.html"
PROPOSE = "contribute/propose.html"
ABOUT = "about/index.html"
FEED = "feed.atom"
CALENDAR = "calendar.ics"
SITEMAP = "sitemap.xml"
CARD = "assets/card.png"


def record(ident: str, ending: str = "html") -> str:
    """Return the path of a record's page, or of its data."""
    return f"records/{ident}.{ending}"


def country(code: str, ending: str = "html") -> str:
    """Return the path of a country's page."""
    return f"countries/{code}.{ending}"


def organisation(code: str, ending: str = "html") -> str:
    """Return the path of an organisation's page."""
    return f"organisations/{code}.{ending}"


def pair(a: str, b: str, ending: str = "html") -> str:
    """Return the path of the page of two countries, in either order."""
    return f"pairs/{'-'.join(sorted((a, b)))}.{ending}"


def topic(code: str, ending: str = "html") -> str:
    """Return the path of a topic's page."""
    return f"topics/{code}.{ending}"


def year(number: int, ending: str = "html") -> str:
    """Return the path of a year's page."""
    return f"years/{number}.{ending}"


def relative(target: str, page: str) -> str:
    """Return the address of a file of the site, or of a part of it, as a page links to it."""
    return "../" * page.count("/") + _quoted(target)


@lru_cache(maxsize=10_000)
def _quoted(target: str) -> str:
    path, mark, part = target.partition("#")
    return quote(path) + mark + quote(part)
