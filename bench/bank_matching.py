"""How well and how fast lines of a bank are matched with open invoices, beside a plain way.

    python -m bench.bank_matching [--invoices 50000] [--lines 100000]

Invoices and lines are made up (bench/bank_lines.py), from other seeds than those that the weights
were tuned on. A line counts as right only if a proposal has exactly the invoices that it pays, each
with exactly the amount; what pays nothing that is open is right only without a proposal.

precision    of the lines whose best proposal is automatic, how many are right
recall       of all lines that pay something open, how many are automatic and right; lines that
             nobody can tell count as well
first three  of the same lines, for how many one of the first three proposals is right

The plain way takes the one invoice whose open amount is exactly the line's and whose number stands
in its text or reference as it is printed.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise

from bench.bank_books import STYLES
from bench.bank_lines import Labelled, Statement, statement
from bench.bank_noise import LEVELS, MEDIUM
from bench.own_process import peak_mb
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.items import OpenInvoice, Proposal, Share
from sheaf.books.matching.proposing import AUTOMATIC, proposals

_SEED = 20261201
_PRECISION, _RECALL, _FIRST_THREE = 0.995, 0.90, 0.98
_LEVELS = {one.name: one for one in LEVELS}
_OF_A_STYLE, _SHORT = (6_000, 12_000), (500, 12_000)  # at the most; short numbers: small tenants
_BANDS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)


@dataclass(slots=True)
class Tally:
    """Lines counted: all, those that pay something open, those proposed automatically, and of them
    the right; and those with a right one among the first three."""

    lines: int = 0
    paying: int = 0
    automatic: int = 0
    right: int = 0
    first_three: int = 0

    def add(self, other: "Tally") -> None:
        self.lines += other.lines
        self.paying += other.paying
        self.automatic += other.automatic
        self.right += other.right
        self.first_three += other.first_three

    def columns(self) -> str:
        return f"{self.precision:>11.4f}{self.recall:>9.4f}{self.told:>13.4f}"

    @property
    def precision(self) -> float:
        return self.right / self.automatic if self.automatic else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.paying if self.paying else 0.0

    @property
    def told(self) -> float:
        return self.first_three / self.paying if self.paying else 0.0


@dataclass(slots=True)
class Measured:
    """What one statement came to. `kinds` are by how lines point and what their amounts are,
    `bands` hold for each band of confidence proposals, their confidence added up, and the right."""

    ours: Tally = field(default_factory=Tally)
    plain: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=dict)
    bands: list[list[float]] = field(default_factory=lambda: [[0, 0, 0] for _ in _BANDS[1:]])
    untellable: int = 0
    index_seconds: float = 0.0
    seconds: float = 0.0
    peak_mb: float = 0.0

    def add(self, other: "Measured") -> None:
        self.ours.add(other.ours)
        self.plain.add(other.plain)
        for kind, tally in other.kinds.items():
            self.kinds.setdefault(kind, Tally()).add(tally)
        for band, more in zip(self.bands, other.bands, strict=True):
            band[:] = map(sum, zip(band, more, strict=True))
        self.untellable += other.untellable


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--invoices", type=int, default=50_000)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--measure", nargs=2, metavar=("LEVEL", "STYLE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        level, style = asked.measure
        made = statement(asked.invoices, asked.lines, _LEVELS[level], _SEED, style)
        print(json.dumps(asdict(measure(made))))
        return
    overall = _report_levels(asked.invoices, asked.lines)
    _report_styles(asked.invoices, asked.lines)
    _report_kinds(overall)
    _report_bands(overall)


def measure(made: Statement) -> Measured:
    """Ask for every line of a statement; only the asking itself is timed, and the index apart."""
    found = Measured()
    began = time.perf_counter()
    invoices = OpenInvoices(made.invoices)
    found.index_seconds = time.perf_counter() - began
    began = time.perf_counter()
    proposed = [proposals(one.line, one.booked_on, invoices, made.known) for one in made.lines]
    found.seconds = time.perf_counter() - began
    found.peak_mb = peak_mb()
    plainly = _plain(made.invoices)
    for one, ours in zip(made.lines, proposed, strict=True):
        kind = f"{one.kind}, {one.sum}" if one.shares else one.kind
        tally = _tally(one, ours)
        found.ours.add(tally)
        found.kinds.setdefault(kind, Tally()).add(tally)
        found.plain.add(_tally(one, plainly(one)))
        found.untellable += not one.tellable
        for proposal in ours:
            place = next(n for n, top in enumerate(_BANDS[1:]) if proposal.confidence <= top)
            more = 1, proposal.confidence, _is_right(one, proposal)
            found.bands[place] = [*map(sum, zip(found.bands[place], more, strict=True))]
    return found


def _tally(one: Labelled, proposed: Sequence[Proposal]) -> Tally:
    automatic = bool(proposed) and proposed[0].confidence >= AUTOMATIC
    return Tally(
        1,
        bool(one.shares),
        automatic,
        automatic and _is_right(one, proposed[0]),
        any(_is_right(one, proposal) for proposal in proposed[:3]),
    )


def _is_right(one: Labelled, proposal: Proposal) -> bool:
    return bool(one.shares) and frozenset(proposal.shares) == frozenset(one.shares)


def _plain(invoices: Iterable[OpenInvoice]) -> Callable[[Labelled], list[Proposal]]:
    by_amount: defaultdict[tuple[str, int], list[OpenInvoice]] = defaultdict(list)
    for invoice in invoices:
        by_amount[invoice.currency, invoice.open_amount].append(invoice)

    def propose(one: Labelled) -> list[Proposal]:
        line = one.line
        written = f"{line.text} {line.reference}".upper()
        found = [
            invoice
            for invoice in by_amount[line.currency, line.amount]
            if invoice.number.upper() in written
        ]
        if len(found) != 1:
            return []
        return [Proposal((Share(found[0].invoice_id, line.amount),), 1.0, ())]

    return propose


def _report_levels(invoices: int, lines: int) -> Measured:
    print(f"{lines} lines against {invoices} open invoices of one tenant, one process each")
    print(
        f"{'':22}{'precision':>11}{'recall':>9}{'first three':>13}{'untellable':>12}"
        f"{'index s':>9}{'seconds':>9}{'lines/s':>9}{'peak MB':>9}"
    )
    overall = Measured()
    for level in LEVELS:
        one = _measured(level.name, "plain", invoices, lines)
        overall.add(one)
        speed = (
            f"{one.index_seconds:>9.1f}{one.seconds:>9.1f}{lines / one.seconds:>9.0f}"
            f"{one.peak_mb:>9.0f}"
        )
        _print_row(level.name, one, speed)
    _print_row("overall", overall, _verdict(overall.ours))
    return overall


def _print_row(name: str, one: Measured, more: str) -> None:
    untellable = one.untellable / one.ours.paying
    print(f"{name:<8}{'ours':<14}{one.ours.columns()}{untellable:>12.4f}{more}")
    print(f"{name:<8}{'plain':<14}{one.plain.columns()}")


def _verdict(ours: Tally) -> str:
    """Whether what is promised holds over all levels together."""
    limits = f"[{_PRECISION}, {_RECALL}, {_FIRST_THREE}]"
    held = ours.precision >= _PRECISION and ours.recall >= _RECALL and ours.told >= _FIRST_THREE
    return f"  {limits}" if held else f"  MISSED {limits}"


def _report_styles(most_invoices: int, most_lines: int) -> None:
    print(f"\nBy how invoices are numbered, {MEDIUM.name} noise")
    print(f"{'':22}{'precision':>11}{'recall':>9}{'first three':>13}{'lines/s':>9}")
    for style in STYLES:
        invoices, lines = _SHORT if style == "short" else _OF_A_STYLE
        invoices, lines = min(invoices, most_invoices), min(lines, most_lines)
        one = _measured(MEDIUM.name, style, invoices, lines)
        print(f"{style:<22}{one.ours.columns()}{lines / one.seconds:>9.0f}")


def _report_kinds(overall: Measured) -> None:
    print("\nBy how lines point at their invoices and what their amount is, all levels")
    print(f"{'':34}{'lines':>8}{'automatic':>11}{'wrong':>8}{'recall':>9}{'first three':>13}")
    for kind, one in sorted(overall.kinds.items(), key=lambda kind: -kind[1].lines):
        wrong = one.automatic - one.right
        recall = f"{one.recall:>9.3f}{one.told:>13.3f}" if one.paying else ""
        print(f"{kind:<34}{one.lines:>8}{one.automatic:>11}{wrong:>8}{recall}")


def _report_bands(overall: Measured) -> None:
    print("\nProposals by their confidence, all levels")
    print(f"{'above':>7}{'up to':>8}{'proposals':>11}{'mean':>9}{'right':>9}")
    for (low, high), (count, added, right) in zip(pairwise(_BANDS), overall.bands, strict=True):
        if count:
            print(f"{low:>7}{high:>8}{count:>11.0f}{added / count:>9.4f}{right / count:>9.4f}")


def _measured(level: str, style: str, invoices: int, lines: int) -> Measured:
    """One statement in a process of its own."""
    command = [sys.executable, "-m", "bench.bank_matching", "--measure", level, style]
    command += ["--invoices", str(invoices), "--lines", str(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    for name in ("ours", "plain"):
        told[name] = Tally(**told[name])
    told["kinds"] = {kind: Tally(**tally) for kind, tally in told["kinds"].items()}
    return Measured(**told)


if __name__ == "__main__":
    main()
