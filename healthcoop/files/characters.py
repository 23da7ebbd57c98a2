"""Problems with the characters of a text, and the text without them.

Unicode's own advice is followed where there is some: UAX 9 (bidirectional text), UTR 36 and UTS 39
(security, confusable letters), UAX 15 (normalization). Characters that a script needs are kept.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from healthcoop.files.nodes import Pointer


def unusual_texts(data: Mapping[str, Any]) -> list[tuple[Pointer, str]]:
    """Return the texts of plain data that are not ASCII or contain “&”, “<” or a backslash."""
    found: list[tuple[Pointer, str]] = []
    _collect(data.items(), (), found)
    return found


def _collect(
    parts: Iterable[tuple[Any, Any]], at: Pointer, found: list[tuple[Pointer, str]]
) -> None:
    for name, value in parts:
        kind = value.__class__
        if kind is str:
            if not value.isascii() or "&" in value or "<" in value or "\\" in value:
                found.append(((*at, name), value))
        elif kind is dict:
            _collect(value.items(), (*at, name), found)
        elif kind is list:
            _collect(enumerate(value), (*at, name), found)


BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates, which display a text in another order than stored."""

PRIVATE = re.compile("[\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff]")
"""Code points that Unicode never assigns. Those not assigned yet are left out: next year's letters
would be findings with one Python version and not with another."""

