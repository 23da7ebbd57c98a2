"""``healthcoop validate``: tell whether every record is right."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import click

from healthcoop.cli import github, options
from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report

_STYLES = {
    "path": {"bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "cyan"},
    "hint": {"dim": True},
    "old": {"fg": "red"},
    "new": {"fg": "green"},
}
_WIDTH = 100
_NARROWEST = 40


@click.command(
    "validate",
    epilog=options.examples(
        "healthcoop validate",
        "healthcoop validate --changed --strict -f json",
        "healthcoop validate --explain HC405",
    ),
)
@click.argument("paths", nargs=-1)
@click.option(
    "--changed",
    is_flag=True,
    help="Report only on what differs from the branch this one goes to, or from HEAD.",
)
@click.option(
    "--changed-since", metavar="REV", help="Report only on what differs from a git revision."
)
@click.option("--select", metavar="CODES", help="Only these codes, such as HC4,HC301.")
@click.option("--ignore", metavar="CODES", help="Not these codes.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
@click.option("--fix", is_flag=True, help="First mend what leaves no doubt, and lay the files out.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes (all cores).")
@click.option("--explain", metavar="CODE", help="Print the page of a rule, and check nothing.")
@click.option("--list-rules", is_flag=True, help="List all rules, and check nothing.")
@options.output(("text", "json", "github", "sarif", "junit"), default=None)
@options.today
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    paths: tuple[str, ...],
    changed: bool,
    changed_since: str | None,
    select: str | None,
    ignore: str | None,
    strict: bool,
    fix: bool,
    jobs: int | None,
    explain: str | None,
    list_rules: bool,
    format_: str | None,
) -> None:
    """Check every record.

    By the schema, the rules and what other records say. PATHS are files or folders: they limit what
    is reported, never what is read; so do --changed and --changed-since, unless a file under
    schema/ changed, which bears on all records. With these two, an id that is gone is an error.

    --fix makes the edits that keep what a record means (a code in another case, a former code, a
    tracking parameter ...) in the files reported on, as far as --select and --ignore allow; then it
    lays these files out as fmt does, with --select only those that were mended. What is left is
    reported.
    """
    if explain is not None or list_rules:
        session.write([_told_of_rules(session, explain, format_)])
        return
    if changed and changed_since is not None:
        raise click.UsageError("--changed and --changed-since exclude each other")
    from healthcoop.checks import suppressions
    from healthcoop.checks.formats import FORMATS
    from healthcoop.checks.formats.style import Look, plain
    from healthcoop.checks.registry import rules
    from healthcoop.files.nodes import HAS_LIBYAML

    start = perf_counter()
    chosen = None if select is None else _codes(select, list(rules()))
    dropped = [] if ignore is None else _codes(ignore, list(rules()))
    counted = changed or changed_since is not None
    differing = session.dataset.changed(changed_since) if counted else None
    below = options.paths_below(session.dataset.root, paths, others=[suppressions.PATH])
    limits = [] if below is None else [below]
    if differing and not differing.any_of("schema"):
        count = len(differing.paths)
        session.note(f"reporting on {count} changed file{'' if count == 1 else 's'}")
        limits.append([*differing.paths, *differing.before])

    def check(files: Mapping[str, bytes] | None = None) -> "Report":
        report = session.dataset.check(jobs=jobs, changed=differing, files=files)
        report = report.narrowed(select=chosen, ignore=dropped, strict=strict)
        for limit in limits:
            report = report.narrowed(paths=limit, strict=strict)
        return report

    whole = not fix or _mend(session, check, lay_out=[] if select else _within(session, limits))
    report = check()
    if format_ is None:
        on_github = os.environ.get("GITHUB_ACTIONS") == "true" and session.output is None
        format_ = "github" if on_github else "text"
    if format_ == "github":
        report = github.placed(session, report, differing)
    colored = session.colored and format_ == "text"
    look = Look(
        paint=_paint if colored else plain,
        width=max(_NARROWEST, min(session.width or _WIDTH, _WIDTH)),
    )
    session.write([FORMATS[format_](report, look)])
    if format_ == "github":
        github.summarise(session, report)
    if not HAS_LIBYAML:
        session.note("PyYAML was built without libyaml here; reading is some twenty times slower")
    session.note(f"{report.closing_line} in {perf_counter() - start:.1f} s")
    ctx.exit(report.exit_code if whole else 2)


def _within(session: Session, limits: list[list[str]]) -> list[str]:
    from healthcoop.checks.findings import is_below

    return [
        path
        for path in session.dataset.files
        if all(any(is_below(path, part) for part in limit) for limit in limits)
    ]


def _mend(
    session: Session, check: "Callable[[Mapping[str, bytes]], Report]", *, lay_out: list[str]
) -> bool:
    """Write what can be mended, file by file; False where one could not be written."""
    from healthcoop.checks.fixing import mend
    from healthcoop.cli.fmt import tell_of_comments
    from healthcoop.errors import HealthcoopError
    from healthcoop.files.atomic import Changed, write_text

    dataset = session.writable
    whole = True
    written = edits = 0
    for mended in mend(dataset.files, check, lay_out=lay_out):
        try:
            write_text(dataset.root / mended.path, [mended.after], expected=mended.before)
        except HealthcoopError as error:
            whole = whole and isinstance(error, Changed)
            session.note(error.message)
            continue
        written += 1
        edits += mended.edits
        count = f"{mended.edits} edit{'' if mended.edits == 1 else 's'}"
        session.note(f"{mended.path}: {count if mended.edits else 'laid out anew'}")
        tell_of_comments(session, mended.path, mended.before)
    session.note(
        f"{edits} edit{'' if edits == 1 else 's'} made, {written} "
        f"file{'' if written == 1 else 's'} written"
    )
    return whole


def _paint(text: str, role: str) -> str:
    return click.style(text, **_STYLES[role])  # type: ignore[arg-type]


def _told_of_rules(session: Session, code: str | None, format_: str | None) -> str:
    """Give the page of the rule that has this code or name; or the list of all."""
    from healthcoop.checks import rule_pages
    from healthcoop.checks.registry import find

    if code is None:
        return rule_pages.listing_as_json() if format_ == "json" else rule_pages.listing()
    style = partial(click.style, bold=True) if session.colored else str
    return rule_pages.as_text(find(code), width=min(session.width or _WIDTH, _WIDTH), heading=style)


def _codes(text: str, known: list[str]) -> list[str]:
    """Split codes and beginnings of codes at commas; raises UnknownName for no rule's."""
    from healthcoop.errors import UnknownName

    given = [code.strip() for code in text.split(",")]
    for code in given:
        if not any(other.startswith(code) for other in known) or not code.startswith("HC"):
            near = [other for other in known if code and code[:3] in other][:3]
            otherwise = "Write a code such as HC301, or HC3 for all that begin so."
            raise UnknownName("rule", code, near, otherwise=otherwise)
    return given
