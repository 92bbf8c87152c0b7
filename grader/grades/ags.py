"""Scores for LTI Advantage: one line is a line item and the body to POST to its `scores`."""

import json
from collections.abc import Sequence
from datetime import UTC

from grader.course_book import Book
from grader.errors import RequestError
from grader.grades.target import GradeWish, Sheet, titles
from grader.text import one_line

LISTED = 5  # names in a message


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write JSON Lines. A platform ignores a score that is not later than the last: it is now.

    Raises:
        RequestError: If it is not known what the platform calls a student.
    """
    rows = [row for row in book.rows if row.cells]
    unknown = [row.identity.student_id for row in rows if not row.identity.lti_id]
    if unknown and not wish.allow_missing:
        raise RequestError(
            f"LTI calls students by ids of its own; there is none for {_listed(unknown)}. "
            "Give --roster with a column lti_user_id."
        )
    heads = titles(book.columns, wish)
    moment = wish.now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    lines = []
    for row in rows:
        for column in book.columns if row.identity.lti_id else ():
            if cell := row.cells.get(column.column_id):
                item = {
                    "label": heads[column.column_id],
                    "resourceId": column.column_id,
                    "scoreMaximum": column.max_points,
                }
                score = {
                    "userId": row.identity.lti_id,
                    "scoreGiven": cell.points,
                    "scoreMaximum": column.max_points,
                    "comment": one_line(cell.comment),
                    "timestamp": moment,
                    "activityProgress": "Completed",
                    "gradingProgress": "FullyGraded",
                }
                lines.append(json.dumps({"lineItem": item, "score": score}, ensure_ascii=False))
    if not lines:
        raise RequestError("Nobody with a score has an LTI id: there is nothing to post.")
    remarks = [f"Left out, for want of an LTI id: {', '.join(unknown)}."] if unknown else []
    text = "".join(f"{line}\n" for line in lines)
    return Sheet(content=text.encode("utf-8", "backslashreplace"), remarks=tuple(remarks))


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {rest} more" if rest > 0 else "")
