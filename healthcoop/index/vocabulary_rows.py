"""The vocabularies as rows, and as the JSON text that ``Index.vocabulary`` reads."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from healthcoop.files.record_format import read_schema
from healthcoop.files.vocabularies import load
from healthcoop.index.load import compact
from healthcoop.model.dates import bounds
from healthcoop.model.vocabulary import KINDS, Term, Vocabulary


class _Recorded(dict[str, bytes]):
    """Files by path, read on demand and kept, so that what is hashed is what was read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def __missing__(self, path: str) -> bytes:
        content = self[path] = self._files[path]
        return content


def read_vocabularies(files: Mapping[str, bytes]) -> tuple[Vocabulary, bytes]:
    """Return the vocabularies and the content of their files; raises InvalidSchema."""
    recorded = _Recorded(files)
    read_schema(recorded)  # refuses records of a newer format
    vocabulary = load(recorded)
    return vocabulary, b"\0".join(recorded[path] for path in sorted(recorded))


def store_vocabularies(connection: sqlite3.Connection, vocabulary: Vocabulary) -> None:
    """Insert the vocabularies into their empty tables."""
    connection.execute("INSERT INTO vocabulary VALUES (?)", (compact(vocabulary.data),))
    for kind in KINDS:
        rows = (_row(kind, term, vocabulary) for term in vocabulary.terms(kind).values())
        connection.executemany(f"INSERT INTO term VALUES ({', '.join('?' * 11)})", rows)
    connection.executemany("INSERT INTO member VALUES (?, ?, ?, ?, ?, ?)", _members(vocabulary))


def _row(kind: str, term: Term, vocabulary: Vocabulary) -> tuple[str | None, ...]:
    more = term.more
    return (
        *(kind, term.code, term.label, term.definition, term.kind, term.starts, term.ends),
        _folded(term.code, vocabulary) if kind == "countries" else None,
        *(more.get("alpha3"), more.get("official_name"), more.get("crs")),
    )


def _folded(code: str, vocabulary: Vocabulary) -> str | None:
    """Return the end of the chain of ``folds_into``; None if there is none."""
    chain = [code]
    while term := vocabulary.countries.get(chain[-1]):
        successor = term.more.get("folds_into")
        if not successor or successor in chain:
            break
        chain.append(successor)
    return chain[-1] if len(chain) > 1 else None


def _members(vocabulary: Vocabulary) -> Iterator[tuple[str | None, ...]]:
    for region in vocabulary.regions.values():
        members: list[dict[str, Any]] = region.more.get("members", [])
        for member in members:
            starts, ends = member.get("from"), member.get("until")
            first = bounds(starts)[0] if starts else None
            last = bounds(ends)[1] if ends else None
            yield region.code, member["country"], first, last, starts, ends
