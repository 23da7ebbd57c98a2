"""Write the reference pages from the declarations in the code: commands, rules, fields, exports.

And from the data set's own files: the data descriptor, and what Zenodo reads of a release.

``python docs/generate.py`` writes them; ``--check`` prints the differences and exits with 1.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import unified_diff
from inspect import cleandoc
from itertools import groupby
from pathlib import Path
from textwrap import fill

import click

from healthcoop.checks.registry import rules
from healthcoop.cli import cli, options
from healthcoop.export.descriptor import descriptor
from healthcoop.export.exporters import EXPORTERS, Exporter
from healthcoop.export.provenance import FORMAT, provenance
from healthcoop.files import vocabularies
from healthcoop.files.canonical import flow
from healthcoop.files.tree import Tree
from healthcoop.index.long_tables import LongTable, long_tables
from healthcoop.index.records import SORTS
from healthcoop.model import spec
from healthcoop.model.columns import LISTED, columns
from healthcoop.model.field import Field

ROOT = Path(__file__).resolve().parents[1]
NOTICE = "<!-- Written by docs/generate.py; change the code, not this page. -->"

DATA_NOTICE = (
    "<!-- Written by docs/generate.py; change schema/*.yaml or CITATION.cff, not this page. -->"
)

FAMILIES = {
    "1": "Reading",
    "2": "Schema",
    "3": "File and id",
    "4": "Dates",
    "5": "Parties and people",
    "6": "Terms and links",
    "7": "Sources",
    "8": "Text",
    "9": "The data set",
}


def commands_page() -> Iterator[str]:
    """Yield the lines of the page of commands: usage, options and examples of each."""
    yield from ("# Commands", "", NOTICE, "")
    yield "The same as `healthcoop --help` and `healthcoop COMMAND --help`."
    yield ""
    yield "Exit codes: 0 done, also with an empty result; 1 a problem in the data (a finding, a"
    yield "file that cannot be read, an unknown record); 2 wrong usage, or the tool failed;"
    yield "130 interrupted. Results go to standard output, everything else to standard error."
    yield from ("", "## Options before the command", "")
    yield from _option_table(cli.params)
    filters = click.command("filters")(options.filters(lambda: None)).params
    yield from ("", "## Filters", "")
    yield "A record must match every different filter, and any one value of a repeated filter."
    yield ""
    yield from _option_table(filters)
    context = click.Context(cli, info_name="healthcoop")
    shared: set[str | None] = {parameter.name for parameter in filters}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is not None:
            yield from _command_section(command, f"healthcoop {name}", shared)


def _command_section(
    command: click.Command, name: str, filters: set[str | None], level: str = "##"
) -> Iterator[str]:
    usage = [name]
    usage += ["COMMAND"] if isinstance(command, click.Group) else []
    usage += [_argument(item) for item in command.params if isinstance(item, click.Argument)]
    yield from ("", f"{level} {name}", "", f"`{' '.join(usage)}`", "")
    yield _quoted(cleandoc(command.help or ""))
    filtered = filters <= {item.name for item in command.params}
    shown = [item for item in command.params if not getattr(item, "hidden", False)]
    own = [item for item in shown if not filtered or item.name not in filters]
    if filtered:
        yield from ("", "Takes the [filters](#filters).")
    if any(isinstance(item, click.Option) for item in own):
        yield ""
        yield from _option_table(own)
    lines = (command.epilog or "").splitlines()
    if examples := [line.strip() for line in lines if line.startswith("  ")]:
        yield from ("", "```sh", *examples, "```")
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from _command_section(child, f"{name} {child.name}", filters, f"{level}#")


def _argument(argument: click.Argument) -> str:
    if argument.metavar:
        return argument.metavar
    word = (argument.name or "").upper()
    if isinstance(argument.type, click.Choice):
        word = "|".join(map(str, argument.type.choices))
    word += "..." if argument.nargs == -1 else ""
    return word if argument.required else f"[{word}]"


def _option_table(parameters: Sequence[click.Parameter]) -> Iterator[str]:
    """Yield a table of the options among the parameters."""
    rows = []
    for option in parameters:
        if not isinstance(option, click.Option):
            continue
        value = option.metavar or ""
        if isinstance(option.type, click.Choice):
            value = "|".join(map(str, option.type.choices))
        elif not value and not option.is_flag:
            value = option.type.name.upper()
        spelling = ", ".join(sorted(option.opts, key=len))
        text = option.help or ""
        if option.multiple:
            text += " Can be repeated."
        if option.show_default and option.default is not None:
            text += f" Default: `{option.default}`."
        rows.append((f"`{f'{spelling} {value}'.strip()}`", _quoted(text)))
    yield from _table(("option", "what it does"), rows)


def rules_page() -> Iterator[str]:
    """Yield the lines of the page of rules: each with its code, name, severity and page."""
    yield from ("# Rules", "", NOTICE, "")
    yield "The rules of `healthcoop validate`. Errors fail a run, warnings a strict run, notes"
    yield "never. A prefix selects a family: `healthcoop validate --select HC4`. Accepted findings"
    yield "are listed in `schema/accepted.yaml`, as HC901 describes."
    for digit, family in groupby(rules().values(), key=lambda rule: rule.code[2]):
        yield from ("", f"## HC{digit}: {FAMILIES[digit]}")
        for rule in family:
            yield from ("", f"### {rule.code} {rule.name}", "", f"*{rule.severity}*", "")
            yield cleandoc(rule.doc)


def fields_page() -> Iterator[str]:
    """Return the lines of the page of fields: those of a record file, then the columns."""
    yield from ("# Fields", "", NOTICE, "", "## Of a record file", "")
    yield "`[]` stands for each item of a list. **Bold**: every record has it (a withdrawn one may"
    yield "have only `id` and `withdrawn`), or every item of its list."
    yield ""
    rows = [_field_row(field) for field in spec.FIELDS.values()]
    yield from _table(("field", "title", "meaning", "examples"), rows)
    yield from ("", "## Columns", "")
    yield f"For `list --columns`; without it the first {len(LISTED)} are shown. `--sort` takes"
    yield f"{', '.join(f'`{key}`' for key in SORTS)}."
    yield ""
    rows = [(f"`{each.name}`", each.label, _quoted(each.doc)) for each in columns().values()]
    yield from _table(("column", "heading", "meaning"), rows)


def _field_row(field: Field) -> tuple[str, ...]:
    part, dot, name = field.path.rpartition(".")
    each = "[]" if part and spec.FIELDS[part].kind == "list" else ""
    path = f"`{part}{each}{dot}{name}`"
    values = ", ".join(f"`{value}`" for value in field.choices or ())
    return (
        f"**{path}**" if field.required else path,
        field.title,
        _quoted(f"{field.doc} One of {values}." if values else field.doc),
        ", ".join(f"`{flow(example)}`" for example in field.examples),
    )


EXPORTS_INTRODUCTION = """\
`healthcoop export FORMAT [filters] -o FILE` writes the records that match in a format that other
programs read. Without `-o`, a format that is text goes to standard output.

