"""Time budgets as a ratio to the reference on the same machine, in CPU seconds.

Wall clock is a load meter on a shared machine. The ratio of CPU times, read by the grader from the
kernel and interleaved with the reference, is right within 10 % under any load we could make.
"""

from statistics import median

import numpy as np

from grader.testing.record import Fact, Failure, judge, measure
from grader.testing.submission import Submission

SHORT_S = 0.02  # calls shorter than this are measured in more pairs
PAIRS_SHORT, PAIRS_LONG = 9, 5


def assert_time_ratio(
    submission: Submission,
    reference: Submission,
    name: str,
    *args: object,
    at_most: float,
    fail_above: float,
    what: str,
    hint: str = "",
    **kwargs: object,
) -> None:
    """Require a call to cost at most so many times what it costs the reference.

    A ratio above `at_most` is measured again with twice as many pairs; only a ratio above
    `fail_above` in that second round fails. In doubt the student wins.

    Args:
        submission: What is timed.
        reference: The solution, in a worker of its own.
        name: The function.
        *args: Its arguments. One call of the reference should take 5 to 20 ms.
        at_most: Passes at once up to this ratio.
        fail_above: Fails above this ratio, if the second round says so too.
        what: The call as a student would write it.
        hint: What to think about.
        **kwargs: Keyword arguments of the function.
    """
    __tracebackhide__ = True
    getattr(submission, name)(*args, **kwargs)  # the first call pays for lazy imports and caches
    ratio = _ratio(submission, reference, name, args, kwargs, round_number=1)
    if ratio > at_most:
        ratio = _ratio(submission, reference, name, args, kwargs, round_number=2)
    measure(what, ratio, threshold=fail_above, unit="x the reference's CPU time")
    failure = None
    if ratio > fail_above:
        facts = (Fact(label="allowed", text=f"{fail_above:g} times the reference's CPU time"),)
        headline = f"{what} takes {ratio:.1f} times the reference's CPU time."
        failure = Failure(headline=headline, facts=facts, hint=hint)
    judge(what, ratio > fail_above, failure)


def _ratio(
    submission: Submission,
    reference: Submission,
    name: str,
    args: tuple[object, ...],
    kwargs: dict[str, object],
    *,
    round_number: int,
) -> float:
    """Return the median ratio of interleaved pairs."""
    first = _cpu(reference, name, args, kwargs)
    pairs = round_number * (PAIRS_SHORT if first < SHORT_S else PAIRS_LONG)
    ratios = []
    for number in range(pairs):
        order = (reference, submission) if number % 2 else (submission, reference)
        fresh = tuple(_nudged(arg, 100 * round_number + number) for arg in args)
        times = {id(program): _cpu(program, name, fresh, kwargs) for program in order}
        ratios.append(times[id(submission)] / max(times[id(reference)], 1e-9))
    return float(median(ratios))


def _nudged(arg: object, number: int) -> object:
    """Return an argument a little different for each pair: remembered answers are no use."""
    if isinstance(arg, np.ndarray) and arg.dtype.kind == "f":
        return arg * (1 + number * np.finfo(arg.dtype).eps)
    if isinstance(arg, list | tuple):
        return type(arg)(_nudged(item, number) for item in arg)
    if isinstance(arg, dict):
        return {key: _nudged(item, number) for key, item in arg.items()}
    return arg


def _cpu(
    program: Submission, name: str, args: tuple[object, ...], kwargs: dict[str, object]
) -> float:
    before = program.cpu_seconds()
    getattr(program, name)(*args, **kwargs)
    return program.cpu_seconds() - before
