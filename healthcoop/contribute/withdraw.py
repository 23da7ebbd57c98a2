"""A record that no longer counts: it stays, marked, with the reason and what stands for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Finding, Severity
from healthcoop.contribute.creation import check
from healthcoop.contribute.edits import FileEdit
from healthcoop.contribute.rename import exactly
from healthcoop.errors import HealthcoopError, InvalidData
from healthcoop.files.canonical import layout
from healthcoop.files.in_place import edit
from healthcoop.files.tree import Tree
from healthcoop.index.database import Index
from healthcoop.model.record import Withdrawal as Mark

_REMOVED = "removed"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # YAML cannot have them


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The edit that withdraws a record, and the findings about other records that it leads to.

    ``is_removal``: a lawful request required that nothing but the ids stay.
    """

    id: str
    edit: FileEdit
    is_removal: bool
    findings: tuple[Finding, ...]


def plan(
    index: Index,
    files: Tree,
    context: CheckContext,
    name: str,
    *,
    reason: str,
    replaced_by: Sequence[str] = (),
) -> Withdrawal:
    """Return the edit that withdraws a record today; nothing is written.

    ``name`` is an id or a path; ``replaced_by`` are ids. Raises NotFound; InvalidData where the
    record or a replacement is withdrawn already; HealthcoopError for a reason that is none.
    """
    own = exactly(index, name)
    ident = own.record.id
    if _CONTROLS.search(reason):
        raise HealthcoopError("the reason has a control character", hint="Type it again.")
    if mark := own.record.withdrawn:
        raise InvalidData(f"{ident} is withdrawn already, since {mark.date}: {_words(mark)}")
    for other in replaced_by:
        replacement = exactly(index, other).record
        if replacement.id == ident:
            raise HealthcoopError(f"{ident} cannot be replaced by itself")
        if mark := replacement.withdrawn:
            raise InvalidData(f"{other} is withdrawn itself, since {mark.date}: {_words(mark)}")
    fields: dict[str, object] = {"date": context.today.isoformat(), "reason": reason.strip()}
    if replaced_by:
        fields["replaced_by"] = [exactly(index, other).record.id for other in replaced_by]
    before = files.get(own.path, b"")
    is_removal = reason.strip() == _REMOVED
    if is_removal:
        kept = {"id": ident, "former_ids": [*own.record.former_ids], "withdrawn": fields}
        after = layout({key: value for key, value in kept.items() if value})
    else:
        after = edit(own.path, before, added={"withdrawn": fields})
    findings = check(files, context, {own.path: after.encode()})
    for finding in findings:
        is_mark = finding.path == own.path and finding.pointer.startswith("/withdrawn")
        if is_mark and finding.severity is Severity.ERROR:
            raise HealthcoopError(finding.message, hint=finding.hint)
    return Withdrawal(
        id=ident,
        edit=FileEdit(path=own.path, before=before, after=after),
        is_removal=is_removal,
        findings=tuple(finding for finding in findings if finding.path != own.path),
    )


def _words(mark: Mark) -> str:
    instead = " ".join(mark.replaced_by)
    return f"{mark.reason} (see {instead})" if instead else mark.reason
