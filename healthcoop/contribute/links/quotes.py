"""Whether a page contains a quote, whatever its layout, typography and encoding."""

import html
import re
from collections.abc import Mapping
from hashlib import sha256
from threading import Lock

from healthcoop.contribute.web import Answer, texts
from healthcoop.model.folding import fold

_TAG = re.compile(r"<[^<>]*>")  # linear: never searches beyond the next tag
_LEFT_OUT = re.compile(r"\.\.\.|…|\[[^\]\[]*\]")
_MARKUP = {"", "text/html", "application/xhtml+xml", "text/xml", "application/xml"}
_PLAIN = {"text/plain"}


# One page at a time: text takes many times the memory of its bytes, and threads are no faster.
_SEARCH = Lock()


def key(quote: str) -> str:
    """Return a short name of a quote; quotes that are looked for alike have the same."""
    return sha256("…".join(_pieces(quote)).encode()).hexdigest()[:16]


def is_text(answer: Answer) -> bool:
    """Return whether the content is text that a quote can be looked for in."""
    known = answer.content_type in _MARKUP | _PLAIN
    return known and not answer.content.startswith(b"%PDF-")


def find(answer: Answer, quotes: set[str]) -> dict[str, bool | None]:
    """Return for the key of each quote whether the page contains it; None where that is unknown.

    Only letters and digits are compared, without case and accents. Words left out of a quote, as
    ``...`` or in brackets, may be anything.
    """
    if not is_text(answer):
        return {key(quote): None for quote in quotes}
    left = {key(quote): _pieces(quote) for quote in quotes}
    with _SEARCH:
        return _find(answer, left)


def _find(answer: Answer, left: Mapping[str, list[str]]) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {name: None for name, pieces in left.items() if not pieces}
    for text in texts(answer):
        page = _letters(
            text if answer.content_type in _PLAIN else html.unescape(_TAG.sub("", text))
        )
        found |= {name: True for name, pieces in left.items() if pieces and _contains(page, pieces)}
        if len(found) == len(left):
            return found
    return dict.fromkeys(left, None if answer.truncated else False) | found


def why_unknown(answer: Answer) -> str:
    """Return why a quote could not be looked for, in a phrase."""
    if not is_text(answer):
        return "the page is not text"
    return "the page is too long" if answer.truncated else "it has no letters"


def _pieces(quote: str) -> list[str]:
    return [letters for part in _LEFT_OUT.split(quote) if (letters := _letters(part))]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _contains(page: str, pieces: list[str]) -> bool:
    start = 0
    for piece in pieces:
        start = page.find(piece, start)
        if start < 0:
            return False
        start += len(piece)
    return True
