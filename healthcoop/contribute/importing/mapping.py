"""The mapping file of an import: which columns become which fields of a record.

::

    collection: uk-treaties-online-2026
    languages: [en]                   # of the names of countries
    dates: {signed_date: DD/MM/YYYY}  # columns with days, and how they are written
    countries: [signed_in]            # columns with the name of a country, which become its code
    lists: {parties: "; "}            # columns with several values, and what is between them
    cut: {text: {from: references, after: "||", before: ";"}}    # a new column
    tables: [{file: titles.csv, by: id}]       # more columns, found by the value of a column
    absent: [NA, "31.12.9999"]                 # texts of a cell that say nothing
    optional: [remarks]                        # columns that a file need not have
    based_on: uk-treaties                      # a preset: what is not here is as there
    leave_out:                                 # rows that are not to become records
      - {column: subject, values: [TRADE], reason: Not about health.}
    record:                                    # the record, with columns in braces
      type: "{type}"
      date: "{adopted_date|signed_date}"       # the first of these that is not empty
      identifiers: [{scheme: uk-treaties, value: "{id}"}]
      parties:
        - names: parties
      ...

In ``record``, a text whose columns are all empty is left out, and so is a mapping or list of which
nothing with a column is left. ``{match: column, cases: {value: ..., other: ...}}`` stands for the
case of a column's value; a value without a case refuses the row. What ``tables`` have for a row
replaces what is in it.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, NoReturn

from healthcoop.contribute.importing.rows import Value, read_table
from healthcoop.contribute.importing.template import CASES, NAMES, columns_of, parts
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.files import reader
from healthcoop.files.nodes import Pointer
from healthcoop.files.positions import Positions
from healthcoop.files.tree import MAX_BYTES
from healthcoop.model.spec import ORDER

_DATE_FORMAT = re.compile(r"(?:DD|MM|YYYY)(?:[-/. ](?:DD|MM|YYYY)){0,2}")
PARTY_KEYS = {NAMES, "extended_to", "states_from", "later", "skip"}
"""The keys of parties that are read from names."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a column: between two texts, from the first of them on."""

    column: str
    after: str
    before: str

    def of(self, text: str) -> str:
        """Return the part of a text; empty where ``after`` is not in it."""
        if self.after:
            text = text.partition(self.after)[2]
        if self.before:
            text = text.partition(self.before)[0]
        return text.strip()


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Rows that are left out: those with one of the values, or with any value, in a column."""

    column: str
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class AddedTable:
    """A table that adds columns to the rows with the same value of a column."""

    column: str
    rows: Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping:
    """A mapping file that has been checked."""

    collection: str
    languages: tuple[str, ...]
    dates: Mapping[str, str]
    countries: tuple[str, ...]
    lists: Mapping[str, str]
    cuts: Mapping[str, Cut]
    tables: tuple[AddedTable, ...]
    leave_out: tuple[LeaveOut, ...]
    absent: frozenset[str]
    optional: frozenset[str]
    record: Mapping[str, Any]

    @property
    def columns(self) -> set[str]:
        """The columns that a row must have: all that are named, but for those that are added."""
        named = {*self.dates, *self.countries, *self.lists, *columns_of(self.record)}
        named |= {cut.column for cut in self.cuts.values()}
        named |= {entry.column for entry in self.leave_out}
        added = {name for table in self.tables for row in table.rows.values() for name in row}
        named -= self.cuts.keys() | added | self.optional
        return named | {table.column for table in self.tables}


PRESETS = Path(__file__).parent / "presets"
"""The folder of the mappings that the package has."""


def presets() -> dict[str, str]:
    """Return what each preset is for, by name: the first sentence of its file."""
    first = {path.stem: path.read_text("utf-8") for path in sorted(PRESETS.glob("*.yaml"))}
    return {name: text.partition("\n#\n")[0].replace("\n#", "")[2:] for name, text in first.items()}


def read_mapping(name: str | os.PathLike[str]) -> ImportMapping:
    """Read a mapping file, or a preset by its name, and the tables that it names.

    Raises HealthcoopError, with file, line and column, for one that is invalid, and UnknownName for
    a name that is neither.
    """
    path = Path(name)
    if not path.suffix and not path.exists():
        path = _preset(path.name)
    content, data = _parse(path)
    base: dict[str, Any] = {}
    if isinstance(data.get("based_on"), str):
        base = _parse(_preset(data["based_on"]))[1]
    return _Reader(path, content, data, base).mapping()


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping file's data with what its preset has beside it, in each of its mappings."""
    sections = {
        key: {**value, **own[key]}
        for key, value in base.items()
        if isinstance(value, dict) and isinstance(own.get(key), dict)
    }
    return {**base, **own, **sections}


