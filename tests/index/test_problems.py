"""Files that are not valid records are reported with their place; the others are indexed."""

import os
import sys
import time
from datetime import date

import pytest

from healthcoop.files.tree import Tree
from healthcoop.index import sync
from healthcoop.index.query import Query
from healthcoop.index.records import count, select
from healthcoop.index.statistics import run

DAY = date(2021, 6, 1)
GOOD = """id: 2020-bad
type: meeting
title: The ministers met in Baku
date: "2020"
parties:
  - country: AZ
  - country: TR
"""


@pytest.mark.parametrize(
    ("text", "place", "code", "words"),
    [
        (GOOD + "id: 2020-twice\n", (8, 1), "HC106", "Duplicate field"),
        (GOOD + "notes: &a x\n", (8, 8), "HC107", "anchor"),
        (GOOD.replace("id: 2020-bad\n", ""), (1, 1), "HC202", "“id”"),
        (GOOD.replace("type: meeting\n", ""), (1, 1), "HC202", "“type”"),
        (GOOD.replace("meeting", "meating"), (2, 7), "HC204", "“meating”"),
        (GOOD.replace('date: "2020"\n', ""), (1, 1), "HC202", "“date”"),
        (GOOD.replace('"2020"', '"2020-02-30"'), (4, 7), "HC401", "February 2020"),
        (GOOD[: GOOD.index("parties")], (1, 1), "HC202", "“parties”"),
        (GOOD.replace("country: TR", "role: host"), (7, 5), "HC501", "Party 2"),
        (
            GOOD.replace("  - country: AZ\n  - country: TR\n", "  country: AZ\n"),
            (5, 1),
            "HC203",
            "",
        ),
        (
            GOOD + "people:\n  - name: A\n    signed: no\n",
            (10, 13),
            "HC203",
            "Expected true or false",
        ),
        (GOOD + "outcomes:\n  - [a]\n", (9, 5), "HC203", "Expected text"),
        ("", (1, 1), "HC112", "empty"),
    ],
)
def test_invalid_record_is_reported_with_its_place(data, text, place, code, words):
    data.write("2020-good")
    data.write_text("2020-bad", text)
    with data.open() as index:
        (problem,) = index.problems
        assert count(index, Query()) == 1
    assert problem.path == "records/2020/2020-bad.yaml"
    assert (problem.line, problem.column, problem.code) == (*place, code)
    assert words in problem.message


@pytest.mark.parametrize(
    "invalid",
    [
        {"date": "nonsense", "type": "unknown"},
        {"parties": "AZ and TR"},
        {"parties": [{"role": "host"}], "date": ["2020"]},
        {"people": [{"name": "A", "signed": "no"}], "terms": []},
    ],
)
def test_invalid_fields_of_a_withdrawn_record_are_left_out(data, invalid):
    fields = {"date": "2020-05", "title": "The ministers met", **invalid}
    path = data.write("2020-a", withdrawn={"date": "2021", "reason": "wrong"}, **fields)
    for notes in ("", "notes: n\n"):  # what was indexed must be removed from the full text again
        path.write_text(path.read_text(encoding="utf-8") + notes, encoding="utf-8")
        with data.open() as index:
            assert index.problems == []
            (item,) = select(index, Query(withdrawn="only", texts=("ministers",)))
            assert item.record.id == "2020-a"
            assert not invalid.keys() & item.data.keys()
            (row, *_) = run(index, "countries", Query(withdrawn="only"), day=DAY).rows or [{}]
            assert row.get("first") != "nonsense"


@pytest.mark.parametrize("invalid", [{"links": "2020-b"}, {"former_ids": "b"}, {"withdrawn": "x"}])
def test_id_links_and_reason_of_a_withdrawn_record_must_be_valid(data, invalid):
    data.write("2020-a", **{"withdrawn": {"date": "2021", "reason": "wrong"}, **invalid})
    with data.open() as index:
        (problem,) = index.problems
    assert problem.code == "HC203"
    assert "xpected a" in problem.message


def test_invalid_utf8_and_deep_nesting_are_reported(data):
    data.write_text("2020-latin", "")
    data.path("2020-latin").write_bytes(GOOD.encode() + b"notes: caf\xe9\n")
    data.write_text("2020-bomb", "[" * 100_000)
    with data.open() as index:
        assert [problem.code for problem in index.problems] == ["HC111", "HC101"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_irregular_file_is_a_problem_until_a_regular_one_replaces_it(data):
    good = data.write("2020-good")
    link = data.path("2020-link")
    link.symlink_to(good)
    os.mkfifo(data.path("2020-fifo"))
    with data.open() as index:
        assert [(problem.path, problem.code) for problem in index.problems] == [
            ("records/2020/2020-fifo.yaml", "HC115"),
            ("records/2020/2020-link.yaml", "HC115"),
        ]
    link.unlink()
    data.path("2020-fifo").unlink()
    data.write("2020-link")
    with data.open() as index:
        assert index.problems == []
        assert count(index, Query()) == 2


def test_file_that_could_not_be_read_is_tried_again_though_its_stamp_is_the_same(data, monkeypatch):
    data.write("2020-a")
    now = time.time_ns
    monkeypatch.setattr(sync.time, "time_ns", lambda: now() + 60 * 10**9)
    read = Tree.__getitem__

    def fail(tree, path):
        if path.startswith("records/"):
            raise PermissionError(13, "Permission denied")
        return read(tree, path)

    with monkeypatch.context() as patch:
        patch.setattr(Tree, "__getitem__", fail)
        with data.open() as index:
            (problem,) = index.problems
            assert (problem.code, count(index, Query())) == ("HC115", 0)
            assert "Permission denied" in problem.message
    with data.open() as index:
        assert index.problems == []
        assert count(index, Query()) == 1


def test_problem_disappears_when_the_file_is_fixed(data):
    data.write_text("2020-bad", "id: [")
    data.write("2020-good")
    with data.open() as index:
        assert [problem.path[-13:] for problem in index.problems] == ["2020-bad.yaml"]
    data.write("2020-bad")
    data.write_text("2020-good", "id: {")
    with data.open() as index:
        assert [problem.path[-14:] for problem in index.problems] == ["2020-good.yaml"]
    assert data.find() == ["2020-bad"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_file_whose_name_is_not_utf8_is_indexed(data):
    path = data.write("2020-a")
    os.rename(os.fsencode(path), os.fsencode(path.with_name("caf")) + b"\xe9.yaml")
    for _ in range(2):
        assert data.find() == ["2020-a"]
    data.write("2020-b")
    assert data.find() == ["2020-a", "2020-b"]


def test_files_that_are_not_named_like_records_are_ignored(data):
    data.write("2020-a")
    for name in ("README.md", ".hidden.yaml", "2020-a.yaml~"):
        (data.root / "records" / "2020" / name).write_text("[", encoding="utf-8")
    with data.open() as index:
        assert index.problems == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file name is text")
def test_link_to_a_file_whose_name_is_not_utf8_is_reported_with_its_target(data):
    data.write("2020-good")
    target = data.path("2020-\udcff")
    target.write_text("id: [")
    data.path("2020-link").symlink_to(target)
    with data.open() as index:
        (named, problem) = index.problems
        assert problem.path == "records/2020/2020-link.yaml"
        assert f"a link to {named.path}." in problem.message
