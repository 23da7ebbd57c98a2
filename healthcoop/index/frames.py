"""Rows as pandas and Polars data frames; the type of a column never depends on its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from healthcoop.errors import HealthcoopError

if TYPE_CHECKING:
    import pandas
    import polars

    from healthcoop.index.statistics import Kind

_PANDAS_TYPES: Mapping[Kind, str] = {
    "text": "string",
    "integer": "Int64",
    "number": "Float64",
    "flag": "boolean",
    # Nanoseconds only reach from 1677 to 2262.
    "day": "datetime64[s]",
    "list": "object",
}


def to_pandas(columns: Mapping[str, Kind], rows: Iterable[Mapping[str, Any]]) -> pandas.DataFrame:
    """Return rows as a pandas data frame.

    Text is ``string``, integers ``Int64``, numbers ``Float64``, flags ``boolean``, days
    ``datetime64[s]``, lists objects. Raises HealthcoopError where pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise _missing("pandas", "pandas") from None
    return pandas.DataFrame(
        {
            name: pandas.Series(cells, dtype=_PANDAS_TYPES[columns[name]])
            for name, cells in _transposed(columns, rows).items()
        }
    )


def to_polars(columns: Mapping[str, Kind], rows: Iterable[Mapping[str, Any]]) -> polars.DataFrame:
    """Return rows as a Polars data frame.

    Text is ``String``, integers ``Int64``, numbers ``Float64``, flags ``Boolean``, days ``Date``,
    lists ``List(String)``. Raises HealthcoopError where Polars is not installed.
    """
    try:
        import polars
    except ImportError:
        raise _missing("Polars", "polars") from None
    types: Mapping[Kind, Any] = {
        "text": polars.String,
        "integer": polars.Int64,
        "number": polars.Float64,
        "flag": polars.Boolean,
        "day": polars.Date,
        "list": polars.List(polars.String),
    }
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
