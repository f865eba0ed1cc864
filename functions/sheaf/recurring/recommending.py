"""What to do about a finding, in a sentence, with a code for frontends.

Nothing is recommended for what somebody has decided already.
"""

from typing import NamedTuple

from sheaf.recurring.amounts import Constancy
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.findings import Finding, State
from sheaf.recurring.reasons import shown

EVERY = {
    Cadence.WEEKLY: "every week",
    Cadence.FORTNIGHTLY: "every two weeks",
    Cadence.MONTHLY: "every month",
    Cadence.TWO_MONTHLY: "every two months",
    Cadence.QUARTERLY: "every quarter",
    Cadence.HALF_YEARLY: "every half-year",
    Cadence.ANNUAL: "every year",
}


class Recommendation(NamedTuple):
    """`retainer` tells whether setting one up is what is recommended."""

    code: str
    text: str
    retainer: bool


def recommendation(finding: Finding, state: State, client: str) -> Recommendation:
    """What to do about a finding that nobody has decided about."""
    if state is State.STOPPED:
        return Recommendation(
            "ask_whether_ended",
            f"Nothing was billed since {finding.last_day}. Ask {client} whether it has ended, or"
            " bill what is due.",
            False,
        )
    if state is State.LATE:
        return Recommendation(
            "bill_what_is_due",
            f"An invoice was expected on {finding.next_expected}. Bill what is due; a retainer of"
            f" {_price(finding)} would not be forgotten.",
            True,
        )
    if finding.amounts.constancy is Constancy.VARYING:
        return Recommendation(
            "agree_on_an_amount",
            f"{client} is billed {EVERY[finding.cadence]}, for amounts that vary. Agree on a fixed"
            f" one, about {shown(finding.amounts.typical)} {finding.currency}, and set up a"
            " retainer.",
            True,
        )
    stop = (
        " Harvest makes these invoices by itself: stop its recurring invoice when the retainer"
        " begins."
        if finding.recurring_invoice_id
        else ""
    )
    return Recommendation(
        "set_up_retainer", f"Set up a retainer of {_price(finding)} for {client}.{stop}", True
    )


def _price(finding: Finding) -> str:
    """E.g. `900.00 EUR every month`."""
    amount = shown(finding.amounts.typical)
    return f"{amount} {finding.currency} {EVERY[finding.cadence]}"
