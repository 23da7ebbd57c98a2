"""``healthcoop schema``: generate the JSON Schema of a record."""

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "schema", epilog=options.examples("healthcoop schema --check", "healthcoop schema --write")
)
@click.option("--check", "mode", flag_value="check", help="Exit 1 if the file differs.")
@click.option("--write", "mode", flag_value="write", help="Write schema/record.schema.json.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, mode: str | None) -> None:
    """Print, check or write the JSON Schema of a record.

    It is generated from healthcoop's table of fields and the vocabularies of the data set, for
    editors and other validators. Validate uses the generated schema, not the file.
    """
    from healthcoop.files.location import SCHEMA_PATH

    dataset = session.writable if mode == "write" else session.own
    text = dataset.json_schema()
    if mode is None:
        session.write([text])
    elif dataset.files[SCHEMA_PATH] == text.encode():
        session.note(f"{SCHEMA_PATH} is up to date")
    elif mode == "write":
        dataset.json_schema(write=True)
        session.note(f"{SCHEMA_PATH} written")
    else:
        session.note(f"{SCHEMA_PATH} is outdated; run healthcoop schema --write")
        ctx.exit(1)
