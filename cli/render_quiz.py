"""How a quiz looks on a terminal, and in plain lines where there is none."""

from collections.abc import Iterator, Mapping
from string import ascii_lowercase
from typing import TYPE_CHECKING

from cli.markdown import Page
from cli.screen import Screen
from cli.setting import Setting

if TYPE_CHECKING:
    from grader.quiz.model import Question, Value
    from grader.quiz.paper import PaperQuestion
    from grader.quiz.scoring import Mark
    from grader.quiz.taking import Taking

HELP = (
    ("a   a,c   1792   1b 2a", "an answer, as the prompt asks for it; a new one replaces the old"),
    ("Enter, > or next", "go to the next question"),
    ("< or back", "go to the one before"),
    ("go 3", "go to question 3"),
    ("skip", "go to the next question without an answer"),
    ("clear", "take your answer back"),
    ("show", "show the question again"),
    ("= or overview", "list all questions and your answers"),
    ("! or submit", "hand in"),
    ("leave", "stop here; the same command goes on later"),
    ('"next"', "in quotes: an answer that is spelled like a command"),
)


def clock_time(seconds: float) -> str:
    """Return minutes and seconds, as 8:41; what is left is never shown as more than it is."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


class QuizScreen:
    """Prints a quiz; on stderr where stdout is for a program."""

    def __init__(self, setting: Setting, *, as_json: bool) -> None:
        """Choose the stream."""
        screen = Screen(setting)
        self.page = Page(screen.err if as_json else screen.out)

    def line(self, text: str = "", *, indent: int = 0, hang: int = 0, style: str = "") -> None:
        """Print a paragraph, wrapped."""
        self.page.line(text, indent=indent, hang=hang, style=style)

    def opening(self, taking: "Taking") -> None:
        """Say what this is, how long it may take, and what the clock is worth."""
        paper, sitting = taking.paper, taking.sitting
        count = len(sitting.questions)
        self.line(paper.title, style="bold")
        facts = [f"{count} {'question' if count == 1 else 'questions'}, {_points(paper.points)}"]
        if sitting.start.limit_s:
            facts.append(f"{sitting.start.limit_s / 60:g} minutes")
        if sitting.start.factor != 1:
            facts.append(f"time factor {sitting.start.factor:g}")
        self.line(f"{', '.join(facts)}; student: {sitting.start.student}")
        if taking.is_resumed:
            done = count - len(sitting.unanswered)
            self.line(f"You go on where you stopped: {done} of {count} have an answer.")
            if sitting.start.limit_s:
                self.line("The clock has not stopped in between.")
        elif sitting.start.limit_s:
            self.line(
                "The clock runs from now on, also while this is closed. It is on your own machine: "
                "it helps you to keep the time, and proves nothing to anybody."
            )
        if taking.quiz:
            self.line("Practice: you see at once what is right, and may try again.")
        self.line("Every answer is kept at once. ? shows what you can type.")
        if paper.introduction:
            self.line()
            self.page.markdown(paper.introduction)

    def question(self, taking: "Taking", place: int) -> None:
        """Show one question."""
        questions = taking.sitting.questions
        question = questions[place]
        self.line()
        head = f"Question {place + 1} of {len(questions)}, {_points(question.points)}"
        self.line(head, style="bold")
        self.line()
        self.page.markdown(question.stem)
        if question.lefts:
            self.line()
            for number, left in enumerate(question.lefts, 1):
                self.page.markdown(left.text, indent=2, mark=f"{number}) ")
        if question.options:
            self.line()
        for letter, option in zip(ascii_lowercase, question.options, strict=False):
            self.page.markdown(option.text, indent=2, mark=f"{letter}) ")
        self.line()

    def prompt(self, text: str) -> None:
        """Ask for a line."""
        self.page.console.print(text, end="", soft_wrap=True, style="bold")
        self.page.console.file.flush()

    def feedback(self, mark: "Mark", keyed: "Question | None") -> None:
        """Say whether an answer is right, and why."""
        if mark.fraction >= 1:
            self.line("Right.", style="bold green")
        elif mark.fraction > 0:
            self.line(f"Partly right: {mark.fraction:.0%} of the points.", style="bold yellow")
        else:
            self.line("Not right.", style="bold red")
        for text in mark.feedback:
            self.page.markdown(text, indent=2)
        if mark.fraction >= 1 and keyed and keyed.explanation:
            self.line()
            self.page.markdown(keyed.explanation, indent=2)

    def overview(self, taking: "Taking") -> None:
        """List all questions with the beginning of each, and the answers."""
        from grader.quiz.blocks import line_of
        from grader.quiz.typed import describe

        self.line()
        for number, question in enumerate(taking.sitting.questions, 1):
            given = describe(question, taking.sitting.values.get(question.question_id, ""))
            shown = line_of(question.stem) if self.page.has_unicode else question.stem
            start = f"{number:>2}  {given:<8}  "
            self.line(start + _begin(shown, max(10, self.page.width - len(start))), hang=4)
        open_ones = [str(place + 1) for place in taking.sitting.unanswered]
        said = f"No answer yet: {', '.join(open_ones)}." if open_ones else "All have an answer."
        self.line(f"{said} A number goes to that question; submit hands in.")

    def help(self) -> None:
        """Show what can be typed."""
        self.line()
        size = max(len(keys) for keys, _ in HELP)
        if self.page.width < size + 30:
            for keys, meaning in HELP:
                self.line(f"{keys}: {meaning}", hang=4)
            return
        for keys, meaning in HELP:
            self.line(f"{keys:<{size}}  {meaning}", indent=2, hang=size + 2)

    def closing(self, taking: "Taking") -> None:
        """Say how it ended, and what to hand in."""
        sitting = taking.sitting
        count = len(sitting.questions)
        done = count - len(sitting.unanswered)
        at_s = sitting.closed.at_s if sitting.closed else 0.0
        how = "Time is over." if sitting.closed and sitting.closed.is_timeout else "Done."
        self.line()
        self.line(f"{how} {done} of {count} questions answered, in {clock_time(at_s)} minutes.")
        if taking.is_test:
            self.page.console.print(f"Your answers: {taking.answers_path}", soft_wrap=True)
            self.line("Hand in this file the way your course says; nothing was sent anywhere.")

    def summary(self, taking: "Taking", seen: "Mapping[str, str]") -> None:
        """Show the score of practice, what was not right and why.

        Args:
            taking: A finished attempt with its quiz.
            seen: Mistakes that answers showed, with what they are.
        """
        first, last = taking.marked(is_first=True), taking.marked()
        if first is None or last is None:
            return
        self.line()
        total = _points(taking.paper.points)
        self.line(
            f"Score: {last.points:g} of {total}; with your first answers {first.points:g}.",
            style="bold",
        )
        if seen:
            self.line("What your answers show:")
        for name, headline in seen.items():
            self.line(
                f"- {name.replace('_', ' ')}: {headline}"
                if headline
                else f"- {name.replace('_', ' ')}",
                indent=2,
                hang=2,
            )
        marked = {entry.question.question_id: entry for entry in last.marked}
        for number, question in enumerate(taking.sitting.questions, 1):
            entry = marked.get(question.question_id)
            if entry and entry.mark.fraction < 1:
                self._solution(number, question, entry.question, entry.response.value)

    def _solution(
        self, number: int, question: "PaperQuestion", keyed: "Question", value: "Value"
    ) -> None:
        from grader.quiz.blocks import line_of
        from grader.quiz.typed import describe, right_answer

        self.line()
        head = f"Question {number}: your answer {describe(question, value)}, right is "
        self.line(head + right_answer(question, keyed), style="bold")
        self.line(_begin(line_of(question.stem), 2 * self.page.width), indent=2)
        for mark, text in _right_texts(question, keyed):
            self.page.markdown(text, indent=2, mark=mark)
        if keyed.explanation:
            self.page.markdown(keyed.explanation, indent=2)


def _right_texts(question: "PaperQuestion", keyed: "Question") -> "Iterator[tuple[str, str]]":
    """Yield what is right in words, each with its mark: letters alone say little afterwards."""
    from grader.quiz.model import Choice, Matching, Ordering

    answer = keyed.answer
    if isinstance(answer, Matching):
        rights = {right.right_id: right.text for right in answer.rights}
        for number, left in enumerate(answer.lefts, 1):
            yield f"{number}) ", f"{left.text}: {rights[left.right_id]}"
    elif isinstance(answer, Ordering):
        for number, step in enumerate(answer.steps, 1):
            yield f"{number}. ", step.text
    elif isinstance(answer, Choice):
        right = {option.option_id for option in answer.right}
        for letter, option in zip(ascii_lowercase, question.options, strict=False):
            if option.option_id in right:
                yield f"{letter}) ", option.text


def _begin(text: str, size: int) -> str:
    """Return a text, or its beginning."""
    return text if len(text) <= size else text[: size - 4].rstrip() + " ..."


def _points(points: int) -> str:
    return f"{points} point" if points == 1 else f"{points} points"
