"""What the tests of drafting share."""

import pytest

from healthcoop.dataset import Dataset


@pytest.fixture(scope="session")
def vocabulary():
    with Dataset.open() as data:
        yield data.vocabulary
