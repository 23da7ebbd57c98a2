"""What changed in a file, as a unified diff that ``git apply`` takes."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_CONTEXT = 3
_LONGEST = 2000  # lines between the first change and the last; beyond it comparing takes too long


def unified(path: str, old: str, new: str) -> str | None:
    """Give the unified diff of a file's text; None where nothing changed, or far too much."""
    if old == new:
        return None
    one, other = _lines(old), _lines(new)
    same = _in_common(one, other)
    rest = min(len(one), len(other)) - same
    tail = _in_common(one[::-1][:rest], other[::-1][:rest])
    start = max(0, same - _CONTEXT)
    behind = max(0, tail - _CONTEXT)
    one, other = one[start : len(one) - behind], other[start : len(other) - behind]
    if max(len(one), len(other)) > _LONGEST:
        return None
    hunks = SequenceMatcher(None, one, other).get_grouped_opcodes(_CONTEXT)
    rows = [f"--- {_name(f'a/{path}')}\n", f"+++ {_name(f'b/{path}')}\n"]
    for hunk in hunks:
        rows += _hunk(hunk, one, other, start)
    return "".join(rows)


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the lines that two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    whole = [f"{line}\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _hunk(
    hunk: list[tuple[str, int, int, int, int]], one: list[str], other: list[str], start: int
) -> Iterator[str]:
    first, last = hunk[0], hunk[-1]
    old = _range(first[1] + start, last[2] + start)
    new = _range(first[3] + start, last[4] + start)
    yield f"@@ -{old} +{new} @@\n"
    for kind, begin, end, start_new, end_new in hunk:
        if kind == "equal":
            yield from _marked(" ", one[begin:end])
            continue
        yield from _marked("-", one[begin:end])
        yield from _marked("+", other[start_new:end_new])


def _marked(sign: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield sign + line
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"


def _range(begin: int, end: int) -> str:
    # Where no line is, the line before is counted.
    return f"{begin + 1 if end > begin else begin},{end - begin}"


def _name(path: str) -> str:
    """Write a path as git does: quoted where it has anything in it that ends or hides a name."""
    if path.isprintable() and not re.search(r'["\\]', path):
        return f"{path}\t" if " " in path else path
    written = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}"
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f'"{written}"'
