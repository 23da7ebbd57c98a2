"""``healthcoop validate``: tell whether every record is right."""

import os
from time import perf_counter

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session

_STYLES = {
    "path": {"bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "cyan"},
    "hint": {"dim": True},
}


@click.command(
    "validate",
    epilog=options.examples(
        "healthcoop validate", "healthcoop validate records/2022 --strict -f json"
    ),
)
@click.argument("paths", nargs=-1)
@click.option("--select", metavar="CODES", help="Only these codes, such as HC4,HC301.")
@click.option("--ignore", metavar="CODES", help="Not these codes.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes (all cores).")
@options.output(("text", "json", "github"), default=None)
@options.today
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    paths: tuple[str, ...],
    select: str | None,
    ignore: str | None,
    strict: bool,
    jobs: int | None,
    format_: str | None,
) -> None:
    """Check every record.

    By the schema, the rules and what other records say. PATHS are files or folders: they limit what
    is reported, never what is read.
    """
    from healthcoop.checks import accepted
    from healthcoop.checks.formats import FORMATS, plain
    from healthcoop.checks.rules.registry import rules
    from healthcoop.text.reader import HAS_LIBYAML

    start = perf_counter()
    chosen = None if select is None else _codes(select, list(rules()))
    dropped = [] if ignore is None else _codes(ignore, list(rules()))
    report = session.dataset.check(jobs=jobs).narrowed(
        paths=options.paths_below(session.dataset.root, paths, others=[accepted.PATH]),
        select=chosen,
        ignore=dropped,
        strict=strict,
    )
    if format_ is None:
        on_github = os.environ.get("GITHUB_ACTIONS") == "true" and session.output is None
        format_ = "github" if on_github else "text"
    colored = session.colored and format_ == "text"
    session.write([FORMATS[format_](report, _paint if colored else plain)])
    if not HAS_LIBYAML:
        session.note("PyYAML was built without libyaml here; reading is some twenty times slower")
    session.note(f"{report.closing_line} in {perf_counter() - start:.1f} s")
    ctx.exit(report.exit_code)


def _paint(text: str, role: str) -> str:
    return click.style(text, **_STYLES[role])  # type: ignore[arg-type]


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
