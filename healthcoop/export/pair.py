"""The report on two parties as a document: its sections, in Markdown and in HTML."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from healthcoop.export.tables import as_markdown as markdown_table
from healthcoop.export.tables import escape_markdown
from healthcoop.files.visible import counted, visible, without_commands
from healthcoop.model.vocabulary import Vocabulary

Report = Mapping[str, Any]
_PEOPLE = 15
"""How many people a document for readers names; JSON has all."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document: a heading, a paragraph, and a table of texts and numbers.

    ``columns`` maps the keys of ``rows`` to headings. Where a table is too wide, the columns
    ``below`` go below the title. With ``bars``, the numbers of records can be drawn.
    """

    heading: str
    text: str = ""
    columns: Mapping[str, str] | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    below: tuple[str, ...] = ()
    bars: bool = False


def title(report: Report, names: Vocabulary) -> str:
    """Return the names of the two parties."""
    return f"{names.label(report['a'])} – {names.label(report['b'])}"


def sections(report: Report, names: Vocabulary) -> Iterator[Section]:
    """Yield the parts of the report, with names instead of codes."""
    yield Section("", headline(report))
    if report["records"]:
        yield from _shared(report, names)
    if report["events"]:
        columns = {"date": "Date", "type": "Type", "title": "Title", "id": "Id"}
        yield Section("In order", columns=columns, rows=[*_in_order(report)], below=("id",))
    heading = "What the data set does not cover"
    for row in _coverage(report):
        yield Section(heading, row)
        heading = ""


def _shared(report: Report, names: Vocabulary) -> Iterator[Section]:
    heading = f"In force on {report['day']}"
    instruments = report["instruments_in_force"]
    if instruments:
        columns = {"date": "Date", "answer": "In force", "title": "Title", "reason": "Reason"}
        columns["id"] = "Id"
        yield Section(heading, columns=columns, rows=instruments, below=("reason", "id"))
    else:
        yield Section(heading, "No instrument of the two among these records.")
    columns = {"year": "Year", "records": "Records"}
    columns |= {"instruments": "Instruments", "encounters": "Encounters"}
    shown = [row for row in report["years"] if row["records"]]
    yield Section("Years", columns=columns, rows=shown, bars=True)
    topics = [
        {"topic": names.label_in("topics", row["topic"]), "records": row["records"]}
        for row in report["topics"]
    ]
    columns = {"topic": "Topic", "records": "Records"}
    yield Section("Topics", columns=columns, rows=topics, bars=True)
    if people := report["people"]:
        more = len(people) - _PEOPLE
        text = f"The {_PEOPLE} in most records; {more} more are not shown." if more > 0 else ""
        rows = [{**person, "who": _who(person)} for person in people[:_PEOPLE]]
        columns = {"who": "Person", "records": "Records", "first": "First", "last": "Last"}
        yield Section("People", text, columns=columns, rows=rows)


def _who(person: Mapping[str, Any]) -> str:
    return f"{person['name']} ({person['party']})" + (
        f", {person['role']}" if person["role"] else ""
    )


def headline(report: Report, *, date: Callable[[str], str] = str) -> str:
    """Return the report's numbers in sentences; ``date`` writes an EDTF date in words."""
    observed = len(report["events"]) - report["records"]
    further = counted(observed, "further record")
    more = f" In {further} one of the two only observed." if observed else ""
    if not report["records"]:
        missing = "`healthcoop summary` describes what the data set does not cover."
        return f"No record has both as sides.{more} {missing}"
    dates = " to ".join(
        dict.fromkeys(date(day) for day in (report["first"], report["last"]) if day)
    )
    parts = [
        f"{counted(report['records'], 'record')} ({counted(report['instruments'], 'instrument')},"
        f" {counted(report['encounters'], 'encounter')}){dates and ', '}{dates}."
    ]
    if others := report["records"] - report["bilateral"]:
        parts.append(f"{others} of them with more sides.")
    in_force = report["in_force"]
    parts.append(
        f"Of these records, in force between the two on {date(report['day'])}:"
        f" {in_force['certain']} certainly,"
        f" {in_force['possible'] - in_force['certain']} possibly."
    )
    if report["affinity"] is not None:
        parts.append(
            f"Affinity of the {counted(report['bilateral'], 'record')} of the two alone:"
            f" {report['affinity']}, observed over expected (1 is chance)."
        )
    years = report["years_since_encounter"]
    if years is not None:
        parts.append(f"The last recorded encounter was {years} years before.")
    return " ".join(parts) + more


