"""``healthcoop site``: the data set as a static site, and a preview of it."""

import sys
from collections.abc import Callable
from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted


@click.group(
    "site",
    epilog=options.examples("healthcoop site build -o site"),
)
def command() -> None:
    """Build the data set as a static site, or serve it on this machine."""


def _settings(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where a site will be, and where its records are changed."""
    for option, metavar, help_ in (
        (
            "--pyodide",
            "COPY",
            "Archive or folder of that npm package (default: download), or none.",
        ),
        ("--branch", "NAME", "The branch that is changed there (default: main)."),
        ("--repository", "URL", "Web address of the repository, where records are proposed."),
        ("--base-url", "URL", "Where it will be published: canonical addresses and a sitemap."),
    ):
        function = click.option(option, metavar=metavar, help=help_)(function)
    return options.today(function)


@command.command("build", epilog=options.examples("healthcoop site build -o site"))
@click.option(
    *("--output", "-o", "folder"),
    default="site",
    show_default=True,
    metavar="DIR",
    help="The folder: a new one, an empty one, or one with an earlier site.",
)
@_settings
@click.pass_obj
@click.pass_context
def build(
    ctx: click.Context,
    session: Session,
    /,
    *,
    folder: str,
    base_url: str | None,
    repository: str | None,
    branch: str | None,
    pyodide: str | None,
) -> None:
    """Write the site to a folder.

    It needs no server: it works from a folder, a file share, or below any path of a web server. The
    same records on the same day give the same files.
    """
    built = session.dataset.build_site(
        folder,
        base_url=base_url,
        repository=repository,
        branch=branch,
        pyodide=pyodide,
        note=session.note,
        progress=_progress(),
    )
    size = f"{built.size / 1e6:,.1f} MB"
    session.note(f"{counted(built.files, 'file')} ({size}) written to {folder}")
    ctx.exit(session.exit_code())


def _progress() -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None
    from healthcoop.terminal.progress import Progress

    return Progress("Writing files")


@command.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="N",
    help="The port on this machine; 0 for any that is free.",
)
@_settings
@click.pass_obj
def serve(session: Session, /, *, port: int, **settings: str | None) -> None:
    """Serve the site on this machine, for a preview; Ctrl+C ends it.

    Each page is made when it is asked for. Changed records are shown after a restart.
    """
    session.dataset.serve_site(
        port=port,
        ready=lambda address: session.note(f"serving {address} (Ctrl+C ends it)"),
        note=session.note,
        **settings,
    )
