"""Pages of countries, organisations and pairs: their figures, lists, gaps and links."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from healthcoop import Dataset, Query
from healthcoop.site import Site
from healthcoop.site.charts import years_chart
from healthcoop.site.pairs import Gap, Year, timeline
from healthcoop.site.source import Settings, Source
from healthcoop.site.world import equal_earth, world_map
from tests.conftest import ROOT

PAGE_OF_AZ = "countries/AZ.html"
HOSTILE = "<script>alert(1)</script> \u202etxt"
RECORD = """\
id: {id}
type: {type}
title: {title}
date: "{date}"
parties:
{parties}
topics: [research, unknown-topic]
summary: A record that was made up for a test.
sources:
  - url: https://example.org/
    kind: official
    accessed: "2026-11-21"
    supports: [date]
collection: news-search-2026
"""


def made_up(
    root: Path, ident: str, date: str, *parties: str, type_: str = "meeting", title: str = ""
) -> None:
    """Write a record; a party may be followed by a role: ``WHO observer``."""
    lines = []
    for party in parties:
        code, _, role = party.partition(" ")
        field = "organisation" if len(code) == 3 else "country"
        lines.append(f'  - {field}: "{code}"' + (f"\n    role: {role}" if role else ""))
    path = root / "records" / ident[:4] / f"{ident}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = RECORD.format(
        id=ident,
        type=type_,
        date=date,
        title=json.dumps(title or f"The meeting of {date}"),
        parties="\n".join(lines),
    )
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of a few records of Azerbaijan, Kazakhstan, the Soviet Union and WHO."""
    root = tmp_path / "data"
    shutil.copytree(ROOT / "schema", root / "schema")
    made_up(root, "1985-suhh-cu-visit", "1985-03-01", "SUHH", "CU")
    made_up(root, "1994-az-kz-memorandum", "1994-05-01", "AZ", "KZ", type_="mou", title=HOSTILE)
    made_up(root, "2002-az-kz-who-meeting", "2002", "AZ", "KZ", "GE", "WHO observer")
    made_up(root, "2010-az-kz-meeting", "2010-06-07~", "AZ", "KZ")
    made_up(root, "2021-az-kz-meeting", "[..2021-07-01]", "AZ", "KZ")
    made_up(root, "2021-ge-who-meeting", "2021-07-01", "GE", "WHO")
    return root


@pytest.fixture
def site(root: Path) -> Iterator[Site]:
    """Return the site of these records."""
    with Dataset.open(root) as dataset:
        yield Site(source(dataset))


def source(dataset: Dataset) -> Source:
    return Source(
        index=dataset.index,
        files=dataset.files,
        provenance=dataset.provenance,
        today=dataset.today,
        settings=Settings(),
    )


def text(site: Site, path: str) -> str:
    """Return what a page says, white space as one space."""
    return " ".join(re.sub("<[^>]*>", "", site[path].decode()).split())


def figures(page: bytes) -> dict[str, int]:
    """Return the headline figures of a page."""
    found = re.findall(r"<div><dt>([^<]*)</dt><dd>(?:<a [^>]*>)?([0-9,]+)", page.decode())
    return {name: int(number.replace(",", "")) for name, number in found}


def data(site: Site, path: str) -> Any:
    return json.loads(site[path])


def assert_same_as_statistics(dataset: Dataset, *codes: str) -> None:
    """Compare the pages and data of parties with what Dataset counts."""
    site = Site(source(dataset))
    for code in codes:
        of_country = code in dataset.vocabulary.countries
        kind, rows = (
            ("countries", dataset.countries())
            if of_country
            else ("organisations", dataset.organisations())
        )
        (row,) = (row for row in rows if code in row.values())
        query, found = Query(country=code), data(site, f"{kind}/{code}.json")
        assert found["party"] == row
        assert found["pairs"] == ([*dataset.pairs(query)] if of_country else [])
        assert found["organisations"] == [
            row
            for row in dataset.pairs(query, organisations=True)
            if code in (row["a"], row["b"])
            and {row["a"], row["b"]} & dataset.vocabulary.organisations.keys()
        ]
        assert found["years"] == [*dataset.years(query)]
        numbers = {row["topic"]: row["records"] for row in dataset.topics(query)}
        assert {row["topic"]: row["records"] for row in found["topics"]} == numbers
        assert {*found["records"]} == {record.id for record in dataset.records(query)}
        certain, possible = row["in_force"]["certain"], row["in_force"]["possible"]
        answers = [each["answer"] for each in found["in_force"]]
        assert answers == ["certain"] * certain + ["possible"] * (possible - certain)
        assert figures(site[f"{kind}/{code}.html"]) == {
            "Records": row["records"],
            "Instruments": row["instruments"],
            "Encounters": row["encounters"],
            "Certainly in force": certain,
            "Possibly in force": possible - certain,
            "Partners": row["partners"],
        }
    assert data(site, "countries/index.json") == [*dataset.countries()]
    assert data(site, "organisations/index.json") == [*dataset.organisations()]
    assert data(site, "pairs/index.json") == [*dataset.pairs()]


