"""The English names of offices, in the form in which records write them."""

import re
from collections.abc import Sequence
from functools import cache

from healthcoop.contribute.draft.offices import Phrase, Words
from healthcoop.contribute.form.titles import name_in_title
from healthcoop.contribute.languages import words
from healthcoop.model.folding import fold
from healthcoop.model.vocabulary import Vocabulary

_STATE = re.compile(
    r"(?:republi|républi|repúbli|respublik|республик|kingdom|reino|royaume|islami|исламск|cumhuri)\w*"
)
_ENVOY = "Ambassador"
_OF_ORGANISATIONS = ("Director-General", "Representative")
_AS_TITLE = re.compile(r"(?:(?:Deputy|Vice|First|Federal) )*Minister (?:of|for) \S")


def without_countries(read: Words, office: Phrase) -> tuple[str, tuple[str, ...]]:
    """Return the words of an office without countries and organisations, and the codes of these."""
    kept: list[str] = []
    kinds = ""
    codes: list[str] = []
    for word in [*read.items[slice(*office)], None]:
        if word is None or word.code:
            while kept and (kinds[-1] in "odlT" or _STATE.fullmatch(kept[-1].lower())):
                kept.pop()
                kinds = kinds[:-1]
        if word is not None and word.code:
            codes.append(word.code.partition("/")[0])
        elif word is not None and word.kind != "S" and not (word.kind == "T" and not kept):
            kept.append(word.text)
            kinds += word.kind
    return " ".join(kept), tuple(dict.fromkeys(codes))


def english_office(
    office: str, codes: Sequence[str], *, party: str, language: str, vocabulary: Vocabulary
) -> str:
    """Return “Minister of Health of Chile”, “Ambassador of Cuba to Azerbaijan” and the like.

    ``office`` and ``codes`` are what ``without_countries`` returns, ``party`` is the code of the
    side. Empty where the office is not known, or its country is another.
    """
    if codes and party not in codes:
        return ""
    name = _name(office, language)
    side = name_in_title(party, vocabulary)
    others = [name_in_title(code, vocabulary) for code in codes if code != party]
    if name in _OF_ORGANISATIONS:
        return "" if party in vocabulary.countries else _of_organisation(name, side, others)
    if not name and language == "en" and not others and _AS_TITLE.match(office):
        return f"{office} of {side}"
    if not name or party not in vocabulary.countries:
        return ""
    if name == _ENVOY and others:
        return f"{name} of {side} to {others[0]}" if len(others) == 1 else ""
    return f"{name} of {side}"


def _of_organisation(name: str, side: str, others: Sequence[str]) -> str:
    """Return “Director-General of WHO”, “WHO Representative in Cuba”; empty for other forms."""
    if name == "Representative":
        return f"{side} Representative in {others[0]}" if len(others) == 1 else ""
    return "" if others else f"{name} of {side}"


def _name(office: str, language: str) -> str:
    text = re.sub(r"[\s-]+", " ", fold(office))
    return next((name for name, pattern in _patterns(language) if pattern.fullmatch(text)), "")


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    named = [
        (f"{minister} of {ministry}", [form.replace("{}", of) for form in forms for of in names])
        for minister, forms in words(language, "ministers").items()
        for ministry, names in words(language, "ministries").items()
    ]
    named += words(language, "other_offices").items()
    return [
        (name, re.compile("|".join(map(_expression, phrases))))
        for name, phrases in named
        if phrases
    ]


def _expression(phrase: str) -> str:
    return re.escape(fold(phrase).replace("-", " ")).replace(r"\*", r"\w*")
