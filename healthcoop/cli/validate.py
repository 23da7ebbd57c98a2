"""``healthcoop validate``: check the records."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report, Selection
    from healthcoop.files.comparison import ChangedFiles


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
_MIN_WIDTH = 40


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
    help="Report only on files that differ from the target branch, or the main branch.",
)
@click.option(
    "--changed-since", metavar="REV", help="Report only on files that differ from a git revision."
)
@click.option("--select", metavar="CODES", help="Report only these codes, such as HC4,HC301.")
@click.option("--ignore", metavar="CODES", help="Do not report these codes.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
@click.option("--fix", is_flag=True, help="First make the safe edits, and reformat the files.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of processes; by default one for each core.",
)
@click.option("--explain", metavar="CODE", help="Print the page of a rule.")
@click.option("--list-rules", is_flag=True, help="List all rules.")
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

    Records are checked against the schema, the rules and each other. PATHS are files or folders;
    they limit what is reported, not what is read. So do --changed and --changed-since, unless a
    file under schema/ changed, which affects all records. With these two, a deleted id is an error.
    That a file cannot be parsed is reported whatever --select and --ignore name.

    --changed compares with the merge base of HEAD and the target branch of a pull request, which
    GitHub, GitLab and others name in a variable; else the main branch of the remote, else the local
    main or master. Untracked files count as changed.

    --fix makes the edits that do not change what a record means (a code in another case, a former
    code, a tracking parameter ...), within PATHS, --select and --ignore. Then it reformats these
    files as fmt does; with --select only those that were edited. The remaining findings are
    reported, and the files that cannot be rewritten, with the reason. In the text output of a run
    without --fix the findings that it fixes are marked.

    Where the records cannot be checked (exit code 2), the file of --output is removed: the result
    of an earlier run would look like this one's.
    """
    if explain is not None or list_rules:
        session.write([_rule_pages(session, explain, format_)])
        return
    if changed and changed_since is not None:
        raise click.UsageError("--changed and --changed-since exclude each other")
    from healthcoop.checks import suppressions
    from healthcoop.checks.formats import FORMATS
    from healthcoop.checks.formats.text import Style, plain
    from healthcoop.checks.schema import HAS_FAST_VALIDATOR
    from healthcoop.files.nodes import HAS_LIBYAML

    if format_ is None:
        on_github = os.environ.get("GITHUB_ACTIONS") == "true" and session.output is None
        format_ = "github" if on_github else "text"
    start = perf_counter()
    with _failing_visibly(session, format_):
        selection = _selection(select, ignore)
        below = options.paths_below(session.whole, paths, others=[suppressions.PATH])
        compares = changed or changed_since is not None
        difference = session.own.changed(changed_since) if compares else None
        limits = [below, changed_files(session, difference)]
        selection = replace(selection, limits=[limit for limit in limits if limit is not None])
        failed = False
        if fix:
            report, failed = _fix(session, selection, jobs=jobs, changed=difference)
        else:
            report = session.own.check(jobs=jobs, changed=difference)
        report = report.narrowed(selection, strict=strict)
        if fix and (left := sum(finding.proposal is not None for finding in report.findings)):
            session.note(f"{counted(left, 'suggestion')} not applied that may change a meaning")
        if format_ in ("github", "sarif"):
            report = _adapted(session, report, difference)
        colored = session.colored and format_ == "text"
        style = Style(
            paint=_paint if colored else plain,
            width=max(_MIN_WIDTH, min(session.width or _WIDTH, _WIDTH)),
        )
        closing = report.closing(perf_counter() - start)
        session.write([FORMATS[format_](report, style)])
    if format_ == "github":
        _write_job_summary(session, report)
    if not HAS_FAST_VALIDATOR:
        session.note("jsonschema-rs is not installed: validation is slower")
    if not HAS_LIBYAML:
        session.note("PyYAML was built without libyaml: reading is some twenty times slower")
    session.note(closing)
    ctx.exit(2 if failed else report.exit_code)


@contextmanager
def _failing_visibly(session: Session, format_: str) -> Iterator[None]:
    """Where there is no result, remove that of an earlier run, and annotate the run on GitHub."""
    from healthcoop.checks.formats.github import failure
    from healthcoop.errors import HealthcoopError

    try:
        yield
    except HealthcoopError as error:
        session.remove_output()
        if format_ == "github" and session.output is None:
            session.write([failure(f"{error.message}. {error.hint}".strip())])
        raise


