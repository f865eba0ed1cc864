"""The ladder over two lists, and over one: which parties may be the same company.

Climbs only as far as needed: where an exact name is certain, fuzzy matching is not asked.
Pure: no input or output, no clock, and the same answer whatever the order of the lists.
"""

from collections.abc import Iterable, Sequence

from sheaf.imports.matching.blocking import PartyIndex
from sheaf.imports.matching.evidence import read_particulars
from sheaf.imports.matching.names import is_number, normalise
from sheaf.imports.matching.party import Candidate, Party, Thresholds
from sheaf.imports.matching.rarity import Rarity, learn_rarity
from sheaf.imports.matching.score import Profile, reasons, rung_of, score

DEFAULT_THRESHOLDS = Thresholds()
# A candidate so far behind the best is not what the party is, whatever its own score.
_CONTENDING = 0.1


def read_profiles(parties: Sequence[Party]) -> list[Profile]:
    """The parties made ready to compare, in the given order."""
    names = [normalise(party.name) for party in parties]
    return [
        Profile(party, name, particulars, frozenset(filter(is_number, name.words)))
        for party, name, particulars in zip(parties, names, read_particulars(parties), strict=True)
    ]


def find_candidates(
    new: Sequence[Party],
    existing: Sequence[Party],
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
    limit: int = 5,
) -> dict[str, list[Candidate]]:
    """For each new party's key, the existing ones that may be it, the likeliest first.

    At or above the certain threshold a candidate is to be suggested as the same, below it to be
    asked about; below the possible threshold there is none.
    """
    profiles = read_profiles((*new, *sorted(existing, key=lambda party: party.key)))
    arriving, known = profiles[: len(new)], profiles[len(new) :]
    rarity = learn_rarity([profile.name.words for profile in profiles])
    index = PartyIndex(known, rarity)
    found = {}
    for profile in arriving:
        scored = best_matches(profile, known, index, rarity, thresholds)
        found[profile.party.key] = [
            Candidate(
                known[place].party.key,
                points,
                rung_of(profile, known[place]),
                points >= thresholds.certain,
                reasons(profile, known[place]),
            )
            for points, place in scored[:limit]
        ]
    return found


def best_matches(
    profile: Profile,
    known: Sequence[Profile],
    index: PartyIndex,
    rarity: Rarity,
    thresholds: Thresholds,
) -> list[tuple[float, int]]:
    """Score and place in known of each possible match, the best first and ties by place."""

    def score_at(places: Iterable[int]) -> list[tuple[float, int]]:
        scores = [(score(profile, known[place], rarity), place) for place in places]
        return [match for match in scores if match[0] >= thresholds.possible]

    same = index.same_name(profile.name)
    scored = score_at(same)
    if not scored or max(scored)[0] < thresholds.certain:
        compared = [*same, *index.alike(profile)]
        scored += score_at(place for place in compared[len(same) :] if place not in same)
        if not scored:
            respelt = index.alike(profile, respelt=True)
            scored = score_at(place for place in respelt if place not in compared)
    if len(scored) > 1:
        scored.sort(key=lambda match: (-match[0], match[1]))
        least = scored[0][0] - _CONTENDING
        scored = [match for match in scored if match[0] >= least]
    return scored
