"""One line that says how a check goes: the loss so far as a sparkline, and the CPU time used."""

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.lookout import Progress

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 24  # bars
REDRAW_S = 0.1
LOG_RATIO = 100.0  # between largest and smallest, from which bars show orders of magnitude
SILENT_S = 1.0  # of CPU time before which a call needs no line of its own


class Trail:
    """What has been seen of one check."""

    def __init__(self, check_id: str = "") -> None:
        """Begin a check."""
        self.check_id = check_id
        self.losses: list[float] = []
        self.cpu_s = self.limit_s = 0.0
        self._drawn_at = -math.inf

    def note(self, progress: "Progress") -> None:
        """Take in how a call goes."""
        self.cpu_s, self.limit_s = progress.cpu_s, progress.limit_s
        if progress.loss is not None:
            self.losses.append(progress.loss)

    def is_due(self, now: float) -> bool:
        """Whether it is time to draw again; if so, the caller does."""
        if now - self._drawn_at < REDRAW_S or not (self.losses or self.cpu_s > SILENT_S):
            return False
        self._drawn_at = now
        return True

    def text(self, *, can_draw: bool) -> str:
        """Return the line; without bars where the terminal has none."""
        parts = [self.check_id]
        if self.losses:
            parts += [sparkline(self.losses)] if can_draw else []
            parts.append(f"loss {self.losses[-1]:.3g}")
        parts.append(f"{self.cpu_s:.1f} of {self.limit_s:g} CPU s")
        return "  ".join(parts)


def sparkline(values: Sequence[float], width: int = WIDTH) -> str:
    """Draw values as bars, each the mean of its share of them; what is not finite is an x."""
    count = max(min(len(values), width), 1)
    ends = [len(values) * place // count for place in range(count + 1)]
    means = [_mean(values[a:b]) for a, b in itertools.pairwise(ends) if a < b]
    finite = [mean for mean in means if math.isfinite(mean)]
    if finite and min(finite) > 0 and max(finite) / min(finite) > LOG_RATIO:
        means = [math.log(mean) if math.isfinite(mean) else mean for mean in means]
        finite = [mean for mean in means if math.isfinite(mean)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    return "".join(_bar(mean, low, high) for mean in means)


def _mean(values: Sequence[float]) -> float:
    return sum(value / len(values) for value in values)


def _bar(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return "x"
    share = (value / 2 - low / 2) / (high / 2 - low / 2) if high > low else 0.0
    return BARS[min(round(share * (len(BARS) - 1)), len(BARS) - 1)]
