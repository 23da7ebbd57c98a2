"""One test for each real record: valid and in canonical layout."""

from datetime import date
from pathlib import Path

import pytest

from healthcoop.checks.findings import Report
from healthcoop.dataset import Dataset
from healthcoop.files import reader
from healthcoop.files.canonical import layout
from healthcoop.model.record import Record

ROOT = Path(__file__).parents[1]
PATHS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "records").rglob("*.y*ml"))


@pytest.fixture(scope="module")
def report() -> Report:
    return Dataset(ROOT, today=date(2026, 11, 21)).check()


def test_every_file_under_records_is_a_record(report: Report) -> None:
    """A file with another ending would be passed over in silence."""
    files = [path for path in (ROOT / "records").rglob("*") if path.is_file()]
    assert len(files) == len(PATHS) == report.records


@pytest.mark.parametrize("path", PATHS, ids=lambda path: Path(path).stem)
def test_a_record_is_sound(path: str, report: Report) -> None:
    """No finding; laid out canonically; model and back."""
    content = (ROOT / path).read_bytes()
    data = reader.read(content).data
    assert data is not None
    assert [finding for finding in report.findings if finding.path == path] == []
    assert layout(data).encode() == content
    assert Record.from_data(data).to_data() == data
