"""``healthcoop rename``: give a record a new id."""

import click

from healthcoop.cli import options, values
from healthcoop.cli.editing import from_here
from healthcoop.cli.fmt import diff_lines
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted


@click.command(
    "rename",
    epilog=options.examples(
        "healthcoop rename --dry-run 2022-az-cu-minister-ambassador 2022-az-cu-ambassador-received"
    ),
)
@click.argument("old", shell_complete=values.record_ids)
@click.argument("new")
@click.option("--dry-run", is_flag=True, help="Write nothing, and print the diff.")
@click.pass_obj
def command(session: Session, /, *, old: str, new: str, dry_run: bool) -> None:
    """Give the record OLD the id NEW.

    For slips in an id: one that is merged already stays as it is, even if a date or party in it is
    wrong. The file moves, OLD becomes a former id, which still leads to the record, and the links,
    replacements and accepted findings of all files follow. Nothing else in a file changes. An OLD
    that was never committed to git does not become a former id. All files are written or none; the
    changed ones are listed.

    OLD is an id or a file's path. An id that the record once had can be NEW again. The exit code is
    1 if there is no record OLD, and 2 if NEW is not an id or is that of another record.
    """
    dataset = session.whole  # links in files that a sparse checkout leaves out would be lost
    if not dry_run:
        dataset = session.writable
    renaming = dataset.rename(old, new, write=not dry_run)
    if dry_run:
        session.write(line for edit in renaming.edits for line in diff_lines(session, edit.diff()))
    else:
        session.write(
            f"{from_here(dataset, edit.target or edit.path)}\n" for edit in renaming.edits
        )
    session.note(f"{renaming.old} {'would become' if dry_run else 'is now'} {new}")
    if not renaming.is_kept:
        session.note(f"{renaming.old} was never committed: it does not become a former id")
    if renaming.links:
        places = counted(renaming.links, "link")
        session.note(f"{places} in {counted(len(renaming.edits) - 1, 'other file')} changed too")
    for path in renaming.mentions:
        session.note(f"{path} names {renaming.old} in its text, which stays as it is")
