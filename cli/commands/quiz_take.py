"""`dlab quiz take`: a quiz in the terminal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.exit import EXIT_INTERRUPTED, EXIT_OK, EXIT_POINTS_LOST
from cli.options import json_option
from cli.setting import Setting, pass_setting
from grader.errors import DlabError, RequestError

if TYPE_CHECKING:
    from cli.quiz_dialog import Dialog
    from grader.quiz.publish import Published
    from grader.quiz.taking import Taking

FACTORS = ("1", "1.25", "1.33", "1.5", "2")


@click.command()
@click.argument("quiz")
@click.option("--student", default="", metavar="ID", help="Who you are: number or pseudonym.")
@click.option(
    "--time-factor",
    "factor",
    type=click.Choice(FACTORS),
    help="More time, if you were granted it; the answers file says so.",
)
@click.option(
    "--test",
    "is_test",
    is_flag=True,
    help="No feedback, against the clock, even with the key here.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where answers are kept; without it, this folder.",
)
@json_option
@pass_setting
def take(
    setting: Setting,
    /,
    quiz: str,
    *,
    student: str,
    factor: str | None,
    is_test: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Take a quiz in the terminal, against the clock.

    QUIZ is the file you were given, such as session1-pre.quiz.json. It is a test, or practice if
    the file has the answers in it. On a machine with the question bank QUIZ may be a quiz's name;
    then it is practice, or with --test a test.

    Every answer is on the disk before it is confirmed. If anything happens (the terminal closes,
    the machine stops), the same command goes on where you were, with the time that is left.
    A test has one attempt, and what you hand in is QUIZ.answers.json. Practice may be repeated, and
    is not handed in. Nothing is sent anywhere. The clock is on your own machine: it helps you, and
    proves nothing.

    Answers can also come from a pipe, a line each.

    \b
    Examples:
      dlab quiz take session1-pre.quiz.json
      dlab quiz take session1-pre.quiz.json --student 0012345 --time-factor 1.25
      dlab quiz take session1-pre                    practice, where the bank is

    \b
    Exit code:
      0  handed in, or out of time    2  wrong usage, or taken already
      1  left; to be taken up again   3  the question bank itself is broken
    130  interrupted; to be taken up again
    """
    from cli.keyboard import Keyboard
    from cli.quiz_dialog import Dialog
    from cli.render_quiz import QuizScreen
    from grader.quiz.markup import parser
    from grader.quiz.sitting import Mode
    from grader.quiz.taking import TakeWish, check_student, open_taking

    parser()  # says what is not installed before the clock runs
    found, headlines = _find(setting, quiz)
    mode = Mode.TEST if is_test or found.quiz is None else Mode.PRACTICE
    wish = TakeWish(
        student=check_student(student) if student else "",
        mode=mode,
        factor=float(factor) if factor else None,
        folder=folder,
    )
    screen, keyboard = QuizScreen(setting, as_json=as_json), Keyboard()

    def ask() -> str:
        if mode is Mode.PRACTICE:
            return "practice"
        screen.prompt("Your student number, or what your course calls you: ")
        try:
            return keyboard.read(None) or ""
        except EOFError:
            return ""

    with open_taking(found.paper, found.quiz, wish, ask_student=ask) as taking:
        _refuse_second(taking)
        dialog = Dialog(taking=taking, lines=keyboard, screen=screen, headlines=headlines)
        code = _run(dialog)
        if as_json:
            click.echo(json.dumps(_result(dialog), indent=2, sort_keys=True))
    click.get_current_context().exit(code)


def _run(dialog: "Dialog") -> int:
    from cli.quiz_dialog import Ending

    try:
        ending = dialog.run()
    except KeyboardInterrupt:
        dialog.screen.line()
        dialog.leave()
        return EXIT_INTERRUPTED
    return EXIT_POINTS_LOST if ending is Ending.LEFT else EXIT_OK


def _refuse_second(taking: "Taking") -> None:
    """Refuse another attempt at a test; a lost answers file is written again."""
    closed = taking.sitting.closed
    if closed is None:
        return
    has_file = taking.answers_path.exists()
    if not has_file:
        taking.close()
    tail = "is there" if has_file else "was missing and is written again"
    raise RequestError(
        f"This test was handed in at {closed.submitted_at}, and has one attempt. "
        f"{taking.answers_path} {tail}."
    )


def _find(setting: Setting, quiz: str) -> "tuple[Published, dict[str, str]]":
    """Return the published file, or the quiz of the bank, and what is known of mistakes."""
    from grader.quiz.paper import strip_keys
    from grader.quiz.publish import Published, read_published
    from grader.quiz.source import SUFFIX, find_quiz

    path = Path(quiz)
    if path.suffix == ".json" or (path.is_file() and not quiz.endswith(SUFFIX)):
        found = read_published(path)
        return found, dict(found.misconceptions)
    if not setting.course().quizzes.is_dir() and not path.is_file():
        raise RequestError(
            f"There is no file '{quiz}', and no question bank on this machine. Name the file you "
            "were given, such as session1-pre.quiz.json."
        )
    keyed = find_quiz(setting.course(), quiz)
    return Published(paper=strip_keys(keyed), quiz=keyed), _headlines(setting)


def _headlines(setting: Setting) -> dict[str, str]:
    """Return what the bank says about mistakes; a bank with errors still can be practised."""
    from grader.quiz.misconceptions import for_students

    try:
        return for_students(setting.course())
    except DlabError:
        return {}


def _result(dialog: "Dialog") -> dict[str, Any]:
    """Return the result for a program."""
    from grader.quiz.attempt import dump_attempt

    taking = dialog.taking
    sitting = taking.sitting
    first, last = taking.marked(is_first=True), taking.marked()
    result: dict[str, Any] = {
        "quiz": taking.paper.quiz_id,
        "mode": sitting.start.mode.value,
        "is_closed": sitting.closed is not None,
        "is_timeout": sitting.closed is not None and sitting.closed.is_timeout,
        "questions": len(sitting.questions),
        "answered": len(sitting.questions) - len(sitting.unanswered),
        "answers_file": str(taking.answers_path) if sitting.closed and taking.is_test else "",
        "attempt": json.loads(dump_attempt(sitting.attempt())),
    }
    if first and last:
        result["max_points"] = taking.paper.points
        result["points"] = last.points
        result["points_of_first_answers"] = first.points
        result["misconceptions"] = dialog.seen
    return result
