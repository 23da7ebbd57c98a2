"""``healthcoop draft``: records proposed from a news article."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from healthcoop.cli import options, values
from healthcoop.cli.editing import from_here, show_findings
from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError
from healthcoop.files.visible import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from healthcoop.checks.findings import Finding
    from healthcoop.contribute.draft.drafting import Drafts
    from healthcoop.dataset import Dataset

_MAX_BYTES = 4 * 1024 * 1024


@click.command(
    "draft",
    epilog=options.examples(
        "healthcoop draft article.txt --url https://example.org/news/1 --published 2024-05-06",
        "healthcoop draft page.html --explain",
        "healthcoop draft https://example.org/news/1 --write",
        "healthcoop draft --from-issue issue.md -f markdown",
    ),
)
@click.argument("article", metavar="FILE|URL|-")
@click.option("--write", is_flag=True, help="Write a file for each record, with its gaps.")
@click.option("--force", is_flag=True, help="With --write: records that may be there already too.")
@click.option("--explain", is_flag=True, help="Add the words that each value was read from.")
@click.option("--url", default="", metavar="URL", help="The page's address, for a file.")
@click.option("--publisher", default="", metavar="NAME", help="Who publishes the page.")
@click.option("--published", default="", metavar="DATE", help="When it was published, as EDTF.")
@click.option("--language", default="", metavar="CODE", help="The language of the article.")
@click.option(
    "--collection",
    metavar="CODE",
    help="The collection of the records.  [default: the first]",
    shell_complete=values.codes("collections"),
)
@click.option(
    "--from-issue",
    is_flag=True,
    help="FILE is the body of an issue: the submitted form “Propose a record”.",
)
@options.today
@options.output(("yaml", "json", "markdown"), default="yaml")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    article: str,
    write: bool,
    force: bool,
    explain: bool,
    url: str,
    publisher: str,
    published: str,
    language: str,
    collection: str | None,
    from_issue: bool,
    format_: str,
) -> None:
    """Propose records of the events that a news article reports.

    The article is a text file in UTF-8 (also as copied from a page, with its title), an HTML page,
    an address, which is fetched, or - for standard input. Several events are several documents.
    Nothing is invented: what the article does not give is left out, and a comment says what to
    fill in. Events that it announces or recalls are named on standard error, and not drafted; so
    are records that may describe the same event already.

    With --from-issue, what the form states goes first, and the text of the page fills gaps, if it
    was pasted there. Markdown is a comment for the issue, with the findings of validate.

    With --write, each record becomes a file, and what validate finds in it is shown; healthcoop
    edit opens it. A record without a date has no id and is not written (exit code 1), nor is one
    that may be there already, unless --force is given: add the page to that record's sources.

    JSON is an object {article, drafts, not_drafted}: drafts are {record, confidence, gaps,
    evidence, likely_duplicates}, of which evidence is {field, value, offset, snippet, confidence},
    with offsets in characters of the text, and gaps are {field, reason}.
    """
    if write and (explain or session.output or format_ != "yaml"):
        raise click.UsageError("--write goes without --explain, --format and --output")
    if force and not write:
        raise click.UsageError("--force goes with --write")
    is_address = article.startswith(("http://", "https://"))
    if from_issue and (is_address or any((url, publisher, published, language))):
        raise click.UsageError("--from-issue goes with a FILE or -, and without facts of the page")
    dataset = session.writable if write else session.dataset
    if collection:
        collection = dataset.vocabulary.find("collections", collection)
    drafts = dataset.draft(
        article if is_address else _read(article),
        url=url,
        publisher=publisher,
        published=published,
        language=language,
        collection=collection,
        from_issue=from_issue,
    )
    _note_others(session, drafts)
    if write:
        ctx.exit(_write(session, dataset, drafts, force=force, from_issue=from_issue))
    if format_ == "json":
        session.write([json.dumps(drafts.as_data(), ensure_ascii=False, indent=2), "\n"])
        return
    if format_ == "markdown":
        from healthcoop.contribute.draft.comment import as_markdown

        found = [_findings(dataset, each.data) for each in drafts.proposals]
        session.write([as_markdown(drafts, found)])
        return
    documents = drafts.as_yaml(explained=explain)
    session.write("---\n" * (number > 0) + text for number, text in enumerate(documents))


def _read(path: str) -> bytes:
    """Return the content of a file, or of standard input; raises HealthcoopError."""
    if path == "-":
        return sys.stdin.buffer.read(_MAX_BYTES + 1)
    try:
        with Path(path).open("rb") as file:
            return file.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise HealthcoopError(f"cannot read {path}: {reason}") from error


def _note_others(session: Session, drafts: "Drafts") -> None:
    """Report what was not drafted, and the records that may be there already."""
    if not drafts.proposals:
        session.note("no event between two sides was found in the article")
    for line in drafts.notes():
        session.note(line)


def _findings(dataset: "Dataset", data: "Mapping[str, Any]") -> "Sequence[Finding]":
    """Return the findings about a proposed record; none without an id, which is a gap."""
    return dataset.new(data, write=False).findings if "id" in data else ()


def _write(
    session: Session, dataset: "Dataset", drafts: "Drafts", *, force: bool, from_issue: bool
) -> int:
    """Write a file for each record and show its findings; return the exit code.

    A record that may be there already is written only if ``force``; what would link to it links
    to the one that is there.
    """
    undated, there = 0, dict[str, str]()
    # What others link to is written first, so that their links lead to a record.
    both = zip(drafts.proposals, drafts.known, strict=True)
    for proposal, known in sorted(both, key=lambda each: "links" in each[0].data):
        ident = proposal.data.get("id")
        if ident is None:
            undated += 1
        elif known and not force:
            there[ident] = known[0].id
        else:
            links = [
                {**link, "record": there.get(link["record"], link["record"])}
                for link in proposal.data.get("links", ())
            ]
            data = {**proposal.data, "links": links} if links else proposal.data
            record = dataset.new(data, allow_errors=True)
            dataset.close()  # the next record is checked with this one
            session.write([f"{from_here(dataset, record.path)}\n"])
            show_findings(session, record.findings)
            session.note(f"fill in what is missing: healthcoop edit {ident}")
    for known_id in dict.fromkeys(there.values()):
        session.note(f"not written: add the page to its sources: healthcoop edit {known_id}")
    if there:
        session.note("or, if it is another event, use --force")
    if undated:
        advice = "answer “When was it?”" if from_issue else "give --published"
        session.note(f"{counted(undated, 'record')} without a date not written: {advice}")
        session.note("or use healthcoop new, if the page has no date")
    return int(undated > 0 or bool(there))
