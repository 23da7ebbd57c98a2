"""``healthcoop withdraw``: mark a record as one that no longer counts."""

import click

from healthcoop.cli import options, values
from healthcoop.cli.editing import from_here
from healthcoop.cli.fmt import diff_lines
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted


@click.command(
    "withdraw",
    epilog=options.examples(
        "healthcoop withdraw --dry-run 2022-az-cu-minister-ambassador --reason 'not confirmed'"
    ),
)
@click.argument("ident", metavar="ID", shell_complete=values.record_ids)
@click.option("--reason", required=True, metavar="R", help="Why, in a phrase.")
@click.option(
    "--replaced-by",
    multiple=True,
    metavar="ID",
    shell_complete=values.record_ids,
    help="A record that stands for it; repeat for several.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing, and print the diff.")
@options.today
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    ident: str,
    reason: str,
    replaced_by: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Mark a record as withdrawn today: it is wrong, or another record describes the same event.

    The file stays, so that its id still leads somewhere; lists and statistics leave it out. With
    the reason “removed”, for a lawful request, only its ids stay. Links of other records to it are
    listed, since each needs a decision. The changed file is printed.

    An ID is an id or a file's path.
    """
    dataset = session.whole
    if not dry_run:
        dataset = session.writable
    withdrawal = dataset.withdraw(ident, reason=reason, replaced_by=replaced_by, write=not dry_run)
    edit = withdrawal.edit
    session.write(
        diff_lines(session, edit.diff()) if dry_run else [f"{from_here(dataset, edit.path)}\n"]
    )
    session.note(f"{withdrawal.id} {'would be' if dry_run else 'is now'} withdrawn")
    if withdrawal.is_removal:
        session.note("only its ids stay; earlier git revisions still have the rest")
    findings = withdrawal.findings
    if findings:
        session.note(f"{counted(len(findings), 'mention')} in other records to look at:")
    for finding in findings:
        place = f"{finding.path}:{finding.line}:{finding.column}"
        session.note(f"{place}: {finding.code} {finding.message} {finding.hint}")
