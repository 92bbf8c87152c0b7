"""Tells whoever waits how a request goes: the loss a worker reports, the CPU time it has used.

What the worker reports is the submission's word: it is shown to a person and never believed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.errors import WorkerProtocolError

MAX_REPORTS = 100_000  # of one request; an honest worker sends ten a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a request is.

    Attributes:
        loss: What the submission called backward() on, by its own word; None if it says nothing.
        cpu_s: CPU seconds used of this budget, read from the kernel.
        limit_s: CPU seconds allowed.
    """

    loss: float | None
    cpu_s: float
    limit_s: float


Follow = Callable[[Progress], None]


class Lookout:
    """Passes on how a worker's requests go, if anybody wants to know."""

    def __init__(self, follow: Follow | None) -> None:
        """Remember whom to tell."""
        self.is_open = follow is not None
        self._follow = follow
        self._limit_s = self._since_cpu_s = 0.0
        self._count = 0

    def begin(self, limit_s: float, since_cpu_s: float) -> None:
        """Begin a request that may use so much CPU time, counted from a reading of the clock."""
        self._limit_s, self._since_cpu_s, self._count = limit_s, since_cpu_s, 0

    def report(self, header: dict[str, Any], loss: object, cpu_s: float) -> None:
        """Pass on a loss that the worker sent.

        Raises:
            WorkerProtocolError: If it is no plain number, or one too many.
        """
        self._count += 1
        if set(header) != {"kind"} or type(loss) is not float:
            raise WorkerProtocolError("the worker sent a malformed report of its progress")
        if self._count > MAX_REPORTS:
            raise WorkerProtocolError("the worker reported its progress too often")
        self.tell(cpu_s, loss)

    def tell(self, cpu_s: float, loss: float | None = None) -> None:
        """Pass on a reading of the CPU clock; whoever fails to listen is not told again."""
        if self._follow is None:
            return
        used = max(cpu_s - self._since_cpu_s, 0.0)
        try:
            self._follow(Progress(loss=loss, cpu_s=used, limit_s=self._limit_s))
        except Exception:  # noqa: BLE001  a screen that cannot be drawn must not cost a grade
            self._follow = None
