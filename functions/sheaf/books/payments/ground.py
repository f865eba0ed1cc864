"""What a payment that somebody enters has to stand on: the days, the accounts of the books."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sheaf.books.edge import parts
from sheaf.books.ledger.accounts import Account, Kind, Role
from sheaf.books.settings.records import BooksSettings
from sheaf.platform.problems import invalid

# Their legs are open items, or come to nothing: money does not just come in there.
_NO_BANK = (Role.RECEIVABLES, Role.IN_TRANSIT, Role.CLEARING)


@dataclass(frozen=True, slots=True)
class Ground:
    """`accounts()` are those of the books, `today` is where the tenant is."""

    settings: BooksSettings
    accounts: Callable[[], Iterable[Account]]
    today: date

    def require_day(self, day: date) -> None:
        """A problem for a day that is before the books, or still to come."""
        start = self.settings.start
        if day < start:
            raise invalid(
                f"The books begin on {start}: what was paid before is not in them.",
                "day",
                "Give a day since then. What was open of an invoice that day is booked with it.",
            )
        if day > self.today:
            raise invalid(
                f"{day} is still to come: nothing was paid on it.", "day", "Give today or earlier."
            )

    def account(self, number: str | None) -> str:
        """The account that money comes in on, that of the bank without a number."""
        roles = self.settings.roles
        if number is None or number == roles[Role.BANK]:
            return roles[Role.BANK]
        known = {one.number: one for one in self.accounts()}
        account = known.get(number)
        taken = number in {roles[role] for role in _NO_BANK}
        if account is None or account.kind is not Kind.ASSET or taken:
            raise invalid(
                f"{number} is no account that money comes in on.",
                "account",
                "Give an asset account such as that of a bank or of cash (GET /v1/books/accounts).",
            )
        return number


def amount_of(amount: str, currency: str) -> int:
    """An amount in smallest parts, which is not nothing."""
    found = parts(amount, currency, "amount")
    if not found:
        raise invalid("A payment of nothing is none.", "amount", "Give what came in or went out.")
    return found
