"""The problems of one record: violations of the schema, and of the rules on a single record."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

from healthcoop.checks.findings import Problem
from healthcoop.checks.registry import (
    CheckedRecord,
    DateCheck,
    DateField,
    RecordCheck,
    Rule,
    parsed,
    rules,
)
from healthcoop.checks.schema import MAX_PROBLEMS, RecordSchema
from healthcoop.files.characters import unusual_texts
from healthcoop.files.fixes import Replace, apply
from healthcoop.model.record import KEPT_WHEN_WITHDRAWN, Record
from healthcoop.model.spec import FIELDS
from healthcoop.model.vocabulary import Vocabulary

_NEEDED = frozenset({"id", "type", "date", "parties", "sources"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What records are checked against: the vocabularies and the day.

    ``changed`` names the files of a change under review, where there is one; with ``only_changed``,
    findings that are not about one of these are not wanted.
    """

    vocabulary: Vocabulary
    today: date
    changed: frozenset[str] = frozenset()
    only_changed: bool = False


class RecordRules:
    """Finds the problems of records, one by one."""

    def __init__(self, context: CheckContext) -> None:
        """Compile the schema, and sort the rules by what they are about."""
        self._context = context
        self._schema = RecordSchema(context.vocabulary)
        self._rules = rules()
        self._of_text = [rule for rule in self._rules.values() if rule.of_text]
        self._of_date = [
            (rule, rule.of_date) for rule in self._rules.values() if rule.of_date is not None
        ]
        self._of_record: dict[Set[str], list[tuple[Rule, RecordCheck]]] = defaultdict(list)
        for rule in self._rules.values():
            if rule.of_record:
                self._of_record[rule.on].append((rule, rule.of_record))
        self._of_any = self._of_record.pop(frozenset())
        self._named = frozenset().union(*self._of_record)
        self._checks = lru_cache(maxsize=1 << 12)(self._checks_on)
        self._violated = lru_cache(maxsize=1 << 15)(self._violated_by)

    def problems(
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
        valid = data
        if invalid or withdrawn:
            valid = {
                key: value
                for key, value in data.items()
                if key not in invalid and (not withdrawn or key in KEPT_WHEN_WITHDRAWN)
            }
        if not plain:
            yield from self._text_problems(valid)
        found = self._rule_problems(path, valid, invalid)
        if not withdrawn:
            found += self._problems_ahead(path, data, violations, found)
        yield from sorted(found, key=lambda each: each[0].code)

    def _rule_problems(
        self, path: str, valid: Mapping[str, Any], invalid: Set[str]
    ) -> list[tuple[Rule, Problem]]:
        """Return the problems of the dates and of the valid fields together."""
        record = Record.from_data(valid)
        checked = CheckedRecord(
            path=path,
            data=valid,
            record=record,
            kind=self._context.vocabulary.kind(record.type),
            invalid=(_NEEDED - valid.keys()) | invalid,
            vocabulary=self._context.vocabulary,
            today=self._context.today,
        )
        return [*self._date_problems(checked), *self._record_problems(checked)]

    def _problems_ahead(
        self,
        path: str,
        data: Mapping[str, Any],
        violations: Sequence[tuple[str, Problem]],
        found: Sequence[tuple[Rule, Problem]],
    ) -> list[tuple[Rule, Problem]]:
        """Return the further problems that a record would have with its suggested values.

        They are reported at once, not in the next run, but without edits: a suggestion may be
        wrong.
        """
        suggested = [problem for _, problem in violations]
        suggested += [problem for rule, problem in found if rule.code == "HC401"]
        groups = [
            problem.edits
            for problem in suggested
            if problem.edits and all(isinstance(edit, Replace) for edit in problem.edits)
        ]
        if not groups:
            return []
        edited, _ = apply(data, groups)
        left = self._schema.problems(edited)
        invalid = {str(problem.pointer[0]) for _, problem in left if problem.pointer}
        valid = {key: value for key, value in edited.items() if key not in invalid}
        known = {(rule.code, problem.pointer) for rule, problem in found}
        return [
            (rule, replace(problem, edits=(), safe=False))
            for rule, problem in self._rule_problems(path, valid, invalid)
            if (rule.code, problem.pointer) not in known
        ]

    def _text_problems(self, data: Mapping[str, Any]) -> Iterator[tuple[Rule, Problem]]:
        for pointer, text in unusual_texts(data):
            for rule in self._of_text:
                if rule.of_text and (problem := rule.of_text(pointer, text)):
                    yield rule, problem

    def _date_problems(self, checked: CheckedRecord) -> Iterator[tuple[Rule, Problem]]:
        for path, pointer, text in checked.dates:
            for rule, check in self._violated(path, text):
                at = DateField(FIELDS[path], pointer, text, parsed(text))
                if problem := check(at, checked.today):
                    yield rule, problem

    def _violated_by(self, path: str, text: str) -> list[tuple[Rule, DateCheck]]:
        """Return the rules that a date violates, in whatever record it is."""
        if text in FIELDS[path].words:
            return []
        at = DateField(FIELDS[path], tuple(path.split(".")), text, parsed(text))
        return [each for each in self._of_date if each[1](at, self._context.today)]

    def _record_problems(self, checked: CheckedRecord) -> Iterator[tuple[Rule, Problem]]:
        invalid = checked.invalid
        for rule, check in self._checks(self._named & checked.fields):
            if not invalid or invalid.isdisjoint(rule.reads):
                for problem in check(checked):
                    yield rule, problem

    def _checks_on(self, fields: Set[str]) -> list[tuple[Rule, RecordCheck]]:
        """Return the rules on records with these fields."""
        some = (checks for on, checks in self._of_record.items() if not on.isdisjoint(fields))
        return [*self._of_any, *chain.from_iterable(some)]
