"""Query: the filters of ``list``, ``summary``, ``stats`` and ``export``, each declared once here.

To add a filter, add a field with its Filter to Query. The option of the command line and its help,
the check and the code of a name, the SQL and the words above a picture all come from that entry.
"""

import contextlib
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.index import conditions
from healthcoop.index.conditions import Condition, contains, either, every, one_of, part
from healthcoop.index.database import storable
from healthcoop.model.folding import fold

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What one filter is called, accepts, selects and means; the metadata of a field of Query.

    ``option``, ``help``, ``metavar`` and ``choices`` are those of the command line, ``parse``
    converts its text. ``resolve`` checks a text and returns its code. ``folded`` values match parts
    of texts, ignoring accents and case. ``sql`` and ``words`` are for a query in which the filter
    is set; a filter that is ``part_of`` another one has neither: the other one's include it.
    """

    option: str
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    parse: Callable[[str], Any] = str
    resolve: Callable[[str, "Vocabulary"], str] | None = None
    folded: bool = False
    sql: Callable[["Query"], Condition] | None = None
    words: Callable[["Query", "Vocabulary"], str] | None = None
    part_of: str | None = None


def _filter(option: str, default: Any = (), **entry: Any) -> Any:
    return field(default=default, metadata={"filter": Filter(option=option, **entry)})


def _party(text: str, vocabulary: "Vocabulary") -> str:
    return vocabulary.find_party(text)


def _date(text: str, _: "Vocabulary") -> str:
    check_date(text)
    return text


def parse_day(text: str) -> date:
    """Parse an EDTF date of exactly one day; raises HealthcoopError for any other text."""
    from healthcoop.model import dates

    check_date(text)
    when = dates.parse(text)
    if not when.exact or when.earliest is None:
        raise HealthcoopError(f"“{text}” is not one day", hint="Write a day such as 2026-11-21.")
    return when.earliest


def _or(texts: Iterable[str]) -> str:
    return " or ".join(texts)


def _quoted(word: str, name: str) -> Callable[["Query", "Vocabulary"], str]:
    return lambda query, _: f"{word} {_or(f'“{text}”' for text in getattr(query, name))}"


def _of_codes(option: str, kind: str, help_: str, sql: Callable[[Sequence[str]], Condition]) -> Any:
    """Return the filter by the codes of a vocabulary, whose name is that of the field."""

    def words(query: "Query", names: "Vocabulary") -> str:
        terms = names.terms(kind)
        return _or(terms[code].label if code in terms else code for code in getattr(query, kind))

    return _filter(
        option,
        metavar=option[2].upper(),
        help=help_,
        resolve=lambda text, vocabulary: vocabulary.find(kind, text),
        sql=lambda query: sql(getattr(query, kind)),
        words=words,
    )


def _in_parts(table: str, expression: str, help_: str) -> Any:
    """Return the filter by texts within a folded expression over a table of parts."""
    name = f"{table}s"
    return _filter(
        f"--{table}",
        metavar="TEXT",
        help=help_,
        folded=True,
        sql=lambda query: part(
            table, either(lambda text: contains(expression, text), getattr(query, name))
        ),
        words=_quoted(table, name),
    )


_CERTAINTY = {"certain": "certainly", "possible": "possibly"}
_LATERAL = {
    "bilateral": "of two countries",
    "multilateral": "of three countries and more",
    "organisation": "of an organisation with one country or none",
}
_WITHDRAWN = {
    "exclude": ("NOT record.withdrawn", ""),
    "include": ("1", "withdrawn records too"),
    "only": ("record.withdrawn", "withdrawn records only"),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Query:
    """Which records to select: different filters are combined with and, the values of one with or.

    A filter with several values takes a sequence, or a single text. ``countries`` and ``pairs`` are
    of countries or organisations; these, ``types``, ``topics``, ``regions`` and ``collections`` are
    codes, and names too where ``resolve`` is applied, as in Dataset. ``since``, ``until`` and
    ``years`` are EDTF texts and match by overlap; ``persons``, ``places`` and ``sources`` are parts
    of texts; ``texts`` are words, "phrases", -not and begin*; ``ids`` are patterns with ``* ?
    [...]``; ``certainty`` qualifies ``in_force_on``, ``possible`` including certain. Raises
    TypeError, with the name of the filter, for a value of another type.
    """

    countries: Sequence[str] = _filter(
        "--country",
        metavar="C",
        help="This country or organisation is a party: code or name.",
        resolve=_party,
        sql=lambda query: part("party", one_of("code", query.countries)),
        words=lambda query, names: _or(map(names.label, query.countries)),
    )
    pairs: Sequence[tuple[str, str]] = _filter(
        "--pair",
        metavar="A B",
        help="Both countries or organisations are parties.",
        resolve=_party,
        sql=lambda query: either(conditions.both_parties, query.pairs),
        words=lambda query, names: _or(
            f"{names.label(one)} with {names.label(other)}" for one, other in query.pairs
        ),
    )
    types: Sequence[str] = _of_codes(
        "--type", "types", "A type: mou, meeting ...", partial(one_of, "record.type")
    )
    kind: Literal["instrument", "encounter"] | None = _filter(
        "--kind",
        None,
        choices=("instrument", "encounter"),
        help="Instruments that were signed, or encounters that took place.",
        sql=lambda query: ("record.kind = ?", [query.kind or ""]),
        words=lambda query, _: f"{query.kind}s only",
    )
    topics: Sequence[str] = _of_codes(
        "--topic", "topics", "A topic.", lambda codes: part("topic", one_of("code", codes))
    )
    regions: Sequence[str] = _of_codes(
        "--region",
        "regions",
        "A country of this region is a party: WHO's by code, M49's by name or number.",
        conditions.in_regions,
    )
    persons: Sequence[str] = _in_parts("person", "folded", "Part of a person's name.")
    texts: Sequence[str] = _filter(
        "--text",
        metavar="QUERY",
        help='Words, "phrases", begin*, -not; accents and case are ignored.',
        sql=lambda query: either(conditions.text, query.texts),
        words=_quoted("text", "texts"),
    )
    since: str | None = _filter(
        "--since",
        None,
        metavar="D",
        help="Possibly on this date (EDTF) or later.",
        resolve=_date,
        sql=lambda query: conditions.since(query.since or ""),
        words=lambda query, _: f"since {query.since}",
    )
    until: str | None = _filter(
        "--until",
        None,
        metavar="D",
        help="Possibly on this date (EDTF) or earlier.",
        resolve=_date,
        sql=lambda query: conditions.until(query.until or ""),
        words=lambda query, _: f"until {query.until}",
    )
    years: Sequence[str] = _filter(
        "--year",
        metavar="Y",
        help="Possibly in this year (EDTF).",
        resolve=_date,
        sql=lambda query: either(conditions.in_year, query.years),
        words=lambda query, _: f"in {_or(query.years)}",
    )
    places: Sequence[str] = _in_parts(
        "place", conditions.PLACE, "Part of a city, country or venue."
    )
    lateral: Sequence[Literal["bilateral", "multilateral", "organisation"]] = _filter(
        "--lateral",
        choices=tuple(_LATERAL),
        help="Two countries; more countries; an organisation with one country or none.",
        sql=lambda query: one_of("record.lateral", query.lateral),
        words=lambda query, _: _or(_LATERAL[value] for value in query.lateral),
    )
    in_force_on: date | None = _filter(  # noqa: RUF009 - a dataclass field
        "--in-force-on",
        None,
        metavar="D",
        help="Instruments in force on this day.",
        parse=parse_day,
        sql=lambda query: conditions.in_force(
            f"{query.in_force_on}", query.certainty, query.countries, query.pairs
        ),
        words=lambda query, _: f"{_CERTAINTY[query.certainty]} in force on {query.in_force_on}",
    )
    certainty: Literal["certain", "possible"] = _filter(
        "--certainty",
        "possible",
        choices=tuple(_CERTAINTY),
        help="With --in-force-on: possible, the default, includes certain.",
        part_of="in_force_on",
    )
    sources: Sequence[str] = _in_parts(
        "source", conditions.SOURCE, "Part of a source's address, publisher or title."
    )
    collections: Sequence[str] = _of_codes(
        "--collection", "collections", "A collection.", partial(one_of, "record.collection")
    )
    ids: Sequence[str] = _filter(
        "--id",
        metavar="GLOB",
        help="Ids that match a pattern such as '2022-az-*'.",
        folded=True,
        sql=lambda query: either(lambda glob: ("record.ident GLOB ?", [glob]), query.ids),
        words=_quoted("id", "ids"),
    )
    withdrawn: Literal["exclude", "include", "only"] = _filter(
        "--withdrawn",
        "exclude",
        choices=("include", "only"),
        help="Include withdrawn records, or list only them.",
        sql=lambda query: (_WITHDRAWN[query.withdrawn][0], []),
        words=lambda query, _: _WITHDRAWN[query.withdrawn][1],
    )

    def __post_init__(self) -> None:
        for name, default in DEFAULTS.items():
            value = getattr(self, name)
            if name == "in_force_on":
                value = value if value is None else exact_day(name, value)
            elif name == "pairs":
                value = _pairs(value)
            elif default == ():
                value = _texts(name, value)
            elif not isinstance(value, str) and (value, default) != (None, None):
                raise TypeError(f"{name} must be a text, not {value!r}")
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        values = {name: getattr(self, name) for name in DEFAULTS}
        shown = (f"{name}={value!r}" for name, value in values.items() if value != DEFAULTS[name])
        return f"Query({', '.join(shown)})"


FILTERS: Mapping[str, Filter] = {each.name: each.metadata["filter"] for each in fields(Query)}
"""The filters by the name of their field."""
DEFAULTS: Mapping[str, Any] = {each.name: each.default for each in fields(Query)}


def resolve(query: Query, vocabulary: "Vocabulary") -> Query:
    """Return the query with codes in the place of names, after checking its values.

    Raises UnknownName with the nearest names, and HealthcoopError for a text that is not a date or
    is empty.
    """
    resolved: dict[str, Any] = {}
    for name, entry in FILTERS.items():
        value = getattr(query, name)
        values = value if DEFAULTS[name] == () else () if value is None else (value,)
        for each in values:
            if entry.choices and each != DEFAULTS[name]:
                check_choice(name, each, entry.choices)
            if entry.folded and not fold(each).strip():
                raise HealthcoopError(f"{name}: “{each}” has no text to search for")
        if entry.resolve is None or not values:
            continue
        codes = tuple(
            tuple(entry.resolve(text, vocabulary) for text in each)
            if name == "pairs"
            else _resolved(entry, each, vocabulary)
            for each in values
        )
        resolved[name] = codes if DEFAULTS[name] == () else codes[0]
    return replace(query, **resolved)


def _resolved(entry: Filter, text: str, vocabulary: "Vocabulary") -> str:
    """Return the code of a filter's text; a list of names is an error with a hint of its own."""
    assert entry.resolve is not None  # noqa: S101 - only called with one
    try:
        return entry.resolve(text, vocabulary)
    except UnknownName as unknown:
        names = [name.strip() for name in text.split(",")]
        with contextlib.suppress(UnknownName):
            if len(names) > 1 and all(entry.resolve(name, vocabulary) for name in names):
                repeated = " ".join(f"{entry.option} {shlex.quote(name)}" for name in names)
                hint = f"Repeat the option for each name: {repeated}"
                raise HealthcoopError(unknown.message, hint=hint) from None
        raise


