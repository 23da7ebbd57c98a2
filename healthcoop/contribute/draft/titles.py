"""Titles of encounters from the offices of those who met; otherwise from sides and topics."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from healthcoop.contribute.form.titles import proposed_title, with_article
from healthcoop.model.vocabulary import Vocabulary

# What an office is called in a title, the narrower first; ``deputy`` goes before it.
_OFFICES = (
    (r"prime minister|head of government", "prime minister"),
    (r"minister\w* (?:of|for) (?:public )?health|health(?:care)? minister", "health minister"),
    (r"secretary (?:of|for) health|health secretary", "health minister"),
    (r"minister (?:of|for) foreign|foreign minister|external affairs", "foreign minister"),
    (r"ambassador", "ambassador"),
    (r"director[- ]general", "director-general"),
    (r"regional director", "regional director"),
    (r"country representative|representative (?:in|to|of)|head of .*office", "representative"),
    (r"^(?:the )?(?:\w+ )?president\b(?! of the (?:board|council|chamber))", "president"),
)
_DEPUTY = re.compile(r"\b(?:deputy|vice|assistant|state)\b", re.IGNORECASE)
_VERBS = {"meeting": ("meets", "meet"), "call": ("talks with", "talk")}


def draft_title(data: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return a title for the facts of a draft; empty where they do not suggest one."""
    plain = proposed_title({"title": "", "id": "", **data}, vocabulary)
    codes = [party.get("country") or party["organisation"] for party in data["parties"]]
    if data["type"] not in _VERBS or len(codes) != 2:
        return plain
    offices = [_office(data.get("people", ()), code) for code in codes]
    if not all(offices):
        return plain
    place = next((f" in {each['city']}" for each in data.get("places", ())), "")
    names = [with_article(vocabulary.label(code)) for code in codes]
    one, both = _VERBS[data["type"]]
    if offices[0] == offices[1]:
        title = f"the {offices[0]}s of {names[0]} and {names[1]} {both}{place}"
    else:
        title = f"{_of(names[0])} {offices[0]} {one} {_of(names[1])} {offices[1]}{place}"
    return title[0].upper() + title[1:]


def _office(people: Sequence[Mapping[str, Any]], code: str) -> str:
    """Return the office of the first holder of one who acted for a side; or empty."""
    roles = (person.get("role", "") for person in people if person["party"] == code)
    for role in roles:
        for pattern, office in _OFFICES:
            match = re.search(pattern, role, re.IGNORECASE)
            if match:
                deputy = "deputy " if _DEPUTY.search(role[: match.start()]) else ""
                return f"{deputy}{office}"
    return ""


def _of(name: str) -> str:
    return f"{name}{'’' if name.endswith('s') else '’s'}".replace("’", "'")
