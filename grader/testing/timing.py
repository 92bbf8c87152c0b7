"""Budgets as a ratio to the reference on the same machine: CPU seconds, and peak memory.

Wall clock is a load meter on a shared machine. The ratio of CPU times, read by the grader from the
kernel and interleaved with the reference, is right within 10 % under any load we could make.

What a timed call returns is judged too, and every pair of calls has other arguments: else an answer
that is remembered, or given up, would be the fastest of all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from grader.sandbox.client import Tensor
from grader.testing.record import Fact, Failure, judge, measure
from grader.testing.submission import Submission

Prepare = Callable[[Submission], Sequence[object]]
SHORT_S = 0.02  # calls shorter than this are measured in more pairs
PAIRS_SHORT, PAIRS_LONG = 9, 5
NUDGE = 1e-3  # relative change of each array of floats from pair to pair; changes no cost
AGREE_RTOL = 1e-5  # of the results of one pair: far below the nudge, far above rounding


def agree(got: Any, wanted: Any, *_args: Any) -> bool:
    """Whether two results have the same structure and nearly the same values."""
    if isinstance(wanted, tuple | list) and isinstance(got, tuple | list):
        pairs = zip(got, wanted, strict=False)
        return len(got) == len(wanted) and all(agree(left, right) for left, right in pairs)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return set(got) == set(wanted) and all(agree(got[key], wanted[key]) for key in wanted)
    if wanted is None or isinstance(wanted, str):
        return type(got) is type(wanted) and bool(got == wanted)
    left, right = np.asarray(got), np.asarray(wanted)
    if left.shape != right.shape or left.dtype.kind not in "fiub":
        return False
    scale = float(np.max(np.abs(right), initial=0.0))
    return bool(np.allclose(left, right, rtol=AGREE_RTOL, atol=AGREE_RTOL * scale))


def assert_time_ratio(
    submission: Submission,
    reference: Submission,
    name: str,
    *args: object,
    at_most: float,
    fail_above: float,
    what: str,
    hint: str = "",
    verify: Callable[..., bool] = agree,
    prepare: Prepare = lambda _program: (),
    options: Mapping[str, object] | None = None,
) -> None:
    """Require a call to cost at most so many times what it costs the reference.

    A ratio above `at_most` is measured again with twice as many pairs; only a ratio above
    `fail_above` in that second round fails. In doubt the student wins.

    Args:
        submission: What is timed.
        reference: The solution, in a worker of its own.
        name: The function.
        *args: Its arguments. One call of the reference should take 5 to 20 ms. Arrays of floats
            are changed by some per mille from pair to pair, each by another factor.
        at_most: Passes at once up to this ratio.
        fail_above: Fails above this ratio, if the second round says so too.
        what: The call as a student would write it.
        hint: What to think about.
        verify: Called with a timed result, the reference's and the arguments; whether the result
            is an answer at all. The default compares the two; a random function needs its own.
        prepare: Makes the first arguments anew before every call, such as a model to be trained;
            what it costs does not count.
        options: Keyword arguments.
    """
    __tracebackhide__ = True
    call = _Call(name=name, args=args, prepare=prepare, options=options or {})
    timed = _Timed(submission, reference, call, verify)
    call.run(submission, args)  # the first call pays for lazy imports and caches
    ratio = timed.ratio(round_number=1)
    if ratio > at_most and not timed.wrong:
        ratio = timed.ratio(round_number=2)
    measure(what, ratio, threshold=fail_above, is_limit=True, unit="x the reference's CPU time")
    failure = None
    if timed.wrong:
        headline = f"{what} gives a wrong answer in {timed.wrong} of the calls that are timed."
        failure = Failure(headline=headline, hint=hint)
    elif ratio > fail_above:
        facts = (Fact(label="allowed", text=f"{fail_above:g} times the reference's CPU time"),)
        headline = f"{what} takes {ratio:.1f} times the reference's CPU time."
        failure = Failure(headline=headline, facts=facts, hint=hint)
    judge(what, (ratio > fail_above, timed.wrong > 0), failure)


def assert_memory_ratio(
    submission: Submission,
    reference: Submission,
    name: str,
    *args: object,
    at_most: float,
    what: str,
    hint: str = "",
    prepare: Prepare = lambda _program: (),
    options: Mapping[str, object] | None = None,
) -> None:
    """Require a call to need at most so many times the memory that it needs in the reference.

    Memory is what the worker holds at its peak during the call above what it held before, read from
    the kernel. Two rounds must agree before it fails; where the kernel does not tell, it passes.

    Args:
        submission: What is measured.
        reference: The solution, in a worker of its own.
        name: The function.
        *args: Its arguments. The reference should need arrays of 40 MiB or more: what is freed of
            smaller ones the C library may keep, and the next call needs nothing.
        at_most: The ratio allowed.
        what: The call as a student would write it.
        hint: What to think about.
        prepare: As in assert_time_ratio.
        options: Keyword arguments.
    """
    __tracebackhide__ = True
    call = _Call(name=name, args=args, prepare=prepare, options=options or {})
    call.run(submission, args)  # the first call pays for lazy imports and caches
    call.run(reference, args)
    ratio = min(_memory_ratio(submission, reference, call) for _ in range(2))
    measure(what, ratio, threshold=at_most, is_limit=True, unit="x the reference's memory")
    failure = None
    if ratio > at_most:
        facts = (Fact(label="allowed", text=f"{at_most:g} times the reference's memory"),)
        headline = f"{what} needs {ratio:.1f} times the reference's memory."
        failure = Failure(headline=headline, facts=facts, hint=hint)
    judge(what, ratio > at_most, failure)


LEAST_MEMORY = 16 << 20  # bytes of the reference; below it a ratio says nothing


def _memory_ratio(submission: Submission, reference: Submission, call: "_Call") -> float:
    """Return how many times the reference's memory a call needs; 0 if that cannot be told."""
    needed = []
    for program in (submission, reference):
        first = call.prepare(program)
        with program.peak_memory() as peak:
            call.run(program, call.args, first)
        needed.append(peak.bytes)
    theirs, ours = needed
    if theirs is None or ours is None or ours < LEAST_MEMORY:
        return 0.0
    return theirs / ours


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One function call that is repeated with arguments a little different."""

    name: str
    args: Sequence[object]
    prepare: Prepare
    options: Mapping[str, object]

    def run(
        self, program: Submission, args: Sequence[object], first: Sequence[object] | None = None
    ) -> Any:
        """Call it in one of the programs."""
        first = self.prepare(program) if first is None else first
        return getattr(program, self.name)(*first, *args, **self.options)


class _Timed:
    """One function of the submission and of the reference, called in turn."""

    def __init__(
        self,
        submission: Submission,
        reference: Submission,
        call: _Call,
        verify: Callable[..., bool],
    ) -> None:
        self.submission, self.reference = submission, reference
        self.call, self.verify = call, verify
        self.wrong = 0  # results that are no answer

    def ratio(self, *, round_number: int) -> float:
        """Return the median ratio of interleaved pairs."""
        first, _ = self._run(self.reference, self.call.args)
        pairs = round_number * (PAIRS_SHORT if first < SHORT_S else PAIRS_LONG)
        ratios = [self._pair(20 * round_number + number) for number in range(pairs)]
        return float(median(ratios))

    def _pair(self, number: int) -> float:
        """Call both with arguments of this pair's own; the order alternates."""
        args = [nudged(arg, number, place) for place, arg in enumerate(self.call.args, 1)]
        if number % 2:
            ours, wanted = self._run(self.reference, args)
            theirs, got = self._run(self.submission, args)
        else:
            theirs, got = self._run(self.submission, args)
            ours, wanted = self._run(self.reference, args)
        self.wrong += not self.verify(got, wanted, *args)
        return theirs / max(ours, 1e-9)

    def _run(self, program: Submission, args: Sequence[object]) -> tuple[float, Any]:
        """Return the CPU seconds of a call, and its result."""
        first = self.call.prepare(program)
        before = program.cpu_seconds()
        result = self.call.run(program, args, first)
        return program.cpu_seconds() - before, result


def nudged(arg: object, number: int, place: int) -> object:
    """Return an argument a little different for each pair: remembered answers are no use."""
    if isinstance(arg, np.ndarray) and arg.dtype.kind == "f":
        return (arg * (1 + NUDGE * (number % 50 + 1) * place)).astype(arg.dtype)
    if isinstance(arg, Tensor):
        return Tensor(np.asarray(nudged(arg.array, number, place)))
    if isinstance(arg, list | tuple):
        return type(arg)(nudged(item, number, place) for item in arg)
    if isinstance(arg, Mapping):
        return {key: nudged(item, number, place) for key, item in arg.items()}
    return arg
