"""Topics and years: their numbers are those of the statistics, and nothing is left out."""

import re
from collections.abc import Iterator

import pytest

from healthcoop import Dataset, Query
from healthcoop.site import Site
from tests.conftest import ROOT

from .sites import data, site

TOPICS = ("vaccines", "health-system", "global-health-governance", "covid-19")


@pytest.fixture
def dataset(shared_cache: None) -> Iterator[Dataset]:
    with Dataset.open(ROOT) as dataset:
        yield dataset


@pytest.fixture
def pages(dataset: Dataset) -> Site:
    return site(dataset)


def records(page: bytes) -> list[str]:
    """Return the ids of the records that a page lists, in order."""
    return re.findall(r'class="title"><a href="\.\./records/([^"]+)\.html"', page.decode())


def test_numbers_of_topics_are_those_of_the_statistics(dataset: Dataset, pages: Site) -> None:
    assert data(pages, "topics/index.json") == [*dataset.topics()]
    for code in TOPICS:
        found, query = data(pages, f"topics/{code}.json"), Query(topics=(code,))
        assert found["by_year"] == [*dataset.years(query)]
        numbers = {row["country"]: row["records"] for row in dataset.countries(query)}
        assert found["by_country"] == numbers
        assert [entry["id"] for entry in found["entries"]] == [
            one.id for one in dataset.records(query, sort=("-date", "id"))
        ]


def test_topic_shows_its_newest_records_and_where_all_are(pages: Site) -> None:
    page = pages["topics/vaccines.html"]
    found = data(pages, "topics/vaccines.json")
    assert records(page) == [entry["id"] for entry in found["entries"][:25]]
    assert b'href="../records/index.html?topic=vaccines"' in page
    assert f"All {found['records']} records".encode() in page


def test_years_are_those_of_the_statistics_and_hold_every_record_once(
    dataset: Dataset, pages: Site
) -> None:
    rows = [*dataset.years()]
    assert data(pages, "years/index.json") == rows
    listed = []
    for row in rows:
        path = f"years/{row['year']}.html"
        assert (path in pages) == bool(row["records"])
        if row["records"]:
            listed += records(pages[path])
            assert f"{row['instruments']} instrument" in pages[path].decode()
    dated = [one.id for one in dataset.records(sort=("date", "id")) if one.date]
    assert sorted(listed) == sorted(dated)


def test_years_are_a_chain_from_the_first_to_the_last(pages: Site) -> None:
    years = [row["year"] for row in data(pages, "years/index.json") if row["records"]]
    for link, order in (("next", years), ("prev", years[::-1])):
        visited = [order[0]]
        while found := re.search(rf'rel="{link}" href="([^"]+)"', _year(pages, visited[-1])):
            visited.append(int(found[1].removeprefix("../years/").removesuffix(".html")))
        assert visited == order


def _year(pages: Site, year: int) -> str:
    return pages[f"years/{year}.html"].decode()
