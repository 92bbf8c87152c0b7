"""The lectures' numbers beside the reference's: what `dlab bench` prints.

`autograder_tests/<lab>/yardsticks.py` holds functions `yardstick_<name>(solution, dataset, device)`
that return rows. The solution is trusted and runs in this process.
"""

import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from grader.course import Course
from grader.dataset import Dataset, load_dataset
from grader.errors import ContentError, RequestError
from grader.gpu import hold_gpu
from grader.labs import lab_ids, read_lab
from grader.model import Lab

FILE_NAME = "yardsticks.py"
PREFIX = "yardstick_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number of a lecture and what the reference gives.

    Attributes:
        what: What was measured, such as "training accuracy, epoch 1".
        lecture: The slide's number; None where it has none.
        measured: The reference's.
        unit: Such as "million weights".
    """

    what: str
    lecture: float | None
    measured: float
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """The rows of one function, and what it cost.

    Attributes:
        title: The first line of the function's docstring.
    """

    lab_id: str
    title: str
    rows: tuple[Row, ...]
    cpu_s: float


def run_yardsticks(
    course: Course, labs: Sequence[Lab], *, dataset: str, device: str
) -> Iterator[Yardstick]:
    """Run the yardsticks of some labs, one after the other.

    Args:
        course: The course, with its solutions.
        labs: Which; those without yardsticks are passed over.
        dataset: Its name; empty for each lab's default.
        device: "cpu" or "cuda".

    Raises:
        ContentError: If a file cannot be loaded.
        RequestError: If the solutions are not on this machine, or the device is not there.
    """
    if device == "cuda":
        hold_gpu()
    for lab in labs:
        path = course.hidden / lab.lab_id / FILE_NAME
        if not path.is_file() or (dataset and dataset not in lab.datasets):
            continue
        solution = course.reference(lab.lab_id, lab.file)
        if solution is None:
            raise RequestError(f"The yardsticks run the solution of {lab.lab_id}; it is not here.")
        reference = _load(course, solution, f"solution_{lab.short_id}")
        data = load_dataset(dataset or lab.datasets[0]) if lab.datasets else None
        for name, function in vars(_load(course, path, f"yardsticks_{lab.short_id}")).items():
            if name.startswith(PREFIX):
                yield _measure(lab.lab_id, function, reference, data, device)


def labs_with_yardsticks(course: Course) -> tuple[Lab, ...]:
    """Return the labs that have yardsticks."""
    known = (read_lab(course, lab_id) for lab_id in lab_ids(course))
    return tuple(lab for lab in known if (course.hidden / lab.lab_id / FILE_NAME).is_file())


def _measure(
    lab_id: str,
    function: Callable[[ModuleType, Dataset | None, str], Sequence[Row]],
    reference: ModuleType,
    data: Dataset | None,
    device: str,
) -> Yardstick:
    started = time.process_time()
    rows = tuple(function(reference, data, device))
    return Yardstick(
        lab_id=lab_id,
        title=(function.__doc__ or function.__name__).strip().splitlines()[0],
        rows=rows,
        cpu_s=time.process_time() - started,
    )


def _load(course: Course, path: Path, name: str) -> ModuleType:
    """Run a file of staff as a module."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ContentError(f"{path.relative_to(course.root)} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and torch look a module up by its name
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        where = path.relative_to(course.root)
        raise ContentError(f"{where} cannot be loaded: {type(error).__name__}: {error}") from error
    return module
