"""What the corpus keeps of a record, taken from its plain data, valid or not."""

from collections.abc import Mapping
from sys import intern
from typing import Any

from healthcoop.checks.registry import RecordSummary
from healthcoop.model.parts import NOT_SIDES
from healthcoop.model.vocabulary import Vocabulary


def stub(path: str) -> RecordSummary:
    """Return the summary of a file without a usable id: its name, to which links still lead."""
    name = path.rpartition("/")[2]
    return RecordSummary(path, name.rpartition(".")[0] or name)


def summarise(vocabulary: Vocabulary, path: str, data: Mapping[str, Any]) -> RecordSummary:
    """Return what the corpus keeps of a record."""
    ident = data["id"] if "id" in data else stub(path).id
    if not isinstance(ident, str):
        return stub(path)
    kind = vocabulary.kind(str(data.get("type")))
    former_ids = _texts(data.get("former_ids"))
    links = _pairs(data.get("links"), "rel", "record")
    if "withdrawn" in data:
        withdrawn = data["withdrawn"]
        replaced_by = withdrawn.get("replaced_by") if isinstance(withdrawn, dict) else None
        return RecordSummary(
            path,
            ident,
            kind,
            former_ids=former_ids,
            links=links,
            withdrawn=True,
            replaced_by=_texts(replaced_by),
        )
    day = data.get("date")
    return RecordSummary(
        path,
        ident,
        kind,
        intern(day) if isinstance(day, str) else "",
        _sides(data.get("parties")),
        former_ids,
        links,
        _pairs(data.get("people"), "name", "party"),
        _pairs(data.get("identifiers"), "scheme", "value"),
        accessed=_latest(data.get("sources")),
    )


def _latest(sources: Any) -> str:
    """Return the latest day on which a source was read; empty for none."""
    days = [source.get("accessed") for _, source in _items(sources)]
    return intern(max([day for day in days if isinstance(day, str)], default=""))


def _items(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """Return the number of each item of a list that is a mapping, and the item."""
    items = value if isinstance(value, list) else ()
    return [(number, item) for number, item in enumerate(items) if isinstance(item, dict)]


def _pairs(value: Any, one: str, other: str) -> tuple[tuple[int, str, str], ...]:
    """Return the number and two texts of each item that has both."""
    return tuple(
        [
            (number, intern(first), intern(second))
            for number, item in _items(value)
            if isinstance(first := item.get(one), str)
            and isinstance(second := item.get(other), str)
        ]
    )


def _sides(parties: Any) -> tuple[str, ...]:
    """Return the codes of the parties that are sides."""
    return tuple(
        [
            intern(code)
            for _, party in _items(parties)
            if isinstance(code := party.get("country", party.get("organisation")), str)
            and party.get("role") not in NOT_SIDES
        ]
    )


def _texts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else ()
    return tuple(item for item in items if isinstance(item, str))
