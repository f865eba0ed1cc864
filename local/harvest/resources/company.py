"""The company: one object without an id, of which only two fields can be written.

Some settings of an account are stored with the company and never shown.
"""

from local.harvest.call import Call
from local.harvest.endpoints import Route, sent_values
from local.harvest.errors import NotAuthorizedError, UnprocessableError
from local.harvest.fields import Field, boolean, integer, read_draft
from local.harvest.wire import Response, json_response

NEWER_FIELDS = ("currency", "saml_sign_in_required", "day_entry_notes_required")
HIDDEN = ("rounding",)

FIELDS = (
    Field("wants_timestamp_timers", boolean, required=True, empty=False),
    Field("weekly_capacity", integer, required=True, empty=126000),
)


def show(call: Call) -> Response:
    left_out = HIDDEN if call.switches.newer_fields else (*HIDDEN, *NEWER_FIELDS)
    company = call.account.company
    shown = {name: value for name, value in company.items() if name not in left_out}
    return json_response(200, shown)


def update(call: Call) -> Response:
    if not call.viewer.is_administrator:
        raise NotAuthorizedError
    draft = read_draft(FIELDS, sent_values(call), call.account.company)
    if draft.errors:
        raise UnprocessableError(*draft.errors)
    call.account.change_company(draft.values)
    return show(call)


RELATIONS = ()
ROUTES = (Route("GET", "/company", show), Route("PATCH", "/company", update))
