"""The file of the index: foreign, damaged, locked, half-written, shared or old."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import platformdirs
import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.index import database, load, records, sync
from healthcoop.index.query import Query
from healthcoop.index.records import count, select
from healthcoop.index.sql import run_sql
from healthcoop.index.statistics import run
from tests.cases import each


def file_of(data) -> Path:
    (path,) = data.cache.glob("*.sqlite")
    return path


@contextmanager
def altered(data) -> Iterator[sqlite3.Connection]:
    """Change the rows of the index's file from outside."""
    with closing(sqlite3.connect(file_of(data))) as connection, connection:
        yield connection


def only_the_index_is_left(data):
    return [path.name for path in data.cache.iterdir()] == [file_of(data).name]


def test_each_root_has_its_own_file_however_it_is_spelled(data, tmp_path):
    data.write("2020-a")
    with data.open() as index:
        assert index.path == file_of(data)
    assert sync.cache_file(data.root / "schema" / "..", data.cache) == file_of(data)
    assert sync.cache_file(tmp_path, data.cache) != file_of(data)


@pytest.mark.parametrize("variable", ["absolute", "", None])
def test_default_folder_is_the_users_cache_folder(data, tmp_path, monkeypatch, variable):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if variable is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path) if variable else "")
    with data.open(cache=None) as index:
        assert index.path.parent == platformdirs.user_cache_path("healthcoop", appauthor=False)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the folder is not below HOME")
def test_index_is_in_memory_for_a_user_without_a_home(data, monkeypatch):
    import pwd

    def refuse(_):
        raise KeyError("uid not found")

    data.write("2020-a")
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", refuse)
    with data.open(cache=None) as index:
        assert (index.path, count(index, Query())) == (None, 1)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, b"SQLite format 3\0x"])
def test_file_that_is_no_database_is_replaced(data, content):
    data.write("2020-a")
    data.open().close()
    file_of(data).write_bytes(content)
    assert data.find() == ["2020-a"]
    assert file_of(data).read_bytes()[:16] == b"SQLite format 3\0"
    assert file_of(data).stat().st_size > 4096
    assert only_the_index_is_left(data)


def test_foreign_database_is_replaced(data):
    data.write("2020-a")
    data.open().close()
    file_of(data).write_bytes(b"")
    with altered(data) as foreign:
        foreign.execute("CREATE TABLE meta (key, value)")
        foreign.execute("CREATE TABLE record (x)")
        foreign.execute("CREATE VIEW records AS SELECT * FROM record")
        foreign.execute("CREATE VIRTUAL TABLE words USING fts5 (x)")
        foreign.execute("CREATE INDEX i ON record (x)")
    assert data.find() == ["2020-a"]
    with data.open() as index:
        assert index.path == file_of(data)


@pytest.mark.parametrize("table", ["meta", "file", "record", "words", "party"])
def test_index_without_one_of_its_tables_is_rebuilt(data, table):
    data.write("2020-a")
    data.open().close()
    with altered(data) as connection:
        connection.execute(f"DROP TABLE {table}")
    data.write("2020-b")
    assert data.find(texts=("meeting",), countries=("AZ",)) == ["2020-a", "2020-b"]
    with data.open() as index:
        assert index.path == file_of(data)


@pytest.mark.parametrize("key", ["tool", "python", "code", "root", "vocabularies"])
def test_index_of_another_origin_is_rebuilt(data, key):
    data.write("2020-a")
    data.open().close()
    with altered(data) as connection:
        connection.execute("UPDATE meta SET value = 'other' WHERE key = ?", (key,))
        connection.execute("UPDATE document SET data = replace(data, '2020-a', 'stale')")
    if key == "vocabularies":
        data.write_schema()
    assert data.find() == ["2020-a"]
    assert only_the_index_is_left(data)


@pytest.mark.slow
def test_index_is_rebuilt_when_the_code_that_made_it_changed(data, tmp_path):
    package = Path(sync.__file__).parents[1]
    shutil.copytree(package, tmp_path / "healthcoop", ignore=shutil.ignore_patterns("__pycache__"))
    data.write("2020-a")
    program = """
        import sys
        from pathlib import Path
        from healthcoop.index.sync import open_index
        from healthcoop.files.tree import Tree

        calls = []
        tree, cache = Tree(Path(sys.argv[1])), Path(sys.argv[2])
        with open_index(tree, cache=cache, progress=lambda *_: calls.append(1)) as index:
            assert index.path is not None
        print(len(calls))
    """

    def files_read():
        command = [sys.executable, "-c", textwrap.dedent(program), str(data.root), str(data.cache)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True)
        return int(done.stdout)

    assert files_read() == 1
    time.sleep(0.05)
    files_read()
    assert files_read() == 0

    @each("changed", ["index/load.py", "index/schema.sql", "model/folding.py", "files/reader.py"])
    def check(changed):
        os.utime(tmp_path / "healthcoop" / changed)
        assert files_read() == 1

    check()


