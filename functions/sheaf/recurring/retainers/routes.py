"""Routes of quotes and contracts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.platform.caller import Caller
from sheaf.platform.http import Cursor, Limit, caller, created, page
from sheaf.recurring.retainers.documents import (
    billing_document,
    contract_document,
    issued_document,
    quote_document,
)
from sheaf.recurring.retainers.edge import (
    CHANGERS,
    READERS,
    AcceptQuote,
    ActivateContract,
    ChangeContract,
    ChangePrice,
    ChangeQuote,
    ConnectionId,
    ContractId,
    DeclineQuote,
    DocumentId,
    EndContract,
    FindingId,
    OfferedTerms,
    PauseContract,
    QuoteId,
    ResumeContract,
    RetainerServices,
)
from sheaf.recurring.retainers.records import Contract
from sheaf.tenants.audit_page import audit_page

Count = Annotated[int, Query(ge=1, le=60, description="How many documents ahead.")]
Services = Callable[[Caller], RetainerServices]


def quote_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def allowed(*roles: Any) -> tuple[Caller, RetainerServices]:
        who = caller(router)
        who.require(*roles)
        return who, services(who)

    @router.post(
        "/v1/connections/<connection_id>/findings/<finding_id>/accept",
        tags=["retainers"],
        summary="Make a quote for the retainer that a finding suggests",
    )
    def accept_finding(
        connection_id: ConnectionId, finding_id: FindingId, body: OfferedTerms
    ) -> Response[Any]:
        who, here = allowed(*CHANGERS)
        reader = here.reader(connection_id)
        quote = here.quotes.offer(reader, connection_id, finding_id, body.wanted(), who.user_id)
        return created(quote_document(quote), f"/v1/quotes/{quote.quote_id}")

    @router.get("/v1/quotes", tags=["retainers"], summary="Quotes, newest first")
    def list_quotes(limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        who, here = allowed(*READERS)

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = here.quotes.store.quotes(limit, position)
            return [quote_document(one) for one in found], more

        return page("quotes", "quotes", cursor, here.signer, who.tenant_id, find)

    @router.get("/v1/quotes/<quote_id>", tags=["retainers"], summary="One quote")
    def read_quote(quote_id: QuoteId) -> dict[str, Any]:
        _, here = allowed(*READERS)
        return quote_document(here.quotes.store.quote(quote_id))

    @router.patch("/v1/quotes/<quote_id>", tags=["retainers"], summary="Offer other terms")
    def change_quote(quote_id: QuoteId, body: ChangeQuote) -> dict[str, Any]:
        who, here = allowed(*CHANGERS)
        today = here.contracts.today
        changed = here.quotes.change(quote_id, body.version, body.wanted(), today, who.user_id)
        return quote_document(changed)

    @router.post("/v1/quotes/<quote_id>/decline", tags=["retainers"], summary="It is not wanted")
    def decline_quote(quote_id: QuoteId, body: DeclineQuote) -> dict[str, Any]:
        who, here = allowed(*CHANGERS)
        reason = body.reason.strip()
        return quote_document(here.quotes.decline(quote_id, body.version, reason, who.user_id))

    @router.post(
        "/v1/quotes/<quote_id>/accept",
        tags=["retainers"],
        summary="Make the contract for ongoing services",
    )
    def accept_quote(quote_id: QuoteId, body: AcceptQuote) -> Response[Any]:
        who, here = allowed(*CHANGERS)
        connection_id = here.quotes.store.quote(quote_id).party.connection_id
        drafts = here.checked(body.harvest_drafts, connection_id)
        contract = here.quotes.accept(quote_id, body.version, drafts, who.user_id)
        document = contract_document(contract, here.contracts.upcoming(contract, 1))
        return created(document, f"/v1/contracts/{contract.contract_id}")

    @router.get(
        "/v1/quotes/<quote_id>/audit", tags=["retainers"], summary="Who changed a quote, and when"
    )
    def audit_quote(quote_id: QuoteId, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        who, here = allowed(*READERS)
        here.quotes.store.quote(quote_id)
        return audit_page(here.trail, quote_id, limit, cursor, here.signer, who.tenant_id)

    return router


def contract_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    place = "/v1/contracts/<contract_id>"

    def reading() -> tuple[Caller, RetainerServices]:
        who = caller(router)
        who.require(*READERS)
        return who, services(who)

    def changing() -> tuple[str, RetainerServices]:
        who = caller(router)
        who.require(*CHANGERS)
        return who.user_id, services(who)

    def shown(here: RetainerServices, contract: Contract) -> dict[str, Any]:
        return contract_document(contract, here.contracts.upcoming(contract, 1))

    @router.get("/v1/contracts", tags=["retainers"], summary="Contracts, newest first")
    def list_contracts(limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        who, here = reading()

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = here.contracts.store.contracts(limit, position)
            return [shown(here, one) for one in found], more

        return page("contracts", "contracts", cursor, here.signer, who.tenant_id, find)

    @router.get(place, tags=["retainers"], summary="One contract, with its next document")
    def read_contract(contract_id: ContractId) -> dict[str, Any]:
        _, here = reading()
        return shown(here, here.contracts.store.contract(contract_id))

    @router.get(f"{place}/upcoming", tags=["retainers"], summary="The next documents, as a dry run")
    def preview_billing(contract_id: ContractId, count: Count = 12) -> dict[str, Any]:
        _, here = reading()
        contract = here.contracts.store.contract(contract_id)
        currency = contract.terms.currency
        return {
            "contract_id": contract_id,
            "as_of": here.contracts.today.isoformat(),
            "upcoming": [
                billing_document(one, currency) for one in here.contracts.upcoming(contract, count)
            ],
        }

    @router.patch(place, tags=["retainers"], summary="Switch drafts in Harvest on or off")
    def change_contract(contract_id: ContractId, body: ChangeContract) -> dict[str, Any]:
        actor, here = changing()
        connection_id = here.contracts.store.contract(contract_id).party.connection_id
        drafts = here.checked(body.harvest_drafts, connection_id)
        changed = here.contracts.change_drafts(contract_id, body.version, drafts, actor)
        return shown(here, changed)

    @router.post(
        f"{place}/activate",
        tags=["retainers"],
        summary="Confirm that Harvest's own recurring invoice is stopped",
    )
    def activate_contract(contract_id: ContractId, body: ActivateContract) -> dict[str, Any]:
        actor, here = changing()
        return shown(here, here.contracts.activate(contract_id, body.version, actor))

    @router.post(f"{place}/pause", tags=["retainers"], summary="Bill nothing for some days")
    def pause_contract(contract_id: ContractId, body: PauseContract) -> dict[str, Any]:
        actor, here = changing()
        paused = here.contracts.pause(contract_id, body.version, body.first, body.last, actor)
        return shown(here, paused)

    @router.post(f"{place}/resume", tags=["retainers"], summary="End a pause")
    def resume_contract(contract_id: ContractId, body: ResumeContract) -> dict[str, Any]:
        actor, here = changing()
        return shown(here, here.contracts.resume(contract_id, body.version, body.day, actor))

    @router.post(f"{place}/price", tags=["retainers"], summary="Another price from a day on")
    def change_price(contract_id: ContractId, body: ChangePrice) -> dict[str, Any]:
        actor, here = changing()
        amount = Decimal(body.amount)
        return shown(
            here,
            here.contracts.change_price(contract_id, body.version, amount, body.since, actor),
        )

    @router.post(f"{place}/end", tags=["retainers"], summary="The contract's last day")
    def end_contract(contract_id: ContractId, body: EndContract) -> dict[str, Any]:
        actor, here = changing()
        return shown(here, here.contracts.end(contract_id, body.version, body.last_day, actor))

    @router.get(f"{place}/audit", tags=["retainers"], summary="Who changed a contract, and when")
    def audit_contract(
        contract_id: ContractId, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = reading()
        here.contracts.store.contract(contract_id)
        return audit_page(here.trail, contract_id, limit, cursor, here.signer, who.tenant_id)

    @router.get(
        f"{place}/billing-documents", tags=["retainers"], summary="What was billed, newest first"
    )
    def list_billing_documents(
        contract_id: ContractId, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = reading()
        here.contracts.store.contract(contract_id)

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = here.contracts.store.documents_of(contract_id, limit, position)
            return [issued_document(one) for one in found], more

        query = f"documents/{contract_id}"
        return page("billing_documents", query, cursor, here.signer, who.tenant_id, find)

    @router.get(
        "/v1/billing-documents/<document_id>", tags=["retainers"], summary="One billing document"
    )
    def read_billing_document(document_id: DocumentId) -> dict[str, Any]:
        _, here = reading()
        return issued_document(here.redrafter.get(document_id))

    @router.post(
        "/v1/billing-documents/<document_id>/draft",
        tags=["retainers"],
        summary="Let a draft that Harvest refused be made again",
    )
    def draft_again(document_id: DocumentId) -> dict[str, Any]:
        actor, here = changing()
        return issued_document(here.redrafter.draft(document_id, actor))

    return router
