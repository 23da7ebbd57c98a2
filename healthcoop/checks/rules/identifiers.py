"""HC67: identifiers from other registers."""

import re
from collections import defaultdict
from collections.abc import Iterator

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.checks.rules.links import links_to
from healthcoop.files.fixes import Remove, Replace
from healthcoop.model.record import Identifier

_FORMS = {
    "wikidata": ("Q[1-9][0-9]*", "Q and a number: Q42"),
    "doi": (r"10\.[0-9]{4,9}/[^\s]+", "as in 10.2471/BLT.19.123456, without https://doi.org/"),
    "unts": (
        "[0-9]+ UNTS [0-9]+|(?:(?:I|II|A)-)?[1-9][0-9]*",
        "volume and page, 724 UNTS 287, or the registration number, I-10388",
    ),
    "lnts": ("[0-9]+ LNTS [0-9]+|[1-9][0-9]*", "volume and page, 128 LNTS 9, or a number"),
    "uk-treaties": ("[1-9][0-9]*", "the number in the register: 75110"),
    "wti": ("[0-9]+[A-Z]?", "the number in the index: 104523"),
}
_VALID = {scheme: re.compile(form) for scheme, (form, _) in _FORMS.items()}

# The value in a copied web address, or after a repeated scheme.
_LONG_FORMS = {
    "wikidata": re.compile(
        r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|wikidata:)?(q[0-9]+)", re.I
    ),
    "doi": re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi: ?)(10\..+)", re.I),
    "unts": re.compile(r"(?:unts|no\.?) ?((?:(?:i|ii|a)-)?[1-9][0-9]*)", re.I),
    "lnts": re.compile(r"(?:lnts|no\.?) ?([1-9][0-9]*)", re.I),
    "uk-treaties": re.compile(r"(?:https?://treaties\.fcdo\.gov\.uk/.*[/=])([1-9][0-9]*)", re.I),
}


@rule("HC671", "identifier-form", on="identifiers")
def identifier_form(checked: CheckedRecord) -> Iterator[Problem]:
    """An identifier has the form that its register uses, and is not a web address.

    Identifiers link records to other data sets: `https://doi.org/10.1000/182` and `10.1000/182`
    are one document to a reader, but two to a program. Checked are `wikidata`, `doi`, `unts`,
    `lnts`, `uk-treaties` and `wti`.

    Fails:

        identifiers: [{scheme: doi, value: "https://doi.org/10.2471/BLT.19.123456"}]

    Passes:

        identifiers: [{scheme: doi, value: 10.2471/BLT.19.123456}]
    """
    for pointer, identifier in checked.each("identifiers.value"):
        scheme, value = identifier.scheme, identifier.value
        if scheme in _VALID and not _VALID[scheme].fullmatch(value):
            short = _short_form(scheme, value)
            message = f"“{value}” is not a valid identifier of {scheme}."
            edits = (Replace(pointer, short),) if short else ()
            hint = f"Write {short or _FORMS[scheme][1]}."
            yield Problem(message, hint, pointer, edits=edits, safe=bool(short))


@rule("HC672", "repeated-identifier", on="identifiers", severity=Severity.WARNING)
def repeated_identifier(checked: CheckedRecord) -> Iterator[Problem]:
    """A record has an identifier once.

    Fails:

        identifiers: [{scheme: wikidata, value: Q42}, {scheme: wikidata, value: Q42}]

    Passes:

        identifiers: [{scheme: wikidata, value: Q42}, {scheme: wti, value: "104523"}]
    """
    seen: dict[tuple[str, str], set[Identifier]] = {}
    for pointer, identifier in checked.each("identifiers"):
        same = seen.setdefault(_key(identifier.scheme, identifier.value), set())
        if same:
            message = f"“{identifier.value}” of {identifier.scheme} is already listed."
            edits = (Remove(pointer),)
            safe = identifier in same
            yield Problem(message, "Remove this one.", pointer, edits=edits, safe=safe)
        same.add(identifier)


@corpus_rule("HC673", "identifier-unique", severity=Severity.WARNING)
def identifier_unique(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """An identifier belongs to one record.

    Two records with one number are probably one event: look it up, and merge the records or correct
    the number. A register may give a treaty and its amendment one number, so records that are
    linked to each other are not reported.

    Fails:

        # records/2012/2012-az-cu-agreement.yaml
        type: agreement
        date: "2012-05"
        identifiers: [{scheme: unts, value: 724 UNTS 287}]
        ---
        # records/2022/2022-az-cu-agreement.yaml
        type: agreement
        identifiers: [{scheme: unts, value: 724 UNTS 287}]

    Passes:

        # records/2012/2012-az-cu-agreement.yaml
        type: agreement
        date: "2012-05"
        identifiers: [{scheme: unts, value: 724 UNTS 287}]
        ---
        # records/2022/2022-az-cu-amendment.yaml
        type: amendment
        identifiers: [{scheme: unts, value: 724 UNTS 287}]
        links: [{rel: amends, record: 2012-az-cu-agreement}]
    """
    holders: dict[tuple[str, str], list[RecordSummary]] = defaultdict(list)
    for entry in corpus.oldest_first:
        for number, scheme, value in entry.identifiers:
            others = holders[_key(scheme, value)]
            unlinked = (
                other
                for other in others
                if other is not entry and not links_to(entry, other) and not links_to(other, entry)
            )
            if other := next(unlinked, None):
                message = f"{other.id} has “{value}” of {scheme} too."
                hint = "Merge the two records if they are one event; else correct or link them."
                pointer = ("identifiers", number, "value")
                problem = Problem(message, hint, pointer, others=(other.path,), symmetric=True)
                yield entry.path, problem
            others.append(entry)


def _short_form(scheme: str, value: str) -> str | None:
    """Return the valid identifier in a longer text; None where there is none."""
    match = _LONG_FORMS[scheme].fullmatch(value.strip()) if scheme in _LONG_FORMS else None
    if match is None:
        return None
    short = match[1] if scheme == "doi" else match[1].upper()
    return short if _VALID[scheme].fullmatch(short) else None


def _key(scheme: str, value: str) -> tuple[str, str]:
    """Fold case and spaces, in which identifiers do not differ."""
    return scheme, " ".join(value.lower().split())
