r"""Writes LaTeX formulas as one line of Unicode text, for terminals and for reading aloud.

What belongs together stays together: `\frac{a+b}{c}` is (a+b)/c, `e^{z_i}` is e^(zᵢ). Raised and
lowered characters are used only where Unicode has all of them. Nothing is dropped: a command
that is not known is written by its name.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.quiz.mathsymbol import (
    ACCENTS,
    ALPHABETS,
    CHARACTERS,
    FENCES,
    FONTS,
    IGNORED,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
    TEXTS,
    Kind,
)

TOKEN = re.compile(r"\\(?:operatorname\*|[a-zA-Z]+[ \t\n]*|.|\n|$)|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
DEEPEST = 40  # braces in braces; deeper is shown as it is typed
ROOTS = {"3": "∛", "4": "∜"}
FACTORS = (Kind.ORDINARY, Kind.TAILED, Kind.WORD, Kind.BIG, Kind.FRACTION)
STARTS = (Kind.BINARY, Kind.RELATION, Kind.OPEN, Kind.COMMA, Kind.SLASH, Kind.WORD, Kind.BIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a formula that is written without a break."""

    text: str
    kind: Kind = Kind.ORDINARY


Pieces = list[Piece]


class _TooDeepError(Exception):
    """Braces are nested deeper than anybody reads."""


