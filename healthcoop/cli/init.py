"""``healthcoop init``: create a data repository."""

import os
import shlex
from pathlib import Path

import click

from healthcoop import REPOSITORY
from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.dataset import Dataset


@click.command("init", epilog=options.examples("healthcoop init", "healthcoop init my-records"))
@click.argument("folder", metavar="[DIR]", default=".")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, folder: str) -> None:
    """Create a data repository of your own.

    Writes to DIR, by default the current folder: schema/ with the vocabularies, an example record,
    workflows that check pull requests and comment what they change, pre-commit hooks, and editor
    settings. If DIR is in a git repository, workflows and hooks are written at its top, where
    GitHub and pre-commit read them. Existing files are kept. Git is not run.
    """
    if ctx.find_root().params.get("root"):
        raise click.UsageError("--root names an existing data set; use init DIR without it")
    target = Path(folder)
    created = Dataset.create(target)
    session.write(f"{path}\n" for path in created.written)
    for path in created.kept:
        session.note(f"{path} already exists and was kept")
    session.note(
        f"the workflows, the hooks and README.md refer to {REPOSITORY}, a placeholder: replace it"
        " with the repository you installed healthcoop from"
    )
    session.note(f"next: {_next_steps(target)}")


def _next_steps(folder: Path) -> str:
    steps = (
        [] if Path(os.path.realpath(folder)) == Path.cwd() else [f"cd {shlex.quote(str(folder))}"]
    )
    resolved = Path(os.path.realpath(folder))
    if not any((parent / ".git").exists() for parent in (resolved, *resolved.parents)):
        steps.append("git init -b main")
    return ", ".join([*steps, "healthcoop validate"])
