"""What the pages of a topic or a year count in their own entries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary
    from healthcoop.site.entries import Entry


def by_kind(entries: "Sequence[Entry]") -> dict[str, int]:
    """Return the numbers of ``records``, ``instruments`` and ``encounters``."""
    kinds = Counter(entry.kind for entry in entries)
    return {
        "records": len(entries),
        "instruments": kinds["instrument"],
        "encounters": kinds["encounter"],
    }


def countries(entries: "Iterable[Entry]", names: "Vocabulary") -> list[tuple[str, int]]:
    """Return the codes of countries that are sides, each with its records, the most first."""
    counts = Counter(code for entry in entries for code in entry.sides if code in names.countries)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def as_data(entries: "Iterable[Entry]") -> Sequence[Mapping[str, Any]]:
    """Return entries for a JSON file: codes, and the parties in order."""
    return [
        {
            "id": entry.id,
            "date": entry.date,
            "type": entry.type,
            "kind": entry.kind,
            "title": entry.title,
            "parties": entry.parties,
            "topics": entry.topics,
            "status": entry.status,
        }
        for entry in entries
    ]
