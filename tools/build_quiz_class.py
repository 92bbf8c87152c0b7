"""Writes examples/quizzes/: what the sample class answered, as Moodle's responses report gives it.

    python tools/build_quiz_class.py

The students are those of examples/class; their answers are drawn (a two-parameter logistic model
with a fixed seed). To be run again when a question of session 2 changes.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "quiz"))

from response_files import Person, moodle_csv  # noqa: E402
from simulated import Class, answer  # noqa: E402

from grader.course import find_course  # noqa: E402
from grader.quiz.attempt import mark_attempt  # noqa: E402
from grader.quiz.model import Quiz, Role  # noqa: E402
from grader.quiz.source import find_quiz  # noqa: E402

OUT = ROOT / "examples" / "quizzes"
AWAY = {"session2-pre": ("vito",), "session2-post": ("eno", "otis")}  # who did not take a test
OF_TEN = 10  # Moodle's scale


def main() -> None:
    """Write both files."""
    OUT.mkdir(exist_ok=True)
    course = find_course(ROOT, str(ROOT))
    for quiz_id, away in AWAY.items():
        quiz = find_quiz(course, quiz_id)
        people = [person for person in _people(quiz) if person.student not in away]
        (OUT / f"{quiz_id}.moodle.csv").write_bytes(moodle_csv(quiz, people))
        print(f"{quiz_id}: {len(people)} students")


def _people(quiz: Quiz) -> list[Person]:
    names = sorted(path.name for path in (ROOT / "examples" / "class").iterdir())
    drawn = answer(quiz, Class(count=len(names)), is_post=quiz.role is Role.POST)
    people = []
    for name, attempt in zip(names, drawn, strict=True):
        answers = {r.question_id: (r.variant, r.value) for r in attempt.responses}
        grade = OF_TEN * mark_attempt(quiz, attempt).points / quiz.points
        people.append(Person(student=name, answers=answers, grade=grade))
    return people


if __name__ == "__main__":
    main()
