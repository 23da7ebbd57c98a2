"""HC9: the data set as a whole."""

from collections.abc import Iterable, Iterator
from itertools import islice

from healthcoop.checks import duplicates
from healthcoop.checks.duplicates import Candidate, CandidatePair
from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import Corpus, RecordSummary, corpus_rule, declare
from healthcoop.model.dates import DateError

declare(
    "HC901",
    "accepted-stale",
    """Each entry of `schema/accepted.yaml` accepts an existing finding.

    A finding that somebody has checked, and that needs no change, is accepted by an entry with
    the rule's code, the record's id and the reason; a `pointer`, as in `-f json`, limits it to one
    place:

        accepted:
          - code: HC703
            record: 2022-az-cu-visit
            reason: The ministry's own page was searched for and not found.

    Remove the entry when the finding is gone: otherwise it would hide the same finding later.
    """,
    severity=Severity.WARNING,
)

declare(
    "HC908",
    "accepted-impossible",
    """`schema/accepted.yaml` accepts no finding that leaves a record unread, unchecked or deleted.

    A curator can judge whether a date or a source is right as it is. What the reader (HC1) or the
    schema (HC2) refuses is missing from answers and is not checked by other rules, and a deleted id
    (HC951) leads nowhere: these are corrected, and reported in spite of the entry.
    """,
)

declare(
    "HC951",
    "deleted-id",
    """An id keeps leading to its record, or to the one that replaced it.

    Papers and other records cite ids, so a record is never deleted: mark it `withdrawn`, with a
    date and a reason, or add its id to the `former_ids` of another record. Checked with `--changed`
    and `--changed-since`, which compare with an earlier state.
    """,
)


declare(
    "HC906",
    "schema-outdated",
    """The code lists and descriptions in the schema file are those of the vocabularies.

    Editors complete and explain fields from `schema/record.schema.json`. It is generated from the
    vocabularies and from healthcoop's table of fields: run `healthcoop schema --write` after a
    change of a vocabulary or an upgrade. Records are validated with the generated schema.
    """,
    severity=Severity.WARNING,
)
declare(
    "HC907",
    "schema-changed",
    """The schema file is the one that healthcoop generates.

    `schema/record.schema.json` is for editors and other validators. Edited by hand, it would allow
    or refuse other records than `healthcoop validate`, which uses the generated schema and nothing
    of this file. Run `healthcoop schema --write`; the vocabularies are the place for own codes.
    """,
)


