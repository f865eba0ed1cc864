"""Saves what differs from the samples, and loads it again: a clean stop loses nothing.

Only changed records, tokens and settings are written; everything else grows again from the
sample and its seed. A file of another sample or seed is refused.
"""

import json
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from local.harvest.identity import (
    AccessToken,
    Application,
    Code,
    Grant,
    Person,
    RefreshToken,
)
from local.harvest.store import Account, Table
from local.harvest.world import World

VERSION = 1


class StateMismatchError(Exception):
    """The file was written for another sample, seed or version."""


def _encode(value: object) -> object:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    raise TypeError(f"cannot save {type(value).__name__}")


def _decode(value: dict[str, Any]) -> Any:
    return Decimal(value["$decimal"]) if value.keys() == {"$decimal"} else value


def save_state(world: World, path: Path) -> None:
    """Writes the file as a whole or not at all."""
    with world.lock:
        identity = world.identity
        state = {
            "version": VERSION,
            "seed": world.seed,
            "switches": world.switches.values(),
            "accounts": [_account_values(one) for one in world.accounts.values()],
            "forecast_accounts": identity.forecast_accounts,
            "people": [asdict(one) for one in identity.people.values()],
            "applications": [asdict(one) for one in identity.applications.values()],
            "access_tokens": [asdict(one) for one in identity.access_tokens.values()],
            "refresh_tokens": [asdict(one) for one in identity.refresh_tokens.values()],
            "codes": [asdict(one) for one in identity.codes.values()],
            "random": identity.random_state(),
        }
        text = json.dumps(state, default=_encode, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _account_values(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "sample": account.sample_name,
        "seed": account.seed,
        "company": account.company if account.company_changed else None,
        "outbox": account.outbox,
        "tables": {
            name: {
                "records": [table.get(one) for one in sorted(table.changed)],
                "graves": [[*key, one] for one, key in table.graves.items()],
            }
            for name, table in account.tables.items()
            if table.changed or table.graves
        },
    }


def load_state(world: World, path: Path) -> None:
    """Puts a saved state on top of the samples; StateMismatchError when it does not fit."""
    state = json.loads(path.read_text(encoding="utf-8"), object_hook=_decode)
    with world.lock:
        _check(world, state, path)
        world.switches.change(state["switches"])
        for values in state["accounts"]:
            account = world.accounts.get(values["id"])
            if account is None:
                account = world.add_account(values["sample"], values["seed"], values["id"])
            _fill(account, values)
        _fill_identity(world, state)


def _check(world: World, state: dict[str, Any], path: Path) -> None:
    if state.get("version") != VERSION:
        raise StateMismatchError(f"{path} was written by another version; delete it")
    saved = {(one["id"], one["sample"], one["seed"]) for one in state["accounts"]}
    for account in world.accounts.values():
        if (account.id, account.sample_name, account.seed) not in saved:
            raise StateMismatchError(
                f"{path} holds other accounts than sample {account.sample_name!r} with seed "
                f"{account.seed}; delete it or start with what it was written for"
            )


def _fill(account: Account, values: dict[str, Any]) -> None:
    if values["company"] is not None:
        account.change_company(values["company"])
    account.outbox.extend(values["outbox"])
    for name, saved in values["tables"].items():
        _fill_table(account.table(name), saved)


def _fill_table(table: Table, saved: dict[str, Any]) -> None:
    """Graves come first: the highest id counts them, so that theirs are not given again."""
    for created_at, number, record_id in saved["graves"]:
        if table.get(record_id) is not None:
            table.remove(record_id)
        table.graves[record_id] = (created_at, number)
    for record in saved["records"]:
        table.put(record)


def _fill_identity(world: World, state: dict[str, Any]) -> None:
    identity = world.identity
    for account_id, name in state["forecast_accounts"].items():
        identity.forecast_accounts[int(account_id)] = name
    identity.people.clear()
    for one in state["people"]:
        users = {int(account_id): user_id for account_id, user_id in one["users"].items()}
        identity.people[one["id"]] = Person(**{**one, "users": users})
    for one in state["applications"]:
        lists = {name: tuple(one[name]) for name in ("redirect_urls", "products")}
        identity.applications[one["client_id"]] = Application(**{**one, **lists})
    identity.access_tokens.clear()
    for one in state["access_tokens"]:
        token = AccessToken(**{**one, "grant": _grant(one["grant"])})
        identity.access_tokens[token.value] = token
    for one in state["refresh_tokens"]:
        refresh = RefreshToken(**{**one, "grant": _grant(one["grant"])})
        identity.refresh_tokens[refresh.value] = refresh
    for one in state["codes"]:
        code = Code(**{**one, "grant": _grant(one["grant"])})
        identity.codes[code.value] = code
    identity.set_random_state(state["random"])


def _grant(values: dict[str, Any]) -> Grant:
    accounts = values["accounts"]
    return Grant(
        values["person_id"], values["client_id"], None if accounts is None else tuple(accounts)
    )
