"""What validating a lab finds: promises, and whether they hold. Plain data."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How thoroughly to validate.

    Attributes:
        seeds: Seeds for the reference.
        value_seeds: Seeds for value checks only (cheap), for reference and second solutions.
        threads: Thread counts under which the reference must pass.
        only: Words; only checks, mistakes and second solutions whose names hold one. Empty for all.
    """

    seeds: tuple[int, ...] = (1, 2, 3)
    value_seeds: tuple[int, ...] = ()
    threads: tuple[int, ...] = (1, 2)
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One promise about a lab, and whether it holds.

    Attributes:
        subject: What was graded: "reference", "stub", "mistake sign_flipped", ...
        promise: What must be true of it.
        broken: Why it is not; empty if it is.
    """

    subject: str
    promise: str
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one check costs the reference: median CPU seconds of the worker, and of its limit."""

    check_id: str
    cpu_s: float
    share_of_limit: float


@dataclass(slots=True)
class Proof:
    """All findings about a lab."""

    findings: list[Finding] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    caught: dict[str, tuple[str, str]] = field(default_factory=dict)  # mistake -> (check, named as)

    @property
    def mistakes(self) -> set[str]:
        """Return the known mistakes that were looked at."""
        prefix = "mistake "
        subjects = (finding.subject for finding in self.findings)
        return {name.removeprefix(prefix) for name in subjects if name.startswith(prefix)}

    @property
    def broken(self) -> list[Finding]:
        """Return the promises that do not hold."""
        return [finding for finding in self.findings if finding.broken]
