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


def trouble() -> Page:
    """What a person sees when the code could not be parked."""
    return _page(500, "Something went wrong on our side", "Go back to the app and connect again.")


_ALWAYS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
_HTML = {"content-type": "text/html; charset=utf-8"}

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #f6f6f4; margin: 0; }
main { max-width: 30rem; margin: 12vh auto; padding: 2rem; background: #fff;
  border: 1px solid #ddd; border-radius: 12px; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .75rem; }
p { margin: 0; }
"""
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


def _popup(message: dict[str, object], origin: str, target: str) -> Page:
    data = {"message": json.dumps(message), "origin": origin, "target": target}
    attributes = "".join(f' data-{name}="{html.escape(text)}"' for name, text in data.items())
    content = f"""<h1>Harvest has answered</h1>
<p>This window closes by itself; <a href="{html.escape(target)}">go back to the app</a>
 if it does not.</p><script>{_SCRIPT}</script>"""
    return _document(200, "Back to the app", content, attributes, f"script-src {_hash(_SCRIPT)}; ")


def _page(status: int, title: str, text: str) -> Page:
    return _document(status, title, f"<h1>{title}</h1><p>{text}</p>")


def _document(
    status: int, title: str, content: str, attributes: str = "", more_policy: str = ""
) -> Page:
    body = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{_STYLE}</style></head>
<body{attributes}><main>{content}</main></body></html>"""
    policy = (
        f"default-src 'none'; style-src {_hash(_STYLE)}; {more_policy}"
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return status, {**_HTML, "content-security-policy": policy, **_ALWAYS}, body


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