def to_unicode(latex: str) -> str:
    """Return a formula as one line of text.

    Args:
        latex: Math mode, without dollars.
    """
    try:
        return _join(_Reader(TOKEN.findall(latex)).read(), is_tight=False)
    except _TooDeepError:
        return " ".join(latex.split())


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right."""

    tokens: list[str]
    place: int = 0
    depth: int = 0
    commands: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        """Return the next token and go on."""
        token = self.token
        self.place += 1
        return token

    def skip_space(self) -> None:
        """Go on to what is not a space."""
        while self.token and self.token.isspace():
            self.place += 1

    def read(self, end: str = "") -> Pieces:
        """Read up to the token that closes, which is taken; without one, to the end."""
        if self.depth > DEEPEST:
            raise _TooDeepError
        self.depth += 1
        pieces: Pieces = []
        while self.token and self.token != end:
            pieces += self.item(pieces)
        self.take()
        self.depth -= 1
        return pieces

    def item(self, before: Pieces) -> Pieces:
        """Read one thing with its scripts; a script without a base joins the piece before."""
        if self.token in ("^", "_", "'"):
            base = before.pop() if before and before[-1].kind is not Kind.SPACE else Piece(text="")
            return [self.scripts(base)]
        is_group = self.token == "{" or self.token[1:].strip() in FONTS
        found = self.thing()
        at = self.place
        self.skip_space()
        if self.token not in ("^", "_", "'") or not found:
            self.place = at
            return found
        if is_group and len(found) > 1:
            found = [_bracketed(found)]
        return [*found[:-1], self.scripts(found[-1])]

    def thing(self) -> Pieces:
        """Read a character, a number, a group or a command."""
        token = self.take()
        if token == "{":
            return _plain(self.read("}"))
        if token.isspace():
            return [Piece(text=" ", kind=Kind.SPACE)]
        if token.startswith("\\"):
            return self.command(token[1:].strip() or token[1:])
        text, kind = CHARACTERS.get(token, (token, Kind.ORDINARY))
        if token == ":" and self.token == "=":
            self.take()
            text, kind = ":=", Kind.RELATION
        return [Piece(text=text, kind=kind)]

    def argument(self) -> Pieces:
        """Read what a command is applied to: a group, or one thing."""
        self.skip_space()
        if self.token.isdecimal() and len(self.token) > 1:  # 1/2 is typed as \\frac12
            self.tokens[self.place : self.place + 1] = [self.token[0], self.token[1:]]
        return [] if self.token in ("", "}") else self.thing()

    def words(self) -> str:
        """Read an argument as it is typed."""
        self.skip_space()
        if self.token != "{":
            return _join(self.argument(), is_tight=False)
        self.take()
        level, text = 1, ""
        while self.token and level:
            token = self.take()
            level += (token == "{") - (token == "}")
            text += token if level else ""
        return re.sub(r"\\(?=[^a-zA-Z])|[{}$]", "", text)

    def scripts(self, base: Piece) -> Piece:
        """Read what is raised and lowered, in any order."""
        raised, lowered = "", ""
        while self.token in ("^", "_", "'"):
            sign = self.take()
            if sign == "'":
                raised += "′"
            elif sign == "^":
                raised += _tight(self.argument())
            else:
                lowered += _tight(self.argument())
            at = self.place
            self.skip_space()
        self.place = at
        return _with_scripts(base, raised, lowered)

    def command(self, name: str) -> Pieces:
        """Read a command and what it is applied to."""
        if name in IGNORED:
            return self.delimiter() if name in ("left", "right", "middle") else []
        if name in TEXTS:
            return _text(self.words())
        if name in FONTS:
            inner = _plain(self.argument())
            text = _tight(inner)
            is_name = name == "mathrm" and len(text) > 1 and text.isalpha()
            return [Piece(text=text, kind=Kind.WORD)] if is_name else inner
        if name in ACCENTS:
            return [_accented(name, _tight(self.argument()))]
        if name in ALPHABETS:
            alphabet = ALPHABETS[name]
            return [Piece(text="".join(alphabet.get(c, c) for c in _tight(self.argument())))]
        if name in SYMBOLS:
            return [Piece(text=SYMBOLS[name][0], kind=SYMBOLS[name][1])]
        return self.structure(name)

    def structure(self, name: str) -> Pieces:
        """Read a command that puts its arguments in relation."""
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            over, under = self.argument(), self.argument()
            return [Piece(text=f"{_over(over)}/{_under(under)}", kind=Kind.FRACTION)]
        if name == "sqrt":
            return [self.root()]
        if name in ("binom", "dbinom", "tbinom"):
            text = f"({_tight(self.argument())} choose {_tight(self.argument())})"
            return [Piece(text=text)]
        if name in ("overset", "stackrel", "underset"):
            script, base = _tight(self.argument()), _plain(self.argument())
            is_under = name == "underset"
            piece = base[0] if len(base) == 1 else Piece(text=_tight(base), kind=Kind.WORD)
            return [_with_scripts(piece, "" if is_under else script, script if is_under else "")]
        if name == "not":
            piece = (self.argument() or [Piece(text="")])[0]
            struck = unicodedata.normalize("NFC", piece.text + "\u0338")
            return [replace(piece, text=struck)]
        return self.environment() if name == "begin" else self.unknown(name)

    def delimiter(self) -> Pieces:
        r"""Read what `\left` and its like stretch; a dot is nothing."""
        self.skip_space()
        if self.token == ".":
            self.take()
        return []

    def root(self) -> Piece:
        """Read a root, with its degree if there is one."""
        self.skip_space()
        degree = ""
        if self.token == "[":
            self.take()
            degree = _tight(self.read("]"))
        inner = self.argument()
        text = _tight(inner)
        body = text if len(inner) == 1 and inner[0].kind is Kind.ORDINARY else f"({text})"
        raised = "".join(SUPERSCRIPTS.get(c, "") for c in degree)
        sign = ROOTS.get(degree) or (f"{raised}√" if len(raised) == len(degree) else f"({degree})√")
        return Piece(text=sign + body, kind=Kind.TAILED)

    def environment(self) -> Pieces:
        """Read a matrix, or cases: rows are separated by semicolons, cells by commas."""
        name = self.words()
        if name == "array":
            self.words()  # how its columns are aligned
        pieces: Pieces = []
        while self.token and self.token.rstrip() != r"\end":
            pieces += self.item(pieces)
        if self.token:
            self.take()
            self.words()
        opening, closing = FENCES.get(name, (f"{name}[", "]"))
        if not opening:  # lines below each other: what is aligned needs no mark
            pieces = [p for p in pieces if p.text != "," or p.kind is not Kind.COMMA]
        return [Piece(text=f"{opening}{_join(pieces, is_tight=False)}{closing}")]

    def unknown(self, name: str) -> Pieces:
        """Write a command by its name, with its arguments in brackets."""
        text = name
        while self.token == "{":
            text += f"({_tight(self.argument())})"
        return [Piece(text=text, kind=Kind.WORD)]


def _plain(pieces: Pieces) -> Pieces:
    """Return a group's pieces; a sign alone in braces, as in 1{,}000, has no space around it."""
    signs = (Kind.COMMA, Kind.BINARY, Kind.RELATION)
    if len(pieces) == 1 and pieces[0].kind in signs:
        return [replace(pieces[0], kind=Kind.ORDINARY)]
    return pieces


def _text(words: str) -> Pieces:
    space = Piece(text=" ", kind=Kind.SPACE)
    middle = [Piece(text=" ".join(words.split()), kind=Kind.WORD)] if words.strip() else []
    return [space] * words[:1].isspace() + middle + [space] * words[-1:].isspace()


def _accented(name: str, text: str) -> Piece:
    letters = [c for c in text if not unicodedata.combining(c)]
    if len(letters) == 1:
        letter = {"ı": "i", "ȷ": "j"}.get(text, text)
        return Piece(text=unicodedata.normalize("NFC", letter + ACCENTS[name]))
    return Piece(text=f"{name.removeprefix('wide')}({text})")


def _bracketed(pieces: Sequence[Piece]) -> Piece:
    return Piece(text=f"({_tight(pieces)})")


def _tight(pieces: Sequence[Piece]) -> str:
    return _join(pieces, is_tight=True)


