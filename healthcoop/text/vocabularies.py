"""The vocabulary files of a data set: ``schema/*.json`` and ``*.yaml`` to a Vocabulary."""

import json
from collections.abc import Mapping
from typing import Any

from healthcoop.errors import BrokenSchema
from healthcoop.model.vocabulary import KINDS, Vocabulary
from healthcoop.text import reader

PATHS: Mapping[str, str] = {
    kind: f"schema/{kind}.{'json' if kind == 'countries' else 'yaml'}" for kind in KINDS
}


def load(files: Mapping[str, bytes]) -> Vocabulary:
    """Read every vocabulary; raises BrokenSchema naming the file and the place at fault."""
    return Vocabulary({kind: _entries(files, kind, path) for kind, path in PATHS.items()})


def read_yaml(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    """Read one YAML file under ``schema/``; raises BrokenSchema where it is missing or broken."""
    reading = reader.read(_content(files, path))
    if reading.data is None:
        trouble = reading.troubles[0]
        place = f"{path}:{trouble.span.line}:{trouble.span.column}"
        raise BrokenSchema(f"{place}: {trouble.message}", hint=trouble.hint)
    return reading.data


def read_json(files: Mapping[str, bytes], path: str) -> Any:
    """Read one JSON file under ``schema/``; raises BrokenSchema where it is missing or broken."""
    try:
        return json.loads(_content(files, path))
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise BrokenSchema(f"{place}: this is not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise BrokenSchema(f"{path}: this is not UTF-8") from None
    except RecursionError:
        raise BrokenSchema(f"{path}: this is nested too deep") from None


def _content(files: Mapping[str, bytes], path: str) -> bytes:
    try:
        return files[path]
    except KeyError:
        raise BrokenSchema(f"{path} is missing") from None
    except OSError as error:
        raise BrokenSchema(f"{path} cannot be read: {error.strerror or error}") from None


def _entries(files: Mapping[str, bytes], kind: str, path: str) -> list[dict[str, Any]]:
    data = read_json(files, path) if path.endswith(".json") else read_yaml(files, path)
    entries = data.get(kind) if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise BrokenSchema(f"{path}: a list named “{kind}” is wanted in it")
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("code"), str):
            raise BrokenSchema(f"{path}: entry {number} of “{kind}” has no code")
        if not isinstance(entry.get("label", entry.get("name")), str):
            raise BrokenSchema(f"{path}: “{entry['code']}” has no label")
        if entry["code"] in seen:
            raise BrokenSchema(f"{path}: the code “{entry['code']}” stands there twice")
        seen.add(entry["code"])
    return entries
