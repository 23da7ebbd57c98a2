"""The fast parser of canonical files returns what the strict reader returns, or None."""

from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from healthcoop.files import canonical_parser, reader
from healthcoop.files.canonical import layout
from tests.cases import each, sampled

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "records").rglob("*.yaml"))
TEXTS = [path.read_text(encoding="utf-8") for path in RECORDS[::12]]

# What has a meaning in YAML, and what nearly has one.
PIECES = st.sampled_from(
    [
        *("\n", "\n\n", " ", "  ", "   ", "- ", "-", ": ", ":", " #", "#", '"', "'", "\\", "\\n"),
        *("[", "]", "{", "}", ", ", ",", "? ", "|", ">", ">-", "|-", ">+", "&a ", "*a", "!t ", "%"),
        *("@", "`", "~", "null", "true", "false", "---", "...", "---\n", "...\n", "<<", "=", "é"),
        *("\u00a0", "\u2028", "\u200d", "\t", "\r\n", "\ufeff", "id: x\n", "country: NO", "x: y"),
        *(
            "  title: x\n",
            "- date: y\n",
            "summary: >-\n  a\n\n  b\n",
            'quote: "',
            "    ",
            "notes:\n",
        ),
    ]
)


def parse_both(text: str) -> dict[str, Any] | None:
    """Parse with the fast parser; compare a result with the strict reader's."""
    fast = canonical_parser.parse(text)
    if fast is not None:
        general = reader.parse_any_layout(text.encode(), text)
        assert general.problems == ()
        assert general.data == fast
    return fast


@sampled
def test_real_records_take_the_fast_path(step: int) -> None:
    """Only those with unprintable characters, such as a no-break space, do not take it."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in RECORDS[::step]}
    slow = [
        name
        for name, text in texts.items()
        if parse_both(text) is None and text.replace("\n", "").isprintable()
    ]
    assert not slow


@settings(max_examples=10 * settings.default.max_examples)
@given(st.sampled_from(TEXTS), st.data())
def test_changed_records_are_parsed_alike(text: str, data: st.DataObject) -> None:
    """Pieces of the records are inserted, removed and moved."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.sampled_from([start, start, start + 1, start + 2, start + 40]))
        lines = text.split("\n")
        move = data.draw(st.sampled_from(["put", "put", "double", "indent"]))
        if move == "put":
            text = text[:start] + data.draw(PIECES) + text[end:]
            continue
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = [lines[at]] * 2 if move == "double" else [f"  {lines[at]}"]
        text = "\n".join(lines)
    if text.replace("\n", "").isprintable():
        parse_both(text)


NAMES = st.sampled_from(["id", "title", "summary", "notes", "quote", "country", "topics", "null"])
VALUES = st.one_of(st.text(max_size=30), PIECES, st.lists(PIECES, max_size=3).map("".join))


@settings(max_examples=10 * settings.default.max_examples)
@given(
    st.dictionaries(
        NAMES,
        st.one_of(VALUES, st.lists(VALUES, max_size=3), st.dictionaries(NAMES, VALUES, max_size=3)),
        max_size=4,
    )
)
@example({"title": '"'})
@example({"summary": "a\n\n\nb"})
@example({"summary": "one two " * 30 + "\nthree " * 30})
@example({"topics": ["a, b", "null", "true"], "places": [{"city": "x: y"}]})
def test_layouts_are_parsed_alike(data: dict[str, Any]) -> None:
    """Texts that look like YAML, in every place."""
    text = layout(data)
    if text.replace("\n", "").isprintable():
        parse_both(text)


@each(
    "text",
    [
        'title: "\n',
        "title: x",
        "title: null\n",
        "title: x: y\n",
        "title: x # y\n",
        "title: x:\n",
        "title:\n",
        "title: \n",
        "null: x\n",
        "outcomes:\n  - : x\n",
        "outcomes:\n  - : [x]\n",
        ": x\n",
        "title: x\ntitle: y\n",
        "  title: x\n",
        "title: x\n  country: y\n",
        "title: x\n  y\n",
        "parties:\n- country: AZ\n",
        "parties:\n    - country: AZ\n",
        "parties:\n  country: AZ\n  - country: CU\n",
        "parties:\n  - country: AZ\n   role: host\n",
        "summary: >-\n   x\n",
        "summary: >-\n\n  x\n",
        "summary: >-\n  x\n   y\n",
        "summary: >-\n  a\n\n\n\n  b\n",
        "summary: >-\n",
        "title: >-\n  a\n\n  b\n",
        "people:\n  - name: >-\n      x\n",
        "topics: [a, null]\n",
        "topics: [a,b]\n",
        "topics: [a]]\n",
        "topics: []\n",
        "places:\n  - {city: x, city: y}\n",
        "topics: [a: b]\n",
        "--- \ntitle: x\n",
        "...\n",
        "\ntitle: x\n",
        "# x\n# y",
        "title: 'x'\n",
        "title: |-\n  x\n",
        "title: x\n\n",
        "x y: z\n",
    ],
)
def test_other_layouts_are_left_to_the_strict_reader(text: str) -> None:
    """YAML may allow them."""
    assert canonical_parser.parse(text) is None
