"""A calibration to read and to look at: a table in Markdown, a figure of every distribution."""

import io
from collections.abc import Iterator, Sequence
from statistics import mean, pstdev
from typing import Any

from grader.calibrate import Calibration, Spread
from grader.figures import COLOURS, DPI, PALE, STYLE
from grader.programs import MISTAKE

ROW, HEAD = 0.21, 1.1  # inches


def as_markdown(title: str, found: Sequence[Calibration]) -> str:
    """Return tables of all distributions, one for each bar."""
    versions = ", ".join(f"{name} {number}" for name, number in found[0].versions.items())
    count = max(len(spread.values) for spread in found[0].spreads)
    lines = [
        f"# Calibration: {title}, {found[0].dataset}",
        "",
        f"Written by `dlab calibrate --write`; {count} seeds; {versions}.",
    ]
    for calibration in found:
        lines += ["", *_section(calibration)]
    return "\n".join(lines) + "\n"


def _section(calibration: Calibration) -> Iterator[str]:
    relation = "at most" if calibration.is_limit else "at least"
    yield f"## {calibration.check_id}: {calibration.metric}"
    yield ""
    yield (
        f"Bar: {relation} **{calibration.bar:g}** (proposed {calibration.proposed:g}). A run of a "
        f"correct program misses it with probability {calibration.false_fail:.1e}, two in a row "
        f"with {calibration.false_fail**2:.1e} (Student t); without any assumption one run with "
        f"at most {calibration.false_fail_bound:.1%} (95 % confidence)."
    )
    yield ""
    yield "| program | n | mean | sd | lowest | highest | miss the bar |"
    yield "|---|---|---|---|---|---|---|"
    for spread in calibration.spreads:
        missing = spread.share_missing(calibration.bar, is_limit=calibration.is_limit)
        yield f"| {spread.program} | {_numbers(spread)} | {missing:.0%} |"
    yield ""
    blind = ", ".join(calibration.blind) or "none"
    yield f"The bar cannot see {len(calibration.blind)} of them: {blind}."
    yield f"{len(calibration.untouched)} further mistakes do not change the training at all."


def _numbers(spread: Spread) -> str:
    known = spread.known
    if not known:
        return "0 | - | - | - | -"
    numbers = (mean(known), pstdev(known), min(known), max(known))
    return " | ".join([str(len(known)), *(f"{number:.4g}" for number in numbers)])


def as_png(title: str, found: Sequence[Calibration]) -> bytes:
    """Return a picture with a panel for each bar: every run of every program is a point."""
    from matplotlib import style
    from matplotlib.figure import Figure

    heights = [ROW * len(calibration.spreads) + HEAD for calibration in found]
    with style.context(["default", STYLE]):
        figure = Figure(figsize=(8.0, sum(heights)), layout="constrained")
        panels = figure.subplots(len(found), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axes, calibration in zip(panels, found, strict=True):
            _draw(axes, calibration)
        figure.suptitle(f"{title}, {found[0].dataset}", x=0.01, ha="left", weight="bold")
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def _draw(axes: Any, calibration: Calibration) -> None:
    known = [value for spread in calibration.spreads for value in spread.known]
    if calibration.is_limit and min(known) > 0 and max(known) > 30 * min(known):
        axes.set_xscale("log")
    for place, spread in enumerate(calibration.spreads):
        colour = COLOURS[1] if spread.is_mistake else COLOURS[0]
        heights = [place] * len(spread.known)
        axes.scatter(spread.known, heights, s=14, alpha=0.5, color=colour, linewidths=0)
    axes.axvline(calibration.bar, color=PALE, linewidth=1.2, linestyle="--")
    names = [spread.program.removeprefix(MISTAKE) for spread in calibration.spreads]
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="y", color="#eeeeee", linewidth=0.6)
    axes.set_axisbelow(True)
    relation = "at most" if calibration.is_limit else "at least"
    title = f"{calibration.check_id} ({relation} {calibration.bar:g})\n{calibration.metric}"
    axes.set_title(title, loc="right", ha="right", fontsize=9)
