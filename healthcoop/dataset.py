"""Dataset, the door: finds the root, reads files and vocabularies, opens the index."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.errors import HealthcoopError
from healthcoop.text.tree import Tree

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report
    from healthcoop.index.database import Index
    from healthcoop.index.query import Query
    from healthcoop.model.fields import Listed
    from healthcoop.model.record import Record
    from healthcoop.model.status import Status
    from healthcoop.model.vocabulary import Vocabulary
    from healthcoop.text.git import Changed

SNAPSHOT = Path(__file__).parent / "_snapshot"
"""The read-only data set that a wheel carries."""

Progress = Callable[[int, int], None]


class Dataset:
    """A data set on disk: its files, what they are judged by, and the index made of them."""

    def __init__(self, root: Path, *, today: date | None = None) -> None:
        """Take the folder that holds ``schema/`` and ``records/``; ``open`` finds it."""
        self.root = root
        self.files = Tree(root)
        self.today = today or date.today()
        self.progress: Progress | None = None

    @classmethod
    def open(
        cls, root: str | os.PathLike[str] | None = None, *, today: date | None = None
    ) -> "Dataset":
        """Open a data set.

        ``root`` is its folder; by default ``$HEALTHCOOP_ROOT``, then the nearest folder upward
        from the current one that holds a data set, then the snapshot that came with the package.
        Raises HealthcoopError where there is none.
        """
        given = os.environ.get("HEALTHCOOP_ROOT") or None if root is None else root
        if given is not None:
            folder = Path(given)
            if not _is_root(folder):
                raise HealthcoopError(
                    f"no data set in {folder}",
                    hint="It would hold records/ and schema/record.schema.json.",
                )
            return cls(folder.resolve(), today=today)
        here = Path.cwd()
        for folder in (here, *here.parents, SNAPSHOT):
            if _is_root(folder):
                return cls(folder, today=today)
        raise HealthcoopError(
            "no data set here",
            hint="Go to a folder that holds records/ and schema/, or name it with --root.",
        )

    @property
    def is_snapshot(self) -> bool:
        """Whether this is the read-only data set that came with the package."""
        return self.root == SNAPSHOT

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """The code lists as the files have them; raises BrokenSchema."""
        from healthcoop.text import vocabularies

        return vocabularies.load(self.files)

    @cached_property
    def schema(self) -> Any:
        """The parsed schema of a record; raises BrokenSchema, also for a newer format."""
        from healthcoop.text.record_format import read_schema

        return read_schema(self.files)

    @cached_property
    def index(self) -> "Index":
        """The derived database, brought up to date; raises BrokenSchema."""
        from healthcoop.index.build import open_index

        return open_index(self.files, progress=self.progress)

    def close(self) -> None:
        """Close the index, if it was opened; it is opened again when it is asked for."""
        index = vars(self).pop("index", None)
        if index:
            index.close()

    def __enter__(self) -> "Dataset":
        """Give the data set itself; it is closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the index."""
        self.close()

    def check(
        self,
        *,
        jobs: int | None = None,
        changed: "Changed | None" = None,
        files: Mapping[str, bytes] | None = None,
    ) -> "Report":
        """Check every record; findings that ``schema/accepted.yaml`` accepts are left out.

        With ``changed``, ids that led to a record then and lead to none now are findings too.
        ``files`` stand for those on disk, of the same paths.
        """
        from healthcoop.checks import accepted, runner
        from healthcoop.checks.findings import Report
        from healthcoop.checks.vanished import vanished

        judge = runner.Judge(vocabulary=self.vocabulary, schema=self.schema, today=self.today)
        strays = [*self.files.strays()]
        files = self.files if files is None else files
        report = runner.check(files, judge, strays=strays, jobs=jobs, progress=self.progress)
        found = [*report.findings]
        if changed:
            paths = set(self.files)
            found += vanished(changed.before, files, paths=paths, changed=changed.paths)
        findings = accepted.sift(found, accepted.read(self.files))
        return Report(records=report.records, findings=tuple(sorted(findings)))

    def changed(self, revision: str | None = None) -> "Changed":
        """Tell what differs from a git revision, by default from what ``git.base`` chooses."""
        from healthcoop.text import git

        paths = [*self.files, *(stamp.path for stamp in self.files.stamps("schema"))]
        commit = git.base(self.root, revision)
        return git.changed(self.root, commit, files=self.files, paths=paths)

    def status(self, listed: "Listed") -> "Status | None":
        """Say whether an instrument is in force today, through links too; None for an encounter."""
        if listed.kind != "instrument":
            return None
        from healthcoop.index.bounds import bounds_of
        from healthcoop.model.status import in_force

        return in_force(listed.record, self.today, links=bounds_of(self.index, listed.path))

    def records(self, query: "Query | None" = None) -> "Iterator[Record]":
        """Give the records a query asks for, by date; all that are not withdrawn by default."""
        from healthcoop.index.query import Query, select

        return (listed.record for listed in select(self.index, query or Query()))


def _is_root(folder: Path) -> bool:
    return (folder / "schema" / "record.schema.json").is_file() and (folder / "records").is_dir()
