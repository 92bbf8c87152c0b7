"""The analysis as JSON: numbers and ids of questions, never a student.

A number that is undefined, or that too few students allow, is null.
"""

import json
from collections.abc import Iterable
from enum import Enum
from math import isfinite
from typing import Any

from grader.quiz.analysis.answers import AnswerRow
from grader.quiz.analysis.compare import Comparison
from grader.quiz.analysis.gain import Gain
from grader.quiz.analysis.items import Interval
from grader.quiz.analysis.misconceptions import Seen
from grader.quiz.analysis.report import ItemReport, QuizReport
from grader.quiz.analysis.session import Analysis

SCHEMA = 1
DIGITS = 6


def as_json(found: Analysis) -> str:
    """Return an analysis as indented JSON with sorted keys and a final newline."""
    data = {
        "schema": SCHEMA,
        "kind": "quiz-analysis",
        "course": found.course,
        "name": found.name,
        "seed": found.seed,
        "quizzes": [_quiz(report) for report in found.quizzes],
        "comparisons": [_comparison(entry) for entry in found.comparisons],
        "misconceptions": [_seen(entry, found.quizzes) for entry in found.misconceptions],
        "flags": [
            {
                "quiz": flag.quiz_id,
                "question": flag.question_id,
                "topic": flag.topic.value,
                "concern": flag.concern.value,
                "text": flag.text,
                "step": flag.step,
            }
            for flag in found.flags
        ],
    }
    return json.dumps(_clean(data), indent=2, sort_keys=True, allow_nan=False) + "\n"


def _clean(value: Any) -> Any:
    """Return plain data: null for what is not finite, six digits after the point."""
    if isinstance(value, float):
        return round(value, DIGITS) if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _clean(entry) for key, entry in value.items()}
    if isinstance(value, Enum):
        return value.value
    return [_clean(entry) for entry in value] if isinstance(value, list | tuple) else value


def _interval(interval: Interval) -> list[float]:
    return [interval.low, interval.high]


def _quiz(found: QuizReport) -> dict[str, Any]:
    table = found.table
    return {
        "quiz": found.quiz.quiz_id,
        "role": found.quiz.role,
        "bank_sha256": found.quiz.sha256,
        "level": found.level,
        "students": found.count,
        "late": table.late,
        "late_counted": table.has_late,
        "other_version": table.other_version,
        "points": found.quiz.points,
        "mean_percent": found.mean,
        "sd_percent": found.sd,
        "scores": found.scores,
        "alpha": found.alpha,
        "alpha_95": _interval(found.alpha_interval),
        "is_kr20": found.is_kr20,
        "standard_error_percent": found.error,
        "length_for_alpha_0.8": found.length,
        "items": [_item(item) for item in found.items],
    }


def _item(item: ItemReport) -> dict[str, Any]:
    return {
        "question": item.question.question_id,
        "number": item.number,
        "type": item.question.kind,
        "points": item.question.points,
        "facility": item.facility,
        "facility_95": _interval(item.interval),
        "blank": item.blank,
        "item_rest": item.rest,
        "item_rest_95": _interval(item.rest_interval),
        "upper_lower": item.upper_lower,
        "alpha_if_deleted": item.alpha_without,
        "variants": [
            {"variant": entry.question.variant, "students": entry.count, "facility": entry.facility}
            for entry in item.variants
        ],
        "variants_differ": item.are_unequal,
        "answers": [_answer(row) for row in item.answers],
        "parts": [
            {
                "place": part.place,
                "part": part.label,
                "facility": part.share,
                "most_common_wrong": part.wrong,
                "most_common_wrong_share": part.wrong_share,
            }
            for part in item.parts
        ],
        "typed": [
            {
                "variant": typed.question.variant,
                "text": typed.text,
                "students": typed.count,
                "of": typed.seen,
            }
            for typed in item.typed
        ],
    }


def _answer(row: AnswerRow) -> dict[str, Any]:
    return {
        "answer": row.label,
        "kind": row.kind,
        "misconception": row.misconception,
        "students": row.count,
        "share": row.share,
        "item_rest": row.rest,
        "item_rest_95": _interval(row.interval),
        "upper": row.upper,
        "lower": row.lower,
        "verdict": row.verdict,
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "pre": found.pre_id,
        "post": found.post_id,
        "students": found.count,
        "dropped": found.dropped,
        "questions_left_out": found.left_out,
        "why_not": found.why_not,
        "gain": _gain(found.total[0]) if found.total else None,
        "pairs": [
            {"pre": p.pre.question_id, "post": p.post.question_id, "gain": _gain(p.gain)}
            for p in found.pairs
        ],
    }


def _gain(gain: Gain) -> dict[str, Any]:
    return {
        "students": gain.count,
        "pre_percent": gain.pre,
        "post_percent": gain.post,
        "hake": gain.hake,
        "hake_95": _interval(gain.interval),
        "word": gain.word,
        "normalised_change": gain.change,
        "normalised_change_students": gain.changed,
        "cohen_dz": gain.effect,
        "rose": gain.rose,
        "fell": gain.fell,
    }


def _seen(entry: Seen, quizzes: Iterable[QuizReport]) -> dict[str, Any]:
    counts = zip(quizzes, entry.asked, entry.shown, strict=True)
    return {
        "name": entry.name,
        "headline": entry.headline,
        "quizzes": [
            {"quiz": report.quiz.quiz_id, "students": asked, "shown": shown}
            for report, asked, shown in counts
        ],
        "lost": entry.lost,
        "found": entry.found,
        "labs": [
            {
                "lab": link.lab_id,
                "chosen": link.chosen,
                "both": link.both,
                "others": link.others,
                "others_both": link.others_both,
            }
            for link in entry.links
        ],
    }
