"""HC3: files, folders and ids."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.files.fixes import Replace
from healthcoop.files.nodes import Pointer
from healthcoop.model.spec import FIELDS


@rule("HC301", "id-is-file-name", reads="id")
def id_is_file_name(checked: CheckedRecord) -> Iterator[Problem]:
    """The id is the file's name without `.yaml`.

    Links use the id, people and git the file's name; they must be the same. In a new record write
    the file's name as the id. Where the record was merged already, rename the file back instead:
    an id never changes.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-meeting

    Passes:

        # records/2022/2022-az-cu-meeting.yaml
        id: 2022-az-cu-meeting
    """
    if not checked.path.endswith(".yaml"):
        return  # a finding of its own, which gives the whole name
    name = checked.path.rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0]
    if checked.record.id not in (stem, stem.lower()):
        is_id = bool(re.search(FIELDS["id"].pattern, stem))
        rename = f"ename the file to {checked.record.id}.yaml."
        yield Problem(
            f"The id “{checked.record.id}” differs from the file's name “{name}”.",
            f"Write “id: {stem}”, or r{rename}" if is_id else f"R{rename}",
            ("id",),
            edits=(Replace(("id",), stem),) if is_id else (),
        )


@rule("HC302", "folder-is-year", reads="id")
def folder_is_year(checked: CheckedRecord) -> Iterator[Problem]:
    """A record is in `records/`, in the folder named after the first four characters of its id.

    This way the path of a record follows from its id, and no folder grows without limit. The year
    is that of the id, not of the date: correcting a date does not move the file.

    Fails:

        # records/2021/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit
    """
    expected = f"records/{checked.record.id[:4]}"
    folder, _, name = checked.path.rpartition("/")
    if folder == f"records/{name[:4]}":
        return  # the id is not the file's name, which is a finding of its own
    if folder != expected:
        yield Problem(
            f"The file is in the folder {folder}, but its id begins with {checked.record.id[:4]}.",
            f"Move it to the folder {expected}.",
            ("id",),
        )


@rule("HC303", "file-ending", reads="id")
def file_ending(checked: CheckedRecord) -> Iterator[Problem]:
    """The name of a record's file ends in `.yaml`, never `.yml` or `.YAML`.

    Programs that search for `records/*/*.yaml` would miss the others.

    Fails:

        # records/2022/2022-az-cu-visit.yml
        id: 2022-az-cu-visit

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit
    """
    if not checked.path.endswith(".yaml"):
        hint = f"Rename it to {checked.record.id}.yaml."
        yield Problem("The file's name does not end in .yaml.", hint, ("id",))


@rule("HC308", "id-code", reads="id parties", severity=Severity.WARNING)
def id_code(checked: CheckedRecord) -> Iterator[Problem]:
    """An id names its parties by their codes.

    `uk` is a name of `GB`: who searches for `-gb-` misses the record. Rename it while it is new;
    once merged, an id never changes.

    Fails:

        # records/2022/2022-uk-cu-visit.yaml
        id: 2022-uk-cu-visit
        parties:
          - country: GB
          - country: CU

    Passes:

        # records/2022/2022-gb-cu-visit.yaml
        id: 2022-gb-cu-visit
        parties:
          - country: GB
          - country: CU
    """
    codes = {party.code.lower() for party in checked.record.parties if party.code}
    for word in checked.record.id.split("-")[1 : _MOST_CODES + 1]:
        if not 2 <= len(word) <= 3 or word in codes:
            continue
        for code in codes & {name.lower() for name in checked.vocabulary.parties_named(word)}:
            yield Problem(
                f"“{word}” in the id is not the code of the party, “{code}”.",
                f"In a new record write “{code}” here and in the file's name.",
                ("id",),
                substring=word,
            )


_MOST_CODES = 3


@corpus_rule("HC304", "id-unique")
def id_unique(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """No two records share an id, and no former id is another record's id or former id.

    Whoever cites an id must find one record by it, now and in ten years. Change the last words of
    the id of one of the two. A former id belongs to the one record that replaced it, and differs
    from that record's present id.

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
    for entry in corpus.oldest_first:
        holder = owners.setdefault(entry.id, entry.path)
        if holder != entry.path and _disk_key(holder) != _disk_key(entry.path):
            message = f"The id “{entry.id}” is already used by {holder}."
            hint = "Change the last words of the id; if both are one event, remove one record."
            problem = Problem(message, hint, ("id",), others=(holder,), symmetric=True)
            yield entry.path, problem
    for entry in corpus:
        for number, former in enumerate(entry.former_ids):
            holder = owners.setdefault(former, entry.path)
            if holder != entry.path or former == entry.id:
                message = f"The former id “{former}” is an id of {holder}."
                hint = "An id refers to one record: remove it here, or change the other id."
                pointer = ("former_ids", number)
                yield entry.path, Problem(message, hint, pointer, others=(holder,))


