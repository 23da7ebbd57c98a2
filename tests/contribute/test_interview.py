"""The questions about a new record: what is asked, refused, kept and taken back."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from healthcoop.contribute.form.interview import Interview
from healthcoop.dataset import Dataset
from tests.cases import each

START = {"type": "meeting", "date": "2023-05-04", "party.1": "AZ", "party.2": "CU", "party.3": ""}
REST = {
    "topics": "vaccines",
    "summary": "They spoke of the vaccines that Cuba makes.",
    "source.1.url": "https://example.org/1",
    "person.1": "",
    "source.2.url": "",
}
Begin = Callable[..., Interview]


@pytest.fixture
def begin(few_records: Path) -> Begin:
    dataset = Dataset.open(few_records)

    def begin(**given: str) -> Interview:
        interview = dataset.interview({key.replace("__", "."): text for key, text in given.items()})
        assert not interview.take_options()
        return interview

    return begin


def fill(interview: Interview, answers: dict[str, str], *, until: str = "") -> list[str]:
    """Answer questions, others by Enter; return the keys of all that were asked."""
    asked = []
    while (question := interview.next_question()) and question.key != until:
        asked.append(question.key)
        typed = answers.get(question.key, interview.typed(question))
        reply = interview.answer(question, typed)
        assert reply.accepted, (question.key, typed, reply)
    return asked


def test_meeting_is_asked_for_host_and_people_and_a_memorandum_for_its_terms(begin):
    meeting = fill(begin(), {**START, **REST})
    memorandum = fill(begin(), {**START, **REST, "type": "mou", "terms.term": "5 years"})
    assert {"online", "host"} <= {*meeting} - {*memorandum}
    assert {*memorandum} - {*meeting} == {
        *("official_title.text", "terms.in_force", "terms.term", "terms.renewal", "text_url")
    }
    assert {"bodies.AZ", "bodies.CU", "person.1", "country", "collection"} <= {*memorandum}
    assert meeting[:6] == ["type", "date", "party.1", "party.2", "party.3", "online"]


@each(
    ("key", "typed", "error"),
    [
        ("type", "metting", "Unknown type: metting."),
        ("type", "", "An answer is needed here."),
        ("date", "2027-01-01", "The date 2027-01-01 is in the future."),
        ("date", "spring 2022", "“spring 2022”"),
        ("party.1", "united", "Unknown country or organisation"),
        ("party.1", "Korean", "Unknown country or organisation"),
        ("party.2", "AZ", "AZ"),
        ("party.3", "SUHH", "Soviet Union (SUHH) existed only until 1991-12-26."),
        ("title", "Short", "“title” has 5 characters; at least 10 are required."),
        ("summary", "Short", "“summary” has 5 characters; at least 20 are required."),
        ("source.1.url", "example.org", "“example.org” is not a valid “url”."),
        ("source.1.published", "2022-13-01", "“2022-13-01”"),
        ("source.1.quote", "word " * 41, "41 words"),
        ("source.1.supports", "date, place", "“place”"),
        ("id", "2022 az cu", "“2022 az cu” is not a valid “id”."),
        ("id", "2022-az-cu-minister-ambassador", "There is a record"),
    ],
)
def test_invalid_answer_is_refused_in_the_words_of_validate(key, typed, error, begin):
    interview = begin()
    fill(interview, {**START, **REST}, until=key)
    question = interview.next_question()
    assert question is not None
    before = dict(interview.answers)
    reply = interview.answer(question, typed)
    assert not reply.accepted
    assert error in reply.remarks[0].message
    assert interview.answers == before


def test_refused_date_comes_with_what_to_write(begin):
    interview = begin(type="meeting")
    question = interview.next_question()
    assert interview.answer(question, "7 October 2022").suggestion == "2022-10-07"


@each(
    ("key", "typed", "answer"),
    [
        ("party.1", "azerb", "AZ"),
        ("party.1", "united k", "GB"),
        ("party.2", "world health org", "WHO"),
        ("online", "y", "yes"),
        ("country", "cub", "CU"),
        ("topics", "vaccines, Health workf", "vaccines, health-workforce"),
        ("source.1.kind", "2", "agency"),
        ("source.1.language", "Spanish", "es"),
        ("source.1.supports", "", ""),
        ("collection", "", "news-search-2026"),
        ("outcomes", "a joint centre ;training;", "a joint centre; training"),
    ],
)
def test_names_numbers_and_beginnings_are_understood(key, typed, answer, begin):
    interview = begin()
    fill(interview, {**START, **REST}, until=key)
    question = interview.next_question()
    assert interview.answer(question, typed).accepted
    assert interview.answers[key] == answer


@each(
    ("typed", "answer"),
    [
        ("5 years", "P5Y"),
        ("5", "P5Y"),
        ("18 months", "P18M"),
        ("P2Y6M", "P2Y6M"),
        ("unknown", "unknown"),
        ("1 year", "P1Y"),
    ],
)
def test_term_is_read_from_words(typed, answer, begin):
    interview = begin()
    fill(interview, {**START, **REST, "type": "mou"}, until="terms.term")
    assert interview.answer(interview.next_question(), typed).accepted
    assert interview.data["terms"]["term"] == answer


def test_country_that_met_is_the_default_place_and_its_minister_is_known(begin):
    interview = begin()
    fill(interview, {**START, "host": "Cuba"}, until="country")
    assert interview.next_question().default == "CU"
    fill(interview, {"person.1": "Teymur Musayev"}, until="person.1.role")
    assert interview.answers["person.1.party"] == "AZ"
    assert interview.next_question().default == "Minister of Health of Azerbaijan"


@each(
    ("typed", "shown"),
    [
        ("2019-09-14?", "14 September 2019, uncertain"),
        ("2019-09-14~", "14 September 2019, approximate"),
        ("2019-09%", "September 2019, approximate and uncertain"),
        ("2019?", "2019, uncertain"),
        ("2019-09-14?/2019-09-15", "14 September 2019, uncertain to 15 September 2019"),
        ("2019-09-14", ""),
        ("[..2019-09-14]", ""),
    ],
)
def test_mark_of_a_date_is_shown_in_words(typed, shown, begin):
    interview = begin(type="meeting")
    reply = interview.answer(interview.next_question(), typed)
    assert (reply.accepted, reply.shown) == (True, shown)


def test_name_with_a_title_is_remarked_on_at_once(begin):
    interview = begin()
    fill(interview, START, until="person.1")
    reply = interview.answer(interview.next_question(), "Dr. Saeed Namaki")
    assert reply.accepted
    assert [remark.message for remark in reply.remarks] == ["“Dr.” is not part of the name."]
    assert not interview.answer(interview.next_question(), "CU").remarks


@each(
    ("typed", "suggestion"),
    [
        ("halal vaccines", "vaccines"),
        ("health-workforce, vacines", "health-workforce, vaccines"),
        ("chess", "chess"),
    ],
)
def test_unknown_topic_comes_with_the_nearest(typed, suggestion, begin):
    interview = begin()
    fill(interview, START, until="topics")
    reply = interview.answer(interview.next_question(), typed)
    assert (reply.accepted, reply.suggestion) == (False, suggestion)


def test_date_that_is_deduced_is_not_proposed_as_proven(begin):
    for date, proposed in (("2023-05-04", True), ("2023-05-04~", False), ("[..1993-05-04]", False)):
        interview = begin()
        fill(interview, {**START, **REST, "date": date}, until="source.1.supports")
        assert ("date" in interview.next_question().default) == proposed


def test_back_returns_question_by_question_and_proposes_what_was_typed(begin):
    interview = begin(date="2023-05-04")
    fill(interview, {**START, **REST}, until="host")
    for key, text in (("online", "no"), ("party.3", ""), ("party.2", "CU"), ("party.1", "AZ")):
        assert interview.back()
        question = interview.next_question()
        assert (question.key, interview.typed(question)) == (key, text)
    assert interview.back()
    assert interview.next_question().key == "type"
    assert not interview.back()
    assert interview.answers == {"date": "2023-05-04"}


def test_answer_that_another_one_makes_invalid_is_asked_again(begin):
    interview = begin()
    fill(interview, {**START, "person.1": "Teymur Musayev", "person.1.party": "CU"}, until="topics")
    while interview.next_question().key != "party.2":
        assert interview.back()
    assert interview.answer(interview.next_question(), "Turkey").accepted
    assert fill(interview, {"person.1": "Teymur Musayev"}, until="person.1.party")
    question = interview.next_question()
    assert interview.typed(question) == "CU"
    assert not interview.answer(question, "CU").accepted


def test_answers_survive_and_those_no_longer_valid_are_asked_again(begin, few_records):
    interview = begin()
    assert not interview.restore()
    fill(interview, {**START, **REST, "topics": "vaccines"}, until="summary")
    interview.keep(interview.next_question(), "They spoke of")
    assert str(few_records) not in interview.saved
    again = begin()
    assert again.restore()
    question = again.next_question()
    assert (question.key, again.typed(question)) == ("summary", "They spoke of")
    path = few_records / "schema" / "topics.yaml"
    path.write_text(path.read_text("utf-8").replace("code: vaccines", "code: jabs"), "utf-8")
    with Dataset.open(few_records) as changed:
        later = changed.interview({})
        assert later.restore()
        question = later.next_question()
        assert (question.key, later.typed(question)) == ("topics", "vaccines")
        later.start_again()
        assert not later.answers
    assert not begin().restore()


@each(
    "content", ["", "[", "[]", '{"answers": []}', '{"answers": {"type": 1}}', "[" * 100_000, "\x00"]
)
def test_file_of_answers_that_is_none_is_ignored(content, begin):
    interview = begin()
    interview.restore()
    fill(interview, START, until="online")
    (path,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.json")
    assert json.loads(path.read_bytes())["answers"]
    path.write_text(content, encoding="utf-8")
    assert not begin().restore()
