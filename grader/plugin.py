"""The pytest plugin: gives checks their fixtures and turns their outcomes into results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from grader.dataset import Dataset, load_dataset
from grader.errors import ContentError
from grader.examine import Examiner, Function
from grader.model import Check, CheckResult, Lab, Outcome
from grader.programs import REFERENCE
from grader.session import Session, SessionProgram
from grader.testing.submission import Submission

Observer = Callable[[Check, CheckResult | None], None]
Run = Callable[[Check, Function, Mapping[str, object]], CheckResult]


@dataclass(slots=True)
class GradingPlugin:
    """Runs the selected checks of a lab on one submission, in the order of the rubric.

    Attributes:
        observer: Told of each check before it starts (result None) and when it has ended.
        run: What is done with a check, if not examining the submission.
        problems: What is wrong with the course's content; the score is not released.
    """

    lab: Lab
    checks: Sequence[Check]
    examiner: Examiner
    dataset_name: str
    device_name: str
    observer: Observer
    run: Run | None = None
    results: dict[str, CheckResult] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    was_interrupted: bool = False

    def __post_init__(self) -> None:
        """Nothing is known yet: every result starts at NOT_RUN."""
        for check in self.checks:
            self.results[check.check_id] = CheckResult(
                check_id=check.check_id,
                title=check.title,
                visibility=check.visibility,
                max_points=check.points,
            )

    # Fixtures

    @pytest.fixture
    def submission(self) -> Submission:
        """The student's functions."""
        return Submission(SessionProgram(self.examiner.session, "submission"), self.lab.functions)

    @pytest.fixture
    def reference(self) -> Submission:
        """The solution, in a worker of its own."""
        staff = self._staff()
        return Submission(SessionProgram(staff, REFERENCE), self.lab.functions)

    @pytest.fixture
    def rng(self) -> None:
        """A generator; made anew for every run of the check, see examine.attempt."""

    @pytest.fixture
    def dataset(self) -> Dataset:
        """The dataset in force."""
        return load_dataset(self.dataset_name)

    @pytest.fixture
    def bars(self) -> Mapping[str, float]:
        """The calibrated thresholds for the dataset in force."""
        return self.lab.bars.get(self.dataset_name, {})

    @pytest.fixture
    def device(self) -> str:
        """Where torch computes: "cpu" or "cuda"."""
        return self.device_name

    @pytest.fixture
    def seed(self) -> int:
        """The grading seed."""
        return self.examiner.session.seed

    def _staff(self) -> Session:
        staff = self.examiner.staff
        if staff is None:
            raise ContentError("this check needs the reference, which this machine does not have")
        staff.begin_check("reference")
        return staff

    # Hooks

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the selected checks, in the rubric's order."""
        found = {item.name: item for item in items}
        missing = [c.check_id for c in self.checks if f"test_{c.check_id}" not in found]
        for check_id in missing:
            self.problems.append(f"no checks*.py of {self.lab.lab_id} has test_{check_id}")
        items[:] = [
            found[name] for check in self.checks if (name := f"test_{check.check_id}") in found
        ]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A checks.py that cannot be imported is staff's to mend."""
        if report.failed:
            self.problems.append(str(report.longrepr))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Tell Ctrl-C from the other reasons for which pytest stops early."""
        self.was_interrupted = excinfo.type is KeyboardInterrupt

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Examine the submission with this check instead of just calling it."""
        check = self._check_of(pyfuncitem)
        self.observer(check, None)
        names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001  as pytest's own caller does
        values = {name: pyfuncitem.funcargs[name] for name in names}
        run = self.run or self.examiner.examine
        result = run(check, pyfuncitem.obj, values)
        self.results[check.check_id] = result
        self.observer(check, result)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what failed outside the check's own function: a fixture, or this engine."""
        if not report.failed:
            return
        check_id = report.nodeid.rpartition("::test_")[2]
        if check_id in self.results:
            known = self.results[check_id]
            self.problems.append(f"{check_id}: {report.longreprtext}")
            self.results[check_id] = CheckResult(
                check_id=check_id,
                title=known.title,
                visibility=known.visibility,
                outcome=Outcome.BROKEN,
                max_points=known.max_points,
                message="The check itself failed; this is not your fault. Staff are told.",
                staff_message=report.longreprtext,
            )

    def _check_of(self, item: pytest.Function) -> Check:
        return next(check for check in self.checks if f"test_{check.check_id}" == item.name)
