"""``healthcoop release``: a version of the data set in every format, with what describes it."""

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted


@click.command(
    "release",
    epilog=options.examples(
        "healthcoop release release-0.1.0",
        "healthcoop release release-0.2.0 --since v0.1.0",
    ),
)
@click.argument("folder", metavar="DIR")
@click.option("--since", metavar="TAG", help="Name what changed since an earlier release.")
@click.pass_obj
def command(session: Session, /, *, folder: str, since: str | None) -> None:
    """Write a release of the data set to a new folder.

    It has every format of export; CITATION.cff with the day and the commit; release-notes.md with
    the counts and, with --since, every record that was added, changed (field by field) or
    withdrawn; data.md, which describes the data set; and SHA256SUMS. The version is that of
    CITATION.cff, the day that of the last commit of the records, so that the same commit gives the
    same files. All of it is written, or nothing.
    """
    dataset = session.whole
    files = dataset.release(folder, since=since)
    session.note(f"{counted(len(files), 'file')} written to {folder}")
    session.note(f"cite as: {dataset.provenance.citation}")
