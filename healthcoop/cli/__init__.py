"""The command line: a group whose commands are imported when they are asked for."""

import io
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from healthcoop import __version__
from healthcoop.errors import HealthcoopError, NotFound

COMMANDS = (
    *("list", "show", "summary", "stats", "sql", "history", "vocab"),
    *("validate", "fmt", "schema", "init"),
    "duplicates",
)
"""The commands in the order of the help; each is ``command`` in a module of its name."""


class Commands(click.Group):
    """Imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands."""
        return [*COMMANDS]  # once imported, the module healthcoop.cli.list hides the built-in list

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for a name that is not one."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"healthcoop.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which ones are spelt most like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=2)
            if not near:
                raise
            offer = f"{error.message} Did you mean {' or '.join(near)}?"
            raise click.UsageError(offer, ctx) from None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n  healthcoop list --country AZ\n  healthcoop show 2022-az-cu",
)
@click.option("--root", metavar="DIR", help="The data set's folder (also $HEALTHCOOP_ROOT).")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto on a terminal without $NO_COLOR, always also lays out for one.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, root: str | None, color: str) -> None:
    """Who agreed and met with whom about health: look into, check and keep the records."""
    from healthcoop.cli.session import Session

    ctx.obj = Session(root=root, color=color)
    ctx.call_on_close(ctx.obj.release)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the end
        elif isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            # Files and pipes get UTF-8 and the line ends as written, whatever the platform's habit,
            # and the name of a file that is no UTF-8 as escapes.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without that letter shows a "?"
    try:
        code = _run()
    except OSError:  # standard error takes nothing
        code = 2
    sys.exit(code)


def _run() -> int:
    """Run the command line and give its exit code; the one place where errors are said."""
    try:
        return cli.main(prog_name="healthcoop", standalone_mode=False) or 0
    except click.UsageError as error:
        error.show()
    except NotFound as error:
        _say(error)
        return 1
    except HealthcoopError as error:
        _say(error)
    except OSError as error:
        _say(HealthcoopError(str(error)))
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        return 130
    return 2


def _say(error: HealthcoopError) -> None:
    from healthcoop.files.visible import visible

    click.echo(f"healthcoop: {visible(error.message)}", err=True)
    if error.hint:
        click.echo(f"  {visible(error.hint)}", err=True)
