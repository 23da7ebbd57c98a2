"""A row and a mapping: the data of a record, or why the row does not become one."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from healthcoop.contribute.importing.mapping import ImportMapping
from healthcoop.contribute.importing.parties import Data, PartyReader
from healthcoop.contribute.importing.rows import Row, Value
from healthcoop.contribute.importing.template import RowRefused, evaluate, text_of
from healthcoop.contribute.party_names import PartyNames
from healthcoop.errors import HealthcoopError
from healthcoop.model import dates
from healthcoop.model.dates import DateError, Days
from healthcoop.model.vocabulary import Vocabulary

UNDATED: Days = (None, None)


@dataclass(frozen=True, slots=True)
class LeftOut(Exception):
    """A row that the mapping leaves out, with the reason."""

    reason: str


class RecordBuilder:
    """Builds records from the rows of one file."""

    def __init__(self, mapping: ImportMapping, vocabulary: Vocabulary) -> None:
        self._mapping = mapping
        languages = [name for name in mapping.languages if name != "en"]
        self._parties = PartyReader(vocabulary, PartyNames(vocabulary, languages))

    def check_columns(self, columns: Collection[str]) -> None:
        """Raise HealthcoopError where the mapping names columns that the file does not have."""
        if missing := sorted(self._mapping.columns.difference(columns)):
            from difflib import get_close_matches

            near = get_close_matches(missing[0], columns, n=1)
            listed = ", ".join(sorted(columns)[:20])
            hint = f"Did you mean {near[0]}?" if near else f"It has {listed}."
            raise HealthcoopError(f"the file has no column {', '.join(missing)}", hint=hint)

    def identifiers(self, row: Row) -> Any:
        """Return the identifiers of a row, by which its record is found again."""
        values = _Values(self._mapping, row, self._parties.code)
        return evaluate(self._mapping.record["identifiers"], values)

    def build(self, row: Row) -> Data:
        """Return the data of a record, without id and collection.

        Raises LeftOut for a row that is not to become a record, RowRefused for one that cannot.
        """
        values = _Values(self._mapping, row, self._parties.code)
        for entry in self._mapping.leave_out:
            text = text_of(values.raw(entry.column))
            if text in entry.values if entry.values else text:
                raise LeftOut(entry.reason or text)
        record = self._mapping.record
        date = evaluate(record.get("date", ""), values)
        when = dates.read(date) if isinstance(date, str) else None
        values.days = (when.earliest, when.latest) if when else UNDATED
        data: Data = {}
        for name, node in record.items():
            is_parties = name == "parties"
            value = (
                self._parties.read(node, values, values.days)
                if is_parties
                else evaluate(node, values)
            )
            if value:
                data[name] = value
        parties: list[Data] = data.get("parties", [])
        if len(parties) == 1 and "country" in parties[0]:
            raise RowRefused(f"{parties[0]['country']} is its only party")
        for source in data["sources"] if isinstance(data.get("sources"), list) else ():
            if isinstance(source, dict):
                remove_absent(source, data)
        return data


class _Values:
    """The values of a row by column, days and countries as in records."""

    def __init__(self, mapping: ImportMapping, row: Row, code: Callable[[str, Days], str]) -> None:
        self.days = UNDATED
        self._mapping = mapping
        self._code = code
        self._values = dict(row.values)
        for table in mapping.tables:
            added = table.rows.get(text_of(self._values.get(table.column, "")), {})
            self._values |= {name: value for name, value in added.items() if value}
        for name, cut in mapping.cuts.items():
            self._values[name] = cut.of(text_of(self._values.get(cut.column, "")))
        for name, value in self._values.items():
            if value and text_of(value) in mapping.absent:
                self._values[name] = ""

    def raw(self, name: str) -> Value:
        return self._values.get(name, "")

    def __call__(self, name: str) -> Value:
        value = self._values.get(name, "")
        if not value:
            return ""
        if name in self._mapping.dates:
            return _date(name, text_of(value), self._mapping.dates[name])
        if name in self._mapping.countries:
            return self._code(text_of(value), self.days)
        if isinstance(value, str) and (between := self._mapping.lists.get(name)):
            return [part.strip() for part in value.split(between) if part.strip()]
        return value


def _date(column: str, text: str, form: str) -> str:
    """Return a day of a register in EDTF; a text that is in EDTF already stays as it is."""
    pattern = re.escape(form)
    for letters in ("DD", "MM", "YYYY"):
        digits = "{4}" if letters == "YYYY" else "{1,2}"
        pattern = pattern.replace(letters, f"(?P<{letters}>[0-9]{digits})")
    match = re.fullmatch(pattern, text)
    if match:
        found = match.groupdict()
        steps = (found.get("YYYY"), found.get("MM"), found.get("DD"))
        day = "-".join(step.zfill(2) for step in steps if step)
    else:
        day = text
    try:
        return dates.parse(day).text
    except DateError:
        raise RowRefused(f"“{column}” is “{text}”, which is not a day as {form}") from None


def remove_absent(source: Data, data: Mapping[str, Any]) -> None:
    """Remove from ``supports`` what the record does not have."""
    if isinstance(names := source.get("supports"), list):
        kept = [name for name in names if any(_values_at(data, str(name).split(".")))]
        source["supports"] = kept
        if not kept:
            del source["supports"]


def _values_at(value: Any, path: list[str]) -> Iterator[bool]:
    """Yield for each value at a dotted path that there is one, in lists too."""
    if not path:
        yield True
    elif isinstance(value, list):
        for item in value:
            yield from _values_at(item, path)
            if isinstance(item, Mapping) and path[0] in (
                item.get("country"),
                item.get("organisation"),
            ):
                yield from _values_at(item, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _values_at(value[path[0]], path[1:])
