"""HC60: how long an instrument lasts."""

from collections.abc import Iterator

from healthcoop.checks.findings import Problem
from healthcoop.checks.rules.registry import Subject, rule

_OWN_DATES = ("signed", "ratified", "acceded", "in_force", "left", "extended_to")


@rule("HC601", "terms-of-encounter", reads="type parties terms")
def terms_of_encounter(subject: Subject) -> Iterator[Problem]:
    """Only an instrument has terms, and parties that sign, ratify, accede or leave."""
    if subject.kind != "encounter":
        return
    hint = "Make the instrument signed there a record of its own, with a link “signed-at”."
    if subject.record.terms:
        message = f"A {subject.record.type} has no terms: it is an encounter."
        yield Problem(message=message, hint=hint, pointer=("terms",), on_key=True)
    for number, party in enumerate(subject.record.parties):
        for name in _OWN_DATES:
            if getattr(party, name):
                message = (
                    f"“{name}” is for parties to an instrument; this is a {subject.record.type}."
                )
                yield Problem(
                    message=message, hint=hint, pointer=("parties", number, name), on_key=True
                )


@rule("HC602", "unknown-needs-checked", reads="terms")
def unknown_needs_checked(subject: Subject) -> Iterator[Problem]:
    """`ended: none` and `unknown` say that somebody looked; `checked` says on which day."""
    terms = subject.record.terms
    if terms is None or terms.checked:
        return
    for name in terms.__slots__:
        value = getattr(terms, name)
        if value == "unknown" or (name == "ended" and value == "none"):
            yield Problem(
                message=f"“{name}: {value}” says that somebody looked, but not when.",
                hint="Add “checked:” with the day; or remove the line if nobody has looked.",
                pointer=("terms", name),
            )


@rule("HC603", "end-reason-without-end", reads="terms")
def end_reason_without_end(subject: Subject) -> Iterator[Problem]:
    """A reason for the end needs an end.

    Fails:

        terms: {end_reason: terminated}

    Passes:

        terms: {ended: "2023-01-31", end_reason: terminated}
    """
    terms = subject.record.terms
    if terms and terms.end_reason and terms.ended in (None, "none"):
        yield Problem(
            message=f"“end_reason: {terms.end_reason}” stands without an end.",
            hint="Give “ended:” the day (or unknown), or remove the reason.",
            pointer=("terms", "end_reason"),
        )
