"""Dataset, the one front door: every command has a method here, and every method a command."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from healthcoop.dataset import base
from healthcoop.dataset.contributions import Contributions
from healthcoop.dataset.publication import Publication
from healthcoop.dataset.statistics import DatasetStatistics
from healthcoop.files import location

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report, Selection
    from healthcoop.checks.fixing import FixedFile
    from healthcoop.checks.run import CheckRun
    from healthcoop.errors import HealthcoopError
    from healthcoop.files.comparison import ChangedFiles
    from healthcoop.files.formatting import FormattedFile
    from healthcoop.index.details import RecordDetails
    from healthcoop.index.query import Query
    from healthcoop.index.results import Records, Table
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.status import Status


class Dataset(DatasetStatistics, Contributions, Publication):
    """A data set on disk: its record files, its vocabularies, and the index built from them.

    As its SQLite connection, it belongs to the thread that opened it. Record files that cannot be
    read are left out of an answer, with a UserWarning unless ``warns`` is false.
    """

    @classmethod
    def open(
        cls,
        root: str | os.PathLike[str] | None = None,
        *,
        today: date | None = None,
        snapshot: bool = True,
    ) -> "Dataset":
        """Open a data set.

        ``root`` is its folder; by default ``$HEALTHCOOP_ROOT``, then the nearest folder upward
        from the current one that contains a data set, then, if ``snapshot``, the read-only one in
        the package. ``today`` stands for the current day, by default ``$HEALTHCOOP_TODAY``. Raises
        HealthcoopError where there is no data set, or half of one.
        """
        found = location.find_root(root, fallback=base.SNAPSHOT if snapshot else None)
        return cls(found, today=today)

    def __repr__(self) -> str:
        return f"<data set in {self.root}>"

    def __enter__(self) -> "Dataset":
        """Return the data set, which is closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the index."""
        self.close()

    def check(self, *, jobs: int | None = None, changed: "ChangedFiles | None" = None) -> "Report":
        """Check every record; findings that ``schema/accepted.yaml`` accepts are left out.

        With ``changed``, a deleted id is a finding too. ``jobs`` is the number of processes, by
        default one for each core.
        """
        return self._check_run(jobs, changed).check()[0]

    def fix(
        self,
        selection: "Selection | None" = None,
        *,
        reformat: bool = True,
        jobs: int | None = None,
        changed: "ChangedFiles | None" = None,
    ) -> "tuple[Report, list[FixedFile], list[HealthcoopError]]":
        """Make the safe edits in record files, and write the files.

        Returns the report of what is left (as ``check``), the files that were written, and the
        errors of the others. ``selection`` limits findings and files; with ``reformat`` files
        without a fix are reformatted too.
        """
        from healthcoop.checks.findings import Selection

        return self._check_run(jobs, changed).fix(selection or Selection(), reformat=reformat)

    def _check_run(self, jobs: int | None, changed: "ChangedFiles | None") -> "CheckRun":
        from healthcoop.checks.run import CheckRun

        context = self._check_context
        return CheckRun(
            tree=self.files, context=context, changed=changed, jobs=jobs, progress=self.progress
        )

    def format(
        self, *, paths: Sequence[str] | None = None, write: bool = True
    ) -> "Iterator[FormattedFile]":
        """Reformat record files in the canonical layout; yield those that were not in it.

        ``paths`` are files or folders below the root, by default all records. Without ``write``
        nothing is written. What a record means never changes.
        """
        from healthcoop.files.formatting import format_files

        return format_files(self.files, paths, write=write)

    def json_schema(self, *, write: bool = False) -> str:
        """Return ``schema`` as text; with ``write``, write it to ``schema/record.schema.json``."""
        from healthcoop.files.atomic import write_text
        from healthcoop.model.json_schema import render

        text = render(self.schema)
        if write:
            write_text(self.root / location.SCHEMA_PATH, [text])
        return text

    def changed(self, revision: str | None = None) -> "ChangedFiles":
        """Return what differs from a git revision, by default as ``comparison.base`` finds it."""
        from healthcoop.files import comparison

        return comparison.changed_files(self.files, comparison.base(self.root, revision))

    def duplicates(
        self, *, threshold: float | None = None, paths: Sequence[str] | None = None
    ) -> "Table":
        """Find pairs of records that may be about the same event, the likeliest first.

        ``threshold`` is the lowest score, by default 0.5, at most 1; ``paths`` limits the result to
        pairs with a record in these files or folders. Rows: ``score id other title other_title path
        other_path reasons``; at most a thousand, and ``left_out["less_likely"]`` is the number of
        the others, up to two million.
        """
        from healthcoop.checks import duplicates
        from healthcoop.index.results import DUPLICATES_COLUMNS, Table

        least = duplicates.THRESHOLD if threshold is None else threshold
        pairs, left_out = duplicates.find(self.records().indexed(), threshold=least, paths=paths)
        rows = [pair.to_data() for pair in pairs]
        return Table(rows, DUPLICATES_COLUMNS, left_out={"less_likely": left_out})

    def record(self, name: str) -> "RecordDetails":
        """Return a record with its status today and its links in both directions.

        ``name`` is an id, a former id, a path, or the beginning of exactly one id. Raises NotFound.
        """
        from healthcoop.index.details import details

        return details(self.index, name, day=self.today)

    def status(self, indexed: "IndexedRecord") -> "Status | None":
        """Return an instrument's status today, links considered; None for an encounter."""
        from healthcoop.index.details import status_on

        return status_on(self.index, indexed, self.today)

    def vocab(self, vocabulary: str, text: str | None = None) -> "Table":
        """Return the entries of a vocabulary whose code, name or definition contains ``text``.

        Rows: ``code label kind names definition from until``.
        """
        from healthcoop.index.results import VOCABULARY_COLUMNS, Table

        known = self.index.vocabulary
        terms = known.search(vocabulary, text) if text else known.terms(vocabulary).values()
        return Table([term.to_data() for term in terms], VOCABULARY_COLUMNS)

    def records(
        self,
        query: "Query | None" = None,
        *,
        sort: Sequence[str] = ("date", "id"),
        limit: int | None = None,
    ) -> "Records":
        """Return the records that match a query; without one, all that are not withdrawn.

        Names in the query become codes, here as in every other method that takes one. Raises
        HealthcoopError, with the nearest names as its hint, for an unknown name, and for a query
        that no record could match.
        """
        from healthcoop.index.results import Records

        resolved = self._resolved(query)
        return Records(lambda: self.index, resolved, day=self.today, sort=sort, limit=limit)

    def pair(self, a: str, b: str, query: "Query | None" = None) -> dict[str, Any]:
        """Report on two parties, with the keys of ``pair -f json``; raises UnknownName."""
        from healthcoop.index.pair_report import pair_report
        from healthcoop.index.query import Query

        query = self._resolved(replace(query or Query(), pairs=((a, b),)))
        return pair_report(self.index, query, day=self.today)

    def sql(
        self,
        statement: str,
        parameters: Mapping[str, str | float] | None = None,
        *,
        limit_seconds: float = 60,
        limit_memory: bool = False,
        overrun: Callable[[], None] | None = None,
    ) -> "tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]":
        """Run one SELECT over the views of ``sql --schema``; return column names and rows.

        ``parameters`` are the values of ``:name``. ``limit_memory`` limits the whole process, for
        good; ``overrun`` is called in another thread when SQLite exceeds the time limit and cannot
        be interrupted. Raises HealthcoopError for an invalid statement, also while rows are read.
        """
        from healthcoop.index.sql import run_sql

        limits: dict[str, Any] = {"limit_seconds": limit_seconds, "limit_memory": limit_memory}
        return run_sql(self.index, statement, parameters, overrun=overrun, **limits)
