"""Reads quizzes and the bank they make together."""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import Course
from grader.errors import ContentError, RequestError
from grader.quiz.build import build_entry, read_rule
from grader.quiz.draft import FileDraft, read_draft
from grader.quiz.model import Entry, Quiz, Role, Rule

SUFFIX = ".quiz.md"
FRONT_KEYS = frozenset({"quiz", "title", "lecture", "role", "minutes", "shuffle", "multiple"})
SHUFFLES = ("questions", "options")
MOST_MINUTES = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong in a file of the bank.

    Attributes:
        path: As it is shown: relative to the course.
        rule: Short name, such as "longest-right"; "syntax" if the file cannot be read.
        is_error: Whether the quiz cannot be used; a warning is for the author to judge.
    """

    path: str
    line: int
    rule: str
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        """Write it as compilers do."""
        level = "error" if self.is_error else "warning"
        return f"{self.path}:{self.line}: {level}: {self.message} [{self.rule}]"


def quiz_paths(course: Course) -> tuple[Path, ...]:
    """Return the files of the course's bank.

    Raises:
        RequestError: If there is none, as on a student's machine.
    """
    paths = tuple(sorted(course.quizzes.glob(f"*{SUFFIX}")))
    if not paths:
        raise RequestError(f"There is no question bank: {course.quizzes} has no *{SUFFIX}.")
    return paths


def find_quiz(course: Course, wanted: str) -> Quiz:
    """Read the quiz with this id, or the file with this path.

    Raises:
        RequestError: If there is none; suggests the nearest id.
        ContentError: If its file breaks a rule of the format.
    """
    if wanted.endswith(SUFFIX) and Path(wanted).is_file():
        return read_quiz(Path(wanted))
    paths = {path.name.removesuffix(SUFFIX): path for path in quiz_paths(course)}
    if wanted in paths:
        return read_quiz(paths[wanted])
    near = difflib.get_close_matches(wanted, paths, n=1)
    tail = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(paths)}."
    raise RequestError(f"There is no quiz '{wanted}'. {tail}")


def read_bank(course: Course) -> tuple[Quiz, ...]:
    """Read all quizzes of a course.

    Raises:
        ContentError: If a file breaks a rule, or an id is there twice.
    """
    quizzes = tuple(read_quiz(path) for path in quiz_paths(course))
    seen: dict[str, str] = {}
    for quiz in quizzes:
        for entry in quiz.entries:
            other = seen.setdefault(entry.question_id, quiz.quiz_id)
            if other != quiz.quiz_id:
                raise ContentError(
                    f"The question id '{entry.question_id}' is in '{other}' and '{quiz.quiz_id}'; "
                    "ids are unique in a bank."
                )
    return quizzes


def read_quiz(path: Path) -> Quiz:
    """Read one file.

    Raises:
        ContentError: All that is wrong with it, a line each.
    """
    quiz, problems = parse(path)
    if quiz is None or problems:
        raise ContentError("\n".join(str(problem) for problem in problems))
    return quiz


def parse(path: Path) -> tuple[Quiz | None, tuple[Problem, ...]]:
    """Read one file as far as it can be read.

    Returns:
        The quiz without the questions that cannot be read, or None if its front matter cannot;
        and every problem of syntax.
    """
    problems: list[Problem] = []

    def complain(error: ContentError | str) -> None:
        for text in str(error).splitlines():
            line, _, message = text.partition(": ")
            problems.append(
                Problem(path=_shown(path), line=int(line), rule="syntax", message=message)
            )

    try:
        content = path.read_bytes()
        draft = read_draft(content.decode("utf-8"))
        front = read_front(draft, path)
    except OSError as error:
        complain(f"1: it cannot be read: {error.strerror}")
        return None, tuple(problems)
    except UnicodeDecodeError as error:
        complain(f"{content[: error.start].count(10) + 1}: it is not UTF-8; save it as UTF-8")
        return None, tuple(problems)
    except ContentError as error:
        complain(error)
        return None, tuple(problems)
    for line, message in draft.problems:
        complain(f"{line}: {message}")
    entries = _entries(draft, front["rule"], complain)
    return _quiz(draft, front, entries, path, content), tuple(sorted(problems, key=_line_of))


def _line_of(problem: Problem) -> int:
    return problem.line


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def _entries(draft: FileDraft, rule: Rule, complain: Any) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for question in draft.questions:
        try:
            if question.question_id in entries:
                raise ContentError(
                    f"{question.line}: the id '{question.question_id}' is there twice"
                )
            entries[question.question_id] = build_entry(question, rule)
        except ContentError as error:
            complain(error)
    if not draft.questions and not draft.problems:
        complain("1: the quiz has no question: '## id: title' begins one")
    return tuple(entries.values())


def _quiz(
    draft: FileDraft, front: Mapping[str, Any], entries: tuple[Entry, ...], path: Path, raw: bytes
) -> Quiz:
    return Quiz(
        quiz_id=front["quiz"],
        title=front["title"],
        lecture=front["lecture"],
        role=front["role"],
        minutes=front["minutes"],
        shuffle_questions="questions" in front["shuffle"],
        shuffle_options="options" in front["shuffle"],
        introduction=draft.introduction,
        entries=entries,
        folder=path.parent,
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def read_front(draft: FileDraft, path: Path) -> dict[str, Any]:
    """Read and check the front matter; `rule` is the scoring rule, `role` a Role.

    Raises:
        ContentError: "line: message".
    """
    raw = _load_yaml(draft.front)
    unknown = sorted(raw.keys() - FRONT_KEYS)
    if unknown:
        near = difflib.get_close_matches(unknown[0], FRONT_KEYS, n=1)
        tail = (
            f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(FRONT_KEYS))}"
        )
        raise ContentError(f"{_line(draft, unknown[0])}: there is no key '{unknown[0]}'; {tail}")
    quiz_id = path.name.removesuffix(SUFFIX)
    if raw.get("quiz") != quiz_id:
        raise ContentError(
            f"{_line(draft, 'quiz')}: quiz is '{raw.get('quiz')}', the file '{quiz_id}'"
        )
    front = {
        "quiz": quiz_id,
        "title": _typed(draft, raw, "title", str, quiz_id),
        "lecture": _typed(draft, raw, "lecture", int, 0),
        "minutes": _typed(draft, raw, "minutes", int, 0),
        "shuffle": _typed(draft, raw, "shuffle", list, list(SHUFFLES)),
        "rule": read_rule(str(raw.get("multiple", "net")), _line(draft, "multiple")),
    }
    if not 0 <= front["minutes"] <= MOST_MINUTES:
        raise ContentError(f"{_line(draft, 'minutes')}: minutes is not from 0 to {MOST_MINUTES}")
    if not set(map(str, front["shuffle"])) <= set(SHUFFLES):
        raise ContentError(
            f"{_line(draft, 'shuffle')}: shuffle lists 'questions', 'options' or nothing"
        )
    try:
        return front | {"role": Role(raw.get("role", "practice"))}
    except ValueError as error:
        line = _line(draft, "role")
        raise ContentError(f"{line}: role is pre, post or practice, not '{raw['role']}'") from error


def _load_yaml(front: str) -> dict[str, Any]:
    from grader.quiz.extra import need

    yaml = need("yaml")
    try:
        raw = yaml.safe_load(front) or {}
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        message = f"the front matter is not YAML: {problem or 'it holds a control character'}"
        raise ContentError(f"{mark.line + 2 if mark else 2}: {message}") from error
    if not isinstance(raw, dict):
        raise ContentError("2: the front matter is made of lines 'key: value'")
    return {str(key): value for key, value in raw.items()}


def _typed(draft: FileDraft, raw: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
    value = raw.get(key, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {str: "a text", int: "a whole number", list: "a list"}
        raise ContentError(f"{_line(draft, key)}: {key} is {words[kind]}, not '{value}'")
    return value


def _line(draft: FileDraft, key: str) -> int:
    """Return the line a key of the front matter stands in, for messages."""
    lines = draft.front.splitlines()
    return next((n for n, text in enumerate(lines, 2) if text.startswith(f"{key}:")), 2)
