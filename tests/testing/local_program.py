"""A submission that runs in this process: what `grader.testing` needs, without a worker."""

import copy
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.errors import SubmissionError
from grader.sandbox.client import Handle
from grader.testing.submission import Submission


@dataclass
class LocalProgram:
    """Functions by name, and what each call of one costs.

    Attributes:
        costs: CPU seconds a call, by name: one for all calls, or one for each in turn.
        figures: What a figure shows, by the handle's number.
    """

    functions: Mapping[str, Callable[..., object]]
    costs: Mapping[str, float | Sequence[float]] = field(default_factory=dict)
    figures: Mapping[int, object] = field(default_factory=dict)
    seen: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)
    used_s: float = 0.0

    def call(
        self,
        target: str | Handle,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        *,
        look: bool,
    ) -> object:
        """Call a function on copies, as the wire would."""
        name = str(target)
        cost = self.costs.get(name, 0.0)
        count = sum(called == name for called, _ in self.seen)
        self.used_s += cost if isinstance(cost, float) else cost[count]
        args = tuple(copy.deepcopy(arg) for arg in args)  # each on its own
        self.seen.append((name, args))
        if name not in self.functions:
            raise SubmissionError(f"module has no attribute '{name}'", kind="AttributeError")
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002  the legacy generator is the one that is global
        try:
            result = self.functions[name](*args, **kwargs)
        except Exception as error:
            raise SubmissionError(str(error), kind=type(error).__name__) from error
        return (result, args) if look else result

    def overwrite(self, name: str, args: Sequence[object]) -> object:
        """Call, then change the arguments in place."""
        args = tuple(copy.deepcopy(arg) for arg in args)  # each on its own
        result = self.functions[name](*args)
        before = copy.deepcopy(result)
        for array in args:
            if isinstance(array, np.ndarray):
                np.add(array, 1, out=array)
        return before, result

    def figure(self, handle: Handle) -> object:
        """Read a figure's data."""
        return self.figures[handle.number]

    def cpu_seconds(self) -> float:
        """Return what the calls cost."""
        return self.used_s

    def global_draws(self) -> object:
        """Draw once from each global generator."""
        return {"random": random.random(), "numpy.random": float(np.random.random())}  # noqa: NPY002

    def seeded_draws(self) -> Mapping[str, float]:
        """Return what these draws are when nothing else has drawn."""
        legacy = np.random.RandomState(1)
        return {"random": random.Random(1).random(), "numpy.random": float(legacy.random_sample())}


def submission(returns: Mapping[str, object] | None = None, /, **functions: Callable[..., object]):
    """Return a submission of these functions."""
    return Submission(LocalProgram(functions), returns or {})


def text_of(caught: object) -> str:
    """Return the message of what was raised."""
    return str(caught.value)  # type: ignore[attr-defined]  # pytest's own type is generic
