"""HC65: links between records."""

from collections.abc import Iterator
from difflib import get_close_matches

from healthcoop.checks.circles import circles
from healthcoop.checks.duplicates import day_range
from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.checks.rules.files import living_replacement
from healthcoop.files.edits import Remove, Replace
from healthcoop.model.dates import DateError

_INSTRUMENTS = (("instrument", "instrument"),)
_BETWEEN = {
    "signed-at": (("instrument", "encounter"),),
    "part-of": (("encounter", "encounter"), *_INSTRUMENTS),
    "implements": _INSTRUMENTS,
    "amends": _INSTRUMENTS,
    "renews": _INSTRUMENTS,
    "supersedes": _INSTRUMENTS,
    "terminates": _INSTRUMENTS,
}
_BACKWARD = ("supersedes", "renews", "amends", "terminates", "implements", "follows-up")
"""The relations that lead from what came later to what was there before."""

_SUGGESTED = 20  # dead links of a run for which a like id is looked up: each look takes its time


@corpus_rule("HC650", "related-in-later-record", severity=Severity.NOTE)
def related_in_later_record(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """`related` is stored in the later of two records.

    A relation is written once, and whoever adds a record knows those that are there already; so
    one looks in one place. The earlier record shows the link all the same: inverses are derived.

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
    for entry, number, rel, other in _resolved(corpus):
        if rel == "related" and _is_before(entry, other) and not _leads(other, entry):
            yield (
                entry.path,
                Problem(
                    message=f"“{other.id}” is the later record of the two.",
                    hint=f"Move the link into {other.path}, with “record: {entry.id}”.",
                    pointer=("links", number),
                ),
            )


@rule("HC651", "link-one-target", reads="links", needs=["links"])
def link_one_target(checked: CheckedRecord) -> Iterator[Problem]:
    """A link leads to a record, or gives the title of what the data set does not hold.

    With both, one of the two would be believed and the other forgotten when it changes; with
    neither, nobody can follow it.

    Fails:

        links: [{rel: follows-up, date: "2019"}]

    Passes:

        links: [{rel: follows-up, title: Health agreement of 2019, date: "2019"}]
    """
    for number, link in enumerate(checked.record.links):
        if link.record and (link.title or link.date or link.url):
            message = "This link names a record and describes it too."
            hint = "Keep “record” alone; title, date and url are for what has no record."
        elif not link.record and not link.title:
            message = "This link leads nowhere."
            hint = "Give “record:” an id, or “title:” (and date, url) of what has no record."
        else:
            continue
        yield Problem(message=message, hint=hint, pointer=("links", number))


@rule("HC652", "link-to-itself", reads="id links", needs=["links"])
def link_to_itself(checked: CheckedRecord) -> Iterator[Problem]:
    """A record is not linked to itself.

    It is a slip of copying: give the id of the other record, or take the link away.

    Fails:

        id: 2022-az-cu-visit
        links: [{rel: related, record: 2022-az-cu-visit}]

    Passes:

        id: 2022-az-cu-visit
        links: [{rel: related, title: Talks of the two presidents}]
    """
    for number, link in enumerate(checked.record.links):
        if link.record == checked.record.id:
            yield Problem(
                message="This link leads to the record it stands in.",
                hint="Give the id of the other record.",
                pointer=("links", number, "record"),
            )


@corpus_rule("HC653", "link-resolves")
def link_resolves(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A link, and `replaced_by`, lead to the id of a record that is there, not to a former id.

    A former id still works for whoever cites it, but inside the data set the present id is
    written, so that one search finds every link. What the data set does not hold is linked by
    `title`, `date` and `url`. Like ids are looked up for the first links that lead nowhere only.

    Fails:

        links: [{rel: related, record: 2021-az-cu-call}]

    Passes:

        links: [{rel: related, title: Call of the two ministers, date: "2021"}]
    """
    former = {old: entry.id for entry in corpus for old in entry.former_ids}
    suggested: dict[str, list[str]] = {}
    for entry in corpus:
        for pointer, target in _named(entry):
            if target in corpus.by_id:
                continue
            if target in former:
                near = [former[target]]
                message, hint = f"“{target}” is a former id.", f"Write {former[target]}."
            else:
                if target not in suggested and len(suggested) < _SUGGESTED:
                    suggested[target] = _like(target, corpus)
                near = suggested.get(target, [])
                message = f"There is no record “{target}”."
                hint = (
                    f"Did you mean {' or '.join(near)}?"
                    if near
                    else "Add that record, or give title, date and url instead of “record”."
                )
            yield (
                entry.path,
                Problem(
                    message=message,
                    hint=hint,
                    pointer=pointer,
                    edits=(Replace(pointer, near[0]),) if len(near) == 1 else (),
                    safe=target in former,
                ),
            )


@corpus_rule("HC654", "link-kinds")
def link_kinds(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """Relations join the kinds they are made for: an instrument is signed at an encounter.

    Whether an instrument is in force, and what a meeting led to, is read off the links; one that
    runs the wrong way round, or between the wrong kinds, gives a wrong answer. `related` and
    `follows-up` join any two records.

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
    for entry, number, rel, other in _resolved(corpus):
        allowed = _BETWEEN.get(rel)
        if allowed is None or not entry.kind or not other.kind:
            continue
        if (entry.kind, other.kind) not in allowed:
            ways = " or ".join(f"an {one} to an {two}" for one, two in allowed)
            problem = Problem(
                message=f"“{rel}” here leads from an {entry.kind} to an {other.kind}.",
                hint=f"It leads from {ways}; “related” and “follows-up” join any two.",
                pointer=("links", number, "rel"),
            )
            yield entry.path, problem


@corpus_rule("HC655", "link-to-withdrawn", severity=Severity.WARNING)
def link_to_withdrawn(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A link leads to a record that counts, not to a withdrawn one.

    Lists and statistics leave withdrawn records out, so the link would lead out of them. Name
    what replaced the record; where nothing did, remove the link, or describe by `title` what it
    led to. Links between withdrawn records stay as they are.

    Fails:

        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
        links: [{rel: signed-at, record: 2022-az-cu-trip}]
        ---
        # records/2022/2022-az-cu-trip.yaml
        withdrawn: {date: "2026-11-21", reason: double, replaced_by: [2022-az-cu-visit]}
        ---
        # records/2022/2022-az-cu-visit.yaml
        date: "2022-10-07"

    Passes:

        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
        links: [{rel: signed-at, record: 2022-az-cu-visit}]
        ---
        # records/2022/2022-az-cu-visit.yaml
        date: "2022-10-07"
    """
    for entry, number, _, other in _resolved(corpus):
        if other.withdrawn and not entry.withdrawn:
            pointer = ("links", number, "record")
            living = living_replacement(corpus, other)
            yield (
                entry.path,
                Problem(
                    message=f"“{other.id}” is withdrawn"
                    f"{f'; {living} stands for it' if living else ''}.",
                    hint=f"Write {living}."
                    if living
                    else "Remove the link, or give “title” of what it led to.",
                    pointer=pointer,
                    edits=(Replace(pointer, living),) if living else (),
                ),
            )


@corpus_rule("HC656", "link-circle")
def link_circle(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """What supersedes, renews, amends, terminates, implements or follows is not followed in turn.

    These relations lead back in time, and `part-of` to something larger, so no way along them
    comes back to where it began; where one does, a link runs the wrong way round. One way round is
    told, once, at the first of its records.

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
    for rels, way in _ways_round(corpus):
        entry = corpus.by_id[way[0]]
        number, rel = next(
            (number, rel) for number, rel, target in entry.links if rel in rels and target == way[1]
        )
        yield (
            entry.path,
            Problem(
                message=f"“{rel}” leads back to where it began: {' → '.join(way)}.",
                hint="One of these links runs the wrong way round: remove it.",
                pointer=("links", number),
            ),
        )


@corpus_rule("HC657", "link-both-ways", severity=Severity.WARNING)
def link_both_ways(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A relation is stored once, not at both its ends.

    Inverses are derived: `show` gives the link at the other end too. Stored twice, it would be
    counted twice, and one end be forgotten when the other changes. `related` beside a relation
    that says more says nothing.

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
    for entry, number, rel, other in _resolved(corpus):
        back = {rel for _, rel, target in other.links if target == entry.id}
        if rel != "related" or not back or other is entry:
            continue
        if back == {"related"} and (_is_before(other, entry) or _stays(entry, other)):
            continue  # that end is the one to keep
        yield (
            entry.path,
            Problem(
                message=f"{other.path} has this link already, as “{min(back)}”.",
                hint="Remove it here: the other end of a link is derived.",
                pointer=("links", number),
                edits=(Remove(("links", number)),),
            ),
        )


@rule("HC658", "link-doubled", reads="links", needs=["links"], severity=Severity.WARNING)
def link_doubled(checked: CheckedRecord) -> Iterator[Problem]:
    """Two records are linked once, by the relation that says most.

    The same link twice is a slip; `related` beside another relation to the same record adds
    nothing to it.

    Fails:

        links:
          - {rel: related, title: Talks of the two presidents}
          - {rel: related, title: Talks of the two presidents}

    Passes:

        links:
          - {rel: related, title: Talks of the two presidents}
    """
    links = checked.record.links
    if len(links) < 2:
        return
    seen = set()
    said_better = {link.record for link in links if link.record and link.rel != "related"}
    for number, link in enumerate(links):
        again = link in seen
        if again or (link.rel == "related" and link.record in said_better):
            yield Problem(
                message=f"“{link.record or link.title}” is linked here already"
                f"{'' if again else ', by a relation that says more'}.",
                hint="Remove this link.",
                pointer=("links", number),
                edits=(Remove(("links", number)),),
                safe=again,
            )
        seen.add(link)


@corpus_rule("HC659", "link-against-time", severity=Severity.WARNING)
def link_against_time(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """What supersedes, renews, amends, terminates, implements or follows comes later.

    A link from the earlier record to the later runs the wrong way round, or one of the dates is
    wrong. Dates that are not exact are given the benefit of the doubt.

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
        for entry, number, rel, other in _resolved(corpus)
        if rel in _BACKWARD and _is_before(entry, other)
    ]
    if not late:
        return
    round_about = {ident for _, way in _ways_round(corpus) for ident in way}
    for entry, number, rel, other in late:
        if entry.id in round_about and other.id in round_about:
            continue  # that is told already
        yield (
            entry.path,
            Problem(
                message=f"“{rel}” leads here from {entry.date} to what came later, {other.date}.",
                hint=f"The link belongs into {other.path}; or one of the dates is wrong.",
                pointer=("links", number),
            ),
        )


def _resolved(corpus: Corpus) -> Iterator[tuple[RecordSummary, int, str, RecordSummary]]:
    """Give each link to a record that is there: from, its number, the relation, to."""
    for entry in corpus:
        for number, rel, target in entry.links:
            if (other := corpus.by_id.get(target)) is not None:
                yield entry, number, rel, other


def _ways_round(corpus: Corpus) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Give the ways round by relations that lead back, each with the relations it may go by."""
    for rels in (_BACKWARD, ("part-of",)):
        edges = {
            entry.id: targets
            for entry in corpus
            if entry.links
            and (targets := [target for _, rel, target in entry.links if rel in rels])
        }
        for way in circles(edges):
            yield rels, way


def _leads(entry: RecordSummary, other: RecordSummary) -> bool:
    return any(target == other.id for _, _, target in entry.links)


def _stays(entry: RecordSummary, other: RecordSummary) -> bool:
    """Tell whether of two records with no certain order ``entry`` is the one to keep the link."""
    return not _is_before(entry, other) and entry.path > other.path


def _is_before(entry: RecordSummary, other: RecordSummary) -> bool:
    """Tell whether the last possible day of one record is before the first of another."""
    try:
        return (
            bool(entry.date and other.date) and day_range(entry.date)[1] < day_range(other.date)[0]
        )
    except DateError:  # a finding of its own
        return False


def _like(target: str, corpus: Corpus) -> list[str]:
    """Give up to two ids that are like one that is nobody's.

    Compared are those of its year, and those of its words in another year: all would take too
    long in a large data set.
    """
    pool = [
        ident for ident in corpus.by_id if ident.startswith(target[:4]) or ident[4:] == target[4:]
    ]
    return get_close_matches(target, pool, n=2, cutoff=0.6)


def _named(entry: RecordSummary) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, _, target in entry.links:
        yield ("links", number, "record"), target
    for number, target in enumerate(entry.replaced_by):
        yield ("withdrawn", "replaced_by", number), target
