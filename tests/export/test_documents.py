"""A record as a citation and as a document."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from healthcoop.export import citations, document
from healthcoop.index.details import RecordDetails
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Record
from healthcoop.model.vocabulary import Vocabulary
from tests.cases import each

NAMES = Vocabulary(
    {
        "countries": [{"code": "AZ", "name": "Azerbaijan", "kind": "state"}],
        "organisations": [{"code": "WHO", "label": "World Health Organization"}],
        "types": [{"code": "mou", "label": "Memorandum", "kind": "instrument"}],
        "topics": [],
        "collections": [],
        "regions": [],
    }
)
ODD = st.text(st.sampled_from("{}\\$&#%_~^<>|\"'`aé中\u202e "), min_size=1)


def indexed(**fields) -> IndexedRecord:
    data = {
        "id": "2022-az-who-paper",
        "type": "mou",
        "title": "A paper",
        "date": "2022-10-07",
        "parties": [{"country": "AZ"}, {"organisation": "WHO"}],
        "sources": [{"url": "https://a.example/1"}],
        **fields,
    }
    return IndexedRecord(data, "records/2022/2022-az-who-paper.yaml", "instrument")


def record(**fields) -> Record:
    return indexed(**fields).record


def markdown(item: IndexedRecord) -> str:
    details = RecordDetails(indexed=item, status=None, links=(), linked_from=())
    return document.as_markdown([details], NAMES)


def html(item: IndexedRecord) -> str:
    text = markdown(item)
    return MarkdownIt("gfm-like", {"linkify": False}).render(text)


def test_markdown_shows_funding_and_level():
    funding = {"amount": "1500000", "currency": "USD", "from": "WHO", "kind": "grant"}
    parties = [{"country": "AZ", "level": "subnational"}, {"organisation": "WHO"}]
    shown = markdown(indexed(funding=[{**funding, "note": "over two years"}], parties=parties))
    assert "- **Funding**: 1500000 USD from WHO (grant): over two years\n" in shown
    assert "(AZ, subnational)" in shown


@given(ODD, ODD)
def test_text_cannot_end_its_bibtex_field(title, url):
    entry = citations.bibtex(
        record(title=title, sources=[{"url": f"https://a.example/{url}"}]), "instrument", NAMES
    )
    # LaTeX does not count an escaped brace, BibTeX does: both counts must balance.
    for braces in (re.findall(r"[{}]", entry), re.findall(r"(?<!\\)[{}]", entry)):
        depth = 0
        for number, brace in enumerate(braces, start=1):
            depth += 1 if brace == "{" else -1
            assert depth > 0 or number == len(braces), entry
        assert depth == 0, entry


@given(ODD)
def test_text_cannot_end_its_bibtex_key(text):
    entry = citations.bibtex(record(id=f"2022{text},@evil{{x"), "instrument", NAMES)
    assert re.match(r"@misc\{2022[A-Za-z0-9.:/+_-]+,\n", entry)


def test_bibtex_key_is_the_id():
    assert citations.bibtex(record(), "instrument", NAMES).startswith("@misc{2022-az-who-paper,\n")


def test_bibtex_author_is_the_full_name_of_each_party():
    assert "author = {{Azerbaijan} and {World Health Organization}}" in citations.bibtex(
        record(), "instrument", NAMES
    )


def test_bibtex_without_a_title_keeps_its_authors():
    bare = record(title="", sources=[])
    entry = citations.bibtex(bare, "instrument", NAMES)
    assert "author = {{Azerbaijan}" in entry
    assert "url" not in entry


@each(
    ("date", "line"),
    [
        ("2022-10-07", "date = {2022-10-07},"),
        ("2022-10~", "date = {2022-10~},"),
        ("[2022-10-07..2022-10-08]", "year = {2022},"),
    ],
)
def test_bibtex_date_is_one_that_biblatex_parses(date, line):
    entry = citations.bibtex(record(date=date), "instrument", NAMES)
    assert line in entry
    assert "date = {[" not in entry


@each(
    ("date", "issued"),
    [
        ("2022-10-07", {"date-parts": [[2022, 10, 7]]}),
        ("2022-10~", {"date-parts": [[2022, 10]], "circa": True}),
        ("2022-10-07/2022-10-09", {"date-parts": [[2022, 10, 7], [2022, 10, 9]]}),
        ("2022/..", {"literal": "2022/.."}),
        ("202X", {"literal": "202X"}),
        ("[..2022-10-07]", {"literal": "[..2022-10-07]"}),
    ],
)
def test_csl_date_has_the_precision_of_the_record(date, issued):
    assert citations.csl(record(date=date), "instrument", NAMES)["issued"] == issued


@each("date", ["garbage", "", "2022-02-30"])
def test_invalid_date_is_left_out_of_a_citation(date):
    entry = citations.bibtex(record(date=date), "instrument", NAMES)
    assert not re.search(r"^  (date|year) =", entry, re.MULTILINE)
    assert "issued" not in citations.csl(record(date=date), "instrument", NAMES)


def test_official_title_is_cited_if_present():
    named = record(official_title={"text": "Memorando", "language": "es"})
    assert citations.csl(named, "instrument", NAMES)["title"] == "Memorando"


@given(ODD, ODD)
def test_text_cannot_add_markup_to_markdown(words, url):
    def tags(text, address):
        sources = [{"url": f"https://a.example/{address}", "title": text}]
        item = indexed(title=text, summary=text, outcomes=[text], sources=sources)
        return re.findall(r"<(/?\w+)", html(item))

    assert tags(f"{words}x", url) == tags("x", "x")


def test_control_characters_are_visible_in_markdown():
    odd = "a\u202eb\x1b[2J"
    item = indexed(
        title=odd,
        summary=odd,
        outcomes=[odd],
        people=[{"name": odd, "party": "AZ"}],
        sources=[{"url": f"https://a.example/{odd}", "title": odd}],
    )
    text = markdown(item)
    assert text.replace("\n", "").isprintable()
    assert text.count("u202e") == 6
