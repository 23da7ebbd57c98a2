"""What other programs read: feed, calendar, sitemap, previews, the error page."""

import re
import struct
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import feedparser
import icalendar
import pytest

from healthcoop import Dataset, Query
from healthcoop.site import Site, feeds
from healthcoop.site.history import revisions
from healthcoop.site.words import published_path
from tests.cases import each

from .markup import Markup
from .sites import BASE, commit, site

CHANGED = "2014-tr-sd-nyala-hospital-opening"
WITHDRAWN = "2022-ro-cu-health-agreement"
ONLY_PUBLISHED = {"sitemap.xml", "robots.txt", "404.html", "assets/card.png"}


@pytest.fixture
def dataset(few_records: Path) -> Iterator[Dataset]:
    """Yield a data set in git: one record was changed on a later day, one is withdrawn."""
    commit(few_records, "2026-11-01", "Add records")
    path = few_records / "records" / "2014" / f"{CHANGED}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Nyala", "Nyalla"), encoding="utf-8")
    commit(few_records, "2026-11-09", "Correct a name")
    path = few_records / "records" / "2022" / f"{WITHDRAWN}.yaml"
    withdrawn = 'withdrawn: {date: "2026-11-10", reason: double}\n'
    path.write_text(path.read_text(encoding="utf-8") + withdrawn, encoding="utf-8")
    commit(few_records, "2026-11-10", "Withdraw a record")
    with Dataset.open(few_records) as dataset:
        yield dataset


def test_feed_has_the_last_changes_first_with_links_to_their_pages(dataset: Dataset) -> None:
    pages = site(dataset, base_url=BASE)
    feed = feedparser.parse(pages["feed.atom"])
    assert not feed.bozo
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [f"{BASE}feed.atom"]
    assert feed.feed.updated == "2026-11-09T00:00:00Z"
    assert [entry.updated[:10] for entry in feed.entries] == ["2026-11-09", *2 * ["2026-11-01"]]
    assert [entry.link for entry in feed.entries] == [
        f"{BASE}records/{CHANGED}.html",
        f"{BASE}records/2022-az-cu-minister-ambassador.html",
        f"{BASE}records/2021-az-who-foreign-minister-office.html",
    ]
    for entry in feed.entries:
        assert entry.link.removeprefix(BASE) in pages
        assert [link for link in entry.links if link.rel == "via"]


