"""``healthcoop new``: a new record, by questions or by options."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from healthcoop.cli import options, values
from healthcoop.cli.editing import edit_until_valid, from_here, show_findings
from healthcoop.cli.session import Session
from healthcoop.model.field import EDTF
from healthcoop.model.spec import FIELDS, fields_of

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

Function = TypeVar("Function", bound=Callable[..., Any])

_REPEATED = {
    "party": ("--party", "PARTY", "A country or organisation that agreed or met."),
    "topic": ("--topic", "TOPIC", "What it was about."),
    "outcome": ("--outcome", "TEXT", "What was promised, given or decided."),
}
_COMPLETED = {
    "type": ("types",),
    "party": ("countries", "organisations"),
    "host": ("countries", "organisations"),
    "country": ("countries",),
    "topic": ("topics",),
    "collection": ("collections",),
}
_PLAIN = ("type", "date", "title", "summary", "text_url", "collection", "notes", "id")
_PARTS = {"places": "", "official_title": "official-", "terms": "", "sources": "source-"}


def _field_entries() -> Iterator[tuple[str, str, str]]:
    """Yield the option, the key of the answer and the help of each field of one text."""
    for name in _PLAIN:
        yield f"--{name.replace('_', '-')}", name, FIELDS[name].doc
    yield "--host", "host", "The party that received the others."
    for part, prefix in _PARTS.items():
        for field in fields_of(part):
            key = {"places": field.name, "sources": f"source.1.{field.name}"}.get(part, field.path)
            option = "--official-title" if key == "official_title.text" else None
            if field.kind not in ("says", "part"):
                yield option or f"--{prefix}{field.name.replace('_', '-')}", key, field.doc


def _field_options(function: Function) -> Function:
    """Add an option for each field; the values arrive by the key of the answer."""
    some: dict[str, Any]
    explained = False
    entries = []
    for option, key, doc in _field_entries():
        entries.append((option, key, doc.replace(EDTF, "EDTF.") if explained else doc))
        explained = explained or EDTF in doc
    for option, key, doc in reversed(entries):
        some = {"shell_complete": values.codes(*_COMPLETED[key])} if key in _COMPLETED else {}
        some |= {"multiple": True} if key.startswith("source.") else {}
        name = key.replace(".", "__")
        function = click.option(option, name, metavar="TEXT", help=doc, **some)(function)
    for key, (option, metavar, doc) in reversed(_REPEATED.items()):
        some = {"shell_complete": values.codes(*_COMPLETED[key])} if key in _COMPLETED else {}
        function = click.option(option, key, multiple=True, metavar=metavar, help=doc, **some)(
            function
        )
    return function


@click.command(
    "new",
    epilog=options.examples(
        "healthcoop new",
        "healthcoop new --type mou --date 2022-10-07 --party AZ --party Cuba",
    ),
)
@_field_options
@click.option("--online", is_flag=True, help="It took place by video, telephone or in writing.")
@click.option("--body", nargs=2, multiple=True, metavar="PARTY NAME", help="A body that acted.")
@click.option(
    "--person",
    nargs=3,
    multiple=True,
    metavar="PARTY NAME OFFICE",
    help="Who took part, or was there when an instrument was signed.",
)
@click.option(
    "--signer",
    nargs=3,
    multiple=True,
    metavar="PARTY NAME OFFICE",
    help="Who signed an instrument.",
)
@click.option(
    "--identifier", nargs=2, multiple=True, metavar="SCHEME VALUE", help="A register's number."
)
@click.option(
    "--link", nargs=2, multiple=True, metavar="RELATION ID", help="A relation to another record."
)
@click.option("--edit", is_flag=True, help="Open the record in $EDITOR before it is written.")
@click.option("--dry-run", is_flag=True, help="Print the record; write nothing.")
@options.today
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, session: Session, /, *, edit: bool, dry_run: bool, **given: Any
) -> None:
    """Add a record: answer questions, or give everything by options.

    On a terminal you are asked for what the options did not give; each answer is checked at once,
    and what you typed is kept if you stop. As soon as sides and date are known, records that may
    describe the same event are shown. In the end you see the record, and the git commands that
    make it a pull request.

    Without a terminal, options must give type, date, parties, topics, title, summary and the
    source; those missing are listed (exit code 2). A record with errors is not written (exit code
    1). Exact days need a source that supports them: --source-supports date,parties. With several
    --source-url, the second --source-quote is that of the second page, and '' stands for none.
    Fields without an option are added with healthcoop edit.
    """
    dataset = session.writable
    interview = dataset.interview(_answers(given, dataset.vocabulary))
    refused = interview.take_options()
    named = ((name if name.startswith("-") else option_of(name), why) for name, why in refused)
    _refuse(session, [f"{option}: {why.message} {why.hint}" for option, why in named])
    asks = any(interview.missing()) and sys.stdin.isatty() and sys.stdout.isatty()
    if asks:
        from healthcoop.cli.questions import ask, is_right

        edit = ask(session, interview, shows=not (edit or dry_run)) or edit
    missing = dict.fromkeys(
        f"a second {one.option}" if one.key == "party.2" else one.option
        for one in interview.missing()
    )
    _refuse(session, [f"{option} is missing" for option in missing])
    _refuse(session, [f"{option_of(key)} does not apply here" for key in interview.finish()])
    data = interview.data
    path = None
    if edit and not dry_run:
        confirm = partial(is_right, session) if asks else None
        path = edit_until_valid(session, dataset.edit(data), confirm=confirm)
    else:
        record = dataset.new(data, write=not dry_run, allow_errors=asks)
        if dry_run:
            session.write([record.text])
        if not asks:
            show_findings(session, record.findings)
        path = record.path if record.written else None
        if record.has_errors and not path:
            session.note("the record has errors" + ("" if dry_run else " and was not written"))
            ctx.exit(1)
    if path:
        interview.forget()
        file = from_here(dataset, path)
        session.write([f"\nWritten: {file}\n\n" if asks else f"{file}\n"])
        if sys.stderr.isatty():
            _show_next_steps(session, path)


def _answers(given: Mapping[str, Any], vocabulary: "Vocabulary") -> dict[str, str]:
    """Return the answers that options gave, by key.

    Raises UnknownName for the party of a body, and UsageError for more of a source than sources.
    """
    answers = {name.replace("__", "."): text for name, text in given.items() if _is_text(text)}
    sources = len(given["source__1__url"])
    for name in filter(re.compile("source__1__").match, given):
        field = name.rpartition("__")[2]
        if sources and len(given[name]) > sources:
            option = option_of(f"source.1.{field}")
            raise click.UsageError(f"{option} is given more often than --source-url")
        for number, text in enumerate(given[name], 1):
            answers[f"source.{number}.{field}"] = text
    for number, name in enumerate(given["party"], 1):
        answers[f"party.{number}"] = name
    for name, text in given["body"]:
        key = f"bodies.{vocabulary.find_party(name)}"
        answers[key] = f"{answers[key]}; {text}" if key in answers else text
    people = [(*person, "no") for person in given["person"]]
    people += [(*person, "yes") for person in given["signer"]]
    for number, (party, name, role, signed) in enumerate(people, 1):
        key = f"person.{number}"
        answers |= {key: name, f"{key}.party": party, f"{key}.role": role, f"{key}.signed": signed}
    for name in ("identifier", "link"):
        for number, pair in enumerate(given[name], 1):
            answers[f"{name}.{number}"] = " ".join(pair)
    answers |= {"topics": ", ".join(given["topic"]), "outcomes": "; ".join(given["outcome"])}
    if given["online"]:
        answers["online"] = "yes"
    answers = {key: text for key, text in answers.items() if text}
    # Nobody is asked whether there are more than the options gave.
    for name, number, least in (
        ("party.{}", len(given["party"]), 2),
        ("person.{}", len(people), 1),
        ("source.{}.url", sources, 1),
    ):
        answers |= {name.format(number + 1): ""} if number >= least else {}
    return answers


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def option_of(key: str) -> str:
    """Return the option that gives an answer."""
    if key.endswith(".signed"):
        return "--signer"
    named = {name: option for option, name, _ in _field_entries()}
    return (
        named.get(re.sub(r"^source\.[0-9]+", "source.1", key))
        or f"--{key.partition('.')[0].replace('bodies', 'body')}"
    )


def _refuse(session: Session, reasons: Sequence[str]) -> None:
    """Name what is wrong with the options, one line each, and exit with 2; nothing for none."""
    for reason in reasons:
        session.note(reason.strip())
    if reasons:
        raise click.exceptions.Exit(2)


def _show_next_steps(session: Session, path: str) -> None:
    for line in session.own.next_steps(path):
        click.echo(line, err=True)
