"""The benchmark's generator writes valid, realistic records."""

import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from math import log
from pathlib import Path
from statistics import linear_regression, median, quantiles

import pytest

from healthcoop.dataset import Dataset
from healthcoop.files import canonical, reader
from healthcoop.files.tree import Tree
from healthcoop.model import dates
from healthcoop.model.record import Record
from healthcoop.model.status import in_force
from tests.bench.generate import Generator

ROOT = Path(__file__).resolve().parents[1]
GENERATE = ROOT / "tests" / "bench" / "generate.py"
COUNT = 60

pytestmark = pytest.mark.slow


def generate(folder: Path, *options: str) -> Path:
    """Generate a data set by the command line."""
    command = [sys.executable, str(GENERATE), str(COUNT), str(folder), *options]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("bench") / "data")


def test_generated_records_have_no_findings(generated: Path) -> None:
    report = Dataset.open(generated, today=date(2026, 11, 21)).check(jobs=1)
    assert report.findings == ()
    assert report.records == COUNT


def test_generated_records_are_canonical(generated: Path) -> None:
    files = Tree(generated)
    assert [path for path in files if canonical.reformat(files[path]) != files[path].decode()] == []


def test_files_depend_on_the_seed_alone(generated: Path, tmp_path: Path) -> None:
    first = dict(Tree(generated))
    assert dict(Tree(generate(tmp_path / "same"))) == first
    assert dict(Tree(generate(tmp_path / "other", "--seed", "2"))) != first


@pytest.fixture(scope="module")
def many() -> list[Record]:
    """Return enough records for statistics, without writing files."""
    vocabulary = Dataset(ROOT).vocabulary
    words = reader.parse((ROOT / "tests" / "bench" / "words.yaml").read_bytes()).data
    assert words
    return [Record.from_data(data) for data in Generator(vocabulary, words, seed=1).records(3000)]


def share(records: list[Record], fits: Callable[[Record], object]) -> float:
    return sum(map(bool, map(fits, records))) / len(records)


def test_generated_countries_have_a_zipf_like_frequency(many: list[Record]) -> None:
    met = Counter(code for record in many for code in set(record.countries))
    points = [
        (log(rank), log(number)) for rank, (_, number) in enumerate(met.most_common(100), start=3)
    ]
    assert -1.5 < linear_regression(*zip(*points, strict=True)).slope < -0.7
    assert len(met) > 150


def test_one_generated_record_in_twenty_has_many_parties(many: list[Record]) -> None:
    assert 0.04 < share(many, lambda record: len(record.parties) > 3) < 0.06
    assert max(len(record.parties) for record in many) > 20
    assert 0.1 < share(many, lambda record: record.organisations) < 0.3


def test_generated_texts_have_long_tails_and_many_scripts(many: list[Record]) -> None:
    for lengths, least in (
        ([len(record.title) for record in many], 1.7),  # 160 letters are the most there may be
        ([len(record.summary) for record in many], 4),
        ([len(record.sources) for record in many], 8),
    ):
        assert max(lengths) > least * median(lengths)
        assert quantiles(lengths, n=20)[-1] < 0.8 * max(lengths)
    names = "".join(person.native_name or "" for record in many for person in record.people)
    scripts = {unicodedata.name(letter).split()[0] for letter in set(names)}
    assert scripts > {"CYRILLIC", "ARABIC", "CJK", "DEVANAGARI", "GEORGIAN", "GREEK", "HEBREW"}


def test_generated_dates_have_realistic_precision(many: list[Record]) -> None:
    assert 0.6 < share(many, lambda record: re.fullmatch(r"\d+-\d+-\d+", record.date)) < 0.8
    forms = {re.sub(r"\d+", "1", record.date) for record in many}
    assert forms > {"1-1-1", "1-1-1~", "1-1", "1", "1-XX-XX", "1X", "1-1-1/1-1-1", "[..1-1-1]"}


def test_generated_links_point_to_earlier_valid_records(many: list[Record]) -> None:
    known = {record.id: record for record in many}
    links = [(record, link) for record in many for link in record.links if link.record]
    for record, link in links:
        earlier = known[link.record]
        assert not earlier.withdrawn
        first, last = dates.parse(record.date).earliest, dates.parse(earlier.date).latest
        assert link.rel == "signed-at" or last <= first
    assert 0.1 < share(many, lambda record: record.links) < 0.3
    assert {link.rel for _, link in links} > {"supersedes", "renews", "amends", "implements"}


def test_generated_instruments_have_every_status(many: list[Record]) -> None:
    kind = Dataset(ROOT).vocabulary.kind
    standing = [record for record in many if kind(record.type) == "instrument"]
    answers = Counter(in_force(record, date(2026, 11, 21)).answer for record in standing)
    assert min(answers[answer] for answer in ("certain", "possible", "no")) > len(standing) / 50
    assert share(many, lambda record: record.withdrawn) > 0
