"""A new id for a record: its file moves, and everything that names the old id follows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from healthcoop.checks import suppressions
from healthcoop.contribute.edits import FileEdit, references
from healthcoop.contribute.record_ids import record_path
from healthcoop.errors import HealthcoopError, InvalidData, NotFound
from healthcoop.files import git, reader
from healthcoop.files.in_place import edit
from healthcoop.files.nodes import Pointer
from healthcoop.files.tree import Tree
from healthcoop.index.database import Index
from healthcoop.index.records import get, taken_ids
from healthcoop.model.columns import IndexedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """The edits that give a record a new id, that of its own file first.

    ``links`` is the number of places elsewhere that name the record; ``mentions`` are the files
    whose prose names the old id, and is left as it is. ``is_kept`` says whether the old id becomes
    a former one, as that of a record that was never committed does not.
    """

    old: str
    new: str
    edits: tuple[FileEdit, ...]
    links: int
    mentions: tuple[str, ...]
    is_kept: bool


def plan(index: Index, files: Tree, name: str, new: str) -> Renaming:
    """Return the edits that rename a record; nothing is written.

    ``name`` is an id or a path. Raises NotFound; HealthcoopError where ``new`` is no id or taken;
    InvalidData where a file that names the record cannot be parsed.
    """
    target = record_path(new)
    own = exactly(index, name)
    old = own.record.id
    if new not in own.record.former_ids and new in taken_ids(index):
        raise HealthcoopError(f"the id {new} is taken: {_holder(index, new)}")
    is_kept = new in own.record.former_ids or git.is_committed(files.root, own.path)
    found = [*_naming(files, old)]
    edits, links = list[FileEdit](), 0
    for path, content, data in found:
        if path == own.path:
            edits.insert(0, _own_edit(own, content, new, target, is_kept=is_kept))
            continue
        if data.get("id") == old:
            raise InvalidData(
                f"{path} has the id {old} too", hint="Give one of the two another id."
            )
        replaced = {pointer: new for pointer, ident in references(data) if ident == old}
        if replaced:
            links += len(replaced)
            after = edit(path, content, replaced=replaced)
            edits.append(FileEdit(path=path, before=content, after=after))
    if not edits or edits[0].path != own.path:  # written with escapes, or deleted meanwhile
        hint = f"Reformat it first: healthcoop fmt {own.path}"
        raise HealthcoopError(f"{own.path} has no plain “id: {old}”", hint=hint)
    left = {one.path: one.after.encode() for one in edits}
    mentions = [
        path
        for path, content, _ in found
        if path != own.path and _pattern(old).search(left.get(path, content))
    ]
    return Renaming(
        old=old,
        new=new,
        edits=tuple(edits),
        links=links,
        mentions=tuple(mentions),
        is_kept=is_kept,
    )


def exactly(index: Index, name: str) -> IndexedRecord:
    """Return the record with this very id or path; raises NotFound."""
    found = get(index, name)
    if name != found.record.id and (
        found.record.id.startswith(name) or name in found.record.former_ids
    ):
        raise NotFound(name, [found.record.id])
    return found


def _holder(index: Index, ident: str) -> str:
    try:
        holder = get(index, ident)
    except NotFound as error:  # of a file that cannot be parsed only the name is known
        return error.message
    is_former = ident in holder.record.former_ids
    return f"it is {'a former id' if is_former else 'the id'} of {holder.path}"


def _own_edit(
    own: IndexedRecord, content: bytes, new: str, target: str, *, is_kept: bool
) -> FileEdit:
    old = own.record.id
    replaced: dict[Pointer, str] = {("id",): new}
    added = {"former_ids": [old]} if is_kept else {}
    if new in own.record.former_ids:  # it takes back an id that it once had
        replaced["former_ids", own.record.former_ids.index(new)] = old
        added = {}
    after = edit(own.path, content, replaced=replaced, added=added)
    moved = target if target != own.path else ""
    return FileEdit(path=own.path, before=content, after=after, target=moved)


def _naming(files: Tree, ident: str) -> Iterator[tuple[str, bytes, Mapping[str, Any]]]:
    """Yield the path, content and data of each file that has an id anywhere in it."""
    pattern = _pattern(ident)
    for path in (*files, suppressions.PATH):
        try:
            content = files[path]
        except KeyError:
            continue
        except OSError as error:
            message = f"{path} cannot be read, so whether it names {ident} is not known"
            raise InvalidData(message, hint=error.strerror or str(error)) from None
        if pattern.search(content):
            result = reader.parse(content)
            if result.data is None:
                problem = result.problems[0]
                place = f"{path}:{problem.span.line}:{problem.span.column}"
                raise InvalidData(
                    f"{path} names {ident} and cannot be parsed",
                    hint=f"Fix it first: {place}: {problem.message}",
                )
            yield path, content, result.data


def _pattern(ident: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w-])" + re.escape(ident.encode()) + rb"(?![\w-])")
