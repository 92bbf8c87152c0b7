"""`dlab quiz take`: what a student sees and types."""

import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console
from samples import sample_course, sample_quiz, write_quiz

from cli.keyboard import Keyboard
from cli.main import dlab
from cli.markdown import Page
from cli.quiz_dialog import Dialog, Ending, read_command
from cli.render_quiz import QuizScreen, clock_time
from cli.setting import Setting
from grader.quiz import markup
from grader.quiz.attempt import load_attempt, mark_attempt
from grader.quiz.model import Quiz
from grader.quiz.paper import PaperQuestion, deal, strip_keys
from grader.quiz.publish import published
from grader.quiz.sitting import Mode, Moment
from grader.quiz.source import read_quiz
from grader.quiz.taking import TakeWish, open_taking
from grader.quiz.typed import right_answer

Run = Callable[..., Result]
QUIZ = sample_quiz()
SEED = 3
ME = ("--student", "0012345")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the published test and practice beside it."""
    folder = tmp_path / "desk"
    folder.mkdir()
    for name, is_practice in (("test", False), ("practice", True)):
        text = published(QUIZ, seed=SEED, is_practice=is_practice)
        (tmp_path / f"{name}.quiz.json").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "DLAB_COURSE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def take(desk: Path) -> Run:
    """Run `dlab quiz take` with lines on its standard input."""

    def invoke(quiz: str, *args: str, typed: tuple[str, ...] = ()) -> Result:
        lines = "".join(f"{line}\n" for line in typed)
        return CliRunner().invoke(dlab, ["quiz", "take", quiz, *args], input=lines)

    return invoke


def keys_of(student: str, seed: int = SEED) -> list[str]:
    """Return what is typed to answer a student's paper right, in its order."""
    typed = []
    for question in deal(strip_keys(QUIZ, seed=seed), student):
        keyed = QUIZ.find(question.question_id, question.variant)
        assert keyed is not None
        typed.append(right_answer(question, keyed).partition(" ±")[0])
    return typed


def answers(desk: Path) -> dict[str, object]:
    """Return question ids and values of the answers file."""
    attempt = load_attempt((desk / "sample.answers.json").read_bytes(), "answers")
    return {response.question_id: response.value for response in attempt.responses}


# ---- a test


def test_a_test_is_taken_from_a_pipe_and_scores_full(take: Run, desk: Path) -> None:
    result = take("../test.quiz.json", *ME, typed=(*keys_of("0012345"), "submit", "yes"))

    assert result.exit_code == 0, result.output
    assert "8 of 8 questions answered" in result.output
    assert "Hand in this file the way your course says; nothing was sent anywhere." in result.output
    attempt = load_attempt((desk / "sample.answers.json").read_bytes(), "answers")
    assert mark_attempt(QUIZ, attempt).points == QUIZ.points
    assert (attempt.student, attempt.accommodation) == ("0012345", 1)


def test_a_test_says_nothing_about_right_and_wrong(take: Run) -> None:
    result = take("../test.quiz.json", *ME, typed=(*keys_of("0012345"), "submit", "yes"))

    for word in ("Right", "Not right", "Score", "points;", "Bias"):
        assert word not in result.output
    assert result.output.count("Kept: read as") == 8


def test_the_clock_is_honest(take: Run) -> None:
    result = take("../test.quiz.json", *ME)

    assert "It is on your own machine: it helps you to keep the time, and proves" in " ".join(
        result.output.split()
    )
    assert "9:59 left." in result.output or "10:00 left." in result.output


def test_the_end_of_input_is_no_handing_in(take: Run, desk: Path) -> None:
    result = take("../test.quiz.json", *ME, typed=("",))

    assert result.exit_code == 1
    assert "Not handed in yet; your answers are kept. The clock goes on." in result.output
    assert not (desk / "sample.answers.json").exists()


def test_what_was_left_goes_on(take: Run, desk: Path) -> None:
    keys = keys_of("0012345")
    take("../test.quiz.json", *ME, typed=(*keys[:3], "leave"))
    result = take("../test.quiz.json", typed=(*keys[3:], "submit", "yes"))

    assert result.exit_code == 0
    assert "You go on where you stopped: 3 of 8 have an answer." in result.output
    assert "The clock has not stopped in between." in result.output
    assert all(answers(desk).values())


