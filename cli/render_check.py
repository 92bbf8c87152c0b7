"""How a check of one's own work looks on the screen."""

import shlex
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.exit import EXIT_CONTENT, code_of_report
from cli.screen import Screen
from cli.setting import Setting
from cli.trail import Trail
from grader.api import public_score
from grader.model import (
    Check,
    CheckResult,
    Diagnosis,
    Lab,
    Measurement,
    Outcome,
    Protection,
    Report,
    Visibility,
)

if TYPE_CHECKING:
    from grader.figures import Drawn
    from grader.own import OwnCheck
    from grader.sandbox.lookout import Progress

WORDS = {
    Outcome.PASSED: ("PASS", "green"),
    Outcome.FAILED: ("FAIL", "bold red"),
    Outcome.ERRORED: ("ERROR", "bold red"),
    Outcome.TIMED_OUT: ("TIME", "bold red"),
    Outcome.SKIPPED: ("SKIP", "yellow"),
    Outcome.NOT_RUN: ("NONE", "bold magenta"),
    Outcome.BROKEN: ("BROKEN", "bold magenta"),
}
WALLS = {
    "plain": (
        "Runs in a process of its own with limits on time and memory, not in a sandbox: "
        "that is fine for your own code."
    ),
    "bwrap": "Runs in a sandbox (bubblewrap): no network, none of your files, limited memory.",
}
INDENT = 6
MAX_TOPICS = 4  # so many hidden checks are named by their titles; more, by what they are about
MAX_PRINTED_LINES = 200


