"""A record and its parts: the one table of their fields.

Each attribute is one entry: its type for Python, and everything else that is known of the field
(``model/field.py``). Key order and layout of files, the JSON Schema, the lists of dates and of
searched text, columns and docs/fields.md are derived from it. To add an optional field, add one
entry, at its place in the order of the file.
"""

from typing import Any

from healthcoop.model import field
from healthcoop.model.field import EDTF, record_part
from healthcoop.model.parts import Link, Party, Person, Place, Source, Terms
from healthcoop.model.shape import Data, build, plain

__all__ = [
    "KEPT_WHEN_WITHDRAWN",
    "Funding",
    "Identifier",
    "Link",
    "OfficialTitle",
    "Party",
    "Person",
    "Place",
    "Record",
    "Source",
    "Terms",
    "Withdrawal",
]

KEPT_WHEN_WITHDRAWN = frozenset({"id", "withdrawn", "links", "former_ids"})
"""The fields of a withdrawn record that still count: what it is, why it went, what leads where."""


@record_part
class OfficialTitle:
    """An instrument's own name, verbatim, and the language it is in (BCP 47)."""

    text: str = field.text(
        "The name as it stands in the instrument.",
        3,
        600,
        "Health Services Convention",
        required=True,
        search=True,
    )
    language: str | None = field.language(
        "The language of the title, as a BCP 47 tag.", "en", required=True
    )


@record_part
class Funding:
    """Money that a source states; ``from_`` is the code of one of the parties (``from``)."""

    amount: str = field.pattern(
        "A plain decimal number.",
        r"^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$",
        "An amount is a plain decimal number, without separators or units: 1500000, 0.5.",
        "1500000",
        required=True,
    )
    currency: str = field.pattern(
        "ISO 4217.",
        "^[A-Z]{3}$",
        "A currency is an ISO 4217 code of three capital letters: USD, EUR, XOF.",
        *("USD", "EUR"),
        required=True,
    )
    from_: str | None = field.text(
        "The code of the party that pays.", 2, 20, "JP", "WHO", title="From"
    )
    kind: str | None = field.choice(
        "How the money is provided.",
        {
            "grant": "Provided, and not paid back.",
            "loan": "Lent.",
            "pledge": "Promised, in any form.",
            "budget": "The cost of the work, no matter who pays.",
        },
    )
    note: str | None = field.text("What it is for, or over how long.", 3, 300, "over five years")

    def __str__(self) -> str:
        """Return ``"1500000 USD from JP (grant): over five years"``, as far as it is known."""
        payer = f" from {self.from_}" if self.from_ else ""
        kind = f" ({self.kind})" if self.kind else ""
        return f"{self.amount} {self.currency}{payer}{kind}{f': {self.note}' if self.note else ''}"


@record_part
class Identifier:
    """The number of an event in a register."""

    scheme: str = field.pattern(
        "unts, lnts, uk-treaties, wti, wikidata, doi ...",
        "^[a-z][a-z0-9-]*$",
        "A scheme is a word in lower-case letters: unts, doi.",
        "unts",
        required=True,
    )
    value: str = field.text("As the register writes it.", 1, 200, "10388", required=True)


@record_part
class Withdrawal:
    """Why a record no longer counts, and which records stand for it."""

    date: str = field.date(
        f"When it was withdrawn. {EDTF}", "2026-11-21", lookup=True, required=True
    )
    reason: str = field.text(
        "Why, in a phrase; “removed” if a lawful request required it.",
        3,
        300,
        "the same event as 2022-az-cu-minister-ambassador",
        required=True,
    )
    replaced_by: tuple[str, ...] = field.several(
        "The records that stand for it.",
        field.record_id("A record's id.", "2022-az-cu-minister-ambassador", title="Id"),
        unique=True,
    )


