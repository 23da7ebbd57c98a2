"""Kinds of field: what an entry of the table in ``model/record.py`` consists of.

Each attribute of a class decorated with ``record_part`` is one ``Field``, made by one of the
functions below: ``text``, ``prose``, ``date``, ``choice`` ... Their keywords ``more`` are flags of
``Field``. From these entries ``model/spec.py`` derives every other list of fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, dataclass_transform, get_origin

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record or of a part of it.

    ``kind`` is the kind of its value: ``text`` (one line), ``prose`` (paragraphs, folded),
    ``pattern`` (text of a fixed form), ``date`` (EDTF), ``choice`` (a key of ``choices``, which
    maps a value to its meaning), ``code`` (of ``vocabulary``; ``code`` is its name in CODES),
    ``flag``, ``list`` (of ``item``), ``part`` (a mapping), ``says`` (field names to text).

    ``doc``, ``title`` (by default the name) and ``examples`` are shown by editors and in
    docs/fields.md; ``least`` and ``most`` are numbers of characters; ``words`` may stand in place
    of a date or a duration.

    ``unique``: the items of a list are codes or names, each once, laid out on one line. ``flow``:
    so is each item, a mapping. ``some``: a mapping has at least one field. ``search``: read by
    ``--text``. ``column``: a column of ``list --columns``. ``optional``: nothing is missing where
    it is absent, so the statistic of completeness leaves it out, and a form shows it on request.
    ``instruments``: means nothing in an encounter. ``lookup``: a day on which somebody read
    something, so after the web was opened.

    ``path`` is set by ``model/spec.py``: ``parties.role`` for the role of a party.
    """

    kind: str
    doc: str
    title: str = ""
    examples: tuple[Any, ...] = ()
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    pattern_message: str = ""
    choices: Mapping[str, str] | None = None
    words: tuple[str, ...] = ()
    vocabulary: str = ""
    code: str = ""
    item: "Field | None" = None
    required: bool = False
    unique: bool = False
    flow: bool = False
    some: bool = False
    search: bool = False
    column: bool = False
    optional: bool = False
    instruments: bool = False
    lookup: bool = False
    path: str = ""

    @property
    def name(self) -> str:
        """Its key in the file."""
        return self.path.rpartition(".")[2]


ENTRIES: dict[type, Mapping[str, Field]] = {}
"""The entries of each part, by attribute."""


@dataclass_transform(frozen_default=True)
def record_part(cls: type[T]) -> type[T]:
    """Make a class with entries a frozen dataclass; absent fields are ``""``, False, () or None."""
    hints = cls.__annotations__
    entries = {name: cls.__dict__[name] for name in hints}
    hint: Any
    for name, hint in hints.items():
        absent = hint() if hint in (str, bool) else () if get_origin(hint) is tuple else None
        setattr(cls, name, absent)
    part = dataclass(frozen=True, slots=True)(cls)
    ENTRIES[part] = entries
    return part


EDTF = (
    "EDTF: 2022-10-07, 2022-10, 2022; ~ approximate, ? uncertain, % both; 202X;"
    " a/b from a to b; [a..b] one of these days."
)
UNKNOWN = ("unknown",)
NONE_OR_UNKNOWN = ("none", "unknown")

CODES: Mapping[str, Field] = {
    name: Field(
        kind="code", doc=doc, title=title, examples=(example,), vocabulary=vocabulary, code=name
    )
    for name, vocabulary, title, doc, example in (
        (
            "country",
            "countries",
            "Country code",
            "A code of countries.json: ISO 3166-1 alpha-2, XK, a former state's ISO 3166-3 code, or"
            " one of ours that begins with X. Quote NO for other readers.",
            "AZ",
        ),
        (
            "organisation",
            "organisations",
            "Organisation code",
            "A code of organisations.yaml.",
            "WHO",
        ),
        ("topic", "topics", "Topic code", "A code of topics.yaml.", "health-workforce"),
        (
            "type",
            "types",
            "Type code",
            "A code of types.yaml; whether it is an instrument or an encounter follows from it.",
            "meeting",
        ),
        (
            "collection",
            "collections",
            "Collection code",
            "A code of collections.yaml.",
            "news-search-2026",
        ),
    )
}
"""The code lists, by their names among the definitions of the JSON Schema."""


