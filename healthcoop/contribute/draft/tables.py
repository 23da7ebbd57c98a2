"""The tables of words that drafting reads: one file per language, and the names of places."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def language_table(code: str) -> dict[str, Any]:
    """Return the sections of ``languages/<code>.toml``; empty for a language without a file."""
    path = files("healthcoop.contribute") / "languages" / f"{code}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


@cache
def name_table() -> dict[str, Any]:
    """Return the sections of ``names.toml``: capitals, cities, regions, bodies by country."""
    path = files("healthcoop.contribute.draft") / "names.toml"
    return tomllib.loads(path.read_text("utf-8"))
