"""The long run guided by coverage: ``python -m tests.fuzz.atheris_reader CORPUS``.

Atheris (``pip install atheris``) is not among the test dependencies: it has wheels for few Pythons.
"""

import sys

import atheris

with atheris.instrument_imports(include=["healthcoop", "yaml"]):
    from .promises import check_reading


def try_one(content: bytes) -> None:
    """Assert the reader's invariants."""
    check_reading(content)


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
