"""The submission as a check sees it: what comes back has the promised structure, or is refused."""

from collections.abc import Callable

import numpy as np
import pytest
from local_program import LocalProgram, submission, text_of

from grader.errors import SubmissionError
from grader.sandbox.client import Handle
from grader.testing import Counted, Figure, Submission
from grader.testing.record import recording
from grader.testing.submission import describe

X = np.array([1.0, 2.0, 3.0])
HANDLE = Handle(1, "Adam", 1)


def returned(value: object, returns: object) -> object:
    """Return what a check gets of a value."""
    return submission({"f": returns}, f=lambda: value).f()


def refused(value: object, returns: object) -> str:
    """Return what a student reads of a value."""
    with pytest.raises(SubmissionError) as caught:
        returned(value, returns)
    assert caught.value.kind == ""
    return text_of(caught)


# What is accepted


@pytest.mark.parametrize(
    ("value", "returns"),
    [
        (X, "array"),
        (X.astype(np.int64), "array"),
        (3, "number"),
        (3.5, "number"),
        (np.float32(3.5), "number"),
        ("up", "text"),
        ("", "text"),
        ([1, 2], "list"),
        ((1, 2), "list"),
        ({"a": X}, "dict"),
        (HANDLE, "object"),
        (None, "any"),
        (HANDLE, "any"),
        (True, "any"),
    ],
)
def test_value_of_the_promised_kind_comes_back_as_it_is(value: object, returns: str) -> None:
    assert returned(value, returns) is value


@pytest.mark.parametrize("value", [3, 3.5, np.float64(3.5), np.int64(3)])
def test_number_is_taken_for_an_array_without_axes(value: object) -> None:
    got = returned(value, "array")

    assert isinstance(got, np.ndarray)
    assert got.shape == ()
    assert got == value


@pytest.mark.parametrize("value", [np.array(2.5), np.array(2)])
def test_array_without_axes_is_taken_for_a_number(value: np.ndarray) -> None:
    got = returned(value, "number")

    assert isinstance(got, np.number)
    assert got == value


@pytest.mark.parametrize("value", [(1.0, X), [1.0, X]])
def test_tuple_of_the_promised_parts_unpacks(value: object) -> None:
    loss, grad = returned(value, ["number", "array"])

    assert (loss, grad) == (1.0, X) or grad is X


@pytest.mark.parametrize("value", [[X, X], (X, X), np.stack([X, X])])
def test_list_of_arrays_comes_back_as_a_list(value: object) -> None:
    got = returned(value, {"list": "array"})

    assert isinstance(got, list)
    assert [part.tolist() for part in got] == [X.tolist()] * 2


def test_nested_structure_is_followed() -> None:
    loss, pairs = returned((1, [(X, 2)]), ["number", {"list": ["array", "number"]}])

    assert loss == 1
    assert pairs == [(X, 2)]


def test_function_without_a_promise_returns_anything() -> None:
    assert submission(f=lambda: {"a": None}).f() == {"a": None}


# What is refused


@pytest.mark.parametrize(
    ("value", "returns", "words"),
    [
        (None, "array", "should be an array, got None (is a return missing?)."),
        ([1.0], "array", "should be an array, got a list of 1."),
        ("3", "array", "should be an array, got a str."),
        (True, "array", "should be an array, got a bool."),
        (X, "number", "should be a number, got an array of float64 (3,)."),
        (True, "number", "should be a number, got a bool."),
        (None, "number", "should be a number, got None (is a return missing?)."),
        (3, "text", "should be a text, got an int."),
        ({}, "list", "should be a list, got a dict."),
        ([], "dict", "should be a dict, got a list of 0."),
        (3.0, "object", "should be an object, got a float."),
        (X, "figure", "should be a figure, got an array of float64 (3,)."),
        (HANDLE, "number", "should be a number, got an object of type Adam."),
        (
            X,
            ["number", "array"],
            "should be a tuple of 2 (a number, an array), got an array of float64 (3,).",
        ),
        (
            (1.0, X, X),
            ["number", "array"],
            "should be a tuple of 2 (a number, an array), got a tuple of 3.",
        ),
        ((X, 1.0), ["number", "array"], "[0] should be a number, got an array of float64 (3,)."),
        (
            (1.0, None),
            ["number", "array"],
            "[1] should be an array, got None (is a return missing?).",
        ),
        (3.0, {"list": "array"}, "should be a list of an array, got a float."),
        (
            np.array(3.0),
            {"list": "array"},
            "should be a list of an array, got an array of float64 ().",
        ),
        ([X, "x"], {"list": "array"}, "[1] should be an array, got a str."),
        (
            [(X, X), X],
            {"list": ["array", "any"]},
            "[1] should be a tuple of 2 (an array, anything), got an array of float64 (3,).",
        ),
    ],
)
def test_value_of_another_kind_is_told_in_words(value: object, returns: object, words: str) -> None:
    space = "" if words.startswith("[") else " "

    assert refused(value, returns) == f"f(...){space}{words}"


