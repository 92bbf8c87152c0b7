"""Shows the question bank."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from cli.screen import Screen, table, wrapped
from cli.setting import Setting

if TYPE_CHECKING:
    from grader.quiz.model import Quiz

KINDS = ("single", "multiple", "numeric", "short", "matching", "ordering")
ROLES = ("pre", "post", "practice")
HEAD = ("quiz", "questions", "points", "minutes", "with parameters", "types")


def print_bank(quizzes: "Sequence[Quiz]", mistakes: Mapping[str, str], setting: Setting) -> None:
    """Print a table of the quizzes, and counts of types, tags and misconceptions."""
    width = Screen(setting).width
    in_order = sorted(quizzes, key=lambda quiz: (quiz.lecture, ROLES.index(quiz.role.value)))
    for line in table(HEAD, map(_row, in_order), width):
        click.echo(line)
    entries = [entry for quiz in quizzes for entry in quiz.entries]
    kinds = Counter(entry.first.kind for entry in entries)
    tags = Counter(tag for entry in entries for tag in entry.first.tags)
    names = {name for entry in entries for name in entry.first.misconceptions}
    drawn = sum(len(entry.variants) > 1 for entry in entries)
    pairs = sum(bool(entry.first.pair) for entry in entries) // 2
    texts = (
        f"{len(entries)} questions ({_counted(kinds)}), {drawn} with parameters, {pairs} pairs.",
        f"{len(names)} misconceptions, {len(names & mistakes.keys())} of them mistakes of labs.",
        f"Tags: {_counted(tags)}.",
    )
    for text in texts:
        click.echo("\n".join(["", *wrapped(text, width, 0, 2)]))


def _row(quiz: "Quiz") -> tuple[str, ...]:
    kinds = Counter(entry.first.kind for entry in quiz.entries)
    drawn = sum(len(entry.variants) > 1 for entry in quiz.entries)
    numbers = (len(quiz.entries), quiz.points, quiz.minutes, drawn)
    shown = Counter({kind: kinds[kind] for kind in KINDS if kinds[kind]})
    return quiz.quiz_id, *map(str, numbers), _counted(shown)


def _counted(counts: "Counter[str]") -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())
