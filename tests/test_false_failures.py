"""No correct program may fail: the value checks of every lab at a thousand seeds.

The checks run in this process, without a worker (that costs 0.2 s a seed and changes no value);
what a function returns passes through the wire format, as it would.
"""

import copy
import importlib.util
import inspect
import os
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from zlib import crc32

import numpy as np
import pytest

from grader.course import Course, find_course
from grader.dataset import load_dataset
from grader.labs import lab_ids, read_lab
from grader.model import Check, Kind, Lab, Visibility
from grader.sandbox import wire
from grader.testing.record import recording
from grader.testing.submission import Submission
from tests.testing.local_program import LocalProgram

ROOT = Path(__file__).resolve().parents[1]
SEEDS = int(os.environ.get("DLAB_SEEDS", "1000"))
LENGTH = wire.LENGTHS.size


def course() -> Course:
    return find_course(ROOT, str(ROOT))


def correct_programs() -> Iterator[tuple[str, Path]]:
    """Yield each lab's solution and second solutions."""
    for lab_id in lab_ids(course()):
        lab = read_lab(course(), lab_id)
        yield lab_id, course().solutions / lab_id / lab.file
        for path in sorted((course().hidden / lab_id / "second_solutions").glob("*.py")):
            yield lab_id, path


def load(path: Path) -> ModuleType:
    name = f"false_failures_{crc32(str(path).encode())}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Travelled(LocalProgram):
    """Calls functions on copies, and sends what they return through the wire format."""

    def call(self, target, args, kwargs, *, look):
        given = tuple(
            called_with_copies(arg) if callable(arg) else copy.deepcopy(arg) for arg in args
        )
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002  the legacy generator is the one that is global
        result = self.functions[target](*given, **kwargs)
        return through_the_wire((result, given) if look else result)


def called_with_copies(function):
    return lambda *args: function(*copy.deepcopy(args))


def through_the_wire(value: object) -> object:
    """Return a value as it would arrive; functions arrive as callbacks that nobody calls."""
    content = b"".join(wire.encode({}, value, lambda _function: wire.Callback(0))[0])
    size, _ = wire.parse_lengths(content[:LENGTH])
    header, body = content[LENGTH : LENGTH + size], bytearray(content[LENGTH + size :])
    return wire.decode(header, body, lambda reference: reference)[1]


def value_checks(lab: Lab) -> Iterator[tuple[Check, Path]]:
    """Yield the checks that compare values, and where each is; not those that look at a figure."""
    for check in lab.checks:
        has_figure = any(lab.functions[name] == "figure" for name in check.functions)
        if check.kind is Kind.VALUE and not has_figure:
            public = check.visibility is Visibility.PUBLIC
            folder = lab.folder if public else course().hidden / lab.lab_id
            yield check, folder / "checks.py"


@pytest.mark.long
@pytest.mark.parametrize(
    ("lab_id", "path"),
    [pytest.param(lab_id, path, id=f"{lab_id}-{path.stem}") for lab_id, path in correct_programs()],
)
def test_correct_program_never_fails_a_value_check(lab_id: str, path: Path) -> None:
    lab = read_lab(course(), lab_id)
    module = load(path)
    functions = {name: getattr(module, name) for name in lab.functions}
    files = {where: load(where) for _, where in value_checks(lab)}
    failures: list[str] = []
    count = 0
    for check, where in value_checks(lab):
        function = getattr(files[where], f"test_{check.check_id}")
        for seed in range(SEEDS):
            failures += failures_of(function, check, lab, functions, seed)
            count += 1

    assert count >= 10 * SEEDS
    assert not failures


def failures_of(
    function, check: Check, lab: Lab, functions: Mapping[str, object], seed: int
) -> list[str]:
    """Run a check at one seed; return what failed."""
    given = {
        "submission": Submission(Travelled(functions), lab.functions),
        "rng": np.random.default_rng([seed, crc32(check.check_id.encode())]),
        "bars": lab.bars.get("digits", {}),
        "seed": seed,
    }
    wanted = inspect.signature(function).parameters
    if "dataset" in wanted:
        given["dataset"] = load_dataset("digits")
    with recording() as recorder:
        function(**{name: given[name] for name in wanted})
    assert recorder.observations
    failed = [seen.failure for seen in recorder.observations if seen.failure]
    return [f"{check.check_id}, seed {seed}: {failure.headline}" for failure in failed]
