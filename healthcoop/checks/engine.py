"""A run of the checks over the files of a data set, in parallel."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from healthcoop.checks import fixing, summaries
from healthcoop.checks.finding_builder import FindingBuilder, syntax_problem
from healthcoop.checks.findings import Finding, Problem
from healthcoop.checks.fixing import Draft, FixedFile, FixScope
from healthcoop.checks.record_rules import CheckContext, RecordRules
from healthcoop.checks.registry import Corpus, RecordSummary, Rule, rules
from healthcoop.files import reader
from healthcoop.files.canonical import CannotReformat, find_comments, layout, rewrite
from healthcoop.files.characters import is_plain
from healthcoop.files.tree import UnexpectedFile, is_record
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.shape import ShapeError

__all__ = ["CheckContext", "Checked", "Checker", "FileResult", "Progress", "check"]

_CHUNK = 200
_ALLOCATIONS = 200_000  # between two runs of the garbage collector
_PARALLEL_FROM = 400  # below it, starting a second process costs more than it saves

Data = dict[str, Any]
Progress = Callable[[int, int], None]


class FileResult(NamedTuple):
    """The check of one file: its summary for the corpus, its findings and its fix.

    With a ``draft``, corpus problems may still be fixed in it before it becomes ``fixed``. A
    ``refusal`` is the reason why the file cannot be rewritten.
    """

    summary: RecordSummary
    findings: list[Finding]
    draft: Draft | None = None
    fixed: FixedFile | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The files and findings of a run, what ``--fix`` would write, and why it leaves others."""

    paths: tuple[str, ...]
    findings: tuple[Finding, ...]
    fixed: tuple[FixedFile, ...]
    refusals: Mapping[str, str]


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let the garbage collector run rarely: results are many objects, none of them garbage."""
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_few_collections()
def check(
    files: Mapping[str, bytes],
    context: CheckContext,
    *,
    unexpected_files: Iterable[UnexpectedFile] = (),
    scope: FixScope | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Check every record of a data set; with ``scope``, as if its fixes were written.

    ``unexpected_files`` are those under ``records/`` that are not records. ``jobs`` is the number
    of processes, all cores by default; findings are the same for any number.
    """
    checker = Checker(files, context, scope)
    paths = list(files)
    chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
    if jobs != 1 and len(paths) >= _PARALLEL_FROM:
        from healthcoop.files.parallel import map_parallel

        parts = map_parallel(checker.check_files, chunks, jobs=jobs)
    else:
        parts = map(checker.check_files, chunks)
    results: dict[str, FileResult] = {}
    others, unexpected = iter(unexpected_files), list[UnexpectedFile]()
    for part in parts:
        unexpected += others  # listed while other processes check files
        results |= {result.summary.path: result for result in part}
        if progress:
            progress(len(results), len(paths))
    found = [*checker.check_corpus(results, [*unexpected, *others])]
    found += [finding for result in results.values() for finding in result.findings]
    fixed = (results[path].fixed for path in paths if path in results)
    return Checked(
        paths=tuple(paths),
        findings=tuple(sorted(found)),
        fixed=tuple(filter(None, fixed)),
        refusals={path: result.refusal for path, result in results.items() if result.refusal},
    )


