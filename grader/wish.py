"""What a student asks of a check of their own work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a student asks for.

    Attributes:
        path: File, folder or zip; empty to look in the usual places.
        only: Substrings of check ids; empty for all.
        with_hidden: Whether hidden checks run too, where this machine has them.
        dataset: Name; empty for the lab's first.
        device: "auto", "cpu" or "cuda".
        sandbox: "auto", "bwrap" or "plain".
        with_figures: Whether what checks lay out to be looked at is drawn.
    """

    path: str = ""
    only: tuple[str, ...] = ()
    with_hidden: bool = False
    dataset: str = ""
    device: str = "auto"
    seed: int = 0
    sandbox: str = "auto"
    with_figures: bool = False
