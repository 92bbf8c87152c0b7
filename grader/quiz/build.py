"""Makes questions of drafts: numbers put in, ids given, rules of the format held."""

import hashlib
import itertools
import math
import random
from collections.abc import Mapping, Sequence

from grader.errors import ContentError
from grader.quiz.draft import AnswerDraft, QuestionDraft
from grader.quiz.expression import Number, evaluate, fill, read_params
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
TABLE_HEAD = 2  # the header and the line below it


def build_entry(draft: QuestionDraft, rule: Rule) -> Entry:
    """Make all variants of a question.

    Args:
        draft: The question as it is written.
        rule: How the file scores questions with several right options.

    Raises:
        ContentError: "line: message".
    """
    combinations = _combinations(draft)
    wanted = _integer(draft, "variants", DEFAULT_VARIANTS if draft.params else 1)
    if not draft.params and "variants" in draft.attributes:
        raise ContentError(f"{draft.line}: variants need a 'params' block")
    if wanted > len(combinations):
        raise ContentError(
            f"{draft.line}: {wanted} variants are asked for, the parameters have "
            f"{len(combinations)} combinations"
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
    free = {name: values for name, values in params.items() if isinstance(values, list)}
    if params and not free:
        raise ContentError(f"{draft.line}: params need a list of values: 'k = [1, 3, 5]'")
    count = math.prod(map(len, free.values()))
    if count > MOST_COMBINATIONS:
        raise ContentError(f"{draft.line}: the parameters have {count} combinations; too many")
    combinations = []
    for values in itertools.product(*free.values()):
        drawn = iter(values)
        known: dict[str, Number] = {}
        for name, source in params.items():
            known[name] = next(drawn) if name in free else _value(draft.line, str(source), known)
        combinations.append(known)
    return combinations


def _value(line: int, source: str, names: Mapping[str, Number]) -> Number:
    try:
        return evaluate(source, names)
    except ContentError as error:
        raise ContentError(f"{line}: {error}") from error


def _filled(line: int, text: str, names: Mapping[str, Number]) -> str:
    try:
        return fill(text, names)
    except ContentError as error:
        raise ContentError(f"{line}: {error}") from error


def _integer(draft: QuestionDraft, key: str, default: int) -> int:
    text = draft.attributes.get(key, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise ContentError(f"{draft.line}: {key}={text} is no whole number from 1 to 1000")
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
        raise ContentError(
            f"{draft.line}: a choice has 2 to {MOST_OPTIONS} options, not {len(options)}"
        )
    ticked = sum(option.is_right for option in options)
    named = draft.attributes.get("type", "")
    if named not in ("", "single", "multiple"):
        raise ContentError(f"{draft.line}: type={named}; a list of options is single or multiple")
    if not ticked:
        raise ContentError(f"{draft.line}: no option is right: mark one with [x]")
    if named == "single" and ticked > 1:
        raise ContentError(f"{draft.line}: type=single, and {ticked} options are right")
    return Choice(
        options=options,
        is_multiple=named == "multiple" or ticked > 1,
        rule=read_rule(draft.attributes.get("scoring", rule.value), draft.line),
    )


def read_rule(name: str, line: int) -> Rule:
    """Return the scoring rule with this name.

    Raises:
        ContentError: "line: message", with the names there are.
    """
    try:
        return Rule(name)
    except ValueError as error:
        names = ", ".join(rule.value for rule in Rule)
        raise ContentError(
            f"{line}: there is no scoring rule '{name}' (there are: {names})"
        ) from error


def _share(answer: AnswerDraft) -> float:
    percent = float(answer.share or 100)
    if percent > 100:
        raise ContentError(f"{answer.line}: ({answer.share}%) is more than 100")
    return percent / 100


def _numeric(draft: QuestionDraft, values: Mapping[str, Number]) -> Numeric:
    accepted = []
    for answer in draft.answers:
        text = answer.text.replace("+-", "±").replace("+/-", "±")
        source, sign, slack = (part.strip() for part in text.partition("±"))
        value = float(_value(answer.line, _bare(source), values))
        tolerance = 0.0
        if sign:
            size = float(_value(answer.line, _bare(slack.removesuffix("%")), values))
            tolerance = abs(value) * size / 100 if slack.endswith("%") else size
        if tolerance < 0:
            raise ContentError(f"{answer.line}: the tolerance is negative")
        accepted.append(
            AcceptedNumber(
                value=value,
                tolerance=tolerance,
                share=_share(answer),
                feedback=_filled(answer.line, answer.feedback, values),
                misconception=answer.attributes.get("misconception", ""),
            )
        )
    _hold_full_share(draft, [number.share for number in accepted])
    return Numeric(accepted=tuple(accepted))


def _bare(source: str) -> str:
    """Return an expression without the braces around it: both ways of writing it are read."""
    text = source.strip()
    return text[2:-2].strip() if text.startswith("{{") and text.endswith("}}") else text


def _short(draft: QuestionDraft, values: Mapping[str, Number]) -> Short:
    accepted = []
    for answer in draft.answers:
        text = answer.text
        if len(text) < 3 or not (text.startswith('"') and text.endswith('"')):
            raise ContentError(f"{answer.line}: a text answer stands in quotes: '= \"zero_grad\"'")
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
        raise ContentError(f"{draft.line}: no answer earns all points: one line has no (..%)")


def _matching(draft: QuestionDraft, values: Mapping[str, Number]) -> Matching:
    rows = [(answer.line, *_cells(answer)) for answer in draft.answers[TABLE_HEAD:]]
    if len([left for _, left, _ in rows if left]) < 2:
        raise ContentError(f"{draft.line}: a matching has at least two rows with a left side")
    rights: dict[str, Right] = {}
    lefts = []
    for line, left, right in rows:
        if not right:
            raise ContentError(f"{line}: the right side of the row is empty")
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
        raise ContentError(f"{answer.line}: a matching's table has two columns, not {len(cells)}")
    return cells[0], cells[1]


def _ordering(draft: QuestionDraft, values: Mapping[str, Number]) -> Ordering:
    if len(draft.answers) < 2:
        raise ContentError(f"{draft.line}: an ordering has at least two steps")
    return Ordering(
        steps=tuple(
            Step(
                step_id=make_id(draft.question_id, answer.text),
                text=_filled(answer.line, answer.text, values),
            )
            for answer in draft.answers
        )
    )
