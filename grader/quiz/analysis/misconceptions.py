"""Which mistakes show in the answers: before, after, and in the same students' code."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import Course
from grader.errors import RequestError
from grader.quiz.analysis.data import Table
from grader.quiz.analysis.items import FEWEST
from grader.quiz.misconceptions import read_misconceptions
from grader.result import FILE_NAME

SUMMARY_FILE = "summary.json"  # of a lab, beside the students' folders
LARGEST = 32 << 20  # bytes of a summary.json; a class of thousands is far below


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLink:
    """The same mistake in a lab's code, of those whose code was graded.

    Attributes:
        chosen: Students whose answers show it; never fewer than 5.
        both: Of these, whose code shows it too.
        others: Students who took a test and whose answers do not show it.
        others_both: Of these, whose code shows it.
    """

    lab_id: str
    chosen: int
    both: int
    others: int
    others_both: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A mistake, and how many students' answers show it.

    Attributes:
        headline: What is thought or done instead.
        asked: Students of each quiz in which an answer can show it, in the quizzes' order; 0 of
            a quiz in which none can.
        shown: Of these, whose answers do.
        lost, found: Of those who took both of two tests that ask for it: who showed it only in
            the first, only in the second.
        links: The labs in whose code it shows.
    """

    name: str
    headline: str
    asked: tuple[int, ...]
    shown: tuple[int, ...]
    lost: int = 0
    found: int = 0
    links: tuple[CodeLink, ...] = ()

    def share(self, place: int) -> float:
        """Return the share of the students of one quiz, 0 if it does not ask for it."""
        return self.shown[place] / self.asked[place] if self.asked[place] else 0.0


def find_misconceptions(course: Course, tables: Sequence[Table], out: Path) -> tuple[Seen, ...]:
    """Count the mistakes in the answers, most frequent in the last quiz first.

    Args:
        course: Has the headlines.
        tables: One or several quizzes; those of fewer than 5 students count as not asked.
        out: Results folder of `dlab grade`; labs without results there are left out.
    """
    large = [table if len(table.students) >= FEWEST else None for table in tables]
    holders = [_holders(table) if table else {} for table in large]
    offered = [_offered(table) if table else frozenset() for table in large]
    headlines = read_misconceptions(course)
    diagnosed = tuple(read_diagnoses(out))
    everyone = frozenset(name for table in large if table for name in table.students)
    found = []
    for name in sorted(set().union(*offered)):
        shown = [held.get(name, frozenset()) for held in holders]
        taken = [
            frozenset(table.students) if table and name in names else frozenset()
            for table, names in zip(large, offered, strict=True)
        ]
        both = taken[0] & taken[-1] if len(tables) > 1 else frozenset()
        chosen: frozenset[str] = frozenset().union(*shown)
        found.append(
            Seen(
                name=name,
                headline=headlines.get(name, name.replace("_", " ")),
                asked=tuple(map(len, taken)),
                shown=tuple(map(len, shown)),
                lost=len((shown[0] - shown[-1]) & both),
                found=len((shown[-1] - shown[0]) & both),
                links=_links(name, (chosen, everyone), diagnosed),
            )
        )
    seen = [entry for entry in found if any(entry.shown)]
    return tuple(sorted(seen, key=lambda entry: (*[-n for n in reversed(entry.shown)], entry.name)))


def _holders(table: Table) -> dict[str, frozenset[str]]:
    """Return the students whose answers show each mistake."""
    found: dict[str, set[str]] = {}
    for sitting in table.sittings:
        for entry in sitting.marked:
            for name in entry.mark.misconceptions:
                found.setdefault(name, set()).add(sitting.attempt.student)
    return {name: frozenset(students) for name, students in found.items()}


def _offered(table: Table) -> frozenset[str]:
    questions = table.quiz.questions()
    return frozenset(name for question in questions for name in question.misconceptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnoses:
    """What grading one lab found in the code of a class.

    Attributes:
        graded: Students whose code was graded.
        makers: Mistake to the students whose code shows it.
    """

    lab_id: str
    graded: frozenset[str]
    makers: dict[str, frozenset[str]]


def read_diagnoses(out: Path) -> Iterator[Diagnoses]:
    """Read what `dlab grade` wrote, lab by lab.

    Raises:
        RequestError: If a summary is there and cannot be read.
    """
    for path in sorted(out.glob(f"*/{SUMMARY_FILE}")):
        folders = path.parent.glob(f"*/{FILE_NAME}")
        try:
            if path.stat().st_size > LARGEST:
                raise RequestError(f"{path}: too large for a summary; grade the lab again.")
            makers, missing = _makers(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise RequestError(
                f"{path}: it is not a summary of `dlab grade`; grade the lab again."
            ) from error
        graded = frozenset(folder.parent.name for folder in folders) - missing
        yield Diagnoses(lab_id=path.parent.name, graded=graded, makers=makers)


def _makers(raw: Any) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    makers = {
        str(topic["mistake"]): frozenset(map(str, topic["students"])) for topic in raw["topics"]
    }
    return makers, frozenset(map(str, raw["not_graded"]))


def _links(
    name: str,
    students: tuple[frozenset[str], frozenset[str]],
    diagnosed: Sequence[Diagnoses],
) -> tuple[CodeLink, ...]:
    """Compare those who chose a mistake with the others; nothing about fewer than 5.

    Args:
        name: Of the mistake.
        students: Whose answers show it, and all who took a test.
        diagnosed: What was found in the labs' code.
    """
    chosen, everyone = students
    found = []
    for lab in diagnosed:
        with_it, without = chosen & lab.graded, (everyone - chosen) & lab.graded
        makers = lab.makers.get(name, frozenset())
        if makers & everyone and len(with_it) >= FEWEST:
            found.append(
                CodeLink(
                    lab_id=lab.lab_id,
                    chosen=len(with_it),
                    both=len(with_it & makers),
                    others=len(without),
                    others_both=len(without & makers),
                )
            )
    return tuple(found)
