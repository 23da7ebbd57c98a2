"""Short invented articles in the styles of many newsrooms, read as a whole."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from healthcoop.contribute.draft.article import load
from healthcoop.contribute.draft.reading import read
from tests.eval.scoring import Score, compare, data_of

ARTICLES = Path(__file__).parents[2] / "eval/articles"


def scored(vocabulary, name):
    total = Score()
    for line in (ARTICLES / name).read_text("utf-8").splitlines():
        gold = json.loads(line)
        article = load((ARTICLES / gold["file"]).read_bytes())
        drafts = read(replace(article, published=gold["published"]), vocabulary).drafts
        total += compare([data_of(draft) for draft in drafts], gold)
    return total


@pytest.fixture(scope="module")
def score(vocabulary):
    return scored(vocabulary, "gold.jsonl")


@pytest.fixture(scope="module")
def several(vocabulary):
    return scored(vocabulary, "several.jsonl")


@pytest.mark.parametrize(
    ("measure", "least"),
    [("events", 0.95), ("kind", 0.95), ("type", 0.88), ("sides", 0.95), ("day", 0.9)],
)
def test_invented_articles_are_read_as_well_as_before(measure, least, score):
    assert score.value(measure) >= least, score.errors


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "least"), [("events", 0.96), ("kind", 0.95), ("type", 0.95), ("sides", 0.91)]
)
def test_articles_about_several_events_are_read_as_well_as_before(measure, least, several):
    assert several.value(measure) >= least, several.errors
