"""What the answers of an issue form state: a day, sides, people, a place, as people write them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.dates import find_dates
from healthcoop.contribute.draft.names import FoundName, find_names
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.model.edtf import read
from healthcoop.model.vocabulary import Vocabulary

LANGUAGES = ("en", "es", "pt", "fr", "ru", "tr", "az")
"""The languages whose dates are read."""

_BEFORE_DATE = "According to the page, the event took place on the following day: "
_NO_MEANING = re.compile(
    r"(?:\b(?:on|in|the|of|from|de|le|el|em|en|года|г)\b|[\W_])+", re.IGNORECASE
)
_SPLIT = re.compile(r"\s*(?:[:;,(]|\s[–—-]\s)\s*")
_AND = re.compile(r"\s*[,;&/]\s*(?:and\s+)?|\s+(?:and|with)\s+", re.IGNORECASE)
_HONORIFICS = re.compile(
    r"(?:(?:H\.?\s?E\.?|Dra?|Doct(?:or|ora|eur)|Doutora?|Prof|Mr|Mrs|Ms|Hon)\b\.?\s*)+"
)
_EMBASSY = re.compile(r"(?:Embassy|Consulate)\b", re.I)
_OF = re.compile(r"\s+of(?:\s+the)?\s+\Z")
_ONLINE = re.compile(
    r"\b(?:online|on-line|video\w*|(?:tele)?phone|virtual\w*|zoom)\b", re.IGNORECASE
)


class StatedSide(NamedTuple):
    """A country or organisation, and the body that acted for it, if named."""

    code: str
    body: str = ""


class StatedPerson(NamedTuple):
    """A person with an office and a side, each empty where it is not stated."""

    name: str
    role: str = ""
    party: str = ""


class StatedPlace(NamedTuple):
    """A place; ``online`` where there was none."""

    country: str = ""
    city: str = ""
    venue: str = ""
    online: bool = False


def stated_date(text: str) -> str:
    """Return a day, month or year that a person wrote, as EDTF; raises HealthcoopError."""
    if read(text):
        return text
    in_words = any(character.isalpha() for character in text)
    for language in LANGUAGES if in_words else LANGUAGES[:1]:  # 08/04/2025 has two readings
        article = Article(text=_BEFORE_DATE + text, language=language)
        found = find_dates(article)
        if len(found) != 1:
            continue
        start, end = found[0].span.start, found[0].span.end
        around = article.text[len(_BEFORE_DATE) : start] + article.text[end:]
        if not around or _NO_MEANING.fullmatch(around):
            return found[0].edtf
    raise HealthcoopError(
        f"“{text}” was not understood", hint="Write it as 7 October 2022, or 2022-10-07."
    )


def stated_sides(line: str, vocabulary: Vocabulary) -> list[StatedSide]:
    """Return the sides that a line names: “Cuba: Ministry of Health”, “Cuba and WHO”.

    Raises UnknownName, with the names that are most like the unknown one.
    """
    if code := _party(line, vocabulary):
        return [StatedSide(code)]
    several = []
    for part in _AND.split(line):
        if not (code := _party(part, vocabulary)):
            break
        several.append(StatedSide(code))
    else:
        return several
    head, *tail = _SPLIT.split(line, maxsplit=1)
    if tail and (code := _party(head, vocabulary)):
        return [StatedSide(code, _body(tail[0].removesuffix(")"), vocabulary))]
    body, _, last = line.rpartition(",")
    if body and (code := _party(last, vocabulary)):
        return [StatedSide(code, _body(body, vocabulary))]
    named = None if several else _named_body(line, vocabulary)
    if named:
        return [named]
    return [StatedSide(vocabulary.find_party(part if several else head))]


def _body(text: str, vocabulary: Vocabulary) -> str:
    """Return the name of a body; raises UnknownName for what is nearly the name of a country."""
    return vocabulary.find("countries", text) if vocabulary.nearest(["countries"], text) else text


def _named_body(line: str, vocabulary: Vocabulary) -> StatedSide | None:
    """Return the side of a body that has its country in its name: “Ministry of Health of Peru”."""
    names = [each for each in find_names(Article(text=line), vocabulary) if each.form != "city"]
    codes = [_code(each) for each in names]
    if not codes or (len({*codes}) > 1 and not _EMBASSY.match(line)):
        return None
    own = _OF.search(line, 0, names[0].span.start)
    is_last = own and names[0].span.end == len(line)
    return StatedSide(codes[0], line[: own.start()] if own and is_last else line)


def stated_person(line: str, codes: list[str], vocabulary: Vocabulary) -> StatedPerson:
    """Return the person of a line: “Teymur Musayev, Minister of Health of Azerbaijan”.

    ``codes`` are those of the sides.
    """
    name, *rest = _SPLIT.split(_HONORIFICS.sub("", line, count=1).strip(), maxsplit=1)
    role = rest[0].removesuffix(")") if rest else ""
    office, _, last = role.rpartition(",")
    party = _party(last, vocabulary)
    if party in codes:
        return StatedPerson(name, office.strip(), party)
    named = (code for code in _names(role, vocabulary) if code in codes)
    return StatedPerson(name, role, next(named, ""))


def stated_place(text: str, vocabulary: Vocabulary) -> StatedPlace:
    """Return a place: “Baku, Azerbaijan”, or a venue before these; raises UnknownName."""
    if _ONLINE.search(text):
        return StatedPlace(online=True)
    *before, last = [part.rstrip(")") for part in _SPLIT.split(text)]
    with suppress(UnknownName):
        country = vocabulary.find("countries", _plain(last))
        venue, city = ["", "", *before][-2:]
        return StatedPlace(country, city, venue)
    article = Article(text=text)
    cities = [each for each in find_names(article, vocabulary) if each.form in ("city", "capital")]
    if len(cities) == 1 and cities[0].code in vocabulary.countries:
        return StatedPlace(cities[0].code, article.words(cities[0].span))
    raise UnknownName("place", text, otherwise="Write the city and the country: Baku, Azerbaijan.")


def _party(name: str, vocabulary: Vocabulary) -> str:
    """Return the code of a country or organisation; empty for another text."""
    with suppress(UnknownName):
        return vocabulary.find_party(_plain(name))
    return ""


def _plain(name: str) -> str:
    return name.strip(" .;,)")


def _names(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the codes of the countries and organisations that a text names."""
    for found in find_names(Article(text=text), vocabulary):
        if found.form != "city":
            yield _code(found)


def _code(name: FoundName) -> str:
    return name.code.partition("/")[0]  # the likeliest where it has several meanings
