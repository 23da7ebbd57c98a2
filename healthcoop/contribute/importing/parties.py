"""The parties of a row whose names are in a column, as registers list them.

::

    parties:
      - names: parties                # the column
        later: acceded                # what did not exist on the day joined later; else refused
        states_from: {KE: "1963"}     # the same for a state that a territory became
        extended_to: {GB: [Fiji]}     # names of territories, by the party that acts for them
        skip: ["{skip}"]              # names that are left out
"""

from collections.abc import Mapping
from typing import Any

from healthcoop.contribute.importing.rows import Value
from healthcoop.contribute.importing.template import NAMES, GetValue, RowRefused, evaluate
from healthcoop.contribute.party_names import NamedParty, PartyNames
from healthcoop.errors import UnknownName
from healthcoop.model import dates
from healthcoop.model.dates import Days
from healthcoop.model.vocabulary import Vocabulary

Data = dict[str, Any]
_SETTINGS = (NAMES, "later", "states_from", "extended_to", "skip")


class PartyReader:
    """Reads the parties of rows by a mapping."""

    def __init__(self, vocabulary: Vocabulary, names: PartyNames) -> None:
        self._vocabulary = vocabulary
        self._names = names

    def code(self, name: str, days: Days) -> str:
        """Return the code of the country or organisation of a day; raises RowRefused."""
        try:
            return self._names.resolve(name, days).code
        except UnknownName as error:
            raise RowRefused(f"{error.message}. {error.hint}".rstrip(" .")) from None

    def read(self, node: Any, get: GetValue, days: Days) -> list[Data]:
        """Return the parties of a template, each code once; raises RowRefused."""
        parties: dict[str, Data] = {}
        for item in node if isinstance(node, list) else [node]:
            if isinstance(item, Mapping) and NAMES in item:
                found = self._named(item, get, days)
            else:
                found = [party] if (party := evaluate(item, get)) else []
            for party in found:
                code = party.get("country") or party.get("organisation") or ""
                known = parties.setdefault(code, party)
                if known is not party and "acceded" not in party:  # as a party of the first day
                    known.pop("acceded", None)
                    known.pop("left", None)
        for party in parties.values():
            if extended := sorted(set(party.pop("extended_to", ())) - parties.keys()):
                party["extended_to"] = extended
        return [*parties.values()]

    def _named(self, item: Mapping[str, Any], get: GetValue, days: Days) -> list[Data]:
        skipped = set(evaluate(item.get("skip", []), get) or ())
        acts_for = {
            name: code for code, names in item.get("extended_to", {}).items() for name in names
        }
        rest = {key: value for key, value in item.items() if key not in _SETTINGS}
        more: Data = evaluate(rest, get) or {}
        parties: list[Data] = []
        territories: dict[str, list[str]] = {}
        for name in _texts(get(item[NAMES])):
            if name in skipped:
                continue
            if owner := acts_for.get(name):
                territories.setdefault(owner, []).append(self._territory(name, days))
            else:
                parties.append(self._party(name, days, item) | more)
        for party in parties:
            if extended := territories.pop(party.get("country", ""), None):
                party["extended_to"] = extended
        if territories:
            owner, codes = next(iter(territories.items()))
            raise RowRefused(
                f"{owner}, which acts for {', '.join(codes)}, is not among the parties"
            )
        return parties

    def _territory(self, name: str, days: Days) -> str:
        try:
            return self._names.find(name, days).code
        except UnknownName:
            return self.code(name, days)

    def _party(self, name: str, days: Days, item: Mapping[str, Any]) -> Data:
        if item.get("later") != "acceded":
            return self._data(self.code(name, days))
        try:
            found = self._names.find(name, days)
        except UnknownName:
            found = NamedParty(self.code(name, days), organisation=False)
        data = self._data(found.code)
        if found.absence.startswith("existed only until"):
            return self._data(self.code(name, days))
        if found.absence or _is_before(days, item.get("states_from", {}).get(found.code)):
            data["acceded"] = "unknown"
            if ends := self._vocabulary.countries[found.code].ends:
                data["left"] = f"[..{ends}]"
        return data

    def _data(self, code: str) -> Data:
        return {"country" if code in self._vocabulary.countries else "organisation": code}


def _texts(value: Value) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    return [text for text in (each.strip() for each in texts) if text]


def _is_before(days: Days, start: str | None) -> bool:
    since = dates.read(start) if start else None
    return bool(since and since.earliest and days[1] and days[1] < since.earliest)
