"""The page of a rule, made from its docstring: the reason and two examples."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from textwrap import dedent, fill, indent

from healthcoop.checks.registry import Rule, rules
from healthcoop.errors import HealthcoopError

_FAILS, _PASSES = "Fails:", "Passes:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The reason (paragraphs of Markdown), and examples that fail and pass, as YAML.

    An example contains the relevant fields of a record, or of several separated by ``---``; a first
    line ``# records/...`` is the path. It is empty where no text can show the problem.
    """

    reason: str
    fails: str
    passes: str

    @property
    def summary(self) -> str:
        """The first sentence, on one line."""
        paragraph = " ".join(self.reason.partition("\n\n")[0].split())
        sentence, stop, _ = paragraph.partition(". ")
        return sentence + stop.strip()


def page(rule: Rule) -> Page:
    """Split the docstring of a rule at the lines ``Fails:`` and ``Passes:``.

    Raises HealthcoopError where Python runs without docstrings.
    """
    if not rule.doc:
        hint = "Unset PYTHONOPTIMIZE, or start Python without -OO."
        raise HealthcoopError("Python runs without docstrings, which describe the rules", hint=hint)
    rest, _, passes = cleandoc(rule.doc).partition(f"\n{_PASSES}\n")
    reason, _, fails = rest.partition(f"\n{_FAILS}\n")
    return Page(reason=reason.strip(), fails=_example(fails), passes=_example(passes))


def _example(block: str) -> str:
    return dedent(block.strip("\n")).rstrip()


def as_text(rule: Rule, *, width: int, heading: Callable[[str], str] = str) -> str:
    """Return the page of a rule wrapped at a width; ``heading`` may style the first line."""
    parsed = page(rule)
    parts = [heading(f"{rule.code} {rule.name} ({rule.severity})")]
    parts += [_wrapped(paragraph, width) for paragraph in parsed.reason.split("\n\n")]
    for title, example in ((_FAILS, parsed.fails), (_PASSES, parsed.passes)):
        if example:
            parts += [title, indent(example, "    ")]
    return "\n\n".join(parts) + "\n"


def listing() -> str:
    """Return a line for each rule: code, severity, name, first sentence."""
    width = max(len(rule.name) for rule in rules().values())
    return "".join(
        f"{rule.code}  {rule.severity:<7}  {rule.name:<{width}}  {page(rule).summary}\n"
        for rule in rules().values()
    )


def listing_as_json() -> str:
    """Return a JSON array with the code, name, severity and first sentence of each rule."""
    rows = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": str(rule.severity),
            "summary": page(rule).summary,
        }
        for rule in rules().values()
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _wrapped(paragraph: str, width: int) -> str:
    """Wrap prose; leave lists and examples as they are."""
    lines = paragraph.splitlines()
    if any(line.startswith((" ", "- ", "* ")) for line in lines):
        return paragraph
    return fill(" ".join(lines), width, break_long_words=False, break_on_hyphens=False)
