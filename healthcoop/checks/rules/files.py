"""HC3: the file, its folder and the id."""

import unicodedata
from collections.abc import Iterator

from healthcoop.checks.cycles import find_cycles
from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.checks.traits import ODD_PLACE
from healthcoop.files.fixes import Replace


@rule("HC301", "id-is-file-name", reads="id", needs=[ODD_PLACE])
def id_is_file_name(checked: CheckedRecord) -> Iterator[Problem]:
    """The id is the file's name without `.yaml`.

    Links and lookups go by the id, people and git by the file's name; they must be one. In a new
    record write the id as the file is called. Where the record was merged already, it is the file
    that has to go back: the id never changes.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-meeting

    Passes:

        # records/2022/2022-az-cu-meeting.yaml
        id: 2022-az-cu-meeting
    """
    name = checked.path.rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0]
    if checked.record.id not in (stem, stem.lower()):
        yield Problem(
            message=f"The id is “{checked.record.id}”, but the file is called “{name}”.",
            hint=f"Write “id: {stem}”, or rename the file to {checked.record.id}.yaml.",
            pointer=("id",),
            edits=(Replace(("id",), stem),),
        )


@rule("HC302", "folder-is-year", reads="id", needs=[ODD_PLACE])
def folder_is_year(checked: CheckedRecord) -> Iterator[Problem]:
    """A record lies in `records/`, in the folder named by the first four characters of its id.

    So the place of a record follows from its id, for people and for programs, and no folder grows
    without end. The year is that of the id, not of the date: a date that is corrected later moves
    nothing.

    Fails:

        # records/2021/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit
    """
    wanted = f"records/{checked.record.id[:4]}"
    folder = checked.path.rsplit("/", 1)[0]
    if folder != wanted:
        yield Problem(
            message=f"The file lies in {folder}/, but its id begins with {checked.record.id[:4]}.",
            hint=f"Move it: git mv {checked.path} {wanted}/",
            pointer=("id",),
        )


@rule("HC303", "file-ending", reads="id", needs=[ODD_PLACE])
def file_ending(checked: CheckedRecord) -> Iterator[Problem]:
    """A record's file ends in `.yaml`, never `.yml` or `.YAML`, so that one id has one path.

    Programs that look for `records/*/*.yaml` would miss the others.

    Fails:

        # records/2022/2022-az-cu-visit.yml
        id: 2022-az-cu-visit

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit
    """
    if not checked.path.endswith(".yaml"):
        stem = checked.path.rsplit(".", 1)[0]
        yield Problem(
            message="The file's name does not end in .yaml.",
            hint=f"Rename it: git mv {checked.path} {stem}.yaml",
            pointer=("id",),
        )


