"""The form of the page “Propose a record”: its fields, and what becomes of an answer.

``fields()`` and ``code_lists(vocabulary)`` describe the form: they are the table of fields and the
vocabularies, so that a new field is in the form as well. A ``Proposer`` returns the file, the
findings and the likely duplicates of a record's plain data. It runs in the browser too: nothing
here reads a file, an index or the network.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from healthcoop.checks import additions, duplicates, summaries
from healthcoop.checks.duplicates import DuplicatePair
from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Finding
from healthcoop.checks.registry import RecordSummary
from healthcoop.checks.rules.data_set import candidates
from healthcoop.checks.rules.sources import SUPPORTABLE
from healthcoop.checks.suppressions import Accepted, stem
from healthcoop.contribute.record_ids import path_of, propose_id
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.files import reader
from healthcoop.files.canonical import find_comments, layout
from healthcoop.files.visible import visible
from healthcoop.model import dates, spec
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.field import CODES, EDTF, Field
from healthcoop.model.shape import ShapeError
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.site.propose import advice

_NO_ID = "new-record"
"""The name of a file for which no id can be proposed yet."""

_PARTY_CODES = ("people.party", "funding.from")  # text fields with the code of a party
_FIELD_NAMES = ("sources.supports",)  # lists of the names of fields of the record
_MOST_PAIRS = 50  # of which the other record is read
_MOST_SHOWN = 5
_MISSING = "HC202"
_MISSING_NAME = re.compile("“([^”]+)”")  # the first word that its message quotes


def fields() -> list[dict[str, Any]]:
    """Return the fields of a record, in the order of the file, each as plain data.

    ``kind`` is that of ``Field``, or ``party`` for a text that is the code of a party, ``record``
    for the id of another record, ``names`` for a list of names of fields: of those that are
    ``supportable``. A ``part`` has ``fields``, a ``list`` an ``item``, a ``code`` the name of its
    list in ``code_lists``.
    """
    return [_described(field, field.path) for field in spec.fields_of("")]


def _described(field: Field, path: str) -> dict[str, Any]:
    inner = spec.fields_of(path) if field.kind == "part" else ()
    return {
        "name": field.name,
        "path": path,
        "kind": _kind(field, path),
        "title": field.title.removesuffix(" code"),
        "doc": _doc(field, path),
        "examples": [example for example in field.examples if isinstance(example, str)],
        "required": field.required,
        "optional": field.optional,
        "instruments": field.instruments,
        "lookup": field.lookup,
        "supportable": _is_supportable(field, path),
        "most": field.most,
        "choices": [{"value": key, "doc": doc} for key, doc in (field.choices or {}).items()],
        "codes": CODES[field.code].vocabulary if field.code else "",
        "item": _described(field.item, path) if field.item else None,
        "fields": [_described(one, one.path) for one in inner],
    }


def _doc(field: Field, path: str) -> str:
    """Return what the form says of a field: not what a list says itself, nor how to write dates."""
    if field.kind == "code":
        return ""
    return field.doc.partition(f" {EDTF}")[0] if "." in path else field.doc


def _is_supportable(field: Field, path: str) -> bool:
    """Return whether a source can support a field, of a party by its code: ``parties.AZ.left``."""
    part = path.rpartition(".")[0]
    if not part:
        return path in SUPPORTABLE
    return part == "terms" or (part == "parties" and field.kind == "date")


def _kind(field: Field, path: str) -> str:
    if path in _FIELD_NAMES:
        return "names"
    if path in _PARTY_CODES:
        return "party"
    is_id = field.pattern == spec.FIELDS["id"].pattern
    return "record" if is_id and path not in ("id", "former_ids") else field.kind


def code_lists(vocabulary: Vocabulary) -> dict[str, list[dict[str, Any]]]:
    """Return the code lists that a field can have: codes, labels, other names, definitions."""
    lists = dict.fromkeys(field.vocabulary for field in CODES.values())
    return {
        name: [
            {
                "code": term.code,
                "label": term.label,
                "names": list(term.names),
                "kind": term.kind,
                "doc": term.definition,
            }
            for term in vocabulary.terms(name).values()
            if not term.replaced_by
        ]
        for name in lists
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A record's file as it would be, and what is to be said about it."""

    path: str
    text: str
    findings: tuple[Finding, ...]
    duplicates: tuple[DuplicatePair, ...]

    def to_data(self) -> dict[str, Any]:
        """Return plain data: of a finding the keys of ``validate -f json``, but the fix.

        ``problem`` and ``advice`` are the message and the hint as the form shows them. ``field`` is
        the pointer to the field that it is about: of a missing one, which has no place in the file,
        where it would be.
        """
        return {
            "path": self.path,
            "id": stem(self.path),
            "text": self.text,
            "findings": [_plain(finding) for finding in self.findings],
            "duplicates": [self._other(pair) for pair in self.duplicates],
        }

    def _other(self, pair: DuplicatePair) -> dict[str, Any]:
        other = pair.other if pair.one.path == self.path else pair.one
        record = other.record
        return {
            "id": record.id,
            "title": visible(record.title),
            "date": visible(record.date),
            "score": pair.score,
            "reasons": [visible(reason) for reason in pair.reasons],
        }


