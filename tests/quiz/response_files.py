"""Writes response files as the sources do, by the rules of their own code; for tests."""

import csv
import html
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.quiz.attempt import Attempt
from grader.quiz.markup import to_html, to_inline_html, to_text
from grader.quiz.model import Choice, Matching, Ordering, Question, Quiz, Value

GAUNTLET = r"""
## one-math: Gradient

What is $\partial L/\partial z$ of `cross_entropy`, with **logits** $z$ & labels *y*?

- [x] $p - y$
- [ ] $y - p$
- [ ] $p(1-p)$; **not** `p`
- [ ] less than $p < 0.5$, or `a_b`

## many: Regularisers {points=2 scoring=net}

Which **act** as regularisers?

- [x] weight decay, in `AdamW`
- [x] dropout; at training only
- [x] early stopping
- [ ] a larger `learning_rate`, alone
- [ ] zeroing, the gradients

## truth: Dropout

In `model.eval()`, dropout still zeroes activations.

- [ ] True
- [x] False

## size: Parameters {variants=3}

How many parameters has `nn.Conv2d({{c}}, {{d}}, 3)`?

= {{d*(9*c + 1)}}
= {{d*9*c}} (50%)

```params
c = [1, 3, 16]
d = [8, 64]
```

## pick: Which {variants=2}

Which is the square of the number in the box?

```
{{ n }}
```

- [x] {{ n*n }}
- [ ] {{ 2*n }}
- [ ] {{ n }}

```params
n = [3, 5, 7]
```

## shapes: Shapes {points=3}

Match on $(8, 32, 32)$.

| layer | output |
|---|---|
| `MaxPool2d(2)` | `(8, 16, 16)` |
| `Conv2d(8, 16, 3)` | `(16, 30, 30)` |
| *flatten*; all of it | $8192$ |
| | `(16, 32, 32)` |

## steps: Steps {points=2}

Put one step in order.

1. `zero_grad()`
2. `loss = criterion(model(x), y)`
3. `loss.backward()`
4. `optimizer.step()`

## name: Name

Which method clears the gradients?

= "zero_grad"
= "zero grad" (50%)
"""


@dataclass(frozen=True)
class Person:
    """One student's answers: question id to variant and value."""

    student: str
    answers: Mapping[str, tuple[int, Value]]
    grade: float = 0.0
    started: str = "21 November 2026  12:01 AM"
    ended: str = "21 November 2026  12:10 AM"
    marks: Mapping[str, float] = field(default_factory=dict)

    def of(self, quiz: Quiz, question_id: str) -> tuple[Question, Value]:
        variant, value = self.answers[question_id]
        question = quiz.find(question_id, variant)
        assert question is not None
        return question, value


def person(quiz: Quiz, student: str = "ada", **how: object) -> Person:
    """Answer every question with its key, the first variant shown."""
    keys = {}
    for entry in quiz.entries:
        question = entry.first
        answer = question.answer
        match question.kind:
            case "single" | "multiple":
                value: object = tuple(o.option_id for o in answer.options if o.is_right)  # type: ignore[union-attr]
            case "matching":
                value = {left.left_id: left.right_id for left in answer.lefts}  # type: ignore[union-attr]
            case "ordering":
                value = tuple(step.step_id for step in answer.steps)  # type: ignore[union-attr]
            case "numeric":
                value = f"{answer.accepted[0].value:g}"  # type: ignore[union-attr]
            case _:
                value = answer.accepted[0].text  # type: ignore[union-attr]
        keys[question.question_id] = (question.variant, value)
    return Person(student=student, answers=keys, **how)  # type: ignore[arg-type]


def answers(attempt: Attempt) -> dict[str, object]:
    return {response.question_id: response.value for response in attempt.responses}


def names(quiz: Quiz, question_id: str, value: object) -> list[str]:
    """Return the texts of option or step ids."""
    question = quiz.find(question_id)
    assert question is not None
    entries = getattr(question.answer, "options", None) or question.answer.steps  # type: ignore[union-attr]
    ids = [getattr(entry, "option_id", None) or entry.step_id for entry in entries]
    return [entries[ids.index(one)].text for one in value]  # type: ignore[union-attr]


def to_csv(rows: Sequence[Sequence[object]], *, delimiter: str = ",", everything: bool = False):
    buffer = io.StringIO()
    quoting = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


# Moodle


def moodle_text(markdown: str, *, is_block: bool = False) -> str:
    """Show a text as Moodle's html_to_text does: emphasis in capitals or with underscores."""
    page = to_html(markdown) if is_block else to_inline_html(markdown)
    page = re.sub(r"<strong>(.*?)</strong>", lambda m: m[1].upper(), page)
    page = re.sub(r"<em>(.*?)</em>", r"_\1_", page)
    return html.unescape(re.sub(r"<[^>]+>", "\n" if is_block else "", page)).strip()


