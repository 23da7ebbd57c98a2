"""Where the scripts of statistics run: SQLite, DuckDB or Apache Spark.

The .sql files are SQLite's. The other engines run the same text, translated by ``dialect``, over
the Parquet tables that export.parquet_tables writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from healthcoop.errors import HealthcoopError

TABLES = (
    *("record", "party", "topic", "extension", "source", "widened", "party_period"),
    *("link_effect", "term", "member", "vocabulary"),
)
"""The tables of schema.sql that statistics read; each is a Parquet file, or a folder of such."""

OTHERS = {"duckdb": "DuckDB", "spark": "Apache Spark"}
"""The names of the engines beside SQLite."""

Parameters = Mapping[str, Any] | Sequence[Any]
"""The values of ``:name`` or of ``?`` in a script."""


class Answer(NamedTuple):
    """The names of the columns, and the rows, which are read once."""

    columns: Sequence[str]
    rows: Iterable[tuple[Any, ...]]


class Engine(Protocol):
    """A database with TABLES and the views of spans.sql."""

    def create(self, script: str) -> None:
        """Create the temporary tables of a script, empty, and its views."""

    def fill(self, table: str, script: str, parameters: Parameters) -> None:
        """Replace the rows of a temporary table by those of an INSERT statement."""

    def run(self, script: str, parameters: Parameters = ()) -> Answer:
        """Run a SELECT statement."""


class OtherEngine(Engine, Protocol):
    """An engine over Parquet tables."""

    def lacks(self, condition: str) -> str:
        """Return in words what a filter's condition needs and the engine lacks; empty for none."""

    def close(self) -> None:
        """End the database, and remove its temporary files."""


def open_engine(name: str, folder: str, *, master: str | None = None) -> OtherEngine:
    """Open an engine over the Parquet tables in a folder; ``master`` is a URL for Spark.

    Raises HealthcoopError where its library is not installed, and for a folder without the tables.
    """
    try:
        module = import_module(f"healthcoop.index.engines.{name}_engine")
    except ImportError as absent:
        library = {"duckdb": "duckdb", "spark": "pyspark"}[name]
        needed = (absent.name or library).partition(".")[0]
        raise HealthcoopError(
            f"--engine {name} needs {needed}", hint=f"pip install 'healthcoop[{name}]'"
        ) from None
    opened: OtherEngine = module.open_folder(folder, master)
    return opened
