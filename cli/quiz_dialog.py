"""The conversation of `dlab quiz take`: a line comes in, something is said."""

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from cli.render_quiz import QuizScreen, clock_time
from grader.errors import RequestError
from grader.quiz.paper import PaperQuestion
from grader.quiz.sitting import WARNINGS_S
from grader.quiz.taking import Taking
from grader.quiz.typed import describe, how_to_answer, read_answer
from grader.text import clean

if TYPE_CHECKING:
    from grader.quiz.model import Value
    from grader.quiz.scoring import Mark

SIGNS = {"": "next", ">": "next", "<": "back", "=": "overview", "!": "submit", "?": "help"}
WORDS = frozenset(
    ("next", "back", "skip", "overview", "submit", "help", "leave", "clear", "show", "go")
)
GO = re.compile(r"(?:go\s*|#)(\d{1,3})")
YES = frozenset(("yes", "y"))


class Ending(enum.Enum):
    """How a conversation ended."""

    SUBMITTED = "submitted"
    TIME = "time"  # the deadline passed
    LEFT = "left"  # to be taken up again


class Lines(Protocol):
    """Where lines come from."""

    @property
    def is_terminal(self) -> bool:
        """Whether somebody sees what is typed."""

    def read(self, wait_s: float | None) -> str | None:
        """Return a line, or None if it did not come in time; EOFError if there is no more."""

    def forget(self) -> None:
        """Drop what was typed and not read."""


def read_command(typed: str) -> str:
    """Return the name of the command that was typed, "go 3" with its number; else nothing."""
    plain = typed.strip().lower()
    if found := GO.fullmatch(plain.removeprefix("/")):
        return f"go {found[1]}"
    if plain in SIGNS:
        return SIGNS[plain]
    word = plain.removeprefix("/")
    return word if word in WORDS - {"go"} else ""


