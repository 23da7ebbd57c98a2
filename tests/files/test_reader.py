"""The strict reader: what is text, what is refused and where, and that no bytes make it fail."""

import json
import re
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.files import nodes, reader, syntax_messages
from healthcoop.files.positions import Positions, comments
from healthcoop.files.tree import MAX_BYTES
from healthcoop.model.spec import NAMES
from tests.cases import each, sampled

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "records").rglob("*.yaml"))


def found(content: bytes) -> list[tuple[str, int, int]]:
    """Return the code, line and column of every problem."""
    problems = reader.parse(content).problems
    assert all(problem.message.endswith(".") and problem.hint for problem in problems)
    return [(problem.code, problem.span.line, problem.span.column) for problem in problems]


PROBLEMS: dict[str, tuple[bytes, str, int, int]] = {
    "Latin-1": ("a: é\nb: ü".encode() + b"\xfc", "HC101", 2, 5),
    "git-crypt": (b"\0GITCRYPT\0\x01\xff\x80", "HC101", 1, 1),
    "UTF-16": ("a: b".encode("utf-16"), "HC101", 1, 1),
    "UTF-16 without a mark": ("a: b".encode("utf-16-be"), "HC101", 1, 1),
    "too large": (b"a: " + b"x" * MAX_BYTES, "HC102", 1, 1),
    "NUL": (b"a: b\nc: \x00", "HC103", 2, 4),
    "BOM inside": ("é: x\ny: a\ufeffb".encode(), "HC103", 2, 5),
    "BOM at the start of a later line": ("a: b\n\ufeffc: d".encode(), "HC103", 2, 1),
    "lone carriage return": (b"a: b\rc: d", "HC103", 1, 5),
    "next line": ("a: é\u0085".encode(), "HC103", 1, 5),
    "line separator": ("a: x\u2028y".encode(), "HC103", 1, 5),
    "escaped control": (b'a: b\nc: "x\\0"', "HC103", 2, 4),
    "escaped bell in a name": (b'a: b\n"c\\a": x', "HC103", 2, 1),
    "line break in a name": (b'a: b\n"c\\nd": x', "HC103", 2, 1),
    "tab for indentation": (b"a:\n\tb: c", "HC104", 2, 1),
    "tab after a BOM": ("\ufeffé:\tb".encode(), "HC104", 1, 3),
    "Latin-1 after a BOM": ("\ufeffé: ".encode() + b"\xfc", "HC101", 1, 4),
    "tab after CRLF": (b"a: b\r\nc: d\te\r\n", "HC104", 2, 5),
    "two colons": ("ж: b: c".encode(), "HC105", 1, 5),
    "two colons after a BOM": ("\ufeffж: b: c".encode(), "HC105", 1, 5),
    "two colons after an astral character": ("a: 😀 b: c".encode(), "HC105", 1, 7),
    "two colons in a CRLF file": (b"a: b\r\nc: d: e\r\n", "HC105", 2, 5),
    "no colon": (b"a: b\nc\n", "HC105", 2, 1),
    "quote never closed": (b'a: "x\n', "HC105", 1, 4),
    "item among fields": (b"a:\n  - b\n  c: d\n", "HC105", 3, 3),
    "bracket never closed": (b"a: [x,\n", "HC105", 1, 7),
    "reserved character": (b"a: `x`", "HC105", 1, 4),
    "duplicate": (b"a: b\nc: d\na: e", "HC106", 3, 1),
    "duplicate, once quoted": (b'a: b\n"a": c', "HC106", 2, 1),
    "duplicate inside": (b"a:\n  - {b: c, b: d}", "HC106", 2, 12),
    "anchor": ("é: &x b".encode(), "HC107", 1, 4),
    "anchor after a BOM": ("\ufeffa: &x b".encode(), "HC107", 1, 4),
    "alias": (b"a: b\r\nc: *x\r\n", "HC107", 2, 4),
    "tag": (b"a: !!python/object/apply:os.system [x]", "HC108", 1, 4),
    "non-specific tag": (b"a: ! b", "HC108", 1, 4),
    "directive": (b"%YAML 1.2\n---\na: b", "HC108", 1, 1),
    "second document": (b"a: b\n---\nc: d", "HC109", 2, 1),
    "empty second document": (b"a: b\n---\n", "HC109", 2, 1),
    "no value": (b"a:\nb: c", "HC110", 1, 3),
    "no value at the end": (b"b: c\na:", "HC110", 2, 3),
    "no value behind the last line": (b"? a\n", "HC110", 1, 4),
    "null": (b"a: Null", "HC110", 1, 4),
    "tilde": (b"a: [b, ~]", "HC110", 1, 8),
    "field without colon in braces": (b"a: {b}", "HC110", 1, 6),
    "deep": (b"[" * 33, "HC111", 1, 33),
    "deep blocks": (b"".join(b" " * n + b"a:\n" for n in range(40)), "HC111", 33, 33),
    "deep lists under their fields": (
        b"a:\n" + b"".join(b"  " * n + b"- a:\n" for n in range(20)) + b" " * 40 + b"- x",
        *("HC111", 17, 33),
    ),
    "nothing": (b"", "HC112", 1, 1),
    "a BOM and blanks": ("\ufeff \r\n".encode(), "HC112", 1, 1),
    "comments alone": (b"# nothing\n", "HC112", 1, 1),
    "an empty document": (b"---\n", "HC112", 1, 1),
    "a pointer of Git LFS": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 123\n",
        *("HC112", 1, 1),
    ),
    "a list": (b"# c\n- a\n", "HC112", 2, 1),
    "a text": (b"hello", "HC112", 1, 1),
    "break in a quoted title": (b'title: "a\\nb"', "HC113", 1, 8),
    "break in a plain title": (b"title: a\n\n  b", "HC113", 1, 8),
    "break in a plain item": (b"outcomes:\n  - a\n\n    b", "HC113", 2, 5),
    "break at the end of prose": (b"a: b\nsummary: |\n  x\n", "HC113", 2, 10),
    "list for a name": (b"? [a]\n: b", "HC114", 1, 3),
    "nothing for a name": (b"a: b\n~: c", "HC114", 2, 1),
    "hyphens without a space": (b"a:\n  -b: c\n", "HC114", 2, 3),
    "name without end": (b"? " + b"x" * 2000 + b"\n: b", "HC114", 1, 3),
    "an item too many": (b"topics:\n" + b"  - x\n" * 1_001, "HC117", 1_002, 5),
    "an item too many on one line": (b"topics: [" + b"x, " * 1_000 + b"x]\n", "HC117", 1, 3_010),
    "an item too many inside": (b"a:\n- b:\n" + b"  -\n" * 2_000, "HC117", 1_003, 4),
    "a field too many": (b"".join(b"f%d: x\n" % n for n in range(10_001)), "HC117", 10_000, 8),
    "marks": (("é: x\na: x" + "\u0301\u0316" * 6).encode(), "HC118", 2, 13),
    "escaped marks": (b'a: "x' + rb"\u0301\u0316" * 6 + b'"', "HC118", 1, 4),
}


