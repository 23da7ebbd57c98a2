"""Dataset, the door: finds the root, reads files and vocabularies, opens the index."""

import operator
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from healthcoop.errors import HealthcoopError
from healthcoop.files.tree import Tree

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report
    from healthcoop.files.git import Changed
    from healthcoop.index.chosen import Pairing, Row
    from healthcoop.index.database import Index
    from healthcoop.index.query import Query
    from healthcoop.index.results import Matrix, Records, Table
    from healthcoop.index.stats import Pairs
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.status import Status
    from healthcoop.model.vocabulary import Vocabulary

SNAPSHOT = Path(__file__).parent / "_snapshot"
"""The read-only data set that a wheel carries."""

Progress = Callable[[int, int], None]


class Dataset:
    """A data set on disk: its files, what they are judged by, and the index made of them.

    It belongs to the thread that opened it, for its SQLite connection does; other threads open
    their own, which costs little, and processes may use one data set at once. Where files cannot
    be read, answers come from the others, with a UserWarning; ``check`` says what is wrong.
    """

    def __init__(self, root: Path, *, today: date | None = None) -> None:
        """Take the folder that holds ``schema/`` and ``records/``; ``open`` finds it.

        ``today`` is by default ``$HEALTHCOOP_TODAY``, then the current day.
        """
        self.root = root
        self.files = Tree(root)
        self.today = today or parse_today(None) or date.today()
        self.progress: Progress | None = None

    @classmethod
    def open(
        cls, root: str | os.PathLike[str] | None = None, *, today: date | None = None
    ) -> "Dataset":
        """Open a data set.

        ``root`` is its folder; by default ``$HEALTHCOOP_ROOT``, then the nearest folder upward
        from the current one that holds a data set, then the snapshot that came with the package.
        ``today`` stands for the current day. Raises HealthcoopError where there is no data set.
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
        """The code lists as the files have them; raises InvalidSchema."""
        from healthcoop.files import vocabularies

        return vocabularies.load(self.files)

    @cached_property
    def schema(self) -> Any:
        """The parsed schema of a record; raises InvalidSchema, also for a newer format."""
        from healthcoop.files.record_format import read_schema

        return read_schema(self.files)

    @cached_property
    def index(self) -> "Index":
        """The derived database, brought up to date; raises InvalidSchema."""
        from healthcoop.index.build import open_index

        return open_index(self.files, progress=self.progress)

    def close(self) -> None:
        """Close the index, if it was opened; it is opened again when it is asked for."""
        index = vars(self).pop("index", None)
        if index:
            index.close()

    def __repr__(self) -> str:
        return f"<data set in {self.root}>"

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
        from healthcoop.checks import engine, suppressions
        from healthcoop.checks.deletions import vanished
        from healthcoop.checks.findings import Report

        context = engine.CheckContext(
            vocabulary=self.vocabulary, schema=self.schema, today=self.today
        )
        unexpected = [*self.files.unexpected_files()]
        files = self.files if files is None else files
        report = engine.check(
            files, context, unexpected_files=unexpected, jobs=jobs, progress=self.progress
        )
        found = [*report.findings]
        if changed:
            paths = set(self.files)
            found += vanished(changed.before, files, paths=paths, changed=changed.paths)
        findings = suppressions.sift(found, suppressions.read(self.files))
        return Report(records=report.records, findings=tuple(sorted(findings)))

    def changed(self, revision: str | None = None) -> "Changed":
        """Tell what differs from a git revision, by default from what ``git.base`` chooses."""
        from healthcoop.files import git

        paths = [*self.files, *(stamp.path for stamp in self.files.stamps("schema"))]
        commit = git.base(self.root, revision)
        return git.changed(self.root, commit, files=self.files, paths=paths)

    def status(self, listed: "IndexedRecord") -> "Status | None":
        """Say whether an instrument is in force today, through links too; None for an encounter."""
        if listed.kind != "instrument":
            return None
        from healthcoop.index.bounds import bounds_of
        from healthcoop.model.status import in_force

        return in_force(listed.record, self.today, links=bounds_of(self.index, listed.path))

    def records(self, query: "Query | None" = None) -> "Records":
        """Give the records a query asks for, by date; all that are not withdrawn by default.

        They can be gone through again and again, counted by ``len``, and made a frame by
        ``to_pandas`` or ``to_polars``. Names in the query become codes, here as in every other
        method that takes one. Raises HealthcoopError, with the nearest names as its hint, for a
        name that is not known, and for a query that no record could fit.
        """
        from healthcoop.index.results import Records

        return Records(lambda: self.index, self._resolved(query), day=self.today)

    def pairs(
        self, query: "Query | None" = None, *, minimum: int = 1, **pairing: "Unpack[Pairing]"
    ) -> "Table":
        """Count by pair of countries with ``minimum`` records or more, the strongest first.

        Rows: ``a b records instruments encounters weight in_force{certain possible} first last
        years_since_encounter topics affinity``. ``multilateral="none"`` (as default) counts
        records of two countries, ``"all"`` one for each pair, ``"fractional"`` 1/(n-1) in
        ``weight``; ``organisations=True`` counts pairs with them, ``fold_former=True`` former
        states as who they fold into.
        """
        from healthcoop.index import stats

        asked = self._resolved(query)
        least = operator.index(minimum)  # SQLite would compare a text, and find no pair
        return self._paired(
            "pairs", stats.pairs(self.index, asked, day=self.today, minimum=least, **pairing)
        )

    def countries(self, query: "Query | None" = None) -> "Table":
        """Count by country, most records first.

        Rows: ``country records instruments encounters partners in_force first last``.
        """
        from healthcoop.index import stats

        rows = stats.countries(self.index, self._resolved(query), day=self.today)
        return self._counted("countries", rows)

    def organisations(self, query: "Query | None" = None) -> "Table":
        """Count by organisation; rows as of ``countries``, with ``organisation`` first."""
        from healthcoop.index import stats

        rows = stats.organisations(self.index, self._resolved(query), day=self.today)
        return self._counted("organisations", rows)

    def topics(self, query: "Query | None" = None) -> "Table":
        """Count by topic; rows: ``topic records instruments encounters countries``."""
        from healthcoop.index import stats

        return self._counted("topics", stats.topics(self.index, self._resolved(query)))

    def years(self, query: "Query | None" = None) -> "Table":
        """Count by year, years without a record too; ``year records instruments encounters``."""
        from healthcoop.index import stats

        return self._counted("years", stats.years(self.index, self._resolved(query)))

    def matrix(
        self, query: "Query | None" = None, *, top: int = 30, **pairing: "Unpack[Pairing]"
    ) -> "Matrix":
        """Count what each two of the ``top`` countries share; rows: ``country total with``."""
        from healthcoop.index import stats
        from healthcoop.index.results import Matrix

        found = stats.matrix(self.index, self._resolved(query), top=top, **pairing)
        return Matrix(found.rows, left_out=found.left_out)

    def network(self, query: "Query | None" = None, **pairing: "Unpack[Pairing]") -> "Table":
        """Measure the network of pairs; rows: ``country degree strength betweenness``.

        Raises HealthcoopError where networkx is not installed.
        """
        from healthcoop.index import stats

        return self._paired("network", stats.network(self.index, self._resolved(query), **pairing))

    def in_force(self, query: "Query | None" = None, *, days: Sequence[date] = ()) -> "Table":
        """Count the instruments in force on ``days``, or on each 31 December and today.

        Rows: ``day certain possible no instruments``, certain ones being possible too.
        """
        from healthcoop.index import stats
        from healthcoop.index.query import exact_day

        wanted = [exact_day("days", day) for day in days]
        rows = stats.status(self.index, self._resolved(query), day=self.today, days=wanted)
        return self._counted("status", rows)

    def dyad_years(self, query: "Query | None" = None, **pairing: "Unpack[Pairing]") -> "Table":
        """Give the panel of pairs and years, with the codes that other data sets merge on.

        Rows: ``year a b``, for ``a`` and ``b`` each ``alpha3 numeric cow`` (text: codes have
        zeros in front), ``encounters signed in_force_certain in_force_possible``.
        """
        from healthcoop.index import stats

        asked = self._resolved(query)
        return self._paired(
            "dyad-years", stats.dyad_years(self.index, asked, day=self.today, **pairing)
        )

    def completeness(self, query: "Query | None" = None) -> "Table":
        """Tell how many records have each optional field; rows: ``field of records share``."""
        from healthcoop.index import stats

        return self._counted("completeness", stats.completeness(self.index, self._resolved(query)))

    def _resolved(self, query: "Query | None") -> "Query":
        from healthcoop.index.query import Query, resolve

        if not isinstance(query, Query | None):
            raise TypeError(f"what is wanted is told by a Query, not by {query!r}")
        if problems := self.index.problems:
            first, *others = problems
            place = f"{first.path}:{first.line}: {first.message}"
            more = f" ({len(others)} more)" if others else ""
            message = f"not in this answer: {place}{more}"
            warnings.warn(message, stacklevel=3)
        return resolve(query or Query(), self.index.vocabulary)

    def _counted(self, statistic: str, rows: "Sequence[Row]") -> "Table":
        from healthcoop.index.results import COLUMNS, Table

        return Table(rows, COLUMNS[statistic])

    def _paired(self, statistic: str, found: "Pairs") -> "Table":
        from healthcoop.index.results import COLUMNS, Table

        return Table(found.rows, COLUMNS[statistic], left_out=found.left_out)


def _is_root(folder: Path) -> bool:
    return (folder / "schema" / "record.schema.json").is_file() and (folder / "records").is_dir()


def parse_today(text: str | None) -> date | None:
    """Read ``--today`` or ``$HEALTHCOOP_TODAY``: one exact day."""
    text = text or os.environ.get("HEALTHCOOP_TODAY")
    if not text:
        return None
    from healthcoop.index.query import parse_day

    return parse_day(text)
