"""The command line: a group that imports a command's module when the command is used."""

import io
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from healthcoop import __version__
from healthcoop.errors import HealthcoopError, InvalidData

COMMANDS = (
    *("list", "show", "pair", "summary", "stats", "sql", "history", "vocab"),
    *("validate", "fmt", "schema", "init"),
    *("new", "edit", "draft", "diff", "rename", "withdraw", "duplicates", "import"),
    *("links", "export", "compare", "release", "site"),
    "completion",
)
"""The commands in the order of the help; each is ``command`` in the module of that name."""


class Commands(click.Group):
    """A group whose commands are modules, imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [*COMMANDS]  # not list(): the submodule healthcoop.cli.list would shadow it

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; return None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"healthcoop.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or raise a usage error that suggests the nearest names."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            from healthcoop.index.statistics import STATISTICS

            statistics = [f"stats {name}" for name in get_close_matches(args[0], STATISTICS, n=1)]
            near = [*get_close_matches(args[0], COMMANDS, n=2), *statistics]
            if not near:
                raise
            message = f"{error.message} Did you mean {' or '.join(near)}?"
            raise click.UsageError(message, ctx) from None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n  healthcoop list --country AZ\n  healthcoop show 2022-az-cu",
)
@click.option("--root", metavar="DIR", help="Folder of the data set (or $HEALTHCOOP_ROOT).")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="When to colour the output; always also formats it as for a terminal.",
)
@click.option(
    "--no-pager",
    is_flag=True,
    help="Print long results without $HEALTHCOOP_PAGER, $PAGER or less.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, root: str | None, color: str, no_pager: bool) -> None:
    """Query, check and maintain records of who agreed and met with whom about health."""
    from healthcoop.cli.session import Session

    ctx.obj = Session(root=root, color=color, pager=not no_pager)
    ctx.call_on_close(ctx.obj.close)


def main() -> NoReturn:
    """Run the command line and exit with its exit code."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the end
        elif isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            # Files and pipes get UTF-8 and unchanged line ends on every platform, and escapes for
            # file names that are not valid UTF-8.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # "?" where the terminal lacks a letter
    try:
        code = _run()
    except OSError:  # standard error cannot be written
        code = 2
    sys.exit(code)


def _run() -> int:
    """Run the command line and return its exit code; the one place that catches errors."""
    try:
        return cli.main(prog_name="healthcoop", standalone_mode=False) or 0
    except click.NoSuchOption as error:
        _with_place(error).show()
    except click.UsageError as error:
        error.show()
    except InvalidData as error:
        _report(error)
        return 1
    except HealthcoopError as error:
        _report(error)
    except OSError as error:
        _report(HealthcoopError(str(error)))
    except MemoryError:
        _report(HealthcoopError("there is not enough memory"))
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        return 130
    return 2


def _with_place(error: click.NoSuchOption) -> click.UsageError:
    """Return the error; for an option that goes before the command, one that says so."""
    for option in cli.params:
        if error.option_name in option.opts and error.ctx:
            command = error.ctx.command_path.removeprefix("healthcoop ")
            value = f"{error.option_name}{'' if getattr(option, 'is_flag', False) else ' ...'}"
            message = f"{error.option_name} goes before the command: healthcoop {value} {command}"
            return click.UsageError(message, error.ctx)
    return error


def _report(error: HealthcoopError) -> None:
    from healthcoop.cli.session import report

    report(error)
