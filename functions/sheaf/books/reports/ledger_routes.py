"""Routes of the ledger: the journal, the trial balance, statements of accounts, the log."""

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.books.edge import Edge
from sheaf.books.ledger.reporting import Balances, trial_balance
from sheaf.books.reports.account_statement import Wanted
from sheaf.books.reports.edge import (
    AccountNumber,
    FirstDay,
    FirstMonth,
    LastDay,
    LastMonth,
    Month,
    OfRun,
    Services,
)
from sheaf.books.reports.ledger_documents import (
    account_members,
    balance_documents,
    entry_document,
    log_document,
    movement_document,
    trial_balance_document,
)
from sheaf.platform.http import Cursor, Limit, page


def ledger_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    @router.get(
        "/v1/books/entries", tags=["books"], summary="Entries of the journal in order of their days"
    )
    def list_journal_entries(
        month: Month = None, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = edge.reader()
        kept, accounts = here.settings.require(), here.accounts()
        wanted = month or f"{here.today:%Y-%m}"

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = here.ledger.month(wanted, limit, position)
            return [
                entry_document(entry, accounts, kept.currency, booked_at)
                for entry, booked_at in found
            ], more

        query = f"books/entries?{wanted}"
        return page("entries", query, cursor, here.signer, who.tenant_id, find)

    @router.get(
        "/v1/books/trial-balance",
        tags=["books"],
        summary="What all accounts come to, with the sums that prove it",
    )
    def read_trial_balance(first: FirstMonth = None, last: LastMonth = None) -> dict[str, Any]:
        _, here = edge.reader()
        kept = here.settings.require()
        months = here.months(kept, first, last)
        rows = trial_balance(here.ledger.totals(), *months)
        return trial_balance_document(rows, months, here.accounts(), kept.currency)

    @router.get(
        "/v1/books/accounts/<account_number>/statement",
        tags=["books"],
        summary="What an account came to, each entry on it, what it comes to",
    )
    def read_account_statement(
        account_number: AccountNumber,
        first: FirstDay = None,
        last: LastDay = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who, here = edge.reader()
        kept, account = here.settings.require(), here.account(account_number)
        days = here.days(kept, first, last)
        balances: dict[str, Balances] = {}

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found = here.statements.page(Wanted(account_number, *days), limit, position)
            balances.update(opening=found.opening, closing=found.closing)
            return [movement_document(one, kept.currency) for one in found.movements], (
                found.position
            )

        query = f"books/accounts/{account_number}/statement?{days[0]}&{days[1]}"
        lines = page("lines", query, cursor, here.signer, who.tenant_id, find)
        return {
            "account": account_members(account_number, {account_number: account}),
            "from": days[0].isoformat(),
            "to": days[1].isoformat(),
            "base_currency": kept.currency,
            "opening": balance_documents(balances["opening"], kept.currency),
            **lines,
            "closing": balance_documents(balances["closing"], kept.currency),
        }

    @router.get("/v1/books/log", tags=["books"], summary="What was done, newest first")
    def list_books_log(
        run_id: OfRun = None, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = edge.reader()

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = (
                here.log.of_run(run_id, limit, position)
                if run_id
                else here.log.latest(limit, position)
            )
            return [log_document(one) for one in found], more

        query = f"books/log?{run_id or ''}"
        return page("log", query, cursor, here.signer, who.tenant_id, find)

    return router
