"""The strict reader: what it takes as text, what it refuses and where, and that it never falls."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.files import reader, syntax_messages
from healthcoop.files.positions import Positions, comments
from healthcoop.files.tree import MAX_BYTES

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "records").rglob("*.yaml"))
BOTH_PARSERS = pytest.mark.parametrize("parser", ["libyaml", "pure"], indirect=True)


@pytest.fixture
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name: str = request.param
    if name == "libyaml" and not reader.HAS_LIBYAML:
        pytest.skip("PyYAML has no libyaml here")
    monkeypatch.setattr(reader, "HAS_LIBYAML", name == "libyaml")
    reader._loaders.cache_clear()
    yield name
    reader._loaders.cache_clear()


def met(content: bytes) -> list[tuple[str, int, int]]:
    """The code, line and column of every trouble."""
    problems = reader.read(content).problems
    assert all(trouble.message.endswith(".") and trouble.hint for trouble in problems)
    return [(trouble.code, trouble.span.line, trouble.span.column) for trouble in problems]


TROUBLES: dict[str, tuple[bytes, str, int, int]] = {
    "Latin-1": ("a: é\nb: ü".encode() + b"\xfc", "HC101", 2, 5),
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
    "a list": (b"# c\n- a\n", "HC112", 2, 1),
    "a text": (b"hello", "HC112", 1, 1),
    "break in a quoted title": (b'title: "a\\nb"', "HC113", 1, 8),
    "break in a plain title": (b"title: a\n\n  b", "HC113", 1, 8),
    "break in a plain item": (b"outcomes:\n  - a\n\n    b", "HC113", 2, 5),
    "break at the end of prose": (b"a: b\nsummary: |\n  x\n", "HC113", 2, 10),
    "list for a name": (b"? [a]\n: b", "HC114", 1, 3),
    "nothing for a name": (b"a: b\n~: c", "HC114", 2, 1),
    "name without end": (b"? " + b"x" * 2000 + b"\n: b", "HC114", 1, 3),
}


@BOTH_PARSERS
@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"a: [x, [", b'? "k": {'])
@pytest.mark.parametrize("count", [50, 1_001, 25_000])
def test_own_depth_limit_is_reported_before_the_parsers(
    opening: bytes, count: int, parser: str
) -> None:
    """Newer versions of libyaml refuse 1,000 levels themselves, before they return a token."""
    start = time.process_time()
    ((code, line, column),) = met(opening * count)
    assert time.process_time() - start < 3
    assert (code, line) == ("HC111", 1)
    assert column <= 33 * len(opening)


@BOTH_PARSERS
@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_has_its_code_line_and_column(name: str, parser: str) -> None:
    """The same code and place on libyaml and on PyYAML's own parser."""
    content, *place = TROUBLES[name]
    assert met(content) == [tuple(place)]


def test_every_code_of_the_reader_is_in_the_table() -> None:
    """What the system will not let us read, and comments, are the runner's."""
    from healthcoop.checks.registry import rules

    codes = {code for code in rules() if code.startswith("HC1")}
    assert codes - {code for _, code, *_ in TROUBLES.values()} == {"HC115", "HC116"}


# Where the two parsers differ, and why; both refuse the file.
DIFFERENCES = {
    # libyaml reports the directive it does not know before it hands the token out.
    b"%FOO\na: b": ("HC105", "HC108"),
    # libyaml refuses the escape of half a character; PyYAML makes one, which we refuse.
    b'a: "\\ud800"': ("HC105", "HC103"),
    b'"\\ud800": a': ("HC105", "HC103"),
}


@BOTH_PARSERS
@pytest.mark.parametrize("content", DIFFERENCES)
def test_the_parsers_refuse_with_different_codes_only_where_listed(
    content: bytes, parser: str
) -> None:
    """What is not in this list has the same code on both."""
    (code, *_), *rest = met(content)
    assert not rest
    assert code == DIFFERENCES[content][parser == "pure"]


