"""The local run as a whole: starts every part in order and ends them in reverse.

`with LocalStack(LocalSettings(...)) as stack:` is what tests and tools use; `python -m local` is
the same for people. It listens on 127.0.0.1 only and starts no container.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal, Self

from local import template
from local.aws import Aws
from local.clock import LocalClock
from local.control import ControlServer
from local.deploy import deploy
from local.functions import Functions
from local.gateway import Gateway
from local.harvest_process import (
    CLIENT_ID,
    CLIENT_SECRET,
    HarvestProcess,
    HarvestUrls,
)
from local.issuer import Issuer
from local.moto_state import MotoState
from local.routes import preflight_warnings
from local.runtime import Outcome
from local.settings import PROJECT, LocalSettings
from local.state_dir import StateDirectory
from local.stores import TableStore, start_store
from local.tables import ensure_tables
from local.triggers import SendFailure, Triggers

CLOCK_VARIABLE = "SHEAF_CLOCK"
_AUDIENCE = "sheaf-local"
_HARVEST_SECRET = "HarvestApplicationSecret"  # noqa: S105 - a resource of the template


@dataclass(frozen=True, slots=True)
class Urls:
    api: str
    issuer: str
    control: str
    aws: str
    tables: str
    harvest: HarvestUrls | None


class LocalStack:
    """One local run; `start` may raise SettingsError, TemplateError, StoreError and the like."""

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self.clock = LocalClock(settings.state_dir / "clock")
        self.notes: list[str] = []
        self.ready_seconds = 0.0
        self._harvest_urls: HarvestUrls | None = None
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Brings everything up; after a failure nothing is left running."""
        started = time.monotonic()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        self.ready_seconds = time.monotonic() - started

    def _start(self) -> None:
        settings, ending = self.settings, self._ending
        directory = StateDirectory(settings.state_dir)
        directory.open(settings.fresh)
        ending.callback(directory.close)
        if not directory.ended_cleanly and not settings.fresh:
            self.notes.append(
                "The last run was killed: queue messages, files, secrets and what moto held are"
                " those of the clean stop before it."
            )
        declared = template.declared_parameters(settings.template)
        harvest = self._start_harvest(declared)
        store = start_store(settings.store, settings.state_dir / "tables", PROJECT)
        ending.callback(store.stop)
        self.notes += store.notes
        self._aws = aws = Aws(self.clock)
        ending.callback(aws.stop)
        self.issuer = Issuer(
            settings.state_dir / "issuer.pem",
            self.clock,
            directory.port("issuer", settings.issuer_port),
        )
        ending.callback(self.issuer.stop)
        gateway = Gateway(self.clock, directory.port("api", settings.api_port))
        ending.callback(gateway.close)
        if harvest:
            self._harvest_urls = harvest.urls()
        values = self._parameters(declared, gateway.url)
        state = MotoState(settings.state_dir / "aws")
        translated = template.read(settings.template, settings.stack, values)
        self.deployment = deploy(translated, aws, settings.stack, state, self._secrets())
        if self.deployment.api:
            self.notes += preflight_warnings(self.deployment.api)
        self._open_tables(store, state)
        ending.callback(state.save, self.deployment, aws, store.url is None)
        self._start_functions()
        self._adopt_claims()
        if self.deployment.api:
            gateway.open(self.deployment.api, self.functions)
        ending.callback(gateway.stop)
        control = ControlServer(self, directory.port("control", settings.control_port))
        ending.callback(control.stop)
        self.urls = Urls(
            gateway.url, self.issuer.url, control.url, aws.url, aws.tables_url, self._harvest_urls
        )
        for name, url in (
            ("api", gateway.url),
            ("issuer", self.issuer.url),
            ("control", control.url),
        ):
            directory.remember_port(name, int(url.rpartition(":")[2]))

    def _start_harvest(self, declared: set[str]) -> HarvestProcess | None:
        settings = self.settings
        if settings.harvest_api_url and settings.harvest_id_url:
            self._harvest_urls = HarvestUrls(settings.harvest_api_url, settings.harvest_id_url)
        if self._harvest_urls or not {"HarvestApiUrl", "HarvestIdUrl"} <= declared:
            return None
        if {"HarvestApiUrl", "HarvestIdUrl"} <= set(settings.parameters):
            return None
        harvest = HarvestProcess(
            settings.sample, settings.seed, self.clock, settings.state_dir / "harvest"
        )
        self._ending.callback(harvest.stop)
        return harvest

    def _parameters(self, declared: set[str], api_url: str) -> dict[str, str]:
        settings, harvest = self.settings, self._harvest_urls
        values = {
            "JwtIssuer": self.issuer.url,
            "JwtAudience": _AUDIENCE,
            "AllowedOrigins": ",".join(settings.origins),
            "ReturnAddresses": ",".join(settings.return_addresses),
            "PublicUrl": api_url,
            "HarvestClientId": settings.harvest_client_id or CLIENT_ID,
        }
        if harvest:
            values |= {"HarvestApiUrl": harvest.api, "HarvestIdUrl": harvest.identity}
        known = {name: value for name, value in values.items() if name in declared}
        return {**known, **settings.parameters}

    def _secrets(self) -> dict[str, str]:
        given = self.settings.harvest_client_secret
        if given is None and self._harvest_urls and self._harvest_urls.control:
            given = CLIENT_SECRET
        secret = {} if given is None else {_HARVEST_SECRET: given}
        return {**secret, **self.settings.secrets}

    def _open_tables(self, store: TableStore, state: MotoState) -> None:
        store.wait_until_ready()
        if store.url:
            self._aws.tables_url = store.url
        ensure_tables(self._aws.client("dynamodb"), self.deployment.tables)
        state.restore(self.deployment, self._aws, store.url is None)

    def _start_functions(self) -> None:
        deployment, settings = self.deployment, self.settings
        sizes = dict.fromkeys((s.function for s in deployment.queue_sources), 2)
        routed = {route.function for route in deployment.api.routes} if deployment.api else set()
        sizes |= dict.fromkeys(routed, 4)
        for name, function in deployment.functions.items():
            if function.reserved_concurrency is not None:
                sizes[name] = min(sizes.get(name, 1), function.reserved_concurrency)
        self.functions = Functions(
            deployment.functions,
            {**self._aws.environment(), CLOCK_VARIABLE: str(self.clock.path)},
            {**sizes, **settings.concurrency},
            settings.state_dir / "logs",
            SendFailure(deployment, self._aws),
        )
        self.triggers = Triggers(
            deployment,
            self.functions,
            self._aws,
            self.clock,
            settings.state_dir,
            settings.ticks,
            settings.triggers,
        )
        self._ending.callback(self.triggers.keep)
        self._ending.callback(self.functions.stop)
        self._ending.callback(self.triggers.stop)
        self.triggers.start()
        for name in routed:
            self.functions.pools[name].warm()

    def _adopt_claims(self) -> None:
        parameters = self.deployment.parameters
        for role, name in (
            ("tenant", "TenantClaim"),
            ("user", "UserClaim"),
            ("roles", "RolesClaim"),
        ):
            if name in parameters:
                self.issuer.claim_names[role] = str(parameters[name])
        audience = parameters.get("JwtAudience", _AUDIENCE)
        self.issuer.audience = audience if isinstance(audience, str) else audience[0]

    def stop(self) -> None:
        """Ends every part and saves the state; may be called twice."""
        self._ending.close()

    def token(self, tenant: str, user: str, *roles: str, **more: Any) -> str:
        """An access token that the API accepts; `more` goes to `Issuer.token`."""
        return self.issuer.token(tenant, user, roles, **more)

    def advance(self, seconds: float) -> int:
        """Moves the clock forward; returns how many missed ticks were started."""
        self.clock.advance(seconds)
        return self.triggers.clock_advanced()

    def drain(self, seconds: float = 30) -> bool:
        """Waits until queues, streams and functions are idle; False when time ran out.

        Messages that are delayed or invisible do not count: `state` tells how many wait.
        """
        return self.triggers.drain(seconds)

    def kill(
        self,
        function: str,
        mode: Literal["now", "next"] = "now",
        after: float = 1.0,
        seed: int | None = None,
    ) -> int:
        """SIGKILLs a function's processes now, or its next invocation within `after` seconds."""
        return self.functions.pools[function].kill(after if mode == "next" else None, seed)

    def invoke(self, function: str, event: Any) -> Outcome:
        """Calls one function directly with any event and returns how it ended."""
        return self.functions.invoke(function, event)

    def queue_depths(self) -> dict[str, dict[str, int]]:
        """For each queue: messages that are visible, in flight and delayed."""
        names = {
            "visible": "ApproximateNumberOfMessages",
            "in_flight": "ApproximateNumberOfMessagesNotVisible",
            "delayed": "ApproximateNumberOfMessagesDelayed",
        }
        depths = {}
        for logical_id, queue in self.deployment.queues.items():
            found = self._aws.client("sqs").get_queue_attributes(
                QueueUrl=queue.url, AttributeNames=list(names.values())
            )["Attributes"]
            depths[logical_id] = {name: int(found[long]) for name, long in names.items()}
        return depths

    def environment(self, function: str) -> dict[str, str]:
        """What a process needs to run as that function."""
        return {
            **self.deployment.functions[function].environment,
            **self._aws.environment(),
            CLOCK_VARIABLE: str(self.clock.path),
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the local AWS, for tools and tests."""
        return self._aws.client(service)
