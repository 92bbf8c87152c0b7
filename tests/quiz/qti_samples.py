"""Random questions of every type, hostile texts, and responses to them, for the QTI exporters."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

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
    Quiz,
    Right,
    Rule,
    Short,
    Step,
    Value,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "]]>",
    "a < b && c > d",
    r"$\frac{\partial L}{\partial z} < 1 & \text{if } x$",
    r"\(x\) and $y$",
    "=1+1",
    "\"quoted\" 'twice' &amp; &#37; %5 {a} ~ # :",
    "emoji \U0001f600 and \u202eleft",
    "\x00 bell \x07 end \ufffe",
    "`x < y` and ``a`b``",
    "[link](javascript:alert(1)) <img src=x onerror=alert(1)>",
    "<![CDATA[ x ]]> <!-- y --> <?php ?>",
    "| a | b |",
    "long " * 400,
)
plain = st.text(st.characters(codec="utf-8", exclude_characters="!"), min_size=1, max_size=30)
texts = st.sampled_from(HOSTILE) | plain
feedback = st.just("") | texts
NUMBERS = (0.0, 1792.0, 0.622, -3.5, 1e-4, 0.1 + 0.2, 3.2e6, 100.0, 1.0)
TOLERANCES = (0.0, 0.001, 0.05, 0.5, 1.0)
SHARES = (0.0, 0.25, 1 / 3, 0.5)
WORDS = ("zero_grad", "zero grad", "zero_grad()", "Adam", "a < b", "SGD & co")


@st.composite
def choices(draw: st.DrawFn, rules: tuple[Rule, ...] = tuple(Rule)) -> Choice:
    """A single or multiple choice."""
    is_multiple = draw(st.booleans())
    right = draw(st.integers(1, 4)) if is_multiple else 1
    wrong = draw(st.integers(0 if right > 1 else 1, 4))
    keys = draw(st.permutations([True] * right + [False] * wrong))
    options = tuple(
        Option(option_id=f"{n:08x}", text=draw(texts), is_right=key, feedback=draw(feedback))
        for n, key in enumerate(keys)
    )
    return Choice(options=options, is_multiple=is_multiple, rule=draw(st.sampled_from(rules)))


@st.composite
def numerics(draw: st.DrawFn, shares: tuple[float, ...] = SHARES) -> Numeric:
    """A number with known mistakes after it."""
    values = draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4, unique=True))
    parts = [1.0, *(draw(st.sampled_from(shares)) for _ in values[1:])]
    return Numeric(
        accepted=tuple(
            AcceptedNumber(
                value=value,
                tolerance=draw(st.sampled_from(TOLERANCES)),
                share=share,
                feedback=draw(feedback),
            )
            for value, share in zip(values, parts, strict=True)
        )
    )


@st.composite
def shorts(draw: st.DrawFn, shares: tuple[float, ...] = SHARES) -> Short:
    """A text with others that are accepted too."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
    parts = [1.0, *(draw(st.sampled_from((1.0, *shares))) for _ in words[1:])]
    return Short(
        accepted=tuple(
            AcceptedText(text=word, share=share, feedback=draw(feedback))
            for word, share in zip(words, parts, strict=True)
        )
    )


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    """Rows that may share a right side, and distractors."""
    rights = tuple(
        Right(right_id=f"b{n:07x}", text=f"{draw(st.sampled_from(HOSTILE))} {n}")
        for n in range(draw(st.integers(1, 5)))
    )
    owners = draw(st.lists(st.sampled_from(rights), min_size=2, max_size=5))
    lefts = tuple(
        Left(left_id=f"a{n:07x}", text=draw(texts), right_id=owner.right_id)
        for n, owner in enumerate(owners)
    )
    return Matching(lefts=lefts, rights=rights)


@st.composite
def orderings(draw: st.DrawFn) -> Ordering:
    """Two to six steps; their ids lie in no order."""
    ids = draw(st.permutations(range(draw(st.integers(2, 6)))))
    return Ordering(steps=tuple(Step(step_id=f"{n:08x}", text=draw(texts)) for n in ids))


@st.composite
def questions(draw: st.DrawFn, answers: st.SearchStrategy) -> Question:
    """A question with one of the answers."""
    return Question(
        question_id="some-question",
        title=draw(texts),
        stem=draw(texts),
        answer=draw(answers),
        points=draw(st.integers(1, 5)),
        explanation=draw(feedback),
    )


def responses(question: Question) -> st.SearchStrategy[Value]:
    """What somebody could answer in an LMS: only what is offered, numbers that are numbers."""
    answer = question.answer
    if isinstance(answer, Choice):
        ids = [option.option_id for option in answer.options]
        most = len(ids) if answer.is_multiple else 1
        return st.lists(st.sampled_from(ids), unique=True, max_size=most).map(tuple)
    if isinstance(answer, Numeric):
        return _numbers(answer)
    if isinstance(answer, Short):
        known = [accepted.text for accepted in answer.accepted]
        given = st.sampled_from([*known, *WORDS, "", "nothing of this"])
        change: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
            [str.upper, str.lower, str.title, str]
        )
        return st.builds(lambda text, how: how(text), given, change)
    if isinstance(answer, Matching):
        rights = st.sampled_from([right.right_id for right in answer.rights])
        return st.fixed_dictionaries({}, optional={left.left_id: rights for left in answer.lefts})
    return st.just(()) | st.permutations([step.step_id for step in answer.steps]).map(tuple)


def _numbers(answer: Numeric) -> st.SearchStrategy[Value]:
    near = [
        f"{accepted.value + factor * _step(accepted):.12g}"
        for accepted in answer.accepted
        for factor in (-1.5, -1, -0.5, 0, 0.5, 1, 1.5)
    ]
    others = st.floats(-1e6, 1e6).map(lambda number: f"{number:.6f}")
    return st.sampled_from([*near, "", "0"]) | others


def _step(accepted: AcceptedNumber) -> float:
    """Return the tolerance, or what is well away from a number that has next to none."""
    if accepted.tolerance > 1e-6 * abs(accepted.value):
        return accepted.tolerance
    return max(1e-4 * abs(accepted.value), 1e-6)


def quiz_of(*asked: Question, **about: object) -> Quiz:
    """Return a quiz of single questions."""
    entries = tuple(Entry(variants=(question,)) for question in asked)
    quiz = Quiz(quiz_id="some-quiz", title="Some < quiz & more", entries=entries, minutes=10)
    return replace(quiz, **about)


KINDS = {
    "choice": choices(),
    "numeric": numerics(),
    "short": shorts(),
    "matching": matchings(),
    "ordering": orderings(),
}


def choice_of(*options: str, rule: Rule = Rule.NET, right: int = 1) -> Choice:
    """Return a choice of which the first options are right."""
    made = tuple(
        Option(option_id=f"{n:08x}", text=text, is_right=n < right)
        for n, text in enumerate(options)
    )
    return Choice(options=made, is_multiple=right > 1, rule=rule)


def question(answer: Answer, **about: object) -> Question:
    """Return a question that asks nothing in particular."""
    asked = Question(question_id="q", title="T", stem="S", answer=answer)
    return replace(asked, **about)
