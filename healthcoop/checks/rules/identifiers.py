"""HC67: identifiers that other registers gave."""

import re
from collections import defaultdict
from collections.abc import Iterator

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.files.edits import Remove, Replace

_FORMS = {
    "wikidata": ("Q[1-9][0-9]*", "Q and a number: Q42"),
    "doi": (r"10\.[0-9]{4,9}/[^\s]+", "as in 10.2471/BLT.19.123456, without the address before it"),
    "unts": (
        "[0-9]+ UNTS [0-9]+|(?:(?:I|II|A)-)?[1-9][0-9]*",
        "volume and page, 724 UNTS 287, or the number of registration, I-10388",
    ),
    "lnts": ("[0-9]+ LNTS [0-9]+|[1-9][0-9]*", "volume and page, 128 LNTS 9, or a number"),
    "uk-treaties": ("[1-9][0-9]*", "the register's number: 75110"),
    "wti": ("[0-9]+[A-Z]?", "the index's number: 104523"),
}
_WANTED = {scheme: re.compile(form) for scheme, (form, _) in _FORMS.items()}

# What surrounds the value where somebody copied the page's address, or wrote the scheme twice.
_AROUND = {
    "wikidata": re.compile(
        r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|wikidata:)?(q[0-9]+)", re.I
    ),
    "doi": re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi: ?)(10\..+)", re.I),
    "unts": re.compile(r"(?:unts|no\.?) ?((?:(?:i|ii|a)-)?[1-9][0-9]*)", re.I),
    "lnts": re.compile(r"(?:lnts|no\.?) ?([1-9][0-9]*)", re.I),
    "uk-treaties": re.compile(r"(?:https?://treaties\.fcdo\.gov\.uk/.*[/=])([1-9][0-9]*)", re.I),
}


@rule("HC671", "identifier-form", reads="identifiers", needs=["identifiers"])
def identifier_form(checked: CheckedRecord) -> Iterator[Problem]:
    """An identifier has the form that its register gives it, and is no web address.

    By it a record is joined with other data sets: `https://doi.org/10.1000/182` and `10.1000/182`
    are one document to a reader, and two to a program. Judged are `wikidata`, `doi`, `unts`,
    `lnts`, `uk-treaties` and `wti`; of other schemes nothing is known.

    Fails:

        identifiers: [{scheme: doi, value: "https://doi.org/10.2471/BLT.19.123456"}]

    Passes:

        identifiers: [{scheme: doi, value: 10.2471/BLT.19.123456}]
    """
    for number, identifier in enumerate(checked.record.identifiers):
        wanted = _WANTED.get(identifier.scheme)
        if wanted is None or wanted.fullmatch(identifier.value):
            continue
        pointer = ("identifiers", number, "value")
        bare = _bare(identifier.scheme, identifier.value)
        yield Problem(
            message=f"“{identifier.value}” is no {identifier.scheme} number.",
            hint=f"Write {bare}." if bare else f"It is {_FORMS[identifier.scheme][1]}.",
            pointer=pointer,
            edits=(Replace(pointer, bare),) if bare else (),
            safe=bare is not None,
        )


@rule(
    "HC672",
    "identifier-doubled",
    reads="identifiers",
    needs=["identifiers"],
    severity=Severity.WARNING,
)
def identifier_doubled(checked: CheckedRecord) -> Iterator[Problem]:
    """A record gives an identifier once.

    Fails:

        identifiers: [{scheme: wikidata, value: Q42}, {scheme: wikidata, value: Q42}]

    Passes:

        identifiers: [{scheme: wikidata, value: Q42}, {scheme: wti, value: "104523"}]
    """
    identifiers = checked.record.identifiers
    if len(identifiers) < 2:
        return
    seen = set()
    for number, identifier in enumerate(identifiers):
        key = _key(identifier.scheme, identifier.value)
        if key in seen:
            yield Problem(
                message=f"“{identifier.value}” of {identifier.scheme} stands here already.",
                hint="Remove it.",
                pointer=("identifiers", number),
                edits=(Remove(("identifiers", number)),),
                safe=identifier in identifiers[:number],
            )
        seen.add(key)


@corpus_rule("HC673", "identifier-unique", severity=Severity.WARNING)
def identifier_unique(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """An identifier is that of one record.

    Two records with one number are likely one event told twice: look the number up, and make them
    one, or correct it. Registers do give one number to a treaty and what belongs to it; records
    that are linked to each other, such as an amendment and what it amends, are therefore left in
    peace.

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
    for entry in corpus:
        for number, scheme, value in entry.identifiers:
            others = holders[_key(scheme, value)]
            strange = [
                other for other in others if other is not entry and not _linked(entry, other)
            ]
            others.append(entry)
            if strange:
                yield (
                    entry.path,
                    Problem(
                        message=f"“{value}” of {scheme} is that of {strange[0].id} too.",
                        hint="Make the two one record if they are one event; if not, correct the "
                        "number, or link them.",
                        pointer=("identifiers", number, "value"),
                    ),
                )


def _bare(scheme: str, value: str) -> str | None:
    """Give the value that stands in a longer writing of it; None where there is none."""
    around = _AROUND.get(scheme)
    found = around.fullmatch(value.strip()) if around else None
    if found is None:
        return None
    bare = found[1] if scheme == "doi" else found[1].upper()
    return bare if _WANTED[scheme].fullmatch(bare) else None


def _key(scheme: str, value: str) -> tuple[str, str]:
    """Fold what means one thing: DOIs do not tell cases apart, nor do we elsewhere."""
    return scheme, " ".join(value.lower().split())


def _linked(one: RecordSummary, other: RecordSummary) -> bool:
    return any(target == other.id for _, _, target in one.links) or any(
        target == one.id for _, _, target in other.links
    )