class Checker:
    """Checks files one by one, and then the corpus of their summaries."""

    def __init__(
        self, files: Mapping[str, bytes], context: CheckContext, scope: FixScope | None = None
    ) -> None:
        """Take the files, what they are checked against, and what may be fixed."""
        self._files = files
        self._context = context
        self._scope = scope
        self._rules = rules()
        self._problems = RecordRules(context).problems
        self._summarise = partial(summaries.summarise, context.vocabulary)

    def __reduce__(self) -> tuple[type["Checker"], tuple[Any, ...]]:
        """Build a new one in another process: compiled validators cannot be sent there."""
        return Checker, (self._files, self._context, self._scope)

    def check_files(self, paths: Sequence[str]) -> list[FileResult]:
        """Check some files, each for itself."""
        return [self._check_file(path) for path in paths]

    def check_corpus(
        self, results: dict[str, FileResult], unexpected_files: Sequence[UnexpectedFile] = ()
    ) -> Iterator[Finding]:
        """Check all records together; with a scope, the results of fixed files are replaced."""
        problems = self._corpus_problems(results, unexpected_files)
        for _ in range(fixing.MAX_PASSES):
            if not self._fix_corpus(results, problems):
                break
            problems = self._corpus_problems(results, unexpected_files)
        for path, result in results.items():
            if result.draft:
                results[path] = self._finish(path, result, result.draft)
        unread = {unexpected.path for unexpected in unexpected_files}
        for path, found in problems.items():
            builder = FindingBuilder(path, b"" if path in unread else self._content(path, results))
            for rule, problem in found:
                yield builder.build(rule, problem)

    def _corpus_problems(
        self, results: Mapping[str, FileResult], unexpected_files: Sequence[UnexpectedFile]
    ) -> dict[str, list[tuple[Rule, Problem]]]:
        summaries = (result.summary for result in results.values())
        read = partial(self._read_record, results)
        corpus = Corpus(
            summaries,
            unexpected_files=unexpected_files,
            changed=self._context.changed,
            only_changed=self._context.only_changed,
            read=read,
        )
        problems: dict[str, list[tuple[Rule, Problem]]] = {}
        for rule in self._rules.values():
            if rule.of_corpus:
                for path, problem in rule.of_corpus(corpus):
                    if self._is_wanted(path, problem):
                        problems.setdefault(path, []).append((rule, problem))
        return problems

    def _is_wanted(self, path: str, problem: Problem) -> bool:
        changed = self._context.changed
        about = path in changed or not changed.isdisjoint(problem.others)
        return about or not self._context.only_changed

    def _fix_corpus(
        self,
        results: dict[str, FileResult],
        problems: Mapping[str, Sequence[tuple[Rule, Problem]]],
    ) -> bool:
        """Apply the safe edits of corpus problems; return whether there were any."""
        changed = False
        for path, found in problems.items() if self._scope else ():
            draft = results[path].draft if path in results else None
            if draft:
                edited = self._edit(path, draft, found)
                if edited.edits > draft.edits:
                    changed = True
                    summary = self._summarise(path, edited.data)
                    results[path] = results[path]._replace(summary=summary, draft=edited)
        return changed

    def _check_file(self, path: str) -> FileResult:
        try:
            content = self._files[path]
        except (OSError, KeyError) as error:
            return FileResult(
                summary=summaries.stub(path), findings=[self._unreadable(path, error)]
            )
        parsed = reader.parse(content)
        data = parsed.data
        if data is None:
            found = self._findings(path, content, parsed, self._problems_elsewhere(path, parsed))
            return FileResult(summary=summaries.stub(path), findings=found)
        problems = list(self._problems(path, data, plain=is_plain(content)))
        result = FileResult(
            summary=self._summarise(path, data),
            findings=self._findings(path, content, parsed, problems),
        )
        if not self._scope or not self._scope.selection.includes_path(path):
            return result
        syntax = [(self._rules[one.code], syntax_problem(one, data)) for one in parsed.problems]
        draft = self._edit(path, Draft(content=content, data=data), [*syntax, *problems])
        if draft.edits:
            result = result._replace(summary=self._summarise(path, draft.data))
        if draft.data.keys() & _REFERRING:
            return result._replace(draft=draft)
        return self._finish(path, result, draft)

    def _problems_elsewhere(
        self, path: str, parsed: reader.ParseResult
    ) -> list[tuple[Rule, Problem]]:
        """Return the problems of a refused file beside those that the reader reported."""
        places = [problem.pointer for problem in parsed.problems]
        return (
            [
                (rule, problem)
                for rule, problem in self._problems(path, parsed.partial or {}, plain=False)
                if not any(problem.pointer[: len(at)] == at for at in places)
            ]
            if parsed.partial
            else []
        )

    def _edit(self, path: str, draft: Draft, problems: Sequence[tuple[Rule, Problem]]) -> Draft:
        """Apply the safe edits of problems, and of the problems that they uncover."""
        assert self._scope is not None  # noqa: S101 - only called with one
        check = partial(self._problems, path, plain=is_plain(draft.content))
        data, count = fixing.fix(path, draft.data, problems, self._scope, check)
        return replace(draft, data=data, edits=draft.edits + count)

    def _finish(self, path: str, result: FileResult, draft: Draft) -> FileResult:
        """Return the result of a file as it will be written, if there is anything to write."""
        assert self._scope is not None  # noqa: S101 - only called with one
        result = result._replace(draft=None)
        content, data = draft.content, draft.data
        if not draft.edits and not (self._scope.reformat and layout(data).encode() != content):
            return result
        try:
            text, parsed = rewrite(content, data)
        except CannotReformat as refusal:
            return result._replace(refusal=refusal.message)
        problems = list(self._problems(path, data, plain=is_plain(content)))
        return FileResult(
            summary=result.summary,
            findings=self._findings(path, text.encode(), parsed, problems),
            fixed=FixedFile(path=path, before=content, after=text, edits=draft.edits),
        )

    def _findings(
        self,
        path: str,
        content: bytes,
        parsed: reader.ParseResult,
        problems: Sequence[tuple[Rule, Problem]],
    ) -> list[Finding]:
        comments = [] if parsed.data is None else find_comments(content, most=_MAX_COMMENTS)
        if not (parsed.problems or problems or comments):
            return []
        check = partial(self._problems, path, plain=False)
        builder = FindingBuilder(path, content, parsed.data, check)
        syntax = (builder.build_syntax(self._rules[one.code], one) for one in parsed.problems)
        findings = [replace(finding, unread=parsed.data is None) for finding in syntax]
        findings += [builder.build(rule, problem) for rule, problem in problems]
        comment = self._rules["HC116"]
        findings += [builder.build(comment, _COMMENT, span) for span, _ in comments]
        return findings

    def _unreadable(self, path: str, error: OSError | KeyError) -> Finding:
        reason = getattr(error, "strerror", None) or error.args[0]
        why = "it no longer exists" if isinstance(error, KeyError) else reason
        message = f"The file cannot be read: {why}."
        is_link = not is_record(path)  # only to a folder
        hint = (
            "Replace the link by the folder that it leads to."
            if is_link
            else "Check that it is a file, and who may read it."
        )
        problem = Problem(message=message, hint=hint)
        finding = FindingBuilder(path, b"").build(self._rules["HC115"], problem)
        return replace(finding, unread=True)

    def _read_record(
        self, results: Mapping[str, FileResult], summary: RecordSummary
    ) -> IndexedRecord | None:
        """Return a whole record; None where its file, shape or date is invalid."""
        draft = results[summary.path].draft
        try:
            data = draft.data if draft else reader.parse(self._files[summary.path]).data
            if data is not None:
                indexed = IndexedRecord(data, summary.path, summary.kind)
                dates.parse(indexed.record.date)
                return indexed
        except (OSError, KeyError, ShapeError, dates.DateError):
            pass  # that is a finding already
        return None

    def _content(self, path: str, results: Mapping[str, FileResult]) -> bytes:
        fixed = results[path].fixed if path in results else None
        try:
            return fixed.after.encode() if fixed else self._files[path]
        except (OSError, KeyError):
            return b""


_REFERRING = frozenset({"links", "withdrawn"})  # safe edits of corpus rules are made only there
_MAX_COMMENTS = 10  # more findings of one kind in one file help nobody
_COMMENT = Problem(
    message="A comment begins here: the text after this “#” is ignored.",
    hint="If it belongs to the text, put the text in double quotes; a remark goes into “notes”.",
)
