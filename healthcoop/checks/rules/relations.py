"""HC65: relations between records: their kinds, direction and order in time."""

from collections.abc import Iterator

from healthcoop.checks.duplicates import day_range
from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import Corpus, RecordSummary, corpus_rule
from healthcoop.checks.rules.files import find_cycles
from healthcoop.checks.rules.links import links_to, resolved_links
from healthcoop.files.fixes import Remove
from healthcoop.model.dates import DateError

_INSTRUMENTS = (("instrument", "instrument"),)
_BETWEEN = {
    "signed-at": (("instrument", "encounter"),),
    "part-of": (("encounter", "encounter"), *_INSTRUMENTS),
    **dict.fromkeys(("implements", "amends", "renews", "supersedes", "terminates"), _INSTRUMENTS),
}
_BACKWARD = ("supersedes", "renews", "amends", "terminates", "implements", "follows-up")
"""The relations that lead from the later record to the earlier."""


@corpus_rule("HC650", "related-in-later-record", severity=Severity.NOTE)
def related_in_later_record(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """`related` is stored in the later of two records.

    A relation is stored once, with the record that was added later. `show` displays it for the
    earlier record too: the inverse is derived.

    Fails:

        # records/2021/2021-az-cu-call.yaml
        type: call
        date: "2021-03-15"
        links: [{rel: related, record: 2022-az-cu-visit}]
        sources: [{url: "https://example.org/call", kind: agency, supports: [date]}]
        ---
        # records/2022/2022-az-cu-visit.yaml
        date: "2022-10-07"

    Passes:

        # records/2021/2021-az-cu-call.yaml
        type: call
        date: "2021-03-15"
        sources: [{url: "https://example.org/call", kind: agency, supports: [date]}]
        ---
        # records/2022/2022-az-cu-visit.yaml
        date: "2022-10-07"
        links: [{rel: related, record: 2021-az-cu-call}]
    """
    for entry, number, rel, other in resolved_links(corpus):
        if rel == "related" and _is_before(entry, other) and not links_to(other, entry):
            message = f"“{other.id}” is the later of the two records."
            hint = f"Move the link to {other.path}, with “record: {entry.id}”."
            yield entry.path, Problem(message, hint, ("links", number), others=(other.path,))


@corpus_rule("HC654", "link-kinds")
def link_kinds(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """Each relation links certain kinds: an instrument is `signed-at` an encounter.

    Whether an instrument is in force, and what a meeting led to, is derived from links; one in the
    wrong direction, or between the wrong kinds, leads to wrong answers. `related` and `follows-up`
    link any two records.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        links: [{rel: signed-at, record: 2022-az-cu-memorandum}]
        ---
        # records/2022/2022-az-cu-memorandum.yaml
        type: mou

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        date: "2022-10-07"
        ---
        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
        links: [{rel: signed-at, record: 2022-az-cu-visit}]
    """
    for entry, number, rel, other in resolved_links(corpus):
        allowed = _BETWEEN.get(rel) if entry.kind and other.kind else None
        if allowed and (entry.kind, other.kind) not in allowed:
            pairs = " or ".join(f"an {one} to an {two}" for one, two in allowed)
            message = f"“{rel}” cannot link an {entry.kind} to an {other.kind}."
            hint = f"It links {pairs}; “related” and “follows-up” link any two records."
            pointer = ("links", number, "rel")
            yield entry.path, Problem(message, hint, pointer, others=(other.path,))


@corpus_rule("HC656", "link-cycle")
def link_cycle(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """Links that supersede, renew, amend, terminate, implement or follow up form no cycle.

    These relations lead to earlier records, and `part-of` to a larger whole; in a cycle, one link
    points the wrong way. Each cycle is reported once, at the first of its records.

    Fails:

        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
        links: [{rel: renews, record: 2022-az-cu-agreement}]
        ---
        # records/2022/2022-az-cu-agreement.yaml
        type: agreement
        links: [{rel: supersedes, record: 2022-az-cu-memorandum}]

    Passes:

        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
        ---
        # records/2022/2022-az-cu-agreement.yaml
        type: agreement
        links: [{rel: supersedes, record: 2022-az-cu-memorandum}]
    """
    for rels, cycle in _cycles(corpus):
        entry = corpus.by_id[cycle[0]]
        number, rel = next(
            (number, rel) for number, rel, to in entry.links if rel in rels and to == cycle[1]
        )
        message = f"This link, “{rel}”, is part of a cycle: {' → '.join(cycle)}."
        hint = "Remove the link that points the wrong way."
        others = tuple(corpus.by_id[ident].path for ident in cycle[1:])
        yield entry.path, Problem(message, hint, ("links", number), others=others)


@corpus_rule("HC657", "link-both-ways", severity=Severity.WARNING)
def link_both_ways(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A relation between two records is stored in one of them.

    The inverse is derived: `show` displays the link for both records. Stored twice, it would be
    counted twice, and one would be forgotten when the other changes. `related` adds nothing to a
    more specific relation.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        links: [{rel: related, record: 2022-az-cu-memorandum}]
        ---
        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
        links: [{rel: signed-at, record: 2022-az-cu-visit}]

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        date: "2022-10-07"
        ---
        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
        links: [{rel: signed-at, record: 2022-az-cu-visit}]
    """
    for entry, number, rel, other in resolved_links(corpus):
        back = {rel for _, rel, target in other.links if target == entry.id}
        if rel != "related" or not back or other is entry:
            continue
        if back == {"related"} and (_is_before(other, entry) or _keeps_link(entry, other)):
            continue  # the other record is the one to remove it from
        message = f"{other.path} has this link already, as “{min(back)}”."
        hint = "Remove it here: each link is stored in one of the two records."
        pointer = ("links", number)
        edits = (Remove(pointer),)
        yield entry.path, Problem(message, hint, pointer, edits=edits, others=(other.path,))


@corpus_rule("HC659", "link-against-time", severity=Severity.WARNING)
def link_against_time(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A record that supersedes, renews, amends, terminates, implements or follows up is later.

    A link from the earlier record to the later points the wrong way, or one of the dates is wrong.
    Dates that may be in order are accepted.

    Fails:

        # records/2012/2012-az-cu-memorandum.yaml
        type: mou
        date: "2012-05"
        links: [{rel: supersedes, record: 2022-az-cu-agreement}]
        ---
        # records/2022/2022-az-cu-agreement.yaml
        type: agreement
        date: "2022-10-07"

    Passes:

        # records/2012/2012-az-cu-memorandum.yaml
        type: mou
        date: "2012-05"
        ---
        # records/2022/2022-az-cu-agreement.yaml
        type: agreement
        date: "2022-10-07"
        links: [{rel: supersedes, record: 2012-az-cu-memorandum}]
    """
    late = [
        (entry, number, rel, other)
        for entry, number, rel, other in resolved_links(corpus)
        if rel in _BACKWARD and _is_before(entry, other)
    ]
    in_cycles = {ident for _, cycle in _cycles(corpus) for ident in cycle} if late else set()
    for entry, number, rel, other in late:
        if entry.id in in_cycles and other.id in in_cycles:
            continue  # HC656 reports these
        message = f"“{rel}” leads from {entry.date} to a later record, of {other.date}."
        hint = f"Move the link to {other.path}, or correct the date that is wrong."
        yield entry.path, Problem(message, hint, ("links", number), others=(other.path,))


def _cycles(corpus: Corpus) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield the cycles of relations that cannot form one, with these relations."""
    for rels in (_BACKWARD, ("part-of",)):
        graph = {
            entry.id: [target for _, rel, target in entry.links if rel in rels]
            for entry in corpus
            if entry.links and corpus.by_id[entry.id] is entry
        }
        for cycle in find_cycles(graph):
            yield rels, cycle


def _keeps_link(entry: RecordSummary, other: RecordSummary) -> bool:
    """Return whether ``entry`` keeps the link where neither of two records is surely the later."""
    return not _is_before(entry, other) and entry.path > other.path


def _is_before(entry: RecordSummary, other: RecordSummary) -> bool:
    """Return whether one record is surely earlier than another."""
    try:
        dates = entry.date and other.date
        return bool(dates) and day_range(entry.date)[1] < day_range(other.date)[0]
    except DateError:  # HC401 reports it
        return False