def where(query: Query) -> Condition:
    """Return the condition over ``record`` that a query stands for.

    Raises dates.DateError for a ``since``, ``until`` or year that is not a date, and
    HealthcoopError for a ``since`` or ``until`` that excludes nothing and a text without a word.
    """
    set_ = (entry for name, entry in FILTERS.items() if getattr(query, name) not in ((), None))
    text, values = every([entry.sql(query) for entry in set_ if entry.sql])
    return text, [storable(value) if isinstance(value, str) else value for value in values]


def describe(query: Query, names: "Vocabulary") -> str:
    """Return the filters of a query in words, for a caption; empty where none is set."""
    text = "; ".join(
        entry.words(query, names)
        for name, entry in FILTERS.items()
        if entry.words and getattr(query, name) != DEFAULTS[name]
    )
    return text[:1].upper() + text[1:]


def exact_day(name: str, value: object) -> date:
    """Return a date without its time, which pandas' days have; raises TypeError for no date."""
    if not isinstance(value, date):
        raise TypeError(f"{name} must be a datetime.date, not {value!r}")
    return date(value.year, value.month, value.day)


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Raise UnknownName, with the nearest of the choices, for a value that is none of them."""
    if value not in choices:
        otherwise = f"Choose from: {', '.join(choices)}."
        raise UnknownName(name, str(value), nearest(str(value), choices), otherwise=otherwise)


def check_date(text: str) -> None:
    """Raise HealthcoopError, with what to write instead, for a text that is not an EDTF date."""
    from healthcoop.model import dates

    try:
        dates.parse(text)
    except dates.DateError as error:
        raise HealthcoopError(error.message, hint=error.hint) from None


def nearest(text: str, choices: Sequence[str]) -> list[str]:
    """Return the up to three choices that are spelt most like a text."""
    from difflib import get_close_matches

    return get_close_matches(text, choices, n=3)


def _texts(name: str, value: object) -> tuple[str, ...]:
    """Return texts as a tuple; a single text, itself a sequence of letters, becomes one of one."""
    values = (value,) if isinstance(value, str) else value
    if not isinstance(values, Iterable):
        raise TypeError(f"{name} must be texts, not {value!r}")
    values = tuple(values)
    for each in values:
        if not isinstance(each, str):
            raise TypeError(f"{name} must be texts, not {each!r}")
    return values


def _pairs(value: object) -> tuple[tuple[str, ...], ...]:
    pairs = tuple(value) if isinstance(value, Iterable) else ("",)
    # A text is a sequence too, and a code has two letters.
    if any(
        isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2 for pair in pairs
    ):
        raise TypeError(f"pairs must be pairs such as [('AZ', 'TR')], not {value!r}")
    return tuple(_texts("pairs", pair) for pair in pairs)
