"""What a worker reports while it runs is passed on, bounded, and never believed."""

from collections.abc import Iterator

import numpy as np
import pytest
from miniature import make_lab

from grader.errors import SubmissionError, WorkerProtocolError
from grader.model import Lab, Limits
from grader.sandbox import lookout
from grader.sandbox.backend import find_backend
from grader.sandbox.lookout import Progress
from grader.session import Session, SessionProgram, Source
from grader.testing import Submission

LOSSES = """
import torch

def fit(steps):
    weight = torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    losses = []
    for _ in range(steps):
        loss = ((weight - 1) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, weight.detach()

def odd():
    weight = torch.ones(3, requires_grad=True)
    (2 * weight).backward(torch.ones(3))
    (weight * float("nan")).sum().backward(retain_graph=True)
    weight.grad = None
    torch.Tensor.backward(weight.sum(), inputs=[weight])
    return weight.grad

def wrong():
    torch.ones(3).backward()
"""
FORGED = """
import gc

LOOP = next(one for one in gc.get_objects() if type(one).__name__ == "Loop")

def report(header, value, times=1):
    for _ in range(times):
        LOOP.send({"kind": "progress", **header}, value)
    return 7.0
"""
TORCH_LIMITS = Limits(memory_mib=4096, processes=64, check_cpu_s=60, import_cpu_s=60)


class Program:
    """A submission, and what is heard of it."""

    def __init__(self, text: str, lab: Lab, mode: str) -> None:
        """Get it ready; nothing runs yet."""
        self.heard: list[Progress] = []
        files = {"lab9.py": text.encode()}
        source = Source(files=files, run=("lab9.py",), module="lab9")
        backend = find_backend(mode)
        self.session = Session(backend=backend, lab=lab, sources={"submission": source}, seed=1)
        self.submission = Submission(SessionProgram(self.session, "submission"), {})
        self.session.begin_check("a")

    @property
    def losses(self) -> list[float]:
        return [entry.loss for entry in self.heard if entry.loss is not None]

    def watch(self) -> "Program":
        self.session.follow = self.heard.append
        return self


@pytest.fixture(params=["plain", "auto"], scope="module")
def mode(request: pytest.FixtureRequest) -> str:
    """What submissions run in."""
    return str(request.param)


@pytest.fixture(scope="module")
def trains(mode: str) -> Iterator[tuple[Program, Program]]:
    """A submission that trains with torch: watched, and alone."""
    pytest.importorskip("torch", reason="torch is not installed: pip install 'dlab[labs]'")
    lab = make_lab(packages=("torch", "numpy"), limits=TORCH_LIMITS)
    watched, alone = Program(LOSSES, lab, mode).watch(), Program(LOSSES, lab, mode)
    yield watched, alone
    watched.session.close()
    alone.session.close()


@pytest.fixture
def forges(mode: str) -> Iterator[Program]:
    """A submission that speaks on the grader's channel."""
    program = Program(FORGED, make_lab(), mode)
    yield program
    program.session.close()


Pair = tuple[Program, Program]


def test_losses_come_while_it_trains(trains: Pair) -> None:
    watched, _ = trains

    losses, _ = watched.submission.fit(3000)

    assert len(watched.losses) >= 2
    assert set(watched.losses) <= set(losses)
    assert watched.losses[0] == 3.0
    assert all(entry.limit_s == 60 and entry.cpu_s >= 0 for entry in watched.heard)


def test_watching_changes_no_value_and_nobody_is_told_unasked(trains: Pair) -> None:
    watched, alone = trains

    losses, weight = alone.submission.fit(50)

    seen, seen_weight = watched.submission.fit(50)
    assert seen == losses
    np.testing.assert_array_equal(seen_weight, weight)
    assert watched.heard
    assert alone.heard == []


def test_odd_uses_of_backward_work_as_before(trains: Pair) -> None:
    for program in trains:
        np.testing.assert_array_equal(program.submission.odd(), np.ones(3))


def test_error_of_backward_is_explained_as_before(trains: Pair) -> None:
    explained = []
    for program in trains:
        with pytest.raises(SubmissionError, match="wrong raised RuntimeError: ele") as caught:
            program.submission.wrong()
        explained.append((str(caught.value), caught.value.trace))

    assert explained[0] == explained[1]
    assert explained[0][1] == ("lab9.py, line 25, in wrong: torch.ones(3).backward()",)


def test_forged_loss_is_shown_and_nothing_more(forges: Program) -> None:
    forges.watch()

    assert forges.submission.report({}, float("nan"), 20) == 7.0

    assert len(forges.losses) == 20
    assert forges.session.remarks == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ({}, "0.1"),
        ({}, 1),
        ({}, True),
        ({}, None),
        ({}, [0.1]),
        ({}, np.float64(0.1)),
        ({}, np.ones(1 << 20)),
        ({"id": 2}, 0.1),
        ({"note": "x"}, 0.1),
    ],
    ids=str,
)
def test_malformed_report_breaks_the_connection(
    forges: Program, header: dict[str, object], value: object
) -> None:
    forges.watch()

    with pytest.raises(WorkerProtocolError, match="malformed report of its progress"):
        forges.submission.report(header, value)

    assert forges.session.remarks[0].startswith("WorkerProtocolError: ")
    assert forges.losses == []


def test_too_many_reports_break_the_connection(
    forges: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "MAX_REPORTS", 50)
    forges.watch()

    with pytest.raises(WorkerProtocolError, match="reported its progress too often"):
        forges.submission.report({}, 0.1, 51)

    assert len(forges.losses) == 50


def test_report_that_nobody_asked_for_breaks_the_connection(forges: Program) -> None:
    with pytest.raises(WorkerProtocolError, match="answered another question"):
        forges.submission.report({}, 0.1)


def test_whoever_cannot_listen_costs_nothing(forges: Program) -> None:
    told = []

    def fail(progress: Progress) -> None:
        told.append(progress)
        raise OSError("the terminal is gone")

    forges.session.follow = fail

    assert forges.submission.report({}, 0.1, 5) == 7.0
    assert len(told) == 1
