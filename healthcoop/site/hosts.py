"""Where a file of the repository is created or changed on the web, by the host's own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Host:
    """The addresses of a host's pages, below that of a repository.

    ``{branch}``, ``{folder}``, ``{name}`` (of the file) and ``{text}`` stand for what is escaped
    and put there; a page that takes no text has none.
    """

    name: str
    new: str
    edit: str


_GITEA = Host(
    "Forgejo",
    "_new/{branch}/{folder}?filename={name}&value={text}",
    "_edit/{branch}/{folder}/{name}",
)
HOSTS: Mapping[str, Host] = {
    "github": Host(
        "GitHub",
        "new/{branch}/{folder}?filename={name}&value={text}",
        "edit/{branch}/{folder}/{name}",
    ),
    "gitlab": Host(
        "GitLab",
        "-/new/{branch}/?file_name={folder}/{name}",
        "-/edit/{branch}/{folder}/{name}",
    ),
    "codeberg": _GITEA,
    "forgejo": _GITEA,
    "gitea": _GITEA,
}
"""The hosts, by a word in the name of the machine."""


def host_of(repository: str) -> Host | None:
    """Return the host of a repository's web address; None for an unknown one."""
    words = (urlsplit(repository).hostname or "").split(".")
    return next((host for word, host in HOSTS.items() if word in words), None)


def edit_address(repository: str, branch: str, path: str) -> str:
    """Return the address of the page that edits a file; empty for an unknown host."""
    host = host_of(repository)
    folder, _, name = path.rpartition("/")
    if not host:
        return ""
    values = {"branch": branch, "folder": folder, "name": name}
    return f"{repository}/{host.edit.format(**{key: quote(text) for key, text in values.items()})}"