def test_a_test_has_one_attempt(take: Run, desk: Path) -> None:
    take("../test.quiz.json", *ME, typed=("submit", "yes"))
    before = (desk / "sample.answers.json").read_bytes()
    result = take("../test.quiz.json", *ME, typed=("submit", "yes"))

    assert result.exit_code == 2
    assert "Error: This test was handed in at" in result.output
    assert "has one attempt" in result.output
    assert (desk / "sample.answers.json").read_bytes() == before


def test_a_lost_answers_file_is_written_again(take: Run, desk: Path) -> None:
    take("../test.quiz.json", *ME, typed=("submit", "yes"))
    before = (desk / "sample.answers.json").read_bytes()
    (desk / "sample.answers.json").unlink()
    result = take("../test.quiz.json")

    assert result.exit_code == 2
    assert "was missing and is written again" in result.output
    assert (desk / "sample.answers.json").read_bytes() == before


def test_the_student_is_asked_for(take: Run, desk: Path) -> None:
    result = take("../test.quiz.json", typed=("0012345", "submit", "yes"))

    assert "Your student number, or what your course calls you: " in result.output
    assert load_attempt((desk / "sample.answers.json").read_bytes(), "a").student == "0012345"


def test_without_a_student_nothing_begins(take: Run, desk: Path) -> None:
    result = take("../test.quiz.json")

    assert result.exit_code == 2
    assert (
        "Error: The student is missing: --student NUMBER says who takes the test." in result.output
    )


def test_an_accommodation_is_more_time_and_is_recorded(take: Run, desk: Path) -> None:
    result = take("../test.quiz.json", *ME, "--time-factor", "1.5", typed=("submit", "yes"))

    assert "15 minutes, time factor 1.5" in result.output
    attempt = load_attempt((desk / "sample.answers.json").read_bytes(), "a")
    assert attempt.accommodation == 1.5


@pytest.mark.parametrize("factor", ["0", "3", "-1", "nan", "1,5"])
def test_other_factors_are_refused(take: Run, factor: str) -> None:
    assert take("../test.quiz.json", *ME, "--time-factor", factor).exit_code == 2


def test_a_number_is_echoed_as_it_was_read(take: Run) -> None:
    place = next(
        number
        for number, question in enumerate(deal(strip_keys(QUIZ, seed=SEED), "0012345"), 1)
        if question.question_id == "conv-params"
    )
    result = take("../test.quiz.json", *ME, typed=(f"go {place}", "1 792", "leave"))

    assert "Kept: read as 1792." in result.output


def test_commands_move_and_an_answer_can_be_taken_back(take: Run, desk: Path) -> None:
    keys = keys_of("0012345")
    typed = ("next", "back", keys[0], "<", "clear", "skip", "#8", ">", "3", "show", "?", "submit")
    result = take("../test.quiz.json", *ME, typed=(*typed, "no", "=", "submit", "yes"))

    assert result.exit_code == 0
    heads = [line for line in result.output.splitlines() if line.startswith("Question ")]
    assert [head.split()[1] for head in heads] == ["1", "2", "1", "2", "1", "2", "8", "3", "3"]
    assert "Kept: no answer." in result.output
    assert "No answer yet: 1, 2, 3, 4, 5, 6, 7, 8." in result.output
    assert not any(answers(desk).values())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("go 9", "There is no question 9; there are 1 to 8."),
        ("go 0", "There is no question 0"),
        ("€€€", "(? helps)"),
        ("a" * 5000, "(? helps)"),
        ("\x1b[2J", "(? helps)"),
    ],
)
def test_a_line_that_means_nothing_is_answered(take: Run, typed: str, message: str) -> None:
    result = take("../test.quiz.json", *ME, typed=(typed, "leave"))

    assert message in " ".join(result.output.split())
    assert "\x1b" not in result.output


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("", "next"),
        (" Next ", "next"),
        ("/next", "next"),
        (">", "next"),
        ("<", "back"),
        ("!", "submit"),
        ("=", "overview"),
        ("?", "help"),
        ("go 12", "go 12"),
        ("#2", "go 2"),
        ("b", ""),
        ('"next"', ""),
        ("go", ""),
        ("=1", ""),
        ("-1", ""),
    ],
)
def test_commands_are_words_and_signs_that_no_answer_needs(typed: str, command: str) -> None:
    assert read_command(typed) == command


