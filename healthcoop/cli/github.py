"""What GitHub's runner tells a command about its surroundings, and wants from it."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report
    from healthcoop.files.git import Changed


def placed(session: Session, report: "Report", changed: "Changed | None") -> "Report":
    """Give the report as GitHub shows it: what a pull request changed first, under its own paths.

    GitHub finds the files by their paths from the checkout's folder (``$GITHUB_WORKSPACE``).
    """
    from healthcoop.errors import HealthcoopError

    if changed is None and os.environ.get("GITHUB_BASE_REF"):
        try:
            changed = session.dataset.changed()
        except HealthcoopError:
            changed = None  # a shallow clone: the order is all that is lost
    if changed:
        report = replace(report, changed=changed.paths)
    workspace = os.environ.get("GITHUB_WORKSPACE")
    root = os.path.realpath(session.dataset.root)
    if workspace and root.startswith(os.path.join(os.path.realpath(workspace), "")):
        folder = os.path.relpath(root, os.path.realpath(workspace))
        return report.seen_from_above(folder.replace(os.sep, "/"))
    return report


def summarise(session: Session, report: "Report") -> None:
    """Add the whole table to the summary of the job, where there is one."""
    from healthcoop.checks.formats.github import job_summary

    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with open(path, "a", encoding="utf-8") as file:
                file.write(job_summary(report))
        except OSError as error:
            session.note(f"cannot write the job's summary: {error.strerror}")
