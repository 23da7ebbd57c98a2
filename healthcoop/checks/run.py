"""Check or fix a whole data set: records, schema file, deleted ids, accepted findings."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from healthcoop.checks import engine, suppressions
from healthcoop.checks.finding_builder import FindingBuilder
from healthcoop.checks.findings import Finding, Problem, Report, Selection
from healthcoop.checks.fixing import FixedFile, FixScope
from healthcoop.checks.registry import rules
from healthcoop.checks.schema import differences
from healthcoop.errors import HealthcoopError
from healthcoop.files import atomic, location, reader, vocabularies
from healthcoop.files.canonical import CannotReformat
from healthcoop.files.comparison import ChangedFiles
from healthcoop.files.nodes import START
from healthcoop.files.tree import Tree, is_read


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """What is checked, and how: the parameters of ``Dataset.check`` and ``Dataset.fix``."""

    tree: Tree
    context: engine.CheckContext
    changed: ChangedFiles | None = None
    jobs: int | None = None
    progress: engine.Progress | None = None
    scope: FixScope | None = None

    def check(self) -> tuple[Report, engine.Checked]:
        """Return the report, and with a scope the fixed files, which are not written yet.

        Raises InvalidSchema, also where the record format is newer than the tool.
        """
        tree, changed = self.tree, self.changed
        schema = vocabularies.read_schema(tree)
        checked = engine.check(
            tree,
            replace(self.context, changed=changed.paths) if changed else self.context,
            unexpected_files=tree.unexpected_files(),
            scope=self.scope,
            jobs=self.jobs,
            progress=self.progress,
        )
        findings = [*checked.findings]
        findings += differences(tree[location.SCHEMA_PATH], schema, self.context.vocabulary)
        if changed:
            findings += deleted_ids(changed.before, tree, paths=set(tree), changed=changed.paths)
        remaining, accepted = suppressions.remove_accepted(findings, suppressions.read(tree))
        report = Report(
            records=len(checked.paths),
            paths=checked.paths,
            findings=tuple(sorted(remaining)),
            accepted=tuple(accepted),
        )
        return report, checked

    def fix(
        self, selection: Selection, *, reformat: bool
    ) -> tuple[Report, list[FixedFile], list[HealthcoopError]]:
        """Write the fixed files; return the report of what is left, the files, and the errors."""
        accepted = suppressions.read(self.tree)
        scope = FixScope(selection=selection, accepted=accepted, reformat=reformat)
        report, checked = replace(self, scope=scope).check()
        written: list[FixedFile] = []
        errors: list[HealthcoopError] = []
        for file in checked.fixed:
            try:
                atomic.write_text(self.tree.root / file.path, [file.after], expected=file.before)
                written.append(file)
            except HealthcoopError as error:
                errors.append(error)
        if errors:  # the report assumes that all files were written
            report, _ = self.check()
        errors += [
            CannotReformat(f"{path}: not fixed: {reason}")
            for path, reason in checked.refusals.items()
        ]
        return report, written, errors


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
        for ident in _ids(path, content) if is_read(path) else ():
            if ident not in kept:
                yield _deleted(path, ident, exists=path in paths)


def _ids(path: str, content: bytes) -> list[str]:
    """Return the ids that lead to a file: its own (or its name) and the former ones."""
    data: Mapping[str, Any] = reader.parse(content).data or {}
    former = data.get("former_ids")
    ids = [data.get("id", PurePosixPath(path).stem), *(former if isinstance(former, list) else ())]
    return [ident for ident in ids if isinstance(ident, str)]


def _deleted(path: str, ident: str, *, exists: bool) -> Finding:
    message = f"The id “{ident}” led to a record and no longer does."
    hint = (
        f"Add {ident} to “former_ids” again."
        if exists
        else f"Add it to the “former_ids” of the record that it means now, or restore {path} with "
        "“withdrawn:”, a date and a reason."
    )
    finding = FindingBuilder(path, b"").build(rules()["HC951"], Problem(message, hint), START)
    return replace(finding, deleted=not exists)
