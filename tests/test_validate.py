"""Each promise about a lab, broken on purpose, is found; what holds is not complained about."""

from collections.abc import Callable
from pathlib import Path

import pytest
from miniature import copy_course, hidden_folder, lab_toml, replace_in

from grader.course import Course
from grader.errors import ContentError, RequestError
from grader.labs import find_lab
from grader.proof import Finding, Plan, Proof
from grader.sandbox.backend import find_backend
from grader.validate import Validator, Wanted, validate_lab, validate_labs, with_seeds

ONE = Plan(seeds=(1,), value_seeds=(), threads=(1,))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The smallest course with every promise: one function, one public and one hidden check."""
    return copy_course(tmp_path, "one_function")


def prove(course: Course, plan: Plan = ONE) -> Proof:
    """Validate the lab."""
    lab = find_lab(course, "lab9")
    validator = Validator(
        course=course,
        lab=lab,
        backend=find_backend("plain"),
        plan=plan,
        progress=lambda _: None,
    )
    return validator.run()


def broken(course: Course, plan: Plan = ONE) -> list[Finding]:
    """Return the promises that do not hold, apart from the recording's."""
    return [found for found in prove(course, plan).broken if found.subject != "known_answers.bin"]


def write(path: Path, text: str) -> None:
    """Write a file."""
    path.write_text(text, encoding="utf-8")


def solution(course: Course) -> Path:
    """Return the reference."""
    return course.solutions / "lab9_tiny" / "lab9.py"


# What holds


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """The proof of the sound lab."""
    course = copy_course(tmp_path_factory.mktemp("sound"), "one_function")
    return prove(course, Plan(seeds=(1, 2), value_seeds=(1001,), threads=(1, 2)))


def test_sound_lab_keeps_all_promises(proof: Proof) -> None:
    assert proof.broken == []


def test_proof_says_what_each_mistake_is_named(proof: Proof) -> None:
    assert proof.caught == {
        "doubles": ("square_table", "doubles"),
        "keeps_sign": ("square_random", "keeps_sign"),
    }


def test_proof_says_what_each_check_costs(proof: Proof) -> None:
    costs = {cost.check_id: cost for cost in proof.costs}

    assert list(costs) == ["square_table", "square_random"]
    assert costs["square_table"].share_of_limit == costs["square_table"].cpu_s / 4


def test_proof_states_each_promise(proof: Proof) -> None:
    stated = {finding.promise for finding in proof.findings}

    assert stated == {
        "names checks of the rubric",
        "is named by a mistake",
        "is up to date",
        "gets all points",
        "uses under a third of its limit",
        "no false failure of 2 value checks at 1 seeds",
        "earns 0 points",
        "there are at least 3",
        "is caught by square_table",
        "loads",
        "is caught by square_random",
        "is named",
    }


def test_words_choose_what_is_proved(course: Course) -> None:
    found = prove(course, Plan(seeds=(1,), value_seeds=(), threads=(1,), only=("keeps",)))

    assert found.broken == []
    assert found.caught == {"keeps_sign": ("square_random", "keeps_sign")}
    assert {cost.check_id for cost in found.costs} == set()


def test_words_that_name_nothing_are_refused(course: Course) -> None:
    with pytest.raises(RequestError, match=r"^Nothing of lab9 has 'squaer' in its name\.$"):
        prove(course, Plan(seeds=(1,), value_seeds=(), threads=(1,), only=("squaer",)))


# What does not


def earning_stub(course: Course) -> Finding:
    write(course.assignments / "lab9_tiny" / "lab9.py", solution(course).read_text())
    return Finding(
        subject="stub",
        promise="earns 0 points",
        broken="earns 5 points: square_table, square_random",
    )


def generous_check(course: Course) -> Finding:
    path = course.assignments / "lab9_tiny" / "checks.py"
    text = path.read_text().partition("def test_square_table")[0]
    write(
        path,
        f"{text}def test_square_table(submission: Submission) -> None:\n"
        '    """Passes anything."""\n'
        '    assert_close(np.ones(2), np.ones(2), what="nothing")\n',
    )
    return Finding(
        subject="empty file", promise="earns 0 points", broken="earns 2 points: square_table"
    )


