"""``healthcoop import``: rows of a register to records of a collection."""

from collections import Counter

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted

_OUTCOMES = ("added", "updated", "merged", "unchanged", "differs", "left-out", "refused")
_HEADINGS = {"row": "Row", "identifier": "Identifier", "outcome": "Outcome", "reason": "Reason"}


@click.command(
    "import",
    epilog=options.examples(
        "healthcoop import docs/imports/uk-treaties.csv --collection uk-treaties-online-2026 "
        "--mapping docs/imports/uk-treaties.yaml --dry-run",
    ),
)
@click.argument("file", type=click.Path(), metavar="FILE.csv|.jsonl|.xlsx")
@click.option(
    "--collection",
    required=True,
    metavar="C",
    shell_complete=values.codes("collections"),
    help="The collection of the records, a code of schema/collections.yaml.",
)
@click.option("--mapping", metavar="FILE.yaml", help="Which columns become which fields.")
@click.option("--dry-run", is_flag=True, help="Report what would be done, and write nothing.")
@click.option(
    "--merge",
    is_flag=True,
    help="Make a row that is likely a record of another collection a source of that record.",
)
@click.option(
    "--update",
    metavar="FIELD,...",
    help="Overwrite these fields in records that are there; all others stay as they are.",
)
@options.today
@options.table_output()
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    file: str,
    collection: str,
    mapping: str | None,
    dry_run: bool,
    merge: bool,
    update: str | None,
    format_: str,
) -> None:
    """Make records of a collection from the rows of a table.

    The mapping file says which columns become which fields; docs/imports/ explains it and has
    examples. Without one, each line of a .jsonl file is a record as it is. A row is refused, with
    the reason, if a name of a party or a date cannot be understood or its record would be invalid;
    the others are written. A record is found again by its first identifier, so the same import
    changes nothing a second time; where a record that is there differs, the fields are reported,
    and only those of --update are overwritten. The exit code is 1 if a row was refused.

    A table lists the rows that need a look, other formats all rows.
    """
    rows = session.writable.import_rows(
        file,
        collection=collection,
        mapping=mapping,
        merge=merge,
        update=[name.strip() for name in (update or "").split(",") if name.strip()],
        write=not dry_run,
    )
    if format_ != "table":
        session.write_table(format_, tuple(rows.columns), rows)
    elif shown := [row for row in rows if row["reason"] or row["outcome"] == "refused"]:
        from healthcoop.terminal.tables import plain

        cells = [
            {**row, "reason": ": ".join(filter(None, (row["record"], row["reason"])))}
            for row in shown
        ]
        session.show(plain(_HEADINGS, cells, width=session.width))
    counts = Counter(str(row["outcome"]) for row in rows)
    listed = ", ".join(f"{counts[name]:,} {name}" for name in _OUTCOMES if counts[name])
    note = f"{counted(len(rows), 'row')}: {listed}" if rows else "the file has no rows"
    session.note(f"{note}; nothing was written (--dry-run)" if dry_run else note)
    ctx.exit(int(bool(counts["refused"])))
