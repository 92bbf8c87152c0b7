"""Exports several quizzes at once: all of them, or nothing."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import ContentError, RequestError
from grader.quiz.export.moodle import checklist
from grader.quiz.export.target import Wish, find_target
from grader.quiz.model import Quiz

PRINTED = ("html", "pdf")
KEYS = "Keys inside: for teachers and the LMS only, never for students."


def render(quizzes: Sequence[Quiz], name: str, wish: Wish) -> dict[str, bytes]:
    """Return what each quiz becomes.

    Args:
        quizzes: With different ids.
        name: Of a target.
        wish: What the target may be told.

    Returns:
        File name to content.

    Raises:
        RequestError: If there is no such target.
        ContentError: All that the target refuses in any of the quizzes, a line each.
    """
    target = find_target(name)
    papers = replace(wish, with_key=False)
    files: dict[str, bytes] = {}
    refusals: list[str] = []
    for quiz in quizzes:
        try:
            files[f"{quiz.quiz_id}{target.suffix}"] = target.write(quiz, papers)
            if wish.with_key:
                files[f"{quiz.quiz_id}.key{target.suffix}"] = target.write(quiz, wish)
        except ContentError as error:
            refusals += [f"{quiz.quiz_id}: {line}" for line in str(error).splitlines()]
    if refusals:
        raise ContentError("\n".join(refusals))
    return files


def store(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write all files, or none: they are complete before the first gets its name.

    Raises:
        RequestError: If the folder cannot be written to.
    """
    paths = tuple(folder / name for name in files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if taken := [path for path in paths if path.is_dir()]:
            raise RequestError(f"{taken[0]} is a folder; move it, or choose another with --out.")
        with tempfile.TemporaryDirectory(dir=folder, prefix=".dlab-") as stage:
            for name, content in files.items():
                (Path(stage) / name).write_bytes(content)
            for path in paths:
                os.replace(Path(stage) / path.name, path)
    except OSError as error:
        raise RequestError(f"{folder} cannot be written to: {error.strerror}.") from error
    return paths


def advice(quizzes: Sequence[Quiz], name: str, wish: Wish) -> tuple[str, ...]:
    """Return what a teacher should know about the files, a line each."""
    if name in PRINTED:
        return ("The .key file is for you alone.",) if wish.with_key else ()
    lines = [KEYS]
    if name in ("moodle-xml", "gift"):
        for quiz in quizzes:
            lines.append(f"{quiz.quiz_id}: the file has questions only; set in the Moodle quiz:")
            lines += [f"  - {entry}" for entry in checklist(quiz)]
        lines.append(
            "Import a file once: Moodle never updates, a second import doubles the questions."
        )
    if name == "olx":
        lines.append("Import into an empty course of Studio: an import replaces all of a course.")
    return tuple(lines)
