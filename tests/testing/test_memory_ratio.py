"""Peak memory of a call, as a ratio to the reference's."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.model import Check, Lab, Limits, Visibility
from grader.sandbox.backend import find_backend
from grader.session import Session, SessionProgram, Source
from grader.testing import Submission, assert_memory_ratio
from grader.testing.record import CheckFailedError, recording

LEAN = b"""
import numpy as np

def total(n):
    return float(np.ones(n).sum())
"""
GREEDY = LEAN.replace(b"np.ones(n)", b"np.concatenate([np.ones(n) for _ in range(8)])[:n]")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="read from Linux's /proc")


@pytest.fixture(params=["plain", "auto"])
def programs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Submission]]:
    check = Check(check_id="memory", title="", points=1, visibility=Visibility.PUBLIC)
    lab = Lab(
        lab_id="lab9_memory",
        title="",
        file="lab9.py",
        folder=tmp_path,
        packages=("numpy",),
        datasets=(),
        lectures=(),
        functions={"total": "number"},
        checks=(check,),
        limits=Limits(memory_mib=4096),
        bars={},
    )
    sessions = {
        name: Session(
            backend=find_backend(request.param),
            lab=lab,
            sources={name: Source(files={"lab9.py": text}, run=("lab9.py",), module="lab9")},
            seed=1,
        )
        for name, text in (("lean", LEAN), ("greedy", GREEDY), ("reference", LEAN))
    }
    for session in sessions.values():
        session.begin_check("memory")
    yield {
        name: Submission(SessionProgram(session, name), lab.functions)
        for name, session in sessions.items()
    }
    for session in sessions.values():
        session.close()


def test_lean_passes_and_greedy_fails(programs: dict[str, Submission]) -> None:
    size = 8 << 20  # 64 MiB of float64
    with recording() as seen:
        assert_memory_ratio(
            programs["lean"], programs["reference"], "total", size, at_most=3.0, what="total(n)"
        )
    (measured,) = seen.measurements
    assert 0.9 < (measured.value or 0) < 1.1
    assert measured.is_limit

    with pytest.raises(CheckFailedError, match=r"total.n. needs .* times the reference's memory"):
        assert_memory_ratio(
            programs["greedy"], programs["reference"], "total", size, at_most=3.0, what="total(n)"
        )
