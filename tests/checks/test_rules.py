"""Every rule reports its failing cases, each at its place, and none of its passing ones."""

import re
from collections.abc import Iterator
from dataclasses import replace

from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Finding, Severity
from healthcoop.checks.registry import rules
from healthcoop.model import dates
from healthcoop.model.vocabulary import KINDS
from tests.cases import each
from tests.checks.rule_cases import Case, CaseChecker, cases

WITHOUT_CASES = {
    "HC102",  # needs a file of 257 KiB: test_reader.py
    "HC115",  # needs a file system: test_engine.py
    "HC117",  # needs 1,001 items: test_reader.py
    "HC209",  # no keyword of our schema leads there: test_schema.py
    "HC906",  # of the schema file: test_schema.py
    "HC907",
    "HC951",  # compares two revisions: test_deletions.py
}
# Words of jsonschema and PyYAML, which our messages replace.
FOREIGN = [
    *("is not of type", "is a required property", "does not match", "Additional properties"),
    *("is not one of", "is too short", "is too long", "non-unique", "should be non-empty"),
    *("expected <", "found character", "could not", "did not find", "not valid under"),
    *("None", "{'"),
]


@each("code", sorted(set(rules()) - WITHOUT_CASES))
def test_cases_of_a_rule_fail_at_their_place_or_pass(code: str, case_checker: CaseChecker) -> None:
    """Code, place and pointer as expected; a message and a hint in our words."""
    own = [case for case in cases() if case.code == code]
    wrong = [
        f"{case.name}: {difference}"
        for case in own
        for difference in differences(case, case_checker.check(case))
    ]
    assert not wrong, "\n".join(wrong)
    assert {case.expected is None for case in own} == {True, False}, "cases of one kind only"


def differences(case: Case, findings: list[Finding]) -> Iterator[str]:
    """Describe how the findings differ from those expected."""
    if len(findings) != (case.expected is not None):
        yield f"found {findings}"
        return
    if case.expected is None:
        return
    (finding,) = findings
    data = finding.to_data()
    for key, value in case.expected.items():
        if key != "message" and data[key] != value:
            yield f"{key} is {data[key]}, not {value}"
    rule = rules()[case.code]
    if (finding.code, finding.name, finding.severity) != (rule.code, rule.name, rule.severity):
        yield f"it is a finding of {finding.code}"
    if case.expected["message"] not in finding.message:
        yield f"“{case.expected['message']}” is not in “{finding.message}”"
    if not (finding.message.endswith(".") and finding.hint.strip()):
        yield f"no sentence, or no hint: “{finding.message}” “{finding.hint}”"
    start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
    if not (start < end or start == (1, 1)):
        yield f"it ends where it starts, at {start}"
    for words in FOREIGN:
        if words in finding.message + finding.hint:
            yield f"“{words}” in “{finding.message} {finding.hint}”"


def test_every_proposed_edit_solves_its_problem_and_makes_no_other(
    case_checker: CaseChecker,
) -> None:
    """Whoever follows it is not told to change the same place again."""
    wrong, tried = [], 0
    for case in cases():
        findings = case_checker.check(case) if case.expected else []
        for finding in findings:
            if finding.proposal is None:
                continue
            tried += 1
            files = {**case.files, finding.path: finding.proposal.after.encode()}
            left = case_checker.check(replace(case, files=files))
            wrong += [
                f"{case.code} {case.name}: {one.code} {one.message}"
                for one in left
                if one.severity is Severity.ERROR or one.code == case.code
            ]
    assert tried > 150
    assert not wrong, "\n".join(wrong)


def test_codes_and_dates_in_hints_are_valid(
    case_checker: CaseChecker, context: CheckContext
) -> None:
    """Also where no edit is proposed, since only a person can choose."""
    codes = {code for kind in KINDS for code in context.vocabulary.terms(kind)}
    wrong, tried = [], 0
    for case in cases():
        if not case.expected or case.code not in ("HC204", "HC401"):
            continue
        (finding,) = case_checker.check(case)
        offered = re.findall("(?:Write|Did you mean|or|Is it) “?([^ ,”]+)", finding.hint)
        offered = [text.rstrip(".?") if case.code == "HC204" else text for text in offered]
        offered = [
            text.rstrip("?:") for text in offered if case.code == "HC204" or text[:1] in "12["
        ]
        is_choice = "It is one of" in finding.hint
        tried += len(offered)
        wrong += [
            f"{case.code} {case.name}: {text}"
            for text in offered
            if not (is_choice or text in codes or dates.read(text) or dates.read(text[:-1]))
        ]
    assert tried > 15
    assert not wrong, "\n".join(wrong)


def test_every_rule_has_cases() -> None:
    """Every file of cases belongs to a rule."""
    assert {case.code for case in cases()} == set(rules()) - WITHOUT_CASES


def test_every_rule_has_a_page_and_a_code_of_its_family() -> None:
    """A code of HC and three digits, a name in lower case, and a first sentence."""
    for code, rule in rules().items():
        assert code == rule.code
        assert len(code) == 5
        assert code[2:].isdecimal()
        assert rule.name == rule.name.lower().replace(" ", "-")
        assert rule.doc.strip()
    assert len({rule.name for rule in rules().values()}) == len(rules())
