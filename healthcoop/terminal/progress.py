"""A progress bar on standard error for operations that take more than a second."""

from time import monotonic
from typing import Any

_DELAY = 1.0  # seconds before the bar appears


class Progress:
    """A callback for the numbers of items done and in all; draws nothing in the first second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._start = monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Update the bar; remove it when everything is done."""
        if self._bar is None:
            if monotonic() - self._start < _DELAY or done >= total:
                return
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._label, total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done)
        if done >= total:
            self._bar.stop()
            self._bar = None
            self._start = monotonic()
