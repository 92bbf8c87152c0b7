"""What all commands share: the global options, and what a test replaces."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from grader.api import Course, load_course

if TYPE_CHECKING:
    from grader.datasource import DataSource


def has_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


@dataclass(slots=True)
class Setting:
    """The global options.

    Attributes:
        course_named: Folder given with --course; empty to find the course in force.
        has_color: False if colour was switched off; otherwise the terminal decides.
        wait: Waits so many seconds.
        is_interactive: Whether a person can be asked.
        sources: Datasets that `dlab data` shows instead of the real ones.
    """

    course_named: str = ""
    has_color: bool = True
    wait: Callable[[float], None] = time.sleep
    is_interactive: Callable[[], bool] = has_terminal
    sources: Mapping[str, "DataSource"] = field(default_factory=dict)

    def course(self) -> Course:
        """Return the course in force."""
        return load_course(self.course_named)

    def command(self, rest: str) -> str:
        """Return a dlab command line that works for whoever typed this one."""
        named = f"--course {_quoted(self.course_named)} " if self.course_named else ""
        return f"dlab {named}{rest}"


def _quoted(text: str) -> str:
    import shlex

    return f'"{text}"' if os.name == "nt" and " " in text else shlex.quote(text)


pass_setting = click.make_pass_decorator(Setting, ensure=True)
