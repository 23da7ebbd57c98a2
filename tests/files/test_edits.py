"""Edits by position: what they say happens, and nothing else does."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.files import nodes, reader
from healthcoop.files.canonical import layout
from healthcoop.files.diffs import unified
from healthcoop.files.edits import Edit, Remove, Rename, Replace, SourceEditor, apply

TEXT = st.one_of(
    st.sampled_from(["NO", "2022-10-07", "a: b", "a #b", "- a", "", "it's", 'so "called"', "[x]"]),
    st.text("abc é😀,:#-'\"{}[]", min_size=1, max_size=30),
    st.lists(st.sampled_from(["sağlık", "of", "Health,", "the"]), min_size=9, max_size=40).map(
        " ".join
    ),
)
NAMES = st.sampled_from(
    ["id", "title", "summary", "topics", "places", "parties", "country", "bodies", "notes", "x y"]
)
VALUES = st.recursive(
    TEXT | st.booleans(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.dictionaries(NAMES, inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)
DATA = st.dictionaries(NAMES, VALUES, min_size=2, max_size=6)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _dump(data: Any, **options: Any) -> str:
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, **options)
    return text


LAYOUTS = {
    "canonical": layout,
    "flow": lambda data: json.dumps(data, ensure_ascii=False, indent=1) + "\n",
    "one line": lambda data: _dump(data, default_flow_style=True, width=10**6),
    "block": lambda data: _dump(data, default_flow_style=False, width=30),
    "mixed": lambda data: _dump(data, default_flow_style=None, width=30, indent=3),
    "single quotes": lambda data: _dump(data, default_flow_style=False, default_style="'"),
    "folded": lambda data: _dump(data, default_flow_style=False, default_style=">", width=30),
    "literal": lambda data: _dump(data, default_flow_style=False, default_style="|"),
}
SURROUNDINGS = {
    "plain": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "BOM": lambda text: "\ufeff" + text,
    "no end of line": lambda text: text.rstrip("\n"),
}


def pointers(data: Any, at: nodes.Pointer = ()) -> list[nodes.Pointer]:
    items = enumerate(data) if isinstance(data, list) else data.items()
    found = []
    for name, value in items if isinstance(data, (list, dict)) else ():
        found += [(*at, name)]
        found += pointers(value, (*at, name)) if isinstance(value, (list, dict)) else []
    return found


def look_up(data: Any, pointer: nodes.Pointer) -> Any:
    for part in pointer:
        data = data[part]
    return data


def edited(data: Any, edit: Edit) -> Any:
    """Make an edit of plain data."""
    data = copy.deepcopy(data)
    parent, name = look_up(data, edit.pointer[:-1]), edit.pointer[-1]
    if isinstance(edit, Replace):
        parent[name] = list(edit.value) if isinstance(edit.value, tuple) else edit.value
    elif isinstance(edit, Remove):
        del parent[name]
    else:
        items = [(edit.name if key == name else key, value) for key, value in parent.items()]
        parent.clear()
        parent.update(items)
    return data


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], bytes, Edit]:
    data = draw(DATA)
    text = SURROUNDINGS[draw(st.sampled_from([*SURROUNDINGS]))](
        LAYOUTS[draw(st.sampled_from([*LAYOUTS]))](data)
    )
    pointer = draw(st.sampled_from(pointers(data)))
    kinds: list[st.SearchStrategy[Edit]] = [
        st.builds(Replace, st.just(pointer), TEXT | st.booleans()),
        st.builds(Replace, st.just(pointer), st.lists(TEXT, min_size=1, max_size=3).map(tuple)),
        st.just(Remove(pointer)),
    ]
    if isinstance(pointer[-1], str):
        kinds.append(st.builds(Rename, st.just(pointer), st.sampled_from(["NO", "role", "a: b"])))
    return data, text.encode(), draw(st.one_of(kinds))


def lines_of(content: bytes, pointer: nodes.Pointer) -> tuple[int, int]:
    """Find the lines of a field or item by another parser: the first, and one behind the last."""
    node = yaml.compose(content.decode("utf-8-sig"), yaml.BaseLoader)
    start = node.start_mark.line
    for part in pointer:
        if isinstance(part, int):
            node = node.value[part]
            start = node.start_mark.line
        else:
            key, node = next(pair for pair in node.value if pair[0].value == part)
            start = key.start_mark.line
    return start, node.end_mark.line + 1


@given(cases())
def test_an_edit_does_what_it_says_and_leaves_all_other_lines_alone(
    case: tuple[dict[str, Any], bytes, Edit],
) -> None:
    """In any layout: block and flow, quoted, folded and literal, with CRLF, a BOM, no last line."""
    data, content, edit = case
    if reader.parse(content).data != data:  # a lone "~" or the like: refused, and tested elsewhere
        return
    result = apply(content, [edit])
    if result is None:
        assert isinstance(edit, Remove)
        assert len(look_up(data, edit.pointer[:-1])) == 1
        return
    assert reader.parse(result).data == edited(data, edit)
    start, end = lines_of(content, edit.pointer)
    old, new = content.split(b"\n"), result.split(b"\n")
    # A dash may stand on the line above, and where the first field of an item goes, the second
    # comes into its line.
    assert old[: max(0, start - 1)] == new[: max(0, start - 1)]
    kept = len(old) - end - 1
    assert kept <= 0 or old[-kept:] == new[-kept:]


@given(DATA, st.sampled_from([*LAYOUTS]), st.data())
def test_several_edits_are_made_at_once(
    data: dict[str, Any], way: str, draw: st.DataObject
) -> None:
    """Each at its own place, by the pointers of the file as it was."""
    content = LAYOUTS[way](data).encode()
    leaves = [at for at in pointers(data) if isinstance(look_up(data, at), (str, bool))]
    chosen = draw.draw(st.lists(st.sampled_from(leaves or [("id",)]), unique=True, max_size=4))
    expected = data
    edits: list[Edit] = []
    for number, pointer in enumerate(chosen):
        if leaves:
            edits.append(Replace(pointer, f"new: {number}"))
            expected = edited(expected, edits[-1])
    if reader.parse(content).data != data:
        return
    result = apply(content, edits)
    assert result is not None
    assert reader.parse(result).data == expected


RECORD = """\
# about this file
id: 2022-a   # the id
date: 2022-10-07
summary: >-
  Two sides
  met.