TEXTS = [
    *("NO", "no", "yes", "Yes", "on", "OFF", "y", "n", "True", "TRUE", "False", "FALSE"),
    *("2022", "010", "0o14", "0x1F", "0b11", "1_000", "1,000", "1e3", "-1", "+12", "1.5", ".5"),
    *(".inf", "-.INF", ".nan", "12:30", "190:20:30", "12:30:45.5", "2022-10-07"),
    *("2022-10-07T10:00:00Z", "2022-10-07 10:00:00", "=", "<<", "nULL", "é"),
]


@BOTH_PARSERS
def test_the_zoo_of_yaml_1_1_stays_text(parser: str) -> None:
    """Norway is a country, and a day is what the file says, letter by letter."""
    content = "".join(f"k{number}: {text}\n" for number, text in enumerate(TEXTS))
    content += "items:\n" + "".join(f"  - {text}\n" for text in TEXTS)
    data = reader.read(content.encode()).data
    assert data is not None
    assert data.pop("items") == TEXTS
    assert list(data.values()) == TEXTS


@BOTH_PARSERS
def test_only_plain_true_and_false_are_flags(parser: str) -> None:
    """In quotes, or as a field's name, they are text."""
    data = reader.read(b"a: true\nb: [false, 'true']\nc: \"false\"\ntrue: x\n<<: y\n").data
    assert data == {"a": True, "b": [False, "true"], "c": "false", "true": "x", "<<": "y"}


@BOTH_PARSERS
def test_a_quoted_null_is_text(parser: str) -> None:
    """Whoever quotes it means the word."""
    assert reader.read(b"a: \"null\"\nb: '~'\n").data == {"a": "null", "b": "~"}


@BOTH_PARSERS
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_the_records_read_alike_on_both_parsers(path: Path, parser: str) -> None:
    """Without libyaml the tool is slower, and says the same."""
    import yaml

    by_safe_loader = yaml.load(path.read_bytes(), yaml.SafeLoader)
    assert reader.read(path.read_bytes()) == reader.ParseResult(by_safe_loader)


@BOTH_PARSERS
def test_a_line_end_of_windows_is_no_part_of_a_value(parser: str) -> None:
    """In a file of nothing but ASCII, all over or in a single line."""
    data = {"id": "x", "summary": "a b", "topics": ["c"]}
    text = "id: x\nsummary: >-\n  a\n  b\ntopics: [c]\n"
    assert reader.read(text.encode()).data == data
    assert reader.read(text.replace("\n", "\r\n").encode()).data == data
    assert reader.read(text.replace("x\n", "x\r\n").encode()).data == data
    assert met(b"id: \r\nurl: x\n") == [("HC110", 1, 4)]


def test_all_duplicates_and_nulls_are_told_at_once() -> None:
    """Whoever mends one finding has not to run again for the next."""
    content = b"a: 1\na: 2\nb:\nc: {d: ~, d: 3}\n"
    assert met(content) == [("HC106", 2, 1), ("HC110", 3, 3), ("HC110", 4, 8), ("HC106", 4, 11)]


def test_tabs_are_counted_out_only_ten_times() -> None:
    """A file indented with tabs gives ten findings, not ten thousand."""
    assert met(b"a:\n" + b"\tb: c\n" * 50) == [("HC104", line, 1) for line in range(2, 12)]


def test_a_hundred_troubles_are_enough() -> None:
    """A file of nothing but duplicates does not flood the report."""
    assert len(reader.read(b"a: b\n" * 5000).problems) == 100


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fall(content: bytes) -> None:
    """Data or problems, whatever comes."""
    _read_soundly(content)


@given(st.text(alphabet="ab-:?[]{}&*!|>'\"%@#,~ \n\r\té\ufeff😀", max_size=60))
def test_no_punctuation_makes_the_reader_fall(text: str) -> None:
    """YAML is made of these characters."""
    _read_soundly(text.encode())


