"""What ``validate`` takes from the environment of GitHub's runner, and writes to it."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from healthcoop.checks.findings import Report
    from healthcoop.files.git import ChangedFiles


def adapt(session: Session, report: "Report", changed: "ChangedFiles | None") -> "Report":
    """Return the report with the pull request's files first and paths as GitHub expects them.

    Those are relative to the folder of the checkout (``$GITHUB_WORKSPACE``).
    """
    from healthcoop.errors import HealthcoopError

    if changed is None and os.environ.get("GITHUB_BASE_REF"):
        try:
            changed = session.dataset.changed()
        except HealthcoopError:
            changed = None  # in a shallow clone only the order is lost
    if changed:
        report = replace(report, changed=changed.paths)
    workspace = os.environ.get("GITHUB_WORKSPACE")
    root = os.path.realpath(session.dataset.root)
    if workspace and root.startswith(os.path.join(os.path.realpath(workspace), "")):
        folder = os.path.relpath(root, os.path.realpath(workspace))
        return report.below(folder.replace(os.sep, "/"))
    return report


def write_job_summary(session: Session, report: "Report") -> None:
    """Append the table of all findings to the summary of the job, where there is one."""
    from healthcoop.checks.formats.github import job_summary

    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with open(path, "a", encoding="utf-8") as file:
                file.write(job_summary(report))
        except OSError as error:
            session.note(f"cannot write the job summary: {error.strerror}")
