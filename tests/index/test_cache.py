"""The file of the index: foreign, damaged, locked, half-written, shared; no answer suffers."""

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
from pathlib import Path

import platformdirs
import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.index import build, cache, database, query
from healthcoop.index.query import Query
from healthcoop.index.records import count, select
from healthcoop.index.sql import run_sql
from healthcoop.index.stats import years


def file_of(data) -> Path:
    (path,) = data.cache.glob("*.sqlite")
    return path


@contextmanager
def altered(data) -> Iterator[sqlite3.Connection]:
    """Change the rows of the file, as by a writer of its own that seals it."""
    with closing(sqlite3.connect(file_of(data))) as connection, connection:
        yield connection
    cache.seal(file_of(data))


def test_each_root_has_its_own_file_by_whatever_way_it_is_reached(data, tmp_path):
    data.write("2020-a")
    with data.open() as index:
        assert index.path == file_of(data)
    assert cache.cache_file(data.root / "schema" / "..", data.cache) == file_of(data)
    assert cache.cache_file(tmp_path, data.cache) != file_of(data)


@pytest.mark.parametrize("given", ["set", "", "not/absolute", None])
def test_the_default_place_is_where_platformdirs_has_the_users_cache(
    data, tmp_path, monkeypatch, given
):
    def oracle(*names, **options):
        return platformdirs.PlatformDirs(*names, **options).user_cache_dir

    monkeypatch.setattr(platformdirs, "user_cache_dir", oracle)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path) if given == "set" else given)
    with data.open(cache=None) as index:
        where = oracle("healthcoop", appauthor=False)
        if given == "not/absolute" and sys.platform == "linux":
            where = str(tmp_path / "home" / ".cache" / "healthcoop")  # as the specification has it
        assert str(index.path.parent) == where


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs knows the place")
def test_for_a_user_without_a_home_the_index_is_in_memory(data, monkeypatch):
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
def test_a_file_that_is_no_database_is_replaced_without_a_word(data, content):
    data.write("2020-a")
    data.open().close()
    file_of(data).write_bytes(content)
    assert data.find() == ["2020-a"]
    assert file_of(data).read_bytes()[:16] == b"SQLite format 3\0"
    assert file_of(data).stat().st_size > 4096


def test_a_foreign_database_is_replaced_without_a_word(data):
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


@pytest.mark.parametrize("table", ["meta", "folder", "record", "words", "party"])
def test_a_missing_table_is_made_again(data, table):
    data.write("2020-a")
    data.open().close()
    with altered(data) as connection:
        connection.execute(f"DROP TABLE {table}")
    data.write("2020-b")
    assert data.find(texts=("meeting",), countries=("AZ",)) == ["2020-a", "2020-b"]


ORIGIN = ["format", "tool", "python", "code", "root", "schema", "vocabularies"]


@pytest.mark.parametrize("key", ORIGIN)
def test_an_index_of_another_origin_is_built_anew(data, key):
    data.write("2020-a")
    data.open().close()
    with altered(data) as connection:
        connection.execute("UPDATE meta SET value = 'other' WHERE key = ?", (key,))
        connection.execute("UPDATE document SET data = replace(data, '2020-a', 'stale')")
        if key == "schema":
            connection.execute("UPDATE meta SET value = 'other' WHERE key = 'vocabularies'")
        if key == "vocabularies":
            connection.execute("UPDATE meta SET value = NULL WHERE key = 'schema'")
    assert data.find() == ["2020-a"]


@pytest.mark.parametrize("changed", ["index/rows.py", "index/schema.sql", "model/folding.py"])
def test_an_index_is_built_anew_when_the_code_that_made_it_changed(data, tmp_path, changed):
    package = Path(build.__file__).parents[1]
    shutil.copytree(package, tmp_path / "healthcoop", ignore=shutil.ignore_patterns("__pycache__"))
    data.write("2020-a")
    program = """
        import sys
        from pathlib import Path
        from healthcoop.index.build import open_index
        from healthcoop.files.tree import Tree

        told = []
        tree, cache = Tree(Path(sys.argv[1])), Path(sys.argv[2])
        with open_index(tree, cache=cache, progress=lambda *_: told.append(1)) as index:
            assert index.path is not None
        print(len(told))
    """

    def files_read():
        command = [sys.executable, "-c", textwrap.dedent(program), str(data.root), str(data.cache)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True)
        return int(done.stdout)

    assert files_read() == 1
    time.sleep(0.05)
    files_read()
    assert files_read() == 0
    os.utime(tmp_path / "healthcoop" / changed)
    assert files_read() == 1


