"""Puts the pieces of a formula beside each other: spaces, brackets, raised and lowered letters."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.quiz.mathsymbol import ACCENTS, SUBSCRIPTS, SUPERSCRIPTS, Kind

FACTORS = (Kind.ORDINARY, Kind.TAILED, Kind.WORD, Kind.BIG, Kind.FRACTION)
STARTS = (Kind.BINARY, Kind.RELATION, Kind.OPEN, Kind.COMMA, Kind.SLASH, Kind.WORD, Kind.BIG)
DOTLESS = {"\u0131": "i", "\u0237": "j"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a formula that is written without a break."""

    text: str
    kind: Kind = Kind.ORDINARY


Pieces = list[Piece]


def ungrouped(pieces: Pieces) -> Pieces:
    """Return a group's pieces; a sign alone in braces, as in 1{,}000, has no space around it."""
    signs = (Kind.COMMA, Kind.BINARY, Kind.RELATION)
    if len(pieces) == 1 and pieces[0].kind in signs:
        return [replace(pieces[0], kind=Kind.ORDINARY)]
    return pieces


def words_of(words: str) -> Pieces:
    """Return words with the spaces that were typed around them."""
    space = Piece(text=" ", kind=Kind.SPACE)
    middle = [Piece(text=" ".join(words.split()), kind=Kind.WORD)] if words.strip() else []
    return [space] * words[:1].isspace() + middle + [space] * words[-1:].isspace()


def accented(name: str, text: str) -> Piece:
    """Put an accent on a letter; on more than one it is written as a function."""
    letters = [c for c in text if not unicodedata.combining(c)]
    if len(letters) == 1:
        letter = DOTLESS.get(text, text)
        return Piece(text=unicodedata.normalize("NFC", letter + ACCENTS[name]))
    return Piece(text=f"{name.removeprefix('wide')}({text})")


def bracketed(pieces: Sequence[Piece]) -> Piece:
    """Return a group as one piece, for scripts that belong to all of it."""
    return Piece(text=f"({tight(pieces)})")


def tight(pieces: Sequence[Piece]) -> str:
    """Write pieces with as few spaces as can be, for a fraction or a script."""
    return join(pieces, is_tight=True)


def with_scripts(base: Piece, raised: str, lowered: str) -> Piece:
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


def over(pieces: Pieces) -> str:
    """Return a numerator: in brackets if it is a sum, or anything that reaches further."""
    inner = [p.kind for p in pieces if p.kind is not Kind.SPACE]
    reaching = {Kind.BINARY, Kind.RELATION, Kind.COMMA, Kind.SLASH, Kind.FRACTION, Kind.BIG}
    needs = bool(reaching.intersection(inner[1:])) or bool(
        {Kind.WORD, Kind.BIG}.intersection(inner)
    )
    is_word = inner == [Kind.WORD]
    if (needs and not is_word) or inner[:1] == [Kind.FRACTION]:
        return f"({tight(pieces)})"
    return _differential(pieces) or tight(pieces)


def under(pieces: Pieces) -> str:
    """Return a denominator: in brackets unless it is one thing, or a differential as dx."""
    is_one = len(pieces) == 1 and pieces[0].kind in (Kind.ORDINARY, Kind.TAILED)
    return pieces[0].text if is_one else _differential(pieces) or f"({tight(pieces)})"


def _differential(pieces: Pieces) -> str:
    """Return dx, ∂L or d²y in one word; empty if it is something else."""
    inner = [p for p in pieces if p.kind is not Kind.SPACE]
    is_simple = all(p.kind in (Kind.ORDINARY, Kind.TAILED) for p in inner)
    starts = bool(inner) and inner[0].text[:1] in ("d", "∂")
    return "".join(p.text for p in inner) if is_simple and starts else ""


def join(pieces: Sequence[Piece], *, is_tight: bool) -> str:
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
        if _is_apart(before, piece.kind, is_spaced=place in spaced, is_closing=bars % 2 == 0):
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


def _is_apart(before: Kind | None, kind: Kind, *, is_spaced: bool, is_closing: bool) -> bool:
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