@each("canonical", [True, False])
def test_limits_are_reached_without_a_problem(canonical: bool) -> None:
    """1,000 items and 20,000 nodes pass in both layouts; one more of either does not."""

    def lists(*lengths: int) -> bytes:
        fields = zip(sorted(NAMES), lengths, strict=False)
        lines = b"".join(b"%s:\n%s" % (name.encode(), b"  - x\n" * n) for name, n in fields)
        return lines if canonical else b"---\n" + lines

    assert reader.parse(lists(1_000)).data
    assert [code for code, *_ in found(lists(1, 1_001))] == ["HC117"]
    # The mapping; of each field its name, its list and the items.
    assert reader.parse(lists(*[997] * 20, 17)).data
    assert [code for code, *_ in found(lists(*[997] * 20, 18))] == ["HC117"]


def test_only_marks_that_combine_count() -> None:
    """Whatever Unicode's table says, a mark is found by the quick search and is no letter."""
    marks = [char for char in map(chr, range(0x110000)) if unicodedata.combining(char)]
    assert [mark for mark in marks if reader.excess_mark(f"x{mark * 8}") is not None] == []
    assert [mark for mark in marks if reader.excess_mark(f"é{mark * 9}") != 9] == []
    assert reader.excess_mark("“”" * 20) is None


