"""One check on one submission: whose fault it was, what is told, and what is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from miniature import make_check, make_examiner, make_lab, make_session

from grader.diagnosis.mistake import Answer
from grader.errors import SandboxError
from grader.examine import Examiner
from grader.model import Check, CheckResult, Kind, Limits, Outcome, Protection, Visibility
from grader.sandbox.backend import Process
from grader.testing import (
    Submission,
    assert_at_least,
    assert_close,
    assert_equal,
    assert_raises,
    assert_that,
)

LAB = make_lab(
    functions={"f": "array", "parts": {"list": "array"}, "word": "text"},
    limits=Limits(check_cpu_s=0.3, import_cpu_s=2, memory_mib=512),
)
RIGHT = """
def f(x):
    return 2 * x

def parts(x):
    return [x, x]

def word(x):
    return "up"
"""
SECRET = 98765.4321
HIDDEN = make_check("a", 3, visibility=Visibility.HIDDEN, hints=("First.", "Second."), lecture="l9")
PUBLIC = replace(HIDDEN, visibility=Visibility.PUBLIC)
Function = Callable[..., object]


def doubled(submission: Submission) -> None:
    """A check."""
    x = np.array([1.0, SECRET, -3.0])
    assert_close(submission.f(x), 2 * x, what="f(x)")


@dataclass
class Desk:
    """Examines submissions; everything it starts is ended after the test."""

    opened: list

    def examiner(self, text: str, reference: str | None = RIGHT) -> Examiner:
        """Return an examiner of a submission, with a reference beside it or without."""
        session = make_session(LAB, text)
        self.opened.append(session)
        staff = None
        if reference is not None:
            staff = make_session(LAB, reference, is_bounded=False)
            self.opened.append(staff)
        return make_examiner(session, staff)

    def examine(
        self,
        text: str,
        function: Function = doubled,
        check: Check = PUBLIC,
        reference: str | None = RIGHT,
    ) -> CheckResult:
        """Examine a submission with one check."""
        return self.examiner(text, reference).examine(check, function, {"submission": None})


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk that is cleared afterwards."""
    found = Desk([])
    yield found
    for session in found.opened:
        session.close()


# Outcomes


def test_right_answer_passes_with_all_points(desk: Desk) -> None:
    result = desk.examine(RIGHT)

    assert (result.outcome, result.points, result.max_points) == (Outcome.PASSED, 3, 3)
    assert (result.message, result.staff_message, result.hint, result.lecture) == ("", "", "", "")