def _selection(select: str | None, ignore: str | None) -> "Selection":
    """Return the selection of rules, still of all files; raise UsageError where none is left."""
    from healthcoop.checks.findings import Selection
    from healthcoop.checks.registry import rules

    codes = [*rules()]
    selection = Selection(
        select=None if select is None else _codes(select, codes),
        ignore=() if ignore is None else _codes(ignore, codes),
    )
    if not any(map(selection.includes_code, codes)):
        raise click.UsageError("--select and --ignore leave no rule")
    return selection


def changed_files(session: Session, changed: "ChangedFiles | None") -> list[str] | None:
    """Return the files to report on, None for all; name what they were compared with."""
    if changed is None:
        return None
    files = sorted({*changed.paths, *changed.before})
    session.note(f"compared with {changed.base}: {counted(len(files), 'changed file')}")
    if changed.is_head:
        session.note("HEAD is compared with itself: only uncommitted changes are checked")
    if not changed.any_of("schema"):
        return files
    session.note("schema/ changed, which affects all records: reporting on all")
    return None


def _fix(
    session: Session, selection: "Selection", *, jobs: int | None, changed: "ChangedFiles | None"
) -> "tuple[Report, bool]":
    """Fix files and list them; return the report, and whether a file could not be written."""
    from healthcoop.cli.fmt import note_comments
    from healthcoop.files import atomic
    from healthcoop.files.canonical import CannotReformat

    report, fixed, errors = session.writable.fix(
        selection, reformat=selection.select is None, jobs=jobs, changed=changed
    )
    for error in errors:
        session.note(error.message)
    for file in fixed:
        session.note(f"{file.path}: {counted(file.edits, 'edit') if file.edits else 'reformatted'}")
        note_comments(session, file.path, file.before)
    edits = sum(file.edits for file in fixed)
    session.note(f"{counted(edits, 'edit')} made, {counted(len(fixed), 'file')} written")
    return report, not all(
        isinstance(error, atomic.FileChanged | CannotReformat) for error in errors
    )


def _paint(text: str, role: str) -> str:
    return click.style(text, **_STYLES[role])  # type: ignore[arg-type]


def _rule_pages(session: Session, code: str | None, format_: str | None) -> str:
    """Return the page of the rule with this code or name, or the list of all rules."""
    from healthcoop.checks import rule_pages
    from healthcoop.checks.registry import find

    if code is None:
        return rule_pages.listing_as_json() if format_ == "json" else rule_pages.listing()
    style = partial(click.style, bold=True) if session.colored else str
    return rule_pages.as_text(find(code), width=min(session.width or _WIDTH, _WIDTH), heading=style)


def _codes(text: str, known: list[str]) -> list[str]:
    """Split codes and beginnings of codes at commas; raise UnknownName for one of no rule."""
    from healthcoop.errors import UnknownName

    codes = [code.strip() for code in text.split(",")]
    for code in codes:
        if not any(other.startswith(code) for other in known) or not code.startswith("HC"):
            otherwise = "Write a code such as HC301, or HC3 for all codes that begin with it."
            raise UnknownName("rule", code, otherwise=otherwise)
    return codes


def _adapted(session: Session, report: "Report", changed: "ChangedFiles | None") -> "Report":
    """Return the report with the pull request's files first and paths as GitHub expects them.

    Those are relative to the folder of the checkout: ``$GITHUB_WORKSPACE``, else the top of the git
    repository.
    """
    from healthcoop.errors import HealthcoopError

    if changed is None and os.environ.get("GITHUB_BASE_REF"):
        try:
            changed = session.own.changed()
        except HealthcoopError:
            changed = None  # in a shallow clone only the order is lost
    if changed:
        report = replace(report, changed=changed.paths)
    root = session.own.root.resolve()
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or root).resolve()
    if workspace == root or workspace not in root.parents:
        tops = (folder for folder in (root, *root.parents) if (folder / ".git").exists())
        workspace = next(tops, root)
    return report if workspace == root else report.below(root.relative_to(workspace).as_posix())


def _write_job_summary(session: Session, report: "Report") -> None:
    """Append the table of all findings to the summary of the job, where there is one."""
    from healthcoop.checks.formats.github import job_summary

    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with open(path, "a", encoding="utf-8") as file:
                file.write(job_summary(report))
        except OSError as error:
            session.note(f"cannot write the job summary: {error.strerror}")
