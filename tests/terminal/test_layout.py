"""What a terminal shows: within its width, nothing cut off, nothing in a text obeyed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from healthcoop.model.columns import IndexedRecord
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal import record, tables
from healthcoop.terminal.charts import bar, sparkline
from healthcoop.terminal.console import render, text
from healthcoop.terminal.progress import Progress

TITLES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=160
) | st.text(st.sampled_from("中文ÜاABCß -[]/:"), min_size=1, max_size=160)


NAMES = Vocabulary(
    dict.fromkeys(("countries", "organisations", "types", "topics", "collections", "regions"), ())
)


def listed(title: str, **fields: object) -> IndexedRecord:
    data = {
        "id": "2022-az-cu-paper",
        "type": "mou",
        "title": title,
        "date": "[2022-12-22..2022-12-23]",
        "parties": [{"country": "AZ"}, {"country": "CU"}],
        **fields,
    }
    return IndexedRecord(data, "records/2022/2022-az-cu-paper.yaml", "instrument")


def lines(renderable: object, width: int | None = None, *, colored: bool = False) -> list[str]:
    return "".join(render([renderable], width=width, colored=colored)).splitlines()


@given(TITLES, st.sampled_from([60, 80, 200, 300]))
@example("中" * 160, 80)
@example("x" * 160, 200)
@example("[bold]x[/] :smile: [link=http://x]y[/link]", 80)
def test_a_title_is_whole_and_within_the_width(title, width):
    shown = lines(tables.records([listed(title)], width=width), width)
    assert max(map(cell_len, shown)) <= width
    # Where it breaks, and what is beside it, does not matter: its characters come in their order.
    rest = iter("".join(shown))
    assert all(
        any(character == other for other in rest)
        for character in text(title).plain
        if not character.isspace()
    )


@given(
    st.integers(120, 400),
    st.integers(0, 8),
    st.sampled_from(["A paper", "A paper on many things, " * 6]),
)
@example(165, 1, "A paper")
@example(215, 6, "A paper on many things, " * 6)
def test_from_some_width_on_topics_are_shown_and_ids_are_whole(width, number, title):
    topics = ["medicines-regulation"] * number
    shown = lines(tables.records([listed(title, topics=topics)], width=width), width)
    assert " ".join(shown).count("medicines-regulation") == number
    assert any("2022-az-cu-paper" in line for line in shown)
    assert max(map(cell_len, shown)) <= width


def test_a_source_proves_a_field_by_its_name_or_a_part_of_it():
    sources = [
        {"url": "https://a.example", "supports": ["people.role"]},
        {"url": "https://b.example", "supports": ["date"]},
        {"url": "https://c.example", "supports": ["people", "peoplex"]},
        {"url": "https://d.example", "supports": ["peoplex"]},
    ]
    item = listed("A paper", people=[{"name": "Anna", "party": "AZ"}], sources=sources)
    page = record.layout(item, NAMES, status=None, links=[], inverse=[])
    (line,) = (line for line in lines(page) if "Anna" in line)
    assert line.endswith("Anna [1, 3]")


@given(TITLES)
def test_a_pipe_gets_a_line_a_record_whatever_its_length(title):
    shown = lines(tables.records([listed(title), listed(title)], width=None))
    assert len(shown) == 3


def test_controls_and_overrides_are_made_visible():
    shown = "".join(lines(text("a\x1b[31mb\u202ec\nd"), 80))
    assert shown == r"a\x1b[31mb\u202ec\nd"


def test_colours_come_only_when_asked_for():
    table = tables.records([listed("A paper")], width=80)
    assert "\x1b[" not in "".join(lines(table, 80))
    assert "\x1b[" in "".join(lines(table, 80, colored=True))


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 60))
def test_a_bar_fits_its_width_and_is_seen(value, maximum, width):
    value = min(value, maximum)
    drawn = bar(value, maximum, width)
    assert 1 <= len(drawn) <= width
    assert (len(drawn) == width and set(drawn) == {"█"}) or value < maximum


@given(st.lists(st.integers(0, 10**6)))
def test_a_sparkline_has_a_mark_for_each_value_and_none_for_nothing(values):
    drawn = sparkline(values)
    assert len(drawn) == len(values)
    assert [character == " " for character in drawn] == [value == 0 for value in values]


@pytest.mark.parametrize(("value", "maximum"), [(0, 5), (0, 0), (5, 0)])
def test_there_is_no_bar_of_nothing(value, maximum):
    assert bar(value, maximum, 10) == ""


def test_progress_draws_nothing_at_first_and_goes_away_at_the_end(monkeypatch, capsys):
    clock = [0.0]
    monkeypatch.setattr("healthcoop.terminal.progress.monotonic", lambda: clock[0])
    progress = Progress("Reading")
    progress(1, 10)
    assert capsys.readouterr().err == ""
    clock[0] = 2.0
    progress(5, 10)
    progress(10, 10)
    progress(1, 10)
    assert progress._bar is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2021-05-17~", "2022", "2021–2022"),
        ("2022-01", "2022-12-24/2023-01-02", "2022"),
        ("2021", "[..2026-11-21]", "2021–..2026"),
        ("/2016", "/2016", "..2016"),
        ("2019/..", "202X", "2019–2020..2029"),
        ("[2019-12-30..2020-01-02]", None, "2019..2020"),
    ],
)
def test_the_years_of_a_pair_claim_no_more_than_its_dates(first, last, years):
    counted = {"records": 2, "instruments": 2, "encounters": 0, "weight": 2}
    more = {"in_force": {"certain": 0, "possible": 2}, "affinity": None, "topics": []}
    row = {"a": "AZ", "b": "GB", **counted, **more, "first": first, "last": last}
    heading, shown = lines(tables.pairs([row], NAMES, width=80), 80)
    assert shown[heading.index("Years") :].strip() == years
