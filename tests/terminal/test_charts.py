"""Drawings of characters: they fit, and are readable without colour and block characters."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from healthcoop.index.results import Table
from healthcoop.index.statistics.cross import Cells, Margin
from healthcoop.model.vocabulary import KINDS, Vocabulary
from healthcoop.terminal import console
from healthcoop.terminal.console import render
from healthcoop.terminal.statistics import format_rows
from tests.cases import each

NAMES = Vocabulary({kind: [] for kind in KINDS})
YEARS = [
    {"year": 2000 + n, "records": n, "instruments": n // 3, "encounters": n - n // 3}
    for n in range(1, 30)
]
DAYS = [
    {"day": f"20{n}-12-31", "certain": n % 4, "possible": n, "no": 3, "instruments": n + 3}
    for n in range(10, 25)
]
CODES = [f"C{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
MATRIX = [
    {
        "country": one,
        "total": 50,
        "with": {code: None if code == one else n for n, code in enumerate(CODES)},
    }
    for one in CODES
]


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 200))
def test_stacked_bar_fits_and_shows_both_parts(first, second, width):
    one, other = console.two_bars(first, second, max(1000, first + second), width)
    assert len(one) + len(other) <= max(width, 2)
    assert bool(one) == (first > 0)
    assert bool(other) == (second > 0)


def test_ascii_replacement_has_the_same_width():
    drawn = console.bar(5, 7, 10) + console.sparkline(range(9)) + console.SECOND + "·–"
    plain = console.in_ascii(drawn)
    assert plain.isascii()
    assert len(plain) == len(drawn)
    assert console.in_ascii(console.bar(1, 1000, 10)).strip()


def crossed(columns, values):
    """Return a table of two topics, the second without records in the first of the values."""
    topics = {"vaccines": 7, "workforce": 1}
    cells = [
        {"row": topic, "column": value, "records": number}
        for topic, number in topics.items()
        for value in values[number == 1 :]
    ]
    margins = (Margin("topic", topics), Margin(columns, dict.fromkeys(values, 8)))
    return Table(Cells(cells, margins, 1234), dict.fromkeys(("row", "column"), "text"))


@each("width", [20, 40, 60, 80, 120, None])
@each(
    ("columns", "values"),
    [
        ("year", [f"{year}" for year in range(1990, 2020)]),
        ("type", ["Memorandum of understanding", "Meeting", "x" * 60]),
        ("country", CODES),
    ],
)
def test_table_by_two_dimensions_fits_and_its_headings_are_above_their_columns(
    width, columns, values
):
    table = format_rows("cross", crossed(columns, values), NAMES, width=width)
    (drawn,) = render([table], width=width, colored=False)
    lines = drawn.splitlines()
    assert width is None or max(map(cell_len, lines)) <= width
    if columns == "year":
        heading, first, second, total, *more = lines
        shown = heading.split()[1:]
        assert shown == values[-len(shown) :]  # the latest fit
        assert first.split()[1:] == ["7"] * (1 + len(shown))
        assert second.split()[2:] == ["1"] * len(shown) or width is None
        assert total.split()[1:] == ["1234", *["8"] * len(shown)]
        assert [*map(len, (heading, first, total))] == [len(heading)] * 3
        assert (f"and {30 - len(shown)} more columns" in "".join(more)) == (len(shown) < 30)


@each("width", [40, 60, 80, 120])
@each("blocks", [True, False])
def test_years_status_and_matrix_fit_the_terminal(width, blocks):
    for table in (
        format_rows("years", YEARS, NAMES, width=width),
        format_rows("status", DAYS, NAMES, width=width),
        format_rows("matrix", MATRIX, NAMES, width=width),
    ):
        (drawn,) = render([table], width=width, colored=False, blocks=blocks)
        lines = drawn.splitlines()
        assert max(map(cell_len, lines)) <= width
        assert drawn.isascii() or blocks
        # A row of any is one line: nothing had to wrap.
        assert len(lines) <= len(MATRIX) + 4


def test_narrow_terminal_keeps_names():
    force = {"in_force": {"certain": 0, "possible": 4}, "first": "2020", "last": "2021"}
    counts = {"records": 1234, "instruments": 1000, "encounters": 234, **force}
    member = {"country": "Liechtenstein", "partners": 150, **counts}
    pair = {"a": "Liechtenstein", "b": "Uzbekistan", "weight": 3, "topics": [], **counts}
    for table in (
        format_rows("parties", [member], NAMES, width=40),
        format_rows("bars", [pair | {"affinity": 1.0}], NAMES, width=40),
    ):
        (drawn,) = render([table], width=40, colored=False)
        assert "Liechtenstein" in drawn
        assert "1234" in drawn
        assert max(map(cell_len, drawn.splitlines())) <= 40


@each("width", [40, 60, 80, 120, 200])
def test_table_with_bars_keeps_words_and_figures_and_fills_the_width(width):
    names = ["Uzbekistan", "Organization of Turkic States", "Saint Vincent and the Grenadines"]
    counts = [
        {"organisation": name, "partners": 9, "first": "2001-02-03", "last": "2024-01-02"}
        | {
            "records": n,
            "instruments": n,
            "encounters": 0,
            "in_force": {"certain": 0, "possible": n},
        }
        for n, name in enumerate(names, 1)
    ]
    (drawn,) = render(
        [format_rows("parties", counts, NAMES, width=width)], width=width, colored=False
    )
    lines = drawn.splitlines()
    assert set(" ".join(names).split()) <= set(drawn.split())
    longest = max(line.count("█") for line in lines)
    assert 4 <= longest <= 24
    assert all(len(line) <= width for line in lines)
    assert len(lines) == 4 or longest < 10
    assert ("Instr." in drawn, "Years" in drawn or "First" in drawn) == (width >= 60, width >= 80)


@each("most", [5, 40, 4000])
def test_matrix_colours_span_lowest_to_highest_number(most):
    row = {"country": "X", "total": 9, "with": {"X": None, "Y": 1, "Z": most}}
    others = [{"country": code, "total": 9, "with": {}} for code in "YZ"]
    group = format_rows("matrix", [row, *others], NAMES, width=80)
    styles = {
        line.plain[span.start : span.end].strip(): str(span.style)
        for line in group.renderables
        for span in line.spans
    }
    assert "cyan" in styles["1"]
    assert "yellow" in styles[str(most)]


def test_matrix_names_the_number_of_omitted_countries():
    (drawn,) = render([format_rows("matrix", MATRIX, NAMES, width=40)], width=40, colored=False)
    shown = sum(line[:2] in CODES for line in drawn.splitlines())
    assert 0 < shown < len(CODES)
    assert f"and {len(CODES) - shown} more" in drawn


def test_pipe_output_has_no_bars():
    for table in (
        format_rows("years", YEARS, NAMES, width=None),
        format_rows("status", DAYS, NAMES, width=None),
    ):
        (drawn,) = render([table], width=None, colored=False)
        assert not set("█▒▏▎▍▌▋▊▉") & set(drawn)
