"""Thousands of records are streamed in batches, from one state of the index."""

import sqlite3

import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.index import records
from healthcoop.index.query import Query
from healthcoop.index.records import count, select
from tests.cases import each


@pytest.fixture
def few(monkeypatch, data):
    """Stream from three records on."""
    monkeypatch.setattr(records, "_BATCH", 3)
    for number in range(8):
        data.write(f"2020-{number}", title=f"Meeting {7 - number}")
    return data


@each("sort", [["id"], ["-id"], ["title"], ["-date"]])
@each("limit", [None, 0, 3, 4, 7, 8, 9])
def test_stream_returns_what_a_fetch_does(few, monkeypatch, sort, limit):
    with few.open() as index:
        streamed = [item.data for item in select(index, Query(), sort=sort, limit=limit)]
        monkeypatch.setattr(records, "_BATCH", 100)
        assert streamed == [item.data for item in select(index, Query(), sort=sort, limit=limit)]


def test_stream_continues_during_other_queries_and_after_its_index_is_closed(few):
    with few.open() as index:
        stream = select(index, Query())
        first = next(stream).record.id
        assert count(index, Query()) == 8
        other = next(select(index, Query(), sort=["-id"])).record.id
    assert (first, other) == ("2020-0", "2020-7")
    assert [item.record.id for item in stream] == [f"2020-{number}" for number in range(1, 8)]


def test_index_found_damaged_while_streaming_is_rebuilt_and_reported(few, monkeypatch):
    with few.open() as index:
        stream = select(index, Query())
        next(stream)
        error = sqlite3.DatabaseError("malformed")

        def fail(*_):
            monkeypatch.undo()
            monkeypatch.setattr(records, "is_damage", lambda _: True)
            raise error

        monkeypatch.setattr(records.json, "dumps", fail)
        with pytest.raises(HealthcoopError, match="rebuilt"):
            list(stream)
        assert count(index, Query()) == 8
