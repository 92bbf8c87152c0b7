"""Writes a quiz as JSON: everything dlab knows of it, keys and all, for programs."""

import json

from pydantic import TypeAdapter

from grader.quiz.export.target import Wish
from grader.quiz.model import SCHEMA_VERSION, Quiz


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the quiz as a file. Where its images lie is not in it: a path of this machine."""
    data = TypeAdapter(Quiz).dump_python(quiz, mode="json", exclude={"folder"})
    text = json.dumps({"schema": SCHEMA_VERSION, **data}, indent=2, ensure_ascii=False)
    return (text + "\n").encode("utf-8", "backslashreplace")
