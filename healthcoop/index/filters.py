"""What a filter of ``Query`` is, and the kinds of filters that there are several of."""

import shlex
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.index import values
from healthcoop.index.conditions import Condition, contains, either, part

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What one filter is called, accepts, selects and means; the metadata of a field of Query.

    ``option``, ``help``, ``metavar`` and ``choices`` are those of the command line, ``parse``
    converts its text; its codes are those of ``vocabularies``. ``value`` checks and converts one
    value of a Python caller. ``resolve`` checks a text and returns its code. ``folded`` values
    match parts of texts, ignoring accents and case. ``sql`` and ``words`` are for a Query in which
    the filter is set; a filter that ``goes_with`` one of others has no SQL of its own: theirs
    includes it.
    """

    option: str
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    vocabularies: tuple[str, ...] = ()
    parse: Callable[[str], Any] = str
    value: Callable[[str, object], Any] = values.text
    resolve: Callable[[str, "Vocabulary"], str] | None = None
    folded: bool = False
    sql: Callable[[Any], Condition] | None = None
    words: Callable[[Any, "Vocabulary"], str] | None = None
    goes_with: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The option as a name in Python: ``not_country``."""
        return self.option.removeprefix("--").replace("-", "_")


def filter_(option: str, default: Any = (), **entry: Any) -> Any:
    """Return a field of Query; one with several values has the default ``()``."""
    return field(default=default, metadata={"filter": Filter(option=option, **entry)})


def of_codes(option: str, kind: str, help_: str, sql: Callable[[Sequence[str]], Condition]) -> Any:
    """Return the filter by the codes of a vocabulary, whose name is that of the field."""

    def words(query: Any, names: "Vocabulary") -> str:
        terms = names.terms(kind)
        return either_of(
            terms[code].label if code in terms else code for code in getattr(query, kind)
        )

    return filter_(
        option,
        metavar=option[2].upper(),
        help=help_,
        vocabularies=(kind,),
        resolve=lambda text, vocabulary: vocabulary.find(kind, text),
        sql=lambda query: sql(getattr(query, kind)),
        words=words,
    )


def in_parts(table: str, expression: str, help_: str) -> Any:
    """Return the filter by texts within a folded expression over a table of parts."""
    name = f"{table}s"
    return filter_(
        f"--{table}",
        metavar="TEXT",
        help=help_,
        folded=True,
        sql=lambda query: part(
            table, either(lambda text: contains(expression, text), getattr(query, name))
        ),
        words=quoted(table, name),
    )


def party(text: str, vocabulary: "Vocabulary") -> str:
    """Return the code of a country or an organisation; raises UnknownName, and for a region."""
    try:
        return vocabulary.find_party(text)
    except UnknownName as unknown:
        _check_region(text, vocabulary, unknown.message)
        raise


def country(text: str, vocabulary: "Vocabulary") -> str:
    """Return the code of a country; raises UnknownName, and HealthcoopError for a region."""
    try:
        return vocabulary.find("countries", text)
    except UnknownName as unknown:
        _check_region(text, vocabulary, unknown.message)
        raise


def _check_region(text: str, vocabulary: "Vocabulary", message: str) -> None:
    """Raise HealthcoopError for the name of a region, with the filter by it as the hint."""
    with suppress(UnknownName):
        label = vocabulary.regions[vocabulary.find("regions", text)].label
        hint = f"{label} is a region: --region {shlex.quote(text)}"
        raise HealthcoopError(message, hint=hint)


def country_or_text(text: str, vocabulary: "Vocabulary") -> str:
    """Return the code of a country; the text itself where it is not a country's code or name.

    After a comma a country becomes its code too: ``Istanbul, Turkey`` is ``Istanbul, TR``.
    """
    before, comma, last = text.rpartition(",")
    for start, name in (("", text), (f"{before}, ", last if comma else "")):
        with suppress(UnknownName):
            return f"{start}{vocabulary.find('countries', name)}"
    return text


def edtf(text: str, _: "Vocabulary") -> str:
    """Return an EDTF text; raises HealthcoopError for any other."""
    values.check_date(text)
    return text


def either_of(texts: Iterable[str]) -> str:
    """Return texts in words, one of which is enough."""
    return " or ".join(texts)


def quoted(word: str, name: str) -> Callable[[Any, "Vocabulary"], str]:
    """Return a function that describes the texts of a filter, after a word."""
    return lambda query, _: f"{word} {either_of(f'“{text}”' for text in getattr(query, name))}"
