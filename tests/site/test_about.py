"""What the site says of itself: collections, rules, texts that nobody may trust, small pages."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from healthcoop import Dataset
from healthcoop.files import snapshot
from tests.conftest import ROOT

from .markup import Markup
from .sites import BASE, commit, data, site

HOSTILE = "<script>alert(1)</script>\"'&amp;"
RECORD_PAGE = 40_000
"""The most bytes of a record's page."""


@pytest.fixture
def real(shared_cache: None) -> Iterator[Dataset]:
    with Dataset.open(ROOT) as dataset:
        yield dataset


def test_every_collection_is_described_with_its_number_of_records(real: Dataset) -> None:
    pages = site(real)
    page, found = Markup(pages["about/index.html"]), data(pages, "about/index.json")
    numbers = {one["code"]: one["records"] for one in found["collections"]}
    assert numbers == real.summary()["by_collection"]
    assert numbers.keys() <= page.names
    text = unescape(pages["about/index.html"].decode())
    for one in found["collections"]:
        assert one["facts"]["Licence"] in text
        assert one["facts"]["Attribution"] in text
    assert found["completeness"] == [*real.completeness()]


def test_pages_of_many_parties_are_small_and_name_all_of_them(real: Dataset) -> None:
    pages = site(real, base_url=BASE, repository="https://example.org/a-long-name/of-a-project")
    many = [one for one in real.records() if len(one.parties) > 60]
    assert max(len(one.parties) for one in many) > 200
    for one in many:
        page = pages[f"records/{one.id}.html"]
        assert len(page) < RECORD_PAGE, one.id
        listed = re.findall(r'href="\.\./countries/([A-Z]+)\.html"', page.decode())
        assert {*one.countries} <= {*listed}
        graph = data(pages, f"records/{one.id}.jsonld")["@graph"]
        (event,) = (node for node in graph if node["@type"] == "Legislation")
        assert len(event["legislationPassedBy"]) == len(one.sides)


@pytest.mark.slow
def test_no_page_of_a_record_is_large(real_site: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in real_site.glob("records/[0-9]*.html")}
    assert max(sizes.values()) < RECORD_PAGE


def test_linked_data_of_a_page_with_few_parties_is_whole(few_records: Path) -> None:
    with Dataset.open(few_records) as dataset:
        pages = site(dataset)
        page = Markup(pages["records/2022-az-cu-minister-ambassador.html"])
        (embedded,) = (
            text
            for attributes, text in page.texts
            if attributes.get("type") == "application/ld+json"
        )
        whole = data(pages, "records/2022-az-cu-minister-ambassador.jsonld")
    assert json.loads(embedded) == whole


@pytest.mark.slow
def test_texts_of_vocabularies_citation_and_commits_are_only_text(few_records: Path) -> None:
    for name in ("topics", "collections", "organisations"):
        path = few_records / "schema" / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        described = re.compile("(?m)^(    (?:label|definition): ).+(?:\n      .+)*")
        text = described.sub(lambda found: found[1] + json.dumps(HOSTILE), text)
        path.write_text(text, encoding="utf-8")
    reordered = f"{HOSTILE}\u202e"
    cited = dict.fromkeys(("title", "abstract", "version", "license"), reordered)
    (few_records / "CITATION.cff").write_text(
        "".join(f"{name}: {json.dumps(text)}\n" for name, text in cited.items()), encoding="utf-8"
    )
    commit(few_records, "2026-11-01", reordered)
    with Dataset.open(few_records) as dataset:
        pages = site(dataset, base_url=BASE, repository="https://example.org/o/r")
        for path in pages:
            if path.endswith(".html"):
                assert not [*Markup(pages[path]).executed()], path
                assert "\u202e" not in pages[path].decode(), path
        assert "&lt;script&gt;alert(1)" in pages["topics/vaccines.html"].decode()
        assert "&lt;script&gt;alert(1)" in pages["data/index.html"].decode()


