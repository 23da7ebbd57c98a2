"""Results in Python: records, and the rows of statistics; both convert to data frames."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, overload

from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.index import selection_notes
from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.records import count, select
from healthcoop.index.values import nearest
from healthcoop.model.columns import IndexedRecord, columns

if TYPE_CHECKING:
    import pandas
    import polars

    from healthcoop.index.statistics import Kind, Row
    from healthcoop.index.statistics.cross import Cells
    from healthcoop.model.record import Record


_PANDAS_TYPES: Mapping[Kind, str] = {
    "text": "string",
    "edtf": "string",
    "integer": "Int64",
    "number": "Float64",
    "flag": "boolean",
    # Nanoseconds only reach from 1677 to 2262.
    "day": "datetime64[s]",
    "list": "object",
}


class _Framed:
    """Rows that convert to data frames; ``_frame`` returns their columns and the rows."""

    def _frame(self) -> tuple[Mapping[str, Kind], Iterable[Mapping[str, Any]]]:
        raise NotImplementedError

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas data frame.

        Text is ``string``, integers ``Int64``, numbers ``Float64``, truth values ``boolean``, days
        ``datetime64[s]``, lists objects. Raises HealthcoopError where pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise _missing("pandas", "pandas") from None
        columns, rows = self._frame()
        return pandas.DataFrame(
            {
                name: pandas.Series(cells, dtype=_PANDAS_TYPES[columns[name]])
                for name, cells in _transposed(columns, rows).items()
            }
        )

    def to_polars(self) -> polars.DataFrame:
        """Return a Polars data frame.

        Text is ``String``, integers ``Int64``, numbers ``Float64``, truth values ``Boolean``, days
        ``Date``, lists ``List(String)``. Raises HealthcoopError where Polars is not installed.
        """
        try:
            import polars
        except ImportError:
            raise _missing("Polars", "polars") from None
        types: Mapping[Kind, Any] = {
            "text": polars.String,
            "edtf": polars.String,
            "integer": polars.Int64,
            "number": polars.Float64,
            "flag": polars.Boolean,
            "day": polars.Date,
            "list": polars.List(polars.String),
        }
        columns, rows = self._frame()
        cells = _transposed(columns, rows, day=date.fromisoformat)
        return polars.DataFrame(cells, schema={name: types[kind] for name, kind in columns.items()})


def _transposed(
    columns: Mapping[str, Kind],
    rows: Iterable[Mapping[str, Any]],
    *,
    day: Callable[[str], date] | None = None,
) -> dict[str, list[Any]]:
    """Return the cells of rows by column, of the type of the column."""
    cells: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, kind in columns.items():
            value = row[name]
            if kind == "number" and value is not None:
                value = float(value)
            elif kind == "day" and value is not None and day:
                value = day(value)
            cells[name].append(value)
    return cells


def _missing(library: str, extra: str) -> HealthcoopError:
    return HealthcoopError(
        f"a {library} data frame needs {library}", hint=f"pip install 'healthcoop[{extra}]'"
    )


def _date_order(text: str | None) -> tuple[date, date] | None:
    from healthcoop.model.edtf import read

    found = read(text) if text else None
    return found.sort_key if found else None


_SORTED_BY: Mapping[Kind, Callable[[Any], Any]] = {"edtf": _date_order}
"""What a cell is sorted by, where that is not its value."""

VOCABULARY_COLUMNS: Mapping[str, Kind] = {
    **{"code": "text", "label": "text", "kind": "text", "names": "list"},
    **{"definition": "text", "from": "text", "until": "text"},
}
DUPLICATES_COLUMNS: Mapping[str, Kind] = {
    **{"score": "number", "id": "text", "other": "text", "title": "text", "other_title": "text"},
    **{"path": "text", "other_path": "text", "reasons": "list"},
}
LINK_COLUMNS: Mapping[str, Kind] = {
    **{"record": "text", "field": "text", "url": "text", "state": "text", "status": "integer"},
    **{"final_url": "text", "detail": "text", "archived_proposal": "text", "checked": "text"},
}


def expand(
    columns: Mapping[str, Kind], rows: Iterable[Mapping[str, Any]]
) -> tuple[Mapping[str, Kind], Iterable[Mapping[str, Any]]]:
    """Return columns and rows with a column for each part of a mapping."""
    kinds = {*columns.values()}
    if "matrix" in kinds:
        rows = [*rows]
        codes = [row["country"] for row in rows]
        flat = {name: kind for name, kind in columns.items() if kind != "matrix"}
        cells = [{**row, **{code: row["with"].get(code) for code in codes}} for row in rows]
        return {**flat, **dict.fromkeys(codes, "integer")}, cells
    if "in_force" in kinds:
        names: dict[str, Kind] = {}
        for name, kind in columns.items():
            parts = ("in_force_certain", "in_force_possible")
            names |= dict.fromkeys(parts, "integer") if kind == "in_force" else {name: kind}
        return names, ({**row, **_parts(row["in_force"])} for row in rows)
    return columns, rows


def _parts(in_force: Mapping[str, int]) -> dict[str, int]:
    return {f"in_force_{answer}": number for answer, number in in_force.items()}


class Table(Sequence["Row"], _Framed):
    """The rows of a statistic as its JSON has them, in its order; codes, never names.

    ``left_out`` is the number of records not counted, by reason: ``multilateral`` for three sides
    or more, ``too_few`` for lack of a pair, ``too_many`` for more than 250 sides, ``later`` for a
    date after the day or none; of ``not_sides``, only the observers and depositaries are not
    counted. It is empty for statistics that count all; of duplicates, it is the number of
    ``less_likely`` pairs; of links, that of ``fresh`` addresses. Data frames have a column for each
    part of ``in_force``, and of ``with`` for each country, where that of a country with itself is
    missing.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        columns: Mapping[str, Kind],
        *,
        left_out: Mapping[str, int] | None = None,
    ) -> None:
        """Store the rows, and the kinds of their columns."""
        self._rows = rows
        self._kinds = columns
        self.columns = expand(columns, rows)[0]
        self.left_out = left_out or {}

    @property
    def cells(self) -> Cells | None:
        """The cells of ``cross``, with the totals of its rows and columns; else None."""
        from healthcoop.index.statistics.cross import Cells

        return self._rows if isinstance(self._rows, Cells) else None

    def ordered(self, *sort: str, limit: int | None = None) -> Table:
        """Return the rows by these columns, and at most ``limit`` of them.

        ``-`` before a column reverses it; unknown values are last either way. Rows with equal
        values stay in their order. Raises UnknownName for an unknown column.
        """
        order: Sequence[int] = range(len(self))
        for key in reversed(sort):
            name = key.removeprefix("-")
            if name not in self.columns:
                raise UnknownName("sort key", key, nearest(name, [*self.columns]), otherwise="")
            value = _SORTED_BY.get(self.columns[name], lambda cell: cell)
            values = [value(row[name]) for row in expand(self._kinds, self._rows)[1]]
            known = [number for number in order if values[number] is not None]
            known.sort(key=values.__getitem__, reverse=key.startswith("-"))
            order = known + [number for number in order if values[number] is None]
        rows = [self._rows[number] for number in order[:limit]]
        cells = self.cells
        return Table(cells.of(rows) if cells else rows, self._kinds, left_out=self.left_out)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | Sequence[Row]:
        """Return one row, or several."""
        return self._rows[number]

    def __repr__(self) -> str:
        return f"<{len(self):,} rows of {', '.join(self.columns)}>"

    def _frame(self) -> tuple[Mapping[str, Kind], Iterable[Mapping[str, Any]]]:
        return expand(self._kinds, self._rows)


