"""Writes a quiz as a course of Open edX (OLX), for "Import" in Studio.

An import replaces the whole course: it goes into an empty one, from which the section is copied.
Titles and feedback to options name the key, and edX shows them at once: titles are left out, and
feedback stands in the solution, which shows when the due date is over.

Source: capa/responsetypes.py of edx-platform, read; `edx-cleaner` checks what is written here.
"""

import base64
import gzip
import io
import json
import tarfile
from collections.abc import Sequence
from typing import Any

from grader.quiz.export import xml
from grader.quiz.export.carry import convert
from grader.quiz.export.moodle import file_name
from grader.quiz.export.olx_merge import merge
from grader.quiz.export.olx_response import add_response, notes
from grader.quiz.export.target import Wish
from grader.quiz.markup import ImageSource, embedded, to_html, to_inline_html
from grader.quiz.model import Question, Quiz, Role

RUN = "dlab"
START, END = "2020-01-01T00:00:00Z", "2099-12-31T00:00:00Z"  # a course has both
IMAGE = "course_image.png"  # a course has one: a grey pixel
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mN4AAAA4gDhuP4+jQAAAABJRU5ErkJggg=="
)
LATER = "past_due"  # without a due date: not before the teacher sets one


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the course as a .tar.gz.

    Raises:
        ContentError: What edX cannot carry, a line for each question.
    """
    files: dict[str, bytes] = {}

    def image(path: str) -> str:
        name = file_name(path)
        data = embedded(quiz.folder)(path).partition(";base64,")[2]
        files[f"static/{name}"] = base64.b64decode(data)
        return f"/static/{name}"

    made = convert(quiz, lambda question: _problem(quiz, question, wish, image))
    names = []
    for number, (entry, group) in enumerate(zip(quiz.entries, made, strict=True), 1):
        problem = merge(entry.first, group)
        problem.set("display_name", f"Question {number}")
        names.append(entry.question_id)
        files[f"problem/{entry.question_id}.xml"] = xml.to_bytes(problem)
    files |= _course(quiz, names) | {f"static/{IMAGE}": base64.b64decode(PIXEL)}
    if quiz.introduction:
        page = xml.new("html", {"display_name": quiz.title})
        xml.add_html(page, to_html(quiz.introduction, image=image))
        files["html/introduction.xml"] = xml.to_bytes(page)
    return _packed(files)


def _course(quiz: Quiz, names: Sequence[str]) -> dict[str, bytes]:
    """Return everything above the problems."""
    title, name = {"display_name": quiz.title}, f"quiz-{quiz.quiz_id}"
    root = xml.new("course", {"url_name": RUN, "org": "dlab", "course": quiz.quiz_id})
    course = xml.new("course", title | {"start": START, "end": END, "course_image": IMAGE})
    sequential = title | {"showanswer": LATER, "show_correctness": LATER}
    if quiz.role is not Role.PRACTICE:
        sequential |= {"graded": "true", "format": "Quiz"}
    if quiz.minutes:
        sequential |= {"is_time_limited": "true", "default_time_limit_minutes": str(quiz.minutes)}
    levels = {
        "course.xml": (root, "", ()),
        f"course/{RUN}.xml": (course, "chapter", [name]),
        f"chapter/{name}.xml": (xml.new("chapter", title), "sequential", [f"{name}-test"]),
        f"sequential/{name}-test.xml": (
            xml.new("sequential", sequential),
            "vertical",
            [f"{name}-{number}" for number in range(1, len(names) + 1)],
        ),
    }
    for number, question_id in enumerate(names, 1):
        page = xml.new("vertical", {"display_name": f"Question {number}"})
        if number == 1 and quiz.introduction:
            xml.add(page, "html", attributes={"url_name": "introduction"})
        levels[f"vertical/{name}-{number}.xml"] = (page, "problem", [question_id])
    files = {}
    for path, (element, tag, children) in levels.items():
        for child in children:
            xml.add(element, tag, attributes={"url_name": child})
        files[path] = xml.to_bytes(element)
    return files | _policies(quiz)


def _policies(quiz: Quiz) -> dict[str, bytes]:
    grader = {
        "type": "Quiz",
        "short_label": "Quiz",
        "min_count": 1,
        "drop_count": 0,
        "weight": 1.0,
    }
    policy = {f"course/{RUN}": {"enable_timed_exams": bool(quiz.minutes)}}
    grading = {"GRADER": [grader], "GRADE_CUTOFFS": {"Pass": 0.5}}
    return {
        f"policies/{RUN}/policy.json": json.dumps(policy, indent=2).encode(),
        f"policies/{RUN}/grading_policy.json": json.dumps(grading, indent=2).encode(),
    }


def _problem(quiz: Quiz, question: Question, wish: Wish, image: ImageSource) -> Any:
    problem = xml.new(
        "problem",
        {
            "max_attempts": "1",
            "weight": f"{question.points:.1f}",
            "showanswer": LATER,
            "show_correctness": LATER,
        },
    )
    stem, line = to_html(question.stem, image=image), to_inline_html(question.stem, image=image)
    if stem == line:  # more than one paragraph
        xml.add_html(problem, stem)
        line = "Your answer"
    add_response(problem, quiz, question, wish, line)
    _add_solution(problem, question, image)
    return problem


def _add_solution(problem: Any, question: Question, image: ImageSource) -> None:
    lines = notes(question)
    if not lines and not question.explanation:
        return
    solution = xml.add(xml.add(problem, "solution"), "div", "", {"class": "detailed-solution"})
    xml.add(solution, "p", "Explanation")
    if question.explanation:
        xml.add_html(solution, to_html(question.explanation, image=image))
    listing = xml.add(solution, "ul") if lines else None
    for text, feedback in lines:
        item = xml.add(listing, "li")
        xml.add_html(item, f"{to_html(text, image=image)}{to_html(feedback, image=image)}")


def _packed(files: dict[str, bytes]) -> bytes:
    """Return the files in a folder `course`: the same bytes for the same files."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"course/{path}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()