def _preset(name: str) -> Path:
    known = presets()
    if name not in known:
        choice = f"Write the path of a mapping file, or one of {', '.join(known)}."
        raise UnknownName("mapping", name, otherwise=choice)
    return PRESETS / f"{name}.yaml"


def _parse(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise HealthcoopError(f"cannot read {path}: {error.strerror or error}") from None
    parsed = reader.parse(content)
    if parsed.data is None or parsed.problems:
        problem = parsed.problems[0]
        place = f"{path}:{problem.span.line}:{problem.span.column}"
        raise HealthcoopError(f"{place}: {problem.message}", hint=problem.hint)
    return content, parsed.data


class _Reader:
    """Checks the data of a mapping file; the first mistake raises HealthcoopError."""

    def __init__(
        self, path: Path, content: bytes, data: dict[str, Any], base: dict[str, Any]
    ) -> None:
        self.path = path
        self.content = content
        self.data = data
        self.base = base

    def mapping(self) -> ImportMapping:
        known = {"collection", "languages", "dates", "countries", "lists", "cut", "tables"}
        known |= {"absent", "based_on", "leave_out", "optional"}
        self.check_keys(self.data, (), {*known, "record"}, required={"record"})
        if "based_on" in self.data:
            self.text(("based_on",))
            self.data = _merged(self.base, self.data)
        self.check_record()
        return ImportMapping(
            collection=self.text(("collection",)) if "collection" in self.data else "",
            languages=self.texts(("languages",)),
            dates=self.pairs(("dates",), self.check_date_format),
            countries=self.texts(("countries",)),
            lists=self.pairs(("lists",)),
            cuts={name: self.cut(("cut", name)) for name in self.section("cut", dict)},
            tables=tuple(self.table(("tables", n)) for n in self.numbers("tables")),
            leave_out=tuple(self.left_out(("leave_out", n)) for n in self.numbers("leave_out")),
            absent=frozenset(self.texts(("absent",))),
            optional=frozenset(self.texts(("optional",))),
            record=self.data["record"],
        )

    def fail(self, at: Pointer, message: str, *, on_key: bool = False, hint: str = "") -> NoReturn:
        positions = Positions(self.content)
        span = positions.key(at) if on_key else positions.value(at)
        raise HealthcoopError(f"{self.path}:{span.line}:{span.column}: {message}", hint=hint)

    def check_keys(
        self, value: Any, at: Pointer, known: set[str], *, required: set[str] | None = None
    ) -> None:
        if not isinstance(value, dict):
            self.fail(at, f"expected fields: {', '.join(sorted(known))}")
        for key in value:
            if key not in known:
                hint = f"Choose from {', '.join(sorted(known))}."
                self.fail((*at, key), f"unknown key “{key}”", on_key=True, hint=hint)
        if missing := sorted((required or set()) - value.keys()):
            self.fail(at, f"{' and '.join(missing)} missing")

    def at(self, at: Pointer) -> Any:
        value: Any = self.data
        for step in at:
            value = value[step]
        return value

    def names(self, at: Pointer) -> list[str]:
        value = self.at(at)
        if not isinstance(value, dict):
            self.fail(at, "expected a mapping")
        return [*value]

    def section(self, name: str, kind: type) -> Any:
        value = self.data.get(name, kind())
        if not isinstance(value, kind):
            self.fail((name,), f"expected {'a list' if kind is list else 'a mapping'}")
        return value

    def numbers(self, name: str) -> range:
        return range(len(self.section(name, list)))

    def text(self, at: Pointer) -> str:
        value = self.at(at)
        if not isinstance(value, str):
            self.fail(at, "expected a text")
        return value

    def texts(self, at: Pointer) -> tuple[str, ...]:
        if at[0] not in self.data or (len(at) > 1 and at[-1] not in self.at(at[:-1])):
            return ()
        value = self.at(at)
        if not isinstance(value, list):
            self.fail(at, "expected a list")
        return tuple(self.text((*at, number)) for number in range(len(value)))

    def pairs(
        self, at: Pointer, check: Callable[[Pointer, str], None] | None = None
    ) -> dict[str, str]:
        names = self.section(str(at[0]), dict)
        found = {name: self.text((*at, name)) for name in names}
        for name, text in found.items():
            if check:
                check((*at, name), text)
        return found

    def check_date_format(self, at: Pointer, text: str) -> None:
        letters = re.findall("[A-Z]+", text)
        if not _DATE_FORMAT.fullmatch(text) or len(set(letters)) < len(letters):
            self.fail(at, f"unknown date format “{text}”", hint="Write it as DD/MM/YYYY.")

    def cut(self, at: Pointer) -> Cut:
        self.check_keys(self.at(at), at, {"from", "after", "before"}, required={"from"})
        entry = {key: self.text((*at, key)) for key in self.at(at)}
        return Cut(entry["from"], entry.get("after", ""), entry.get("before", ""))

    def table(self, at: Pointer) -> AddedTable:
        self.check_keys(self.at(at), at, {"file", "by"}, required={"file", "by"})
        column, name = self.text((*at, "by")), self.text((*at, "file"))
        if PurePath(name).name != name:
            self.fail((*at, "file"), "expected the name of a file beside the mapping")
        return AddedTable(column, read_table(self.path.with_name(name), column))

    def left_out(self, at: Pointer) -> LeaveOut:
        self.check_keys(self.at(at), at, {"column", "values", "reason"}, required={"column"})
        reason = self.text((*at, "reason")) if "reason" in self.at(at) else ""
        return LeaveOut(self.text((*at, "column")), self.texts((*at, "values")), reason)

    def check_record(self) -> None:
        record = self.data["record"]
        self.check_keys(record, ("record",), set(ORDER[""]) - {"collection"})
        if not record.get("identifiers"):
            hint = "They find the record of a row again: {scheme: ..., value: ...}."
            self.fail(("record",), "identifiers missing", on_key=True, hint=hint)
        self.check_template(record, ("record",))
        at: Pointer = ("record", "parties")
        if not isinstance(record.get("parties", []), list):
            self.fail(at, "expected a list")
        for number, party in enumerate(record.get("parties", [])):
            self.check_party(party, (*at, number))

    def check_party(self, party: Any, at: Pointer) -> None:
        if isinstance(party, dict) and "match" in party:
            cases = [(*at, name) for name in ("other", "empty") if name in party]
            for case in (*cases, *((*at, "cases", name) for name in party["cases"])):
                self.check_keys(self.at(case), case, set(ORDER["parties"]))
            return
        if not isinstance(party, dict) or NAMES not in party:
            self.check_keys(party, at, set(ORDER["parties"]))
            return
        self.check_keys(party, at, PARTY_KEYS | set(ORDER["parties"]) - {"country", "organisation"})
        self.text((*at, NAMES))
        if party.get("later", "acceded") != "acceded":
            self.fail((*at, "later"), "expected “acceded”")
        for name in ("states_from", "extended_to"):
            for code in self.names((*at, name)) if name in party else ():
                if name == "states_from":
                    self.text((*at, name, code))
                else:
                    self.texts((*at, name, code))
        if "skip" in party:
            self.texts((*at, "skip"))

    def check_template(self, node: Any, at: Pointer) -> None:
        if isinstance(node, str):
            try:
                parts(node)
            except ValueError as error:
                self.fail(at, str(error))
        elif isinstance(node, list):
            for number, item in enumerate(node):
                self.check_template(item, (*at, number))
        elif isinstance(node, dict):
            if "match" in node:
                self.check_keys(node, at, CASES, required={"match", "cases"})
                self.text((*at, "match"))
                self.names((*at, "cases"))
            for key, value in node.items():
                self.check_template(value, (*at, key))
