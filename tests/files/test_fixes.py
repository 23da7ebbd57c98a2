"""Edits of plain data, and the diffs and changed lines that they lead to."""

import copy
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.files.fixes import (
    MAX_LINES,
    Edit,
    Remove,
    Rename,
    Replace,
    apply,
    changes,
    unified,
)
from healthcoop.files.nodes import Pointer

TEXT = st.sampled_from(["NO", "2022-10-07", "a: b", "", "é😀", "two words"])
NAMES = st.sampled_from(["id", "title", "topics", "places", "parties", "country", "x y"])
VALUES = st.recursive(
    TEXT | st.booleans(),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
DATA = st.dictionaries(NAMES, VALUES, min_size=1, max_size=6)


def pointers(data: Any, at: Pointer = ()) -> list[Pointer]:
    if not isinstance(data, list | dict):
        return []
    items = enumerate(data) if isinstance(data, list) else data.items()
    return [p for name, value in items for p in ((*at, name), *pointers(value, (*at, name)))]


def look_up(data: Any, pointer: Pointer) -> Any:
    for part in pointer:
        data = data[part]
    return data


def edited(data: Any, edit: Edit) -> Any:
    """Apply one edit the plain way."""
    data = copy.deepcopy(data)
    parent, name = look_up(data, edit.pointer[:-1]), edit.pointer[-1]
    if isinstance(edit, Replace):
        parent[name] = edit.value
    elif isinstance(edit, Remove):
        del parent[name]
    else:
        items = [(key, value) for key, value in parent.items() if key != name]
        value = parent[name] if edit.value is None else edit.value
        items.insert(list(parent).index(name), (edit.name, value))
        parent.clear()
        parent.update(items)
    return data


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], Edit]:
    data = draw(DATA)
    pointer = draw(st.sampled_from(pointers(data)))
    kinds: list[st.SearchStrategy[Edit]] = [
        st.builds(Replace, st.just(pointer), VALUES),
        st.just(Remove(pointer)),
    ]
    if isinstance(pointer[-1], str):
        names = st.sampled_from(["role", "new"])
        kinds.append(st.builds(Rename, st.just(pointer), names, st.none() | VALUES))
    return data, draw(st.one_of(kinds))


@given(cases())
def test_an_edit_changes_what_it_names_and_nothing_else(case: tuple[dict[str, Any], Edit]) -> None:
    """Fields keep their order, and the data passed is not changed."""
    data, edit = case
    before = copy.deepcopy(data)
    result, count = apply(data, [[edit]])
    assert data == before
    if count:
        expected = edited(data, edit)
        assert result == expected
        assert list(result) == list(expected)
    else:
        assert result == data
        assert isinstance(edit, Remove)
        assert len(look_up(data, edit.pointer[:-1])) == 1


@given(DATA, st.data())
def test_several_edits_use_the_pointers_of_the_original_data(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    """Removing an item does not move the others."""
    leaves = [at for at in pointers(data) if isinstance(look_up(data, at), str | bool)]
    chosen = draw.draw(st.lists(st.sampled_from(leaves or [("none",)]), unique=True, max_size=4))
    edits: list[Edit] = [Replace(pointer, f"new: {n}") for n, pointer in enumerate(chosen)]
    expected = data
    for edit in edits if leaves else ():
        expected = edited(expected, edit)
    result, count = apply(data, [[edit] for edit in edits])
    assert result == expected
    assert count == (len(edits) if leaves else 0)
    items = {"topics": ["a", "b", "c", "d"]}
    removed = [Remove(("topics", 0)), Remove(("topics", 2))]
    assert apply(items, [removed]) == ({"topics": ["b", "d"]}, 2)


RECORD: dict[str, Any] = {
    "id": "2022-a",
    "date": "2022-10-07",
    "topics": ["a", "b", "c"],
    "parties": [{"country": "az", "role": "host"}, {"country": "GB"}],
    "people": [{"name": "A"}],
}


@pytest.mark.parametrize(
    "group",
    [
        [Remove(("people", 0))],  # the list would be empty
        [Remove(("parties", 1, "country"))],
        [Remove(("topics", 0)), Remove(("topics", 1)), Remove(("topics", 2))],
        [Remove(("nowhere",))],
        [Remove(("topics", 3))],
        [Remove(("id", "x"))],
        [Rename(("parties", 0), "x")],
        [Rename(("id",), "date")],
        [Rename(("id",), "x"), Rename(("date",), "x")],
        [Replace(("id",), "x"), Replace(("nowhere",), "y")],
        [Replace(("topics", 0), "x"), Remove(("topics",))],
    ],
)
def test_a_group_is_applied_as_a_whole_or_not_at_all(group: list[Edit]) -> None:
    """A group that is not applied does not prevent the next one."""
    other = Replace(("parties", 1, "country"), "DE")
    data, count = apply(RECORD, [group, [other]])
    assert (data, count) == (edited(RECORD, other), 1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Replace(("topics", 1), "x"), Remove(("topics",))),
        (Remove(("topics",)), Replace(("topics", 1), "x")),
        (Replace(("date",), "x"), Rename(("date",), "day")),
        (Rename(("id",), "x"), Rename(("date",), "x")),
    ],
)
def test_of_groups_that_overlap_the_first_is_applied(first: Edit, second: Edit) -> None:
    """The other waits for the next pass."""
    assert apply(RECORD, [[first], [second]]) == (edited(RECORD, first), 1)


NEW_TEXTS = {
    "changed": "a\nb\nC\nd\ne\nf\ng\nh\ni\nj\nk\nl\n",
    "two hunks": "A\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nL\n",
    "added at the end": "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n",
    "added at the start": "z\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n",
    "removed at the end": "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n",
    "no end of line": "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nL",
    "carriage returns": "a\r\nb\r\nc\r\nd\ne\nf\ng\nh\ni\nj\nk\nl\n",
}
OLD_TEXTS = ["a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl"]
PATHS = ["records/x.yaml", "a b/ü.yaml", 'quo"te/back\\slash.yaml', "new\nline.yaml"]


@pytest.mark.parametrize("kind", NEW_TEXTS)
@pytest.mark.parametrize("old", OLD_TEXTS, ids=["whole", "no end"])
@pytest.mark.parametrize("path", PATHS, ids=["plain", "space", "quote", "line break"])
def test_git_applies_a_diff(kind: str, old: str, path: str, tmp_path: Path) -> None:
    """The name of the file and its last line do not matter."""
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(old.encode())
    diff = unified(path, old, NEW_TEXTS[kind])
    assert diff is not None
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=diff.encode(), cwd=tmp_path, check=True)
    assert file.read_bytes() == NEW_TEXTS[kind].encode()


@pytest.mark.parametrize("kind", NEW_TEXTS)
def test_changed_lines_replaced_back_to_front_give_the_new_text(kind: str) -> None:
    """SARIF states them so."""
    lines = OLD_TEXTS[0].splitlines(keepends=True)
    for change in reversed(changes(OLD_TEXTS[0], NEW_TEXTS[kind])):
        begin = change.line - 1
        assert lines[begin : begin + len(change.old)] == list(change.old)
        lines[begin : begin + len(change.old)] = change.new
    assert "".join(lines) == NEW_TEXTS[kind]


def test_equal_and_very_long_texts_have_no_diff() -> None:
    """Comparing thousands of lines takes too long."""
    assert unified("x", "a\n", "a\n") is None
    long = "a\n" * (MAX_LINES + 1)
    assert unified("x", long, "b\n") is None
    assert changes(long, "b\n") == []
