"""Words and taxes of invoices and expenses, read from data/money.toml."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "data" / "money.toml"


@cache
def money_words() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"), parse_float=Decimal)


def tax_pair(currency: str, client: int) -> tuple[Decimal | None, Decimal | None]:
    """The two taxes in percent that a client's invoices carry; None for none."""
    taxes = money_words()["taxes"]
    pairs: list[list[Decimal]] = taxes.get(currency, taxes["other"])
    first, second = pairs[client * 7919 % len(pairs)]
    return first or None, second or None


def expand(form: str, **values: object) -> str:
    """The text with its places filled."""
    return form.format(**values)