@each("opening", [b"[", b"{a: ", b"- ", b"a: [x, [", b'? "k": {'])
@each("count", [50, 1_001, 25_000])
def test_own_depth_limit_is_reported_before_the_parsers(
    opening: bytes, count: int, parser: str
) -> None:
    """Newer versions of libyaml refuse 1,000 levels themselves, before they return a token."""
    start = time.process_time()
    ((code, line, column),) = found(opening * count)
    assert time.process_time() - start < 3
    assert (code, line) == ("HC111", 1)
    assert column <= 33 * len(opening)


@each("name", PROBLEMS)
def test_problem_has_code_line_and_column(name: str, parser: str) -> None:
    """The same code and place on libyaml and on PyYAML's own parser."""
    content, *place = PROBLEMS[name]
    assert found(content) == [tuple(place)]


def test_every_reader_code_is_tested() -> None:
    """HC115 and HC116, unreadable files and comments, come from the engine."""
    from healthcoop.checks.registry import rules

    codes = {code for code in rules() if code.startswith("HC1")}
    assert codes - {code for _, code, *_ in PROBLEMS.values()} == {"HC115", "HC116"}


# Where the two parsers differ, though both refuse the file.
DIFFERENCES = {
    # libyaml reports an unknown directive before it returns its token.
    b"%FOO\na: b": ("HC105", "HC108"),
    # libyaml refuses an escaped surrogate; PyYAML returns it, and the reader refuses it.
    b'a: "\\ud800"': ("HC105", "HC103"),
    b'"\\ud800": a': ("HC105", "HC103"),
}


@each("content", DIFFERENCES)
def test_parsers_report_different_codes_only_where_listed(content: bytes, parser: str) -> None:
    """Everything else has the same code on both."""
    (code, *_), *rest = found(content)
    assert not rest
    assert code == DIFFERENCES[content][parser == "pure"]


TEXTS = [
    *("NO", "no", "yes", "Yes", "on", "OFF", "y", "n", "True", "TRUE", "False", "FALSE"),
    *("2022", "010", "0o14", "0x1F", "0b11", "1_000", "1,000", "1e3", "-1", "+12", "1.5", ".5"),
    *(".inf", "-.INF", ".nan", "12:30", "190:20:30", "12:30:45.5", "2022-10-07"),
    *("2022-10-07T10:00:00Z", "2022-10-07 10:00:00", "=", "<<", "nULL", "é"),
]


def test_scalars_that_yaml_1_1_converts_are_text(parser: str) -> None:
    """Norway is a country, and a day is what the file says, letter by letter."""
    content = "".join(f"k{number}: {text}\n" for number, text in enumerate(TEXTS))
    content += "items:\n" + "".join(f"  - {text}\n" for text in TEXTS)
    data = reader.parse(content.encode()).data
    assert data is not None
    assert data.pop("items") == TEXTS
    assert list(data.values()) == TEXTS


def test_only_plain_true_and_false_are_booleans(parser: str) -> None:
    """Quoted, or as the name of a field, they are text."""
    data = reader.parse(b"a: true\nb: [false, 'true']\nc: \"false\"\ntrue: x\n<<: y\n").data
    assert data == {"a": True, "b": [False, "true"], "c": "false", "true": "x", "<<": "y"}


def test_quoted_null_is_text(parser: str) -> None:
    """The word is an ordinary one in quotes."""
    assert reader.parse(b"a: \"null\"\nb: '~'\n").data == {"a": "null", "b": "~"}


