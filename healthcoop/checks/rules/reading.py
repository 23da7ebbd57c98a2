"""HC1: what the strict reader will not take."""

from healthcoop.checks.rules.registry import declare

declare("HC101", "utf-8", "A record is UTF-8; a byte that is not would be read as another letter.")
declare("HC102", "file-size", "A file has at most 256 KiB: one file is one event.")
declare(
    "HC103",
    "control-character",
    "Characters that cannot be seen, a byte-order mark that is not first, and separators that only "
    "some YAML readers take for a line break.",
)
declare(
    "HC104", "tab", "A tab: YAML forbids it for indentation, and elsewhere it looks like spaces."
)
declare("HC105", "yaml", "The text does not follow the syntax of YAML.")
declare("HC106", "duplicate-key", "A field that stands twice: readers would keep one or the other.")
declare("HC107", "anchor", "Anchors and aliases: a record says each thing in its own place.")
declare("HC108", "tag", "Tags and directives: every value is text, but true and false.")
declare("HC109", "second-document", "A second document: one file is one record.")
declare(
    "HC110", "empty-value", "A field without a value, `null` or `~`: absent fields are left out."
)
declare("HC111", "depth", "Nesting of more than 32 levels.")
declare("HC112", "not-a-mapping", "A file that is empty, or a list or a text as a whole.")
declare(
    "HC113", "line-break", "A line break in a field of one line, or at the ends of a prose field."
)
declare("HC114", "field-name", "A list, a mapping or nothing where the name of a field is wanted.")
declare("HC115", "unreadable", "A file that the operating system would not let the tool read.")
