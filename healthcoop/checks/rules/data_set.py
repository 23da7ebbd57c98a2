"""HC9: the data set as a whole."""

from collections.abc import Iterator
from functools import lru_cache
from heapq import nlargest
from itertools import islice
from operator import attrgetter

from healthcoop.checks.duplicates import (
    Candidate,
    candidate_pairs,
    day_range,
    max_points,
    score_pairs,
)
from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import Corpus, corpus_rule, declare
from healthcoop.model.dates import DateError

declare(
    "HC901",
    "accepted-stale",
    """An entry of `schema/accepted.yaml` excuses a finding that is there.

    A finding that somebody has looked at, and that is right as it is, is accepted by an entry
    there, with the rule's code, the record's id and the reason; a `pointer`, as `-f json` shows it,
    narrows it to one place:

        accepted:
          - code: HC703
            record: 2022-az-cu-visit
            reason: The ministry's own page was searched for and not found.

    What this entry excused is mended, so the entry goes: else it would excuse the same fault in
    silence when it comes back.
    """,
    severity=Severity.WARNING,
)

declare(
    "HC951",
    "id-vanished",
    """An id that led to a record goes on leading there, or to the record that took its place.

    Papers and other records cite ids, so a record is never deleted: it stays, marked `withdrawn`
    with a date and a reason, or its id goes to the `former_ids` of another. Looked for where it is
    known what was there before: with `--changed` and `--changed-since`.
    """,
)


@corpus_rule("HC902", "stray-file", severity=Severity.WARNING)
def stray_file(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """Under `records/` lie records and nothing else.

    A file called `2022-az-cu-visit.yaml.bak` or `.txt` looks like a record and is read by nobody:
    what stands in it is missing everywhere, and no one is told. Rename it, move it elsewhere, or
    remove it. An empty folder does no harm.
    """
    for stray in corpus.unexpected_files:
        if stray.what == "file":
            message = f"{stray.path} is no record: a record's file ends in .yaml."
            hint = "Rename it if it is to be one; if not, move or remove it."
        elif stray.what == "special":
            message = f"{stray.path} is no file: a pipe, a socket or a device."
            hint = "Remove it."
        else:
            continue
        yield stray.path, Problem(message=message, hint=hint)


@corpus_rule("HC903", "hidden-file", severity=Severity.NOTE)
def hidden_file(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """Hidden files under `records/` are left there by programs, and are nobody's record.

    Such as `.DS_Store` of a desktop, `.visit.yaml.swp` of an editor, or a half-written file of a
    program that was stopped. They are never read; a note says so, lest a record is sought in
    vain. `.gitkeep`, `.gitignore`, `.gitattributes` and `.editorconfig` are where they belong. Of
    a hidden folder only the folder is named.
    """
    for stray in corpus.unexpected_files:
        if stray.what == "hidden":
            yield (
                stray.path,
                Problem(
                    message=f"{stray.path} is hidden, and is not read.",
                    hint="Remove it, and name it in .gitignore if it comes again.",
                ),
            )


@corpus_rule("HC904", "link-among-records", severity=Severity.WARNING)
def link_among_records(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """No symbolic link lies under `records/`.

    Links are not followed: one that leads out of the data set would let a stranger's contribution
    read files of whoever checks it, and one that leads to a record would make it two. A link that
    is called like a record, or leads to a folder, is a file that cannot be read (HC115).
    """
    for stray in corpus.unexpected_files:
        if stray.what == "link":
            yield (
                stray.path,
                Problem(
                    message=f"{stray.path} is a symbolic link {stray.leads}; it is not followed.",
                    hint="Remove it; two records are joined by “links” in one of them.",
                ),
            )


@corpus_rule("HC905", "likely-duplicate", severity=Severity.WARNING)
def likely_duplicate(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """One event is one record: two that are alike in parties, day and words are likely one.

    Make them one record with the sources of both, and withdraw the other, or leave its id among
    the `former_ids` of the one that stays. If they are two events, link them: that says so for
    good. Pairs are scored as by `healthcoop duplicates`, at its threshold, with two economies:
    how rare a word is, is estimated from some 200 records, so that a score near the threshold may
    come out on the other side; and of a very large number of candidates only the likeliest are
    read. At most a hundred pairs are told, the likeliest first.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        title: Azerbaijan's health minister visits Cuba
        ---
        # records/2022/2022-az-cu-trip.yaml
        title: Health minister of Azerbaijan visits Cuba

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        title: Azerbaijan's health minister visits Cuba
        ---
        # records/2021/2021-az-cu-visit.yaml
        date: "2021-04"
        title: Health minister of Azerbaijan visits Cuba
    """
    pairs = islice(candidate_pairs(_candidates(corpus)), _MAX_CANDIDATES)
    ranked = nlargest(_MAX_READ, ((max_points(one, other), one, other) for one, other in pairs))
    likeliest = [(one, other) for points, one, other in ranked if points > 0]
    if not likeliest:
        return
    by_path = {entry.path: entry for entry in corpus}
    read = lru_cache(maxsize=_MAX_READ)(lambda path: corpus.read(by_path[path]))
    sample = [read(entry.path) for entry in corpus[:: max(1, len(corpus) // _SAMPLE)]]
    both = ((read(one.path), read(other.path)) for one, other in likeliest)
    reported: set[str] = set()
    for pair in score_pairs(
        ((one, other) for one, other in both if one and other),
        [indexed for indexed in sample if indexed],
    ):
        one, other = sorted((pair.one, pair.other), key=attrgetter("path"))
        if other.path in reported or len(reported) == _MAX_REPORTED:
            continue
        reported.add(other.path)
        yield (
            other.path,
            Problem(
                message=f"This may be the same event as {one.record.id}: "
                f"{', '.join(pair.reasons)}.",
                hint="If it is, merge the two into one record. If they are two events, link them "
                "with “rel: related”.",
                pointer=("title",),
            ),
        )


_MAX_CANDIDATES = 50_000  # pairs; a limit for data sets of very similar records
_MAX_READ = 300  # pairs that are read and scored
_SAMPLE = 200  # records from which the rarity of words is estimated
_MAX_REPORTED = 100


def _candidates(corpus: Corpus) -> Iterator[Candidate]:
    """Yield what is compared first of the records that have parties and a valid date."""
    ranges = lru_cache(maxsize=None)(_day_range)
    for entry in corpus:
        days = ranges(entry.date) if entry.date and entry.kind and entry.codes else None
        if days:
            links = tuple((rel, target) for _, rel, target in entry.links)
            yield Candidate(entry.path, entry.id, entry.kind, entry.codes, *days, links)


def _day_range(text: str) -> tuple[float, float] | None:
    try:
        return day_range(text)
    except DateError:  # HC401 reports it
        return None
