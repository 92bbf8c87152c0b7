"""What the engine passes around: labs, rubric lines, outcomes, results. Frozen data."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

SCHEMA_VERSION = 1
NOTHING_HANDED_IN = "nothing handed in"  # a report's problem that nobody needs to look into
CONTENT_BROKEN = "The course's content is broken"  # how the problem of such a report begins
DATASETS = ("digits", "mnist")  # made of what grader.datasource says


class Outcome(enum.Enum):
    """How one check ended. Only PASSED earns points."""

    PASSED = "passed"
    FAILED = "failed"  # the check ran and an assertion did not hold
    ERRORED = "errored"  # the submission raised, crashed, or returned something unusable
    TIMED_OUT = "timed_out"  # the submission used up its time limit
    SKIPPED = "skipped"  # a check that this one needs did not pass
    NOT_RUN = "not_run"  # nothing is known yet; this is where every result starts
    BROKEN = "broken"  # our own check crashed: the score must not be released


class Visibility(enum.Enum):
    """Who may run a check. The goals of hidden checks are public; their inputs are not."""

    PUBLIC = "public"
    HIDDEN = "hidden"


class Kind(enum.Enum):
    """What a check looks at; it decides how often `validate` repeats it."""

    VALUE = "value"  # exact up to a tolerance; never fails a correct submission
    STATISTICAL = "statistical"  # random by nature; its false-fail probability is stated
    TRAINING = "training"  # trains a model and compares with a calibrated bar
    TIME = "time"  # CPU time as a ratio to the reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of a rubric: one promise, one test function, whole points.

    Attributes:
        check_id: Also the test function's name after `test_`.
        functions: The submission's functions it calls; a missing one fails it without a run.
        needs: Checks that must pass first; otherwise this one is SKIPPED.
        hints: From gentle to direct; the first is shown on failure, `dlab hint` shows the rest.
        lecture: What to read again, such as "lecture 3, Back-propagation".
    """

    check_id: str
    title: str
    points: int
    visibility: Visibility
    kind: Kind = Kind.VALUE
    functions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    lecture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker may use. CPU limits hold on any load; wall clock only stops what hangs."""

    check_cpu_s: float = 10.0
    import_cpu_s: float = 10.0
    submission_cpu_s: float = 60.0  # of all checks together
    memory_mib: int = 1024
    output_kib: int = 64
    processes: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One unit of work, read from `assignments/<lab_id>/lab.toml`.

    Attributes:
        lab_id: The folder's name, such as "lab2_backprop".
        file: The one file a student edits, such as "lab2.py".
        functions: What the student writes, and the shape of what each returns (see labs.py).
        limits: What a worker may use, on the default dataset.
        limits_of: The same for datasets that need more.
        bars: Calibrated thresholds by dataset and name.
        folder: `assignments/<lab_id>`.
    """

    lab_id: str
    title: str
    file: str
    folder: Path
    packages: tuple[str, ...]
    datasets: tuple[str, ...]
    lectures: tuple[str, ...]
    functions: Mapping[str, object]
    checks: tuple[Check, ...]
    limits: Limits
    bars: Mapping[str, Mapping[str, float]]
    limits_of: Mapping[str, Limits] = field(default_factory=dict)

    def on(self, dataset: str) -> "Lab":
        """Return the lab with the limits that hold on a dataset."""
        return replace(self, limits=self.limits_of.get(dataset, self.limits))

    @property
    def short_id(self) -> str:
        """The part before the first underscore: "lab2"."""
        return self.lab_id.split("_", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A number a check read off, with the threshold it was held against (None: for information).

    Attributes:
        value: None if it was not finite.
        is_limit: Whether the threshold is the most allowed, not the least.
    """

    name: str
    value: float | None
    threshold: float | None = None
    is_limit: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The mistake a wrong answer shows, given only when the fit is at noise level.

    Attributes:
        mistake: Name of the file in `mistakes/`, or of a generic transform such as "factor".
        headline: One sentence for the student: what the code does instead.
        evidence: How well it fits, in numbers. May be shown for hidden checks.
        hint: What to think about; never code.
        lecture: What to read again.
    """

    mistake: str
    headline: str
    evidence: str = ""
    hint: str = ""
    lecture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of one check on one submission.

    Attributes:
        message: For the student. Of a hidden check it holds no input and no expected value.
        staff_message: Everything known, for staff only.
    """

    check_id: str
    title: str = ""
    visibility: Visibility = Visibility.HIDDEN
    outcome: Outcome = Outcome.NOT_RUN
    points: int = 0
    max_points: int = 0
    message: str = ""
    staff_message: str = ""
    diagnosis: Diagnosis | None = None
    hint: str = ""
    lecture: str = ""
    measured: tuple[Measurement, ...] = ()
    cpu_s: float = 0.0
    wall_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points earned of points possible."""

    points: int
    max_points: int

    @property
    def is_full(self) -> bool:
        """Whether every point was earned."""
        return self.points == self.max_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What stood between the submission and the machine, after a self-test."""

    backend: str
    in_force: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results of one grading of one submission; written as result.json.

    Attributes:
        score: None when it must not be released (a check is BROKEN or NOT_RUN).
        problem: Why the submission could not be graded at all; empty when it was.
        remarks: For staff: crashes, forbidden imports, protocol violations, second runs.
        output: What the submission printed, bounded.
    """

    schema_version: int = SCHEMA_VERSION
    dlab_version: str
    student: str
    lab_id: str
    lab_version: str
    submission_sha256: str
    files: tuple[str, ...]
    dataset: str
    device: str
    seed: int
    protection: Protection
    versions: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[CheckResult, ...] = ()
    score: Score | None = None
    problem: str = ""
    remarks: tuple[str, ...] = ()
    output: str = ""
    graded_at: str = ""
    cpu_s: float = 0.0
    wall_s: float = 0.0
