"""The statistics of Parquet tables, which another engine than SQLite counts."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.errors import HealthcoopError
from healthcoop.index import statistics
from healthcoop.index.engines import OTHERS, OtherEngine, open_engine
from healthcoop.index.query import FILTERS, Query
from healthcoop.index.statistics.counting import Selection, prepared, script

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary


class ParquetTables:
    """The tables of export.parquet_tables in a folder, opened by an engine."""

    def __init__(self, engine: OtherEngine, name: str) -> None:
        """Wrap an engine over the tables; ``name`` is a key of OTHERS."""
        self._engine = engine
        self._name = OTHERS[name]
        engine.create((Path(__file__).parent / "spans.sql").read_text(encoding="utf-8"))

    @classmethod
    def open(cls, folder: str, *, engine: str, master: str | None = None) -> "ParquetTables":
        """Open a folder; raises HealthcoopError as ``open_engine``."""
        return cls(open_engine(engine, folder, master=master), engine)

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """Every code list of the tables."""
        from healthcoop.model.vocabulary import Vocabulary

        ((data,),) = self._engine.run("SELECT data FROM vocabulary").rows
        return Vocabulary(json.loads(data))

    def count(self, name: str, query: Query, *, day: date, **options: Any) -> statistics.Counts:
        """Count as ``statistics.count``; raises HealthcoopError for a filter it cannot use."""
        for field, entry in FILTERS.items():
            if not entry.sql or getattr(query, field) in ((), None):
                continue
            if lacking := self._engine.lacks(entry.sql(query)[0]):
                raise HealthcoopError(
                    f"{entry.option} needs {lacking}, which {self._name} lacks here",
                    hint="--engine sqlite has it, over the files of a data set.",
                )
        return statistics.count(self._selection, name, query, day=day, **options)

    @contextmanager
    def _selection(self, parameters: Mapping[str, Any]) -> Iterator[Selection]:
        self._engine.create(script("selection"))
        yield prepared(Selection(self._engine, self.vocabulary, parameters))
