"""Moodle XML: what Moodle would make of it is what the author wrote, or it is refused."""

import itertools
import random
import re
import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moodle_reader import Found, ImportFailureError, moodle_fraction, read_moodle, wildcard_match
from nasty import quizzes
from samples import sample_quiz, write_quiz

from grader.errors import ContentError
from grader.quiz.export import moodle, moodle_xml
from grader.quiz.export.carry import option_weights
from grader.quiz.export.moodle import LONGEST_NAME, checklist
from grader.quiz.export.moodle_xml import write
from grader.quiz.export.target import Wish
from grader.quiz.export.xml import legal
from grader.quiz.markup import to_html, to_inline_html
from grader.quiz.model import (
    AcceptedNumber,
    Choice,
    Entry,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Quiz,
    Rule,
    Short,
)
from grader.quiz.scoring import mark, multiple_fraction
from grader.quiz.source import read_quiz

BANK = sorted((Path(__file__).parents[2] / "quizzes").glob("*.quiz.md"))
UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\0\0\0\0:~\x9bU\0\0\0\nIDATx\xdacx"
    b"\0\0\0\xe2\0\xe1\xb8\xfe>\x8d\0\0\0\0IEND\xaeB`\x82"
)


def quiz_of(folder: Path, text: str) -> Quiz:
    return read_quiz(write_quiz(folder, text))


def exported(folder: Path, text: str) -> list[Found]:
    return read_moodle(write(quiz_of(folder, text), Wish()))


def shown(text: str) -> str:
    return legal(to_html(text)).strip()


# --- the same model comes back ---------------------------------------------------------------


def assert_same(quiz: Quiz, question: Question, found: Found) -> None:
    """Compare what Moodle has with what the author wrote."""
    assert found.stem == shown(question.stem)
    assert found.general == shown(question.explanation)
    assert found.grade == question.points
    assert found.idnumber == f"{quiz.quiz_id}/{question.variant_id}"
    assert found.tags == list(question.tags)
    answer = question.answer
    if isinstance(answer, Choice):
        assert found.single is not answer.is_multiple
        assert found.shuffle is quiz.shuffle_options
        assert [line.text for line in found.lines] == [
            legal(to_inline_html(option.text)).strip() for option in answer.options
        ]
        assert [line.fraction > 0 for line in found.lines] == [o.is_right for o in answer.options]
    if isinstance(answer, Numeric):
        assert [(float(e.text), e.tolerance) for e in found.lines] == [
            (number.value, number.tolerance) for number in answer.accepted
        ]
    if isinstance(answer, Choice | Numeric | Short):
        lines = answer.options if isinstance(answer, Choice) else answer.accepted
        assert [e.feedback for e in found.lines] == [shown(line.feedback) for line in lines]
    if isinstance(answer, Numeric | Short):
        assert [e.fraction for e in found.lines] == pytest.approx(
            [accepted.share for accepted in answer.accepted], abs=1e-6
        )


def responses(question: Question, dice: random.Random) -> tuple[object, object]:
    """Make up an answer: for us, and for Moodle."""
    answer = question.answer
    if isinstance(answer, Choice):
        count = len(answer.options)
        size = dice.randint(1, count) if answer.is_multiple else 1
        places = dice.sample(range(count), size)
        return tuple(answer.options[place].option_id for place in places), places
    if isinstance(answer, Numeric):
        number = dice.choice(answer.accepted)
        typed = repr(number.value + dice.choice([0, 1, -1, 2]) * number.tolerance)
        return typed, typed
    if isinstance(answer, Short):
        typed = dice.choice(answer.accepted).text.translate(UPPER)
        return typed, typed
    if isinstance(answer, Matching):
        given = [dice.choice(answer.rights) for _ in answer.lefts]
        ids = {
            left.left_id: right.right_id for left, right in zip(answer.lefts, given, strict=True)
        }
        return ids, [moodle.right_text(question, right, "") for right in given]
    places = dice.sample(range(len(answer.steps)), len(answer.steps))
    return tuple(answer.steps[place].step_id for place in places), places


