"""The results of link checks, kept in the user's cache folder between runs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Literal, get_args

from healthcoop.contribute.links.quotes import key
from healthcoop.errors import HealthcoopError
from healthcoop.files.atomic import write_text

UrlState = Literal["ok", "gone", "blocked", "unreachable"]
FRESH_DAYS = 7
"""Results that are not older are used again."""
_KEPT_DAYS = 90  # for conditional requests
_SAVED_EVERY = 5.0  # seconds
_LARGEST = 64 * 1024 * 1024  # bytes of a file of results that is read


@dataclass(frozen=True, slots=True)
class UrlResult:
    """What asking for an address resulted in.

    ``final_url`` answered; ``moved_to`` is where permanent redirects led, or empty. ``quotes`` says
    of the key of a quote whether the page contains it; one that could not be looked for is None.
    ``archived`` is a copy's address, empty where the archive has none, None where it was not asked.
    """

    url: str
    state: UrlState
    detail: str = ""
    status: int | None = None
    final_url: str = ""
    moved_to: str = ""
    quotes: Mapping[str, bool | None] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    archived: str | None = None
    checked: str = ""

    @property
    def is_definite(self) -> bool:
        """Whether the next run needs not ask again: a server answered, or there is none."""
        return self.state == "gone" or (self.state != "unreachable" and self.status is not None)

    @property
    def is_fresh(self) -> bool:
        """Whether this is recent and definite enough to be used instead of asking again."""
        return self.is_definite and self.is_younger(FRESH_DAYS)

    def knows(self, wanted: Iterable[str]) -> bool:
        """Return whether all these quotes were looked for."""
        return all(key(quote) in self.quotes for quote in wanted)

    def is_younger(self, days: int) -> bool:
        """Return whether the address was asked for within so many days; raises ValueError."""
        age = datetime.now(UTC) - datetime.fromisoformat(self.checked)
        return timedelta(0) <= age <= timedelta(days=days)


def now() -> str:
    """Return the present time for ``checked``."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class ResultFile:
    """The results by address; saved every few seconds, and as a whole: a crash loses little."""

    def __init__(self, path: Path | None) -> None:
        """Read a file of JSON lines; without one, or without a path, there is no result."""
        self._path = path
        self._results = {result.url: result for result in _read(path)} if path else {}
        self._saved = monotonic()

    def get(self, url: str) -> UrlResult | None:
        """Return the last result of an address."""
        return self._results.get(url)

    def add(self, result: UrlResult) -> None:
        """Store a result in the place of an older one; a copy that was found is kept."""
        older = self._results.get(result.url)
        if older and result.archived is None:
            result = replace(result, archived=older.archived)
        self._results[result.url] = result
        if monotonic() - self._saved >= _SAVED_EVERY:
            self.save()

    def save(self) -> None:
        """Write the file; where the cache folder cannot be written, nothing is kept."""
        if self._path is None:
            return
        try:
            write_text(self._path, (f"{_line(result)}\n" for result in self._results.values()))
        except HealthcoopError:
            self._path = None
        self._saved = monotonic()


def _line(result: UrlResult) -> str:
    return json.dumps(asdict(result), ensure_ascii=True)


def _read(path: Path) -> list[UrlResult]:
    """Return the results in a file that are not too old; skip lines of any other form."""
    try:
        if path.stat().st_size > _LARGEST:
            return []
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    results = []
    for line in lines:
        try:
            result = _parse(json.loads(line))
            if result.is_younger(_KEPT_DAYS):
                results.append(result)
        except (ValueError, TypeError, RecursionError):  # of another version, or damaged
            continue
    return results


def _parse(data: Any) -> UrlResult:
    """Return a result; raises TypeError or ValueError for data of another form."""
    result = UrlResult(**data)
    texts = (result.url, result.detail, result.final_url, result.moved_to, result.checked)
    if not all(isinstance(each, str) for each in (*texts, result.etag, result.last_modified)):
        raise TypeError
    if not isinstance(result.status, int | None) or not isinstance(result.archived, str | None):
        raise TypeError
    if result.state not in get_args(UrlState) or not isinstance(result.quotes, dict):
        raise ValueError
    if not all(found is None or isinstance(found, bool) for found in result.quotes.values()):
        raise ValueError
    return result
