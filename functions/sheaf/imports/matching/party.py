"""What matching is given and what it answers: parties in, candidates with reasons out.

A party is a company as matching sees it, from a Harvest client or a company of ours alike;
its key is the caller's and is never interpreted.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Party:
    """A company to match: its name and whatever else is known to identify it."""

    key: str
    name: str
    address: str | None = None
    currency: str | None = None
    email_domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which a pair is suggested as the same (certain) or asked about (possible)."""

    certain: float = 0.92
    possible: float = 0.7

    def __post_init__(self) -> None:
        if not 0 < self.possible <= self.certain <= 1:
            raise ValueError("thresholds must satisfy 0 < possible <= certain <= 1")


class Rung(StrEnum):
    """How far up the ladder a match was found; what is linked by id is never compared."""

    EXACT = "exact"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact for or against a match: a stable code, and the fact in plain words."""

    code: str
    supports: bool
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that may be the same: its key, score (0 to 1), and why."""

    key: str
    score: float
    rung: Rung
    certain: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two parties of one list that may be the same, keys in ascending order."""

    keys: tuple[str, str]
    score: float
    rung: Rung
    certain: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Parties of one list held together by pairs; the weakest needed pair gives the score."""

    keys: tuple[str, ...]
    score: float
    pairs: tuple[DuplicatePair, ...]
