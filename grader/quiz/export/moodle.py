"""What Moodle XML and GIFT share: the fractions that Moodle knows, names, categories, a checklist.

Source: the importers of Moodle 4.2 to 5.1 (question/format/xml and gift), run and read.
"""

import hashlib
import html
import re

from grader.quiz.export.carry import option_weights
from grader.quiz.export.target import refuse
from grader.quiz.export.xml import legal
from grader.quiz.markup import images_in, to_text
from grader.quiz.model import Choice, Question, Quiz, Right

# Any other fraction: Moodle refuses the whole file.
FRACTIONS = (
    "100",
    "90",
    "83.33333",
    "80",
    "75",
    "70",
    "66.66667",
    "60",
    "50",
    "40",
    "33.33333",
    "30",
    "25",
    "20",
    "16.66667",
    "14.28571",
    "12.5",
    "11.11111",
    "10",
    "5",
    "0",
)
SLACK = 1e-5  # of 1: how near a fraction must be
MOST_RIGHT = 10  # 100/11 is none of the fractions
LONGEST_NAME = 255
LONGEST_ID = 100


def percent(question: Question, share: float, target: str) -> str:
    """Write a share of the points as one of Moodle's fractions.

    Raises:
        ContentError: If it is none of them; names the nearest.
    """
    nearest = min(FRACTIONS, key=lambda known: abs(float(known) / 100 - abs(share)))
    if abs(float(nearest) / 100 - abs(share)) > SLACK:
        raise refuse(
            question,
            target,
            f"knows no answer that earns {share * 100:.7g} %; the nearest is ({nearest}%)",
        )
    return f"-{nearest}" if share < 0 and nearest != "0" else nearest


def option_percents(question: Question, answer: Choice, target: str) -> tuple[str, str]:
    """Return the fractions of a right and a wrong option of a question with several right ones.

    Raises:
        ContentError: If the rule, or so many options, cannot be said with fractions.
    """
    if len(answer.right) > MOST_RIGHT:
        raise refuse(
            question,
            target,
            f"cannot share the points among {len(answer.right)} right options; "
            f"have at most {MOST_RIGHT}",
        )
    weights = option_weights(answer)
    if weights is None:
        raise refuse(
            question,
            target,
            f"adds up fractions and cannot score by '{answer.rule.value}'; "
            "write {scoring=net} or {scoring=balanced} in its heading, or give it with dlab",
        )
    right, wrong = weights
    return percent(question, right, target), percent(question, wrong, target)


def right_text(question: Question, right: Right, target: str) -> str:
    """Return the right side of a matching as Moodle shows it in a list: text, no markup.

    Raises:
        ContentError: If it has an image.
    """
    if images_in(right.text):
        raise refuse(question, target, "has no images on the right of a matching; swap the sides")
    return html.escape(legal(" ".join(to_text(right.text).split())), quote=False)


def question_name(quiz: Quiz, question: Question) -> str:
    """Return what a teacher sees in the question bank, of at most 255 characters."""
    plain = " ".join(to_text(f"{quiz.quiz_id}/{question.variant_id} {question.title}").split())
    name = html.escape(plain, quote=False)  # Moodle takes tags out of names
    plain = plain[:LONGEST_NAME]
    while len(name) > LONGEST_NAME:
        plain = plain[:-1]
        name = html.escape(plain.rstrip() + "…", quote=False)
    return name


def id_number(quiz: Quiz, question: Question, target: str) -> str:
    """Return the id by which answers find their question again.

    Raises:
        ContentError: If it is longer than Moodle's column.
    """
    number = f"{quiz.quiz_id}/{question.variant_id}"
    if len(number) > LONGEST_ID:
        raise refuse(question, target, f"knows ids of at most {LONGEST_ID} characters; shorten it")
    return number


def category(quiz: Quiz, content: bytes) -> str:
    """Return where the questions go: a category that has the same name only for the same content.

    Moodle's import never updates: a file that is imported twice gives every question twice. The
    name makes a teacher see it, and keeps an edited quiz apart from its old self.
    """
    return f"$course$/top/dlab/{quiz.quiz_id} {hashlib.sha256(content).hexdigest()[:8]}"


def checklist(quiz: Quiz) -> tuple[str, ...]:
    """Return what no file of questions can set, for the teacher to set by hand."""
    limit = f"{quiz.minutes} minutes" if quiz.minutes else "none"
    within = "yes" if quiz.shuffle_options else "no"
    order = "yes" if quiz.shuffle_questions else "no"
    random_slots = [entry.question_id for entry in quiz.entries if len(entry.variants) > 1]
    lines = [
        f"time limit: {limit}; attempts allowed: 1",
        "question behaviour: deferred feedback",
        f"shuffle within questions: {within}; shuffle the questions: {order}",
        "review options: all off until the quiz is closed",
        f"maximum grade: {quiz.points}",
    ]
    if random_slots:
        lines.append(f"one random question from each sub-category: {', '.join(random_slots)}")
    return tuple(lines)


def file_name(path: str) -> str:
    """Return a plain name for an image: equal only for equal paths."""
    digest = hashlib.sha256(path.encode()).hexdigest()[:8]
    return f"{digest}-{re.sub(r'[^A-Za-z0-9._-]+', '_', path.rpartition('/')[2])[-80:]}"
