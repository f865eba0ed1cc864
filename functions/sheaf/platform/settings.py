"""What the stack tells a function through its environment, read once and checked as a whole."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


class SettingsError(Exception):
    """Lists every setting that is missing or wrong, so that one deploy mends them all."""


@dataclass(frozen=True, slots=True)
class Settings:
    connections_table: str
    directory_table: str
    mirror_table: str
    runs_table: str
    books_table: str
    jobs_queue_url: str
    files_bucket: str
    token_key_id: str
    tenant_claim: str
    user_claim: str
    roles_claim: str
    public_url: str
    return_addresses: tuple[str, ...]
    signing_secret_arn: str
    harvest_secret_arn: str
    harvest_client_id: str
    harvest_api_url: str
    harvest_id_url: str
    harvest_contact: str
    harvest_requests_per_15_seconds: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        faults: list[str] = []

        def required(name: str) -> str:
            value = environment.get(name, "").strip()
            if not value:
                faults.append(f"{name} is missing")
            return value

        def url(name: str) -> str:
            value = required(name)
            if value and not value.startswith(
                ("https://", "http://127.0.0.1:", "http://localhost:")
            ):
                faults.append(f"{name} must be an https address, not {value!r}")
            return value.rstrip("/")

        def number(name: str, low: int, high: int) -> int:
            text = required(name)
            if not text.isdigit() or not low <= int(text) <= high:
                if text:
                    faults.append(f"{name} must be a number from {low} to {high}, not {text!r}")
                return low
            return int(text)

        settings = cls(
            connections_table=required("CONNECTIONS_TABLE"),
            directory_table=required("DIRECTORY_TABLE"),
            mirror_table=required("MIRROR_TABLE"),
            runs_table=required("RUNS_TABLE"),
            books_table=required("BOOKS_TABLE"),
            jobs_queue_url=required("JOBS_QUEUE_URL"),
            files_bucket=required("FILES_BUCKET"),
            token_key_id=required("TOKEN_KEY_ID"),
            tenant_claim=required("TENANT_CLAIM"),
            user_claim=required("USER_CLAIM"),
            roles_claim=required("ROLES_CLAIM"),
            public_url=environment.get("PUBLIC_URL", "").strip().rstrip("/"),
            return_addresses=tuple(
                part.strip() for part in required("RETURN_ADDRESSES").split(",") if part.strip()
            ),
            signing_secret_arn=required("SIGNING_SECRET_ARN"),
            harvest_secret_arn=required("HARVEST_SECRET_ARN"),
            harvest_client_id=environment.get("HARVEST_CLIENT_ID", "").strip(),
            harvest_api_url=url("HARVEST_API_URL"),
            harvest_id_url=url("HARVEST_ID_URL"),
            harvest_contact=required("HARVEST_CONTACT"),
            harvest_requests_per_15_seconds=number("HARVEST_REQUESTS_PER_15_SECONDS", 10, 100),
        )
        if faults:
            raise SettingsError("; ".join(faults))
        return settings
