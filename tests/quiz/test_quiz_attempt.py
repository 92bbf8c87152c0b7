"""A sitting is scored question by question, whatever its file claims."""

from samples import sample_quiz

from grader.quiz.attempt import Attempt, MarkedResponse, Response, mark_attempt
from grader.quiz.model import Numeric

QUIZ = sample_quiz()


def marked(*responses: Response) -> dict[str, MarkedResponse]:
    """Score a sitting; return its answers by question."""
    found = mark_attempt(QUIZ, Attempt(quiz_id=QUIZ.quiz_id, student="ada", responses=responses))
    return {entry.question.question_id: entry for entry in found.marked}


def key_of(variant: int) -> str:
    question = QUIZ.find("conv-params", variant)
    assert question is not None
    assert isinstance(question.answer, Numeric)
    return f"{question.answer.accepted[0].value:g}"


def conv(variant: int, typed: str) -> Response:
    return Response(question_id="conv-params", variant=variant, value=typed)


def test_what_is_not_answered_is_blank_and_there() -> None:
    found = marked(Response(question_id="clear-grads", value="zero_grad"))

    assert list(found) == [entry.question_id for entry in QUIZ.entries]
    assert found["clear-grads"].points == 1
    assert all(entry.mark.is_blank for name, entry in found.items() if name != "clear-grads")


def test_the_key_is_that_of_the_variant() -> None:
    for variant in (1, 2, 3):
        assert marked(conv(variant, key_of(variant)))["conv-params"].points == 1
        assert marked(conv(variant % 3 + 1, key_of(variant)))["conv-params"].points == 0


def test_a_variant_that_the_quiz_does_not_have_is_wrong() -> None:
    """Else whoever claims variant 99 is scored by another variant's key."""
    for variant in (0, 99):
        found = marked(conv(variant, key_of(1)))["conv-params"]
        assert (found.mark.fraction, found.mark.is_blank) == (0, False)
    assert marked(conv(99, ""))["conv-params"].mark.is_blank


def test_of_several_responses_to_a_question_the_last_counts() -> None:
    found = marked(conv(1, "7"), conv(2, key_of(2)))

    assert found["conv-params"].points == 1
    assert found["conv-params"].response.variant == 2


def test_a_response_to_no_question_changes_nothing() -> None:
    assert marked(Response(question_id="forged", value="7")) == marked()