@dataclass(slots=True)
class Dialog:
    """One conversation.

    Attributes:
        place: The question that is before the student.
        is_overview: Whether the list of all questions is.
        seen: Mistakes that answers of practice showed, in their order.
    """

    taking: Taking
    lines: Lines
    screen: QuizScreen
    headlines: Mapping[str, str] = field(default_factory=dict)
    place: int = 0
    is_overview: bool = False
    warned: set[float] = field(default_factory=set)
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def question(self) -> PaperQuestion:
        """The question that is before the student."""
        return self.taking.sitting.questions[self.place]

    def run(self) -> Ending:
        """Talk until the quiz is handed in, time is over, or there are no more lines."""
        for remark in self.taking.journal.remarks:
            self.screen.line(remark, style="yellow")
        self.screen.opening(self.taking)
        left = self.taking.left_s
        self.warned = {limit for limit in WARNINGS_S if left is not None and left <= limit}
        self.place = next(iter(self.taking.sitting.unanswered), 0)
        self.screen.question(self.taking, self.place)
        while True:
            typed = self.read(self.prompt())
            ending = typed if isinstance(typed, Ending) else self.step(typed)
            if ending:
                self.end(ending)
                return ending

    def prompt(self) -> str:
        """Return what the next line is asked for with."""
        if self.is_overview:
            return "Number, submit or ?: "
        given = self.taking.sitting.values.get(self.question.question_id, "")
        now = f" [now {describe(self.question, given)}]" if given else ""
        return f"Answer ({how_to_answer(self.question)}){now}: "

    def read(self, prompt: str) -> str | Ending:
        """Ask for a line until one comes, warning in between; or say that time is over."""
        while True:
            left = self.taking.left_s
            if left == 0:
                return Ending.TIME
            self.warn(left)
            self.screen.prompt(prompt if left is None else f"{clock_time(left)} left. {prompt}")
            try:
                line = self.lines.read(self.wait_s(left))
            except EOFError:
                self.screen.line()
                return Ending.LEFT
            if line is not None:
                return self.accept(line)
            self.screen.line()

    def accept(self, line: str) -> str | Ending:
        """Return a line that came in time."""
        if not self.lines.is_terminal:
            self.screen.line(clean(line, 200))
        if self.taking.is_over:
            self.screen.line("This answer came after the end, and does not count.")
            return Ending.TIME
        return line

    def wait_s(self, left: float | None) -> float | None:
        """Return how long nothing needs to be said."""
        if left is None:
            return None
        ahead = [limit for limit in WARNINGS_S if limit not in self.warned and limit < left]
        return left - max(ahead, default=0.0)

    def warn(self, left: float | None) -> None:
        """Say once that five minutes are left, and that one is."""
        due = {limit for limit in WARNINGS_S if left is not None and left <= limit}
        if due - self.warned:
            minutes = int(min(due) // 60)
            unit = "minute" if minutes == 1 else "minutes"
            self.screen.line(f"{minutes} {unit} left.", style="bold yellow")
            if self.lines.is_terminal:
                self.screen.line("What you are typing is not lost: go on, or Ctrl-R shows it.")
        self.warned |= due

    def step(self, typed: str) -> Ending | None:
        """Do what a line asks for."""
        command = read_command(typed)
        if self.is_overview and not command and typed.strip().isdecimal():
            command = f"go {typed.strip()}"
        if command == "submit":
            return self.submit()
        if command == "leave":
            return Ending.LEFT
        if command.startswith("go "):
            self.go(int(command[3:]) - 1)
        elif command:
            self.commands()[command]()
        elif self.is_overview:
            self.screen.line("Type the number of a question to go there, or submit.")
        else:
            self.answer(typed)
        return None

    def commands(self) -> dict[str, Callable[[], None]]:
        """Return what the plain commands do."""
        return {
            "next": self.next,
            "back": lambda: self.go(self.place if self.is_overview else self.place - 1),
            "skip": self.skip,
            "overview": self.overview,
            "help": self.screen.help,
            "clear": self.clear,
            "show": lambda: self.go(self.place),
        }

    def go(self, place: int) -> None:
        """Show a question."""
        count = len(self.taking.sitting.questions)
        if not 0 <= place < count:
            self.screen.line(f"There is no question {place + 1}; there are 1 to {count}.")
        else:
            self.place, self.is_overview = place, False
            self.screen.question(self.taking, place)

    def next(self) -> None:
        """Show the next question; after the last one, the overview."""
        if self.is_overview:
            self.go(self.place)
        elif self.place + 1 == len(self.taking.sitting.questions):
            self.overview()
        else:
            self.go(self.place + 1)

    def skip(self) -> None:
        """Go to the next question without an answer, after the last to the first."""
        rest = self.taking.sitting.unanswered
        later = [place for place in rest if place > self.place]
        others = [place for place in rest if place != self.place]
        if later or others:
            self.go((later or others)[0])
        else:
            self.overview()

    def overview(self) -> None:
        """Show the list of all questions."""
        self.is_overview = True
        self.screen.overview(self.taking)

    def answer(self, typed: str) -> None:
        """Take a line as an answer to the question that is shown."""
        before = self.taking.sitting.values.get(self.question.question_id, "")
        try:
            answer = read_answer(self.question, typed, before)
        except RequestError as error:
            self.screen.line(clean(f"{error} (? helps)", 400))
            return
        is_kept = self.keep(answer.value, f"read as {clean(answer.echo, 300)}")
        if not is_kept:
            return
        if self.taking.quiz:
            self.feedback(self.taking.mark(self.question, answer.value))
        else:
            self.next()

    def clear(self) -> None:
        """Take the answer to the question that is shown back."""
        self.keep("", "no answer")

    def keep(self, value: "Value", said: str) -> bool:
        """Keep an answer and say so; never the other way round."""
        if not self.taking.answer(self.question, value):
            return False  # the next look at the clock ends it
        self.screen.line(f"Kept: {said}.")
        return True

    def feedback(self, mark: "Mark") -> None:
        """Say what an answer of practice earned."""
        quiz = self.taking.quiz
        keyed = quiz.find(self.question.question_id, self.question.variant) if quiz else None
        self.screen.feedback(mark, keyed)
        for name in mark.misconceptions:
            self.seen[name] = self.headlines.get(name, "")
        is_right = mark.fraction >= 1
        self.screen.line("Enter goes on." if is_right else "Try again, or Enter goes on.")

    def submit(self) -> Ending | None:
        """Hand in, once that is meant."""
        rest = self.taking.sitting.unanswered
        if self.taking.quiz and not rest:
            return Ending.SUBMITTED
        if rest:
            numbers = ", ".join(str(place + 1) for place in rest)
            self.screen.line(f"No answer yet: {numbers}.")
        asked = "End now?" if self.taking.quiz else "Hand in now? Nothing can be changed then."
        typed = self.read(f"{asked} (yes or no): ")
        if isinstance(typed, Ending):
            return typed
        if typed.strip().lower() in YES:
            return Ending.SUBMITTED
        self.screen.line("Not yet.")
        return None

    def end(self, ending: Ending) -> None:
        """Close what is over, and say what there is."""
        self.lines.forget()
        if ending is Ending.LEFT:
            self.leave()
            return
        self.taking.close()
        self.screen.closing(self.taking)
        if self.taking.quiz:
            self.screen.summary(self.taking, self.seen)

    def leave(self) -> None:
        """Say that nothing is lost."""
        clock = " The clock goes on." if self.taking.left_s is not None else ""
        self.screen.line(f"Not handed in yet; your answers are kept.{clock}")
        self.screen.line("The same command goes on where you stopped.")
