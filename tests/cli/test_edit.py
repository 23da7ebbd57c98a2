"""``healthcoop edit`` with an editor that is a small script, and ``show --open``."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from healthcoop.files import reader
from tests.cases import each
from tests.cli.terminals import on_terminal

IDENT = "2022-az-cu-minister-ambassador"
PATH = f"records/2022/{IDENT}.yaml"


@pytest.fixture
def few(few_records: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(few_records)
    monkeypatch.delenv("VISUAL", raising=False)
    return few_records


@pytest.fixture
def set_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that sets an editor and returns its command.

    It runs a piece of Python each time it is opened, the last one again and again. The pieces see
    the ``text`` of the file and its ``path``, and may change the text.
    """

    def set_(*edits: str) -> str:
        script, count = tmp_path / "editor.py", tmp_path / "editor.count"
        count.unlink(missing_ok=True)
        script.write_text(
            "import os, sys\nfrom pathlib import Path\n"
            f"edits, count = {edits!r}, Path({str(count)!r})\n"
            "number = int(count.read_text()) if count.exists() else 0\n"
            "count.write_text(str(number + 1))\n"
            "path = Path(sys.argv[1])\n"
            "space = {'text': path.read_text(encoding='utf-8'), 'path': path, 'os': os}\n"
            "exec(edits[min(number, len(edits) - 1)], space)\n"
            "path.write_text(space['text'], encoding='utf-8')\n",
            encoding="utf-8",
        )
        command = f'"{sys.executable}" "{script}"'
        monkeypatch.setenv("EDITOR", command)
        return command

    return set_


def replace(old: str, new: str) -> str:
    return f"assert {old!r} in text\ntext = text.replace({old!r}, {new!r})"


def copies() -> list[Path]:
    return sorted(Path(os.environ["XDG_STATE_HOME"]).rglob("*.yaml"))


def test_edited_record_is_checked_and_written_in_canonical_layout(few, cli_invoke, set_editor):
    edit = replace("type: meeting", "type:    visit")
    set_editor(edit)
    before = (few / PATH).read_text(encoding="utf-8")
    assert cli_invoke("edit", "2022-az-cu").stdout == f"{PATH}\n"
    after = (few / PATH).read_text(encoding="utf-8")
    assert after == before.replace("type: meeting", "type: visit")
    assert not copies()


def test_record_with_errors_is_not_written_and_the_copy_is_named(few, cli_invoke, set_editor):
    set_editor(replace("type: meeting", "type: meting"))
    before = (few / PATH).read_bytes()
    stderr = cli_invoke("edit", IDENT, exit_code=1).stderr
    assert "HC204 error" in stderr
    assert "type: meting" in stderr
    (copy,) = copies()
    assert f"kept in {copy}" in stderr
    assert "type: meting" in copy.read_text(encoding="utf-8")
    assert (few / PATH).read_bytes() == before


@each(
    ("edit", "error"),
    [
        (replace(f"id: {IDENT}", "id: 2022-az-cu-other"), (1, "HC301 error")),
        (replace("type: meeting", "type: [meeting"), (1, "HC1")),
        ("text = ''", (1, "HC1")),
        ("path.unlink()\nos._exit(0)", (2, "cannot read")),
        ("os._exit(3)", (2, "ended with the exit code 3")),
        ("text = chr(0) * 1000000", (1, "HC1")),
    ],
)
def test_record_is_unchanged_after_what_cannot_be_written(edit, error, few, cli_invoke, set_editor):
    set_editor(edit)
    before = (few / PATH).read_bytes()
    code, message = error
    assert message in cli_invoke("edit", IDENT, exit_code=code).stderr
    assert (few / PATH).read_bytes() == before


def test_copy_into_which_nothing_was_typed_is_not_kept(few, cli_invoke, set_editor):
    set_editor("os._exit(3)")
    assert "kept in" not in cli_invoke("edit", IDENT, exit_code=2).stderr
    assert not copies()


