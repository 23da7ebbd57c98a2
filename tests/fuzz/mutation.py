"""Corrupted files: real records and the cases of rules, changed at random."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.checks.rule_cases import cases

ROOT = Path(__file__).resolve().parents[2]

_TOKENS = [
    *("- ", ": ", "? ", "&a ", "*a", "!!str ", "! ", "|\n", ">-\n", "|+2", "%YAML 1.1\n", "---\n"),
    *("...\n", "[", "]", "{", "}", ",", "#", " #", "'", '"', "''", '\\"', "\\x00", "\\u202e", "@"),
    *("\\ud800", "\\U0010ffff", "`", "~", "null", "true", "<<: ", "\t", "\r", "\r\n", "\n", "\n\n"),
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\u202e", "\u200d"),
    *("\ufffe", "\U0001f600", "e\u0301", "ı", "İ", "ﬁ", "٣", "𝟛", "а", "::", "::error::", "%0A"),
    *("id: ", "date: ", "parties:\n", "withdrawn: ", "sources: []\n", "country: AZ", "topics: []"),
    *("2022-10-07", '"2022-02-30"', "[..2026-11-21]", "202X", "2022~", "2019/..", "unknown", "NO"),
    *("rel: supersedes", "AZ", "SUHH", "WHO", "http://", "https://[", "https://bit.ly/x?utm_id=1"),
    *("P5Y", "Q1", "a" * 300, "9" * 40, " " * 40, "- " * 40, "[" * 40, "{a: " * 40, "\n  " * 9),
]
_BAD_UTF8 = [
    *(b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80"),
    *(b"\xe2\x82", b"\x80", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf"),
]
_BLANKS = ["\n", "\n\n", " ", "  ", "\n    ", "\r\n"]


def seeds() -> list[bytes]:
    """Return the files to start from, in a stable order."""
    files = [*(ROOT / "records").rglob("*.yaml")]
    files += (ROOT / "schema").glob("*.yaml")
    found = {path.read_bytes() for path in files}
    found |= {content for case in cases() for content in case.files.values()}
    return sorted(content for content in found if len(content) < 20_000)


def mutate(chance: random.Random, files: list[bytes]) -> bytes:
    """Return a file with one to six changes."""
    content = chance.choice(files)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        content = chance.choice(_CHANGES)(chance, content, files)
    return content


def _stretch(chance: random.Random, content: bytes, longest: int) -> tuple[int, int]:
    start = chance.randint(0, len(content))
    return start, min(len(content), start + chance.randint(0, longest))


def _flip(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    if not content:
        return content
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _splice(chance: random.Random, content: bytes, files: list[bytes]) -> bytes:
    other = chance.choice(files)
    start, end = _stretch(chance, other, 400)
    at, until = _stretch(chance, content, 40)
    return content[:at] + other[start:end] + content[until:]


def _insert(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    at, until = _stretch(chance, content, chance.choice((0, 0, 12)))
    return content[:at] + chance.choice(_TOKENS).encode() + content[until:]


def _insert_before_word(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    """Insert a token where YAML expects one: at the start of a line or of a value."""
    mark = chance.choice((b"\n", b": ", b"- ", b", "))
    at = content.find(mark, chance.randint(0, len(content))) + len(mark)
    return content[:at] + chance.choice(_TOKENS).encode() + content[at:]


def _cut(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    return content[: chance.randint(0, len(content))]


def _drop(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    start, end = _stretch(chance, content, 30)
    return content[:start] + content[end:]


def _double(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    start, end = _stretch(chance, content, 200)
    return content[:end] + content[start:end] * chance.choice((1, 1, 2, 20)) + content[end:]


def _break_utf8(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + chance.choice(_BAD_UTF8) + content[at:]


def _blank(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    at = content.find(b" ", chance.randint(0, len(content)))
    return content[: at + 1] + chance.choice(_BLANKS).encode() + content[at + 1 :]


def _change_lines(chance: random.Random, content: bytes, _: list[bytes]) -> bytes:
    """Drop, double, move or reindent a line; the result is often still YAML."""
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    line = lines.pop(at)
    match chance.randrange(5):
        case 0:
            lines[at:at] = [line, line]
        case 1:
            lines.insert(chance.randint(0, len(lines)), line)
        case 2:
            lines.insert(at, b"  " + line)
        case 3:
            lines.insert(at, line.removeprefix(b"  "))
    return b"\n".join(lines)


def _change_value(chance: random.Random, content: bytes, files: list[bytes]) -> bytes:
    """Replace a field's value by that of another file's field, or by a token."""
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    name, colon, _ = lines[at].partition(b": ")
    if colon:
        other = chance.choice(chance.choice(files).split(b"\n")).partition(b": ")[2]
        lines[at] = name + colon + chance.choice((other, chance.choice(_TOKENS).encode()))
    return b"\n".join(lines)


_Change = Callable[[random.Random, bytes, list[bytes]], bytes]
_CHANGES: list[_Change] = [
    *(_flip, _splice, _insert, _insert_before_word, _cut, _drop, _double, _break_utf8, _blank),
    *(_change_lines, _change_lines, _change_value, _change_value),
]
