"""The summaries of all records as compact JSON: what a new record is checked beside.

A row has the values of a ``RecordSummary``, less the empty ones at its end; the path is empty where
it follows from the id.
"""

import json
from collections.abc import Iterable
from typing import Any

from healthcoop.checks.registry import RecordSummary
from healthcoop.contribute.record_ids import path_of


def dump(summaries: Iterable[RecordSummary]) -> str:
    """Return the JSON of summaries."""
    rows = map(_row, sorted(summaries))
    return json.dumps([*rows], ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> list[RecordSummary]:
    """Return the summaries in a JSON text that ``dump`` returned."""
    return [_summary(row) for row in json.loads(text)]


def _row(summary: RecordSummary) -> list[Any]:
    row: list[Any] = [*summary]
    if summary.path == path_of(summary.id):
        row[0] = ""
    while row and not row[-1]:
        row.pop()
    return row


def _summary(row: list[Any]) -> RecordSummary:
    path, *rest = map(_frozen, row)
    return RecordSummary(path or path_of(rest[0]), *rest)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
