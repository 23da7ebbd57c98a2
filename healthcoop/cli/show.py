"""``healthcoop show``: one record, with its sources, status and links."""

from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.errors import NotFound

if TYPE_CHECKING:
    from healthcoop.index.database import Index
    from healthcoop.model.columns import IndexedRecord


@click.command(
    "show",
    epilog=options.examples(
        "healthcoop show 2022-az-cu-minister-ambassador", "healthcoop show 2022-az-cu -f bibtex"
    ),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@options.output(("text", "yaml", "json", "markdown", "bibtex", "csl"), default="text")
@options.today
@click.pass_obj
def command(session: Session, /, *, ids: tuple[str, ...], format_: str) -> None:
    """Show records with their sources, status and links.

    An ID is an id, a former id, the beginning of one id only, or a file's path.

    Text gives the facts, which source proves each, the status today with its reason, and links
    both ways. JSON is an array, one object a record, every key always present.
    """
    from healthcoop.index.records import get

    found = [get(session.dataset.index, ident) for ident in ids]
    if format_ == "text":
        pages = [part for item in found for part in ("", _layout(session, item))]
        session.show(*pages[1:])
    else:
        session.write([_document(session, found, format_)])
    # The records asked for were read: of the others only what links here can be missing.
    session.close()


def _layout(session: Session, item: "IndexedRecord") -> Any:
    from healthcoop.index.records import links_to
    from healthcoop.terminal.record import layout

    index = session.dataset.index
    outward = [
        (link.rel, link.record, _title(index, link.record))
        if link.record
        else (link.rel, link.url or link.date or "", link.title or "")
        for link in item.record.links
    ]
    inward = [(link.rel, link.id, link.title) for link in links_to(index, item.record.id)]
    return layout(
        item,
        index.vocabulary,
        status=session.dataset.status(item),
        links=outward,
        inverse=inward,
    )


def _title(index: "Index", ident: str) -> str:
    from healthcoop.index.records import get

    try:
        found = get(index, ident).record
    except NotFound:
        return "no such record"
    # A link is an id or a former one, not the beginning of one.
    return found.title if ident in (found.id, *found.former_ids) else "no such record"


def _document(session: Session, found: "list[IndexedRecord]", format_: str) -> str:
    import json

    from healthcoop.export import citations, document
    from healthcoop.files.canonical import layout
    from healthcoop.index.records import links_to

    dataset = session.dataset
    names = dataset.index.vocabulary
    if format_ == "yaml":
        return "---\n".join(layout(item.record.to_data()) for item in found)
    if format_ == "markdown":
        sections = (document.as_markdown(item, dataset.status(item), names) for item in found)
        return "\n".join(sections)
    if format_ == "bibtex":
        return "\n".join(citations.bibtex(item.record, item.kind, names) for item in found)
    data: list[dict[str, Any]]
    if format_ == "csl":
        data = [citations.csl(item.record, item.kind, names) for item in found]
    else:
        data = [
            document.as_data(
                item,
                dataset.status(item),
                [
                    {"rel": link.rel, "record": link.id}
                    for link in links_to(dataset.index, item.record.id)
                ],
            )
            for item in found
        ]
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
