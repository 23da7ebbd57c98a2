"""Asking for the address of a link: whether its page is there and contains the quotes."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import quote as percent_encoded

from healthcoop.checks.addresses import host
from healthcoop.contribute import web
from healthcoop.contribute.hosts import CannotFetch, NoAnswer, NoSuchHost, Offline
from healthcoop.contribute.links import quotes
from healthcoop.contribute.links.host_queue import Turns
from healthcoop.contribute.links.results import UrlResult, UrlState, now

ARCHIVE_API = "https://archive.org/wayback/available"
_COPY = re.compile(r"https?(://web\.archive\.org/web/\d{4,14}/[!-~]{1,2000})")
_LONGEST_WAIT = 60.0  # seconds that a server may ask to wait
_ASKS_TO_WAIT = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_ENOUGH_FAILURES = 2  # requests in a row without an answer, after which a host is not asked again
_LONGEST_VALIDATOR = 200  # characters of an ETag or a date that are kept


@dataclass(frozen=True, slots=True)
class Job:
    """An address to ask for, the quotes to look for there, and the last result, if any."""

    url: str
    quotes: frozenset[str] = frozenset()
    previous: UrlResult | None = None


@dataclass(frozen=True, slots=True)
class CopyJob:
    """A page of which the archive may have a copy; ``stamp`` is a date such as ``20221007``."""

    url: str
    stamp: str


@dataclass(slots=True)
class Requests:
    """Requests of one run: their limits, and the turns of the hosts.

    ``offline`` is the first result for want of a network, after which nothing more is asked.
    """

    limits: web.Limits
    turns: Turns
    offline: UrlResult | None = None

    def ask_host(self, jobs: Sequence[Job]) -> Iterator[UrlResult]:
        """Yield the result of each job; the jobs are of one host.

        A host that does not exist, twice did not answer, or wants no more requests is not asked
        again.
        """
        given_up: UrlResult | None = None
        failures = 0
        for job in jobs:
            if given_up := given_up or self.offline:
                yield replace(given_up, url=job.url, checked=now())
                continue
            try:
                result = self._ask(job)
                failures = 0
                if result.status in _ASKS_TO_WAIT:
                    detail = f"not asked: {result.detail}"
                    given_up = UrlResult(job.url, result.state, detail)
            except CannotFetch as error:
                state: UrlState = "gone" if isinstance(error, NoSuchHost) else "unreachable"
                result = UrlResult(job.url, state, error.reason, checked=now())
                if isinstance(error, Offline):
                    self.offline = result
                if isinstance(error, NoAnswer) and host(error.url) == host(job.url):
                    failures += 1
                    given_up = result if state == "gone" or failures >= _ENOUGH_FAILURES else None
            yield result

    def find_copies(self, jobs: Sequence[CopyJob]) -> Iterator[tuple[str, str | None]]:
        """Yield each address with that of a copy; empty: there is none, None: no answer.

        An archive that twice did not answer is not asked again.
        """
        failures = 0
        for job in jobs:
            if failures >= _ENOUGH_FAILURES:
                yield job.url, None
                continue
            query = f"url={percent_encoded(job.url, safe='')}&timestamp={job.stamp}"
            try:
                copy = _copy_in(web.follow(f"{ARCHIVE_API}?{query}", self._visit).answer)
            except CannotFetch:
                copy = None
            failures = failures + 1 if copy is None else 0
            yield job.url, copy

    def _ask(self, job: Job) -> UrlResult:
        """Return what asking resulted in; raises CannotFetch."""
        arrival = self._arrive(job)
        answer = arrival.answer
        result = UrlResult(
            job.url,
            _state(answer.status),
            "" if answer.status < 300 else _phrase(answer.status),
            status=answer.status,
            final_url=answer.url,
            moved_to=arrival.moved_to,
            checked=now(),
        )
        if answer.status == HTTPStatus.NOT_MODIFIED and job.previous:
            return replace(
                job.previous,
                status=answer.status,
                moved_to=arrival.moved_to,
                checked=now(),
            )
        if answer.status != HTTPStatus.OK or not job.quotes:
            return result
        found = quotes.find(answer, {*job.quotes})
        unknown = None in found.values()
        return replace(
            result,
            detail=f"quote not checked: {quotes.why_unknown(answer)}" if unknown else "",
            quotes=found,
            etag=_validator(answer, "etag"),
            last_modified=_validator(answer, "last-modified"),
        )

    def _arrive(self, job: Job) -> web.Arrival:
        if job.quotes:
            return web.follow(job.url, lambda url: self._visit(url, headers=_conditions(job, url)))
        arrival = web.follow(job.url, lambda url: self._visit(url, method="HEAD"))
        status = arrival.answer.status
        if status < 400 or status in _ASKS_TO_WAIT:
            return arrival
        # Many servers refuse HEAD, or answer that there is no such page.
        return web.follow(job.url, lambda url: self._visit(url, most_bytes=0))

    def _visit(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        most_bytes: int = web.MAX_BYTES,
    ) -> web.Answer:
        """Make one request when it is the host's turn, and once more where it asks to wait."""
        limits = replace(self.limits, most_bytes=most_bytes)
        with self.turns.turn(host(url)):
            answer = web.send(url, limits=limits, method=method, headers=headers)
            seconds = _seconds_to_wait(answer)
            if seconds is None or seconds > _LONGEST_WAIT:
                return answer
            self.turns.wait(max(seconds, self.turns.pause))
            return web.send(url, limits=limits, method=method, headers=headers)


def _state(status: int) -> UrlState:
    if 200 <= status < 300 or status == HTTPStatus.NOT_MODIFIED:
        return "ok"
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return "gone"
    return "blocked" if 400 <= status < 500 else "unreachable"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return f"status {status}"


def _seconds_to_wait(answer: web.Answer) -> float | None:
    """Return how long the server asks to wait before the next request; None if it does not."""
    text = answer.headers.get("retry-after", "").strip()
    if answer.status not in _ASKS_TO_WAIT or not text:
        return None
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        day = parsedate_to_datetime(text)
        return max((day.replace(tzinfo=day.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0)
    except (ValueError, TypeError, OverflowError, IndexError):  # of texts that are not dates
        return None


def _conditions(job: Job, url: str) -> dict[str, str]:
    """Return the headers by which a server answers only where the page changed since."""
    known = job.previous
    if not known or not known.knows(job.quotes) or web.address_sent(url) != known.final_url:
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def _validator(answer: web.Answer, name: str) -> str:
    value = answer.headers.get(name, "")
    return value if value.isprintable() and len(value) <= _LONGEST_VALIDATOR else ""


def _copy_in(answer: web.Answer) -> str | None:
    """Return the copy's address in an answer of the archive; empty: none, None: not an answer."""
    try:
        snapshots = json.loads(answer.content)["archived_snapshots"]
        found = _COPY.fullmatch(snapshots["closest"]["url"]) if snapshots else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return f"https{found[1]}" if found else ""
