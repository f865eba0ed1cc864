"""What a write may set: fields with their readers, defaults and Harvest's validation sentences.

Unknown keys are ignored, an omitted key leaves the field unchanged, null clears it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from local.harvest.store import Record

Reader = Callable[[Any], Any]

_TRUE = (True, 1, "true", "1", "t")
_FALSE = (False, 0, "false", "0", "f")
_LARGEST_DECIMAL = Decimal(10) ** 12


class FieldError(ValueError):
    """The end of a validation sentence, such as "is not a number"."""


@dataclass(frozen=True, slots=True)
class Field:
    """One writable field; `on` says which write may set it, `empty` what null leaves behind."""

    name: str
    read: Reader
    required: bool = False
    default: Any = None
    empty: Any = None
    on: Literal["both", "create", "update"] = "both"

    @property
    def label(self) -> str:
        """`client_id` is "Client" and `first_name` is "First name", as Rails says it."""
        return self.name.removesuffix("_ids").removesuffix("_id").replace("_", " ").capitalize()


@dataclass(slots=True)
class Draft:
    """The values of one write and the sentences against it; `before` is None on create."""

    values: Record
    before: Record | None
    errors: list[str] = field(default_factory=list)

    def get(self, name: str) -> Any:
        """The value that the record will have."""
        if name in self.values:
            return self.values[name]
        return self.before.get(name) if self.before else None

    def refuse(self, sentence: str) -> None:
        self.errors.append(sentence)


def read_draft(fields: tuple[Field, ...], sent: Mapping[str, Any], before: Record | None) -> Draft:
    """Reads what was sent; on create every field gets its default."""
    draft = Draft({}, before)
    moment = "create" if before is None else "update"
    for one in fields:
        if one.on not in ("both", moment):
            if before is None:
                draft.values[one.name] = one.default
            continue
        if one.name not in sent:
            if before is None:
                draft.values[one.name] = one.default
                if one.required:
                    draft.refuse(f"{one.label} can't be blank")
            continue
        value = sent[one.name]
        if before is not None and before.get(one.name) == value:
            continue  # an echoed value is accepted, whatever it is
        if value is None or (one.required and isinstance(value, str) and not value.strip()):
            draft.values[one.name] = one.empty
            if one.required:
                draft.refuse(f"{one.label} can't be blank")
            continue
        try:
            read = one.read(value)
        except FieldError as error:
            draft.refuse(f"{one.label} {error}")
            continue
        if before is not None and one.name in before and before[one.name] == read:
            continue  # echoed as it was shown, which may be another form than the stored one
        draft.values[one.name] = read
    return draft


def text(value: Any) -> str:
    if isinstance(value, bool | dict | list):
        raise FieldError("is invalid")
    return str(value)


def boolean(value: Any) -> bool:
    if isinstance(value, list | dict):
        raise FieldError("is invalid")
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise FieldError("is invalid")


def integer(value: Any) -> int:
    if isinstance(value, bool):
        raise FieldError("is not a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise FieldError("is not a number") from None
    if not number.is_finite() or abs(number) > _LARGEST_DECIMAL * 1000:
        raise FieldError("is not a number")
    if number != int(number):
        raise FieldError("must be an integer")
    return int(number)


def decimal(value: Any) -> Decimal | None:
    """Kept to two decimals; an empty form value clears."""
    return _decimal(value, Decimal("0.01"))


def precise_decimal(value: Any) -> Decimal | None:
    """Kept to four decimals, as unit prices and percentages need them: 0.575 or 8.875."""
    return _decimal(value, Decimal("0.0001"))


def _decimal(value: Any, step: Decimal) -> Decimal | None:
    if value == "":
        return None
    if isinstance(value, bool):
        raise FieldError("is not a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise FieldError("is not a number") from None
    if not number.is_finite() or abs(number) > _LARGEST_DECIMAL:
        raise FieldError("is not a number")
    return number.quantize(step)


def day(value: Any) -> str | None:
    """ISO `2026-03-01` or the compact `20260301`; stored as ISO text."""
    if value == "":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", value):
        raise FieldError("is not a valid date")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise FieldError("is not a valid date") from None


def instant(value: Any) -> str | None:
    """ISO 8601 with a `T`, without a zone in UTC; stored in UTC and whole seconds."""
    if value == "":
        return None
    try:
        if "T" not in value:
            raise ValueError
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise FieldError("is not a valid date") from None
    zoned = moment.astimezone(UTC) if moment.tzinfo else moment
    return zoned.strftime("%Y-%m-%dT%H:%M:%SZ")


def mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FieldError("is invalid")
    return value


def choice(*allowed: str) -> Reader:
    def read(value: Any) -> str:
        if value not in allowed:
            raise FieldError("is not included in the list")
        return str(value)

    return read


def list_of(read_one: Reader) -> Reader:
    def read(value: Any) -> list[Any]:
        if value == "":  # how a form sends an empty list
            return []
        if not isinstance(value, list):
            raise FieldError("is invalid")
        return [read_one(one) for one in value]

    return read
