"""The effects of links on the time in force: supersede, terminate, renew, amend.

In the record format, superseding and terminating links end what they point to. In full, X
being the instrument that has the link and Y the one it points to:

- **supersedes, terminates**: from X's earliest possible start on nothing of Y is certain; after X's
  latest stated start Y is not in force. Where Y has more than two parties and not all of them are
  parties of X, Y may stay in force between the others (Vienna Convention on the Law of Treaties,
  articles 30(4) and 59): nothing is certain any more, but the answer is never ``no``. With two
  parties, Y ends regardless of the parties of X: a successor state may have replaced one.
- **renews**: Y stays in force or X replaces it, and the link does not say which. So from X's
  earliest possible start on nothing of Y is certain, unless its record states an end, or was
  checked for one; and where Y would lapse with its period or term, it is possible up to the last
  possible day of X, and of what renews X. One that begins after Y lapsed has no effect, and
  none outlasts a stated ``ended``.
- **amends**: Y stays as it is: its terms are recorded as they are now. An X that amends one
  instrument only is not in force after Y's last possible day, links included; but an X that was
  checked for an end, and has none (``ended: none``), goes by its own record, and an X that itself
  ends Y does not end with it.

Links of withdrawn records, of encounters, of a record to itself and to what is not in the data set
have no effect.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Literal, TypeVar

from healthcoop.model.dates import Days
from healthcoop.model.record import Record, Terms
from healthcoop.model.stated import in_words
from healthcoop.model.status import Bounds, entry_into_force, span

ENDING = {"supersedes": "superseded", "terminates": "terminated"}
"""The relations that end what they point to, and the word for the result."""
RELATIONS = (*ENDING, "renews", "amends")
"""The relations that affect when an instrument was in force."""

StatedEnd = Literal["ended", "none"] | None

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument by its own record alone, withdrawn or not: the input of ``bounds``.

    ``dated`` is the record's date, ``begins`` its ``entry_into_force``, ``ends`` its last possible
    day, ``end`` its ``stated_end``, ``parties`` those it binds.
    """

    id: str
    dated: str
    begins: Days
    ends: date | None
    end: StatedEnd
    parties: frozenset[str]

    @classmethod
    def of(cls, record: Record) -> "Instrument":
        """Return the instrument of a record."""
        return cls(
            record.id,
            record.date,
            entry_into_force(record),
            span(record).possible_until,
            stated_end(record),
            frozenset(party.code for party in record.sides),
        )

    def can_end(self, other: "Instrument") -> bool:
        """Return whether it can end another: one of two parties, or one between its own parties."""
        return len(other.parties) <= _TWO or other.parties <= self.parties


_TWO = 2
_LONGEST_CHAIN = 100  # of amendments; a real one has two or three


def stated_end(record: Record) -> StatedEnd:
    """Return whether a record states a day of its end, or that there was none when checked."""
    terms = record.terms or Terms()
    if terms.ended == "none":
        return "none" if terms.checked not in (None, "unknown") else None
    return "ended" if terms.ended not in (None, "unknown") else None


def bounds(
    instruments: Mapping[K, Instrument], links: Iterable[tuple[K, str, K | None]]
) -> dict[K, Bounds]:
    """Return the effects of links on each instrument that they affect.

    A link is its source, its relation and its target; None for a target outside the data set.
    """
    network = _Network(instruments, links)
    found = {key: network.bounds(key) for key in [*network.later, *network.amends]}
    return {key: each for key, each in found.items() if each}


class _Network(Generic[K]):
    """Instruments, the later ones that link to each (with the relation), and what each amends."""

    def __init__(
        self, instruments: Mapping[K, Instrument], links: Iterable[tuple[K, str, K | None]]
    ) -> None:
        self.instruments = instruments
        self.later: dict[K, list[tuple[str, K]]] = {}
        self.amends: dict[K, list[K | None]] = {}
        for one, rel, other in dict.fromkeys(links):
            if rel not in RELATIONS or one == other or one not in instruments:
                continue
            if rel == "amends":
                self.amends.setdefault(one, []).append(other)
            elif other is not None and other in instruments:
                self.later.setdefault(other, []).append((rel, one))

    def bounds(self, key: K) -> Bounds | None:
        """Return the effects of links on one instrument; None where there are none."""
        later = self.later.get(key, [])
        settled = self.instruments[key].end is not None
        begun = [self._begins(other) for rel, other in later if rel in ENDING or not settled]
        last = self.ends(key)
        words = [words for _, words in sorted(self._effect(link, key, last) for link in later)]
        for amended in self._amended(key):
            end = self.ends(amended, but=key)
            if end and (last is None or end < last):
                last = end
                words.append(f"it amends {self.instruments[amended].id}, which ended by {end}")
        return Bounds(min(begun, default=None), last, "; ".join(words)) if words else None

    def ends(self, key: K, *, but: K | None = None) -> date | None:
        """Return the last possible day of an instrument, apart from what it amends.

        The effect of the links of one other (``but``) is left out.
        """
        last = self.instruments[key].ends
        if self.instruments[key].end != "ended" and last:
            for other in sorted(self._renewals(key), key=self._begins):
                if last and self._begins(other) <= _day_after(last):
                    end = self._limited(other, self.instruments[other].ends, but)
                    last = max(last, end) if end else None
        return self._limited(key, last, but)

    def _limited(self, key: K, last: date | None, but: K | None) -> date | None:
        """Limit a last possible day by the instruments that end this one."""
        stated = [
            self.instruments[other].begins[1]
            for rel, other in self.later.get(key, ())
            if rel in ENDING
            and other != but
            and self.instruments[other].can_end(self.instruments[key])
        ]
        return min([day for day in (last, *stated) if day], default=None)

    def _begins(self, key: K) -> date:
        return self.instruments[key].begins[0] or date.min

    def _renewals(self, key: K) -> set[K]:
        """Return what renews an instrument, what renews that, and so on."""
        found: set[K] = set()
        queue = [key]
        while queue:
            direct = {other for rel, other in self.later.get(queue.pop(), ()) if rel == "renews"}
            queue += direct - found
            found |= direct
        return found - {key}

    def _amended(self, key: K) -> list[K]:
        """Return the one that an instrument amends, the one that this amends, and so on.

        At most _LONGEST_CHAIN, so that the work grows with the records, and not with their square.
        None for an instrument that was checked for an end and has none.
        """
        path: dict[K, None] = {}  # in their order
        while len(path) < _LONGEST_CHAIN and self._amends_one(key):
            (one,) = self.amends[key]
            if one is None or one not in self.instruments or one in path:
                break
            path[one] = None
            key = one
        return [*path]

    def _amends_one(self, key: K) -> bool:
        return self.instruments[key].end != "none" and len(self.amends.get(key, ())) == 1

    def _effect(self, link: tuple[str, K], key: K, last: date | None) -> tuple[date, str]:
        """Return the day by which the effect of a link is sorted, and the effect in words."""
        rel, other = link
        one = self.instruments[other]
        done = ENDING.get(rel, "renewed")
        if rel in ENDING and not one.can_end(self.instruments[key]):
            done += " for some of its parties"
        if rel == "renews" and last and self._begins(other) > _day_after(last):
            done += " after a gap"
        since = f"in force from {in_words(one.begins)}"
        if one.begins[1] is None:
            since = f"dated {one.dated}, no entry into force stated"
        return self._begins(other), f"{done} by {one.id} ({since})"


def _day_after(day: date) -> date:
    return day + timedelta(1) if day < date.max else day
