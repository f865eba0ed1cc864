"""Deciding about findings: later, never, or again."""

from datetime import date, timedelta

from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem, invalid
from sheaf.platform.transactions import TransactionFailedError
from sheaf.recurring.reading import FindingReader, Seen
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.rulings import TAKEN, Ruling, Verdict

_LONGEST_SNOOZE = timedelta(days=2 * 366)


class FindingDesk:
    """Decides for one request; what is decided again replaces what was decided before."""

    def __init__(self, reader: FindingReader, rulings: RulingStore, now: Now) -> None:
        self.reader = reader
        self._rulings = rulings
        self._now = now

    def snooze(self, finding_id: str, until: date, actor: str) -> Seen:
        """Lets a finding come up again on a day; a problem for one that is not ahead."""
        today = self.reader.today
        if not today < until <= today + _LONGEST_SNOOZE:
            raise invalid(
                f"{until} is not a day ahead, or more than two years away.",
                "until",
                "Give a later day within the next two years, or reject the finding.",
            )
        return self._rule(finding_id, Verdict.SNOOZED, actor, until=until)

    def reject(self, finding_id: str, reason: str, actor: str) -> Seen:
        """Does not suggest a finding again, until it is billed in another rhythm."""
        return self._rule(finding_id, Verdict.REJECTED, actor, reason=reason)

    def reopen(self, finding_id: str, actor: str) -> Seen:
        """Takes back what was decided; without a decision nothing changes."""
        seen = self.reader.get(finding_id)
        _refuse_taken(seen)
        if seen.ruling is not None:
            self._rulings.revoke(seen.ruling, finding_id, actor)
        return self.reader.get(finding_id)

    def _rule(
        self,
        finding_id: str,
        verdict: Verdict,
        actor: str,
        until: date | None = None,
        reason: str = "",
    ) -> Seen:
        seen = self.reader.get(finding_id)
        _refuse_taken(seen)
        finding = seen.finding
        ruling = Ruling(
            finding_id,
            finding.client_id,
            verdict,
            finding.cadence,
            finding.invoice_ids,
            actor,
            rfc3339(self._now()),
            until,
            reason,
        )
        try:
            self._rulings.put(ruling, seen.ruling)
        except TransactionFailedError:
            raise decided_meanwhile() from None
        return self.reader.get(finding_id)


def decided_meanwhile() -> Problem:
    return Problem(
        409,
        "decided_meanwhile",
        "Somebody else decided about the finding at the same moment.",
        "Look at it again, then decide.",
    )


def _refuse_taken(seen: Seen) -> None:
    ruling = seen.ruling
    if ruling is None or ruling.verdict not in TAKEN:
        return
    quoted = ruling.verdict is Verdict.QUOTED
    raise Problem(
        409,
        "finding_taken",
        f"{'A quote for it is open' if quoted else 'A contract bills it'}: {ruling.taken_by}.",
        "Decline the quote first." if quoted else "End the contract first.",
        {"taken_by": ruling.taken_by},
    )
