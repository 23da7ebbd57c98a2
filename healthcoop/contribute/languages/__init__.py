"""Words of each language, as data: one ``<language>.toml`` each, with sections by use."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def words(language: str, section: str) -> Mapping[str, Any]:
    """Return a section of a language's table; empty where there is no such table or section.

    ``countries`` has lists of names by country code; the other sections are those of drafts.
    """
    if not language.isalpha():
        return {}
    path = Path(__file__).with_name(f"{language.lower()}.toml")
    if not path.is_file():
        return {}
    table: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8")).get(section, {})
    return table
