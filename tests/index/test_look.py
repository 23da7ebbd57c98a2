"""The look of two processes says what the look of one says."""

import subprocess
import sys

import pytest

from healthcoop.index import look

PROGRAM = """
import os, pathlib, sys
from healthcoop.index import look
from healthcoop.index.build import open_index
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.files.tree import Tree

look._MANY = 1
root = pathlib.Path(sys.argv[1])
forks = []
fork = os.fork
os.fork = lambda: forks.append(1) or fork()

def titles():
    with open_index(Tree(root), cache=root / "cache") as index:
        return {listed.record.id: listed.record.title for listed in select(index, Query())}

before = titles()
assert not forks, "nothing is known yet"
for path in sorted((root / "records").rglob("*.yaml")):
    text = path.read_text()
    path.write_text(text.replace("title: ", "title: New "))
    changed = titles()
    assert changed.pop(path.stem) == "New " + before[path.stem], path
    path.unlink()
    assert titles() == changed, path
    path.write_text(text)
    assert titles() == before, path
print(len(before), len(forks))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")
def test_a_change_in_either_half_is_seen(data):
    for year in range(2010, 2016):
        for number in range(1, year - 2008):
            path = data.write(f"{year}-{number}", title=f"Meeting {number}")
            if number % 2:
                (path.parent / "odd").mkdir(exist_ok=True)
                path.rename(path.parent / "odd" / path.name)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, data.root],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split()[0] == "21"
    assert int(done.stdout.split()[1]) >= 3 * 21


def test_halves_are_of_like_size_and_together_all():
    known = {
        f"records/{name}": look.Known(None, files, 0)
        for name, files in {"a": 4000, "b": 3000, "b/deep": 500, "c": 900, "gone": 9000}.items()
    }
    branches = ["records/a", "records/b", "records/c", "records/new"]
    one, other = look._halves(branches, known)
    assert sorted((sorted(one), sorted(other))) in (
        [["records/a"], ["records/b", "records/c", "records/new"]],
        [["records/a", "records/new"], ["records/b", "records/c"]],
    )
    assert look._halves(branches[2:], known) == (branches[2:], [])
