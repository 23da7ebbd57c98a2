"""Programs of the user: the pager for long results, the editor, the browser."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from rich.cells import cell_len

from healthcoop.errors import HealthcoopError

_TAKE_LINE = frozenset({"nano", "vi", "vim", "nvim", "emacs", "emacsclient"})
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_NOT_RUN = (126, 127)
"""The exit codes of a shell that cannot run a program."""
_PIPE = 1 << 20
"""Characters that no pipe takes unread: a program that was sent more than this does run."""


def page(chunks: Iterable[str], report: Callable[[HealthcoopError], None]) -> Iterable[str]:
    """Write a result that is longer than the screen to the pager; return what is left to print.

    The pager is ``$HEALTHCOOP_PAGER``, ``$PAGER`` or less, a line for the shell as git's; none is
    used if it is empty or ``cat``. Leaving it ends the result. ``report`` is called where it cannot
    be run, and the whole result is left to print.
    """
    command = _pager()
    if command is None:
        return chunks
    screen = shutil.get_terminal_size()
    rest = iter(chunks)
    text = ""
    for chunk in rest:
        text += chunk
        if _is_longer(text, screen):
            return _run(command, chain([text], rest), report)
    return [text]


def _pager() -> str | None:
    default = "less -FRX" if shutil.which("less") else ""
    command = os.environ.get("HEALTHCOOP_PAGER", os.environ.get("PAGER", default)).strip()
    return None if command in ("", "cat") else command


def _is_longer(text: str, screen: os.terminal_size) -> bool:
    """Return whether a text and the prompt after it need more lines than the screen has."""
    lines = 0
    for line in text.splitlines():
        lines += max(1, -(-cell_len(_STYLE.sub("", line)) // screen.columns))
        if lines >= screen.lines:
            return True
    return False


def _run(
    command: str, chunks: Iterator[str], report: Callable[[HealthcoopError], None]
) -> Iterable[str]:
    """Write text to a program, as it comes, and wait until the program ends.

    Returns what is left to print: all of it if the program cannot be run, else nothing.
    """
    process = subprocess.Popen(  # noqa: S602 - a user's own setting, with arguments and pipes
        command,
        shell=True,
        stdin=subprocess.PIPE,
        encoding=sys.stdout.encoding,
        errors="replace",
        env={"LESS": "FRX", "LV": "-c", **os.environ},
    )

    def interrupt(*_: object) -> None:
        # An interrupt is for the pager, while there is one.
        if process.poll() is not None:
            raise KeyboardInterrupt

    kept: list[str] = []
    written = 0
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        with suppress(BrokenPipeError), process.stdin as stream:  # type: ignore[union-attr]
            for chunk in chunks:
                if written <= _PIPE:
                    kept.append(chunk)
                stream.write(chunk)
                stream.flush()
                written += len(chunk)
                if written > _PIPE:
                    kept.clear()
    finally:
        process.wait()
        signal.signal(signal.SIGINT, before)
    if process.returncode not in _NOT_RUN:
        return ()
    hint = "Set $HEALTHCOOP_PAGER or $PAGER to another program, or use --no-pager."
    report(HealthcoopError(f"cannot run the pager: {command}", hint=hint))
    return chain(kept, chunks)


def edit(path: Path, *, line: int = 0) -> None:
    """Open a file in the user's editor and wait until it is left.

    The cursor is put on a ``line``, from 1, by editors that take ``+LINE`` before the file.
    The editor is ``$VISUAL``, ``$EDITOR``, or the first of a few that is installed. Raises
    HealthcoopError where there is none, or it cannot be run or fails.
    """
    command = _editor()
    hint = "Set $EDITOR to a program that is installed, such as nano."
    if not command:
        raise HealthcoopError("no editor is set", hint=hint)
    if line and Path(command[0]).stem in _TAKE_LINE:
        command.append(f"+{line}")
    try:
        code = subprocess.call([*command, str(path)])  # noqa: S603 - a user's own setting
    except OSError as error:
        reason = error.strerror or error
        raise HealthcoopError(f"cannot run the editor {command[0]}: {reason}", hint=hint) from None
    if code:
        raise HealthcoopError(f"the editor {command[0]} ended with the exit code {code}", hint=hint)


def _editor() -> list[str]:
    for name in ("VISUAL", "EDITOR"):
        if setting := os.environ.get(name, "").strip():
            try:
                return shlex.split(setting, posix=os.name != "nt")
            except ValueError as error:
                raise HealthcoopError(f"cannot read ${name}: {error}") from None
    known = (shutil.which(name) for name in ("nano", "vim", "vi", "notepad"))
    return [path for path in known if path and sys.stdin.isatty()][:1]


def open_page(url: str) -> None:
    """Open a web page in the user's browser: ``$BROWSER``, or the system's.

    Raises HealthcoopError where the address is not one of the web, and where no browser starts.
    """
    if not re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE):
        raise HealthcoopError("only addresses that begin with http:// or https:// are opened")
    try:
        opened = webbrowser.open(url)
    except (OSError, webbrowser.Error):
        opened = False
    if not opened:
        raise HealthcoopError("no browser could be started", hint="Set $BROWSER to one.")
