"""From a finding to a quote, and from a quote to a contract."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sheaf.platform.actions import Action
from sheaf.platform.clock import Now, epoch_seconds, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.recurring.reading import FindingReader, Seen
from sheaf.recurring.retainers.documents import quote_document
from sheaf.recurring.retainers.offering import Wanted, checked, suggested, with_wishes
from sheaf.recurring.retainers.records import (
    Contract,
    ContractState,
    Drafts,
    Party,
    Quote,
    QuoteState,
)
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.recurring.ruling import decided_meanwhile
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.rulings import TAKEN, Ruling, Verdict
from sheaf.tenants.audit import Trail


class QuoteDesk:
    """Quotes of one tenant. `rulings_of(connection_id)` gives what was decided about findings;
    `schedule(contract)` the write that makes its billing due."""

    def __init__(
        self,
        store: RetainerStore,
        rulings_of: Callable[[str], RulingStore],
        schedule: Callable[[Contract], tuple[Table, Action]],
        trail: Trail,
        now: Now,
    ) -> None:
        self.store = store
        self._rulings_of = rulings_of
        self._schedule = schedule
        self._trail = trail
        self._now = now

    def offer(
        self, reader: FindingReader, connection_id: str, finding_id: str, wanted: Wanted, actor: str
    ) -> Quote:
        """A quote for what a finding bills; a second call gives the quote that is open already."""
        seen = reader.get(finding_id)
        if seen.ruling is not None and seen.ruling.verdict in TAKEN:
            return self._offered(seen.ruling)
        if not seen.company_id:
            raise Problem(
                409,
                "client_not_imported",
                f"{seen.client_name} is no company here, and a contract is made with one.",
                "Import the client first"
                f" (POST /v1/connections/{connection_id}/imports); then accept again.",
            )
        now = self._now()
        quote = Quote(
            quote_id=f"qu_{epoch_seconds(now)}{random_id('')[1:11]}",
            version=1,
            state=QuoteState.OPEN,
            title=wanted.title or seen.finding.label.capitalize() or "Retainer",
            party=_party(seen, connection_id),
            terms=checked(suggested(seen.finding, wanted, reader.today), reader.today),
            created_at=rfc3339(now),
            created_by=actor,
            updated_at=rfc3339(now),
        )
        ruling = _ruling(seen, Verdict.QUOTED, quote.quote_id, actor, rfc3339(now))
        try:
            transact(
                [
                    self.store.write_quote(quote),
                    (self._trail.table, self._trail.entry(quote.quote_id, "quoted", actor)),
                    *self._rulings_of(connection_id).write(ruling, seen.ruling),
                ]
            )
        except TransactionFailedError:
            again = reader.get(finding_id).ruling
            if again is not None and again.verdict in TAKEN:
                return self._offered(again)
            raise decided_meanwhile() from None
        return quote

    def change(self, quote_id: str, version: int, wanted: Wanted, today: date, actor: str) -> Quote:
        """Other terms, while the quote is open."""
        quote = self._open(quote_id, version)
        terms = checked(with_wishes(quote.terms, wanted), today)
        after = replace(quote, title=wanted.title or quote.title, terms=terms)
        return self._save(quote, after, "quote_changed", actor)

    def decline(self, quote_id: str, version: int, reason: str, actor: str) -> Quote:
        """Ends a quote; its finding is open again."""
        quote = self._open(quote_id, version)
        after = replace(quote, state=QuoteState.DECLINED, reason=reason)
        rulings = self._rulings_of(quote.party.connection_id)
        freed = [
            write
            for one in rulings.of_client(quote.party.client_id)
            if one.taken_by == quote_id
            for write in rulings.write_revoked(one, one.finding_id, actor)
        ]
        return self._save(quote, after, "quote_declined", actor, freed)

    def accept(self, quote_id: str, version: int, drafts: Drafts | None, actor: str) -> Contract:
        """The contract of a quote; a second call gives the contract that was made already."""
        quote = self.store.quote(quote_id)
        if quote.state is QuoteState.ACCEPTED:
            return self.store.contract(quote.contract_id)
        quote = self._open(quote_id, version)
        now = rfc3339(self._now())
        waits = bool(quote.party.recurring_invoice_id)
        contract = Contract(
            contract_id=f"ct_{quote_id.removeprefix('qu_')}",
            version=1,
            state=ContractState.WAITING if waits else ContractState.ACTIVE,
            quote_id=quote_id,
            title=quote.title,
            party=quote.party,
            terms=quote.terms,
            created_at=now,
            created_by=actor,
            updated_at=now,
            drafts=drafts,
        )
        after = replace(quote, state=QuoteState.ACCEPTED, contract_id=contract.contract_id)
        rulings = self._rulings_of(quote.party.connection_id)
        held = next(
            (one for one in rulings.of_client(quote.party.client_id) if one.taken_by == quote_id),
            None,
        )
        covered = [] if held is None else rulings.write(
            replace(held, verdict=Verdict.COVERED, taken_by=contract.contract_id, by=actor, at=now),
            held,
        )  # fmt: skip
        entry = self._trail.entry(contract.contract_id, "contract_made", actor)
        self._save(
            quote,
            after,
            "quote_accepted",
            actor,
            [
                self.store.write_contract(contract),
                (self._trail.table, entry),
                *covered,
                *([] if waits else [self._schedule(contract)]),
            ],
        )
        return contract

    def _offered(self, ruling: Ruling) -> Quote:
        taken_by = ruling.taken_by
        if ruling.verdict is Verdict.QUOTED:
            return self.store.quote(taken_by)
        return self.store.quote(self.store.contract(taken_by).quote_id)

    def _open(self, quote_id: str, version: int) -> Quote:
        quote = self.store.quote(quote_id)
        if quote.state is not QuoteState.OPEN:
            raise Problem(
                409,
                "quote_closed",
                f"The quote is {quote.state.value} already.",
                "Accept the finding again for a new quote."
                if quote.state is QuoteState.DECLINED
                else f"Go on with its contract {quote.contract_id}.",
            )
        if quote.version != version:
            raise stale_version(quote_document(quote))
        return quote

    def _save(
        self,
        before: Quote,
        after: Quote,
        action: str,
        actor: str,
        along: list[tuple[Table, Action]] | None = None,
    ) -> Quote:
        saved = replace(after, version=before.version + 1, updated_at=rfc3339(self._now()))
        entry = self._trail.entry(before.quote_id, action, actor, reason=after.reason or None)
        try:
            transact([self.store.write_quote(saved), (self._trail.table, entry), *(along or [])])
        except TransactionFailedError:
            raise stale_version(quote_document(self.store.quote(before.quote_id))) from None
        return saved


def _party(seen: Seen, connection_id: str) -> Party:
    finding = seen.finding
    return Party(
        seen.company_id,
        connection_id,
        finding.client_id,
        seen.client_name,
        finding.finding_id,
        finding.recurring_invoice_id,
        finding.invoice_ids,
    )


def _ruling(seen: Seen, verdict: Verdict, taken_by: str, actor: str, at: str) -> Ruling:
    finding, before = seen.finding, seen.ruling
    # What another contract has billed before stays with the stream.
    billed = before.invoice_ids if before and before.verdict is Verdict.ENDED else ()
    return Ruling(
        finding.finding_id,
        finding.client_id,
        verdict,
        finding.cadence,
        tuple(dict.fromkeys((*finding.invoice_ids, *billed))),
        actor,
        at,
        taken_by=taken_by,
    )
