"""Rows as data frames of pandas and of Polars, every column of one type whatever it holds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from healthcoop.errors import HealthcoopError

if TYPE_CHECKING:
    import pandas
    import polars

Kind = Literal["text", "integer", "number", "flag", "day", "list"]
"""What the cells of a column are; each may be missing. A ``list`` is one of texts."""

_OF_PANDAS: Mapping[Kind, str] = {
    "text": "string",
    "integer": "Int64",
    "number": "Float64",
    "flag": "boolean",
    # Nanoseconds would begin with 1677 and end with 2262.
    "day": "datetime64[s]",
    "list": "object",
}


def to_pandas(columns: Mapping[str, Kind], rows: Iterable[Mapping[str, Any]]) -> "pandas.DataFrame":
    """Give a frame of pandas.

    Text is ``string``, integers ``Int64``, numbers ``Float64``, flags ``boolean``, days
    ``datetime64[s]``, lists objects. Raises HealthcoopError where pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise _missing("pandas", "pandas") from None
    return pandas.DataFrame(
        {
            name: pandas.Series(cells, dtype=_OF_PANDAS[columns[name]])
            for name, cells in _turned(columns, rows).items()
        }
    )


def to_polars(columns: Mapping[str, Kind], rows: Iterable[Mapping[str, Any]]) -> "polars.DataFrame":
    """Give a frame of Polars.

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
    cells = _turned(columns, rows, day=date.fromisoformat)
    return polars.DataFrame(cells, schema={name: types[kind] for name, kind in columns.items()})


def _turned(
    columns: Mapping[str, Kind],
    rows: Iterable[Mapping[str, Any]],
    *,
    day: Callable[[str], date] | None = None,
) -> dict[str, list[Any]]:
    """Give columns of cells for rows of cells."""
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
        f"a frame of {library} needs {library}", hint=f"pip install 'healthcoop[{extra}]'"
    )
