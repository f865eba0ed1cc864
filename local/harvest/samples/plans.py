"""The sample accounts: how large each is and how its company is set up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.harvest.samples.randomness import stream

# Every id is beyond 32 bits; each account and resource has a range of its own.
_FIRST_ID = 2_200_000_000
_IDS_PER_ACCOUNT = 40_000_000
_IDS_PER_RESOURCE = 2_000_000
_SEEDS_APART = 200
_FIRST_FURTHER_ID = _FIRST_ID + 4 * 200 * _IDS_PER_ACCOUNT
_FURTHER_IDS_PER_ACCOUNT = 140_000_000
_RESOURCES = (
    "users",
    "roles",
    "clients",
    "contacts",
    "tasks",
    "projects",
    "task_assignments",
    "user_assignments",
    "cost_rates",
    "billable_rates",
)
# What there is much of lies behind, each with as many ids as it may need, in millions.
_FURTHER_RESOURCES = {
    "time_entries": 60,
    "invoices": 5,
    "invoice_line_items": 20,
    "invoice_payments": 8,
    "invoice_messages": 12,
    "invoice_item_categories": 1,
    "recurring_invoices": 2,
    "expense_categories": 1,
    "expenses": 4,
    "estimates": 2,
    "estimate_line_items": 2,
    "estimate_messages": 2,
    "estimate_item_categories": 1,
}
_MILLION = 1_000_000

_COMPANY: dict[str, Any] = {
    "is_active": True,
    "week_start_day": "Monday",
    "wants_timestamp_timers": False,
    "time_format": "decimal",
    "date_format": "%d/%m/%Y",
    "plan_type": "simple-v4",
    "expense_feature": True,
    "invoice_feature": True,
    "estimate_feature": True,
    "approval_feature": True,
    "team_feature": True,
    "clock": "24h",
    "currency_code_display": "iso_code_none",
    "currency_symbol_display": "symbol_before",
    "decimal_symbol": ".",
    "thousands_separator": ",",
    "color_scheme": "orange",
    "weekly_capacity": 126000,
    "saml_sign_in_required": False,
    "day_entry_notes_required": False,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One sample account; `duplicates` are the kinds of its groups, or the share of clients."""

    name: str
    number: int
    account_name: str
    subdomain: str
    settings: dict[str, Any]
    home: str
    home_share: float
    opened: datetime
    time_zones: tuple[str, ...]
    clients: int
    duplicates: tuple[tuple[str, ...], ...] | float
    lookalike_pairs: int
    contacts: int
    people: int
    projects: int
    tasks: int
    roles: int
    time_entries: int
    daily_trackers: float
    running_timers: int
    invoices: int
    expenses: int
    estimates: int

    def company(self) -> dict[str, Any]:
        domain = f"{self.subdomain}.harvestapp.com"
        address = {"base_uri": f"https://{domain}", "full_domain": domain}
        return {**address, "name": self.account_name, **_COMPANY, **self.settings}

    def account_id(self, seed: int) -> int:
        return 1_400_000 + 100_000 * self.number + seed % 100_000

    def first_id(self, seed: int, resource: str) -> int:
        account = self.number + 4 * (seed % _SEEDS_APART)
        if resource in _FURTHER_RESOURCES:
            before = list(_FURTHER_RESOURCES).index(resource)
            millions = sum(list(_FURTHER_RESOURCES.values())[:before])
            start = _FIRST_FURTHER_ID + account * _FURTHER_IDS_PER_ACCOUNT
            return start + millions * _MILLION + _jitter(self.name, seed, resource, _MILLION // 2)
        start = _FIRST_ID + account * _IDS_PER_ACCOUNT
        jitter = _jitter(self.name, seed, resource, _IDS_PER_RESOURCE // 10)
        return start + _RESOURCES.index(resource) * _IDS_PER_RESOURCE + jitter


def _jitter(name: str, seed: int, resource: str, most: int) -> int:
    return stream(name, seed, "first id", resource).randrange(most)


STUDIO = Plan(
    name="studio",
    number=1,
    account_name="Studio Wendelgrund",
    subdomain="studiowendelgrund",
    settings={
        "currency": "EUR",
        "date_format": "%d.%m.%Y",
        "time_format": "hours_minutes",
        "wants_timestamp_timers": True,
        "currency_symbol_display": "symbol_after",
        "decimal_symbol": ",",
        "thousands_separator": ".",
        "estimate_feature": False,
        "color_scheme": "green",
        "weekly_capacity": 135000,
    },
    home="de",
    home_share=0.25,
    opened=datetime(2019, 3, 4, 8, 12, 9, tzinfo=UTC),
    time_zones=("Berlin", "Berlin", "Berlin", "Berlin", "Vienna", "London", "Athens"),
    clients=60,
    duplicates=(
        ("legal_form_spelling",),
        ("transliterated",),
        ("typo_keyboard",),
        ("acronym",),
        ("renamed",),
        ("department_suffix", "case"),
        ("copy_marker",),
        ("abbreviation",),
    ),
    lookalike_pairs=6,
    contacts=110,
    people=25,
    projects=90,
    tasks=20,
    roles=10,
    time_entries=40_000,
    daily_trackers=0.85,
    running_timers=2,
    invoices=900,
    expenses=1_500,
    estimates=0,
)
AGENCY = Plan(
    name="agency",
    number=2,
    account_name="Fernthorpe & Dray",
    subdomain="fernthorpedray",
    settings={"currency": "GBP", "day_entry_notes_required": True},
    home="gb",
    home_share=0.25,
    opened=datetime(2014, 9, 1, 9, 30, 0, tzinfo=UTC),
    time_zones=("London", "London", "London", "Dublin", "Paris", "Prague", "Mumbai", "Sydney"),
    clients=2_000,
    duplicates=0.05,
    lookalike_pairs=40,
    contacts=4_500,
    people=160,
    projects=2_600,
    tasks=60,
    roles=20,
    time_entries=250_000,
    daily_trackers=0.75,
    running_timers=4,
    invoices=12_000,
    expenses=9_000,
    estimates=140,
)
GIANT = Plan(
    name="giant",
    number=3,
    account_name="Osprey Meridian Group",
    subdomain="ospreymeridian",
    settings={
        "currency": "USD",
        "week_start_day": "Sunday",
        "date_format": "%m/%d/%Y",
        "clock": "12h",
        "weekly_capacity": 144000,
        "saml_sign_in_required": True,
    },
    home="us",
    home_share=0.1,
    opened=datetime(2011, 1, 17, 15, 0, 0, tzinfo=UTC),
    time_zones=(
        "Eastern Time (US & Canada)",
        "Eastern Time (US & Canada)",
        "Pacific Time (US & Canada)",
        "Central Time (US & Canada)",
        "London",
        "Berlin",
        "Mumbai",
        "Tokyo",
        "Brasilia",
        "Sydney",
    ),
    clients=20_000,
    duplicates=0.05,
    lookalike_pairs=320,
    contacts=45_000,
    people=900,
    projects=22_000,
    tasks=160,
    roles=24,
    time_entries=1_000_000,
    daily_trackers=0.22,
    running_timers=9,
    invoices=60_000,
    expenses=40_000,
    estimates=600,
)
# Small enough to be read whole in a second: for tests and first looks.
WORKSHOP = Plan(
    name="workshop",
    number=0,
    account_name="Lanternfold Workshop",
    subdomain="lanternfold",
    settings={"currency": "CHF", "weekly_capacity": 144000},
    home="ch",
    home_share=0.5,
    opened=datetime(2025, 9, 1, 7, 0, 0, tzinfo=UTC),
    time_zones=("Vienna", "Berlin"),
    clients=10,
    duplicates=(("legal_form_spelling",),),
    lookalike_pairs=0,
    contacts=12,
    people=12,
    projects=10,
    tasks=8,
    roles=4,
    time_entries=600,
    daily_trackers=0.85,
    running_timers=1,
    invoices=20,
    expenses=12,
    estimates=0,
)
PLANS = {plan.name: plan for plan in (WORKSHOP, STUDIO, AGENCY, GIANT)}
