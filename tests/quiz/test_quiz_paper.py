"""What students receive holds no key, and is dealt fairly."""

import json
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from samples import sample_course, sample_quiz, write_quiz

from cli.main import dlab
from grader.errors import RequestError
from grader.quiz.model import Choice, Numeric, Quiz, Short
from grader.quiz.paper import Paper, PaperOption, PaperQuestion, deal, strip_keys
from grader.quiz.publish import published, read_published
from grader.quiz.source import read_quiz

SECRETS = """## s1: SecretTitle {tags="secrettag" pair=secretpair}

Stem

- [x] right {misconception=secretname}
  > SecretFeedback
- [ ] wrong {misconception=secretslip}
  > SecretSlip

> SecretExplanation

## s2: T

How many?

= 271828 ± 3
= 314159 (50%)
  > SecretNumber

## s3: T

Which?

= "secretword"
"""


def keys_of(quiz: Quiz) -> set[str]:
    """Return every text that only somebody with the keys knows."""
    found = set()
    for question in quiz.questions():
        found |= {question.title, question.explanation, question.pair, *question.tags}
        answer = question.answer
        if isinstance(answer, Choice):
            found |= {option.feedback for option in answer.options}
            found |= {option.misconception for option in answer.options}
        if isinstance(answer, Numeric):
            found |= {f"{number.value:.17g}" for number in answer.accepted}
            found |= {number.feedback for number in answer.accepted}
        if isinstance(answer, Short):
            found |= {text.text for text in answer.accepted}
    return {text for text in found if len(text) > 3}


def test_nothing_that_tells_a_key_is_published(tmp_path: Path) -> None:
    quiz = read_quiz(write_quiz(tmp_path, SECRETS))

    text = published(quiz, seed=1, is_practice=False)

    assert len(keys_of(quiz)) >= 10
    assert [secret for secret in keys_of(quiz) if secret in text] == []
    assert "is_right" not in text
    assert str(tmp_path) not in text


def test_no_field_of_a_paper_could_hold_a_key() -> None:
    names = {field.name for kind in (PaperQuestion, PaperOption, Paper) for field in fields(kind)}

    assert names.isdisjoint({"answer", "is_right", "accepted", "feedback", "explanation", "values"})


def test_published_options_do_not_lie_in_the_order_of_the_file() -> None:
    """The right option is the first in the file of every question of the sample's single choice."""
    for question in (q for entry in strip_keys(sample_quiz()).entries for q in entry.variants):
        ids = [option.option_id for option in question.options]
        assert ids == sorted(ids)


