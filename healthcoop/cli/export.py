"""``healthcoop export``: the matching records in a format that other programs read."""

from collections.abc import Callable, Mapping
from textwrap import fill
from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError
from healthcoop.export.exporters import EXPORTERS
from healthcoop.files.visible import counted


def _variants() -> dict[str, list[str]]:
    """Return the formats of each variant: ``tables``, or an option with a value, ``a b``."""
    formats: dict[str, list[str]] = {}
    for name, exporter in EXPORTERS.items():
        for variant in exporter.variants:
            formats.setdefault(variant, []).append(name)
    return formats


def _option(variant: str) -> str:
    return f"--{variant.partition(' ')[0]}"


def _variant_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each variant: a flag, or one with a value."""
    for variant, formats in reversed(_variants().items()):
        docs = " ".join(EXPORTERS[name].variants[variant].doc for name in formats)
        name, _, value = variant.partition(" ")
        settings: Mapping[str, Any] = (
            {"type": click.Choice([value])} if value else {"is_flag": True, "flag_value": ""}
        )
        help_ = f"{', '.join(formats)}: {docs}"
        function = click.option(f"--{name}", f"variant_{name}", help=help_, **settings)(function)
    return function


_FORMATS = "\n".join(
    fill(one.doc, 78, initial_indent=f"  {name:<12}", subsequent_indent=" " * 14)
    for name, one in EXPORTERS.items()
)


@click.command(
    "export",
    help="Export the matching records.\n\nFORMAT is one of:\n\n\b\n" + _FORMATS,
    epilog=options.examples(
        "healthcoop export csv --country AZ -o azerbaijan.csv",
        "healthcoop export csv --tables -o tables",
    ),
)
@click.argument("format_", metavar="FORMAT", type=click.Choice([*EXPORTERS]))
@options.filters
@_variant_options
@click.option("--output", "-o", metavar="FILE|DIR", help="Write to a file, or to a new folder.")
@options.today
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, session: Session, /, *, format_: str, output: str | None, **values: Any
) -> None:
    """Write the export to standard output, a file or a folder."""
    chosen = {name: value for name, value in values.items() if name.startswith("variant_")}
    filters = {name: value for name, value in values.items() if name not in chosen}
    variant = _chosen(format_, chosen)
    exporter = EXPORTERS[format_].variants[variant] if variant else EXPORTERS[format_]
    query = options.build_query(session, **filters)
    found = options.note_selection(session, query)
    dataset = session.dataset
    if output in (None, "-") and exporter.kind == "text":
        session.write(dataset.export_text(format_, query, variant=variant, note=session.note))
        session.note(f"cite as: {dataset.provenance.citation}")
    elif output in (None, "-"):
        what = "a folder: -o DIR" if exporter.kind == "folder" else "a file: -o FILE"
        raise click.UsageError(f"{format_} needs {what}")
    else:
        written = dataset.export(
            format_, query, output=output or "", variant=variant, note=session.note
        )
        names = ", ".join(str(path) for path in written)
        session.note(f"{counted(found, 'matching record')} exported to {names}")
    ctx.exit(session.exit_code())


def _chosen(format_: str, values: Mapping[str, Any]) -> str | None:
    """Return the variant that the options ask for; raises UsageError for one of other formats."""
    given = [variant for variant in _variants() if values[_parameter(variant)] is not None]
    for variant in given:
        if variant not in EXPORTERS[format_].variants:
            raise click.UsageError(
                f"{_option(variant)} goes with {' or '.join(_variants()[variant])}"
            )
    if len(given) > 1:
        raise HealthcoopError(f"choose one of {', '.join(map(_option, given))}")
    return given[0] if given else None


def _parameter(variant: str) -> str:
    return f"variant_{variant.partition(' ')[0]}"
