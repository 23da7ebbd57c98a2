"""The vocabulary files of a data set: ``schema/*.json`` and ``*.yaml`` to a Vocabulary."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from healthcoop.errors import InvalidSchema
from healthcoop.files import reader, vocabulary_entries
from healthcoop.files.nodes import Positions
from healthcoop.model.vocabulary import KINDS, Vocabulary

PATHS: Mapping[str, str] = {
    kind: f"schema/{kind}.{'json' if kind == 'countries' else 'yaml'}" for kind in KINDS
}


def load(files: Mapping[str, bytes]) -> Vocabulary:
    """Read every vocabulary; raises InvalidSchema naming the file and the place at fault."""
    vocabularies = {kind: _entries(files, kind, path) for kind, path in PATHS.items()}
    for kind in KINDS:
        _refuse_first(files, kind, vocabulary_entries.lost_codes(kind, vocabularies))
    return Vocabulary(vocabularies)


def read_yaml(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    """Read one YAML file under ``schema/``; raises InvalidSchema where it is missing or broken."""
    reading = reader.parse(_content(files, path))
    if reading.data is None:
        trouble = reading.problems[0]
        place = f"{path}:{trouble.span.line}:{trouble.span.column}"
        raise InvalidSchema(f"{place}: {trouble.message}", hint=trouble.hint)
    return reading.data


def read_json(files: Mapping[str, bytes], path: str) -> Any:
    """Read one JSON file under ``schema/``; raises InvalidSchema where it is missing or broken."""
    try:
        return json.loads(_content(files, path))
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise InvalidSchema(f"{place}: this is not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise InvalidSchema(f"{path}: this is not UTF-8") from None
    except RecursionError:
        raise InvalidSchema(f"{path}: this is nested too deep") from None
    except ValueError:  # Python makes no number of more than some thousand digits
        raise InvalidSchema(f"{path}: a number in it is too long") from None


def _content(files: Mapping[str, bytes], path: str) -> bytes:
    try:
        return files[path]
    except KeyError:
        raise InvalidSchema(f"{path} is missing") from None
    except OSError as error:
        raise InvalidSchema(f"{path} cannot be read: {error.strerror or error}") from None


def _entries(files: Mapping[str, bytes], kind: str, path: str) -> list[dict[str, Any]]:
    data = read_json(files, path) if path.endswith(".json") else read_yaml(files, path)
    found = data.get(kind) if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise InvalidSchema(f"{path}: a list named “{kind}” is wanted in it")
    _refuse_first(files, kind, vocabulary_entries.faults(kind, found))
    return found


def _refuse_first(
    files: Mapping[str, bytes], kind: str, faults: Iterable[vocabulary_entries.Fault]
) -> None:
    for fault in faults:
        # JSON is YAML too, as far as the place of a thing goes.
        span = Positions(_content(files, PATHS[kind])).key((kind, *fault.pointer))
        place = f"{PATHS[kind]}:{span.line}:{span.column}"
        raise InvalidSchema(f"{place}: {fault.message}", hint=fault.hint)
