"""Reads quizzes and the bank they make together."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.course import Course
from grader.errors import ContentError, RequestError
from grader.quiz.build import build_entry, read_rule
from grader.quiz.draft import FileDraft, QuestionDraft, read_draft
from grader.quiz.lines import LineError
from grader.quiz.model import Entry, Quiz, Role, Rule
from grader.quiz.paper import hash_of, strip_keys

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
    return read_quiz(course.quizzes / f"{find_id(course, wanted)}{SUFFIX}")


def find_id(course: Course, wanted: str) -> str:
    """Return the id if the bank has such a quiz, readable or not.

    Raises:
        RequestError: If it has not; suggests the nearest.
    """
    known = [path.name.removesuffix(SUFFIX) for path in quiz_paths(course)]
    if wanted in known:
        return wanted
    near = difflib.get_close_matches(wanted, known, n=1)
    tail = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(known)}."
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
    found = parse(path)
    if found.quiz is None or found.problems:
        raise ContentError("\n".join(map(str, found.problems)))
    return found.quiz


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One file, as far as it could be read.

    Attributes:
        quiz: Without the questions that cannot be read; None if the front matter cannot.
        problems: Of syntax.
        drafts: The questions as they are written.
        rule: How the file scores questions with several right options.
    """

    quiz: Quiz | None
    problems: tuple[Problem, ...]
    drafts: tuple[QuestionDraft, ...] = ()
    rule: Rule = Rule.NET


def parse(path: Path) -> Parsed:
    """Read one file as far as it can be read; nothing is raised but what lies outside of it."""
    problems: list[Problem] = []

    def complain(error: LineError) -> None:
        problem = Problem(path=_shown(path), line=error.line, rule="syntax", message=error.message)
        problems.append(problem)

    try:
        draft = read_draft(_read(path))
        front = read_front(draft, path)
    except LineError as error:
        complain(error)
        return Parsed(quiz=None, problems=tuple(problems))
    for problem in draft.problems:
        complain(problem)
    entries = _entries(draft, front["rule"], complain)
    return Parsed(
        quiz=_quiz(draft, front, entries, path),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        drafts=tuple(draft.questions),
        rule=front["rule"],
    )


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        return content.decode("utf-8")
    except OSError as error:
        raise LineError(1, f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LineError(line, "it is not UTF-8; save it as UTF-8") from error


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def _entries(
    draft: FileDraft, rule: Rule, complain: Callable[[LineError], None]
) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for question in draft.questions:
        try:
            if question.question_id in entries:
                raise LineError(question.line, f"the id '{question.question_id}' is there twice")
            entries[question.question_id] = build_entry(question, rule)
        except LineError as error:
            complain(error)
    if not draft.questions and not draft.problems:
        complain(LineError(1, "the quiz has no question: '## id: title' begins one"))
    return tuple(entries.values())


def _quiz(
    draft: FileDraft, front: Mapping[str, Any], entries: tuple[Entry, ...], path: Path
) -> Quiz:
    quiz = Quiz(
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
    )
    return replace(quiz, sha256=hash_of(strip_keys(quiz)))


def read_front(draft: FileDraft, path: Path) -> dict[str, Any]:
    """Read and check the front matter; `rule` is the scoring rule, `role` a Role.

    Raises:
        LineError: At the line of the key.
    """
    raw = _load_yaml(draft.front)
    unknown = sorted(raw.keys() - FRONT_KEYS)
    if unknown:
        near = difflib.get_close_matches(unknown[0], FRONT_KEYS, n=1)
        tail = (
            f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(FRONT_KEYS))}"
        )
        raise LineError(_line(draft, unknown[0]), f"there is no key '{unknown[0]}'; {tail}")
    quiz_id = path.name.removesuffix(SUFFIX)
    if raw.get("quiz") != quiz_id:
        raise LineError(_line(draft, "quiz"), f"quiz is '{raw.get('quiz')}', the file '{quiz_id}'")
    front = {
        "quiz": quiz_id,
        "title": _typed(draft, raw, "title", str, quiz_id),
        "lecture": _typed(draft, raw, "lecture", int, 0),
        "minutes": _typed(draft, raw, "minutes", int, 0),
        "shuffle": _typed(draft, raw, "shuffle", list, list(SHUFFLES)),
        "rule": read_rule(str(raw.get("multiple", "net")), _line(draft, "multiple")),
    }
    if not 0 <= front["minutes"] <= MOST_MINUTES:
        raise LineError(_line(draft, "minutes"), f"minutes is not from 0 to {MOST_MINUTES}")
    if not set(map(str, front["shuffle"])) <= set(SHUFFLES):
        raise LineError(_line(draft, "shuffle"), "shuffle lists 'questions', 'options' or nothing")
    try:
        return front | {"role": Role(raw.get("role", "practice"))}
    except ValueError as error:
        line = _line(draft, "role")
        raise LineError(line, f"role is pre, post or practice, not '{raw['role']}'") from error


def _load_yaml(front: str) -> dict[str, Any]:
    from grader.quiz.extra import need

    yaml = need("yaml")
    try:
        raw = yaml.safe_load(front) or {}
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        message = f"the front matter is not YAML: {problem or 'it holds a control character'}"
        raise LineError(mark.line + 2 if mark else 2, f"{message}") from error
    if not isinstance(raw, dict):
        raise LineError(2, "the front matter is made of lines 'key: value'")
    return {str(key): value for key, value in raw.items()}


def _typed(draft: FileDraft, raw: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
    value = raw.get(key, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {str: "a text", int: "a whole number", list: "a list"}
        raise LineError(_line(draft, key), f"{key} is {words[kind]}, not '{value}'")
    return value


def _line(draft: FileDraft, key: str) -> int:
    """Return the line a key of the front matter stands in, for messages."""
    lines = draft.front.splitlines()
    return next((n for n, text in enumerate(lines, 2) if text.startswith(f"{key}:")), 2)