def test_feed_has_no_more_than_its_limit(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_NEWEST", 1)
    pages = site(dataset)
    for path in ("feed.atom", "countries/AZ.atom"):
        feed = feedparser.parse(pages[path])
        assert [entry.link.startswith(BASE) for entry in feed.entries] == [False]


def test_each_party_has_a_feed_of_its_records_to_which_its_page_links(dataset: Dataset) -> None:
    pages = site(dataset, base_url=BASE)
    of_all = feedparser.parse(pages["feed.atom"])
    texts = {entry.id: entry for entry in of_all.entries}
    ids = {of_all.feed.id}
    for path in ("countries/AZ", "countries/TR", "organisations/WHO"):
        page, feed = Markup(pages[f"{path}.html"]), feedparser.parse(pages[f"{path}.atom"])
        code = path.partition("/")[2]
        assert not feed.bozo
        assert feed.feed.title == f"{dataset.vocabulary.label(code)} · {of_all.feed.title}"
        links = {link.rel: link.href for link in feed.feed.links}
        assert links == {"self": f"{BASE}{path}.atom", "alternate": f"{BASE}{path}.html"}
        found = dataset.records(Query(countries=(code,)))
        assert {entry.link for entry in feed.entries} == {
            f"{BASE}records/{one.id}.html" for one in found
        }
        assert all(entry == texts[entry.id] for entry in feed.entries)
        assert feed.feed.updated == max(entry.updated for entry in feed.entries)
        ids.add(feed.feed.id)
        to_feed = [each for _, each in page.elements if each.get("href") == f"../{path}.atom"]
        assert [each.get("rel") for each in to_feed] == ["alternate", None]
    assert len(ids) == 4


def test_calendar_has_the_encounters(dataset: Dataset) -> None:
    calendar = icalendar.Calendar.from_ical(site(dataset)["calendar.ics"])
    encounters = dataset.records(Query(kind="encounter"))
    assert {str(event["UID"]) for event in calendar.walk("VEVENT")} == {
        f"{one.id}@healthcoop" for one in encounters
    }


def test_sitemap_has_each_page_once_with_the_day_of_its_last_change(dataset: Dataset) -> None:
    pages = site(dataset, base_url=BASE)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    urls = ET.fromstring(pages["sitemap.xml"]).findall("s:url", names)
    days = {url.findtext("s:loc", "", names): url.findtext("s:lastmod", "", names) for url in urls}
    assert len(days) == len(urls)
    expected = {path for path in pages if path.endswith(".html")}
    expected -= {"404.html", f"records/{WITHDRAWN}.html"}
    assert {*days} == {BASE + published_path(path) for path in expected}
    assert days[f"{BASE}records/{CHANGED}.html"] == "2026-11-09"
    assert days[f"{BASE}records/2022-az-cu-minister-ambassador.html"] == "2026-11-01"
    assert days[BASE] == "2026-11-10"
    assert pages["robots.txt"].decode().endswith(f"\nSitemap: {BASE}sitemap.xml\n")


def test_canonical_addresses_are_those_of_the_sitemap(dataset: Dataset) -> None:
    pages = site(dataset, base_url=BASE)
    listed = {*re.findall("<loc>(.+?)</loc>", pages["sitemap.xml"].decode())}
    for path in ("index.html", "topics/vaccines.html", "about/index.html"):
        (canonical,) = (
            attributes["href"]
            for tag, attributes in Markup(pages[path]).elements
            if tag == "link" and attributes.get("rel") == "canonical"
        )
        assert canonical in listed


def test_site_without_an_address_has_nothing_that_needs_one(dataset: Dataset) -> None:
    pages = site(dataset)
    assert not ONLY_PUBLISHED & {*pages}
    assert "og:image" not in pages["index.html"].decode()
    assert {*site(dataset, base_url=BASE)} - {*pages} == ONLY_PUBLISHED


def test_error_page_works_at_any_address(dataset: Dataset) -> None:
    pages = site(dataset, base_url=BASE)
    for link in Markup(pages["404.html"]).links:
        assert link.startswith(BASE) or link == "#content", link


def test_card_is_a_png_of_the_size_that_the_pages_state(dataset: Dataset) -> None:
    pages = site(dataset, base_url=BASE)
    png = pages["assets/card.png"]
    assert png.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", png[16:24]) == (1200, 630)
    assert png == site(dataset, base_url=BASE)["assets/card.png"]
    text = pages["index.html"].decode()
    assert f'property="og:image" content="{BASE}assets/card.png"' in text
    assert 'property="og:image:width" content="1200"' in text


def test_last_changes_are_on_the_data_page(dataset: Dataset) -> None:
    pages = site(dataset, repository="https://example.org/o/r")
    changes = pages["data/index.html"].decode().partition("The last changes")[2]
    found = re.findall(r'/commit/[0-9a-f]{40}">(.+?)</a>.*?>(\d+ records?)<', changes)
    expected = [("Withdraw a record", "1 record"), ("Correct a name", "1 record")]
    assert found == [*expected, ("Add records", "4 records")]


def test_messages_of_commits_are_read_whatever_encoding_git_is_told_to_write(
    few_records: Path,
) -> None:
    commit(few_records, "2026-11-01", "Add Şəki – Ağdam")
    git = ["git", "-C", str(few_records)]
    subprocess.run([*git, "config", "i18n.logOutputEncoding", "UTF-16LE"], check=True)
    found = revisions(few_records)
    assert {one.subject for each in found.values() for one in each} == {"Add Şəki – Ağdam"}


def test_a_shallow_clone_does_not_claim_that_its_first_commit_changed_every_record(
    dataset: Dataset, few_records: Path, tmp_path: Path
) -> None:
    path = few_records / "records" / "2014" / f"{CHANGED}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Nyalla", "Nyala"), encoding="utf-8")
    commit(few_records, "2026-11-11", "Correct it again")
    clone = ["git", "clone", "-q", "--depth", "2", few_records.as_uri(), str(tmp_path / "clone")]
    subprocess.run(clone, check=True)
    found = revisions(tmp_path / "clone")
    assert {name: [one.subject for one in each] for name, each in found.items()} == {
        f"records/2014/{CHANGED}.yaml": ["Correct it again"]
    }


def test_a_record_of_which_only_the_id_is_left_has_a_page(few_records: Path) -> None:
    path = few_records / "records" / "2022" / f"{WITHDRAWN}.yaml"
    path.write_text(f'id: {WITHDRAWN}\nwithdrawn: {{date: "2026-11-10", reason: asked}}\n')
    with Dataset.open(few_records) as dataset:
        page = site(dataset)[f"records/{WITHDRAWN}.html"].decode()
    assert "Withdrawn 10 November 2026" in page
    assert f'<p class="citation">record {WITHDRAWN}. In: ' in page
    for rest in ("?type=", "no date", "“”", 'class="record "'):
        assert rest not in page


def test_hosts_are_not_told_of_pages_that_are_not_there(dataset: Dataset) -> None:
    pages: Site = site(dataset, base_url=BASE)
    for address in re.findall("<loc>(.+?)</loc>", pages["sitemap.xml"].decode()):
        path = address.removeprefix(BASE)
        assert (f"{path}index.html" if path.endswith("/") or not path else path) in pages


@each(
    ("path", "title", "search"),
    [
        ("pairs/AZ-CU", "Azerbaijan – Cuba", "pair=AZ+CU"),
        ("countries/AZ", "Azerbaijan", "country=AZ"),
        ("organisations/WHO", "World Health Organization", "organisation=WHO"),
        ("topics/pharmaceuticals", "Pharmaceuticals", "topic=pharmaceuticals"),
    ],
)
def test_pages_of_many_records_can_be_cited_and_have_their_table(
    path: str, title: str, search: str, dataset: Dataset
) -> None:
    pages = site(dataset, base_url=BASE)
    panel = pages[f"{path}.html"].decode().partition('id="cite"')[2].partition("</section>")[0]
    assert f'<p class="citation">“{title}”, as of ' in panel
    assert f" {BASE}{path}.html</p>" in panel
    assert f'href="../records/index.html?{search}"' in panel
    assert f'href="../{path}.json" download' in panel
    assert f"{path}.json" in pages
