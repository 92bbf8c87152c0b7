"""No correct program may fail: the value checks of every lab at a thousand seeds, or at twenty.

A thousand where a check takes milliseconds; labs of PyTorch take a second for all of theirs.
`DLAB_SEEDS=1000` asks for another number.
"""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.course import find_course
from grader.examine import Function
from grader.labs import lab_ids, read_lab
from grader.model import Check, Kind, Lab, Outcome
from grader.programs import MISTAKE
from grader.sandbox.backend import find_backend
from grader.trials import load_trials

ROOT = Path(__file__).resolve().parents[1]
COURSE = find_course(ROOT, str(ROOT))
MANY, SOME = 1000, 20


def seeds_of(lab: Lab) -> range:
    number = SOME if "torch" in lab.packages else MANY
    return range(int(os.environ.get("DLAB_SEEDS", number)))


@pytest.mark.long
@pytest.mark.parametrize("lab_id", lab_ids(COURSE))
def test_correct_programs_never_fail_a_value_check(lab_id: str) -> None:
    lab = read_lab(COURSE, lab_id)
    if missing := [name for name in lab.packages if not find_spec(name)]:
        pytest.skip(f"{', '.join(missing)} not installed: pip install 'dlab[labs]'")
    trials = load_trials(COURSE, lab, find_backend("plain"))
    correct = [name for name in trials.programs if not name.startswith(MISTAKE)]
    seeds, failures, runs = seeds_of(lab), [], 0

    def visit(check: Check, function: Function, values: Mapping[str, object]) -> None:
        nonlocal runs
        for program in correct:
            attempts = trials.attempts(check, function, values, program=program, seeds=seeds)
            for seed, seen in zip(seeds, attempts, strict=True):
                runs += 1
                if seen.outcome is not Outcome.PASSED:
                    failures.append(f"{check.check_id}, {program}, seed {seed}: {seen.outcome}")

    try:
        problems = trials.visit([c for c in lab.checks if c.kind is Kind.VALUE], visit)
    finally:
        trials.close()
    assert problems == []
    assert len(correct) >= 4
    assert runs >= 10 * len(correct) * len(seeds)
    assert failures == []