def _with_scripts(base: Piece, raised: str, lowered: str) -> Piece:
    """Append scripts: first what Unicode can raise or lower, then the rest after ^ and _."""
    signs, rest = "", ""
    for script, alphabet, mark in ((lowered, SUBSCRIPTS, "_"), (raised, SUPERSCRIPTS, "^")):
        letters = script.replace(" ", "")
        if all(c in alphabet for c in letters):
            signs += "".join(alphabet[c] for c in letters)
        else:
            rest += mark + (script if _is_plain(script) else f"({script})")
    text = f"({base.text})" if base.kind is Kind.FRACTION else base.text
    kind = base.kind if base.kind in (Kind.WORD, Kind.BIG, Kind.CLOSE) else Kind.ORDINARY
    is_tailed = rest and rest[-1] != ")" and kind is not Kind.BIG and kind is not Kind.WORD
    return Piece(text=text + signs + rest, kind=Kind.TAILED if is_tailed else kind)


def _is_plain(script: str) -> bool:
    """Return whether a script is a word, or one character: neither needs brackets."""
    is_word = script.isalnum() and unicodedata.normalize("NFKC", script) == script
    return is_word or len(script) == 1


def _over(pieces: Pieces) -> str:
    """Return a numerator: in brackets if it is a sum, or anything that reaches further."""
    inner = [p.kind for p in pieces if p.kind is not Kind.SPACE]
    reaching = {Kind.BINARY, Kind.RELATION, Kind.COMMA, Kind.SLASH, Kind.FRACTION, Kind.BIG}
    needs = bool(reaching.intersection(inner[1:])) or bool(
        {Kind.WORD, Kind.BIG}.intersection(inner)
    )
    is_word = inner == [Kind.WORD]
    if (needs and not is_word) or inner[:1] == [Kind.FRACTION]:
        return f"({_tight(pieces)})"
    return _differential(pieces) or _tight(pieces)


def _under(pieces: Pieces) -> str:
    """Return a denominator: in brackets unless it is one thing, or a differential as dx."""
    is_one = len(pieces) == 1 and pieces[0].kind in (Kind.ORDINARY, Kind.TAILED)
    return pieces[0].text if is_one else _differential(pieces) or f"({_tight(pieces)})"


def _differential(pieces: Pieces) -> str:
    """Return dx, ∂L or d²y in one word; empty if it is something else."""
    inner = [p for p in pieces if p.kind is not Kind.SPACE]
    is_simple = all(p.kind in (Kind.ORDINARY, Kind.TAILED) for p in inner)
    starts = bool(inner) and inner[0].text[:1] in ("d", "∂")
    return "".join(p.text for p in inner) if is_simple and starts else ""


def _join(pieces: Sequence[Piece], *, is_tight: bool) -> str:
    """Write pieces one after the other with the spaces that make them readable."""
    bare = [p for p in pieces if p.kind is not Kind.SPACE]
    spaced = _after_space(pieces)
    out, bars = "", 0
    for place, piece in enumerate(bare):
        before = bare[place - 1].kind if place else None
        after = bare[place + 1].kind if place + 1 < len(bare) else None
        if before is Kind.BAR and piece.kind is not Kind.BAR:
            before = Kind.OPEN if bars % 2 else Kind.CLOSE
        bars += piece.kind is Kind.BAR
        if _is_apart(before, piece.kind, place in spaced, is_closing=bars % 2 == 0):
            out += " "
        out += _written(piece, before, after, is_tight=is_tight)
    return re.sub(" +", " ", out).strip()


def _after_space(pieces: Sequence[Piece]) -> set[int]:
    """Return which pieces, not counting spaces, have a space before them."""
    places, count = set(), 0
    for piece in pieces:
        if piece.kind is Kind.SPACE:
            places.add(count)
        else:
            count += 1
    return places


def _is_apart(before: Kind | None, kind: Kind, is_spaced: bool, *, is_closing: bool) -> bool:
    """Return whether a space separates two factors."""
    opens = kind is Kind.OPEN or (kind is Kind.BAR and not is_closing)
    if before is None or before is Kind.OPEN or not (kind in FACTORS or opens):
        return False
    if opens:
        return before is Kind.BIG or (is_spaced and before in (*FACTORS, Kind.CLOSE))
    if before in (Kind.WORD, Kind.BIG, Kind.TAILED, Kind.FRACTION):
        return True
    is_factor = before in (Kind.ORDINARY, Kind.CLOSE)
    return is_factor and (is_spaced or kind in (Kind.WORD, Kind.BIG, Kind.FRACTION))


def _written(piece: Piece, before: Kind | None, after: Kind | None, *, is_tight: bool) -> str:
    """Return a piece with the spaces or brackets its neighbours ask for."""
    if piece.kind is Kind.RELATION and before is not None:
        return f" {piece.text} "
    if piece.kind is Kind.BINARY and before is not None and before not in STARTS:
        return piece.text if is_tight and len(piece.text) == 1 else f" {piece.text} "
    if piece.kind is Kind.COMMA:
        return piece.text if is_tight else f"{piece.text} "
    beside = (*FACTORS, Kind.CLOSE, Kind.SLASH)
    if piece.kind is Kind.FRACTION and (before in beside or after in (*beside[:-2], Kind.OPEN)):
        return f"({piece.text})"
    return piece.text
