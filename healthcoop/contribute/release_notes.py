"""What a release says of the records that changed since an earlier one, in Markdown."""

from collections.abc import Callable, Iterator, Mapping

from healthcoop.contribute.diff import STATUSES, DataSetDiff, RecordDiff, text_of, texts_of
from healthcoop.contribute.diff_markdown import headline, table
from healthcoop.files.markdown import escape


def changes(diff: DataSetDiff, since: str) -> Iterator[str]:
    """Yield the lines: the numbers, then every record by what happened to it, then vocabularies.

    Nothing is left out, and no text of a record is markup.
    """
    yield from (f"## Changes since {escape(since)}", "", f"{headline(diff)}.", "")
    for status in STATUSES:
        records = [record for record in diff.records if record.status == status]
        if records:
            yield from (f"### {_HEADINGS[status]}", "")
            for record in records:
                yield from _LINES[status](record)
            yield ""
    if diff.entries:
        yield from ("### Vocabularies", "")
    for entry in diff.entries:
        yield from (f"**{escape(entry.code)}** {entry.status} in {escape(entry.path)}", "")
        yield from table(entry.changes) if entry.status == "changed" else ()
    if diff.unread:
        yield from ("### Cannot be parsed", "")
    for file in diff.unread:
        yield f"- {escape(file.path)}, {escape(file.revision)}: {escape(file.problem)}"


_HEADINGS = {
    "added": "Added",
    "withdrawn": "Withdrawn",
    "renamed": "Renamed",
    "merged": "Merged into another record",
    "deleted": "Deleted",
    "changed": "Changed, field by field",
}


def _listed(record: RecordDiff, more: str = "") -> Iterator[str]:
    date, title = (escape(text_of(record.data, name)) for name in ("date", "title"))
    named = " ".join(filter(None, (date, title, f"({escape(record.id)})")))
    yield f"- {named}{more}"


def _withdrawn(record: RecordDiff) -> Iterator[str]:
    withdrawn = record.data.get("withdrawn")
    instead = ", ".join(map(escape, texts_of(withdrawn, "replaced_by")))
    replaced = f" (replaced by {instead})" if instead else ""
    yield from _listed(record, f": {escape(text_of(withdrawn, 'reason'))}{replaced}")


def _moved(record: RecordDiff) -> Iterator[str]:
    yield from _listed(record, f", formerly {escape(record.former_id or record.former_path or '')}")
    rest = [
        one
        for one in record.shown_changes
        if one.field.partition(".")[0] not in ("id", "former_ids")
    ]
    if rest:
        yield from ("", *table(rest))


def _changed(record: RecordDiff) -> Iterator[str]:
    title = escape(text_of(record.data, "title") or record.id)
    yield from (f"**{title}** ({escape(record.id)})", "", *table(record.shown_changes))


_LINES: Mapping[str, Callable[[RecordDiff], Iterator[str]]] = {
    "added": _listed,
    "withdrawn": _withdrawn,
    "renamed": _moved,
    "merged": _moved,
    "deleted": _listed,
    "changed": _changed,
}
