"""What the tests of drafting share."""

from dataclasses import replace

import pytest

from healthcoop.contribute.draft.article import load
from healthcoop.contribute.draft.reading import read
from healthcoop.dataset import Dataset


@pytest.fixture(scope="session")
def vocabulary():
    with Dataset.open() as data:
        yield data.vocabulary


@pytest.fixture(scope="session")
def events(vocabulary):
    def read_events(text: str, published: str = "2024-05-15") -> tuple[list[str], list[str]]:
        found = read(replace(load(text.encode()), published=published), vocabulary)
        drafts = [f"{draft.event.type} {'-'.join(draft.event.codes)}" for draft in found.drafts]
        return sorted(drafts), sorted(skipped.type for skipped in found.announced)

    return read_events
