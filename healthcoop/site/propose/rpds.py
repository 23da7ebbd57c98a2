"""The three types of rpds that jsonschema and referencing use, in Python, for the browser.

rpds itself is compiled, and has no wheel for WebAssembly. These copy where it shares, which the few
and small collections of one schema do not feel.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


class HashTrieMap(Mapping[K, V]):
    """An immutable mapping, whose methods return changed copies."""

    def __init__(self, value: Mapping[K, V] | Iterable[tuple[K, V]] = (), **more: Any) -> None:
        self._values: dict[K, V] = dict(value, **more)

    def __getitem__(self, key: K) -> V:
        """Return a value; raises KeyError."""
        return self._values[key]

    def __iter__(self) -> Iterator[K]:
        """Iterate over the keys."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._values)

    def __hash__(self) -> int:
        """Return a hash; raises TypeError for values without one."""
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"HashTrieMap({self._values!r})"

    def insert(self, key: K, value: V) -> "HashTrieMap[K, V]":
        """Return a copy with another value."""
        return HashTrieMap({**self._values, key: value})

    def remove(self, key: K) -> "HashTrieMap[K, V]":
        """Return a copy without a key; raises KeyError where it is absent."""
        if key not in self._values:
            raise KeyError(key)
        return self.discard(key)

    def discard(self, key: K) -> "HashTrieMap[K, V]":
        """Return a copy without a key, which need not be there."""
        return HashTrieMap({one: value for one, value in self._values.items() if one != key})

    def update(self, *others: Any, **more: Any) -> "HashTrieMap[K, V]":
        """Return a copy with the values of other mappings or pairs."""
        values = dict(self._values)
        for other in (*others, more):
            values.update(other)
        return HashTrieMap(values)

    @classmethod
    def convert(cls, value: Any) -> "HashTrieMap[Any, Any]":
        """Return a mapping or pairs as this type."""
        return value if isinstance(value, cls) else cls(value)

    @classmethod
    def fromkeys(cls, keys: Iterable[K], value: Any = None) -> "HashTrieMap[K, Any]":
        """Return a mapping from each key to one value."""
        return cls(dict.fromkeys(keys, value))


class HashTrieSet(frozenset[T]):
    """An immutable set, whose methods return changed copies."""

    def insert(self, value: T) -> "HashTrieSet[T]":
        """Return a copy with another value."""
        return HashTrieSet(self | {value})

    def remove(self, value: T) -> "HashTrieSet[T]":
        """Return a copy without a value; raises KeyError where it is absent."""
        if value not in self:
            raise KeyError(value)
        return self.discard(value)

    def discard(self, value: T) -> "HashTrieSet[T]":
        """Return a copy without a value, which need not be there."""
        return HashTrieSet(self - {value})

    def update(self, *others: Iterable[T]) -> "HashTrieSet[T]":
        """Return a copy with the values of other iterables."""
        return HashTrieSet(self.union(*others))


class List(tuple[T, ...]):
    """An immutable list, whose methods return changed copies."""

    __slots__ = ()

    def __new__(cls, value: Any = (), *more: T) -> "List[T]":
        """Return a list of the items of one iterable, or of several arguments."""
        return super().__new__(cls, (value, *more) if more else value)

    @property
    def first(self) -> T:
        """The first item; raises IndexError where there is none."""
        return self[0]

    def push_front(self, value: T) -> "List[T]":
        """Return a copy with another item before the others."""
        return List([value, *self])

    def drop_first(self) -> "List[T]":
        """Return a copy without the first item; raises IndexError where there is none."""
        if not self:
            raise IndexError("empty list")
        return List(self[1:])
