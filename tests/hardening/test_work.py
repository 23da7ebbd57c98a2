"""One record of at most 256 KiB never costs more than seconds, whatever it contains."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Run

pytestmark = pytest.mark.slow

ITEMS = range(990)


def record(*, parties: str = "", more: str = "", **changes: str) -> str:
    fields = {
        "id": "2020-az-tr-work",
        "type": "meeting",
        "title": "A meeting of two ministers of health",
        "date": '"2020-03-04"',
        "topics": "[vaccines]",
        "summary": "Two ministers met and spoke about vaccines and about hospitals.",
        "collection": "news-search-2026",
        **changes,
    }
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    source = "sources:\n  - {url: https://example.org/a, kind: official}\n"
    return f"{lines}parties:\n  - country: AZ\n  - country: TR\n{parties}{source}{more}"


def lines(start: str, line: Callable[[int], str], number: int = len(ITEMS)) -> str:
    return start + "".join(f"{line(n)}\n" for n in range(number))


ATTACKS = {
    "26,000 fields": lambda: record(more=lines("", lambda n: f"f{n}: x", 25_500)),
    "9,500 fields": lambda: record(more=lines("", lambda n: f"f{n}: x", 9_500)),
    "26,000 repeats": lambda: record(more="notes: b\n" * 26_000),
    "9,500 repeats": lambda: record(more="notes: b\n" * 9_500),
    "40,000 bodies": lambda: record(parties="    bodies: [" + "Min, " * 40_000 + "x]\n"),
    "990 bodies": lambda: record(
        parties="    bodies: [" + "".join(f"Ministry {n}, " for n in ITEMS) + "x]\n"
    ),
    "5,500 people of like names": lambda: record(
        more=lines("people:\n", lambda n: f"  - {{name: Anna Maria Lopez{n % 7}}}", 5_500)
    ),
    "990 people of like names": lambda: record(
        more=lines("people:\n", lambda n: f"  - {{name: Anna Maria Lopez{n}, party: AZ}}")
    ),
    "124,000 marks": lambda: record(title="\u0316\u0301" * 62_000),
    "escaped marks": lambda: record(title='"' + r"\u0316\u0301" * 20_000 + '"'),
    "12,000 parties": lambda: record(parties=lines("", lambda n: f"  - country: X{n}", 12_000)),
    "990 parties with dates": lambda: record(
        type="treaty",
        parties=lines("", lambda n: f"  - {{country: X{n}, signed: '2020', ratified: '2021-0'}}"),
    ),
    "120,000 empty items": lambda: record(more="a:\n" + "-\n" * 120_000),
    "80,000 empty lists": lambda: record(more="a: [" + "[]," * 80_000 + "]\n"),
    "990 links": lambda: record(
        more=lines("links:\n", lambda n: f"  - {{rel: related, record: 2020-x{n}}}")
    ),
    "990 topics": lambda: record(topics=f"[{', '.join(f'vaccin{n}' for n in ITEMS)}]"),
    "990 outcomes with every flaw": lambda: record(
        more=lines("outcomes:\n", lambda n: f"  - a &amp; \u200b â€œ{n} Аzerbaijan http://x")
    ),
    "marks of direction": lambda: record(summary="a\u200e" * 60_000),
    "sentences": lambda: record(notes="A. b. C d e f. " * 17_000),
    "words": lambda: record(notes="x " * 125_000),
    "escapes": lambda: record(notes='"' + r"\"" * 120_000 + '"'),
    "comments": lambda: record(more="# x\n" * 60_000),
    "a date of 200 KB": lambda: record(date="2020-03-04" * 20_000),
    "an id of 200 KB": lambda: record(id="2020-" + "a-" * 100_000),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_work_of_one_record_is_bounded(name: str, data: Path, run: Run) -> None:
    """Within the limits of ``run``, and no command writes more than some megabytes."""
    path = data / "records" / "2020" / "2020-az-tr-work.yaml"
    path.write_text(ATTACKS[name](), encoding="utf-8")
    assert path.stat().st_size <= 256 * 1024
    for command in (
        *(["validate", "-f", "json"], ["validate", "--fix"], ["fmt", "--check"]),
        *(["list", "-f", "json"], ["show", path.stem], ["duplicates"], ["summary"]),
    ):
        ran = run(*command)
        assert ran.exit_code in (0, 1), ran.stderr
        assert len(ran.stdout) + len(ran.stderr) < 10_000_000


def test_accepted_findings_are_looked_up(data: Path, run: Run) -> None:
    """A thousand entries and a thousand findings that could be fixed."""
    entries = lines(
        "accepted:\n", lambda n: f"  - {{code: HC803, record: 2020-az-tr-{n % 5}, reason: '{n}'}}"
    )
    (data / "schema" / "accepted.yaml").write_text(entries, encoding="utf-8")
    outcomes = lines("outcomes:\n", lambda n: f"  - The ministry &amp; others promised {n}", 200)
    for number in range(5):
        path = data / "records" / "2020" / f"2020-az-tr-{number}.yaml"
        path.write_text(record(id=path.stem, more=outcomes), encoding="utf-8")
    assert run("validate", "--fix", "-f", "json").exit_code == 1


def test_names_in_many_records_are_compared_in_bounded_time(data: Path, run: Run) -> None:
    """Each of eight records has as many people as it may have, all of them alike."""
    for number in range(8):
        path = data / "records" / "2020" / f"2020-az-tr-{number}.yaml"
        people = lines(
            "people:\n", lambda n, at=number: f"  - {{name: Anna Lopez{at}q{n}, party: AZ}}"
        )
        path.write_text(record(id=path.stem, more=people), encoding="utf-8")
    assert run("validate").exit_code == 1


COUNTS = (
    ("stats", "pairs", "--multilateral", "all", "--with", "organisations", "-f", "json"),
    ("stats", "pairs", "--multilateral", "fractional"),
    ("stats", "matrix", "--multilateral", "all", "--top", "990", "-f", "csv"),
    ("stats", "network", "--multilateral", "all"),
    ("stats", "dyad-years", "--multilateral", "all", "-f", "csv"),
    ("stats", "countries"),
    ("stats", "parties"),
    ("pair", "AZ", "TR"),
)


@pytest.mark.parametrize(("different", "too_many"), [(990, True), (251, True), (248, False)])
def test_pairs_of_one_record_are_bounded(
    different: int, too_many: bool, data: Path, run: Run
) -> None:
    """AZ, TR and as many parties, some of them named several times, each with days of its own."""
    day = "202{1}-05-0{2}"
    dates = f"signed: 2020-03-04, ratified: {day}, in_force: {day}"
    parties = lines(
        "",
        lambda n: f"  - {{country: X{n % different}, {dates.format(0, n % 5, 1 + n % 9)}}}",
    )
    path = data / "records" / "2020" / "2020-az-tr-work.yaml"
    path.write_text(record(type="agreement", parties=parties), encoding="utf-8")
    for command in COUNTS:
        ran = run(*command)
        assert ran.exit_code == 0, ran.stderr
        if "--multilateral" in command:
            assert ("1 record of more than 250" in ran.stderr) == too_many


@pytest.mark.parametrize(("size", "too_many"), [(990, True), (250, False)])
def test_cells_of_one_record_are_bounded(size: int, too_many: bool, data: Path, run: Run) -> None:
    """As many organisations and as many topics."""
    parties = lines("", lambda n: f"  - {{organisation: X{n}}}", size)
    topics = f"[{', '.join(f't{n}' for n in range(size))}]"
    path = data / "records" / "2020" / "2020-az-tr-work.yaml"
    path.write_text(record(parties=parties, topics=topics), encoding="utf-8")
    for more in (("-f", "json"), ("-f", "csv"), ()):
        ran = run("stats", "cross", "organisation", "topic", *more)
        assert ran.exit_code == 0, ran.stderr
        assert ("1 record of more than 250 values" in ran.stderr) == too_many
        assert ("X249" in ran.stdout) != too_many
