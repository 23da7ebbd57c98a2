"""Words of each language, as data: one ``<language>.toml`` each, with sections by use."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def words(language: str, section: str) -> Mapping[str, Any]:
    """Return a section of a language's table; empty where there is no such table or section.

    The table of ``en-GB`` is that of ``en``. ``countries`` has lists of names by
    country code; the other sections are those of drafts.
    """
    table: Mapping[str, Any] = _tables(language.lower().partition("-")[0]).get(section, {})
    return table


def codes() -> list[str]:
    """Return the codes of the languages that have a table."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.toml"))


@cache
def _tables(language: str) -> Mapping[str, Any]:
    path = Path(__file__).with_name(f"{language}.toml")
    if not language.isalpha() or not path.is_file():
        return {}
    return tomllib.loads(path.read_text("utf-8"))
