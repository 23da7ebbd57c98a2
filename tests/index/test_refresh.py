"""The index answers from the files as they are now, and reads only those that changed."""

import os
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthcoop.errors import InvalidSchema
from healthcoop.files.tree import Tree
from healthcoop.index import database, load, sync
from healthcoop.index.query import Query
from healthcoop.index.records import count, get, select
from healthcoop.index.sql import run_sql, views


@pytest.fixture
def reads(monkeypatch):
    """Count the files that are parsed."""
    numbers = []
    add_file = load.add_file

    def counted(into, number, *rest):
        numbers.append(number)
        return add_file(into, number, *rest)

    monkeypatch.setattr(load, "add_file", counted)
    return numbers


@pytest.fixture
def later(monkeypatch):
    """Move the clock of scans ahead, so that files just written are settled."""
    now = time.time_ns

    def move(seconds):
        monkeypatch.setattr(sync.time, "time_ns", lambda: now() + int(seconds * 1e9))

    return move


def test_nothing_is_parsed_if_nothing_changed(data, reads):
    for number in range(5):
        data.write(f"2020-{number}")
    data.open().close()
    assert len(reads) == 5
    data.open().close()
    data.open().close()
    assert len(reads) == 5


def test_only_changed_files_are_parsed(data, reads):
    for number in range(5):
        data.write(f"202{number % 2}-{number}")
    data.open().close()
    reads.clear()
    data.write("2020-2", title="Another title")
    data.write("2021-new")
    data.path("2020-0").unlink()
    with data.open() as index:
        assert len(reads) == 2
        assert get(index, "2020-2").record.title == "Another title"
        assert count(index, Query()) == 5
        assert count(index, Query(texts=("another",))) == 1


def test_fresh_index_is_not_written_to(data, later, monkeypatch):
    data.write("2020-a")
    later(60)
    data.open().close()
    monkeypatch.setattr(sync, "_apply", None)
    assert data.find() == ["2020-a"]


def test_touched_file_is_not_parsed_again(data, reads, later):
    path = data.write("2020-a")
    data.open().close()
    os.utime(path, (1, 1))
    data.open().close()
    later(60)
    data.open().close()
    assert len(reads) == 1


def test_renamed_file_is_found_under_its_new_path(data):
    path = data.write("2020-a")
    data.open().close()
    path.rename(path.with_name("2020-b.yaml"))
    with data.open() as index:
        assert get(index, "2020-a").path == "records/2020/2020-b.yaml"
        assert count(index, Query()) == 1


def test_deleted_and_new_folders_are_noticed(data):
    data.write("2020-a")
    data.write("2021-a")
    data.open().close()
    data.path("2020-a").unlink()
    data.path("2020-a").parent.rmdir()
    inner = data.path("2021-a").parent / "deep" / "deeper"
    inner.mkdir(parents=True)
    data.path("2021-a").rename(inner / "2021-a.yaml")
    with data.open() as index:
        assert [item.path for item in select(index, Query())] == [
            "records/2021/deep/deeper/2021-a.yaml"
        ]


def test_folder_that_was_exchanged_for_a_moment_is_read_again(data, later, monkeypatch):
    """The other one was there when the tree was scanned, and gone when it was read."""
    folder, away = data.write("2020-a").parent, data.root / "away"
    later(60)
    data.open().close()
    folder.rename(away)
    data.write("2020-a", title="Another title")
    read = Tree.__getitem__

    def delete(tree, path):
        if path.startswith("records/"):
            data.path("2020-a").unlink(missing_ok=True)
        return read(tree, path)

    with monkeypatch.context() as patch:
        patch.setattr(Tree, "__getitem__", delete)
        assert data.find() == []
    folder.rmdir()
    away.rename(folder)
    assert data.find() == ["2020-a"]


def test_deleted_folder_leaves_nothing_to_update(data, later, monkeypatch):
    data.write("2020-a")
    data.write("2021-a")
    later(60)
    data.open().close()
    data.path("2020-a").unlink()
    data.path("2020-a").parent.rmdir()
    data.open().close()
    monkeypatch.setattr(sync, "_apply", None)
    assert data.find() == ["2021-a"]


def test_data_set_without_records_is_empty(data):
    assert data.find() == []
    (data.root / "records").rmdir()
    assert data.find() == []


def test_replacement_of_the_same_size_and_mtime_is_noticed(data):
    path = data.write("2020-a", title="The first meeting of all")
    status = path.stat()
    data.open().close()
    other = path.with_name("other")
    other.write_text(path.read_text().replace("first", "other"))
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    with data.open() as index:
        assert get(index, "2020-a").record.title == "The other meeting of all"


