"""Creates the template's tables in the chosen store, or checks those that are already there.

Never deletes a table: one that no longer fits the template is reported with what to do.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from local.resources import Table
from local.sam import TemplateError


def ensure_tables(client: Any, tables: Mapping[str, Table]) -> list[str]:
    """Makes every table exist with its indexes, stream and TTL; returns the names of new ones.

    Raises TemplateError when an existing table differs in what cannot be changed.
    """
    problems: list[str] = []
    made = []
    for table in tables.values():
        existing = _existing(client, table.name)
        if existing is None:
            client.create_table(**table.definition)
            made.append(table.name)
        else:
            problems += _adapt(client, table, existing)
    if problems:
        raise TemplateError(problems)
    for table in tables.values():
        if table.ttl_attribute:
            _enable_ttl(client, table)
    return made


def _existing(client: Any, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.describe_table(TableName=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return found


def _adapt(client: Any, table: Table, existing: Mapping[str, Any]) -> list[str]:
    """Adds missing indexes and a missing stream; says what stands against the template."""
    advice = "start with another --state-dir, or with --fresh to begin without the old state"
    if _keys(existing["KeySchema"]) != _keys(table.definition["KeySchema"]):
        return [f"table {table.name} has another key than the template: {advice}"]
    have = {index["IndexName"]: index for index in existing.get("GlobalSecondaryIndexes", [])}
    for index in table.definition.get("GlobalSecondaryIndexes", []):
        found = have.get(index["IndexName"])
        if found is None:
            client.update_table(
                TableName=table.name,
                AttributeDefinitions=table.definition["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )
        elif _keys(found["KeySchema"]) != _keys(index["KeySchema"]):
            return [f"index {index['IndexName']} of {table.name} has another key: {advice}"]
    if table.has_stream and not existing.get("StreamSpecification", {}).get("StreamEnabled"):
        client.update_table(
            TableName=table.name, StreamSpecification=table.definition["StreamSpecification"]
        )
    return []


def _keys(schema: list[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(key["AttributeName"], key["KeyType"]) for key in schema]


def _enable_ttl(client: Any, table: Table) -> None:
    found = client.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    if found.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        client.update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl_attribute},
        )