@sampled
def test_real_records_are_parsed_like_any_yaml(parser: str, step: int) -> None:
    """A record's YAML is plain enough for every reader; the pure parser, slow, gets a sample."""
    import yaml

    safe_loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in RECORDS[:: step if parser == "libyaml" else 20 * step]:
        content = path.read_bytes()
        expected = reader.ParseResult(yaml.load(content, safe_loader))
        assert reader.parse_any_layout(content, content.decode()) == expected, path
        assert reader.parse(content) == expected, path


def test_crlf_is_not_part_of_a_value(parser: str) -> None:
    """One line of a file or all of them may end with it."""
    data = {"id": "x", "summary": "a b", "topics": ["c"]}
    text = "id: x\nsummary: >-\n  a\n  b\ntopics: [c]\n"
    assert reader.parse(text.encode()).data == data
    assert reader.parse(text.replace("\n", "\r\n").encode()).data == data
    assert reader.parse(text.replace("x\n", "x\r\n").encode()).data == data
    assert found(b"id: \r\nurl: x\n") == [("HC110", 1, 4)]


def test_all_duplicates_and_nulls_are_reported_at_once() -> None:
    """One run is enough to fix them all."""
    content = b"a: 1\na: 2\nb:\nc: {d: ~, d: 3}\n"
    assert found(content) == [("HC106", 2, 1), ("HC110", 3, 3), ("HC110", 4, 8), ("HC106", 4, 11)]


def test_at_most_ten_tabs_are_reported() -> None:
    """A file indented with tabs has ten findings, not ten thousand."""
    assert found(b"a:\n" + b"\tb: c\n" * 50) == [("HC104", line, 1) for line in range(2, 12)]


def test_at_most_a_hundred_problems_are_reported() -> None:
    """A file of nothing but duplicates does not flood the report."""
    assert len(reader.parse(b"a: b\n" * 5000).problems) == 100


@given(st.binary(max_size=200))
def test_random_bytes_are_parsed_or_reported(content: bytes) -> None:
    """Data or problems, whatever comes."""
    _check_result(content)


@given(st.text(alphabet="ab-:?[]{}&*!|>'\"%@#,~ \n\r\té\ufeff😀", max_size=60))
def test_random_punctuation_is_parsed_or_reported(text: str) -> None:
    """YAML is made of these characters."""
    _check_result(text.encode())


@given(st.data())
def test_mutated_records_are_parsed_or_reported(data: st.DataObject) -> None:
    """Cut, doubled and overwritten pieces of real records."""
    content = bytearray(data.draw(st.sampled_from(RECORDS)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 30, len(content))))
        piece = data.draw(st.one_of(st.binary(max_size=4), st.just(bytes(content[start:end] * 2))))
        content[start:end] = piece
    _check_result(bytes(content))


MISTAKES = {
    "title: >= 5 hospitals were built": "After “>” or “|”",
    "title: |x": "After “>” or “|”",
    "title: >0": "After “>” or “|”",
    "title: ? why": "question mark",
    "title: a\ntopics:[vaccines]": "no space after the colon",
    "topics:\n  - a\n  -b: c": "no space after the hyphen",
    "title: a\n=======\ntitle: b": "conflict",
    "id: a\n type: visit": "by 1 space; its neighbour in line 1 is not.",
    "<<<<<<< HEAD\nid: a\n=======\nid: b\n>>>>>>> b\n": "conflict",
    "id: a\n||||||| 1234567\ntype: b\n": "conflict",
    "topics:\n  -a: b\n  - c: d": "no space after the hyphen",
    "title: @WHO": "“@”",
    "places: [{?city: Baku}]": "question mark",
    "title: & sons": "“&” or “*”",
    "title: !<x": "“!”",
    "title: !%E4 x": "“!”",
    "%": "“%”",
    "%é": "“%”",
    'title: "\\x1"': "Incomplete escape",
    'title: "\\!"': "backslash",
    'title: "a\n---\nb"': "never closed",
    "title: 'WHO's office'": "after a closing quotation mark",
    'title: "A" and "B"': "after a closing quotation mark",
    "topics:\n  - 'WHO's office'": "after a closing quotation mark",
    "topics: ['WHO's office', b]": "after a closing quotation mark",
    "places: [{city: 'WHO's office'}]": "after a closing quotation mark",
    "'WHO's office'": "after a closing quotation mark",
    'topics: ["a"': "square brackets",
    'places: {city: "a"': "braces",
}


