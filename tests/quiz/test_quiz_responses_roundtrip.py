"""Whatever a class answers comes back from every source as it was answered."""

import html
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from response_files import (
    ENGLISH,
    GAUNTLET,
    GERMAN,
    GERMAN_HEAD,
    NEW_HEAD,
    OLD_HEAD,
    Person,
    amc_csv,
    canvas_csv,
    forms_csv,
    moodle_csv,
    moodle_json,
)
from samples import write_quiz

from grader.quiz.export import moodle_xml
from grader.quiz.export.target import Wish as ExportWish
from grader.quiz.model import Choice, Matching, Ordering, Question, Quiz, Value
from grader.quiz.responses import moodle
from grader.quiz.responses.collect import Collected, collect
from grader.quiz.responses.match import Finder, Reader
from grader.quiz.responses.phrase import words_of
from grader.quiz.responses.sheet import Wish
from grader.quiz.source import read_quiz
from grader.roster import Identity, Roster

STUDENTS = ("ada", "0012", "wei", "o'brien")
ROSTER = Roster(
    name="roster.csv",
    people=tuple(Identity(student_id=name, email=f"{name}@uni.example") for name in STUDENTS),
)
NUMBERS = ("1792", "0,622", "-3.5", "1 792", "=1+1", "ten", "3 x 10^4")
TEXTS = ("zero_grad", "zero grad ", "Zero_Grad()", '=HYPERLINK("x")', "a;b, c", 'say "no"', "é😀")


@pytest.fixture(scope="module")
def quiz(tmp_path_factory: pytest.TempPathFactory) -> Quiz:
    return read_quiz(write_quiz(tmp_path_factory.mktemp("bank"), GAUNTLET))


def values(question: Question) -> st.SearchStrategy[Value]:
    """Draw any answer that the question's paper allows, or none."""
    answer = question.answer
    if isinstance(answer, Choice):
        ids = [option.option_id for option in answer.options]
        if answer.is_multiple:
            return st.sets(st.sampled_from(ids)).map(lambda s: tuple(i for i in ids if i in s))
        return st.sampled_from([(), *((one,) for one in ids)])
    if isinstance(answer, Matching):
        rights = st.sampled_from([right.right_id for right in answer.rights])
        return st.dictionaries(st.sampled_from([e.left_id for e in answer.lefts]), rights)
    if isinstance(answer, Ordering):
        ids = [step.step_id for step in answer.steps]
        return st.one_of(st.just(()), st.permutations(ids).map(tuple))
    return st.sampled_from(["", *(NUMBERS if question.kind == "numeric" else TEXTS)])


def classes(quiz: Quiz, *, is_first: bool) -> st.SearchStrategy[list[Person]]:
    """Draw a class; everybody with their own variants unless all have the first."""

    @st.composite
    def person(draw: st.DrawFn, name: str) -> Person:
        answers = {}
        for entry in quiz.entries:
            shown = entry.first if is_first else draw(st.sampled_from(entry.variants))
            answers[entry.question_id] = (shown.variant, draw(values(shown)))
        return Person(student=name, answers=answers)

    return st.tuples(*(person(name) for name in STUDENTS)).map(list)


def load(quiz: Quiz, folder: Path, content: bytes, name: str = "r.csv") -> Collected:
    path = folder / name
    path.write_bytes(content)
    return collect([path], quiz, Wish(), ROSTER, lambda: [quiz])


def given_answers(found: Collected) -> dict[str, dict[str, tuple[int, object]]]:
    return {
        attempt.student: {r.question_id: (r.variant, plain(r.value)) for r in attempt.responses}
        for attempt in found.attempts
    }


def plain(value: Value) -> object:
    """Return what can be compared: the order of ticks says nothing."""
    if isinstance(value, Mapping):
        return sorted(value.items())
    return value.strip() if isinstance(value, str) else tuple(value)


def is_same(mine: object, got: object) -> bool:
    return mine == got or (not mine and not got)


def hold(quiz: Quiz, people: list[Person], found: Collected, kinds: Callable[[Question], bool]):
    """Compare all answers of the kinds that a source can carry."""
    got = given_answers(found)
    assert set(got) == set(STUDENTS)
    for person in people:
        for entry in quiz.entries:
            if not kinds(entry.first):
                continue
            variant, value = person.answers[entry.question_id]
            mine, wanted = got[person.student].get(entry.question_id, (variant, ())), plain(value)
            if entry.first.kind == "multiple":
                mine = (mine[0], tuple(sorted(mine[1])))
                wanted = tuple(sorted(wanted))
            assert is_same(wanted, mine[1]), (person.student, entry.question_id)
            assert mine[0] == variant or not wanted