class CheckScreen:
    """Prints one run, check by check."""

    def __init__(self, own: "OwnCheck", setting: Setting) -> None:
        """Begin a run."""
        self.own = own
        self.setting = setting
        self.screen = Screen(setting)
        self.printed: dict[str, CheckResult] = {}
        self.messages: dict[str, str] = {}  # text -> the check that showed it first
        self.trail = Trail()

    def header(self) -> None:
        """Say what is checked, on what, and behind which walls."""
        lab = self.own.lab
        self.screen.line(f"{lab.lab_id}: {lab.title}", style="bold")
        data = f", dataset {self.own.dataset}" if self.own.dataset else ""
        self.screen.line(f"{self.own.file}, seed {self.own.seed}{data}")
        self.screen.line(wall_in_words(self.own.protection))
        self.screen.line()

    def observe(self, check: Check, result: CheckResult | None) -> None:
        """Follow the run: called before and after each check."""
        self.screen.clear_running()
        if result is None:
            self.trail = Trail(check.check_id)
            self.screen.show_running(f"running {check.check_id} ...")
            return
        self.printed[check.check_id] = result
        if not self.own.waits_for(result):
            self._result(result)

    def follow(self, progress: "Progress") -> None:
        """Follow a call of the submission: its CPU time, and its loss while it trains."""
        self.trail.note(progress)
        if self.trail.is_due(time.monotonic()):
            self.screen.clear_running()
            self.screen.show_running(self.trail.text(can_draw=self.screen.can_draw))

    def footer(self, report: Report, drawn: "Drawn | None" = None, *, is_verbose: bool) -> None:
        """Print what is left to say once all checks have ended."""
        self.screen.clear_running()
        for result in report.checks:
            if result.check_id not in self.printed and result.outcome is not Outcome.NOT_RUN:
                self._result(result)
        self._waiting(report)
        self._output(report.output, is_verbose=is_verbose)
        if drawn:
            self._figures(drawn)
        self._problem(report)
        self.screen.gap()
        if any(entry.hint and not self.own.waits_for(entry) for entry in report.checks):
            path = f" --path {shlex.quote(self.own.wish.path)}" if self.own.wish.path else ""
            hint = self.setting.command(f"hint {self.own.lab.short_id}{path}")
            self.screen.command("Stuck? ", hint)
        self._points(report)

    def _problem(self, report: Report) -> None:
        """Say why there is no grade; what is broken in the course is told in full."""
        if not report.problem:
            return
        text = report.problem if report.problem.endswith(".") else f"{report.problem}."
        self.screen.marked("Not graded: ", text, style="bold red")
        if code_of_report(report) == EXIT_CONTENT:
            for remark in report.remarks:
                self.screen.line(remark, indent=2, hang=2)

    def _result(self, result: CheckResult) -> None:
        word, style = WORDS[result.outcome]
        points = f"{result.points}/{result.max_points}"
        mark = f"{word:<5} "
        self.screen.marked(mark, f"{points}  {result.check_id}", style=style)
        if result.outcome is not Outcome.PASSED:
            self._explanation(result)
            self.screen.gap()
            return
        for measured in result.measured:
            if measured.threshold is not None:
                self.screen.line(measurement_in_words(measured), indent=INDENT, hang=2)

    def _explanation(self, result: CheckResult) -> None:
        if result.outcome is Outcome.SKIPPED:
            self.screen.line(result.message, indent=INDENT)
            return
        is_about_loading = self.own.is_about_loading(result)
        text = "loading" if is_about_loading else result.message
        first = self.messages.setdefault(text, result.check_id)
        if first != result.check_id and text:
            self.screen.line(f"The same as {first}.", indent=INDENT)
            return
        if not is_about_loading:
            self.screen.line(result.title, indent=INDENT, style="dim")
        for line in result.message.splitlines():
            self.screen.line(line, indent=INDENT, hang=hang_of(line))
        if result.outcome is not Outcome.BROKEN and not is_about_loading:
            self._advice(result)

    def _advice(self, result: CheckResult) -> None:
        if result.diagnosis:
            self._diagnosis(result.diagnosis)
        if result.hint:
            self.screen.marked("Hint: ", result.hint, indent=INDENT, style="cyan")
        lecture = (result.diagnosis.lecture if result.diagnosis else "") or result.lecture
        if lecture:
            self.screen.marked("Read: ", lecture, indent=INDENT, style="cyan")
        self.screen.command("Only this: ", self._command(result), indent=INDENT)

    def _command(self, result: CheckResult) -> str:
        """Return the command that runs this check alone."""
        path = f" {shlex.quote(self.own.wish.path)}" if self.own.wish.path else ""
        check = f"check {self.own.lab.short_id}{path} -k {result.check_id}"
        return self.setting.command(check)

    def _diagnosis(self, diagnosis: Diagnosis) -> None:
        self.screen.marked("Looks like: ", diagnosis.headline, indent=INDENT, style="yellow")
        if diagnosis.evidence:
            self.screen.line(diagnosis.evidence, indent=INDENT + 2)

    def _waiting(self, report: Report) -> None:
        """Fold the checks of functions that are not written yet into one paragraph."""
        waiting = [entry for entry in report.checks if self.own.waits_for(entry)]
        if not waiting:
            return
        lost = sum(entry.max_points for entry in waiting)
        unwritten = self._unwritten(waiting)
        checks = "1 check waits" if len(waiting) == 1 else f"{len(waiting)} checks wait"
        functions = "1 function" if len(unwritten) == 1 else f"{len(unwritten)} functions"
        text = f"0/{lost}  {checks} for {functions} not written yet:"
        self.screen.marked(f"{'TODO':<6}", text, style="yellow")
        self.screen.line(", ".join(unwritten), indent=INDENT)
        first = waiting[0]
        text = f"{self.own.waits_for(first)}, then {self._command(first)}"
        self.screen.marked("Start with: ", text, indent=INDENT, style="cyan")
        self.screen.gap()

    def _unwritten(self, waiting: Sequence[CheckResult]) -> list[str]:
        """Return the functions to write: all of them, or those of the chosen checks."""
        ids = {entry.check_id for entry in waiting}
        chosen = [check for check in self.own.lab.checks if check.check_id in ids]
        used = {name for check in chosen for name in check.functions}
        unwritten = self.own.look.unwritten
        return [name for name in unwritten if self.own.is_whole or name in used] or list(unwritten)

    def _output(self, output: str, *, is_verbose: bool) -> None:
        from grader.text import clean

        lines = clean(output, limit=len(output)).rstrip("\n").split("\n")
        if not output.strip():
            return
        self.screen.gap()
        count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
        if not is_verbose:
            self.screen.line(f"Your code printed {count}; --verbose shows what.")
            return
        self.screen.line(f"Your code printed {count}:")
        for line in lines[:MAX_PRINTED_LINES]:
            self.screen.out.print(f"  | {line}".rstrip())
        if len(lines) > MAX_PRINTED_LINES:
            self.screen.line(f"  and {len(lines) - MAX_PRINTED_LINES} more, not shown.")

    def _figures(self, drawn: "Drawn") -> None:
        self.screen.gap()
        self.screen.line("Figures" if drawn.paths else "No figures: no check laid out any.")
        for path in drawn.paths:
            self.screen.command("", str(path), indent=2)
        for remark in drawn.remarks:
            self.screen.marked("not drawn  ", remark, indent=2, style="yellow")

    def _points(self, report: Report) -> None:
        if report.score is None:
            is_ours = code_of_report(report) == EXIT_CONTENT
            text = "This is for the staff of the course to mend." if is_ours else ""
            self.screen.line(f"No points are counted. {text}".rstrip())
            return
        public = public_score(report)
        if not self.own.is_whole:
            score = report.score
            self.screen.line(f"These checks: {score.points} of {score.max_points} points.")
            return
        self.screen.line(f"Public: {public.points} of {public.max_points} points.", style="bold")
        if report.score.max_points > public.max_points:
            points = report.score.points - public.points
            of = report.score.max_points - public.max_points
            self.screen.line(f"Hidden: {points} of {of} points.", style="bold")
        else:
            self._hidden(self.own.lab)

    def _hidden(self, lab: Lab) -> None:
        hidden = [check for check in lab.checks if check.visibility is Visibility.HIDDEN]
        if not hidden:
            return
        checks = f"{len(hidden)} checks" if len(hidden) > 1 else "1 check"
        points = sum(check.points for check in hidden)
        total = f"{points} points" if points > 1 else "1 point"
        text = f"{checks}, {total}, about: {topics(hidden)}."
        self.screen.marked("Hidden: ", text, style="bold")
        if len(hidden) > MAX_TOPICS:
            command = self.setting.command(f"labs {lab.short_id}")
            self.screen.line(f"({command} lists them.)", indent=len("Hidden: "))


def wall_in_words(protection: Protection) -> str:
    """Say what stands between the submission and the machine."""
    known = WALLS.get(protection.backend)
    return known or f"Runs in {protection.backend}: {', '.join(protection.in_force)}."


def measurement_in_words(measured: Measurement) -> str:
    """Write a number with its threshold and unit."""
    unit = f" {measured.unit}" if measured.unit else ""
    relation = "at most" if measured.is_limit else "at least"
    bar = "" if measured.threshold is None else f" ({relation} {measured.threshold:g}{unit})"
    number = "not a number" if measured.value is None else f"{measured.value:.4g}"
    return f"{measured.name}: {number}{unit}{bar}"


def hang_of(line: str) -> int:
    """Return how far the continuation of a fact's line is indented: below its text."""
    label, gap, _ = line.partition("  ")
    known = ("first at", "allowed", "got", "expected")
    if not gap or label not in known:
        return 2
    return len(line) - len(line[len(label) :].lstrip())


def topics(checks: Sequence[Check]) -> str:
    """Name what checks are about, briefly if there are many."""
    if len(checks) <= MAX_TOPICS:
        return "; ".join(check.title for check in checks)
    return ", ".join(dict.fromkeys(check.title.partition(":")[0] for check in checks))
