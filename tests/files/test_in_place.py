"""Edits of a file's text in place: what is edited changes, and nothing else."""

from difflib import ndiff

import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.files.in_place import edit
from tests.cases import each

NEW = "2022-az-cu-talks"


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in ndiff(before.split("\n"), after.split("\n")) if line[0] in "+-"]


@each(
    ("before", "expected"),
    [
        ("links:\n  - {rel: related, record: old}\n", "  - {rel: related, record: NEW}"),
        ("links:\n- record: 'old'\n", "- record: 'NEW'"),
        ('links:\n  - record:   "old"   # a comment\n', '  - record:   "NEW"   # a comment'),
        ("links: [{record: old}]\nx: old\n", "links: [{record: NEW}]"),
        ("é: ü\nlinks:\n  - record: old\r\n", "  - record: NEW\r"),
        ("links:\n  - record: >-\n      old\nx: y\n", None),
        ('links:\n  - record: "\\x6fld"\n', '  - record: "NEW"'),
        ("links:\n  - record:\n      old\n", "      NEW"),
    ],
)
def test_text_is_replaced_in_any_layout(before, expected):
    after = edit("x.yaml", before.encode(), replaced={("links", 0, "record"): NEW})
    lines = changed_lines(before, after)
    if expected:
        assert len(lines) == 2
        assert lines[1] == f"+ {expected.replace('NEW', NEW)}"
    else:
        assert f"record: {NEW}\nx: y\n" in after


@each(
    ("before", "expected"),
    [
        ("id: a\n", ["+ former_ids: [b]"]),
        ("id: a\ncollection: x\nnotes: y\n", ["+ former_ids: [b]"]),
        ("notes: y\nid: a\n", ["+ former_ids: [b]"]),
        ("id: a", ["+ former_ids: [b]", "+ "]),
        ("id: a\r\nnotes: y\r\n", ["+ former_ids: [b]\r"]),
        ("\ufeffid: a\n", ["+ former_ids: [b]"]),
        ("id: a\nformer_ids: [c]\n", ["- former_ids: [c]", "+ former_ids: [c, b]"]),
        (
            "id: a\nformer_ids: [c, 'd' ]\n",
            ["- former_ids: [c, 'd' ]", "+ former_ids: [c, 'd', b ]"],
        ),
        ("id: a\nformer_ids:\n  - c\n  - d # x\n", None),
        ("id: a\nformer_ids: []\n", None),
    ],
)
def test_list_is_added_or_extended(before, expected):
    if expected is None and "[]" in before:
        with pytest.raises(HealthcoopError, match="cannot be edited in place"):
            edit("x.yaml", before.encode(), added={"former_ids": ["b"]})
        return
    after = edit("x.yaml", before.encode(), added={"former_ids": ["b"]})
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    if expected:
        assert changed_lines(before, after) == expected
    else:
        assert after == "id: a\nformer_ids:\n  - c\n  - d\n  - b # x\n"


def test_field_is_inserted_before_those_that_follow_it():
    before = "id: a\nsummary: >-\n  a\n\n  b\nnotes: >-\n  c\n"
    after = edit(
        "x.yaml", before.encode(), added={"withdrawn": {"date": "2026-11-21", "reason": "r"}}
    )
    mark = 'withdrawn:\n  date: "2026-11-21"\n  reason: r\n'
    assert after == before.replace("notes:", f"{mark}notes:")


@pytest.mark.parametrize("text", ["{id: a, notes: b}\n", "  id: a\n", "id: a\n...\n"])
def test_layout_that_cannot_be_edited_is_refused(text):
    with pytest.raises(HealthcoopError, match="cannot be edited in place"):
        edit("x.yaml", text.encode(), added={"former_ids": ["b"]})
