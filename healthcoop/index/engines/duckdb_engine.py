"""DuckDB over the Parquet tables in a folder."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from healthcoop.errors import HealthcoopError
from healthcoop.index.engines import TABLES, Answer, Parameters, dialect

_SETTINGS = {
    # What does not fit in memory; the default is a folder in the current one.
    "temp_directory": "",
    "preserve_insertion_order": False,
    # Nothing is fetched from the network.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


class DuckdbEngine:
    """Runs translated scripts in a database in memory, which is as temporary as its tables."""

    def __init__(self, folder: Path) -> None:
        """Make a view of each table; raises HealthcoopError for a file that cannot be read."""
        self._temporary = tempfile.TemporaryDirectory(prefix="healthcoop-")
        settings = {**_SETTINGS, "temp_directory": self._temporary.name}
        self._connection = duckdb.connect(config=settings)
        self._tables: dict[str, dialect.Table] = {}
        try:
            for table in TABLES:
                self._connect(table, folder)
        except HealthcoopError:
            self.close()
            raise

    def _connect(self, table: str, folder: Path) -> None:
        parts = folder / table
        files = f"{parts}/**/*.parquet" if parts.is_dir() else f"{parts}.parquet"
        with _errors():
            self._connection.read_parquet(files).create_view(table)

    def create(self, script: str) -> None:
        """Create the temporary tables of a script, empty, and its views."""
        with _errors():
            for found in dialect.tables_and_views(script, "duckdb"):
                if isinstance(found, dialect.Table):
                    self._tables[found.name] = found
                    columns = ", ".join(f'"{name}" {kind}' for name, kind in found.columns.items())
                    self._connection.execute(f'CREATE OR REPLACE TABLE "{found.name}" ({columns})')
                else:
                    name, query = found
                    self._connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {query}')

    def fill(self, table: str, script: str, parameters: Parameters) -> None:
        """Replace the rows of a temporary table by those of an INSERT statement."""
        rows, values = dialect.select(script, "duckdb", parameters, self._tables)
        with _errors():
            self._connection.execute(f'DELETE FROM "{table}"')
            self._connection.execute(f'INSERT INTO "{table}" {rows}', values)

    def run(self, script: str, parameters: Parameters = ()) -> Answer:
        """Run a SELECT statement."""
        query, values = dialect.select(script, "duckdb", parameters, self._tables)
        with _errors():
            cursor = self._connection.execute(query, values)
            return Answer([name for name, *_ in cursor.description], cursor.fetchall())

    def lacks(self, condition: str) -> str:
        """Return in words what a filter's condition needs and DuckDB lacks; empty for none."""
        return dialect.missing(condition)

    def close(self) -> None:
        """Close the database, and remove its temporary files."""
        self._connection.close()
        self._temporary.cleanup()


def open_folder(folder: str, _: str | None) -> DuckdbEngine:
    """Open the tables in a folder of this machine; raises HealthcoopError."""
    return DuckdbEngine(Path(folder).absolute())


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise HealthcoopError(f"DuckDB: {str(error).splitlines()[0]}") from None