def _in_order(report: Report) -> Iterator[dict[str, Any]]:
    """Yield the rows of the records, and one for each run of years without a record."""
    gaps = {gap["until"]: gap for gap in report["gaps"]}
    for event in report["events"]:
        year = int((event["earliest"] or event["latest"])[:4])
        gap = gaps.pop(year - 1, None)
        if gap:
            first, last = gap["from"], gap["until"]
            years = f"{first}" if first == last else f"{first}–{last}"
            yield {"date": years, "type": "", "title": "no record", "id": ""}
        yield event


def _coverage(report: Report) -> Iterator[str]:
    """Yield a paragraph on each collection with records of the two."""
    for row in filter(lambda row: row["records"], report["coverage"]):
        missing = row["missing"] or "What it leaves out is not recorded."
        yield f"{row['collection']} ({counted(row['records'], 'record')} here): {missing}"


def as_json(report: Report, _: Vocabulary) -> str:
    """Write the report with codes, every key present."""
    return without_commands(json.dumps(report, indent=2, ensure_ascii=False)) + "\n"


def as_markdown(report: Report, names: Vocabulary) -> str:
    """Write the report as GitHub Flavored Markdown."""
    lines = [f"# {escape_markdown(title(report, names))}\n"]
    for section in sections(report, names):
        lines += [f"\n## {section.heading}\n"] if section.heading else []
        lines += [f"\n{escape_markdown(section.text)}\n"] if section.text else []
        if section.columns:
            headings = [*section.columns.values()]
            lines += ["\n", *markdown_table(headings, _under_headings(section))]
    return "".join(lines)


def _under_headings(section: Section) -> Iterator[dict[str, Any]]:
    for row in section.rows:
        yield {heading: row[key] for key, heading in (section.columns or {}).items()}


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; }}
body {{ padding: 0 1rem; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; }}
tr {{ border-bottom: 1px solid #ddd; }}
td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
</style>
<h1>{title}</h1>
{body}</html>
"""


def as_html(report: Report, names: Vocabulary) -> str:
    """Write the report as one HTML page, without scripts and without anything to fetch."""
    body = []
    for section in sections(report, names):
        body += [f"<h2>{_html(section.heading)}</h2>\n"] if section.heading else []
        body += [f"<p>{_html(section.text)}</p>\n"] if section.text else []
        body += _html_table(section) if section.columns else []
    return _PAGE.format(title=_html(title(report, names)), body="".join(body))


def _html_table(section: Section) -> Iterator[str]:
    columns = section.columns or {}
    numeric = {key for key in columns if all(isinstance(row[key], int) for row in section.rows)}

    def line(tag: str, cells: Mapping[str, Any]) -> str:
        marks = {key: ' class="number"' if key in numeric else "" for key in columns}
        return "".join(f"<{tag}{marks[key]}>{_html(cells[key])}</{tag}>" for key in columns)

    yield f"<table>\n<thead><tr>{line('th', columns)}</tr></thead>\n<tbody>\n"
    for row in section.rows:
        yield f"<tr>{line('td', row)}</tr>\n"
    yield "</tbody>\n</table>\n"


def _html(value: Any) -> str:
    return escape(visible("" if value is None else str(value)))


PAIR_FORMATS: Mapping[str, Callable[[Report, Vocabulary], str]] = {
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
}
"""The values of ``pair --format``, beside ``text``, which is laid out for people."""
