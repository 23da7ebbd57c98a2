"""Tables of cases that one test walks, which is quicker than one test for each case."""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any

import pytest

sampled = pytest.mark.parametrize(
    "step", [pytest.param(20, id="a sample"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
"""Run a test on every twentieth of the real records, and on all among the slow tests."""


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[..., Callable[..., None]]:
    """Run a test on every case, like ``parametrize``, but fail once and name all that failed.

    The cases share the fixtures: a test that changes what a fixture returned is parametrised.
    """
    table = list(cases)
    assert table
    single = isinstance(names, str)
    parameters = {names} if isinstance(names, str) else dict.fromkeys(names)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def walk(**fixtures: Any) -> None:
            failures = []
            for case in table:
                values = (case,) if single else case
                arguments = dict(zip(parameters, values, strict=True))
                try:
                    test(**arguments, **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    failures.append(f"{case!s:.200}: {type(error).__name__}: {error}")
            if failures:
                count = f"{len(failures)} of {len(table)} cases failed:"
                pytest.fail("\n\n".join([count, *failures]), pytrace=False)

        own = signature(test)
        others = [each for name, each in own.parameters.items() if name not in parameters]
        walk.__signature__ = own.replace(parameters=others)  # type: ignore[attr-defined]
        return walk

    return decorate
