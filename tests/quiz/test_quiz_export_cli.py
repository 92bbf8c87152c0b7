"""`dlab quiz export`, and the two targets for programs: CSV and JSON."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from moodle_reader import read_moodle
from nasty import quizzes
from pydantic import TypeAdapter
from samples import sample_course, sample_quiz, write_quiz

from cli.main import dlab
from grader.errors import RequestError
from grader.quiz.export import bundle, plain, table
from grader.quiz.export.target import TARGETS, Wish
from grader.quiz.export.xml import legal
from grader.quiz.model import SCHEMA_VERSION, Choice, Numeric, Quiz, Short
from grader.quiz.source import read_quiz

Export = Callable[..., Result]
SOUND = "## {name}: A\n\nB?\n\n- [x] c\n- [ ] d\n"
ORDER = "## {name}: A\n\nB?\n\n1. c\n2. d\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The sample, a quiz that every target takes, and one that only some take."""
    folder = sample_course(tmp_path)
    write_quiz(folder / "quizzes", SOUND.format(name="one"), "plain")
    write_quiz(folder / "quizzes", ORDER.format(name="two"), "order")
    return folder


@pytest.fixture
def export(course: Path) -> Export:
    """Run `dlab quiz export` in the course."""

    def run(*words: object) -> Result:
        line = ["--course", str(course), "quiz", "export", *map(str, words)]
        return CliRunner().invoke(dlab, line)

    return run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- what is written -------------------------------------------------------------------------


def test_writes_one_file_a_quiz_and_prints_its_path(export: Export, tmp_path: Path):
    out = tmp_path / "out"

    result = export("plain", "sample", "--to", "moodle-xml", "--out", out)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        str(out / "plain.moodle.xml"),
        str(out / "sample.moodle.xml"),
    ]
    assert names(out) == ["plain.moodle.xml", "sample.moodle.xml"]
    assert len(read_moodle((out / "sample.moodle.xml").read_bytes())) == 10


def test_says_that_keys_are_inside_and_what_no_file_can_set(export: Export, tmp_path: Path):
    result = export("sample", "--to", "moodle-xml", "--out", tmp_path / "out")

    said = result.stderr.splitlines()
    assert said[0] == "Keys inside: for teachers and the LMS only, never for students."
    assert said[1] == "sample: the file has questions only; set in the Moodle quiz:"
    assert "  - time limit: 10 minutes; attempts allowed: 1" in said
    assert "  - question behaviour: deferred feedback" in said
    assert said[-1].startswith("Import a file once: Moodle never updates")


def test_a_path_of_a_file_will_do(export: Export, tmp_path: Path):
    path = write_quiz(tmp_path, SOUND.format(name="x"), "mine")

    assert export(path, "--to", "gift", "--out", tmp_path / "out").exit_code == 0
    assert names(tmp_path / "out") == ["mine.gift.txt"]


def test_all_exports_the_whole_bank_each_once(export: Export, tmp_path: Path):
    result = export("--all", "--to", "json", "--out", tmp_path / "out")

    assert result.exit_code == 0
    assert names(tmp_path / "out") == ["order.json", "plain.json", "sample.json"]
    assert export("plain", "plain", "--to", "json", "--out", tmp_path).stdout.count("\n") == 1


def test_an_older_export_is_replaced(export: Export, tmp_path: Path):
    (tmp_path / "plain.gift.txt").write_text("old")

    export("plain", "--to", "gift", "--out", tmp_path)

    assert "old" not in (tmp_path / "plain.gift.txt").read_text()


def test_json_lists_the_files_and_nothing_else(export: Export, tmp_path: Path):
    result = export("plain", "--to", "olx", "--out", tmp_path, "--json")

    listed = json.loads(result.stdout)
    path = tmp_path / f"plain{TARGETS['olx'].suffix}"
    size = path.stat().st_size
    assert listed["files"] == [{"quiz": "plain", "path": str(path), "bytes": size}]
    assert listed["target"] == "olx"
    assert any("replaces all of a course" in line for line in listed["advice"])
    assert result.stderr == ""


# --- all or nothing --------------------------------------------------------------------------


