"""A run of the checks over the files of a data set, in parallel."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from sys import intern
from typing import Any

from healthcoop.checks import fixing
from healthcoop.checks.finding_builder import FindingBuilder, syntax_problem
from healthcoop.checks.findings import Finding, Problem
from healthcoop.checks.fixing import Draft, FixedFile, FixScope
from healthcoop.checks.registry import (
    CheckedRecord,
    Corpus,
    RecordCheck,
    RecordSummary,
    Rule,
    rules,
)
from healthcoop.checks.schema import MAX_PROBLEMS, RecordSchema
from healthcoop.files import reader
from healthcoop.files.canonical import CannotReformat, find_comments, layout, rewrite
from healthcoop.files.characters import is_plain, unusual_texts
from healthcoop.files.tree import UnexpectedFile
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import KEPT_WHEN_WITHDRAWN, Record
from healthcoop.model.shape import ShapeError
from healthcoop.model.vocabulary import Vocabulary

_CHUNK = 200
_PARALLEL_FROM = 400  # below it, starting a second process costs more than it saves

Data = dict[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What records are checked against: the vocabularies and the day."""

    vocabulary: Vocabulary
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """The check of one file: its summary for the corpus, its findings and its fix.

    With a ``draft``, corpus problems may still be fixed in it before it becomes ``fixed``.
    """

    summary: RecordSummary
    findings: list[Finding]
    draft: Draft | None = None
    fixed: FixedFile | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings of a run, and the files that ``--fix`` would write."""

    records: int
    findings: tuple[Finding, ...]
    fixed: tuple[FixedFile, ...]


def check(
    files: Mapping[str, bytes],
    context: CheckContext,
    *,
    unexpected_files: Sequence[UnexpectedFile] = (),
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
    for part in parts:
        results |= {result.summary.path: result for result in part}
        if progress:
            progress(len(results), len(paths))
    found = [*checker.check_corpus(results, unexpected_files)]
    found += [finding for result in results.values() for finding in result.findings]
    fixed = (results[path].fixed for path in paths if path in results)
    return Checked(
        records=len(paths),
        findings=tuple(sorted(found)),
        fixed=tuple(filter(None, fixed)),
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
        self._schema = RecordSchema(context.vocabulary)
        self._rules = rules()
        self._of_text = [rule for rule in self._rules.values() if rule.of_text]
        self._of_record: dict[str, list[tuple[Rule, RecordCheck]]] = defaultdict(list)
        for rule in self._rules.values():
            if rule.of_record:
                self._of_record[rule.on].append((rule, rule.of_record))

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
        corpus = Corpus(summaries, unexpected_files=unexpected_files, read=read)
        problems: dict[str, list[tuple[Rule, Problem]]] = {}
        for rule in self._rules.values():
            if rule.of_corpus:
                for path, problem in rule.of_corpus(corpus):
                    problems.setdefault(path, []).append((rule, problem))
        return problems

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
                    results[path] = replace(results[path], summary=summary, draft=edited)
        return changed

    def _check_file(self, path: str) -> FileResult:
        try:
            content = self._files[path]
        except (OSError, KeyError) as error:
            return FileResult(summary=_stub(path), findings=[self._unreadable(path, error)])
        parsed = reader.parse(content)
        data = parsed.data
        if data is None:
            found = self._findings(path, content, parsed, [])
            return FileResult(summary=_stub(path), findings=found)
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
            result = replace(result, summary=self._summarise(path, draft.data))
        if draft.data.keys() & _REFERRING:
            return replace(result, draft=draft)
        return self._finish(path, result, draft)

    def _edit(self, path: str, draft: Draft, problems: Sequence[tuple[Rule, Problem]]) -> Draft:
        """Apply the safe edits of problems, and of the problems that they uncover."""
        assert self._scope is not None  # noqa: S101 - only called with one
        check = partial(self._problems, path, plain=is_plain(draft.content))
        data, count = fixing.fix(path, draft.data, problems, self._scope, check)
        return replace(draft, data=data, edits=draft.edits + count)

    def _finish(self, path: str, result: FileResult, draft: Draft) -> FileResult:
        """Return the result of a file as it will be written, if there is anything to write."""
        assert self._scope is not None  # noqa: S101 - only called with one
        result = replace(result, draft=None)
        content, data = draft.content, draft.data
        if not draft.edits and not (self._scope.reformat and layout(data).encode() != content):
            return result
        try:
            text, parsed = rewrite(content, data)
        except CannotReformat:
            return result
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
        builder = FindingBuilder(path, content, parsed.data)
        findings = [builder.build_syntax(self._rules[one.code], one) for one in parsed.problems]
        findings += [builder.build(rule, problem) for rule, problem in problems]
        findings += [builder.build(self._rules["HC116"], _COMMENT, span) for span in comments]
        return findings

    def _unreadable(self, path: str, error: OSError | KeyError) -> Finding:
        reason = getattr(error, "strerror", None) or error.args[0]
        why = "it no longer exists" if isinstance(error, KeyError) else reason
        message = f"The file cannot be read: {why}."
        problem = Problem(message=message, hint="Check that it is a file, and who may read it.")
        return FindingBuilder(path, b"").build(self._rules["HC115"], problem)

    def _problems(
        self, path: str, data: Mapping[str, Any], *, plain: bool
    ) -> Iterator[tuple[Rule, Problem]]:
        """Find the problems of one record's data; ``plain`` says that its texts are not unusual."""
        invalid = set()
        withdrawn = "withdrawn" in data
        violations = self._schema.problems(data)
        for code, problem in violations:
            field = problem.pointer[0] if problem.pointer else None
            if withdrawn and field is not None and field not in KEPT_WHEN_WITHDRAWN:
                continue  # of a withdrawn record only the id, the links and the reason count
            if field is not None:
                invalid.add(str(field))
            yield self._rules[code], problem
        if len(violations) == MAX_PROBLEMS:
            return  # there may be more invalid fields, and rules read only valid ones
        valid = {
            key: value
            for key, value in data.items()
            if key not in invalid and (not withdrawn or key in KEPT_WHEN_WITHDRAWN)
        }
        if not plain:
            yield from self._text_problems(valid)
        record = Record.from_data(valid)
        missing = {"id", "type", "date", "parties", "sources"} - valid.keys()
        checked = CheckedRecord(
            path=path,
            data=valid,
            record=record,
            kind=self._context.vocabulary.kind(record.type),
            invalid=frozenset(invalid | missing),
            vocabulary=self._context.vocabulary,
            today=self._context.today,
        )
        found = [
            (rule, problem)
            for field in ("", *checked.fields)
            for rule, run in self._of_record.get(field, ())
            if checked.invalid.isdisjoint(rule.reads)
            for problem in run(checked)
        ]
        yield from sorted(found, key=lambda each: each[0].code)

    def _text_problems(self, data: Mapping[str, Any]) -> Iterator[tuple[Rule, Problem]]:
        for pointer, text in unusual_texts(data):
            for rule in self._of_text:
                if rule.of_text and (problem := rule.of_text(pointer, text)):
                    yield rule, problem

    def _summarise(self, path: str, data: Mapping[str, Any]) -> RecordSummary:
        """Return what the corpus keeps of a record."""
        stub = _stub(path)
        ident = data.get("id", stub.id)
        if not isinstance(ident, str):
            return stub
        links = tuple(_pairs(data.get("links"), "rel", "record"))
        former_ids = _texts(data.get("former_ids"))
        kind = self._context.vocabulary.kind(str(data.get("type")))
        if "withdrawn" in data:
            withdrawn = data["withdrawn"]
            replaced_by = withdrawn.get("replaced_by") if isinstance(withdrawn, dict) else None
            return RecordSummary(
                path=path,
                id=ident,
                kind=kind,
                former_ids=former_ids,
                links=links,
                withdrawn=True,
                replaced_by=_texts(replaced_by),
            )
        day = data.get("date")
        return RecordSummary(
            path=path,
            id=ident,
            kind=kind,
            date=intern(day) if isinstance(day, str) else "",
            codes=_codes(data.get("parties")),
            former_ids=former_ids,
            links=links,
            people=tuple(_pairs(data.get("people"), "name", "party")),
            identifiers=tuple(_pairs(data.get("identifiers"), "scheme", "value")),
        )

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


def _stub(path: str) -> RecordSummary:
    """Return the summary of a file without a usable id: its name, to which links still lead."""
    name = path.rpartition("/")[2]
    return RecordSummary(path=path, id=name.rpartition(".")[0] or name)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _pairs(value: Any, one: str, other: str) -> Iterator[tuple[int, str, str]]:
    """Return the number and two texts of each item that has both."""
    for number, item in enumerate(_items(value)):
        if isinstance(item, dict):
            first, second = item.get(one), item.get(other)
            if isinstance(first, str) and isinstance(second, str):
                yield number, intern(first), intern(second)


def _codes(parties: Any) -> tuple[str, ...]:
    """Return the codes of the parties."""
    return tuple(
        intern(code)
        for party in _items(parties)
        if isinstance(party, dict)
        and isinstance(code := party.get("country", party.get("organisation")), str)
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in _items(value) if isinstance(item, str))