def _plain(finding: Finding) -> dict[str, Any]:
    missing = _MISSING_NAME.search(finding.message) if finding.code == _MISSING else None
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
        "pointer": finding.pointer,
        "problem": advice.message(finding.message),
        "advice": advice.hint(finding.hint),
        "field": f"{finding.pointer}/{missing[1]}" if missing else finding.pointer,
        "missing": missing is not None,
    }


class Proposer:
    """Checks a record that somebody fills in, as ``validate`` would check its file."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        today: date,
        others: Sequence[RecordSummary],
        accepted: Sequence[Accepted],
        files: Mapping[str, bytes],
    ) -> None:
        """Take what the record is checked against; ``files`` are read for likely duplicates."""
        self._vocabulary = vocabulary
        self._today = today
        self._others = others
        self._accepted = accepted
        self._files = files

    def preview(self, data: Mapping[str, Any], *, path: str = "") -> Proposal:
        """Return the file of a record, its findings, and the records that may be the same event.

        ``path`` is that of an existing record. Without it, an ``id`` that is not in the data is
        proposed, where date and parties are enough for one.
        """
        data = dict(data)
        if not path:
            if "id" not in data and (proposed := self._proposed_id(data)):
                data = {"id": proposed, **data}
            path = _path(data.get("id"))
        text = layout(data)
        # A lone half of a surrogate pair is reported as what it is: not UTF-8.
        content = text.encode("utf-8", "surrogatepass")
        context = CheckContext(vocabulary=self._vocabulary, today=self._today)
        findings = additions.check(
            self._files, context, {path: content}, others=self._others, accepted=self._accepted
        )
        found = tuple(self._duplicates(path, data))
        return Proposal(path=path, text=text, findings=findings, duplicates=found)

    def find(self, name: str, text: str) -> dict[str, str]:
        """Return the code and label of an entry of a code list, or of a ``party``, by any name.

        For an unknown or ambiguous name: ``message`` and ``hint``.
        """
        known = self._vocabulary
        try:
            code = known.find_party(text) if name == "party" else known.find(name, text)
        except UnknownName as error:
            return {"message": error.message, "hint": error.hint}
        label = known.label(code) if name == "party" else known.label_in(name, code)
        return {"code": code, "label": label}

    def similar_ids(self, text: str) -> list[str]:
        """Return the ids of records with all words of a text, the latest first."""
        words = text.lower().split()
        ids = (entry.id for entry in self._others if not entry.withdrawn)
        return sorted((one for one in ids if all(word in one for word in words)), reverse=True)

    def _proposed_id(self, data: Mapping[str, Any]) -> str:
        with suppress(dates.DateError, ShapeError, HealthcoopError):
            return propose_id(data, self._vocabulary, self._taken)
        return ""

    @cached_property
    def _taken(self) -> frozenset[str]:
        ids = {entry.id for entry in self._others} | {stem(entry.path) for entry in self._others}
        return frozenset(ids.union(*(entry.former_ids for entry in self._others)))

    def _duplicates(self, path: str, data: Mapping[str, Any]) -> Iterator[DuplicatePair]:
        """Yield the likeliest pairs of the record and another."""
        new = summaries.summarise(self._vocabulary, path, data)
        sides = frozenset(new.sides)
        near = (other for other in self._others if not sides.isdisjoint(other.sides))
        both = [new, *(other for other in near if other.path != path)]
        pairs, _ = duplicates.likeliest(
            candidates(both), _MOST_PAIRS, among={path}, examined=len(both)
        )
        by_path = {entry.path: entry for entry in both}

        def read(at: str) -> IndexedRecord | None:
            with suppress(KeyError, OSError, ShapeError):
                found = data if at == path else reader.parse(self._files[at]).data
                return _indexed(found, by_path[at]) if found else None
            return None

        yield from duplicates.score_pairs(pairs, read)[:_MOST_SHOWN]


def _indexed(data: Mapping[str, Any], summary: RecordSummary) -> IndexedRecord:
    """Return a record with its parts read; raises ShapeError."""
    indexed = IndexedRecord(data, summary.path, summary.kind)
    _ = indexed.record
    return indexed


def _path(ident: object) -> str:
    name = ident if isinstance(ident, str) and ident and "/" not in ident else _NO_ID
    return path_of(name)


def read(content: bytes) -> dict[str, Any]:
    """Return the ``data`` of a record's file, and the number of ``comments``, which a form loses.

    For a file that is refused, ``data`` is None and ``message`` says why.
    """
    parsed = reader.parse(content)
    if parsed.data is None:
        problem = parsed.problems[0]
        return {"data": None, "message": problem.message, "comments": 0}
    return {"data": parsed.data, "message": "", "comments": len(find_comments(content))}
