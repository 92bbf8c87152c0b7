"""Datasets are shared with workers: mapped, not sent, and nobody can change them."""

import os
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from miniature import make_lab

from grader.model import Lab, Limits
from grader.sandbox import shelf
from grader.sandbox.backend import find_backend
from grader.sandbox.client import SHELF
from grader.sandbox.shelf import MOST, Shelf
from grader.session import Session, SessionProgram, Source
from grader.testing import Submission

LAB = b"""
import numpy as np

def total(x):
    return float(x.sum())

def kind(x):
    base = x
    while getattr(base, "base", None) is not None:
        base = base.base
    base = getattr(base, "obj", base)
    return type(base).__name__ + " " + str(x.flags.writeable)

def write(x):
    x[0] = 7

def force(x):
    x.setflags(write=True)
    x[:] = 7
    return float(x[0])
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sealed memory files are Linux's")


def lab_of(limits: Limits) -> Lab:
    functions = {"total": "number", "kind": "text", "force": "number"}
    return make_lab(functions=functions, limits=limits)


@pytest.fixture(params=["plain", "auto"])
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    lab = lab_of(Limits(memory_mib=2048))
    source = Source(files={"lab9.py": LAB}, run=("lab9.py",), module="lab9")
    backend = find_backend(request.param)
    session = Session(backend=backend, lab=lab, sources={"submission": source}, seed=1)
    session.begin_check("shelf")
    yield Submission(SessionProgram(session, "submission"), lab.functions)
    session.close()


@pytest.fixture
def images() -> np.ndarray:
    """Two MiB that never change."""
    array = np.arange(1 << 18, dtype=np.float64)
    array.setflags(write=False)
    return array


def test_large_fixed_array_is_mapped(submission: Submission, images: np.ndarray) -> None:
    assert submission.total(images) == images.sum()
    assert submission.kind(images) == "mmap False"


def test_array_that_may_change_travels(submission: Submission, images: np.ndarray) -> None:
    assert submission.kind(images.copy()) == "bytearray True"


def test_submission_cannot_write_into_it(submission: Submission, images: np.ndarray) -> None:
    with pytest.raises(Exception, match="write raised ValueError: assignment destination is read"):
        submission.write(images)


def test_what_is_forced_in_is_seen_by_nobody_else(
    submission: Submission, images: np.ndarray
) -> None:
    assert submission.force(images) == 7.0
    assert submission.total(images) == images.sum()  # mapped again from what is sealed
    assert images[0] == 0.0


def test_file_is_sealed(images: np.ndarray) -> None:
    descriptor = SHELF.descriptor(images)
    assert descriptor is not None

    with pytest.raises(PermissionError):
        os.write(descriptor, b"x")
    with pytest.raises(PermissionError):
        os.truncate(descriptor, 0)
    with pytest.raises(PermissionError), open(f"/proc/self/fd/{descriptor}", "wb") as file:
        file.write(b"x")


def test_small_and_changing_arrays_are_not_shared(images: np.ndarray) -> None:
    found = Shelf()

    assert found.descriptor(images[:10]) is None
    assert found.descriptor(images.copy()) is None
    assert found.descriptor(images.reshape(512, 512).T) is None
    assert found.files == {}


def test_same_array_is_written_once(images: np.ndarray) -> None:
    found = Shelf()

    first, again = found.descriptor(images), found.descriptor(images[:])

    assert first == again
    assert len(found.files) == 1


def test_oldest_file_is_closed() -> None:
    found = Shelf()
    arrays = [np.full(1 << 17, number, np.float64) for number in range(MOST + 1)]
    for array in arrays:
        array.setflags(write=False)

    first = found.descriptor(arrays[0])
    for array in arrays[1:]:
        found.descriptor(array)

    assert len(found.files) == MOST
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(first)


def test_elsewhere_nothing_is_shared(monkeypatch: pytest.MonkeyPatch, images: np.ndarray) -> None:
    monkeypatch.setattr(shelf.sys, "platform", "darwin")

    assert Shelf().descriptor(images) is None
