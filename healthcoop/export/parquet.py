"""Parquet: one row a record, its lists as lists of structs, in the types of the table of fields."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.export.exporters import missing
from healthcoop.export.extract import Extract
from healthcoop.export.parquet_tables import write_tables
from healthcoop.index.long_tables import STATUS_DAYS, status_days
from healthcoop.index.query import where
from healthcoop.model import spec
from healthcoop.model.columns import IndexedRecord, columns
from healthcoop.model.field import Field

if TYPE_CHECKING:
    import pyarrow

_ROW_GROUP = 500  # records: more take more memory than smaller files are worth
_NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # how readers of such folders write null


def write(extract: Extract, folder: Path) -> None:
    """Write ``records.parquet``, sorted by date and id, and the tables that statistics read.

    ``stats --engine`` takes the folder. Raises HealthcoopError without pyarrow.
    """
    _write(folder / "records.parquet", extract, _rows(extract), _schema())
    write_tables(extract.index, where(extract.query), folder)


def write_by_year(extract: Extract, folder: Path) -> None:
    """Write ``year=Y/records.parquet`` for each year; the year is in the folder's name alone.

    Records without a year are where readers look for null. Without any record there is one file,
    which has no row. Raises HealthcoopError without pyarrow.
    """
    schema = _schema()
    schema = schema.remove(schema.get_field_index("year"))
    rows = _rows(extract)
    first = next(rows, None)
    if first is None:
        _write(folder / "records.parquet", extract, rows, schema)
        return
    # By date, years follow one another; those of open dates come last and have a year of their own.
    parts: dict[str, int] = {}
    for year, of_year in groupby(chain([first], rows), lambda row: row.pop("year")):
        name = f"year={_NO_YEAR if year is None else year}"
        parts[name] = number = parts.get(name, 0) + 1
        (folder / name).mkdir(exist_ok=True)
        path = folder / name / f"records{'' if number == 1 else f'-{number}'}.parquet"
        _write(path, extract, of_year, schema)


def _write(
    path: Path, extract: Extract, rows: Iterator[dict[str, Any]], schema: "pyarrow.Schema"
) -> None:
    pyarrow = _pyarrow()
    from pyarrow import parquet

    described = json.dumps(extract.provenance.as_data(), ensure_ascii=False)
    schema = schema.with_metadata({"healthcoop": described})
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := [*islice(rows, _ROW_GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(batch, schema))


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise missing("pyarrow", "parquet") from None
    return pyarrow


def _schema() -> "pyarrow.Schema":
    pyarrow = _pyarrow()

    text, day = pyarrow.string(), pyarrow.date32()
    derived = {
        **{"kind": text, "year": pyarrow.int32(), "earliest": day, "latest": day},
        **{"lateral": text, "sides": pyarrow.list_(text), "path": text},
        **dict.fromkeys(STATUS_DAYS, day),
    }
    own = [(field.name, _type(field)) for field in spec.fields_of("")]
    return pyarrow.schema([*own, *derived.items()])


def _type(field: Field) -> "pyarrow.DataType":
    import pyarrow

    if field.kind == "flag":
        return pyarrow.bool_()
    if field.kind == "says":
        return pyarrow.map_(pyarrow.string(), pyarrow.string())
    part = spec.PARTS.get(field.name)
    inner = (
        pyarrow.struct([(each.name, _type(each)) for each in spec.fields_of(field.path)])
        if part
        else pyarrow.string()
    )
    return pyarrow.list_(inner) if field.kind == "list" else inner


def _rows(extract: Extract) -> Iterator[dict[str, Any]]:
    _pyarrow()
    convert = {field.name: _converter(field) for field in spec.fields_of("")}
    days = status_days(extract.index)
    for indexed in extract.records():
        row = {name: function(indexed.data.get(name)) for name, function in convert.items()}
        yield row | _derived(indexed, days)


def _derived(indexed: IndexedRecord, days: Mapping[str, tuple[str | None, ...]]) -> dict[str, Any]:
    known = columns()
    four = days.get(indexed.path, (None,) * len(STATUS_DAYS))
    return {
        "kind": indexed.kind,
        "year": known["year"].value(indexed),
        "earliest": _day(indexed.earliest),
        "latest": _day(indexed.latest),
        "lateral": known["lateral"].value(indexed),
        "sides": known["sides"].value(indexed),
        "path": indexed.path,
        **dict(zip(STATUS_DAYS, map(_day, four), strict=True)),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _converter(field: Field) -> Callable[[Any], Any]:
    """Return a function from the value in a record to that of a Parquet column."""
    if field.kind == "flag":
        return bool
    if field.kind == "says":
        return lambda value: [*(value or {}).items()]
    if field.name not in spec.PARTS:
        return (lambda value: value or []) if field.kind == "list" else (lambda value: value)
    inner = {each.name: _converter(each) for each in spec.fields_of(field.path)}

    def part(value: Mapping[str, Any]) -> dict[str, Any]:
        return {name: function(value.get(name)) for name, function in inner.items()}

    if field.kind == "list":
        return lambda value: [part(item) for item in value or ()]
    return lambda value: None if value is None else part(value)
