"""The side of a person: the country or organisation that the office, or the context, gives."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from healthcoop.contribute.draft.offices import Naming, Phrase, Words
from healthcoop.model.folding import fold

_COUNTRY_DOMAIN = re.compile(r"^https?://[^/:]+\.([a-z]{2})(?:[/:]|$)")
_BEFORE_NAME = re.compile("P[,OT]*\\Z")
_DELEGATION = 10  # words from the side of a delegation to its head
_OF_PARTY = re.compile(r"[od]T?(?:[MHa]|[od]T?)*P|\(P\)|,T?P(?=[,.;)])")


def side_stated(read: Words, naming: Naming) -> str | None:
    """Return the code that the office names, or words such as “of Cuba” after the name."""
    stated = _side_of_office(read, naming) if naming.office else None
    if stated:
        return stated
    if led := _side_of_delegation(read, naming) or _side_before(read, naming):
        return led
    if naming.office and _has(read, naming.office, "offices_of_organisations"):
        return None  # “Country Director X (India)”
    for phrase in (naming.name, naming.office):
        match = _OF_PARTY.match(read.kinds, phrase.end) if phrase else None
        if match:
            return next(word.code for word in read.items[match.start() : match.end()] if word.code)
    return None


def _side_of_delegation(read: Words, naming: Naming) -> str | None:
    """Return the side in “a Cuban delegation led by Minister X”."""
    start = min(naming.name.start, naming.office.start if naming.office else naming.name.start)
    while start and read.kinds[start - 1] in "TO":
        start -= 1
    first = max(read.sentence(start).start, start - _DELEGATION)
    if not any(read.folded(first, start).endswith(f" {cue}") for cue in read.table["led_by"]):
        return None
    codes = [word.code for word in read.items[first:start] if word.kind == "P"]
    return codes[-1] if codes else None


def _side_before(read: Words, naming: Naming) -> str | None:
    """Return the side in “for the Cuban government X, minister of health”."""
    if naming.office and naming.office.start < naming.name.start:
        return None
    return read.items[naming.name.start - 1].code or None


def _side_of_office(read: Words, naming: Naming) -> str | None:
    """Return whose office it is: “Cuban”, “of Cuba”, “WHO”, not “to Azerbaijan”."""
    office = naming.office
    if office is None:
        return None
    text = read.folded(*office)
    for code, offices in read.table["offices_of"].items():
        if any(fold(name) in text for name in offices):
            return str(code)
    items = read.items[office.start : office.end]
    head = next(n for n, word in enumerate(items) if word.kind in "HRK")
    if "R" in read.kinds[office.start : office.end] or _BEFORE_NAME.search(
        read.kinds, office.end, naming.name.start
    ):
        return _share(read, naming)
    before = [word.code for word in items[:head] if word.kind == "P"]
    of: list[str] = []
    to: list[str] = []
    preposition = "o"
    for word, following in zip(items[head:], [*items[head + 1 :], None], strict=True):
        if word.kind in "odl":
            preposition = word.kind
        elif word.kind in "PC" and (word.kind == "P" or preposition != "l"):
            owner = following is not None and following.kind == "S"
            (to if preposition == "l" and not owner else of).append(word.code)
    organisations = [code for code in (*before, *of) if code in read.organisations]
    abroad = _has(read, office, "envoys") or _has(read, office, "offices_of_organisations")
    chosen = (*organisations, *before, *of, *([] if abroad else to))
    return chosen[0] if chosen else None


def _share(read: Words, naming: Naming) -> str | None:
    """Return the side of one of several people: “the ministers of A and B, X and Y”, in order."""
    office = naming.office
    if office is None:
        return None
    nearest = _BEFORE_NAME.search(read.kinds, office.end, naming.name.start)
    if nearest:  # “the ministers of A, X, and of B, Y”
        return read.items[nearest.start()].code
    codes = [word.code for word in read.items[office.start : office.end] if word.code]
    if naming.name.start < office.start:  # “X and Y, the ministers of A and B”
        names = [name for name in read.people if name.end < office.start][-len(codes) :]
    else:
        names = [name for name in read.people if name.start >= office.end][: len(codes)]
    return codes[names.index(naming.name)] if naming.name in names else None


def _has(read: Words, office: Phrase, section: str) -> bool:
    """Return whether an office has a word or phrase of a list."""
    text = f" {read.folded(*office)} "
    return any(f" {phrase} " in text for phrase in read.table[section])


def sides_by_context(
    read: Words, people: Sequence[Sequence[Naming]], stated: Sequence[str | None]
) -> list[str | None]:
    """Return the sides of people, found by the context where their offices do not state them."""
    sides = list(stated)
    unknown = [number for number, side in enumerate(sides) if side is None]
    envoys = [number for number in unknown if _is_envoy(read, people[number][0].office)]
    rest = [number for number in unknown if number not in envoys]
    counted = Counter(word.code for word in read.items if word.kind == "P")
    common = [code for code, _ in counted.most_common()]
    for numbers in (envoys, rest):  # whose minister receives an envoy is known by the envoy's side
        others = [side for side in sides if side]
        for number in numbers:
            sides[number] = _by_context(read, people[number], others, common)
    return sides


def _is_envoy(read: Words, office: Phrase | None) -> bool:
    return office is not None and _has(read, office, "envoys")


def _by_context(
    read: Words, namings: Sequence[Naming], others: Sequence[str], common: Sequence[str]
) -> str | None:
    """Return the host's side, else the nearest or most common that is not among ``others``."""
    office = namings[0].office
    sentence = read.sentence(namings[0].name.start)
    near = [word.code for word in read.items[sentence.start : sentence.end] if word.kind == "P"]
    ordered = [*near, *common]
    countries = [code for code in ordered if code not in read.organisations]
    bodies = [code for code in ordered if code in read.organisations]
    if _is_envoy(read, office):
        host = _home(read, countries, ())
        ordered = [code for code in countries if code != host] or bodies
        if len(set(ordered)) == 1:
            return ordered[0]
    elif office and _has(read, office, "offices_of_organisations"):
        return next(iter(bodies + countries), None)
    else:
        domain = _COUNTRY_DOMAIN.search(read.article.url)
        home = _home(read, countries, [domain[1].upper()] if domain else [])
        if home and home == read.table.get("home") and len(set(countries)) > 1:
            return home
        ordered = [*([home] if home else []), *countries]
    left = [code for code in ordered if code not in others]
    return next(iter(left), _unnamed_host(read))


def _unnamed_host(read: Words) -> str | None:
    """Return the language's country, or that of the first city if the page's address agrees."""
    if home := read.table.get("home"):
        return str(home)
    city = next((word.code for word in read.items if word.kind == "C"), None)
    domain = _COUNTRY_DOMAIN.search(read.article.url)
    return city if domain and domain[1].upper() == city else None


def _home(read: Words, codes: Collection[str], others: Sequence[str]) -> str | None:
    """Return the first of ``others``, that of the language, and that of the first city."""
    city = next((word.code for word in read.items if word.kind == "C"), "")
    candidates = (*others, read.table.get("home", ""), city)
    return next((code for code in candidates if code in codes), None)
