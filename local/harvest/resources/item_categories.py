"""Categories of the lines on invoices and on estimates; a line's `kind` is such a name.

A new account has Service and Product. On invoices one category stands for imported time and one
for imported expenses; Harvest says which, and keeps both from being deleted.
"""

from collections.abc import Callable, Iterator

from local.harvest.call import Call
from local.harvest.endpoints import Action, Resource, crud, updated_since
from local.harvest.errors import UnprocessableError
from local.harvest.fields import Draft, Field, text
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources.document_access import (
    may_draft_invoices,
    may_manage_estimates,
)
from local.harvest.store import FIRST_ID, Account, Record, TableRule
from local.harvest.viewer import Viewer

USES = ("use_as_service", "use_as_expense")
FIRST_NAMES = ("Service", "Product")
NOT_REMOVABLE = "This item category is not removable. It is used for time or expenses."


def category_names(call: Call, table: str) -> list[str]:
    return [one["name"] for one in call.account.table(table).newest_first()]


def category_for(call: Call, use: str) -> str:
    """The name of the invoice item category with this use, else of the oldest one."""
    categories = call.account.table("invoice_item_categories").newest_first()[::-1]
    named = [one["name"] for one in categories if one[use]] + [one["name"] for one in categories]
    return str(named[0])


def _first_categories(*uses: str) -> Callable[[Account], Iterator[Record]]:
    """What an account has from its beginning, with ids below those of later records."""

    def source(account: Account) -> Iterator[Record]:
        users = account.table("users").newest_first()
        opened = users[-1]["created_at"] if users else ""
        for number, name in enumerate(FIRST_NAMES):
            yield {
                "id": FIRST_ID - len(FIRST_NAMES) + number,
                "name": name,
                **{use: use == USES[number] for use in uses},
                "created_at": opened,
                "updated_at": opened,
            }

    return source


def _may(able: Callable[[Viewer], bool]) -> Callable[[Viewer, Action], bool]:
    """Whoever writes such documents reads their categories; administrators write them."""

    def may(viewer: Viewer, action: Action) -> bool:
        return able(viewer) and (action == "read" or viewer.is_administrator)

    return may


def _render(*uses: str) -> Callable[[Call, Record], Record]:
    names = ("id", "name", *uses, "created_at", "updated_at")
    return lambda call, category: {name: category[name] for name in names}


def _check(table: str, *uses: str) -> Callable[[Call, Draft], None]:
    def check(call: Call, draft: Draft) -> None:
        name = draft.values.get("name")
        if name and call.switches.reject_duplicate_names:
            others = call.account.table(table).where("name", name)
            if any(draft.before is None or one["id"] != draft.before["id"] for one in others):
                draft.refuse("Name has already been taken")
        if draft.before is None:
            draft.values.update(dict.fromkeys(uses, False))

    return check


def refuse_used(call: Call, category: Record) -> None:
    if any(category[use] for use in USES):
        raise UnprocessableError(NOT_REMOVABLE, hint=True)


FIELDS = (Field("name", text, required=True),)

OF_INVOICES = Resource(
    name="invoice_item_categories",
    fields=FIELDS,
    render=_render(*USES),
    may=_may(may_draft_invoices),
    filters={"updated_since": updated_since},
    check=_check("invoice_item_categories", *USES),
    before_delete=refuse_used,
)
OF_ESTIMATES = Resource(
    name="estimate_item_categories",
    fields=FIELDS,
    render=_render(),
    may=_may(may_manage_estimates),
    filters={"updated_since": updated_since},
    check=_check("estimate_item_categories"),
)

TABLE_RULES = {
    "invoice_item_categories": TableRule(source=_first_categories(*USES)),
    "estimate_item_categories": TableRule(source=_first_categories()),
}
RELATIONS: tuple[Relation, ...] = ()
ROUTES = (
    *crud(OF_INVOICES, "/invoice_item_categories", CURSOR),
    *crud(OF_ESTIMATES, "/estimate_item_categories", CURSOR),
)
