"""Questions about the sources, and how the record is filed."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from healthcoop.contribute import record_ids
from healthcoop.contribute.form.answers import is_deduced, numbered, record_data
from healthcoop.contribute.form.date_words import marked_date
from healthcoop.contribute.form.known import Answers, Known
from healthcoop.contribute.form.languages import language_question
from healthcoop.contribute.form.question import Choice, Question, one_of
from healthcoop.errors import HealthcoopError
from healthcoop.index import suggestions
from healthcoop.index.records import taken_ids
from healthcoop.model import dates
from healthcoop.model.field import NONE_OR_UNKNOWN
from healthcoop.model.shape import ShapeError
from healthcoop.model.spec import FIELDS

_PROVEN = ("date", "type", "places", "parties", "people", "outcomes", "official_title")


def sources(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for the pages that report the event, and what each proves."""
    for number, key in numbered("source"):
        section = "Where you read it"
        yield Question(
            key=f"{key}.url",
            text="Web address of the page" if number == 1 else "Another page",
            section=section,
            help="The page that reports it. The ministry's own page or the first report is"
            " better than a copy of it.",
            optional=number > 1,
            empty="no more" if number > 1 else "",
            option="--source-url",
            fields=("sources",),
        )
        url = answers.get(f"{key}.url")
        if not url:
            return
        yield from _source(known, answers, key, section, url)


def _source(known: Known, answers: Answers, key: str, section: str, url: str) -> Iterator[Question]:
    host = suggestions.publisher(known.index, _host(url))
    meanings = FIELDS["sources.kind"].choices or {}
    kinds = [Choice(value, "", about) for value, about in meanings.items()]
    ask = partial(Question, section=section, fields=("sources",))
    yield ask(
        key=f"{key}.publisher",
        text="Who publishes the page?",
        empty="not known",
        help="The name of the news agency, newspaper, ministry ...",
        default=(host.publisher if host else None) or "",
        optional=True,
        option="--source-publisher",
    )
    yield ask(
        key=f"{key}.kind",
        text="What kind of page is it? A number or a name",
        choices=kinds,
        listed=True,
        default=(host.kind if host else None) or "",
        optional=True,
        option="--source-kind",
        read=one_of("kind", kinds),
    )
    yield ask(
        key=f"{key}.published",
        text="Day the page was published",
        empty="not stated",
        help="Year-month-day: 2022-10-07",
        optional=True,
        option="--source-published",
        describe=marked_date,
    )
    language = (host.language if host else None) or "en"
    yield language_question(f"{key}.language", section, "--source-language", language)
    yield ask(
        key=f"{key}.quote",
        text="The few words of the page that prove it, copied exactly",
        empty="none",
        help="At most 15 words, in the page's language. Everything else is in your own words.",
        optional=True,
        option="--source-quote",
    )
    data = record_data(answers, known.vocabulary, known.today)
    proven = [name for name in _PROVEN if name in data]
    if is_deduced(answers.get("date", "")):
        proven.remove("date")
    terms = data.get("terms", {}).items()
    proven += [
        f"terms.{name}"
        for name, value in terms
        if name != "checked" and value not in NONE_OR_UNKNOWN
    ]
    choices = [Choice(name, "", FIELDS[name].doc) for name in proven]
    yield ask(
        key=f"{key}.supports",
        text="Which of these does the page state? Remove those that it does not",
        help="“date” only if the page gives the day of the event, in its text or dateline.",
        choices=choices,
        separator=",",
        default=", ".join(proven),
        proposed=True,
        optional=True,
        watched=("date",),
        option="--source-supports",
    )


def filing(known: Known, answers: Answers) -> Iterator[Question]:
    """Ask for the collection, for notes and for the id."""
    section = "Last"
    collections = known.codes("collections")
    described = [Choice(one.value, "", one.about) for one in collections]
    yield Question(
        key="collection",
        text="Collection: how you found it",
        section=section,
        help="The first is for what was found by searching; a register has its own.",
        choices=described,
        listed=True,
        default=known.vocabulary.usual_collection,
        option="--collection",
        fields=("collection",),
        read=one_of("collection", described),
    )
    yield Question(
        key="notes",
        text="Anything else that the next reader must know",
        empty="nothing",
        section=section,
        help="As in: The page says 15 October.",
        optional=True,
        option="--notes",
        fields=("notes",),
    )
    taken = taken_ids(known.index)

    def read(text: str) -> str:
        if text in taken:
            raise HealthcoopError(f"there is a record {text} already", hint="Choose other words.")
        return text

    proposal = ""
    with suppress(ShapeError, dates.DateError):
        data = record_data(answers, known.vocabulary, known.today)
        proposal = record_ids.propose_id(data, known.vocabulary, taken)
    yield Question(
        key="id",
        text="Name of the record, its id; it never changes once merged",
        section=section,
        help="The year, the parties, a few words. It never changes once merged.",
        default=proposal,
        proposed=True,
        option="--id",
        fields=("id",),
        read=read,
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
