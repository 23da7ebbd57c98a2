"""The statistics of Parquet tables, counted by DuckDB or Apache Spark."""

import os
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from healthcoop.dataset.statistics import Statistics
from healthcoop.index.values import parse_today

if TYPE_CHECKING:
    from healthcoop.index.parquet import ParquetTables
    from healthcoop.index.query import Query
    from healthcoop.index.results import Table
    from healthcoop.model.vocabulary import Vocabulary


class ParquetDataset(Statistics):
    """The tables of a data set that were exported as Parquet, with its vocabularies.

    Its statistics are those of Dataset. It is closed as a file, or by a ``with`` statement.
    """

    def __init__(self, tables: "ParquetTables", *, today: date | None = None) -> None:
        """Wrap open tables; ``open`` finds them."""
        self._tables = tables
        self.today = today or parse_today(None) or date.today()

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        *,
        engine: Literal["duckdb", "spark"],
        master: str | None = None,
        today: date | None = None,
    ) -> "ParquetDataset":
        """Open the tables in a folder; for Spark, also its URL: ``hdfs://...``, ``s3a://...``.

        ``master`` is the URL of a Spark cluster, by default this machine; ``today`` as for Dataset.
        Raises HealthcoopError where the engine is not installed, and for a folder without tables.
        """
        from healthcoop.index.parquet import ParquetTables

        tables = ParquetTables.open(os.fspath(folder), engine=engine, master=master)
        return cls(tables, today=today)

    def __enter__(self) -> "ParquetDataset":
        """Return the tables, which are closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the engine."""
        self.close()

    def close(self) -> None:
        """Close the engine, and remove its temporary files."""
        self._tables.close()

    @property
    def vocabulary(self) -> "Vocabulary":
        """The vocabularies that the tables were exported with."""
        return self._tables.vocabulary

    def summary(self, query: "Query | None" = None) -> dict[str, Any]:
        """Summarise as ``Dataset.summary``."""
        from healthcoop.index.statistics import SUMMARY

        (row,) = self._tables.count(SUMMARY, self._resolved(query), day=self.today).rows
        return row

    def _resolved(self, query: "Query | None") -> "Query":
        from healthcoop.index.query import Query
        from healthcoop.index.resolution import resolve

        return resolve(query or Query(), self.vocabulary)

    def _count(self, name: str, query: "Query", **options: Any) -> "Table":
        from healthcoop.index.results import Table
        from healthcoop.index.statistics import STATISTICS
        from healthcoop.index.values import check_choice

        check_choice("statistic", name, [*STATISTICS])
        counts = self._tables.count(name, query, day=self.today, **options)
        return Table(counts.rows, counts.columns, left_out=counts.left_out)
