"""The Python API of healthcoop: who agreed and met with whom about health.

    from healthcoop import Dataset, Query

    with Dataset.open() as dataset:
        query = Query(countries="Azerbaijan", since="2022")
        for record in dataset.records(query):
            print(record.date, record.title, [party.code for party in record.parties])
        for pair in dataset.pairs(query):
            print(pair["a"], pair["b"], pair["records"])
        print(dataset.check().closing_line)

``Dataset.open`` takes the folder of a data set, or finds it as the command line does. Every command
is a method. ``to_pandas()`` and ``to_polars()`` convert records and statistics to data frames
(``healthcoop[pandas]``, ``healthcoop[polars]``). A query that cannot be answered raises a
HealthcoopError, whose ``hint`` is what to do; docs/guide.md has more examples.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
REPOSITORY = "_OWNER_/healthcoop"
"""Owner and name on GitHub, of the project, the action and the hooks.

The project has no address yet. ``_OWNER_`` is not a valid account name, so nobody can publish
another action under it.
"""
__all__ = ["Dataset", "Finding", "HealthcoopError", "Query", "Record", "__version__"]

if TYPE_CHECKING:
    from healthcoop.checks.findings import Finding
    from healthcoop.dataset import Dataset
    from healthcoop.errors import HealthcoopError
    from healthcoop.index.query import Query
    from healthcoop.model.record import Record

_HOMES = {
    "Dataset": "healthcoop.dataset",
    "Finding": "healthcoop.checks.findings",
    "HealthcoopError": "healthcoop.errors",
    "Query": "healthcoop.index.query",
    "Record": "healthcoop.model.record",
}


def __getattr__(name: str) -> Any:
    # Imported on demand: `healthcoop --version` must not load the whole package.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
