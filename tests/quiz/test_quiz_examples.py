"""The sample class's answers fit the bank as it is; else `python tools/build_quiz_class.py`."""

from pathlib import Path

import pytest

from grader.course import find_course
from grader.demo import ANSWERS, analyse_answers
from grader.quiz.responses.collect import collect
from grader.quiz.responses.sheet import Wish
from grader.quiz.source import find_quiz

ROOT = Path(__file__).resolve().parents[2]
COURSE = find_course(ROOT, str(ROOT))
FILES = sorted((ROOT / ANSWERS).glob("*.moodle.csv"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_answer_is_placed_and_scored_as_moodle_did(path: Path) -> None:
    quiz = find_quiz(COURSE, path.name.partition(".")[0])

    found = collect([path], quiz, Wish(), None, list)

    assert [str(issue) for issue in found.issues] == []
    assert found.differences == ()
    assert found.compared == len(found.attempts) >= 20


def test_the_demo_analyses_both_tests(tmp_path: Path) -> None:
    found = analyse_answers(COURSE, tmp_path)

    assert len(FILES) == 2
    assert len(found.comparisons) == 1
