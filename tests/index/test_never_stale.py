"""No answer is stale or partial, whatever happens to the files, the cache and its builders.

A driver takes random steps on two data sets that share a cache folder. After each step it compares
all answers of the index with those of an index newly built in memory, and simple answers with a
naive reading of the files. A failure prints its seed and the last steps. Since the machine's clock
matters, a seed alone does not always reproduce a failure.

The long run: ``HEALTHCOOP_STALE_STEPS=8000 pytest tests/index/test_never_stale.py`` (some ten
minutes; ``HEALTHCOOP_STALE_SEED=7`` for that seed; ``HEALTHCOOP_STALE_SECONDS=300`` for as long
with builders that are killed).
"""

import bisect
import inspect
import itertools
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from healthcoop.errors import HealthcoopError
from healthcoop.files.canonical import layout
from healthcoop.files.tree import MAX_BYTES, Tree
from healthcoop.index import database, sync
from healthcoop.index.details import links_to
from healthcoop.index.link_effects import bounds_of
from healthcoop.index.query import Query
from healthcoop.index.records import SORTS, count, get, select
from healthcoop.index.sql import run_sql, views
from healthcoop.index.statistics import STATISTICS, run, summary
from healthcoop.index.sync import open_index
from healthcoop.model.columns import columns

STEPS = int(os.environ.get("HEALTHCOOP_STALE_STEPS", "120"))
SECONDS = float(os.environ.get("HEALTHCOOP_STALE_SECONDS", "3"))
SEED = int(os.environ.get("HEALTHCOOP_STALE_SEED", random.randrange(10**6)))
TICK = 150_000_000  # ns during which an edit here does not change the stamp
GRAIN = 200_000_000  # ns that the index allows for it
WORDS = ("alpha", "gamma", "delta", "omega", "sigma")
IDENTS = [f"202{number % 3}-{number}" for number in range(8)]
FOLDERS = ("2020", "2021", "2022", "2020/deep", "2021/deep/deeper", ".hidden")
DAYS = (date(2020, 6, 1), date(2022, 1, 1), date(2030, 1, 1))
FILTERS = (
    *({"countries": ("AZ",)}, {"countries": ("CU", "WHO")}, {"pairs": (("AZ", "TR"),)}),
    *({"types": ("mou", "talk")}, {"kind": "instrument"}, {"kind": "encounter"}),
    *({"topics": ("vaccines", "covid-19")}, {"regions": ("EUR",)}, {"regions": ("AMR",)}),
    *({"persons": ("ali",)}, {"places": ("baku",)}, {"sources": ("news",)}),
    *({"texts": ("meeting", "-alpha")}, {"ids": ("202[02]-*",)}, {"collections": ("register",)}),
    *({"since": "2020-06"}, {"until": "2020"}, {"years": ("2021",)}, {"not_countries": ("TR",)}),
    *({"years": ("2021",), "loose": True}, {"extended_to": ("CU",)}, {"level": "national"}),
    *({"lateral": ("bilateral",)}, {"lateral": ("multilateral", "organisation")}),
    *({"in_force_on": DAYS[1], "countries": ("TR",)}, {"withdrawn": "only"}, {}),
)
OPTIONS = {
    "cross": {"rows": "topic", "columns": "country"},
    "pairs": {"organisations": True, "multilateral": "fractional"},
    "matrix": {"multilateral": "all"},
    "network": {"multilateral": "all"},
    "dyad-years": {"multilateral": "all"},
    "completeness": {"by_year": True},
}
"""Options of statistics, by which each reads as many tables as it can."""
BASE_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Selection:
    """The questions selected for one comparison: a day, views, statistics and filters."""

    day: date
    views: list[str]
    statistics: list[str]
    query: Query
    sort: str


