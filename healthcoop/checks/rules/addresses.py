"""HC7: web addresses: of pages that everybody can open, each listed once, without tracking."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from healthcoop.checks import addresses
from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.files.fixes import Remove, Replace
from healthcoop.files.nodes import Pointer


@rule("HC704", "repeated-source", reads="sources", severity=Severity.WARNING)
def repeated_source(checked: CheckedRecord) -> Iterator[Problem]:
    """A page is one source of a record, not two.

    Two entries for one page look like two independent sources. Addresses that differ only in
    `http` and `https`, `www.`, a final slash or tracking parameters lead to the same page.

    Fails:

        sources:
          - {url: "https://example.org/news", kind: agency, supports: [date]}
          - {url: "http://www.example.org/news/", kind: agency, supports: [parties]}

    Passes:

        sources:
          - {url: "https://example.org/news", kind: agency, supports: [date, parties]}
    """
    sources = checked.record.sources
    if len(sources) < 2 or len({addresses.host(each.url) for each in sources}) == len(sources):
        return
    seen: dict[str, int] = {}
    for number, source in enumerate(sources):
        first = seen.setdefault(addresses.same_page(source.url), number)
        if first != number:
            message = f"This is the same page as source {first + 1}, {sources[first].url}."
            hint = "Merge the two: one source with everything that they support."
            yield Problem(message, hint, ("sources", number, "url"))


@rule("HC705", "tracking-parameters", reads="sources", severity=Severity.WARNING)
def tracking_parameters(checked: CheckedRecord) -> Iterator[Problem]:
    """A web address has no tracking parameters.

    `utm_source`, `fbclid`, `gclid` and the like only record how a reader came to the page. They
    make one page look like two and may reveal who shared it. `validate --fix` removes these and
    changes nothing else.

    Fails:

        sources:
          - {url: "https://example.org/news?id=7&utm_source=x", kind: agency, supports: [date]}

    Passes:

        sources:
          - {url: "https://example.org/news?id=7", kind: agency, supports: [date]}
    """
    for pointer, url in _addresses(checked):
        if "=" in url and (cleaned := addresses.without_tracking(url)) != url:
            message, edits = f"“{url}” has tracking parameters.", (Replace(pointer, cleaned),)
            yield Problem(message, f"Write {cleaned}", pointer, edits=edits, safe=True)


@rule("HC706", "link-shortener", reads="sources", severity=Severity.WARNING)
def link_shortener(checked: CheckedRecord) -> Iterator[Problem]:
    """A web address is that of the page, not one of a link shortener.

    A short link hides where it leads, and stops working with its service.

    Fails:

        sources: [{url: "https://bit.ly/3xYzAbC", kind: agency, supports: [date]}]

    Passes:

        sources: [{url: "https://example.org/news/3654296.html", kind: agency, supports: [date]}]
    """
    for pointer, url in _addresses(checked):
        if len(url) < 60 and addresses.is_shortener(url):
            message = f"“{url}” is a short link, which hides the page's address."
            hint = "Open it, and write the address that the browser shows then."
            yield Problem(message, hint, pointer)


@rule("HC711", "address-for-all", reads="sources")
def address_for_all(checked: CheckedRecord) -> Iterator[Problem]:
    """A web address can be opened by everybody, and contains no password.

    An address on `localhost` or in a private network proves nothing to others. What is merged stays
    public: change a password that was.

    Fails:

        sources: [{url: "http://localhost:8000/news.html", kind: agency, supports: [date]}]

    Passes:

        sources: [{url: "https://example.org/news.html", kind: agency, supports: [date]}]
    """
    for pointer, url in _addresses(checked):
        if "@" in url and addresses.has_credentials(url):
            message = "This address contains a user name or a password."
            hint = "Write the address without it, and change the password."
        elif not addresses.is_public(url):
            message = f"“{url}” cannot be opened from the internet."
            hint = "Write the address of the page on the public web."
        else:
            continue
        yield Problem(message, hint, pointer)


@rule("HC712", "archived-elsewhere", on="sources.archived", severity=Severity.WARNING)
def archived_elsewhere(checked: CheckedRecord) -> Iterator[Problem]:
    """`archived` is the address of a copy in a web archive, not of the page itself.

    When the page is deleted, its own address no longer works.

    Fails:

        sources:
          - url: https://example.org/news
            archived: https://example.org/news
            kind: agency
            supports: [date]

    Passes:

        sources:
          - url: https://example.org/news
            archived: https://web.archive.org/web/2022/https://example.org/news
            kind: agency
            supports: [date]
    """
    for pointer, source in checked.each("sources.archived"):
        if addresses.same_page(source.archived) == addresses.same_page(source.url):
            message = "“archived” is the address of the page itself, not of a copy."
            hint = "Write the address of a copy in a web archive, or remove this line."
            yield Problem(message, hint, pointer, edits=(Remove(pointer),))


@lru_cache(maxsize=1)  # for the three rules that read them
def _addresses(checked: CheckedRecord) -> Sequence[tuple[Pointer, str]]:
    """Return the web addresses with their places, but for archived copies and the plainest."""
    record = checked.record
    places: list[tuple[Pointer, str | None]] = [(("text_url",), record.text_url)]
    places += [(("sources", at, "url"), source.url) for at, source in enumerate(record.sources)]
    places += [(("links", at, "url"), link.url) for at, link in enumerate(record.links)]
    return [(pointer, url) for pointer, url in places if url and not addresses.is_plain(url)]
