"""Sign-in and consent: turns a person's decision into an authorization code, or into a denial.

Codes are single-use and short-lived. Nothing is ever sent to an address that the application has
not registered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from local.harvest.errors import NoRouteError
from local.harvest.identity import Application, Grant, Person
from local.harvest.sign_in_pages import (
    AccountChoice,
    PersonChoice,
    consent_page,
    problem_page,
    sign_in_page,
)
from local.harvest.wire import Request, Response
from local.harvest.world import World

COOKIE = "harvest_id"
MOST_LISTED = 40
TIERS = ("administrator", "manager", "member")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asked for, checked."""

    application: Application
    redirect_uri: str
    state: str | None
    response_type: str

    def answer(self, **values: str) -> Response:
        """Sends the browser back to the application."""
        if self.state is not None:
            values["state"] = self.state
        joint = "&" if "?" in self.redirect_uri else "?"
        return _redirect(f"{self.redirect_uri}{joint}{urlencode(values)}")


@dataclass(frozen=True, slots=True)
class Consent:
    """An open consent page: good for one decision of one person."""

    asked: Asked
    person_id: int


class AuthorizationPages:
    """The pages and what their forms do; the caller holds the lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, int] = {}
        self._consents: dict[str, Consent] = {}

    def serve(self, request: Request) -> Response:
        match request.method, request.path:
            case "GET", "/oauth2/authorize":
                return self._authorize(request)
            case "POST", "/oauth2/authorize":
                return self._decide(request)
            case "POST", "/sign_in":
                return self._sign_in(request)
            case "POST", "/sign_out":
                return self._sign_out(request)
            case _:
                raise NoRouteError

    def _authorize(self, request: Request) -> Response:
        asked = self._asked(request.query)
        if isinstance(asked, Response):
            return asked
        if asked.response_type != "code":
            return asked.answer(error="unsupported_response_type")
        return_to = f"{request.path}?{urlencode(request.query)}"
        person = self._person(request)
        if person is None:
            return self._sign_in_page(return_to)
        consent = self._world.identity.random_text(32)
        self._consents[consent] = Consent(asked, person.id)
        return consent_page(
            asked.application.name,
            person.name,
            self._choices(asked.application, person),
            asked.application.multi_account,
            consent,
            return_to,
        )

    def _asked(self, query: Mapping[str, str]) -> Asked | Response:
        application = self._world.identity.applications.get(query.get("client_id", ""))
        if application is None:
            return problem_page(
                "Unknown application", "The client_id does not belong to a registered application."
            )
        redirect_uri = query.get("redirect_uri") or application.redirect_urls[0]
        if not application.accepts(redirect_uri):
            return problem_page(
                "Redirect not allowed",
                "The redirect_uri does not begin with the Redirect URL of the application.",
            )
        return Asked(
            application, redirect_uri, query.get("state"), query.get("response_type", "code")
        )

    def _choices(self, application: Application, person: Person) -> list[AccountChoice]:
        return [
            AccountChoice(account_id, name, product)
            for account_id, name, product in self._world.identity.memberships(person)
            if product in application.products
        ]

    def _decide(self, request: Request) -> Response:
        form = request.body_values()
        person = self._person(request)
        consent = self._consents.pop(str(form.get("consent")), None)
        if consent is None or person is None or person.id != consent.person_id:
            return problem_page("This page has expired", "Start again from the application.")
        asked = consent.asked
        if form.get("decision") != "approve":
            return asked.answer(error="access_denied")
        offered = {
            f"{one.product}:{one.id}": one.id for one in self._choices(asked.application, person)
        }
        chosen = [str(scope) for scope in form.get("accounts", ())]
        if any(scope not in offered for scope in chosen) or (offered and not chosen):
            return problem_page("No account was chosen", "Start again from the application.")
        if not asked.application.multi_account:
            chosen = chosen[:1]
        grant = Grant(
            person.id, asked.application.client_id, tuple(offered[scope] for scope in chosen)
        )
        lifetime = self._world.switches.code_seconds
        code = self._world.identity.issue_code(grant, self._world.now().timestamp() + lifetime)
        return asked.answer(code=code.value, scope=" ".join(chosen))

    def _person(self, request: Request) -> Person | None:
        cookies = SimpleCookie(request.headers.get("cookie", ""))
        person_id = self._sessions.get(cookies[COOKIE].value) if COOKIE in cookies else None
        return self._world.identity.person(person_id) if person_id is not None else None

    def _sign_in_page(self, return_to: str, notice: str = "") -> Response:
        everyone = sorted(
            (self._person_choice(one) for one in self._world.identity.everyone()),
            key=lambda one: TIERS.index(one.role) if one.role in TIERS else len(TIERS),
        )
        # People without Harvest come last but are always listed: they exist to be tried.
        outside = [one for one in everyone if one.role not in TIERS]
        listed = everyone[: len(everyone) - len(outside)][:MOST_LISTED] + outside
        return sign_in_page(listed, len(everyone) - len(listed), return_to, notice)

    def _person_choice(self, person: Person) -> PersonChoice:
        identity = self._world.identity
        users = [identity.user_of(person, account_id) for account_id in person.users]
        roles = {role for user in users if user for role in user["access_roles"]}
        role = next((tier for tier in TIERS if tier in roles), None)
        if role is None:
            role = "Forecast only" if person.forecast else "no account"
        return PersonChoice(person.id, person.name, person.email, role)

    def _sign_in(self, request: Request) -> Response:
        form = request.body_values()
        return_to = _own_path(form.get("return_to"))
        email, chosen = str(form.get("email", "")).casefold(), str(form.get("person", ""))
        for person in self._world.identity.everyone():
            if str(person.id) == chosen or (email and person.email.casefold() == email):
                session = self._world.identity.random_text(32)
                self._sessions[session] = person.id
                cookie = f"{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"
                return _redirect(return_to, {"Set-Cookie": cookie})
        return self._sign_in_page(return_to, "Nobody has this e-mail address.")

    def _sign_out(self, request: Request) -> Response:
        form = request.body_values()
        cookie = f"{COOKIE}=; Path=/; Max-Age=0"
        return _redirect(_own_path(form.get("return_to")), {"Set-Cookie": cookie})


def _own_path(value: object) -> str:
    """Only this host's authorize page is returned to."""
    path = str(value or "")
    return path if path.startswith("/oauth2/authorize?") else "/oauth2/authorize"


def _redirect(location: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(303, b"", {**(headers or {}), "Location": location})
