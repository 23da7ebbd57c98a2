"""All questions about a new record in their order."""

from collections.abc import Iterator

from healthcoop.contribute.form import content, event, people, sources
from healthcoop.contribute.form.known import Answers, Known
from healthcoop.contribute.form.question import Question


def questions(known: Known, answers: Answers) -> Iterator[Question]:
    """Yield the questions that follow from the answers so far, and those that are answered.

    ``answers`` is read as the questions are asked: an answer may be added before the next.
    """
    yield from event.event(known, answers)
    yield from event.duplicates(known, answers)
    yield from event.place(known, answers)
    yield from people.bodies(known, answers)
    yield from people.people(known, answers)
    if known.kind(answers) == "instrument":
        yield from content.instrument(known, answers)
    yield from content.content(known, answers)
    yield from sources.sources(known, answers)
    yield from sources.filing(known, answers)
