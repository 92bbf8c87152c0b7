"""Which Unicode characters stand for LaTeX's commands. Data only; mathtext.py uses it."""
# ruff: noqa: RUF001, RUF003  letters that look like others are what this file is about

import enum


class Kind(enum.Enum):
    """What a piece of a formula is: it decides on the spaces around it."""

    ORDINARY = "ordinary"  # x, 12, θ
    TAILED = "tailed"  # ordinary, ending in a script of plain letters, as p_data
    WORD = "word"  # log, relu: separated from letters, not from a bracket
    BIG = "big"  # ∑ with its limits
    BINARY = "binary"  # + ×
    RELATION = "relation"  # = ≤ →
    OPEN = "open"
    CLOSE = "close"
    BAR = "bar"  # | opens or closes
    COMMA = "comma"
    SLASH = "slash"
    FRACTION = "fraction"  # a/b: in brackets beside a factor
    SPACE = "space"


_ORDINARY = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ
upsilon υ phi φ varphi ϕ chi χ psi ψ omega ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ emptyset ∅ varnothing ∅ prime ′ degree °
top ⊤ bot ⊥ angle ∠ triangle △ square □ dagger † ddagger ‡ checkmark ✓ neg ¬ lnot ¬ imath ı jmath ȷ
dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ S § copyright © pounds £ circ ∘ ast * star ⋆
"""
_BINARY = """
times × cdot · pm ± mp ∓ div ÷ odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ cup ∪ cap ∩ setminus ∖ wedge ∧
land ∧ vee ∨ lor ∨ bullet • bmod mod
"""
_RELATION = """
le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ lt < gt > ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ simeq ≃
cong ≅ propto ∝ ll ≪ gg ≫ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ mid | parallel ∥
perp ⟂ to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒
implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ mapsto ↦ uparrow ↑ downarrow ↓ coloneqq ≔ prec ≺ succ ≻
triangleq ≜ doteq ≐ models ⊨ vdash ⊢
"""
_BIG = """
sum ∑ prod ∏ int ∫ iint ∬ oint ∮ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀
"""
_WORDS = """
log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf lim
limsup liminf arg argmax argmin det dim ker deg gcd hom Pr tr
"""
_OPEN = "lbrace { langle ⟨ lfloor ⌊ lceil ⌈ lbrack ["
_CLOSE = "rbrace } rangle ⟩ rfloor ⌋ rceil ⌉ rbrack ]"
_BAR = "vert | Vert ‖ lvert | rvert | lVert ‖ rVert ‖"


def _table(text: str, kind: Kind) -> dict[str, tuple[str, Kind]]:
    words = text.split()
    return {name: (sign, kind) for name, sign in zip(words[::2], words[1::2], strict=True)}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SYMBOLS: dict[str, tuple[str, Kind]] = {
    **_table(_ORDINARY, Kind.ORDINARY),
    **_table(_BINARY, Kind.BINARY),
    **_table(_RELATION, Kind.RELATION),
    **_table(_BIG, Kind.BIG),
    **_table(_OPEN, Kind.OPEN),
    **_table(_CLOSE, Kind.CLOSE),
    **_table(_BAR, Kind.BAR),
    **{name: (name, Kind.WORD) for name in _WORDS.split()},
    "forall": ("∀", Kind.WORD),
    "exists": ("∃", Kind.WORD),
    "colon": (":", Kind.COMMA),
    "{": ("{", Kind.OPEN),
    "}": ("}", Kind.CLOSE),
    "|": ("‖", Kind.BAR),
    **{sign: (sign, Kind.ORDINARY) for sign in "#$%&_"},
    **dict.fromkeys((",", ";", ":", ">", " ", "\n", "quad", "qquad"), (" ", Kind.SPACE)),
    "\\": (";", Kind.COMMA),
    "cr": (";", Kind.COMMA),
}
"""A command's name, without its backslash, to what is written for it."""

CHARACTERS = {
    "-": ("\u2212", Kind.BINARY),
    "\u2212": ("\u2212", Kind.BINARY),
    "'": ("′", Kind.ORDINARY),
    "/": ("/", Kind.SLASH),
    "|": ("|", Kind.BAR),
    "~": (" ", Kind.SPACE),
    "&": (",", Kind.COMMA),
    **{sign: (sign, Kind.BINARY) for sign in "+*×·±"},
    **{sign: (sign, Kind.RELATION) for sign in "=<>≤≥≠≈→∈"},
    **{sign: (sign, Kind.OPEN) for sign in "(["},
    **{sign: (sign, Kind.CLOSE) for sign in ")]"},
    **{sign: (sign, Kind.COMMA) for sign in ",;:"},
}
"""Characters that are no letters."""

IGNORED = _names(
    "! left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm limits "
    "nolimits displaystyle textstyle scriptstyle hline nonumber notag relax"
)
"""Commands about looks alone."""

FONTS = _names(
    "mathrm mathbf mathit mathsf mathtt boldsymbol bm pmb mathnormal underbrace overbrace "
    "ensuremath mathop mathbin mathrel boxed cancel"
)
"""Commands whose argument is written as it is."""

TEXTS = _names("text textrm textbf textit texttt textsf mbox operatorname operatorname*")
"""Commands whose argument is words."""

ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0305",
    "underline": "\u0332",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}
"""Commands to the combining character that follows a letter."""

SUPERSCRIPTS = dict(
    zip(
        "0123456789+\u2212=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤′∘*†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ′°*†",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip(
        "0123456789+\u2212=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)

BLACKBOARD = {
    **dict(zip("CHNPQRZ1", "ℂℍℕℙℚℝℤ𝟙", strict=True)),
    **{chr(65 + n): chr(0x1D538 + n) for n in range(26) if chr(65 + n) not in "CHNPQRZ"},
}
SCRIPT = {
    **dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
    **{chr(65 + n): chr(0x1D49C + n) for n in range(26) if chr(65 + n) not in "BEFHILMR"},
}
ALPHABETS = {"mathbb": BLACKBOARD, "mathcal": SCRIPT, "mathscr": SCRIPT}

FENCES = {
    "matrix": ("[", "]"),
    "smallmatrix": ("[", "]"),
    "array": ("[", "]"),
    "bmatrix": ("[", "]"),
    "pmatrix": ("(", ")"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "Bmatrix": ("{", "}"),
    "cases": ("{ ", " }"),
    "aligned": ("", ""),
    "align": ("", ""),
    "align*": ("", ""),
    "gathered": ("", ""),
    "split": ("", ""),
}
"""What stands around the rows of an environment."""