def answers(index, selection):
    """Return the answer to every kind of question, and those to the selected ones."""
    day = selection.day
    found = [*select(index, Query(withdrawn="include"), day=day)]
    given = {
        "list": [
            {name: column.value(item) for name, column in columns().items()} for item in found
        ],
        "data": [item.data for item in found],
        "problems": index.problems,
        "vocabulary": index.vocabulary.data,
        "certain": ids(index, in_force_on=day, certainty="certain"),
        "possible": ids(index, in_force_on=day),
        "bounds": [bounds_of(index, item.path) for item in found],
        "pairs": run(index, "pairs", Query(), day=day, multilateral="all"),
        "selected": [
            item.path for item in select(index, selection.query, sort=[selection.sort], limit=7)
        ],
        "count": count(index, selection.query),
        "summary": summary(index, selection.query, day=DAYS[1]),
    }
    for text in (*WORDS, "-alpha", '"alpha meeting"', "met*"):
        given[f"text {text}"] = ids(index, texts=(text,))
    for name in selection.statistics:
        counts = run(index, name, selection.query, day=DAYS[1], **OPTIONS.get(name, {}))
        given[f"statistic {name}"] = replace(counts, rows=[*counts.rows])
    for name in selection.views:
        given[f"view {name}"] = sorted(map(repr, run_sql(index, f"SELECT * FROM {name}")[1]))
    if found:
        last = found[-1].record
        given["links"] = links_to(index, last.id)
        given["former"] = [get(index, former).path for former in last.former_ids]
    return given


def ids(index, **filters):
    return [item.record.id for item in select(index, Query(**filters))]


def answers_or_error(open_one, ask):
    """Open an index and query it; a refusal to open it counts as an answer."""
    try:
        index = open_one()
    except HealthcoopError as error:
        return {"refused": f"{type(error).__name__}: {error}"}
    with index:
        return ask(index)


def naive(root):
    """Read the records without an index, by path; return the paths of invalid files too."""
    types = (root / "schema" / "types.yaml").read_text(encoding="utf-8")
    kinds = {term["code"]: term["kind"] for term in yaml.load(types, BASE_LOADER)["types"]}
    records, others = {}, set()
    waiting = [root / "records"]
    while waiting:
        folder = waiting.pop()
        for path in folder.iterdir() if folder.is_dir() else ():
            name = path.relative_to(root).as_posix()
            is_record = path.suffix.lower() in (".yaml", ".yml")
            if path.name.startswith("."):
                continue
            if path.is_dir() and not path.is_symlink() and not is_record:
                waiting.append(path)
            elif is_record or (path.is_symlink() and path.is_dir()):
                record = _read(path)
                if record and (record["type"] in kinds or "withdrawn" in record):
                    records[name] = record
                else:
                    others.add(database.storable(name))
    return records, others


def _read(path):
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
        return None
    try:
        record = yaml.load(path.read_bytes(), BASE_LOADER)
    except (yaml.YAMLError, UnicodeError):
        return None
    needed = ("id", "type", "date", "parties")
    return record if isinstance(record, dict) and all(map(record.get, needed)) else None


def agree_with_the_files(given, root):
    records, others = naive(root)
    assert sorted(problem.path for problem in given["problems"]) == sorted(others)
    listed = sorted((item["id"], item["title"]) for item in given["data"])
    assert listed == sorted((record["id"], record["title"]) for record in records.values())
    shown = [record for record in records.values() if "withdrawn" not in record]
    for word in WORDS:
        named = sorted(
            record["id"]
            for record in shown
            if word in " ".join([record["title"], *record.get("outcomes", ())])
        )
        assert sorted(given[f"text {word}"]) == named
    pairs = Counter(
        pair
        for record in shown
        for pair in itertools.combinations(
            sorted(party["country"] for party in record["parties"] if "country" in party), 2
        )
    )
    assert {(row["a"], row["b"]): row["records"] for row in given["pairs"].rows} == pairs


