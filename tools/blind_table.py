"""Writes docs/accuracy-blind.md: mistakes that accuracy does not see, and what they lose.

    python tools/blind_table.py > docs/accuracy-blind.md

Each mistake is graded as a submission, at one seed; its accuracy is the mean of its calibration.
"""

import json
import sys
from pathlib import Path

from grader.course import Course, find_course
from grader.handin import Handin
from grader.labs import find_lab
from grader.model import Lab, Outcome
from grader.programs import MISTAKE, REFERENCE, mistakes_of, reference_of
from grader.runner import Grader, Options
from grader.sandbox.backend import find_backend

ROOT = Path(__file__).resolve().parents[1]
SEED = 1
WITHIN = 0.01  # of the reference's accuracy: blind
HEAD = """# What accuracy does not see

Mistakes in training that stay within one point of the reference's accuracy on digits (or above
it), from `calibration.json` of each lab: means over 20 seeds in lab 2; in labs 3 and 4 over 20 of
the reference and 2 of a mistake. Each loses points in another check, and is named there. Written by
`tools/blind_table.py`. Mistakes that change what a program says, not its weights, are not in it,
because the bars look at the weights: lab 4's `predict_in_train_mode` (0.989 if it is believed, one
run) loses `predict_modes`.

| lab | mistake | accuracy | score | caught by |
|---|---|---|---|---|
"""


def main() -> None:
    """Print the page."""
    course = find_course(ROOT, str(ROOT))
    print(HEAD, end="")
    for wanted in ("lab2", "lab3", "lab4"):
        for row in rows(course, find_lab(course, wanted)):
            print(f"| {' | '.join(row)} |", flush=True)


def rows(course: Course, lab: Lab) -> list[tuple[str, ...]]:
    """Return a row for the reference, and for each mistake that its accuracy hides."""
    accuracy = accuracies(course, lab)
    grader = Grader(
        course=course, lab=lab, backend=find_backend("auto"), options=Options(seed=SEED)
    )
    sources = {**reference_of(course, lab), **mistakes_of(course, lab, grader.mistakes)}
    found = []
    for name, value in accuracy.items():
        if name != REFERENCE and value < accuracy[REFERENCE] - WITHIN:
            continue
        report = grader.grade(Handin(student=name, files={lab.file: sources[name].text}))
        print(f"{lab.short_id} {name}", file=sys.stderr)
        fine = (Outcome.PASSED, Outcome.SKIPPED)
        lost = [c.check_id for c in report.checks if c.outcome not in fine]
        points = f"{report.score.points}/{report.score.max_points}" if report.score else "none"
        shown = name.removeprefix(MISTAKE)
        found.append((lab.short_id, shown, f"{value:.4f}", points, ", ".join(lost) or "-"))
    grader.close()
    return found


def accuracies(course: Course, lab: Lab) -> dict[str, float]:
    """Return each program's mean in the lab's highest bar: of its best network."""
    path = course.hidden / lab.lab_id / "calibration.json"
    entries = json.loads(path.read_text(encoding="utf-8"))["calibrations"]
    entry = max((e for e in entries if not e.get("is_limit")), key=lambda e: e["bar"])
    programs = {s["program"]: [v for v in s["values"] if v is not None] for s in entry["spreads"]}
    return {
        name: sum(values) / len(values)
        for name, values in programs.items()
        if values and (name == REFERENCE or name.startswith(MISTAKE))
    }


if __name__ == "__main__":
    main()