def test_nothing_is_written_when_one_quiz_is_refused(export: Export, tmp_path: Path):
    result = export("plain", "order", "sample", "--to", "gift", "--out", tmp_path / "out")

    assert result.exit_code == 3
    assert not (tmp_path / "out").exists()
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Error: order: two (line 6): GIFT knows no ordering (of 2 steps)")
    assert [line.split(":")[1] for line in lines] == [" order"] + [" sample"] * 3


def test_nothing_is_left_behind_when_the_disk_refuses(tmp_path: Path):
    (tmp_path / "b.txt").mkdir()

    with pytest.raises(RequestError, match=r"b\.txt is a folder; move it"):
        bundle.store(tmp_path, {"a.txt": b"1", "b.txt": b"2"})
    assert names(tmp_path) == ["b.txt"]


def test_folder_that_is_a_file_is_named(export: Export, tmp_path: Path):
    (tmp_path / "taken").write_text("")

    result = export("plain", "--to", "gift", "--out", tmp_path / "taken")

    assert result.exit_code == 2
    assert "taken cannot be written to" in result.stderr


# --- wrong requests --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plain", "--to", "modle-xml"], "There is no target 'modle-xml'. Did you mean 'moodle-x"),
        (["plain", "--to", "blackboard"], "There is no target 'blackboard'. There are: moodle-xml"),
        (["plan", "--to", "gift"], "There is no quiz 'plan'. Did you mean 'plain'?"),
        (["--to", "gift"], "Name quizzes, or give --all; not both."),
        (["plain", "--all", "--to", "gift"], "Name quizzes, or give --all; not both."),
        (["plain"], "Missing option '--to'"),
        (["plain", "--to", "gift", "--copies", "2"], "--copies is for --to html or pdf, not gift."),
        (["plain", "--to", "gift", "--key"], "--key is for --to html or pdf, not gift."),
        (["plain", "--to", "gift", "--moodle", "4.3"], "--moodle is for --to moodle-xml, not gift"),
        (["plain", "--to", "gift", "--whole-points"], "--whole-points is for --to canvas or olx"),
        (["plain", "--to", "moodle-xml", "--moodle", "four"], "--moodle is a version such as 4.3"),
        (["plain", "--to", "html", "--copies", "0"], "0 is not in the range"),
    ],
)
def test_wrong_request_exits_with_2(export: Export, tmp_path: Path, words, message):
    result = export(*words, "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("version", ["4.4", "4.5.2+", "5", "5.1"])
def test_new_moodle_gets_orderings(export: Export, tmp_path: Path, version: str):
    result = export("order", "--to", "moodle-xml", "--moodle", version, "--out", tmp_path)

    assert result.exit_code == 0


@pytest.mark.parametrize("version", ["4.3", "4.2.3", "3.11"])
def test_old_moodle_gets_none(export: Export, tmp_path: Path, version: str):
    result = export("order", "--to", "moodle-xml", "--moodle", version, "--out", tmp_path)

    assert result.exit_code == 3
    assert "knows no ordering and would refuse the whole file; export with --mo" in result.stderr


def test_two_files_of_one_name_are_not_confused(export: Export, tmp_path: Path):
    path = write_quiz(tmp_path, SOUND.format(name="x"), "plain")

    result = export("plain", path, "--to", "gift", "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert "Two files are called 'plain'" in result.stderr


def test_broken_quiz_names_file_and_line(export: Export, course: Path):
    (course / "quizzes" / "bad.quiz.md").write_text("---\nquiz: bad\n---\n\n## x: X\n\nB?\n")

    result = export("bad", "--to", "gift")

    assert result.exit_code == 3
    assert "quizzes/bad.quiz.md:5: error: the question has no answers" in result.stderr


def test_help_names_every_target(export: Export):
    text = export("--help").stdout

    for name in TARGETS:
        assert name in text


# --- CSV and JSON ----------------------------------------------------------------------------


def rows(quiz: Quiz) -> list[dict[str, str]]:
    content = table.write(quiz, Wish())
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_csv_has_a_row_an_answer():
    found = [row for row in rows(sample_quiz()) if row["question"] == "regularisers"]

    assert [(row["answer"], row["share"]) for row in found][2:4] == [
        ("early stopping", "1"),
        ("a ten times larger learning rate", "0"),
    ]
    assert {row["scoring"] for row in found} == {"net"}


def test_csv_has_pairs_steps_and_numbers():
    found = {row["question"]: row for row in rows(sample_quiz())}  # the last row of each

    assert (found["shapes"]["answer"], found["shapes"]["match"]) == ("", "`(16, 30, 30)`")
    assert (found["step-order"]["answer"], found["step-order"]["match"]) == (
        "`optimizer.step()`",
        "4",
    )
    assert found["sigmoid"]["tolerance"] == "0.001"
    assert found["conv-params"]["variant"] == "3"
    assert found["conv-params"]["values"].startswith("c_in=")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1+1", "'+1+1"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1.5", "-1.5"),
        ("+3e5", "+3e5"),
        ("\uff1d1", "'\uff1d1"),
        ("a,\"b\"", "a,\"b\""),
    ],
)  # fmt: skip
def test_csv_has_no_formula(tmp_path: Path, text: str, cell: str):
    quiz = read_quiz(write_quiz(tmp_path, f'## a: A\n\nB?\n\n= "{text}"\n'))

    assert rows(quiz)[0]["answer"] == cell