@corpus_rule("HC305", "file-name-case")
def file_name_case(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A file's name is in lower case as its id is, and no two names differ only in case.

    On most laptops `2022-AZ-CU-visit.yaml` and `2022-az-cu-visit.yaml` are the same file: a
    clone there has only one of the two, or git shows changes that nobody made.

    Fails:

        # records/2022/2022-AZ-CU-visit.yaml
        id: 2022-az-cu-visit

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        id: 2022-az-cu-visit
    """
    seen: dict[str, str] = {}
    for entry in corpus.oldest_first:
        holder = seen.setdefault(_disk_key(entry.path), entry.path)
        stem = entry.path.rpartition("/")[2].rpartition(".")[0]
        if holder != entry.path:
            message = f"The file's name differs from that of {holder} only in case."
            hint = "Many computers treat the two as one file: remove or rename one."
        elif stem != entry.id and stem.lower() == entry.id:
            message = f"The file's name “{stem}” differs from its id only in case."
            hint = f"Rename it to {entry.id}.yaml."
        else:
            continue
        yield entry.path, Problem(message, hint, ("id",), others=(holder,), symmetric=True)


@corpus_rule("HC306", "replacement-cycle")
def replacement_cycle(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A withdrawn record is not replaced by a record that it replaces itself.

    Whoever follows `replaced_by` from a withdrawn record must arrive at a valid one. Of records
    that replace one another, one is the right one: remove `withdrawn` from it.

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
            message = f"The withdrawn record “{entry.id}” is replaced by itself."
            hint = "Write the id of the record that replaces it, or remove “replaced_by”."
            yield entry.path, Problem(message, hint, _replacement(entry, entry.id))
    for cycle in find_cycles(_replacements(corpus)):
        entry = corpus.by_id[cycle[0]]
        message = f"Withdrawn records replace one another: {' → '.join(cycle)}."
        hint = "Remove “withdrawn” from the one that is valid."
        others = tuple(corpus.by_id[ident].path for ident in cycle[1:])
        yield entry.path, Problem(message, hint, _replacement(entry, cycle[1]), others=others)


@corpus_rule("HC307", "replacement-withdrawn", severity=Severity.WARNING)
def replacement_withdrawn(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """The replacement of a withdrawn record is not withdrawn itself.

    Where the replacement was withdrawn later, name what replaced that one, so that readers need to
    follow one step only. If there is no valid replacement any more, remove `replaced_by`.

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
    withdrawn = {entry.id for entry in corpus if entry.withdrawn}
    if not withdrawn:
        return
    in_cycles = {ident for cycle in find_cycles(_replacements(corpus)) for ident in cycle}
    for entry in corpus:
        for number, target in enumerate(entry.replaced_by):
            if target not in withdrawn or target == entry.id or target in in_cycles:
                continue
            pointer = ("withdrawn", "replaced_by", number)
            living = living_replacement(corpus, corpus.by_id[target])
            yield (
                entry.path,
                Problem(
                    f"The replacement “{target}” of this record is withdrawn itself.",
                    f"Write “{living}”." if living else "Remove it: it has no valid replacement.",
                    pointer,
                    edits=(Replace(pointer, living),) if living else (),
                    others=(corpus.by_id[target].path,),
                ),
            )


def living_replacement(corpus: Corpus, entry: RecordSummary) -> str | None:
    """Return the id of the only valid replacement of a withdrawn record, or None."""
    seen = {entry.id}
    while entry.withdrawn:
        following = corpus.by_id.get(entry.replaced_by[0]) if len(entry.replaced_by) == 1 else None
        if following is None or following.id in seen:
            return None
        entry = following
        seen.add(entry.id)
    return entry.id


def _replacements(corpus: Corpus) -> dict[str, tuple[str, ...]]:
    return {entry.id: entry.replaced_by for entry in corpus if entry.replaced_by}


def _replacement(entry: RecordSummary, ident: str) -> Pointer:
    return ("withdrawn", "replaced_by", entry.replaced_by.index(ident))


def _disk_key(path: str) -> str:
    """Return a key that is equal for names that common file systems treat as one.

    They ignore case and the ways to encode an accent.
    """
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


_MAX_CYCLES = 100  # each is found by a walk of its own


def find_cycles(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield cycles that have no node in common, a hundred at most.

    ``graph`` maps nodes to those they lead to. A cycle starts and ends with the node that is first
    in ``graph``. A node that leads to itself is not a cycle.
    """
    order = {node: number for number, node in enumerate(graph)}
    remaining = {
        node: [target for target in targets if target in graph and target != node]
        for node, targets in graph.items()
    }
    for _ in range(_MAX_CYCLES):
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            backward: list[str] = error.args[1]  # the first node again at the end
            cycle = backward[:0:-1]
            first = cycle.index(min(cycle, key=order.__getitem__))
            yield [*cycle[first:], *cycle[: first + 1]]
            for node in cycle:
                del remaining[node]
        else:
            return
