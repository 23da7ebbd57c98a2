"""GeoJSON and GraphML, each read by a program of its own kind."""

import json
from itertools import pairwise

import networkx
from shapely.geometry import MultiPolygon, Point, Polygon, shape

from healthcoop import Query
from healthcoop.export.charts import world
from tests.export.conftest import ODD

COUNTS = ("records", "instruments", "encounters")


def text(dataset, name, query=None, note=None):
    return "".join(dataset.export_text(name, query, note=note))


def shapes():
    """Return the polygons of each country of the map, decoded from TopoJSON."""
    topology = world.read_world()["topology"]
    (sx, sy), (dx, dy) = (topology["transform"][key] for key in ("scale", "translate"))
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        arcs.append([])
        for step in arc:
            x, y = x + step[0], y + step[1]
            arcs[-1].append((x * sx + dx, y * sy + dy))

    def ring(numbers):
        points = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        # A ring across the meridian of 180 degrees goes on beyond it.
        turns, unrolled = 0, points[:1]
        for (before, _), (x, y) in pairwise(points):
            turns += (before - x > 180) - (x - before > 180)
            unrolled.append((x + 360 * turns, y))
        return unrolled

    return {
        each["id"]: MultiPolygon(
            Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]])
            for rings in ([each["arcs"]] if each["type"] == "Polygon" else each["arcs"])
        )
        for each in topology["objects"]["countries"]["geometries"]
        if "id" in each
    }


def test_point_of_each_country_is_inside_its_shape():
    points = world.points()
    drawn = shapes()
    assert len(drawn) == 175
    outside = {
        code
        for code, parts in drawn.items()
        if not any(part.contains(Point(points[code])) for part in parts.geoms)
    }
    assert outside == set()
    for longitude, latitude in points.values():
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90


def test_geojson_has_every_record_with_a_country_where_it_took_place(either):
    notes = []
    data = json.loads(text(either, "geojson", note=notes.append))
    assert data["type"] == "FeatureCollection"
    assert data["provenance"]["citation"] == either.provenance.citation
    points = world.points()
    expected = {
        one.id: {place.country for place in one.places} & points.keys() for one in either.records()
    }
    located = {ident: codes for ident, codes in expected.items() if codes}
    assert [feature["id"] for feature in data["features"]] == [*located]
    for feature in data["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        assert feature["properties"]["precision"] == "country"
        codes = located[feature["id"]]
        geometry = shape(feature["geometry"])
        assert geometry.geom_type == ("Point" if len(codes) == 1 else "MultiPoint")
        found = {(point.x, point.y) for point in getattr(geometry, "geoms", [geometry])}
        assert found == {points[code] for code in codes}
    left_out = len(expected) - len(located)
    assert notes == [f"{left_out} records left out: no place in a country that is on the map"]


def test_dates_of_geojson_are_not_padded(odd):
    features = json.loads(text(odd, "geojson"))["features"]
    dates = {record.id: record.date for record in odd.records()}
    assert [one["properties"]["date"] for one in features] == [dates[one["id"]] for one in features]
    (feature,) = (one for one in features if one["id"] == "2024-az-odd")
    assert feature["properties"]["title"] == ODD


def test_graph_has_the_numbers_of_the_statistics(either, tmp_path):
    check_graph(either, Query(kind="encounter"), tmp_path)


def test_graph_of_a_filter_has_the_numbers_of_its_records(odd, tmp_path):
    check_graph(odd, None, tmp_path)
    check_graph(odd, Query(countries=["AZ"]), tmp_path)


def check_graph(dataset, query, tmp_path):
    notes = []
    written = dataset.export("graphml", query, output=tmp_path / "out.graphml", note=notes.append)
    graph = networkx.read_graphml(written[0])
    assert not graph.is_directed()
    assert not graph.is_multigraph()
    assert graph.graph["citation"] == dataset.provenance.citation
    pairs = dataset.statistic("pairs", query, multilateral="all", organisations=True)
    assert graph.number_of_edges() == len(pairs) > 0
    for row in pairs:
        edge = graph.edges[row["a"], row["b"]]
        for name in (*COUNTS, "weight", "first", "last"):
            assert edge.get(name) == row[name], (row["a"], row["b"], name)
    left_out = pairs.left_out["too_few"]
    assert bool(notes) == bool(left_out)
    parties = {}
    for name, column in (("countries", "country"), ("organisations", "organisation")):
        parties |= {row[column]: (column, row) for row in dataset.statistic(name, query)}
    assert graph.nodes.keys() == parties.keys()
    for code, (kind, row) in parties.items():
        node = graph.nodes[code]
        assert node["label"] == dataset.vocabulary.label(code)
        assert node["kind"] == kind
        assert [node[name] for name in COUNTS] == [row[name] for name in COUNTS]


def test_node_has_the_region_of_today(odd):
    graph = networkx.parse_graphml(text(odd, "graphml"))
    assert graph.nodes["AZ"]["region"] == "EUR"
    assert graph.nodes["TR"]["region"] == "EUR"
    assert "region" not in graph.nodes["WHO"]


def test_odd_code_stays_a_text_in_a_graph(with_record):
    dataset = with_record(
        {
            "id": "2024-az-odd",
            "type": "meeting",
            "date": "2024-05-06",
            "parties": [{"country": "AZ"}, {"organisation": ODD}],
        }
    )
    graph = networkx.parse_graphml(text(dataset, "graphml"))
    assert graph.nodes[ODD]["label"] == ODD
    assert graph.edges["AZ", ODD]["first"] == "2024-05-06"
