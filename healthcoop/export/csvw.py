"""CSV with its description: CSV on the Web metadata, and one file for each table.

Metadata: https://www.w3.org/TR/tabular-metadata/, found by readers beside the file as
``FILE-metadata.json``.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from healthcoop.export.extract import Extract
from healthcoop.export.provenance import Provenance
from healthcoop.export.records import BESIDE, csv_columns
from healthcoop.export.tables import values_as_csv
from healthcoop.index.long_tables import LongTable, long_tables, open_long_tables
from healthcoop.model.columns import Column

LIST_SEPARATOR = "; "
_DATATYPES = {"integer": "integer", "number": "decimal", "flag": "boolean", "day": "date"}


def metadata(extract: Extract, path: Path) -> Mapping[str, str]:
    """Return the description of the wide table, by the ending of the file's name."""
    table = {
        "url": path.name,
        "tableSchema": {"columns": [_wide(column) for column in csv_columns().values()]},
    }
    return {BESIDE: _as_json(_described(extract.provenance) | table)}


def write_tables(extract: Extract, folder: Path) -> None:
    """Write a CSV file for each long table, and ``csv-metadata.json``, which describes them."""
    write_csv_files(extract, folder)
    described = [_long(table) for table in long_tables().values()]
    group = _described(extract.provenance) | {"tables": described}
    _write(folder / "csv-metadata.json", [_as_json(group)])


def write_csv_files(extract: Extract, folder: Path) -> None:
    """Write a CSV file for each long table, named as the table."""
    with open_long_tables(extract.index, extract.query) as rows:
        for table in long_tables().values():
            names = [column.name for column in table.columns]
            _write(folder / f"{table.name}.csv", values_as_csv(names, rows(table.name)))


def _write(path: Path, chunks: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(chunks)


def _described(provenance: Provenance) -> dict[str, Any]:
    """Return the properties of the data set, in Dublin Core's terms."""
    data = provenance.as_data()
    dated = {"dc:date": data["date"]} if data["date"] else {}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": data["title"],
        "dc:hasVersion": data["version"],
        **dated,
        "dc:bibliographicCitation": data["citation"],
        "dc:license": data["licence"],
        "dc:conformsTo": data["format"],
        "dc:provenance": data["software"],
    }


def _wide(column: Column) -> dict[str, Any]:
    kind = _DATATYPES.get(column.kind, "string")
    separator = {"separator": LIST_SEPARATOR} if column.kind == "list" else {}
    return {"name": column.name, "dc:description": column.doc, "datatype": kind, **separator}


def _long(table: LongTable) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "dc:description": column.doc,
            "datatype": _DATATYPES.get(column.kind, "string"),
        }
        for column in table.columns
    ]
    keys = [
        {
            "columnReference": column.name,
            "reference": {"resource": f"{target}.csv", "columnReference": name},
        }
        for column in table.columns
        if column.references
        for target, _, name in [column.references.partition(".")]
    ]
    schema: dict[str, Any] = {"columns": columns}
    if table.key:
        schema["primaryKey"] = [*table.key]
    if keys:
        schema["foreignKeys"] = keys
    return {"url": f"{table.name}.csv", "dc:description": table.doc, "tableSchema": schema}


def _as_json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
