"""The pages as HTML: valid, without a broken link, without a script or style in the page."""

from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path

import pytest

from healthcoop import Dataset

from .browser import kinds
from .markup import SiteMarkup, nu_messages

pytestmark = pytest.mark.slow

SHOWN = 20


@pytest.fixture(params=["few records", "real"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the folder of a site: of four records, or of all."""
    if request.param == "real":
        folder: Path = request.getfixturevalue("real_site")
        return folder
    with Dataset.open(request.getfixturevalue("few_records")) as dataset:
        dataset.build_site(tmp_path / "site")
    return tmp_path / "site"


def test_pages_link_to_what_exists_and_hold_nothing_executed(site: Path) -> None:
    """One walk: relative links, with a file and a part; a policy; no inline script or style."""
    pages = SiteMarkup(site)
    broken = chain.from_iterable(map(pages.broken, pages))
    assert [*islice(broken, SHOWN)] == []
    executed = ((page, found) for page in pages for found in pages[page].executed())
    assert [*islice(executed, SHOWN)] == []
    assert [page for page in pages if not _has_policy(pages, page)] == []
    assert {*pages} - pages.reachable() - _former(pages) - {"404.html"} == set()


def _has_policy(pages: SiteMarkup, page: str) -> bool:
    """Return whether a policy that allows only the site's own files precedes what it governs."""
    for tag, attributes in pages[page].elements:
        if attributes.get("http-equiv") == "Content-Security-Policy":
            rules = dict(rule.split(maxsplit=1) for rule in attributes["content"].split(";"))
            scripts = {*rules.pop("script-src").split()}
            allowed = {
                "'self'",
                *(["'wasm-unsafe-eval'"] if page == "contribute/propose.html" else []),
            }
            return (
                rules.pop("default-src") == "'none'"
                and scripts <= allowed
                and {*rules.values()} <= {"'self'", "'none'"}
            )
        if tag in ("link", "script", "style", "body"):
            return False
    return False


def _former(pages: SiteMarkup) -> set[str]:
    """Return the redirects from former addresses, which nothing links to."""
    return {
        page
        for page in pages
        if any(attributes.get("http-equiv") == "refresh" for _, attributes in pages[page].elements)
    }


def test_the_nu_checker_finds_nothing(real_site: Path, npm_package: Callable[[str], Path]) -> None:
    """In the largest page of each kind, and in every fifth of all."""
    largest = {real_site / path for path in kinds(real_site).values()}
    pages = largest.union(sorted(real_site.rglob("*.html"))[::5])
    assert len(pages) > 300
    assert nu_messages(npm_package("vnu-jar"), sorted(pages))[:SHOWN] == []