def text(doc: str, least: int, most: int, *examples: str, **more: Any) -> Any:
    """Return a field of one line."""
    return Field(kind="text", doc=doc, least=least, most=most, examples=examples, **more)


def prose(doc: str, least: int, most: int, *examples: str, **more: Any) -> Any:
    """Return a field of one or more paragraphs."""
    return Field(kind="prose", doc=doc, least=least, most=most, examples=examples, **more)


def date(doc: str, *examples: str, **more: Any) -> Any:
    """Return a field with an EDTF date."""
    return Field(kind="date", doc=doc, least=4, most=40, examples=examples, **more)


def own_date(doc: str, *examples: str) -> Any:
    """Return a date of one party to an instrument."""
    doc = f"{doc} EDTF, or unknown (searched for and not found)."
    return date(doc, *examples, words=UNKNOWN, instruments=True, optional=True)


def pattern(doc: str, form: str, message: str, *examples: str, **more: Any) -> Any:
    """Return a field whose text has a fixed form; ``message`` is shown for a text that has not.

    The pattern is ASCII, in the syntax that ECMA 262 and Python's ``re`` share.
    """
    more |= {"pattern": form, "pattern_message": message}
    return Field(kind="pattern", doc=doc, examples=examples, **more)


def choice(doc: str, choices: Mapping[str, str], **more: Any) -> Any:
    """Return a field with one of a few values, each with its meaning; the first is the example."""
    return Field(kind="choice", doc=doc, choices=choices, examples=(next(iter(choices)),), **more)


def code(name: str, **more: Any) -> Any:
    """Return a field with a code of a vocabulary, by its name in CODES."""
    return replace(CODES[name], **more)


def flag(doc: str, **more: Any) -> Any:
    """Return a field that is true, or absent."""
    return Field(kind="flag", doc=doc, examples=(True,), **more)


def several(doc: str, item: Any, *examples: list[Any], **more: Any) -> Any:
    """Return a list of texts, codes or parts."""
    return Field(kind="list", doc=doc, item=item, examples=examples, **more)


def part(doc: str, **more: Any) -> Any:
    """Return a mapping whose fields are those of the dataclass in the annotation."""
    return Field(kind="part", doc=doc, **more)


def says(doc: str, *examples: dict[str, str], **more: Any) -> Any:
    """Return a mapping from names of the record's fields to what a source says instead."""
    return Field(kind="says", doc=doc, least=1, most=300, examples=examples, **more)


def record_id(doc: str, example: str, **more: Any) -> Any:
    """Return a field with the id of a record."""
    message = (
        "An id is a year, party codes and a few words, in lower-case letters, digits and single"
        " hyphens: 2022-az-cu-minister-ambassador."
    )
    return pattern(doc, "^[0-9]{4}-[a-z0-9]+(?:-[a-z0-9]+)*$", message, example, most=100, **more)


def url(doc: str, example: str, **more: Any) -> Any:
    """Return a field with a web address."""
    message = "A web address begins with http:// or https:// and has no space."
    return pattern(doc, "^https?://[^ ]+$", message, example, most=1000, **more)


def language(doc: str, *examples: str, **more: Any) -> Any:
    """Return a field with a language tag, BCP 47."""
    message = "A language is a BCP 47 tag such as en, az or zh-Hans."
    return pattern(doc, "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", message, *examples, **more)


def duration(doc: str, message: str, *examples: str, words: tuple[str, ...], **more: Any) -> Any:
    """Return a field with an ISO 8601 duration of whole years, months, weeks and days."""
    iso = "P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?"
    form = f"^(?:{'|'.join((iso, *words))})$"
    return pattern(doc, form, message, *examples, words=words, **more)
