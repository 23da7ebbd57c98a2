"""A new record by questions: which is next, what an answer leads to, and back."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.record_rules import RecordRules
from healthcoop.contribute.form.answers import record_data, several
from healthcoop.contribute.form.known import Known
from healthcoop.contribute.form.question import Question
from healthcoop.contribute.form.questions import questions
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.files import atomic
from healthcoop.files.fixes import Replace
from healthcoop.files.visible import writable
from healthcoop.index.suggestions import with_source

_UNASKED = frozenset({"terms", "source", "city", "venue", "identifier", "link"})
"""The answers that an option may give without a question."""
_SIGNED = ".signed"

_MISSING = "HC202"  # what has not been asked yet is missing


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about an answer, in the words of ``validate``; an error refuses the answer."""

    message: str
    hint: str
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of an answer: whether it was taken, as what, and the remarks about it.

    ``suggestion`` is what a refused answer should probably be, or what was typed.
    """

    accepted: bool
    shown: str = ""
    remarks: tuple[Remark, ...] = ()
    suggestion: str = ""


class Interview:
    """The questions and answers of one new record, kept in a file until the record is written."""

    def __init__(
        self,
        known: Known,
        rules: RecordRules,
        *,
        given: Mapping[str, str],
        path: Path | None,
    ) -> None:
        """Take what options gave, which is not asked for, and the file for the answers."""
        self._known = known
        self._rules = rules
        self._given = {key: writable(text) for key, text in given.items()}
        self._path = path
        self._is_kept = False
        self._by_option: set[str] = set()
        self.answers: dict[str, str] = {}
        self._typed: dict[str, str] = {}

    @property
    def data(self) -> dict[str, Any]:
        """The record's data, as far as it is known."""
        return record_data(self.answers, self._known.vocabulary, self._known.today)

    def next_question(self) -> Question | None:
        """Return the first question without an answer, None where all have one.

        Options answer first; an answer of theirs that is refused is put into the line.
        """
        while question := self._unanswered():
            if question.key not in self._given or self._take(question):
                return question
        return None

    def _unanswered(self) -> Question | None:
        """Return the first question without an answer, or with one that is not valid any more."""
        for question in questions(self._known, self.answers):
            answer = self.answers.get(question.key)
            if answer is None or not _is_valid(question, answer):
                if answer is not None:
                    self._typed[question.key] = self.answers.pop(question.key)
                return question
        return None

    def take_options(self) -> list[tuple[str, Remark]]:
        """Take what options gave, as far as its questions are reached; return what was refused.

        Each is named by its question's option. What has no question is checked, named by its key
        if it is refused, and taken in the end.
        """
        refused = [
            (question.option, remark)
            for question in questions(self._known, self.answers)
            if question.key in self._given and (remark := self._take(question))
        ]
        before = self._problems(self.answers)
        after = self._problems({**self.answers, **self._given})
        for known, (severity, problem) in after.items():
            key = _key_at(*problem.pointer)
            if known not in before and key in self._given and severity is Severity.ERROR:
                refused.append((key, Remark(problem.message, problem.hint, is_error=True)))
        return refused

    def _take(self, question: Question) -> Remark | None:
        """Take the answer that an option gave; return why it was refused."""
        reply = self.answer(question, self._given.pop(question.key))
        if reply.accepted:
            self._by_option.add(question.key)
            return None
        self._typed[question.key] = reply.suggestion
        return reply.remarks[0]

    def missing(self) -> Iterator[Question]:
        """Yield the questions that a record cannot do without."""
        for question in questions(self._known, self.answers):
            if question.key in self.answers or not question.option or question.optional:
                continue
            if question.key == "title" or not (question.default or question.proposed):
                yield question

    def finish(self) -> list[str]:
        """Take what options gave without a question; return the keys that do not apply.

        The question about the collection is answered by its default.
        """
        signed = self._known.kind(self.answers) == "instrument"
        for key in [*self._given]:
            field = key.partition(".")[0]
            if key.endswith(_SIGNED):
                applies = signed or self._given[key] == "no"
            else:
                applies = field in _UNASKED and (signed or field != "terms")
            if applies:
                self.answers[key] = self._given.pop(key)
        for question in questions(self._known, self.answers):
            if question.key == "collection":
                self.answers.setdefault(question.key, question.default)
        return [*self._given]

    def typed(self, question: Question) -> str:
        """Return what was typed for a question before, or what is proposed."""
        return self._typed.get(question.key) or (question.default if question.proposed else "")

    def keep(self, question: Question, text: str) -> None:
        """Keep what was typed and not yet answered."""
        self._typed[question.key] = text
        self.save()

    def answer(self, question: Question, text: str) -> Reply:
        """Read an answer, check the record with it, and take it if it is valid."""
        try:
            answer = question.parse(writable(text))
        except HealthcoopError as error:
            remark = Remark(f"{error.message[:1].upper()}{error.message[1:]}.", error.hint, True)
            return Reply(
                accepted=False, remarks=(remark,), suggestion=_nearest(question, text, error)
            )
        before = self._problems(self.answers)
        after = self._problems({**self.answers, question.key: answer})
        found = [problem for key, problem in after.items() if key not in before]
        remarks = []
        suggestion = ""
        for severity, problem in found:
            field = str(problem.pointer[0]) if problem.pointer else ""
            if field in (*question.fields, *question.watched):
                refuses = severity is Severity.ERROR and field in question.fields
                remarks.append(Remark(problem.message, problem.hint, refuses))
                suggestion = suggestion or (_suggestion(problem) if refuses else "")
        if any(remark.is_error for remark in remarks):
            kept = tuple(remark for remark in remarks if remark.is_error)
            return Reply(accepted=False, remarks=kept, suggestion=suggestion or text)
        self.answers[question.key] = answer
        self._typed.pop(question.key, None)
        self.save()
        if question.key.endswith(".url") and (used := with_source(self._known.index, answer)):
            message = f"This page is already a source of {', '.join(used)}."
            remarks.append(Remark(message, "Check that it reports another event too.", False))
        shown = question.label(answer)
        named = shown if shown not in (text, question.default) else ""
        return Reply(
            accepted=True,
            shown=question.describe(answer) or named,
            remarks=tuple(remarks),
        )

    def back(self) -> bool:
        """Return to the question before; False where there is none."""
        asked = []
        for question in questions(self._known, self.answers):
            if question.key not in self.answers:
                break
            if question.key not in self._by_option:
                asked.append(question)
        if not asked:
            return False
        self._typed[asked[-1].key] = self.answers.pop(asked[-1].key)
        self.save()
        return True

    def _problems(
        self, answers: Mapping[str, str]
    ) -> dict[tuple[str, tuple[str | int, ...], str], tuple[Severity, Problem]]:
        side = answers.get("party.1", "")  # of people whose side is asked for next
        sides = {f"{key}.party": side for key, _ in several(answers, "person")}
        data = record_data({**sides, **answers}, self._known.vocabulary, self._known.today)
        ident = str(data.get("id", ""))
        path = f"records/{ident[:4]}/{ident}.yaml"
        return {
            (rule.code, problem.pointer, problem.message): (rule.severity, problem)
            for rule, problem in self._rules.problems(path, data, plain=False)
            if rule.code != _MISSING
        }

    def save(self) -> None:
        """Write the answers to the file if they are kept and it can be written."""
        if self._path and self._is_kept:
            state = {"answers": self.answers, "typed": self._typed}
            with suppress(HealthcoopError):
                atomic.write_text(self._path, [json.dumps(state, indent=1)])

    @property
    def saved(self) -> str:
        """The path of the file with the answers, empty where there is none."""
        return str(self._path) if self._path and self._path.is_file() else ""

    def restore(self) -> bool:
        """Keep the answers in the file from now on, and take those that are there.

        Answers that options gave stay. Returns whether there were any.
        """
        self._is_kept = True
        state = _read(self._path)
        answers = state.get("answers", {})
        self._typed = state.get("typed", {})
        if not answers:
            return False
        self.answers = self._valid(answers)
        return True

    def _valid(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return the answers up to the first that is not valid now; the others become typed."""
        taken: dict[str, str] = {key: self.answers[key] for key in self._by_option}
        for question in questions(self._known, taken):
            if question.key in taken:
                continue
            answer = answers.get(question.key)
            if answer is None or not _is_valid(question, answer):
                break
            taken[question.key] = answer
        self._typed = {**{key: answers[key] for key in answers if key not in taken}, **self._typed}
        return taken

    def start_again(self) -> None:
        """Drop all answers but those of options, and what was typed."""
        self.answers = {key: self.answers[key] for key in self._by_option}
        self._typed = {}
        self.forget()

    def forget(self) -> None:
        """Remove the file with the answers."""
        if self._path and self._is_kept:
            with suppress(OSError):
                self._path.unlink()


def _key_at(name: str | int = "", *rest: str | int) -> str:
    """Return the key of the answer that makes the value at a place of a record, if it has one."""
    match name, rest:
        case "terms", (field, *_):
            return f"terms.{field}"
        case "places", (0, field, *_):
            return str(field)
        case "sources", (int(number), field, *_):
            return f"source.{number + 1}.{field}"
        case (("identifiers" | "links"), (int(number), *_)):
            return f"{str(name)[:-1]}.{number + 1}"
    return ""


def _is_valid(question: Question, answer: str) -> bool:
    """Return whether an answer still is one of its question, which may depend on others."""
    try:
        return not answer or question.parse(answer) == answer
    except HealthcoopError:
        return False


def _suggestion(problem: Problem) -> str:
    """Return the value that a problem's edit would write, if it is one text."""
    values = [edit.value for edit in problem.edits if isinstance(edit, Replace)]
    return values[0] if len(values) == 1 and isinstance(values[0], str) else ""


def _nearest(question: Question, text: str, error: HealthcoopError) -> str:
    """Return what was typed, with the one name that is most like an unknown one in its place."""
    if not isinstance(error, UnknownName) or len(error.nearest) != 1:
        return text
    return text.replace(error.name, error.nearest[0]) if question.separator else error.nearest[0]


def _read(path: Path | None) -> dict[str, dict[str, str]]:
    """Return the texts in a file of answers; empty for a file that is none."""
    try:
        state = json.loads(path.read_bytes()) if path else {}
    except (OSError, ValueError, RecursionError):
        return {}
    parts = state.items() if isinstance(state, dict) else ()
    return {
        name: {key: value for key, value in part.items() if isinstance(value, str)}
        for name, part in parts
        if isinstance(part, dict)
    }