class Clock:
    """The time of scans and stamps, put forward at will instead of waiting for stamps to settle."""

    def __init__(self):
        self.real = time.time_ns
        self.leaps = []

    def at(self, when):
        return when + 3 * 10**9 * bisect.bisect(self.leaps, when)

    def now(self):
        return self.at(self.real())

    def leap(self):
        self.leaps.append(self.real())
        time.sleep(0.011)  # what is written from here on is stamped later than the leap


class Ticking(Tree):
    """A tree on a file system whose clock ticks slowly."""

    def __init__(self, root, clock):
        super().__init__(root)
        self.clock = clock

    def folders(self, top):
        for folder in super().folders(top):
            statuses = [
                (mode, size, self.tick(mtime), self.tick(ctime), inode)
                for mode, size, mtime, ctime, inode in folder.statuses
            ]
            yield folder._replace(statuses=statuses)

    def tick(self, when):
        return self.clock.at(when) // TICK * TICK


class Driver:
    """Two data sets, the steps that change them, and a record of the steps taken."""

    def __init__(self, new_data, patch, seed):
        self.random = random.Random(seed)
        self.patch = patch
        self.sets = [new_data(), new_data()]
        self.sets[1].cache = self.sets[0].cache
        self.data = self.sets[0]
        self.clock = Clock()
        self.saved = {}
        self.meddling = []
        self.done = [f"seed {seed}"]
        for data in self.sets:
            data.tree = Ticking(data.root, self.clock)
            self.nowhere(data).write_text("")
            git(data, "init", "-q", "-b", "main")
            for ident in IDENTS[:4]:
                data.write(ident, **self.fields())
            commit(data)
        self.steps = {
            name.removeprefix("do_"): step
            for name, step in inspect.getmembers(self, inspect.ismethod)
            if name.startswith("do_")
        }
        read = Tree.__getitem__

        def meddled(tree, path):
            for step in self.meddling[:1]:
                self.meddling = []
                step()
            content = read(tree, path)
            for step in self.meddling[:1]:
                self.meddling = []
                step()
            return content

        patch.setattr(Tree, "__getitem__", meddled)
        connect = sync.connect

        def connect_quickly(path):
            connection = connect(path)
            with suppress(sqlite3.DatabaseError):
                connection.execute("PRAGMA synchronous = OFF")  # no power fails here
            return connection

        patch.setattr(sync, "connect", connect_quickly)
        patch.setattr(sync, "_GRAIN", GRAIN)
        patch.setattr(sync.time, "time_ns", self.clock.now)
        patch.setattr(database, "PATIENCE", 0.05)

    # ---- taking steps and comparing

    def step(self):
        self.data = self.sets[self.random.random() < 0.15]
        if self.random.random() < 0.5:
            self.settle()
        name = self.random.choice([*self.steps])
        self.done.append(name)
        self.steps[name]()
        if self.random.random() < 0.9:
            self.compare()

    def compare(self):
        one, other = self.random.sample(FILTERS, 2)
        selection = Selection(
            self.random.choice(DAYS),
            self.random.sample([view.name for view in views()], 3),
            self.random.sample([*STATISTICS], 2),
            Query(**(one if self.random.random() < 0.7 else one | other)),
            self.random.choice([*SORTS, *(f"-{name}" for name in SORTS)]),
        )

        def ask(index):
            return answers(index, selection)

        actual, expected = (
            answers_or_error(self.data.open, ask),
            answers_or_error(self.newly_built, ask),
        )
        assert actual.keys() == expected.keys()
        for question, answer in expected.items():
            assert actual[question] == answer, (question, selection)
        if "refused" not in actual and self.random.random() < 0.5:
            agree_with_the_files(actual, self.data.root)

    def refresh(self):
        answers_or_error(self.data.open, lambda _: None)

    def settle(self):
        """Move the clock so that all stamps are settled."""
        self.clock.leap()
        self.refresh()
        self.done.append("settle")

    def newly_built(self):
        index = open_index(self.data.tree, cache=self.nowhere(self.data))
        assert index.path is None
        return index

    def nowhere(self, data):
        return data.root.parent / "no folder"

    # ---- choices

    def fields(self):
        chance = self.random.choice
        instrument = chance([True, True, False])
        countries = self.random.sample(["AZ", "CU", "DE", "TR"], chance([2, 2, 3]))
        fields = {
            "title": f"The {chance(WORDS)} meeting",
            "type": chance(["mou", "agreement"]) if instrument else "meeting",
            "date": chance(["2020-03-01", "2020", "2021-05", "202X", "2021-01-01~"]),
            "parties": [{"country": code} for code in countries],
            "collection": chance(["news", "register"]),
            "sources": [{"url": f"https://{chance(['news', 'page'])}.example.org/page"}],
            "topics": self.random.sample(["vaccines", "workforce", "covid-19"], 2),
        }
        if instrument and chance([True, False]):
            fields["terms"] = chance(
                [
                    {"in_force": "2021-02-03", "term": "P2Y", "renewal": "none"},
                    {"in_force": "2021", "ended": "none", "checked": "2026-01-01"},
                    {"in_force": "2020-05-05", "ended": "2021-12-31"},
                ]
            )
            if chance([True, False]):
                own = chance([{"in_force": "2021-06-07"}, {"left": "2021-11-30"}])
                fields["parties"][-1] |= own
        if chance([True, False, False]):
            fields["parties"].append({"organisation": chance(["WHO", "ECO"])})
        if chance([True, False, False]):
            fields["people"] = [{"name": chance(["Ali Aliyev", "Ana Pérez"]), "party": "AZ"}]
            fields["places"] = [{"city": chance(["Baku", "Ankara"]), "country": "AZ"}]
            fields["outcomes"] = [f"A {chance(WORDS)} plan"]
        if chance([True, False]):
            named = self.random.sample([*IDENTS, "2019-x"], chance([1, 1, 2]))
            rels = ["supersedes", "terminates", "renews", "amends", "related"]
            fields["links"] = [{"rel": chance(rels), "record": ident} for ident in named]
        if chance([True, False, False]):
            fields["former_ids"] = ["2019-x"]
        if chance([True, False, False, False]):
            fields["withdrawn"] = {"date": "2026-01-01", "reason": "A double."}
        if chance([True, False, False, False]):
            fields["summary"] = "They met and talked. " * 500
        return fields

    def files(self):
        """Return the regular record files of the data set."""
        found = sorted((self.data.root / "records").rglob("*.yaml"))
        return [path for path in found if path.is_file() and not path.is_symlink()]

    def file(self):
        return self.random.choice(self.files() or [self.data.write("2020-0", **self.fields())])

    def place(self):
        """Return a free path for a record in an existing folder."""
        name = self.random.choice([*IDENTS, "2020-other", "\udcff"])
        suffix = self.random.choice([".yaml", ".yaml", ".yaml", ".YAML", ".yml"])
        path = self.folder() / f"{name}{suffix}"
        clear(path)
        return path

    def folder(self):
        folder = self.data.root / "records" / self.random.choice(FOLDERS)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def cached(self):
        """Return the path of the index, which need not exist."""
        return sync.cache_file(self.data.root, self.data.cache)

    # ---- files

    def do_write(self):
        ident = self.random.choice(IDENTS)
        clear(self.data.path(ident))
        self.data.path(ident).parent.mkdir(exist_ok=True, parents=True)
        self.data.write(ident, **self.fields())

    do_write_again = do_write

    def do_edit_of_the_same_size(self):
        """Change words in place, perhaps several times, perhaps restoring mtime."""
        path = self.file()
        status = path.stat()
        for _ in range(self.random.choice([1, 2, 4])):
            self.refresh()
            path.write_bytes(self.reworded(path))
            if self.random.random() < 0.5:
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    do_edit_again = do_edit_of_the_same_size

    def reworded(self, path):
        content = path.read_bytes()
        for word in WORDS:
            content = content.replace(word.encode(), self.random.choice(WORDS).encode())
        return content

    def do_replace_with_the_old_time(self):
        path = self.file()
        status = path.stat()
        other = path.with_name(".other")
        other.write_bytes(self.reworded(path))
        os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
        other.replace(path)

    def do_exchange_two_files(self):
        one, other, between = self.file(), self.file(), self.data.root / "between"
        one.rename(between)
        if other.exists():
            other.rename(one)
        between.rename(other)

    def do_touch(self):
        path = self.file()
        status = path.stat()
        now = time.time_ns()
        day = 86_400 * 10**9
        for when in (self.random.choice([status.st_mtime_ns, 0, now, now + day, now - day]),):
            os.utime(path, ns=(when, when))

    def do_remove(self):
        self.file().unlink()

    def do_rename(self):
        path, place = self.file(), self.place()
        if path.exists():
            path.rename(place)

    def do_copy(self):
        path, place = self.file(), self.place()
        if path.exists():
            shutil.copy2(path, place)

    def do_link_hard(self):
        path, place = self.file(), self.place()
        if path.exists():
            place.hardlink_to(path)

    def do_edit_by_another_name(self):
        """Edit a file through a hard link outside the data set, perhaps restoring mtime."""
        path, other = self.file(), self.data.root / "other name"
        status = path.stat()
        other.hardlink_to(path)
        self.settle()
        other.write_bytes(self.reworded(path))
        if self.random.random() < 0.5:
            os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
        other.unlink()

    def do_hide(self):
        path = self.file()
        path.rename(path.with_name(f".{path.name.lstrip('.')}"))

    def do_show(self):
        for path in self.files():
            if path.name.startswith("."):
                shown = path.with_name(path.name.lstrip("."))
                clear(shown)
                path.rename(shown)
                break

    def do_break(self):
        texts = [b"id: [", b"", b"\xff\xfe", b"id: 2020-a\n", b"x: " + b"y" * MAX_BYTES, b"- a\n"]
        self.file().write_bytes(self.random.choice(texts))

    def do_rename_folder(self):
        folder, other = self.folder(), self.data.root / "records" / self.random.choice(FOLDERS)
        if not other.exists() and folder not in other.parents:
            other.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(other)

    def do_remove_folder(self):
        shutil.rmtree(self.folder())

    def do_exchange_folders(self):
        one, other = self.data.root / "records" / "2020", self.data.root / "records" / "2021"
        between = self.data.root / "between"
        for path, target in ((one, between), (other, one), (between, other)):
            if path.exists():
                path.rename(target)

    def do_take_all_records_away(self):
        records, away = self.data.root / "records", self.data.root / "away"
        records.rename(away)
        self.compare()
        away.rename(records)

    def do_exchange_the_data_sets(self):
        one, other = (data.root for data in self.sets)
        between = one.with_name("between")
        one.rename(between)
        other.rename(one)
        between.rename(other)

    def do_make_irregular_file(self):
        place = self.place()
        what = self.random.choice(["fifo", "socket", "folder", "link"])
        if what == "fifo":
            os.mkfifo(place)
        elif what == "socket":
            with socket.socket(socket.AF_UNIX) as made:
                here = os.getcwd()
                os.chdir(place.parent)  # the path of a socket must be short
                try:
                    made.bind(place.name)
                finally:
                    os.chdir(here)
        elif what == "folder":
            place.mkdir()
            (place / "2020-inner.yaml").write_text("id: x")
        else:
            targets = [self.file(), self.data.root / "records" / "2021", Path("to-nothing"), "/"]
            if not os.path.lexists(place):
                place.symlink_to(self.random.choice(targets))

    def do_link_to_a_folder(self):
        place = self.folder() / "linked"
        if not os.path.lexists(place):
            place.symlink_to(self.data.root / "records" / self.random.choice(FOLDERS[:3]))

    def do_remove_irregular_files(self):
        for path in sorted((self.data.root / "records").rglob("*")):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                path.unlink()

    # ---- branches

    def do_commit(self):
        commit(self.data)

    def do_switch(self):
        commit(self.data)
        branch = self.random.choice(["main", "one", "two"])
        if git(self.data, "checkout", "-qf", branch, check=False):
            git(self.data, "checkout", "-qfb", branch)

    def do_discard_edits(self):
        git(self.data, "checkout", "-qf", "HEAD", "--", ".", check=False)

    # ---- schema

    def do_edit_the_schema(self):
        label = self.random.choice(["Meeting", "Sitting", "Talking"])
        kind = self.random.choice(["encounter", "encounter", "instrument"])
        types = [
            {"code": "meeting", "label": label, "kind": kind},
            {"code": "mou", "label": "Memorandum", "kind": "instrument"},
            {"code": "agreement", "label": "Agreement", "kind": "instrument"},
        ]
        topics = [{"code": code, "label": code} for code in ("vaccines", "workforce", *WORDS)]
        self.data.write_schema(
            types=types[: self.random.choice([2, 3, 3])],
            topics=topics[: self.random.randint(1, 7)],
        )

    def do_restore_the_schema(self):
        self.data.write_schema()

    def do_break_the_schema(self):
        """Refuse to answer, and answer again once it is restored, perhaps with its mtime."""
        schema = self.data.root / "schema"
        name, text = self.random.choice(
            [
                ("record.schema.json", '{"$id": "record/2"}'),
                ("record.schema.json", "{"),
                ("types.yaml", "types: ["),
                ("countries.json", "[]"),
                ("topics.yaml", "topics:\n  - label: no code\n"),
            ]
        )
        path = schema / name
        status, content = path.stat(), path.read_bytes()
        path.write_text(text)
        self.compare()
        path.write_bytes(content)
        if self.random.random() < 0.5:
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def do_relabel_with_the_old_size_and_time(self):
        path = self.data.root / "schema" / "types.yaml"
        status, text = path.stat(), path.read_text(encoding="utf-8")
        for _ in range(self.random.choice([1, 2, 4])):
            self.refresh()
            label = f"label: {self.random.choice(WORDS)}"
            path.write_text(re.sub("label: .....", label, text, count=1), encoding="utf-8")
            if self.random.random() < 0.5:
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    do_relabel_again = do_relabel_with_the_old_size_and_time

    # ---- the cache file

    def do_damage_the_cache(self):
        path = self.cached()
        content = path.read_bytes() if path.is_file() else b""
        page = 4096 * self.random.randrange(max(1, len(content) // 4096))
        garbage = self.random.choice([b"\xff" * 4096, b"\0" * 4096, self.random.randbytes(4096)])
        damaged = {
            "gone": None,
            "empty": b"",
            "foreign": b"no database at all" * 500,
            "truncated": content[: self.random.randrange(len(content) + 1)],
            "a page": content[:page] + garbage + content[page + 4096 :],
        }
        what = self.random.choice([*damaged])
        self.done.append(f"  {what}")
        clear(path)
        if damaged[what] is not None:
            path.write_bytes(damaged[what])

    def do_put_in_a_foreign_database(self):
        clear(self.cached())
        with sqlite3.connect(self.cached()) as foreign:
            foreign.execute("CREATE TABLE meta (key, value)")
            foreign.execute("CREATE TABLE record (x)")
            foreign.execute("CREATE VIRTUAL TABLE words USING fts5 (x)")
        foreign.close()

    def do_save_the_cache(self):
        if self.cached().is_file():
            self.saved[self.data] = self.cached().read_bytes()

    def do_put_an_old_cache_back(self):
        """Restore a saved index, perhaps that of the other data set."""
        if self.saved:
            clear(self.cached())
            self.cached().write_bytes(self.random.choice([*self.saved.values()]))

    def do_leave_a_journal(self):
        path = self.cached()
        content = self.random.randbytes(2000)
        path.with_name(f"{path.name}-journal").write_bytes(content)

    def do_leave_a_half_written_file(self):
        """Leave what a process killed while it commits does: a journal with the former content."""
        path = self.cached()
        journal = path.with_name(f"{path.name}-journal")
        self.refresh()
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("PRAGMA cache_size = 1")
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE document SET data = replace(data, 'meeting', 'sitting')")
            writer.execute("UPDATE party SET code = 'DE'")
            half = {part: part.read_bytes() for part in (path, journal)}
            writer.execute("ROLLBACK")
        for part, content in half.items():
            part.write_bytes(content)

    # ---- killed builders

    def do_kill_a_builder(self):
        """Kill a process that updates the index, after a random time or number of statements."""
        self.random.choice([self.do_write, self.do_edit_the_schema, self.do_remove])()
        moment = self.random.choice([0.002, 0.01, 0.03]) * self.random.random()
        left = self.random.choice([10, 100, 500]) * self.random.random()
        by_the_clock = self.random.random() < 0.5
        builder = os.fork()
        if not builder:
            try:
                if by_the_clock:
                    signal.signal(signal.SIGALRM, signal.SIG_DFL)
                    signal.setitimer(signal.ITIMER_REAL, moment)
                else:
                    self.die_before_statement(left)
                self.refresh()
            finally:
                os._exit(0)
        os.waitpid(builder, 0)

    def die_before_statement(self, left):
        connect = sync.connect

        def count_down(_):
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def connect_and_count(path):
            connection = connect(path)
            connection.set_trace_callback(count_down)
            return connection

        self.patch.setattr(sync, "connect", connect_and_count)

    def do_lock_the_cache(self):
        """Answer from memory while another process holds the lock for long."""
        with closing(sqlite3.connect(self.cached(), isolation_level=None)) as other:
            with suppress(sqlite3.DatabaseError):  # it may be damaged
                other.execute("BEGIN IMMEDIATE")
            self.compare()

    def do_forbid_the_cache(self):
        """Answer from memory where a folder has the name of the file."""
        clear(self.cached())
        self.cached().mkdir()
        self.compare()
        self.cached().rmdir()

    def do_forbid_the_journal(self):
        """Answer where a folder with the journal's name keeps everyone from writing."""
        path = self.cached()
        journal = path.with_name(f"{path.name}-journal")
        clear(journal)
        journal.mkdir()
        self.compare()
        journal.rmdir()

    # ---- clocks, and edits during an update

    def do_set_the_clock_back(self):
        back = self.random.choice([1, 60, 10**6]) * 10**9
        with self.patch.context() as patch:
            patch.setattr(sync.time, "time_ns", lambda: self.clock.now() - back)
            self.compare()

    def do_edit_while_it_is_built(self):
        """Take another step between the scan of a file and its reading, or just after that."""
        names = [name for name in self.steps if name.startswith(("edit", "re", "exch", "hide"))]
        self.do_write()
        name = self.random.choice([name for name in names if not name.startswith("edit_while")])
        self.done.append(f"  {name}")
        self.meddling = [self.steps[name]]
        self.refresh()
        self.meddling = []

    def do_take_a_folder_away_while_it_is_read(self):
        """Move a folder away for a moment, so that its files keep their stamps."""
        folder, away = self.folder(), self.data.root / "away"
        path = folder / "2020-there.yaml"
        clear(path)
        self.data.write("2020-there", **self.fields())
        if self.data.path("2020-there") != path:
            self.data.path("2020-there").rename(path)
        self.clock.leap()
        self.meddling = [lambda: folder.rename(away)]
        self.refresh()
        self.meddling = []
        if away.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            away.rename(folder)


def clear(path):
    """Remove whatever is at a path."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def git(data, *words, check=True):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    return subprocess.run(command, cwd=data.root, check=check, capture_output=True).returncode


def commit(data):
    git(data, "add", "-A", check=False)
    git(data, "commit", "-qm", "A state", "--allow-empty", "--no-verify", check=False)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and times of change")
@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_index_answers_like_a_newly_built_one_after_any_steps(new_data, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    with monkeypatch.context() as patch:
        driver = Driver(new_data, patch, SEED)
        try:
            for _ in range(STEPS):
                driver.step()
        except Exception as error:
            error.add_note("\n".join([driver.done[0], *driver.done[-30:]]))
            raise


BUILDER = """
    import sys
    from pathlib import Path
    from healthcoop.index.sync import open_index
    from healthcoop.index.query import Query
    from healthcoop.index.records import count, select
    from healthcoop.files.tree import Tree

    root, cache, paths = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]

    def number(text):
        return int(text.partition("numbered ")[2].split()[0])

    def numbers():
        return {Path(path).stem: number((root / path).read_text()) for path in paths}

    while True:
        before = numbers()
        with open_index(Tree(root), cache=cache) as index:
            found = {item.record.id: number(item.record.title) for item in select(index, Query())}
            worded = count(index, Query(texts=("numbered",)))
        after = numbers()
        assert found.keys() == before.keys(), (found, before)
        assert worded == len(found), worded
        for ident, which in found.items():
            assert before[ident] <= which <= after[ident], (ident, before, found, after)
        print("right", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced")
def test_concurrent_builders_answer_correctly_while_some_are_killed(new_data, tmp_path):
    """Each title counts the record's edits: no answer may have fewer than were made before.

    Files are replaced whole, while the schema changes and the cache is deleted.
    """
    data, elsewhere = new_data(), new_data()
    chance = random.Random(SEED)
    edits = dict.fromkeys(IDENTS, 0)
    log = tmp_path / "log"

    def edit(ident):
        edits[ident] += 1
        other = elsewhere.write(ident, title=f"The meeting numbered {edits[ident]:06} of all")
        os.utime(other, ns=(1, 1))
        data.path(ident).parent.mkdir(exist_ok=True)
        other.replace(data.path(ident))

    def builder():
        paths = [str(data.path(ident).relative_to(data.root)) for ident in IDENTS]
        command = [sys.executable, "-c", textwrap.dedent(BUILDER), data.root, data.cache, *paths]
        with log.open("a") as output:
            return subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE, text=True)

    def change_the_schema():
        path = data.root / "schema" / "topics.yaml"
        other = path.with_name(".other")
        topics = [{"code": "vaccines", "label": f"Vaccines {chance.random()}"}]
        other.write_text(layout({"topics": topics}), encoding="utf-8")
        other.replace(path)

    def lose_the_cache():
        for path in data.cache.glob("*.sqlite"):
            path.unlink()

    def kill():
        builders.remove(killed := chance.choice(builders))
        alive = killed.poll() is None
        killed.kill()
        _, error = killed.communicate(timeout=30)
        assert alive, error
        builders.append(builder())

    for ident in IDENTS:
        edit(ident)
    builders = [builder() for _ in range(3)]
    try:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline or "right" not in log.read_text():
            assert time.monotonic() < deadline + 60, "no builder has answered"
            what = chance.choices(
                [lambda: edit(chance.choice(IDENTS)), change_the_schema, lose_the_cache, kill],
                [100, 5, 2, 4],
            )
            what[0]()
            time.sleep(chance.choice([0, 0.005, 0.03]))
        assert [process.poll() for process in builders] == [None] * 3
    finally:
        for process in builders:
            process.kill()
            _, error = process.communicate(timeout=30)
            if error:
                print(error, file=sys.stderr)
    with data.open() as index:
        found = {item.record.id: item.record.title for item in select(index, Query())}
    assert found == {
        ident: f"The meeting numbered {number:06} of all" for ident, number in edits.items()
    }