@pytest.mark.parametrize(
    "start", [0.05, *(pytest.param(start, marks=pytest.mark.slow) for start in (0.3, 0.6, 0.9))]
)
def test_file_found_damaged_by_a_query_is_rebuilt_and_queried_again(data, start):
    for number in range(120):
        data.write(f"2020-{number:03}", summary=f"They met about {number}. " * 20)
    data.open().close()
    content = bytearray(file_of(data).read_bytes())
    begin = max(4096 * 2, int(len(content) * start))
    content[begin : begin + 4096 * 12] = b"\xff" * len(content[begin : begin + 4096 * 12])
    file_of(data).write_bytes(content)
    with data.open() as index:
        assert len(list(select(index, Query(texts=("met",), countries=("AZ",))))) == 120
        assert run(index, "years", Query(), day=date(2026, 1, 1)).rows[0]["records"] == 120
        assert index.problems == []
        assert len(index.vocabulary.types) == 3


@pytest.mark.parametrize("byte", [b"\xff", b"\0", b'"'])
def test_stored_record_that_cannot_be_decoded_counts_as_damage(data, byte):
    data.write("2020-a", summary="They met and talked. " * 1000)
    time.sleep(0.03)
    data.open().close()
    content = file_of(data).read_bytes()
    begin = content.rindex(b"They met and talked. " * 100)  # in a page that SQLite does not parse
    file_of(data).write_bytes(content[:begin] + byte + content[begin + 1 :])
    with data.open() as index:
        assert [item.data["summary"][:8] for item in select(index, Query())] == ["They met"]
        assert index.path == file_of(data)
        assert byte + b"hey met" not in file_of(data).read_bytes()


def test_damaged_record_that_has_to_be_replaced_is_no_error(data):
    data.write("2020-a", summary="They met and talked. " * 1000)
    data.open().close()
    content = file_of(data).read_bytes()
    begin = content.rindex(b"They met and talked. " * 100)
    file_of(data).write_bytes(content[:begin] + b'"' + content[begin + 1 :])
    data.write("2020-a", title="Another title")
    assert data.find(texts=("another",)) == ["2020-a"]


def test_vocabulary_that_cannot_be_decoded_counts_as_damage(data):
    data.write("2020-a")
    data.open().close()
    with altered(data) as connection:
        connection.execute("UPDATE vocabulary SET data = substr(data, 2)")
    with data.open() as index:
        assert len(index.vocabulary.types) == 3


def test_query_is_repeated_if_a_query_inside_it_rebuilds_the_index(data):
    data.write("2020-a")

    @database.retry_after_damage
    def types(index):
        with index.snapshot() as connection:
            assert len(index.vocabulary.types) == 3
            return connection.execute("SELECT type FROM record").fetchall()

    data.open().close()
    with altered(data) as connection:
        connection.execute("UPDATE vocabulary SET data = substr(data, 2)")
    with data.open() as index:
        assert types(index) == [("meeting",)]


def test_truncated_file_is_rebuilt(data):
    data.write("2020-a")
    data.open().close()
    content = file_of(data).read_bytes()
    file_of(data).write_bytes(content[:-4096])
    assert data.find() == ["2020-a"]
    assert file_of(data).stat().st_size == len(content)


def test_file_deleted_while_it_is_queried_is_rebuilt(data, monkeypatch):
    for number in range(5):
        data.write(f"2020-{number}")
    with data.open() as index:
        file_of(data).unlink()
        assert [*run_sql(index, "SELECT count(*) FROM records")[1]] == [(5,)]
        monkeypatch.setattr(records, "_BATCH", 2)
        rows = select(index, Query())
        file_of(data).unlink()
        with pytest.raises(HealthcoopError, match="rebuilt"):
            next(rows)
        assert len([*select(index, Query())]) == 5


def test_file_that_another_process_replaced_is_not_discarded_as_damaged(data):
    data.write("2020-a")
    with data.open() as index:
        other = file_of(data).with_name("other")
        shutil.copy(file_of(data), other)
        other.replace(file_of(data))
        before = file_of(data).stat().st_ino
        index.rebuild()
        assert file_of(data).stat().st_ino == before
        assert count(index, Query()) == 1


