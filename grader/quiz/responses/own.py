"""Reads our own answers: files of `dlab quiz take`, alone, in a folder or in a zip.

Students write these files, or somebody in their name: sizes are bounded, nothing is unpacked to a
disk, and what a paper could not have is listed.
"""

import math
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from grader.errors import RequestError
from grader.handin import BROKEN_ZIP, METHODS
from grader.quiz.attempt import PRACTICE, Attempt, Response, load_attempt
from grader.quiz.model import Choice, Matching, Ordering, Question, Quiz, Value
from grader.quiz.paper import strip_keys
from grader.quiz.responses.dealt import copied, not_dealt, notes_of
from grader.quiz.responses.sheet import Issue, Reading, Sitting
from grader.quiz.scoring import is_blank
from grader.quiz.sitting import FACTORS
from grader.text import clean

SUFFIX = ".answers.json"
MOST_BYTES = 1 << 20  # of one file; a long quiz has a few kilobytes
MOST_FILES = 20_000
MOST_DEPTH = 20
MOST_RESPONSES = 1000
MOST_TYPED = 2000
LONGEST_ID = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One answers file.

    Attributes:
        place: As messages name it.
        content: Its bytes; one more than MOST_BYTES if it is too large.
    """

    place: str
    content: bytes


def read_own(path: Path, quiz: Quiz) -> Reading:
    """Read a file, a folder or a zip of answers.

    Raises:
        RequestError: If there is no answers file in it, or it is no readable zip.
    """
    found = list(_found(path))
    if not found:
        raise RequestError(f"{path} has no file that ends in '{SUFFIX}'.")
    attempts: list[tuple[str, Attempt]] = []
    issues: list[Issue] = []
    for answers in found:
        try:
            attempts.append((answers.place, _load(answers)))
        except RequestError as error:
            message = str(error).removeprefix(f"{answers.place}: ")
            issues.append(Issue(place=answers.place, message=clean(message, 300)))
    if len(found) == 1 and issues:
        raise RequestError(str(issues[0]))
    return read_attempts_of(attempts, quiz, issues)


def _load(answers: Answers) -> Attempt:
    if len(answers.content) > MOST_BYTES:
        raise RequestError(f"larger than {MOST_BYTES >> 20} MiB: this is no answers file")
    attempt = load_attempt(answers.content, answers.place)
    if attempt.source == PRACTICE:
        raise RequestError("this is practice; ask for the answers file of the test")
    return replace(attempt, source="dlab")


def _found(path: Path) -> Iterator[Answers]:
    if path.is_dir():
        return _in_folder(path)
    if zipfile.is_zipfile(path):
        return _in_zip(path)
    with path.open("rb") as file:
        return iter([Answers(place=path.name, content=file.read(MOST_BYTES + 1))])


def _in_folder(folder: Path) -> Iterator[Answers]:
    """Yield regular files; links, devices and pipes are left alone."""
    count = 0
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        if len(Path(root).relative_to(folder).parts) >= MOST_DEPTH:
            folders.clear()
        for name in sorted(name for name in names if name.endswith(SUFFIX)):
            path = Path(root, name)
            if not stat.S_ISREG(path.lstat().st_mode):
                continue
            count += 1
            _hold_count(count, folder)
            with path.open("rb") as file:
                place = path.relative_to(folder).as_posix()
                yield Answers(place=clean(place, 200), content=file.read(MOST_BYTES + 1))


def _in_zip(path: Path) -> Iterator[Answers]:
    """Yield a zip's answers files without unpacking it to a disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
            _hold_count(len(entries), path)
            for entry in entries:
                if entry.compress_type not in METHODS:
                    raise RequestError(f"{path.name}: it is compressed in an unusual way.")
                with archive.open(entry) as file:
                    content = file.read(MOST_BYTES + 1)
                yield Answers(place=clean(entry.filename, 200), content=content)
    except BROKEN_ZIP as error:
        raise RequestError(f"{path.name} is not a readable zip: {error}.") from error


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    is_ours = entry.filename.endswith(SUFFIX) and "__MACOSX" not in entry.filename
    return is_ours and not entry.is_dir() and not is_link


def _hold_count(count: int, path: Path) -> None:
    if count > MOST_FILES:
        raise RequestError(f"{path.name} has more than {MOST_FILES} answers files.")