def test_unknown_promise_accepts_nothing() -> None:
    assert refused(X, "tensor") == "f(...) should be a tensor, got an array of float64 (3,)."


@pytest.mark.parametrize("value", [{"secret": 1}, np.array(["secret"]), "secret", ["secret"]])
def test_description_holds_no_content(value: object) -> None:
    assert "secret" not in describe(value)


def test_name_of_a_type_is_not_told_in_hidden_checks() -> None:
    with pytest.raises(SubmissionError) as caught:
        returned(HANDLE, "number")

    assert caught.value.public == "f(...) should be a number, got an object."


# Exceptions


def raising(error: Exception) -> Callable[[], object]:
    """Return a function that raises."""

    def function() -> object:
        raise error

    return function


@pytest.mark.parametrize(
    ("error", "message", "public"),
    [
        (
            ValueError("bad 98765"),
            "f raised ValueError: bad 98765",
            "f raised ValueError.",
        ),
        (
            type("E98765", (Exception,), {})("bad"),
            "f raised E98765: bad",
            "f raised an exception of its own.",
        ),
        (
            type("print", (Exception,), {})(),
            "f raised print: ",
            "f raised an exception of its own.",
        ),
        (NotImplementedError("lab9: f"), "f is not written yet.", "f is not written yet."),
    ],
)
def test_exception_is_told_with_its_call(error: Exception, message: str, public: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        submission(f=raising(error)).f()

    assert text_of(caught) == message
    assert caught.value.public == public


def test_missing_function_is_told() -> None:
    with pytest.raises(SubmissionError, match=r"^there is no function g in the submission\.$"):
        submission(f=None).g()


def test_error_about_another_attribute_is_an_exception_like_any_other() -> None:
    with pytest.raises(SubmissionError, match=r"^f raised AttributeError: no attribute 'g'$"):
        submission(f=raising(AttributeError("no attribute 'g'"))).f()


class Failing:
    """A program whose every call ends in the same error."""

    def __init__(self, error: SubmissionError) -> None:
        """Keep the error."""
        self.error = error

    def call(self, *_args: object, look: bool) -> object:
        raise self.error

    def overwrite(self, *_args: object) -> object:
        raise self.error


def failing(error: SubmissionError) -> Submission:
    """Return a submission whose every call ends in this error."""
    return Submission(Failing(error), {})  # type: ignore[arg-type]  # only calls are used


def test_function_that_is_not_written_is_the_one_that_raised() -> None:
    error = SubmissionError(
        "x", kind="NotImplementedError", trace=("lab9.py, line 3, in inner: raise Not",)
    )

    with pytest.raises(SubmissionError, match=r"^inner is not written yet\.$"):
        failing(error).outer()


def test_error_of_loading_is_told_as_it_is() -> None:
    error = SubmissionError("lab9.py is not valid Python: x", kind="SyntaxError", is_loading=True)

    with pytest.raises(SubmissionError, match=r"^lab9\.py is not valid Python: x$") as caught:
        failing(error).f()

    assert caught.value is error


def test_value_that_cannot_travel_is_told_with_its_call() -> None:
    with pytest.raises(SubmissionError, match=r"^f returned something that cannot be graded: x$"):
        failing(SubmissionError("returned something that cannot be graded: x")).f()


@pytest.mark.parametrize("method", ["call_and_look", "call_and_overwrite", "moved_global_rngs"])
def test_exception_is_told_whatever_the_way_of_calling(method: str) -> None:
    program = failing(SubmissionError("bad", kind="ValueError"))

    with pytest.raises(SubmissionError, match=r"^f raised ValueError: bad$"):
        getattr(program, method)("f", X)


# Calling


def test_arguments_arrive() -> None:
    program = LocalProgram({"f": lambda a, b, c=0: a + b + c})

    assert Submission(program, {}).f(1, 2, c=3) == 6


def test_private_names_are_no_functions() -> None:
    with pytest.raises(AttributeError, match=r"^_secret$"):
        _ = submission(f=None)._secret


def test_call_and_look_returns_the_arguments_as_they_are_afterwards() -> None:
    def sort(x: np.ndarray) -> float:
        x.sort()
        return 1.0

    result, after = submission({"f": "number"}, f=sort).call_and_look("f", X[::-1].copy())

    assert result == 1.0
    assert after[0].tolist() == X.tolist()


@pytest.mark.parametrize("answer", [None, 3, (1, 2, 3)])
def test_call_and_look_does_not_trust_the_answers_form(answer: object) -> None:
    class Odd:
        def call(self, *_args: object, look: bool) -> object:
            return answer

    result, after = Submission(Odd(), {}).call_and_look("f")  # type: ignore[arg-type]

    assert result == answer
    assert after is None


def test_lengths_of_array_arguments_are_noted() -> None:
    with recording() as recorder:
        submission(f=lambda *_: 1).f(np.ones((7, 1, 5)), 3, np.ones(2))

    assert recorder.sizes == (
        ("the length of axis 0 of argument 1", 7),
        ("the length of axis 2 of argument 1", 5),
        ("the length of axis 0 of argument 3", 2),
    )


def test_counted_function_knows_its_calls() -> None:
    counted = Counted(lambda a, b: a + b)

    assert [counted(1, 2), counted(3, 4)] == [3, 7]
    assert counted.calls == [(1, 2), (3, 4)]
    assert counted.count == 2


def test_global_generators_that_moved_are_named() -> None:
    program = submission(f=np.random.random)

    assert program.moved_global_rngs("f") == "numpy.random"


@pytest.mark.parametrize("drawn", [None, 3, {}])
def test_global_generators_that_are_not_told_have_moved(drawn: object) -> None:
    program = LocalProgram({"f": lambda: 1})
    vars(program)["global_draws"] = lambda: drawn

    assert Submission(program, {}).moved_global_rngs("f") == "random and numpy.random"


def test_time_is_the_programs() -> None:
    program = LocalProgram({"f": lambda: 1}, costs={"f": 0.25})
    proxy = Submission(program, {})
    proxy.f()

    assert proxy.cpu_seconds() == 0.25


# Figures


def figure_of(data: object) -> Figure:
    """Return the figure a check gets for what the worker read off."""
    program = LocalProgram({"plot": lambda: HANDLE}, figures={1: data})
    figure = Submission(program, {"plot": "figure"}).plot()
    assert isinstance(figure, Figure)
    return figure


AXES = {
    "title": "Loss",
    "xlabel": "step",
    "ylabel": "loss",
    "lines": [np.ones((3, 2))],
    "points": [],
    "images": [np.ones((4, 4))],
}


def test_figure_arrives_as_data() -> None:
    (axes,) = figure_of([AXES]).axes

    assert (axes.title, axes.xlabel, axes.ylabel) == ("Loss", "step", "loss")
    assert (len(axes.lines), len(axes.points), len(axes.images)) == (1, 0, 1)


def test_figure_without_axes_is_empty() -> None:
    assert figure_of([]).axes == []


def test_what_is_no_array_in_a_figure_is_left_out() -> None:
    assert figure_of([{**AXES, "lines": ["x", np.ones((3, 2)), None]}]).axes[0].lines[0].size == 6


def test_texts_of_a_figure_are_bounded() -> None:
    assert len(figure_of([{**AXES, "title": "x" * 10_000}]).axes[0].title) == 200


@pytest.mark.parametrize("data", [None, 3, [3], [{}], [{**AXES, "more": 1}], {"title": ""}])
def test_what_is_no_figure_is_refused(data: object) -> None:
    with pytest.raises(
        SubmissionError, match=r"^plot returned something that is not a matplotlib Figure\.$"
    ):
        figure_of(data)


@pytest.mark.parametrize("lines", [3, None, "text"])
def test_part_of_a_figure_that_is_no_list_is_refused(lines: object) -> None:
    with pytest.raises(SubmissionError, match="is not a matplotlib Figure"):
        figure_of([{**AXES, "lines": lines}])