@pytest.mark.skipif(sys.platform == "win32", reason="ctime is the time of creation there")
def test_edit_that_restores_size_and_mtime_is_noticed(data, later):
    path = data.write("2020-a", title="The first meeting of all")
    status = path.stat()
    time.sleep(0.03)
    data.open().close()
    path.write_text(path.read_text().replace("first", "other"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with data.open() as index:
        assert get(index, "2020-a").record.title == "The other meeting of all"


class Coarse(Tree):
    """A tree on a file system whose clock has whole seconds."""

    def folders(self, top):
        for folder in super().folders(top):
            yield folder._replace(
                statuses=[
                    (mode, size, mtime // 10**9 * 10**9, ctime // 10**9 * 10**9, inode)
                    for mode, size, mtime, ctime, inode in folder.statuses
                ]
            )


class Frozen(Tree):
    """A tree whose files all have one time, of a clock ahead: none is ever settled."""

    time = time.time_ns() + 86_400 * 10**9

    def folders(self, top):
        for folder in super().folders(top):
            statuses = [(0, size, self.time, self.time, 1) for _, size, *_ in folder.statuses]
            yield folder._replace(statuses=statuses)


@pytest.mark.parametrize(
    ("mtime", "ctime", "seconds", "trusted"),
    [
        (100.5, 100.5, 100.51, False),  # within a tick
        (100.5, 100.5, 100.53, True),
        (1.5, 100.5, 100.51, False),  # mtime was set back
        (100.5, 1.5, 100.51, False),
        (100, 100, 102.01, False),  # whole seconds: FAT counts by two
        (100, 100, 102.03, True),
        (100, 99.995, 102.01, False),  # of one time only
        (99.995, 100, 102.01, False),
        (200.5, 100.5, 150, False),  # in the future
    ],
)
def test_stamp_is_settled_once_no_edit_can_produce_it_again(mtime, ctime, seconds, trusted):
    status = (0o100644, 1, int(mtime * 1e9), int(ctime * 1e9), 1)
    assert sync.is_settled(status, int(seconds * 1e9)) is trusted


class Alike(Tree):
    """A tree whose files all have the same times, as of a copy made in one go."""

    time = time.time_ns() // 10**9 * 10**9 + 1

    def folders(self, top):
        for folder in super().folders(top):
            statuses = [
                (mode, size, self.time, self.time, inode)
                for mode, size, *_, inode in folder.statuses
            ]
            yield folder._replace(statuses=statuses)


def test_exchange_of_folders_with_files_of_the_same_name_size_and_time_is_noticed(data, later):
    data.tree = Alike(data.root)
    records = data.root / "records"
    for year in ("2020", "2021"):
        path = data.write(f"{year}-a", title=f"The meeting of {year}")
        path.rename(path.with_name("a.yaml"))
    later(60)
    for _ in range(2):
        assert data.find() == ["2020-a", "2021-a"]
    for old, new in (("2020", "between"), ("2021", "2020"), ("between", "2021")):
        (records / old).rename(records / new)
    with data.open() as index:
        assert get(index, "2020-a").path == "records/2021/a.yaml"


def test_rename_that_changes_no_time_is_noticed(data, later):
    data.tree = Alike(data.root)
    path = data.write("2020-a")
    later(60)
    for _ in range(2):
        assert data.find() == ["2020-a"]
    path.rename(path.with_name("2020-A.yaml"))
    with data.open() as index:
        assert get(index, "2020-a").path == "records/2020/2020-A.yaml"


@pytest.mark.parametrize("tree", [Coarse, Frozen])
def test_edit_of_the_same_size_within_the_clocks_grain_is_noticed(data, reads, tree):
    data.tree = tree(data.root)
    words = ["first", "other", "third", "later"]
    for word in words:
        data.write("2020-a", title=f"The {word} meeting of all")
        with data.open() as index:
            assert get(index, "2020-a").record.title == f"The {word} meeting of all"
            assert count(index, Query(texts=(word,))) == 1
            assert count(index, Query(texts=(f"-{word}",))) == 0
    assert len(reads) == len(words)


def test_file_is_not_read_again_once_its_time_is_settled(data, reads, later):
    data.tree = Frozen(data.root)
    data.write("2020-a", title="The first meeting of all")
    data.open().close()
    later(2 * 86_400)
    data.open().close()  # compares the content and stores the time
    with data.open() as index:
        query = "SELECT count(*) FROM file WHERE stamp IS NULL"
        assert index.connection.execute(query).fetchall() == [(0,)]
    assert len(reads) == 1


def test_table_of_files_is_read_only_where_something_differs(data, later, monkeypatch):
    statements = []

    def traced(path):
        connection = database.connect(path)
        connection.set_trace_callback(statements.append)
        return connection

    def reads_the_table():
        statements.clear()
        data.open().close()
        return "SELECT path, stamp FROM file" in statements

    monkeypatch.setattr(sync, "connect", traced)
    one, other = data.write("2020-a"), data.write("2021-b")
    assert reads_the_table()
    later(60)
    reads_the_table()  # what was recent is compared by content
    assert not reads_the_table()
    one.unlink()
    assert reads_the_table()
    assert not reads_the_table()
    # The statuses of the files and their names stay the same.
    other.parent.rename(other.parent.with_name("2022"))
    assert reads_the_table()
    assert not reads_the_table()
    with data.open() as index:
        assert get(index, "2021-b").path == "records/2022/2021-b.yaml"


def test_recent_files_are_compared_where_ctime_is_not_the_time_of_change(data, monkeypatch):
    class Windows(Tree):
        def folders(self, top):
            for folder in super().folders(top):
                statuses = [(0, size, mtime, 1, 0) for _, size, mtime, *_ in folder.statuses]
                yield folder._replace(statuses=statuses)

    monkeypatch.setattr(sync, "_CTIME_IS_CHANGE_TIME", False)
    data.tree = Windows(data.root)
    path = data.write("2020-a", title="The first meeting of all")
    status = path.stat()
    data.open().close()
    path.write_text(path.read_text().replace("first", "other"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with data.open() as index:
        assert get(index, "2020-a").record.title == "The other meeting of all"


def test_changed_type_changes_the_kind_of_its_records(data, reads):
    data.write("2020-a")
    data.write("2020-b", type="mou")
    assert data.find(kind="instrument") == ["2020-b"]
    types = [{"code": code, "label": code, "kind": "instrument"} for code in ("meeting", "mou")]
    data.write_schema(types=types)
    assert data.find(kind="instrument") == ["2020-a", "2020-b"]
    with data.open() as index:
        assert index.vocabulary.kind("meeting") == "instrument"


def test_vocabulary_edited_within_the_clocks_grain_is_read_again(data):
    data.tree = Frozen(data.root)
    for label in ("Meeting", "Sitting", "Talking"):
        data.write_schema(types=[{"code": "meeting", "label": label, "kind": "encounter"}])
        with data.open() as index:
            assert index.vocabulary.types["meeting"].label == label


def test_rewritten_schema_file_causes_no_rebuild(data, reads):
    data.write("2020-a")
    data.open().close()
    data.write_schema()
    (data.root / "schema" / "accepted.yaml").write_text("accepted: []\n")
    data.open().close()
    assert len(reads) == 1


def test_invalid_vocabulary_is_an_error_and_leaves_the_index_usable(data):
    data.write("2020-a")
    data.open().close()
    data.write_schema(types=[{"label": "no code"}])
    with pytest.raises(InvalidSchema, match=r"types\.yaml"):
        data.open()
    data.write_schema()
    assert data.find() == ["2020-a"]


def test_region_with_an_invalid_date_is_an_error_that_names_it(data):
    members = [{"country": "AZ", "from": "long ago"}]
    data.write_schema(regions=[{"code": "EUR", "label": "Europe", "members": members}])
    with pytest.raises(InvalidSchema, match=r"regions\.yaml:\d+:\d+: .*EUR.*long ago"):
        data.open()


def test_progress_is_reported_for_files_that_are_read(data, later):
    later(60)
    for number in range(3):
        data.write(f"2020-{number}")
    calls = []
    data.open(progress=lambda done, total: calls.append((done, total))).close()
    assert calls == [(3, 3)]
    data.open(progress=lambda done, total: calls.append((done, total))).close()
    assert len(calls) == 1


def everything(index):
    """Return all rows of all views, and what some searches find."""
    contents = {
        view.name: sorted(map(repr, run_sql(index, f"SELECT * FROM {view.name}")[1]))
        for view in views()
    }
    words = ("meeting", "alpha", "beta", "gamma", "-alpha", '"alpha beta"', "al*", "talked")
    for word in words:
        found = select(index, Query(texts=(word,), withdrawn="include"))
        contents[word] = [item.record.id for item in found]
    return contents


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["write", "remove", "break", "touch", "rename", "open"]),
        st.integers(0, 3),
        st.fixed_dictionaries(
            {},
            optional={
                "title": st.sampled_from(["alpha beta", "beta gamma", "Álpha"]),
                "type": st.sampled_from(["mou", "meeting"]),
                "date": st.sampled_from(["2020-01-01", "../2021", "202X"]),
                "former_ids": st.just(["2019-x"]),
                "links": st.just([{"rel": "supersedes", "record": "2019-x"}]),
                "outcomes": st.just(["gamma alpha", "beta"]),
                "withdrawn": st.just({"date": "2024", "reason": "wrong"}),
            },
        ),
    ),
    max_size=12,
)


@settings(
    max_examples=settings.default.max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=EDITS)
def test_updated_index_answers_like_a_new_one_after_any_edits(new_data, edits):
    data = new_data()
    for what, number, fields in edits:
        path = data.path(f"202{number % 2}-{number}")
        if what == "write":
            data.write(path.stem, **fields)
        elif what == "break":
            data.write_text(path.stem, "id: [")
        elif what == "open":
            data.open().close()
        elif path.exists():
            if what == "remove":
                path.unlink()
            elif what == "touch":
                path.touch()
            else:
                path.rename(path.with_name(f"202{number % 2}-renamed.yaml"))
    with data.open() as refreshed, data.in_memory() as new:
        assert everything(refreshed) == everything(new)
        refreshed.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        assert refreshed.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
