"""What people do with a connection without a call to Harvest: start, look, change, disconnect."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sheaf.connections import rules
from sheaf.connections.authorisations import AuthorisationStore, Step, state_hash
from sheaf.connections.planning import LOCAL_TIMES, JobPlan, rhythm
from sheaf.connections.records import Connection, Kind, State, schedule_document
from sheaf.connections.schedules import ImportSchedule
from sheaf.connections.store import ConnectionStore, JobKind, StaleConnectionError
from sheaf.harvest.identity import authorize_url
from sheaf.platform.actions import Action, Delete
from sheaf.platform.caller import Caller
from sheaf.platform.clock import Now, epoch_seconds, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.settings import Settings
from sheaf.platform.tables import Table
from sheaf.tenants.audit import Trail
from sheaf.tenants.settings import SettingsStore, require_enabled

# A connection that nobody finished is forgotten after a day.
_PENDING_FOR = timedelta(days=1)
# What a connection can bring; a new one begins with the first alone.
MODULES = ("clients", "projects", "people", "actuals", "recurring", "books")

REVOKE = (
    "Sheaf has deleted its tokens. To revoke the access at Harvest too, open Harvest ID >"
    " Authorised applications (or Developers, for a personal access token) and remove it there."
)


class ConnectionDesk:
    """The connections of one tenant, as its people handle them."""

    def __init__(
        self,
        store: ConnectionStore,
        authorisations: AuthorisationStore,
        trail: Trail,
        tenant: SettingsStore,
        settings: Settings,
        now: Now,
    ) -> None:
        self.store = store
        self.plan = JobPlan(store, tenant, now)
        self._authorisations = authorisations
        self._trail = trail
        self._tenant = tenant
        self._settings = settings
        self._now = now

    def start(
        self,
        caller: Caller,
        api_url: str,
        return_to: str,
        popup: bool,
        harvest_address: str | None,
        connection_id: str | None = None,
        subject: str = "",
    ) -> tuple[Connection, str]:
        """A pending connection (or one to reconnect) and the address to send the browser to.

        A new one's id is made of the subject, if there is one: the same again finds it.
        """
        tenant = self._tenant.get()
        require_enabled(tenant)
        if not self._settings.harvest_client_id:
            raise Problem(
                503,
                "oauth_not_configured",
                "This deployment has no Harvest OAuth application yet.",
                "Have the operator register one and deploy with HarvestClientId and its secret;"
                " until then connect with a personal access token.",
            )
        allowed = tenant.return_addresses or self._settings.return_addresses
        if not (
            rules.return_address_allowed(return_to, allowed)
            and rules.return_address_allowed(return_to, self._settings.return_addresses)
        ):
            raise Problem(
                422,
                "return_address_not_allowed",
                f"A browser may not be sent back to {return_to}.",
                "Use one of the allowed return addresses, or have an admin add this one.",
                {"allowed": list(allowed)},
            )
        domain = rules.harvest_domain(harvest_address) if harvest_address else ""
        if connection_id is None:
            connection = self._new(Kind.OAUTH, caller.user_id, domain, subject)
        else:
            connection = self.store.get(connection_id)
        state = self._authorisations.start(
            caller.tenant_id, caller.user_id, connection.connection_id, return_to, popup
        )
        connection = self.save(
            replace(
                connection,
                authorisation=state_hash(state),
                harvest_domain=domain or connection.harvest_domain,
            )
        )
        url = authorize_url(
            self._settings.harvest_id_url,
            self._settings.harvest_client_id,
            f"{api_url}/oauth/callback",
            state,
        )
        return connection, url

    def save(self, connection: Connection, *along: tuple[Table, Action]) -> Connection:
        """Saves the next version; a problem that shows the connection as it is, for a stale one."""
        try:
            return self.store.save(connection, *along)
        except StaleConnectionError as stale:
            raise self.stale(stale.current) from None

    def stale(self, current: Connection) -> Problem:
        """What says that the connection was changed meanwhile, and how it is now."""
        return stale_version(self.document(current))

    def require_enabled(self) -> None:
        """A problem while the integration is switched off."""
        require_enabled(self._tenant.get())

    def for_token(
        self, caller: Caller, harvest_address: str | None, subject: str = ""
    ) -> Connection:
        """A connection that is about to be made with a personal access token; not stored yet.

        The stored one where the same subject has made it before.
        """
        require_enabled(self._tenant.get())
        domain = rules.harvest_domain(harvest_address) if harvest_address else ""
        return self._new(Kind.TOKEN, caller.user_id, domain, subject)

    def document(self, connection: Connection) -> dict[str, Any]:
        """The connection with how far its authorisation is and when it imports next."""
        document = connection.document(
            *(
                self.store.due_at(connection.connection_id, kind)
                if connection.state is State.CONNECTED
                else None
                for kind in (JobKind.IMPORT_CLIENTS, JobKind.IMPORT_WORK)
            )
        )
        document["authorisation"] = None
        if connection.authorisation:
            step = self._authorisations.step_of(connection.authorisation)
            document["authorisation"] = "expired" if step is None else step.value
        if connection.state is not State.PENDING and document["authorisation"] in (
            Step.REDEEMED.value,
            "expired",
        ):
            document["authorisation"] = None
        return document

    def change(
        self,
        caller: Caller,
        connection_id: str,
        version: int,
        schedule: ImportSchedule | None,
        modules: dict[str, bool] | None,
        policies: dict[str, str] | None = None,
    ) -> Connection:
        """Sets the import schedule, the module switches and the policies of imports.

        Only jobs whose time is another one now are planned anew: one that is due or waits stays.
        """
        connection = self.store.get(connection_id)
        changed = replace(
            connection,
            version=version,
            schedule=schedule or connection.schedule,
            modules={**(connection.modules or {}), **(modules or {})},
            policies={**(connection.policies or {}), **(policies or {})},
        )
        both = {
            "import_schedule": (
                schedule_document(connection.schedule),
                schedule_document(changed.schedule),
            ),
            "modules": (dict(connection.modules or {}), dict(changed.modules or {})),
            "import_policies": (dict(connection.policies or {}), dict(changed.policies or {})),
        }
        audit = self._trail.entry(
            connection_id,
            "connection_changed",
            caller.user_id,
            {
                name: {"before": before, "after": after}
                for name, (before, after) in both.items()
                if before != after
            },
        )
        return self.save(
            changed,
            (self._trail.table, audit),
            *(
                self.store.schedule(connection_id, kind, self.plan.next_due(changed, kind))
                for kind in LOCAL_TIMES
                if rhythm(changed, kind) != rhythm(connection, kind)
            ),
        )

    def disconnect(
        self, caller: Caller, connection_id: str, reason: str | None, comment: str | None
    ) -> Connection:
        """Deletes the tokens and stops all work; everything imported stays."""
        connection = self.store.get(connection_id)
        if connection.state is State.DISCONNECTED:
            return connection
        changed = replace(
            connection,
            state=State.DISCONNECTED,
            disconnected_at=rfc3339(self._now()),
            authorisation="",
            choices=(),
            findings=(),
        )
        why = ": ".join(part for part in (reason, comment) if part) or None
        audit = self._trail.entry(connection_id, "disconnected", caller.user_id, reason=why)
        return self.save(
            changed,
            (self.store.table, Delete(self.store.token_key(connection_id))),
            (self._trail.table, audit),
            *self.store.unschedule(connection_id),
        )

    def _new(self, kind: Kind, user_id: str, domain: str, subject: str) -> Connection:
        connection_id = f"cn_{subject}" if subject else random_id("cn")
        if subject and (made := self.store.find(connection_id)) is not None:
            return made
        return Connection(
            connection_id=connection_id,
            kind=kind,
            state=State.PENDING,
            version=0,
            created_at=rfc3339(self._now()),
            created_by=user_id,
            harvest_domain=domain,
            modules={name: name == MODULES[0] for name in MODULES},
            expires_at=epoch_seconds(self._now() + _PENDING_FOR),
        )
