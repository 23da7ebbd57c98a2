"""Asking the questions about a new record on a terminal."""

from typing import TYPE_CHECKING, NoReturn

import click

from healthcoop.cli.editing import show_findings
from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError
from healthcoop.files.visible import visible

if TYPE_CHECKING:
    from healthcoop.contribute.form.interview import Interview, Reply
    from healthcoop.contribute.form.question import Question
    from healthcoop.terminal.prompts import Prompts

_INTRODUCTION = (
    "Answer what you know: Enter takes what stands in [brackets], “-” leaves a question open, “<”"
    " goes back, “?” explains. Ctrl-C stops; your answers are kept."
)


def ask(session: Session, interview: "Interview", *, shows: bool) -> bool:
    """Ask what is not answered yet, then, if ``shows``, whether the record is right.

    Returns whether the user edits it before it is written. Raises click.Abort where the user stops;
    the answers are kept.
    """
    from healthcoop.terminal.prompts import Prompts

    prompts = Prompts()
    _resume(interview)
    _echo(_INTRODUCTION)
    while True:
        _ask_all(session, interview, prompts)
        unused = interview.finish()
        answer = _show(session, interview) if shows and not unused else "y"
        if answer != "<":
            return answer == "e"
        interview.back()


def _show(session: Session, interview: "Interview") -> str:
    """Show the record as it will be written; return ``y``, ``e`` or ``<``."""
    record = session.own.new(interview.data, write=False)
    _show_text(record.text)
    show_findings(session, record.findings)
    text = "Is it right? y: write it, e: open it in an editor first, <: back, n: stop"
    choices = click.Choice(["y", "e", "<", "n"])
    default = "e" if record.has_errors else "y"
    try:
        answer: str = click.prompt(text, type=choices, default=default, show_choices=False)
    except click.Abort:
        answer = "n"
    if answer == "n":
        _stop(session, interview)
    return answer


def is_right(session: Session, record: str) -> bool:
    """Show a record as it was left in the editor; return whether it is written.

    Otherwise it is edited again. Raises click.Abort where the user stops.
    """
    _show_text(record)
    text = "Is it right? y: write it, e: open it in an editor again, n: stop"
    choices = click.Choice(["y", "e", "n"])
    answer: str = click.prompt(text, type=choices, default="y", show_choices=False)
    if answer == "n":
        session.note("stopped; “healthcoop new” goes on with your answers")
        raise click.Abort
    return answer == "y"


def _show_text(text: str) -> None:
    _echo("\nThe record", bold=True)
    click.echo("\n".join(map(visible, text.split("\n"))))


def _stop(session: Session, interview: "Interview") -> NoReturn:
    if interview.saved:
        session.note("stopped; “healthcoop new” goes on with your answers, which are kept in")
        session.note(interview.saved)
    else:
        session.note("stopped; the answers could not be kept")
    raise click.Abort


def _ask_all(session: Session, interview: "Interview", prompts: "Prompts") -> None:
    from healthcoop.terminal.prompts import BACK, HELP, Left

    section = ""
    listed = ""
    refused = suggested = ""
    while question := interview.next_question():
        if question.section != section:
            section = question.section
            _echo(f"\n{section}", bold=True)
        if question.listed and listed != question.key:
            _list(question)
            listed = question.key
        try:
            typed = prompts.read(question, suggested or interview.typed(question))
        except Left as left:
            interview.keep(question, left.text)
            _stop(session, interview)
        if typed in (HELP, f"{refused}{HELP}"):
            _explain(question)
            continue
        refused = suggested = ""
        if typed == BACK:
            if not interview.back():
                _echo("This is the first question.")
            listed = ""
        elif question.key == "duplicate":
            _show_or_go_on(session, interview, question, typed)
        else:
            suggested = _report(interview.answer(question, typed))
            refused = typed if suggested else ""


def _resume(interview: "Interview") -> None:
    """Offer to go on with what was kept."""
    if not interview.restore():
        return
    known = [
        answer for key, answer in interview.answers.items() if key in ("type", "date", "title")
    ] + [answer for key, answer in interview.answers.items() if key.startswith("party.")]
    click.echo(f"There is an unfinished record: {visible(', '.join(filter(None, known)))}.")
    if not click.confirm("Go on with it? (n: begin a new one, the old answers are dropped)", True):
        interview.start_again()


def _show_or_go_on(
    session: Session, interview: "Interview", question: "Question", typed: str
) -> None:
    """Show the record that was chosen, or take the answer that it is none of them."""
    from healthcoop.terminal.console import render
    from healthcoop.terminal.record import record_page

    try:
        ident = question.parse(typed)
    except HealthcoopError as error:
        _echo(f"{error.message}. {error.hint}", color="red")
        return
    if ident == question.choices[-1].value:
        interview.answer(question, typed)
        return
    dataset = session.own
    record = dataset.record(ident)
    page = record_page(record, dataset.index.vocabulary, width=session.width)
    for text in render(page, width=session.width, colored=session.colored):
        click.echo(text, nl=False)
    _echo("If it is the same event, stop here (Ctrl-C) and add your source to the record:")
    _echo(f"  healthcoop edit {ident}")


def _report(reply: "Reply") -> str:
    """Print what came of an answer; return what goes into the line where it was refused."""
    for remark in reply.remarks:
        color = "red" if remark.is_error else "yellow"
        _echo(f"  {remark.message}", color=color)
        if remark.hint:
            _echo(f"  {remark.hint}")
    if reply.accepted and reply.remarks:
        _echo("  Your answer is kept; “<” changes it.")
    if reply.shown:
        _echo(f"  = {reply.shown}", dim=True)
    return "" if reply.accepted else reply.suggestion


def _list(question: "Question") -> None:
    group = ""
    for number, choice in enumerate(question.choices, 1):
        if choice.group != group:
            group = choice.group
            _echo(f"{group}:")
        name = choice.label or choice.value
        more = f" ({choice.value})" if name != choice.value else f": {choice.about}"
        _echo(f"{number:>3}  {name}{more.removesuffix(': ')}")


def _explain(question: "Question") -> None:
    if question.help:
        _echo(question.help)
    if question.listed:
        for choice in question.choices:
            _echo(f"  {choice.value}: {choice.about or choice.label}")
    elif question.choices:
        _echo("Type the beginning of a name, or press Tab for the list.")


def _echo(text: str, *, color: str | None = None, bold: bool = False, dim: bool = False) -> None:
    """Print a text of records or of the user, wrapped to the terminal."""
    from shutil import get_terminal_size
    from textwrap import fill

    width = min(get_terminal_size().columns, 100) - 1
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 5 * line.lstrip()[:1].isdigit())
        shown = fill(visible(line), width, subsequent_indent=indent, break_on_hyphens=False)
        click.secho(shown, fg=color, bold=bold, dim=dim)
