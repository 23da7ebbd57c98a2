"""Calendar, citations and feed, each read by a program of its own kind."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date, timedelta
from importlib.resources import files

import feedparser
import icalendar
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from healthcoop import Query
from healthcoop.export import calendar
from healthcoop.files.visible import counted, visible
from healthcoop.model.dates import bounds
from tests.cases import each
from tests.export.conftest import ODD, ODD_RECORD

ENCOUNTERS = Query(kind="encounter")
ATOM = "{http://www.w3.org/2005/Atom}"
SINCE = Query(since="2023")


def text(dataset, name, query=None, note=None):
    return "".join(dataset.export_text(name, query, note=note))


def records(dataset, query=None):
    return {one.id: one for one in dataset.records(query)}


def read_calendar(source):
    parsed = icalendar.Calendar.from_ical(source)
    assert parsed.errors == []
    assert all(part.errors == [] for part in parsed.subcomponents)
    return parsed


@each(
    ("written", "expected"),
    [
        ("2023-06-12", ("2023-06-12", "2023-06-12")),
        ("2023-06-12~", ("2023-06-12", "2023-06-12")),
        ("2025-04-07/2025-04-09", ("2025-04-07", "2025-04-09")),
        ("2023-06", None),
        ("2023", None),
        ("2023-06-XX", None),
        ("2025-04-07/..", None),
        ("2025-04/2025-05", None),
        ("2025-04-07/2025-05", None),
        ("[2025-04-07..2025-04-08]", None),
        ("no date", None),
    ],
)
def test_only_full_days_are_days_of_a_calendar(written, expected):
    days = calendar.days(written)
    assert days == (expected and tuple(map(date.fromisoformat, expected)))


def test_calendar_has_every_encounter_on_its_days_and_on_no_other(either):
    notes = []
    parsed = read_calendar(text(either, "ics", note=notes.append))
    encounters = records(either, ENCOUNTERS)
    parts = {str(part["UID"]).partition("@")[0]: part for part in parsed.subcomponents}
    assert parts.keys() == encounters.keys()
    assert len(parts) == len(parsed.subcomponents)
    kinds = Counter(part.name for part in parts.values())
    assert kinds.keys() == {"VJOURNAL", "VEVENT"}
    day = either.provenance.day
    for ident, part in parts.items():
        record = encounters[ident]
        assert part["X-HEALTHCOOP-DATE"] == record.date
        if part.name == "VJOURNAL":
            assert "DTSTART" not in part
            assert not re.search(r"^\d{4}-\d{2}-\d{2}[~?%]?($|/\d{4}-\d{2}-\d{2})", record.date)
        else:
            first, _, last = re.sub("[~?%]", "", record.date).partition("/")
            assert part.decoded("DTSTART").isoformat() == first
            end = date.fromisoformat(last or first) + timedelta(1)
            assert part.decoded("DTEND") == end
            marked = re.search("[~?%]", record.date)
            assert part["STATUS"] == ("TENTATIVE" if marked else "CONFIRMED")
        stamp = part.decoded("DTSTAMP").date().isoformat()
        earliest, latest = bounds(encounters[ident].date)
        assert stamp == (day or earliest or latest)
    instruments = len(records(either)) - len(encounters)
    assert notes == [
        f"{instruments} records left out: not encounters",
        f"{counted(kinds['VJOURNAL'], 'record')} without a place in the calendar,"
        " as journal entries: no full day is known",
    ]


def test_calendar_lines_are_those_of_rfc_5545(either):
    content = text(either, "ics").encode()
    assert content.endswith(b"\r\nEND:VCALENDAR\r\n")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) == 75
    for line in lines:
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()  # no character is cut by a fold
        assert re.match(rb" |[A-Z-]+(;VALUE=DATE)?:", line), line


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_text_of_a_calendar_is_read_back(written):
    line = calendar._folded(f"SUMMARY:{calendar._text(written)}")
    parsed = icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{line}END:VCALENDAR\r\n")
    assert parsed.get("SUMMARY", "") == "\n".join(map(visible, written.splitlines()))


def test_odd_texts_add_nothing_to_a_calendar(odd):
    parsed = read_calendar(text(odd, "ics"))
    assert len(parsed.subcomponents) == len(records(odd, ENCOUNTERS))
    (event,) = (part for part in parsed.subcomponents if "odd" in str(part["UID"]))
    assert event["SUMMARY"] == ODD
    assert event["LOCATION"] == f"{ODD}, Azerbaijan"
    assert "BEGIN:VEVENT\nUID:two" in event["DESCRIPTION"]
    assert event["URL"].startswith("https://a.example/%3C/title%3E")
    assert event["URL"].endswith("#%25zz")


def test_withdrawn_encounter_is_cancelled_and_only_there_on_request(with_record):
    withdrawal = {"date": "2024-06-01", "reason": "it did not take place"}
    dataset = with_record({**ODD_RECORD, "withdrawn": withdrawal})
    assert "odd@healthcoop" not in text(dataset, "ics")
    parsed = read_calendar(text(dataset, "ics", Query(withdrawn="include")))
    (event,) = (part for part in parsed.subcomponents if "odd" in str(part["UID"]))
    assert event["STATUS"] == "CANCELLED"
    assert event["DESCRIPTION"].startswith("Withdrawn: it did not take place\n")


def test_days_of_timestamps_do_not_come_from_the_clock(odd):
    assert odd.provenance.day == ""
    parsed = read_calendar(text(odd, "ics"))
    stamps = {str(part["UID"]): part.decoded("DTSTAMP") for part in parsed.subcomponents}
    assert stamps["2024-az-odd@healthcoop"].isoformat() == "2024-05-06T00:00:00+00:00"
    feed = feedparser.parse(text(odd, "atom"))
    assert feed.feed.updated == "2024-05-06T00:00:00Z"


def test_removed_record_can_be_exported(with_record, tmp_path):
    withdrawal = {"date": "2024-06-01", "reason": "removed"}
    dataset = with_record({"id": "2024-az-odd", "withdrawn": withdrawal})
    feed = feedparser.parse(text(dataset, "atom", Query(withdrawn="include")))
    assert not feed.bozo
    assert "2024-az-odd" in {entry.title for entry in feed.entries}
    entries = parse_string(text(dataset, "bibtex", Query(withdrawn="include")), "bibtex").entries
    assert "2024-az-odd" in entries
    for name in ("csl", "geojson", "jsonld"):
        json.loads(text(dataset, name, Query(withdrawn="include")))


def test_bibtex_has_every_record_and_the_data_set(either):
    entries = parse_string(text(either, "bibtex"), "bibtex").entries
    data_set, *rest = entries
    assert data_set == "data-set"
    expected = records(either)
    assert rest == [*expected]
    fields = entries["data-set"].fields
    assert entries["data-set"].type == "dataset"
    assert fields.get("version", "") == either.provenance.version
    assert fields.get("date", "") == either.provenance.day
    assert either.provenance.revision in fields["note"]
    for ident, record in expected.items():
        assert ident in entries[ident].fields["note"]
        if not record.date.startswith("["):
            assert entries[ident].fields["date"] == record.date


def test_odd_texts_end_no_bibtex_entry(odd):
    entries = parse_string(text(odd, "bibtex"), "bibtex").entries
    assert [*entries] == ["data-set", *records(odd)]
    assert "evil" in entries["2024-az-odd"].fields["title"]


def csl_names(name):
    """Return the names in a list of the CSL schema that citeproc-py contains."""
    schema = files("citeproc") / "data" / "schema" / "schemas" / "styles"
    return {*re.findall(r'"([a-zA-Z_-]+)"', (schema / f"csl-{name}.rnc").read_text())}


def test_csl_has_the_types_and_variables_of_its_schema(either):
    items = json.loads(text(either, "csl"))
    assert [item["id"] for item in items] == ["data-set", *records(either)]
    variables = {*csl_names("variables"), "id", "type"}
    for item in items:
        assert item["type"] in csl_names("types")
        assert item.keys() <= variables


def test_csl_is_rendered_by_citeproc(either):
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    items = json.loads(text(either, "csl", SINCE))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    shown = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        shown.register(Citation([CitationItem(item["id"])]))
    lines = [*map(str, shown.bibliography())]
    assert len(lines) == len(items) > 1
    assert either.provenance.title in lines[0]
    assert either.provenance.day[:4] in lines[0]
    for item, line in zip(items, lines, strict=True):
        assert item["author"][0]["literal"] in line


def check_atom(source):
    """Check what RFC 4287, section 4, requires of a feed and its entries; return the entries."""
    feed = ET.fromstring(source)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert feed.findall(f"{ATOM}author")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            (one,) = element.findall(f"{ATOM}{name}")
            assert one.text
        assert re.fullmatch(r"tag:[a-z]+,2026:\S+", element.findtext(f"{ATOM}id"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.findtext(f"{ATOM}updated"))
        links = element.findall(f"{ATOM}link")
        assert sum(link.get("rel") == "alternate" for link in links) <= 1
        for link in links:
            assert re.fullmatch(r"https?://[!#-;=?-Z_a-z~]+", link.get("href")), link.get("href")
        for category in element.findall(f"{ATOM}category"):
            assert category.get("term")
    for entry in entries:
        assert len(entry.findall(f"{ATOM}content")) == 1
        known = {"id", "title", "updated", "link", "category", "content"}
        assert {child.tag.removeprefix(ATOM) for child in entry} <= known
    return entries


def test_feed_has_every_record_with_its_sources_the_newest_first(either):
    source = text(either, "atom")
    entries = check_atom(source)
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    feed = feedparser.parse(source)
    assert not feed.bozo
    assert either.provenance.citation in feed.feed.subtitle
    assert feed.feed.updated == feed.entries[0].updated
    assert feed.feed.updated.startswith(either.provenance.day)
    expected = records(either)
    shown = [entry.id.rpartition("/")[2] for entry in feed.entries]
    assert sorted(shown) == sorted(expected)
    years = [expected[ident].date[:4] for ident in shown if expected[ident].date[0] == "2"]
    assert years == sorted(years, reverse=True)
    for entry in feed.entries:
        record = expected[entry.id.rpartition("/")[2]]
        assert entry.title == visible(record.title)
        sources = [link for link in entry.links if link.rel == "via"]
        assert len(sources) == sum(source.url.startswith("http") for source in record.sources)
        assert entry.content[0].value.startswith(f"{record.date}: ")


def test_odd_texts_stay_texts_in_a_feed(odd):
    source = text(odd, "atom")
    (entry,) = (one for one in check_atom(source) if "odd" in one.findtext(f"{ATOM}id"))
    assert entry.findtext(f"{ATOM}title") == ODD
    assert ODD in entry.findtext(f"{ATOM}content")
    addresses = [link.get("href") for link in entry.findall(f"{ATOM}link")]
    assert len(addresses) == 2
    assert all(address.startswith("https://a.example/") for address in addresses)
    assert not feedparser.parse(source).bozo


def test_command_says_what_is_left_out(cli_invoke, odd, tmp_path):
    outcome = cli_invoke("--root", odd.root, "export", "ics", "-o", tmp_path / "az.ics")
    assert "records left out: not encounters" in outcome.stderr
    shown = cli_invoke("--root", odd.root, "export", "ics")
    assert shown.stdout.encode() == (tmp_path / "az.ics").read_bytes()
    assert "records left out: not encounters" in shown.stderr
