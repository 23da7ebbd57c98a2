"""Both parsers that the reader may have."""

from collections.abc import Iterator

import pytest

from healthcoop.files import nodes


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a test with libyaml, which every wheel of PyYAML has, and with PyYAML's own parser."""
    name: str = request.param
    assert nodes.HAS_LIBYAML, "PyYAML was built without libyaml"
    monkeypatch.setattr(nodes, "HAS_LIBYAML", name == "libyaml")
    nodes._loader_class.cache_clear()
    yield name
    nodes._loader_class.cache_clear()
