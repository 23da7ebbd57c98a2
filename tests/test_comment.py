"""The comment on a pull request: the workflow that writes it, and the one that posts it.

The script that posts is run as on GitHub, with a ``gh`` that answers from a table.
"""

import ast
import base64
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from healthcoop import Dataset
from healthcoop.contribute.diff_markdown import MOST
from healthcoop.files.markdown import escape, link
from tests.cases import each

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
POSTING = yaml.safe_load((WORKFLOWS / "comment.yml").read_text(encoding="utf-8"))
MARK = "<!-- healthcoop diff -->\n"
EVENT = {
    "id": 7,
    "head_sha": "c0ffee",
    "head_branch": "$(touch owned)",
    "head_repository": {"owner": {"login": "stranger"}},
}
PULL = {"number": 12, "head": {"sha": "c0ffee"}}
GH = """
import base64, json, os, sys
from pathlib import Path
assert sys.argv[1:3] == ["api", "--method"], sys.argv
folder = Path(os.environ["GH_TABLE"])
method, path, *words = sys.argv[3:]
query = [word for word in words if "=" in word]
given = sys.stdin.read() if "--input" in words else ""
with open(folder / "calls", "a", encoding="utf-8") as file:
    file.write(json.dumps([method, path, query, given]) + "\\n")
answers = json.loads((folder / "answers").read_text(encoding="utf-8"))
page = next((word[5:] for word in query if word.startswith("page=")), "")
answer = answers[f"{method} {path}{' ' if page else ''}{page}"]
is_archive = isinstance(answer, str)
sys.stdout.buffer.write(base64.b64decode(answer) if is_archive else json.dumps(answer).encode())
"""


class Poster:
    """Runs the script that posts, and records what it asked of GitHub."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "gh"
        program.write_text(f"#!{sys.executable}\n{GH}", encoding="utf-8")
        program.chmod(0o755)
        self.pulls: list[Any] = [PULL]
        self.comments: list[Any] = []
        self.event: dict[str, Any] = dict(EVENT)

    def post(self, text: str | bytes, *, size: int | None = None) -> int:
        """Run the script for an artifact; return its exit code."""
        content = text if isinstance(text, bytes) else zipped({"comment.md": text.encode()})
        artifact = {"id": 3, "name": "comment", "size_in_bytes": size or len(content)}
        pages = {
            f"GET repos/o/r/issues/12/comments {number + 1}": self.comments[number * 100 :][:100]
            for number in range(len(self.comments) // 100 + 1)
        }
        answers = {
            "GET repos/o/r/pulls": self.pulls,
            "GET repos/o/r/actions/runs/7/artifacts": {"artifacts": [artifact]},
            "GET repos/o/r/actions/artifacts/3/zip": base64.b64encode(content).decode(),
            "POST repos/o/r/issues/12/comments": {},
            "PATCH repos/o/r/issues/comments/99": {},
            **pages,
        }
        (self.folder / "answers").write_text(json.dumps(answers), encoding="utf-8")
        (self.folder / "calls").write_bytes(b"")
        event = self.folder / "event"
        event.write_text(json.dumps({"workflow_run": self.event}), encoding="utf-8")
        (step,) = POSTING["jobs"]["comment"]["steps"]
        environment = {
            "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
            "GH_TABLE": str(self.folder),
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "o/r",
        }
        done = subprocess.run(
            [sys.executable, "-c", step["run"]],
            cwd=self.folder,
            env=environment,
            check=False,
            capture_output=True,
        )
        self.output = (done.stdout + done.stderr).decode()
        return done.returncode

    @property
    def calls(self) -> list[list[Any]]:
        lines = (self.folder / "calls").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @property
    def written(self) -> list[tuple[str, str]]:
        """The method and the text of what was written."""
        calls = (call for call in self.calls if call[0] != "GET")
        return [(method, json.loads(given)["body"]) for method, _, _, given in calls]


def zipped(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return archive.getvalue()


@pytest.fixture
def poster(tmp_path: Path) -> Poster:
    return Poster(tmp_path)


GOLDEN = (ROOT / "tests/data/golden/diff/diff.markdown").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows runs no script without an ending")


def test_comment_is_posted_once_and_then_updated(poster):
    assert poster.post(GOLDEN) == 0, poster.output
    assert poster.written == [("POST", MARK + GOLDEN)]
    others = [comment(number, "someone", "x") for number in range(150)]
    mine = comment(99, "github-actions[bot]", MARK + "old")
    forged = comment(98, "stranger", MARK + "old")
    poster.comments = [forged, *others, mine]
    assert poster.post(GOLDEN) == 0, poster.output
    assert poster.written == [("PATCH", MARK + GOLDEN)]


def comment(number: int, login: str, body: str) -> dict[str, Any]:
    return {"id": number, "user": {"login": login}, "body": body}


@pytest.mark.parametrize(
    "number", [*(pytest.param(number, marks=pytest.mark.slow) for number in (0, 100)), 200]
)
def test_all_pages_of_comments_are_read(number, poster):
    poster.comments = [comment(n, "someone", "x") for n in range(number)]
    assert poster.post(GOLDEN) == 0, poster.output
    assert [method for method, _ in poster.written] == ["POST"]


@pytest.mark.slow
def test_pull_request_is_the_one_whose_latest_commit_was_run(poster):
    """Not one that the artifact, or the branch of the same name, might mean."""
    poster.pulls = [{"number": 11, "head": {"sha": "other"}}, PULL]
    assert poster.post(GOLDEN) == 0
    assert len(poster.written) == 1
    method, path, query, _ = poster.calls[0]
    assert (method, path) == ("GET", "repos/o/r/pulls")
    assert query == ["state=open", "head=stranger:$(touch owned)"]
    assert not (poster.folder / "owned").exists()
    for pulls in ([], [{"number": 11, "head": {"sha": "newer"}}], [PULL, {**PULL, "number": 13}]):
        poster.pulls = pulls
        assert poster.post(GOLDEN) == 0
        assert poster.written == []
    poster.event["head_repository"] = None
    assert poster.post(GOLDEN) == 1


@pytest.mark.slow
def test_pull_request_that_changes_no_record_gets_no_new_comment(poster):
    nothing = "### No record changed\n\nCompared with main.\n"
    assert poster.post(nothing) == 0
    assert poster.written == []
    poster.comments = [comment(99, "github-actions[bot]", MARK + "old")]
    assert poster.post(nothing) == 0
    assert poster.written == [("PATCH", MARK + nothing)]


STRAY = [
    *("@octocat", "@org/team", "<img src=x>", "<!-- a -->", "![a](<https://x.org>)", "[a][b]"),
    *("[a]: https://x.org", "https://x.org", "www.x.org", "fixes #1", "GH-1", "<https://x.org>"),
    *("[a](javascript:alert)", "[a](<javascript:a>)", "[a](https://x.org)"),
    *("[a](<https://github.com/o/r/issues/1>)", "[a](<https://gist.github.com/x>)"),
    *("[a](<https://x@github.com/o>)", "[[a](<https://x.org>)](<https://y.org>)"),
    *("[a](<https://GitHub.com/o/r/issues/1>)", "[a](<https://&#103;ithub.com/o/r/issues/1>)"),
    *(r"[a](<https://github\.com/o/r>)", "[a\n\n@octocat](<https://x.org>)", "[GH-1](<http://x>)"),
    *("&#64;octocat", "&commat;octocat", "fixes &#35;1", "&num;1", "www&#46;x.org", "GH&#45;1"),
]
"""Texts that mention, link or close something of GitHub's, or have markup of their own."""


