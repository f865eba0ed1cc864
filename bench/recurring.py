import sys, time
from collections import Counter
from bench.invoice_histories import LEVELS, histories, without_rhythm, in_batches
from sheaf.recurring.billed import Billed, label_of, without_cancelled
from sheaf.recurring.streams import streams_of


def detect(history):
    out = []
    for batch in in_batches(history):
        b = [
            Billed(
                o.invoice_id,
                o.issue_date,
                int(o.amount * 100),
                label_of(o.subject, o.kinds),
                o.recurring_invoice_id,
            )
            for o in without_cancelled(batch)
        ]
        out += [(batch[0].client_id, s) for s in streams_of(b)]
    return out


def score(history, found, show=0):
    truth = defaultdict(list)
    for t in history.streams:
        truth[t.client_id].append(t)
    tp = cad = 0
    missed = Counter()
    wrong = Counter()
    used = set()
    for c, s in found:
        ids = {o.invoice_id for o in s.invoices.values()}
        best = None
        for t in truth[c]:
            j = len(ids & t.invoice_ids) / len(ids | t.invoice_ids)
            if j >= 0.5 and id(t) not in used:
                best = t
        if best:
            used.add(id(best))
            tp += 1
            cad += best.cadence == s.fit.rhythm.cadence
        else:
            wrong[s.fit.rhythm.cadence] += 1
    for t in history.streams:
        if id(t) not in used:
            missed[t.cadence] += 1
    p = tp / max(1, len(found))
    r = tp / len(history.streams)
    return p, r, 2 * p * r / (p + r), cad / max(1, tp), wrong, missed


from collections import defaultdict

if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    for level in LEVELS:
        h = histories(n, level, 1)
        s = time.process_time()
        f = detect(h)
        t = time.process_time() - s
        p, r, f1, c, w, m = score(h, f)
        rnd = without_rhythm(h, 1)
        fr = detect(rnd)
        print(
            level.name,
            len(h.invoices),
            f"P {p:.3f} R {r:.3f} F1 {f1:.3f} cad {c:.3f}; random {len(fr)} of {n} {t / len(h.invoices) * 1e6:.0f} us/inv",
            dict(w),
            dict(m),
        )