WRONG = {
    "a wrong value": ("def f(x): return x", Outcome.FAILED, "f(x) is wrong in 3 of 3 values."),
    "a wrong shape": ("def f(x): return x[:2]", Outcome.FAILED, "f(x) has the wrong shape."),
    "an exception": ("def f(x): return x / y", Outcome.ERRORED, "f raised NameError: name 'y' is"),
    "nothing": (
        "def f(x): pass",
        Outcome.ERRORED,
        "f(...) should be an array, got None (is a return missing?).",
    ),
    "no function": ("", Outcome.ERRORED, "there is no function f in the submission."),
    "not written": (
        "def f(x): raise NotImplementedError",
        Outcome.ERRORED,
        "f is not written yet.",
    ),
    "not Python": ("def f(", Outcome.ERRORED, "lab9.py is not valid Python: '(' was never closed"),
    "not loadable": ("1/0", Outcome.ERRORED, "lab9.py could not be imported: ZeroDivisionError"),
    "an endless loop": (
        "def f(x):\n  while True: pass",
        Outcome.TIMED_OUT,
        "Your code did not finish: it used more than 0.3 CPU seconds.",
    ),
    "a crash": (
        "import os\ndef f(x): os._exit(3)",
        Outcome.ERRORED,
        "Your code ended the process it ran in: the process ended (exit code 3).",
    ),
    "noise on the wire": (
        (
            "import os\ndef f(x):\n  for n in range(3, 20):\n"
            "    try: os.write(n, b'x' * 100)\n    except OSError: pass"
        ),
        Outcome.ERRORED,
        "Your code broke the connection to the grader; nothing it sends there is believed.",
    ),
    "an exit": ("def f(x): raise SystemExit(0)", Outcome.ERRORED, "f raised SystemExit: 0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_ends_as_one_outcome_with_words(desk: Desk, name: str) -> None:
    text, outcome, message = WRONG[name]

    result = desk.examine(text)

    assert (result.outcome, result.points) == (outcome, 0)
    assert result.message.startswith(message)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_is_as_wrong_without_a_reference(desk: Desk, name: str) -> None:
    text, outcome, _ = WRONG[name]

    assert desk.examine(text, reference=None).outcome is outcome


def test_lecture_is_told_where_points_are_lost(desk: Desk) -> None:
    assert desk.examine("def f(x): return x + 1").lecture == "l9"


def test_check_without_points_lost_has_its_measurements(desk: Desk) -> None:
    def measured(submission: Submission) -> None:
        assert_at_least(float(submission.f(np.array(0.25))), 0.1, what="height", unit="m")

    (found,) = desk.examine(RIGHT, measured).measured

    assert (found.name, found.value, found.threshold, found.unit) == ("height", 0.5, 0.1, "m")


def test_time_is_noted(desk: Desk) -> None:
    text = "import time\ndef f(x):\n  end = time.process_time() + 0.05\n"
    text += "  while time.process_time() < end: pass\n  return 2 * x\n"

    result = desk.examine(text)

    assert result.cpu_s >= 0.05
    assert result.wall_s >= 0.05


# Whose fault


def crash(submission: Submission) -> None:
    """A check that is wrong itself."""
    submission.f(np.ones(3))
    raise ZeroDivisionError(f"ours, with {SECRET}")


def unpack(submission: Submission) -> None:
    """A check that trusts the length of what comes back."""
    first, second = submission.parts(np.ones(3))
    assert_close(first, second, what="parts(x)")


def loop(submission: Submission) -> None:
    """A check whose assertions stand in a loop."""
    for part in submission.parts(np.ones(3)):
        assert_close(part, np.ones(3), what="parts(x)")


def judge_nothing(submission: Submission) -> None:
    """A check without an assertion."""
    submission.f(np.ones(3))


@pytest.mark.parametrize("function", [crash, judge_nothing])
def test_check_that_fails_for_the_reference_too_is_broken(desk: Desk, function: Function) -> None:
    result = desk.examine(RIGHT, function)

    assert (result.outcome, result.points) == (Outcome.BROKEN, 0)
    assert result.message == "The check itself failed; this is not your fault. Staff are told."
    assert result.hint == ""


def test_broken_check_is_told_to_staff_with_its_traceback(desk: Desk) -> None:
    result = desk.examine(RIGHT, crash)

    assert "ZeroDivisionError: ours, with 98765.4321" in result.staff_message
    assert "98765" not in result.message


@pytest.mark.parametrize(
    ("function", "text"),
    [(unpack, "def parts(x): return [x]"), (loop, "def parts(x): return []")],
)
def test_check_that_fails_for_the_submission_only_is_the_submissions_error(
    desk: Desk, function: Function, text: str
) -> None:
    result = desk.examine(text, function)

    assert (result.outcome, result.points) == (Outcome.ERRORED, 0)
    assert result.message == "The submission returned something this check cannot use."


@pytest.mark.parametrize("function", [crash, unpack, judge_nothing])
def test_without_a_reference_an_unclear_fault_gives_no_points(
    desk: Desk, function: Function
) -> None:
    text = "def f(x): return x\ndef parts(x): return []"

    assert desk.examine(text, function, reference=None).outcome is Outcome.ERRORED


def test_package_that_no_one_can_import_is_our_fault(desk: Desk) -> None:
    text = "def f(x):\n  import torch\n"

    assert desk.examine(text, reference=text).outcome is Outcome.BROKEN
    assert desk.examine(text, reference=RIGHT).outcome is Outcome.ERRORED


class Refusing:
    """A sandbox that does not start."""

    protection = Protection(backend="none", in_force=())

    def start(self, *_args: object) -> Process:
        """Refuse."""
        raise SandboxError("bwrap: no space left")


def test_sandbox_that_does_not_start_is_our_fault() -> None:
    session = make_session(LAB, RIGHT)
    session.backend = Refusing()

    result = make_examiner(session).examine(PUBLIC, doubled, {"submission": None})

    assert result.outcome in (Outcome.BROKEN, Outcome.ERRORED)
    assert result.points == 0


def test_plain_assert_fails_with_its_first_line(desk: Desk) -> None:
    def plain(submission: Submission) -> None:
        assert submission.word(1) == "down", "word(1) should be down\nsecret"

    assert desk.examine(RIGHT, plain).outcome is Outcome.FAILED
    assert desk.examine(RIGHT, plain).message == "word(1) should be down"
    assert desk.examine(RIGHT, plain, HIDDEN).message == "An assertion did not hold."


def test_failed_assertion_counts_though_the_check_crashed_later(desk: Desk) -> None:
    def both(submission: Submission) -> None:
        doubled(submission)
        raise KeyError("later")

    assert desk.examine("def f(x): return x", both).outcome is Outcome.FAILED


def test_crash_of_the_check_counts_though_its_assertions_held(desk: Desk) -> None:
    def both(submission: Submission) -> None:
        doubled(submission)
        raise KeyError("later")

    assert desk.examine(RIGHT, both).outcome is Outcome.BROKEN


# Needs


def test_check_whose_need_did_not_pass_is_skipped_with_the_reason(desk: Desk) -> None:
    examiner = desk.examiner("def f(x): return x")
    examiner.examine(PUBLIC, doubled, {"submission": None})

    result = examiner.examine(make_check("b", needs=("a",)), doubled, {"submission": None})

    assert (result.outcome, result.points) == (Outcome.SKIPPED, 0)
    assert result.message == "Not run: it needs a, which did not pass."


def test_skipped_check_is_not_run(desk: Desk) -> None:
    examiner = desk.examiner("def f(x): return x")
    examiner.examine(PUBLIC, doubled, {"submission": None})
    called: list[int] = []

    examiner.examine(make_check("b", needs=("a",)), lambda **_: called.append(1), {})

    assert called == []


def test_skipping_goes_on(desk: Desk) -> None:
    examiner = desk.examiner("def f(x): return x")
    examiner.examine(PUBLIC, doubled, {"submission": None})
    examiner.examine(make_check("b", needs=("a",)), doubled, {"submission": None})

    result = examiner.examine(make_check("c", needs=("a", "b")), doubled, {"submission": None})

    assert result.message == "Not run: it needs a and b, which did not pass."


@pytest.mark.parametrize("needs", [("a",), ("not selected",), ()])
def test_check_runs_where_its_needs_passed_or_were_not_asked_for(
    desk: Desk, needs: tuple[str, ...]
) -> None:
    examiner = desk.examiner(RIGHT)
    examiner.examine(PUBLIC, doubled, {"submission": None})

    result = examiner.examine(make_check("b", needs=needs), doubled, {"submission": None})

    assert result.outcome is Outcome.PASSED


# What hidden checks tell

NOSY = {
    "value": "def f(x): return x",
    "message": "def f(x): raise ValueError(str(list(x)))",
    "several lines": "def f(x): raise ValueError('a\\n' + str(list(x)))",
    "kind": "def f(x): raise type('E' + str(x[1]).replace('.', '_'), (Exception,), {})()",
    "type": "def f(x): return type('T' + str(x[1]), (), {})()",
    "dtype": "import numpy as np\ndef f(x): return np.zeros(1, dtype=[('v' + str(x[1]), 'f8')])",
    "text": "def f(x): return str(list(x))",
    "dict": "def f(x): return {str(x[1]): 1}",
    "assertion": "def f(x): assert False, str(list(x))",
    "own file": (
        "def f(x):\n"
        "  open('zz.py', 'w').write('raise ValueError  # ' + str(x[1]))\n"
        "  exec(compile(open('zz.py').read(), 'zz.py', 'exec'))"
    ),
    "not written": "def f(x): raise NotImplementedError(str(list(x)))",
    "attribute": "def f(x): return getattr(x, 'a' + str(x[1]))",
    "key": "def f(x): return {}[x[1]]",
    "import": "def f(x): __import__('m' + str(x[1]))",
    "notes": "def f(x):\n  e = ValueError()\n  e.add_note(str(list(x)))\n  raise e",
}


@pytest.mark.parametrize("name", NOSY)
def test_hidden_check_quotes_no_input(desk: Desk, name: str) -> None:
    result = desk.examine(NOSY[name], check=HIDDEN)
    shown = f"{result.message} {result.hint} {result.diagnosis}"

    assert result.outcome in (Outcome.FAILED, Outcome.ERRORED)
    assert result.message
    assert "9876" not in shown
    assert "19753" not in shown


@pytest.mark.parametrize("name", ["message", "kind", "type", "key"])
def test_staff_are_told_the_input(desk: Desk, name: str) -> None:
    assert "9876" in desk.examine(NOSY[name], check=HIDDEN).staff_message


def refuse(submission: Submission) -> None:
    """A check of an exception."""
    assert_raises(submission, "f", np.array([SECRET]), kind="ValueError", what="f(x)")


def compare_words(submission: Submission) -> None:
    """A check of a text that depends on the input."""
    assert_equal(submission.word(SECRET), f"word {SECRET}", what="word(x)")


def state(submission: Submission) -> None:
    """A check of any promise."""
    word = submission.word(SECRET)
    assert_that(word == f"{SECRET}", "word(x) should be its argument.", shows=word)


@pytest.mark.parametrize("function", [refuse, compare_words, state])
def test_other_assertions_quote_no_input_either(desk: Desk, function: Function) -> None:
    text = "def f(x): raise type('E' + str(x[0]), (Exception,), {})()\n"
    text += "def word(x): return 'is ' + str(x)\n"

    result = desk.examine(text, function, HIDDEN)

    assert result.outcome is Outcome.FAILED
    assert "9876" not in f"{result.message} {result.hint} {result.diagnosis}"


QUOTING = "def f(x):\n    raise ValueError(str(x[1]))\n"


def test_public_check_quotes_what_it_can(desk: Desk) -> None:
    assert desk.examine(QUOTING, check=PUBLIC).message == (
        "f raised ValueError: 98765.4321\nlab9.py, line 2, in f: raise ValueError(str(x[1]))"
    )


def test_hidden_check_quotes_the_submissions_own_line(desk: Desk) -> None:
    assert desk.examine(QUOTING, check=HIDDEN).message == (
        "f raised ValueError.\nlab9.py, line 2, in f: raise ValueError(str(x[1]))"
    )


def test_message_holds_no_control_characters(desk: Desk) -> None:
    result = desk.examine("def f(x): raise ValueError('\\x1b[31m\\ud800')")

    assert "\x1b" not in result.message
    assert result.message.encode()


# Hints


def test_first_hint_is_given_with_a_failure(desk: Desk) -> None:
    assert desk.examine("import numpy as np\ndef f(x): return np.sin(x)").hint == "First."


def test_hint_of_the_assertion_fits_better(desk: Desk) -> None:
    def hinting(submission: Submission) -> None:
        assert_close(submission.f(np.ones(3)), np.zeros(3), what="f(x)", hint="Of this line.")

    assert desk.examine(RIGHT, hinting).hint == "Of this line."


@pytest.mark.parametrize("name", ["an exception", "not Python", "an endless loop", "not written"])
def test_no_hint_where_it_does_not_fit(desk: Desk, name: str) -> None:
    assert desk.examine(WRONG[name][0]).hint == ""


# Diagnosis


def test_generic_transform_is_named_where_no_mistake_is(desk: Desk) -> None:
    found = desk.examine("def f(x): return -2 * x").diagnosis

    assert found is not None
    assert found.headline == "Every value has the wrong sign."


def test_what_is_not_written_has_no_diagnosis(desk: Desk) -> None:
    assert desk.examine(WRONG["not written"][0]).diagnosis is None


def test_diagnosis_that_crashes_costs_nothing_and_is_told_to_staff(desk: Desk) -> None:
    examiner = desk.examiner("def f(x): return x + 1", reference=None)
    examiner.recorded = {"a": [(None, Answer(observations=()))]}  # type: ignore[list-item]  # damaged

    result = examiner.examine(PUBLIC, doubled, {"submission": None})

    assert (result.outcome, result.diagnosis) == (Outcome.FAILED, None)
    assert examiner.session.remarks[0].startswith("no diagnosis of a: AttributeError(")


# Seeds


def test_generator_is_made_anew_for_each_program(desk: Desk) -> None:
    drawn: list[float] = []

    def draw(submission: Submission, rng: np.random.Generator) -> None:
        drawn.append(float(rng.random()))
        assert_equal(submission.word(1), "never", what="word(1)")
        raise KeyError("so that the reference is asked")

    def run(check: Check) -> None:
        examiner = desk.examiner(RIGHT)
        examiner.examine(check, draw, {"submission": None, "rng": None})
        examiner._whose_fault(check, draw, {"submission": None, "rng": None})

    run(PUBLIC)
    run(replace(PUBLIC, check_id="b"))

    assert drawn[0] == drawn[1]
    assert drawn[2] == drawn[3]
    assert drawn[0] != drawn[2]


@pytest.mark.parametrize("kind", Kind)
def test_kind_of_a_check_does_not_change_its_outcome(desk: Desk, kind: Kind) -> None:
    assert desk.examine(RIGHT, check=replace(PUBLIC, kind=kind)).outcome is Outcome.PASSED


# A second run


TRAINING = replace(HIDDEN, kind=Kind.TRAINING)


def reaches(bar: float) -> Function:
    """Return a check whose first draw decides what is reached."""

    def check(submission: Submission, rng: np.random.Generator) -> None:
        drawn = float(rng.random())
        draws.append(drawn)
        submission.f(np.ones(3))
        assert_at_least(drawn, bar, what="accuracy")

    draws: list[float] = []
    check.draws = draws  # type: ignore[attr-defined]
    return check


@pytest.mark.parametrize(
    ("bar", "kind", "outcome", "runs"),
    [
        (0.0, Kind.TRAINING, Outcome.PASSED, 1),
        (2.0, Kind.TRAINING, Outcome.FAILED, 2),
        (2.0, Kind.VALUE, Outcome.FAILED, 1),
    ],
)
def test_missed_bar_is_tried_once_more_with_other_randomness(
    desk: Desk, bar: float, kind: Kind, outcome: Outcome, runs: int
) -> None:
    examiner, function = desk.examiner(RIGHT), reaches(bar)

    result = examiner.examine(
        replace(TRAINING, kind=kind), function, {"submission": None, "rng": None}
    )

    assert result.outcome is outcome
    draws = function.draws
    assert len(set(draws)) == len(draws) == runs
    assert examiner.session.remarks == []


def test_second_run_that_reaches_the_bar_counts_and_is_told_to_staff(desk: Desk) -> None:
    examiner, luck = desk.examiner(RIGHT), iter([0.948, 0.97])

    def check(submission: Submission) -> None:
        submission.f(np.ones(3))
        assert_at_least(next(luck), 0.95, what="accuracy")

    result = examiner.examine(TRAINING, check, {"submission": None})

    assert (result.outcome, result.points) == (Outcome.PASSED, 3)
    assert [m.value for m in result.measured] == [0.97]
    assert examiner.session.remarks == ["a: accuracy 0.948; reached in a second run"]


def test_calibration_sees_the_first_run_only(desk: Desk) -> None:
    examiner, function = desk.examiner(RIGHT), reaches(2.0)
    examiner.is_patient = False

    examiner.examine(TRAINING, function, {"submission": None, "rng": None})

    assert len(function.draws) == 1
