"""``healthcoop duplicates``: pairs of records that may describe one event."""

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted


@click.command(
    "duplicates",
    epilog=options.examples(
        "healthcoop duplicates --exit-code",
        "healthcoop duplicates records/2024 --threshold 0.3 -f json",
    ),
)
@click.argument("paths", nargs=-1)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Lowest score to report, from 0 to 1 (certain).  [default: 0.5]",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there is a pair.")
@options.table_output()
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    paths: tuple[str, ...],
    threshold: float | None,
    exit_code: bool,
    format_: str,
) -> None:
    """Find pairs of records that may describe one event, the likeliest first.

    Two records of one kind (instruments or encounters) with the same sides, on days that may be the
    same, are always a pair; with similar sides, or up to three days apart, if types, people,
    bodies, cities and words agree. Each pair is listed with a score and the reasons for it, at most
    a thousand pairs. Linked records are never a pair: the link states that they are two events; nor
    are two with different identifiers of one scheme, as two entries of a register. PATHS limits the
    result to pairs with a record in these files or folders.
    """
    below = options.paths_below(session.whole, paths)
    pairs = session.own.duplicates(threshold=threshold, paths=below)
    if format_ != "table":
        session.write_table(format_, tuple(pairs.columns), pairs)
    else:
        from healthcoop.terminal.tables import duplicate_table

        shown = [duplicate_table(pairs, width=session.width)] if pairs else []
        session.show(*shown)
    if left_out := pairs.left_out["less_likely"]:
        session.note(f"{counted(left_out, 'less likely pair')} left out: limit them with PATHS")
    if not pairs:
        session.note("no pair found")
    elif session.on_terminal:
        session.note(counted(len(pairs), "likely pair"))
    ctx.exit(session.exit_code() or int(exit_code and bool(pairs)))