def test_file_changed_meanwhile_is_not_overwritten(few, cli_invoke, set_editor):
    other = f"Path({str(few / PATH)!r}).write_text('another')"
    edit = f"{replace('type: meeting', 'type: visit')}\nfrom pathlib import Path\n{other}"
    set_editor(edit)
    stderr = cli_invoke("edit", IDENT, exit_code=2).stderr
    assert "was changed meanwhile and has not been overwritten" in stderr
    assert (few / PATH).read_text(encoding="utf-8") == "another"
    assert "type: visit" in copies()[0].read_text(encoding="utf-8")


def test_invalid_record_can_be_edited(few, cli_invoke, set_editor):
    text = (few / PATH).read_text(encoding="utf-8")
    (few / PATH).write_text(text.replace("type: meeting", "type: [meeting"), encoding="utf-8")
    set_editor(replace("type: [meeting", "type: meeting"))
    for name in (IDENT, PATH):
        (few / PATH).write_text(text.replace("type: meeting", "type: [meeting"), encoding="utf-8")
        cli_invoke("edit", name)
        assert (few / PATH).read_text(encoding="utf-8") == text


def test_nothing_happens_without_a_change_a_record_or_an_editor(
    few, cli_invoke, set_editor, monkeypatch
):
    set_editor("pass")
    before = (few / PATH).stat().st_mtime_ns
    assert "nothing was changed" in cli_invoke("edit", IDENT).stderr
    assert (few / PATH).stat().st_mtime_ns == before
    assert "no record" in cli_invoke("edit", "2022-az-cv", exit_code=1).stderr
    for missing in ("no-such-editor", "'unclosed"):
        monkeypatch.setenv("EDITOR", missing)
        assert "editor" in cli_invoke("edit", IDENT, exit_code=2).stderr.lower()
    monkeypatch.delenv("EDITOR")
    assert "$EDITOR" in cli_invoke("edit", IDENT, exit_code=2).stderr


@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        (b"e\n", (0, "call", 0)),
        pytest.param(b"k\n", (0, "meting", 0), marks=pytest.mark.slow),
        pytest.param(b"d\n", (1, "meeting", 0), marks=pytest.mark.slow),
        pytest.param(b"\x03", (130, "meeting", 1), marks=pytest.mark.slow),
    ],
    ids=["edit", "keep", "discard", "interrupt"],
)
def test_on_a_terminal_an_invalid_record_is_edited_again_kept_or_discarded(
    keys, outcome, few, set_editor
):
    exit_code, type_, kept = outcome
    again = replace("type: meting", "type: call")
    set_editor(replace("type: meeting", "type: meting"), again)
    turns = [("d: discard", keys)]
    done = on_terminal(few, "edit", IDENT, dialogue=turns)
    assert done.exit_code == exit_code, done.output
    assert reader.parse((few / PATH).read_bytes()).data["type"] == type_
    assert len(copies()) == kept


@pytest.mark.slow
def test_id_stays_even_if_errors_are_kept(few, set_editor):
    set_editor(replace(f"id: {IDENT}", "id: 2022-az-cu-other"))
    done = on_terminal(few, "edit", IDENT, dialogue=[("d: discard", b"k\n")])
    assert done.exit_code == 2
    assert f"the id was changed; it stays {IDENT}" in done.output
    assert len(copies()) == 1
    assert not (few / "records" / "2022" / "2022-az-cu-other.yaml").exists()


NEW = (
    *("--type", "meeting", "--date", "2023-05-04", "--party", "AZ", "--party", "CU"),
    *("--topic", "vaccines", "--title", "The health ministers of both countries meet"),
    *("--source-url", "https://example.org/1", "--source-supports", "date,type,parties"),
)
SUMMARY = "They spoke of the vaccines that Cuba makes."