@given(st.data())
def test_no_mutated_record_makes_the_reader_fall(data: st.DataObject) -> None:
    """Cut, doubled and overwritten pieces of real records."""
    content = bytearray(data.draw(st.sampled_from(RECORDS)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 30, len(content))))
        piece = data.draw(st.one_of(st.binary(max_size=4), st.just(bytes(content[start:end] * 2))))
        content[start:end] = piece
    _read_soundly(bytes(content))


STUMBLES = {
    "title: >= 5 hospitals were built": "Behind “>” or “|”",
    "title: |x": "Behind “>” or “|”",
    "title: >0": "Behind “>” or “|”",
    "title: ? why": "question mark",
    "title: a\ntopics:[vaccines]": "No space stands behind the colon",
    "topics:\n  - a\n  -b: c": "No space stands behind the hyphen",
    "title: a\n=======\ntitle: b": "conflict",
    "id: a\n type: visit": "further right",
    "title: @WHO": "“@”",
    "places: [{?city: Baku}]": "question mark",
    "title: & sons": "“&” or “*”",
    "title: !<x": "“!”",
    "title: !%E4 x": "“!”",
    "%": "“%”",
    "%é": "“%”",
    'title: "\\x1"': "escape is not complete",
    'title: "\\!"': "backslash",
    'title: "a\n---\nb"': "never closed",
    "title: 'WHO's office'": "behind a closing quotation mark",
    'title: "A" and "B"': "behind a closing quotation mark",
    "topics:\n  - 'WHO's office'": "behind a closing quotation mark",
    "topics: ['WHO's office', b]": "behind a closing quotation mark",
    "places: [{city: 'WHO's office'}]": "behind a closing quotation mark",
    "'WHO's office'": "behind a closing quotation mark",
    'topics: ["a"': "square brackets",
    'places: {city: "a"': "braces",
}


@BOTH_PARSERS
@pytest.mark.parametrize("lines", [1, 2])
def test_spaces_that_only_look_like_spaces_are_found_where_they_indent(
    lines: int, parser: str
) -> None:
    """The parsers stumble in the line below, which is right."""
    odd = "\u00a0\u00a0  bodies: [x]\n" + "  \u00a0\u00a0role: host\n" * (lines - 1)
    text = f"parties:\n  - country: AZ\n{odd}  - country: CU\n"
    (trouble,) = reader.read(text.encode()).problems
    assert (trouble.code, trouble.span.line, trouble.span.column) == ("HC105", 3, 1)
    assert "only look like spaces" in trouble.message


def test_a_field_that_stands_twice_is_told_with_its_first_line() -> None:
    (trouble,) = reader.read(b"a: b\nc: d\ne: f\nc: g\n").problems
    assert "line 2" in trouble.message


@BOTH_PARSERS
@pytest.mark.parametrize("text", STUMBLES)
def test_a_mistake_of_syntax_is_told_in_our_words(text: str, parser: str) -> None:
    """Whoever writes the record has never heard of a block collection."""
    (trouble,) = reader.read(text.encode()).problems
    assert trouble.code == "HC105"
    assert STUMBLES[text] in trouble.message


@BOTH_PARSERS
@pytest.mark.parametrize("mark", ['"', "'"])
@pytest.mark.parametrize("opening", ["date: {}2022", "topics: [a, {}b]", "topics:\n  - {}b"])
def test_a_forgotten_quotation_mark_is_found_where_it_opens(
    opening: str, mark: str, parser: str
) -> None:
    """What closes it by chance, many lines below, is not what is to be mended."""
    above = f"id: it's\n{opening.format(mark)}"
    content = f"{above}\nplaces:\n  - city: {mark}Baku{mark}\n"
    (trouble,) = reader.read(content.encode()).problems
    line, column = above.count("\n") + 1, above.rindex(mark) - above.rindex("\n")
    assert (trouble.span.line, trouble.span.column) == (line, column)
    assert f"closed only in line {line + 2}" in trouble.message


