"""Web addresses: tracking parameters, public and private hosts, malformed addresses."""

from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks import addresses
from tests.cases import each

PARTS = st.lists(st.sampled_from(["id=7", "utm_source=x", "fbclid=1", "lang=en", "q=a%20b", "x"]))


@given(PARTS, st.sampled_from(["", "#top", "#/news/1"]))
def test_only_tracking_parameters_are_removed(parts: list[str], fragment: str) -> None:
    """The others keep their order, and an address without any is returned unchanged."""
    query = "&".join(parts)
    url = f"https://example.org/news{'?' if parts else ''}{query}{fragment}"
    kept = [part for part in parts if not part.startswith(("utm_", "fbclid"))]
    cleaned = addresses.without_tracking(url)
    assert cleaned == f"https://example.org/news{'?' if kept else ''}{'&'.join(kept)}{fragment}"
    assert addresses.without_tracking(cleaned) == cleaned


@each("url", ["https://example.org/?", "https://example.org/news?#", "http://x"])
def test_an_empty_query_is_kept(url: str) -> None:
    assert addresses.without_tracking(url) == url


@each(
    ("url", "public"),
    [
        ("https://www.who.int", True),
        ("https://example.org:8443/x", True),
        ("http://119.23.250.19:2008/x", True),
        ("https://минздрав.рф/x", True),
        ("https://reader:secret@example.org/x", True),
        ("http://10.0.0.7/x", False),
        ("http://169.254.169.254/latest", False),
        ("http://[fd00::1]:80/x", False),
        ("http://localhost?x", False),
        ("http://files.internal/x", False),
        ("http:///x", False),
    ],
)
def test_public_addresses_are_distinguished_from_private_ones(url: str, *, public: bool) -> None:
    assert addresses.is_public(url) is public


@each("url", ["http://", "https://?", "http://@", "https://[", "http:x", ""])
def test_malformed_addresses_raise_nothing(url: str) -> None:
    """The schema reports them."""
    assert not addresses.is_public(url)
    assert not addresses.is_shortener(url)
    addresses.has_credentials(url)
    addresses.same_page(url)
