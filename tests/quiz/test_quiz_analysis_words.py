"""Sentences: what is undefined is said, and no number stands without its count."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest
from test_quiz_analysis_data import CHOICE, SHORT, class_of, quiz_of, sat, table_of

from grader.quiz.analysis import words
from grader.quiz.analysis.gain import measure
from grader.quiz.analysis.items import Interval
from grader.quiz.analysis.misconceptions import CodeLink
from grader.quiz.analysis.report import report


@pytest.mark.parametrize(
    ("r", "word"),
    [
        (0.4, "very good"),
        (0.39, "good"),
        (0.29, "fair"),
        (0.19, "weak"),
        (0.0, "weak"),
        (-0.01, "check key"),
        (nan, "undefined"),
    ],
)
def test_words_are_ebels(r, word):
    assert words.ebel(r) == word


def test_what_is_unknown_is_a_dash_or_nothing():
    assert (words.percent(nan), words.signed(nan), words.plain(nan)) == ("-", "-", "-")
    assert words.between(Interval()) == ""
    assert words.between(Interval(low=-0.1, high=0.25)) == "\u22120.10 to 0.25"


@pytest.mark.parametrize(
    ("alpha", "said"),
    [
        (0.85, "good enough to decide about one student"),
        (0.75, "usable"),
        (0.5, "describes the class, not one student"),
        (0.1, "hardly hang together"),
        (nan, "undefined"),
    ],
)
def test_reliability_says_what_may_be_concluded(tmp_path, alpha, said):
    found = report(class_of(quiz_of(tmp_path, CHOICE, SHORT), "c", ["yes", "?"] * 15))
    text = " ".join(words.reliability(replace(found, alpha=alpha)))

    assert said in text
    assert ("n = 30" in text) is (alpha == alpha)


def test_longer_test_is_proposed_only_if_it_must_be_longer(tmp_path):
    found = report(class_of(quiz_of(tmp_path, CHOICE, SHORT), "c", ["yes", "?"] * 15))

    assert "2.5 times as long" in " ".join(words.reliability(replace(found, alpha=0.5, length=2.5)))
    assert "as long" not in " ".join(words.reliability(replace(found, alpha=0.9, length=0.4)))
    assert "as long" not in " ".join(words.reliability(replace(found, alpha=0.0, length=nan)))


def test_kr20_is_named_where_it_is_the_same(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE)
    found = replace(report(class_of(quiz, "a", [()] * 20)), alpha=0.5)

    assert "alpha (= KR-20)" in " ".join(words.reliability(found))


def test_caveats_count_one_and_many(tmp_path):
    quiz = quiz_of(tmp_path, SHORT)
    rows = [sat(quiz, f"s{n}", {"c": "yes", "gone": "1"}, bank_sha256="x") for n in range(6)]
    rows += [sat(quiz, "s9", {"c": "no"}, late_s=1.0)]
    text = "\n".join(words.facts(report(table_of(quiz, rows))))

    assert "6 students, 1 question, 2 points; mean 100 %" in text
    assert "1 attempt ended after the deadline (not counted here)." in text
    assert "6 attempts came from another version of the file" in text
    assert "6 answers to questions that are gone: left out." in text


def test_mean_of_late_attempts_is_said_from_five_on(tmp_path):
    quiz = quiz_of(tmp_path, SHORT)
    rows = [sat(quiz, f"s{n}", {"c": "no"}, late_s=float(n < 5)) for n in range(12)]

    assert "5 attempts ended after the deadline (not counted here, mean 50 %)." in list(
        words.facts(report(table_of(quiz, rows)))
    )


def test_nothing_is_said_of_four(tmp_path):
    found = report(class_of(quiz_of(tmp_path, SHORT), "c", ["yes"] * 4))

    assert list(words.facts(found)) == [
        "4 students, 1 question: nothing is shown below 5 students, for it would be about persons."
    ]
    assert list(words.reliability(found)) == []


def test_gain_that_is_undefined_is_said():
    full = np.full(6, 100.0)
    text = " ".join(words.gain_facts(measure(full, full, seed=1, draws=50), 1))

    assert "the gain is undefined, for all had all points before" in text
    assert "Normalised change" not in text


def test_code_of_few_others_is_not_compared():
    link = CodeLink(lab_id="lab2", chosen=7, both=5, others=4, others_both=1)

    assert words.link_fact(link) == (
        "of the 7 who show it here and handed in lab2, 5 have the same mistake in their code."
    )
    assert words.link_fact(replace(link, others=9)).endswith("; of the 9 who did not, 1.")
