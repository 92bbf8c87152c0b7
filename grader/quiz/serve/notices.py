"""What is said to a student who cannot go on: pages with one message, and their status."""

from grader.quiz.serve.links import code_of
from grader.quiz.serve.pages import clock
from grader.quiz.serve.schema import Seat
from grader.quiz.serve.session import Phase, Sitting, Terms, due_at


class RefusedError(Exception):
    """A request that is answered with a message.

    Attributes:
        status: Of HTTP.
        title: In a few words; all that the script shows.
        texts: Paragraphs.
        code: Shown large; may be empty.
    """

    def __init__(self, status: int, title: str, *texts: str, code: str = "") -> None:
        """Keep what is said."""
        super().__init__(title)
        self.status, self.title, self.texts, self.code = status, title, texts, code


def unknown_link() -> RefusedError:
    """The token is not one of ours."""
    text = "Check that the whole link was copied, or ask your lecturer for it."
    return RefusedError(404, "This link is not known", text)


def no_seat() -> RefusedError:
    """The browser has no cookie of ours."""
    text = "Open the link that you were given, in the browser in which you began."
    return RefusedError(403, "This browser has no test", text)


def no_cookie() -> RefusedError:
    """The cookie of the first page did not come back."""
    text = "Your browser refuses cookies. Allow them for this address, and open your link again."
    return RefusedError(400, "One cookie is needed", text)


def taken_browser() -> RefusedError:
    """Two students, one browser, at the same time."""
    text = "Somebody else's test is running in this browser. Use another browser or device."
    return RefusedError(409, "This browser is taken", text)


def second_browser(seat: Seat) -> RefusedError:
    """One student, two browsers, and nobody knows who is who."""
    go_on = (
        "This test was begun in another browser or on another device. Go on there: your answers "
        "are saved."
    )
    help_ = "If you cannot, tell your lecturer this code, and open the link again afterwards:"
    return RefusedError(
        403, "Your test is open elsewhere", go_on, help_, code=code_of(seat.token_hash)
    )


def forged() -> RefusedError:
    """Our page cannot have sent this form."""
    text = "Go back, reload the page and try again. What was saved before is still there."
    return RefusedError(400, "This form does not fit your test", text)


def too_many() -> RefusedError:
    """Faster than anybody types."""
    text = "Wait a few seconds, then reload the page. What was saved is still there."
    return RefusedError(429, "Too many requests", text)


def not_stored() -> RefusedError:
    """Too much waits, or the disk refused."""
    text = "Keep this page open and try again in a moment: your last answer was not saved."
    return RefusedError(503, "The server is busy", text)


def ended(
    phase: Phase, terms: Terms, sitting: Sitting, counts: tuple[int, int], *, is_answer: bool
) -> RefusedError:
    """The test is over for this student.

    Args:
        phase: Any but RUNNING.
        terms: Of the test.
        sitting: The student's.
        counts: Questions with an answer, and all.
        is_answer: Whether the student sent something, which was not taken.
    """
    kept = "{} of {} questions have an answer. Nothing can be changed any more.".format(*counts)
    if phase is Phase.SUBMITTED:
        texts = [f"It came in at {clock(sitting.submitted_at)}. You can close this window."]
        refusal = "What you just sent was not taken: a test is submitted once."
        title, status = "Your test is submitted", 409
    elif phase is Phase.OVER:
        at = clock(due_at(terms, sitting))
        texts = [f"Your time ended at {at}. What was saved until then counts."]
        refusal = "What you just sent came too late and was not taken."
        title, status = "Time is up", 403
    else:
        texts = ["The lecturer has ended it. What was saved until then counts."]
        refusal = "What you just sent came too late and was not taken."
        title, status = "The test is closed", 403
    return RefusedError(
        status if is_answer else 200, title, *texts, *([refusal] if is_answer else []), kept
    )