# ---- practice


def test_practice_says_what_is_right_and_lets_one_try_again(take: Run, desk: Path) -> None:
    keys = keys_of("practice")
    questions = deal(strip_keys(QUIZ, seed=SEED), "practice")
    place = next(n for n, q in enumerate(questions) if q.question_id == "softmax-grad")
    wrong = "a" if keys[place] != "a" else "b"
    result = take(
        "../practice.quiz.json", typed=(f"go {place + 1}", wrong, keys[place], "submit", "yes")
    )

    assert result.exit_code == 0, result.output
    assert "Practice: you see at once what is right, and may try again." in result.output
    _, after = result.output.split("Not right.")
    assert "Try again, or Enter goes on." in after
    assert "Right." in after
    assert "cross_entropy" in after.split("Score:")[0]  # the explanation, once it is right
    assert f"Score: 1 of {QUIZ.points} points; with your first answers 0." in after
    assert "0012345" not in result.output


def test_practice_ends_with_what_was_not_right(take: Run) -> None:
    result = take("../practice.quiz.json", typed=("submit", "yes"))

    assert result.output.count("your answer -, right is") == 8
    assert "1. optimizer.zero_grad()" in result.output
    assert "1) MaxPool2d(2): (8, 16, 16)" in result.output.replace("`", "")


def test_practice_has_no_clock_and_can_be_repeated(take: Run, desk: Path) -> None:
    for _ in range(2):
        result = take("../practice.quiz.json", typed=("submit", "yes"))
        assert " left." not in result.output
        assert result.exit_code == 0
    starts = (desk / "sample.journal.jsonl").read_text().count('"event": "start"')
    assert starts == 2


def test_practice_hands_nothing_in(take: Run, desk: Path) -> None:
    result = take("../practice.quiz.json", typed=("submit", "yes"))

    assert "answers.json" not in result.output
    assert [path.name for path in desk.iterdir()] == ["sample.journal.jsonl"]


def test_a_practice_file_can_be_taken_as_a_test(take: Run) -> None:
    result = take("../practice.quiz.json", "--test", *ME, typed=("submit", "yes"))

    assert result.exit_code == 0
    assert "left. Answer (" in result.output
    assert "Score" not in result.output


MISTAKEN = """
## one: One

Which?

- [x] this
- [ ] that {misconception=ascends}
  > No: that climbs.
- [ ] those
"""


def bank(folder: Path) -> Path:
    """Make a course with a lab's mistake and a question that names it."""
    sample_course(folder)
    write_quiz(folder / "quizzes", MISTAKEN)
    mistakes = folder / "autograder_tests" / "lab1_descent" / "mistakes"
    mistakes.mkdir(parents=True)
    (mistakes / "ascends.py").write_text('"""It climbs."""\n')
    return folder