def moodle_summary(question: Question) -> str:
    """Write the question column: the text, and what could be chosen, in some order."""
    text, answer = moodle_text(question.stem, is_block=True), question.answer
    if isinstance(answer, Choice):
        if {option.text for option in answer.options} == {"True", "False"}:
            return text
        return text + ": " + "; ".join(moodle_text(o.text) for o in reversed(answer.options))
    if isinstance(answer, Matching):
        lefts = "; ".join(moodle_text(left.text) for left in answer.lefts)
        return f"{text} {{{lefts}}} -> {{{'; '.join(to_text(r.text) for r in answer.rights)}}}"
    return text


def moodle_answer(question: Question, value: Value) -> str:
    answer = question.answer
    if not value:
        return "-"
    if isinstance(answer, Choice):
        return "   ; ".join(moodle_text(o.text) for o in answer.options if o.option_id in value)
    if isinstance(answer, Matching):
        assert isinstance(value, Mapping)
        rights = {right.right_id: to_text(right.text) for right in answer.rights}
        return "; ".join(
            f"{moodle_text(left.text)} -> {rights[value[left.left_id]]}"
            for left in answer.lefts
            if left.left_id in value
        )
    if isinstance(answer, Ordering):
        texts = {step.step_id: moodle_text(step.text) for step in answer.steps}
        return "; ".join(
            t if len(t) <= 10 else t[:7] + "..." for t in (texts[step] for step in value)
        )
    return str(value)


OLD_HEAD = ("Last name", "First name", "ID number", "Email address", "State", "Started on")
OLD_HEAD += ("Completed", "Time taken", "Grade/10.00")
NEW_HEAD = ("Last name", "First name", "ID number", "Email address", "Status", "Started")
NEW_HEAD += ("Completed", "Duration", "Grade/10.00")
GERMAN_HEAD = ("Nachname", "Vorname", "ID-Nummer", "E-Mail-Adresse", "Status", "Begonnen")
GERMAN_HEAD += ("Beendet", "Dauer", "Bewertung/10,00")
ENGLISH = ("Question", "Response", "Right answer")
GERMAN = ("Frage", "Antwort", "Richtige Antwort")


def moodle_rows(
    quiz: Quiz,
    people: Sequence[Person],
    *,
    head: Sequence[str] = NEW_HEAD,
    words: Sequence[str] = ENGLISH,
    columns: Sequence[int] = (0, 1, 2),
) -> list[list[str]]:
    heads = [f"{words[c]} {n}" for n in range(1, len(quiz.entries) + 1) for c in columns]
    rows = [[*head, *heads]]
    for person in people:
        grade = f"{person.grade:.2f}"
        if "," in head[-1]:
            grade = grade.replace(".", ",")
        row = ["Doe", person.student.title(), person.student, f"{person.student}@uni.example"]
        row += ["Finished", person.started, person.ended, "9 mins", grade]
        for entry in quiz.entries:
            question, value = person.of(quiz, entry.question_id)
            cells = (moodle_summary(question), moodle_answer(question, value), "the key")
            row += [cells[c] for c in columns]
        rows.append(row)
    return [*rows, ["Overall average", *[""] * (len(head) - 2), "5.00", *["-"] * len(heads)]]


def moodle_csv(quiz: Quiz, people: Sequence[Person], **how: Sequence[object]) -> bytes:
    return ("\ufeff" + to_csv(moodle_rows(quiz, people, **how))).encode()  # type: ignore[arg-type]


def moodle_json(quiz: Quiz, people: Sequence[Person]) -> bytes:
    head, *rows = moodle_rows(quiz, people)
    names = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in head]
    records = [dict(zip(names, row, strict=True)) for row in rows[:-1]]
    return json.dumps([records], ensure_ascii=False, indent=4).encode()


# Canvas


def canvas_text(markdown: str) -> str:
    return re.sub(r"<[^>]+>", "", to_inline_html(markdown))


def _comma(text: str) -> str:
    return text.replace(",", "\\,")


def canvas_answer(question: Question, value: Value) -> str:
    answer = question.answer
    if isinstance(answer, Choice):
        chosen = [
            html.unescape(canvas_text(o.text)) for o in answer.options if o.option_id in value
        ]
        return ",".join(map(_comma, chosen)) if answer.is_multiple else "".join(chosen)
    if isinstance(answer, Matching):
        assert isinstance(value, Mapping)
        rights = {right.right_id: to_text(right.text) for right in answer.rights}
        pairs = [
            (html.unescape(canvas_text(left.text)), rights.get(value.get(left.left_id, ""), ""))
            for left in answer.lefts
        ]
        return ",".join(
            _comma("=>".join(side.replace("=>", "\\=>") for side in pair)) for pair in pairs
        )
    return str(value)