def test_new_record_is_edited_before_it_is_written(few, cli_invoke, set_editor):
    """Its id may still change; one that stays invalid is not written, and the copy is kept."""
    set_editor("import re\ntext = re.sub('id: .*', 'id: 2023-az-cu-talks', text)")
    done = cli_invoke("new", *NEW, "--summary", SUMMARY, "--edit")
    assert done.stdout == "records/2023/2023-az-cu-talks.yaml\n"
    assert "id: 2023-az-cu-talks\n" in (few / done.stdout.strip()).read_text(encoding="utf-8")
    assert not copies()
    set_editor(replace("type: meeting", "type: meting"))
    stderr = cli_invoke("new", *NEW, "--summary", SUMMARY, "--edit", exit_code=1).stderr
    assert f"kept in {copies()[0]}" in stderr
    assert len([*(few / "records" / "2023").iterdir()]) == 1


@pytest.mark.slow
def test_record_of_answers_can_be_edited_and_answers_taken_back_at_the_end(few, set_editor):
    set_editor(replace(SUMMARY, f"{SUMMARY[:-1]} in Havana."))
    questions = ("by video", "host", "Country", "Azerbaijan?", "Cuba?", "took part", "Summary")
    more = ("promised", "publishes", "kind of page", "published", "language", "copied exactly")
    last = ("Collection", "Anything else", "its id")
    turns = [(text, b"\r") for text in (*questions, *more, *last)]
    turns[len(questions) - 1] = ("Summary", SUMMARY.encode() + b"\r")
    turns += [("Is it right?", b"<\n"), ("its id", b"-talks\r"), ("Is it right?", b"e\n")]
    turns.append(("Cuba makes in Havana…editor again", b"y\n"))
    done = on_terminal(few, "new", *NEW, dialogue=turns, PROMPT_TOOLKIT_NO_CPR="1")
    assert done.exit_code == 0, done.output
    (path,) = (few / "records" / "2023").iterdir()
    assert path.stem.endswith("-talks")
    assert reader.parse(path.read_bytes()).data["summary"] == f"{SUMMARY[:-1]} in Havana."
    assert not [*Path(os.environ["XDG_STATE_HOME"]).rglob("*.json")]


@each(("name", "takes"), [("nano", True), ("vim", True), ("emacs", True), ("code", False)])
def test_editor_begins_at_the_first_error(name, takes, few, cli_invoke, monkeypatch):
    editor = few / name
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {few}/{name}.words\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    path = few / PATH
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("type: meeting", "type: meting"), encoding="utf-8")
    cli_invoke("edit", IDENT)
    words = (few / f"{name}.words").read_text(encoding="utf-8").splitlines()
    assert words[:-1] == (["+3"] if takes else [])
    path.write_text(text, encoding="utf-8")
    cli_invoke("edit", IDENT)
    assert len((few / f"{name}.words").read_text(encoding="utf-8").splitlines()) == 1


def test_copy_leads_editors_to_the_schema(few, cli_invoke, set_editor):
    edit = "from pathlib import Path\nassert Path(text.splitlines()[0].split('=')[1]).is_file()"
    set_editor(edit)
    cli_invoke("edit", IDENT)


def test_first_source_is_opened_in_the_browser(few, cli_invoke, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    url = "https://en.trend.az/azerbaijan/society/3654296.html"
    assert cli_invoke("show", "--open", IDENT).stdout == f"{url}\n"
    assert opened == [url]
    text = (few / PATH).read_text(encoding="utf-8")
    for hostile in ("file:///etc/passwd", "javascript:alert(1)", "https://a.b/$(x) --y"):
        (few / PATH).write_text(text.replace(url, hostile), encoding="utf-8")
        stderr = cli_invoke("show", "--open", IDENT, exit_code=2).stderr
        assert "only addresses that begin with http:// or https:// are opened" in stderr
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    (few / PATH).write_text(text, encoding="utf-8")
    assert "$BROWSER" in cli_invoke("show", "--open", IDENT, exit_code=2).stderr
    assert opened == [url]
