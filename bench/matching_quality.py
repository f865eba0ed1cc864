"""The quality part of the matching benchmark: precision, recall and F1 on labelled companies.

A pair is two records of one company. Ours are measured at the default thresholds only; plain
scorers at fixed thresholds, and at the best one that each list would have allowed.
"""

import csv
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz, utils

from sheaf.imports.matching import Candidate, Party, Thresholds, find_candidates, find_duplicates

Pair = tuple[str, str]
_PLAIN: dict[str, Callable[..., float]] = {
    "ratio": fuzz.ratio,
    "token_sort_ratio": fuzz.token_sort_ratio,
    "WRatio": fuzz.WRatio,
}
_FIXED = (85, 90)
_LOWEST = 50
_WANTED_PRECISION = 0.95
_DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class Figures:
    """How many pairs were found, how many of them are right, and how many there are."""

    found: int
    right: int
    wanted: int

    def line(self) -> str:
        """Precision, recall, F1 and wrong pairs as columns."""
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.wanted if self.wanted else 1.0
        f1 = 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0
        return f"{precision:>10.3f}{recall:>8.3f}{f1:>8.3f}{self.found - self.right:>8}"


def report_labelled_lists(folder: Path) -> None:
    """Each list of a known shape that is in the folder."""
    print(f"Quality on labelled lists, ours at certain {_DEFAULTS.certain}", end=" ")
    print(f"and possible {_DEFAULTS.possible} for every list")
    clean, noised = folder / "company-names-clean.csv", folder / "company-names-noised.csv"
    if clean.exists() and noised.exists():
        _report_row_pairs(
            [row["company_name"] for row in _rows(clean)],
            [row["company_name"] for row in _rows(noised)],
        )
    variants = folder / "company-name-variants.csv"
    if variants.exists():
        named = [(row["person_name"], row["leuven_id"]) for row in _rows(variants)]
        _report_groups("names of one company, distinct names", sorted(set(named)))
        _report_groups("names of one company, all rows", named, plain=False)
    places = folder / "name-address-pairs.csv"
    if places.exists():
        cleaned = [
            {key: value.strip(" \"'") for key, value in row.items()} for row in _rows(places)
        ]
        _report_groups(
            "places by name and address",
            [(row["name"], row["unique_id"]) for row in cleaned],
            [f"{row['address']}, {row['city']}" for row in cleaned],
        )


def report_samples(names: Iterable[str], seeds: Sequence[int] = (1, 2)) -> None:
    """The simulator's clients with their contacts, against its table of what is the same."""
    from local.harvest.samples import load

    for name in names:
        for seed in seeds:
            sample = load(name, seed)
            parties = _sample_parties(sample.records("clients"), sample.records("contacts"))
            truth = sample.truth()
            same = {(str(low), str(high)) for low, high in truth.pairs}
            alike = {(str(one.first), str(one.second)) for one in truth.lookalikes}
            _header(f"sample {name}, seed {seed}: {len(parties)} clients, {len(same)} same pairs")
            for what, listed in (
                ("name, address, contacts, currency", parties),
                ("name only", [Party(party.key, party.name) for party in parties]),
            ):
                _report_duplicates(what, listed, same, alike)


def _report_row_pairs(clean: list[str], noised: list[str]) -> None:
    _header(f"paired by row: the best match of each of {len(noised)} names")
    existing = [Party(str(row), name) for row, name in enumerate(clean)]
    new = [Party(str(row), name) for row, name in enumerate(noised)]
    answer = find_candidates(new, existing)
    best = {row: (found[0].score, int(found[0].key)) for row, found in _by_row(answer).items()}
    for label, least in (("possible", _DEFAULTS.possible), ("certain", _DEFAULTS.certain)):
        print(f"{'ours, ' + label:44}{_row_figures(best, clean, least).line()}")
    listed = [(int(row), int(one.key)) for row, found in answer.items() for one in found]
    right = sum(clean[row] == clean[place] for row, place in listed)
    print(f"{'ours, every candidate listed':44}{Figures(len(listed), right, len(clean)).line()}")
    halves = [{row: best[row] for row in best if row % 2 == half} for half in (0, 1)]
    for number, half in enumerate(halves):
        rows = range(number, len(clean), 2)
        figures = _row_figures(half, clean, _DEFAULTS.possible, len(rows))
        print(f"{f'  rows of half {number + 1}':44}{figures.line()}")
    for name, scorer in _PLAIN.items():
        plain = {
            row: max((scorer(text, known), -place) for place, known in enumerate(clean))
            for row, text in enumerate(noised)
        }
        scores = {row: (score, -place) for row, (score, place) in plain.items()}
        for least in _FIXED:
            print(f"{f'{name} at {least}':44}{_row_figures(scores, clean, least).line()}")
        thresholds = range(_LOWEST, 101)
        chosen = max(thresholds, key=lambda least: _f1(_row_figures(scores, clean, least)))
        figures = _row_figures(scores, clean, chosen)
        print(f"{f'{name} at its best F1 ({chosen})':44}{figures.line()}")


def _row_figures(
    best: dict[int, tuple[float, int]], clean: list[str], least: float, wanted: int | None = None
) -> Figures:
    found = [(row, place) for row, (score, place) in best.items() if score >= least]
    right = sum(clean[row] == clean[place] for row, place in found)
    return Figures(len(found), right, len(clean) if wanted is None else wanted)