@record_part
class Record:
    """One event in health cooperation, as its file states it."""

    id: str = field.record_id(
        "The file's name without its ending. It never changes once merged.",
        "2022-az-cu-minister-ambassador",
        required=True,
    )
    type: str = field.code("type", required=True)
    title: str = field.text(
        "In our own words, in English, a sentence without full stop.",
        10,
        160,
        "Azerbaijan's health minister receives the Cuban ambassador",
        required=True,
        search=True,
    )
    official_title: OfficialTitle | None = field.part(
        "The instrument's own name, verbatim.",
        examples=({"text": "Health Services Convention", "language": "en"},),
        instruments=True,
    )
    date: str = field.date(
        f"When it was signed, adopted, or took place. {EDTF}",
        "2022-10-07",
        "2023-06",
        "2023-06-12~",
        "2025-04-07/2025-04-08",
        "[2025-12-22..2025-12-23]",
        required=True,
    )
    places: tuple[Place, ...] = field.several(
        "Where it took place.",
        field.part("A city, a country, a venue.", some=True, title="Place"),
        [{"city": "Baku", "country": "AZ"}],
        flow=True,
    )
    online: bool = field.flag(
        "true where it took place by video, telephone or in writing.", optional=True, column=True
    )
    parties: tuple[Party, ...] = field.several(
        "Two or more, or one organisation whose members adopted the text; each code once.",
        field.part("Who agreed or met: one country or one organisation.", title="Party"),
        [{"country": "EG"}, {"country": "QA", "bodies": ["Ministry of Public Health"]}],
        required=True,
    )
    people: tuple[Person, ...] = field.several(
        "Holders of office in their official acts.",
        field.part("Who spoke or signed.", title="Person"),
        [{"name": "Teymur Musayev", "role": "Minister of Health of Azerbaijan", "party": "AZ"}],
    )
    topics: tuple[str, ...] = field.several(
        "What it was about: the narrowest that fit, as few as describe it.",
        field.code("topic"),
        ["health-workforce", "vaccines"],
        unique=True,
        required=True,
    )
    summary: str = field.prose(
        "What happened and why it matters, in our own words, in English.",
        20,
        1000,
        "The minister recalled the Cuban medical teams of 2020; both sides spoke of new openings.",
        required=True,
        search=True,
        column=True,
    )
    outcomes: tuple[str, ...] = field.several(
        "What was promised, given or decided, in short phrases.",
        field.text("A short phrase.", 3, 300, "joint research projects", title="Outcome"),
        ["joint research projects"],
        search=True,
        column=True,
    )
    terms: Terms | None = field.part(
        "How long an instrument lasts, as it states itself. unknown: searched for and not found; a"
        " missing key: not searched for.",
        examples=({"in_force": "2023-01-15", "term": "P5Y", "renewal": "automatic"},),
        some=True,
        instruments=True,
    )
    funding: tuple[Funding, ...] = field.several(
        "Money that the source states; never added up across currencies.",
        field.part("An amount, its currency, and who pays.", title="Sum of money"),
        [{"amount": "1500000", "currency": "USD", "from": "JP", "kind": "grant"}],
        optional=True,
    )
    text_url: str | None = field.url(
        "Where the instrument's text is.",
        "https://treaties.un.org/doc/Publication/UNTS/Volume%20724/v724.pdf",
        instruments=True,
        title="Text",
    )
    identifiers: tuple[Identifier, ...] = field.several(
        "Its numbers in registers.",
        field.part("A scheme and a value.", title="Identifier"),
        [{"scheme": "unts", "value": "10388"}],
    )
    links: tuple[Link, ...] = field.several(
        "Relations to other records, stored once, in the later record; or to what is not in the"
        " data set.",
        field.part(
            "A relation, and the record, or title, date and address of what is not in the data"
            " set.",
            title="Link",
        ),
        [{"rel": "signed-at", "record": "2022-az-cu-minister-ambassador"}],
    )
    sources: tuple[Source, ...] = field.several(
        "Where the facts can be read; an unqualified day needs one that supports it.",
        field.part("Where the facts can be read.", title="Source"),
        [
            {
                "url": "https://en.trend.az/azerbaijan/society/3654296.html",
                "kind": "agency",
                "supports": ["date", "parties"],
            }
        ],
        required=True,
    )
    collection: str = field.code("collection", required=True, column=True)
    former_ids: tuple[str, ...] = field.several(
        "Ids that now mean this record.",
        field.record_id("An id this record had.", "2022-az-cu-meeting", title="Former id"),
        ["2022-az-cu-meeting"],
        unique=True,
        optional=True,
    )
    withdrawn: Withdrawal | None = field.part(
        "Why the record no longer counts: it is wrong or a duplicate. The file stays.",
        examples=({"date": "2026-11-21", "reason": "the same event as another record"},),
        optional=True,
    )
    notes: str | None = field.prose(
        "What else a curator must know; comments in the file are not kept.",
        3,
        2000,
        "The page says 15 October.",
        search=True,
        optional=True,
        column=True,
    )

    @property
    def countries(self) -> tuple[str, ...]:
        """The codes of the countries among the parties, in the file's order."""
        return tuple(party.country for party in self.parties if party.country)

    @property
    def organisations(self) -> tuple[str, ...]:
        """The codes of the organisations among the parties, in the file's order."""
        return tuple(party.organisation for party in self.parties if party.organisation)

    @property
    def sides(self) -> tuple[Party, ...]:
        """The parties but observers and depositaries, in the file's order."""
        return tuple(party for party in self.parties if party.is_side)

    @property
    def lateral(self) -> str | None:
        """How many countries are sides: ``bilateral`` two, ``multilateral`` more.

        ``organisation`` is an organisation with fewer countries; None without sides.
        """
        codes = {(side.country is not None, side.code) for side in self.sides}
        countries = sum(is_country for is_country, _ in codes)
        if countries > 1:
            return "bilateral" if countries == 2 else "multilateral"
        return "organisation" if countries < len(codes) else None

    @classmethod
    def from_data(cls, data: Data) -> "Record":
        """Return the record of a file's plain data; absent keys take their defaults.

        Raises ShapeError where text, a list or a mapping stands in the place of another.
        """
        return build(cls, data)

    def to_data(self) -> dict[str, Any]:
        """Return the plain data, keys in canonical order, absent keys left out."""
        return plain(self)
