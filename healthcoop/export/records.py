"""Records as text: one wide CSV table, JSON, JSON Lines and YAML."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from healthcoop.export.extract import Extract
from healthcoop.export.tables import as_csv
from healthcoop.files.canonical import dump
from healthcoop.model.columns import Column, IndexedRecord, columns

BESIDE = "-metadata.json"
"""The ending of the name of a file that describes the one beside it."""

_encode = json.JSONEncoder(ensure_ascii=False).encode


def as_data(indexed: IndexedRecord) -> dict[str, Any]:
    """Return a record's own fields, as in its file, and in ``derived`` what follows from them."""
    derived = {
        "kind": indexed.kind,
        "earliest": indexed.earliest,
        "latest": indexed.latest,
        "path": indexed.path,
    }
    return {**indexed.data, "derived": derived}


def csv_columns() -> Mapping[str, Column]:
    """Return the columns of the wide table: those of ``list`` that are the same on every day."""
    return {name: column for name, column in columns().items() if name != "status"}


def write_csv(extract: Extract) -> Iterator[str]:
    """Write one row a record, with the columns of ``csv_columns`` (RFC 4180)."""
    known = csv_columns()
    rows = (
        {name: column.value(indexed) for name, column in known.items()}
        for indexed in extract.records()
    )
    return as_csv([*known], rows)


def write_json(extract: Extract) -> Iterator[str]:
    """Write an object with the provenance, and the records as an array, one on each line."""
    head = json.dumps(extract.provenance.as_data(), ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}") + ',\n  "records": ['
    separator = "\n"
    for indexed in extract.records():
        yield separator + _encode(as_data(indexed))
        separator = ",\n"
    yield "]\n}\n" if separator == "\n" else "\n]\n}\n"


def write_jsonl(extract: Extract) -> Iterator[str]:
    """Write one record, an object, on each line."""
    for indexed in extract.records():
        yield _encode(as_data(indexed)) + "\n"


def provenance_beside(extract: Extract, _: Path) -> Mapping[str, str]:
    """Return the provenance as JSON, by the ending of the name of a file beside another."""
    data = extract.provenance.as_data()
    return {BESIDE: json.dumps(data, ensure_ascii=False, indent=2) + "\n"}


def write_yaml(extract: Extract) -> Iterator[str]:
    """Write a document for each record, in the layout of its file, after a comment that cites."""
    yield f"# {extract.provenance.citation}\n# {extract.provenance.as_data()['format']}\n"
    for indexed in extract.records():
        yield "---\n" + dump(indexed.data)