class Records(Sequence["Record"], _Framed):
    """The records that match a query; each iteration, item and length queries the index again."""

    def __init__(
        self,
        index: Callable[[], Index],
        query: Query,
        *,
        day: date,
        sort: Sequence[str] = ("date", "id"),
        limit: int | None = None,
    ) -> None:
        """Store the query, whose names are codes; ``day`` is that of the column ``status``."""
        self._index = index
        self._query = query
        self._day = query.in_force_on or day
        self._sort = sort
        # SQLite cannot count beyond sys.maxsize, so a larger limit is none.
        self._limit = None if limit is None or limit > sys.maxsize else limit

    def __len__(self) -> int:
        """Count the records."""
        matches = count(self._index(), self._query)
        return matches if self._limit is None else min(matches, self._limit)

    def __repr__(self) -> str:
        return f"<{len(self):,} records>"

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Record]: ...
    def __getitem__(self, number: int | slice) -> Record | Sequence[Record]:
        """Return one record, or a list of several."""
        numbers = range(len(self))
        if isinstance(number, slice):
            selected = numbers[number]
            if not selected:
                return []
            first, last = sorted((selected[0], selected[-1]))
            records = [item.record for item in self._select(limit=last - first + 1, offset=first)]
            return records[:: selected.step]
        try:
            offset = numbers[number]
        except IndexError:
            raise IndexError(f"no record {number}: there are {len(numbers):,}") from None
        except TypeError:
            raise TypeError(f"not a number: {number!r}; Dataset.record takes an id") from None
        return next(self._select(limit=1, offset=offset)).record

    def __iter__(self) -> Iterator[Record]:
        """Iterate over the records."""
        return (indexed.record for indexed in self.indexed())

    def __reversed__(self) -> Iterator[Record]:
        """Iterate over the records, the last first."""
        return reversed(self[:])

    def indexed(self, *, status: bool = False) -> Iterator[IndexedRecord]:
        """Return an iterator over the records with path and kind, and optionally status."""
        return self._select(limit=self._limit, day=self._day if status else None)

    def _select(self, **part: Any) -> Iterator[IndexedRecord]:
        selected: Iterator[IndexedRecord] = select(
            self._index(), self._query, sort=self._sort, **part
        )
        return selected

    def without_one(self) -> list[tuple[str, int]]:
        """Return each filter without which there are records, as options, and their number."""
        return selection_notes.without_one(self._index(), self._query)

    def filters_by_date(self) -> str:
        """Return the filters by date as options; empty where none is set."""
        return selection_notes.filters_by_date(self._query)

    def without_side(self) -> int:
        """Return how many records match only by parties that are observers or depositaries."""
        return selection_notes.without_side(self._index(), self._query)

    def in_no_region(self) -> list[selection_notes.Unplaced]:
        """Return the countries that a filter by region leaves out since they are in no region."""
        return selection_notes.in_no_region(self._index(), self._query)

    @property
    def columns(self) -> Mapping[str, Kind]:
        """The columns of the frames: those of docs/fields.md.

        ``date`` is EDTF as the record has it; ``earliest`` and ``latest`` are the first and last
        day that it can mean, missing where it is open.
        """
        return {column.name: column.kind for column in columns().values()}

    def _frame(self) -> tuple[Mapping[str, Kind], Iterable[Mapping[str, Any]]]:
        return self.columns, self._rows()

    def _rows(self) -> Iterator[Row]:
        known = columns().values()
        for listed in self.indexed(status=True):
            yield {column.name: column.value(listed) for column in known}