topics: [a, b, c]  # three
places:
  - {city: Bakı, country: az}
parties:
- country: az
  role: host
-
  country: GB
  bodies: [x]
people:
  - name: A
    signed: yes
"""


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (Replace(("places", 0, "country"), "AZ"), "country: az}", "country: AZ}"),
        (Replace(("id",), "NO"), "id: 2022-a ", 'id: "NO" '),
        (Replace(("people", 0, "signed"), True), "signed: yes", "signed: true"),
        (Replace(("topics",), ("d",)), "[a, b, c]", "[d]"),
        (Replace(("summary",), "They met."), "Two sides\n  met.", "They met."),
        (Rename(("parties", 0, "role"), "as: is"), "role: host", '"as: is": host'),
        (Remove(("topics", 0)), "[a, b", "[b"),
        (Remove(("topics", 2)), "b, c]", "b]"),
        (Remove(("id",)), "id: 2022-a   # the id\n", ""),
        (Remove(("summary",)), "summary: >-\n  Two sides\n  met.\n", ""),
        (Remove(("parties", 0)), "- country: az\n  role: host\n", ""),
        (Remove(("parties", 0, "country")), "- country: az\n  role", "- role"),
        (Remove(("parties", 1, "country")), "  country: GB\n", ""),
        (Remove(("people",)), "people:\n  - name: A\n    signed: yes\n", ""),
    ],
)
def test_an_edit_keeps_comments_and_layout_around_it(edit: Edit, old: str, new: str) -> None:
    """The text as a person would have changed it."""
    assert old in RECORD
    assert apply(RECORD.encode(), [edit]) == RECORD.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    "edit",
    [
        Remove(("people", 0)),  # the only one: an empty list in block style is nothing
        Remove(("nowhere",)),
        Rename(("parties", 0), "x"),
        Rename(("id",), "date"),
        Replace(("date",), "\x00"),
    ],
)
def test_an_edit_that_cannot_be_made_is_not_made(edit: Edit) -> None:
    """Nor one whose result the reader would refuse."""
    assert apply(RECORD.encode(), [edit]) is None


@pytest.mark.parametrize("content", [b"a: [", b"a: \xff", b"a: &x y\n", b""])
def test_a_file_that_cannot_be_parsed_is_not_edited(content: bytes) -> None:
    """Nothing says where its values stand."""
    assert apply(content, [Replace(("a",), "b")]) is None


def test_a_field_without_a_value_can_be_removed_or_filled_in() -> None:
    """The reader refuses the file, but its places are known."""
    assert apply(b"a: b\nc:\nd: e\n", [Remove(("c",))]) == b"a: b\nd: e\n"
    assert apply(b"a: b\nc:\nd: e\n", [Replace(("c",), "x")]) == b"a: b\nc: x\nd: e\n"


def test_of_edits_that_overlap_the_first_is_made() -> None:
    """And groups are made whole or not at all."""
    inner, outer = Replace(("topics", 1), "x"), Remove(("topics",))
    assert apply(RECORD.encode(), [inner, outer]) == RECORD.replace("b, c", "x, c").encode()
    other = Replace(("date",), "x")
    content, made = SourceEditor(RECORD.encode()).edited_by_groups([[inner], [outer, other]])
    assert (content, made) == (RECORD.replace("b, c", "x, c").encode(), 1)


def test_of_groups_that_are_sound_only_alone_one_is_made() -> None:
    """Two fields that would get one name: the second waits for another look."""
    groups = [[Rename(("Title",), "title")], [Rename(("TITLE",), "title")]]
    content = b"Title: a\nTITLE: b\n"
    assert SourceEditor(content).edited_by_groups(groups) == (b"title: a\nTITLE: b\n", 1)


NAME = 'records/2022/2022-a b é"\n.yaml'
TEXTS = [
    "a\nb\nc\n",
    "a\nx\nc\n",
    "a\nb\nc",
    "a\nb\nd",
    "",
    "a\r\nb\r\nc\r\n",
    "a\r\nb\r\nd\r\n",
    "\ufeffa\n" + "\n".join(f"line {n}" for n in range(40)),
    "a\n" + "".join(f"line {n + (n in (3, 30))}\n" for n in range(40)),
]


@pytest.mark.parametrize("name", ["records/2022/2022-a.yaml", "records/a b.yaml", NAME])
@pytest.mark.parametrize("old", TEXTS)
@pytest.mark.parametrize("new", TEXTS)
def test_git_applies_a_diff(name: str, old: str, new: str, tmp_path: Path) -> None:
    """Byte for byte: with CRLF, without a last end of line, and in files with odd names."""
    if old == new:
        assert unified(name, old, new) is None
        return
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_bytes(old.encode())
    diff = unified(name, old, new)
    assert diff is not None
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=diff.encode(), cwd=tmp_path, check=True)
    assert path.read_bytes() == new.encode()


def test_no_diff_is_made_of_far_too_much() -> None:
    """Comparing ten thousand lines with as many others would take minutes."""
    assert unified("a", "a\nb\n" * 5000, "b\na\n" * 5000) is None
