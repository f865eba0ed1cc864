"""Deciding about findings: later, never, or again."""

from datetime import date, timedelta

from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import invalid
from sheaf.recurring.reading import FindingReader, Seen
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.rulings import Ruling, Verdict

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
        self._rulings.put(ruling, seen.ruling)
        return self.reader.get(finding_id)
