"""The pages that a person sees at the identity host: who are you, which account, allow or deny.

Plain HTML and CSS without scripts; every value is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from local.harvest.identity import Product
from local.harvest.wire import HTML_TYPE, Response

_STYLE = """
:root { color-scheme: light; --ink: #1d1e1c; --paper: #fff8f1; --leaf: #188433; --line: #e3d9cd; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 8vh auto; padding: 2.5rem; background: #fff;
  border: 1px solid var(--line); border-radius: 12px; }
header { font-weight: 700; letter-spacing: .04em; color: #fa5d00; margin-bottom: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: .85rem; text-transform: uppercase; letter-spacing: .06em; margin: 1.5rem 0 .5rem; }
p { margin: 0 0 1rem; }
small, .quiet { color: #6d6a65; font-size: .9rem; }
ul { list-style: none; margin: 0; padding: 0; max-height: 22rem; overflow-y: auto; }
li { margin-bottom: .4rem; }
button { font: inherit; cursor: pointer; border-radius: 8px; padding: .6rem 1.1rem;
  border: 1px solid var(--line); background: #fff; }
button:focus-visible, input:focus-visible { outline: 3px solid #fa5d0066; }
li button { width: 100%; text-align: left; display: flex; justify-content: space-between;
  gap: 1rem; }
li button span { min-width: 0; overflow-wrap: anywhere; }
li button > small { flex: none; }
li button:hover { background: var(--paper); }
label.account { display: flex; gap: .75rem; padding: .6rem 1rem; border: 1px solid var(--line);
  border-radius: 8px; }
input[type=email] { font: inherit; width: 100%; padding: .55rem .75rem; border-radius: 8px;
  border: 1px solid var(--line); margin-bottom: .6rem; }
.actions { display: flex; gap: .75rem; margin-top: 1.5rem; }
.primary { background: var(--leaf); border-color: var(--leaf); color: #fff; }
.notice { border-left: 4px solid #fa5d00; padding-left: .75rem; }
"""


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A person on the sign-in page."""

    id: int
    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """An account on the consent page."""

    id: int
    name: str
    product: Product


def _page(title: str, content: str, status: int = 200) -> Response:
    text = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><header>Harvest ID &middot; simulator</header>{content}</main></body></html>"
    )
    return Response(status, text.encode(), {"Cache-Control": "no-store"}, HTML_TYPE)


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def problem_page(title: str, text: str) -> Response:
    """An error that must not be sent back to the application."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>", status=400)


def sign_in_page(
    people: Sequence[PersonChoice], more: int, return_to: str, notice: str = ""
) -> Response:
    """Asks who is there; `more` people are not listed and sign in by e-mail address."""
    warning = f'<p class="notice" role="alert">{escape(notice)}</p>' if notice else ""
    rows = "".join(
        f'<li><button name="person" value="{one.id}"><span>{escape(one.name)}<br>'
        f"<small>{escape(one.email)}</small></span><small>{escape(one.role)}</small></button></li>"
        for one in people
    )
    others = f'<p class="quiet">{more} more people can sign in by e-mail.</p>' if more else ""
    return _page(
        "Sign in",
        f"<h1>Sign in</h1><p>Choose a person of this simulated account. No password is needed.</p>"
        f'{warning}<form method="post" action="/sign_in">{_hidden("return_to", return_to)}'
        f"<ul>{rows}</ul></form>{others}"
        f'<h2>Someone else</h2><form method="post" action="/sign_in">'
        f"{_hidden('return_to', return_to)}"
        '<input type="email" name="email" aria-label="E-mail address" '
        'placeholder="name@company.example" required>'
        '<button class="primary">Sign in</button></form>',
    )


def consent_page(
    application: str,
    person: str,
    accounts: Sequence[AccountChoice],
    several: bool,
    consent: str,
    return_to: str,
) -> Response:
    """Asks for an account (several, where the application may have them) and a decision."""
    kind = "checkbox" if several else "radio"
    rows = "".join(
        f'<li><label class="account"><input type="{kind}" name="accounts[]" '
        f'value="{one.product}:{one.id}"{" checked" if several or number == 0 else ""}>'
        f"<span>{escape(one.name)}<br><small>{escape(one.product.capitalize())} {one.id}</small>"
        "</span></label></li>"
        for number, one in enumerate(accounts)
    )
    if accounts:
        choice = f"<h2>{'Accounts' if several else 'Account'}</h2><ul>{rows}</ul>"
    else:
        choice = '<p class="notice">You do not have an account that this application could use.</p>'
    return _page(
        f"Authorize {application}",
        f"<h1>{escape(application)} would like to use your account</h1>"
        f"<p>It will be able to do what you, {escape(person)}, can do in Harvest.</p>"
        f'<form method="post" action="/oauth2/authorize">{_hidden("consent", consent)}{choice}'
        '<div class="actions"><button class="primary" name="decision" value="approve">'
        'Approve</button><button name="decision" value="deny">Deny</button></div></form>'
        f'<form method="post" action="/sign_out">{_hidden("return_to", return_to)}'
        '<p class="actions"><button>Sign in as someone else</button></p></form>',
    )
