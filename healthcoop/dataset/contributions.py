"""What adds to a data set or changes records in it, and what changed."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from healthcoop.dataset import base
from healthcoop.files import location
from healthcoop.files.tree import Tree

if TYPE_CHECKING:
    from healthcoop.contribute.diff import DataSetDiff
    from healthcoop.contribute.history import RecordHistory
    from healthcoop.contribute.init import CreatedFiles
    from healthcoop.contribute.rename import Renaming
    from healthcoop.contribute.withdraw import Withdrawal


class Contributions(base.DatasetFiles):
    """The contributor's commands, and the history of a record."""

    @staticmethod
    def create(folder: str | os.PathLike[str]) -> "CreatedFiles":
        """Create a data repository in a folder, which need not exist yet; all of it or nothing.

        Raises HealthcoopError where the folder has records/ or schema/, or cannot be written.
        """
        from healthcoop.contribute.init import create

        roots = (
            base.SNAPSHOT,
            base.SNAPSHOT.parents[1],
        )  # a wheel; the checkout around the package
        models = [Tree(root) for root in roots if location.is_data_set(root)]
        return create(Path(folder), models)

    def history(self, name: str) -> "RecordHistory":
        """Return what each git revision changed in a record, the latest first; raises NotFound."""
        from healthcoop.contribute.history import history
        from healthcoop.index.records import get

        return history(self.root, get(self.index, name).path)

    def diff(self, old: str | None = None, new: str | None = None) -> "DataSetDiff":
        """Return what differs between two git revisions, record by record.

        ``old`` is by default the commit that ``changed`` compares with, ``new`` the files on disk.
        Raises HealthcoopError for an unknown revision and where git fails.
        """
        from healthcoop.contribute.diff import WORKING_TREE, diff
        from healthcoop.files import comparison

        one = comparison.base(self.root) if old is None else comparison.commit_of(self.root, old)
        other = WORKING_TREE if new is None else comparison.commit_of(self.root, new)
        return diff(self.files, one, other)

    def rename(self, name: str, new: str, *, write: bool = True) -> "Renaming":
        """Give a record a new id: its file moves, links follow, the old id becomes a former one.

        ``name`` is an id or a path. All files are written or none; without ``write``, none is.
        Raises NotFound, and HealthcoopError for an id that is invalid or taken.
        """
        from healthcoop.contribute.edits import write_all
        from healthcoop.contribute.rename import plan

        renaming = plan(self.index, self.files, name, new)
        if write:
            write_all(self.root, renaming.edits)
            self.close()
        return renaming

    def withdraw(
        self, name: str, *, reason: str, replaced_by: Sequence[str] = (), write: bool = True
    ) -> "Withdrawal":
        """Mark a record as withdrawn today, for a reason, and name the records that replace it.

        ``name`` is an id or a path. Raises NotFound, and HealthcoopError for a record or a
        replacement that is withdrawn already; without ``write`` nothing is written.
        """
        from healthcoop.checks.engine import CheckContext
        from healthcoop.contribute.edits import write_all
        from healthcoop.contribute.withdraw import plan

        context = CheckContext(vocabulary=self.vocabulary, today=self.today)
        withdrawal = plan(
            self.index, self.files, context, name, reason=reason, replaced_by=replaced_by
        )
        if write:
            write_all(self.root, [withdrawal.edit])
            self.close()
        return withdrawal
