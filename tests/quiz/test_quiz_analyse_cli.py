"""`dlab quiz analyse`: what is printed, what is refused, and how it exits."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from simulated import Class, answer

from cli.main import dlab
from grader.course import find_course
from grader.quiz.archive import plan_storing
from grader.quiz.source import find_quiz

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object):
    return CliRunner().invoke(
        dlab, ["--course", str(ROOT), "quiz", "analyse", *map(str, arguments)]
    )


def store(out: Path, count: int, *quiz_ids: str, late: int = 0) -> Path:
    course = find_course(ROOT)
    for quiz_id in quiz_ids:
        quiz = find_quiz(course, quiz_id)
        rows = list(answer(quiz, Class(count=count), is_post=quiz_id.endswith("post")))
        rows[:late] = [replace(row, late_s=60.0) for row in rows[:late]]
        plan_storing(out, course.title, quiz, rows, None).write()
    return out


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    return store(tmp_path_factory.mktemp("results"), 60, "session3-pre", "session3-post", late=2)


def test_session_shows_both_tests_the_gain_the_mistakes_and_what_to_look_at(results):
    done = run("session3", "--out", results)

    assert done.exit_code == 0
    for words in (
        "session3-pre: Session 3, entry test",
        "58 students, 7 questions, 7 points; mean",
        "2 attempts ended after the deadline (not counted here).",
        "Cronbach's alpha",
        "n = 58",
        "What was learned: session3-pre to session3-post",
        "58 students took both tests",
        "Mistakes that show in the answers",
        "What to look at",
    ):
        assert words in done.stdout
    assert done.stderr == ""


def test_lines_fit_on_80_columns_and_have_no_colour_without_a_terminal(results):
    done = run("session3", "--out", results, "--full")

    too_long = [line for line in done.stdout.splitlines() if len(line) > 80]
    assert too_long == []
    assert "\x1b" not in done.stdout


def test_one_quiz_has_no_gain(results):
    done = run("session3-post", "--out", results)

    assert done.exit_code == 0
    assert "What was learned" not in done.stdout
    assert "session3-pre" not in done.stdout


def test_full_prints_every_answer(results):
    done = run("session3-pre", "--out", results, "--full")

    assert "no answer" in done.stdout
    assert "bottom" in done.stdout
    assert "right by variant: v1" in done.stdout


def test_late_attempts_count_if_asked(results):
    done = run("session3-pre", "--out", results, "--with-late")

    assert "60 students" in done.stdout
    assert "2 attempts ended after the deadline (counted here)." in done.stdout


def test_json_has_a_version_all_numbers_and_no_student(results):
    done = run("session3", "--out", results, "--json")
    data = json.loads(done.stdout)

    assert done.exit_code == 0
    assert (data["schema"], data["kind"], data["name"]) == (1, "quiz-analysis", "session3")
    assert [quiz["quiz"] for quiz in data["quizzes"]] == ["session3-pre", "session3-post"]
    assert data["quizzes"][0]["students"] == 58
    (comparison,) = data["comparisons"]
    assert comparison["gain"]["hake_95"][0] < comparison["gain"]["hake"]
    assert "s000" not in done.stdout
    assert "NaN" not in done.stdout
    assert done.stdout == run("session3", "--out", results, "--json").stdout


def test_seed_moves_only_the_intervals(results):
    one = json.loads(run("session3", "--out", results, "--json", "--seed", 1).stdout)
    two = json.loads(run("session3", "--out", results, "--json", "--seed", 2).stdout)

    first, second = (data["comparisons"][0]["gain"] for data in (one, two))
    assert first["hake"] == second["hake"]
    assert first["hake_95"] != second["hake_95"]
    assert one["quizzes"] == two["quizzes"]


def test_page_is_written_and_said_on_stderr(results, tmp_path):
    page = tmp_path / "new" / "page.html"
    done = run("session3", "--out", results, "--html", page, "--json")

    assert done.exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "it holds the keys" in done.stderr
    json.loads(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["session33"], "There is no quiz and no session 'session33'. Did you mean 'session3'?"),
        (["zzz"], "There is no quiz and no session 'zzz'. There are: session1, session2,"),
        (["session3-prae"], "Did you mean 'session3-pre'?"),
        (["session1"], "There are no attempts of 'session1' in"),
        (["session1", "--keep", "last"], "No such option"),
        (["session1", "--seed", "-1"], "not in the range"),
    ],
)
def test_what_cannot_be_analysed_is_one_line(results, arguments, words):
    done = run(*arguments, "--out", results)

    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stdout == ""
    assert len([line for line in done.stderr.splitlines() if line.startswith("Error")]) == 1


def test_fewer_than_five_students_are_refused_and_no_page_is_written(tmp_path):
    out, page = store(tmp_path / "out", 6, "session3-pre", late=2), tmp_path / "page.html"
    done = run("session3", "--out", out, "--html", page)

    assert done.exit_code == 2
    assert "has attempts of 4 students (2 more ended late; --with-late counts them)" in done.stderr
    assert not page.exists()


def test_only_late_attempts_are_said(tmp_path):
    out = store(tmp_path, 3, "session3-pre", late=3)
    done = run("session3-pre", "--out", out)

    assert "There are no attempts" in done.stderr
    assert "3 more ended late" in done.stderr


def test_few_students_see_shares_only(tmp_path):
    out = store(tmp_path, 12, "session3-pre", "session3-post")
    done = run("session3", "--out", out)

    assert done.exit_code == 0
    assert "Below 20 students only shares are shown" in done.stdout
    assert "rest r" not in done.stdout
    assert "12 students took both tests" in done.stdout


def test_one_test_of_two_says_why_there_is_no_gain(tmp_path):
    out = store(tmp_path, 25, "session3-pre")
    done = run("session3", "--out", out)

    assert done.exit_code == 0
    assert "No gain is shown: there are no attempts of session3-post yet." in done.stdout


def test_damaged_attempts_are_one_line(tmp_path):
    folder = tmp_path / "quizzes" / "session3-pre"
    folder.mkdir(parents=True)
    (folder / "attempts.json").write_text("{")
    done = run("session3", "--out", tmp_path)

    assert done.exit_code == 2
    assert "is damaged" in done.stderr


def test_a_broken_bank_is_staffs_to_mend(tmp_path):
    (tmp_path / "course.toml").write_text('schema = 1\ntitle = "T"\n')
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "quizzes" / "s1-pre.quiz.md").write_text("---\nquiz: other\n---\n")
    done = CliRunner().invoke(dlab, ["--course", str(tmp_path), "quiz", "analyse", "s1"])

    assert done.exit_code == 3
    assert "s1-pre.quiz.md" in done.stderr


def test_a_quiz_without_questions_is_said(tmp_path):
    (tmp_path / "course.toml").write_text('schema = 1\ntitle = "T"\n')
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "quizzes" / "s1-pre.quiz.md").write_text("---\nquiz: s1-pre\n---\n\nNothing.\n")
    done = CliRunner().invoke(dlab, ["--course", str(tmp_path), "quiz", "analyse", "s1"])

    assert done.exit_code == 3
    assert "has no question" in done.stderr


def test_a_page_that_cannot_be_written_is_one_line(results, tmp_path):
    (tmp_path / "file").write_text("")
    done = run("session3", "--out", results, "--html", tmp_path / "file" / "page.html")

    assert done.exit_code == 2
    assert "cannot be written" in done.stderr


def test_code_of_the_same_students_is_joined(tmp_path):
    from grader.gradebook import SUMMARY_FILE

    out = store(tmp_path, 60, "session3-pre")
    lab = out / "lab1_gradient_descent"
    for number in range(60):
        (lab / f"s{number:03d}").mkdir(parents=True)
        (lab / f"s{number:03d}" / "result.json").write_text("{}")
    makers = [f"s{number:03d}" for number in range(0, 60, 2)]
    topic = {"mistake": "classical_momentum", "students": makers}
    (lab / SUMMARY_FILE).write_text(json.dumps({"topics": [topic], "not_graded": []}))
    done = run("session3", "--out", out, "--json")
    seen = {entry["name"]: entry for entry in json.loads(done.stdout)["misconceptions"]}
    (link,) = seen["classical_momentum"]["labs"]

    assert link["chosen"] + link["others"] == 60
    assert link["both"] + link["others_both"] == 30
    assert seen["classical_momentum"]["headline"].startswith("The gradient gets weight 1")
    words = " ".join(run("session3", "--out", out).stdout.split())
    assert f"of the {link['chosen']} who show it here and handed in lab1_gradient_descent" in words


def test_command_that_is_proposed_names_the_folder(results):
    done = run("session3", "--out", results)

    assert f"quiz analyse session3 --out {results} --html analysis.html" in done.stdout
