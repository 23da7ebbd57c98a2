"""HC65: links, each for itself; what relations mean is in ``relations``."""

from collections.abc import Iterator
from difflib import get_close_matches

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.checks.rules.files import living_replacement
from healthcoop.files.fixes import Remove, Replace
from healthcoop.files.nodes import Pointer

_MAX_SUGGESTIONS = 20  # missing ids for which similar ones are searched in a run: it takes time


@rule("HC651", "link-one-target", on="links")
def link_one_target(checked: CheckedRecord) -> Iterator[Problem]:
    """A link has either `record`, or the `title` of something that is not in the data set.

    With both, one would be updated and the other forgotten; with neither, nobody can follow it.

    Fails:

        links: [{rel: follows-up, date: "2019"}]

    Passes:

        links: [{rel: follows-up, title: Health agreement of 2019, date: "2019"}]
    """
    for pointer, link in checked.each("links"):
        described = [name for name in ("title", "date", "url") if getattr(link, name)]
        if link.record and described:
            message = f"This link has “record” and also “{described[0]}”."
            hint = "Keep only “record”; title, date and url are for what has no record."
        elif not link.record and not link.title:
            message = "This link has neither “record” nor “title”."
            hint = "Add “record:” with an id or, for what has no record, “title:” (date, url)."
        else:
            continue
        yield Problem(message, hint, pointer)


@rule("HC652", "link-to-itself", on="links.record", reads="id")
def link_to_itself(checked: CheckedRecord) -> Iterator[Problem]:
    """A record does not link to itself.

    This happens when lines are copied.

    Fails:

        id: 2022-az-cu-visit
        links: [{rel: related, record: 2022-az-cu-visit}]

    Passes:

        id: 2022-az-cu-visit
        links: [{rel: related, title: Talks of the two presidents}]
    """
    for pointer, link in checked.each("links.record"):
        if link.record == checked.record.id:
            message = f"This link leads to its own record, “{link.record}”."
            yield Problem(message, "Write the id of the other record, or remove the link.", pointer)


@corpus_rule("HC653", "link-resolves")
def link_resolves(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """Links and `replaced_by` have the current id of an existing record.

    A former id still works for readers, but inside the data set the current id is used, so that one
    search finds every link. Describe what is not in the data set by `title`, `date` and `url`.
    Similar ids are suggested for the first twenty missing ids.

    Fails:

        links: [{rel: related, record: 2021-az-cu-call}]

    Passes:

        links: [{rel: related, title: Call of the two ministers, date: "2021"}]
    """
    former = {old: entry.id for entry in corpus for old in entry.former_ids}
    similar: dict[str, list[str]] = {}
    for entry in corpus:
        for pointer, target in _targets(entry):
            if target in corpus.by_id:
                continue
            if new := former.get(target):
                message, hint = f"“{target}” is a former id of “{new}”.", f"Write {new}."
                fix = (Replace(pointer, new),)
                others = (corpus.by_id[new].path,)
                yield (
                    entry.path,
                    Problem(message, hint, pointer, edits=fix, safe=True, others=others),
                )
                continue
            if target not in similar and len(similar) < _MAX_SUGGESTIONS:
                similar[target] = _similar_ids(target, corpus)
            ids = [ident for ident in similar.get(target, ()) if ident != entry.id]
            message = f"There is no record “{target}”."
            hint = (
                f"Did you mean {' or '.join(ids)}?"
                if ids
                else "Correct the id, add that record, or describe it by “title:” (date, url)."
            )
            edits = (Replace(pointer, ids[0]),) if len(ids) == 1 else ()
            yield entry.path, Problem(message, hint, pointer, edits=edits)


@corpus_rule("HC655", "link-to-withdrawn", severity=Severity.WARNING)
def link_to_withdrawn(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A link does not lead to a withdrawn record.

    Lists and statistics leave withdrawn records out. Link to the replacement; where there is none,
    remove the link, or describe its target by `title`. Links between withdrawn records are allowed.

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
    for entry, number, _, other in resolved_links(corpus):
        if other.withdrawn and not entry.withdrawn:
            pointer = ("links", number, "record")
            new = living_replacement(corpus, other)
            message = f"“{other.id}” is withdrawn{f', replaced by “{new}”' if new else ''}."
            hint = f"Write {new}." if new else "Remove the link, or write “title:” instead."
            edits = (Replace(pointer, new),) if new else ()
            yield entry.path, Problem(message, hint, pointer, edits=edits, others=(other.path,))


@rule("HC658", "repeated-link", on="links", severity=Severity.WARNING)
def repeated_link(checked: CheckedRecord) -> Iterator[Problem]:
    """Two records are linked once, by the most specific relation.

    `related` adds nothing to another relation to the same record.

    Fails:

        links:
          - {rel: related, title: Talks of the two presidents}
          - {rel: related, title: Talks of the two presidents}

    Passes:

        links:
          - {rel: related, title: Talks of the two presidents}
    """
    seen = set()
    specific = {link.record for link in checked.record.links if link.rel != "related"} - {None}
    for pointer, link in checked.each("links"):
        again = link in seen
        if again or (link.rel == "related" and link.record in specific):
            how = "" if again else ", by a more specific relation"
            message = f"“{link.record or link.title}” is already linked here{how}."
            edits = (Remove(pointer),)
            yield Problem(message, "Remove this link.", pointer, edits=edits, safe=again)
        seen.add(link)


def resolved_links(corpus: Corpus) -> Iterator[tuple[RecordSummary, int, str, RecordSummary]]:
    """Yield each link to an existing record: source, number, relation, target."""
    for entry in corpus:
        for number, rel, target in entry.links:
            if (other := corpus.by_id.get(target)) is not None:
                yield entry, number, rel, other


def links_to(entry: RecordSummary, other: RecordSummary) -> bool:
    """Return whether ``entry`` has a link to ``other``."""
    return any(target == other.id for _, _, target in entry.links)


def _similar_ids(target: str, corpus: Corpus) -> list[str]:
    """Return up to two ids that are similar to a missing one.

    Only ids of its year, and its words with another year, are compared: all would take too long.
    """
    year, words = target[:4], target[4:]
    ids = [ident for ident in corpus.by_id if ident.startswith(year) or ident[4:] == words]
    return get_close_matches(target, ids, n=2, cutoff=0.6)


def _targets(entry: RecordSummary) -> Iterator[tuple[Pointer, str]]:
    """Yield the ids that a record refers to, with their places."""
    for number, _, target in entry.links:
        yield ("links", number, "record"), target
    for number, target in enumerate(entry.replaced_by):
        yield ("withdrawn", "replaced_by", number), target
