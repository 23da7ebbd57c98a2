"""Rounds in an editor until a record is valid or given up; nothing typed is lost."""

import os
import sys
from typing import TYPE_CHECKING

import click

from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError
from healthcoop.files.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthcoop.checks.findings import Finding
    from healthcoop.contribute.editing import Editing
    from healthcoop.dataset import Dataset

_ROUND = "e: edit again, k: keep it with these errors, d: discard your changes"
_UNREAD = "e: edit again, d: discard your changes"


def edit_until_valid(
    session: Session, editing: "Editing", *, confirm: "Callable[[str], bool] | None" = None
) -> str | None:
    """Open the editor until the record is valid; return the path written, None for no change.

    The editor begins at the first error. A valid record whose text ``confirm`` refuses is
    edited again. Raises click.exceptions.Exit with 1 for a record that stays invalid, and names
    the copy.
    """
    from healthcoop.terminal import programs

    try:
        edited = editing.read()
        while True:
            programs.edit(editing.copy, line=edited.first_error)
            edited = editing.read()
            if not (editing.is_new or editing.is_changed(edited)):
                editing.discard()
                return None
            show_findings(session, edited.findings)
            if edited.has_errors and not _is_kept(
                session, editing, can_keep=edited.data is not None
            ):
                continue
            if confirm and not edited.has_errors and not confirm(edited.text):
                continue
            editing.write(edited)
            return edited.path
    except (HealthcoopError, click.Abort, click.exceptions.Exit):
        _name_copy(session, editing)
        raise


def _is_kept(session: Session, editing: "Editing", *, can_keep: bool) -> bool:
    """Ask what to do with an invalid record; return whether it is written, not edited again."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):  # nobody to ask
        session.note("the record has errors and was not written")
        raise click.exceptions.Exit(1)
    choices = ["e", "k", "d"] if can_keep else ["e", "d"]
    text = _ROUND if can_keep else _UNREAD
    answer = click.prompt(text, type=click.Choice(choices), default="e", show_choices=False)
    if answer == "d":
        editing.discard()
        raise click.exceptions.Exit(1)
    return bool(answer == "k")


def _name_copy(session: Session, editing: "Editing") -> None:
    """Name the copy, unless nothing was typed into it."""
    editing.discard_if_unchanged()
    if editing.copy.is_file():
        session.note(f"what you wrote is kept in {editing.copy}")


def from_here(dataset: "Dataset", path: str) -> str:
    """Return a path below the root as one that the shell finds from the current folder."""
    return visible(os.path.relpath(dataset.root / path))


def show_findings(session: Session, findings: "Sequence[Finding]") -> None:
    """Write findings to standard error, as ``validate`` writes them."""
    from healthcoop.checks.findings import Report
    from healthcoop.checks.formats.text import Style, as_text

    report = Report(records=1, findings=tuple(findings))
    click.echo(as_text(report, Style(width=session.width or 100)), nl=False, err=True)
