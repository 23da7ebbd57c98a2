"""A run of the checks over the files of a data set: in parallel, in one stable order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Any

from healthcoop.checks.finding_builder import FindingBuilder, edits_for
from healthcoop.checks.findings import Finding, Problem, Report
from healthcoop.checks.registry import (
    CheckedRecord,
    Corpus,
    RecordCheck,
    RecordSummary,
    Rule,
    rules,
)
from healthcoop.checks.schema import SHOWN, RecordSchema
from healthcoop.checks.traits import traits
from healthcoop.files import nodes, reader
from healthcoop.files.canonical import find_comments
from healthcoop.files.characters import is_plain, unusual_texts
from healthcoop.files.tree import UnexpectedFile
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import KEPT_WHEN_WITHDRAWN, Record
from healthcoop.model.shape import ShapeError
from healthcoop.model.vocabulary import Vocabulary

_CHUNK = 200
_PARALLEL_FROM = 400  # below it, starting a second process costs more than it saves


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What records are judged by: vocabularies, the schema file as parsed, and the day."""

    vocabulary: Vocabulary
    schema: Any
    today: date


Progress = Callable[[int, int], None]


def check(
    files: Mapping[str, bytes],
    context: CheckContext,
    *,
    unexpected_files: Sequence[UnexpectedFile] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check every record of a data set.

    ``unexpected_files`` lie among the records and are none. ``jobs`` is the number of processes,
    all cores by default; the report is the same for any.
    Raises InvalidSchema where the schema is at fault.
    """
    checker = Checker(files, context)
    paths = list(files)
    chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
    if jobs != 1 and len(paths) >= _PARALLEL_FROM:
        from healthcoop.files.parallel import spread

        results = spread(checker.check_files, chunks, jobs=jobs)
    else:
        results = map(checker.check_files, chunks)
    corpus: list[RecordSummary] = []
    findings: list[Finding] = []
    for summaries, found in results:
        corpus += summaries
        findings += found
        if progress:
            progress(len(corpus), len(paths))
    findings += checker.check_corpus(corpus, unexpected_files)
    return Report(records=len(paths), findings=tuple(sorted(findings)))


Checked = tuple[list[RecordSummary], list[Finding]]


class Checker:
    """Checks files one by one, and then what several say together."""

    def __init__(self, files: Mapping[str, bytes], context: CheckContext) -> None:
        """Take the files and what they are judged by."""
        self._files = files
        self._judge = context
        self._schema = RecordSchema(context.schema, context.vocabulary)
        self._rules = rules()
        self._today = context.today.isoformat()
        self._of_text = [rule for rule in self._rules.values() if rule.of_text]
        self._of_record = [
            (rule, rule.of_record) for rule in self._rules.values() if rule.of_record
        ]
        self._asked: dict[frozenset[str], list[tuple[Rule, RecordCheck]]] = {}

    def __reduce__(self) -> tuple[type["Checker"], tuple[Mapping[str, bytes], CheckContext]]:
        """Be made anew in another process: what was compiled cannot be sent there."""
        return Checker, (self._files, self._judge)

    def check_files(self, paths: Sequence[str]) -> Checked:
        """Check some files, each for itself; give what the corpus needs and the findings."""
        corpus: list[RecordSummary] = []
        findings: list[Finding] = []
        for path in paths:
            summaries, found = self._check_file(path)
            findings += found
            corpus.append(summaries)
        return corpus, findings

    def check_corpus(
        self, entries: Iterable[RecordSummary], unexpected_files: Sequence[UnexpectedFile] = ()
    ) -> Iterator[Finding]:
        """Look at all records together; files with findings are opened again for their places."""
        corpus = Corpus(entries, unexpected_files=unexpected_files, read=self._listed)
        problems: dict[str, list[tuple[Rule, Problem]]] = {}
        for rule in self._rules.values():
            if rule.of_corpus:
                for path, problem in rule.of_corpus(corpus):
                    problems.setdefault(path, []).append((rule, problem))
        unread = {stray.path for stray in unexpected_files}
        for path, found in problems.items():
            evidence = FindingBuilder(path, b"" if path in unread else self._content(path))
            for rule, problem in found:
                yield evidence.finding(rule, problem)

    def _check_file(self, path: str) -> tuple[RecordSummary, list[Finding]]:
        try:
            content = self._files[path]
        except (OSError, KeyError) as error:
            reason = getattr(error, "strerror", None) or error.args[0]
            why = "it has vanished" if isinstance(error, KeyError) else reason
            message = f"The file cannot be read: {why}."
            problem = Problem(message=message, hint="Check that it is a file, and who may read it.")
            return _stub(path), [FindingBuilder(path, b"").finding(self._rules["HC115"], problem)]
        reading = reader.parse(content)
        data = reading.data
        problems = [] if data is None else list(self._problems(path, content, data))
        remarks = [] if data is None else find_comments(content, most=_REMARKS)
        findings = []
        if reading.problems or problems or remarks:
            evidence = FindingBuilder(path, content)
            findings = [self._from_trouble(evidence, one, reading) for one in reading.problems]
            findings += [evidence.finding(rule, problem) for rule, problem in problems]
            findings += [evidence.finding(self._rules["HC116"], _LOST, one) for one in remarks]
        return _stub(path) if data is None else self._enrol(path, data), findings

    def _problems(
        self, path: str, content: bytes, data: Mapping[str, Any]
    ) -> Iterator[tuple[Rule, Problem]]:
        broken = set()
        withdrawn = "withdrawn" in data
        against_schema = self._schema.problems(data)
        for code, problem in against_schema:
            field = problem.pointer[0] if problem.pointer else None
            if withdrawn and field is not None and field not in KEPT_WHEN_WITHDRAWN:
                continue  # of a withdrawn record only the id, the links and the reason count
            if field is not None:
                broken.add(str(field))
            yield self._rules[code], problem
        if len(against_schema) == SHOWN:
            return  # not all that is broken is known, and rules look only at what is sound
        sound = {
            key: value
            for key, value in data.items()
            if key not in broken and (not withdrawn or key in KEPT_WHEN_WITHDRAWN)
        }
        yield from self._of_texts(content, sound)
        record = Record.from_data(sound)
        missing = {"id", "type", "date", "parties", "sources"} - sound.keys()
        checked = CheckedRecord(
            path=path,
            record=record,
            kind=self._judge.vocabulary.kind(record.type),
            broken=frozenset(broken | missing),
            vocabulary=self._judge.vocabulary,
            today=self._judge.today,
        )
        for rule, look in self._with_traits(traits(path, sound, self._today)):
            if checked.broken and not checked.broken.isdisjoint(rule.reads):
                continue
            for problem in look(checked):
                yield rule, problem

    def _with_traits(self, found: frozenset[str]) -> list[tuple[Rule, RecordCheck]]:
        """Choose the rules that may have something to say; records of the same traits share it."""
        asked = self._asked.get(found)
        if asked is None:
            asked = self._asked[found] = [
                (rule, look)
                for rule, look in self._of_record
                if not (rule.needs and rule.needs.isdisjoint(found))
            ]
        return asked

    def _of_texts(self, content: bytes, data: Mapping[str, Any]) -> Iterator[tuple[Rule, Problem]]:
        if is_plain(content):
            return  # and so is every text in it
        for pointer, text in unusual_texts(data):
            for rule in self._of_text:
                if rule.of_text and (problem := rule.of_text(pointer, text)):
                    yield rule, problem

    def _enrol(self, path: str, data: Mapping[str, Any]) -> RecordSummary:
        """Keep of a record what other records may refer to."""
        stub = _stub(path)
        ident = data.get("id", stub.id)
        if not isinstance(ident, str):
            return stub
        links = tuple(_texts_of(data.get("links"), "rel", "record"))
        former_ids = _texts(data.get("former_ids"))
        kind = self._judge.vocabulary.kind(str(data.get("type")))
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
            people=tuple(_texts_of(data.get("people"), "name", "party")),
            identifiers=tuple(_texts_of(data.get("identifiers"), "scheme", "value")),
        )

    def _listed(self, entry: RecordSummary) -> IndexedRecord | None:
        """Read a record once more, whole; None where its file, shape or date is broken."""
        try:
            data = reader.parse(self._files[entry.path]).data
            if data is not None:
                dates.parse(Record.from_data(data).date)
                return IndexedRecord(data, entry.path, entry.kind)
        except (OSError, KeyError, ShapeError, dates.DateError):
            pass  # that is a finding already
        return None

    def _content(self, path: str) -> bytes:
        try:
            return self._files[path]
        except (OSError, KeyError):
            return b""

    def _from_trouble(
        self, evidence: FindingBuilder, trouble: nodes.SyntaxProblem, reading: reader.ParseResult
    ) -> Finding:
        edits, safe = edits_for(trouble, reading)
        problem = Problem(
            message=trouble.message,
            hint=trouble.hint,
            pointer=trouble.pointer,
            edits=edits,
            safe=safe,
        )
        return evidence.finding(self._rules[trouble.code], problem, trouble.span)


_REMARKS = 10  # more findings of one kind in one file tell nobody more
_LOST = Problem(
    message="Here a comment begins: from this “#” on nothing is read.",
    hint="If it belongs to the text, put the text in double quotes; a remark goes into “notes”.",
)


def _stub(path: str) -> RecordSummary:
    """Keep of a file without a usable id only its name, so that links to it still lead there."""
    name = path.rpartition("/")[2]
    return RecordSummary(path=path, id=name.rpartition(".")[0] or name)


def _texts_of(value: Any, one: str, other: str) -> Iterator[tuple[int, str, str]]:
    """Give two texts of each item that has both, with the item's number."""
    for number, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            first, second = item.get(one), item.get(other)
            if isinstance(first, str) and isinstance(second, str):
                yield number, intern(first), intern(second)


def _codes(parties: Any) -> tuple[str, ...]:
    """Give the codes of the parties."""
    return tuple(
        intern(code)
        for party in (parties if isinstance(parties, list) else ())
        if isinstance(party, dict)
        and isinstance(code := party.get("country", party.get("organisation")), str)
    )


def _texts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else ()
    return tuple(item for item in items if isinstance(item, str))
