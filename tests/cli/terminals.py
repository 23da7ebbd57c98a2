"""Runs of the command line on a pseudo-terminal."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """The exit code and all output, errors too."""

    exit_code: int
    output: str


def on_terminal(
    folder: Path,
    *arguments: str,
    width: int = 80,
    height: int = 40,
    keys: Mapping[str, bytes] | None = None,
    dialogue: Sequence[tuple[str, bytes]] = (),
    **settings: str,
) -> Run:
    """Run a command in a folder on a terminal; ``keys`` are pressed when their text appears.

    Those of a ``dialogue`` one after the other, each when its text appears after the last, or, of a
    text with ``…``, one part after the other. A command that waits for long is killed.
    """
    import fcntl
    import pty
    import struct
    import termios

    def take_terminal() -> None:
        """Let Ctrl-C be a signal to all that run on the terminal, also if these tests ignore it."""
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    unset = ("COLUMNS", "LINES", "PAGER", "LESS", "HEALTHCOOP_PAGER")
    environment = {key: text for key, text in os.environ.items() if key not in unset}
    waiting = dict(keys or {})
    turns = [*dialogue]
    output = b""
    seen = 0
    with subprocess.Popen(
        [sys.executable, "-m", "healthcoop", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env={**environment, "TERM": "xterm", **settings},
        start_new_session=True,
        preexec_fn=take_terminal,  # noqa: PLW1509
    ) as process:
        os.close(slave)
        try:
            while piece := _read(master, process):
                output += piece
                if turns and re.search(_pattern(turns[0][0]), output[seen:], re.DOTALL):
                    seen = len(output)
                    if turns[0][1] == b"\x03":  # readline misses one before it waits
                        time.sleep(0.1)
                    os.write(master, turns.pop(0)[1])
                for text in [text for text in waiting if text.encode() in output]:
                    os.write(master, waiting.pop(text))
        except OSError:  # Linux says so when the other end is closed
            pass
    os.close(master)
    return Run(process.returncode, output.decode().replace("\r\n", "\n"))


def _pattern(text: str) -> bytes:
    return b".*".join(re.escape(part.encode()) for part in text.split("…"))


def _read(master: int, process: "subprocess.Popen[bytes]") -> bytes:
    """Read what the command writes next; kill it where it writes nothing for long."""
    if not select.select([master], [], [], 30)[0]:
        process.kill()
    return os.read(master, 4096)