def read_attempts_of(
    attempts: Sequence[tuple[str, Attempt]], quiz: Quiz, issues: Sequence[Issue] = ()
) -> Reading:
    """Hold attempts to what a paper of the quiz can have.

    Args:
        attempts: Place and attempt.
        quiz: The quiz they should be of.
        issues: Of files that could not be read.

    Raises:
        RequestError: If all are of another quiz; names it.
    """
    others = [attempt.quiz_id for _, attempt in attempts if attempt.quiz_id != quiz.quiz_id]
    if attempts and len(others) == len(attempts):
        name = clean(others[0], 60)
        raise RequestError(f"These are responses for another quiz: '{name}', not '{quiz.quiz_id}'.")
    owners = {attempt.student for _, attempt in attempts}
    first: dict[tuple[str, str], str] = {}
    paper = strip_keys(quiz)
    found = list(issues)
    sittings, sound = [], []
    for place, attempt in attempts:
        problems = [*_problems(attempt, quiz), *_wrong_folder(place, attempt, owners)]
        if attempt.source == "dlab":
            problems += [*not_dealt(attempt, paper), *copied(attempt, first)]
        found += [Issue(place=place, message=message) for message in problems]
        if not problems:
            sound.append(attempt)
            kept = tuple(_kept_responses(place, attempt, quiz, found))
            whole = replace(attempt, student="", responses=kept)
            keys = {"student": attempt.student}
            sittings.append(Sitting(place=place, keys=keys, attempt=whole))
    return Reading(
        source="dlab",
        sittings=tuple(sittings),
        issues=tuple(found),
        notes=tuple(notes_of(sound, paper)),
        names_quiz=True,
    )


def _kept_responses(
    place: str, attempt: Attempt, quiz: Quiz, issues: list[Issue]
) -> Iterator[Response]:
    """Yield the responses to questions of the quiz; note what is wrong with any."""
    for response in attempt.responses:
        question = quiz.find(response.question_id, response.variant)
        if question is None:
            variant = f" variant {response.variant}" if response.variant else ""
            name = clean(response.question_id, 60)
            message = f"the quiz has no question '{name}'{variant}; its answer is left out"
            issues.append(Issue(place=place, message=message, is_answer=True))
            continue
        reason = _misfit(question, response.value)
        if reason:
            message = f"{question.variant_id}: {reason}"
            issues.append(Issue(place=place, message=message, is_answer=True))
        yield _bounded(response)


def _wrong_folder(place: str, attempt: Attempt, owners: set[str]) -> Iterator[str]:
    """Yield a problem if somebody else's answers lie in a student's folder."""
    folder = PurePosixPath(place).parent.name
    if folder and folder in owners - {attempt.student}:
        name = clean(attempt.student, 60)
        yield f"the answers name '{name}' and lie in the folder of '{clean(folder, 60)}'"


def _problems(attempt: Attempt, quiz: Quiz) -> list[str]:
    """Return what no file of ours says about a sitting."""
    problems = []
    if attempt.quiz_id != quiz.quiz_id:
        problems.append(f"these are answers to '{clean(attempt.quiz_id, 60)}'")
    if not _is_id(attempt.student):
        problems.append("the student's id is empty, too long, or has control characters")
    if not (1 <= attempt.number <= MOST_RESPONSES):
        problems.append(f"attempt number {attempt.number} is out of range")
    if not (math.isfinite(attempt.late_s) and attempt.late_s >= 0):
        problems.append("late_s is no number of seconds")
    if attempt.accommodation not in FACTORS:
        known = ", ".join(f"{factor:g}" for factor in FACTORS)
        problems.append(f"accommodation is no factor that `dlab quiz take` has: {known}")
    if not all(_is_time(text) for text in (attempt.started_at, attempt.submitted_at)):
        problems.append("a time is not ISO 8601 with a zone")
    names = [response.question_id for response in attempt.responses]
    if len(names) > MOST_RESPONSES or len(set(names)) < len(names):
        problems.append("a question is answered twice")
    return problems


def _is_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ID and text.isprintable() and text == text.strip()


def _is_time(text: str) -> bool:
    try:
        return not text or datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _misfit(question: Question, value: Value) -> str:
    """Return why a value cannot come from the question's paper; empty if it can."""
    if is_blank(value):
        return ""
    answer = question.answer
    if isinstance(answer, Choice):
        known = {option.option_id for option in answer.options}
        fits = isinstance(value, tuple) and set(value) <= known and len(set(value)) == len(value)
    elif isinstance(answer, Ordering):
        known = {step.step_id for step in answer.steps}
        fits = isinstance(value, tuple) and set(value) <= known | {""}
    elif isinstance(answer, Matching):
        lefts = {left.left_id for left in answer.lefts}
        rights = {right.right_id for right in answer.rights} | {""}
        fits = isinstance(value, Mapping) and _are_pairs(value, lefts, rights)
    else:
        fits = isinstance(value, str)
    return "" if fits else "the answer is none that its paper has (was it edited since?)"


def _are_pairs(value: Mapping[str, str], lefts: set[str], rights: set[str]) -> bool:
    return set(value) <= lefts and set(value.values()) <= rights


def _bounded(response: Response) -> Response:
    """Return a response whose texts can be stored and shown."""
    value = response.value
    if isinstance(value, str):
        return replace(response, value=clean(value, MOST_TYPED))
    if isinstance(value, Mapping):
        pairs = list(value.items())[:MOST_RESPONSES]
        return replace(response, value={clean(k, 60): clean(v, 60) for k, v in pairs})
    return replace(response, value=tuple(clean(entry, 60) for entry in value[:MOST_RESPONSES]))
