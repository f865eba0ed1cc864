"""How well and how fast recurring billing is found in invoices.

    python -m bench.recurring [--data FILE] [--clients 2000]

Histories are made up, with the streams in them labelled (bench/invoice_histories.py); noise is what
really happens to billing. The naive way takes a client's median gap between invoices. Work without
a rhythm is the same invoices on any day. With --data the same figures of a CSV file: columns party,
date, amount, and if there are some currency, subject, recurring, stream (a label; empty for none).
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bench.invoice_histories import LEVELS, MEDIUM, History, TrueStream, histories, without_rhythm
from bench.own_process import peak_mb
from bench.recurring_quality import Detector, Score, naive, ours, scores
from sheaf.recurring.billed import Invoice
from sheaf.recurring.cadences import Cadence

_CONTENDERS: dict[str, Detector] = {"ours": ours, "median gap": naive}
_SEED = 20261130
_MOST_FALSE = 1 / 200
_WANTED = {"clean": 0.98, "high": 0.93}
_IN_ONE_PASS, _SECONDS, _MEGABYTES = 100_000, 5.0, 300


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="CSV file of invoices")
    parser.add_argument("--clients", type=int, default=2000, help="per level of noise")
    parser.add_argument("--measure", choices=_CONTENDERS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(_measured(asked.measure)))
        return
    if asked.data:
        _report_file(asked.data)
        return
    _report_quality(asked.clients)
    _report_speed()


def _report_quality(clients: int) -> None:
    print(f"Streams in {clients} made-up clients per level of noise")
    head = f"{'precision':>9}{'recall':>9}{'F1':>9}"
    print(f"{'':22}{'streams':>27}{'':4}{'with their cadence':>23}{'':5}without rhythm")
    print(f"{'':22}{head}{'':4}{head}{'':4}found, of clients")
    for level in LEVELS:
        history = histories(clients, level, _SEED)
        any_day = without_rhythm(history, _SEED)
        for name, detect in _CONTENDERS.items():
            streams, cadences = scores(history, detect(history.invoices))
            false = len(detect(any_day.invoices))
            print(
                f"{level.name:<8}{name:<14}{streams.columns()}{'':4}{cadences.columns()}{'':4}"
                f"{false} of {clients}{_verdict(level.name, name, streams, false / clients)}"
            )


def _verdict(level: str, name: str, streams: Score, false: float) -> str:
    """Our own row says whether it holds what is promised."""
    if name != "ours":
        return ""
    missed = []
    if streams.f1 < _WANTED.get(level, 0.0):
        missed.append(f"F1 below {_WANTED[level]}")
    if false > _MOST_FALSE:
        missed.append("more than 1 of 200 without rhythm")
    limit = f"F1 {_WANTED[level]}, " if level in _WANTED else ""
    return f"  MISSED: {', '.join(missed)}" if missed else f"  [{limit}1 of 200]"


def _report_speed() -> None:
    print(f"\n{_IN_ONE_PASS} invoices in one pass, one process each")
    print(f"{'':14}{'seconds':>9}{'peak MB':>9}{'findings':>10}{'us an invoice':>15}")
    for name in _CONTENDERS:
        command = [sys.executable, "-m", "bench.recurring", "--measure", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        one = json.loads(done.stdout)
        limit = f"  [{_SECONDS:.0f} s, {_MEGABYTES} MB]" if name == "ours" else ""
        if limit and (one["seconds"] > _SECONDS or one["peak_mb"] > _MEGABYTES):
            limit = f"  MISSED{limit}"
        each = one["seconds"] / _IN_ONE_PASS * 1e6
        print(
            f"{name:<14}{one['seconds']:>9.2f}{one['peak_mb']:>9.0f}{one['found']:>10}"
            f"{each:>15.1f}{limit}"
        )


def _measured(name: str) -> dict[str, float]:
    """Seconds of one pass over very many invoices, their reading in memory included."""
    invoices: list[Invoice] = []
    seed = 0
    while len(invoices) < _IN_ONE_PASS:
        some = histories(500, MEDIUM, seed).invoices
        offset = seed * 10_000_000
        invoices += [_moved(one, offset) for one in some[: _IN_ONE_PASS - len(invoices)]]
        seed += 1
    began = time.perf_counter()
    found = _CONTENDERS[name](invoices)
    return {
        "seconds": time.perf_counter() - began,
        "peak_mb": peak_mb(),
        "found": len(found),
    }


def _moved(one: Invoice, offset: int) -> Invoice:
    """The invoice among those of other clients."""
    return Invoice(
        one.invoice_id + offset, one.client_id + offset, one.currency, one.state, one.issue_date,
        one.amount, one.subject, one.kinds, one.recurring_invoice_id,
    )  # fmt: skip


def _report_file(path: Path) -> None:
    history = _read(path)
    parties = len({one.client_id for one in history.invoices})
    print(f"{path.name}: {len(history.invoices)} invoices of {parties} parties")
    began = time.perf_counter()
    found = ours(history.invoices)
    print(f"{len(found)} findings in {time.perf_counter() - began:.2f} s, {peak_mb():.0f} MB")
    counts = Counter(one.cadence for one in found)
    print("  " + ", ".join(f"{counts[one]} {one.value}" for one in Cadence if counts[one]))
    if history.streams:
        head = f"{'precision':>9}{'recall':>9}{'F1':>9}"
        print(f"{len(history.streams)} labelled streams\n{'':14}{head}")
        for name, detect in _CONTENDERS.items():
            print(f"{name:<14}{scores(history, detect(history.invoices))[0].columns()}")
    any_day = without_rhythm(history, _SEED)
    print(f"the same invoices on any day: {len(ours(any_day.invoices))} findings")


def _read(path: Path) -> History:
    """The invoices of a CSV file; parties and labels may be any text."""
    parties: dict[str, int] = {}
    labelled: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    invoices = []
    with path.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.DictReader(lines)
        lacking = {"party", "date", "amount"}.difference(rows.fieldnames or ())
        if lacking:
            sys.exit(f"{path} has no column {', '.join(sorted(lacking))}")
        for number, row in enumerate(rows, 1):
            party = parties.setdefault(row["party"], len(parties) + 1)
            if row.get("stream"):
                labelled[party, row["stream"]].add(number)
            try:
                day, amount = date.fromisoformat(row["date"]), Decimal(row["amount"])
            except (ValueError, InvalidOperation, TypeError):
                sys.exit(
                    f"{path}, row {number}: {row['date']} {row['amount']} is no date and amount"
                )
            invoices.append(
                Invoice(
                    number,
                    party,
                    row.get("currency") or "",
                    "paid",
                    day,
                    amount,
                    row.get("subject") or "",
                    frozenset(),
                    int(row.get("recurring") or 0),
                )
            )
    # Which cadence a labelled stream has is not in the file: only the streams are scored.
    streams = [
        TrueStream(party, Cadence.MONTHLY, frozenset(ids)) for (party, _), ids in labelled.items()
    ]
    return History(invoices, streams)


if __name__ == "__main__":
    main()
