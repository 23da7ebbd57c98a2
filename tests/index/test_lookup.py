"""One record by id, prefix or path; sorting; links from other records."""

import os

import pytest

from healthcoop.errors import NotFound, UnknownName
from healthcoop.index.details import Backlink, links_to
from healthcoop.index.query import Query
from healthcoop.index.records import count, get, ids, select


def test_get_accepts_id_former_id_unique_beginning_and_path(data, monkeypatch):
    path = data.write("2020-az-tr-visit", former_ids=["2020-tr-az-old"])
    data.write("2020-az-gb-call", type="mou")
    with data.open() as index:
        for name in ("2020-az-tr-visit", "2020-tr-az-old", "2020-az-tr", str(path)):
            assert get(index, name).record.id == "2020-az-tr-visit"
        found = get(index, "records/2020/2020-az-gb-call.yaml")
        assert (found.record.id, found.kind) == ("2020-az-gb-call", "instrument")
        assert found.path == "records/2020/2020-az-gb-call.yaml"
        monkeypatch.chdir(path.parent)
        assert get(index, path.name).record.id == "2020-az-tr-visit"


def test_current_id_takes_precedence_over_former_id_and_beginning(data):
    data.write("2020-a", former_ids=["2020-b"])
    data.write("2020-b")
    data.write("2020-b-more")
    with data.open() as index:
        assert get(index, "2020-b").record.id == "2020-b"


def test_get_returns_the_first_by_path_of_files_with_the_same_id(data):
    data.write_text("2021-b", data.write("2020-a").read_text())
    data.path("2020-a").unlink()
    data.open().close()
    data.write("2020-a")
    with data.open() as index:
        assert get(index, "2020-a").path == "records/2020/2020-a.yaml"


def test_ambiguous_beginning_lists_up_to_ten_candidates(data):
    for number in range(12):
        data.write(f"2020-az-tr-{number:02}")
    with data.open() as index, pytest.raises(NotFound) as caught:
        get(index, "2020-az")
    assert caught.value.nearest == tuple(f"2020-az-tr-{number:02}" for number in range(10))
    assert "12" in caught.value.message


def test_unknown_id_suggests_similar_ones(data):
    data.write("2020-az-tr-visit")
    with data.open() as index:
        with pytest.raises(NotFound) as caught:
            get(index, "2020-az-tr-vizit")
        assert caught.value.nearest == ("2020-az-tr-visit",)
        for name in ("", "nothing-like-it", "caf\udce9", os.devnull):
            with pytest.raises(NotFound):
                get(index, name)


def test_id_of_an_unreadable_file_is_reported_as_such(data):
    data.write_text("2020-az-tr-visit", "id: [")
    with data.open() as index, pytest.raises(NotFound, match=r"cannot be read.*2020-az-tr-visit"):
        get(index, "2020-az-tr-visit")


def test_minus_reverses_sorting_and_ties_are_broken_by_id(data):
    data.write("2020-a", date="2020-05-01", title="Zagreb meeting")
    data.write("2020-b", date="2021", title="ankara meeting", type="mou")
    data.write("2020-c", date="2021", title="Écija meeting")
    with data.open() as index:

        def by(*sort, **options):
            return [item.record.id[-1] for item in select(index, Query(), sort=sort, **options)]

        assert by("-date") == ["b", "c", "a"]
        assert by("-date", "-id") == ["c", "b", "a"]
        assert by("title") == ["b", "c", "a"]
        assert by("-type", "title") == ["b", "c", "a"]
        assert by("kind", "-date") == ["c", "a", "b"]
        assert by("id", limit=2) == ["a", "b"]
        assert by("path", limit=0) == []
        with pytest.raises(UnknownName) as caught:
            by("titel")
        assert caught.value.nearest == ("title",)


def test_count_equals_number_of_selected_records(data):
    for number in range(5):
        data.write(f"2020-{number}", type="mou" if number % 2 else "meeting")
    with data.open() as index:
        query = Query(types=("mou",))
        assert count(index, query) == len(list(select(index, query))) == 2


def test_links_to_follows_former_ids_and_ignores_withdrawn_records(data):
    data.write("2020-a", former_ids=["2019-a"])
    link = [{"rel": "follows-up", "record": "2020-a"}]
    data.write("2022-c", links=link)
    data.write("2021-b", links=[{"rel": "amends", "record": "2019-a"}], type="mou")
    data.write("2021-c", links=link)
    data.write("2021-d", links=link, withdrawn={"date": "2022", "reason": "wrong"})
    data.write("2021-e", links=[{"rel": "related", "title": "2020-a", "url": "https://a.org"}])
    with data.open() as index:
        found = links_to(index, "2020-a")
    assert [(link.rel, link.id) for link in found] == [
        ("amends", "2021-b"),
        ("follows-up", "2021-c"),
        ("follows-up", "2022-c"),
    ]
    assert found[0] == Backlink("amends", "2021-b", "2021", "mou", "The meeting of 2021-b")


def test_ids_match_a_prefix_with_any_characters(data):
    for ident in ("2020-az-a", "2020-az-b", "2021-az"):
        data.write(ident)
    with data.open() as index:
        assert ids(index, "2020") == ["2020-az-a", "2020-az-b"]
        assert ids(index) == ["2020-az-a", "2020-az-b", "2021-az"]
        assert ids(index, "20%") == ids(index, "2020_az") == ids(index, "*") == []


def test_record_round_trips_through_the_index(data):
    data.write("2020-a", parties=[{"country": "NO"}, {"country": "GB", "bodies": ["NHS", "on"]}])
    with data.open() as index:
        assert get(index, "2020-a").record.parties[0].code == "NO"
        assert get(index, "2020-a").record.parties[1].bodies == ("NHS", "on")
