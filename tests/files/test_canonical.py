"""The canonical layout: all YAML parsers read it alike, and equal data has one layout."""

import io
import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
import yaml12
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from healthcoop.errors import HealthcoopError
from healthcoop.files import canonical, nodes, positions, reader
from healthcoop.model import record as model
from tests.cases import each, sampled

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "records").rglob("*.yaml"))


def ours(path: Path) -> Any:
    return reader.parse(path.read_bytes()).data


# Texts that are special in YAML 1.1 or 1.2, besides random ones.
WORDS = """
    NO no Yes on OFF y n true False null ~ = << .inf -.INF .NaN 1 010 0o14 0x1F 0b11 1_000 1e3 -1
    +12 1.5 .5 1. 12:30 190:20:30.15 2022-10-07 2022-10-07T10:00:00Z [a..b] {a} - -- --- ... ? a? :
    0o17 +0o7 0o8 0x 1e 1e+ .e3 +.inf -.nan 1__0 0b 1:2:3 -12:30 1:60 2022-1-1 0001-01-01 ?x :x -x
    2022-10-07~ 202X 2019/.. Null NULL TRUE yEs Y <<: =x <=> !x !!str &a *a %YAML #x -# ,a a, [a] {a
    # & * ! | > ' " % @ ` a: :a a# #a a,b [ ] { } \\ \\n é 😀 עברית العربية \u202f \u200d \ue000
"""
TRAPS = st.sampled_from(
    [*re.split("[ \n]+", WORDS), " ", " a", "a ", "a  b", "a: b", "a #b", "- a", "a\u00a0b", "1 2"]
)
CHARACTERS = st.characters(
    exclude_categories=["Cs"],
    exclude_characters="\ufeff\ufffe\uffff\u2028\u2029" + "".join(map(chr, range(0x7F, 0xA0))),
    min_codepoint=0x20,
)
TEXT = st.one_of(
    TRAPS,
    st.lists(TRAPS, max_size=40).map(" ".join),
    st.text(CHARACTERS, max_size=30),
    st.lists(st.text("abcde:#-,'\"[]{}&*!|>%@`?", max_size=9), max_size=30).map(" ".join),
)
PROSE = st.lists(TEXT, max_size=4).map("\n".join).map(lambda text: text.strip("\n"))
NAMES = st.one_of(
    st.sampled_from([*model.Record.__slots__, *model.Party.__slots__, "NO", "on", "a b", "1", "x"]),
    # The reader takes "-A:" for an item without the space after its hyphen.
    st.text(CHARACTERS, max_size=8).filter(
        lambda name: name.isprintable() and not re.match("-[A-Za-z]", name)
    ),
)
VALUES = st.recursive(
    st.one_of(TEXT, st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
DATA = st.builds(
    lambda data, prose: data | prose,
    st.dictionaries(NAMES, VALUES, max_size=6),
    st.dictionaries(st.sampled_from(["summary", "notes"]), PROSE, max_size=2),
).filter(bool)


# Characters that the reader refuses even when escaped; other readers must parse the escapes.
REFUSED = st.text("a \t\r\x00\x07\x1b\x7f\x85\x9f\u2028\u2029\ufeff\ufffe\uffff", max_size=9)


def ruamel_reads(version: str, text: str) -> Any:
    parser = YAML(typ="safe", pure=True)
    parser.version = version
    return parser.load(text)


READERS = {
    "PyYAML": lambda text: yaml.load(text, yaml.SafeLoader),
    "ruamel 1.1": lambda text: ruamel_reads("1.1", text),
    "ruamel 1.2": lambda text: ruamel_reads("1.2", text),
    # A parser of YAML 1.2 that shares no ancestor with the others: saphyr's, in Rust.
    "yaml12": yaml12.parse_yaml,
}
if nodes.HAS_LIBYAML:
    READERS["libyaml"] = lambda text: yaml.load(text, yaml.CSafeLoader)


@given(DATA)
def test_layout_is_parsed_back_and_is_stable(
    data: dict[str, Any],
) -> None:
    """Nothing is lost, and a second pass changes nothing."""
    text = canonical.layout(data)
    reading = reader.parse(text.encode())
    assert reading.data == data, reading.problems
    assert canonical.layout(reading.data) == text
    assert canonical.reformat(text.encode()) == text


@given(DATA)
@example({"places": [{"venue": "Where?", "city": "a, b", "country": "NO"}]})
@example({"title": "", "summary": " a\n b ", "online": True, "says": {"=": "<<", "<<": "="}})
def test_other_readers_parse_the_layout_alike(data: dict[str, Any]) -> None:
    """PyYAML in C and Python, ruamel.yaml as YAML 1.1 and 1.2, and yaml12 return equal data."""
    text = canonical.layout(data)
    for name, read in READERS.items():
        assert read(text) == data, name


@given(st.dictionaries(st.sampled_from(["title", "summary", "topics"]), REFUSED, min_size=1))
def test_other_readers_parse_invisible_characters_alike(data: dict[str, str]) -> None:
    """Results may contain them, although records may not."""
    text = canonical.layout(data)
    for name, read in READERS.items():
        assert read(text) == data, name


def test_no_word_is_parsed_as_another_type() -> None:
    """The word is a value, a name, in a list and in flow style."""
    failed = []
    for word in sorted({*re.split("[ \n]+", WORDS)}):
        data = {
            **{"title": word, "says": {word or "x": word}},
            **{"topics": [word], "notes": f"{word} {word}"},
        }
        text = canonical.layout(data)
        failed += [(word, name) for name, parse in READERS.items() if parse(text) != data]
        if yaml12.parse_yaml(canonical.flow(data)) != data:
            failed.append((word, "flow"))
    assert not failed


@sampled
def test_all_readers_parse_the_real_records_alike(step: int) -> None:
    """The fast readers parse ten times as many as those in Python."""
    failed = []
    for name, parse in READERS.items():
        sample = RECORDS[:: step if name in ("libyaml", "yaml12") else 10 * step]
        failed += [
            (name, path.stem) for path in sample if parse(path.read_text("utf-8")) != ours(path)
        ]
    assert not failed


@given(st.lists(VALUES, max_size=3), DATA)
def test_results_of_any_shape_are_parsed_back(items: list[Any], data: dict[str, Any]) -> None:
    """The commands list and show print such results as YAML."""
    assert yaml.safe_load(canonical.dump(items)) == items
    assert yaml.safe_load(canonical.dump(data)) == data
    assert yaml.safe_load(canonical.flow(data)) == data


@sampled
def test_shuffled_keys_are_written_in_order(step: int) -> None:
    """One meaning has one text, whatever order the keys were typed in."""
    shuffler = random.Random(1)

    def shuffled(value: Any) -> Any:
        if isinstance(value, list):
            return [shuffled(item) for item in value]
        if not isinstance(value, dict):
            return value
        pairs = [(key, shuffled(item)) for key, item in value.items()]
        shuffler.shuffle(pairs)
        return dict(pairs)

    for path in RECORDS[::step]:
        content = path.read_bytes()
        data = reader.parse(content).data
        assert canonical.layout(shuffled(data)).encode() == content


@sampled
def test_real_records_in_other_styles_are_reformatted_to_their_files(step: int) -> None:
    """JSON, PyYAML's own style, CRLF, a byte-order mark, comments and document marks."""
    failed = []
    for path in RECORDS[:: 4 * step]:
        text = path.read_text("utf-8")
        data = ours(path)
        styles = {
            "json": json.dumps(data, ensure_ascii=False),
            "double quotes": _quoted(data, '"'),
            "single quotes": _quoted(data, "'"),
            "crlf": text.replace("\n", "\r\n"),
            "bom": f"\ufeff{text}",
            "comments": text.replace("\nparties:", "\n# who\nparties: # who"),
            "document marks": f"---\n{text}...\n",
        }
        for name, style in styles.items():
            if canonical.reformat(style.encode()) != text:
                failed.append((path.stem, name))
    assert not failed


def _quoted(data: Any, mark: str) -> str:
    """Use PyYAML's own layout, which puts a tag on a quoted true."""
    text = yaml.safe_dump(data, default_style=mark, allow_unicode=True, width=40)
    return text.replace(f"!!bool {mark}true{mark}", "true")


def test_refused_file_is_not_reformatted() -> None:
    """For example, one with a tab in flow style."""
    assert canonical.reformat(b"topics: [a,\tb]") is None


def test_incorrect_layout_is_detected_before_writing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The text is parsed and compared before it is written."""
    scalar = canonical.scalar
    monkeypatch.setattr(canonical, "scalar", lambda value, **flow: scalar(f"{value}!", **flow))
    with pytest.raises(HealthcoopError, match="would change the data"):
        canonical.reformat(b'id: "2022"')


@given(
    st.lists(st.text("abc:#\"'-ğж", min_size=1, max_size=120), min_size=2, max_size=30).map(
        " ".join
    ),
    st.sampled_from(["title", "summary", "outcomes", "sources", "tpye"]),
)
def test_only_a_single_word_exceeds_a_hundred_columns(text: str, field: str) -> None:
    """A longer text is folded between its words."""
    value: Any = {"outcomes": [text], "sources": [{"quote": text}]}.get(field, text)
    for line in canonical.layout({field: value}).splitlines():
        assert len(line) <= canonical.WIDTH or " " not in line.strip(" -"), line


CANONICAL = """\
# yaml-language-server: $schema=../../schema/record.schema.json
id: 2022-x
title: "A title: with a colon"
date: "2022"
places:
  - {city: Oslo, country: "NO"}
  - {city: "Sana''a, old town", country: YE}
online: true
parties:
  - country: "NO"
    bodies: [Ministry of Health, "Aid, and Trade"]
topics: [vaccines]
summary: >-
  First paragraph that is long enough to be folded at the hundredth column of the file, as all prose
  is.
  Each sentence begins a line.

  Second: with # and "quotes".
terms:
  term: P5Y
  checked: "2026-11-21"
tpye: x
"""


def test_layout_of_an_example() -> None:
    """Order, flow for places and codes, quotes for dates and Norway, folded prose, unknown last."""
    data = {
        "tpye": "x",
        "terms": {"checked": "2026-11-21", "term": "P5Y"},
        "summary": "First paragraph that is long enough to be folded at the hundredth column of "
        "the file, as all prose is. Each sentence begins a line.\n"
        'Second: with # and "quotes".',
        "topics": ["vaccines"],
        "parties": [{"bodies": ["Ministry of Health", "Aid, and Trade"], "country": "NO"}],
        "online": True,
        "places": [
            {"country": "NO", "city": "Oslo"},
            {"country": "YE", "city": "Sana''a, old town"},
        ],
        "date": "2022",
        "title": "A title: with a colon",
        "id": "2022-x",
    }
    assert canonical.layout(data) == CANONICAL


@each("text", ["1" * 50_000 + "x", "1_" * 25_000 + "x", "1.." * 20_000 + "x"])
def test_long_number_is_recognised_in_time(text: str) -> None:
    """The pattern for numbers does not go back over digits that it has read."""
    start = time.process_time()
    canonical.layout({"title": text})
    assert time.process_time() - start < 1


def test_results_may_contain_numbers_and_null() -> None:
    """Counts and gaps of summary and stats; records contain neither."""
    out = io.StringIO(canonical.dump({"records": 3, "first": None, "empty": [], "none": {}}))
    assert yaml.safe_load(out) == {"records": 3, "first": None, "empty": [], "none": {}}
    assert (canonical.dump([]), canonical.dump({})) == ("[]\n", "{}\n")


# A line with a comment, and whether its “#” may have cut off a text.
COMMENTED = {
    "--- # x\ntitle: a": False,
    "parties:\n  - # first\n    country: QA": False,
    "summary: |- # x\n  a": False,
    "summary: >2 # x\n   a": False,
    "parties: # x\n  - country: QA": False,
    "title: 'a' # x": False,
    "topics: [a, b] # x": False,
    "places: [{city: a}] # x": False,
    "# x\ntitle: a": False,
    "title: a # x": True,
    "title: a # x\n": True,
    "title: visit of a hospital [sic]   # 5": True,
    "title: he says 'no' # 5": True,
    "title: meet (a, b}: # 5": None,
    "topics:\n  - a # x": True,
    "places: [{city: a # x\n  }]": True,
    "title: a\n  b # x": True,
}


@each("text", COMMENTED)
def test_only_a_comment_that_may_be_text_prevents_the_layout(text: str, parser: str) -> None:
    cut = COMMENTED[text]
    if cut is None:
        assert canonical.reformat(text.encode()) is None
    elif cut:
        with pytest.raises(canonical.CannotReformat, match="cut-off text"):
            canonical.reformat(text.encode())
    else:
        assert canonical.reformat(text.encode())


def test_file_with_only_the_modeline_is_not_searched_for_comments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search takes longer than all rules together, and hardly any file needs it."""

    def fail(_: bytes) -> Iterator[positions.Comment]:
        raise AssertionError("looked for comments")

    monkeypatch.setattr(canonical, "comments", fail)
    for path in RECORDS[:50]:
        assert canonical.find_comments(path.read_bytes()) == []