@each("lines", [1, 2])
def test_odd_spaces_in_the_indentation_are_located(lines: int, parser: str) -> None:
    """The parsers report the line below, which is correct."""
    odd = "\u00a0\u00a0  bodies: [x]\n" + "  \u00a0\u00a0role: host\n" * (lines - 1)
    text = f"parties:\n  - country: AZ\n{odd}  - country: CU\n"
    (problem,) = reader.parse(text.encode()).problems
    assert (problem.code, problem.span.line, problem.span.column) == ("HC105", 3, 1)
    assert "only look like spaces" in problem.message


def test_duplicate_field_names_the_first_line() -> None:
    (problem,) = reader.parse(b"a: b\nc: d\ne: f\nc: g\n").problems
    assert "line 2" in problem.message


@each("text", MISTAKES)
def test_syntax_error_is_explained_in_plain_words(text: str, parser: str) -> None:
    """A curator has never heard of a block collection."""
    (problem,) = reader.parse(text.encode()).problems
    assert problem.code == "HC105"
    assert MISTAKES[text] in problem.message


@each("mark", ['"', "'"])
@each("opening", ["date: {}2022", "topics: [a, {}b]", "topics:\n  - {}b"])
def test_unclosed_quotation_mark_is_located_where_it_opens(
    opening: str, mark: str, parser: str
) -> None:
    """The mark many lines below that closes it by chance is not the place."""
    above = f"id: it's\n{opening.format(mark)}"
    content = f"{above}\nplaces:\n  - city: {mark}Baku{mark}\n"
    (problem,) = reader.parse(content.encode()).problems
    line, column = above.count("\n") + 1, above.rindex(mark) - above.rindex("\n")
    assert (problem.span.line, problem.span.column) == (line, column)
    assert f"closed only in line {line + 2}" in problem.message


# A text, the code and the line of its problem, and the line as it should be.
PUNCTUATION = {
    "x:y": ("HC112", 1, "x: y"),
    "\nid:a\ntype:b\n": ("HC112", 2, "id: a"),
    "type：visit": ("HC112", 1, "type: visit"),
    "id:a\n\ntype: b": ("HC105", 1, "id: a"),
    "id: a\ntype： b\ntitle: c": ("HC105", 2, "type: b"),
    "type:\u00a0b\ntitle: c": ("HC105", 1, "type: b"),
    "sources：\n  - url: a": ("HC105", 1, "sources:"),
    "sources:\n  - url:https://a.b/c\n    kind: d": ("HC105", 2, "url: https://a.b/c"),
    "parties:\n  -country: EG\n    role: a": ("HC105", 2, "- country: EG"),
    "parties:\n  – country: EG\n    role: a": ("HC105", 2, "- country: EG"),
    "parties:\n  * country: EG\n": ("HC105", 2, "- country: EG"),
    "parties:\n  -\u202fcountry: EG\n    role: a": ("HC105", 2, "- country: EG"),
    "parties:\n  • country: EG\n": ("HC114", 2, "- country:"),
    "parties:\n  -country: EG\n": ("HC114", 2, "- country:"),
}


@each("text", PUNCTUATION)
def test_a_mistake_in_punctuation_is_reported_in_its_own_line(text: str, parser: str) -> None:
    """Not as the indentation of the line below; the hint has plain spaces only."""
    (problem,) = reader.parse(text.encode()).problems
    code, line, written = PUNCTUATION[text]
    assert (problem.code, problem.span.line) == (code, line)
    assert problem.hint == f"Write “{written}”."


def test_a_line_too_long_for_a_hint_is_not_cut() -> None:
    """A cut line would be pasted as it is."""
    (problem,) = reader.parse(f"title:{'long ' * 40}\ntype: visit".encode()).problems
    assert problem.hint == "Write a space after “title:”."