PIECES = [*"-?:,[]{}#&*!|>'\"%@`.0aé~= \n", "- ", ": ", "\n  ", "a: ", "!<", "%YAML", "\\u12"]


@BOTH_PARSERS
def test_no_mistake_of_syntax_is_told_in_the_parsers_words(parser: str) -> None:
    """Every wording of libyaml's and PyYAML's has one of ours."""

    @given(st.lists(st.sampled_from(PIECES), max_size=12))
    def check(pieces: list[str]) -> None:
        for text in ("".join(pieces), f"a: b\nc: {''.join(pieces)}\nd: e"):
            for trouble in reader.read(text.encode()).problems:
                assert trouble.message != syntax_messages.UNKNOWN[0], text

    check()


def _read_soundly(content: bytes) -> None:
    reading = reader.read(content)
    assert reading.data is not None or reading.problems
    lines = content.decode("utf-8", "replace").split("\n")
    for trouble in reading.problems:
        assert 1 <= trouble.span.line <= len(lines)
        assert 1 <= trouble.span.column <= len(lines[trouble.span.line - 1]) + 1
        assert trouble.span[:2] < trouble.span[2:] or trouble.span == reader.START
    json.dumps(reading.data, ensure_ascii=False).encode()


BOMBS = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (600 * 2**20,) * 2)
from healthcoop.files import reader
reader.HAS_LIBYAML = reader.HAS_LIBYAML and sys.argv[1] == "libyaml"
laughs = "a: &a [x, x]\\n" + "".join(
    f"{two}: &{two} [{', '.join(['*' + one] * 9)}]\\n" for one, two in zip("abcdefgh", "bcdefghi")
)
bombs = ["[" * 200_000, "- " * 100_000, "? " * 1000, "{a: " * 50_000, "a: " + "[" * 200_000, laughs,
    "".join(" " * n + "- \\n" for n in range(700)), "[" + "[]," * 60_000 + "]", "&" * 200_000,
    "".join(" " * n + "?\\n" for n in range(700)), "!" * 200_000, "a: '" + "*" * 200_000]
for bomb in bombs:
    start = time.process_time()
    assert reader.read(bomb.encode()).data is None, bomb[:20]
    assert time.process_time() - start < 5, bomb[:20]
print("alive")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory limits are POSIX")
@pytest.mark.parametrize("name", ["libyaml", "pure"])
def test_depth_and_alias_bombs_are_refused_in_time_and_memory(name: str) -> None:
    """In a process of its own: what these would do is end it."""
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


@BOTH_PARSERS
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
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


def test_what_is_not_there_is_placed_at_the_nearest_thing_around_it() -> None:
    """A missing field is reported where it would stand."""
    positions = Positions(PLACES.encode())
    assert positions.value(("terms", "ended")) == positions.value(("terms",))
    assert positions.key(("parties", 7, "country")) == positions.value(("parties",))
    assert positions.value(("summary",)) == reader.START


def test_a_refused_file_has_no_positions() -> None:
    """Everything in it is at its start."""
    assert Positions(b"a: &x b").value(("a",)) == reader.START


@BOTH_PARSERS
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_comments_are_found_where_fmt_would_drop_them(parser: str, mark: str) -> None:
    """A # inside a text, quoted, folded or plain, is none."""
    content = (
        f"{mark}# first\n"
        "a: 'é # text' # one\r\n"
        "b: [x#y, #two\n  z]\n"
        "summary: >- # three\n  text\n  # text\n # four\n"
        "c: d\n  e#f\n"
    )
    found = [(span.line, span.column) for span in comments(content.encode())]
    assert found == [(1, 1), (2, 15), (3, 10), (5, 13), (8, 2)]
