"""A picture as a file's bytes: SVG, PNG, or a page of HTML that needs no network."""

from collections.abc import Callable
from pathlib import PurePath
from types import ModuleType
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.export.charts.frame import Spec

_VEGA_LITE = "6.1"  # one version, so that a newer renderer draws the same
_SCALE = 2


def renderer(name: str) -> Callable[[Spec], bytes]:
    """Give what makes the bytes of a picture for a file of this name.

    Raises HealthcoopError for another ending than .svg, .png and .html, and where the library that
    draws is not installed.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in _RENDERERS:
        raise HealthcoopError(
            f"cannot draw {name}", hint="A picture's name ends in .svg, .png or .html."
        )
    try:
        import vl_convert
    except ImportError:
        raise HealthcoopError(
            "pictures need a library that is not installed",
            hint="Install healthcoop[charts].",
        ) from None
    return lambda spec: _RENDERERS[ending](vl_convert, spec)


def _svg(library: ModuleType, spec: Spec) -> bytes:
    drawn: str = library.vegalite_to_svg(spec, **_OPTIONS)
    return drawn.encode()


def _png(library: ModuleType, spec: Spec) -> bytes:
    drawn: bytes = library.vegalite_to_png(spec, scale=_SCALE, **_OPTIONS)
    return drawn


def _html(library: ModuleType, spec: Spec) -> bytes:
    drawn: str = library.vegalite_to_html(spec, vl_version=_VEGA_LITE, bundle=True)
    return drawn.encode()


# No address may be fetched, whatever a specification says.
_OPTIONS: dict[str, Any] = {"vl_version": _VEGA_LITE, "allowed_base_urls": []}
_RENDERERS = {".svg": _svg, ".png": _png, ".html": _html}
