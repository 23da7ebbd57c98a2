"""Query: the filters of ``list``, ``summary``, ``stats`` and ``export``, each declared once here.

To add a filter, add a field with its Filter to Query. The option of the command line and its help,
the check and the code of a name, the SQL and the words above a picture all come from that entry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from healthcoop.index import conditions, values
from healthcoop.index.conditions import Condition, either, every, one_of, part
from healthcoop.index.database import storable
from healthcoop.index.filters import (
    Filter,
    country,
    country_or_text,
    edtf,
    either_of,
    filter_,
    in_parts,
    of_codes,
    party,
    quoted,
)

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

_CERTAINTY = {"certain": "certainly", "possible": "possibly"}
_LEVELS = {
    "national": "no region, province or city as a side",
    "subnational": "a region, province or city as a side",
}
_LATERAL = {
    "bilateral": "of two countries",
    "multilateral": "of three countries and more",
    "organisation": "of an organisation with one country or none",
}
_WITHDRAWN = {
    "exclude": ("NOT record.withdrawn", ""),
    "include": ("TRUE", "withdrawn records too"),
    "only": ("record.withdrawn", "withdrawn records only"),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Query:
    """Which records to select: different filters are combined with and, the values of one with or.

    A filter with several values takes a sequence, or a single value, and its name in the singular
    is understood: ``country="AZ"``. ``countries``, ``not_countries`` (of none of which a record is)
    and ``pairs`` are of countries or organisations; these, ``types``, ``topics``, ``regions``,
    ``extended_to`` and ``collections`` are codes, and names too where ``resolve`` is applied, as in
    Dataset. ``since``, ``until`` and ``years`` are EDTF texts, years as numbers or dates, and match
    by overlap, of a qualified date's widened days with ``loose``. ``places`` are countries, or else
    words; ``persons`` and ``sources`` are parts of texts; ``texts`` are words, "phrases", OR, -not
    and begin*; ``ids`` are patterns with ``* ? [...]``. ``in_force_on`` is a date or the text of
    one; ``certainty`` qualifies it, ``possible`` including certain. Raises TypeError, with the name
    of the filter, for a value of another type or an unknown filter, and HealthcoopError for a text
    that is not a day.
    """

    countries: Sequence[str] = filter_(
        "--country",
        metavar="C",
        help="This country or organisation is a party: code or name.",
        vocabularies=("countries", "organisations"),
        resolve=party,
        sql=lambda query: part("party", one_of("code", query.countries)),
        words=lambda query, names: either_of(map(names.label, query.countries)),
    )
    not_countries: Sequence[str] = filter_(
        "--not-country",
        metavar="C",
        help="This country or organisation is not a party.",
        vocabularies=("countries", "organisations"),
        resolve=party,
        sql=lambda query: conditions.negated(part("party", one_of("code", query.not_countries))),
        words=lambda query, names: f"without {either_of(map(names.label, query.not_countries))}",
    )
    pairs: Sequence[tuple[str, str]] = filter_(
        "--pair",
        metavar="A B",
        help="Both countries or organisations are parties.",
        value=values.pair,
        vocabularies=("countries", "organisations"),
        resolve=party,
        sql=lambda query: either(conditions.both_parties, query.pairs),
        words=lambda query, names: either_of(
            f"{names.label(one)} with {names.label(other)}" for one, other in query.pairs
        ),
    )
    types: Sequence[str] = of_codes(
        "--type", "types", "A type: mou, meeting ...", partial(one_of, "record.type")
    )
    kind: Literal["instrument", "encounter"] | None = filter_(
        "--kind",
        None,
        choices=("instrument", "encounter"),
        help="Instruments that were signed, or encounters that took place.",
        sql=lambda query: ("record.kind = ?", [query.kind or ""]),
        words=lambda query, _: f"{query.kind}s only",
    )
    topics: Sequence[str] = of_codes(
        "--topic", "topics", "A topic.", lambda codes: part("topic", one_of("code", codes))
    )
    regions: Sequence[str] = of_codes(
        "--region",
        "regions",
        "A country of this region is a party: WHO's by code, M49's by name or number.",
        conditions.in_regions,
    )
    level: Literal["national", "subnational"] | None = filter_(
        "--level",
        None,
        choices=tuple(_LEVELS),
        help="A region, province or city acted for a side (subnational), or for none (national).",
        sql=lambda query: conditions.at_level(query.level or ""),
        words=lambda query, _: _LEVELS[query.level or ""],
    )
    extended_to: Sequence[str] = filter_(
        "--extended-to",
        metavar="C",
        help="A party extended the text to this territory.",
        vocabularies=("countries",),
        resolve=country,
        sql=lambda query: part("extension", one_of("code", query.extended_to)),
        words=lambda query, names: f"extended to {either_of(map(names.label, query.extended_to))}",
    )
    persons: Sequence[str] = in_parts("person", "folded", "Part of a person's name.")
    texts: Sequence[str] = filter_(
        "--text",
        metavar="QUERY",
        help='Words, "phrases", begin*, OR, -not; accents and case are ignored.',
        sql=lambda query: either(conditions.text, query.texts),
        words=quoted("text", "texts"),
    )
    since: str | None = filter_(
        "--since",
        None,
        metavar="D",
        help="Possibly on this date (EDTF) or later.",
        value=values.when,
        resolve=edtf,
        sql=lambda query: conditions.since(query.since or "", loose=query.loose),
        words=lambda query, _: f"since {query.since}",
    )
    until: str | None = filter_(
        "--until",
        None,
        metavar="D",
        help="Possibly on this date (EDTF) or earlier.",
        value=values.when,
        resolve=edtf,
        sql=lambda query: conditions.until(query.until or "", loose=query.loose),
        words=lambda query, _: f"until {query.until}",
    )
    years: Sequence[str] = filter_(
        "--year",
        metavar="Y",
        help="Possibly in this year (EDTF).",
        value=values.when,
        resolve=edtf,
        sql=lambda query: either(partial(conditions.in_year, loose=query.loose), query.years),
        words=lambda query, _: f"in {either_of(query.years)}",
    )
    loose: bool = filter_(
        "--loose",
        False,
        help="Widen dates marked ~ ? % as the status does, for --since, --until and --year.",
        value=values.flag,
        words=lambda *_: "approximate and uncertain dates widened",
        goes_with=("since", "until", "years"),
    )
    places: Sequence[str] = filter_(
        "--place",
        metavar="TEXT",
        help="A country by code or name, or else words of a city and venue.",
        resolve=country_or_text,
        sql=lambda query: part("place", either(conditions.at_place, query.places)),
        words=lambda query, names: (
            "place "
            + either_of(f"“{names.label_in('countries', place)}”" for place in query.places)
        ),
    )
    lateral: Sequence[Literal["bilateral", "multilateral", "organisation"]] = filter_(
        "--lateral",
        choices=tuple(_LATERAL),
        help="Two countries; more countries; an organisation with one country or none.",
        sql=lambda query: one_of("record.lateral", query.lateral),
        words=lambda query, _: either_of(_LATERAL[value] for value in query.lateral),
    )
    in_force_on: date | None = filter_(  # noqa: RUF009 - a dataclass field
        "--in-force-on",
        None,
        metavar="D",
        help="Instruments in force on this day.",
        parse=values.parse_day,
        value=values.day,
        sql=lambda query: conditions.in_force(
            f"{query.in_force_on}", query.certainty, query.countries, query.pairs
        ),
        words=lambda query, _: f"{_CERTAINTY[query.certainty]} in force on {query.in_force_on}",
    )
    certainty: Literal["certain", "possible"] = filter_(
        "--certainty",
        "possible",
        choices=tuple(_CERTAINTY),
        help="With --in-force-on: possible, the default, includes certain.",
        goes_with=("in_force_on",),
    )
    sources: Sequence[str] = in_parts(
        "source", conditions.SOURCE, "Part of a source's address, publisher or title."
    )
    collections: Sequence[str] = of_codes(
        "--collection", "collections", "A collection.", partial(one_of, "record.collection")
    )
    ids: Sequence[str] = filter_(
        "--id",
        metavar="GLOB",
        help="Ids that match a pattern such as '2022-az-*'.",
        folded=True,
        sql=lambda query: either(lambda glob: ("record.ident GLOB ?", [glob]), query.ids),
        words=quoted("id", "ids"),
    )
    withdrawn: Literal["exclude", "include", "only"] = filter_(
        "--withdrawn",
        "exclude",
        choices=("include", "only"),
        help="Include withdrawn records, or list only them.",
        sql=lambda query: (_WITHDRAWN[query.withdrawn][0], []),
        words=lambda query, _: _WITHDRAWN[query.withdrawn][1],
    )

    if not TYPE_CHECKING:  # for a type checker, the fields are the arguments

        def __init__(self, **filters: Any) -> None:
            """Store the filters; each name may also be that of the option: ``country``."""
            given = {}
            for name, value in filters.items():
                known = _FIELDS.get(name)
                if known is None:
                    near = values.nearest(name, [*_FIELDS])
                    hint = f"; did you mean {near[0]}?" if near else ""
                    raise TypeError(f"there is no filter {name}{hint}")
                if known in given:
                    raise TypeError(f"{known} is given twice, as {name} too")
                # A pair of texts is one pair in the singular only.
                lone = name == "pair" and isinstance(value, Sequence) and len(value) == 2
                given[known] = (value,) if lone and isinstance(value[0], str) else value
            for name, default in DEFAULTS.items():
                value = given.get(name, default)
                convert = FILTERS[name].value
                if default == ():
                    value = values.several(name, value, convert)
                elif (value, default) != (None, None):
                    value = convert(name, value)
                object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        values = {name: getattr(self, name) for name in DEFAULTS}
        shown = (f"{name}={value!r}" for name, value in values.items() if value != DEFAULTS[name])
        return f"Query({', '.join(shown)})"


FILTERS: Mapping[str, Filter] = {each.name: each.metadata["filter"] for each in fields(Query)}
"""The filters by the name of their field."""
DEFAULTS: Mapping[str, Any] = {each.name: each.default for each in fields(Query)}


_FIELDS: Mapping[str, str] = {
    **{entry.name: name for name, entry in FILTERS.items()},
    **{name: name for name in FILTERS},
}
"""The names of fields by every name that a Python caller may use."""


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