@pytest.mark.parametrize("start", [0.05, 0.3, 0.6, 0.9])
def test_a_file_damaged_in_its_midst_is_replaced_when_a_question_meets_the_damage(data, start):
    for number in range(120):
        data.write(f"2020-{number:03}", summary=f"They met about {number}. " * 20)
    data.open().close()
    content = bytearray(file_of(data).read_bytes())
    begin = max(4096 * 2, int(len(content) * start))
    content[begin : begin + 4096 * 12] = b"\xff" * len(content[begin : begin + 4096 * 12])
    file_of(data).write_bytes(content)
    cache.seal(file_of(data))
    with data.open() as index:
        assert len(list(select(index, Query(texts=("met",), countries=("AZ",))))) == 120
        assert years(index, Query())[0]["records"] == 120
        assert index.problems == []
        assert len(index.vocabulary.types) == 3


def test_text_that_was_overwritten_is_met_as_damage(data):
    data.write("2020-a", summary="They met and talked. " * 1000)
    data.open().close()
    content = file_of(data).read_bytes()
    begin = content.rindex(b"They met and talked. " * 100)  # in no part that SQLite reads itself
    file_of(data).write_bytes(content[:begin] + b"\xff" + content[begin + 1 :])
    cache.seal(file_of(data))
    assert data.find() == ["2020-a"]


@pytest.mark.parametrize("how", ["a bit", "zeros", "truncated"])
def test_whatever_byte_was_changed_the_answer_is_right(data, how):
    data.write("2020-a", title="The first meeting of all", summary="They met and talked. " * 1000)
    time.sleep(0.03)
    data.open().close()
    time.sleep(0.03)
    content = bytearray(file_of(data).read_bytes())
    where = content.rindex(b"first")
    if how == "a bit":
        content[where] ^= 1
    elif how == "zeros":
        content[where - 100 : where + 100] = bytes(200)
    else:
        del content[-4096:]
    file_of(data).write_bytes(content)
    with data.open() as index:
        assert index.path == file_of(data)
        assert [item.record.title for item in select(index, Query())] == [
            "The first meeting of all"
        ]
        assert count(index, Query(texts=("talked",))) == 1


def test_a_file_is_trusted_again_after_it_was_built_anew(data, monkeypatch):
    data.write("2020-a")
    time.sleep(0.05)
    data.open().close()
    os.utime(file_of(data))
    assert data.find() == ["2020-a"]
    monkeypatch.setattr(build, "_refreshed", None)
    assert data.find() == ["2020-a"]


def test_a_file_that_is_lost_while_it_is_asked_is_made_anew(data, monkeypatch):
    for number in range(5):
        data.write(f"2020-{number}")
    with data.open() as index:
        file_of(data).unlink()
        assert [*run_sql(index, "SELECT count(*) FROM records")[1]] == [(5,)]
        monkeypatch.setattr(query, "_AT_ONCE", 2)
        rows = select(index, Query())
        file_of(data).unlink()
        with pytest.raises(HealthcoopError, match="built anew"):
            next(rows)
        assert len([*select(index, Query())]) == 5


def test_where_the_cache_cannot_be_written_the_index_is_in_memory(data, tmp_path):
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


def test_a_damaged_file_that_cannot_be_removed_is_left_and_the_index_is_in_memory(
    data, monkeypatch
):
    data.write("2020-a")
    data.open().close()
    file_of(data).write_bytes(b"not a database at all" * 100)

    def refuse(*_, **__):
        raise PermissionError(13, "in use by another process")

    monkeypatch.setattr(Path, "unlink", refuse)
    with data.open() as index:
        assert (index.path, count(index, Query())) == (None, 1)


