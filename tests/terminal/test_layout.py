"""What a terminal shows: within its width, nothing cut off, control characters escaped."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from healthcoop.index.details import RecordDetails
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal import record, tables
from healthcoop.terminal.console import bar, render, sparkline, text, wrapped
from healthcoop.terminal.progress import Progress
from healthcoop.terminal.statistics import format_rows
from tests.cases import each

TITLES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=160
) | st.text(st.sampled_from("中文ÜاABCß -[]/:"), min_size=1, max_size=160)


NAMES = Vocabulary(
    {
        **dict.fromkeys(("countries", "organisations", "types", "collections", "regions"), ()),
        "topics": [{"code": "amr", "label": "Antimicrobial resistance"}],
    }
)
LONG_ID = "2022-az-cu-" + "-".join(["paper"] * 8)
ADDRESS = "https://example.org/" + "a/" * 60


def indexed(title: str, **fields: object) -> IndexedRecord:
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


def page_lines(details: RecordDetails, width: int | None = None) -> list[str]:
    page = record.record_page(details, NAMES, width=width)
    return "".join(render(page, width=width, colored=False)).splitlines()


def table_lines(item: IndexedRecord, columns: tuple[str, ...], width: int) -> list[str]:
    found = tables.record_tables(iter([item]), columns, NAMES, width=width)
    return "".join(render(found, width=width, colored=False)).splitlines()


@each("width", [60, 80, 100, 200])
def test_columns_never_break_ids_and_addresses(width):
    item = indexed(
        "A paper on many things " * 5, id=LONG_ID, sources=[{"url": ADDRESS}], topics=["amr", "x"]
    )
    for columns in (("id", "title", "date"), ("title", "id", "path", "sources", "topics")):
        shown = table_lines(item, columns, width)
        words = " ".join(shown).split()
        assert LONG_ID in words
        assert ("sources" in columns) <= (ADDRESS in words)
        for line in shown:
            assert cell_len(line) <= width or ADDRESS in line or LONG_ID in line, line
    assert "Antimicrobial resistance, x" in " ".join(" ".join(shown).split())


@each("width", [20, 40, 60, 80, 119, 120, 200])
def test_a_list_never_breaks_an_id(width):
    item = indexed("A paper on many things " * 5, id=LONG_ID)
    shown = lines(tables.record_table([item], NAMES, width=width), width)
    assert LONG_ID in " ".join(shown).split()
    assert max(cell_len(line) for line in shown if LONG_ID not in line) <= width


def test_columns_never_break_one_of_several_addresses():
    sources = [{"url": f"https://example.org/{'a/' * 12}{number}"} for number in range(3)]
    shown = table_lines(indexed("A paper " * 9, sources=sources), ("title", "sources"), 80)
    words = {word.rstrip(",") for word in " ".join(shown).split()}
    assert {source["url"] for source in sources} <= words


def test_a_page_never_breaks_an_address_and_wraps_the_rest():
    sources = [{"url": ADDRESS, "title": "A page " * 30}]
    item = indexed("A paper", sources=sources, notes="A note " * 40)
    details = RecordDetails(indexed=item, status=None, links=(), linked_from=())
    shown = page_lines(details, 80)
    assert any(line.split()[-1:] == [ADDRESS] for line in shown)
    assert max(cell_len(line) for line in shown if ADDRESS not in line) <= 80
    assert sum("A note" in line for line in shown) > 3


@given(st.text(st.sampled_from("ab 中\n"), max_size=60), st.integers(2, 20))
@example("aa aaaaa", 5)
def test_wrapped_text_breaks_between_words_and_fits(value, width):
    shown = wrapped(Text(value), width).plain
    assert "".join(shown.split()) == "".join(value.split())
    assert all(cell_len(line) <= width for line in shown.split("\n"))
    whole = [word for word in value.split() if cell_len(word) <= width]
    assert all(word in shown.split() for word in whole)


@each("word", [ADDRESS, LONG_ID, f"({ADDRESS})", f"records/2022/{LONG_ID}.yaml"])
def test_wrapped_text_never_breaks_ids_paths_and_addresses(word):
    assert wrapped(Text(f"at {word} or {'b' * 8}"), 6).plain.split("\n") == [
        "at",
        word,
        "or",
        "bbbbbb",
        "bb",
    ]


@each(
    ("width", "heading"),
    [(80, "Title, parties, type, status, id"), (200, "Status"), (None, "Status")],
)
def test_status_is_shown_on_request(width, heading):
    item = replace(indexed("A paper"), status="possible")
    shown = lines(tables.record_table([item], NAMES, status=True, width=width), width)
    assert heading in shown[0]
    assert any("possible" in line for line in shown[1:])
    without = lines(tables.record_table([item], NAMES, width=width), width)
    assert not any("possible" in line or "tatus" in line for line in without)


@given(TITLES, st.sampled_from([60, 80, 200, 300]))
@example("中" * 160, 80)
@example("x" * 160, 200)
@example("[bold]x[/] :smile: [link=http://x]y[/link]", 80)
def test_title_is_complete_within_the_width(title, width):
    shown = lines(tables.record_table([indexed(title)], NAMES, width=width), width)
    assert max(map(cell_len, shown)) <= width
    # Line breaks and other cells may come between its characters, but their order is kept.
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
def test_wide_terminal_shows_topics_and_complete_ids(width, number, title):
    topics = ["medicines-regulation"] * number
    shown = lines(tables.record_table([indexed(title, topics=topics)], NAMES, width=width), width)
    assert " ".join(shown).count("medicines-regulation") == number
    assert any("2022-az-cu-paper" in line for line in shown)
    assert max(map(cell_len, shown)) <= width


def test_source_supports_a_field_by_name_or_by_part():
    sources = [
        {"url": "https://a.example", "supports": ["people.role"]},
        {"url": "https://b.example", "supports": ["date"]},
        {"url": "https://c.example", "supports": ["people", "peoplex"]},
        {"url": "https://d.example", "supports": ["peoplex"]},
    ]
    item = indexed("A paper", people=[{"name": "Anna", "party": "AZ"}], sources=sources)
    details = RecordDetails(indexed=item, status=None, links=(), linked_from=())
    (line,) = (line for line in page_lines(details) if "Anna" in line)
    assert line.endswith("Anna [1, 3]")


def test_page_shows_funding_level_and_provisional_application():
    item = indexed(
        "A paper",
        parties=[{"country": "AZ", "level": "subnational", "role": "host"}],
        terms={"provisional": "2022-01-01", "in_force": "2023"},
        funding=[{"amount": "0.5", "currency": "EUR"}],
    )
    details = RecordDetails(indexed=item, status=None, links=(), linked_from=())
    page = "\n".join(page_lines(details))
    assert "(subnational; host)" in page
    assert "in force from 2023; applied provisionally from 2022-01-01" in page
    assert "0.5 EUR" in page


@given(TITLES)
def test_pipe_gets_one_line_for_each_record(title):
    shown = lines(tables.record_table([indexed(title), indexed(title)], NAMES, width=None))
    assert len(shown) == 3


def test_control_characters_and_overrides_are_visible():
    shown = "".join(lines(text("a\x1b[31mb\u202ec\nd"), 80))
    assert shown == r"a\x1b[31mb\u202ec\nd"


def test_output_is_coloured_only_on_request():
    table = tables.record_table([indexed("A paper")], NAMES, width=80)
    assert "\x1b[" not in "".join(lines(table, 80))
    assert "\x1b[" in "".join(lines(table, 80, colored=True))


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 60))
def test_bar_fits_its_width_and_is_visible(value, maximum, width):
    value = min(value, maximum)
    drawn = bar(value, maximum, width)
    assert 1 <= len(drawn) <= width
    assert (len(drawn) == width and set(drawn) == {"█"}) or value < maximum


@given(st.lists(st.integers(0, 10**6)))
def test_sparkline_has_one_character_for_each_value_and_a_blank_for_zero(values):
    drawn = sparkline(values)
    assert len(drawn) == len(values)
    assert [character == " " for character in drawn] == [value == 0 for value in values]


@each(("value", "maximum"), [(0, 5), (0, 0), (5, 0)])
def test_bar_of_zero_is_empty(value, maximum):
    assert bar(value, maximum, 10) == ""


def test_progress_bar_appears_after_a_second_and_is_removed_at_the_end(monkeypatch, capsys):
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


@each(
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
def test_years_of_a_pair_are_as_uncertain_as_its_dates(first, last, years):
    counted = {"records": 2, "instruments": 2, "encounters": 0, "weight": 2}
    more = {"in_force": {"certain": 0, "possible": 2}, "affinity": None, "topics": []}
    row = {"a": "AZ", "b": "GB", **counted, **more, "first": first, "last": last}
    heading, shown = lines(format_rows("bars", [row], NAMES, width=80), 80)
    assert shown[heading.index("Years") :].strip() == years