def failing_reference(course: Course) -> Finding:
    replace_in(solution(course), "return x * x", "return x + x")
    return Finding(
        subject="reference, seed 1, 1 threads",
        promise="gets all points",
        broken=(
            "square_table failed: square([-3, -1, 0, 2, 5]) is wrong in 3 of 5 values.; "
            "square_random skipped: "
        ),
    )


def failing_second_solution(course: Course) -> Finding:
    path = hidden_folder(course) / "second_solutions" / "power.py"
    replace_in(path, "x**2", "x**2 + 1e-3 * (x > 100)")
    write(path, path.read_text().replace("(x > 100)", "(x == np.round(x, 3)) * (x != 0)"))
    replace_in(path, '"""\n', '"""\n\nimport numpy as np\n')
    return Finding(
        subject="second solution power, seed 1",
        promise="gets all points",
        broken=(
            "square_table failed: square([-3, -1, 0, 2, 5]) is wrong in 4 of 5 values.; "
            "square_random skipped: "
        ),
    )


def too_few_second_solutions(course: Course) -> Finding:
    (hidden_folder(course) / "second_solutions" / "power.py").unlink()
    return Finding(subject="second solutions", promise="there are at least 3", broken="there are 2")


def mistake_that_is_not_caught(course: Course) -> Finding:
    path = hidden_folder(course) / "mistakes" / "doubles.py"
    replace_in(path, "x + x", "x * x + 1e-12")
    return Finding(
        subject="mistake doubles",
        promise="is caught by square_table",
        broken="square_table is passed",
    )


def mistake_that_another_check_catches(course: Course) -> Finding:
    path = hidden_folder(course) / "mistakes" / "keeps_sign.py"
    replace_in(path, "np.where(x == np.round(x), x * x, x * abs(x))", "x * x * (x == 2)")
    return Finding(
        subject="mistake keeps_sign",
        promise="is caught by square_random",
        broken="square_random is skipped",
    )


def mistake_that_is_not_named(course: Course) -> Finding:
    folder = hidden_folder(course) / "mistakes"
    write(folder / "twin.py", (folder / "doubles.py").read_text())
    return Finding(
        subject="mistake doubles",
        promise="is named",
        broken="square_table names it nothing",
    )


def mistake_of_an_unknown_check(course: Course) -> Finding:
    path = hidden_folder(course) / "mistakes" / "doubles.py"
    replace_in(path, '("square_table",)', '("square_table", "cube_table")')
    return Finding(
        subject="mistake doubles",
        promise="names checks of the rubric",
        broken="CAUGHT_BY names cube_table, not in lab.toml",
    )


def mistake_without_a_check(course: Course) -> Finding:
    replace_in(hidden_folder(course) / "mistakes" / "doubles.py", '("square_table",)', "()")
    return Finding(
        subject="mistake doubles",
        promise="names checks of the rubric",
        broken="CAUGHT_BY is empty",
    )


def check_without_a_mistake(course: Course) -> Finding:
    (hidden_folder(course) / "mistakes" / "keeps_sign.py").unlink()
    return Finding(
        subject="check square_random",
        promise="is named by a mistake",
        broken="no mistake says that this check catches it",
    )


def mistake_that_does_not_load(course: Course) -> Finding:
    path = hidden_folder(course) / "mistakes" / "doubles.py"
    write(path, path.read_text().replace("def square", "no_such_name\n\n\ndef square"))
    return Finding(
        subject="mistake doubles",
        promise="loads",
        broken="lab9.py could not be imported: NameError: name 'no_such_name' is not defined",
    )


def check_that_does_not_exist(course: Course) -> Finding:
    path = hidden_folder(course) / "checks.py"
    replace_in(path, "def test_square_random", "def test_square_other")
    return Finding(
        subject="reference, seed 1, 1 threads",
        promise="gets all points",
        broken="square_random not_run: ",
    )


def check_without_an_assertion(course: Course) -> Finding:
    path = hidden_folder(course) / "checks.py"
    replace_in(
        path, 'assert_close(submission.square(x), x * x, what="square(x)")', "submission.square(x)"
    )
    return Finding(
        subject="reference, seed 1, 1 threads",
        promise="gets all points",
        broken=(
            "square_random broken: The check itself failed; this is not your fault. Staff are told."
        ),
    )


