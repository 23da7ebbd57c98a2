"""Titles of encounters from the offices of those who met; otherwise from sides and topics."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from healthcoop.contribute.form.titles import name_in_title, proposed_title
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
_ENVOYS = ("ambassador", "representative")
_VERBS = {"meeting": ("meets", "meet"), "call": ("talks with", "talk")}


def draft_title(data: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return a title for the facts of a draft; empty where they do not suggest one."""
    plain = proposed_title({"title": "", "id": "", **data}, vocabulary)
    codes = [party.get("country") or party["organisation"] for party in data["parties"]]
    if len(codes) != 2:
        return plain
    place: Mapping[str, str] = next(iter(data.get("places", ())), {})
    people = data.get("people", ())
    if data["type"] in _VERBS:
        title = _encounter(data["type"], codes, people, place.get("city", ""), vocabulary)
    elif data["type"] == "visit":
        title = _visit(codes, people, place.get("country", ""), vocabulary)
    else:
        title = _signed(plain, codes, people, vocabulary)
    title = title or plain
    return title[:1].upper() + title[1:]


def _encounter(
    kind: str,
    codes: Sequence[str],
    people: Sequence[Mapping[str, Any]],
    city: str,
    vocabulary: Vocabulary,
) -> str:
    """Return “Peru's health minister receives the Chilean ambassador” and the like."""
    offices = [_office(people, code) for code in codes]
    if not all(offices):
        return ""
    place = f" in {city}" if city else ""
    names = [name_in_title(code, vocabulary) for code in codes]
    one, both = _VERBS[kind]
    if offices[0] == offices[1]:
        return f"the {offices[0]}s of {names[0]} and {names[1]} {both}{place}"
    envoys = [office in _ENVOYS for office in offices]
    if kind == "meeting" and any(envoys):
        host, guest = sorted((0, 1), key=lambda n: envoys[n])
        received = _adjective(codes[guest], vocabulary)
        who = f"the {received} {offices[guest]}" if received else _of(names[guest], offices[guest])
        return f"{_of(names[host], offices[host])} receives {who}"
    return f"{_of(names[0], offices[0])} {one} {_of(names[1], offices[1])}{place}"


def _visit(
    codes: Sequence[str], people: Sequence[Mapping[str, Any]], host: str, vocabulary: Vocabulary
) -> str:
    """Return “Peru's health minister visits Chile” where the place says who was visited."""
    if host not in codes:
        return ""
    guest = next(code for code in codes if code != host)
    name = name_in_title(guest, vocabulary)
    office = _office(people, guest)
    who = _of(name, office) if office else f"a delegation of {name}"
    return f"{who} visits {name_in_title(host, vocabulary)}"


def _signed(
    plain: str, codes: Sequence[str], people: Sequence[Mapping[str, Any]], vocabulary: Vocabulary
) -> str:
    """Return the title of a text with the office of its signers, where both have the same."""
    signers = [person for person in people if person.get("signed")]
    offices = {_office(signers, code) for code in codes}
    office = offices.pop()
    if offices or not office:
        return ""
    names = " and ".join(name_in_title(code, vocabulary) for code in codes)
    return f"the {office}s of {names}{plain[len(names) :]}"


def _office(people: Sequence[Mapping[str, Any]], code: str) -> str:
    """Return the office of the first holder of one who acted for a side; or empty."""
    roles = (person.get("role", "") for person in people if person.get("party") == code)
    for role in roles:
        for pattern, office in _OFFICES:
            match = re.search(pattern, role, re.IGNORECASE)
            if match:
                deputy = "deputy " if _DEPUTY.search(role[: match.start()]) else ""
                return f"{deputy}{office}"
    return ""


def _of(name: str, office: str) -> str:
    """Return “Peru's health minister”, “the health minister of the Maldives”."""
    return f"the {office} of {name}" if name.endswith("s") else f"{name}'s {office}"


def _adjective(code: str, vocabulary: Vocabulary) -> str:
    """Return “Chilean” for Chile; empty where another country has the same, and for bodies."""
    every = {key: term.more.get("demonyms", ()) for key, term in vocabulary.countries.items()}
    first: str = next(iter(every.get(code, ())), "")
    return first if sum(first in demonyms for demonyms in every.values()) == 1 else ""
