"""Hypothesis: quizzes of all types, made of the texts that break exporters."""

from pathlib import Path

from hypothesis import strategies as st

from grader.quiz.export.xml import legal
from grader.quiz.model import (
    AcceptedNumber,
    AcceptedText,
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
)

TOKENS = (
    r"\neq", r"\nabla", r"\{", r"\\", "\\", "{", "}", "=", "~", "#", "####", ":", "::", "%", "%50%",
    "[html]", "[", "]", "->", "//", "$CATEGORY: x", "]]>", "<![CDATA[", "<script>alert(1)</script>",
    "<b>", "&amp;", "&#37;", "&&058;", "\n", "\n\n", "\t", "`x = {1}`", "```\n  a = 1\n```",
    r"$\frac{1}{2}$", r"$a \neq b$", "$$x$$", "😀", "é", "\u202e", "\x00", "\x0b", "\ufffe", "=1+1",
    "*", r"\*", "| a | b |", "'", '"', "@@PLUGINFILE@@", "<!--", "-->", "<?php ?>", "$x", "1,5",
    "- [x] a", "## b", "> c", "TRUE", "  ", "\u00a0", "\r\n", "?", "a", "word",
)  # fmt: skip

texts = st.lists(st.sampled_from(TOKENS) | st.text(max_size=4), min_size=1, max_size=6).map("".join)
words = texts.map(lambda text: f"w{' '.join(text.split())}w")  # never empty, one line
shares = st.sampled_from([0.0, 0.1, 0.25, 0.5, 1 / 3, 2 / 3, 1.0])
numbers = st.floats(-1e5, 1e5, allow_nan=False).map(lambda x: round(x, 6)) | st.integers(
    -(10**5), 10**5
).map(float)


def _ids(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{index}" for index in range(count)]


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    labels = draw(st.lists(words, min_size=2, max_size=6, unique=True))
    # the number in front keeps texts apart that become equal without invisible characters
    labels = [f"{index} {label}" for index, label in enumerate(labels)]
    is_multiple = draw(st.booleans())
    right = draw(st.sets(st.integers(0, len(labels) - 1), min_size=1)) if is_multiple else {0}
    return Choice(
        options=tuple(
            Option(
                option_id=f"o{index}",
                text=label,
                is_right=index in right,
                feedback=draw(st.just("") | texts),
            )
            for index, label in enumerate(labels)
        ),
        is_multiple=is_multiple,
        rule=draw(st.sampled_from([Rule.NET, Rule.BALANCED])),
    )


@st.composite
def numerics(draw: st.DrawFn) -> Numeric:
    values = draw(st.lists(numbers, min_size=1, max_size=4, unique=True))
    rest = [draw(shares) for _ in values[1:]]
    return Numeric(
        accepted=tuple(
            AcceptedNumber(
                value=value,
                tolerance=draw(st.sampled_from([0.0, 0.001, 0.5, 2.0])),
                share=share,
                feedback=draw(st.just("") | texts),
            )
            for value, share in zip(values, [1.0, *rest], strict=True)
        )
    )


@st.composite
def shorts(draw: st.DrawFn) -> Short:
    typed = words.filter(lambda text: legal(text) == text)  # others are refused
    labels = draw(st.lists(typed, min_size=1, max_size=4, unique_by=str.casefold))
    rest = [draw(shares) for _ in labels[1:]]
    return Short(
        accepted=tuple(
            AcceptedText(text=f"{index} {label}", share=share, feedback=draw(st.just("") | texts))
            for index, (label, share) in enumerate(zip(labels, [1.0, *rest], strict=True))
        )
    )


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    lefts = draw(st.lists(words, min_size=2, max_size=4))
    rights = draw(st.lists(words, min_size=2, max_size=5))
    return Matching(
        lefts=tuple(
            Left(
                left_id=f"l{index}",
                text=f"{index} {text}",
                right_id=draw(st.sampled_from(_ids("r", len(rights)))),
            )
            for index, text in enumerate(lefts)
        ),
        rights=tuple(
            Right(right_id=f"r{index}", text=f"{index} {text}") for index, text in enumerate(rights)
        ),
    )


@st.composite
def orderings(draw: st.DrawFn) -> Ordering:
    steps = draw(st.lists(words, min_size=2, max_size=5))
    return Ordering(
        steps=tuple(
            Step(step_id=f"s{index}", text=f"{index} {text}") for index, text in enumerate(steps)
        )
    )


@st.composite
def quizzes(draw: st.DrawFn, *, with_orderings: bool = True, points: int = 0) -> Quiz:
    """Make a quiz of some questions.

    Args:
        draw: Of hypothesis.
        with_orderings: Whether some are orderings.
        points: Of each question; 0 for any.
    """
    kinds = [choices(), numerics(), shorts(), matchings()]
    answers = st.one_of(*kinds, orderings()) if with_orderings else st.one_of(*kinds)
    count = draw(st.integers(1, 4))
    return Quiz(
        quiz_id="q",
        title=draw(words),
        introduction=draw(st.just("") | texts),
        shuffle_options=draw(st.booleans()),
        folder=Path("nowhere"),
        entries=tuple(
            Entry(
                variants=(
                    Question(
                        question_id=f"q{index}",
                        title=draw(words),
                        stem=draw(words),
                        answer=draw(answers),
                        points=points or draw(st.integers(1, 5)),
                        explanation=draw(st.just("") | texts),
                        tags=tuple(draw(st.lists(st.sampled_from(["a", "b-c"]), unique=True))),
                    ),
                )
            )
            for index in range(count)
        ),
    )