def missing_recording(course: Course) -> Finding:
    (course.assignments / "lab9_tiny" / "known_answers.bin").unlink(missing_ok=True)
    return Finding(
        subject="known_answers.bin",
        promise="is up to date",
        broken="there is none; `dlab validate --record` writes it",
    )


BREAKERS = (
    *(earning_stub, generous_check, failing_reference, failing_second_solution),
    *(too_few_second_solutions, mistake_that_is_not_caught, mistake_that_another_check_catches),
    *(mistake_that_is_not_named, mistake_of_an_unknown_check, mistake_without_a_check),
    mistake_that_does_not_load,
    *(check_without_a_mistake, check_that_does_not_exist, check_without_an_assertion),
    missing_recording,
)


@pytest.mark.parametrize("break_it", BREAKERS, ids=lambda function: function.__name__)
def test_broken_promise_is_found(course: Course, break_it: Callable[[Course], Finding]) -> None:
    expected = break_it(course)

    assert expected in prove(course).broken


def test_check_near_its_limit_is_found(course: Course) -> None:
    """The reference spends 40 ms in each call; half of it is allowed... and a third is too much."""
    burn = (
        "end = time.process_time() + 0.05\n    while time.process_time() < end:\n        pass\n    "
    )
    replace_in(solution(course), "return x * x", f"{burn}return x * x")
    replace_in(solution(course), "import numpy as np", "import time\n\nimport numpy as np")
    replace_in(lab_toml(course), "check_cpu_s = 4", "check_cpu_s = 0.12")

    found = [f for f in broken(course) if f.promise == "uses under a third of its limit"]

    assert [f.subject for f in found] == ["check square_table", "check square_random"]
    assert found[0].broken.endswith(" of 0.12 CPU seconds")


def test_check_that_fails_at_some_seeds_is_found_with_them(course: Course) -> None:
    path = hidden_folder(course) / "checks.py"
    replace_in(
        path,
        "x = rng.normal",
        'assert_close(seed % 2, 1, what="seed", dtype="any")\n    x = rng.normal',
    )
    replace_in(path, "rng: np.random.Generator)", "rng: np.random.Generator, seed: int)")

    found = broken(course, Plan(seeds=(1,), value_seeds=(1001, 1002, 1003, 1004), threads=(1,)))

    assert found[0] == Finding(
        subject="reference",
        promise="no false failure of 2 value checks at 4 seeds",
        broken="square_random at seeds [1002, 1004]",
    )


def test_lab_without_a_reference_is_refused(course: Course) -> None:
    solution(course).unlink()

    with pytest.raises(
        ContentError,
        match=r"^solutions/lab9_tiny/lab9\.py does not exist; a lab needs a reference\.$",
    ):
        prove(course)


def test_recording_is_written_on_request_and_is_then_up_to_date(course: Course) -> None:
    said: list[str] = []

    wanted = Wanted(seeds=1, value_seeds=0, mode="plain", is_recorded=True)
    proof = validate_lab(course, find_lab(course, "lab9"), wanted, said.append)

    assert proof.broken == []
    assert said[0] == "recording the answers of the mistakes"


def test_recording_of_other_checks_is_out_of_date(course: Course) -> None:
    replace_in(course.assignments / "lab9_tiny" / "checks.py", "-3.0, -1.0", "-3.5, -1.0")

    assert [f.broken for f in prove(course).broken if f.subject == "known_answers.bin"] == [
        "it is out of date; `dlab validate --record` writes it"
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_several_labs_are_proved_in_their_order(course: Course, jobs: int) -> None:
    lab = find_lab(course, "lab9")
    wanted = Wanted(seeds=1, value_seeds=0, mode="plain", only=("keeps",))

    found = list(validate_labs(course, [lab, lab], wanted, jobs=jobs, progress=lambda _: None))

    assert [lab.lab_id for lab, _ in found] == ["lab9_tiny", "lab9_tiny"]
    assert [proof.mistakes for _, proof in found] == [{"keeps_sign"}] * 2
    assert not any(proof.broken for _, proof in found)


# Plans


def test_seeds_are_counted_from_one_and_value_seeds_are_others() -> None:
    plan = with_seeds(Plan(threads=(1,)), 3, 2)

    assert plan == Plan(seeds=(1, 2, 3), value_seeds=(1001, 1002), threads=(1,))
