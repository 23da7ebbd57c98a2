"""The engine of the index: its own SQLite connection."""

import sqlite3
from dataclasses import dataclass

from healthcoop.index.database import statements
from healthcoop.index.engines import Answer, Parameters


@dataclass(frozen=True, slots=True)
class SqliteEngine:
    """Runs scripts as they are, in the transaction of a snapshot."""

    connection: sqlite3.Connection

    def create(self, script: str) -> None:
        """Create the temporary tables of a script, and its views."""
        for statement in statements(script):
            self.connection.execute(statement)

    def fill(self, table: str, script: str, parameters: Parameters) -> None:
        """Replace the rows of a temporary table by those of an INSERT statement."""
        self.connection.execute(f"DELETE FROM {table}")
        self.connection.execute(script, parameters)

    def run(self, script: str, parameters: Parameters = ()) -> Answer:
        """Run a SELECT statement."""
        cursor = self.connection.execute(script, parameters)
        return Answer([name for name, *_ in cursor.description], cursor)
