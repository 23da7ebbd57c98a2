"""Table formats: what is written can be parsed again, and no cell is a formula."""

import csv
import io
import json
import re

import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from healthcoop.export import tables as export
from healthcoop.files.visible import visible
from tests.cases import each

# What the strict reader accepts: no control characters, no lone surrogates.
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))).map(str.strip)
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.none() | st.booleans() | NUMBERS | TEXT | st.lists(TEXT)
ROWS = st.lists(st.fixed_dictionaries({"a": VALUES, "b": VALUES}), max_size=5)
FORMULAS = ("=", "+", "-", "@")


def written(format_: str, rows: list[dict]) -> str:
    return "".join(export.TABLE_FORMATS[format_].write(("b", "a"), rows))


def cell(value: object) -> str:
    """Return the text of a cell, without the quote before a formula."""
    if isinstance(value, list):
        return "; ".join(value)
    return (
        {None: "", True: "true", False: "false"}.get(value, str(value))
        if not isinstance(value, int | float) or isinstance(value, bool)
        else str(value)
    )


def unquoted(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULAS) else text


@given(ROWS)
def test_csv_round_trips(rows):
    read = list(csv.reader(io.StringIO(written("csv", rows), newline="")))
    assert read[0] == ["b", "a"]
    for line, row in zip(read[1:], rows, strict=True):
        for text, value in zip(line, (row["b"], row["a"]), strict=True):
            assert text == cell(value) or unquoted(text) == cell(value)
            assert not isinstance(value, str | list) or not text.startswith(FORMULAS)


@given(ROWS)
def test_tsv_has_one_line_for_each_row_and_one_tab_between_cells(rows):
    lines = written("tsv", rows).split("\n")
    assert lines.pop() == ""
    assert [line.count("\t") for line in lines] == [1] * (len(rows) + 1)
    for line, row in zip(lines[1:], rows, strict=True):
        for text, value in zip(line.split("\t"), (row["b"], row["a"]), strict=True):
            assert unquoted(text) == unquoted(visible(" ".join(cell(value).split())))
            assert not isinstance(value, str | list) or not text.startswith(FORMULAS)


@given(ROWS)
def test_json_and_jsonl_round_trip(rows):
    assert json.loads(written("json", rows)) == rows
    assert [json.loads(line) for line in written("jsonl", rows).splitlines()] == rows


@given(st.lists(st.fixed_dictionaries({"a": st.none() | st.booleans() | TEXT | st.lists(TEXT)})))
@example([{"a": ["NO", "1e3", "0o7", "~", "null", "=", "<<", "12:30:00", "2022-10-07", "- a"]}])
def test_yaml_round_trips_with_another_parser(rows):
    text = "".join(export.as_yaml(("a",), rows))
    assert yaml.load(text, yaml.SafeLoader) == rows


def test_negative_number_is_not_neutralised():
    assert written("csv", [{"a": -1, "b": -0.5}]).splitlines()[1] == "-0.5,-1"
    assert written("tsv", [{"a": -1, "b": "-1"}]).splitlines()[1] == "'-1\t-1"


def test_mapping_in_a_cell_is_written_as_text():
    assert written("csv", [{"a": {"x": 1, "y": None}, "b": 0}]).splitlines()[1] == "0,x=1; y="


@each("format_", ["tsv", "markdown"])
def test_control_characters_are_visible_in_headings_and_cells(format_):
    odd = "a\u202eb\x1b[2J"
    text = "".join(export.TABLE_FORMATS[format_].write((odd,), [{odd: odd}]))
    assert text.replace("\n", "").replace("\t", "").isprintable()
    assert text.count("u202e") == text.count("x1b") == 2


@each("format_", ["csv", "json", "jsonl"])
def test_csv_and_json_keep_every_character(format_):
    assert "a\u202eb" in written(format_, [{"a": "a\u202eb", "b": 0}])


def shown(html: str) -> str:
    """Return the text that a browser shows of a paragraph."""
    inner = re.fullmatch(r"<p>(.*)</p>\n", html, re.DOTALL)
    assert inner, html
    assert "<" not in inner[1], html
    text = inner[1]
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


MARKUP = st.text(st.sampled_from("#*_-+=~`<>[]()!|&;.\\1 ab:\"'@/"), min_size=1)


@given(TEXT | MARKUP)
@example("# heading")
@example("1. one")
@example("- item")
@example("---")
@example("===")
@example("&amp; &#42; <b>x</b> [a](b) `c` ~~d~~")
def test_markdown_shows_a_text_unchanged(text):
    if not text.strip():
        return
    text = text.strip()
    assert shown(
        MarkdownIt("gfm-like", {"linkify": False}).render(export.escape_markdown(text))
    ) == visible(text)


@given(TEXT | MARKUP, TEXT | MARKUP)
def test_markdown_table_keeps_its_columns(one, two):
    text = written("markdown", [{"a": one, "b": two}])
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert (html.count("<th>"), html.count("<td>"), html.count("<tr>")) == (2, 2, 2)
