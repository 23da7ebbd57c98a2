"""HC2: what `schema/record.schema.json` asks of fields, shapes, codes and lengths."""

from healthcoop.checks.registry import declare

declare(
    "HC201",
    "unknown-field",
    """A record has only fields that the format knows.

    An unknown field is nearly always a slip of the pen, or stands one level too high or too low:
    what it says would be lost to every reader. The finding names the nearest field that is not
    there yet. What no field has a place for goes under `notes`.

    Fails:

        parties:
          - country: AZ
            body: [Ministry of Health]
          - country: CU

    Passes:

        parties:
          - country: AZ
            bodies: [Ministry of Health]
          - country: CU
    """,
)
declare(
    "HC202",
    "missing-field",
    """A record has the fields that every record needs, and so has each of its items.

    A record: `id`, `type`, `title`, `date`, `parties`, `topics`, `summary`, `sources`,
    `collection`. A source: `url`. A person: `name` and `party`. A link: `rel`. An identifier:
    `scheme` and `value`. A record without a date cannot be sorted, and one without a source cannot
    be believed; where a date is not known, write what is: a year, or the day by which it was.

    Fails:

        people:
          - name: Teymur Musayev
            role: Minister of Health of Azerbaijan

    Passes:

        people:
          - name: Teymur Musayev
            role: Minister of Health of Azerbaijan
            party: AZ
    """,
)
declare(
    "HC203",
    "shape",
    """A list stands where a list is wanted, text where text is, fields where fields are.

    One topic is a list of one. A party is not its code but fields: `country: AZ`. And a hyphen too
    many makes a list of a text. The hint shows the field's own example.

    Fails:

        topics: vaccines

    Passes:

        topics: [vaccines]
    """,
)
declare(
    "HC204",
    "unknown-code",
    """A code is one of the vocabulary or list that its field takes it from.

    Codes make `Norway`, `Norvège` and `the Kingdom of Norway` one country. They are written
    exactly: `NO`, not `no` or `NOR`. `healthcoop vocab countries` (`topics`, `organisations`,
    `types`, `collections`) lists them; the finding offers the nearest. One that is missing is added
    to `schema/`, in the same change as the record that needs it.

    Fails:

        places: [{city: Oslo, country: Norway}]

    Passes:

        places: [{city: Oslo, country: NO}]
    """,
)
declare(
    "HC205",
    "form",
    """A text has the form that its field asks for.

    An address begins with `https://` or `http://` and has no space; an id is in lower-case letters,
    digits and hyphens; a language is a tag such as `en`; a duration is `P5Y`. Programs follow,
    compare and count these; the hint says how the field is written.

    Fails:

        sources:
          - url: www.example.org/news
            kind: agency
            supports: [date]

    Passes:

        sources:
          - url: https://www.example.org/news
            kind: agency
            supports: [date]
    """,
)
declare(
    "HC206",
    "length",
    """A text is neither too short to say anything nor too long for its place.

    A title has 10 to 160 characters, a summary 20 to 1,000, notes 2,000 at most. More belongs in a
    source; less is a slip, or a word where a sentence is wanted.

    Fails:

        title: A visit

    Passes:

        title: A visit to Cuba
    """,
)
declare(
    "HC207",
    "empty",
    """A list has an item and a mapping a field: what is empty is left out.

    Left out, it says that nothing is recorded. Empty, it seems to say that there was nothing, which
    nobody has found out.

    Fails:

        places: []

    Passes:

        places: [{city: Havana, country: CU}]
    """,
)
declare(
    "HC208",
    "doubled",
    """A list names a thing once.

    A topic that stands twice would be counted twice. Keep one.

    Fails:

        topics: [vaccines, health-workforce, vaccines]

    Passes:

        topics: [vaccines, health-workforce]
    """,
)
declare(
    "HC209",
    "schema",
    """A record keeps to whatever else the schema of its data set asks for.

    The schema of this project asks for nothing that has no code of its own. A data set with a
    schema of its own may: the finding names the keyword, and the hint shows the field's example.
    """,
)
