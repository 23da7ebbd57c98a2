"""Questions about who acted: the bodies of each party, and the people."""

from collections.abc import Iterator

from healthcoop.contribute.form.answers import numbered, party_codes
from healthcoop.contribute.form.known import Answers, Known
from healthcoop.contribute.form.question import Choice, Question, one_of
from healthcoop.index import suggestions


def bodies(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for the bodies that acted for each party."""
    for code in party_codes(answers):
        names = suggestions.bodies(known.index, code)
        yield Question(
            key=f"bodies.{code}",
            text=f"Which body acted for {known.vocabulary.label(code)}?",
            empty="not stated",
            section="Who",
            help="The ministry, hospital or embassy, in English, spelt as in other records."
            " Separate several by semicolons: Ministry of Health; Embassy of Cuba in"
            " Azerbaijan",
            choices=[Choice(name) for name in names],
            separator=";",
            optional=True,
            option="--body",
            fields=("parties",),
        )


def people(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for the people who signed, or took part, with their side and office."""
    signed = known.kind(answers) == "instrument"
    codes = [*party_codes(answers)]
    met_before = [one for code in codes for one in suggestions.people(known.index, code)]
    acted: list[str] = []
    for number, key in numbered("person"):
        who = "signed it" if signed else "took part"
        yield Question(
            key=key,
            text=f"Who {'else ' if number > 1 else ''}{who}? Name",
            empty="nobody" if number > 1 else "not stated",
            section="Who",
            help="A holder of office, without titles such as Dr or H.E., in Latin letters.",
            choices=[Choice(person.name, "", person.role or "") for person in met_before],
            optional=True,
            option="--signer" if signed else "--person",
            fields=("people",),
        )
        name = answers.get(key)
        if not name:
            return
        one = next((person for person in met_before if person.name == name), None)
        rest = [code for code in codes if code not in acted]
        parties = [Choice(code, known.vocabulary.label(code)) for code in codes]
        yield Question(
            key=f"{key}.party",
            text=f"For which side? {' or '.join(codes)}",
            section="Who",
            choices=parties,
            default=(one.party if one else None) or (rest[0] if rest else ""),
            option="--person",
            fields=("people",),
            read=one_of("side", parties),
        )
        acted.append(answers.get(f"{key}.party", ""))
        yield Question(
            key=f"{key}.role",
            text=f"Office of {name} that day",
            empty="not stated",
            section="Who",
            help="As in: Minister of Health of Azerbaijan",
            default=(one.role if one else None) or "",
            proposed=True,
            optional=True,
            option="--person",
            fields=("people",),
        )
