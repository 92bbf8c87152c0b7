"""What a quiz can be exported to."""

import difflib
import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.errors import ContentError, RequestError
from grader.quiz.model import Question, Quiz
from grader.quiz.source import SUFFIX, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an export may be told.

    Attributes:
        moodle: Version of Moodle that will read it: before (4, 4) it knows no ordering.
        copies: Of printed papers: how many different ones, each in its own order.
        with_key: Whether the key of printed papers is written, instead of the papers.
        whole_points: Whether numbers and texts that earn a part of the points may earn none where
            the target knows no parts; otherwise it refuses them.
    """

    moodle: tuple[int, int] = (4, 4)
    copies: int = 1
    with_key: bool = False
    whole_points: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One format.

    Attributes:
        module: Has `write(quiz: Quiz, wish: Wish) -> bytes`, a pure function.
        suffix: Of the file, with its dot.
        what: One line for `dlab quiz export --help`.
    """

    module: str
    suffix: str
    what: str

    @property
    def write(self) -> Callable[[Quiz, Wish], bytes]:
        """The function that does it."""
        function: Callable[[Quiz, Wish], bytes] = importlib.import_module(self.module).write
        return function


TARGETS = {
    "moodle-xml": Target(
        module="grader.quiz.export.moodle_xml", suffix=".moodle.xml", what="Moodle question bank"
    ),
    "gift": Target(module="grader.quiz.export.gift", suffix=".gift.txt", what="GIFT, to be read"),
    "canvas": Target(
        module="grader.quiz.export.canvas", suffix=".canvas.zip", what="Canvas (QTI 1.2 package)"
    ),
    "qti21": Target(module="grader.quiz.export.qti21", suffix=".qti21.zip", what="QTI 2.1 package"),
    "qti3": Target(module="grader.quiz.export.qti3", suffix=".qti3.zip", what="QTI 3.0 package"),
    "olx": Target(
        module="grader.quiz.export.olx", suffix=".olx.tar.gz", what="Open edX course (OLX)"
    ),
    "csv": Target(module="grader.quiz.export.table", suffix=".csv", what="one row an answer"),
    "json": Target(module="grader.quiz.export.plain", suffix=".json", what="the whole model, keys"),
    "html": Target(
        module="grader.quiz.export.printable", suffix=".html", what="to print, with answer sheet"
    ),
    "pdf": Target(module="grader.quiz.export.pdf", suffix=".pdf", what="the same, as PDF"),
}


def refuse(question: Question, target: str, reason: str) -> ContentError:
    """Return the error of a question that a target cannot carry.

    Args:
        question: Named in the message.
        target: Such as "GIFT".
        reason: What it cannot carry, and what to do instead.
    """
    return ContentError(f"{question.variant_id} (line {question.line}): {target} {reason}")


def _line_in(message: str) -> int:
    """Return the line that `refuse` named."""
    found = re.search(r"\(line (\d+)\)", message)
    return int(found[1]) if found else 1


def find_target(name: str) -> Target:
    """Return the target with this name.

    Raises:
        RequestError: If there is none; suggests the nearest.
    """
    if name in TARGETS:
        return TARGETS[name]
    near = difflib.get_close_matches(name, TARGETS, n=1)
    tail = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(TARGETS)}."
    raise RequestError(f"There is no target '{name}'. {tail}")


def problems_of_export(quizzes: Sequence[Quiz], targets: Sequence[str]) -> tuple[Problem, ...]:
    """Try exports; return what each target refuses."""
    problems = []
    for name in targets:
        write = find_target(name).write
        for quiz in quizzes:
            try:
                write(quiz, Wish())
            except ContentError as error:
                path = f"{quiz.folder.name}/{quiz.quiz_id}{SUFFIX}"
                problems += [
                    Problem(path=path, line=_line_in(message), rule=name, message=message)
                    for message in str(error).splitlines()
                ]
    return tuple(problems)
