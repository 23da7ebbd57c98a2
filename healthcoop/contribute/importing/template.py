"""Templates of a mapping file: texts with columns in braces, in lists, mappings and cases."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from healthcoop.contribute.importing.rows import Value

_PART = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]")

GetValue = Callable[[str], Value]
CASES = {"match", "cases", "other", "empty"}
"""The keys of what stands for the case of a column's value."""
NAMES = "names"
"""The key of parties whose names are in a column."""


class RowRefused(Exception):
    """A row that cannot become a record, and why."""


class Part(NamedTuple):
    """A literal text, or the names of columns of which the first that is not empty counts."""

    literal: str
    columns: tuple[str, ...]


@cache
def parts(text: str) -> tuple[Part, ...]:
    """Split a template; raises ValueError for a brace that is alone."""
    found: list[Part] = []
    end = 0
    for match in _PART.finditer(text):
        found.append(Part(text[end : match.start()], ()))
        if match[1]:
            found.append(Part("", tuple(name.strip() for name in match[1].split("|"))))
        elif len(match[0]) == 1:
            raise ValueError("a brace is alone: write {{ or }} for one that is meant")
        else:
            found.append(Part(match[0][0], ()))
        end = match.end()
    found.append(Part(text[end:], ()))
    return tuple(part for part in found if part.literal or part.columns)


def columns_of(node: Any) -> Iterator[str]:
    """Yield the names of all columns in a template."""
    if isinstance(node, str):
        for part in parts(node):
            yield from part.columns
    elif isinstance(node, list):
        for item in node:
            yield from columns_of(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("match", NAMES) and isinstance(value, str):
                yield value
            elif key not in ("extended_to", "states_from"):
                yield from columns_of(value)


def evaluate(node: Any, get: GetValue) -> Any:
    """Return what a template becomes with the values of a row, None for nothing.

    Raises RowRefused for a value without a case, and what ``get`` raises.
    """
    return _evaluate(node, get).value


class _Result(NamedTuple):
    """A value; whether the template has columns, and whether one of them is filled in."""

    value: Any
    has_columns: bool = False
    is_filled: bool = False


def _evaluate(node: Any, get: GetValue) -> _Result:
    if isinstance(node, str):
        return _text(node, get)
    if isinstance(node, list):
        return _list(node, get)
    if not isinstance(node, dict):
        return _Result(node)
    if "match" in node:
        return _case(node, get)
    results = {key: _evaluate(value, get) for key, value in node.items()}
    kept = {key: result.value for key, result in results.items() if result.value is not None}
    return _whole(kept or None, list(results.values()))


def _list(node: list[Any], get: GetValue) -> _Result:
    results = [_evaluate(item, get) for item in node]
    items: list[Any] = []
    for item, result in zip(node, results, strict=True):
        spliced = isinstance(item, str) and isinstance(result.value, list)
        items += result.value if spliced else [result.value] if result.value is not None else []
    return _whole(items or None, results)


def _whole(value: Any, results: list[_Result]) -> _Result:
    has_columns = any(result.has_columns for result in results)
    is_filled = any(result.is_filled for result in results)
    return _Result(None if has_columns and not is_filled else value, has_columns, is_filled)


def _case(node: Mapping[str, Any], get: GetValue) -> _Result:
    value = text_of(get(node["match"]))
    if not value:
        chosen = node.get("empty")
    elif value in node["cases"]:
        chosen = node["cases"][value]
    elif "other" in node:
        chosen = node["other"]
    else:
        raise RowRefused(f"“{node['match']}” is “{value}”, for which the mapping has no case")
    result = _whole_case(chosen, get) if chosen is not None else None
    return _Result(result, has_columns=True, is_filled=result is not None)


def _whole_case(chosen: Any, get: GetValue) -> Any:
    """Return what a case becomes; what it states without a column stays in any case."""
    if not isinstance(chosen, dict) or "match" in chosen:
        return evaluate(chosen, get)
    values = {key: evaluate(value, get) for key, value in chosen.items()}
    return {key: value for key, value in values.items() if value is not None} or None


def _text(template: str, get: GetValue) -> _Result:
    split = parts(template)
    names = [part.columns for part in split if part.columns]
    if not names:
        return _Result(" ".join("".join(part.literal for part in split).split()))
    if len(split) == 1:
        value = _first(names[0], get)
        if isinstance(value, list):
            return _Result(value or None, has_columns=True, is_filled=bool(value))
    texts = [text_of(_first(part.columns, get)) if part.columns else part.literal for part in split]
    is_filled = any(text for text, part in zip(texts, split, strict=True) if part.columns and text)
    whole = " ".join("".join(texts).split())
    return _Result(whole if is_filled else None, has_columns=True, is_filled=is_filled)


def _first(columns: tuple[str, ...], get: GetValue) -> Value:
    return next((value for name in columns if (value := get(name))), "")


def text_of(value: Value) -> str:
    """Return a value as one text."""
    return value if isinstance(value, str) else "; ".join(value)
