"""``healthcoop completion``: the script with which a shell completes commands and values."""

import click
from click.shell_completion import get_completion_class

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "completion",
    epilog=options.examples("healthcoop completion bash", "healthcoop completion fish"),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, shell: str) -> None:
    """Print the script that completes commands, options and values in a shell.

    Values are codes of countries, organisations, topics, types, regions and collections, by code or
    by name, the names of columns, and the ids of records, all of the data set at hand.

    Install it with the line of your shell, and open a new one:

    bash: echo 'eval "$(healthcoop completion bash)"' >> ~/.bashrc

    zsh: echo 'eval "$(healthcoop completion zsh)"' >> ~/.zshrc

    fish: healthcoop completion fish > ~/.config/fish/completions/healthcoop.fish
    """
    root = ctx.find_root()
    name = root.info_name or root.command.name or ""
    script = get_completion_class(shell)
    if script is not None:
        text = script(root.command, {}, name, f"_{name.upper()}_COMPLETE").source()
        # For fish, click's script takes what follows the first comma in a value for something else.
        session.write([text.replace('string split ","', 'string split --max 1 ","')])
