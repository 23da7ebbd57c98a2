"""Linked data: read by rdflib, and checked by SHACL shapes written from the vocabularies."""

import json
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, SDO

from healthcoop import Query
from healthcoop.export.linked_data import CONTEXT
from tests.cases import each
from tests.export.conftest import ODD, ODD_RECORD

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib, by itself
SHAPES = Path(__file__).parents[1] / "data" / "exports" / "shapes.ttl"
SCHEMA = Namespace("http://schema.org/")
EDTF = URIRef("http://id.loc.gov/datatypes/edtf")
ID = "tag:healthcoop,2026:{}/{}"
RECENT = Query(since="2025-06")


def linked(dataset, query=None):
    return "".join(dataset.export_text("jsonld", query))


def read(source):
    return Graph().parse(data=source, format="json-ld")


def violations(graph):
    shapes = Graph().parse(SHAPES)
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=shapes)
    return "" if conforms else report


def written(with_record, **fields):
    return read(linked(with_record({**ODD_RECORD, **fields})))


def test_every_term_is_one_of_its_vocabulary():
    known = {"schema": SDO, "prov": PROV, "dcterms": DCTERMS}
    prefixes = {name for name, value in CONTEXT.items() if str(value).startswith("http")}
    assert prefixes == known.keys()
    for name, value in CONTEXT.items():
        if name in prefixes or name.startswith("@"):
            continue
        prefix, _, term = (value["@id"] if isinstance(value, dict) else value).partition(":")
        assert term in known[prefix], name


def test_graph_fits_the_shapes_and_has_every_record(either):
    query = RECENT if len(either.records()) > 100 else None
    graph = read(linked(either, query))
    assert violations(graph) == ""
    expected = [*either.records(query)]
    assert len(expected) > 1
    for record in expected:
        node = URIRef(ID.format("record", record.id))
        event = graph.value(node, SCHEMA.mainEntity)
        assert event == URIRef(ID.format(either.vocabulary.kind(record.type), record.id))
        assert graph.value(event, SCHEMA.name) == Literal(record.title)
        assert graph.value(event, DCTERMS.date) == Literal(record.date, datatype=EDTF)
        sources = {*graph.objects(node, PROV.wasDerivedFrom)}
        assert len(sources) == len({source.url for source in record.sources})
        quotes = {
            str(graph.value(part, SCHEMA.text)) for part in graph.objects(node, SCHEMA.hasPart)
        }
        in_web = [source for source in record.sources if source.url.startswith("http")]
        assert quotes == {source.quote for source in in_web if source.quote}


def test_data_set_has_its_licence_and_citation(either):
    graph = read(linked(either, RECENT))
    (data_set,) = graph.subjects(SCHEMA.schemaVersion, None)
    citation = graph.value(data_set, DCTERMS.bibliographicCitation)
    assert str(citation) == either.provenance.citation
    if either.provenance.licence:
        licence = URIRef(f"https://spdx.org/licenses/{either.provenance.licence}")
        assert graph.value(data_set, SCHEMA.license) == licence


@each(
    ("date", "starts", "ends"),
    [
        ("2024-05-06", "2024-05-06", None),
        ("2024-05", "2024-05", None),
        ("2024", "2024", None),
        ("2024-05-06~", None, None),
        ("2024-05-XX", None, None),
        ("[2024-05-06..2024-05-07]", None, None),
        ("2024-05-06/2024-05-08", "2024-05-06", "2024-05-08"),
        ("2024-05-06/..", "2024-05-06", None),
        ("2024-05-06/2024-05-08?", "2024-05-06", None),
    ],
)
def test_date_is_as_known_as_in_the_record(with_record, tmp_path, date, starts, ends):
    graph = written(with_record, date=date)
    event = URIRef(ID.format("encounter", "2024-az-odd"))
    for name, expected in ((SCHEMA.startDate, starts), (SCHEMA.endDate, ends)):
        value = graph.value(event, name)
        assert value == (expected and Literal(expected, datatype=SCHEMA.Date))
    assert graph.value(event, DCTERMS.date) == Literal(date, datatype=EDTF)


def test_links_between_instruments_are_terms_of_legislation(with_record):
    links = [
        {"rel": "amends", "record": "2021-az-no-digital-memorandum"},
        {"rel": "implements", "title": "Health agreement of 1988", "date": "1988"},
        {"rel": "signed-at", "record": "2020-az-tr-ministers-meet"},
    ]
    graph = written(with_record, type="agreement", links=links, terms={"period": "2024/2026"})
    instrument = URIRef(ID.format("instrument", "2024-az-odd"))
    assert graph.value(instrument, RDF.type) == SCHEMA.Legislation
    assert graph.value(instrument, SCHEMA.legislationDate) == Literal(
        "2024-05-06", datatype=SCHEMA.Date
    )
    assert str(graph.value(instrument, SCHEMA.temporalCoverage)) == "2024/2026"
    amended = URIRef(ID.format("instrument", "2021-az-no-digital-memorandum"))
    assert graph.value(instrument, SCHEMA.legislationChanges) == amended
    applied = graph.value(instrument, SCHEMA.legislationApplies)
    assert str(graph.value(applied, SCHEMA.name)) == "Health agreement of 1988"
    met = URIRef(ID.format("record", "2020-az-tr-ministers-meet"))
    assert graph.value(instrument, DCTERMS.relation) == met
    assert violations(graph) == ""


def test_odd_texts_stay_texts(odd):
    graph = read(linked(odd))
    event = URIRef(ID.format("encounter", "2024-az-odd"))
    assert str(graph.value(event, SCHEMA.name)) == ODD
    assert not [node for node in graph.all_nodes() if str(node).startswith("javascript:")]
    assert not [node for node in graph.all_nodes() if isinstance(node, URIRef) and '"' in node]


FORBIDDEN = {
    '"startDate": "2024-05-06"': '"startDate": "May 2024"',
    '"attendee": [{"@type": "GovernmentOrganization"': '"attendee": [{"@type": "Place"',
    '"@type": "Event", "additionalType"': '"@type": "Person", "additionalType"',
    '"wasQuotedFrom": "https://': '"url": "https://',
    '"@type": ["CreativeWork", "Entity"], "mainEntity"': '"@type": "Entity", "mainEntity"',
    ', "edtf": "2024-05-06"': "",
}
"""Replacements in the JSON-LD, each of which makes it invalid."""


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(text, marks=[pytest.mark.slow] if number else [])
        for number, text in enumerate(FORBIDDEN)
    ],
)
def test_shapes_refuse_what_the_vocabularies_do_not_allow(odd, pattern):
    source = linked(odd, Query(ids=["2024-az-odd"]))
    assert violations(read(source)) == ""
    assert pattern in source
    assert violations(read(source.replace(pattern, FORBIDDEN[pattern])))


def test_nothing_needs_to_be_fetched(odd):
    data = json.loads(linked(odd))
    assert data.keys() == {"@context", "@graph"}
    assert isinstance(data["@context"], dict)
    assert not [value for value in data["@context"].values() if "@context" in str(value)]
