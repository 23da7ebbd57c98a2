"""HC1: what the strict reader will not take."""

from healthcoop.checks.findings import Severity
from healthcoop.checks.registry import declare

declare(
    "HC101",
    "utf-8",
    """A record is UTF-8; a byte that is not would be read as another letter.

    `München` saved as Latin-1 or Windows-1252 is `MÃ¼nchen` to one program and an error to the
    next. Save the file as UTF-8: editors have it under “Save with encoding”, and all of them take
    it for new files. Nothing else in the file is looked at until it can be read.
    """,
)
declare(
    "HC102",
    "file-size",
    """A file has at most 256 KiB: one file is one event.

    The longest record has a fiftieth of that. A larger file holds several records, a whole text
    that should be linked to (`text_url`), or is no record at all; reading it in full would let a
    single file stop every program that reads the data.
    """,
)
declare(
    "HC103",
    "control-character",
    r"""No character is a control character: they cannot be seen, and programs obey them.

    So it is with a byte-order mark that is not first, and with the separators U+0085, U+2028 and
    U+2029, which some YAML readers take for a line break and others do not. They come along when
    text is copied from a PDF or a terminal. Delete them; where one stands as an escape in double
    quotes, delete the escape.

    Fails:

        title: "Azerbaijan's health\x07 minister visits Cuba"

    Passes:

        title: "Azerbaijan's health minister visits Cuba"
    """,
)
declare(
    "HC104",
    "tab",
    """No tab stands in a record: YAML forbids it for indentation; elsewhere it looks like spaces.

    How wide a tab is depends on who looks, so a line that seems to stand under another does not.
    Let your editor write spaces instead (the `.editorconfig` of the data set asks for it): two for
    each level.
    """,
)
declare(
    "HC105",
    "yaml",
    """A record follows the syntax of YAML.

    Nearly always it is one of four things: a text with a colon and a space, or one that begins with
    a sign that YAML uses (`@ & * ! % [ {` and others), is not in double quotes; a quotation mark is
    not closed; a line is indented by a space more or less than its neighbours; there is no space
    after the colon or the hyphen. The place is where the reader stumbled: the slip may stand a line
    above.

    Fails:

        title: The health minister in Havana: a first visit

    Passes:

        title: "The health minister in Havana: a first visit"
    """,
)
declare(
    "HC106",
    "duplicate-key",
    """A field stands once in a record, or in an item of a list.

    Of two lines some readers keep the first and some the last, and YAML forbids both. Keep the one
    that is right; several values of one field are a list.

    Fails:

        topics: [vaccines]
        topics: [health-workforce]

    Passes:

        topics: [vaccines, health-workforce]
    """,
)
declare(
    "HC107",
    "anchor",
    """A record says each thing in its own place: no anchors (`&`) and aliases (`*`).

    Somebody who reads an alias has to look for its anchor; and with a few of them a small file
    grows to gigabytes. Write the value out. A text that begins with `&` or `*` goes in double
    quotes.

    Fails:

        parties:
          - country: AZ
            bodies: &ministry [Ministry of Health]
          - country: CU
            bodies: *ministry

    Passes:

        parties:
          - country: AZ
            bodies: [Ministry of Health]
          - country: CU
            bodies: [Ministry of Health]
    """,
)
declare(
    "HC108",
    "tag",
    """Every value is text, but `true` and `false`: no tags (`!`) and directives (`%`).

    A tag tells a reader what to make of a value, and some readers run what it names. Remove it. A
    text that begins with `!` goes in double quotes.

    Fails:

        date: !!str 2022-10-07

    Passes:

        date: "2022-10-07"
    """,
)
declare(
    "HC109",
    "second-document",
    """One file is one record: there is no second document behind a line `---`.

    Two records joined in one file have one name between them, and most readers see the first only.
    Move the second to a file of its own, named by its id. A single `---` above the record is taken.

    Fails:

        topics: [vaccines]
        --- {id: 2022-az-cu-second-visit}

    Passes:

        topics: [vaccines]
    """,
)
declare(
    "HC110",
    "empty-value",
    """A field has a value: what is not known is left out.

    `notes:` with nothing behind it, `null` and a lone `~` are nothing to one reader, an empty text
    to another, and the word “null” to a third. Remove the line. Where somebody has looked and found
    nothing, dates of parties and terms are `unknown`.

    Fails:

        places:
          - city: Havana
            country: CU
            venue:

    Passes:

        places:
          - city: Havana
            country: CU
    """,
)
declare(
    "HC111",
    "depth",
    """A file is nested at most 32 levels deep.

    A record needs six. More is a slip (brackets that are never closed) or an attempt to make a
    reader run out of memory.

    Fails:

        topics: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[vaccines]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

    Passes:

        topics: [vaccines]
    """,
)
declare(
    "HC112",
    "not-a-mapping",
    """A file holds fields and their values: it is not empty, and no list or text as a whole.

    Begin with `id:` in the first column. A hyphen before it makes the file a list; a line without a
    colon makes it a text. An empty file is often one that was never saved.
    """,
)
declare(
    "HC113",
    "line-break",
    """Only `summary` and `notes` have paragraphs; no text begins or ends with a line break.

    A title or a name with a line break in it makes two rows of one in a table. Write it on one
    line; `>-` folds a long text, so that its lines are one line to a reader and no break is left at
    its end.

    Fails:

        title: |-
          Azerbaijan's health minister
          visits Cuba

    Passes:

        title: >-
          Azerbaijan's health minister
          visits Cuba
    """,
)
declare(
    "HC114",
    "field-name",
    """The name of a field is a word: no list, no mapping, nothing empty, nothing endless.

    A record looks so when a bracket stands before a name, or when a colon begins a line. Write a
    field as a word, a colon, a space and the value.

    Fails:

        places:
          - [city]: Havana
            country: CU

    Passes:

        places:
          - city: Havana
            country: CU
    """,
)
declare(
    "HC115",
    "unreadable",
    """The operating system lets the tool read a file.

    It may belong to somebody else, be no file but a pipe or a folder, lead out of the tree, or have
    gone while it was looked for. The finding says which; nothing else is known of such a file.
    """,
)
declare(
    "HC116",
    "comment",
    """A record has no comments: what stands behind a space and a `#` is read by nobody.

    A `#` in the middle of a text cuts it off there, without a word: put the text in double quotes.
    What a curator must know stands in `notes`, where it is kept, searched and shown; the layout
    keeps no comment but the first line, which tells editors where the schema is.

    Fails:

        title: Azerbaijan and Cuba hold meeting #1 of their council

    Passes:

        title: "Azerbaijan and Cuba hold meeting #1 of their council"
    """,
    severity=Severity.WARNING,
)
