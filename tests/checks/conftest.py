"""What records are judged by: the project's own schema and vocabularies, and a fixed day."""

from datetime import date
from pathlib import Path

import pytest

from healthcoop.checks.engine import CheckContext
from healthcoop.dataset import Dataset


@pytest.fixture(scope="session")
def context() -> CheckContext:
    dataset = Dataset(Path(__file__).parents[2])
    return CheckContext(
        vocabulary=dataset.vocabulary, schema=dataset.schema, today=date(2026, 11, 21)
    )
