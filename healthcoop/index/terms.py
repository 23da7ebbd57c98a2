"""The vocabularies as rows, and as the one JSON text that ``Index.vocabulary`` reads."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from healthcoop.files.record_format import read_schema
from healthcoop.files.vocabularies import load
from healthcoop.index.look import digest
from healthcoop.index.words import compact
from healthcoop.model.dates import bounds
from healthcoop.model.vocabulary import KINDS, Term, Vocabulary


class _Read(dict[str, bytes]):
    """The files that were asked for, so that what is hashed is what was read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def __missing__(self, path: str) -> bytes:
        content = self[path] = self._files[path]
        return content


def read(files: Mapping[str, bytes]) -> tuple[Vocabulary, bytes]:
    """Read the vocabularies, and give a hash of their files; raises InvalidSchema."""
    contents = _Read(files)
    read_schema(contents)  # records of a newer format must not be answered from
    vocabulary = load(contents)
    return vocabulary, digest(b"\0".join(contents[path] for path in sorted(contents)))


def store(connection: sqlite3.Connection, vocabulary: Vocabulary) -> None:
    """Put the vocabularies into their empty tables."""
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
    """Follow ``folds_into`` to its end; None where it leads nowhere."""
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
