"""One worker serves all checks of a submission; what it does to itself costs it alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from miniature import make_lab, make_session

from grader.errors import SubmissionError, WorkerCrashError, WorkerTimeoutError
from grader.model import Lab, Limits
from grader.sandbox.client import Handle
from grader.session import Session, SessionProgram, quote

LAB = make_lab(limits=Limits(check_cpu_s=0.3, import_cpu_s=2, memory_mib=512, output_kib=1))
TEXT = """
import os, random
import numpy as np

count = 0

def add(a, b):
    global count
    count += 1
    return a + b

def seen():
    return count

def draw():
    return random.random() + float(np.random.random())

def leave():
    os._exit(7)

def spin():
    while True:
        pass

def shout(n):
    print("x" * n)

def keep():
    return object()

def give(thing):
    return type(thing).__name__

def fail():
    raise ValueError("no")
"""
Open = Callable[..., Session]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open sessions; they are closed after the test."""
    sessions: list[Session] = []

    def open_one(text: str = TEXT, lab: Lab = LAB, *, is_bounded: bool = True) -> Session:
        sessions.append(make_session(lab, text, is_bounded=is_bounded))
        sessions[-1].begin_check("first")
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.close()


def call(session: Session, name: str, *args: object) -> object:
    """Call a function of the submission."""
    return SessionProgram(session, "submission").call(name, args, {}, look=False)


# One worker


def test_worker_is_kept_between_checks(opened: Open) -> None:
    session = opened()
    call(session, "add", 1, 2)
    session.begin_check("second")
    call(session, "add", 1, 2)

    assert call(session, "seen") == 2


def test_nothing_is_started_before_the_first_call(opened: Open) -> None:
    assert opened().cpu_seconds() == 0.0


def test_worker_is_replaced_after_a_crash(opened: Open) -> None:
    session = opened()
    call(session, "add", 1, 2)
    with pytest.raises(WorkerCrashError, match=r"^the process ended \(exit code 7\)$"):
        call(session, "leave")

    assert call(session, "seen") == 0
    assert session.remarks == ["WorkerCrashError: the process ended (exit code 7)"]


def test_worker_is_replaced_after_a_timeout(opened: Open) -> None:
    session = opened()
    with pytest.raises(WorkerTimeoutError, match=r"^used more than 0\.3 CPU seconds$"):
        call(session, "spin")
    session.begin_check("second")

    assert call(session, "add", 1, 2) == 3


def test_time_of_a_lost_worker_still_counts(opened: Open) -> None:
    session = opened()
    with pytest.raises(WorkerTimeoutError):
        call(session, "spin")

    assert session.cpu_seconds() > 0.3


def test_exception_does_not_end_the_worker(opened: Open) -> None:
    session = opened()
    call(session, "add", 1, 2)
    with pytest.raises(SubmissionError, match=r"^no$"):
        call(session, "fail")

    assert call(session, "seen") == 1
    assert session.remarks == []


def test_exception_names_the_line(opened: Open) -> None:
    with pytest.raises(SubmissionError) as caught:
        call(opened(), "fail")

    assert caught.value.kind == "ValueError"
    assert caught.value.trace == ('lab9.py, line 35, in fail: raise ValueError("no")',)


def test_object_of_a_lost_worker_is_lost(opened: Open) -> None:
    session = opened()
    handle = call(session, "keep")
    assert isinstance(handle, Handle)
    with pytest.raises(WorkerCrashError):
        call(session, "leave")

    with pytest.raises(WorkerCrashError, match=r"^the object was lost when"):
        call(session, "give", handle)


