"""Measures what a threshold separates: the reference and every mistake over many seeds.

Accuracy alone hides bugs, so a calibration also says which mistakes the bar cannot see.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, stdev

from grader.course import Course, find_course
from grader.errors import ContentError, RequestError
from grader.handin import Handin
from grader.labs import find_lab, read_lab
from grader.model import Kind, Lab
from grader.result import write_atomically
from grader.runner import Grader, Options, versions
from grader.sandbox.backend import find_backend
from grader.validate import merge

FILE_NAME = "calibration.json"
FIRST_SEED = 5001  # apart from the seeds of validate, so that a bar is not tested on its own data
MISTAKE = "mistake "  # before a mistake's name, where programs are listed
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

    def share_below(self, bar: float) -> float:
        """Return the share of runs below the bar; a run without a value counts as below."""
        return sum(value is None or value < bar for value in self.values) / len(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The distributions behind one bar.

    Attributes:
        bar: The bar in force.
        proposed: What the correct programs' distribution suggests.
        false_fail: Probability that a correct run is below the bar in force (Student t).
        false_fail_bound: 95 % upper bound on it without any assumption on the distribution.
        blind: Mistakes of which at least half the runs reach the bar: another check must see them.
        untouched: Mistakes that give the reference's values, bit for bit: not in the training.
    """

    check_id: str
    metric: str
    dataset: str
    bar: float
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
    progress: Callable[[str], None],
) -> tuple[Calibration, ...]:
    """Measure every training check of a lab.

    Args:
        course: The course.
        lab: The lab.
        seeds: How many, at least 3.
        jobs: Processes.
        mode: Sandbox backend.
        progress: Told of each program that is done.

    Raises:
        RequestError: If the lab has nothing to calibrate.
    """
    checks = [check for check in lab.checks if check.kind is Kind.TRAINING]
    programs = _programs(course, lab)
    values: Values = {}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for check in checks:
            place = (str(course.root), lab.lab_id, check.check_id)
            first = pool.submit(_measure, (*place, programs["reference"], seeds, mode, None))
            values[check.check_id, "reference"] = reference = first.result()
            rest = [name for name in programs if name != "reference"]
            work = [(*place, programs[name], seeds, mode, reference) for name in rest]
            for name, measured in zip(rest, pool.map(_measure, work), strict=True):
                values[check.check_id, name] = measured
                progress(f"{check.check_id}: {name}")
    found = [
        _summarise(lab, check.check_id, metric, values)
        for check in checks
        for metric in _metrics(values[check.check_id, "reference"])
    ]
    if not found:
        raise RequestError(f"{lab.lab_id} has no training check with a bar: nothing to calibrate.")
    return tuple(found)


def _programs(course: Course, lab: Lab) -> dict[str, dict[str, bytes]]:
    solution = course.reference(lab.lab_id, lab.file)
    if solution is None:
        raise ContentError(f"solutions/{lab.lab_id}/{lab.file} does not exist.")
    reference = solution.read_bytes()
    hidden = course.hidden / lab.lab_id
    programs = {"reference": reference}
    for path in sorted((hidden / "second_solutions").glob("*.py")):
        programs[f"second solution {path.stem}"] = path.read_bytes()
    for path in sorted((hidden / "mistakes").glob("*.py")):
        programs[f"{MISTAKE}{path.stem}"] = merge(reference, path)
    return {name: {lab.file: content} for name, content in programs.items()}


Measured = dict[str, tuple[float | None, float]]  # metric -> value and threshold
Values = dict[tuple[str, str], list[Measured]]  # check and program -> one a seed
Work = tuple[str, str, str, dict[str, bytes], int, str, list[Measured] | None]
UNTOUCHED = 2  # runs equal to the reference's, bit for bit: this mistake is not in the training


def _measure(work: Work) -> list[Measured]:
    """Run one check on one program over the seeds; return its measurements with thresholds."""
    root, lab_id, check_id, files, seeds, mode, reference = work
    course = find_course(Path(root), root)
    lab = read_lab(course, lab_id)
    found: list[Measured] = []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        options = Options(seed=seed, only=(check_id,))
        grader = Grader(course=course, lab=lab, backend=find_backend(mode), options=options)
        grader.mistakes = ()  # nothing is diagnosed here
        report = grader.grade(Handin(student="calibration", files=files))
        grader.close()
        result = next(check for check in report.checks if check.check_id == check_id)
        found.append(
            {m.name: (m.value, m.threshold) for m in result.measured if m.threshold is not None}
        )
        if reference and found == reference[:UNTOUCHED]:
            return reference
    return found


def _metrics(runs: Sequence[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in run))


def _summarise(
    lab: Lab,
    check_id: str,
    metric: str,
    values: Values,
) -> Calibration:
    everything = [
        Spread(program=name, values=tuple(run.get(metric, (None, 0.0))[0] for run in runs))
        for (check, name), runs in values.items()
        if check == check_id
    ]
    same = {s.program for s in everything if s.values == everything[0].values and _is_mistake(s)}
    spreads = tuple(spread for spread in everything if spread.program not in same)
    bar = values[check_id, "reference"][0][metric][1]
    correct = [value for spread in spreads if not _is_mistake(spread) for value in spread.known]
    center, spread = mean(correct), max(stdev(correct), 1e-9)
    blind = [s.program for s in spreads if _is_mistake(s) and s.share_below(bar) < 0.5]
    return Calibration(
        check_id=check_id,
        metric=metric,
        dataset=next(iter(lab.datasets), ""),
        bar=bar,
        proposed=round(math.floor((center - SIGMAS * spread) / STEP) * STEP, 6),
        false_fail=student_t_tail((center - bar) / spread, len(correct) - 1),
        false_fail_bound=1 - 0.05 ** (1 / len(correct)),
        blind=tuple(name.removeprefix(MISTAKE) for name in blind),
        untouched=tuple(sorted(name.removeprefix(MISTAKE) for name in same)),
        spreads=spreads,
        versions=versions(lab.packages),
    )


def _is_mistake(spread: Spread) -> bool:
    return spread.program.startswith(MISTAKE)


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
    """Write the distributions beside the lab's hidden checks; the bars in lab.toml cite them."""
    path = course.hidden / lab.lab_id / FILE_NAME
    data = {"calibrations": [asdict(calibration) for calibration in found]}
    write_atomically(path, json.dumps(data, indent=1) + "\n")
    return path


def calibrate_lab(
    course: Course,
    wanted: str,
    *,
    seeds: int,
    jobs: int,
    mode: str,
    is_written: bool,
    progress: Callable[[str], None],
) -> tuple[tuple[Calibration, ...], Path | None]:
    """Calibrate a lab by its id; write the result if asked; return it and where it was written."""
    lab = find_lab(course, wanted)
    found = calibrate(course, lab, seeds=seeds, jobs=jobs, mode=mode, progress=progress)
    return found, write_calibration(course, lab, found) if is_written else None
