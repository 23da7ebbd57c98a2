"""``healthcoop compare``: another table of instruments beside the records."""

from collections import Counter
from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted

_STATES = ("same", "differs", "ambiguous", "theirs", "ours", "left-out", "refused")
_HEADINGS = {
    **{"state": "State", "row": "Row", "their_date": "Date", "their_title": "Title"},
    **{"record": "Record", "remarks": "Remarks"},
}


@click.command(
    "compare",
    epilog=options.examples(
        "healthcoop compare docs/imports/uk-treaties.csv --mapping uk-treaties --country GB",
        "healthcoop compare --mapping help",
    ),
)
@click.argument("file", type=click.Path(), metavar="FILE.csv|.jsonl|.xlsx", required=False)
@click.option(
    "--mapping",
    required=True,
    metavar="FILE.yaml|NAME",
    help="Which columns become which fields: a mapping file as for import, or a preset; help lists"
    " the presets.",
)
@options.filter_options
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
@options.today
@options.table_output()
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    file: str | None,
    mapping: str,
    exit_code: bool,
    format_: str,
    **filters: Any,
) -> None:
    """Compare a table of instruments with the records: what they have and we lack, and the reverse.

    A row is the same as a record with its identifier, or as its likely duplicate; a row without
    parties is found by title and date. Days that cannot be the same, and parties, are named where
    they differ. Of the records that no row is the same as, those are listed that match the filters
    and are between the first and the last date of the table.

    States: same, differs, ambiguous (more than one record), theirs and ours (on one side only),
    left-out (by the mapping), refused (a date or a name that is not understood). A table leaves out
    what is the same.
    """
    if mapping == "help":
        session.write(f"{name}: {path}\n" for name, path in session.dataset.mappings().items())
        return
    if file is None:
        raise click.UsageError("name the file to compare")
    query = options.build_query(session, **filters)
    rows = session.dataset.compare(file, query, mapping=mapping)
    if format_ != "table":
        session.write_table(format_, tuple(rows.columns), rows)
    elif shown := [_cells(row) for row in rows if row["state"] != "same"]:
        from healthcoop.terminal.tables import plain

        session.show(plain(_HEADINGS, shown, width=session.width))
    counts = Counter(str(row["state"]) for row in rows)
    listed = ", ".join(f"{counts[state]:,} {state}" for state in _STATES if counts[state])
    session.note(f"{counted(len(rows), 'row')}: {listed}" if rows else "the file has no rows")
    differs = exit_code and len(rows) > counts["same"]
    ctx.exit(int(differs) or session.exit_code())


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "their_date": row["their_date"] or row["date"],
        "their_title": row["their_title"] or row["title"],
        "remarks": "; ".join([*row["differences"]]) or row["reason"],
    }
