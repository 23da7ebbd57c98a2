"""The larger parts of a record, as entries of the one table of fields: see ``record``."""

from healthcoop.model import field
from healthcoop.model.field import EDTF, NONE_OR_UNKNOWN, UNKNOWN, record_part

NOT_SIDES = ("observer", "depositary")
"""The roles of parties that are not sides: they are bound by nothing and counted nowhere."""


@record_part
class Place:
    """Where an event took place; ``country`` is a code."""

    city: str | None = field.text("In English.", 1, 100, "Baku", search=True)
    country: str | None = field.code("country")
    venue: str | None = field.text(
        "The building or event.", 2, 200, "Palais des Nations", search=True
    )

    def __str__(self) -> str:
        """Return ``"Paris, FR"``, or whichever half is known."""
        return ", ".join(part for part in (self.city or self.venue, self.country) if part)


@record_part
class Party:
    """Who agreed or met: one country or one organisation, and the bodies that acted for it.

    ``signed`` ... ``left`` are the party's own dates (EDTF text or ``"unknown"``).
    """

    country: str | None = field.code("country")
    organisation: str | None = field.code("organisation")
    bodies: tuple[str, ...] = field.several(
        "The ministries, hospitals or embassies that acted.",
        field.text(
            "In English, spelt as in other records.", 2, 200, "Ministry of Health", title="Body"
        ),
        ["Ministry of Health"],
        unique=True,
        search=True,
    )
    role: str | None = field.choice(
        "What the party was there, where that matters.",
        {
            "host": "Received the others, or the encounter took place with it.",
            "signatory": "Signed the instrument, or adopted it.",
            "observer": "Took part without being bound or counted as a side.",
            "depositary": "Keeps the instrument and the notices about it.",
        },
        optional=True,
    )
    level: str | None = field.choice(
        "Only where a part of a state acted rather than the state; bodies name it.",
        {"subnational": "A region, a state of a federation, a province or a city acted."},
        optional=True,
    )
    signed: str | None = field.own_date(
        "When this party signed, if not on the record's date.", "2022-10-07"
    )
    ratified: str | None = field.date(
        "When this party ratified, accepted or approved. EDTF; none (signed, and not ratified"
        " by the day in terms.checked) or unknown (searched for and not found).",
        *("1969-12-26", "none", "unknown"),
        words=NONE_OR_UNKNOWN,
        instruments=True,
        optional=True,
    )
    acceded: str | None = field.own_date(
        "When this party acceded to a text that others had made.", "1992", "unknown"
    )
    in_force: str | None = field.own_date(
        "When the instrument entered into force for this party.", "1992-10-02"
    )
    left: str | None = field.own_date(
        "When the instrument ceased to bind this party.", "2007-06-15"
    )
    extended_to: tuple[str, ...] = field.several(
        "Territories it extends the text to: not parties, not counted.",
        field.code("country"),
        ["HK"],
        unique=True,
        instruments=True,
        optional=True,
        column=True,
    )

    @property
    def code(self) -> str:
        """The code of the country or organisation; empty where the file has neither."""
        return self.country or self.organisation or ""

    @property
    def is_side(self) -> bool:
        """Whether the party agreed or met, rather than observed or keeps the instrument."""
        return self.role not in NOT_SIDES


@record_part
class Person:
    """A holder of office in an official act; ``party`` is the code of one of the parties."""

    name: str = field.text(
        "In Latin letters.", 2, 120, "Teymur Musayev", required=True, search=True
    )
    native_name: str | None = field.text(
        "In the person's own script or spelling.",
        2,
        120,
        "Кубанычбек Омуралиев",
        search=True,
        optional=True,
    )
    role: str | None = field.text(
        "The office held that day.", 2, 200, "Minister of Health of Azerbaijan"
    )
    party: str | None = field.text(
        "The code of the party the person acted for.", 2, 20, "AZ", "WHO", required=True
    )
    signed: bool = field.flag("true if this person signed the instrument.")
    wikidata: str | None = field.pattern(
        "The person's item.",
        "^Q[1-9][0-9]*$",
        "A Wikidata item is Q and a number: Q42.",
        "Q42",
        optional=True,
    )