@settings(max_examples=150, deadline=None)
@given(quizzes(), st.randoms(use_true_random=False))
def test_what_moodle_reads_and_gives_is_what_the_author_wrote(quiz: Quiz, dice: random.Random):
    found = read_moodle(write(quiz, Wish()))

    for question, imported in zip(quiz.questions(), found, strict=True):
        assert_same(quiz, question, imported)
        for _ in range(3):
            ours, theirs = responses(question, dice)
            given_by_moodle = moodle_fraction(imported, theirs)
            assert given_by_moodle == pytest.approx(mark(question, ours).fraction, abs=1e-4)


@pytest.mark.parametrize("path", BANK, ids=lambda path: path.name.partition(".")[0])
def test_every_quiz_of_the_bank_is_imported(path: Path):
    quiz = read_quiz(path)

    found = {question.idnumber: question for question in read_moodle(write(quiz, Wish()))}

    assert len(found) == sum(len(entry.variants) for entry in quiz.entries)
    for question in quiz.questions():
        assert found[f"{quiz.quiz_id}/{question.variant_id}"].grade == question.points


def test_sample_has_every_type():
    kinds = [question.kind for question in read_moodle(write(sample_quiz(), Wish()))]

    assert set(kinds) == {"multichoice", "numerical", "shortanswer", "matching", "ordering"}


# --- the file --------------------------------------------------------------------------------


def test_file_is_plain_utf8_with_cdata_and_the_same_every_time():
    quiz = sample_quiz()

    content = write(quiz, Wish())

    assert content == write(quiz, Wish())
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n')
    assert b"\r" not in content
    assert r"<![CDATA[\(p - y\)]]>" in content.decode()
    assert str(quiz.folder) not in content.decode()
    assert not re.search(r"<(tolerance|defaultgrade)>[^<]*,", content.decode())


def test_end_of_cdata_in_a_text_stays_a_text(tmp_path: Path):
    found = exported(tmp_path, '## a: A\n\nWhat ends it? `]]>`\n\n= "]]>"\n= "a&b<c>"\n')

    assert found[0].stem == "<p>What ends it? <code>]]&gt;</code></p>"
    assert [line.text for line in found[0].lines] == ["]]>", "a&b<c>"]


def test_html_of_an_author_is_shown_and_not_run(tmp_path: Path):
    found = exported(tmp_path, "## a: A\n\n<script>alert(1)</script>\n\n- [x] <b>\n- [ ] c\n")

    assert found[0].stem == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert found[0].lines[0].text == "&lt;b&gt;"


