"""Short invented articles in the styles of many newsrooms, read as a whole."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from healthcoop.contribute.draft.article import load
from healthcoop.contribute.draft.reading import read
from tests.eval.scoring import Score, compare, data_of

ARTICLES = Path(__file__).parents[2] / "eval/articles"


@pytest.fixture(scope="module")
def score(vocabulary):
    total = Score()
    for line in (ARTICLES / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        article = load((ARTICLES / gold["file"]).read_bytes())
        drafts = read(replace(article, published=gold["published"]), vocabulary).drafts
        total += compare([data_of(draft) for draft in drafts], gold)
    return total


@pytest.mark.parametrize(
    ("measure", "least"),
    [("events", 0.95), ("kind", 0.95), ("type", 0.88), ("sides", 0.95), ("day", 0.9)],
)
def test_invented_articles_are_read_as_well_as_before(measure, least, score):
    assert score.value(measure) >= least, score.errors
