"""Problems of one file become findings: with their place, the line there and the fix."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from healthcoop.checks.findings import Finding, Problem, json_pointer
from healthcoop.checks.registry import Rule
from healthcoop.files import nodes, reader
from healthcoop.files.canonical import CannotReformat, check_comments, layout
from healthcoop.files.fixes import Edit, Fix, Rename, Replace, apply
from healthcoop.files.nodes import Span
from healthcoop.files.positions import Positions
from healthcoop.files.tree import MAX_BYTES
from healthcoop.model.spec import PROSE

_MAX_LINE = 2000  # characters; no curator's line is longer, and many findings may be in one
_MAX_FIXES = 100
_MAX_JUDGED = 100  # as the schema reports
_OF_FORM = ("HC2", "HC401")
_MAX_FIX_BYTES = 2 * 1024 * 1024  # so that one large file costs no more than many small ones


Check = Callable[[dict[str, Any]], Iterable[tuple[Rule, Problem]]]


class FindingBuilder:
    """Builds the findings of one file, which is parsed for positions when the first is built.

    A finding's excerpt is its line without the line break, so that columns count in it; empty
    where the finding is beyond the first 2,000 characters of the line, which are all that is
    kept. The first hundred findings with edits get a fix, in a large file fewer.
    """

    def __init__(
        self,
        path: str,
        content: bytes,
        data: dict[str, Any] | None = None,
        check: Check = lambda _: (),
    ) -> None:
        """Take the file's path, content (empty if it cannot be opened) and data if parsed.

        ``check`` finds the problems of edited data: edits that lead to others are not proposed.
        """
        self._path = path
        self._content = content
        self._data = data
        self._check = check
        self._fixes = min(_MAX_FIXES, _MAX_FIX_BYTES // max(1, len(content)))

    def build(self, rule: Rule, problem: Problem, span: Span | None = None) -> Finding:
        """Return a problem's finding, at ``span`` or where its pointer leads."""
        span = span or self._span(problem)
        return Finding(
            path=self._path,
            line=span.line,
            column=span.column,
            end_line=span.end_line,
            end_column=span.end_column,
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            rank=problem.rank,
            message=problem.message,
            hint=problem.hint,
            pointer=json_pointer(problem.pointer),
            proposal=self._proposal(rule, problem) if problem.edits else None,
            excerpt=self._excerpt(span),
            example=problem.example,
            fixable=problem.safe and bool(problem.edits) and self._laid_out is not None,
            others=problem.others,
            symmetric=problem.symmetric,
        )

    def build_syntax(self, rule: Rule, syntax: nodes.SyntaxProblem) -> Finding:
        """Return the finding of something that the reader reported."""
        return self.build(rule, syntax_problem(syntax, self._data), syntax.span)

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self._content)

    @cached_property
    def _lines(self) -> list[str]:
        text = self._content[:MAX_BYTES].decode("utf-8", "replace")
        return text.removeprefix("\ufeff").split("\n")

    @cached_property
    def _laid_out(self) -> str | None:
        """The file in canonical layout; None where it cannot be laid out."""
        if self._data is None:
            self._data = reader.parse(self._content).data
        try:
            check_comments(self._content)
        except CannotReformat:
            return None
        return None if self._data is None else layout(self._data)

    def _span(self, problem: Problem) -> Span:
        pointer = problem.pointer
        positions = self._positions
        span = positions.key(pointer) if problem.on_key else positions.value(pointer)
        return (problem.substring and positions.substring(pointer, problem.substring)) or span

    def _excerpt(self, span: Span) -> str:
        if span.line > len(self._lines) or span.column > _MAX_LINE:
            return ""
        return self._lines[span.line - 1][:_MAX_LINE].removesuffix("\r")

    @cached_property
    def _before(self) -> Counter[str]:
        """The number of problems of each code in the data as read."""
        return Counter(rule.code for rule, _ in self._check(self._data or {}))

    def _solves(self, rule: Rule, data: dict[str, Any]) -> bool:
        """Return whether edited data has fewer problems of the rule, and none of new form."""
        before = self._before
        if before.total() >= _MAX_JUDGED:
            return True  # not all of them are known
        after = Counter(rule.code for rule, _ in self._check(data))
        forms = {code for code in after if code.startswith(_OF_FORM)}
        return (not before[rule.code] or after[rule.code] < before[rule.code]) and all(
            after[code] <= before[code] for code in forms
        )

    def _proposal(self, rule: Rule, problem: Problem) -> Fix | None:
        if not self._fixes or self._laid_out is None or self._data is None:
            return None
        self._fixes -= 1
        data, count = apply(self._data, [problem.edits])
        # A field that is only respelt may have a value that was not checked before.
        respelt = problem.safe and all(isinstance(edit, Rename) for edit in problem.edits)
        if not count or not (respelt or self._solves(rule, data)):
            return None
        return Fix(
            path=self._path,
            before=self._content.decode("utf-8"),
            laid_out=self._laid_out,
            after=layout(data),
        )


def syntax_problem(syntax: nodes.SyntaxProblem, data: dict[str, Any] | None) -> Problem:
    """Return the problem, with its edits, of something that the reader reported."""
    edits: tuple[Edit, ...] = ()
    safe = False
    if syntax.code == "HC113" and data is not None:
        text: Any = data
        for part in syntax.pointer:
            text = text[part]
        trimmed = text.strip("\n")
        safe = "\n" not in trimmed or syntax.pointer[-1] in PROSE
        edits = (Replace(syntax.pointer, trimmed if safe else " ".join(text.split())),)
    return Problem(syntax.message, syntax.hint, syntax.pointer, edits=edits, safe=safe)
