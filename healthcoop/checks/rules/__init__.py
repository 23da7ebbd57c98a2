"""What a schema cannot say: one function a rule, one module a family."""

from importlib import import_module

FAMILIES = (
    *("reading", "schema", "files", "dates", "order", "parties", "people", "party_details"),
    *(
        "terms",
        "links",
        "relations",
        "identifiers",
        "sources",
        "addresses",
        "characters",
        "text",
        "data_set",
    ),
)


def load() -> None:
    """Import every family, so that its rules are registered."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