def test_nothing_is_written_to_a_file_that_was_replaced_meanwhile(data, monkeypatch):
    data.write("2020-a")
    data.open().close()
    data.write("2020-b")
    applied = sync._apply

    def replace_before(*arguments):
        monkeypatch.undo()
        other = file_of(data).with_name("other")
        shutil.copy(file_of(data), other)
        other.replace(file_of(data))
        applied(*arguments)

    monkeypatch.setattr(sync, "_apply", replace_before)
    assert data.find() == ["2020-a", "2020-b"]
    with closing(sqlite3.connect(file_of(data))) as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchall() == [(2,)]


def test_index_is_in_memory_where_the_cache_cannot_be_written(data, tmp_path):
    data.write("2020-a")
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with data.open(cache=in_the_way / "cache") as index:
        assert (index.path, count(index, Query())) == (None, 1)
    data.open().close()
    path = file_of(data)
    path.unlink()
    path.mkdir()
    with data.open() as index:
        assert (index.path, count(index, Query())) == (None, 1)


def test_index_is_in_memory_if_a_damaged_file_cannot_be_removed(data, monkeypatch):
    data.write("2020-a")
    data.open().close()
    file_of(data).write_bytes(b"not a database at all" * 100)

    def refuse(*_, **__):
        raise PermissionError(13, "in use by another process")

    monkeypatch.setattr(Path, "unlink", refuse)
    with data.open() as index:
        assert (index.path, count(index, Query())) == (None, 1)


def test_read_only_cache_is_used_while_it_is_fresh(data, monkeypatch):
    data.write("2020-a")
    data.open().close()
    time.sleep(0.05)
    data.open().close()
    path = file_of(data)
    os.utime(path, (1, 1))  # writing the file would change its time

    def connect_read_only(name):
        if name is None:
            return database.connect(None)
        return sqlite3.connect(f"{name.as_uri()}?mode=ro", uri=True, isolation_level=None)

    def refuse(*_):
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(sync, "connect", connect_read_only)  # root may write whatever the mode
    monkeypatch.setattr(os, "utime", refuse)
    with data.open() as index:
        assert index.path == path
    data.write("2020-b")
    with data.open() as index:
        assert (index.path, count(index, Query())) == (None, 2)


