"""Records that were deleted: every id that led to a record must go on leading to one."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from healthcoop.checks.finding_builder import FindingBuilder
from healthcoop.checks.findings import Finding, Problem
from healthcoop.checks.registry import rules
from healthcoop.files import reader
from healthcoop.files.nodes import START


def deleted_ids(
    before: Mapping[str, bytes], files: Mapping[str, bytes], *, paths: Set[str], changed: Set[str]
) -> Iterator[Finding]:
    """Return a finding for every id that led to a record and leads to none now.

    ``before`` is the former content of files that changed or were deleted; ``paths`` are the
    record files that exist, ``changed`` those of them that are new or changed.
    """
    kept = {PurePosixPath(path).stem for path in paths}
    for path in sorted(changed & paths):
        try:
            kept.update(_ids(path, files[path]))
        except (OSError, KeyError):
            continue  # that it cannot be read is a finding of its own
    for path, content in sorted(before.items()):
        for ident in _ids(path, content) if path.startswith("records/") else ():
            if ident not in kept:
                yield _finding(path, ident, exists=path in paths)


def _ids(path: str, content: bytes) -> list[str]:
    """Return the ids that lead to a file: its own (or its name) and the former ones."""
    data: Mapping[str, Any] = reader.parse(content).data or {}
    former = data.get("former_ids")
    ids = [data.get("id", PurePosixPath(path).stem), *(former if isinstance(former, list) else ())]
    return [ident for ident in ids if isinstance(ident, str)]


def _finding(path: str, ident: str, *, exists: bool) -> Finding:
    message = f"The id “{ident}” led to a record and no longer does."
    hint = (
        f"Add {ident} to “former_ids” again."
        if exists
        else f"Add it to the “former_ids” of the record that it means now, or restore {path} with "
        "“withdrawn:”, a date and a reason."
    )
    finding = FindingBuilder(path, b"").build(rules()["HC951"], Problem(message, hint), START)
    return replace(finding, gone=not exists)
