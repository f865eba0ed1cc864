"""What moto holds, saved at a stop and put back at the next start.

moto keeps everything in memory. Keys keep their id and material, so that ciphertexts in the tables
still decrypt; queues keep their messages with age, delay and receive count.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from local.aws import Aws
from local.resources import ACCOUNT_ID, REGION, Deployment

# What a file was put with, beside its content; S3 names them alike when it is fetched.
_FILE_FIELDS = ("ContentType", "ContentDisposition", "Metadata")
_MESSAGE_FIELDS = (
    "message_attributes",
    "sent_timestamp",
    "approximate_first_receive_timestamp",
    "approximate_receive_count",
    "deduplication_id",
    "group_id",
    "sequence_number",
    "visible_at",
    "delayed_until",
)


class MotoState:
    """The saved state under one directory; a missing file means nothing was saved."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory

    def secrets(self) -> dict[str, str]:
        """Saved secret values by logical id."""
        return dict(self._read("secrets", {}))

    def restore_keys(self, keys: Mapping[str, Any]) -> None:
        """Gives moto's fresh keys the id and the material they had; saves those of new ones.

        Must run before anything reads a key's ARN.
        """
        from moto.kms.models import kms_backends

        backend = kms_backends[ACCOUNT_ID][REGION]
        saved = self._read("keys", {})
        for logical_id, key in keys.items():
            if known := saved.get(logical_id):
                backend.keys.pop(key.id, None)
                key.arn = key.arn.replace(key.id, known["id"])
                key.id = known["id"]
                key.key_material = base64.b64decode(known["material"])
                for alias in key.aliases.values():
                    alias.target_key_id = key.id
                backend.keys[key.id] = key
            else:
                material = base64.b64encode(key.key_material).decode()
                saved[logical_id] = {"id": key.id, "material": material}
        self._write("keys", saved)

    def save(self, deployment: Deployment, aws: Aws, with_tables: bool) -> None:
        """Saves secrets, queues and files, and the tables when moto holds them."""
        self._write("secrets", _secrets(deployment))
        self._write("queues", {name: _messages(q.name) for name, q in deployment.queues.items()})
        self._write("files", list(_files(aws)))
        if with_tables:
            tables = {name: _items(aws, t.name) for name, t in deployment.tables.items()}
            self._write("tables", tables)

    def restore(self, deployment: Deployment, aws: Aws, with_tables: bool) -> None:
        """Fills the queues, the buckets and, when moto holds them, the tables."""
        for logical_id, messages in self._read("queues", {}).items():
            if queue := deployment.queues.get(logical_id):
                _put_messages(queue.name, messages)
        buckets = {b["Name"] for b in aws.client("s3").list_buckets()["Buckets"]}
        for file in self._read("files", []):
            if file["Bucket"] in buckets:
                body = base64.b64decode(file.pop("Body"))
                aws.client("s3").put_object(Body=body, **file)
        if with_tables:
            for logical_id, items in self._read("tables", {}).items():
                if table := deployment.tables.get(logical_id):
                    _put_items(aws, table.name, items)

    def _read(self, name: str, default: Any) -> Any:
        path = self._directory / f"{name}.json"
        return json.loads(path.read_text()) if path.exists() else default

    def _write(self, name: str, value: Any) -> None:
        path = self._directory / f"{name}.json"
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(value))
        part.replace(path)


def _secrets(deployment: Deployment) -> dict[str, str]:
    from moto.secretsmanager.models import secretsmanager_backends

    backend = secretsmanager_backends[ACCOUNT_ID][REGION]
    values = {}
    for logical_id, name in deployment.secrets.items():
        secret = backend.secrets[name]
        assert secret.default_version_id
        version = secret.versions[secret.default_version_id]
        values[logical_id] = version["secret_string"]
    return values


def _messages(queue_name: str) -> list[dict[str, Any]]:
    from moto.sqs.models import sqs_backends

    queue = sqs_backends[ACCOUNT_ID][REGION].get_queue(queue_name)
    return [
        {
            "id": message.id,
            "body": message.body,
            **{name: getattr(message, name) for name in _MESSAGE_FIELDS},
        }
        for message in queue._messages
    ]


def _put_messages(queue_name: str, messages: Iterable[Mapping[str, Any]]) -> None:
    from moto.sqs.models import Message, sqs_backends

    queue = sqs_backends[ACCOUNT_ID][REGION].get_queue(queue_name)
    for saved in messages:
        message = Message(saved["id"], saved["body"])
        for name in _MESSAGE_FIELDS:
            setattr(message, name, saved[name])
        queue.add_message(message)
        if not message.visible:
            queue._pending_messages.add(message)  # it still holds its group back


def _files(aws: Aws) -> Iterable[dict[str, Any]]:
    client = aws.client("s3")
    for bucket in client.list_buckets()["Buckets"]:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"])
        for page in pages:
            for entry in page.get("Contents", []):
                found = client.get_object(Bucket=bucket["Name"], Key=entry["Key"])
                yield {
                    "Bucket": bucket["Name"],
                    "Key": entry["Key"],
                    **{name: found[name] for name in _FILE_FIELDS if name in found},
                    "Body": base64.b64encode(found["Body"].read()).decode(),
                }


def _items(aws: Aws, table_name: str) -> list[dict[str, Any]]:
    pages = aws.client("dynamodb").get_paginator("scan").paginate(TableName=table_name)
    return [_binary_as_text(item) for page in pages for item in page["Items"]]


def _put_items(aws: Aws, table_name: str, items: list[dict[str, Any]]) -> None:
    client = aws.client("dynamodb")
    for start in range(0, len(items), 25):
        puts = [{"PutRequest": {"Item": _text_as_binary(i)}} for i in items[start : start + 25]]
        client.batch_write_item(RequestItems={table_name: puts})


def _binary_as_text(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {key: _binary_as_text(inner) for key, inner in value.items()}
    return [_binary_as_text(inner) for inner in value] if isinstance(value, list) else value


def _text_as_binary(value: Any) -> Any:
    if isinstance(value, dict):
        # An attribute map cannot look like this: its values are always typed, {"S": ...}.
        if set(value) == {"base64"} and isinstance(value["base64"], str):
            return base64.b64decode(value["base64"])
        return {key: _text_as_binary(inner) for key, inner in value.items()}
    return [_text_as_binary(inner) for inner in value] if isinstance(value, list) else value
