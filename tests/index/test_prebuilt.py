"""The index in a wheel: opened read-only, compared with nothing, the same on every run."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from healthcoop.files.tree import Tree
from healthcoop.index import prebuilt
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.index.sync import open_index

SCHEMA = Path(__file__).parents[2] / "schema" / "record.schema.json"
MINI = Path(__file__).parents[1] / "cli" / "mini"


@pytest.fixture
def tree(tmp_path):
    shutil.copytree(MINI, tmp_path / "data")
    shutil.copy(SCHEMA, tmp_path / "data" / "schema")
    return Tree(tmp_path / "data")


def ids(index):
    return [indexed.data["id"] for indexed in select(index, Query())]


def test_prebuilt_index_answers_as_the_one_it_is_made_from(tree, tmp_path):
    prebuilt.write(tree, tree.root / prebuilt.NAME, cache=tmp_path / "cache")
    with open_index(tree, cache=tmp_path / "cache") as own, prebuilt.open_prebuilt(tree) as made:
        assert ids(made) == ids(own) != []
        assert made.vocabulary.countries == own.vocabulary.countries


def test_files_are_not_read_and_nothing_is_written(tree, tmp_path):
    prebuilt.write(tree, tree.root / prebuilt.NAME, cache=tmp_path / "cache")
    shutil.rmtree(tree.root / "records")
    tree.root.chmod(0o555)
    try:
        with prebuilt.open_prebuilt(tree) as made:
            assert ids(made)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                made.connection.execute("DELETE FROM record")
        assert sorted(path.name for path in tree.root.iterdir()) == [prebuilt.NAME, "schema"]
    finally:
        tree.root.chmod(0o755)


def test_same_records_make_the_same_file(tree, tmp_path):
    contents = []
    for name in ("one", "two"):
        copy = tmp_path / name
        shutil.copytree(tree.root, copy, copy_function=shutil.copyfile)
        prebuilt.write(Tree(copy), tmp_path / f"{name}.sqlite", cache=tmp_path / f"{name}-cache")
        contents.append((tmp_path / f"{name}.sqlite").read_bytes())
    assert contents[0] == contents[1]


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_file_that_is_none_is_left_alone(tree, content):
    if content is not None:
        (tree.root / prebuilt.NAME).write_bytes(content)
    assert prebuilt.open_prebuilt(tree) is None