@corpus_rule("HC304", "id-unique")
def id_unique(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """No two records share an id, and no former id is another record's id or former id.

    Whoever cites an id must find one record by it, now and in ten years. Of two records with one
    id one gets other words at its end. A former id stands in the one record that took its place,
    and never beside itself as the present one.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        former_ids: [2022-az-cu-memorandum]
        ---
        # records/2022/2022-az-cu-memorandum.yaml
        type: mou

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        former_ids: [2022-az-cu-trip]
        ---
        # records/2022/2022-az-cu-memorandum.yaml
        type: mou
    """
    owners: dict[str, str] = {}
    for entry in corpus:
        holder = owners.setdefault(entry.id, entry.path)
        if holder != entry.path and _as_a_disk_sees(holder) != _as_a_disk_sees(entry.path):
            yield (
                entry.path,
                Problem(
                    message=f"The id “{entry.id}” is already that of {holder}.",
                    hint="Choose other words at its end; one event is one record.",
                    pointer=("id",),
                ),
            )
    for entry in corpus:
        for number, former in enumerate(entry.former_ids):
            holder = owners.setdefault(former, entry.path)
            if holder != entry.path or former == entry.id:
                yield (
                    entry.path,
                    Problem(
                        message=f"The former id “{former}” is an id of {holder}.",
                        hint="An id means one record: remove it here, or rename the other.",
                        pointer=("former_ids", number),
                    ),
                )


@corpus_rule("HC305", "file-name-case")
def file_name_case(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A file's name is written in lower case as its id, and no other file has it in capitals.

    On the disks of most laptops `2022-AZ-CU-visit.yaml` and `2022-az-cu-visit.yaml` are one file:
    whoever clones the data set there loses one of the two, or git shows changes that nobody made.

    Fails:

        # records/2022/2022-AZ-CU-visit.yaml
        id: 2022-az-cu-visit

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit
    """
    seen: dict[str, str] = {}
    for entry in corpus:
        holder = seen.setdefault(_as_a_disk_sees(entry.path), entry.path)
        stem = entry.path.rpartition("/")[2].rpartition(".")[0]
        if holder != entry.path:
            message = f"The file's name differs from that of {holder} only in case."
            hint = "Many computers take the two for one file: remove one, or call it otherwise."
        elif stem != entry.id and stem.lower() == entry.id:
            message = f"The file's name “{stem}” differs from its id only in case."
            folder = entry.path.rpartition("/")[0]
            hint = f"Rename it: git mv {entry.path} {folder}/{entry.id}.yaml"
        else:
            continue
        yield entry.path, Problem(message=message, hint=hint, pointer=("id",))


@corpus_rule("HC306", "replacement-circle")
def replacement_circle(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """What replaces a withdrawn record is not replaced by it in turn.

    Whoever follows `replaced_by` from a withdrawn record must come to one that counts. Of records
    that replace one another, one is the right one: take `withdrawn` out of it.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        withdrawn: {date: "2026-11-21", reason: double, replaced_by: [2022-az-cu-trip]}
        ---
        # records/2022/2022-az-cu-trip.yaml
        withdrawn: {date: "2026-11-21", reason: double, replaced_by: [2022-az-cu-visit]}

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        withdrawn: {date: "2026-11-21", reason: double, replaced_by: [2022-az-cu-trip]}
        ---
        # records/2022/2022-az-cu-trip.yaml
        title: Azerbaijan's health minister travels to Cuba
    """
    for entry in corpus:
        if entry.id in entry.replaced_by:
            yield (
                entry.path,
                Problem(
                    message="The withdrawn record is said to be replaced by itself.",
                    hint="Name the record that stands for it, or leave “replaced_by” out.",
                    pointer=("withdrawn", "replaced_by", entry.replaced_by.index(entry.id)),
                ),
            )
    for way in find_cycles(_replacements(corpus)):
        entry = corpus.by_id[way[0]]
        yield (
            entry.path,
            Problem(
                message=f"Withdrawn records replace one another: {' → '.join(way)}.",
                hint="One of them must count: take “withdrawn” out of it.",
                pointer=("withdrawn", "replaced_by", entry.replaced_by.index(way[1])),
            ),
        )


@corpus_rule("HC307", "replacement-withdrawn", severity=Severity.WARNING)
def replacement_withdrawn(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """What replaces a withdrawn record counts itself.

    Where the replacement was withdrawn later, name what replaced it, so that nobody has to go from
    grave to grave. If nothing stands for the record any more, leave `replaced_by` out.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        withdrawn: {date: "2026-01-15", reason: double, replaced_by: [2022-az-cu-trip]}
        ---
        # records/2022/2022-az-cu-trip.yaml
        withdrawn: {date: "2026-11-21", reason: not confirmed by any source}

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        withdrawn: {date: "2026-01-15", reason: double}
        ---
        # records/2022/2022-az-cu-trip.yaml
        withdrawn: {date: "2026-11-21", reason: not confirmed by any source}
    """
    replaced = {entry.id for entry in corpus if entry.withdrawn}
    if not replaced:
        return
    round_about = {ident for way in find_cycles(_replacements(corpus)) for ident in way}
    for entry in corpus:
        for number, target in enumerate(entry.replaced_by):
            if target not in replaced or target == entry.id or target in round_about:
                continue
            pointer = ("withdrawn", "replaced_by", number)
            living = living_replacement(corpus, corpus.by_id[target])
            yield (
                entry.path,
                Problem(
                    message=f"“{target}”, which is to replace this record, is withdrawn itself.",
                    hint=f"Write {living}." if living else "Remove it; nothing stands for it.",
                    pointer=pointer,
                    edits=(Replace(pointer, living),) if living else (),
                ),
            )


def living_replacement(corpus: Corpus, entry: RecordSummary) -> str | None:
    """Give the id of the one record that counts in place of a withdrawn one; None if not one."""
    been = {entry.id}
    while entry.withdrawn:
        following = corpus.by_id.get(entry.replaced_by[0]) if len(entry.replaced_by) == 1 else None
        if following is None or following.id in been:
            return None
        entry = following
        been.add(entry.id)
    return entry.id


def _replacements(corpus: Corpus) -> dict[str, tuple[str, ...]]:
    return {entry.id: entry.replaced_by for entry in corpus if entry.replaced_by}


def _as_a_disk_sees(path: str) -> str:
    """Fold what disks of common systems do not tell apart: case, and ways to write an accent."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
