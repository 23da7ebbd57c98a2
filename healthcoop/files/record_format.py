"""The version of a data set's record format, as its schema states it."""

from collections.abc import Mapping
from typing import Any

from healthcoop.errors import InvalidSchema
from healthcoop.files.vocabularies import read_json
from healthcoop.model import FORMAT_VERSION

PATH = "schema/record.schema.json"
_DIGITS = 10  # Python converts no more than some thousand


def read_schema(files: Mapping[str, bytes]) -> Any:
    """Parse the schema of a record.

    Raises InvalidSchema where it is missing, invalid, or of an unknown version.
    """
    schema = read_json(files, PATH)
    check_version(schema)
    return schema


def check_version(schema: Any) -> None:
    """Raise InvalidSchema for a schema whose ``$id`` has no version, or an unknown newer one."""
    identity = schema.get("$id") if isinstance(schema, dict) else None
    version = str(identity).rpartition("record/")[2]
    if not (version.isascii() and version.isdecimal() and len(version) < _DIGITS):
        raise InvalidSchema(f"{PATH} has no “$id” that ends in record/{FORMAT_VERSION}")
    if int(version) > FORMAT_VERSION:
        raise InvalidSchema(
            f"this data set has records of version {version}; "
            f"this tool knows version {FORMAT_VERSION}",
            hint="Upgrade healthcoop.",
        )
