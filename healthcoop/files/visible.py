"""Text for people: untrusted text made safe to print, and numbers with their nouns."""

import re
import unicodedata

# Fixed ranges, not what Python calls printable, which grows with each version's Unicode: record
# files and what is printed must be the same on all. In this order: controls, the soft hyphen, marks
# of direction, invisible spaces and operators, separators, overrides and isolates, surrogates,
# private use, annotations, non-characters, the controls of hieroglyphs, shorthand and music, tags,
# and the private planes. The joiners U+200C and U+200D are left out, which Persian and Indic words
# need, and so are signs that are seen, such as the Arabic ones for numbers.
HIDDEN_RANGES = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + "".join(
        chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0x10000, 0xF0000, 0x10000)
    )
    + "\U000e0000-\U000e007f\U000f0000-\U0010ffff"
)
HIDDEN = re.compile(f"[{HIDDEN_RANGES}]")
"""A character that is invisible or reorders others; it is always written as an escape."""


# What GitHub's runner takes for a command in a log: "::" at the beginning of a line, after white
# space too, and the older "##[" anywhere in it (actions/runner, ActionCommand.cs).
_COMMAND = re.compile(r"\A(\s*):(?=:)|#(?=#\[)")


def visible(text: str) -> str:
    r"""Escape control characters and bidirectional overrides, as ``\u202e``, and CI commands."""
    if "::" in text or "##[" in text:
        text = _COMMAND.sub(lambda match: rf"{match[1]}\x3a" if match[0] != "#" else r"\x23", text)
    if text.isprintable():
        return text
    return HIDDEN.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)


def character_name(character: str) -> str:
    """Return a character's name with its article: ``a zero width space (U+200B)``."""
    code = f"U+{ord(character):04X}"
    known = unicodedata.name(character, "").lower()
    article = "an" if known[:1] in tuple("aeiou") else "a"
    return f"{article} {known} ({code})" if known else code


def without_commands(json: str) -> str:
    """Escape what a CI log takes for a command in a text of JSON, whose data stays the same."""
    return json.replace("##[", r"#\u0023[")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 record``, ``1,200 records``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def writable(text: str) -> str:
    """Return a text without lone surrogates, which stand for the bytes of odd file names."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