def test_images_are_in_the_file(tmp_path: Path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.png").write_bytes(PIXEL)

    found = exported(
        tmp_path,
        "## a: A\n\n![dots](figures/a.png)\n\n- [x] ![dots](figures/a.png)\n  > ![x](figures/a.png)"
        "\n- [ ] c\n",
    )

    (name,) = found[0].files
    assert found[0].files[name] == PIXEL
    assert found[0].stem == f'<p><img src="@@PLUGINFILE@@/{name}" alt="dots" /></p>'
    assert f"@@PLUGINFILE@@/{name}" in found[0].lines[0].feedback


def test_variants_lie_in_their_own_sub_category():
    found = read_moodle(write(sample_quiz(), Wish()))

    main = {q.category for q in found if q.idnumber == "sample/softmax-grad"}.pop()
    variants = [q for q in found if q.idnumber.startswith("sample/conv-params")]
    assert [q.idnumber for q in variants] == [f"sample/conv-params-v{n}" for n in (1, 2, 3)]
    assert {q.category for q in variants} == {f"{main}/conv-params"}


def test_category_changes_with_the_content_and_only_then():
    quiz = sample_quiz()
    other = replace(quiz, entries=quiz.entries[1:])

    places = [read_moodle(write(q, Wish()))[0].category for q in (quiz, quiz, other)]

    assert re.fullmatch(r"\$course\$/top/dlab/sample [0-9a-f]{8}", places[0])
    assert places[0] == places[1]
    assert places[0] != places[2]


def test_introduction_stands_in_the_category(tmp_path: Path):
    quiz = replace(sample_quiz(), introduction="Bring a *pen*.")

    assert "<![CDATA[<p>Bring a <em>pen</em>.</p>]]>" in write(quiz, Wish()).decode()


def test_fixed_option_keeps_all_at_their_places(tmp_path: Path):
    found = exported(tmp_path, "## a: A\n\nB?\n\n- [x] c\n- [ ] d {fixed}\n")

    assert found[0].shuffle is False


@pytest.mark.parametrize("title", ["x" * 300, "<" * 300, "a & b < c " * 40])
def test_long_names_are_cut_by_us(tmp_path: Path, title: str):
    found = exported(tmp_path, f"## a: {title}\n\nB?\n\n- [x] c\n- [ ] d\n")

    assert len(found[0].name) <= LONGEST_NAME
    assert found[0].name.endswith("…")
    assert not re.search(r"&(?!amp;|lt;|gt;)", found[0].name)


# --- numbers and texts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "text", "tolerance"),
    [
        ("= 1792", "1792", 0.0),
        ("= 0.622 ± 0.001", "0.622", 0.001),
        ("= 200 ± 1%", "200", 2.0),  # Moodle reads 1% as 1
        ("= 0.00001", "0.00001", 0.0),
        ("= -0.5 ± 0.25", "-0.5", 0.25),
        ("= 123456789012", "123456789012", 0.0),
    ],
)
def test_numbers_have_a_point_and_an_absolute_tolerance(tmp_path, line, text, tolerance):
    found = exported(tmp_path, f"## a: A\n\nB?\n\n{line}\n")

    assert found[0].lines[0].text == text
    assert found[0].lines[0].tolerance == tolerance


def test_known_mistake_that_earns_nothing_keeps_its_feedback(tmp_path: Path):
    found = exported(tmp_path, "## a: A\n\nB?\n\n= 3\n= 4 (0%)\n  > One too many.\n")

    assert found[0].lines[1].fraction == 0
    assert found[0].lines[1].feedback == "<p>One too many.</p>"


@pytest.mark.parametrize("text", ["a*b", "*", "**kwargs", r"\*", "x"])
def test_star_in_a_short_answer_is_a_star(tmp_path: Path, text: str):
    found = exported(tmp_path, f'## a: A\n\nB?\n\n= "{text}"\n')

    pattern = found[0].lines[0].text
    assert wildcard_match(pattern, text)
    assert not wildcard_match(pattern, f"{text}x")
    assert not wildcard_match(pattern, text.replace("*", "yy") + "*")


def test_rows_of_a_matching_may_share_a_right_side(tmp_path: Path):
    found = exported(
        tmp_path, "## a: A\n\nB?\n\n| l | r |\n|---|---|\n| 1 | odd |\n| 3 | odd |\n|  | even |\n"
    )

    pairs = [(line.text, line.match) for line in found[0].lines]
    assert pairs == [("1", "odd"), ("3", "odd"), ("", "even")]


def test_right_side_is_text_that_no_tag_is_taken_out_of(tmp_path: Path):
    found = exported(
        tmp_path,
        "## a: A\n\nB?\n\n| l | r |\n|---|---|\n| 1 | `x<y` & $\\alpha$ |\n| 2 | **b** |\n",
    )

    assert [line.match for line in found[0].lines] == ["x&lt;y &amp; \u03b1", "b"]


# --- scoring rules ---------------------------------------------------------------------------


def choice(right: int, wrong: int, rule: Rule) -> Choice:
    options = tuple(
        Option(option_id=f"o{n}", text=f"t{n}", is_right=n < right) for n in range(right + wrong)
    )
    return Choice(options=options, is_multiple=True, rule=rule)


def quiz_with(answer: object, **more: object) -> Quiz:
    question = Question(question_id="a", title="A", stem="B?", answer=answer, line=7, **more)
    return Quiz(quiz_id="q", title="Q", entries=(Entry(variants=(question,)),))


