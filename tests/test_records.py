"""The real records: each is valid, in canonical layout, and survives the model."""

from datetime import date
from pathlib import Path

from healthcoop.checks.findings import Severity
from healthcoop.dataset import Dataset
from healthcoop.files import reader
from healthcoop.files.canonical import layout
from healthcoop.model.record import Record

ROOT = Path(__file__).parents[1]


def test_every_record_is_valid_canonical_and_round_trips() -> None:
    """At most notes; the layout is the file's bytes; data to a Record and back is the same."""
    files = [path for path in (ROOT / "records").rglob("*") if path.is_file()]
    report = Dataset(ROOT, today=date(2026, 11, 30)).check()
    assert report.records == len(files) > 900
    found = [each for each in report.findings if each.severity is not Severity.NOTE]
    wrong = [f"{each.path}: {each.code}" for each in found]
    for path in files:
        content = path.read_bytes()
        data = reader.parse(content).data
        if data is None:
            wrong.append(f"{path.name}: cannot be parsed")
        elif layout(data).encode() != content:
            wrong.append(f"{path.name}: not in canonical layout")
        elif Record.from_data(data).to_data() != data:
            wrong.append(f"{path.name}: changed by the model")
    assert wrong == []
