"""Where the documentation of Harvest leaves a question open, a switch decides, with a default."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints


@dataclass(slots=True)
class Switches:
    """Behaviour that a test may change at run time through the control host."""

    # Answer to a Harvest-Account-Id that the token does not cover.
    wrong_account_status: Literal[401, 404] = 401
    # What DELETE returns: the deleted object, or nothing.
    delete_body: Literal["object", "empty"] = "object"
    # Whether a refresh returns no refresh token, the same one, or a new one that ends the old.
    refresh: Literal["keep", "return_same", "rotate_and_invalidate_old"] = "keep"
    # The two kinds of 429: with Retry-After and JSON, or empty HTML without it.
    throttle: Literal["retry_after", "bare"] = "retry_after"
    limits: bool = True
    general_limit: int = 100
    general_window: int = 15
    reports_limit: int = 100
    reports_window: int = 900
    # Rates that the viewer may not see are null, or the field is missing.
    withheld_rates: Literal["null", "absent"] = "null"
    # Fields that newer accounts show and older documentation lacks.
    newer_fields: bool = True
    reject_duplicate_names: bool = False
    # A payment beyond what is due settles the invoice, or is refused.
    overpayment: Literal["accept", "refuse"] = "accept"
    # Whether restarting in start/end mode begins a new entry, or resumes the old one.
    restart: Literal["new_entry", "same_entry"] = "new_entry"
    # Whether times of day follow the clock of the company, or are always like 3:00pm.
    times_follow_clock: bool = True
    # Whether approving and withdrawing an approval touches the updated_at of the entries.
    approval_touches: bool = True
    # Whole numbers in reports are bare integers, or have a decimal like everywhere else.
    bare_report_numbers: bool = True
    code_seconds: int = 120
    # Real seconds that every answer of the API takes at least.
    latency: float = 0.0

    def change(self, values: dict[str, Any]) -> None:
        """Sets several switches, or none: ValueError names everything that is wrong."""
        hints = get_type_hints(type(self))
        wrong = []
        for name, value in values.items():
            if name not in hints:
                known = ", ".join(one.name for one in fields(self))
                wrong.append(f"{name} is not a switch (there are {known})")
            elif get_origin(hints[name]) is Literal:
                allowed = get_args(hints[name])
                if value not in allowed:
                    wrong.append(f"{name} is one of {allowed}")
            elif isinstance(value, bool) is not (hints[name] is bool) or (
                hints[name] is not bool and (not isinstance(value, int | float) or value < 0)
            ):
                wrong.append(f"{name} must be {hints[name].__name__}")
        if wrong:
            raise ValueError("; ".join(wrong))
        for name, value in values.items():
            setattr(self, name, hints[name](value) if isinstance(hints[name], type) else value)

    def values(self) -> dict[str, Any]:
        return asdict(self)
