"""Questions about an instrument, and about what a record says in our own words."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from healthcoop.contribute.form.answers import record_data
from healthcoop.contribute.form.known import Answers, Known
from healthcoop.contribute.form.languages import language_question
from healthcoop.contribute.form.question import Choice, Question, duration, named, one_of
from healthcoop.contribute.form.titles import proposed_title
from healthcoop.model import dates
from healthcoop.model.shape import ShapeError
from healthcoop.model.spec import FIELDS


def option_of(path: str) -> str:
    """Return the option of ``healthcoop new`` that gives a field of ``terms`` or the record."""
    return f"--{path.removeprefix('terms.').replace('_', '-')}"


def instrument(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for what only an instrument has: its title, terms and text, where it was signed at."""
    section = "The instrument"
    found = known.likely(answers, type_="meeting")
    if found:
        yield Question(
            key="signed_at",
            text="Was it signed at one of these encounters? (Enter: no)",
            section=section,
            help="The new record will have a link “signed-at” to it.",
            choices=found,
            listed=True,
            optional=True,
            option="--link",
            fields=("links",),
            read=one_of("encounter", found),
        )
    yield Question(
        key="official_title.text",
        text="Its own full title, word for word (Enter: not known)",
        section=section,
        optional=True,
        option="--official-title",
        fields=("official_title",),
    )
    if answers.get("official_title.text"):
        yield language_question("official_title.language", section, "--official-language", "en")
    yield _field(
        "terms.in_force",
        section,
        "When did it enter into force? (Enter: I did not look for it)",
        "A date; “unknown” if you looked for it and did not find it; “none” if it is not in"
        " force yet.",
    )
    yield _field(
        "terms.term",
        section,
        "For how long was it concluded? (Enter: I did not look for it)",
        "5 years, 18 months, “indefinite”, or “unknown” if you looked and did not find it.",
        read=duration,
    )
    term = answers.get("terms.term")
    if term and term not in FIELDS["terms.term"].words:
        meanings = FIELDS["terms.renewal"].choices or {}
        choices = [Choice(value, "", about) for value, about in meanings.items()]
        yield Question(
            key="terms.renewal",
            text="What happens at the end of that time? (Enter: I did not look for it)",
            section=section,
            choices=choices,
            listed=True,
            optional=True,
            option="--renewal",
            fields=("terms",),
            read=one_of("renewal", choices),
        )
    yield _field(
        "text_url",
        section,
        "Web address of its text (Enter: not known)",
        "The page or file where the instrument itself can be read.",
    )


def _field(
    path: str, section: str, text: str, help_: str, read: Callable[[str], str] = str
) -> Question:
    """Return a question for an optional field of the record or one of its parts."""
    return Question(
        key=path,
        text=text,
        section=section,
        help=help_,
        optional=True,
        option=option_of(path),
        fields=(path.partition(".")[0],),
        read=read,
    )


def content(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for topics, title, summary and outcomes."""
    section = "What it is about"
    topics = known.codes("topics")
    yield Question(
        key="topics",
        text="Topics, separated by commas",
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
        text="Title",
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
        text="Summary",
        section=section,
        help="One or two sentences in your own words, in English: what happened and why it"
        " matters. Do not copy the page's sentences.",
        option="--summary",
        fields=("summary",),
        watched=("title",),
    )
    yield Question(
        key="outcomes",
        text="What was promised, given or decided? Short phrases, separated by semicolons"
        " (Enter: nothing)",
        section=section,
        help="As in: joint research projects; training of 20 nurses",
        separator=";",
        optional=True,
        option="--outcome",
        fields=("outcomes",),
    )
