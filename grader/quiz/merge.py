"""Puts sittings to those that are stored, and refuses what may be one sitting under two names."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from grader.errors import RequestError
from grader.quiz.attempt import Attempt, fingerprint
from grader.quiz.responses.clock import seconds
from grader.roster import Roster, fold
from grader.text import count_of

LISTED = 3
Sittings = Mapping[tuple[str, str, str, int], Attempt]


def merge(
    stored: Sequence[Attempt], new: Sequence[Attempt], *, may_be_several: bool
) -> tuple[Attempt, ...]:
    """Return all sittings, by student and time; one that is stored already is replaced.

    Args:
        stored: Of a quiz.
        new: Of the same quiz.
        may_be_several: Whether students with new sittings may have several then.

    Raises:
        RequestError: If they have and may not, or if a student has two ids.
    """
    before, after = _sittings(stored), _sittings(new)
    whole = sorted({**before, **after}.values(), key=lambda one: (one.student, *_when(one)))
    refuse_alike((one.student for one in whole), "These files and the archive")
    _refuse_moved(before, after)
    if not may_be_several:
        _refuse_several(whole, {key[0] for key in after.keys() - before.keys()})
    return tuple(whole)


def _sittings(attempts: Iterable[Attempt]) -> Sittings:
    """Index sittings by who, from where and when; those of one minute by their order."""
    index: dict[tuple[str, str, str, int], Attempt] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    for attempt in attempts:
        moment = seconds(attempt.started_at or attempt.submitted_at)
        key = (attempt.student, attempt.source, str(moment or f"#{attempt.number}"))
        index[*key, counts[key]] = attempt
        counts[key] += 1
    return index


def _when(attempt: Attempt) -> tuple[float, int, str]:
    moment = seconds(attempt.submitted_at or attempt.started_at)
    return moment, attempt.number, attempt.source


def refuse_alike(names: Iterable[str], where: str) -> None:
    """Refuse ids that a gradebook takes for one: case or the kind of Unicode differs."""
    seen: dict[str, str] = {}
    for name in sorted(set(names)):
        other = seen.setdefault(fold(name), name)
        if other != name:
            raise RequestError(
                f"{where}: '{other}' and '{name}' are one student to a gradebook. Let --roster "
                "say which it is; `dlab quiz import --replace` drops what the archive holds."
            )


def _refuse_moved(stored: Sittings, new: Sittings) -> None:
    """Refuse sittings that are stored under other ids, which these files do not have any more.

    One or two may be chance: Moodle's times are minutes, and what is all right is equal.
    """
    moved = {_mark(one): one.student for key, one in stored.items() if key not in new}
    added = [one for key, one in new.items() if key not in stored and fingerprint(one)]
    twins = [(moved[_mark(one)], one.student) for one in added if _mark(one) in moved]
    twins = [(old, now) for old, now in twins if old != now]
    if len(twins) > 1 and 2 * len(twins) > len(added):
        shown = (f"'{old}' is '{now}' here" for old, now in twins[:LISTED])
        raise RequestError(
            f"The archive has {count_of(len(twins), 'sitting')} of these under other ids: "
            f"{', '.join(shown)}{_more(twins)}. If the archive is wrong, --replace drops it first; "
            "name all files of the quiz then."
        )


def refuse_renamed(stored: Iterable[Attempt], roster: Roster) -> None:
    """Refuse to go on where the archive calls somebody by what the roster says is not the id.

    Raises:
        RequestError: If it does, as after an import without the roster.
    """
    names = sorted({one.student for one in stored})
    twins = [(name, roster.find(name)) for name in names]
    wrong = [(name, ids[0]) for name, ids in twins if len(ids) == 1 and ids[0] != name]
    if wrong:
        shown = ", ".join(f"'{name}' is '{owner}'" for name, owner in wrong[:LISTED])
        raise RequestError(
            f"The archive has {count_of(len(wrong), 'student')} under other ids than the roster: "
            f"{shown}{_more(wrong)}. --replace drops the archive of this quiz first; name all of "
            "its files then."
        )


def _mark(attempt: Attempt) -> tuple[str, float, float, str]:
    """Return what is equal for the same sitting, whoever it is said to be of."""
    times = seconds(attempt.started_at), seconds(attempt.submitted_at)
    return attempt.source, *times, fingerprint(attempt)


def _refuse_several(attempts: Iterable[Attempt], newcomers: Collection[str]) -> None:
    """Refuse new sittings of students who have several then; name them and their times."""
    sittings: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        sittings.setdefault(attempt.student, []).append(attempt)
    several = {name: sittings[name] for name in sorted(newcomers) if len(sittings[name]) > 1}
    same = {name: mine for name, mine in several.items() if _are_same(mine)}
    if not several:
        return
    shown = []
    for name, mine in list((same or several).items())[:LISTED]:
        times = (one.submitted_at or one.started_at or f"no. {one.number}" for one in mine)
        shown.append(f"{name} ({', '.join(times)})")
    told = "; ".join(shown) + _more(same or several)
    if same:
        raise RequestError(
            f"{_have(same)} the same answers at several times: {told}. If it is one sitting, and "
            "its times were read in another way, give --timezone as you did before, or --replace "
            "what is there. If not, say which one counts: --keep first, last or best"
        )
    raise RequestError(
        f"{_have(several)} several attempts: {told}. "
        "Say which one counts: --keep first, last or best"
    )


def _are_same(mine: Sequence[Attempt]) -> bool:
    return len({(one.source, fingerprint(one)) for one in mine}) < len(mine)


def _have(names: Collection[str]) -> str:
    return f"{count_of(len(names), 'student')} {'has' if len(names) == 1 else 'have'}"


def _more(names: Collection[object]) -> str:
    return f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
