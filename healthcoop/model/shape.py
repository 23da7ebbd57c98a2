"""Plain data to the dataclasses of a record and back, by the types of their attributes."""

from collections.abc import Callable, Mapping
from dataclasses import field, fields, make_dataclass
from functools import cache, partial
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

Data = Mapping[str, Any]

T = TypeVar("T")


class ShapeError(ValueError):
    """Data that does not have the shape of a record, at ``pointer``."""

    def __init__(self, pointer: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


def _text(value: object) -> str:
    if type(value) is not str:
        raise ShapeError((), f"expected text, found {describe(value)}")
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise ShapeError((), f"expected true or false, found {describe(value)}")
    return value


def _items(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    if type(value) is not list:
        raise ShapeError((), f"expected a list, found {describe(value)}")
    items: list[T] = []
    try:
        for item in value:
            items.append(read(item))  # noqa: PERF401 - its length is the number of the item
    except ShapeError as error:
        raise ShapeError((len(items), *error.pointer), error.message) from None
    return tuple(items)


def _texts(value: object) -> tuple[str, ...]:
    return _items(value, _text)


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    names = value if type(value) is dict else ()
    return tuple(_fields(value, {name: (name, _text) for name in names}).items())


def _many(part: type[T]) -> Callable[[object], tuple[T, ...]]:
    one = partial(build, part)
    return lambda value: _items(value, one)


def key(attribute: str) -> str:
    """Return the key in a file for an attribute; one that Python reserves ends with ``_`` there."""
    return attribute.rstrip("_")


@cache
def _plan(part: Any) -> tuple[type, Mapping[str, tuple[str, Callable[[object], Any]]]]:
    """Return how to build a part: the attribute of each key, and what reads its value.

    The class has the slots of the part, and its objects are created five times as fast.
    """
    attributes = [(one.name, object, field(default=one.default)) for one in fields(part)]
    mutable = make_dataclass(part.__name__, attributes, slots=True, eq=False)
    hints = part.__annotations__.items()
    return mutable, {key(name): (name, _reader(hint)) for name, hint in hints}


def _reader(hint: Any) -> Callable[[object], Any]:
    """Return what reads a value of an annotated type: ``str | None``, ``tuple[Place, ...]`` ..."""
    if hint is bool:
        return _flag
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        if get_origin(item) is tuple:
            return _pairs
        return _texts if item is str else _many(item)
    inner = next(kind for kind in get_args(hint) or (hint,) if kind is not NoneType)
    return _text if inner is str else partial(build, inner)


def build(part: type[T], data: object) -> T:
    """Return a part of a record; raises ShapeError for data of another shape."""
    kind: Any = part
    mutable, readers = _plan(kind)
    built: Any = mutable(**_fields(data, readers))
    built.__class__ = part  # as frozen from here on as any other
    return built  # type: ignore[no-any-return]


def _fields(
    data: object, readers: Mapping[str, tuple[str, Callable[[object], Any]]]
) -> dict[str, Any]:
    """Read the values of a mapping; each level adds its key to the pointer of an error."""
    if type(data) is not dict:
        raise ShapeError((), f"expected a mapping, found {describe(data)}")
    values: dict[str, Any] = {}
    key = ""
    try:
        for key, value in data.items():
            if key in readers:  # an unknown key is the schema's finding
                attribute, reader = readers[key]
                text = reader is _text and type(value) is str
                values[attribute] = value if text else reader(value)
    except ShapeError as error:
        raise ShapeError((key, *error.pointer), error.message) from None
    return values


def plain(part: Any, *, absent: bool = False) -> dict[str, Any]:
    """Return the plain data of a part; absent fields as None, False or ``[]``, or left out."""
    data: dict[str, Any] = {}
    for name in part.__slots__:
        value = getattr(part, name)
        if not value and not absent:
            continue
        if name == "says":
            value = dict(value)
        elif isinstance(value, tuple):
            value = [plain(item, absent=absent) if _is_part(item) else item for item in value]
        elif _is_part(value):
            value = plain(value, absent=absent)
        data[key(name)] = value
    return data


def _is_part(value: object) -> bool:
    return hasattr(value, "__dataclass_fields__")


def describe(value: object) -> str:
    """Describe a value: ``text "x"``, ``a list``, ``a mapping`` ..."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"text “{value[:40]}”"
    return "a list" if isinstance(value, list) else "a mapping"
