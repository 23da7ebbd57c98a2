"""One record as a page: facts with the sources that support them, status, links, sources."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from healthcoop.contribute.history import Change
from healthcoop.export import facts
from healthcoop.files.visible import counted
from healthcoop.index.details import RecordDetails
from healthcoop.model.record import Party, Person, Record, Source
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.console import WrappedTable, text, wrapped
from healthcoop.terminal.tables import ANSWER_STYLES

_MARGINS = 2  # columns between the label and the value of a fact
_HASH = 10  # characters of an abbreviated commit hash
_WHOLE = ("added", "removed")  # of these revisions the fields are only counted


def record_page(
    details: RecordDetails, names: Vocabulary, *, width: int | None
) -> Iterator[RenderableType]:
    """Yield the parts of the page of a record, for a terminal's width, or None for a pipe."""
    yield from _heading(details.record, names)
    table = WrappedTable.grid(padding=(0, 2, 0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    rows = [*_rows(details, names)]
    room = width and max(1, width - max(len(label) for label, _ in rows) - _MARGINS)
    for label, value in rows:
        table.add_row(label, wrapped(value, room))
    yield table


def _rows(details: RecordDetails, names: Vocabulary) -> Iterator[tuple[str, Text]]:
    record, status = details.record, details.status
    yield from _facts(record, names)
    if status:
        answer = Text(status.answer, style=f"bold {ANSWER_STYLES[status.answer]}")
        yield "In force", Text.assemble(answer, f" on {status.day}: ", text(status.reason))
    outgoing = [(link.rel, link.target, link.title) for link in details.links]
    incoming = [(link.rel, link.id, link.title) for link in details.linked_from]
    for label, links in (("Links", outgoing), ("Linked from", incoming)):
        for number, (rel, target, title) in enumerate(links):
            line = Text.assemble((rel, "italic"), " ", text(target), "  ", text(title, "dim"))
            yield "" if number else label, line
    for number, source in enumerate(record.sources, start=1):
        yield "" if number > 1 else "Sources", _source(number, source)
    yield "Collection", text(record.collection)
    if record.notes:
        yield "Notes", text(record.notes)
    yield "File", text(details.indexed.path)


def _heading(record: Record, names: Vocabulary) -> Iterator[Text | Padding]:
    label = names.label_in("types", record.type)
    yield text(record.title, "bold")
    yield Text.assemble(text(record.id, "dim"), "  ", text(label.lower(), "cyan"))
    if record.withdrawn:
        instead = " ".join(record.withdrawn.replaced_by)
        line = f"withdrawn {record.withdrawn.date}: {record.withdrawn.reason}"
        yield text(f"{line} (see {instead})" if instead else line, "bold red")
    yield Padding(text(record.summary), (1, 2))


def _facts(record: Record, names: Vocabulary) -> Iterator[tuple[str, Text]]:
    if record.official_title:
        yield "Name", _supported(record, "official_title", text(record.official_title.text))
    yield "Date", _supported(record, "date", text(record.date, "bold"))
    for place in record.places:
        country = names.label(place.country) if place.country else None
        where = ", ".join(part for part in (place.venue, place.city, country) if part)
        yield "Place", _supported(record, "places", text(where))
    if record.online:
        yield "Place", _supported(record, "online", text("online"))
    for number, party in enumerate(record.parties):
        line = _supported(record, "parties", _party(party, names), code=party.code)
        yield "" if number else "Parties", line
    for number, person in enumerate(record.people):
        yield "" if number else "People", _supported(record, "people", _person(person))
    topics = [names.label_in("topics", code) for code in record.topics]
    yield "Topics", _supported(record, "topics", text(", ".join(topics)))
    for number, outcome in enumerate(record.outcomes):
        yield "" if number else "Outcomes", _supported(record, "outcomes", text(outcome))
    if record.terms:
        yield "Terms", _supported(record, "terms", text(facts.terms_in_words(record.terms)))
    for number, funding in enumerate(record.funding):
        yield "" if number else "Funding", _supported(record, "funding", text(str(funding)))
    if record.text_url:
        yield "Text", text(record.text_url)
    for identifier in record.identifiers:
        yield "Number", text(f"{identifier.scheme} {identifier.value}")


def _supported(record: Record, field: str, line: Text, *, code: str = "") -> Text:
    """Append the numbers of the sources that support a fact; ``code`` is that of a party."""
    numbers = facts.supporting(record, field, code=code)
    if numbers:
        line.append(f" [{', '.join(map(str, numbers))}]", style="dim")
    return line


def _party(party: Party, names: Vocabulary) -> Text:
    line = Text.assemble(text(names.label(party.code), "bold"), " ", text(f"({party.code})", "dim"))
    if party.bodies:
        line.append_text(text(f" {', '.join(party.bodies)}"))
    notes = [*facts.party_notes(party, names)]
    return line.append_text(text(f" ({'; '.join(notes)})")) if notes else line


def _person(person: Person) -> Text:
    line = text(person.name)
    if person.native_name:
        line.append_text(text(f" ({person.native_name})", "dim"))
    if person.role:
        line.append_text(text(f", {person.role}"))
    return line.append(" (signed)") if person.signed else line


def _source(number: int, source: Source) -> Text:
    head = [source.publisher, source.title, source.published, source.kind, source.language]
    lines = [text(f"[{number}] {', '.join(part for part in head if part)}")]
    lines.append(text(source.url, "blue"))
    if source.quote:
        lines.append(text(f"“{source.quote}”", "italic"))
    if source.says:
        claims = "; ".join(f"{name} {value}" for name, value in source.says)
        lines.append(text(f"says otherwise: {claims}", "yellow"))
    if source.archived:
        lines.append(text(f"archived: {source.archived}", "dim"))
    return Text("\n").join(lines)


def revision_list(revisions: Sequence[Mapping[str, Any]]) -> Iterator[Text | Padding]:
    """Yield the lines of revisions as ``RecordRevision.to_data`` returns them."""
    for number, revision in enumerate(revisions):
        if number:
            yield Text("")
        yield text(revision["subject"], "bold")
        head = f"{revision['day']}  {revision['revision'][:_HASH]}  {revision['author']}"
        yield text(head, "dim")
        if revision["note"]:
            yield indented(text(_note(revision), "yellow"), 2)
        if revision["note"] not in _WHOLE:
            yield from change_lines([Change(**change) for change in revision["changes"]])


def _note(revision: Mapping[str, Any]) -> str:
    """Return the note, with the number of values of an added or removed file."""
    note, count = str(revision["note"]), len(revision["changes"])
    if note not in _WHOLE or not count:
        return note
    return f"{note} with {counted(count, 'value')}"


def change_lines(changes: Sequence[Change], *, by: int = 2) -> Iterator[Padding]:
    """Yield the lines of changes, under the names of what they belong to, ``by`` columns in."""
    for parent, some in groupby(changes, key=lambda change: change.place[0]):
        yield indented(text(parent), by)
        for change in some:
            yield from _change(change, by + 2)


def _change(change: Change, by: int) -> Iterator[Padding]:
    _, name = change.place
    for sign, value, style in (("-", change.old, "red"), ("+", change.new, "green")):
        if value is not None:
            shown = str(value).lower() if isinstance(value, bool) else value
            yield indented(text(f"{sign} {name}{': ' if name else ''}{shown}", style), by)


def indented(line: Text, by: int) -> Padding:
    """Indent a line by some columns; a long address goes on in the next line."""
    line.overflow = "fold"
    return Padding(line, (0, 0, 0, by), expand=False)
