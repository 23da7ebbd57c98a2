"""Both parsers that the reader may have."""

from collections.abc import Iterator

import pytest

from healthcoop.files import nodes


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a test with libyaml, where it is installed, and with PyYAML's own parser."""
    name: str = request.param
    if name == "libyaml" and not nodes.HAS_LIBYAML:
        pytest.skip("PyYAML has no libyaml here")
    monkeypatch.setattr(nodes, "HAS_LIBYAML", name == "libyaml")
    nodes._loader_class.cache_clear()
    yield name
    nodes._loader_class.cache_clear()
