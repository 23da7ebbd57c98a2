"""The tables that statistics read, as Parquet files for ``stats --engine duckdb|spark``."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.export.exporters import missing
from healthcoop.index.conditions import Condition
from healthcoop.index.database import Index, retry_after_damage
from healthcoop.index.engines import TABLES

if TYPE_CHECKING:
    import pyarrow

_TYPES = {"TEXT": "string", "INTEGER": "int64", "BOOLEAN": "bool"}
_BATCH = 4_000


@retry_after_damage
def write_tables(index: Index, /, condition: Condition, folder: Path) -> None:
    """Write ``<table>.parquet`` into a folder for the records that meet a condition (``where``).

    Records are numbered from 1 by date, id and path, so that equal data sets make equal files. The
    vocabularies are whole. Raises HealthcoopError where pyarrow is not installed.
    """
    try:
        from pyarrow import parquet
    except ImportError:
        raise missing("pyarrow", "parquet") from None
    with index.snapshot() as connection:
        connection.execute("CREATE TEMP TABLE exported (id INTEGER PRIMARY KEY, record INTEGER)")
        text, values = condition
        connection.execute(
            "INSERT INTO exported (record) SELECT record.id FROM record"
            f" JOIN file ON file.id = record.id WHERE {text} ORDER BY record.sort_day,"
            " coalesce(record.latest, '9999-12-31'), record.ident, record.date, file.path",
            values,
        )
        for table in TABLES:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            schema = _schema(columns)
            rows = connection.execute(_statement(table, columns))
            file = folder / f"{table}.parquet"
            with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                for batch in _batches(rows, schema):
                    writer.write_batch(batch)


def _schema(columns: Sequence[tuple[Any, ...]]) -> "pyarrow.Schema":
    import pyarrow

    fields = [(name, pyarrow.type_for_alias(_TYPES[kind])) for _, name, kind, *_ in columns]
    return pyarrow.schema(fields)


def _statement(table: str, columns: Sequence[tuple[Any, ...]]) -> str:
    """Return the statement that reads a table, in the order of its primary key, if it has one."""
    names = [name for _, name, *_ in columns]
    keys = [name for _, name, *_, key in columns if key] or names
    own = "id" if table == "record" else "record"
    if own not in names:
        return f"SELECT * FROM {table} ORDER BY {', '.join(keys)}"

    def listed(columns: Sequence[str]) -> str:
        return ", ".join("exported.id" if name == own else f'{table}."{name}"' for name in columns)

    return (
        f"SELECT {listed(names)} FROM exported CROSS JOIN {table}"
        f" ON {table}.{own} = exported.record ORDER BY {listed(keys)}"
    )


def _batches(rows: Any, schema: "pyarrow.Schema") -> Iterator["pyarrow.RecordBatch"]:
    import pyarrow

    while batch := rows.fetchmany(_BATCH):
        arrays = [
            # SQLite's flags are 0 and 1.
            pyarrow.array(cells).cast(field.type)
            for field, cells in zip(schema, zip(*batch, strict=True), strict=True)
        ]
        yield pyarrow.record_batch(arrays, schema)
