"""``healthcoop links``: the web addresses of records."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted

_FORMATS = ("text", "json", "csv")


@click.group("links", epilog=options.examples("healthcoop links check records/2024"))
def command() -> None:
    """Check the web addresses of records."""


@command.command(
    "check",
    epilog=options.examples(
        "healthcoop links check 2022-az-cu-minister-ambassador",
        "healthcoop links check records/2024 -o links.csv",
    ),
)
@click.argument("targets", nargs=-1, metavar="[PATH|ID]...", shell_complete=values.record_ids)
@click.option("--refresh", is_flag=True, help="Ask for addresses with a recent result too.")
@click.option("--archived", is_flag=True, help="Ask the Internet Archive for copies (slow).")
@click.option("--allow-private", is_flag=True, help="Connect to private networks as well.")
@click.option(
    "--timeout",
    type=click.FloatRange(1, 300),
    default=20,
    show_default=True,
    metavar="S",
    help="Seconds that a request may take.",
)
@options.output(_FORMATS, default="text")
@click.pass_obj
@click.pass_context
def check(
    ctx: click.Context,
    session: Session,
    /,
    *,
    targets: Sequence[str],
    refresh: bool,
    archived: bool,
    allow_private: bool,
    timeout: float,
    format_: str,
) -> None:
    """Check that the pages of sources and texts are there and contain the quotes.

    Each link is ok; moved (redirected for good: write the new address); gone (404, 410, or the host
    no longer exists); quote-missing (the page does not contain the source's quote); blocked (the
    server refuses access); or unreachable (no answer, no valid certificate, or an error of the
    server). Exits with 1 for gone and quote-missing only. Quotes are looked for in pages of text,
    not in PDFs, and by letters and digits alone.

    Many hosts are asked at once, each for one page at a time and with a pause of a second. Results
    are kept in the user's cache folder; what an interrupted run has checked is not asked again, nor
    is any address within seven days. For a source without `archived`, json and csv propose where
    the Internet Archive may have a copy: a guess, unless --archived asks for it. Nothing is written
    to records.

    Private, loopback and link-local addresses are refused, also behind names and redirects; names
    and passwords in addresses are not sent; proxies of the environment are not used.
    """
    dataset = session.own
    paths = [target for target in targets if _is_path(dataset.root, target)]
    ids = [target for target in targets if target not in paths]
    below = options.paths_below(dataset, paths) if paths or not targets else []
    names = None if below is None else [*below, *ids]
    progress = _Counter(sys.stderr.isatty())
    try:
        links = dataset.check_links(
            names,
            allow_private=allow_private,
            timeout=timeout,
            refresh=refresh,
            archived=archived,
            progress=progress,
        )
    except KeyboardInterrupt:
        progress.end()
        session.note(
            f"interrupted: {counted(progress.done, 'page')} checked; the next run continues"
        )
        raise
    if format_ == "text":
        from healthcoop.terminal.links import report

        session.write(_styled(report(links), colored=session.colored))
    else:
        session.write_table(format_, tuple(links.columns), links)
    if fresh := links.left_out["fresh"]:
        pages = counted(fresh, "page")
        session.note(f"{pages} checked in the last seven days, not asked for again (--refresh)")
    if private := links.left_out["private"]:
        session.note(f"{counted(private, 'link')} to private networks refused (--allow-private)")
    if links.left_out["offline"]:
        session.note("no host name can be resolved: is there a network connection?")
    states = {row["state"] for row in links}
    ctx.exit(session.exit_code() or int(not states.isdisjoint({"gone", "quote-missing"})))


def _is_path(root: Path, target: str) -> bool:
    """Return whether a target is a path from here: one that exists, or cannot be an id.

    A path from the root is a name of its record, as for every command.
    """
    looks_like_one = os.path.basename(target) != target or target.endswith(".yaml")
    return os.path.exists(target) or (looks_like_one and not os.path.exists(root / target))


class _Counter:
    """Counts what is done, and draws a progress bar if ``drawn``."""

    def __init__(self, drawn: bool) -> None:
        self.done = 0
        self._bar: Callable[[int, int], None] = lambda *_: None
        if drawn:
            from healthcoop.terminal.progress import Progress

            self._bar = Progress("Checking links")

    def __call__(self, done: int, total: int) -> None:
        self.done = done
        self._bar(done, total)

    def end(self) -> None:
        """Remove the bar before everything is done."""
        self._bar(0, 0)


def _styled(lines: Iterator[str], *, colored: bool) -> Iterator[str]:
    for line in lines:
        is_heading = line and not line.startswith(" ")
        yield f"{click.style(line, bold=True) if colored and is_heading else line}\n"
