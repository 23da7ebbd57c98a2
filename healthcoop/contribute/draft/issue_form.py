"""The issue form “Propose a record” as GitHub submits it: headings, and an answer below each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from healthcoop.contribute.draft.article import Span
from healthcoop.errors import HealthcoopError

LABELS: Mapping[str, str] = {
    "url": "Address of the page",
    "type": "What was it?",
    "date": "When was it?",
    "sides": "Which countries and organisations?",
    "people": "Which people?",
    "place": "Where was it?",
    "topics": "What was it about?",
    "summary": "What happened?",
    "quote": "The words that prove it",
    "text": "Text of the page",
    "checks": "Before you send it",
}
"""The labels of the fields of .github/ISSUE_TEMPLATE/1-propose-a-record.yml, in their order."""

UNSURE = "I am not sure"
"""The answer to “What was it?” that leaves the type open."""

_MAX_BYTES = 256 * 1024  # GitHub's limit is 65,536 characters
_EMPTY = frozenset({"", "_No response_", "None", UNSURE})
_HEADING = re.compile(r"^### (.+)$", re.MULTILINE)
_FENCED = re.compile(r"\s*(`{3,})[a-z]*\n(.*?)\n?\1\s*", re.DOTALL)
_LIST_MARK = re.compile(r"\A\s*(?:[-*•]|\d{1,2}[.)])\s+")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class IssueForm:
    """A submitted form: its text, and where the answer to each field is, by the keys of LABELS."""

    text: str
    spans: Mapping[str, Span]

    def answer(self, name: str) -> str:
        """Return an answer on one line; empty where there is none."""
        return " ".join(self.block(name).split())

    def lines(self, name: str) -> list[str]:
        """Return the lines of an answer, without the marks of a list."""
        lines = (_LIST_MARK.sub("", line) for line in self.block(name).split("\n"))
        return [" ".join(line.split()) for line in lines if line.strip()]

    def block(self, name: str) -> str:
        """Return an answer as it was written; empty where there is none."""
        span = self.spans.get(name)
        return self.text[span.start : span.end] if span else ""


def read_form(content: bytes) -> IssueForm:
    """Return the form in the body of an issue; raises HealthcoopError for another text.

    A heading counts once: what else looks like one is part of an answer.
    """
    if len(content) > _MAX_BYTES:
        raise HealthcoopError(f"the issue is longer than {_MAX_BYTES // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HealthcoopError("the issue is not UTF-8 text") from error
    text = _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    headings = _headings(text)
    if "url" not in headings or "sides" not in headings:
        raise HealthcoopError(
            "the text is not a submitted form “Propose a record”",
            hint=f"It has the headings “### {LABELS['url']}” and “### {LABELS['sides']}”.",
        )
    ends = [*(heading.start for heading in headings.values()), len(text)][1:]
    spans = {
        name: _answer(text, heading.end, end)
        for (name, heading), end in zip(headings.items(), ends, strict=True)
    }
    return IssueForm(text, {name: span for name, span in spans.items() if span})


def _headings(text: str) -> dict[str, Span]:
    names = {label: name for name, label in LABELS.items()}
    found: dict[str, Span] = {}
    for match in _HEADING.finditer(text):
        if name := names.get(match[1].rstrip()):
            found.setdefault(name, Span(match.start(), match.end()))
    return found


def _answer(text: str, start: int, end: int) -> Span | None:
    """Return where an answer is, without the space and the fence of a code block around it."""
    if fenced := _FENCED.fullmatch(text, start, end):
        start, end = fenced.span(2)
    answer = text[start:end]
    if answer.strip() in _EMPTY:
        return None
    start += len(answer) - len(answer.lstrip())
    return Span(start, start + len(answer.strip()))
