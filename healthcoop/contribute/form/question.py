"""A question about a new record: its text, its choices, and how an answer is read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.model.folding import name_key

NOTHING = "-"
"""What is typed to leave a question with a default unanswered."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be chosen, what it is called, and what it means."""

    value: str
    label: str = ""
    about: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; its answer is a text, read by ``read``, which raises HealthcoopError.

    ``key`` names the answer; ``option`` is the option of ``healthcoop new`` that gives it.
    ``choices`` are offered for completion and, if ``listed``, printed. ``default`` is what Enter
    stands for; if ``proposed``, it is put into the line to be edited. An ``optional`` question may
    stay unanswered, and ``empty`` is what that means. An answer may be several texts with a
    ``separator`` between them. Problems of ``fields`` refuse an answer, those of ``watched``
    fields are shown with it. ``describe`` returns what an answer means in words, or an empty text
    where that is plain.
    """

    key: str
    text: str
    section: str
    help: str = ""
    choices: Sequence[Choice] = ()
    listed: bool = False
    separator: str = ""
    default: str = ""
    proposed: bool = False
    optional: bool = False
    empty: str = ""
    option: str = ""
    fields: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    read: Callable[[str], str] = str
    describe: Callable[[str], str] = lambda _: ""

    def parse(self, typed: str) -> str:
        """Return the answer that a typed text stands for; raises HealthcoopError."""
        text = " ".join(typed.split())
        if text == NOTHING and self.optional:
            return ""
        if not (self.proposed and self.optional):  # a proposal that was deleted stays deleted
            text = text or self.default
        if not text:
            if self.optional:
                return ""
            raise HealthcoopError("an answer is needed here", hint=self.help)
        if not self.separator:
            return self.read(text)
        parts = [part.strip() for part in text.split(self.separator)]
        read = dict.fromkeys(self.read(part) for part in parts if part)
        return f"{self.separator} ".join(read)

    def label(self, answer: str) -> str:
        """Return an answer with the labels of its choices: ``Azerbaijan (AZ)``."""
        labels = {choice.value: choice.label for choice in self.choices}
        parts = answer.split(f"{self.separator} ") if self.separator else [answer]
        shown = [
            part if labels.get(part, "") in ("", part) else f"{labels[part]} ({part})"
            for part in parts
        ]
        return f"{self.separator} ".join(shown)


def one_of(what: str, choices: Sequence[Choice]) -> Callable[[str], str]:
    """Return a reader of one of the choices: by number, value, label, or its beginning."""

    def read(text: str) -> str:
        if re.fullmatch("[0-9]{1,3}", text) and 0 < int(text) <= len(choices):
            return choices[int(text) - 1].value
        key = name_key(text)
        for names in (_values, _labels):
            found = [choice.value for choice in choices if name_key(names(choice)) == key]
            if found:
                return found[0]
        begin = {
            choice.value
            for choice in choices
            if key and any(name_key(names(choice)).startswith(key) for names in (_values, _labels))
        }
        if len(begin) == 1:
            return begin.pop()
        listed = ", ".join(choice.value for choice in choices)
        raise UnknownName(what, text, sorted(begin), otherwise=f"Choose from {listed}.")

    return read


def named(find: Callable[[str], str], choices: Sequence[Choice]) -> Callable[[str], str]:
    """Return a reader by ``find``, which also takes the beginning of the label of one choice.

    Not where another choice has a name that begins so.
    """

    def read(text: str) -> str:
        try:
            return find(text)
        except UnknownName:
            key = name_key(text)
            begin = [
                one for one in choices if key and any(name.startswith(key) for name in _names(one))
            ]
            if len(begin) == 1 and name_key(begin[0].label).startswith(key):
                return begin[0].value
            raise

    return read


def _names(choice: Choice) -> list[str]:
    return [name_key(name) for name in (choice.label, *choice.about.split(", "))]


def _values(choice: Choice) -> str:
    return choice.value


def _labels(choice: Choice) -> str:
    return choice.label


YES_OR_NO = (Choice("yes"), Choice("no"))
yes_or_no = one_of("answer", YES_OR_NO)

_UNITS = {
    "d": "D",
    "day": "D",
    "w": "W",
    "week": "W",
    "m": "M",
    "month": "M",
    "y": "Y",
    "year": "Y",
}


def duration(text: str) -> str:
    """Return an ISO 8601 duration for one in words: ``P5Y`` for ``5 years`` or ``5``."""
    found = re.fullmatch("([1-9][0-9]{0,2}) ?([a-z]*)", text.lower())
    unit = _UNITS.get((found[2].removesuffix("s") or "y") if found else "")
    return f"P{found[1]}{unit}" if found and unit else text
