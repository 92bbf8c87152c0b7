"""Makes questions of drafts: numbers put in, ids given, rules of the format held."""

import hashlib
import itertools
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence

from grader.quiz.draft import AnswerDraft, QuestionDraft
from grader.quiz.expression import Number, Param, evaluate, fill, read_params
from grader.quiz.lines import LineError, at
from grader.quiz.model import (
    AcceptedNumber,
    AcceptedText,
    Answer,
    Choice,
    Entry,
    Left,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Right,
    Rule,
    Short,
    Step,
)

DEFAULT_VARIANTS = 5
MOST_COMBINATIONS = 100_000
MOST_OPTIONS = 20  # students answer with a letter
QUOTES = "\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
WORD = re.compile(rf"[{QUOTES}]?[A-Za-z_][\w.()]*[{QUOTES}]?")
TABLE_HEAD = 2  # the header and the line below it


def build_entry(draft: QuestionDraft, rule: Rule) -> Entry:
    """Make all variants of a question.

    Args:
        draft: The question as it is written.
        rule: How the file scores questions with several right options.

    Raises:
        LineError: Whatever breaks a rule of the format.
    """
    combinations = _combinations(draft)
    wanted = _integer(draft, "variants", DEFAULT_VARIANTS if draft.params else 1)
    if not draft.params and "variants" in draft.attributes:
        raise LineError(draft.line, "variants need a 'params' block")
    if wanted > len(combinations):
        raise LineError(
            draft.line,
            f"{wanted} variants are asked for, the parameters have "
            f"{len(combinations)} combinations",
        )
    chosen = _sample(draft.question_id, len(combinations), wanted)
    variants = [
        _build(draft, rule, combinations[index], number if draft.params else 0)
        for number, index in enumerate(chosen, 1)
    ]
    return Entry(variants=tuple(variants))


def all_combinations(draft: QuestionDraft, rule: Rule) -> tuple[Question, ...]:
    """Make the question of every combination of its parameters, for proofs."""
    return tuple(
        _build(draft, rule, values, number) for number, values in enumerate(_combinations(draft), 1)
    )


def _sample(question_id: str, count: int, wanted: int) -> list[int]:
    """Draw combinations; the same for everybody, and not by how they are listed."""
    seed = int.from_bytes(hashlib.sha256(question_id.encode()).digest()[:8])
    return random.Random(seed).sample(range(count), wanted)  # noqa: S311  nothing secret


def _combinations(draft: QuestionDraft) -> list[dict[str, Number]]:
    """Return the values of every combination of the parameters, derived ones included."""
    params = read_params(draft.params)
    free = [param.values for param in params.values() if param.values]
    if params and not free:
        raise LineError(draft.line, "params need a list of values: 'k = [1, 3, 5]'")
    count = math.prod(map(len, free))
    if count > MOST_COMBINATIONS:
        raise LineError(draft.line, f"the parameters have {count} combinations; too many")
    return [_derived(params, iter(drawn)) for drawn in itertools.product(*free)]


def _derived(params: Mapping[str, Param], drawn: Iterator[Number]) -> dict[str, Number]:
    known: dict[str, Number] = {}
    for name, param in params.items():
        with at(param.line):
            known[name] = next(drawn) if param.values else evaluate(param.source, known)
    return known


def _filled(line: int, text: str, names: Mapping[str, Number]) -> str:
    with at(line):
        return fill(text, names)


def _integer(draft: QuestionDraft, key: str, default: int) -> int:
    text = draft.attributes.get(key, str(default))
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 1000:
        raise LineError(draft.line, f"{key}={text} is no whole number from 1 to 1000")
    return int(text)


def _build(
    draft: QuestionDraft, rule: Rule, values: Mapping[str, Number], variant: int
) -> Question:
    def filled(text: str) -> str:
        return _filled(draft.line, text, values)

    return Question(
        question_id=draft.question_id,
        variant=variant,
        values={name: float(value) for name, value in values.items()},
        title=filled(draft.title),
        stem=filled(draft.stem),
        answer=_answer(draft, rule, values),
        points=_integer(draft, "points", 1),
        explanation=filled(draft.explanation),
        tags=_tags(draft.attributes.get("tags", "")),
        pair=draft.attributes.get("pair", "").rpartition("/")[2],
        line=draft.line,
    )


def _tags(text: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in text.split(",") if tag.strip())


def _answer(draft: QuestionDraft, rule: Rule, values: Mapping[str, Number]) -> Answer:
    kind = draft.answers[0].kind
    if kind == "option":
        return _choice(draft, rule, values)
    if kind == "equals":
        is_text = draft.answers[0].text.startswith('"')
        return _short(draft, values) if is_text else _numeric(draft, values)
    if kind == "row":
        return _matching(draft, values)
    return _ordering(draft, values)


def make_id(question_id: str, text: str) -> str:
    """Return the id of an option: the same wherever it stands, whatever the parameters are."""
    return hashlib.sha256(f"{question_id}/{' '.join(text.split())}".encode()).hexdigest()[:8]


