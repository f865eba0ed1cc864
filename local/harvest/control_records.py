"""Records that the control host is asked for, and how values of JSON become stored ones.

Stored records hold Decimals and never floats.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from local.harvest.store import Account, Record
from local.harvest.world import World


def account_of(world: World, account_id: object = None) -> Account:
    """The account of an id, the first one where none is given; LookupError for an unknown one."""
    if account_id is None:
        return next(iter(world.accounts.values()))
    found = world.accounts.get(int(str(account_id)))
    if found is None:
        raise LookupError(f"no account {account_id}")
    return found


def record_of(world: World, account_id: object, resource: str, record_id: object) -> Record:
    """A stored record; LookupError for an unknown one."""
    record = account_of(world, account_id).table(resource).get(int(str(record_id)))
    if record is None:
        raise LookupError(f"no {resource}/{record_id} in account {account_id}")
    return record


def exact(value: Any) -> Any:
    """Numbers with a fraction as Decimals, however deep they stand."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, list):
        return [exact(one) for one in value]
    if isinstance(value, dict):
        return {name: exact(one) for name, one in value.items()}
    return value


def stored_values(resource: str, before: Record, sent: Record) -> Record:
    """What was sent for some fields of a record; ValueError for unknown fields and no numbers."""
    unknown = sorted(set(sent) - set(before))
    if unknown:
        raise ValueError(f"{resource} has no field {', '.join(unknown)}")
    return {
        name: _amount(name, value) if isinstance(before[name], Decimal) else exact(value)
        for name, value in sent.items()
    }


def _amount(name: str, value: Any) -> Decimal | None:
    """A new value of a field that holds a Decimal; null empties it."""
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{name} is no number") from None
