"""The ladder within one list: which of its parties are the same company twice.

Answers groups, because duplicates come in threes and more: two spellings far apart belong
together when a third stands between them. Each group lists the pairs that hold it together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sheaf.imports.matching.blocking import PartyIndex
from sheaf.imports.matching.candidates import DEFAULT_THRESHOLDS, read_profiles
from sheaf.imports.matching.party import DuplicateGroup, DuplicatePair, Party, Thresholds
from sheaf.imports.matching.rarity import Rarity, learn_rarity
from sheaf.imports.matching.score import Profile, reasons, rung_of, score

# One company can have very many spellings in one list; each must meet the ones beside it.
_BREADTH = 40

# Scores by the places of the two parties, the lower place first.
_Pairs = dict[tuple[int, int], float]


def find_duplicates(
    parties: Sequence[Party], thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> list[DuplicateGroup]:
    """Groups of parties that may be one company, the surest first."""
    profiles = read_profiles(sorted(parties, key=lambda party: party.key))
    words = [profile.name.words for profile in profiles]
    # A company listed many times makes its own name look common: find the likely
    # duplicates first, then weigh words by company.
    likely = (thresholds.possible + thresholds.certain) / 2
    companies = _companies(len(profiles), _pairs(profiles, learn_rarity(words), likely))
    rarity = learn_rarity(words, companies)
    pairs = _pairs(profiles, rarity, thresholds.possible)
    companies = _companies(len(profiles), pairs)
    members, held = defaultdict(list), defaultdict(list)
    for place, company in enumerate(companies):
        members[company].append(place)
    for pair in pairs:
        held[companies[pair[0]]].append(pair)
    groups = [
        DuplicateGroup(
            tuple(profiles[place].party.key for place in places),
            _weakest_needed(held[company], pairs),
            tuple(_explained(profiles, pair, pairs[pair], thresholds) for pair in held[company]),
        )
        for company, places in members.items()
        if len(places) > 1
    ]
    return sorted(groups, key=lambda group: (-group.score, group.keys))


def _pairs(profiles: Sequence[Profile], rarity: Rarity, least: float) -> _Pairs:
    """Every pair of different parties worth asking about, and the chains of identical ones."""
    pairs: _Pairs = {}
    first: dict[object, int] = {}
    for place, profile in enumerate(profiles):
        earlier = first.setdefault(
            (profile.name.identity, replace(profile.party, key="", name="")), place
        )
        if earlier != place:
            pairs[earlier, place] = 1.0
    places = sorted(first.values())
    distinct = [profiles[place] for place in places]
    index = PartyIndex(distinct, rarity, _BREADTH)
    for at, profile in enumerate(distinct):
        for other in {*index.same_name(profile.name), *index.alike(profile, respelt=True)}:
            pair = (places[min(at, other)], places[max(at, other)])
            if at != other and pair not in pairs:
                points = score(profiles[pair[0]], profiles[pair[1]], rarity)
                if points >= least:
                    pairs[pair] = points
    return pairs


def _companies(count: int, pairs: _Pairs) -> list[int]:
    """For each place the lowest place that pairs connect it to."""
    lowest = list(range(count))
    for pair in pairs:
        _connect(lowest, pair)
    return [_lowest(lowest, place) for place in range(count)]


def _weakest_needed(held: list[tuple[int, int]], pairs: _Pairs) -> float:
    """The lowest score that the group hangs on: without that link it would fall apart."""
    lowest = {place: place for pair in held for place in pair}
    needed = [
        pairs[pair]
        for pair in sorted(held, key=lambda pair: (-pairs[pair], pair))
        if _connect(lowest, pair)
    ]
    return min(needed)


def _connect(lowest: list[int] | dict[int, int], pair: tuple[int, int]) -> bool:
    """Bring both places under one; False if they were already."""
    left, right = _lowest(lowest, pair[0]), _lowest(lowest, pair[1])
    lowest[max(left, right)] = min(left, right)
    return left != right


def _lowest(lowest: list[int] | dict[int, int], place: int) -> int:
    while lowest[place] != place:
        lowest[place] = lowest[lowest[place]]
        place = lowest[place]
    return place


def _explained(
    profiles: Sequence[Profile], pair: tuple[int, int], points: float, thresholds: Thresholds
) -> DuplicatePair:
    left, right = profiles[pair[0]], profiles[pair[1]]
    return DuplicatePair(
        (left.party.key, right.party.key),
        points,
        rung_of(left, right),
        points >= thresholds.certain,
        reasons(left, right),
    )
