"""Hostile submissions: none gains a point, each is recorded, none stops the others.

Each file in `attacks/` is a submission. Its docstring names its class (the table is in
docs/threat-model.md), what it tries, and which defence must hold. What it may say of itself:

    HONEST    ids of checks that it passes by computing the right values; none by default
    RECORDED  a text that must stand in its result: in a message, a remark or an outcome
    ACCIDENT  an honest student might do this too: it must also end well without a sandbox
    SLOW      it takes a limit on idle time: graded only where tests marked `long` are run

Class C16 (guessing a quiz's key) has no submission here: quizzes have their own tests.
"""

import ast
import builtins
import itertools
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.batch import Batch, grade_folder
from grader.course import Course, find_course
from grader.examine import Examiner, attempt, describe
from grader.labs import find_lab
from grader.model import CheckResult, Lab, Outcome, Report, Visibility
from grader.result import from_json, read_result, to_json
from grader.runner import Grader, Options
from grader.sandbox import bwrap
from grader.sandbox.backend import Mode, find_backend
from grader.session import Session, Source
from grader.testing import (
    Submission,
    assert_at_most,
    assert_close,
    assert_equal,
    assert_statistic,
)

HERE = Path(__file__).resolve().parent
ATTACKS = HERE / "attacks"
COURSE = HERE / "courses" / "small"
SOLUTION = COURSE / "solutions" / "lab9_small" / "lab9.py"
SEED = 77
# Hidden inputs hold these numbers, or the expected values begin with them: see the hidden checks.
SENTINELS = ("98765", "98764", "98766", "31337", "31338", "27182", "296295", "62674")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202e]")
CLASSES = {f"c{number:02}" for number in range(1, 18)} - {"c13", "c16"}  # c13 is made below

SANDBOX_ROOT = {"bin", "dev", "etc", "lib", "lib64", "proc", "rt", "site", "tmp", "usr", "w"}

