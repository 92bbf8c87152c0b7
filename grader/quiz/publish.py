"""Writes and reads what students receive: `<quiz_id>.quiz.json`.

A published test is a paper without keys. Practice holds the keys too, and says so: what is on a
student's machine can be read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import RequestError
from grader.quiz.model import Quiz
from grader.quiz.paper import Paper, strip_keys

PUBLISHED_SUFFIX = ".quiz.json"
SCHEMA = 1
TEST, PRACTICE = "test", "practice"
LARGEST = 8 << 20  # bytes; ten times the largest quiz with figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published quiz.

    Attributes:
        paper: What is asked.
        quiz: The same with its keys, in practice only.
        misconceptions: Name to headline of what the quiz's answers show, in practice only.
    """

    paper: Paper
    quiz: Quiz | None = None
    misconceptions: Mapping[str, str] = field(default_factory=dict)


def published(
    quiz: Quiz, known: Mapping[str, str] | None = None, *, seed: int, is_practice: bool
) -> str:
    """Return the text of a published quiz.

    Args:
        quiz: With its keys.
        known: Name to headline of misconceptions; those of the quiz go into practice.
        seed: Deals the papers.
        is_practice: Whether students may see the keys. Only then are they in the text.
    """
    from pydantic import TypeAdapter

    data: dict[str, Any] = {
        "schema": SCHEMA,
        "mode": PRACTICE if is_practice else TEST,
        "paper": TypeAdapter(Paper).dump_python(strip_keys(quiz, seed=seed), mode="json"),
    }
    if is_practice:
        keyed = TypeAdapter(Quiz).dump_python(quiz, mode="json")
        data["quiz"] = {
            **keyed,
            "folder": ".",
        }  # where images lie for the author is nobody's business
        names = {name for question in quiz.questions() for name in question.misconceptions}
        data["misconceptions"] = {name: (known or {}).get(name, name) for name in sorted(names)}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def read_published(path: Path) -> Published:
    """Read a published quiz.

    Raises:
        RequestError: If it cannot be read, or is none.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        if path.stat().st_size > LARGEST:
            raise RequestError(f"'{path.name}' is too large for a published quiz.")
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict) or data.get("schema") != SCHEMA or "paper" not in data:
            raise RequestError(f"'{path.name}' is not a quiz that `dlab quiz publish` wrote.")
        quiz = data.get("quiz") if data.get("mode") == PRACTICE else None
        return Published(
            paper=TypeAdapter(Paper).validate_python(data["paper"]),
            quiz=None if quiz is None else TypeAdapter(Quiz).validate_python(quiz),
            misconceptions=TypeAdapter(dict[str, str]).validate_python(
                data.get("misconceptions", {}) if quiz else {}
            ),
        )
    except OSError as error:
        raise RequestError(f"'{path}' cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise RequestError(f"'{path.name}' is damaged at '{place}'; ask for it again.") from error
    except (ValueError, RecursionError) as error:
        raise RequestError(f"'{path.name}' is not JSON; ask for it again.") from error
