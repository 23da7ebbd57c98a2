"""New files checked beside the summaries of the other records, which are not read again."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from healthcoop.checks import engine, suppressions
from healthcoop.checks.findings import Finding, Selection
from healthcoop.checks.registry import RecordSummary
from healthcoop.checks.suppressions import Accepted


def check(
    files: Mapping[str, bytes],
    context: engine.CheckContext,
    new: Mapping[str, bytes],
    *,
    others: Iterable[RecordSummary],
    accepted: Sequence[Accepted],
) -> tuple[Finding, ...]:
    """Return the findings about new files, by path, as if they were in the data set.

    Of the ``others``, those that may be the same event are read whole, from ``files``. What the new
    files do to the others is found too; accepted findings are left out.
    """
    context = replace(context, changed=frozenset(new), only_changed=True)
    checker = engine.Checker(ChainMap(dict(new), files), context)  # type: ignore[arg-type]
    checked = {result.summary.path: result for result in checker.check_files([*new])}
    results = {summary.path: engine.FileResult(summary, []) for summary in others} | checked
    found = [*checker.check_corpus(dict(sorted(results.items())))]
    found += [finding for result in checked.values() for finding in result.findings]
    return about(new, found, accepted)


def about(
    paths: Collection[str], findings: Iterable[Finding], accepted: Sequence[Accepted]
) -> tuple[Finding, ...]:
    """Return the findings about some files, in order, less the accepted ones."""
    remaining, _ = suppressions.remove_accepted(findings, accepted)
    return tuple(sorted(filter(Selection(limits=[paths]).includes_finding, remaining)))
