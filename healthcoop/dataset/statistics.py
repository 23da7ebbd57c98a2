"""The statistics of a data set: a method for each command below ``healthcoop stats``."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Unpack

from healthcoop.dataset.base import DatasetFiles

if TYPE_CHECKING:
    from healthcoop.index.query import Query
    from healthcoop.index.results import Table
    from healthcoop.index.statistics import Pairing


class Statistics:
    """What can be counted; each method takes the query that selects the records."""

    def _resolved(self, query: "Query | None") -> "Query":
        raise NotImplementedError

    def _count(self, name: str, query: "Query", **options: Any) -> "Table":
        raise NotImplementedError

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


class DatasetStatistics(DatasetFiles, Statistics):
    """The statistics of a data set, which the index counts."""

    def summary(self, query: "Query | None" = None) -> dict[str, Any]:
        """Summarise the records that match a query, with the keys of ``summary -f json``."""
        from healthcoop.index.statistics import summary

        return summary(self.index, self._resolved(query), day=self.today)

    def _count(self, name: str, query: "Query", **options: Any) -> "Table":
        from healthcoop.index.results import Table
        from healthcoop.index.statistics import run

        counts = run(self.index, name, query, day=self.today, **options)
        return Table(counts.rows, counts.columns, left_out=counts.left_out)
