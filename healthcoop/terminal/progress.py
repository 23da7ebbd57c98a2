"""A progress bar on standard error, for what takes longer than a person likes to wait."""

from time import monotonic
from typing import Any

_PATIENCE = 1.0  # seconds before a bar is worth drawing


class Progress:
    """Called with how much is done of how much; draws nothing in the first second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._start = monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is; the bar goes away when all is done."""
        if self._bar is None:
            if monotonic() - self._start < _PATIENCE or done >= total:
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
