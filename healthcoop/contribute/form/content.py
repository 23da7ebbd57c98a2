"""Questions about an instrument, and about what a record says in our own words."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from healthcoop.contribute.form.answers import record_data
from healthcoop.contribute.form.date_words import marked_date
from healthcoop.contribute.form.known import Answers, Known
from healthcoop.contribute.form.languages import language_question
from healthcoop.contribute.form.question import Choice, Question, duration, named, one_of
from healthcoop.contribute.form.titles import proposed_title
from healthcoop.model import dates
from healthcoop.model.shape import ShapeError
from healthcoop.model.spec import FIELDS

_NOT_LOOKED_FOR = "I did not look for it"


def instrument(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for what only an instrument has: its title, terms and text, where it was signed at."""
    section = "The instrument"
    ask = partial(Question, section=section, optional=True)
    found = known.likely(answers, type_="meeting")
    if found:
        yield ask(
            key="signed_at",
            text="Was it signed at one of these encounters?",
            empty="no",
            help="The new record will have a link “signed-at” to it.",
            choices=found,
            listed=True,
            option="--link",
            fields=("links",),
            read=one_of("encounter", found),
        )
    yield ask(
        key="official_title.text",
        text="Its own full title, word for word",
        empty="not known",
        option="--official-title",
        fields=("official_title",),
    )
    if answers.get("official_title.text"):
        yield language_question("official_title.language", section, "--official-language", "en")
    yield ask(
        key="terms.in_force",
        text="When did it enter into force?",
        empty=_NOT_LOOKED_FOR,
        help="A date; “unknown” if you looked for it and did not find it; “none” if it is not in"
        " force yet.",
        option="--in-force",
        fields=("terms",),
        describe=marked_date,
    )
    yield from _term(answers, section)
    yield ask(
        key="text_url",
        text="Web address of its text",
        empty="not known",
        help="The page or file where the instrument itself can be read.",
        option="--text-url",
        fields=("text_url",),
    )


def _term(answers: Answers, section: str) -> Iterator[Question]:
    """Ask for the term, and what happens at its end."""
    ask = partial(Question, section=section, optional=True, empty=_NOT_LOOKED_FOR)
    yield ask(
        key="terms.term",
        text="For how long was it concluded?",
        help="5 years, 18 months, “indefinite”, or “unknown” if you looked and did not find it.",
        option="--term",
        fields=("terms",),
        read=duration,
    )
    term = answers.get("terms.term")
    if term and term not in FIELDS["terms.term"].words:
        meanings = FIELDS["terms.renewal"].choices or {}
        choices = [Choice(value, "", about) for value, about in meanings.items()]
        yield ask(
            key="terms.renewal",
            text="What happens at the end of that time?",
            choices=choices,
            listed=True,
            option="--renewal",
            fields=("terms",),
            read=one_of("renewal", choices),
        )


def content(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for topics, title, summary and outcomes."""
    section = "What it is about"
    topics = known.codes("topics")
    yield Question(
        key="topics",
        text="Topics, separated by commas; Tab lists them",
        section=section,
        help="The narrowest that fit, as few as describe it; Tab lists them all.",
        choices=topics,
        separator=",",
        option="--topic",
        fields=("topics",),
        read=named(partial(known.vocabulary.find, "topics"), topics),
    )
    proposal = ""
    with suppress(ShapeError, dates.DateError):
        proposal = proposed_title(
            record_data(answers, known.vocabulary, known.today), known.vocabulary
        )
    yield Question(
        key="title",
        text="Title: one line in your own words, in English, without a full stop",
        section=section,
        help="One line in your own words, in English, without a full stop: Azerbaijan's health"
        " minister receives the Cuban ambassador",
        default=proposal,
        proposed=True,
        option="--title",
        fields=("title",),
    )
    yield Question(
        key="summary",
        text="Summary: one or two sentences in your own words, in English",
        section=section,
        help="One or two sentences in your own words, in English: what happened and why it"
        " matters. Do not copy the page's sentences.",
        option="--summary",
        fields=("summary",),
        watched=("title",),
    )
    yield Question(
        key="outcomes",
        text="What was promised, given or decided? Short phrases, separated by semicolons",
        empty="nothing",
        section=section,
        help="As in: joint research projects; training of 20 nurses",
        separator=";",
        optional=True,
        option="--outcome",
        fields=("outcomes",),
    )
