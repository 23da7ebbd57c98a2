"""HC3: the file, its folder and the id."""

from collections.abc import Iterator

from healthcoop.checks.findings import Problem
from healthcoop.checks.rules.registry import Roster, Subject, roster_rule, rule
from healthcoop.text.edits import Replace


@rule("HC301", "id-is-file-name", reads="id")
def id_is_file_name(subject: Subject) -> Iterator[Problem]:
    """The id is the file's name without `.yaml`.

    Links and lookups go by the id, people and git by the file's name; they must be one.
    """
    name = subject.path.rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0]
    if stem != subject.record.id:
        yield Problem(
            message=f"The id is “{subject.record.id}”, but the file is called “{name}”.",
            hint=f"Write “id: {stem}”, or rename the file to {subject.record.id}.yaml.",
            pointer=("id",),
            edits=(Replace(("id",), stem),),
        )


@rule("HC302", "folder-is-year", reads="id")
def folder_is_year(subject: Subject) -> Iterator[Problem]:
    """A record lies in `records/` in the folder named by the first four characters of its id."""
    wanted = f"records/{subject.record.id[:4]}"
    folder = subject.path.rsplit("/", 1)[0]
    if folder != wanted:
        yield Problem(
            message=f"The file lies in {folder}/, but its id begins with {subject.record.id[:4]}.",
            hint=f"Move it: git mv {subject.path} {wanted}/",
            pointer=("id",),
        )


@rule("HC303", "file-ending", reads="id")
def file_ending(subject: Subject) -> Iterator[Problem]:
    """A record's file ends in `.yaml`, never `.yml`, so that one id has one path."""
    if not subject.path.endswith(".yaml"):
        stem = subject.path.rsplit(".", 1)[0]
        yield Problem(
            message="The file's name does not end in .yaml.",
            hint=f"Rename it: git mv {subject.path} {stem}.yaml",
            pointer=("id",),
        )


@roster_rule("HC304", "id-unique")
def id_unique(roster: Roster) -> Iterator[tuple[str, Problem]]:
    """No two records share an id, and no id is another record's former id."""
    owners: dict[str, str] = {}
    for entry in roster:
        holder = owners.setdefault(entry.id, entry.path)
        if holder != entry.path:
            yield (
                entry.path,
                Problem(
                    message=f"The id “{entry.id}” is already that of {holder}.",
                    hint="Choose other words at its end; one event is one record.",
                    pointer=("id",),
                ),
            )
    for entry in roster:
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