def canvas_csv(quiz: Quiz, people: Sequence[Person]) -> bytes:
    questions = [question for question in quiz.questions() if question.kind != "ordering"]
    head = ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted"]
    for number, question in enumerate(questions, 1022):
        head += [f"{number}: {re.sub('<[^>]+>', '', to_html(question.stem))}"]
        head += [f"{question.points}.0"]
    rows: list[list[object]] = [[*head, "n correct", "n incorrect", "score"]]
    for number, person in enumerate(people, 70):
        row: list[object] = [person.student.title(), number, person.student, "S1", 7, "x"]
        row.append("2026-11-21 10:15:00 UTC")
        for question in questions:
            mine, value = person.of(quiz, question.question_id)
            is_mine = mine.variant == question.variant
            points = person.marks.get(question.question_id, 0.0)
            row += [canvas_answer(question, value), points] if is_mine else ["", ""]
        rows.append([*row, 1, 2, 3.5])
    return to_csv(rows).encode()


# Google Forms


def forms_text(markdown: str) -> str:
    return " ".join(to_text(markdown).split())


def forms_head(question: Question) -> list[str]:
    title = f"{forms_text(question.stem)} [{question.variant_id}]"
    answer = question.answer
    if isinstance(answer, Matching):
        return [f"{title} [{forms_text(left.text)}]" for left in answer.lefts]
    if isinstance(answer, Ordering):
        return [f"{title} [{forms_text(step.text)}]" for step in answer.steps]
    return [title]


def forms_cells(question: Question, value: Value, separator: str) -> list[str]:
    answer = question.answer
    if isinstance(answer, Choice):
        chosen = [forms_text(o.text) for o in answer.options if o.option_id in value]
        return [separator.join(chosen)]
    if isinstance(answer, Matching):
        assert isinstance(value, Mapping)
        rights = {right.right_id: forms_text(right.text) for right in answer.rights}
        return [rights.get(value.get(left.left_id, ""), "") for left in answer.lefts]
    if isinstance(answer, Ordering):
        assert isinstance(value, tuple)
        return [str(value.index(s.step_id) + 1) if value else "" for s in answer.steps]
    return [str(value)]


def forms_csv(quiz: Quiz, people: Sequence[Person], *, is_download: bool = False) -> bytes:
    """Write the sheet's CSV, or the form's own download; one variant a form, the first."""
    questions = [entry.first for entry in quiz.entries]
    head = ["Timestamp", "Username" if is_download else "Email Address"]
    head += ["Total score" if is_download else "Score"]
    for question in questions:
        heads = forms_head(question)
        head += heads
        if is_download and len(heads) == 1:
            head += [f"{heads[0]} [Score]", f"{heads[0]} [Feedback]"]
    rows = [head]
    for person in people:
        row = ["2026/10/04 10:15:00 AM GMT+5:30", f"{person.student}@uni.example"]
        row.append("8.00 / 13" if is_download else "8 / 13")
        for question in questions:
            _, value = person.of(quiz, question.question_id)
            cells = forms_cells(question, value, ";" if is_download else ", ")
            row += cells
            if is_download and len(cells) == 1:
                row += ["-- / 1", ""]
        rows.append(row)
    return to_csv(rows, everything=is_download).encode()


# AMC


def amc_csv(quiz: Quiz, people: Sequence[Person], *, letters: bool = False) -> bytes:
    questions = [q for q in quiz.questions() if isinstance(q.answer, Choice)]
    head = ["Exam", "A:id", "Name", "Mark"]
    for question in questions:
        head += [question.variant_id, f"TICKED:{question.variant_id}"]
    rows = [head]
    for person in people:
        row = ["1", person.student, "N. N.", "12,5"]
        for question in questions:
            mine, value = person.of(quiz, question.question_id)
            answer = question.answer
            assert isinstance(answer, Choice)
            if mine.variant != question.variant:
                row += ["", ""]
                continue
            ticks = [option.option_id in value for option in answer.options]
            ab = "".join("ABCDEFGH"[n] for n, tick in enumerate(ticks) if tick)
            row += ["0,5", ab if letters else ";".join("01"[tick] for tick in ticks)]
        rows.append(row)
    return to_csv(rows, delimiter=";" if letters else ",", everything=True).encode()
