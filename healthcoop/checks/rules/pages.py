"""The page of a rule: why it is there, and an example of each kind, out of its docstring."""

from dataclasses import dataclass
from inspect import cleandoc
from textwrap import dedent

from healthcoop.checks.rules.registry import Rule

_FAILS, _PASSES = "Fails:", "Passes:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The reason in words (paragraphs of Markdown), and what fails and what passes, as YAML.

    An example holds the fields that matter, of a record or of several with ``---`` between them;
    a first line ``# records/...`` names the file. It is empty where no text can show the fault.
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
    """Take a rule's docstring apart at the lines ``Fails:`` and ``Passes:``."""
    rest, _, passes = cleandoc(rule.doc).partition(f"\n{_PASSES}\n")
    reason, _, fails = rest.partition(f"\n{_FAILS}\n")
    return Page(reason=reason.strip(), fails=_example(fails), passes=_example(passes))


def _example(block: str) -> str:
    return dedent(block.strip("\n")).rstrip()
