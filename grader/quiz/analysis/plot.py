"""Small drawings as inline SVG, by hand.

Places are percentages, so a drawing is as wide as its cell and its text never shrinks. What stands
beside the same number is hidden from screen readers; the two larger ones have words of their own.
"""

from collections.abc import Sequence
from html import escape
from math import isnan

from grader.quiz.analysis.items import Interval
from grader.quiz.analysis.report import ItemReport

ROW = 22  # pixels
TALL = 210
NEAR_X, NEAR_Y = 0.06, 22.0  # share of the width; pixels
GRID = (0, 25, 50, 75, 100)
LOWEST_R, HIGHEST_R = -0.2, 0.8  # of the vertical axis; points beyond stand at its ends


def _svg(inner: str, height: int, words: str = "") -> str:
    said = f'role="img" aria-label="{escape(words)}"' if words else 'aria-hidden="true"'
    return f'<svg class="plot" width="100%" height="{height}" {said}>{inner}</svg>'


def _grid(height: int) -> str:
    lines = (f'<line class="grid" x1="{x}%" x2="{x}%" y1="0" y2="{height}"/>' for x in GRID)
    return "".join(lines)


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}%" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def axis() -> str:
    """Return the numbers above a column of rows that go from 0 to 100 %."""
    return _svg(_scale(12), 16)


def _scale(y: float) -> str:
    """Return the numbers 0, 50 and 100 %; a narrow page hides the one in the middle."""
    middle = f'<g class="middle">{_text(50, y, "50 %")}</g>'
    return _text(0, y, "0 %", "start") + middle + _text(100, y, "100 %", "end")


def bar(share: float, kind: str) -> str:
    """Return a bar; `kind` is a class of the page's style: key, wrong or blank."""
    box = f'<rect class="{kind}" x="0" y="5" width="{100 * share:.1f}%" height="12" rx="2"/>'
    return _svg(_grid(ROW) + box, ROW)


def two_bars(first: float, second: float) -> str:
    """Return two thin bars, the earlier quiz above the later."""
    above = f'<rect class="before" x="0" y="2" width="{100 * first:.1f}%" height="8" rx="2"/>'
    below = f'<rect class="after" x="0" y="12" width="{100 * second:.1f}%" height="8" rx="2"/>'
    return _svg(_grid(ROW) + above + below, ROW)


def dot(share: float, interval: Interval) -> str:
    """Return a dot with its interval."""
    low, high = 100 * interval.low, 100 * interval.high
    line = f'<line class="whisker" x1="{low:.1f}%" x2="{high:.1f}%" y1="11" y2="11"/>'
    return _svg(
        _grid(ROW) + line + f'<circle class="dot" cx="{100 * share:.1f}%" cy="11" r="5"/>', ROW
    )


def change(before: float, after: float) -> str:
    """Return a way from an open dot to a full one; both in percent."""
    way = "gain" if after >= before else "loss"
    line = f'<line class="{way}" x1="{before:.1f}%" x2="{after:.1f}%" y1="11" y2="11"/>'
    start = f'<circle class="open" cx="{before:.1f}%" cy="11" r="5"/>'
    end = f'<circle class="full {way}" cx="{after:.1f}%" cy="11" r="6"/>'
    return _svg(_grid(ROW) + line + start + end, ROW)


def histogram(counts: Sequence[int]) -> str:
    """Return how many students have which score, in steps of 10 %."""
    most, bottom = max(*counts, 1), TALL - 22
    pieces = []
    for place, count in enumerate(counts):
        height = (bottom - 18) * count / most
        left, top = 10 * place, bottom - height
        pieces.append(
            f'<rect class="score" x="{left + 0.6}%" y="{top:.1f}" width="8.8%" '
            f'height="{height:.1f}" rx="2"/>'
        )
        if count:
            pieces.append(_text(left + 5, top - 4, str(count)))
    pieces.append(f'<line class="base" x1="0" x2="100%" y1="{bottom}" y2="{bottom}"/>')
    ends = {0: "start", 100: "end"}
    pieces += [
        _text(x, TALL - 6, f"{x} %", ends.get(x, "middle")) for x in (0, 20, 40, 60, 80, 100)
    ]
    listed = ", ".join(f"{10 * n} to {10 * n + 10} %: {count}" for n, count in enumerate(counts))
    return _svg("".join(pieces), TALL, f"Students by score. {listed}.")


def scatter(found: Sequence[ItemReport]) -> str:
    """Return difficulty against discrimination: a number for each question."""
    pieces = [_grid(TALL - 22)]
    for r in (0.0, 0.2, 0.4):
        y = _height(r)
        kind = "zero" if r == 0 else "grid"
        pieces.append(f'<line class="{kind}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
        pieces.append(_text(0.5, y - 4, f"r = {r:g}", "start"))
    known = [item for item in found if not isnan(item.rest)]
    for item in known:
        kind = "bad" if item.rest < 0 else "item"
        x, y = 100 * item.facility, _height(item.rest)
        pieces.append(f'<circle class="{kind}" cx="{x:.1f}%" cy="{y:.1f}" r="5"/>')
    for group in _neighbours(known):
        numbers = ", ".join(str(item.number) for item in group)
        top = min(_height(item.rest) for item in group)
        x = 100 * sum(item.facility for item in group) / len(group)
        pieces.append(f'<g class="label">{_text(x, top - 9, numbers)}</g>')
    pieces.append(_scale(TALL - 6))
    words = "Questions by difficulty and discrimination; the table below has the numbers."
    return _svg("".join(pieces), TALL, words)


def _neighbours(found: Sequence[ItemReport]) -> list[list[ItemReport]]:
    """Put together the questions whose dots are so close that they share a label."""
    groups: list[list[ItemReport]] = []
    for item in sorted(found, key=lambda item: item.facility):
        near = (
            group
            for group in groups
            if item.facility - group[0].facility < NEAR_X
            and abs(_height(item.rest) - _height(group[0].rest)) < NEAR_Y
        )
        group = next(near, None)
        if group is None:
            groups.append([item])
        else:
            group.append(item)
    return groups


def _height(r: float) -> float:
    inside = min(max(r, LOWEST_R), HIGHEST_R)
    return 10 + (TALL - 44) * (HIGHEST_R - inside) / (HIGHEST_R - LOWEST_R)
