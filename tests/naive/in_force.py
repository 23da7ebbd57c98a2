"""A naive implementation of "in force on a day": the rule evaluated for each day by itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from healthcoop.model.dates import Days, add, duration, parse, widen
from healthcoop.model.record import Party, Record, Terms

NO, CERTAIN, POSSIBLE = "no", "certain", "possible"


def days(text: str | None) -> Days:
    return widen(parse(text)) if is_date(text) and text else (None, None)


def is_date(text: str | None) -> bool:
    return text not in (None, "unknown", "none")


def naive_answer(record: Record, day: date, successors: Iterable[Days] = ()) -> str:
    """Apply the rule to one day; ``successors`` have all of the parties."""
    now = on_day(record, day)
    over = now.over or any(last is not None and day > last for _, last in successors)
    if now.not_yet or over:
        return NO
    replaced = any(first is None or day >= first for first, _ in successors)
    return CERTAIN if now.certain and not replaced else POSSIBLE


@dataclass(frozen=True)
class Now:
    """What follows for a day from the record alone; ``begun`` is its latest stated start."""

    not_yet: bool
    over: bool
    certain: bool
    begun: date | None


@cache
def on_day(record: Record, day: date) -> Now:
    terms = record.terms or Terms()
    bound = [party for party in record.parties if party.role != "observer"]
    own = [party.in_force for party in bound]
    dated = days(record.date)[0]

    # The start: the earliest possible day, and the stated ones.
    if is_date(terms.in_force):
        first = days(terms.in_force)[0] or dated
        starts = [(first, days(terms.in_force)[1])]
    else:
        first = dated
        starts = [(days(one)[0] or dated, days(one)[1]) for one in own if is_date(one)]
        starts = starts if len(starts) == len(own) else []
    not_yet = first is not None and day < first
    stated = [last for _, last in starts if last is not None]
    begun = max(stated) if starts and len(stated) == len(starts) else None

    # The stated ends, as pairs of earliest and latest day.
    lapses: list[Days] = []
    if terms.period and "/" in terms.period and not terms.period.endswith(".."):
        lapses.append(days(terms.period.split("/")[1] or None))
    if terms.term and terms.term.startswith("P"):
        length = duration(terms.term)
        ends = [
            [bound and add(bound, length) for bound in bounds]
            for bounds in zip(*starts, strict=True)
        ]
        lapses.append(
            (
                min(ends[0]) if ends and None not in ends[0] else None,
                max(ends[1]) if ends and None not in ends[1] else None,
            )
        )
    stated_ends = [] if terms.renewal == "automatic" else list(lapses)
    if is_date(terms.ended):
        stated_ends.append(days(terms.ended))
    elif terms.ended == "none" and is_date(terms.checked):
        stated_ends.append(days(terms.checked))

    doubts = []
    if len(bound) < 3:
        doubts += [days(party.left) for party in bound if party.left]
    if terms.end_reason in ("terminated", "superseded") and not is_date(terms.ended):
        doubts.append((None, None))
    running = bool(stated_ends) and all(
        earliest is not None and day < earliest for earliest, _ in [*stated_ends, *doubts]
    )

    if is_date(terms.ended):
        last_days = [days(terms.ended)[1]]
    elif terms.renewal == "none":
        last_days = [last for _, last in stated_ends] if lapses else [None]
    else:
        last_days = [None]
    over = all(last is not None and day > last for last in last_days)
    certain = begun is not None and begun <= day and running and not not_yet and not over
    return Now(not_yet, over, certain, begun)


@dataclass
class Network:
    """Instruments and the links between them, evaluated for each day.

    ``instruments`` are by id; links of other records have no effect. ``names`` resolves the id in
    a link to a current one.
    """

    instruments: Mapping[str, Record]
    names: Callable[[str], str] = field(default=lambda ident: ident)

    def answer(self, ident: str, day: date, *parties: str) -> str:
        """Return the answer for the instrument, for a party, or between parties."""
        record = self.instruments[ident]
        answers = {self._whole(ident, day)}
        answers |= {self._of_party(record, code, day) for code in parties}
        if NO in answers:
            return NO
        return CERTAIN if answers == {CERTAIN} else POSSIBLE

    def _whole(self, ident: str, day: date) -> str:
        now = on_day(self.instruments[ident], day)
        if now.not_yet or any(
            not self._not_ended(one, day) for one in (ident, *self._amended(ident))
        ):
            return NO
        later = self._later(ident, "supersedes", "terminates")
        if not _end_is_stated(self.instruments[ident]):
            later += self._later(ident, "renews")
        replaced = any(not on_day(other, day).not_yet for other in later)
        return CERTAIN if now.certain and not replaced else POSSIBLE

    def _later(self, ident: str, *rels: str) -> list[Record]:
        return [
            record
            for record in self.instruments.values()
            if not record.withdrawn
            and record.id != ident
            and any(
                link.rel in rels and link.record and self.names(link.record) == ident
                for link in record.links
            )
        ]

    def _superseded(self, ident: str, day: date) -> bool:
        codes = _bound(self.instruments[ident])
        for other in self._later(ident, "supersedes", "terminates"):
            rest = codes - _bound(other)
            begun = on_day(other, day).begun
            if (not rest or len(codes) < 3) and begun is not None and begun < day:
                return True
        return False

    def _not_ended(self, ident: str, day: date) -> bool:
        """Return whether it had not ended by a day, whatever became of what it amends."""
        if self._superseded(ident, day):
            return False
        record = self.instruments[ident]
        if not on_day(record, day).over:
            return True
        if record.terms and is_date(record.terms.ended):
            return False
        step = day
        while on_day(record, step).over:
            if step == date.min or not self._is_renewed(ident, step):
                return False
            step -= timedelta(1)
        return True

    def _is_renewed(self, ident: str, day: date) -> bool:
        """Return whether a renewal, or a renewal of a renewal, was in force on a day."""
        return any(
            not now.not_yet and not now.over and not self._superseded(one, day)
            for one in self._renewals(ident)
            for now in [on_day(self.instruments[one], day)]
        )

    def _renewals(self, ident: str) -> set[str]:
        found: set[str] = set()
        grown = {ident}
        while grown - found:
            found |= grown
            grown = {other.id for one in found for other in self._later(one, "renews")}
        return found - {ident}

    def _amended(self, ident: str) -> Iterator[str]:
        seen = []
        while True:
            record = self.instruments[ident]
            links = [link for link in record.links if link.rel == "amends"]
            targets = {self.names(link.record) if link.record else "" for link in links}
            targets -= {ident}
            if record.withdrawn or len(targets) != 1:
                return
            (ident,) = targets
            if ident not in self.instruments or ident in seen:
                return
            seen.append(ident)
            yield ident

    @staticmethod
    def _of_party(record: Record, code: str, day: date) -> str:
        party = next(party for party in record.parties if party.code == code)
        begun = on_day(record, day).begun
        own = party.in_force if is_date(party.in_force) else party.acceded
        first = days(own)[0] if is_date(own) else None
        over = is_date(party.left) and (last := days(party.left)[1]) is not None and day > last
        if (first and day < first) or over:
            return NO
        doubts = [days(party.left)[0] or date.min] if party.left else []
        if any(day >= earliest for earliest in doubts) or begun is None:
            return POSSIBLE
        return CERTAIN if _certainly_bound(party, begun, day) else POSSIBLE


def _bound(record: Record) -> set[str]:
    return {party.code for party in record.parties if party.role != "observer"}


def _end_is_stated(record: Record) -> bool:
    terms = record.terms or Terms()
    return is_date(terms.checked) if terms.ended == "none" else is_date(terms.ended)


def _certainly_bound(party: Party, begun: date, day: date) -> bool:
    if party.role == "observer":
        return False
    if is_date(party.in_force):
        last = days(party.in_force)[1]
        return last is not None and last <= day
    if "unknown" in (party.in_force, party.acceded, party.ratified):
        return False
    if is_date(party.acceded):
        last = days(party.acceded)[1]
        if last is None or last > begun:
            return False
    firsts = [days(one)[0] for one in (party.signed, party.ratified) if is_date(one)]
    return not any(first and first > begun for first in firsts)
