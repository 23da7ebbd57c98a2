"""Which version of the record format a data set has: its schema says so, and the tool obeys."""

from collections.abc import Mapping
from typing import Any

from healthcoop.errors import InvalidSchema
from healthcoop.files.vocabularies import read_json

PATH = "schema/record.schema.json"
VERSION = 1
"""The version of the record format that this tool reads and writes."""

_DIGITS = 10  # beyond some thousand, Python refuses to make a number of them


def read_schema(files: Mapping[str, bytes]) -> Any:
    """Read the schema of a record.

    Raises InvalidSchema where it is missing, broken, or of a version this tool does not know.
    """
    schema = read_json(files, PATH)
    check_version(schema)
    return schema


def check_version(schema: Any) -> None:
    """Raise InvalidSchema for a schema whose ``$id`` names no version, or a newer one than ours."""
    identity = schema.get("$id") if isinstance(schema, dict) else None
    version = str(identity).rpartition("record/")[2]
    if not (version.isascii() and version.isdecimal() and len(version) < _DIGITS):
        raise InvalidSchema(f"{PATH} has no “$id” that ends in record/{VERSION}")
    if int(version) > VERSION:
        raise InvalidSchema(
            f"this data set has records of version {version}; this tool knows version {VERSION}",
            hint="Upgrade healthcoop.",
        )