@corpus_rule("HC902", "unexpected-file", severity=Severity.WARNING)
def unexpected_file(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """`records/` contains only records.

    A file called `2022-az-cu-visit.yaml.bak` or `notes.txt` is never read, so its content is
    missing everywhere. Rename, move or remove it. Empty folders are allowed.
    """
    for file in corpus.unexpected_files:
        if file.what == "file" and not file.intended_name:
            message = f"{file.path} is not a record: its name does not end in .yaml."
            hint = "Rename it if it should be a record; otherwise move or remove it."
            yield file.path, Problem(message, hint)
        elif file.what == "special":
            message = f"{file.path} is a pipe, a socket or a device, not a file."
            yield file.path, Problem(message, "Remove it.")


@corpus_rule("HC903", "hidden-file", severity=Severity.NOTE)
def hidden_file(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """Hidden files under `records/` are not read.

    Programs leave them there: `.DS_Store` of macOS, `.visit.yaml.swp` of an editor, a partly
    written file of a program that was stopped. The note explains why such a record is missing.
    `.gitkeep`, `.gitignore`, `.gitattributes`, `.editorconfig` and the `.git` of a submodule are
    not reported, and of a hidden folder only the folder.
    """
    for file in corpus.unexpected_files:
        if file.what == "hidden" and not file.intended_name:
            message = f"{file.path} is hidden, so it is not read."
            hint = "Remove it, and add it to .gitignore if it comes back."
            yield file.path, Problem(message, hint)


@corpus_rule("HC909", "record-not-read")
def record_not_read(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A file that looks like a record is one.

    Only names that end in `.yaml` and are not hidden are read. Windows may add `.txt` and not show
    it; a dot before the name hides a file. The record would be missing everywhere, and unchecked.
    """
    for file in corpus.unexpected_files:
        if file.intended_name:
            why = "it is hidden" if file.what == "hidden" else "its name does not end in .yaml"
            message = f"{file.path} looks like a record, but {why}: it is not read."
            hint = f"Rename it to {file.intended_name}, or move it out of records/."
            yield file.path, Problem(message, hint)


@corpus_rule("HC904", "link-among-records", severity=Severity.WARNING)
def link_among_records(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """There are no symbolic links under `records/`.

    Links are not followed: one that leads out of the data set could make a check of a
    contribution read other files, and one to a record would duplicate it. A link that is named like
    a record, or leads to a folder, is reported as a file that cannot be read (HC115).
    """
    for file in corpus.unexpected_files:
        if file.what == "link":
            message = f"{file.path} is a symbolic link {file.leads}, which is not followed."
            hint = "Remove it. To link two records, add “links:” to one of them."
            yield file.path, Problem(message, hint)


@corpus_rule("HC905", "likely-duplicate", severity=Severity.WARNING)
def likely_duplicate(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """One event is one record: two of the same sides, kind and days are probably the same.

    Merge them into one record with the sources of both; withdraw the other, or add its id to the
    `former_ids` of the one that stays. If they are two events, link them, and they will not be
    reported again; two with different identifiers of one scheme, as two entries of a register,
    never are. Records with similar sides, or a few days apart, are reported where type, people,
    bodies, cities and words agree, as by `healthcoop duplicates`; of very many candidates only the
    likeliest are read.
    At most a hundred pairs are reported, the likeliest first.

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
    compared = list(candidates(_near(corpus) if corpus.only_changed else corpus))
    pairs: list[CandidatePair] = []
    groups = (corpus.changed,) if corpus.only_changed else (corpus.changed, None)
    for among in groups if corpus.changed else (None,):
        pairs += duplicates.likeliest(compared, _MAX_READ, among=among, examined=_MAX_EXAMINED)[0]
    likeliest = islice(dict.fromkeys(pairs), _MAX_READ)
    by_path = {entry.path: entry for entry in corpus}
    reported: set[str] = set()
    for pair in duplicates.score_pairs(likeliest, lambda path: corpus.read(by_path[path])):
        both = (by_path[pair.one.path], by_path[pair.other.path])
        one, other = sorted(both, key=corpus.newest_last)
        if other.path in reported or len(reported) == _MAX_REPORTED:
            continue
        reported.add(other.path)
        message = f"This may be the same event as {one.id}: {', '.join(pair.reasons)}."
        hint = "If it is, merge the two records. If it is not, link them with “rel: related”."
        yield other.path, Problem(message, hint, ("title",), others=(one.path,), symmetric=True)


_MAX_EXAMINED = 50_000  # candidate pairs; a limit for data sets of very similar records
_MAX_READ = 300  # pairs that are read and scored
_MAX_REPORTED = 100


def _near(corpus: Corpus) -> Iterator[RecordSummary]:
    """Yield the records that have a side in common with a changed one."""
    sides = {side for entry in corpus if entry.path in corpus.changed for side in entry.sides}
    return (entry for entry in corpus if not sides.isdisjoint(entry.sides))


def candidates(entries: Iterable[RecordSummary]) -> Iterator[Candidate]:
    """Yield what is compared first of the records that have sides and a valid date."""
    for entry in entries:
        if entry.date and entry.kind and entry.sides:
            try:
                days = duplicates.day_range(entry.date)
            except DateError:  # HC401 reports it
                continue
            yield Candidate(
                entry.path,
                entry.id,
                entry.kind,
                frozenset(entry.sides),
                *days,
                frozenset((rel, target) for _, rel, target in entry.links),
                frozenset((scheme, value) for _, scheme, value in entry.identifiers),
            )
