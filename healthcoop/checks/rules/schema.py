"""HC2: fields, types, codes and lengths, as in `schema/record.schema.json`."""

from healthcoop.checks.registry import declare

declare(
    "HC201",
    "unknown-field",
    """A record has only fields that the format knows.

    An unknown field is nearly always misspelt, or is one level too high or too low: its value would
    be ignored. The finding suggests the most similar field. What fits no field goes into `notes`.

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
    """A record has all required fields, and so has each of its items.

    A record: `id`, `type`, `title`, `date`, `parties`, `topics`, `summary`, `sources`,
    `collection`. A source: `url`. A person: `name` and `party`. A link: `rel`. An identifier:
    `scheme` and `value`. A record without a date cannot be sorted, and one without a source cannot
    be verified; where the day is not known, write the year, or the latest possible day.

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
    """Each value is of the type of its field: a list, a text, or fields of its own.

    One topic is still a list. A party is not a code but has fields: `country: AZ`. A hyphen before
    a text makes it a list. The hint shows an example of the field.

    Fails:

        topics: vaccines

    Passes:

        topics: [vaccines]
    """,
)
declare(
    "HC204",
    "unknown-code",
    """A code is one of the vocabulary or list of its field.

    With codes, `Norway`, `Norvège` and `the Kingdom of Norway` are one country. They are written
    exactly: `NO`, not `no` or `NOR`. `healthcoop vocab countries` (`topics`, `organisations`,
    `types`, `collections`) lists them; the finding suggests the most similar one. Add a missing
    code to `schema/` in the same change as the record that needs it.

    Fails:

        places: [{city: Oslo, country: Norway}]

    Passes:

        places: [{city: Oslo, country: NO}]
    """,
)
declare(
    "HC205",
    "form",
    """A text has the format of its field.

    An address begins with `https://` or `http://` and has no space; an id is in lower-case letters,
    digits and hyphens; a language is a tag such as `en`; a duration is `P5Y`. Programs open,
    compare and count these; the hint shows how to write the value.

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
    """A text is neither too short nor too long for its field.

    A title has 10 to 160 characters, a summary 20 to 1,000, notes 2,000 at most. More belongs in a
    source; less is a mistake, or a word where a sentence is expected.

    Fails:

        title: A visit

    Passes:

        title: A visit to Cuba
    """,
)
declare(
    "HC207",
    "empty",
    """A list has at least one item and a mapping at least one field: empty ones are left out.

    A field that is left out means that nothing is recorded. An empty one would seem to mean that
    there was nothing, which nobody has verified.

    Fails:

        places: []

    Passes:

        places: [{city: Havana, country: CU}]
    """,
)
declare(
    "HC208",
    "repeated-item",
    """A list has each item once.

    A topic that is listed twice would be counted twice. Remove one.

    Fails:

        topics: [vaccines, health-workforce, vaccines]

    Passes:

        topics: [vaccines, health-workforce]
    """,
)
declare(
    "HC209",
    "schema",
    """A record follows all other constraints of the schema.

    Every constraint of the present schema has a more specific code; this one is for constraints of
    later versions. The finding names the keyword, and the hint shows an example of the field.
    """,
)