def always(_: Question) -> bool:
    return True


WAYS = {
    "moodle-4.5": lambda q, p: moodle_csv(q, p, head=NEW_HEAD),
    "moodle-4.3": lambda q, p: moodle_csv(q, p, head=OLD_HEAD),
    "moodle-german": lambda q, p: moodle_csv(q, p, head=GERMAN_HEAD, words=GERMAN),
    "moodle-question-only": lambda q, p: moodle_csv(q, p, words=ENGLISH, columns=(0, 1)),
    "moodle-json": moodle_json,
}
EASY = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("way", WAYS)
def test_moodle_gives_back_what_was_answered(quiz: Quiz, tmp_path: Path, way: str):
    @EASY
    @given(classes(quiz, is_first=False))
    def check(people: list[Person]) -> None:
        found = load(quiz, tmp_path, WAYS[way](quiz, people))

        assert found.sources == ("moodle",)
        assert found.is_complete, found.issues
        hold(quiz, people, found, always)

    check()


def test_canvas_gives_back_what_was_answered(quiz: Quiz, tmp_path: Path):
    @EASY
    @given(classes(quiz, is_first=False))
    def check(people: list[Person]) -> None:
        found = load(quiz, tmp_path, canvas_csv(quiz, people))

        assert found.sources == ("canvas",)
        assert {str(issue).split()[1] for issue in found.issues} == {"steps"}  # not in Canvas
        hold(quiz, people, found, lambda question: question.kind != "ordering")

    check()


@pytest.mark.parametrize("is_download", [False, True])
def test_google_forms_give_back_what_was_answered(quiz: Quiz, tmp_path: Path, *, is_download: bool):
    @EASY
    @given(classes(quiz, is_first=True))
    def check(people: list[Person]) -> None:
        found = load(quiz, tmp_path, forms_csv(quiz, people, is_download=is_download))

        assert found.sources == ("google-forms",)
        assert found.is_complete, found.issues
        hold(quiz, people, found, always)

    check()


@pytest.mark.parametrize("letters", [False, True])
def test_amc_gives_back_what_was_ticked(quiz: Quiz, tmp_path: Path, *, letters: bool):
    @EASY
    @given(classes(quiz, is_first=False))
    def check(people: list[Person]) -> None:
        found = load(quiz, tmp_path, amc_csv(quiz, people, letters=letters))

        assert found.sources == ("amc",)
        hold(quiz, people, found, lambda question: isinstance(question.answer, Choice))

    check()


def test_texts_of_our_own_moodle_export_are_matched(quiz: Quiz):
    """What the export writes is what the import expects to come back."""
    etree = pytest.importorskip("lxml.etree")
    root = etree.fromstring(moodle_xml.write(quiz, ExportWish()))
    exported = {
        e.findtext("idnumber"): e for e in root.iter("question") if e.find("idnumber") is not None
    }
    finder = Finder(quiz)
    for question in quiz.questions():
        element = exported[f"{quiz.quiz_id}/{question.variant_id}"]
        stem = words_of(element.findtext("questiontext/text"))

        assert question in finder.variants(stem)

        reader = Reader(question, moodle.STYLE)
        texts = [words_of(answer.findtext("text")) for answer in element.findall("answer")]
        if isinstance(question.answer, Choice):
            ids = [reader.read(text).value for text in texts]
            assert ids == [(option.option_id,) for option in question.answer.options]
        elif isinstance(question.answer, Ordering):
            cut = [text if len(text) <= 10 else f"{text[:7]}..." for text in texts]
            value = tuple(step.step_id for step in question.answer.steps)
            assert reader.read("; ".join(cut)).value == value
        elif isinstance(question.answer, Matching):
            pairs = [
                f"{words_of(sub.findtext('text'))} -> {html.unescape(sub.findtext('answer/text'))}"
                for sub in element.findall("subquestion")
                if sub.findtext("text")
            ]
            value = {left.left_id: left.right_id for left in question.answer.lefts}
            assert reader.read("; ".join(pairs)).value == value