def test_the_author_practises_from_the_bank_and_sees_the_lab(
    tmp_path: Path, take: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course").mkdir()
    monkeypatch.setenv("DLAB_COURSE", str(bank(tmp_path / "course")))
    question = deal(strip_keys(read_quiz(tmp_path / "course/quizzes/test.quiz.md")), "practice")[0]
    letter = "abc"[[option.text for option in question.options].index("that")]
    result = take("test", typed=(letter, "submit"))

    assert "No: that climbs." in result.output
    assert "- ascends: It climbs. Known from lab1_descent." in result.output


def test_the_bank_can_be_taken_as_a_test(
    tmp_path: Path, take: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course").mkdir()
    monkeypatch.setenv("DLAB_COURSE", str(bank(tmp_path / "course")))
    result = take("sample", "--test", *ME, typed=("submit", "yes"))

    assert result.exit_code == 0
    assert "Score" not in result.output


@pytest.mark.parametrize(
    ("quiz", "message"),
    [
        ("nothing.quiz.json", "cannot be read"),
        ("samples", "Did you mean 'sample'?"),
        ("../broken.quiz.json", "is not JSON"),
    ],
)
def test_what_is_not_there_is_one_line(
    tmp_path: Path, take: Run, monkeypatch: pytest.MonkeyPatch, quiz: str, message: str
) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "broken.quiz.json").write_text("{")
    monkeypatch.setenv("DLAB_COURSE", str(bank(tmp_path / "course")))
    result = take(quiz)

    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1


def test_without_a_bank_a_name_is_explained(
    tmp_path: Path, take: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.toml").write_text('schema = 1\ntitle = "T"\n')
    monkeypatch.setenv("DLAB_COURSE", str(tmp_path))
    result = take("sample")

    assert result.exit_code == 2
    assert "no question bank on this machine. Name the file you were given" in result.output


# ---- for a program


def test_json_is_all_that_is_on_stdout(take: Run, desk: Path) -> None:
    result = take("../practice.quiz.json", "--json", typed=("submit", "yes"))

    found = json.loads(result.stdout)
    assert found["mode"] == "practice"
    assert found["is_closed"] is True
    assert (found["points"], found["max_points"]) == (0, QUIZ.points)
    assert found["answers_file"] == ""
    assert found["attempt"]["source"] == "dlab-practice"
    assert len(found["attempt"]["responses"]) == 8
    assert "Question 1 of 8" in result.stderr


def test_json_of_a_test_has_no_points(take: Run) -> None:
    found = json.loads(take("../test.quiz.json", *ME, "--json", typed=("leave",)).stdout)

    assert "points" not in found
    assert found["is_closed"] is False


# ---- against the clock: lines and time come from a script


@dataclass
class Script:
    """Lines with the seconds that pass before each; None waits as long as it is let."""

    clock: "ScriptClock"
    steps: list[tuple[float, str | None]]
    is_terminal: bool = True
    forgotten: int = 0

    def read(self, wait_s: float | None) -> str | None:
        if not self.steps:
            raise EOFError
        seconds, line = self.steps[0]
        if wait_s is not None and wait_s <= seconds:
            self.steps[0] = (seconds - wait_s, line)
            self.clock.seconds += wait_s
            return None
        self.steps.pop(0)
        self.clock.seconds += seconds
        return line

    def forget(self) -> None:
        self.forgotten += 1


@dataclass
class ScriptClock:
    seconds: float = 0.0
    start: datetime = field(default=datetime(2026, 11, 2, 9, 0, tzinfo=UTC))

    def __call__(self) -> Moment:
        wall = self.start + timedelta(seconds=self.seconds)
        return Moment(seconds=self.seconds, boot="b", wall=wall)


def talk(
    folder: Path, steps: list[tuple[float, str | None]], quiz: Quiz = QUIZ
) -> tuple[str, Ending, Dialog]:
    """Take a test with a script; return what was shown, how it ended and the dialog."""
    clock = ScriptClock()
    lines = Script(clock, steps)
    screen = QuizScreen(Setting(), as_json=False)
    shown = io.StringIO()
    screen.page = Page(Console(file=shown, width=80, highlight=False, markup=False))
    wish = TakeWish(student="1", mode=Mode.TEST, folder=folder)
    with open_taking(strip_keys(quiz), None, wish, clock=clock) as taking:
        dialog = Dialog(taking=taking, lines=lines, screen=screen)
        ending = dialog.run()
    return shown.getvalue(), ending, dialog


def first_question(dialog: Dialog) -> PaperQuestion:
    return dialog.taking.sitting.questions[0]


def test_it_warns_at_five_and_at_one_minute_and_ends_by_itself(tmp_path: Path) -> None:
    shown, ending, dialog = talk(tmp_path, [(5000, "too late")])

    assert ending is Ending.TIME
    assert shown.index("5:00 left.") < shown.index("1:00 left.") < shown.index("Time is over.")
    assert shown.count("5 minutes left.") == shown.count("1 minute left.") == 1
    assert dialog.taking.clock().seconds == 600
    assert load_attempt((tmp_path / "sample.answers.json").read_bytes(), "a").submitted_at
    assert isinstance(dialog.lines, Script)
    assert dialog.lines.forgotten == 1


def test_an_answer_that_comes_late_does_not_count(tmp_path: Path) -> None:
    """Where a stream cannot be waited for, the line comes when it comes."""

    class Deaf(Script):
        def read(self, wait_s: float | None) -> str | None:
            return super().read(None)

    clock = ScriptClock()
    lines = Deaf(clock, [(599, "submit"), (2, "yes")])
    screen = QuizScreen(Setting(), as_json=False)
    shown = io.StringIO()
    screen.page = Page(Console(file=shown, width=80))
    wish = TakeWish(student="1", mode=Mode.TEST, folder=tmp_path)
    with open_taking(strip_keys(QUIZ), None, wish, clock=clock) as taking:
        ending = Dialog(taking=taking, lines=lines, screen=screen).run()

    assert ending is Ending.TIME
    assert "This answer came after the end, and does not count." in shown.getvalue()


def test_a_short_test_does_not_warn_of_minutes_it_never_had(tmp_path: Path) -> None:
    shown, _, _ = talk(tmp_path, [(5000, None)], replace(QUIZ, minutes=4))

    assert "5 minutes left." not in shown
    assert "1 minute left." in shown


def test_time_is_over_when_a_left_test_is_taken_up_too_late(tmp_path: Path) -> None:
    clock = ScriptClock()
    wish = TakeWish(student="1", mode=Mode.TEST, folder=tmp_path)
    with open_taking(strip_keys(QUIZ), None, wish, clock=clock) as taking:
        question = taking.sitting.questions[0]
        taking.answer(question, "7")
    clock.seconds = 10_000
    screen = QuizScreen(Setting(), as_json=False)
    screen.page = Page(Console(file=io.StringIO(), width=80))
    with open_taking(strip_keys(QUIZ), None, wish, clock=clock) as taking:
        ending = Dialog(taking=taking, lines=Script(clock, []), screen=screen).run()

    assert ending is Ending.TIME
    assert answers(tmp_path)[question.question_id] == "7"


def test_minutes_left_are_never_rounded_up() -> None:
    assert [clock_time(s) for s in (599.99, 60, 59.9, 0.5)] == ["9:59", "1:00", "0:59", "0:00"]


# ---- how it looks


def shown_markdown(text: str, width: int, *, encoding: str = "utf-8", **more: object) -> str:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False, **more)  # type: ignore[arg-type]
    Page(console).markdown(text)
    out.flush()
    return out.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]


