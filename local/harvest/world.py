"""Everything that one simulator holds, behind one lock: accounts, people, switches and faults.

The three hosts read and change it; whoever does so takes `lock` and keeps it until the answer is
written as a value. Time comes from the given clock alone.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from local.harvest.faults import FaultBook
from local.harvest.identity import Application, IdentityProvider
from local.harvest.limits import RequestLimits
from local.harvest.request_log import RequestLog
from local.harvest.resources import TABLE_RULES
from local.harvest.store import Account, Sample
from local.harvest.switches import Switches

# What the local run uses unless other applications are registered.
DEFAULT_APPLICATION = Application("sheaf-local", "sheaf-local-secret")

FORECAST_ONLY = ("Fenna", "Castellane", "fenna.castellane@forecast-only.example", 9_100_001)
WITHOUT_ACCOUNT = ("Noor", "Vantongeren", "noor.vantongeren@no-account.example")


def load_sample(name: str, seed: int) -> Sample:
    """A sample account by name; imported late, because generating belongs to another package."""
    from local.harvest.samples import load

    return load(name, seed)


class World:
    """The state of a simulator."""

    def __init__(self, seed: int, now: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.clear(seed)

    def clear(self, seed: int) -> None:
        """Back to nothing but the default application and the people without Harvest."""
        self.seed = seed
        self.switches = Switches()
        self.faults = FaultBook()
        self.limits = RequestLimits()
        self.log = RequestLog()
        self.accounts: dict[int, Account] = {}
        self.identity = IdentityProvider(seed, self.accounts)
        self.identity.applications[DEFAULT_APPLICATION.client_id] = DEFAULT_APPLICATION
        self._add_people_without_harvest()

    def _add_people_without_harvest(self) -> None:
        *names, forecast_id = FORECAST_ONLY
        first_name, last_name, email = (str(one) for one in names)
        person = self.identity.add_person(first_name, last_name, email)
        self.identity.forecast_accounts[int(forecast_id)] = "Castellane Planning"
        person.forecast.append(int(forecast_id))
        self.identity.add_person(*WITHOUT_ACCOUNT)

    def add_account(
        self, sample: str | Sample, seed: int, account_id: int | None = None
    ) -> Account:
        """Adds an account, or replaces the one of the same id; nothing is generated yet."""
        loaded = load_sample(sample, seed) if isinstance(sample, str) else sample
        name = sample if isinstance(sample, str) else ""
        account = Account(loaded, name, seed, account_id or loaded.account_id, TABLE_RULES)
        self.identity.forget_account(account.id)
        self.accounts[account.id] = account
        return account

    def remove_account(self, account_id: int) -> None:
        """Closes an account: its people lose it, their tokens stay."""
        self.identity.forget_account(account_id)
        del self.accounts[account_id]
