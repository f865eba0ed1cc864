"""The truth about a sample's clients: which are one company, and which only look alike."""

from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Clients that are one company, with the kinds of variation that their records show."""

    client_ids: frozenset[int]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Two clients that look alike and are different companies, with the reason."""

    first: int
    second: int
    reason: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Clients that stand in no group are each a company of their own."""

    groups: tuple[DuplicateGroup, ...]
    lookalikes: tuple[Lookalike, ...]

    @property
    def same(self) -> frozenset[frozenset[int]]:
        return frozenset(group.client_ids for group in self.groups)

    @property
    def kinds(self) -> dict[frozenset[int], tuple[str, ...]]:
        return {group.client_ids: group.kinds for group in self.groups}

    @property
    def pairs(self) -> frozenset[tuple[int, int]]:
        """Every two clients that are one company, the lower id first."""
        return frozenset(
            pair for group in self.groups for pair in combinations(sorted(group.client_ids), 2)
        )
