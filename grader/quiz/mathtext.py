r"""Writes LaTeX formulas as one line of Unicode text, for terminals and for reading aloud.

What belongs together stays together: `\frac{a+b}{c}` is (a+b)/c, `e^{z_i}` is e^(zᵢ). Raised and
lowered characters are used only where Unicode has all of them. Nothing is dropped: a command
that is not known is written by its name.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from grader.quiz.mathlayout import (
    Piece,
    Pieces,
    accented,
    bracketed,
    join,
    over,
    tight,
    under,
    ungrouped,
    with_scripts,
    words_of,
)
from grader.quiz.mathsymbol import (
    ACCENTS,
    ALPHABETS,
    CHARACTERS,
    FENCES,
    FONTS,
    IGNORED,
    SUPERSCRIPTS,
    SYMBOLS,
    TEXTS,
    Kind,
)

TOKEN = re.compile(r"\\(?:operatorname\*|[a-zA-Z]+[ \t\n]*|.|\n|$)|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
DEEPEST = 40  # braces and commands in each other; deeper is shown as it is typed
PRIME = "\u2032"
ROOTS = {"3": "∛", "4": "∜"}


class _TooDeepError(Exception):
    """A formula is nested deeper than anybody reads."""


def to_unicode(latex: str) -> str:
    """Return a formula as one line of text.

    Args:
        latex: Math mode, without dollars.
    """
    try:
        return join(_Reader(TOKEN.findall(latex)).read(), is_tight=False)
    except _TooDeepError:
        return " ".join(latex.split())


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right."""

    tokens: list[str]
    place: int = 0
    depth: int = 0

    @property
    def ahead(self) -> str:
        """The next sign; empty at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        """Return the next sign and go on."""
        sign = self.ahead
        self.place += 1
        return sign

    def skip_space(self) -> None:
        """Go on to what is not a space."""
        while self.ahead and self.ahead.isspace():
            self.place += 1

    def read(self, end: str = "") -> Pieces:
        """Read up to the sign that closes, which is taken; without one, to the end."""
        pieces: Pieces = []
        while self.ahead and self.ahead != end:
            pieces += self.item(pieces)
        self.take()
        return pieces

    def item(self, before: Pieces) -> Pieces:
        """Read one thing with its scripts; a script without a base joins the piece before."""
        if self.ahead in ("^", "_", "'"):
            base = before.pop() if before and before[-1].kind is not Kind.SPACE else Piece(text="")
            return [self.scripts(base)]
        is_group = self.ahead == "{" or self.ahead[1:].strip() in FONTS
        found = self.thing()
        at = self.place
        self.skip_space()
        if self.ahead not in ("^", "_", "'") or not found:
            self.place = at
            return found
        if is_group and len(found) > 1:
            found = [bracketed(found)]
        return [*found[:-1], self.scripts(found[-1])]

    def thing(self) -> Pieces:
        """Read a character, a number, a group or a command."""
        if self.depth > DEEPEST:
            raise _TooDeepError
        self.depth += 1
        found = self.sign_or_group()
        self.depth -= 1
        return found

    def sign_or_group(self) -> Pieces:
        """Read what stands next."""
        sign = self.take()
        if sign == "{":
            return ungrouped(self.read("}"))
        if sign.isspace():
            return [Piece(text=" ", kind=Kind.SPACE)]
        if sign.startswith("\\"):
            return self.command(sign[1:].strip() or sign[1:])
        text, kind = CHARACTERS.get(sign, (sign, Kind.ORDINARY))
        if sign == ":" and self.ahead == "=":
            self.take()
            text, kind = ":=", Kind.RELATION
        return [Piece(text=text, kind=kind)]

    def argument(self) -> Pieces:
        """Read what a command is applied to: a group, or one thing."""
        self.skip_space()
        if self.ahead.isdecimal() and len(self.ahead) > 1:  # 1/2 is typed as \\frac12
            self.tokens[self.place : self.place + 1] = [self.ahead[0], self.ahead[1:]]
        return [] if self.ahead in ("", "}") else self.thing()

    def words(self) -> str:
        """Read an argument as it is typed."""
        self.skip_space()
        if self.ahead != "{":
            return join(self.argument(), is_tight=False)
        self.take()
        level, text = 1, ""
        while self.ahead and level:
            sign = self.take()
            level += (sign == "{") - (sign == "}")
            text += sign if level else ""
        return re.sub(r"\\(?=[^a-zA-Z])|[{}$]", "", text)

    def scripts(self, base: Piece) -> Piece:
        """Read what is raised and lowered, in any order."""
        raised, lowered = "", ""
        while self.ahead in ("^", "_", "'"):
            sign = self.take()
            if sign == "'":
                raised += PRIME
            elif sign == "^":
                raised += tight(self.argument())
            else:
                lowered += tight(self.argument())
            at = self.place
            self.skip_space()
        self.place = at
        return with_scripts(base, raised, lowered)

    def command(self, name: str) -> Pieces:
        """Read a command and what it is applied to."""
        if name in IGNORED:
            return self.delimiter() if name in ("left", "right", "middle") else []
        if name in TEXTS:
            return words_of(self.words())
        if name in FONTS:
            inner = ungrouped(self.argument())
            text = tight(inner)
            is_name = name == "mathrm" and len(text) > 1 and text.isalpha()
            return [Piece(text=text, kind=Kind.WORD)] if is_name else inner
        if name in ACCENTS:
            return [accented(name, tight(self.argument()))]
        if name in ALPHABETS:
            alphabet = ALPHABETS[name]
            return [Piece(text="".join(alphabet.get(c, c) for c in tight(self.argument())))]
        if name in SYMBOLS:
            return [Piece(text=SYMBOLS[name][0], kind=SYMBOLS[name][1])]
        return self.structure(name)

    def structure(self, name: str) -> Pieces:
        """Read a command that puts its arguments in relation."""
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            above, below = self.argument(), self.argument()
            return [Piece(text=f"{over(above)}/{under(below)}", kind=Kind.FRACTION)]
        if name == "sqrt":
            return [self.root()]
        if name in ("binom", "dbinom", "tbinom"):
            text = f"({tight(self.argument())} choose {tight(self.argument())})"
            return [Piece(text=text)]
        if name in ("overset", "stackrel", "underset"):
            script, base = tight(self.argument()), ungrouped(self.argument())
            is_under = name == "underset"
            piece = base[0] if len(base) == 1 else Piece(text=tight(base), kind=Kind.WORD)
            return [with_scripts(piece, "" if is_under else script, script if is_under else "")]
        if name == "not":
            piece = (self.argument() or [Piece(text="")])[0]
            struck = unicodedata.normalize("NFC", piece.text + "\u0338")
            return [replace(piece, text=struck)]
        return self.environment() if name == "begin" else self.unknown(name)

    def delimiter(self) -> Pieces:
        r"""Read what `\left` and its like stretch; a dot is nothing."""
        self.skip_space()
        if self.ahead == ".":
            self.take()
        return []

    def root(self) -> Piece:
        """Read a root, with its degree if there is one."""
        self.skip_space()
        degree = ""
        if self.ahead == "[":
            self.take()
            degree = tight(self.read("]"))
        inner = self.argument()
        text = tight(inner)
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
        while self.ahead and self.ahead.rstrip() != r"\end":
            pieces += self.item(pieces)
        if self.ahead:
            self.take()
            self.words()
        opening, closing = FENCES.get(name, (f"{name}[", "]"))
        if not opening:  # lines below each other: what is aligned needs no mark
            pieces = [p for p in pieces if p.text != "," or p.kind is not Kind.COMMA]
        return [Piece(text=f"{opening}{join(pieces, is_tight=False)}{closing}")]

    def unknown(self, name: str) -> Pieces:
        """Write a command by its name, with its arguments in brackets."""
        text = name
        while self.ahead == "{":
            text += f"({tight(self.argument())})"
        return [Piece(text=text, kind=Kind.WORD)]
