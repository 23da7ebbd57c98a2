"""What a finding says in the form, where there are no commands and no files of other records."""

import re

_RECORD = re.compile(r"\brecords/[^/\s“”]+/([^/\s“”]+)\.yaml\b")
_COMMAND = r"“healthcoop ([^”]*)”"
_ASIDE = re.compile(rf" \({_COMMAND}[^)]*\)")
_TOOLS = re.compile(rf"{_COMMAND}|\S+\.yaml\b|\bthe folder\b")
_SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z“])")
_ALTERNATIVE = re.compile(r", or ")

INSTEAD = {
    "vocab": "Choose one from the list.",
    "validate --explain": "a curator does that; leave it as it is",
}
"""What is done in the form instead of a command that a hint names; others are left out."""
_NOTHING_LEFT = "Leave this to a curator."


def message(text: str) -> str:
    """Return the message of a finding with ids in place of the paths of records."""
    return _RECORD.sub(_record, text)


def _record(path: re.Match[str]) -> str:
    return f"{'the' if path.start() else 'The'} record {path[1]}"


def hint(text: str) -> str:
    """Return the hint of a finding without what only the command line or a file can do."""
    text = _ASIDE.sub(lambda aside: f" ({words})" if (words := _instead(aside[1])) else "", text)
    parts = (_in_the_form(part) for part in _SENTENCE.split(message(text)))
    return " ".join(filter(None, parts)) or (_NOTHING_LEFT if text else "")


def _in_the_form(sentence: str) -> str:
    named = _TOOLS.search(sentence)
    if named is None:
        return sentence
    if words := _instead(named[1] or ""):
        return words
    left = [part for part in _ALTERNATIVE.split(sentence) if not _TOOLS.search(part)]
    return _capitalised(", or ".join(left).removesuffix(".")) + "." if left else ""


def _instead(command: str) -> str:
    return next((words for name, words in INSTEAD.items() if command.startswith(name)), "")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
