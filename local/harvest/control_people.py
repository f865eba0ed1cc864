"""People of the control host: their accounts and users, their tokens, and OAuth applications."""

from dataclasses import asdict
from typing import Any

from local.harvest.control_records import record_of
from local.harvest.identity import Application, Person
from local.harvest.world import World

Body = dict[str, Any]


class ControlPeople:
    """Answers what the control host is asked about people; see control_host for the addresses."""

    def __init__(self, world: World) -> None:
        self._world = world

    def people(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        found = [self._person_values(one) for one in self._world.identity.everyone()]
        account_id, role = query.get("account_id"), query.get("access_role")
        return {
            "people": [
                person
                for person in found
                if any(
                    account_id in (None, account) and role in (None, *roles)
                    for account, roles in person["access_roles"].items()
                )
                or (account_id is None and role is None)
            ]
        }

    def _person_values(self, person: Person) -> dict[str, Any]:
        identity = self._world.identity
        users = {
            str(account_id): user
            for account_id in person.users
            if (user := identity.user_of(person, account_id))
        }
        return {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "token": identity.personal_token(person.id),
            "users": {account_id: user["id"] for account_id, user in users.items()},
            "access_roles": {
                account_id: user["access_roles"] for account_id, user in users.items()
            },
            "forecast": person.forecast,
        }

    def add_person(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        identity = self._world.identity
        identity.everyone()
        person = identity.add_person(body["first_name"], body["last_name"], body["email"])
        return self._give_accounts(person, body)

    def extend_person(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        person = self._world.identity.person(int(path[0]))
        if person is None:
            raise LookupError(f"no person {path[0]}")
        return self._give_accounts(person, body)

    def _give_accounts(self, person: Person, body: Body) -> object:
        """A user belongs to one person: whoever had it before loses it."""
        identity = self._world.identity
        for account_id, user_id in body.get("users", {}).items():
            record_of(self._world, account_id, "users", user_id)
            for other in identity.people.values():
                if other.users.get(int(account_id)) == user_id:
                    del other.users[int(account_id)]
            person.users[int(account_id)] = int(user_id)
        for forecast_id in body.get("forecast", []):
            if forecast_id not in identity.forecast_accounts:
                raise LookupError(f"no Forecast account {forecast_id}")
            person.forecast.append(forecast_id)
        return self._person_values(person)

    def issue_token(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        person = self._world.identity.person(int(body["person_id"]))
        if person is None:
            raise LookupError(f"no person {body['person_id']}")
        return {"token": self._world.identity.issue_personal_token(person.id).value}

    def revoke(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        identity = self._world.identity
        if "token" in body:
            return {"revoked": identity.revoke_token(str(body["token"]))}
        return {"revoked": identity.revoke_person(int(body["person_id"]))}

    def expire(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        token = self._world.identity.access_tokens.get(str(body["token"]))
        if token is None:
            raise LookupError("no such access token")
        token.expires_at = self._world.now().timestamp()
        return {}

    def applications(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {"applications": [asdict(x) for x in self._world.identity.applications.values()]}

    def put_application(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        lists: dict[str, Any] = {
            name: tuple(body[name]) for name in ("redirect_urls", "products") if name in body
        }
        values: dict[str, Any] = {**body, **lists, "client_id": path[0]}
        application = Application(**values)
        self._world.identity.applications[application.client_id] = application
        return asdict(application)
