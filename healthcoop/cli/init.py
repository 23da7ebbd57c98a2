"""``healthcoop init``: make a data repository of one's own."""

from pathlib import Path

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command("init", epilog=options.examples("healthcoop init", "healthcoop init my-records"))
@click.argument("folder", metavar="[DIR]", default=".")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, folder: str) -> None:
    """Make a data repository of one's own.

    In DIR, by default here: schema/ with the code lists, an example record, the check for pull
    requests, pre-commit hooks, and settings for editors. Files that are there already are kept, and
    git is left to you.
    """
    if ctx.find_root().params.get("root"):
        raise click.UsageError("--root names a data set that is there; give init the folder alone")
    from healthcoop.contribute.init import REPOSITORY, start

    target = Path(folder)
    started = start(target)
    session.write(f"{target / path}\n" for path in started.made)
    for path in started.kept:
        session.note(f"{target / path} was there already, and is kept as it is")
    session.note(
        f"the workflow, the hooks and README.md name {REPOSITORY}: healthcoop has no published"
        " address yet, put in the one that you took it from"
    )
    session.note(f"next: {_next_steps(target)}")


def _next_steps(folder: Path) -> str:
    steps = [] if folder.resolve() == Path.cwd() else [f"cd {folder}"]
    around = folder.resolve()
    if not any((parent / ".git").exists() for parent in (around, *around.parents)):
        steps.append("git init -b main")
    return ", ".join([*steps, "healthcoop validate"])
