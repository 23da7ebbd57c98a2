"""The evaluation counts what it should: events are matched, misses and extras are counted."""

import pytest

from tests.eval.scoring import compare

MEETING = {"kind": "encounter", "type": "meeting", "date": "2024-05-06", "sides": ["PE", "CL"]}
MOU = {"kind": "instrument", "type": "mou", "date": "2024-05-06", "sides": ["PE", "CL"]}


def draft(event, **changes):
    return {**event, "people": [{"name": "Dr Ana Silva"}], "topics": ["vaccines"], **changes}


def gold(*events):
    people = [{"name": "Ana Silva", "party": "PE"}, {"name": "Eva Rojas", "party": "CL"}]
    more = {"people": people, "topics": ["vaccines", "research"], "day_in_text": True}
    return {"events": [{**event, **more} for event in events]}


def test_events_are_matched_by_kind_and_sides_whatever_their_order():
    score = compare([draft(MOU), draft(MEETING)], gold(MEETING, MOU))
    assert [score.value(name) for name in ("events", "sides", "kind", "type", "day")] == [1] * 5
    assert score.value("people") == pytest.approx(2 / 3)
    assert score.precision_recall("topics") == (1, 0.5)


def test_missed_and_extra_events_count_against_it():
    score = compare([draft(MEETING)], gold(MEETING, MOU))
    assert score.value("kind") == 0.5
    assert score.precision_recall("sides") == (1, 0.5)
    extra = compare([draft(MEETING), draft(MOU, sides=["BR", "PE"])], gold(MEETING))
    assert extra.precision_recall("sides") == (0.5, 1)
    assert extra.precision_recall("events") == (0.5, 1)


def test_no_event_and_no_draft_is_right():
    assert compare([], gold()).errors == []
    assert compare([draft(MEETING)], gold()).errors


def test_wrong_type_of_the_only_event_is_a_wrong_type():
    score = compare([draft(MOU)], gold(MEETING))
    assert score.value("kind") == 0
    assert score.value("sides") == 1