Each export names the data set that it is from: title, version, the last commit that changed the
records, its day, and the licences. A format that has no place for that has it in a file beside it;
on standard output it is on standard error. The same records of the same commit give the same bytes.
"""
EXPORTS_READING = """\
- CSV is UTF-8 without a byte-order mark, as RFC 4180: a heading, commas, lines that end in CR LF,
  and quotes round a text with a comma, quote or line break. Take columns by their names. An empty
  cell is a value that is not stated. Flags are `true` and `false`; a `day` is `2022-10-07`; `edtf`
  is a [partial date](https://www.loc.gov/standards/datetime/), as text. A text that a spreadsheet
  would run as a formula begins with `'`. `csv-metadata.json` beside the tables ([CSV on the
  Web](https://www.w3.org/TR/tabular-metadata/)) names the format in `dc:conformsTo`, and has the
  type of each column.
- JSON is an object with `format` and the rest of the provenance, and `records`: each has the fields
  of its file ([fields.md](fields.md)), and in `derived` its kind, first and last day, and path.
  JSON Lines has the records alone.
- Data Package: `datapackage.json` has the types, keys and code lists of the tables, the licence and
  attribution of each collection, and in `healthcoop` the provenance.

A release, written by `healthcoop release DIR`, has all formats, and `SHA256SUMS` to check them.
"""
EXPORTS_STABILITY = f"""\
Every export names its format, `healthcoop-export/{FORMAT}`. Within a version, columns, keys and
tables may be added; none is removed or renamed, and none changes its meaning. So a reader ignores
what it does not know. What is to go is marked as deprecated here and in CHANGELOG.md, in at least
one release before the version that is without it. An export of each version is kept in
`tests/data/exports/`, and a test reads it as described above.
"""


def exports_page() -> Iterator[str]:
    """Yield the lines of the page of exports: the formats, the long tables, what may change."""
    yield from ("# Exports", "", NOTICE, "", EXPORTS_INTRODUCTION)
    rows = [row for name, one in EXPORTERS.items() for row in _export_rows(name, one)]
    yield from _table(("command", "writes", "what"), rows)
    for name, exporter in EXPORTERS.items():
        if exporter.notes:
            yield from ("", fill(f"`{name}`: {exporter.notes}", 100, break_on_hyphens=False))
    yield from ("", "## Tables", "")
    yield "The tables of `healthcoop export csv --tables`, and of the formats that hold several."
    yield "**Bold**: no two rows have the same. → names the column that a value refers to."
    for table in long_tables().values():
        yield from ("", f"### {table.name}", "", _quoted(table.doc), "")
        yield from _table(("column", "kind", "meaning"), _long_rows(table))
    yield from ("", "## Reading an export", "", EXPORTS_READING.rstrip())
    yield from ("", "## What may change", "", EXPORTS_STABILITY.rstrip())


def _export_rows(name: str, exporter: Exporter, option: str = "") -> Iterator[tuple[str, ...]]:
    kind = "text" if exporter.kind == "text" else f"a {exporter.kind}"
    yield f"`export {name}{option}`", kind, _quoted(exporter.doc)
    for variant, other in exporter.variants.items():
        yield from _export_rows(name, other, f" --{variant}")


def _long_rows(table: LongTable) -> list[tuple[str, ...]]:
    return [
        (
            f"**`{column.name}`**" if column.name in table.key else f"`{column.name}`",
            column.kind,
            _quoted(column.doc) + (f" → `{column.references}`" if column.references else ""),
        )
        for column in table.columns
    ]


def data_page() -> Iterator[str]:
    """Yield the lines of the data descriptor."""
    vocabulary = vocabularies.load(Tree(ROOT))
    yield from ("# Data descriptor", "", DATA_NOTICE, "")
    yield from descriptor(vocabulary, provenance(ROOT, vocabulary))


def zenodo_file() -> Iterator[str]:
    """Yield the metadata that Zenodo takes from a release on GitHub: those of CITATION.cff."""
    cited = provenance(ROOT, vocabularies.load(Tree(ROOT)))
    data = {
        "title": cited.title,
        "upload_type": "dataset",
        "description": cited.abstract,
        "version": cited.version,
        "creators": [{"name": name} for name in cited.authors],
        "license": cited.licence.lower(),
        "access_right": "open",
        "keywords": [*cited.keywords],
        "language": "eng",
    }
    yield json.dumps(data, ensure_ascii=False, indent=2)


def _quoted(text: str) -> str:
    """Escape angle brackets, stars and tildes outside code for Markdown."""
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"([<*~])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (heading, ["---"] * len(heading), *rows):
        cells = (" ".join(cell.split()).replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "docs/commands.md": commands_page,
    "docs/rules.md": rules_page,
    "docs/fields.md": fields_page,
    "docs/exports.md": exports_page,
    "docs/data.md": data_page,
    ".zenodo.json": zenodo_file,
}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is out of date.")
def main(*, check: bool) -> None:
    """Write the reference pages under docs/, and .zenodo.json."""
    outdated = False
    for name, page in PAGES.items():
        path = ROOT / name
        text = "\n".join(page()) + "\n"
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if text == old:
            continue
        outdated = True
        if check:
            click.echo(f"{name} is out of date; run python docs/generate.py")
            lines = unified_diff(
                old.splitlines(), text.splitlines(), name, "generated", lineterm=""
            )
            click.echo("\n".join(lines))
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            click.echo(f"{name} written")
    sys.exit(1 if check and outdated else 0)


if __name__ == "__main__":
    main()