def test_a_cache_without_leave_to_write_is_used_while_it_is_fresh(data):
    data.write("2020-a")
    data.open().close()
    time.sleep(0.05)
    data.open().close()
    path = file_of(data)
    lock = path.with_suffix(".lock")
    lock.unlink()
    lock.mkdir()  # what keeps root from writing, whom no mode does
    path.chmod(0o400)
    data.cache.chmod(0o500)
    try:
        with data.open() as index:
            assert index.path == path
        data.write("2020-b")
        with data.open() as index:
            assert (index.path, count(index, Query())) == (None, 2)
    finally:
        data.cache.chmod(0o700)
        path.chmod(0o600)


def test_where_another_process_holds_the_lock_for_long_the_index_is_in_memory(data, monkeypatch):
    data.write("2020-a")
    data.open().close()
    data.write("2020-b")
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    monkeypatch.setattr(cache, "PATIENCE", 0.05)
    with cache.alone(file_of(data)), data.open() as index:
        assert (index.path, count(index, Query())) == (None, 2)
    other = sqlite3.connect(file_of(data), isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM meta").fetchall()
    with data.open() as index:  # the reader lets nobody commit
        assert (index.path, count(index, Query())) == (None, 2)
    other.close()
    with data.open() as index:
        assert (index.path, count(index, Query())) == (file_of(data), 2)


def test_a_build_that_fails_leaves_nothing_that_is_trusted(data, monkeypatch):
    from healthcoop.index import refresh

    data.write("2020-a")

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(refresh, "_replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            data.open()
    assert data.find() == ["2020-a"]


PROGRAM = """
    import sys, time, multiprocessing
    from pathlib import Path
    from healthcoop.index.build import open_index
    from healthcoop.index.query import Query
    from healthcoop.index.records import count, select
    from healthcoop.files.tree import Tree

    root, cache, what = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

    def tell(done, total):
        workers = multiprocessing.active_children()
        print(*[worker.pid for worker in workers], flush=True)
        time.sleep(60)

    if what == "hang":
        open_index(Tree(root), cache=cache, progress=tell)
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


@pytest.mark.skipif(sys.platform != "linux", reason="it looks at /proc")
def test_a_build_killed_half_way_leaves_no_process_and_nothing_that_is_trusted(data):
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
    deadline = time.monotonic() + 10
    while any(is_alive(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_processes_that_build_at_once_all_answer_right(data):
    for number in range(60):
        data.write(f"2020-{number:02}")
    processes = [start(data, "check", 3) for _ in range(3)]
    for process in processes:
        output, _ = process.communicate(timeout=60)
        assert (process.returncode, output.strip()) == (0, "60")


def test_processes_that_refresh_while_files_change_answer_right_in_the_end(data):
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


def test_many_files_are_read_by_several_processes_to_the_same_end(data, monkeypatch):
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


def test_asking_loads_no_parser_and_no_processes(data):
    data.write("2020-a")
    for _ in range(2):
        time.sleep(0.05)
        start(data, "check").communicate(timeout=60)
    program = """
        import sys
        from pathlib import Path
        import healthcoop.index.build, healthcoop.index.records, healthcoop.index.stats
        from healthcoop.index.query import Query
        from healthcoop.files.tree import Tree
        index = healthcoop.index.build.open_index(Tree(Path(sys.argv[1])), cache=Path(sys.argv[2]))
        assert index.vocabulary.find_party("Azerbaijan") == "AZ"
        assert len(list(healthcoop.index.records.select(index, Query()))) == 1
        unwanted = {"yaml", "jsonschema", "rich", "multiprocessing", "concurrent.futures"}
        assert not unwanted & set(sys.modules), unwanted & set(sys.modules)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(data.root), str(data.cache)]
    subprocess.run(command, check=True, timeout=60)
    with data.open() as index:
        assert index.path == file_of(data)
