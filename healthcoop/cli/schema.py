"""``healthcoop schema``: keep the schema's code lists in step with the vocabularies."""

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "schema", epilog=options.examples("healthcoop schema --check", "healthcoop schema --write")
)
@click.option("--check", "mode", flag_value="check", help="Exit 1 where the code lists differ.")
@click.option("--write", "mode", flag_value="write", help="Write them into the schema.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, mode: str | None) -> None:
    """Print or update the JSON Schema of a record.

    Its code lists are written from the vocabularies.

    Editors read the file; validate takes the codes from the vocabularies themselves.
    """
    from healthcoop.checks.schema import CODE_LISTS, RecordSchema
    from healthcoop.files.atomic import write_text
    from healthcoop.files.record_format import PATH
    from healthcoop.model.json_schema import record_schema, render

    dataset = session.writable if mode == "write" else session.dataset
    RecordSchema(dataset.schema, dataset.vocabulary)  # raises for one that is not ours to rewrite
    text = render(record_schema(dataset.vocabulary))
    if mode is None:
        session.write([text])
        return
    if dataset.files[PATH].decode("utf-8", "replace") == text:
        session.note(f"{PATH} is up to date")
        return
    if mode == "write":
        write_text(dataset.root / PATH, [text])
        session.note(f"{PATH} written")
        return
    definitions = dataset.schema["definitions"]
    stale = [
        kind
        for name, kind in CODE_LISTS.items()
        if definitions[name].get("enum") != list(dataset.vocabulary.terms(kind))
    ]
    what = f"the codes of {', '.join(stale)}" if stale else "its layout or descriptions"
    session.note(f"{PATH} is behind schema/: {what}; run healthcoop schema --write")
    ctx.exit(1)