@pytest.mark.parametrize("rule", Rule)
def test_rule_is_carried_exactly_or_refused(rule: Rule):
    """By our own formulas, for every number of ticks on up to ten right options."""
    counts = [(right, wrong) for right in range(1, 11) for wrong in range(4) if right + wrong > 1]
    for right, wrong in counts:
        quiz = quiz_with(choice(right, wrong, rule))
        if option_weights(choice(right, wrong, rule)) is None:
            assert rule not in (Rule.NET, Rule.BALANCED)
            with pytest.raises(ContentError, match=f"cannot score by '{rule.value}'"):
                write(quiz, Wish())
            continue
        found = read_moodle(write(quiz, Wish()))[0]
        for hits, slips in itertools.product(range(right + 1), range(wrong + 1)):
            ticked = [*range(hits), *range(right, right + slips)]
            expected = multiple_fraction(rule, right, wrong, hits, slips)
            assert moodle_fraction(found, ticked) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("rule", "right", "wrong", "weights"),
    [
        (Rule.NET, 4, 2, (0.25, -0.25)),
        (Rule.BALANCED, 4, 2, (0.25, -0.5)),
        (Rule.ALL, 1, 3, (1.0, -1.0)),
        (Rule.ALL, 2, 3, None),
        (Rule.EACH, 2, 3, None),
        (Rule.EACH, 3, 0, (1 / 3, 0.0)),
        (Rule.COVERAGE, 2, 2, None),
        (Rule.COVERAGE, 1, 1, (1.0, -0.5)),
    ],
)
def test_weights(rule, right, wrong, weights):
    assert option_weights(choice(right, wrong, rule)) == (
        weights and pytest.approx(weights, abs=1e-12)
    )


# --- what Moodle would lose is refused -------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (choice(11, 1, Rule.NET), "among 11 right options; have at most 10"),
        (choice(2, 11, Rule.BALANCED), "no answer that earns -9.090909 %; the nearest is (10%)"),
        (choice(2, 1, Rule.ALL), "cannot score by 'all'; write {scoring=net} or"),
        (choice(2, 1, Rule.COVERAGE), "cannot score by 'coverage'"),
        (replace(choice(2, 1, Rule.NET), is_multiple=False), "wants one right option"),
        (replace(choice(0, 3, Rule.NET), is_multiple=False), "wants a right option"),
        (choice(1, 0, Rule.NET), "wants at least two options"),
        (
            Numeric(accepted=(AcceptedNumber(value=1, tolerance=0, share=0.5),)),
            "wants an answer that earns all points",
        ),
        (Numeric(accepted=(AcceptedNumber(value=float("nan"), tolerance=0),)), "the number nan"),
        (Numeric(accepted=(AcceptedNumber(value=1, tolerance=float("inf")),)), "the number inf"),
    ],
)
def test_refuses(answer, message):
    with pytest.raises(ContentError, match=re.escape(message)) as raised:
        write(quiz_with(answer), Wish())

    assert str(raised.value).startswith("a (line 7): Moodle XML ")


@pytest.mark.parametrize("share", ["33", "33.3", "85", "99", "1"])
def test_share_that_moodle_does_not_know_is_refused(tmp_path: Path, share: str):
    quiz = quiz_of(tmp_path, f"## a: A\n\nB?\n\n= 3\n= 4 ({share}%)\n")

    with pytest.raises(ContentError, match=rf"knows no answer that earns {share} %; the nearest"):
        write(quiz, Wish())


@pytest.mark.parametrize("share", ["33.333", "33.33333", "66.66667", "12.5", "0", "5"])
def test_share_that_moodle_knows_is_carried(tmp_path: Path, share: str):
    found = exported(tmp_path, f"## a: A\n\nB?\n\n= 3\n= 4 ({share}%)\n")

    assert found[0].lines[1].fraction == pytest.approx(float(share) / 100, abs=1e-5)