needs_bwrap = pytest.mark.skipif(
    bool(bwrap.why_unusable()), reason=f"no bubblewrap: {bwrap.why_unusable()}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What a submission of the corpus says of itself."""

    name: str
    honest: frozenset[str] = frozenset()
    recorded: str = ""
    is_accident: bool = False
    is_slow: bool = False


def read_attack(path: Path) -> Attack:
    said = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("HONEST", "RECORDED", "ACCIDENT", "SLOW"):
                said[name] = ast.literal_eval(node.value)
    return Attack(
        name=path.stem,
        honest=frozenset(said.get("HONEST", ())),
        recorded=said.get("RECORDED", ""),
        is_accident=said.get("ACCIDENT", False),
        is_slow=said.get("SLOW", False),
    )


CORPUS = tuple(read_attack(path) for path in sorted(ATTACKS.glob("c*.py")))
FAST = tuple(attack for attack in CORPUS if not attack.is_slow)
ACCIDENTS = tuple(attack for attack in FAST if attack.is_accident)
SLOW = tuple(attack for attack in CORPUS if attack.is_slow)


# C13: what hurts before any of it runs. Made here, so that no editor, linter or clone meets it.


def write_source(content: bytes) -> Callable[[Path], None]:
    def write(place: Path) -> None:
        place.mkdir()
        (place / "lab9.py").write_bytes(content)

    return write


def write_large_file(place: Path) -> None:
    place.mkdir()
    with (place / "lab9.py").open("wb") as file:
        file.truncate(100 << 20)


def write_bomb(place: Path) -> None:
    with zipfile.ZipFile(f"{place}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("lab9.py", "a.txt", "b.txt"):
            with archive.open(name, "w") as file:
                for _ in range(64):
                    file.write(bytes(1 << 20))


def write_traversal(place: Path) -> None:
    with zipfile.ZipFile(f"{place}.zip", "w") as archive:
        archive.writestr("lab9.py", "def scale(x):\n    raise ValueError\n")
        for name in ("../../solutions/lab9_small/lab9.py", "/tmp/evil.py", "a/../../../evil.py"):
            archive.writestr(name, "evil = True")
        link = zipfile.ZipInfo("linked.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(SOLUTION))


def write_link(place: Path) -> None:
    place.mkdir()
    (place / "lab9.py").symlink_to(SOLUTION)


def write_linked_folder(place: Path) -> None:
    place.symlink_to(SOLUTION.parents[1])


def write_pipe(place: Path) -> None:
    place.mkdir()
    os.mkfifo(place / "lab9.py")


@dataclass(frozen=True, slots=True)
class Material:
    """A submission that is made, and what must be said of it."""

    write: Callable[[Path], None]
    recorded: str


MATERIALS: Mapping[str, Material] = {
    "c13_nested_brackets": Material(write_source(b"x = " + b"(" * 100_000), "is not valid Python"),
    "c13_nested_minus": Material(write_source(b"x = " + b"-" * 500_000 + b"1"), "could not be"),
    "c13_nested_attributes": Material(write_source(b"x = a" + b".b" * 100_000), "RecursionError"),
    "c13_nested_sum": Material(write_source(b"x = 1" + b"+1" * 100_000), "RecursionError"),
    "c13_nested_blocks": Material(
        write_source(b"".join(b" " * n + b"if 1:\n" for n in range(500))), "is not valid Python"
    ),
    "c13_large_list": Material(write_source(b"x = [" + b"1," * 500_000 + b"]"), "scale"),
    "c13_null_bytes": Material(write_source(b"x = 1\0\n"), "is not valid Python"),
    "c13_utf16": Material(write_source("x = 1\n".encode("utf-16")), "is not valid Python"),
    "c13_latin1": Material(write_source(b"x = 'caf\xe9'\n"), "is not valid Python"),
    "c13_odd_codec": Material(
        write_source(b"# coding: punycode\n#" + b"a" * 90_000 + b"-" + b"z" * 90_000), "timed_out"
    ),
    "c13_large_file": Material(write_large_file, "is larger than 2 MiB"),
    "c13_zip_bomb": Material(write_bomb, "is larger than 2 MiB"),
    "c13_zip_traversal": Material(write_traversal, "points outside the zip"),
    "c13_link": Material(write_link, "is not a regular file"),
    "c13_linked_folder": Material(write_linked_folder, "is a symbolic link"),
    "c13_pipe": Material(write_pipe, "is not a regular file"),
}


# Grading them all as one class


@pytest.fixture(scope="module")
def course() -> Course:
    return find_course(COURSE, str(COURSE))


@pytest.fixture(scope="module")
def lab(course: Course) -> Lab:
    return find_lab(course, "lab9")


Reports = Mapping[str, Report]


@pytest.fixture(scope="module")
def grade_class(
    course: Course, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Reports]:
    """Grade a class of attacks with an honest student before and after them."""

    def grade(attacks: tuple[Attack, ...], mode: str, *, with_materials: bool = False) -> Reports:
        root = tmp_path_factory.mktemp(mode)
        folder = root / "submitted"
        sources = {"aa_honest": SOLUTION, "zz_honest": SOLUTION}
        sources |= {attack.name: ATTACKS / f"{attack.name}.py" for attack in attacks}
        for student, source in sources.items():
            (folder / student).mkdir(parents=True)
            shutil.copy(source, folder / student / "lab9.py")
        if with_materials:
            for name, material in MATERIALS.items():
                material.write(folder / name)
        batch = Batch(
            course=course,
            lab=lab,
            folder=folder,
            out=root / "results",
            options=Options(seed=SEED),
            jobs=2,
            mode=mode,
        )
        reports = grade_folder(batch, lambda _report, _is_known: None)
        for report in reports:
            assert read_result(batch.result_path(report.student)) == report
        return {report.student: report for report in reports}

    return grade


@pytest.fixture(scope="module")
def boxed(grade_class: Callable[..., Reports]) -> Reports:
    return grade_class(FAST, Mode.BWRAP, with_materials=True)


@pytest.fixture(scope="module")
def bare(grade_class: Callable[..., Reports]) -> Reports:
    return grade_class(ACCIDENTS, Mode.PLAIN)


def passed(report: Report) -> set[str]:
    return {check.check_id for check in report.checks if check.outcome is Outcome.PASSED}


def everything_said(report: Report) -> str:
    checks = [
        text
        for check in report.checks
        for text in (check.outcome.value, check.check_id, check.message, check.staff_message)
    ]
    return "\n".join([report.problem, *report.remarks, report.output, *checks])


def assert_recorded(attack: Attack, report: Report) -> None:
    """Hold a report against what its attack says of itself."""
    ends = {check.outcome for check in report.checks}
    points = sum(check.max_points for check in report.checks if check.check_id in attack.honest)

    assert passed(report) == attack.honest
    assert report.score is not None, report.problem
    assert report.score.points == points
    assert not ends & {Outcome.BROKEN, Outcome.NOT_RUN}
    assert attack.recorded in everything_said(report)


def told_to_students(check: CheckResult) -> Iterator[str]:
    yield from (check.title, check.message, check.hint, check.lecture)
    if check.diagnosis:
        yield from (check.diagnosis.headline, check.diagnosis.evidence, check.diagnosis.hint)


def test_corpus_has_every_class() -> None:
    assert {attack.name[:3] for attack in CORPUS} == CLASSES


@needs_bwrap
@pytest.mark.parametrize("attack", FAST, ids=lambda attack: attack.name)
def test_attack_gains_nothing(boxed: Reports, attack: Attack) -> None:
    assert_recorded(attack, boxed[attack.name])


@pytest.mark.parametrize("attack", ACCIDENTS, ids=lambda attack: attack.name)
def test_accident_ends_well_without_sandbox(bare: Reports, attack: Attack) -> None:
    assert_recorded(attack, bare[attack.name])


@pytest.mark.long
@needs_bwrap
def test_idle_attacks_gain_nothing(grade_class: Callable[..., Reports]) -> None:
    reports = grade_class(SLOW, Mode.BWRAP)

    for attack in SLOW:
        assert_recorded(attack, reports[attack.name])
        assert reports[attack.name].wall_s < 60


@needs_bwrap
@pytest.mark.parametrize("name", MATERIALS)
def test_material_is_one_recorded_outcome(boxed: Reports, name: str) -> None:
    report = boxed[name]

    assert not passed(report)
    assert not any(check.outcome is Outcome.BROKEN for check in report.checks)
    assert "our fault" not in report.problem
    assert MATERIALS[name].recorded in everything_said(report)


@needs_bwrap
def test_honest_students_of_that_class_have_all_points(boxed: Reports, bare: Reports) -> None:
    for reports in (boxed, bare):
        for student in ("aa_honest", "zz_honest"):
            score = reports[student].score
            assert score is not None, reports[student].problem
            assert score.is_full, everything_said(reports[student])


@needs_bwrap
def test_no_attack_takes_longer_than_its_limits(boxed: Reports, lab: Lab) -> None:
    limits = lab.limits
    for report in boxed.values():
        assert report.cpu_s < limits.submission_cpu_s + limits.import_cpu_s + limits.check_cpu_s
        assert report.wall_s < 20, report.student


@needs_bwrap
def test_students_are_told_no_hidden_value(boxed: Reports, bare: Reports) -> None:
    for report in (*boxed.values(), *bare.values()):
        for check in report.checks:
            if check.visibility is Visibility.HIDDEN:
                told = "\n".join(told_to_students(check))
                assert not [word for word in SENTINELS if word in told], (report.student, told)


@needs_bwrap
def test_reports_can_be_stored_and_shown(boxed: Reports, lab: Lab) -> None:
    """They read back equal, hold no control characters, and what was printed is bounded."""
    for report in boxed.values():
        assert from_json(to_json(report)) == report
        assert not CONTROL.search(everything_said(report)), report.student
        assert len(report.output) < (lab.limits.output_kib << 10) + 100


@needs_bwrap
def test_staff_see_what_students_do_not(boxed: Reports) -> None:
    """The message of an exception in a hidden check goes to staff, its type to the student."""
    check = boxed["c17_raises_inputs"].checks[1]

    assert "98765" in check.staff_message
    assert check.message.startswith("scale raised ValueError.")


# Two submissions at the same time


@needs_bwrap
def test_submissions_running_at_once_cannot_meet(lab: Lab) -> None:
    """Files, shared memory and abstract sockets of one are not there for the other."""
    content = (ATTACKS / "c12_leaves_and_looks.py").read_bytes()
    source = Source(files={lab.file: content}, run=(lab.file,), module="lab9")
    first, second = (
        Session(backend=find_backend(Mode.BWRAP), lab=lab, sources={"submission": source}, seed=1)
        for _ in range(2)
    )
    try:
        seen = [one.request("submission", "look", (), {}) for one in (first, second, first)]
    finally:
        first.close()
        second.close()

    assert seen == [[], [], []]


@needs_bwrap
def test_sandbox_shows_nothing_of_the_machine(lab: Lab) -> None:
    """No process, environment, descriptor or mount of the grader's, beside what bwrap needs."""
    content = b"""
import os

def look():
    links = []
    for number in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{number}").partition(":")[0])
        except OSError:
            pass
    with open("/proc/1/environ") as file:
        environ = file.read()
    return {
        "environ": environ,
        "pids": sum(name.isdigit() for name in os.listdir("/proc")),
        "links": sorted(links),
        "root": sorted(os.listdir("/")),
        "uid": os.getuid(),
        "host": os.uname().nodename,
    }
"""
    source = Source(files={lab.file: content}, run=(lab.file,), module="lab9")
    backend = find_backend(Mode.BWRAP)
    session = Session(backend=backend, lab=lab, sources={"submission": source}, seed=1)
    try:
        seen = session.request("submission", "look", (), {})
    finally:
        session.close()

    assert isinstance(seen, dict)
    assert seen["environ"] == ""
    assert seen["pids"] == 2  # bwrap's own and the worker
    assert seen["links"] == ["/dev/null", "pipe", "pipe", "socket"]
    assert set(seen["root"]) <= SANDBOX_ROOT
    assert (seen["uid"], seen["host"]) == (65534, "sandbox")


# Everything a submission can raise or return


RAISES = b"""
import builtins

def scale(x, name):
    kind, text = getattr(builtins, name), str(x.tolist())
    codec = (("utf-8", text.encode(), 0, 1, text), (text, 0, 1, text))
    for args in ((text,), (text, [ValueError(text)]), *codec):
        try:
            error = kind(*args)
        except TypeError:
            continue
        error.add_note(text)
        raise error from ValueError(text)
"""
EXCEPTIONS = sorted(
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
)
RETURNS = b"""
import datetime, decimal, fractions, itertools
import numpy as np

class Odd(dict): pass

VALUES = [
    None, True, -0.0, float("nan"), float("inf"), 1e308, 5e-324, 2**63, 2**255, -(2**255), 1j,
    "", "text", "\\x1b[2J", b"bytes", (), [], {}, [[]], [[1], [2, 3]], {"a": float("nan")},
    Odd(b=1), {1, 2}, range(3), slice(3), Ellipsis, NotImplemented, object(), len, type, iter([1]),
    decimal.Decimal(1), fractions.Fraction(1, 3), datetime.datetime(2020, 1, 1),
    np.array(3.0), np.float16(7), np.float32(7), np.uint8(7), np.int64(-7), np.bool_(True),
    np.complex128(1j), np.str_("s"), np.datetime64("2020-01-01"), np.timedelta64(3, "s"),
    np.zeros(0), np.zeros((0, 5)), np.zeros((1, 1, 1)), np.zeros((3, 1)), np.full((2, 3), np.nan),
    np.array([1e308, -1e308, np.inf]), np.array([5e-324]), np.zeros(1, bool), np.zeros(1, "c16"),
    np.zeros(1, "f2"), np.array([2**63], "u8"), np.array(["text"]), np.array([None]),
    np.zeros(1, [("a", "f8")]), np.zeros(2, "M8[s]"), np.zeros((1,) * 20), np.ma.masked,
    np.ma.zeros(1), np.matrix([[1.0]]), np.rec.array([(1, 2.0)]), np.zeros(1, ">f8"),
    np.lib.stride_tricks.as_strided(np.zeros(1), (3, 3), (0, 0)), np.random.default_rng(1),
    np.random.RandomState(1), np.random.Generator(np.random.MT19937(1)), np.nditer(np.zeros(2)),
    [np.zeros(1), 2**255, "x", None, object()], {"a": [({"b": np.zeros(2)},)], 1: 2, None: 3},
]

def scale(x):
    number = int(x.reshape(-1)[0])
    return VALUES[number] if number >= 0 else len(VALUES)
"""
ASSERTIONS: Mapping[str, Callable[[Any, Any], None]] = {
    "close": lambda got, want: assert_close(got, want, what="scale(x)"),
    "close in any dtype": lambda got, want: assert_close(got, want, what="scale(x)", dtype="any"),
    "equal": lambda got, want: assert_equal(got, want, what="scale(x)"),
    "bar": lambda got, want: assert_at_most(first(got), first(want), what="scale(x)"),
    "statistic": lambda got, want: assert_statistic(
        first(got), first(want), standard_error=1e-9, what="scale(x)"
    ),
}


def first(value: Any) -> Any:
    return value[0] if np.ndim(value) else value


def check_with(assertion: str, x: Any) -> Callable[[Submission], None]:
    """Return a check that the reference passes."""

    def check(submission: Submission) -> None:
        ASSERTIONS[assertion](submission.scale(x), 3.0 * x - 1.0)

    return check


def session_of(lab: Lab, content: bytes) -> Session:
    source = Source(files={lab.file: content}, run=(lab.file,), module="lab9")
    return Session(backend=find_backend(Mode.AUTO), lab=lab, sources={"submission": source}, seed=1)


def test_no_type_of_exception_tells_hidden_inputs(lab: Lab) -> None:
    session = session_of(lab, RAISES)
    check = lab.checks[1]
    told = {}
    try:
        for name in EXCEPTIONS:

            def fail(submission: Submission, name: str = name) -> None:
                assert_close(submission.scale(np.array([98765.4321]), name), 0.0, what="scale(x)")

            seen = attempt(session, "submission", check, fail, {"submission": None})
            told[name] = (seen.outcome, describe(seen, seen.outcome, with_private=False))
    finally:
        session.close()

    assert len(told) > 60
    assert {outcome for outcome, _ in told.values()} == {Outcome.ERRORED}
    assert not [name for name, (_, text) in told.items() if "98765" in text]


@pytest.mark.parametrize("kind", ["array", "any", "number", "list"])
def test_no_value_breaks_the_check_that_judges_it(course: Course, lab: Lab, kind: str) -> None:
    """Whatever comes back, and however lab.toml describes it: the check ends, and is not ours."""
    returns = {"list": "number"} if kind == "list" else kind
    lab = replace(lab, functions={**lab.functions, "scale": returns})
    grader = Grader(
        course=course, lab=lab, backend=find_backend(Mode.AUTO), options=Options(seed=1)
    )
    session = session_of(lab, RETURNS)
    mistakes = [mistake for mistake in grader.mistakes if "scale_hidden" in mistake.caught_by]
    examiner = Examiner(session, grader.staff, mistakes, {})
    shape = () if kind == "number" else (1,)
    results = []
    try:
        count = session.request("submission", "scale", (np.full(shape, -1.0),), {})
        for number, assertion in itertools.product(range(int(str(count))), ASSERTIONS):
            function = check_with(assertion, np.full(shape, float(number))[()])
            result = examiner.examine(lab.checks[1], function, {"submission": None})
            results.append((assertion, result))
    finally:
        session.close()
        grader.close()

    ends = {result.outcome for _, result in results}
    passed_by = {name for name, result in results if result.outcome is Outcome.PASSED}
    assert ends <= {Outcome.FAILED, Outcome.ERRORED, Outcome.PASSED}
    assert passed_by <= {"bar"}  # some of the values are below it
    assert not [result.message for _, result in results if CONTROL.search(result.message)]
