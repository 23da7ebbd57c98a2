"""Records that were there and are there no more: every id goes on leading somewhere."""

from collections.abc import Iterator, Mapping, Set
from pathlib import PurePosixPath
from typing import Any

from healthcoop.checks.findings import Finding
from healthcoop.checks.registry import rules
from healthcoop.files import reader


def vanished(
    before: Mapping[str, bytes], files: Mapping[str, bytes], *, paths: Set[str], changed: Set[str]
) -> Iterator[Finding]:
    """Give a finding for every id that led to a record and leads to none now.

    ``before`` is what files held that are other now, or gone; ``paths`` are the record files that
    are there, ``changed`` those of them that are new or other.
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
                yield _finding(path, ident, is_there=path in paths)


def _ids(path: str, content: bytes) -> list[str]:
    """Give the ids that a file answers to: its own, or its name's, and the former ones."""
    data: Mapping[str, Any] = reader.parse(content).data or {}
    former = data.get("former_ids")
    ids = [data.get("id", PurePosixPath(path).stem), *(former if isinstance(former, list) else ())]
    return [ident for ident in ids if isinstance(ident, str)]


def _finding(path: str, ident: str, *, is_there: bool) -> Finding:
    rule = rules()["HC951"]
    hint = (
        f"Add it to the “former_ids” of the record that it means now; or bring {path} back with "
        "“withdrawn:”, a date and a reason."
    )
    return Finding(
        path=path,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        message=f"The id “{ident}” led to a record, and leads to none now.",
        hint=f"Add {ident} to “former_ids” again." if is_there else hint,
        pointer="",
        gone=not is_there,
    )
