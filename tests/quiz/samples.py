"""A quiz with every type of question, for tests."""

import shutil
from pathlib import Path

from grader.quiz.model import Quiz
from grader.quiz.source import read_quiz

SAMPLE = Path(__file__).parent / "sample" / "sample.quiz.md"


def sample_quiz() -> Quiz:
    """Return the sample: single, multiple, true/false, numeric with variants, matching, ..."""
    return read_quiz(SAMPLE)


def write_quiz(folder: Path, text: str, name: str = "test") -> Path:
    """Write a quiz of the given questions under a plain front matter; return its path."""
    path = folder / f"{name}.quiz.md"
    path.write_text(f"---\nquiz: {name}\ntitle: Test\n---\n\n{text}\n", encoding="utf-8")
    return path


def sample_course(folder: Path) -> Path:
    """Make a course whose bank is the sample; return its folder."""
    (folder / "course.toml").write_text('schema = 1\ntitle = "T"\n[grading]\nseed = 7\n')
    (folder / "quizzes").mkdir()
    shutil.copy(SAMPLE, folder / "quizzes")
    return folder
