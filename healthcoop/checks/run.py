"""Check or fix a whole data set: records, schema file, deleted ids, accepted findings."""

from dataclasses import dataclass, replace

from healthcoop.checks import engine, suppressions
from healthcoop.checks.deletions import deleted_ids
from healthcoop.checks.findings import Report, Selection
from healthcoop.checks.fixing import FixedFile, FixScope
from healthcoop.checks.schema import differences
from healthcoop.errors import HealthcoopError
from healthcoop.files import atomic, record_format
from healthcoop.files.git import ChangedFiles
from healthcoop.files.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """What is checked, and how: the parameters of ``Dataset.check`` and ``Dataset.fix``."""

    tree: Tree
    context: engine.CheckContext
    changed: ChangedFiles | None = None
    jobs: int | None = None
    progress: engine.Progress | None = None
    scope: FixScope | None = None

    def check(self) -> tuple[Report, tuple[FixedFile, ...]]:
        """Return the report, and with a scope the fixed files, which are not written yet.

        Raises InvalidSchema, also where the record format is newer than the tool.
        """
        tree, changed = self.tree, self.changed
        schema = record_format.read_schema(tree)
        checked = engine.check(
            tree,
            self.context,
            unexpected_files=[*tree.unexpected_files()],
            scope=self.scope,
            jobs=self.jobs,
            progress=self.progress,
        )
        findings = [*checked.findings]
        findings += differences(tree[record_format.PATH], schema, self.context.vocabulary)
        if changed:
            findings += deleted_ids(changed.before, tree, paths=set(tree), changed=changed.paths)
        remaining = suppressions.remove_accepted(findings, suppressions.read(tree))
        return Report(records=checked.records, findings=tuple(sorted(remaining))), checked.fixed

    def fix(
        self, selection: Selection, *, reformat: bool
    ) -> tuple[Report, list[FixedFile], list[HealthcoopError]]:
        """Write the fixed files; return the report of what is left, the files, and the errors."""
        accepted = suppressions.read(self.tree)
        scope = FixScope(selection=selection, accepted=accepted, reformat=reformat)
        report, fixed = replace(self, scope=scope).check()
        written: list[FixedFile] = []
        errors: list[HealthcoopError] = []
        for file in fixed:
            try:
                atomic.write_text(self.tree.root / file.path, [file.after], expected=file.before)
                written.append(file)
            except HealthcoopError as error:
                errors.append(error)
        if errors:  # the report assumes that all files were written
            report, _ = self.check()
        return report, written, errors
