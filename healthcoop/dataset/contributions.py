"""What adds to a data set or changes records in it, and what changed."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.dataset import base
from healthcoop.errors import HealthcoopError
from healthcoop.files import location
from healthcoop.files.tree import Tree

if TYPE_CHECKING:
    from healthcoop.contribute.creation import NewRecord
    from healthcoop.contribute.diff import DataSetDiff
    from healthcoop.contribute.draft.drafting import Drafts
    from healthcoop.contribute.editing import Editing
    from healthcoop.contribute.form.interview import Interview
    from healthcoop.contribute.history import RecordHistory
    from healthcoop.contribute.init import CreatedFiles
    from healthcoop.contribute.rename import Renaming
    from healthcoop.contribute.withdraw import Withdrawal
    from healthcoop.index.query import Query
    from healthcoop.index.results import Table


class Contributions(base.DatasetFiles):
    """The contributor's commands, and the history of a record."""

    @staticmethod
    def create(folder: str | os.PathLike[str]) -> "CreatedFiles":
        """Create a data repository in a folder, which need not exist yet; all of it or nothing.

        Raises HealthcoopError where the folder has records/ or schema/, or cannot be written.
        """
        from healthcoop.contribute.init import create

        roots = (
            base.SNAPSHOT,
            base.SNAPSHOT.parents[1],
        )  # a wheel; the checkout around the package
        models = [Tree(root) for root in roots if location.is_data_set(root)]
        return create(Path(folder), models)

    def history(self, name: str) -> "RecordHistory":
        """Return what each git revision changed in a record, the latest first; raises NotFound."""
        from healthcoop.contribute.history import history
        from healthcoop.index.records import get

        return history(self.root, get(self.index, name).path)

    def import_rows(
        self,
        file: str | os.PathLike[str],
        *,
        collection: str,
        mapping: str | os.PathLike[str] | None = None,
        merge: bool = False,
        update: Sequence[str] = (),
        write: bool = True,
    ) -> "Table":
        """Make records of a collection from the rows of a file: CSV, JSON Lines or XLSX.

        ``mapping`` is a mapping file or the name of a preset; ``merge`` makes a row that repeats a
        record of another collection a source of it; ``update`` names the fields to overwrite in
        records that are there. Rows: ``row identifier outcome record reason``. Raises
        HealthcoopError where nothing can be imported; a row that cannot become a record is
        ``refused``.
        """
        from healthcoop.contribute.importing.importer import COLUMNS, ImportRequest, import_file
        from healthcoop.contribute.importing.mapping import read_mapping
        from healthcoop.index.results import Table

        request = ImportRequest(
            path=Path(file),
            collection=collection,
            mapping=read_mapping(mapping) if mapping is not None else None,
            merge=merge,
            update=update,
            write=write,
        )
        results = import_file(self.index, self.files, self._check_context, request)
        return Table([result.to_data() for result in results], COLUMNS)

    def compare(
        self,
        file: str | os.PathLike[str],
        query: "Query | None" = None,
        *,
        mapping: str | os.PathLike[str],
    ) -> "Table":
        """Compare the rows of a table of instruments with the records that match a query.

        ``mapping`` is a mapping file or the name of a preset. Rows: ``state row identifier
        their_title their_date record title date reason differences``. Raises HealthcoopError for a
        file or mapping that cannot be read.
        """
        from healthcoop.contribute.importing.comparison import COLUMNS, compare
        from healthcoop.contribute.importing.mapping import read_mapping
        from healthcoop.index.results import Table

        read = read_mapping(mapping)
        compared = compare(self.index, Path(file), read, self._resolved(query))
        return Table([row.to_data() for row in compared], COLUMNS)

    @staticmethod
    def mappings() -> dict[str, str]:
        """Return the presets of mapping files in the package: names, and what each is for."""
        from healthcoop.contribute.importing.mapping import presets

        return presets()

    def new(
        self, data: Mapping[str, Any], *, write: bool = True, allow_errors: bool = False
    ) -> "NewRecord":
        """Check a new record's plain data and write its file; without an id, one is proposed.

        With errors among the findings, it is written only if ``allow_errors``. An existing file is
        never overwritten. Raises HealthcoopError for an invalid id, and where the file exists.
        """
        from healthcoop.contribute import creation

        complete = creation.with_id(data, self.index)
        context = self._check_context
        return creation.create(
            self.files, self.index, context, complete, write=write, allow_errors=allow_errors
        )

    def interview(self, given: Mapping[str, str]) -> "Interview":
        """Return the questions about a new record; ``given`` are answers by the keys of these."""
        from healthcoop.checks.record_rules import RecordRules
        from healthcoop.contribute.form.interview import Interview
        from healthcoop.contribute.form.known import Known
        from healthcoop.contribute.unfinished import answers_file

        return Interview(
            Known(self.index, self.today.isoformat()),
            RecordRules(self._check_context),
            given=given,
            path=answers_file(self.root),
        )

    def edit(self, record: str | Mapping[str, Any]) -> "Editing":
        """Begin to edit a record, by its name as for ``record``, or by the data of a new one.

        Raises NotFound.
        """
        from healthcoop.contribute import creation, editing

        context = self._check_context
        if isinstance(record, str):
            return editing.edit(self.files, self.index, context, record)
        data = creation.with_id(record, self.index)
        return editing.edit_new(self.files, self.index, context, data)

    def next_steps(self, path: str) -> list[str]:
        """Return what to type so that a new record's file becomes a pull request, in lines."""
        from healthcoop.contribute.next_steps import next_steps

        return next_steps(self.root, path)

    def draft(
        self,
        article: bytes | str,
        *,
        url: str = "",
        publisher: str = "",
        published: str = "",
        language: str = "",
        collection: str | None = None,
        from_issue: bool = False,
    ) -> "Drafts":
        """Read an article, text or HTML, and propose records of the events that it reports.

        ``article`` is its content, or an address (http or https), which is fetched. The other
        facts of the page go before those that it gives itself. ``collection`` is by default the
        data set's first. If ``from_issue``, the content is the body of an issue, the submitted form
        “Propose a record”. Nothing is written: ``new`` does that. Raises HealthcoopError for what
        is no article, cannot be fetched, or needs a library that is not installed.
        """
        from healthcoop.contribute.draft.drafting import draft
        from healthcoop.index.values import check_date

        chosen = collection or self.vocabulary.usual_collection
        if from_issue and isinstance(article, bytes):
            from healthcoop.contribute.draft.issue import draft_issue

            return draft_issue(article, self.index, collection=chosen, today=self.today)
        if isinstance(article, str):
            from healthcoop.contribute.web import fetch

            page = fetch(article)
            article, url = page.content, url or page.final_url
        if published:
            check_date(published)
        if url and not url.startswith(("http://", "https://")):
            raise HealthcoopError(f"not a web address: {url}", hint="It begins with https://.")
        facts = {"url": url, "publisher": publisher, "published": published, "language": language}
        return draft(article, self.index, facts=facts, collection=chosen, today=self.today)

    def check_links(
        self,
        names: Sequence[str] | None = None,
        *,
        allow_private: bool = False,
        timeout: float = 20,
        refresh: bool = False,
        archived: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Table":
        """Check the addresses of sources and texts on the web, of all records by default.

        ``names`` are ids, as for ``record``, and files or folders below the root; withdrawn records
        are never checked. ``timeout`` is the seconds of a request. Results of the last seven days
        are used again unless ``refresh``; ``left_out`` has the number of such addresses as
        ``fresh``, and those of links that could not be asked for as ``private`` and ``offline``.
        ``archived`` asks the Internet Archive for copies. Rows: ``record field url state
        status final_url detail archived_proposal checked``. Raises NotFound.
        """
        from healthcoop.contribute.links.checking import LinkCheck
        from healthcoop.contribute.web import Limits
        from healthcoop.index.records import get

        among = ["."]
        if names is not None:
            among = [
                each if os.path.isdir(self.root / each) else get(self.index, each).path
                for each in names
            ]
        limits = Limits(seconds=timeout, allow_private=allow_private)
        check = LinkCheck(limits=limits, refresh=refresh, archived=archived, progress=progress)
        return check.run(self.index, among)

    def diff(self, old: str | None = None, new: str | None = None) -> "DataSetDiff":
        """Return what differs between two git revisions, record by record.

        ``old`` is by default the commit that ``changed`` compares with, ``new`` the files on disk.
        Raises HealthcoopError for an unknown revision and where git fails.
        """
        from healthcoop.contribute.diff import WORKING_TREE, diff
        from healthcoop.files import comparison

        one = comparison.base(self.root) if old is None else comparison.commit_of(self.root, old)
        other = WORKING_TREE if new is None else comparison.commit_of(self.root, new)
        return diff(self.files, one, other)

    def rename(self, name: str, new: str, *, write: bool = True) -> "Renaming":
        """Give a record a new id: its file moves, links follow, the old id becomes a former one.

        ``name`` is an id or a path. All files are written or none; without ``write``, none is.
        Raises NotFound, and HealthcoopError for an id that is invalid or taken.
        """
        from healthcoop.contribute.edits import write_all
        from healthcoop.contribute.rename import plan

        renaming = plan(self.index, self.files, name, new)
        if write:
            write_all(self.root, renaming.edits)
            self.close()
        return renaming

    def withdraw(
        self, name: str, *, reason: str, replaced_by: Sequence[str] = (), write: bool = True
    ) -> "Withdrawal":
        """Mark a record as withdrawn today, for a reason, and name the records that replace it.

        ``name`` is an id or a path. Raises NotFound, and HealthcoopError for a record or a
        replacement that is withdrawn already; without ``write`` nothing is written.
        """
        from healthcoop.contribute.edits import write_all
        from healthcoop.contribute.withdraw import plan

        context = self._check_context
        withdrawal = plan(
            self.index, self.files, context, name, reason=reason, replaced_by=replaced_by
        )
        if write:
            write_all(self.root, [withdrawal.edit])
            self.close()
        return withdrawal