def test_figures_and_data_are_those_of_the_statistics(root: Path) -> None:
    with Dataset.open(root) as dataset:
        assert_same_as_statistics(dataset, "AZ", "GE", "SUHH", "WHO")
        assert data(Site(source(dataset)), "pairs/AZ-KZ.json") == dataset.pair("AZ", "KZ")


@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
def test_figures_and_data_of_the_real_records() -> None:
    with Dataset.open(ROOT) as dataset:
        assert_same_as_statistics(dataset, "AZ", "BR", "DK", "IT", "SUHH", "WHO")
        site = Site(source(dataset))
        for a, b in (("AZ", "UZ"), ("BR", "US"), ("BE", "GB")):
            assert data(site, f"pairs/{a}-{b}.json") == dataset.pair(a, b)
        assert len(site["index.html"]) < 120_000


def test_a_pair_has_its_records_in_order_with_the_gaps(site: Site) -> None:
    page = text(site, "pairs/AZ-KZ.html").partition("Everything, in order")[2]
    parts = (
        *("No record since 2021", "2010 about 7 June 2010", "No record, 2003–2009", "2002"),
        *("with Georgia, World Health Organization", "No record, 1995–2001", "1 May 1994"),
        *("Not dated exactly up to 1 July 2021", "What the data set does not cover"),
    )
    places = [page.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_gaps_are_drawn_by_their_length() -> None:
    event = {"kind": "meeting"}
    report = {
        "events": [
            {**event, "earliest": "1990-01-01", "latest": "1990-12-31"},
            {**event, "earliest": "1992-01-01", "latest": "1992-12-31"},
            {**event, "earliest": "2020-01-01", "latest": None},
        ],
        "gaps": [{"from": 1991, "until": 1991}, {"from": 1993, "until": 2019}],
    }
    found = timeline(report, 2026)
    assert [part.year if isinstance(part, Year) else part.size for part in found] == [
        *(2020, "long", 1992, "short", 1990)
    ]
    report["events"][-1]["latest"] = "2024-12-31"
    assert timeline(report, 2025)[0] == Year(2020, [report["events"][-1]])
    assert timeline(report, 2026)[0] == Gap(2025, None, "short")
    gaps = [part for part in timeline(report, 2025, since=1995) if isinstance(part, Gap)]
    assert gaps == [Gap(1995, 2019, "long")]


def test_a_former_state_and_its_successor_name_each_other(site: Site) -> None:
    former, later = text(site, "countries/SUHH.html"), text(site, "countries/AZ.html")
    assert "30 December 1922 to 26 December 1991" in former
    assert re.search("Continued by: Russia Other states after it: Armenia, Azerbaijan", former)
    assert "Before it: Soviet Union" in later
    assert '"../countries/SUHH.html"' in site["countries/AZ.html"].decode()


def test_an_organisation_has_partners_and_what_it_only_observed(site: Site) -> None:
    page = text(site, "organisations/WHO.html")
    assert re.search("Partners .*Georgia 101– 1 July 2021", page)
    assert "And 1 record that it only observed" in page
    assert figures(site["organisations/WHO.html"])["Records"] == 1
    assert "World Health Organization" in text(site, "organisations/index.html")


def test_in_force_has_the_reason(site: Site) -> None:
    for path in ("countries/AZ.html", "pairs/AZ-KZ.html"):
        assert "dated 1 May 1994, and its entry into force is not recorded" in text(site, path)


def test_long_lists_say_how_many_there_are(root: Path) -> None:
    for day in range(10, 32):
        made_up(root, f"2020-az-kz-plan-{day}", f"2020-01-{day}", "AZ", "KZ", type_="action-plan")
    with Dataset.open(root) as dataset:
        site = Site(source(dataset))
        assert "20 of 23 instruments here; all are in the search." in text(site, PAGE_OF_AZ)
        address = "../records/index.html?country=AZ&amp;in-force-on=2026-11-21"
        assert f'<a href="{address}">' in site[PAGE_OF_AZ].decode()


class _Page(HTMLParser):
    """Collects the addresses and ids of a page, and its elements that are scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts: list[Mapping[str, str | None]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.addresses += [value for name in ("href", "src") if (value := found.get(name))]
        self.ids += [value for name, value in attrs if name == "id" and value]
        assert "style" not in found
        assert not [name for name in found if name.startswith("on")]
        if tag == "script":
            self.scripts.append(found)


OURS = ("index.html", "countries/", "organisations/", "pairs/")


def test_pages_link_only_to_pages_that_exist_and_escape_hostile_text(site: Site) -> None:
    for path in site:
        if not path.endswith(".html") or not path.startswith((*OURS, "records/")):
            continue
        content = site[path].decode()
        assert "<script>alert" not in content
        assert "\u202e" not in content or not path.startswith(OURS), path
        page = _Page()
        page.feed(content)
        assert len(page.ids) == len({*page.ids}), path
        assert all("src" in one or one["type"].endswith("json") for one in page.scripts), path
        for address in page.addresses:
            bare, _, part = address.partition("#")
            if not bare:
                assert unquote(part) in page.ids, f"{path} links to its missing part {part}"
            elif "://" not in bare:
                target = _target(path, bare)
                assert target in site, f"{path} links to {target}"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\u202etxt" in site["countries/AZ.html"].decode()


def _target(page: str, address: str) -> str:
    """Return the path that a relative address of a page means, without its query."""
    bare = unquote(address.partition("?")[0])
    ups = bare.count("../")
    folder = page.split("/")[: page.count("/") - ups]
    return "/".join([*folder, bare.replace("../", "")])


def test_the_map_has_each_country_once_with_a_link(site: Site) -> None:
    content = site["index.html"].decode()
    assert content.count('href="countries/KZ.html" tabindex="-1"') == 1
    assert "<title>Kazakhstan: 4 records</title>" in content
    assert "1 former state or territory is not on the map" in content
    assert 'href="countries/SUHH.html"' in content


def test_classes_of_the_map_have_round_bounds_and_join_the_rarest() -> None:
    numbers = dict(
        zip(("AZ", "KZ", "BR", "CN", "GE", "IN", "SM"), (1, 1, 3, 12, 70, 412, 1), strict=True)
    )
    found = world_map({**numbers, "SUHH": 5})
    assert found.shades == {1: "1", 2: "2–9", 3: "10–49", 4: "50–199", 5: "200–412"}
    assert found.absent == ["SUHH"]
    small = found.shapes[-1]
    assert (small.code, small.circle is not None) == ("SM", True)
    assert world_map({}).shapes == []
    assert world_map({"AZ": 1, "KZ": 2}).shades == {4: "1", 5: "2"}


def test_shapes_of_the_map_do_not_cross_it() -> None:
    for shape in world_map({"RU": 1, "US": 1, "FJ": 1}).shapes:
        for ring in shape.path.split("M")[1:]:
            start, _, steps = ring.partition("l")
            x = int(start.split(",")[0])
            for right, _ in re.findall(r"(-?[0-9]+),?(-?[0-9]+)", steps):
                x += int(right)
                assert abs(int(right)) < 100
                assert -20 < x < 1620


def test_the_projection_is_equal_earth() -> None:
    assert equal_earth(0, 0) == (0, 0)
    assert equal_earth(180, 0)[0] == pytest.approx(2.70663, abs=1e-5)
    assert equal_earth(0, 90)[1] == pytest.approx(1.31736, abs=1e-5)
    # The same area everywhere: a square degree at the equator, and one at 60° north.
    areas = [
        (equal_earth(1, latitude)[0])
        * (equal_earth(0, latitude + 1)[1] - equal_earth(0, latitude)[1])
        for latitude in (0.0, 60.0)
    ]
    assert areas[1] / areas[0] == pytest.approx(0.5, abs=0.01)


def test_pair_states_by_which_date_a_record_counts(site: Site) -> None:
    assert "the year from which both are sides of it" in text(site, "pairs/AZ-KZ.html")


def test_country_states_by_which_date_a_record_counts(few_records: Path) -> None:
    path = few_records / "records" / "2022" / "2022-ro-cu-health-agreement.yaml"
    record = path.read_text(encoding="utf-8")
    joined = '  - country: CU\n    acceded: "2024-05-06"\n'
    path.write_text(record.replace("  - country: CU\n", joined), encoding="utf-8")
    with Dataset.open(few_records) as dataset:
        pages = Site(source(dataset))
        assert [row["year"] for row in data(pages, "countries/CU.json")["years"]] == [2022]
        assert [row["year"] for row in data(pages, "pairs/CU-RO.json")["years"]] == [2024]
        own = "A record counts in the year of its own date."
        assert f"{own} Cuba joined 1 of them in another year" in text(pages, "countries/CU.html")
        assert own in text(pages, "countries/RO.html")
        assert "joined" not in text(pages, "countries/RO.html")


def test_a_chart_of_years_ends_today_and_labels_decades() -> None:
    rows = [
        {"year": 1921, "records": 4, "instruments": 1, "encounters": 3},
        {"year": 1922, "records": 0, "instruments": 0, "encounters": 0},
    ]
    found = years_chart(rows, date(2026, 11, 21))
    assert found
    labels = re.findall(r'text-anchor="(?:start|middle|end)">([0-9]{4})<', found.content)
    assert labels == [str(year) for year in range(1930, 2030, 10)]
    assert found.content.count("<title>") == 1
    assert "<title>1921: 1 instrument, 3 encounters</title>" in found.content
    assert '"instrument" x="0.08%" width="0.79%" y="90" height="30"' in found.content
    assert '"encounter" x="0.08%" width="0.79%" y="0" height="90"' in found.content
    assert years_chart([], None) is None


def test_axis_of_many_centuries_has_few_labels() -> None:
    row = {"records": 1, "instruments": 1, "encounters": 0}
    found = years_chart([row | {"year": year} for year in (1, 1988, 2026)])
    assert found is not None
    assert 2 < found.content.count("<text") < 20