@pytest.mark.parametrize(
    "text",
    [
        *("@octocat", "x" * 65_536),
        *(pytest.param(text, marks=pytest.mark.slow) for text in STRAY[1:]),
    ],
)
def test_text_that_healthcoop_does_not_write_is_refused(text, poster):
    assert poster.post(f"### 1 record added\n\n{text}\n") == 1
    assert poster.written == []


def constant(name: str) -> str:
    (step,) = POSTING["jobs"]["comment"]["steps"]
    return ast.literal_eval(re.search(rf"^{name} = (r.*)$", step["run"], re.MULTILINE)[1])


def is_refused(text: str) -> bool:
    return bool(re.search(constant("STRAY"), re.sub(constant("LINK"), r"\1", text)))


@each("text", STRAY)
def test_patterns_find_what_is_refused(text):
    assert is_refused(f"### 1 record added\n\n{text}\n")


TEXTS = st.text(alphabet=st.sampled_from("@#:/-_.1gh www[]()<>&;\\é\u202e\n"), max_size=20)


@given(TEXTS, TEXTS)
def test_nothing_that_healthcoop_writes_is_refused(text, address):
    written = f"**{escape(text)}** {link(text, f'https://x.org/{address}')} {link(text, address)}"
    assert not is_refused(written), written


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no archive", marks=pytest.mark.slow),
        pytest.param(zipped({}), marks=pytest.mark.slow),
        pytest.param(zipped({"a": b"x", "b": b"y"}), marks=pytest.mark.slow),
        pytest.param(zipped({"a": b"\xff"}), marks=pytest.mark.slow),
        zipped({"comment.md": b"0" * 50_000_000}),
    ],
    ids=["no archive", "empty", "two files", "not UTF-8", "bomb"],
)
def test_artifact_that_is_not_one_short_text_is_refused(content, poster):
    assert poster.post(content) == 1
    assert poster.written == []


def test_large_artifact_is_not_downloaded(poster):
    assert poster.post(GOLDEN, size=10_000_000) == 0
    assert not any(path.endswith("/zip") for _, path, _, _ in poster.calls)


@pytest.mark.slow
def test_longest_comment_fits_with_its_mark(poster):
    assert poster.post("a" * MOST) == 0, poster.output
    assert len(poster.written) == 1


def test_workflow_with_a_token_runs_nothing_of_the_pull_request():
    """It checks nothing out and installs nothing, and no expression is part of its script."""
    assert POSTING["permissions"] == {}
    (job,) = POSTING["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    (step,) = job["steps"]
    assert "uses" not in step
    assert "${{" not in step["run"]


@pytest.fixture
def created(tmp_path: Path) -> Path:
    Dataset.create(tmp_path / "new")
    return tmp_path / "new" / ".github" / "workflows"


def test_workflow_that_runs_the_pull_request_has_no_token(created):
    """Its name is the one that the other waits for, and so is that of its artifact."""
    assert (created / "comment.yml").read_bytes() == (WORKFLOWS / "comment.yml").read_bytes()
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    own = yaml.safe_load((WORKFLOWS / "diff.yml").read_text(encoding="utf-8"))
    theirs = yaml.safe_load((created / "healthcoop.yml").read_text(encoding="utf-8"))
    for workflow in (own, theirs):
        assert [workflow["name"]] == POSTING[True]["workflow_run"]["workflows"]
        assert workflow["permissions"] == {"contents": "read"}
        (job,) = workflow["jobs"].values()
        assert "permissions" not in job
        assert job["steps"][0]["with"]["fetch-depth"] == 0
    for steps in (own["jobs"]["diff"]["steps"], action["runs"]["steps"]):
        *_, describe, upload = steps
        assert upload["uses"] == "actions/upload-artifact@v4"
        assert upload["with"]["name"] == "comment"
        assert describe["run"] == own["jobs"]["diff"]["steps"][-2]["run"]
