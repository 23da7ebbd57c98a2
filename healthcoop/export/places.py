"""Records on a map: GeoJSON (RFC 7946).

There are no coordinates of cities here, so a record lies at a point of each country that its places
name: world.json's, which is inside the country's shape. ``precision`` says so.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from healthcoop.export.charts.world import points
from healthcoop.export.extract import Extract
from healthcoop.model.columns import IndexedRecord

_NOWHERE = "left out: no place in a country that is on the map"
_encode = json.JSONEncoder(ensure_ascii=False).encode


def write_geojson(extract: Extract) -> Iterator[str]:
    """Write a feature for each record with a place: a Point, or a MultiPoint of its countries."""
    known = points()
    provenance = _encode(extract.provenance.as_data())
    yield f'{{"type": "FeatureCollection",\n"provenance": {provenance},\n"features": ['
    separator = "\n"
    for indexed in extract.records():
        geometry = _geometry(indexed, known)
        if geometry is None:
            extract.note(_NOWHERE)
            continue
        yield separator + _encode(_feature(indexed, geometry))
        separator = ",\n"
    yield "\n]}\n"


def _geometry(
    indexed: IndexedRecord, known: Mapping[str, tuple[float, float]]
) -> dict[str, Any] | None:
    """Return the points of the countries of a record's places, each once, longitude first."""
    countries = dict.fromkeys(place.country for place in indexed.record.places if place.country)
    found = [[*known[country]] for country in countries if country in known]
    if len(found) > 1:
        return {"type": "MultiPoint", "coordinates": found}
    return {"type": "Point", "coordinates": found[0]} if found else None


def _feature(indexed: IndexedRecord, geometry: Mapping[str, Any]) -> dict[str, Any]:
    record = indexed.record
    properties = {
        "id": record.id,
        "date": record.date,
        "earliest": indexed.earliest,
        "latest": indexed.latest,
        "type": record.type,
        "kind": indexed.kind,
        "title": record.title,
        "summary": record.summary,
        "countries": record.countries,
        "organisations": record.organisations,
        "topics": record.topics,
        "places": [str(place) for place in record.places],
        "precision": "country",
        "url": record.sources[0].url if record.sources else None,
    }
    return {"type": "Feature", "id": record.id, "geometry": geometry, "properties": properties}