# A text, the line that is indented otherwise than its neighbours, and what to do.
INDENTED = {
    "parties:\n  - country: EG\n   - country: QA": (3, "Indent it by 2 spaces."),
    "parties:\n  - country: EG\n - country: QA": (3, "Indent it by 2 spaces."),
    "parties:\n  - country: EG\n    bodies:\n      - a\n   - country: QA": (
        *(5, "Indent it by 2 spaces."),
    ),
    "parties:\n  - country: EG\n   bodies: [a]": (3, "Indent it by 4 spaces."),
    "parties:\n  - country: EG\n     bodies: [a]": (3, "Indent it by 4 spaces."),
    "parties:\n  - country: EG\n  bodies: [a]": (3, "Indent it by 4 spaces."),
    "parties:\n  - country: EG\n topics: [a]": (3, "Begin it in the first column."),
    "id: a\n  type: b": (2, "Begin it in the first column."),
    "terms:\n  in_force: a\n   term: b": (3, "Indent it by 2 spaces."),
    "terms:\n  in_force: a\n term: b": (3, "Indent it by 2 spaces."),
    "sources:\n  - url: a\nkind: b\n    language: c": (3, "Indent it by 4 spaces, like line 4."),
    "sources:\n  - url: a\nkind: b\npublisher: c\n    language: d": (
        *(3, "Indent lines 3 to 4 by 4 spaces, like line 5."),
    ),
    "id: a\ntype: b\n  kind: c": (3, "Begin it in the first column."),
}


@each("text", ["parties:\n  - country: EG\n  country: QA\n", "a:\n  - b: c\n    d: e\n  b: f\n"])
def test_item_without_hyphen_is_recognised(text: str, parser: str) -> None:
    """Its field is in the item above already."""
    (problem,) = reader.parse(text.encode()).problems
    assert "no hyphen" in problem.message
    name = text.splitlines()[-1].partition(":")[0].strip()
    assert problem.hint.startswith(f"Write “- {name}:”")


@each("text", INDENTED)
def test_other_indentation_than_the_neighbours_is_reported_in_numbers(
    text: str, parser: str
) -> None:
    """The hint restores what the parser accepts."""
    (problem,) = reader.parse(text.encode()).problems
    assert (problem.span.line, problem.hint) == INDENTED[text]
    numbers = [int(number) for number in re.findall("by ([0-9]+) spaces", problem.hint)] or [0]
    lines = text.split("\n")
    last = re.search("to ([0-9]+) by", problem.hint)
    for at in range(problem.span.line - 1, int(last[1]) if last else problem.span.line):
        lines[at] = " " * numbers[0] + lines[at].strip()
    assert reader.parse("\n".join(lines).encode()).data


# A line, and the same with its text in double quotes.
QUOTED = {
    "title: Cairo: a visit": 'title: "Cairo: a visit"',
    "title: 'Qatar's minister'": 'title: "Qatar\'s minister"',
    'title: "a "b" c"': 'title: "a \\"b\\" c"',
    "  - city: @Cairo\\": 'city: "@Cairo\\\\"',
}


@each("line", QUOTED)
def test_text_that_needs_quotes_is_shown_in_quotes(line: str, parser: str) -> None:
    (problem,) = reader.parse(f"places:\n{line}".encode()).problems
    assert problem.hint == f"Put the text in double quotes: {QUOTED[line]}"
    assert reader.parse(QUOTED[line].encode()).data


PIECES = [*"-?:,[]{}#&*!|>'\"%@`.0aé~= \n", "- ", ": ", "\n  ", "a: ", "!<", "%YAML", "\\u12"]


def test_every_parser_error_has_an_explanation(parser: str) -> None:
    """For every wording of libyaml and of PyYAML."""

    @given(st.lists(st.sampled_from(PIECES), max_size=12))
    def check(pieces: list[str]) -> None:
        for text in ("".join(pieces), f"a: b\nc: {''.join(pieces)}\nd: e"):
            for problem in reader.parse(text.encode()).problems:
                assert problem.message != syntax_messages.UNKNOWN[0], text

    check()


