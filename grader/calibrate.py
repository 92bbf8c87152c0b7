"""Measures what a threshold separates: the reference and every mistake over many seeds.

Accuracy alone hides bugs, so a calibration also says which mistakes the bar cannot see.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import mean, stdev

from grader.course import Course
from grader.datastore import choose_dataset
from grader.diagnosis.mistake import read_mistakes
from grader.errors import RequestError
from grader.labs import find_lab
from grader.model import Kind, Lab
from grader.pool import start_pool
from grader.programs import MISTAKE, REFERENCE
from grader.result import write_atomically
from grader.runner import versions
from grader.trials import Measured, Place, Trials, open_trials

FIRST_SEED = 5001  # apart from the seeds of validate, so that a bar is not tested on its own data
SIGMAS = 6.0
STEP = 0.005  # bars are round numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What one program measured over the seeds.

    Attributes:
        program: "reference", "second solution loops", "mistake train_no_shuffle".
        values: One a seed; None where the check ended before it measured.
    """

    program: str
    values: tuple[float | None, ...]

    @property
    def known(self) -> list[float]:
        """Return the values that were measured."""
        return [value for value in self.values if value is not None]

    @property
    def is_mistake(self) -> bool:
        """Whether the program is a known mistake."""
        return _is_mistake(self.program)

    def count_missing(self, bar: float, *, is_limit: bool) -> int:
        """Return how many runs miss the bar; a run without a value misses it."""
        return sum(v is None or (v > bar if is_limit else v < bar) for v in self.values)

    def share_missing(self, bar: float, *, is_limit: bool) -> float:
        """Return the share of runs that miss the bar."""
        return self.count_missing(bar, is_limit=is_limit) / len(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The distributions behind one bar.

    Attributes:
        bar: The bar in force.
        is_limit: Whether the bar is the most allowed, not the least.
        proposed: What the correct programs' distribution suggests.
        false_fail: Probability that one run of a correct program misses the bar in force (Student
            t; of the logarithm where the bar is a limit). A second run squares it.
        false_fail_bound: 95 % upper bound on it without any assumption on the distribution
            (Clopper and Pearson), from how many runs of correct programs missed it.
        blind: Mistakes of which at least half the runs reach the bar: another check must see them.
        untouched: Mistakes that give the reference's values, bit for bit: not in the training.
    """

    check_id: str
    metric: str
    dataset: str
    bar: float
    is_limit: bool
    proposed: float
    false_fail: float
    false_fail_bound: float
    blind: tuple[str, ...]
    untouched: tuple[str, ...]
    spreads: tuple[Spread, ...]
    versions: Mapping[str, str]


def calibrate(
    course: Course,
    lab: Lab,
    *,
    seeds: int,
    jobs: int,
    mode: str,
    dataset: str = "",
    only: Sequence[str] = (),
    mistake_seeds: int = 0,
    named_only: bool = False,
    progress: Callable[[str], None],
) -> tuple[Calibration, ...]:
    """Measure every training check of a lab.

    Args:
        course: The course.
        lab: The lab.
        seeds: How many, at least 3.
        jobs: Processes.
        mode: Sandbox backend.
        dataset: Its name; empty for the lab's default.
        mistake_seeds: How many for the mistakes, where training takes long; 0 for as many.
        named_only: Whether mistakes that do not name a training check are left out of it.
        only: Words; mistakes whose names hold none of them are left out. Empty for all.
        progress: Told of each program that is done.

    Raises:
        RequestError: If the lab has nothing to calibrate.
    """
    checks = [check for check in lab.checks if check.kind is Kind.TRAINING]
    dataset = choose_dataset(lab, dataset)
    place = Place(root=str(course.root), lab_id=lab.lab_id, dataset=dataset, mode=mode)
    mistakes = read_mistakes(course.hidden / lab.lab_id / "mistakes")
    numbers = range(FIRST_SEED, FIRST_SEED + seeds)
    values: Values = {}
    with start_pool(jobs) as pool:
        programs = pool.submit(_programs, place).result()
        wanted = [p for p in programs if not _is_mistake(p) or _holds(p, only)]
        for check in checks:
            first = pool.submit(_measure, (place, check.check_id, REFERENCE, numbers, ()))
            values[check.check_id, REFERENCE] = reference = first.result()
            named = {MISTAKE + m.name for m in mistakes if check.check_id in m.caught_by}
            left_out = {p for p in wanted if named_only and _is_mistake(p)} - named | {REFERENCE}
            rest = [name for name in wanted if name not in left_out]
            few = numbers[: mistake_seeds or seeds]
            work = [
                (place, check.check_id, name, few if _is_mistake(name) else numbers, reference)
                for name in rest
            ]
            for name, measured in zip(rest, pool.map(_measure, work), strict=True):
                values[check.check_id, name] = measured
                progress(f"{check.check_id}: {name}")
    found = [
        _summarise(lab, dataset, check.check_id, metric, values)
        for check in checks
        for metric in _metrics(values[check.check_id, REFERENCE])
    ]
    if not found:
        raise RequestError(f"{lab.lab_id} has no training check with a bar: nothing to calibrate.")
    return tuple(found)


def _is_mistake(program: str) -> bool:
    return program.startswith(MISTAKE)


def _holds(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


Values = dict[tuple[str, str], list[Measured]]  # check and program -> one a seed
Work = tuple[Place, str, str, Sequence[int], Sequence[Measured]]


@cache
def _trials(place: Place) -> Trials:
    """Open a lab's programs once in a process; the worker ends with it."""
    return open_trials(place)


def _programs(place: Place) -> tuple[str, ...]:
    return _trials(place).programs


def _measure(work: Work) -> list[Measured]:
    """Run one check on one program over the seeds."""
    place, check_id, program, seeds, reference = work
    return _trials(place).measure(check_id, program, seeds, reference=reference)


def _metrics(runs: Sequence[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in run))


def _summarise(lab: Lab, dataset: str, check_id: str, metric: str, values: Values) -> Calibration:
    everything = [
        Spread(program=name, values=tuple(_value(run, metric) for run in runs))
        for (check, name), runs in values.items()
        if check == check_id
    ]
    reference = everything[0].values
    same = {s.program for s in everything if s.is_mistake and s.values == reference}
    spreads = tuple(spread for spread in everything if spread.program not in same)
    threshold = values[check_id, REFERENCE][0][metric]
    bar, is_limit = threshold.threshold or 0.0, threshold.is_limit
    correct = [spread for spread in spreads if not spread.is_mistake]
    known = [value for spread in correct for value in spread.known]
    missed = sum(spread.count_missing(bar, is_limit=is_limit) for spread in correct)
    blind = [
        spread.program
        for spread in spreads
        if spread.is_mistake and spread.share_missing(bar, is_limit=is_limit) < 0.5
    ]
    proposed, false_fail = _judge(known, bar, is_limit=is_limit)
    return Calibration(
        check_id=check_id,
        metric=metric,
        dataset=dataset,
        bar=bar,
        is_limit=is_limit,
        proposed=proposed,
        false_fail=false_fail,
        false_fail_bound=upper_bound(missed, sum(len(spread.values) for spread in correct)),
        blind=tuple(name.removeprefix(MISTAKE) for name in blind),
        untouched=tuple(sorted(name.removeprefix(MISTAKE) for name in same)),
        spreads=spreads,
        versions=versions(lab.packages),
    )


def _value(run: Measured, metric: str) -> float | None:
    return run[metric].value if metric in run else None


def _judge(known: Sequence[float], bar: float, *, is_limit: bool) -> tuple[float, float]:
    """Return the proposed bar, and the probability that a correct run misses the one in force.

    A limit is on something positive that can be many times too large, such as an error: its
    logarithm is what is close to normal.
    """
    in_logs = is_limit and min(known) > 0 and bar > 0
    numbers = [math.log(value) for value in known] if in_logs else list(known)
    edge = math.log(bar) if in_logs else bar
    center, spread = mean(numbers), stdev(numbers)
    if spread == 0.0:  # such as eight modes of eight: no distribution to look at
        return known[0], float(center > edge if is_limit else center < edge)
    sign = 1.0 if is_limit else -1.0
    far = center + sign * SIGMAS * spread
    proposed = math.exp(far) if in_logs else far
    down = round(math.floor(proposed / STEP) * STEP, 6)
    rounded = float(f"{proposed:.2g}") if is_limit else down
    return rounded, student_t_tail(sign * (edge - center) / spread, len(numbers) - 1)


def upper_bound(missed: int, runs: int) -> float:
    """Return the probability at which so few of the runs would miss in one experiment of twenty."""
    low, high = missed / runs, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        few = sum(
            math.comb(runs, k) * middle**k * (1 - middle) ** (runs - k) for k in range(missed + 1)
        )
        low, high = (middle, high) if few > 0.05 else (low, middle)
    return high


def student_t_tail(distance: float, freedom: int) -> float:
    """Return P(T > distance) of Student's t, by Simpson's rule on the substituted half-line."""
    log_norm = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    norm = float(math.exp(log_norm) / math.sqrt(freedom * math.pi))
    if distance < 0:
        return 1 - student_t_tail(-distance, freedom)
    steps = 2000

    def density(u: float) -> float:
        """The density at t = distance + u / (1 - u), times dt/du."""
        if u >= 1:
            return 0.0
        t = distance + u / (1 - u)
        return norm * math.pow(1 + t * t / freedom, -(freedom + 1) / 2) / (1 - u) ** 2

    inner = sum((4 if i % 2 else 2) * density(i / steps) for i in range(1, steps))
    return (density(0.0) + inner + density(1.0)) / (3 * steps)


def write_calibration(course: Course, lab: Lab, found: Sequence[Calibration]) -> Path:
    """Write the distributions beside the lab's hidden checks; the bars in lab.toml cite them.

    Returns:
        The data, `calibration.json`; a table and a figure with the same name stand beside it.
    """
    from grader.calibration_page import as_markdown, as_png

    dataset = found[0].dataset
    is_default = dataset in (*lab.datasets[:1], "")
    name = "calibration" if is_default else f"calibration_{dataset}"
    path = course.hidden / lab.lab_id / f"{name}.json"
    data = {"calibrations": [asdict(calibration) for calibration in found]}
    write_atomically(path, json.dumps(data, indent=1) + "\n")
    write_atomically(path.with_suffix(".md"), as_markdown(lab.title, found))
    write_atomically(path.with_suffix(".png"), as_png(lab.title, found))
    return path


def calibrate_lab(
    course: Course,
    wanted: str,
    *,
    seeds: int,
    jobs: int,
    mode: str,
    dataset: str,
    only: Sequence[str],
    mistake_seeds: int,
    named_only: bool,
    is_written: bool,
    progress: Callable[[str], None],
) -> tuple[tuple[Calibration, ...], Path | None]:
    """Calibrate a lab by its id; write the result if asked; return it and where it was written."""
    lab = find_lab(course, wanted)
    found = calibrate(
        course,
        lab,
        seeds=seeds,
        jobs=jobs,
        mode=mode,
        dataset=dataset,
        only=only,
        mistake_seeds=mistake_seeds,
        named_only=named_only,
        progress=progress,
    )
    return found, write_calibration(course, lab, found) if is_written else None
