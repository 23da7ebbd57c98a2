"""HC65: links between records."""

from collections.abc import Iterator
from difflib import get_close_matches

from healthcoop.checks.findings import Problem
from healthcoop.checks.rules.registry import Enrolled, Roster, Subject, roster_rule, rule
from healthcoop.text.edits import Replace

_BETWEEN = {
    "signed-at": (("instrument", "encounter"),),
    "part-of": (("encounter", "encounter"), ("instrument", "instrument")),
    "implements": (("instrument", "instrument"),),
    "amends": (("instrument", "instrument"),),
    "renews": (("instrument", "instrument"),),
    "supersedes": (("instrument", "instrument"),),
    "terminates": (("instrument", "instrument"),),
}


@rule("HC651", "link-one-target", reads="links")
def link_one_target(subject: Subject) -> Iterator[Problem]:
    """A link leads to a record, or gives the title of what the data set does not hold."""
    for number, link in enumerate(subject.record.links):
        if link.record and (link.title or link.date or link.url):
            message = "This link names a record and describes it too."
            hint = "Keep “record” alone; title, date and url are for what has no record."
        elif not link.record and not link.title:
            message = "This link leads nowhere."
            hint = "Give “record:” an id, or “title:” (and date, url) of what has no record."
        else:
            continue
        yield Problem(message=message, hint=hint, pointer=("links", number))


@rule("HC652", "link-to-itself", reads="id links")
def link_to_itself(subject: Subject) -> Iterator[Problem]:
    """A record is not linked to itself."""
    for number, link in enumerate(subject.record.links):
        if link.record == subject.record.id:
            yield Problem(
                message="This link leads to the record it stands in.",
                hint="Give the id of the other record.",
                pointer=("links", number, "record"),
            )


@roster_rule("HC653", "link-resolves")
def link_resolves(roster: Roster) -> Iterator[tuple[str, Problem]]:
    """A link leads to the id of a record that is there, not to a former id."""
    ids = {entry.id for entry in roster}
    former = {old: entry.id for entry in roster for old in entry.former_ids}
    for entry in roster:
        for pointer, target in _named(entry):
            if target in ids:
                continue
            if target in former:
                message, hint = f"“{target}” is a former id.", f"Write {former[target]}."
                near = [former[target]]
            else:
                message = f"There is no record “{target}”."
                near = get_close_matches(target, ids, n=2, cutoff=0.6)
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


@roster_rule("HC654", "link-kinds")
def link_kinds(roster: Roster) -> Iterator[tuple[str, Problem]]:
    """Relations join the kinds they are made for: an instrument is signed at an encounter."""
    by_id: dict[str, Enrolled] = {entry.id: entry for entry in roster}
    for entry in roster:
        for number, rel, target in entry.links:
            other = by_id.get(target)
            allowed = _BETWEEN.get(rel)
            if other is None or allowed is None or not entry.kind or not other.kind:
                continue
            if (entry.kind, other.kind) not in allowed:
                ways = " or ".join(f"an {one} to an {two}" for one, two in allowed)
                problem = Problem(
                    message=f"“{rel}” here leads from an {entry.kind} to an {other.kind}.",
                    hint=f"It leads from {ways}; “related” and “follows-up” join any two.",
                    pointer=("links", number, "rel"),
                )
                yield entry.path, problem


def _named(entry: Enrolled) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, _, target in entry.links:
        yield ("links", number, "record"), target
    for number, target in enumerate(entry.replaced_by):
        yield ("withdrawn", "replaced_by", number), target
