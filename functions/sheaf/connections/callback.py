"""What Harvest's redirect finds: the code is parked, and the browser gets a one-time ticket.

In a popup the page posts the ticket to the opener, to exactly the origin of the allow-listed
return address, and closes. Where there is no opener the browser goes on to that address, with the
ticket behind the `#`, so that no server on the way logs it.
"""

import base64
import hashlib
import html
import json
from urllib.parse import urlencode

from sheaf.connections.authorisations import AuthorisationStore, Step
from sheaf.connections.rules import origin_of

_MESSAGE = "sheaf.harvest.authorised"

Page = tuple[int, dict[str, str], str]


def answer(store: AuthorisationStore, parameters: dict[str, str]) -> Page:
    """Status, headers and body for the query parameters of Harvest's redirect."""
    state, code = parameters.get("state", ""), parameters.get("code")
    if not state or (code is None and "error" not in parameters):
        return _page(400, "This is not an answer from Harvest", "Start connecting again.")
    parked = store.park(state, code if "error" not in parameters else None)
    if parked is None:
        return _page(
            409,
            "This sign-in is not open any more",
            "It was finished before, or more than ten minutes have passed."
            " Go back to the app and connect again.",
        )
    authorisation, ticket = parked
    message = {"type": _MESSAGE, "ticket": ticket, "denied": authorisation.step is Step.DENIED}
    fragment = urlencode({"sheaf_ticket": ticket, "sheaf_denied": str(message["denied"]).lower()})
    target = f"{authorisation.return_to.partition('#')[0]}#{fragment}"
    if not authorisation.popup:
        return 302, {"location": target, **_ALWAYS}, ""
    return _popup(message, origin_of(authorisation.return_to), target)


_ALWAYS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


# The data stands in attributes: nothing of it is ever script, and only this script may run.
_SCRIPT = """
const {message, origin, target} = document.body.dataset;
if (window.opener && !window.opener.closed) {
  window.opener.postMessage(JSON.parse(message), origin);
  window.close();
} else {
  window.location.replace(target);
}
"""
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


def _popup(message: dict[str, object], origin: str, target: str) -> Page:
    body = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Back to the app</title></head>
<body data-message="{html.escape(json.dumps(message))}" data-origin="{html.escape(origin)}"
 data-target="{html.escape(target)}">
<p>Harvest has answered. This window closes by itself;
 <a href="{html.escape(target)}">go back to the app</a> if it does not.</p>
<script>{_SCRIPT}</script></body></html>"""
    policy = f"default-src 'none'; script-src 'sha256-{_SCRIPT_HASH}'; frame-ancestors 'none'"
    return 200, {**_HTML, "content-security-policy": policy, **_ALWAYS}, body


_HTML = {"content-type": "text/html; charset=utf-8"}


def _page(status: int, title: str, text: str) -> Page:
    body = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>"""
    policy = "default-src 'none'; frame-ancestors 'none'"
    return status, {**_HTML, "content-security-policy": policy, **_ALWAYS}, body