# Loading


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def f(:\n", "lab9.py is not valid Python: invalid syntax"),
        ("def f():\nreturn 1\n", "lab9.py is not valid Python: expected an indented block"),
        (
            "if 1:\n\tx = 1\n        y = 2\n",
            "lab9.py is not valid Python: inconsistent use of tabs",
        ),
        ("1 / 0\n", "lab9.py could not be imported: ZeroDivisionError: division by zero"),
        (
            "import torch\n",
            (
                "lab9.py could not be imported: ModuleNotFoundError: "
                "lab9 does not allow the module 'torch'"
            ),
        ),
        ("raise SystemExit\n", "lab9.py could not be imported: SystemExit: "),
    ],
)
def test_file_that_cannot_be_loaded_is_told(opened: Open, text: str, message: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        call(opened(text), "square")

    assert str(caught.value).startswith(message)
    assert caught.value.is_loading


def test_what_could_not_be_loaded_is_not_tried_again(opened: Open) -> None:
    session = opened("print('loading')\n1 / 0\n")
    for name in ("one", "two", "three"):
        session.begin_check(name)
        with pytest.raises(SubmissionError, match="division by zero"):
            call(session, "square")

    assert session.close().split() == ["loading"]


def test_crash_while_loading_is_not_tried_again(opened: Open) -> None:
    session = opened("import os\nos._exit(3)\n")
    for name in ("one", "two"):
        session.begin_check(name)
        with pytest.raises(WorkerCrashError, match="exit code 3"):
            call(session, "square")

    assert len(session.remarks) == 1


def test_loading_has_a_budget_of_its_own(opened: Open) -> None:
    burn = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass\n"

    assert call(opened(burn + TEXT), "add", 1, 2) == 3


def test_loading_for_ever_is_ended(opened: Open) -> None:
    lab = replace(LAB, limits=replace(LAB.limits, import_cpu_s=0.4))

    with pytest.raises(WorkerTimeoutError, match=r"^used more than 0\.4 CPU seconds$"):
        call(opened("while True: pass\n", lab), "square")


# Budgets


def test_budget_is_of_a_check_and_not_of_a_call(opened: Open) -> None:
    text = "import time\ndef burn():\n    end = time.process_time() + 0.13\n"
    text += "    while time.process_time() < end: pass\n"
    session = opened(text)
    call(session, "burn")
    call(session, "burn")

    with pytest.raises(WorkerTimeoutError):
        call(session, "burn")


def test_next_check_has_a_budget_of_its_own(opened: Open) -> None:
    text = "import time\ndef burn():\n    end = time.process_time() + 0.2\n"
    text += "    while time.process_time() < end: pass\n    return 1\n"
    session = opened(text)
    for name in ("one", "two", "three"):
        session.begin_check(name)

        assert call(session, "burn") == 1


def used_up(opened: Open, *, is_bounded: bool) -> Session:
    """Return a session whose submission has used more than all checks together may."""
    lab = replace(LAB, limits=replace(LAB.limits, submission_cpu_s=0.2))
    session = opened(TEXT, lab, is_bounded=is_bounded)
    with pytest.raises(WorkerTimeoutError, match="used more than"):
        call(session, "spin")
    session.begin_check("second")
    return session


def test_submission_that_used_up_its_time_is_not_run_any_more(opened: Open) -> None:
    session = used_up(opened, is_bounded=True)

    with pytest.raises(WorkerTimeoutError, match=r"^used up the time of all checks before$"):
        call(session, "add", 1, 2)


def test_staffs_own_code_has_no_such_limit(opened: Open) -> None:
    assert call(used_up(opened, is_bounded=False), "add", 1, 2) == 3


# Seeds


def test_global_generators_are_seeded_before_every_call(opened: Open) -> None:
    session = opened()

    assert call(session, "draw") == call(session, "draw")


def test_seed_depends_on_the_check(opened: Open) -> None:
    session = opened()
    first = call(session, "draw")
    session.begin_check("second")

    assert call(session, "draw") != first


def test_untouched_generators_are_where_we_expect_them(opened: Open) -> None:
    session = opened()
    call(session, "add", 1, 2)

    assert session.global_draws() == session.seeded_draws()


# What a program offers beside calls


def test_result_is_returned_before_and_after_its_arguments_changed(opened: Open) -> None:
    session = opened("def same(x):\n    return x\n")
    program = SessionProgram(session, "submission")

    before, after = program.overwrite("same", [np.zeros(2)])

    assert (before.tolist(), after.tolist()) == ([0.0, 0.0], [1.0, 1.0])


def test_figure_is_read_from_the_object_that_stayed(opened: Open) -> None:
    session = opened("class Figure:\n    axes = []\n\ndef plot():\n    return Figure()\n")
    program = SessionProgram(session, "submission")

    assert program.figure(call(session, "plot")) == []


def test_figure_of_a_lost_worker_is_lost(opened: Open) -> None:
    session = opened()
    handle = call(session, "keep")
    with pytest.raises(WorkerCrashError):
        call(session, "leave")

    with pytest.raises(WorkerCrashError, match=r"^the object was lost when"):
        SessionProgram(session, "submission").figure(handle)


def test_program_tells_the_sessions_time(opened: Open) -> None:
    session = opened()
    call(session, "add", 1, 2)

    assert SessionProgram(session, "submission").cpu_seconds() > 0.0


def test_generators_are_told_by_the_program(opened: Open) -> None:
    session = opened()
    program = SessionProgram(session, "submission")
    call(session, "add", 1, 2)

    assert program.global_draws() == program.seeded_draws()


# What is printed


def test_what_is_printed_is_kept(opened: Open) -> None:
    session = opened()
    call(session, "shout", 3)

    assert session.close() == "xxx\n"


def test_what_is_printed_by_several_workers_is_kept_in_order(opened: Open) -> None:
    session = opened()
    call(session, "shout", 2)
    with pytest.raises(WorkerCrashError):
        call(session, "leave")
    call(session, "shout", 3)

    assert session.close() == "xx\nxxx\n"


def test_flood_is_cut_and_says_so(opened: Open) -> None:
    session = opened()
    call(session, "shout", 5000)

    assert session.close() == "x" * 1024 + "\n[3977 more bytes were dropped]"


def test_floods_of_many_workers_are_cut_too(opened: Open) -> None:
    session = opened()
    for _ in range(3):
        call(session, "shout", 5000)
        with pytest.raises(WorkerCrashError):
            call(session, "leave")

    assert len(session.close()) <= 1024 + 100


def test_closing_twice_is_fine(opened: Open) -> None:
    session = opened()
    call(session, "shout", 1)

    assert session.close() == session.close() == "x\n"


# Quoting the submission's own lines

FILES = {"lab9.py": b"import a\n\ndef f(x):\n    return x / 0\n", "own.py": b"x = '\xff'\n"}


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("lab9.py", 4), "lab9.py, line 4, in f: return x / 0"),
        (("lab9.py", 1), "lab9.py, line 1: import a"),
        (("own.py", 1), "own.py, line 1: x = '\ufffd'"),
    ],
)
def test_line_is_quoted_from_the_files_that_were_handed_in(
    place: tuple[str, int], line: str
) -> None:
    assert quote(FILES, [place]) == (line,)


@pytest.mark.parametrize("place", [("lab9.py", 0), ("lab9.py", 5), ("lab9.py", -1), ("zz.py", 1)])
def test_line_that_was_not_handed_in_is_left_out(place: tuple[str, int]) -> None:
    assert quote(FILES, [place]) == ()