@settings(max_examples=60, deadline=None)
@given(quizzes())
def test_csv_reads_back(quiz: Quiz):
    found = rows(quiz)

    for question in quiz.questions():
        mine = [row for row in found if row["question"] == question.question_id]
        assert {row["stem"].removeprefix("'") for row in mine} == {legal(question.stem)}
        answer = question.answer
        if isinstance(answer, Choice | Short):
            texts = answer.options if isinstance(answer, Choice) else answer.accepted
            assert [row["answer"].removeprefix("'") for row in mine] == [
                legal(entry.text).removeprefix("'") for entry in texts
            ]
        if isinstance(answer, Numeric):
            assert [float(row["answer"]) for row in mine] == [n.value for n in answer.accepted]


@settings(max_examples=60, deadline=None)
@given(quizzes())
def test_json_is_the_whole_model(quiz: Quiz):
    data = json.loads(plain.write(quiz, Wish()))

    assert data.pop("schema") == SCHEMA_VERSION
    assert "folder" not in data
    assert TypeAdapter(Quiz).validate_python(data | {"folder": quiz.folder}) == quiz


def test_json_of_the_sample_has_no_path_of_this_machine():
    assert str(Path(__file__).parent) not in plain.write(sample_quiz(), Wish()).decode()


# --- what the lecturer decides ---------------------------------------------------------------


def test_another_rule_and_fewer_questions_make_every_target_possible(
    export: Export, tmp_path: Path
) -> None:
    options = ("--scoring", "each", "--whole-points", "--without", "step-order")

    done = export("sample", "--to", "olx", "--out", tmp_path / "out", *options)

    assert done.exit_code == 0, done.output
    assert names(tmp_path / "out") == ["sample.olx.tar.gz"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--without", "nobody"), "There is no question 'nobody' to leave out."),
        (("--without", "one"), "Nothing would be left of 'plain'."),
        (("--scoring", "half"), "--scoring is one of all, net, balanced, each, coverage"),
    ],
)
def test_what_cannot_be_decided_is_told(
    export: Export, options: tuple[str, ...], said: str
) -> None:
    done = export("plain", "--to", "json", *options)

    assert done.exit_code == 2
    assert said in done.stderr


def test_the_key_of_printed_papers_is_a_file_of_its_own(export: Export, tmp_path: Path) -> None:
    done = export("sample", "--to", "html", "--out", tmp_path / "out", "--copies", 2, "--key")

    assert done.exit_code == 0, done.output
    assert names(tmp_path / "out") == ["sample.html", "sample.key.html"]
    assert "cross_entropy" not in (tmp_path / "out" / "sample.html").read_text()
    assert "cross_entropy" in (tmp_path / "out" / "sample.key.html").read_text()


def test_errors_that_lint_finds_are_told_at_export(
    export: Export, course: Path, tmp_path: Path
) -> None:
    options = "- [x] same\n- [ ] same\n- [ ] other\n"
    write_quiz(course / "quizzes", f"## dup: A\n\nB?\n\n{options}", "twice")

    done = export("twice", "--to", "json", "--out", tmp_path / "out")

    assert done.exit_code == 0
    assert "twice: lint finds 1 error; see `dlab quiz lint twice`" in done.stderr
