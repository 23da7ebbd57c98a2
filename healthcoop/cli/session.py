"""What one run of the command line knows: where, on which day, and how to print."""

import os
import sys
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from healthcoop.dataset import Dataset
from healthcoop.errors import HealthcoopError
from healthcoop.files.visible import visible

if TYPE_CHECKING:
    from datetime import date


class Session:
    """The data set of this run, opened on demand, and the way to the output."""

    def __init__(self, *, root: str | None, color: str) -> None:
        self._root = root
        self._color = color
        self.today: date | None = None
        self.output: str | None = None

    @cached_property
    def dataset(self) -> Dataset:
        """The data set; says so once on standard error when it is the snapshot."""
        dataset = Dataset.open(self._root, today=self.today)
        if dataset.is_snapshot:
            self.note("reading the snapshot that came with the package (no data set here)")
        if sys.stderr.isatty():
            from healthcoop.terminal.progress import Progress

            dataset.progress = Progress("Reading records")
        return dataset

    @property
    def writable(self) -> Dataset:
        """The data set, for who writes into it.

        Raises HealthcoopError for the snapshot and for records of a format newer than the tool.
        """
        if self.dataset.is_snapshot:
            raise HealthcoopError(
                "the snapshot that came with the package is not to be changed",
                hint="Go to a folder that holds records/ and schema/, or name it with --root.",
            )
        from healthcoop.files.record_format import read_schema

        read_schema(self.dataset.files)
        return self.dataset

    @property
    def on_terminal(self) -> bool:
        """Whether results are laid out for a person at a terminal."""
        if self.output:
            return False
        return self._color == "always" or sys.stdout.isatty()

    @property
    def colored(self) -> bool:
        """Whether results are coloured: on a terminal that can, unless ``NO_COLOR`` says no."""
        if self._color == "auto":
            able = os.environ.get("TERM") != "dumb"
            return self.on_terminal and able and not os.environ.get("NO_COLOR")
        return self._color == "always" and not self.output

    @property
    def width(self) -> int | None:
        """The columns there are to lay a result out in; None for a file or pipe."""
        if not self.on_terminal:
            return None
        from shutil import get_terminal_size

        return get_terminal_size().columns

    def write(self, pieces: Iterable[str]) -> None:
        """Write a result to standard output, or to the ``--output`` file as a whole."""
        if self.output is None:
            try:
                for piece in pieces:
                    sys.stdout.write(piece)
                sys.stdout.flush()
            except OSError as error:
                # What is left in the buffer must not raise once more when Python ends.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                if isinstance(error, BrokenPipeError):  # whoever read has gone, and is content
                    raise click.exceptions.Exit(0) from None
                raise HealthcoopError(f"cannot write the result: {error.strerror}") from None
            return
        from healthcoop.files.atomic import write_text

        write_text(self.output, pieces)

    def show(self, *renderables: Any) -> None:
        """Print what rich lays out: for a terminal's width, or as plain text of any width."""
        self.show_each(renderables)

    def show_each(self, renderables: Iterable[Any]) -> None:
        """Print one after the other, each before the next is made."""
        from healthcoop.terminal.console import render

        encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
        blocks = self.output is not None or encoding.startswith("utf")
        self.write(render(renderables, width=self.width, colored=self.colored, blocks=blocks))

    def note(self, message: str) -> None:
        """Say something beside the result, on standard error."""
        click.echo(f"healthcoop: {visible(message)}", err=True)

    def release(self) -> None:
        """Close the index, if it was opened."""
        dataset = vars(self).get("dataset")
        if dataset:
            dataset.close()

    def close(self) -> int:
        """Name the files that no answer could be made of; give the exit code."""
        problems = self.dataset.index.problems
        for problem in problems:
            place = f"{problem.path}:{problem.line}:{problem.column}"
            self.note(f"{place}: not read: {problem.message}")
        if problems:
            count = f"{len(problems)} file{'s are' if len(problems) > 1 else ' is'}"
            self.note(f"{count} missing from this answer; healthcoop validate says more")
        return 1 if problems else 0