WIDE_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Spaces that a search does not match: no-break, narrow, figure, ideographic ..."""

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufff9-\ufffb\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

# Where joiners shape letters: Arabic to Myanmar, Khmer and Mongolian, and the Indic blocks above.
_JOINED = re.compile("[\u0600-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\U00010a00-\U00011fff]")
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def hidden(text: str) -> Iterator[str]:
    """Yield the invisible characters that the text around them does not need."""
    for match in _HIDDEN.finditer(text):
        if not _is_needed(text, match.start()):
            yield match.group()


def without_hidden(text: str) -> str:
    """Remove what ``hidden`` finds; a character with a width becomes a space."""

    def fixed(match: re.Match[str]) -> str:
        if _is_needed(text, match.start()):
            return match.group()
        return " " if match.group() in _BLANKS else ""

    return _HIDDEN.sub(fixed, text)


def is_blank(character: str) -> bool:
    """Return whether an invisible character has a width, so that it acts as a space."""
    return character in _BLANKS


def _is_needed(text: str, at: int) -> bool:
    before, after = text[:at], text[at + 1 :]
    return any(kind.match(text[at]) and needs(before, after) for kind, needs in _NEEDS)


def _is_symbol(character: str) -> bool:
    return character == "\ufe0f" or unicodedata.category(character or " ") in ("So", "Sk")


def _shapes_letters(before: str, after: str) -> bool:
    return bool(_JOINED.search(before[-1:] + after[:1])) or (
        _is_symbol(before[-1:]) and _is_symbol(after[:1])
    )


def _turns_direction(before: str, after: str) -> bool:
    return bool(_RIGHT_TO_LEFT.search(before) or _RIGHT_TO_LEFT.search(after))


def _varies(before: str, after: str) -> bool:
    if after[:1] == "\u20e3":  # a digit on a key cap
        return True
    varied = before[-1:]
    return not varied.isascii() and unicodedata.category(varied) in ("So", "Sm", "Lo", "Po")


def _orders_accents(before: str, after: str) -> bool:
    return any(map(unicodedata.combining, before[-1:] + after[:1]))


def _is_beside(pattern: re.Pattern[str]) -> Callable[[str, str], bool]:
    """Return whether a neighbour of a character matches a pattern, as a function of both sides."""
    return lambda before, after: bool(pattern.search(before[-1:] + after[:1]))


_TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))  # the flags of England, Scotland and Wales
_NEEDS: tuple[tuple[re.Pattern[str], Callable[[str, str], bool]], ...] = tuple(
    (re.compile(f"[{characters}]"), needs)
    for characters, needs in (
        ("\u200c\u200d", _shapes_letters),
        ("\u200b", _is_beside(_UNSPACED)),
        ("\u061c\u200e\u200f", _turns_direction),
        ("\ufe00-\ufe0f\U000e0100-\U000e01ef", _varies),
        (_TAGS, lambda before, _: before.rstrip(_TAGS)[-1:] == "\U0001f3f4"),
        ("\u180b-\u180f", lambda before, _: "\u1820" <= before[-1:] <= "\u18aa"),  # Mongolian
        ("\u115f\u1160", _is_beside(re.compile("[\u1100-\u115e\u1161-\u11ff]"))),  # Korean
        ("\u2800", _is_beside(re.compile("[\u2801-\u28ff]"))),  # Braille
        ("\u034f", _orders_accents),
    )
)
"""Invisible characters, and whether the text on both sides of one needs it."""


# UTF-8 decoded as Windows-1252. Such a letter and a sign count only where they cannot be intended
# in any language: a German „Spaß“ ends in ß and a quotation mark.
_SECOND = "[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u00a0-¿]"
_GARBLED = re.compile(
    f"(?:[ÂÃ]{_SECOND}|â[€‚„]{_SECOND}|ðŸ{_SECOND}{{2}}|(?<=[a-z])[ÄÅ]{_SECOND}|[ÄÅ]{_SECOND}(?=[a-z])"
    f"|(?:[Î-ÑØÙ]{_SECOND}){{2,}}|(?:[à-ï]{_SECOND}{{2}}){{2,}})+"
)
_GARBLED_START = re.compile(f"[ÂÃâðÄÅÎ-ÑØÙà-ï]{_SECOND}|ðŸ")  # most texts have none


def garbled(text: str) -> tuple[str, str] | None:
    """Return the first part that is UTF-8 decoded as Windows-1252, and its correct text."""
    if not _GARBLED_START.search(text):
        return None
    for run in _GARBLED.finditer(text):
        if (meant := _decoded(run)) != run.group():
            return run.group(), meant
    return None


def without_garbling(text: str) -> str:
    """Decode such parts correctly: ``Ã©`` becomes ``é``."""
    return _GARBLED.sub(_decoded, text)


def _decoded(run: re.Match[str]) -> str:
    try:
        return run.group().encode("cp1252").decode("utf-8")
    except UnicodeError:
        return run.group()


def is_accent(character: str) -> bool:
    """Return whether a character combines with the one before it."""
    return unicodedata.combining(character) != 0


# Ideographs that normalization replaces: in a person's name the variant is intended.
_COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")


def composed(text: str) -> str:
    """Return the text in Unicode normalization form C, except for compatibility ideographs."""
    if unicodedata.is_normalized("NFC", text):
        return text
    return "".join(
        part if number % 2 else unicodedata.normalize("NFC", part)
        for number, part in enumerate(_COMPATIBILITY.split(text))
    )


LETTER_SHAPES = re.compile("[\ufb00-\ufb06\U0001d400-\U0001d7ff]+")
"""Ligatures, as copied from a PDF, and mathematical letters, as copied from social media."""


def plain_letters(text: str) -> str:
    """Replace ligatures and mathematical letters by plain letters."""
    return LETTER_SHAPES.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


# Of the confusables of UTS 39, only letters that look the same, so that TNFα is no finding.
_LOOK_ALIKES = {
    "Cyrillic": ("АВСЕНІЈКМОРЅТХҮаеіјорсхѕһӏԛԝ", "ABCEHIJKMOPSTXYaeijopcxshlqw"),
    "Greek": ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"),
    "Armenian": ("ՍՏՕհոսցօ", "USOhnugo"),
}
_TO_LATIN = {
    script: dict(zip(theirs, latin, strict=True))
    for script, (theirs, latin) in _LOOK_ALIKES.items()
}
_FROM_LATIN = {
    script: {ours: letter for letter, ours in letters.items()}
    for script, letters in _TO_LATIN.items()
}
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_SEAM = re.compile(rf"[\u0370-\u058f](?:(?=[{_LATIN}])|(?<=[{_LATIN}].))")
_WORD = re.compile(r"\w+")


def mixed_word(text: str) -> tuple[str, str] | None:
    """Return the first word with look-alike letters of another script, and the first such letter.

    None where every word has one script, or its other letters do not look alike.
    """
    if not _SEAM.search(text):
        return None
    for match in _WORD.finditer(text):
        word = match.group()
        if strange := _mixture(word):
            return word, next(letter for letter in word if letter in strange)
    return None


def without_mixing(text: str) -> str:
    """Replace the look-alike letters of each such word by those of its main script."""

    def fixed(match: re.Match[str]) -> str:
        strange = _mixture(match.group())
        return "".join(strange.get(letter, letter) for letter in match.group())

    return _WORD.sub(fixed, text)


def _mixture(word: str) -> Mapping[str, str]:
    """Return the replacements for the letters of the rarer script of a word."""
    scripts = {_script(letter) for letter in word} - {""}
    if len(scripts) != 2 or "Latin" not in scripts:
        return {}
    (other,) = scripts - {"Latin"}
    foreign = [letter for letter in word if _script(letter) == other]
    latin = [letter for letter in word if _script(letter) == "Latin"]
    choices = [(foreign, _TO_LATIN[other]), (latin, _FROM_LATIN[other])]
    for letters, plain in sorted(choices, key=lambda choice: len(choice[0])):
        if all(letter in plain for letter in letters):
            return plain
    return {}


def _script(letter: str) -> str:
    if "\u0370" <= letter <= "\u03ff":
        return "Greek"
    if "\u0400" <= letter <= "\u052f":
        return "Cyrillic"
    if "\u0531" <= letter <= "\u0588":
        return "Armenian"
    return "Latin" if letter.isalpha() and letter < "\u0250" else ""


# Letters and punctuation to which no text rule objects, whatever is next to them: those of Latin,
# Cyrillic, Hebrew, Arabic, Devanagari, Georgian, Chinese, Japanese and Korean.
_ORDINARY = (
    "\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a"
    "\u0671-\u06d3\u0900-\u0939\u093d-\u0950\u10d0-\u10ff\u1e00-\u1eff\u2010-\u2027\u2030-\u205e"
    "\u20ac\u3001-\u3003\u3008-\u3011\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3"
)
_UNUSUAL = re.compile(rf"[^{_ORDINARY}]|{_GARBLED_START.pattern}")
_NOT_LATIN = re.compile("[\u0370-\u058f]")
_ASCII = bytes(range(0x80))


def is_plain(content: bytes) -> bool:
    """Return whether no text of a file can be unusual; fast."""
    if b"&" in content or b"<" in content or b"\\" in content:
        return False
    if content.isascii():
        return True
    letters = content.translate(None, _ASCII).decode()
    return not _UNUSUAL.search(letters) and not (
        _NOT_LATIN.search(letters) and _SEAM.search(content.decode())
    )
