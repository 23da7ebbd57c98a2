"""``healthcoop pair``: the report on two parties."""

import json
from html.parser import HTMLParser

import pytest

KEYS = (
    *("a", "b", "day", "records", "instruments", "encounters", "bilateral", "affinity"),
    *("years_since_encounter", "first", "last", "in_force", "instruments_in_force", "years"),
    *("gaps", "topics", "people", "events", "coverage"),
)


@pytest.fixture
def report(mini, cli_invoke):
    """Return the report on two parties as its JSON has it."""

    def pair(*arguments):
        return json.loads(cli_invoke("pair", *arguments, "-f", "json").stdout)

    return pair


def test_report_agrees_with_list_and_stats(report, cli_invoke):
    found = report("AZ", "NO")
    listed = json.loads(cli_invoke("list", "--pair", "AZ", "NO", "-f", "json").stdout)
    assert tuple(found) == KEYS
    assert [event["id"] for event in found["events"]] == [record["id"] for record in listed]
    assert found["records"] == len(listed) == found["instruments"] + found["encounters"]
    (row,) = json.loads(cli_invoke("stats", "pairs", "--pair", "AZ", "NO", "-f", "json").stdout)
    assert (found["bilateral"], found["affinity"]) == (row["records"], row["affinity"])
    two = report("AZ", "NO", "--lateral", "bilateral")  # what stats pairs counts
    for key in ("records", "first", "last", "in_force", "years_since_encounter"):
        assert two[key] == row[key]


def test_names_and_order_of_the_parties_are_those_of_the_user(report):
    assert report("Norway", "AZE")["a"] == "NO"
    forth, back = report("AZ", "NO"), report("NO", "AZ")
    assert (back.pop("a"), back.pop("b")) == (forth.pop("b"), forth.pop("a"))
    assert back == forth


def test_filters_limit_the_report(report):
    assert report("AZ", "NO", "--kind", "encounter")["instruments"] == 0
    assert report("AZ", "NO", "--until", "1900")["events"] == []


def test_report_on_an_organisation_counts_its_records_with_the_country(report, cli_invoke):
    found = report("AZ", "WHO")
    pairs = ("stats", "pairs", "--pair", "AZ", "WHO", "--with", "organisations", "-f", "json")
    rows = json.loads(cli_invoke(*pairs).stdout)
    (row,) = (row for row in rows if {row["a"], row["b"]} == {"AZ", "WHO"})
    assert (found["bilateral"], found["affinity"]) == (row["records"], row["affinity"])


def test_report_counts_only_records_of_which_both_are_sides(mini, report, cli_invoke):
    before = report("AZ", "NO")
    ident = before["events"][-1]["id"]
    path = mini / "records" / ident[:4] / f"{ident}.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('  - country: "NO"\n', '  - country: "NO"\n    role: observer\n')
    path.write_text(text, encoding="utf-8")
    after = report("AZ", "NO")
    assert [event["id"] for event in after["events"]] == [event["id"] for event in before["events"]]
    assert after["records"] == before["records"] - 1
    assert after["last"] == before["events"][-2]["date"]
    outcome = cli_invoke("pair", "AZ", "NO")
    assert "In 1 further record one of the two only observed." in outcome.stdout
    assert "not counted: 1 record that one of the two only observed" in outcome.stderr


def test_unknown_or_equal_parties_are_usage_errors(mini, cli_invoke):
    assert "Did you mean Norway?" in cli_invoke("pair", "AZ", "Norwy", exit_code=2).stderr
    assert "AZ and AZ are the same" in cli_invoke("pair", "AZ", "Azerbaijan", exit_code=2).stderr


def _redated(mini, ident, date):
    path = mini / "records" / ident[:4] / f"{ident}.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [f'date: "{date}"\n' if line.startswith("date:") else line for line in lines]
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("later", "gaps"),
    [
        ("2026-01-01", [{"from": 2022, "until": 2025}]),
        ("2022/2026", []),  # it may lie in any of these years
        ("[..2026-01-01]", []),
        ("2024~", [{"from": 2022, "until": 2023}]),
    ],
)
def test_gap_is_a_year_in_which_no_record_can_lie(later, gaps, mini, report):
    first = "2021-az-no-digital-memorandum"
    path = mini / "records" / "2021" / f"{first}.yaml"
    second = mini / "records" / "2021" / "2021-az-no-second-memorandum.yaml"
    second.write_text(path.read_text(encoding="utf-8").replace(first, second.stem), "utf-8")
    _redated(mini, first, "2021-03-01")
    _redated(mini, second.stem, later)
    assert report("AZ", "NO", "--lateral", "bilateral")["gaps"] == gaps


def test_pair_without_a_record_is_short_and_names_what_describes_the_coverage(mini, cli_invoke):
    title, sentence = cli_invoke("pair", "TR", "NO", "--until", "1900").stdout.splitlines()
    assert title == "Türkiye – Norway"
    assert sentence.startswith("No record has both as sides. `healthcoop summary`")


def test_filter_that_leaves_no_record_is_named(mini, cli_invoke):
    shared = len(json.loads(cli_invoke("list", "--pair", "AZ", "NO", "-f", "json").stdout))
    filters = ("--until", "1900", "--topic", "digital-health")
    notes = cli_invoke("pair", "AZ", "Norway", *filters).stderr
    assert "no record matches; without --until 1900: " in notes
    assert "--topic" not in notes
    notes = cli_invoke("pair", "AZ", "Norway", "--type", "visit").stderr
    assert f"no record matches; without --type visit: {shared} records" in notes
    assert "no record" not in cli_invoke("pair", "AZ", "NO", "--topic", "digital-health").stderr


def test_day_of_in_force_on_is_that_of_the_report(mini, report, cli_invoke):
    on = ("--in-force-on", "2023-03-01")
    found = report("AZ", "NO", *on)
    assert found["day"] == "2023-03-01"
    listed = json.loads(cli_invoke("list", "--pair", "AZ", "NO", *on, "-f", "json").stdout)
    assert found["in_force"]["possible"] == len(listed) > 0
    answers = {one["id"]: one["answer"] for one in found["instruments_in_force"]}
    assert {event["id"]: event["status"] for event in found["events"]} == answers


def test_sentences_name_what_they_count(mini, report, cli_invoke):
    found = report("AZ", "NO", "--lateral", "bilateral")
    (first,) = {found["first"], found["last"]}
    shown = cli_invoke("pair", "AZ", "NO", "--lateral", "bilateral").stdout
    assert f"), {first}. Of these records, in force between the two on" in shown
    assert f"Affinity of the 1 record of the two alone: {found['affinity']}," in shown


class _Text(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.text.append(data)


def test_page_holds_the_records_and_escapes_their_text(mini, cli_invoke):
    path = mini / "records" / "2021" / "2021-az-no-digital-memorandum.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    title = "title: Ministers sign <script>alert(1)</script> & more\n"
    lines = [title if line.startswith("title:") else line for line in lines]
    path.write_text("".join(lines), encoding="utf-8")
    page = _Text()
    page.feed(cli_invoke("pair", "AZ", "NO", "-f", "html").stdout)
    assert "script" not in page.tags
    assert "Ministers sign <script>alert(1)</script> & more" in page.text
    assert "Azerbaijan – Norway" in page.text
