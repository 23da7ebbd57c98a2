"""A naive implementation of "in force on a day": the rule evaluated for each day by itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property

from healthcoop.model.dates import Days, add, duration, parse, widen
from healthcoop.model.record import Party, Record, Terms

NO, CERTAIN, POSSIBLE = "no", "certain", "possible"


def days(text: str | None) -> Days:
    return widen(parse(text)) if is_date(text) and text else (None, None)


def is_date(text: str | None) -> bool:
    return text not in (None, "unknown", "none")


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
    bound = sides(record)
    dated = days(record.date)[0]

    # The start: every stated one, and whether they are the start of the whole.
    if is_date(terms.in_force):
        starts, complete = [days(terms.in_force)], True
    elif terms.in_force == "none":
        starts, complete = [], False
    else:
        starts = [days(party.in_force) for party in bound if is_date(party.in_force)]
        complete = len(starts) == len(bound)
        starts = starts if complete or len(bound) < 3 else []
    starts = [(first or _earlier(dated, last), last) for first, last in starts]
    begun = None
    if starts and complete and all(last for _, last in starts):
        begun = max(last for _, last in starts if last)
    firsts = [first for first, _ in starts]
    if is_date(terms.provisional):
        first, last = days(terms.provisional)
        firsts.append(first or _earlier(dated, last))
    not_yet = all(first is not None and day < first for first in firsts or [dated])
    if terms.in_force == "none" and not is_date(terms.provisional):
        looked = days(terms.checked)[0]
        not_yet = not_yet or (looked is not None and day <= looked)

    # The end of its own time, and whether it is over then.
    lapses: list[Days] = []
    if terms.period and "/" in terms.period and not terms.period.endswith(".."):
        lapses.append(days(terms.period.split("/")[1] or None))
    if terms.term and terms.term.startswith("P"):
        length = duration(terms.term)
        early = [first and add(first, length) for first, _ in starts]
        late = [last and add(last, length) for _, last in starts]
        lapses.append(
            (
                min(filter(None, early)) if early and all(early) else None,
                max(filter(None, late)) if late and all(late) and complete else None,
            )
        )
    not_renewed = lapses if terms.renewal == "none" else []
    checked = [days(terms.checked)] if terms.ended == "none" and is_date(terms.checked) else []
    ended = [days(terms.ended)] if is_date(terms.ended) else []
    if [*ended, *not_renewed]:
        running = all(first is not None and day < first for first, _ in [*ended, *not_renewed])
    else:
        running = any(first is not None and day <= first for first, _ in checked)
        running = running or any(first is not None and day < first for first, _ in lapses)
    last_days = [last for _, last in ended or (not_renewed and [*not_renewed, *checked])]
    over = bool(last_days) and all(last is not None and day > last for last in last_days)

    doubts = [days(party.left) for party in bound if party.left and len(bound) < 3]
    if terms.end_reason in ("terminated", "superseded") and not is_date(terms.ended):
        doubts.append((None, None))
    doubted = any(first is None or day >= first for first, _ in doubts)

    begins = begun is not None and begun <= day
    certain = begins and running and not (doubted or not_yet or over)
    return Now(not_yet, over, certain, begun)


def _earlier(dated: date | None, last: date | None) -> date | None:
    return last if dated and last and last < dated else dated


def sides(record: Record) -> list[Party]:
    return [party for party in record.parties if party.role not in ("observer", "depositary")]


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
        if not {*parties} <= _bound(record):
            return NO
        answers = {self._whole(ident, day)}
        answers |= {self._of_party(record, code, day) for code in parties}
        if NO in answers:
            return NO
        return CERTAIN if answers == {CERTAIN} else POSSIBLE

    def _whole(self, ident: str, day: date) -> str:
        now = on_day(self.instruments[ident], day)
        if now.not_yet or any(
            not self._not_ended(one, day, ident) for one in (ident, *self._amended(ident))
        ):
            return NO
        later = self._later(ident, "supersedes", "terminates")
        if not _end_is_stated(self.instruments[ident]):
            later += self._later(ident, "renews")
        replaced = any(not on_day(other, day).not_yet for other in later)
        return CERTAIN if now.certain and not replaced else POSSIBLE

    @cached_property
    def _linking(self) -> Mapping[str, dict[str, Record]]:
        """The records that link to an instrument, by its id and theirs."""
        found: dict[str, dict[str, Record]] = {}
        for record in self.instruments.values():
            for link in record.links:
                if link.record and not record.withdrawn:
                    found.setdefault(self.names(link.record), {})[record.id] = record
        return found

    def _later(self, ident: str, *rels: str) -> list[Record]:
        return [
            record
            for record in self._linking.get(ident, {}).values()
            if record.id != ident
            and any(
                link.rel in rels and link.record and self.names(link.record) == ident
                for link in record.links
            )
        ]

    def _superseded(self, ident: str, day: date, but: str) -> bool:
        codes = _bound(self.instruments[ident])
        for other in self._later(ident, "supersedes", "terminates"):
            if other.id == but:
                continue
            rest = codes - _bound(other)
            begun = on_day(other, day).begun
            if (not rest or len(codes) < 3) and begun is not None and begun < day:
                return True
        return False

    def _not_ended(self, ident: str, day: date, but: str) -> bool:
        """Return whether it had not ended by a day, whatever became of what it amends.

        An instrument that is not ended with what it amends (``but``) may have ended it itself.
        """
        if self._superseded(ident, day, but):
            return False
        record = self.instruments[ident]
        if not on_day(record, day).over:
            return True
        if record.terms and is_date(record.terms.ended):
            return False
        step = day
        while on_day(record, step).over:
            if step == date.min or not self._is_renewed(ident, step, but):
                return False
            step -= timedelta(1)
        return True

    def _is_renewed(self, ident: str, day: date, but: str) -> bool:
        """Return whether a renewal, or a renewal of a renewal, was in force on a day."""
        return any(
            not now.not_yet and not now.over and not self._superseded(one, day, but)
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
            checked = record.terms and record.terms.ended == "none" and _end_is_stated(record)
            if record.withdrawn or len(targets) != 1 or checked:
                return
            (ident,) = targets
            if ident not in self.instruments or ident in seen:
                return
            seen.append(ident)
            yield ident

    @staticmethod
    def _of_party(record: Record, code: str, day: date) -> str:
        party = next(party for party in sides(record) if party.code == code)
        first, last = days(party.left)
        if party.left and last is not None and day > last:
            return NO
        answer = _own_consent(record, party, day)
        if answer == CERTAIN and party.left and (first is None or day >= first):
            return POSSIBLE
        return answer


def _own_consent(record: Record, party: Party, day: date) -> str:
    """Return whether the party was bound on a day on which the instrument was in force."""
    terms, bound = record.terms or Terms(), sides(record)
    if len(bound) < 3 and is_date(terms.in_force):
        return CERTAIN
    if _consents(party):
        return _consented(party, day)
    if party.ratified == "none":
        looked = days(terms.checked)[0]
        return NO if looked is not None and day <= looked else POSSIBLE
    begun, signed = on_day(record, day).begun, days(party.signed)[0]
    late = begun and signed and signed > begun
    unknown = "unknown" in (party.in_force, party.acceded, party.ratified)
    return POSSIBLE if late or unknown or any(map(_consents, bound)) else CERTAIN


def _consented(party: Party, day: date) -> str:
    dates = [days(one) for one in _consents(party)]
    if all(first is not None and day < first for first, _ in dates):
        return NO
    if is_date(party.in_force):
        effect = [days(party.in_force)[1]]
    else:
        effect = [last and add(last, duration("P1Y")) for _, last in dates]
    return CERTAIN if any(last is not None and day >= last for last in effect) else POSSIBLE


def _consents(party: Party) -> list[str]:
    stated = (party.ratified, party.acceded, party.in_force)
    return [one for one in stated if one and is_date(one)]


def _bound(record: Record) -> set[str]:
    return {party.code for party in sides(record)}


def _end_is_stated(record: Record) -> bool:
    terms = record.terms or Terms()
    return is_date(terms.checked) if terms.ended == "none" else is_date(terms.ended)
