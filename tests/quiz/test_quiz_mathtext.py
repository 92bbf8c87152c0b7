"""Formulas as one line of Unicode."""
# ruff: noqa: RUF001  letters that look like others are what these tests are about

import re
import string
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.quiz.markup import formulas_in
from grader.quiz.mathsymbol import ALPHABETS, SUBSCRIPTS, SUPERSCRIPTS, SYMBOLS
from grader.quiz.mathtext import to_unicode
from grader.quiz.source import read_quiz

BANK = Path(__file__).parents[2] / "quizzes"

FORMULAS = [
    # fractions keep what belongs together
    (r"\frac{a+b}{c}", "(a+b)/c"),
    (r"\frac{1}{N}", "1/N"),
    (r"\frac12", "1/2"),
    (r"\frac1N", "1/N"),
    (r"\dfrac{x}{2N}", "x/(2N)"),
    (r"\frac{a}{b}c", "(a/b) c"),
    (r"2\frac{1}{3}", "2 (1/3)"),
    (r"\frac{a}{\frac{b}{c}}", "a/(b/c)"),
    (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
    (r"a/\frac{b}{c}", "a/(b/c)"),
    (r"\left( \frac{a}{b} \right)^2", "(a/b)²"),
    (r"\frac{a}{b}^2", "(a/b)²"),
    (r"-\frac{y}{\hat{y}} + \frac{1 - y}{1 - \hat{y}}", "−y/ŷ + (1−y)/(1−ŷ)"),
    (r"\frac{1}{1+e^{-x}}", "1/(1+e⁻ˣ)"),
    (r"\frac{dL}{d\hat{y}}", "dL/dŷ"),
    (r"\frac{\partial L}{\partial z_i}", "∂L/∂zᵢ"),
    (r"\frac{\partial^2 f}{\partial x \partial y}", "∂²f/∂x∂y"),
    (r"\frac{d^2 y}{dx^2}", "d²y/dx²"),
    (r"\partial L/\partial z", "∂L/∂z"),
    (r"\frac{\log x}{y}", "(log x)/y"),
    # sums and the like
    (r"\sum_{i=1}^{N} x_i", "∑ᵢ₌₁ᴺ xᵢ"),
    (r"\frac{1}{N}\sum_{i=1}^N \ell(y_i, \hat y_i)", "(1/N) ∑ᵢ₌₁ᴺ ℓ(yᵢ, ŷᵢ)"),
    (r"\sum_{i \in B} x_i", "∑_(i ∈ B) xᵢ"),
    (r"\sum_k |z_k|", "∑ₖ |zₖ|"),
    (r"\prod_{t} f_t", "∏ₜ fₜ"),
    (r"\int_0^1 f(x)\,dx", "∫₀¹ f(x) dx"),
    (r"\lim_{n\to\infty} a_n", "lim_(n → ∞) aₙ"),
    (r"\arg\max_k p_k", "arg maxₖ pₖ"),
    (r"\max(0, x)", "max(0, x)"),
    (r"\log_2 8", "log₂ 8"),
    (r"\sin^2 x", "sin² x"),
    (r"2\log x", "2 log x"),
    (r"\frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}", "e^(zᵢ)/(∑ⱼ₌₁ᴷ e^(zⱼ))"),
    # raised and lowered
    (r"e^{z_i}", "e^(zᵢ)"),
    (r"x^2", "x²"),
    (r"x^12", "x¹2"),
    (r"x^{10}", "x¹⁰"),
    (r"10^{-9}", "10⁻⁹"),
    (r"a^{b^c}", "a^(bᶜ)"),
    (r"{a+b}^2", "(a+b)²"),
    (r"w_i^2", "wᵢ²"),
    (r"w^2_i", "wᵢ²"),
    (r"h_{t-1}", "hₜ₋₁"),
    (r"x_{i,j}", "x_(i,j)"),
    (r"x_{\text{max}}", "xₘₐₓ"),
    (r"p_{data}", "p_data"),
    (r"p_{data} x", "p_data x"),
    (r"p_G(x)", "p_G(x)"),
    (r"x^{(i)}", "x⁽ⁱ⁾"),
    (r"f'(x)", "f′(x)"),
    (r"f''", "f′′"),
    (r"W^T x + b", "Wᵀ x + b"),
    (r"W^\top", "Wᵀ"),
    (r"90^\circ", "90°"),
    (r"\mathbb{R}^{B\times C}", "ℝ^(B×C)"),
    (r"\mathbb{E}_{x \sim p_{data}} \log D(x)", "𝔼_(x ∼ p_data) log D(x)"),
    (r"\nabla_\theta J(\theta)", "∇_θ J(θ)"),
    (r"[0, 1]^d", "[0, 1]ᵈ"),
    # accents and alphabets
    (r"\hat{y}", "ŷ"),
    (r"\hat y", "ŷ"),
    (r"\bar{x}_n", "x̄ₙ"),
    (r"\vec{w}\cdot\vec{x}", "w⃗ · x⃗"),
    (r"\hat{xy}", "hat(xy)"),
    (r"\mathcal{L}", "ℒ"),
    (r"\mathcal{N}(0, 1)", "𝒩(0, 1)"),
    (r"\mathbf{W}x", "Wx"),
    (r"\mathbb{1}[x>0]", "𝟙[x > 0]"),
    # roots, brackets, environments
    (r"\sqrt{x}", "√x"),
    (r"\sqrt{a+b}", "√(a+b)"),
    (r"\sqrt[3]{x}", "∛x"),
    (r"\sqrt[n]{x}", "ⁿ√x"),
    (r"\frac{m_t}{\sqrt{v_t} + \epsilon}", "mₜ/(√vₜ+ε)"),
    (r"\|\theta\|^2", "‖θ‖²"),
    (r"|x - y|", "|x − y|"),
    (r"-|x|", "−|x|"),
    (r"p(y|x)", "p(y|x)"),
    (r"\{1, \dots, n\}", "{1, …, n}"),
    (r"\lfloor \frac{n + 2p - k}{s} \rfloor + 1", "⌊(n+2p−k)/s⌋ + 1"),
    (r"\bigl( x \bigr)", "(x)"),
    (r"\begin{bmatrix}1&2\\3&4\end{bmatrix}", "[1, 2; 3, 4]"),
    (r"\begin{pmatrix} a \\ b \end{pmatrix}^T", "(a; b)ᵀ"),
    (
        r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}",
        "{ x, x > 0; 0, otherwise }",
    ),
    (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b; c = d"),
    # words and signs
    (r"\text{relu}(F(x) + x)", "relu(F(x) + x)"),
    (r"\operatorname{softmax}(z)", "softmax(z)"),
    (r"\mathrm{softmax}(z)_i", "softmax(z)ᵢ"),
    (r"\text{if } (x)", "if (x)"),
    (r"a \le b \ne c \approx d", "a ≤ b ≠ c ≈ d"),
    (r"x \not\in A", "x ∉ A"),
    (r"x \in [0,1]", "x ∈ [0, 1]"),
    (r"3 \times 3", "3 × 3"),
    (r"a \cdot -b", "a · −b"),
    (r"(-0.4) \cdot 6", "(−0.4) · 6"),
    (r"\theta \leftarrow \theta - 0.1\,v", "θ ← θ − 0.1 v"),
    (r"y := x", "y := x"),
    (r"1{,}000", "1,000"),
    (r"50\%", "50%"),
    (r"x_3\, \hat{y}(1 - \hat{y})", "x₃ ŷ(1 − ŷ)"),
    (r"L = -y \log \hat{y} - (1 - y) \log(1 - \hat{y})", "L = −y log ŷ − (1 − y) log(1 − ŷ)"),
    # what is not known stays readable
    (r"\foo{bar}x", "foo(bar) x"),
    (r"\begin{foo}x\end{foo}", "foo[x]"),
]


@pytest.mark.parametrize(("latex", "text"), FORMULAS)
def test_a_formula_is_written_so_that_it_means_the_same(latex: str, text: str) -> None:
    assert to_unicode(latex) == text


def test_there_are_at_least_sixty_formulas() -> None:
    assert len(FORMULAS) >= 60


BROKEN = [
    "",
    "{",
    "}",
    "^",
    "_",
    "x^",
    "\\",
    r"\frac",
    r"\frac{a}",
    r"\left",
    r"\begin",
    r"\end{x}",
]
LONG = ["{" * 5000, r"\hat" * 5000, r"\sqrt" * 5000, "a" * 100_000, "^" * 5000]


@pytest.mark.parametrize("latex", [*BROKEN, *LONG, r"\sqrt[", r"\text{"])
def test_broken_formulas_are_written_somehow(latex: str) -> None:
    assert isinstance(to_unicode(latex), str)


def test_what_is_nested_too_deeply_is_shown_as_it_is_typed() -> None:
    deep = "{" * 60 + "x" + "}" * 60

    assert to_unicode(deep) == deep


@pytest.mark.parametrize("path", sorted(BANK.glob("*.quiz.md")), ids=lambda path: path.name)
def test_every_formula_of_the_bank_is_readable(path: Path) -> None:
    quiz = read_quiz(path)
    count = 0
    for question in quiz.questions():
        for text in (question.stem, question.explanation):
            for latex in formulas_in(text):
                shown = to_unicode(latex)
                count += 1
                assert not re.search(r"[\\{}^]|\(\)|_\(", shown.replace("^(", "").replace("_(", ""))
                assert letters(latex) <= letters_shown(shown), (latex, shown)
    assert count or "math" not in path.read_text()


COMMAND = re.compile(r"\\(?:begin|end)\{\w+\*?\}|\\[a-zA-Z]+")


def letters(latex: str) -> set[str]:
    """Return the letters and digits of a formula, without its commands."""
    return {c for c in COMMAND.sub(" ", latex) if c in string.ascii_letters + string.digits}


def letters_shown(text: str) -> set[str]:
    """Return the letters and digits of a text, raised and lowered ones too."""
    return set(unicodedata.normalize("NFKD", text))


def count_of(text: str) -> dict[str, int]:
    """Return how often each letter and digit is there, however it is written."""
    plain = unicodedata.normalize("NFKD", text)
    return {c: plain.count(c) for c in string.ascii_letters + string.digits if c in plain}


leaves = st.sampled_from(list(string.ascii_letters + string.digits))
SILENT = [name for name, (sign, _) in SYMBOLS.items() if name.isalpha() and not count_of(sign)]


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return formulas made of smaller ones."""
    one, two = inner, st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda p: f"{p[0]} {p[1]}"),
        two.map(lambda p: f"{p[0]}+{p[1]}"),
        two.map(lambda p: rf"\frac{{{p[0]}}}{{{p[1]}}}"),
        two.map(lambda p: f"{{{p[0]}}}^{{{p[1]}}}"),
        two.map(lambda p: f"{{{p[0]}}}_{{{p[1]}}}"),
        two.map(lambda p: rf"\begin{{bmatrix}}{p[0]}&{p[1]}\end{{bmatrix}}"),
        one.map(lambda p: rf"\sqrt{{{p}}}"),
        one.map(lambda p: rf"\left({p}\right)"),
        one.map(lambda p: rf"\mathbf{{{p}}}"),
        one.map(lambda p: rf"\mathbb{{{p}}}"),
        st.tuples(st.sampled_from(SILENT), one).map(lambda p: rf"\{p[0]} {p[1]}"),
    )


@given(st.recursive(leaves, grown, max_leaves=12))
@settings(max_examples=300, deadline=None)
def test_no_letter_and_no_digit_is_lost_or_added(latex: str) -> None:
    shown = to_unicode(latex)
    typed = COMMAND.sub(" ", latex)

    assert count_of(shown) == count_of(typed), (latex, shown)


@given(st.text(alphabet=string.ascii_letters + string.digits + "+-=()[]|,./ ^_{}'", max_size=40))
@settings(max_examples=300, deadline=None)
def test_without_commands_any_line_keeps_its_letters(latex: str) -> None:
    assert count_of(to_unicode(latex)) == count_of(latex)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_one_line(latex: str) -> None:
    assert len(to_unicode(latex).splitlines()) <= 1


@given(st.from_regex(r"\\[a-z]{12,16}\{[a-z]{1,4}\}", fullmatch=True))
@settings(max_examples=50, deadline=None)
def test_an_unknown_command_keeps_its_name(latex: str) -> None:
    shown = to_unicode(latex)

    assert shown == latex[1:].replace("{", "(").replace("}", ")")


def test_the_alphabets_are_what_unicode_says() -> None:
    for table in (*ALPHABETS.values(), SUPERSCRIPTS, SUBSCRIPTS):
        for plain, sign in table.items():
            if plain.isascii() and plain.isalnum():
                assert unicodedata.normalize("NFKD", sign)[0] == plain
