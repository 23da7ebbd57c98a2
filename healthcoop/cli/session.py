"""The state of one run of the command line: the data set, the day, and the output."""

import os
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from healthcoop import __version__
from healthcoop.dataset import Dataset
from healthcoop.errors import HealthcoopError
from healthcoop.files import location
from healthcoop.files.visible import counted, visible

if TYPE_CHECKING:
    from datetime import date

    from healthcoop.dataset.parquet import ParquetDataset
    from healthcoop.model.vocabulary import Vocabulary


def report(error: HealthcoopError) -> None:
    """Write an error and its hint to standard error."""
    click.echo(f"healthcoop: {visible(error.message)}", err=True)
    if error.hint:
        click.echo(f"  {visible(error.hint)}", err=True)


class Session:
    """The data set of this run, opened on demand, and where its result is written."""

    def __init__(self, *, root: str | None, color: str, pager: bool) -> None:
        self._root = root
        self._color = color
        self._pager = pager
        self.today: date | None = None
        self.output: str | None = None
        self.excel = False
        self.tables: ParquetDataset | None = None

    @cached_property
    def dataset(self) -> Dataset:
        """The data set; a note on standard error says if it is the snapshot."""
        dataset = self._open(snapshot=True)
        if dataset.is_snapshot:
            day = f" of {dataset.snapshot_day}" if dataset.snapshot_day else ""
            self.note(
                f"no data set here: using the snapshot{day} in the package, version {__version__}"
            )
        return dataset

    @cached_property
    def own(self) -> Dataset:
        """The data set, for a command that checks it: the snapshot is never a substitute.

        A note on standard error names a data set that ``$HEALTHCOOP_ROOT`` takes precedence over.
        """
        dataset = self._open(snapshot=False)
        if self._root is None and os.environ.get("HEALTHCOOP_ROOT"):
            self._note_other(dataset.root)
        self.dataset = dataset
        return dataset

    def use_tables(self, folder: str, **engine: Any) -> None:
        """Count the Parquet tables in a folder in place of the data set; as ParquetDataset.open."""
        from healthcoop.dataset.parquet import ParquetDataset

        self.tables = ParquetDataset.open(folder, today=self.today, **engine)

    @property
    def statistics(self) -> "Dataset | ParquetDataset":
        """What statistics are counted of."""
        return self.tables or self.dataset

    @property
    def vocabulary(self) -> "Vocabulary":
        """The vocabularies of what is counted."""
        return self.tables.vocabulary if self.tables else self.dataset.index.vocabulary

    @property
    def whole(self) -> Dataset:
        """The data set, for a command that compares all records with each other.

        Raises HealthcoopError where a sparse checkout leaves some of them out.
        """
        location.check_complete(self.own.root)
        return self.own

    @property
    def writable(self) -> Dataset:
        """The data set, for a command that writes to it.

        Raises HealthcoopError for the snapshot and for records of a format newer than the tool.
        """
        if self.own.is_snapshot:
            raise HealthcoopError(
                "the snapshot in the package is read-only",
                hint="Change to a folder with records/ and schema/, or use --root.",
            )
        from healthcoop.files.vocabularies import read_schema

        read_schema(self.own.files)
        return self.own

    def _open(self, *, snapshot: bool) -> Dataset:
        if self._root == "":
            raise click.UsageError("--root needs a folder")
        dataset = Dataset.open(self._root, today=self.today, snapshot=snapshot)
        dataset.warns = False  # exit_code reports every file that could not be read
        if sys.stderr.isatty():
            from healthcoop.terminal.progress import Progress

            dataset.progress = Progress("Reading records")
        return dataset

    def _note_other(self, root: Path) -> None:
        try:
            other = location.find(Path.cwd())
        except (HealthcoopError, OSError):  # the current folder may be one that nobody can enter
            return
        if other and other.resolve() != root:
            self.note(f"using $HEALTHCOOP_ROOT, {root}, and not the data set here, {other}")

    @property
    def on_terminal(self) -> bool:
        """Whether results are formatted for a terminal."""
        if self.output:
            return False
        return self._color == "always" or sys.stdout.isatty()

    @property
    def colored(self) -> bool:
        """Whether results are coloured: on a capable terminal unless ``NO_COLOR`` is set."""
        if self._color == "auto":
            capable = os.environ.get("TERM") != "dumb"
            return self.on_terminal and capable and not os.environ.get("NO_COLOR")
        return self._color == "always" and not self.output

    @property
    def width(self) -> int | None:
        """The width of the terminal in columns; None for a file or pipe."""
        if not self.on_terminal:
            return None
        from shutil import get_terminal_size

        return get_terminal_size().columns

    def write(self, chunks: Iterable[str]) -> None:
        """Write a result to the ``--output`` file, the pager or standard output.

        A file is written atomically.
        """
        if self.output is None:
            try:
                for chunk in self._paged(chunks):
                    sys.stdout.write(chunk)
                sys.stdout.flush()
            except OSError as error:
                # Flushing the rest of the buffer at exit must not raise again.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                if isinstance(error, BrokenPipeError):  # the reader, such as head, is done
                    if isinstance(chunks, Generator):  # while the index that it reads is open
                        chunks.close()
                    raise click.exceptions.Exit(0) from None
                raise HealthcoopError(f"cannot write the result: {error.strerror}") from None
            return
        from healthcoop.files.atomic import write_text

        write_text(self.output, chunks)
        if sys.stderr.isatty():
            self.note(f"written to {self.output}")

    def remove_output(self) -> None:
        """Remove the file of ``--output``, if there is one."""
        if self.output is not None:
            path = Path(self.output)
            with suppress(OSError):
                if path.is_file() and not path.is_symlink():
                    path.unlink()

    def _paged(self, chunks: Iterable[str]) -> Iterable[str]:
        """Write a result longer than the screen to the pager; return what is left to print."""
        is_capable = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        if not (self._pager and is_capable):
            return chunks
        from healthcoop.terminal.programs import page

        return page(chunks, report)

    def write_table(
        self, format_: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Write rows in one of TABLE_FORMATS."""
        from healthcoop.export.tables import BYTE_ORDER_MARK, TABLE_FORMATS

        mark = [BYTE_ORDER_MARK] if self.excel else []
        self.write(chain(mark, TABLE_FORMATS[format_].write(columns, rows)))

    def show(self, *renderables: Any) -> None:
        """Write rich renderables, wrapped to a terminal's width or as plain text of any width."""
        self.show_each(renderables)

    def show_each(self, renderables: Iterable[Any]) -> None:
        """Write rich renderables, each before the next one is produced."""
        from healthcoop.terminal.console import render

        encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
        blocks = self.output is not None or encoding.startswith("utf")
        self.write(render(renderables, width=self.width, colored=self.colored, blocks=blocks))

    def note(self, message: str) -> None:
        """Write a message to standard error."""
        click.echo(f"healthcoop: {visible(message)}", err=True)

    def close(self) -> None:
        """Close the index and the engine if they are open."""
        if self.tables:
            self.tables.close()
        dataset = vars(self).get("dataset")
        if dataset:
            dataset.close()

    def exit_code(self) -> int:
        """Name the files missing from the answer on standard error; return 1 if there are any.

        Those that a sparse checkout leaves out are counted. Parquet tables miss nothing.
        """
        if self.tables:
            return 0
        problems = self.dataset.index.problems
        for problem in problems:
            place = f"{problem.path}:{problem.line}:{problem.column}"
            self.note(f"{place}: not read: {problem.message}")
        if problems:
            count = f"{len(problems)} file{'s are' if len(problems) > 1 else ' is'}"
            self.note(f"{count} missing from this answer; run healthcoop validate for details")
        if left_out := location.left_out(self.dataset.root):
            count = (
                f"{counted(left_out, 'file')} of the data set {'is' if left_out == 1 else 'are'}"
            )
            hint = "run “git sparse-checkout disable”"
            self.note(f"{count} not in this sparse checkout, so records may be missing; {hint}")
        return 1 if problems or left_out else 0
