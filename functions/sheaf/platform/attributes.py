"""Python values as DynamoDB's typed attributes and back.

Numbers are int and Decimal, never float. An absent value is an absent attribute: None is not
stored.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Item = dict[str, Any]


def encode(value: object) -> dict[str, Any]:
    """One typed attribute; TypeError for what a table cannot hold exactly."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | Decimal():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case Mapping():
            return {
                "M": {str(key): encode(part) for key, part in value.items() if part is not None}
            }
        case list() | tuple():
            return {"L": [encode(part) for part in value]}
        case set() | frozenset() if value and all(isinstance(part, str) for part in value):
            return {"SS": sorted(value)}
    raise TypeError(f"a table cannot hold {type(value).__name__}")


def encode_item(item: Mapping[str, object]) -> dict[str, Any]:
    # Most attributes are texts; a first read of an account writes millions of them.
    return {
        name: {"S": value} if type(value) is str else encode(value)
        for name, value in item.items()
        if value is not None
    }


def decode(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL" | "B":
            return value
        case "N":
            number = Decimal(value)
            return (
                int(number) if number == number.to_integral_value() and "." not in value else number
            )
        case "M":
            return {name: decode(part) for name, part in value.items()}
        case "L":
            return [decode(part) for part in value]
        case "SS":
            return set(value)
        case "NULL":
            return None
    raise TypeError(f"unknown attribute kind {kind}")


def decode_item(attributes: Mapping[str, Any]) -> Item:
    return {name: decode(value) for name, value in attributes.items()}
