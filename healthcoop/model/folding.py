"""Folding text for search and look-up: accents, case and letters that keyboards lack."""

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose; the plain letters are those of the usual ASCII spelling.
LETTERS = str.maketrans(
    {
        "ı": "i",
        "ə": "e",
        "Ə": "e",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "ħ": "h",
        "Ħ": "h",
        "ŧ": "t",
        "Ŧ": "t",
        "ð": "d",
        "Ð": "d",
        "þ": "th",
        "Þ": "th",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ŋ": "n",
        "Ŋ": "n",
        "ʻ": "",
        "ʼ": "",
        "ʾ": "",
        "ʿ": "",
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
    }
)


def fold(text: str) -> str:
    """Fold accents, case and Turkic letters: ``Sağlık`` becomes ``saglik``."""
    if text.isascii():
        return text.lower()
    # Decomposed first: ǿ is an ø with an accent.
    decomposed = unicodedata.normalize("NFKD", text).translate(LETTERS)
    return "".join(
        character for character in decomposed if not unicodedata.combining(character)
    ).casefold()


@lru_cache(maxsize=16_384)  # each unknown name is compared with those of all vocabularies
def name_key(text: str) -> str:
    """Fold a name for comparison: letters and digits, single spaces, no leading “the”."""
    words = re.sub(r"[^\w]+", " ", fold(text).replace("'", "")).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)