def test_ordering_is_refused_where_it_would_cost_the_whole_file():
    quiz = sample_quiz()

    with pytest.raises(ContentError) as raised:
        write(quiz, Wish(moodle=(4, 3)))
    assert str(raised.value) == (
        "step-order (line 73): Moodle 4.3 knows no ordering and would refuse the whole file; "
        "export with --moodle 4.4 if your site has it, or ask for the order as a matching (step "
        "and its number)"
    )
    without = [e for e in quiz.entries if not isinstance(e.first.answer, Ordering)]
    assert read_moodle(write(replace(quiz, entries=tuple(without)), Wish(moodle=(4, 3))))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- [x] c\n- [ ] c\n", "cannot tell two equal options apart: '<p>c</p>'"),
        ("- [x] c\n- [ ] ![x](no.png)\n", "a (line 6): There is no image 'no.png'"),
        ("| l | r |\n|---|---|\n| 1 | *b* |\n| 2 | b |\n", "two equal right sides apart: 'b'"),
        ("| l | r |\n|---|---|\n| 1 | ![x](a.png) |\n| 2 | b |\n", "no images on the right"),
        ('= "a"\n= "a" (50%)\n', "two equal answers apart: 'a'"),
    ],
)
def test_refuses_texts(tmp_path: Path, text: str, message: str):
    quiz = quiz_of(tmp_path, f"## a: A\n\nB?\n\n{text}")

    with pytest.raises(ContentError, match=re.escape(message)):
        write(quiz, Wish())


def test_id_that_does_not_fit_is_refused(tmp_path: Path):
    quiz = quiz_of(tmp_path, f"## {'a' * 120}: A\n\nB?\n\n- [x] c\n- [ ] d\n")

    with pytest.raises(ContentError, match="ids of at most 100 characters"):
        write(quiz, Wish())


def test_all_refusals_come_at_once(tmp_path: Path):
    bad = "\n\nB?\n\n= 3\n= 4 (33%)\n\n"
    quiz = quiz_of(tmp_path, f"## a: A{bad}## b: B\n\nC?\n\n= 3\n\n## c: C{bad}")

    with pytest.raises(ContentError) as raised:
        write(quiz, Wish())
    assert [line.partition(" ")[0] for line in str(raised.value).splitlines()] == ["a", "c"]


# --- the teacher's part, and our reader ------------------------------------------------------


def test_checklist_says_what_the_file_cannot():
    assert checklist(sample_quiz()) == (
        "time limit: 10 minutes; attempts allowed: 1",
        "question behaviour: deferred feedback",
        "shuffle within questions: yes; shuffle the questions: yes",
        "review options: all off until the quiz is closed",
        "maximum grade: 12",
        "one random question from each sub-category: conv-params",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('fraction="33.33333"', 'fraction="33.3"'),
        ("<text>0.622</text>", "<text>0,622</text>"),
        ("<tolerance>0.001</tolerance>", "<tolerance>1%</tolerance>"),
        ("<shownumcorrect>1</shownumcorrect>", ""),
        ('type="ordering"', 'type="sequence"'),
        ("<defaultgrade>2</defaultgrade>", "<defaultgrade>0,5</defaultgrade>"),
        ("<text>sample/sigmoid Value of the sigmoid</text>", "<text/>"),
        ("<![CDATA[dropout]]>", "<![CDATA[weight decay]]>"),
        ("<![CDATA[dropout]]>", "<b>dropout</b>"),
        ("sample/dropout-eval</idnumber>", "sample/softmax-grad</idnumber>"),
    ],
)
def test_our_reader_notices_what_moodle_would_lose(old: str, new: str):
    content = write(sample_quiz(), Wish()).decode()
    assert old in content

    with pytest.raises(ImportFailureError):
        read_moodle(content.replace(old, new).encode())


def test_fractions_are_those_that_were_seen():
    assert [float(text) for text in moodle.FRACTIONS] == [
        float(entry) for entry in __import__("moodle_reader").FRACTIONS
    ]
    for count in range(1, 11):
        assert moodle.percent(quiz_with(choice(1, 1, Rule.NET)).entries[0].first, 1 / count, "")


def test_wildcards_are_escaped_once():
    assert moodle_xml.escape_wildcard("a*") == r"a\*"