TABLE = "| layer | output |\n|---|---|\n| `a` | $x_1$ |\n| conv | 7 |\n"


def test_a_table_has_columns_where_there_is_room() -> None:
    assert shown_markdown(TABLE, 40) == ("layer  output\n-----  ------\na      x₁\nconv   7\n")


def test_a_table_is_a_list_where_there_is_none() -> None:
    wide = TABLE.replace("conv", "a convolution of many words")

    assert shown_markdown(wide, 30) == (
        "- layer: a\n  output: x₁\n- layer: a convolution of many\n    words\n  output: 7\n"
    )


def test_code_keeps_its_lines_and_its_indentation() -> None:
    text = "Look:\n\n```python\nfor x in y:\n    print(x)  # a long line that is not wrapped\n```\n"

    assert shown_markdown(text, 30).splitlines()[2:] == [
        "    for x in y:",
        "        print(x)  # a long line that is not wrapped",
    ]


def test_a_short_formula_is_not_broken() -> None:
    text = "A word or two, then $p - y$ and more words."

    for width in range(20, 50):
        assert "p \u2212 y" in shown_markdown(text, width)


def test_an_old_terminal_shows_latex_instead_of_escapes() -> None:
    shown = shown_markdown(r"What is $\sigma(x)$?", 80, encoding="ascii")

    assert shown == "What is $\\sigma(x)$?\n"


def test_control_characters_of_a_quiz_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in shown_markdown("a \x1b[2J b \x9b31m `\x1b[0m`", 80)


@pytest.mark.parametrize(
    "text", ["[bold]x[/]", ":smile:", "<script>", "=1+1", "]]>", "{{x}}", "😀"]
)
def test_odd_text_is_shown_as_it_is(text: str) -> None:
    assert shown_markdown(text, 80).strip() == text


@pytest.mark.parametrize("width", [20, 50, 80, 200])
@pytest.mark.parametrize("has_color", [True, False])
def test_every_question_fits_the_width(width: int, has_color: bool) -> None:
    for question in QUIZ.questions():
        shown = shown_markdown(
            question.stem, width, force_terminal=has_color, no_color=not has_color
        )
        if "    " not in shown:  # code is not wrapped
            plain = Console(width=1000).render_str(shown).plain if not has_color else shown
            assert all(len(line) <= max(width, 20) + 20 * has_color for line in plain.splitlines())


