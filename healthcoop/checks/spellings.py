"""The intended form of a value that has nearly the form of its field."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from healthcoop.model.date_errors import counted_out


def respell(name: str, text: str) -> str:
    """Return a value of a field as it is likely meant; the text itself where nothing is known."""
    return _SPELLINGS.get(name, str)(text)


_LANGUAGES: Mapping[str, str] = {
    **{"english": "en", "french": "fr", "spanish": "es", "portuguese": "pt", "russian": "ru"},
    **{"chinese": "zh", "arabic": "ar", "german": "de", "italian": "it", "turkish": "tr"},
    **{"ukrainian": "uk", "japanese": "ja", "korean": "ko", "vietnamese": "vi"},
}
"""The ISO 639-1 codes of the languages of most sources, by their English names."""


def _as_language(text: str) -> str:
    return _LANGUAGES.get(text.lower()) or _lower_before("-", text.replace("_", "-"))


def _as_address(text: str) -> str:
    return f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else _lower_before(":", text)


_BARE_ADDRESS = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#][^ ]*)?")


def _lower_before(mark: str, text: str) -> str:
    first, mark, rest = text.partition(mark)
    return f"{first.lower()}{mark}{rest}"


def _as_duration(text: str) -> str:
    if text.lower() in ("indefinite", "unknown"):
        return text.lower()
    return counted_out(text) or text.upper()


_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("scheme", "record", "replaced_by"), str.lower),
    **dict.fromkeys(("term", "renewal_term", "notice"), _as_duration),
    "wikidata": str.upper,
    **dict.fromkeys(("url", "archived", "text_url"), _as_address),
    "language": _as_language,
    "supports": partial(_lower_before, "."),
}
