"""Where each page of the site is, below its root. Every link is relative, and names a file.

The pages of records, parties and topics are named after ids and codes, which a data set chooses.
"""

import re
from functools import lru_cache
from urllib.parse import quote

from healthcoop.site.words import published_path

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

# Windows has devices of these names in every folder, whatever the case and the ending.
_DEVICE = re.compile(r"\A(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³])(?=\.|\Z)", re.I)


def _file(folder: str, name: str, ending: str) -> str:
    """Return the path of a file that Windows can create, too: ``AUX_.html`` for ``AUX``."""
    device = _DEVICE.match(name)
    return f"{folder}/{f'{device[0]}_{name[device.end() :]}' if device else name}.{ending}"


def record(ident: str, ending: str = "html") -> str:
    """Return the path of a record's page, or of its data."""
    return _file("records", ident, ending)


def country(code: str, ending: str = "html") -> str:
    """Return the path of a country's page."""
    return _file("countries", code, ending)


def organisation(code: str, ending: str = "html") -> str:
    """Return the path of an organisation's page."""
    return _file("organisations", code, ending)


def pair(a: str, b: str, ending: str = "html") -> str:
    """Return the path of the page of two countries, in either order."""
    return _file("pairs", "-".join(sorted((a, b))), ending)


def topic(code: str, ending: str = "html") -> str:
    """Return the path of a topic's page."""
    return _file("topics", code, ending)


def year(number: int, ending: str = "html") -> str:
    """Return the path of a year's page."""
    return f"years/{number}.{ending}"


def feed(page: str) -> str:
    """Return the path of the feed of a party's page."""
    return page.removesuffix("html") + "atom"


def absolute(base_url: str, path: str) -> str:
    """Return the address of a file of the site as it is published: a folder for its index.html."""
    return base_url + quote(published_path(path))


def relative(target: str, page: str) -> str:
    """Return the address of a file of the site, or of a part of it, as a page links to it."""
    return "../" * page.count("/") + _quoted(target)


@lru_cache(maxsize=10_000)
def _quoted(target: str) -> str:
    path, mark, part = target.partition("#")
    return quote(path) + mark + quote(part)