def _by_row(answer: dict[str, list[Candidate]]) -> dict[int, list[Candidate]]:
    return {int(key): found for key, found in answer.items() if found}


def _report_groups(
    what: str,
    named: list[tuple[str, str]],
    addresses: list[str] | None = None,
    *,
    plain: bool = True,
) -> None:
    same = _pairs_of(label for _, label in named)
    _header(f"{what}: {len(named)} records, {len(same)} same pairs")
    parties = [
        Party(_key(row), name, addresses[row] if addresses else None)
        for row, (name, _) in enumerate(named)
    ]
    _report_duplicates("ours", parties, same)
    labels = sorted({label for _, label in named})
    for half in (0, 1):
        chosen = set(labels[half::2])
        kept = {_key(row) for row, (_, label) in enumerate(named) if label in chosen}
        part = [party for party in parties if party.key in kept]
        _report_duplicates(f"  half {half + 1} of the companies", part, _within(same, kept))
    if plain:
        _report_plain(named, addresses, len(same))


def _report_duplicates(
    what: str, parties: list[Party], same: Collection[Pair], alike: Collection[Pair] = ()
) -> None:
    started = time.perf_counter()
    groups = find_duplicates(parties)
    seconds = time.perf_counter() - started
    linked = {pair.keys: pair for group in groups for pair in group.pairs}
    together = {pair for group in groups for pair in combinations(group.keys, 2)}
    certain = _pairs_of_links(keys for keys, pair in linked.items() if pair.certain)
    note = f"  {seconds:.1f} s"
    if alike:
        wrong = sum(tuple(sorted(pair)) in together for pair in alike)
        note += f", {wrong} of {len(alike)} lookalikes asked about"
    for label, found in (("possible", together), ("certain", certain)):
        figures = Figures(len(found), len(found & set(same)), len(same))
        print(f"{f'{what}, {label}':44}{figures.line()}{note}")
        note = ""


def _report_plain(named: list[tuple[str, str]], addresses: list[str] | None, wanted: int) -> None:
    texts = [
        utils.default_process(f"{name} {addresses[row]}" if addresses else name)
        for row, (name, _) in enumerate(named)
    ]
    for scorer_name, scorer in _PLAIN.items():
        found, right = Counter[int](), Counter[int]()
        for left, right_place in combinations(range(len(texts)), 2):
            score = int(scorer(texts[left], texts[right_place], score_cutoff=_LOWEST))
            if score:
                found[score] += 1
                right[score] += named[left][1] == named[right_place][1]
        at = {
            least: Figures(
                sum(found[score] for score in range(least, 101)),
                sum(right[score] for score in range(least, 101)),
                wanted,
            )
            for least in range(_LOWEST, 101)
        }
        for least in _FIXED:
            print(f"{f'{scorer_name} at {least}':44}{at[least].line()}")
        best = max(at, key=lambda least: _f1(at[least]))
        print(f"{f'{scorer_name} at its best F1 ({best})':44}{at[best].line()}")
        precise = [
            least
            for least, figures in at.items()
            if figures.found and figures.right / figures.found >= _WANTED_PRECISION
        ]
        if precise:
            label = f"{scorer_name} at precision {_WANTED_PRECISION} ({min(precise)})"
            print(f"{label:44}{at[min(precise)].line()}")


def _sample_parties(
    clients: Sequence[dict[str, object]], contacts: Sequence[dict[str, object]]
) -> list[Party]:
    domains, phones = defaultdict(set), defaultdict(set)
    for contact in contacts:
        if contact["email"]:
            domains[contact["client_id"]].add(str(contact["email"]).partition("@")[2])
        for field in ("phone_office", "phone_mobile"):
            if contact[field]:
                phones[contact["client_id"]].add(str(contact[field]))
    return [
        Party(
            str(client["id"]),
            str(client["name"]),
            str(client["address"]) if client["address"] else None,
            str(client["currency"]),
            frozenset(domains[client["id"]]),
            frozenset(phones[client["id"]]),
        )
        for client in clients
    ]


def _pairs_of(labels: Iterable[str]) -> set[Pair]:
    members = defaultdict(list)
    for row, label in enumerate(labels):
        members[label].append(_key(row))
    return {pair for keys in members.values() for pair in combinations(keys, 2)}


def _pairs_of_links(links: Iterable[Pair]) -> set[Pair]:
    """Every pair of the companies that these links make."""
    company: dict[str, set[str]] = {}
    for left, right in links:
        joined = company.get(left, {left}) | company.get(right, {right})
        for key in joined:
            company[key] = joined
    distinct = {id(keys): keys for keys in company.values()}
    return {pair for keys in distinct.values() for pair in combinations(sorted(keys), 2)}


def _within(same: Iterable[Pair], kept: Collection[str]) -> set[Pair]:
    return {pair for pair in same if pair[0] in kept and pair[1] in kept}


def _key(row: int) -> str:
    return f"{row:06}"


def _f1(figures: Figures) -> float:
    return 2 * figures.right / (figures.found + figures.wanted)


def _header(what: str) -> None:
    print(f"\n{what}")
    print(f"{'':44}{'precision':>10}{'recall':>8}{'F1':>8}{'wrong':>8}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))