def _check_result(content: bytes) -> None:
    result = reader.parse(content)
    assert result.data is not None or result.problems
    lines = content.decode("utf-8", "replace").split("\n")
    for problem in result.problems:
        assert 1 <= problem.span.line <= len(lines)
        assert 1 <= problem.span.column <= len(lines[problem.span.line - 1]) + 1
        assert problem.span[:2] < problem.span[2:] or problem.span == nodes.START
    json.dumps(result.data, ensure_ascii=False).encode()


BOMBS = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (600 * 2**20,) * 2)
from healthcoop.files import nodes, reader
nodes.HAS_LIBYAML = nodes.HAS_LIBYAML and sys.argv[1] == "libyaml"
laughs = "a: &a [x, x]\\n" + "".join(
    f"{two}: &{two} [{', '.join(['*' + one] * 9)}]\\n" for one, two in zip("abcdefgh", "bcdefghi")
)
bombs = ["[" * 200_000, "- " * 100_000, "? " * 1000, "{a: " * 50_000, "a: " + "[" * 200_000, laughs,
    "".join(" " * n + "- \\n" for n in range(700)), "[" + "[]," * 60_000 + "]", "&" * 200_000,
    "".join(" " * n + "?\\n" for n in range(700)), "!" * 200_000, "a: '" + "*" * 200_000]
for bomb in bombs:
    start = time.process_time()
    assert reader.parse(bomb.encode()).data is None, bomb[:20]
    assert time.process_time() - start < 5, bomb[:20]
print("alive")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory limits are POSIX")
@each("name", ["libyaml", "pure"])
def test_depth_and_alias_bombs_are_refused_within_limits(name: str) -> None:
    """The bombs are parsed in a child process, which they would kill."""
    run = subprocess.run(
        [sys.executable, "-c", BOMBS, name], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (run.stdout, run.returncode) == ("alive\n", 0), run.stderr


PLACES = """\
# a comment
id: 2022-é
parties:
  - country: AZ
    bodies: [Ministry of Health, "Ж, и"]
  - country: CU
terms:
  in_force: "2022"
"""


@each("mark", ["", "\ufeff"])
@each("end", ["\n", "\r\n"])
def test_positions_of_names_values_and_items(parser: str, mark: str, end: str) -> None:
    """Columns count characters; a mapping or list is named by its field or its first character."""
    positions = Positions((mark + PLACES.replace("\n", end)).encode())
    assert positions.key(("id",)) == (2, 1, 2, 3)
    assert positions.value(("id",)) == (2, 5, 2, 11)
    assert positions.value(("parties",)) == (3, 1, 3, 8)
    assert positions.value(("parties", 1))[:2] == (6, 5)
    assert positions.key(("parties", 0, "bodies")) == (5, 5, 5, 11)
    assert positions.value(("parties", 0, "bodies", 1)) == (5, 34, 5, 40)
    assert positions.value(("terms", "in_force")) == (8, 13, 8, 19)


def test_missing_value_has_the_position_of_what_is_around_it() -> None:
    """A missing field is reported at its parent."""
    positions = Positions(PLACES.encode())
    assert positions.value(("terms", "ended")) == positions.value(("terms",))
    assert positions.key(("parties", 7, "country")) == positions.value(("parties",))
    assert positions.value(("summary",)) == nodes.START


def test_refused_file_has_no_positions() -> None:
    """Everything in it is at its start."""
    assert Positions(b"a: &x b").value(("a",)) == nodes.START


@each("mark", ["", "\ufeff"])
def test_comments_are_located(parser: str, mark: str) -> None:
    """A # inside a quoted, folded or plain text is not a comment."""
    content = (
        f"{mark}# first\n"
        "a: 'é # text' # one\r\n"
        "b: [x#y, #two\n  z]\n"
        "summary: >- # three\n  text\n  # text\n # four\n"
        "c: d\n  e#f\n"
    )
    found = [comment.span[:2] for comment in comments(content.encode())]
    assert found == [(1, 1), (2, 15), (3, 10), (5, 13), (8, 2)]
