"""course.toml: found in a fixed order, and each broken rule told in one line."""

import re
import tomllib
from pathlib import Path

import pytest

from grader.course import find_course
from grader.errors import ContentError, RequestError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a course, outside of any course, with no course in the environment."""
    monkeypatch.delenv("DLAB_COURSE", raising=False)
    return tmp_path


def write(folder: Path, text: str = 'schema = 1\ntitle = "T"\n') -> Path:
    """Write a course.toml."""
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return folder


def problem_of(folder: Path, text: str) -> str:
    """Return what is said about a course.toml."""
    with pytest.raises(ContentError) as caught:
        find_course(write(folder, text))
    return str(caught.value)


# Where it is looked for


def test_course_here_is_found(root: Path) -> None:
    course = find_course(write(root))

    assert (course.root, course.title, course.seed) == (root, "T", 1)


def test_nearest_course_above_is_found(root: Path) -> None:
    write(root, 'title = "far"')
    write(root / "a", 'title = "near"')
    (root / "a" / "b" / "c").mkdir(parents=True)

    assert find_course(root / "a" / "b" / "c").title == "near"


def test_named_course_wins_over_the_one_here(root: Path) -> None:
    write(root, 'title = "here"')
    other = write(root / "other", 'title = "other"')

    assert find_course(root, str(other)).title == "other"


def test_course_here_wins_over_the_environment(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLAB_COURSE", str(write(root / "other", 'title = "other"')))

    assert find_course(write(root / "here", 'title = "here"')).title == "here"


def test_environment_is_used_where_there_is_none(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLAB_COURSE", str(write(root / "other", 'title = "other"')))
    (root / "empty").mkdir()

    assert find_course(root / "empty").title == "other"


def test_installed_course_is_the_last_resort(root: Path) -> None:
    course = find_course(root)

    assert (course.assignments / "lab2_backprop" / "lab.toml").is_file()


def test_named_folder_without_a_course_is_refused(root: Path) -> None:
    with pytest.raises(
        RequestError, match=rf"^--course {root}: there is no course\.toml in that folder\.$"
    ):
        find_course(root, str(root))


def test_folder_of_the_environment_without_a_course_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLAB_COURSE", str(root))

    with pytest.raises(
        RequestError, match=rf"^DLAB_COURSE={root}: there is no course\.toml in that folder\.$"
    ):
        find_course(root)


# Its rules


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sede = 1", "sede is not a known key; known are schema, title, grading."),
        ("titel = 1", "titel is not a known key; write 'title'."),
        ("[grading]\nsed = 1", "grading.sed is not a known key; write 'seed'."),
        ("[grading]\nlate = 1", "grading.late is not a known key; known are seed."),
        ("grading = 3", "grading must be a table: write [grading]."),
        ("schema = 2", "schema must be 1, not 2."),
        ("title = 3", "title must be text in quotes, not 3."),
        *(
            (
                f"[grading]\nseed = {written}",
                f"grading.seed must be a whole number, 0 or more, not {shown}.",
            )
            for written, shown in (("-1", -1), ("1.5", 1.5), ("true", True), ('"1"', "'1'"))
        ),
    ],
)
def test_broken_rule_is_told_in_one_line(root: Path, text: str, message: str) -> None:
    assert problem_of(root, text) == f"course.toml: {message}"


def test_bad_toml_is_told_with_its_place(root: Path) -> None:
    message = problem_of(root, "title = \n")

    assert re.fullmatch(r"course\.toml: not valid TOML: .* \(at line 1, column 9\)", message)


def test_text_that_is_not_utf_8_is_told(root: Path) -> None:
    (root / "course.toml").write_bytes(b'title = "caf\xe9"')

    with pytest.raises(ContentError, match=r"^course\.toml: not valid TOML: 'utf-8' codec"):
        find_course(root)


def test_title_is_the_folders_name_where_it_is_missing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(root / "deep-learning", ""))

    assert find_course(Path()).title == "deep-learning"


# What is in it


def test_folders_are_below_the_root(root: Path) -> None:
    course = find_course(write(root))

    assert course.assignments == root / "assignments"
    assert course.solutions == root / "solutions"
    assert course.hidden == root / "autograder_tests"


def test_reference_is_found_where_it_is(root: Path) -> None:
    course = find_course(write(root))
    (root / "solutions" / "lab9_tiny").mkdir(parents=True)
    path = root / "solutions" / "lab9_tiny" / "lab9.py"
    assert course.reference("lab9_tiny", "lab9.py") is None

    path.write_text("")

    assert course.reference("lab9_tiny", "lab9.py") == path


def test_the_grading_seed_is_not_in_what_students_install() -> None:
    """It draws the inputs of hidden checks."""
    root = Path(__file__).resolve().parents[1]
    shipped = tomllib.loads((root / "pyproject.toml").read_text())
    files = shipped["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    (source,) = [name for name, target in files.items() if target.endswith("course.toml")]
    ours, theirs = (tomllib.loads((root / name).read_text()) for name in ("course.toml", source))

    assert "grading" not in theirs
    assert ours["title"] == theirs["title"]
