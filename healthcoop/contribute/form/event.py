"""Questions about the event: what, when, between whom, whether it is there already, where."""

from collections.abc import Iterator
from functools import partial

from healthcoop.contribute.form.answers import numbered, party_codes
from healthcoop.contribute.form.date_words import marked_date
from healthcoop.contribute.form.known import Answers, Known
from healthcoop.contribute.form.question import (
    YES_OR_NO,
    Choice,
    Question,
    named,
    one_of,
    yes_or_no,
)
from healthcoop.errors import HealthcoopError
from healthcoop.index import suggestions
from healthcoop.model.spec import FIELDS

GO_ON = "no"
"""The answer that none of the likely duplicates is the new event."""

_ORDINALS = ("First", "Second")


def event(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for type, date and parties."""
    types = known.vocabulary.types.values()
    groups = {
        "instrument": "Something was signed or adopted",
        "encounter": "People met, travelled or spoke",
    }
    choices = [
        Choice(term.code, term.label, term.definition, groups.get(term.kind, "")) for term in types
    ]
    yield Question(
        key="type",
        text="What happened? A number or a name",
        section="The event",
        help="If people met and also signed something, these are two records: begin with the"
        " meeting. Something that was only announced or planned is not a record.",
        choices=choices,
        listed=True,
        option="--type",
        read=one_of("type", choices),
    )
    signed = known.kind(answers) == "instrument"
    yield Question(
        key="date",
        text=f"Day it {'was signed' if signed else 'took place'}, like 2022-10-07 or 2022-10",
        section="The event",
        help="Year-month-day: 2022-10-07. If you know only the month: 2022-10. If you know only"
        " the day of the report, not of the event: 2022-10-07~ (about)."
        + ("" if signed else " Several days: 2022-10-07/2022-10-09."),
        option="--date",
        fields=("date",),
        read=_date,
        describe=marked_date,
    )
    acted = "signed" if signed else "took part"
    for number, key in numbered("party"):
        yield Question(
            key=key,
            text=f"{_ORDINALS[number - 1]} country or organisation that {acted}"
            if number <= len(_ORDINALS)
            else "Another one",
            empty="no more" if number > len(_ORDINALS) else "",
            section="The event",
            help="A name, a part of it, or a code: Cuba, CU, WHO. Only those who agreed or met,"
            " not those who were spoken about.",
            choices=known.parties,
            optional=number > len(_ORDINALS)
            or (number == 2 and answers.get("party.1") in known.vocabulary.organisations),
            option="--party",
            fields=("parties",) if number > 1 else (),
            read=named(known.vocabulary.find_party, known.without_former(known.parties)),
        )
        if number > 1 and not answers.get(key):
            return


def _date(text: str) -> str:
    if len(text) < (FIELDS["date"].least or 0):
        raise HealthcoopError(f"“{text}” is not a date", hint="As in 2022-10-07, 2022-10, 2022.")
    return text


def duplicates(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask whether a record with the same sides on the same days is the same event."""
    found = known.likely(answers)
    if found:
        choices = [*found, Choice(GO_ON, "It is another event: go on")]
        yield Question(
            key="duplicate",
            text="Is it one of these? A number shows the record; “no” if it is another event",
            section="Is it there already?",
            help="Two reports of one event are one record with two sources. To add your source"
            " to a record, stop here (Ctrl-D) and use: healthcoop edit ID",
            choices=choices,
            listed=True,
            read=one_of("answer", choices),
        )


def place(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask where it was signed or took place, and who was the host."""
    section = "Where"
    signed = known.kind(answers) == "instrument"
    countries = [code for code in party_codes(answers) if code in known.vocabulary.countries]
    if not signed:
        yield Question(
            key="online",
            text="Did it take place by video, telephone or in writing?",
            section=section,
            choices=YES_OR_NO,
            default="yes" if answers.get("type") == "call" else "no",
            option="--online",
            read=yes_or_no,
        )
        if answers.get("online") == "yes":
            return
        parties = [Choice(code, known.vocabulary.label(code)) for code in party_codes(answers)]
        yield Question(
            key="host",
            text="Which of them was the host?",
            empty="none, or not known",
            section=section,
            help="The one that received the others.",
            choices=parties,
            optional=True,
            option="--host",
            fields=("parties",),
            read=one_of("host", parties),
        )
    host = answers.get("host", "")
    states = known.countries
    yield Question(
        key="country",
        text=f"Country where it {'was signed' if signed else 'took place'}",
        empty="not known",
        section=section,
        choices=states,
        default=host if host in countries else "",
        optional=True,
        option="--country",
        fields=("places",),
        read=named(partial(known.vocabulary.find, "countries"), known.without_former(states)),
    )
    if country := answers.get("country"):
        yield Question(
            key="city",
            text="City, in English",
            empty="not known",
            section=section,
            choices=[Choice(city) for city in suggestions.cities(known.index, country)],
            optional=True,
            option="--city",
            fields=("places",),
        )