def test_index_is_in_memory_while_another_process_holds_the_lock(data, monkeypatch):
    data.write("2020-a")
    data.open().close()
    data.write("2020-b")
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    with closing(sqlite3.connect(file_of(data), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with data.open() as index:
            assert (index.path, count(index, Query())) == (None, 2)
    with closing(sqlite3.connect(file_of(data), isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM meta").fetchall()
        with data.open() as index:  # a reader keeps everyone from committing
            assert (index.path, count(index, Query())) == (None, 2)
    with data.open() as index:
        assert (index.path, count(index, Query())) == (file_of(data), 2)


def test_failed_build_leaves_nothing_behind(data, monkeypatch):
    data.write("2020-a")

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(load, "insert_rows", interrupt)
        with pytest.raises(KeyboardInterrupt):
            data.open()
    assert file_of(data).stat().st_size == 0
    assert only_the_index_is_left(data)
    assert data.find() == ["2020-a"]


def test_indexes_that_nobody_opened_for_90_days_are_removed(data, new_data):
    other = new_data()
    other.cache = data.cache
    other.open().close()
    old = file_of(other)
    now = time.time()
    os.utime(old, (now, now - 89 * 86_400))
    journal = old.with_name(f"{old.name}-journal")
    journal.write_bytes(b"")
    os.utime(journal, (now, now - 91 * 86_400))
    foreign = data.cache / "foreign"
    foreign.write_bytes(b"")
    os.utime(foreign, (0, 0))
    path = sync.cache_file(data.root, data.cache)
    path.touch()

    def open_after_two_days():
        os.utime(path, (now, now - 2 * 86_400))
        data.open().close()
        return old.exists(), journal.exists()

    assert open_after_two_days() == (True, False)
    os.utime(old, (now, now - 91 * 86_400))
    assert open_after_two_days() == (False, False)
    assert foreign.exists()
    assert path.stat().st_mtime > now - 100


PROGRAM = """
    import sys, time, multiprocessing
    from pathlib import Path
    from healthcoop.index.sync import open_index
    from healthcoop.index.query import Query
    from healthcoop.index.records import count, select
    from healthcoop.files.tree import Tree

    root, cache, what = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

    def report(done, total):
        workers = multiprocessing.active_children()
        print(*[worker.pid for worker in workers], flush=True)
        time.sleep(60)

    if what == "hang":
        open_index(Tree(root), cache=cache, progress=report)
    for _ in range(int(sys.argv[4])):
        with open_index(Tree(root), cache=cache) as index:
            assert index.path is not None
            ids = [item.record.id for item in select(index, Query())]
            files = sorted(path.stem for path in root.glob("records/*/*.yaml"))
        if what == "check":
            assert ids == files, (ids, files)
    print(len(ids))
"""


def start(data, what, times=1):
    return subprocess.Popen(
        [
            *(sys.executable, "-c", textwrap.dedent(PROGRAM)),
            *(str(data.root), str(data.cache), what, str(times)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_killed_build_leaves_no_process_and_no_half_built_index(data):
    for number in range(620):
        data.write(f"2020-{number:03}")
    process = start(data, "hang")
    workers = process.stdout.readline().split()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert len(workers) == min(os.cpu_count(), 7)
    with data.open() as index:
        assert index.path == file_of(data)
        assert count(index, Query()) == 620
        assert index.problems == []
    deadline = time.monotonic() + 60
    while any(is_alive(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_processes_that_build_at_the_same_time_all_answer_correctly(data):
    for number in range(60):
        data.write(f"2020-{number:02}")
    processes = [start(data, "check", 3) for _ in range(3)]
    for process in processes:
        output, _ = process.communicate(timeout=60)
        assert (process.returncode, output.strip()) == (0, "60")


@pytest.mark.slow
def test_index_is_correct_after_processes_updated_it_while_files_changed(data):
    for number in range(20):
        data.write(f"2020-{number:03}")
    processes = [start(data, "race", 15) for _ in range(2)]
    number = 20
    while any(process.poll() is None for process in processes):
        data.write(f"2020-{number:03}")
        number += 1
        time.sleep(0.01)
    assert [process.wait() for process in processes] == [0, 0]
    for process in processes:
        process.stdout.close()
    assert data.find() == [f"2020-{n:03}" for n in range(number)]


def test_several_processes_read_the_same_as_one(data, monkeypatch):
    for number in range(620):
        data.write(f"2020-{number:03}", title=f"The meeting numbered {number}")
    data.write_text("2020-bad", "id: [")
    from healthcoop.files import parallel

    with data.open() as index:
        assert [
            item.record.title[-3:] for item in select(index, Query(), sort=["-id"], limit=2)
        ] == ["619", "618"]
        assert count(index, Query(texts=("numbered",))) == 620
        assert [problem.code for problem in index.problems] == ["HC105"]
    monkeypatch.setattr(parallel, "_context", lambda: None)
    with data.in_memory() as index:
        assert count(index, Query(texts=("numbered",))) == 620


@pytest.mark.slow
def test_processes_that_find_the_index_damaged_all_answer_correctly(data):
    for number in range(60):
        data.write(f"2020-{number:02}")
    data.open().close()
    file_of(data).write_bytes(b"not a database at all" * 100)
    processes = [start(data, "check", 3) for _ in range(3)]
    for process in processes:
        output, _ = process.communicate(timeout=60)
        assert (process.returncode, output.strip()) == (0, "60")
    assert only_the_index_is_left(data)


def test_query_imports_neither_a_parser_nor_multiprocessing(data):
    data.write("2020-a")
    for _ in range(2):
        time.sleep(0.05)
        start(data, "check").communicate(timeout=60)
    program = """
        import sys
        from pathlib import Path
        import healthcoop.index.sync, healthcoop.index.records, healthcoop.index.statistics
        from healthcoop.index.query import Query
        from healthcoop.files.tree import Tree
        index = healthcoop.index.sync.open_index(Tree(Path(sys.argv[1])), cache=Path(sys.argv[2]))
        assert index.vocabulary.find_party("Azerbaijan") == "AZ"
        assert len(list(healthcoop.index.records.select(index, Query()))) == 1
        unwanted = {"yaml", "jsonschema", "rich", "multiprocessing", "concurrent.futures"}
        assert not unwanted & set(sys.modules), unwanted & set(sys.modules)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(data.root), str(data.cache)]
    subprocess.run(command, check=True, timeout=60)
    with data.open() as index:
        assert index.path == file_of(data)