@record_part
class Terms:
    """How long an instrument lasts, as it states itself; every value is text as in the file."""

    in_force: str | None = field.date(
        "When it entered into force. EDTF; none (not yet, on the day in checked) or unknown"
        " (searched for and not found).",
        *("1975-04-01", "none", "unknown"),
        words=NONE_OR_UNKNOWN,
        column=True,
    )
    provisional: str | None = field.date(
        "From when it was applied provisionally, before it entered into force. EDTF.",
        "1974-10-01",
        optional=True,
        column=True,
    )
    term: str | None = field.duration(
        "How long it runs: an ISO 8601 duration, indefinite or unknown.",
        "A term is an ISO 8601 duration such as P5Y or P18M, or indefinite, or unknown.",
        "P5Y",
        "indefinite",
        words=("indefinite", "unknown"),
        column=True,
    )
    period: str | None = field.date(
        "The interval that the instrument states: EDTF, from/to.",
        "2025/2026",
        "2019/..",
        words=UNKNOWN,
        column=True,
    )
    renewal: str | None = field.choice(
        "What happens at the end of the term.",
        {
            "automatic": "It continues unless a party gives notice.",
            "by-agreement": "It continues only if the parties agree.",
            "none": "It ends with its term or period.",
            "unknown": "Looked for, and not found.",
        },
        column=True,
    )
    renewal_term: str | None = field.duration(
        "For how long it is renewed each time: an ISO 8601 duration.",
        "A renewal term is an ISO 8601 duration such as P5Y, or indefinite, or unknown.",
        "P5Y",
        words=("indefinite", "unknown"),
        column=True,
    )
    notice: str | None = field.duration(
        "How long before the end a party must give notice: an ISO 8601 duration.",
        "A notice is an ISO 8601 duration such as P6M, or unknown.",
        "P6M",
        words=UNKNOWN,
        column=True,
    )
    ended: str | None = field.date(
        "When it ended: EDTF, none or unknown.",
        "2007-06-15",
        "none",
        words=NONE_OR_UNKNOWN,
        column=True,
    )
    end_reason: str | None = field.choice(
        "Why it ended.",
        {
            "expired": "Its term or period ran out.",
            "terminated": "A party or all of them ended it.",
            "superseded": "Another instrument took its place.",
        },
        title="Reason of the end",
        column=True,
    )
    checked: str | None = field.date(
        "The day of the last check; required with any none or unknown.",
        "2026-11-21",
        lookup=True,
        column=True,
    )


@record_part
class Link:
    """A relation to another record (``record``), or to something that is not in the data set."""

    rel: str = field.choice(
        "signed-at (instrument to encounter), part-of (encounter to encounter, instrument to"
        " instrument), implements amends renews supersedes terminates (instrument to"
        " instrument), follows-up, related.",
        {
            "signed-at": "This instrument was signed at that encounter.",
            "part-of": "This encounter belongs to that one, or this instrument to that one.",
            "implements": "This instrument carries out that one.",
            "amends": "This instrument changes the text of that one.",
            "renews": "This instrument prolongs that one.",
            "supersedes": "This instrument takes the place of that one, which ends.",
            "terminates": "This instrument ends that one, and nothing takes its place.",
            "follows-up": "This event continues what that one began.",
            "related": "The two are connected in another way.",
        },
        required=True,
        title="Relation",
    )
    record: str | None = field.record_id(
        "The id of the other record.", "2025-multi-ots-health-ministers"
    )
    title: str | None = field.text(
        "What it is, where it is not in the data set.",
        3,
        300,
        "Health agreement of 1988",
        optional=True,
    )
    date: str | None = field.date(f"Its date. {EDTF}", "1988", optional=True)
    url: str | None = field.url(
        "Where it can be read.", "https://example.org/agreement", title="Address", optional=True
    )


@record_part
class Source:
    """Where a fact can be read; ``supports`` names the facts, ``says`` where it disagrees."""

    url: str = field.url(
        "The page's address.",
        "https://en.trend.az/azerbaijan/society/3654296.html",
        required=True,
        title="Address",
    )
    kind: str | None = field.choice(
        "official: a government or organisation; agency: a news agency; press: other news;"
        " database: a register or data set; copy: a copy of somebody else's text.",
        {
            "official": "A page of the ministry, embassy or organisation that acted.",
            "agency": "A news agency's own report.",
            "press": "A newspaper's or broadcaster's own report.",
            "database": "A register or collection, as of treaties.",
            "copy": "A copy of another's report, on a page that did not write it.",
        },
    )
    publisher: str | None = field.text("Who publishes the page.", 2, 200, "Trend News Agency")
    title: str | None = field.text(
        "The page's own title.", 2, 400, "Azerbaijan, WHO discuss potential spheres of cooperation"
    )
    published: str | None = field.date(f"When the page was published. {EDTF}", "2022-10-07")
    accessed: str | None = field.date(
        f"When somebody last read the page for this record. {EDTF}", "2026-11-21", lookup=True
    )
    archived: str | None = field.url(
        "The address of an archived copy.",
        "https://web.archive.org/web/2022/https://example.org/",
        optional=True,
    )
    language: str | None = field.language("The page's language, BCP 47.", "en", "pt-BR", "zh-Hans")
    quote: str | None = field.text(
        "The words that prove it, verbatim, 15 words at most.",
        5,
        600,
        "hosted a meeting with the Ambassador",
    )
    supports: tuple[str, ...] = field.several(
        "What the source proves, by the names of the record's fields.",
        field.pattern(
            "A field of the record, or a part of it.",
            r"^[a-z_]+(?:\.[A-Za-z0-9_-]+)*$",
            "A field is named as in the record, parts after a dot: parties.AZ.ratified.",
            "date",
            "parties",
            "parties.AZ.ratified",
            "terms.in_force",
            title="Field",
        ),
        ["date", "parties", "people"],
        unique=True,
    )
    says: tuple[tuple[str, str], ...] = field.says(
        "Where the source disagrees with the record: the field and what the source says.",
        {"date": "2025-10-15"},
        title="Says otherwise",
        optional=True,
    )
