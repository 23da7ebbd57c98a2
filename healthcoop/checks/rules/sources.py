"""HC7: sources, and what they prove."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from healthcoop.checks import addresses
from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.checks.traits import ODD_ADDRESS, SEVERAL_SOURCES
from healthcoop.files.edits import Edit, Remove, Replace
from healthcoop.files.reader import Pointer
from healthcoop.model.record import Record, Source, Terms

MAX_QUOTE_WORDS = 40

_OURS = frozenset({"id", "sources", "collection", "former_ids", "withdrawn"})
"""The fields that no source can prove: the data set itself gives them."""

_PROVABLE = frozenset(Record.__slots__) - _OURS
_TERMS = frozenset(f"terms.{name}" for name in Terms.__slots__)


@rule("HC701", "quote-length", reads="sources", needs=["sources.quote"])
def quote_length(checked: CheckedRecord) -> Iterator[Problem]:
    """A quote proves a fact in 40 words at most; more would be copying.

    The words belong to whoever wrote them. A line or two may be quoted to prove a fact; the rest
    is for the reader to look up. Keep the words that name who, what and when.

    Fails:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [date]
            quote: >-
              The minister said that the two countries had long been friends, that the visit of the
              delegation of Azerbaijan to Havana showed this once more, and that vaccines, the
              training of doctors, family medicine and the fight against mosquitoes were all to be
              spoken of there

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [date]
            quote: the visit of the delegation of Azerbaijan to Havana
    """
    for number, source in enumerate(checked.record.sources):
        words = len((source.quote or "").split())
        if words > MAX_QUOTE_WORDS:
            yield Problem(
                message=f"The quote has {words} words; at most {MAX_QUOTE_WORDS} are allowed.",
                hint="Keep the words that prove the fact.",
                pointer=("sources", number, "quote"),
            )


@rule("HC702", "supports-what-is-there", reads="parties people places terms outcomes sources")
def supports_what_is_there(checked: CheckedRecord) -> Iterator[Problem]:
    """A source supports fields that the record has, by name: `date`, `parties.AZ.ratified` ...

    A reader asks which page proves the day; a name that is no field answers nothing. A part goes
    behind a dot, a party by its code. What the data set gives itself, such as `id`, `sources` and
    `collection`, no source can prove.

    Fails:

        sources: [{url: "https://example.org/news", kind: agency, supports: [date, places]}]

    Passes:

        places: [{city: Havana, country: CU}]
        sources: [{url: "https://example.org/news", kind: agency, supports: [date, places]}]
    """
    record = checked.record
    data: dict[str, Any] = {}
    for number, source in enumerate(record.sources):
        for place, name in enumerate(source.supports):
            if name in _PROVABLE and getattr(record, name):
                continue
            if name in _TERMS and getattr(record.terms, name.removeprefix("terms."), None):
                continue
            field = name.partition(".")[0]
            if field not in _OURS and (field in checked.broken or _is_misspelt(field, checked)):
                continue
            data = data or {
                key: value for key, value in record.to_data().items() if key not in _OURS
            }
            if not _there(data, name):
                pointer = ("sources", number, "supports", place)
                near = _nearest(data, name)
                if near in source.supports:
                    near = None  # twice the same would be refused as well
                yield Problem(
                    message=f"“{name}” is said to be supported, but it is no field of the record."
                    if field not in _OURS
                    else f"“{name}” is what no source can prove: the data set gives it.",
                    hint=f"The record has {', '.join(data)}.",
                    pointer=pointer,
                    edits=(Replace(pointer, near),) if near else (),
                    safe=near is not None and near.lower() == name.lower(),
                )


@rule("HC703", "only-copies", reads="sources", severity=Severity.WARNING)
def only_copies(checked: CheckedRecord) -> Iterator[Problem]:
    """A copy of somebody else's text is a weak witness: look for where it was first published.

    Copies drop names, change dates and vanish. Find the ministry's, the agency's or the register's
    own page and add it; the copy may stay beside it. Where it was looked for and is not to be
    found, accept this in `schema/accepted.yaml` and say so there.

    Fails:

        sources: [{url: "https://example.org/news", kind: copy, supports: [date]}]

    Passes:

        sources:
          - {url: "https://example.org/news", kind: copy}
          - {url: "https://example.com/minister", kind: official, supports: [date]}
    """
    sources = checked.record.sources
    if sources and all(source.kind == "copy" for source in sources):
        yield Problem(
            message="Every source of this record is a copy of somebody else's text.",
            hint="Find the page it was copied from: the ministry's, the agency's, the register's.",
            pointer=("sources",),
            on_key=True,
        )


@rule(
    "HC704", "source-doubled", reads="sources", needs=[SEVERAL_SOURCES], severity=Severity.WARNING
)
def source_doubled(checked: CheckedRecord) -> Iterator[Problem]:
    """A page is one source of a record, not two.

    Two entries for one page look like two witnesses. Put what both support into one, with the
    words that prove most as its quote. `http` and `https`, `www.`, a slash at the end and tracking
    parameters make no other page of it.

    Fails:

        sources:
          - {url: "https://example.org/news", kind: agency, supports: [date]}
          - {url: "http://www.example.org/news/", kind: agency, supports: [parties]}

    Passes:

        sources:
          - {url: "https://example.org/news", kind: agency, supports: [date, parties]}
    """
    sources = checked.record.sources
    if len(sources) < 2:
        return
    seen: dict[str, int] = {}
    for number, source in enumerate(sources):
        first = seen.setdefault(addresses.same_page(source.url), number)
        if first != number:
            yield Problem(
                message=f"This page is source {first + 1} already: {sources[first].url}.",
                hint="Make the two one source, with all that they support.",
                pointer=("sources", number, "url"),
            )


@rule(
    "HC705", "tracking-parameters", reads="sources", needs=[ODD_ADDRESS], severity=Severity.WARNING
)
def tracking_parameters(checked: CheckedRecord) -> Iterator[Problem]:
    """A web address is the page's, without what tells its owner how the reader came there.

    `utm_source`, `fbclid`, `gclid` and their like lead to the same page, make one page look like
    two, and give away who shared it. `validate --fix` removes these and touches nothing else.

    Fails:

        sources:
          - {url: "https://example.org/news?id=7&utm_source=x", kind: agency, supports: [date]}

    Passes:

        sources:
          - {url: "https://example.org/news?id=7", kind: agency, supports: [date]}
    """
    for pointer, url in _addresses(checked.record):
        if "=" in url and (cleaned := addresses.without_tracking(url)) != url:
            yield Problem(
                message=f"“{url}” has parameters that only say where a reader came from.",
                hint=f"Write {cleaned}",
                pointer=pointer,
                edits=(Replace(pointer, cleaned),),
                safe=True,
            )


@rule("HC706", "link-shortener", reads="sources", needs=[ODD_ADDRESS], severity=Severity.WARNING)
def link_shortener(checked: CheckedRecord) -> Iterator[Problem]:
    """An address says where it leads; a shortened one hides it, and dies with its service.

    Open it, and write the address of the page that comes.

    Fails:

        sources: [{url: "https://bit.ly/3xYzAbC", kind: agency, supports: [date]}]

    Passes:

        sources: [{url: "https://example.org/news/3654296.html", kind: agency, supports: [date]}]
    """
    for pointer, url in _addresses(checked.record):
        if len(url) < 60 and addresses.is_shortener(url):
            yield Problem(
                message=f"“{url}” does not say where it leads: it is of a link shortener.",
                hint="Open it, and write the address of the page that comes.",
                pointer=pointer,
            )


@rule(
    "HC707",
    "archive-forgotten",
    reads="sources",
    needs=["sources.archived"],
    severity=Severity.NOTE,
)
def archive_forgotten(checked: CheckedRecord) -> Iterator[Problem]:
    """Where one source of a record has an archived copy, the others have one too.

    Pages vanish; a copy in a public web archive keeps the proof. Noted is only a source beside
    another that has its copy: whoever archived that one forgot this, or could not. Of a record
    without any copy nothing is said here, since most have none, and a note at each would hide the
    rest; `healthcoop summary` tells how complete the data set is.

    Fails:

        sources:
          - url: https://example.org/news
            archived: https://web.archive.org/web/2022/https://example.org/news
            kind: agency
            supports: [date]
          - {url: "https://example.com/minister", kind: official}

    Passes:

        sources:
          - url: https://example.org/news
            archived: https://web.archive.org/web/2022/https://example.org/news
            kind: agency
            supports: [date]
    """
    sources = checked.record.sources
    if not any(source.archived for source in sources):
        return
    for number, source in enumerate(sources):
        if not source.archived:
            yield Problem(
                message="This source has no archived copy, but another of the record has one.",
                hint="Have it archived, and give the copy's address as “archived”.",
                pointer=("sources", number, "url"),
            )


@rule("HC708", "quote-doubled", reads="sources", needs=["sources.quote"], severity=Severity.NOTE)
def quote_doubled(checked: CheckedRecord) -> Iterator[Problem]:
    """Two sources that say the same words are one witness: one of them is a `copy`.

    Newspapers print what agencies send. Say which of the two it was first, by `kind: copy` at the
    other, so that nobody counts two.

    Fails:

        sources:
          - url: https://example.org/news
            kind: agency
            quote: The minister is in Havana for talks on vaccines
            supports: [date]
          - url: https://example.com/paper
            kind: press
            quote: The minister is in Havana for talks on vaccines

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            quote: The minister is in Havana for talks on vaccines
            supports: [date]
          - url: https://example.com/paper
            kind: copy
            quote: The minister is in Havana for talks on vaccines
    """
    sources = checked.record.sources
    if len(sources) < 2:
        return
    seen: dict[str, int] = {}
    for number, source in enumerate(sources):
        if not source.quote or source.kind == "copy":
            continue
        first = seen.setdefault(" ".join(source.quote.split()), number)
        if first != number:
            yield Problem(
                message=f"The quote is, word for word, that of source {first + 1}.",
                hint="Write “kind: copy” at the one that took it from the other.",
                pointer=("sources", number, "quote"),
            )


@rule("HC709", "says-names-a-field", reads="sources", needs=["sources.says"])
def says_names_a_field(checked: CheckedRecord) -> Iterator[Problem]:
    """`says` tells by the names of the record's fields where a source disagrees with them.

    A name that is no field of the format is never shown beside the value it doubts.

    Fails:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [type]
            says: {day: "2022-10-08"}
        date: "2022-10"

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [type]
            says: {date: "2022-10-08"}
        date: "2022-10"
    """
    for number, source in enumerate(checked.record.sources):
        for name, _ in source.says:
            field, _, part = name.partition(".")
            if field in _PROVABLE and (field != "terms" or part in ("", *Terms.__slots__)):
                continue
            near = get_close_matches(name, _PROVABLE, n=1)
            yield Problem(
                message=f"“{name}” is no field that a source can tell of.",
                hint=f"Did you mean {near[0]}?" if near else "It is one of the record's fields.",
                pointer=("sources", number, "says", name),
                on_key=True,
            )


@rule(
    "HC710",
    "says-the-same",
    reads="parties people terms sources",
    needs=["sources.says"],
    severity=Severity.WARNING,
)
def says_the_same(checked: CheckedRecord) -> Iterator[Problem]:
    """What a source `says` differs from the record: else it `supports` the record.

    Often the record was corrected to what the source says, and `says` stayed behind.

    Fails:

        date: "2022-10"
        sources:
          - {url: "https://example.org/news", kind: agency, says: {date: "2022-10"}}

    Passes:

        date: "2022-10"
        sources:
          - {url: "https://example.org/news", kind: agency, supports: [date]}
    """
    for number, source in enumerate(checked.record.sources):
        if not source.says:
            continue
        data = checked.record.to_data()
        for name, value in source.says:
            if value in _values(data, name):
                yield Problem(
                    message=f"The source is said to differ, but the record has “{value}” too.",
                    hint=f"Remove it, and write “supports: [{name}]” instead.",
                    pointer=("sources", number, "says", name),
                    edits=_unsaid(source, number, name),
                )


@rule("HC711", "address-for-all", reads="sources", needs=[ODD_ADDRESS])
def address_for_all(checked: CheckedRecord) -> Iterator[Problem]:
    """A web address is one that everybody can open, and holds nobody's password.

    `localhost`, a machine of one's own network, or an address with a user's name in it proves
    nothing to others; and what is merged is public for ever. A password that was merged has to be
    changed.

    Fails:

        sources: [{url: "http://localhost:8000/news.html", kind: agency, supports: [date]}]

    Passes:

        sources: [{url: "https://example.org/news.html", kind: agency, supports: [date]}]
    """
    for pointer, url in _addresses(checked.record):
        if "@" in url and addresses.has_credentials(url):
            message = "This address has a user's name or a password in it."
            hint = "Give the address that everybody can open; change the password."
        elif not addresses.is_public(url):
            message = f"“{url}” leads to a machine that others cannot reach."
            hint = "Give the address of the page on the public web."
        else:
            continue
        yield Problem(message=message, hint=hint, pointer=pointer)


@rule(
    "HC712",
    "archived-elsewhere",
    reads="sources",
    needs=["sources.archived"],
    severity=Severity.WARNING,
)
def archived_elsewhere(checked: CheckedRecord) -> Iterator[Problem]:
    """`archived` is the address of a copy in an archive, not that of the page itself.

    When the page goes, its own address goes with it.

    Fails:

        sources:
          - url: https://example.org/news
            archived: https://example.org/news
            kind: agency
            supports: [date]

    Passes:

        sources:
          - url: https://example.org/news
            archived: https://web.archive.org/web/2022/https://example.org/news
            kind: agency
            supports: [date]
    """
    for number, source in enumerate(checked.record.sources):
        if source.archived and addresses.same_page(source.archived) == addresses.same_page(
            source.url
        ):
            yield Problem(
                message="The archived copy is the page itself.",
                hint="Give the address of the copy in an archive, or remove it.",
                pointer=("sources", number, "archived"),
                edits=(Remove(("sources", number, "archived")),),
            )


def _addresses(record: Record) -> Iterator[tuple[Pointer, str]]:
    """Give the web addresses of a record with their places; archives keep others in theirs."""
    for number, source in enumerate(record.sources):
        yield ("sources", number, "url"), source.url
    if record.text_url:
        yield ("text_url",), record.text_url
    for number, link in enumerate(record.links):
        if link.url:
            yield ("links", number, "url"), link.url


def _unsaid(source: Source, number: int, name: str) -> tuple[Edit, ...]:
    """Give the edit that takes one of the differences away; the last one with the field."""
    place: Pointer = ("sources", number, "says")
    return (Remove((*place, name) if len(source.says) > 1 else place),)


def _is_misspelt(field: str, checked: CheckedRecord) -> bool:
    """Say whether a field is not there because its name is misspelt: that is said already."""
    unknown = checked.broken - _PROVABLE - _OURS
    return bool(unknown and get_close_matches(field, unknown, n=1, cutoff=0.7))


def _nearest(data: dict[str, Any], name: str) -> str | None:
    """Give the name of a field that is there and is like one that is not."""
    field, dot, rest = name.partition(".")
    names = {key: f"{key}{dot}{rest}" for key in data}
    if isinstance(data.get(field), list):
        items = [item for item in data[field] if isinstance(item, dict)]
        codes = [item.get("country", item.get("organisation")) for item in items]
        code, dot, rest = rest.partition(".")
        names = {code: f"{field}.{code}{dot}{rest}" for code in codes if code}
        field = code.upper()
    near = [names[key] for key in get_close_matches(field, names, n=1) if _there(data, names[key])]
    return near[0] if near else None


def _there(data: dict[str, Any], name: str) -> bool:
    return bool(_found(data, name))


def _values(data: dict[str, Any], name: str) -> list[Any]:
    """Give the texts that a name leads to: of people their names, of a list its items."""
    return [
        item.get("name") if isinstance(item, dict) else item
        for value in _found(data, name)
        for item in (value if isinstance(value, list) else [value])
    ]


def _found(data: dict[str, Any], name: str) -> list[Any]:
    """Follow a dotted name; an item of ``parties`` goes by its code, other items by any of them."""
    values: list[Any] = [data]
    for part in name.split("."):
        found: list[Any] = []
        for value in values:
            for item in value if isinstance(value, list) else [value]:
                if not isinstance(item, dict):
                    continue
                if part in item:
                    found.append(item[part])
                elif part in (item.get("country"), item.get("organisation")):
                    found.append(item)
        values = found
    return values