def _choice(draft: QuestionDraft, rule: Rule, values: Mapping[str, Number]) -> Choice:
    options = tuple(
        Option(
            option_id=make_id(draft.question_id, answer.text),
            text=_filled(answer.line, answer.text, values),
            is_right=answer.is_ticked,
            feedback=_filled(answer.line, answer.feedback, values),
            misconception=answer.attributes.get("misconception", ""),
            is_fixed="fixed" in answer.attributes,
        )
        for answer in draft.answers
    )
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise LineError(draft.line, f"a choice has 2 to {MOST_OPTIONS} options, not {len(options)}")
    ticked = sum(option.is_right for option in options)
    named = draft.attributes.get("type", "")
    if named not in ("", "single", "multiple"):
        raise LineError(draft.line, f"type={named}; a list of options is single or multiple")
    if not ticked:
        raise LineError(draft.line, "no option is right: mark one with [x]")
    if named == "single" and ticked > 1:
        raise LineError(draft.line, f"type=single, and {ticked} options are right")
    return Choice(
        options=options,
        is_multiple=named == "multiple" or ticked > 1,
        rule=read_rule(draft.attributes.get("scoring", rule.value), draft.line),
    )


def read_rule(name: str, line: int) -> Rule:
    """Return the scoring rule with this name.

    Raises:
        LineError: Whatever breaks a rule of the format, with the names there are.
    """
    try:
        return Rule(name)
    except ValueError as error:
        names = ", ".join(rule.value for rule in Rule)
        raise LineError(line, f"there is no scoring rule '{name}' (there are: {names})") from error


def _share(answer: AnswerDraft) -> float:
    percent = float(answer.share or 100)
    if percent > 100:
        raise LineError(answer.line, f"({answer.share}%) is more than 100")
    return percent / 100


def _numeric(draft: QuestionDraft, values: Mapping[str, Number]) -> Numeric:
    accepted = tuple(_accepted_number(answer, values) for answer in draft.answers)
    _hold_full_share(draft, [number.share for number in accepted])
    return Numeric(accepted=accepted)


def _accepted_number(answer: AnswerDraft, values: Mapping[str, Number]) -> AcceptedNumber:
    text = answer.text.replace("+/-", "±").replace("+-", "±")
    source, sign, slack = (part.strip() for part in text.partition("±"))
    if DECIMAL_COMMA.fullmatch(source) or DECIMAL_COMMA.fullmatch(slack.removesuffix("%")):
        raise LineError(answer.line, f"'{text}' has a decimal comma; write a point")
    if not values and WORD.fullmatch(source):
        word = source.strip(QUOTES)
        raise LineError(answer.line, f"a text answer stands in quotes: '= \"{word}\"'")
    with at(answer.line):
        value = float(evaluate(_bare(source), values))
        size = float(evaluate(_bare(slack.removesuffix("%")), values)) if sign else 0.0
    if size < 0:
        raise LineError(answer.line, "the tolerance is negative")
    return AcceptedNumber(
        value=value,
        tolerance=abs(value) * size / 100 if slack.endswith("%") else size,
        share=_share(answer),
        feedback=_filled(answer.line, answer.feedback, values),
        misconception=answer.attributes.get("misconception", ""),
    )


def _bare(source: str) -> str:
    """Return an expression without the braces around it: both ways of writing it are read."""
    text = source.strip()
    return text[2:-2].strip() if text.startswith("{{") and text.endswith("}}") else text


def _short(draft: QuestionDraft, values: Mapping[str, Number]) -> Short:
    accepted = []
    for answer in draft.answers:
        text = answer.text
        if len(text) < 3 or not (text.startswith('"') and text.endswith('"')):
            raise LineError(answer.line, "a text answer stands in quotes: '= \"zero_grad\"'")
        if all(sign in f'"{QUOTES}' for sign in (text[1], text[-2])):
            raise LineError(answer.line, f"{text} has quotes twice: students do not type them")
        accepted.append(
            AcceptedText(
                text=_filled(answer.line, text[1:-1], values),
                share=_share(answer),
                feedback=_filled(answer.line, answer.feedback, values),
                misconception=answer.attributes.get("misconception", ""),
            )
        )
    _hold_full_share(draft, [text.share for text in accepted])
    return Short(accepted=tuple(accepted))


def _hold_full_share(draft: QuestionDraft, shares: Sequence[float]) -> None:
    if 1.0 not in shares:
        raise LineError(draft.line, "no answer earns all points: one line has no (..%)")


def _matching(draft: QuestionDraft, values: Mapping[str, Number]) -> Matching:
    rows = [(answer.line, *_cells(answer)) for answer in draft.answers[TABLE_HEAD:]]
    if len([left for _, left, _ in rows if left]) < 2:
        raise LineError(draft.line, "a matching has at least two rows with a left side")
    rights: dict[str, Right] = {}
    lefts = []
    for line, left, right in rows:
        if not right:
            raise LineError(line, "the right side of the row is empty")
        right_id = make_id(draft.question_id, right)
        rights[right_id] = Right(right_id=right_id, text=_filled(line, right, values))
        if left:
            left_id = make_id(draft.question_id, f"left {left}")
            text = _filled(line, left, values)
            lefts.append(Left(left_id=left_id, text=text, right_id=right_id))
    return Matching(lefts=tuple(lefts), rights=tuple(rights.values()))


def _cells(answer: AnswerDraft) -> tuple[str, str]:
    r"""Split a row at its bars; `\|` is a bar in the text, as on GitHub."""
    inside = answer.text.strip()[1:-1].replace("\\|", "\0")
    cells = [cell.replace("\0", "|").strip() for cell in inside.split("|")]
    if len(cells) != 2:
        raise LineError(answer.line, f"a matching's table has two columns, not {len(cells)}")
    return cells[0], cells[1]


def _ordering(draft: QuestionDraft, values: Mapping[str, Number]) -> Ordering:
    if len(draft.answers) < 2:
        raise LineError(draft.line, "an ordering has at least two steps")
    return Ordering(
        steps=tuple(
            Step(
                step_id=make_id(draft.question_id, answer.text),
                text=_filled(answer.line, answer.text, values),
            )
            for answer in draft.answers
        )
    )
