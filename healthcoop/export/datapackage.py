"""A Data Package: the long tables as CSV files, and a descriptor with their schemas and sources.

https://datapackage.org/standard/data-package/ (version 2.0)
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from healthcoop.export.csvw import write_csv_files
from healthcoop.export.extract import Extract
from healthcoop.index.long_tables import LongColumn, LongTable, long_tables
from healthcoop.model import spec
from healthcoop.model.scope import EVENT_KINDS

DESCRIPTOR = "datapackage.json"
_PROFILES = "https://datapackage.org/profiles/2.0"
_TYPES = {"integer": "integer", "number": "number", "flag": "boolean", "day": "date"}
_EDTF = "A date as text: EDTF (https://www.loc.gov/standards/datetime/)."
_DERIVED: Mapping[str, tuple[str, ...]] = {
    "records.kind": EVENT_KINDS,
    "records.lateral": ("bilateral", "multilateral", "organisation"),
    "parties.kind": ("country", "organisation"),
    "types.kind": EVENT_KINDS,
    "countries.kind": ("state", "territory", "former"),
}
"""The values of columns that are no fields of a record."""
_LICENCES = {
    "CC-BY-4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "OPEN-GOVERNMENT-LICENCE-V3.0": (
        "OGL-UK-3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
}
"""The name and address of licences, as the standard asks for, by how they are written."""


def write(extract: Extract, folder: Path) -> None:
    """Write a CSV file for each long table, and ``datapackage.json``."""
    write_csv_files(extract, folder)
    resources = [_resource(table, folder) for table in long_tables().values()]
    descriptor = _package(extract) | {"resources": resources}
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8", newline="")


def _package(extract: Extract) -> dict[str, Any]:
    provenance = extract.provenance
    name = re.sub(r"[^a-z0-9]+", "-", provenance.name.lower()).strip("-")
    described = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": name or "data",
        "title": provenance.title,
        "description": provenance.abstract,
        "version": provenance.version,
        "created": f"{provenance.day}T00:00:00Z" if provenance.day else "",
        "licenses": _licences(extract),
        "sources": _sources(extract),
        "contributors": [{"title": name, "roles": ["author"]} for name in provenance.authors],
        "keywords": [*provenance.keywords],
        "healthcoop": provenance.as_data(),
    }
    return {key: value for key, value in described.items() if value}


def _licences(extract: Extract) -> list[dict[str, str]]:
    """Return the licences that have a name; ``healthcoop.licences`` has that of each collection."""
    provenance = extract.provenance
    collections: dict[str, list[str]] = {}
    for one in provenance.licences:
        collections.setdefault(one.licence, []).append(one.collection)
    found: dict[str, dict[str, str]] = {}
    for licence in (provenance.licence, *collections):
        name, path = _LICENCES.get(licence.replace(" ", "-").upper(), ("", ""))
        if name:
            found.setdefault(name, {"name": name, "path": path, "title": licence})
        if name and licence in collections:
            found[name]["title"] = f"{licence} (collections {', '.join(collections[licence])})"
    return [*found.values()]


def _sources(extract: Extract) -> list[dict[str, str]]:
    """Return a source for each collection: where its records are from, and its attribution."""
    terms = extract.vocabulary.collections
    return [
        {
            "title": ". ".join(filter(None, (terms[one.collection].label, one.attribution))),
            "collection": one.collection,
            "licence": one.licence,
        }
        for one in extract.provenance.licences
    ]


def _resource(table: LongTable, folder: Path) -> dict[str, Any]:
    path = folder / f"{table.name}.csv"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "path": path.name,
        "description": table.doc,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "dialect": {
            "$schema": f"{_PROFILES}/tabledialect.json",
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": _schema(table),
    }


def _schema(table: LongTable) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [_field(table, column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = [*table.key]
    keys = [
        {"fields": [column.name], "reference": {"resource": target, "fields": [name]}}
        for column in table.columns
        if column.references
        for target, _, name in [column.references.partition(".")]
    ]
    return schema | ({"foreignKeys": keys} if keys else {})


def _field(table: LongTable, column: LongColumn) -> dict[str, Any]:
    path = f"{table.name}.{column.name}"
    field = spec.FIELDS.get(path)
    values = _DERIVED.get(path) or (field.choices if field else None)
    constraints: dict[str, Any] = {"required": True} if column.name in table.key else {}
    if values:
        constraints["enum"] = [*values]
    description = f"{column.doc}. {_EDTF}" if column.kind == "edtf" else column.doc
    return {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        "description": description,
        **({"trueValues": ["true"], "falseValues": ["false"]} if column.kind == "flag" else {}),
        **({"constraints": constraints} if constraints else {}),
    }
