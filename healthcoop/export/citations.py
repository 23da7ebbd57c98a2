"""Citations of a record and of the data set: BibTeX and CSL JSON."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from healthcoop.export.extract import Extract
from healthcoop.export.markup import web_address
from healthcoop.export.provenance import Provenance
from healthcoop.files.visible import visible
from healthcoop.model import dates
from healthcoop.model.record import Record
from healthcoop.model.vocabulary import Vocabulary

_LATEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts an escaped brace too, so a single one would unbalance the entry.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}

DATA_SET = "data-set"
"""The key of the data set's own citation; a record's id begins with a year."""
_NO_KEY = re.compile(r"[^A-Za-z0-9.:/+-]")  # what a valid id never has; a key has no escapes


def write_bibtex(extract: Extract) -> Iterator[str]:
    """Write an entry for the data set, in its version, and one for each record."""
    yield data_set_bibtex(extract.provenance)
    for indexed in extract.records():
        yield "\n" + bibtex(indexed.record, indexed.kind, extract.vocabulary)


def write_csl(extract: Extract) -> Iterator[str]:
    """Write an array: an item for the data set, in its version, and one for each record."""
    yield "[\n" + json.dumps(data_set_csl(extract.provenance), ensure_ascii=False)
    for indexed in extract.records():
        item = csl(indexed.record, indexed.kind, extract.vocabulary)
        yield ",\n" + json.dumps(item, ensure_ascii=False)
    yield "\n]\n"


def bibtex(record: Record, kind: str, names: Vocabulary) -> str:
    """Return a BibTeX entry.

    biblatex's ``date`` takes EDTF except "one of a set"; ``year`` is for older styles. A text that
    is not a valid date, which a withdrawn record may have, is left out.
    """
    when = dates.read(record.date)
    is_set = when is not None and when.form == "set"
    note = f"healthcoop record {record.id}" + (f", dated {record.date}" if is_set else "")
    fields = {
        # The inner braces preserve upper case: titles contain names of states.
        "title": f"{{{_latex(_title(record))}}}",
        "author": " and ".join(f"{{{_latex(name)}}}" for name in _authors(record, names)),
        "date": record.date if when and not is_set else "",
        "year": str(when.year) if when and when.earliest and when.latest else "",
        "type": _latex(names.types[record.type].label if record.type in names.types else kind),
        "url": web_address(_url(record)),
        "note": _latex(note),
    }
    return _entry("misc", record.id, fields)


def csl(record: Record, kind: str, names: Vocabulary) -> dict[str, Any]:
    """Return a CSL JSON item (CSL 1.0.2 data schema: ``treaty`` or ``event``)."""
    item: dict[str, Any] = {
        "id": record.id,
        "type": "treaty" if kind == "instrument" else "event",
        "title": _title(record),
        "author": [{"literal": name} for name in _authors(record, names)],
        "genre": names.label_in("types", record.type),
        "URL": _url(record),
        "abstract": record.summary,
        "note": f"healthcoop record {record.id}",
    }
    if record.places:
        item["event-place" if kind == "encounter" else "publisher-place"] = str(record.places[0])
    issued = _issued(record.date)
    return {**item, "issued": issued} if issued else item


def data_set_bibtex(provenance: Provenance) -> str:
    """Return the entry: biblatex's type for data sets, which older styles treat as ``misc``."""
    fields = {
        "title": f"{{{_latex(provenance.title)}}}",
        "author": " and ".join(f"{{{_latex(name)}}}" for name in provenance.authors),
        "date": provenance.day,
        "year": provenance.day[:4],
        "version": _latex(provenance.version),
        "note": _latex(_data_set_note(provenance)),
    }
    return _entry("dataset", DATA_SET, fields)


def data_set_csl(provenance: Provenance) -> dict[str, Any]:
    """Return the item of the data set itself."""
    item: dict[str, Any] = {
        "id": DATA_SET,
        "type": "dataset",
        "title": provenance.title,
        "author": [{"literal": name} for name in provenance.authors],
        "version": provenance.version,
        "note": _data_set_note(provenance),
    }
    issued = _issued(provenance.day)
    return {**item, "issued": issued} if issued else item


def _data_set_note(provenance: Provenance) -> str:
    data = provenance.as_data()
    changed = ", with changes that are not committed" if provenance.modified else ""
    commit = f"commit {provenance.revision}{changed}" if provenance.revision else ""
    return "; ".join(filter(None, (commit, data["licence"], data["format"])))


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{_NO_KEY.sub('_', key)},", *lines, "}"]) + "\n"


def _title(record: Record) -> str:
    return record.official_title.text if record.official_title else record.title


def _authors(record: Record, names: Vocabulary) -> list[str]:
    return [names.label(party.code) for party in record.parties]


def _url(record: Record) -> str:
    return record.text_url or (record.sources[0].url if record.sources else "")


def _issued(text: str) -> dict[str, Any] | None:
    """Return a date as date-parts with its own precision, ``circa`` if it is qualified."""
    when = dates.read(text)
    if when is None:
        return None
    ends = [when.starts, when.ends] if when.form == "interval" else [when]
    parts = [
        [int(part) for part in re.findall(r"[0-9]+", end.text)]
        for end in ends
        if end is not None and end.form == "date" and "X" not in end.text
    ]
    if len(parts) != len(ends):
        return {"literal": text}
    issued: dict[str, Any] = {"date-parts": parts}
    return {**issued, "circa": True} if when.qualified else issued


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in visible(text))
