"""Ids of new records, and where their files belong."""

import re
from collections.abc import Container, Iterator, Mapping
from itertools import count
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.model import dates
from healthcoop.model.folding import fold, name_key
from healthcoop.model.record import Record
from healthcoop.model.spec import FIELDS
from healthcoop.model.vocabulary import Vocabulary

_MOST_CODES = 3
_MOST_WORDS = 4
_LONGEST = 90  # characters, so that a number still fits
_MANY = "multi"
_COMMON = """
a after an agree agreed agrees and as at between by cooperate cooperation discuss discusses
first for from global have health healthcare held her his hold holds in international into its
meet meets of on or over receive receives republic sign signed signing signs state states talk
talks that the their to two understanding visits with
"""  # words that do not distinguish one record of the same parties and year from another


def propose_id(data: Mapping[str, Any], vocabulary: Vocabulary, taken: Container[str]) -> str:
    """Return an id that is not in ``taken``: the year, party codes, a few words of the title.

    The year is that of the earliest day, or the latest where there is none. Raises DateError for
    an invalid date, and ShapeError for data that is no record.
    """
    record = Record.from_data(data)
    date = dates.parse(record.date)
    codes = [party.code for party in record.sides] or [party.code for party in record.parties]
    parties = [_MANY] if len(codes) > _MOST_CODES else [_ascii(code) for code in codes]
    words = [*_words(record, vocabulary)][:_MOST_WORDS] or [record.type or "event"]
    stem = "-".join(filter(None, (f"{date.year:04}", *parties, *words)))[:_LONGEST].rstrip("-")
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken else next(ident for ident in numbered if ident not in taken)


def _words(record: Record, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the words of the title that are neither common nor part of a party's name."""
    named = set(_COMMON.split())
    for party in record.parties:
        term = vocabulary.countries.get(party.code) or vocabulary.organisations.get(party.code)
        for name in (term.label, *term.names) if term else ():
            named.update(name_key(name).split())
    for word in name_key(re.sub(r"['’]s?\b", "", record.title)).split():
        plain = _ascii(word)
        if plain and len(plain) > 1 and not {word, word.removesuffix("s")} & named:
            named.add(word)
            yield plain


def _ascii(text: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", fold(text)))


def record_path(ident: str) -> str:
    """Return the path of a new record below the root; raises HealthcoopError for an invalid id."""
    field = FIELDS["id"]
    if not re.fullmatch(field.pattern, ident) or len(ident) > (field.most or 0):
        raise HealthcoopError(f"invalid id: {ident}", hint=field.pattern_message)
    return path_of(ident)


def path_of(ident: str) -> str:
    """Return the path of the record with an id, below the root."""
    return f"records/{ident[:4]}/{ident}.yaml"