def test_a_published_quiz_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "sample.quiz.json"
    quiz = sample_quiz()
    for is_practice in (False, True):
        path.write_text(published(quiz, seed=3, is_practice=is_practice), encoding="utf-8")
        found = read_published(path)

        assert found.paper == strip_keys(quiz, seed=3)
        assert (found.quiz is not None) is is_practice
        assert found.quiz is None or found.quiz.entries == quiz.entries


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is not JSON; ask for it again"),
        (b"[]", "is not a quiz that `dlab quiz publish` wrote"),
        (b'{"schema": 2}', "is not a quiz that `dlab quiz publish` wrote"),
        (b'{"schema": 1, "paper": {"quiz_id": 3}}', "is damaged at '"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
    ],
)
def test_a_damaged_file_is_told_in_one_line(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.quiz.json"
    path.write_bytes(content)

    with pytest.raises(RequestError) as caught:
        read_published(path)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read: No such file"):
        read_published(tmp_path / "x.quiz.json")


# Dealing


def test_a_paper_is_the_same_each_time_and_differs_between_students() -> None:
    paper = strip_keys(sample_quiz(), seed=7)

    dealt = [deal(paper, f"student{number}") for number in range(20)]

    assert dealt == [deal(paper, f"student{number}") for number in range(20)]
    assert len({str(questions) for questions in dealt}) == 20
    assert {frozenset(q.question_id for q in questions) for questions in dealt} == {
        frozenset(entry.question_id for entry in sample_quiz().entries)
    }


def test_another_seed_deals_another_paper() -> None:
    quiz = sample_quiz()

    assert deal(strip_keys(quiz, seed=1), "ada") != deal(strip_keys(quiz, seed=2), "ada")


def test_every_variant_and_every_order_comes_up() -> None:
    paper = strip_keys(sample_quiz(), seed=7)
    variants, firsts = Counter(), Counter()
    for number in range(300):
        questions = {q.question_id: q for q in deal(paper, str(number))}
        variants[questions["conv-params"].variant] += 1
        firsts[questions["softmax-grad"].options[0].text] += 1

    assert set(variants) == {1, 2, 3}
    assert min(variants.values()) > 60  # 100 expected; 60 is five standard deviations below
    assert len(firsts) == 3
    assert min(firsts.values()) > 60


def test_without_shuffling_the_order_is_kept() -> None:
    paper = replace(strip_keys(sample_quiz()), shuffle_questions=False, shuffle_options=False)

    questions = deal(paper, "ada")

    assert [q.question_id for q in questions] == [e.question_id for e in sample_quiz().entries]
    assert questions[0].options == paper.entries[0].variants[0].options


def test_without_shuffling_options_stand_as_the_author_wrote_them(tmp_path: Path) -> None:
    path = write_quiz(tmp_path, "## q: T\n\nHow often?\n\n- [ ] never\n- [x] once\n- [ ] twice\n")
    path.write_text(path.read_text().replace("title: Test", "title: Test\nshuffle: []"))

    (question,) = deal(strip_keys(read_quiz(path)), "ada")

    assert [option.text for option in question.options] == ["never", "once", "twice"]


def test_the_hash_tells_nothing_about_the_key(tmp_path: Path) -> None:
    """Else six questions without feedback are six letters to be tried out."""
    text = "## q: T\n\nWhich?\n\n- [x] a\n- [ ] b\n"
    hashes = {
        read_quiz(write_quiz(tmp_path, changed)).sha256
        for changed in (text, text.replace("[x] a", "[ ] a").replace("[ ] b", "[x] b"))
    }
    edited = read_quiz(write_quiz(tmp_path, text.replace("Which?", "Who?"))).sha256

    assert len(hashes) == 1
    assert edited not in hashes


def test_steps_are_shuffled_even_where_options_are_not() -> None:
    paper = replace(strip_keys(sample_quiz()), shuffle_options=False)

    orders = {
        tuple(option.option_id for option in question.options)
        for number in range(30)
        for question in deal(paper, str(number))
        if question.kind == "ordering"
    }

    assert len(orders) > 5


def test_a_fixed_option_stays_at_its_place(tmp_path: Path) -> None:
    options = "- [x] a\n- [ ] b\n- [ ] c\n- [ ] other {fixed}\n"
    paper = strip_keys(read_quiz(write_quiz(tmp_path, f"## q: T\n\nStem\n\n{options}")))

    dealt = [deal(paper, str(number))[0].options for number in range(50)]

    assert {options[3].text for options in dealt} == {"other"}
    assert len({options[0].text for options in dealt}) == 3


# The command


def test_publish_writes_a_file_for_each_quiz(tmp_path: Path) -> None:
    course = sample_course(tmp_path)

    done = CliRunner().invoke(
        dlab, ["--course", str(course), "quiz", "publish", "sample", "--out", str(tmp_path / "out")]
    )

    assert done.exit_code == 0, done.output
    path = tmp_path / "out" / "sample.quiz.json"
    assert done.stdout == f"{path}\n"
    assert "No key is in these files." in done.stderr
    assert read_published(path).paper.seed == 0, "the grading seed stays with staff"
    assert json.loads(path.read_text())["mode"] == "test"


def test_publish_without_a_name_publishes_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(dlab, ["--course", str(sample_course(tmp_path)), "quiz", "publish"])

    assert done.exit_code == 2
    assert "Name a quiz, or give --all." in done.stderr
