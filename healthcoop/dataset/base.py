"""What every part of Dataset uses: the files, the vocabularies and the index of a data set."""

import warnings
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.files.tree import Tree
from healthcoop.index.values import parse_today

if TYPE_CHECKING:
    from healthcoop.checks.engine import CheckContext
    from healthcoop.index.database import Index
    from healthcoop.index.query import Query
    from healthcoop.model.vocabulary import Vocabulary

SNAPSHOT = Path(__file__).parents[1] / "_snapshot"
"""The read-only data set that a wheel contains."""


class DatasetFiles:
    """A data set on disk: its record files, its vocabularies, and the index built from them."""

    def __init__(self, root: Path, *, today: date | None = None) -> None:
        """Use the folder that contains ``schema/`` and ``records/``; ``open`` finds it."""
        self.root = root
        self.files = Tree(root)
        self.today = today or parse_today(None) or date.today()
        self.progress: Callable[[int, int], None] | None = None
        self.warns = True

    @property
    def is_snapshot(self) -> bool:
        """Whether this is the read-only data set in the package."""
        return self.root == SNAPSHOT

    @property
    def snapshot_day(self) -> str:
        """The day of the commit that the data set in the package is from; empty if not known."""
        from healthcoop.files import snapshot

        taken = snapshot.read(self.root) if self.is_snapshot else None
        return taken.day if taken else ""

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
        """The derived database, updated first if any file changed; raises InvalidSchema.

        That of the data set in the package is made with it, and compared with nothing.
        """
        if self.is_snapshot:
            from healthcoop.index.prebuilt import open_prebuilt

            if prebuilt := open_prebuilt(self.files):
                return prebuilt
        from healthcoop.index.sync import open_index

        return open_index(self.files, progress=self.progress)

    def close(self) -> None:
        """Close the index if it is open; the next use opens it again."""
        index = vars(self).pop("index", None)
        if index:
            index.close()

    @property
    def _check_context(self) -> "CheckContext":
        from healthcoop.checks.engine import CheckContext

        return CheckContext(vocabulary=self.vocabulary, today=self.today)

    def _resolved(self, query: "Query | None") -> "Query":
        from healthcoop.index.query import Query
        from healthcoop.index.resolution import resolve

        if not isinstance(query, Query | None):
            raise TypeError(f"a query is a Query, not {query!r}")
        if self.warns and (missing := self.index.missing):
            warnings.warn(f"missing from this answer: {missing}", stacklevel=3)
        return resolve(query or Query(), self.index.vocabulary)
