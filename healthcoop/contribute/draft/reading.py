"""Reading an article: its events with their dates, people, places and topics."""

from dataclasses import dataclass

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.dates import FoundDate, find_dates
from healthcoop.contribute.draft.event_day import event_date
from healthcoop.contribute.draft.events import Announced, Event, find_events
from healthcoop.contribute.draft.names import FoundName, find_names
from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article says of one event; None and empty where it says nothing."""

    event: Event
    date: FoundDate | None
    place: FoundName | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says: an event each, and what is not drafted and why."""

    article: Article
    drafts: tuple[Draft, ...]
    announced: tuple[Announced, ...]


def read(article: Article, vocabulary: Vocabulary) -> Reading:
    """Return the events that an article reports with what it says of each."""
    names = find_names(article, vocabulary)
    dates = find_dates(article)
    report = find_events(article, names, dates, vocabulary)
    drafts = tuple(
        Draft(event, event_date(article, event.sentences, dates)) for event in report.events
    )
    return Reading(article, drafts, report.announced)
