"""Objects that stay in the worker, with the ones labs 3 to 7 need: torch modules."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SubmissionError
from grader.model import Check, Lab, Limits, Visibility
from grader.sandbox.backend import find_backend
from grader.session import Session, SessionProgram, Source
from grader.testing import Submission, Tensor, assert_not_aliased, assert_unchanged
from grader.testing.record import CheckFailedError

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'dlab[labs]'")

LAB = b"""
import torch
from torch import nn

def build(n_in, n_out):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(n_in, 3), nn.ReLU(), nn.Dropout(0.5), nn.Linear(3, n_out))

def one_step(model, x, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return float(loss.detach())

def doubled(x):
    return x * 2

def doubles(x):
    x *= 2
    return x
"""


@pytest.fixture(params=["plain", "auto"])
def submission(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Submission]:
    check = Check(check_id="torch", title="", points=1, visibility=Visibility.PUBLIC)
    lab = Lab(
        lab_id="lab9_torch",
        title="",
        file="lab9.py",
        folder=tmp_path,
        packages=("torch", "numpy"),
        datasets=(),
        lectures=(),
        functions={"build": "object", "one_step": "number", "doubled": "array", "doubles": "array"},
        checks=(check,),
        limits=Limits(memory_mib=4096, processes=64, check_cpu_s=60, import_cpu_s=60),
        bars={},
    )
    source = Source(files={"lab9.py": LAB}, run=("lab9.py",), module="lab9")
    backend = find_backend(request.param)
    session = Session(backend=backend, lab=lab, sources={"submission": source}, seed=1)
    session.begin_check("torch")
    yield Submission(SessionProgram(session, "submission"), lab.functions)
    session.close()


def test_module_stays_and_its_arrays_travel(submission: Submission) -> None:
    """The forward pass can be recomputed on our side, from the arrays alone."""
    model = submission.build(5, 2)
    x = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    submission.ask(model, "eval")

    state = submission.ask(model, "state_dict")
    logits = submission.ask(model, "__call__", Tensor(x))

    hidden = np.maximum(x @ state["0.weight"].T + state["0.bias"], 0)
    expected = hidden @ state["3.weight"].T + state["3.bias"]
    assert {name: array.shape for name, array in state.items()} == {
        "0.weight": (3, 5),
        "0.bias": (3,),
        "3.weight": (2, 3),
        "3.bias": (2,),
    }
    np.testing.assert_allclose(logits, expected, rtol=1e-5)


def test_handle_is_an_argument_of_other_functions(submission: Submission) -> None:
    model = submission.build(5, 2)
    before = submission.ask(model, "state_dict")
    x, y = np.ones((7, 5), np.float32), np.zeros(7, np.int64)

    loss = submission.one_step(model, Tensor(x), Tensor(y))

    after = submission.ask(model, "state_dict")
    assert loss > 0
    assert not np.array_equal(before["3.bias"], after["3.bias"])


def test_error_of_a_method_is_explained(submission: Submission) -> None:
    model = submission.build(5, 2)

    with pytest.raises(SubmissionError, match="__call__ of the object raised RuntimeError: mat1"):
        submission.ask(model, "__call__", Tensor(np.ones((7, 4), np.float32)))


def test_tensor_that_is_changed_in_place_is_seen(submission: Submission) -> None:
    x = Tensor(np.ones(3, np.float32))

    assert_unchanged(submission, "doubled", x, what="doubled(x)")
    assert_not_aliased(submission, "doubled", x, what="doubled(x)")
    with pytest.raises(CheckFailedError, match="changes its argument 1 in place"):
        assert_unchanged(submission, "doubles", x, what="doubles(x)")
    with pytest.raises(CheckFailedError, match="returns its own argument"):
        assert_not_aliased(submission, "doubles", x, what="doubles(x)")
