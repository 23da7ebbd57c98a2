"""Sites of a data set in this process, whose files are made when a test reads them."""

import json
import subprocess
from pathlib import Path
from typing import Any

from healthcoop import Dataset
from healthcoop.site import Site

BASE = "https://example.org/sub/"


def site(dataset: Dataset, **settings: Any) -> Site:
    """Return the site of a data set; ``settings`` are those of ``build_site``."""
    options = dict.fromkeys(("base_url", "repository", "branch", "pyodide", "note")) | settings
    return Site(dataset._site_source(**options))


def data(site: Site, path: str) -> Any:
    """Return a JSON file of a site."""
    return json.loads(site[path])


def add_organisation(root: Path, code: str) -> None:
    """Add an organisation to the vocabulary of FEW records, and to the parties of one of them."""
    path = root / "schema" / "organisations.yaml"
    entry = f"  - {{code: {code}, label: Another, definition: Another., kind: forum}}\n"
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    path = root / "records" / "2022" / "2022-az-cu-minister-ambassador.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("parties:\n", f"parties:\n  - organisation: {code}\n", 1)
    path.write_text(text, encoding="utf-8")


def commit(root: Path, day: str, subject: str) -> None:
    """Commit all files of a data set, in a new repository if there is none."""
    git = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    if not (root / ".git").exists():
        subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    when = f"{day}T12:00:00+00:00"
    environment = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": ""}
    subprocess.run([*git, "commit", "-qm", subject], check=True, env=environment)
