"""``healthcoop diff``: which records came, went and changed between two states."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.errors import InvalidSchema
from healthcoop.files.visible import without_commands

if TYPE_CHECKING:
    from healthcoop.dataset import Dataset
    from healthcoop.model.vocabulary import Vocabulary

_MOST_FINDINGS = 16_000  # bytes of the comment, of which the rest is for the records


@click.command(
    "diff",
    epilog=options.examples(
        "healthcoop diff --exit-code",
        "healthcoop diff HEAD~20 -f markdown",
        "healthcoop diff v1 v2",
    ),
)
@click.argument("revisions", nargs=-1, metavar="[REV [REV]]")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there is a difference.")
@click.option(
    "--findings",
    is_flag=True,
    help="With -f markdown, and without REV: append what validate --changed reports.",
)
@options.output(("text", "markdown", "json"), default="text")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    revisions: tuple[str, ...],
    exit_code: bool,
    findings: bool,
    format_: str,
) -> None:
    """Show which records were added, withdrawn, renamed, deleted or changed, field by field.

    A REV is a git revision. With two, the second is compared with the first; with one, the files on
    disk are; without, the files on disk are compared with the commit that validate --changed uses.

    A record is renamed if its former id is among former_ids, or if nothing but the id changed. A
    merged one led to a record of its own, and now leads to another that existed already. Files
    in which only links follow a new id are named, as are those that were only reformatted.

    Markdown is a comment for a pull request, within GitHub's limit of 65,536 characters, in which
    no text of a record is markup or a mention.

    JSON is an object {old, new, records, entries, unread, followed, reformatted, other_files}. old
    and new are {name, commit}; records are {status, id, path, former_id, former_path, type, date,
    title, parties, reason, replaced_by, lost_ids, changes}, of which status is added, withdrawn,
    renamed, merged, deleted or changed, lost_ids lead to no record any more, and changes are
    {field, old, new}. entries of vocabularies are {path, code, status, changes}, of which status is
    added, removed or changed; unread are files that cannot be parsed: {path, revision, problem}.
    """
    if len(revisions) > 2:
        raise click.UsageError("at most two revisions can be compared")
    if findings and (revisions or format_ != "markdown"):
        raise click.UsageError("--findings goes with -f markdown, and without REV")
    from healthcoop.contribute.diff_markdown import as_markdown, headline

    dataset = session.own if len(revisions) > 1 else session.whole
    diff = dataset.diff(*revisions)
    if format_ == "json":
        written = json.dumps(diff.to_data(), indent=2, ensure_ascii=False)
        session.write([without_commands(written) + "\n"])
    elif format_ == "markdown":
        report = _findings(session) if findings else ""
        session.write([as_markdown(diff, _vocabulary(dataset), findings=report)])
    else:
        from healthcoop.terminal.diff import difference

        session.show_each(difference(diff))
    session.note(f"{diff.old.name} compared with {diff.new.name}: {headline(diff)}")
    ctx.exit(int(exit_code and bool(diff)))


def _findings(session: Session) -> str:
    """Return the findings of ``validate --changed`` in Markdown."""
    from healthcoop.checks.findings import Selection
    from healthcoop.checks.formats.github import job_summary
    from healthcoop.cli.validate import changed_files

    changed = session.own.changed()
    files = changed_files(session, changed)
    selection = Selection(limits=[] if files is None else [files])
    report = session.own.check(changed=changed).narrowed(selection)
    return job_summary(replace(report, changed=changed.paths), most=_MOST_FINDINGS)


def _vocabulary(dataset: "Dataset") -> "Vocabulary | None":
    """Return the vocabularies of the files on disk; None where they are invalid."""
    try:
        return dataset.vocabulary
    except InvalidSchema:
        return None
