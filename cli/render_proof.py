"""How the proof of a lab and the calibration of its bars look on the screen."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, pstdev
from typing import TYPE_CHECKING

import click

from cli.screen import Screen, table
from grader.model import Lab

if TYPE_CHECKING:
    from grader.calibrate import Calibration, Spread
    from grader.proof import Finding, Proof
    from grader.yardstick import Yardstick

MAX_NAMES = 12  # students or mistakes in one line


def print_proof(lab: Lab, proof: "Proof", screen: Screen) -> None:
    """Print one line for each kind of promise, what each mistake is named, and what is broken."""
    screen.line(f"{lab.short_id}: {lab.title}", style="bold")
    kinds: dict[str, list[Finding]] = {}
    for finding in proof.findings:
        promise = finding.promise
        kinds.setdefault("is caught" if promise.startswith("is caught") else promise, []).append(
            finding
        )
    rows = [
        (f"{sum(not f.broken for f in found)}/{len(found)}", promise, _subjects(found))
        for promise, found in kinds.items()
    ]
    for line in table(("holds", "promise", "of"), rows, screen.width):
        screen.out.print(line)
    screen.line()
    _print_mistakes(proof, screen)
    _print_costs(proof, screen)
    for finding in proof.broken:
        screen.marked("BROKEN  ", f"{finding.subject} {finding.promise}: {finding.broken}")
    _print_holds([proof], f"of {lab.short_id} ", screen)
    screen.line()


def print_total(proofs: "Mapping[str, Proof]", screen: Screen) -> None:
    """Print how many promises hold over all labs, and how many mistakes they know."""
    mistakes = sum(len(proof.mistakes) for proof in proofs.values())
    screen.line(f"{len(proofs)} labs, {mistakes} known mistakes.")
    _print_holds(proofs.values(), "", screen)


def _print_holds(proofs: "Iterable[Proof]", whose: str, screen: Screen) -> None:
    findings = [finding for proof in proofs for finding in proof.findings]
    broken = [finding for finding in findings if finding.broken]
    words = f"{len(findings) - len(broken)} of {len(findings)} promises {whose}hold."
    screen.line(words, style="bold red" if broken else "bold green")


def _subjects(found: "Sequence[Finding]") -> str:
    subjects = list(dict.fromkeys(finding.subject.partition(",")[0] for finding in found))
    return subjects[0] if len(subjects) == 1 else f"{len(subjects)} subjects"


def _print_mistakes(proof: "Proof", screen: Screen) -> None:
    by_check: dict[str, list[str]] = {}
    for mistake, (check, named) in proof.caught.items():
        by_check.setdefault(check, []).append(mistake if named == mistake else f"{mistake} (!)")
    rows = [(check, str(len(names)), ", ".join(names)) for check, names in by_check.items()]
    for line in table(("check", "n", "mistakes it names"), rows, screen.width):
        screen.out.print(line)
    screen.line()


def _print_costs(proof: "Proof", screen: Screen) -> None:
    dear = sorted(proof.costs, key=lambda cost: -cost.cpu_s)[:5]
    total = sum(cost.cpu_s for cost in proof.costs)
    parts = ", ".join(f"{cost.check_id} {cost.cpu_s * 1000:.0f} ms" for cost in dear)
    screen.line(f"The reference uses {total:.2f} CPU s in all checks; most: {parts}.")
    screen.line()


def print_proofs_json(proofs: "Mapping[str, Proof]") -> None:
    """Print all findings by lab."""
    data = {
        lab_id: {
            "findings": [dataclasses.asdict(finding) for finding in proof.findings],
            "costs": [dataclasses.asdict(cost) for cost in proof.costs],
            "named": {mistake: named for mistake, (_, named) in proof.caught.items()},
            "holds": not proof.broken,
        }
        for lab_id, proof in proofs.items()
    }
    click.echo(json.dumps(data, indent=2))


def print_calibrations(found: "Sequence[Calibration]", path: Path | None, screen: Screen) -> None:
    """Print each bar's distributions, what it separates, and what it is blind to."""
    for calibration in found:
        relation = "at most" if calibration.is_limit else "at least"
        words = f"{calibration.check_id}: {calibration.metric}, {relation} {calibration.bar:g}"
        screen.line(words, style="bold")
        rows = [_spread_row(spread, calibration) for spread in calibration.spreads]
        head = ("n", "mean", "sd", "lowest", "highest", "miss", "program")
        for line in table(head, rows, screen.width):
            screen.out.print(line)
        screen.line()
        bound = calibration.false_fail_bound
        screen.line(
            f"A run of a correct program misses the bar with probability "
            f"{calibration.false_fail:.1e} (Student t), two in a row with "
            f"{calibration.false_fail**2:.1e}; without any assumption, one run with at most "
            f"{bound:.1%} at 95 % confidence."
        )
        screen.line(
            f"Proposed bar: {calibration.proposed:g} (6 sd from the mean of the correct ones)."
        )
        blind = ", ".join(calibration.blind) or "none"
        screen.line(f"The bar cannot see {len(calibration.blind)} of them: {blind}.", hang=2)
        count = len(calibration.untouched)
        screen.line(f"{count} further mistakes are not in the training: equal to the last bit.")
        screen.line()
    if path:
        screen.line(f"Written to {path}.")


def _spread_row(spread: "Spread", calibration: "Calibration") -> tuple[str, ...]:
    known = spread.known
    numbers = [mean(known), pstdev(known), min(known), max(known)] if known else []
    cells = [f"{number:.4f}" for number in numbers] or ["-"] * 4
    missing = spread.share_missing(calibration.bar, is_limit=calibration.is_limit)
    return str(len(known)), *cells, f"{missing:.0%}", spread.program


def print_calibrations_json(found: "Sequence[Calibration]") -> None:
    """Print all distributions."""
    click.echo(json.dumps([dataclasses.asdict(entry) for entry in found], indent=2))


def print_yardsticks(yardstick: "Yardstick", screen: Screen) -> None:
    """Print one table: the lecture's numbers and the reference's."""
    lab = yardstick.lab_id.partition("_")[0]
    screen.line(f"{lab}: {yardstick.title.rstrip('.')} ({yardstick.cpu_s:.1f} CPU s)", style="bold")
    rows = [
        (
            "-" if row.lecture is None else f"{row.lecture:g}",
            f"{row.measured:.6g}",
            row.unit,
            row.what,
        )
        for row in yardstick.rows
    ]
    for line in table(("lecture", "measured", "unit", "what"), rows, screen.width):
        screen.out.print(line)
    screen.line()
