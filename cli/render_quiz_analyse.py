"""How the analysis of a quiz looks on the screen: 80 columns, and readable without colour."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cli.screen import Screen
from cli.setting import Setting

if TYPE_CHECKING:
    from grader.quiz.analysis.answers import AnswerRow
    from grader.quiz.analysis.compare import Comparison
    from grader.quiz.analysis.flags import Flag
    from grader.quiz.analysis.misconceptions import Seen
    from grader.quiz.analysis.report import ItemReport, QuizReport
    from grader.quiz.analysis.session import Analysis

MOST_MISCONCEPTIONS = 8
INDENT = 2
LONGEST_LABEL = 38
LONGEST_NAME, LONGEST_TWIN = 20, 19  # of a question in a table: 80 columns hold it


def print_analysis(found: "Analysis", setting: Setting, *, is_full: bool, again: str) -> None:
    """Print all: each quiz, what was learned, which mistakes show, and what to look at.

    Args:
        found: What to print.
        setting: Of the terminal.
        is_full: Whether the answers to every question are printed, too.
        again: What was typed after `dlab quiz analyse`, to be proposed again.
    """
    screen = Screen(setting)
    for number, report in enumerate(found.quizzes):
        if number:
            screen.line()
        _print_quiz(screen, report, is_full=is_full)
    for comparison in found.comparisons:
        _print_comparison(screen, comparison, found.seed)
    _print_misconceptions(screen, found)
    _print_flags(screen, found.flags)
    if not is_full:
        screen.line()
        screen.line("What was answered to every question: --full prints it, a page draws it.")
        screen.command("  ", setting.command(f"quiz analyse {again} --html analysis.html"))


def _title(screen: Screen, text: str) -> None:
    screen.line()
    screen.line(text, style="bold")


def _table(
    screen: Screen, head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int]
) -> None:
    """Print columns: those whose number is in `words` begin at the left, numbers end at the right.

    Columns in which no row says anything are left out.
    """
    kept = [place for place in range(len(head)) if any(row[place] for row in rows)]
    widths = {place: max(len(row[place]) for row in (head, *rows)) for place in kept}
    for number, row in enumerate((head, *rows)):
        cells = [
            f"{row[place]:<{widths[place]}}" if place in words else f"{row[place]:>{widths[place]}}"
            for place in kept
        ]
        line = (" " * INDENT + "  ".join(cells)).rstrip()
        screen.out.print(_cut(line, max(80, screen.width)), style="dim" if number == 0 else None)


def _cut(name: str, longest: int = LONGEST_NAME) -> str:
    return name if len(name) <= longest else f"{name[: longest - 3]}..."


def _print_quiz(screen: Screen, report: "QuizReport", *, is_full: bool) -> None:
    from grader.quiz.analysis.words import facts, reliability

    screen.line(f"{report.quiz.quiz_id}: {report.quiz.title}", style="bold")
    for fact in (*facts(report), *reliability(report)):
        screen.line(fact, indent=INDENT)
    if not report.items:
        return
    screen.line()
    head = ("", "question", "right", "blank", "rest r", "95 %", "D", "")
    _table(screen, head, [_item_row(item) for item in report.items], words=(1, 5, 7))
    for item in report.items if is_full else ():
        _print_answers(screen, item)


def _item_row(item: "ItemReport") -> tuple[str, ...]:
    from grader.quiz.analysis.words import between, ebel, percent, plain, signed

    is_known = bool(item.answers or item.parts)  # else there are too few students
    return (
        str(item.number),
        _cut(item.question.question_id),
        percent(item.facility),
        percent(item.blank),
        signed(item.rest) if is_known else "",
        between(item.rest_interval),
        plain(item.upper_lower) if is_known else "",
        ebel(item.rest) if is_known else "",
    )


def _print_answers(screen: Screen, item: "ItemReport") -> None:
    from grader.quiz.analysis.words import percent, words

    if not (item.answers or item.parts):
        return
    screen.line()
    name = f"{item.number} {item.question.question_id}: {words(item.question.title)}"
    if item.question.variant and item.answers:
        name += " (answers as in variant 1)"
    screen.line(name, indent=INDENT)
    if item.answers:
        head = ("answer", "share", "rest r", "top", "bottom", "")
        _table(screen, head, [_answer_row(row) for row in item.answers], words=(0, 5))
    for part in item.parts:
        wrong = (
            f" (instead, {percent(part.wrong_share)}: {words(part.wrong)})" if part.wrong else ""
        )
        place = f"{part.place}. " if part.place else ""
        label = f"{percent(part.share):>5}  {place}{words(part.label)}{wrong}"
        screen.line(label, indent=INDENT, hang=7)
    known = [variant for variant in item.variants if variant.facility == variant.facility]
    if known:
        listed = ", ".join(f"v{v.question.variant} {percent(v.facility)}" for v in known)
        screen.line(f"right by variant: {listed}", indent=INDENT, hang=4)


def _answer_row(row: "AnswerRow") -> tuple[str, ...]:
    from grader.quiz.analysis.words import percent, signed, words

    return (
        _cut(words(row.label), LONGEST_LABEL),
        percent(row.share),
        signed(row.rest),
        percent(row.upper),
        percent(row.lower),
        row.verdict.value or " ".join(filter(None, (row.kind.value, row.misconception))),
    )


def _print_comparison(screen: Screen, found: "Comparison", seed: int) -> None:
    from grader.quiz.analysis.words import between, comparison_facts, gain_facts, plain
    from grader.quiz.analysis.words import points_of_100 as share

    _title(screen, f"What was learned: {found.pre_id} to {found.post_id}")
    for fact in comparison_facts(found):
        screen.line(fact, indent=INDENT)
    for total in found.total:
        for fact in gain_facts(total, seed):
            screen.line(fact, indent=INDENT)
        screen.line()
        rows = [
            (
                _cut(pair.pre.question_id, LONGEST_TWIN),
                _cut(pair.post.question_id, LONGEST_TWIN),
                share(pair.gain.pre),
                share(pair.gain.post),
                plain(pair.gain.hake),
                between(pair.gain.interval),
            )
            for pair in found.pairs
        ]
        head = ("question", "its twin", "before", "after", "g", "95 %")
        _table(screen, head, rows, words=(0, 1, 5))


def _print_misconceptions(screen: Screen, found: "Analysis") -> None:
    from grader.quiz.analysis.words import link_fact

    seen = found.misconceptions
    if not seen:
        return
    _title(screen, "Mistakes that show in the answers")
    head = ("mistake", *(_short(report.quiz.quiz_id) for report in found.quizzes))
    shown = seen[:MOST_MISCONCEPTIONS]
    _table(screen, head, [(entry.name, *_counts(entry)) for entry in shown], words=(0,))
    if len(seen) > len(shown):
        screen.line(f"... and {len(seen) - len(shown)} more.", indent=INDENT)
    for entry in seen:
        for link in entry.links:
            screen.line(f"{entry.name}: {link_fact(link)}", indent=INDENT, hang=INDENT)


def _short(quiz_id: str) -> str:
    return quiz_id.rpartition("-")[2]


def _counts(entry: "Seen") -> Iterator[str]:
    for asked, shown in zip(entry.asked, entry.shown, strict=True):
        yield f"{shown} of {asked}" if asked else "-"


def _print_flags(screen: Screen, flags: "Sequence[Flag]") -> None:
    from grader.quiz.analysis.flags import Concern

    _title(screen, "What to look at")
    if not flags:
        screen.line("Nothing stands out.", indent=INDENT)
    for flag in flags:
        is_check = flag.concern is Concern.CHECK
        mark, style = ("CHECK  ", "bold red") if is_check else ("note   ", "yellow")
        where = flag.question_id or flag.quiz_id
        screen.marked(mark, f"{where}: {flag.text}", indent=INDENT, style=style)
        screen.line(flag.step, indent=INDENT + len(mark))