def test_no_color_is_heard(take: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = take("../test.quiz.json", *ME)

    assert "\x1b[3" not in result.output  # no colour; bold is none


# ---- a real terminal


@pytest.fixture
def terminal(desk: Path) -> Iterator[Callable[..., "Terminal"]]:
    opened = []

    def start(*args: str) -> "Terminal":
        opened.append(Terminal(args))
        return opened[-1]

    yield start
    for one in opened:
        one.end(signal.SIGKILL)


def heed(*signs: signal.Signals) -> None:
    """Have children heed signals that whoever started us ignores, as nohup does."""
    for sign in signs:
        if signal.getsignal(sign) is signal.SIG_IGN:
            signal.signal(sign, signal.SIG_DFL)


class Terminal:
    """`dlab quiz take` in a pseudo-terminal."""

    def __init__(self, args: tuple[str, ...]) -> None:
        """Start it."""
        heed(signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "quiz", "take", *args],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = ""

    def until(self, text: str) -> str:
        """Read until a text is shown."""
        while text not in self.seen:
            if not select.select([self.ours], [], [], 60)[0]:
                raise AssertionError(f"{text!r} did not come: {self.seen!r}")
            try:
                self.seen += os.read(self.ours, 65536).decode("utf-8", "replace")
            except OSError:
                raise AssertionError(f"{text!r} did not come: {self.seen!r}") from None
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, line: str) -> None:
        os.write(self.ours, f"{line}\n".encode())

    def end(self, sign: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sign)
        code = self.process.wait()
        if self.ours >= 0:
            os.close(self.ours)
            self.ours = -1
        return code


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_terminal_that_ends_at_any_moment_loses_no_answer(
    terminal: Callable[..., Terminal], desk: Path, sign: signal.Signals
) -> None:
    keys = keys_of("0012345")
    first = terminal("../test.quiz.json", *ME)
    first.until("Answer (")
    for key in keys[:4]:
        first.type(key)
        first.until("Kept: read as")
    first.end(sign)
    second = terminal("../test.quiz.json")
    second.until("4 of 8 have an answer")
    second.until("Answer (")
    for key in keys[4:]:
        second.type(key)
        second.until("Kept: read as")
    second.type("submit")
    second.until("yes or no")
    second.type("yes")
    second.until("8 of 8 questions answered")

    assert second.process.wait() == 0
    assert all(answers(desk).values())


def test_ctrl_c_says_that_nothing_is_lost(terminal: Callable[..., Terminal]) -> None:
    one = terminal("../test.quiz.json", *ME)
    one.until("Answer (")
    one.process.send_signal(signal.SIGINT)
    one.until("The same command goes on where you stopped.")

    assert one.process.wait() == 130


def test_a_pipe_that_ends_without_a_line_end_is_read_whole() -> None:
    reading, writing = os.pipe()
    os.write(writing, "a\r\nzwölf".encode())
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        keyboard = Keyboard(stream)
        lines = [keyboard.read(1.0), keyboard.read(None)]
        with pytest.raises(EOFError):
            keyboard.read(None)
    assert lines == ["a", "zwölf"]


def test_a_keyboard_stops_waiting() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream:
        assert Keyboard(stream).read(0.0) is None
    os.close(writing)


def test_a_missing_package_is_told_before_the_clock_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = sample_course(tmp_path)
    run = CliRunner().invoke
    run(dlab, ["--course", str(course), "quiz", "publish", "sample", "--out", str(tmp_path)])
    before = sorted(tmp_path.iterdir())
    monkeypatch.setitem(sys.modules, "mdit_py_plugins.dollarmath", None)
    markup.parser.cache_clear()

    done = run(dlab, ["quiz", "take", str(tmp_path / "sample.quiz.json"), "--student", "ada"])

    markup.parser.cache_clear()
    assert done.exit_code == 2
    assert done.stderr == "Error: This needs 'mdit_py_plugins': pip install 'dlab[quiz]'\n"
    assert sorted(tmp_path.iterdir()) == before
