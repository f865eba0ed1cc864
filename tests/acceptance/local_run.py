"""How acceptance tests speak to the running local stack: its tokens, clock, queues and tables."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import boto3
import httpx

from tests.acceptance.clients import Api, Recorder
from tests.acceptance.simulated_harvest import Simulator

_TOKEN_LIVES = 90 * 86_400


class LocalRun:
    """The running local stack: tokens, clock, queues."""

    def __init__(self, control: str, recorder: Recorder) -> None:
        self._control = control
        self._recorder = recorder
        state = self.call("GET", "/state")
        urls = state["urls"]
        self.api_url: str = urls["api"]
        self.store: str = state["store"]
        self._aws, self._tables_url = urls["aws"], urls["tables"]
        self.simulator = Simulator(
            urls["harvest"]["control"],
            urls["harvest"]["api"],
            urls["harvest"]["identity"],
            recorder,
        )

    def call(self, method: str, path: str, body: Any = None) -> Any:
        response = httpx.request(method, f"{self._control}{path}", json=body, timeout=120)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def items(self, table: str) -> list[dict[str, Any]]:
        """Every raw item of a table (its name in the template)."""
        name = self.call("GET", "/state")["tables"][table]
        with closing(_aws_client("dynamodb", self._tables_url)) as reader:
            pages = reader.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
            return [dict(item) for page in pages for item in page["Items"]]

    def lose_item(self, table: str, pk: str, sk: str) -> None:
        """Makes a table lack an item that an older release never wrote."""
        name = self.call("GET", "/state")["tables"][table]
        with closing(_aws_client("dynamodb", self._tables_url)) as operator:
            operator.delete_item(TableName=name, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    def put_client_secret(self, text: str) -> None:
        """What an operator does after the OAuth application's secret was changed at Harvest."""
        with closing(_aws_client("secretsmanager", self._aws)) as operator:
            (secret,) = [
                one["ARN"]
                for one in operator.list_secrets()["SecretList"]
                if "HarvestApplicationSecret" in one["Name"]
            ]
            operator.put_secret_value(SecretId=secret, SecretString=text)

    def api(self, tenant: str, *roles: str, user: str = "ada") -> Api:
        """The API as a user with the roles (admin if none is named)."""
        return self._api(tenant, roles or ("admin",), user, self._recorder)

    def _api(self, tenant: str, roles: Sequence[str], user: str, recorder: Recorder) -> Api:
        wanted = {
            "tenant": tenant,
            "user": user,
            "roles": roles,
            "expires_in": _TOKEN_LIVES,  # tests move the clock
        }
        token = self.call("POST", "/tokens", wanted)["token"]
        return Api(self.api_url, token, recorder)

    def retire(self, tenant: str) -> None:
        """Disconnects whatever the tenant connected: the schedule has no more work for it."""
        unrecorded = Recorder()
        admin = self._api(tenant, ("admin",), "ada", unrecorded)
        for one in admin.get("/v1/connections")["connections"]:
            admin.post(f"/v1/connections/{one['id']}/disconnect", {"confirm": True})
        unrecorded.forget()

    def await_day(self) -> None:
        """Ends a night, so that no nightly work comes in between unless a test lets it.

        Nights are those of the samples' accounts, which begin at 23:00 UTC at the earliest; half
        past five is the last of their nightly work.
        """
        now = datetime.fromisoformat(self.call("GET", "/state")["clock"]["now"])
        if not 6 <= now.hour < 18:
            morning = now.replace(hour=6, minute=0, second=0, microsecond=0)
            days = timedelta(days=1 if now.hour >= 18 else 0)
            self.advance((morning + days - now).total_seconds())

    def advance(self, seconds: float) -> None:
        self.call("POST", "/clock/advance", {"seconds": seconds})

    def tick(self) -> None:
        """Lets the schedule fire once, and the work that follows end."""
        self.call("POST", "/tick", {})
        self.drain()

    def drain(self) -> None:
        self.call("POST", "/drain", {"seconds": 60})


def _aws_client(service: Any, url: str) -> Any:
    """A client of the local run's AWS."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
