"""Print precision, recall and F1 of drafts against gold facts.

``python -m tests.eval --texts DIR GOLD.jsonl [--verbose] [--language en] [--only 001,002]``

``tests/eval/articles`` has short invented articles in many styles, with their gold facts: in
``gold.jsonl``, and in ``several.jsonl`` those about several events.
"""

import argparse
import json
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from healthcoop.contribute.draft import article as articles
from healthcoop.contribute.draft.reading import read
from healthcoop.dataset import Dataset
from healthcoop.model.vocabulary import Vocabulary

from .scoring import MEASURES, SHARES, Score, compare, data_of

COLUMNS = ("events", "sides", *SHARES, "people", "topics")


def main() -> None:
    """Read the articles, compare each with its gold facts, and print the tables."""
    options = _options()
    with Dataset.open() as data:
        vocabulary = data.vocabulary
    rows = [json.loads(line) for line in options.gold.read_text("utf-8").splitlines()]
    chosen = set(filter(None, options.only.split(",")))
    rows = [
        row
        for row in rows
        if row["language"] == options.language or not options.language
        if row["file"].removesuffix(".txt") in chosen or not chosen
    ]
    for row in {row["language"]: row for row in rows}.values():
        _read(row, options.texts, vocabulary)  # start-up: tables, automata, patterns
    scores: dict[str, Score] = defaultdict(Score)
    first = Score()
    slowest = 0.0
    for row in rows:
        started = time.perf_counter()
        drafts = _read(row, options.texts, vocabulary)
        slowest = max(slowest, time.perf_counter() - started)
        score = compare(drafts, row)
        scores[row["language"]] += score
        scores["all"] += score
        if row["events"]:
            first += compare(drafts, row, first=True)
        if options.verbose and score.errors:
            print(row["file"], *score.errors, sep="\n    ")
    _print(scores, first, rows, slowest)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("gold", type=Path, help="one article and its events a line")
    parser.add_argument("--texts", type=Path, required=True, help="the folder of the articles")
    parser.add_argument("--language", default="", help="read only articles in this language")
    parser.add_argument("--only", default="", help="read only these files")
    parser.add_argument("--verbose", action="store_true", help="print what is wrong")
    return parser.parse_args()


def _read(row: dict[str, Any], texts: Path, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Return the drafts of an article, read as its page: with its address and day."""
    article = articles.load((texts / row["file"]).read_bytes(), url=row["url"] or "")
    if row["published"]:
        article = replace(article, published=row["published"])
    return [data_of(draft) for draft in read(article, vocabulary).drafts]


def _print(
    scores: dict[str, Score], first: Score, rows: list[dict[str, Any]], slowest: float
) -> None:
    print(f"{'':10}{'articles':>10}", *(f"{name:>8}" for name in COLUMNS))
    languages = sorted(scores.keys() - {"all"})
    for name in [*languages, "all"]:
        count = sum(name in (row["language"], "all") for row in rows)
        values = [f"{scores[name].value(column):8.3f}" for column in COLUMNS]
        print(f"{name:10}{count:>10}", *values)
    values = [f"{first.value(column):8.3f}" for column in COLUMNS]
    print(f"{'first':10}{sum(bool(row['events']) for row in rows):>10}", *values)
    print("\nprecision and recall:")
    for name in ("events", *MEASURES):
        precision, recall = scores["all"].precision_recall(name)
        print(f"{name:10}{precision:10.3f}{recall:10.3f}")
    print(f"\nslowest article: {slowest:.3f} s")


if __name__ == "__main__":
    main()