def test_snapshot_without_git_is_a_site(few_records: Path) -> None:
    taken = snapshot.Snapshot("a" * 40, "2026-11-20")
    (few_records / snapshot.NAME).write_text(snapshot.text(taken))
    with Dataset.open(few_records) as dataset:
        pages = site(dataset, base_url=BASE)
        text, map_of_site = (pages[name].decode() for name in ("data/index.html", "sitemap.xml"))
    assert "commit <code>aaaaaaaaaaaa</code> of 20 November 2026" in text
    assert "The last changes" not in text
    assert "<lastmod>2026-11-20</lastmod>" in map_of_site


def test_the_site_has_the_name_of_the_data_set(few_records: Path) -> None:
    with Dataset.open(few_records) as dataset:
        pages = site(dataset, base_url=BASE)
        (title,) = re.findall("<title>(.+?)</title>", pages["topics/index.html"].decode())
        assert title == "Topics · data"  # the name of the folder
        card = pages["assets/card.png"]
    (few_records / "CITATION.cff").write_text('title: "Pacts & talks: since 1990"\n')
    with Dataset.open(few_records) as dataset:
        pages = site(dataset, base_url=BASE)
        page = Markup(pages["topics/index.html"])
        text = unescape(pages["topics/index.html"].decode())
        assert "<title>Topics · Pacts & talks</title>" in text
        assert '<meta property="og:site_name" content="Pacts & talks">' in text
        assert '<meta property="og:image:alt" content="Pacts & talks: ' in text
        (brand,) = (one for name, one in page.elements if one.get("class") == "brand")
        assert brand["href"] == "../index.html"
        assert ">Pacts & talks</a>" in text
        assert pages["assets/card.png"] != card


def test_tool_is_installed_from_the_repository_only_where_it_is_in_it(few_records: Path) -> None:
    def command() -> list[str]:
        with Dataset.open(few_records) as dataset:
            page = site(dataset, repository="https://example.org/o/r.git")["contribute/index.html"]
        text = unescape(page.decode())
        assert "git clone https://example.org/o/r.git\ncd r\n" in text
        return re.findall("\npip install (.+)\nhealthcoop draft", text)

    (few_records / "pyproject.toml").write_text("")
    (few_records / "healthcoop").write_text("no folder")
    assert command() == ["'healthcoop[contribute]'"]
    (few_records / "healthcoop").unlink()
    (few_records / "healthcoop").mkdir()
    (few_records / "healthcoop" / "__init__.py").write_text("")
    assert command() == ["-e '.[contribute]'"]


def test_repository_is_only_named_where_there_is_one(few_records: Path) -> None:
    with Dataset.open(few_records) as dataset:
        alone = site(dataset)["contribute/index.html"].decode()
        there = site(dataset, repository="https://example.org/o/r")[
            "contribute/index.html"
        ].decode()
    assert "git clone" not in alone
    assert "git clone https://example.org/o/r\ncd r\n" in there
    assert 'href="../contribute/propose.html"' in alone


def test_a_record_names_the_licence_of_its_collection(few_records: Path) -> None:
    record = few_records / "records" / "2022" / "2022-ro-cu-health-agreement.yaml"
    found = record.read_text(encoding="utf-8")
    changed = found.replace("collection: news-search-2026", "collection: uk-treaties-online-2026")
    assert changed != found
    record.write_text(changed, encoding="utf-8")
    with Dataset.open(few_records) as dataset:
        pages = site(dataset)
        cited = [
            pages[f"records/{ident}.html"].decode().partition('id="cite"')[2]
            for ident in ("2022-ro-cu-health-agreement", "2022-az-cu-minister-ambassador")
        ]
    assert ">UK Treaties Online, health subjects</a>: Open Government Licence v3.0. " in cited[0]
    assert "</a>: CC BY 4.0. The contributors to healthcoop" in cited[1]
