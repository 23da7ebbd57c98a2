"""The context of all checks: the project's own schema and vocabularies, and a fixed day."""

from datetime import date
from pathlib import Path

import pytest

from healthcoop.checks.engine import CheckContext
from healthcoop.dataset import Dataset
from tests.checks.rule_cases import CaseChecker


@pytest.fixture(scope="session")
def context() -> CheckContext:
    dataset = Dataset(Path(__file__).parents[2])
    return CheckContext(vocabulary=dataset.vocabulary, today=date(2026, 11, 21))


@pytest.fixture(scope="session")
def case_checker(context: CheckContext, tmp_path_factory: pytest.TempPathFactory) -> CaseChecker:
    return CaseChecker(context, tmp_path_factory.mktemp("cases"))
