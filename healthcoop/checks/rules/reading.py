"""HC1: what the strict YAML reader refuses."""

from healthcoop.checks.findings import Severity
from healthcoop.checks.registry import declare

declare(
    "HC101",
    "utf-8",
    """A record is encoded in UTF-8; in another encoding letters would be misread.

    `München` saved as Latin-1 or Windows-1252 is `MÃ¼nchen` to one program and an error to the
    next. Save the file as UTF-8: editors have this under “Save with encoding” and use it for new
    files. A file that git-crypt encrypted is decrypted first. Nothing else in the file is checked
    until it can be read.
    """,
)
declare(
    "HC102",
    "file-size",
    """A file has at most 256 KiB: one file is one event.

    The longest record has a fiftieth of that. A larger file contains several records or a whole
    text that should be linked to (`text_url`), or is not a record at all; parsing it could stop
    every program that reads the data.
    """,
)
declare(
    "HC103",
    "control-character",
    r"""A record has no control characters: they are invisible, and some programs execute them.

    The same is true of a byte-order mark that is not at the start, and of the separators U+0085,
    U+2028 and U+2029, which only some YAML parsers treat as line breaks. They are copied along with
    text from a PDF or a terminal. Delete them; where one is written as an escape in double quotes,
    delete the escape.

    Fails:

        title: "Azerbaijan's health\x07 minister visits Cuba"

    Passes:

        title: "Azerbaijan's health minister visits Cuba"
    """,
)
declare(
    "HC104",
    "tab",
    """A record has no tabs: YAML forbids them for indentation; elsewhere they look like spaces.

    The width of a tab depends on the editor, so lines that look aligned may not be. Set your editor
    to insert spaces instead (the `.editorconfig` of the data set does so): two for each level.
    """,
)
declare(
    "HC105",
    "yaml",
    """A record follows the syntax of YAML.

    Nearly always it is one of four mistakes: a text with a colon and a space, or one that begins
    with a character that YAML uses (`@ & * ! % [ {` and others), is not in double quotes; a
    quotation mark is not closed; a line is indented by a space more or less than its neighbours;
    there is no space after the colon or the hyphen. The mistake may be on the line above the place
    that is reported. Lines that git left in an unresolved merge conflict are named as such.

    Fails:

        title: The health minister in Havana: a first visit

    Passes:

        title: "The health minister in Havana: a first visit"
    """,
)
declare(
    "HC106",
    "duplicate-key",
    """A record, or an item of a list, has each field once.

    Of two lines some YAML parsers use the first and some the last. Delete the wrong one; several
    values of one field are written as a list.

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
    """A record has no anchors (`&`) and aliases (`*`).

    Whoever reads an alias has to search for its anchor, and a few of them can make a small file
    expand to gigabytes. Repeat the value. A text that begins with `&` or `*` is written in double
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
    """A record has no tags (`!`) and directives (`%`): every value but `true` and `false` is text.

    A tag sets the type of a value, and some YAML parsers run code that it names. Remove it. A text
    that begins with `!` is written in double quotes.

    Fails:

        date: !!str 2022-10-07

    Passes:

        date: "2022-10-07"
    """,
)
declare(
    "HC109",
    "second-document",
    """A file contains one record: no second document follows a line `---`.

    Most programs would read only the first of two records in one file. Move the second to a file of
    its own, named after its id. A single `---` above the record is allowed.

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
    """A field has a value: a field whose value is not known is left out.

    `notes:` without a value, `null` and a single `~` are no value to one program, an empty text to
    another, and the word “null” to a third. Remove the line. Where somebody has looked and found
    nothing, write `unknown` for dates of parties and terms.

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

    A record needs six. More is a mistake (brackets that are never closed) or an attempt to make
    programs run out of memory.

    Fails:

        topics: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[vaccines]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

    Passes:

        topics: [vaccines]
    """,
)
declare(
    "HC112",
    "not-a-mapping",
    """A file contains fields and their values: it is not empty, and not just a list or a text.

    Begin with `id:` in the first column. A hyphen before it makes the file a list; without a colon
    it is a text. An empty file is often one that was never saved; where Git LFS keeps a file, a
    clone without LFS has only a pointer to it.
    """,
)
declare(
    "HC113",
    "line-break",
    """Only `summary` and `notes` have paragraphs; no text begins or ends with a line break.

    A title or a name with a line break would become two rows in a table. Write it on one line, or
    after `>-`, which joins the lines of a long text and removes the line break at its end.

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
    """The name of a field is a word: not a list, not a mapping, not empty, not very long.

    This happens when there is a bracket before a name, a hyphen without a space, or a colon at the
    start of a line. Write a field as a word, a colon, a space and the value.

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
    "cannot-be-read",
    """Every file can be read.

    It may belong to another user, be a pipe or a folder, be a link, or have been deleted during the
    run. The finding states the reason; nothing else in such a file is checked.
    """,
)
declare(
    "HC116",
    "comment",
    """A record has no comments: everything after a space and a `#` is ignored.

    A `#` in the middle of a text cuts the text off there: write the text in double quotes. Remarks
    for curators go into `notes`, which are searched and shown. `fmt` removes all comments but the
    first line, which shows editors where the schema is.

    Fails:

        title: Azerbaijan and Cuba hold meeting #1 of their council

    Passes:

        title: "Azerbaijan and Cuba hold meeting #1 of their council"
    """,
    severity=Severity.WARNING,
)
declare(
    "HC117",
    "file-limits",
    """A list has at most 1,000 items, a file at most 20,000 names and values.

    The largest treaties have some two hundred parties with a few dates each. A file with more than
    that contains several records, or was made to keep the programs busy that read it.
    """,
)
declare(
    "HC118",
    "combining-marks",
    r"""A letter has at most eight combining marks.

    Accents that are written as characters of their own follow their letter: no language puts more
    than three or four on one. More of them cover the lines above and below, and slow programs down
    that compare texts.

    Fails:

        title: "Health minister in Baku\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"

    Passes:

        title: "Health minister in Baku"
    """,
)
