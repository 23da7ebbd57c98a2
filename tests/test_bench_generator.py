"""The generator of the benchmark writes records that are as good as a curator's."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from healthcoop.dataset import Dataset
from healthcoop.text import canonical
from healthcoop.text.tree import Tree

GENERATE = Path(__file__).parent / "bench" / "generate.py"
COUNT = 60


def generate(folder: Path, *options: str) -> Path:
    """Write a data set as the command line does."""
    command = [sys.executable, str(GENERATE), str(COUNT), str(folder), *options]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("bench") / "data")


def test_generated_records_have_no_finding_of_any_severity(generated: Path) -> None:
    report = Dataset.open(generated, today=date(2026, 11, 21)).check(jobs=1)
    assert report.findings == ()
    assert report.records == COUNT


def test_generated_records_are_canonical(generated: Path) -> None:
    files = Tree(generated)
    assert [path for path in files if canonical.reformat(files[path]) != files[path].decode()] == []


def test_one_seed_gives_the_same_files_and_another_seed_others(
    generated: Path, tmp_path: Path
) -> None:
    first = dict(Tree(generated))
    assert dict(Tree(generate(tmp_path / "same"))) == first
    assert dict(Tree(generate(tmp_path / "other", "--seed", "2"))) != first
