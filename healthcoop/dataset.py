"""Dataset, the one front door: every command has a method here, and every method a command."""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from healthcoop.files import location
from healthcoop.files.tree import Tree
from healthcoop.index.values import parse_today

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report, Selection
    from healthcoop.checks.fixing import FixedFile
    from healthcoop.checks.run import CheckRun
    from healthcoop.contribute.history import RecordHistory
    from healthcoop.contribute.init import CreatedFiles
    from healthcoop.errors import HealthcoopError
    from healthcoop.files.comparison import ChangedFiles
    from healthcoop.files.formatting import FormattedFile
    from healthcoop.index.database import Index
    from healthcoop.index.details import RecordDetails
    from healthcoop.index.query import Query
    from healthcoop.index.results import Records, Table
    from healthcoop.index.statistics import Pairing
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.status import Status
    from healthcoop.model.vocabulary import Vocabulary

SNAPSHOT = Path(__file__).parent / "_snapshot"
"""The read-only data set that a wheel contains."""


class Dataset:
    """A data set on disk: its record files, its vocabularies, and the index built from them.

    As its SQLite connection, it belongs to the thread that opened it. Record files that cannot be
    read are left out of an answer, with a UserWarning unless ``warns`` is false.
    """

    def __init__(self, root: Path, *, today: date | None = None) -> None:
        """Use the folder that contains ``schema/`` and ``records/``; ``open`` finds it."""
        self.root = root
        self.files = Tree(root)
        self.today = today or parse_today(None) or date.today()
        self.progress: Callable[[int, int], None] | None = None
        self.warns = True

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
        found = location.find_root(root, fallback=SNAPSHOT if snapshot else None)
        return cls(found, today=today)

    @staticmethod
    def create(folder: str | os.PathLike[str]) -> "CreatedFiles":
        """Create a data repository in a folder, which need not exist yet; all of it or nothing.

        Raises HealthcoopError where the folder has records/ or schema/, or cannot be written.
        """
        from healthcoop.contribute.init import create

        roots = (SNAPSHOT, SNAPSHOT.parents[1])  # a wheel; the checkout around the package
        models = [Tree(root) for root in roots if location.is_data_set(root)]
        return create(Path(folder), models)

    @property
    def is_snapshot(self) -> bool:
        """Whether this is the read-only data set in the package."""
        return self.root == SNAPSHOT

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """The vocabularies as their files are now; raises InvalidSchema."""
        from healthcoop.files import vocabularies

        return vocabularies.load(self.files)

    @cached_property
    def schema(self) -> "Mapping[str, Any]":
        """The JSON Schema of a record; raises InvalidSchema, also where the file's is newer."""
        from healthcoop.files.vocabularies import read_schema
        from healthcoop.model.json_schema import record_schema

        read_schema(self.files)
        return record_schema(self.vocabulary)

    @cached_property
    def index(self) -> "Index":
        """The derived database, updated first if any file changed; raises InvalidSchema."""
        from healthcoop.index.sync import open_index

        return open_index(self.files, progress=self.progress)

    def close(self) -> None:
        """Close the index if it is open; the next use opens it again."""
        index = vars(self).pop("index", None)
        if index:
            index.close()

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
        from healthcoop.checks.engine import CheckContext
        from healthcoop.checks.run import CheckRun

        context = CheckContext(vocabulary=self.vocabulary, today=self.today)
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

    def history(self, name: str) -> "RecordHistory":
        """Return what each git revision changed in a record, the latest first; raises NotFound."""
        from healthcoop.contribute.history import history
        from healthcoop.index.records import get

        return history(self.root, get(self.index, name).path)

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

    def summary(self, query: "Query | None" = None) -> dict[str, Any]:
        """Summarise the records that match a query, with the keys of ``summary -f json``."""
        from healthcoop.index.statistics import summary

        return summary(self.index, self._resolved(query), day=self.today)

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

    def pairs(
        self, query: "Query | None" = None, *, minimum: int = 1, **pairing: "Unpack[Pairing]"
    ) -> "Table":
        """Count by pair of countries with ``minimum`` records or more, the strongest first.

        Rows: ``a b records instruments encounters weight in_force{certain possible} first last
        topics affinity years_since_encounter``. ``multilateral="none"`` (the default) counts
        records of two countries, ``"all"`` one for each pair, ``"fractional"`` 1/(n-1) in
        ``weight``; ``organisations=True`` counts pairs with them, ``fold_former=True`` counts
        former states as the states that continue them.
        """
        return self._count("pairs", self._resolved(query), minimum=minimum, **pairing)

    def countries(self, query: "Query | None" = None) -> "Table":
        """Count by country, most records first.

        Rows: ``country records instruments encounters partners in_force first last``.
        """
        return self._count("countries", self._resolved(query))

    def organisations(self, query: "Query | None" = None) -> "Table":
        """Count by organisation; rows as of ``countries``, with ``organisation`` first."""
        return self._count("organisations", self._resolved(query))

    def topics(self, query: "Query | None" = None) -> "Table":
        """Count by topic; rows: ``topic records instruments encounters countries``."""
        return self._count("topics", self._resolved(query))

    def years(self, query: "Query | None" = None) -> "Table":
        """Count by year, years without a record too; ``year records instruments encounters``."""
        return self._count("years", self._resolved(query))

    def matrix(
        self, query: "Query | None" = None, *, top: int = 30, **pairing: "Unpack[Pairing]"
    ) -> "Table":
        """Count what each two of the ``top`` countries share; rows: ``country total with``."""
        return self._count("matrix", self._resolved(query), top=top, **pairing)

    def cross(self, rows: str, columns: str, query: "Query | None" = None) -> "Table":
        """Count by two dimensions, such as ``"topic"`` and ``"year"``; an empty cell has no row.

        Rows: ``row column records instruments encounters``; ``Table.cells`` has the totals. Raises
        UnknownName for an unknown dimension, and HealthcoopError for one dimension twice.
        """
        return self._count("cross", self._resolved(query), rows=rows, columns=columns)

    def network(self, query: "Query | None" = None, **pairing: "Unpack[Pairing]") -> "Table":
        """Measure the network of pairs; rows: ``country degree strength betweenness``.

        Raises HealthcoopError where networkx is not installed.
        """
        return self._count("network", self._resolved(query), **pairing)

    def in_force(self, query: "Query | None" = None, *, days: Sequence[date] = ()) -> "Table":
        """Count the instruments in force on ``days``, or on each 31 December and today.

        Rows: ``day certain possible no instruments``; possible includes certain.
        """
        return self._count("status", self._resolved(query), days=days)

    def dyad_years(self, query: "Query | None" = None, **pairing: "Unpack[Pairing]") -> "Table":
        """Return the panel of pairs and years, with the codes that other data sets merge on.

        Rows: ``year a b``, of each ``alpha3 numeric cow`` (text), ``encounters signed
        in_force_certain in_force_possible``.
        """
        return self._count("dyad-years", self._resolved(query), **pairing)

    def parties(self, query: "Query | None" = None, *, on: date | None = None) -> "Table":
        """List the sides of records with what they state of themselves, and their status.

        Rows: ``id date country organisation role level signed ratified acceded in_force left
        status``; the status is that on the day ``on``, by default today.
        """
        return self._count("parties", self._resolved(query), on=on)

    def completeness(self, query: "Query | None" = None, *, by_year: bool = False) -> "Table":
        """Count the records with each optional field; rows: ``(year) field of records share``."""
        return self._count("completeness", self._resolved(query), by_year=by_year)

    def statistic(self, name: str, query: "Query | None" = None, **options: Any) -> "Table":
        """Count a statistic by its name in ``healthcoop stats``, with options as of its method.

        Raises UnknownName, and TypeError for an option that the statistic does not have.
        """
        return self._count(name, self._resolved(query), **options)

    def _resolved(self, query: "Query | None") -> "Query":
        from healthcoop.index.query import Query
        from healthcoop.index.resolution import resolve

        if not isinstance(query, Query | None):
            raise TypeError(f"a query is a Query, not {query!r}")
        if self.warns and (missing := self.index.missing):
            warnings.warn(f"missing from this answer: {missing}", stacklevel=3)
        return resolve(query or Query(), self.index.vocabulary)

    def _count(self, name: str, query: "Query", **options: Any) -> "Table":
        from healthcoop.index.results import Table
        from healthcoop.index.statistics import run

        counts = run(self.index, name, query, day=self.today, **options)
        return Table(counts.rows, counts.columns, left_out=counts.left_out)
