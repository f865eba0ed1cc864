"""Deploys a translated template: moto creates what it can, the rest becomes a `Deployment`.

moto's CloudFormation also resolves every reference here, so that the gateway, the triggers and the
functions' environments see the values that a real deployment would give them.
"""

import json
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.aws import Aws
from local.moto_state import MotoState
from local.resources import (
    ACCOUNT_ID,
    REGION,
    Deployment,
    Function,
    HttpApi,
    Queue,
    QueueSource,
    Schedule,
    StreamSource,
    Table,
)
from local.routes import read_api
from local.sam import TemplateError
from local.template import Translated, secret_arn


class _Stack:
    """One created stack: finds resources by type and resolves template values in it."""

    def __init__(self, resources: Any, translated: Translated) -> None:
        self._resources = resources
        self._all = {**translated.created["Resources"], **translated.played}

    def resolve(self, value: Any) -> Any:
        from moto.cloudformation.parsing import clean_json

        return clean_json(value, self._resources)

    def of_type(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and resolved properties of each resource whose condition holds."""
        for name, resource in self._all.items():
            condition = resource.get("Condition")
            if resource["Type"] != kind:
                continue
            if condition and not self._resources.lazy_condition_map[condition]:
                continue
            yield name, self.resolve(resource.get("Properties", {}))

    def physical(self, logical_id: str) -> Any:
        return self._resources[logical_id]

    def parameters(self) -> dict[str, Any]:
        return dict(self._resources.resolved_parameters)


def deploy(
    translated: Translated, aws: Aws, stack: str, state: MotoState, secrets: Mapping[str, str]
) -> Deployment:
    """Creates the stack in moto; `secrets` gives values by a secret's logical id.

    A secret that is not given keeps its saved value. Raises TemplateError with every part that
    cannot be served.
    """
    created = _create(translated, aws, stack)
    state.restore_keys({n: created.physical(n) for n, _ in created.of_type("AWS::KMS::Key")})
    functions = {f.logical_id: f for f in _functions(created, translated.code)}
    by_name = {f.name: f.logical_id for f in functions.values()}
    problems = list(translated.problems)
    tables = {name: _table(name, p) for name, p in created.of_type("AWS::DynamoDB::Table")}
    queues = {name: _queue(name, created) for name, _ in created.of_type("AWS::SQS::Queue")}
    secret_names = _create_secrets(created, aws, {**state.secrets(), **secrets})
    sources = list(_sources(created, by_name, tables, problems))
    deployment = Deployment(
        stack=stack,
        functions=functions,
        api=_api(created, by_name, problems),
        queue_sources=[s for s in sources if isinstance(s, QueueSource)],
        stream_sources=[s for s in sources if isinstance(s, StreamSource)],
        schedules=list(_schedules(created, by_name, stack, problems)),
        tables=tables,
        queues=queues,
        secrets=secret_names,
        parameters=created.parameters(),
    )
    if problems:
        raise TemplateError(problems)
    return deployment


def _create(translated: Translated, aws: Aws, stack: str) -> _Stack:
    from botocore.exceptions import ClientError
    from moto.cloudformation.models import cloudformation_backends

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            aws.client("cloudformation").create_stack(
                StackName=stack,
                TemplateBody=json.dumps(translated.created),
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
                Parameters=[
                    {"ParameterKey": key, "ParameterValue": value}
                    for key, value in translated.parameters.items()
                ],
            )
        except ClientError as error:
            raise TemplateError([f"the stack could not be created: {error}"]) from error
    found = cloudformation_backends[ACCOUNT_ID][REGION].get_stack(stack)
    return _Stack(found.resource_map, translated)


def _functions(created: _Stack, code: Mapping[str, Path]) -> Iterator[Function]:
    asynchronous = {
        properties["FunctionName"]: properties
        for _, properties in created.of_type("AWS::Lambda::EventInvokeConfig")
    }
    for name, properties in created.of_type("AWS::Lambda::Function"):
        physical = properties["FunctionName"]
        on_event = asynchronous.get(physical, {})
        failure = on_event.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        variables = properties.get("Environment", {}).get("Variables", {})
        yield Function(
            logical_id=name,
            name=physical,
            arn=f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{physical}",
            handler=properties["Handler"],
            code=code[name],
            timeout=int(properties.get("Timeout", 3)),
            memory=int(properties.get("MemorySize", 128)),
            environment={key: _text(value) for key, value in variables.items()},
            reserved_concurrency=properties.get("ReservedConcurrentExecutions"),
            log_format=properties.get("LoggingConfig", {}).get("LogFormat", "Text"),
            asynchronous_retries=int(on_event.get("MaximumRetryAttempts", 2)),
            failure_arn=failure,
            dead_letter_arn=properties.get("DeadLetterConfig", {}).get("TargetArn"),
        )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(name: str, properties: Mapping[str, Any]) -> Table:
    taken = (
        "TableName",
        "AttributeDefinitions",
        "KeySchema",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
    )
    definition = {key: properties[key] for key in taken if key in properties}
    definition["BillingMode"] = "PAY_PER_REQUEST"
    for index in definition.get("GlobalSecondaryIndexes", []):
        index.pop("ProvisionedThroughput", None)
    if view := properties.get("StreamSpecification", {}).get("StreamViewType"):
        definition["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    ttl = properties.get("TimeToLiveSpecification", {})
    enabled = str(ttl.get("Enabled", "false")).lower() == "true"
    return Table(
        name, properties["TableName"], definition, ttl["AttributeName"] if enabled else None
    )


def _queue(name: str, created: _Stack) -> Queue:
    physical = created.physical(name)
    return Queue(name, physical.name, physical.physical_resource_id, physical.queue_arn)


def _create_secrets(created: _Stack, aws: Aws, given: Mapping[str, str]) -> dict[str, str]:
    from moto.secretsmanager.models import secretsmanager_backends

    client = aws.client("secretsmanager")
    names: dict[str, str] = {}
    for logical_id, properties in created.of_type("AWS::SecretsManager::Secret"):
        name = properties["Name"]
        value = given.get(logical_id, properties.get("SecretString"))
        if value is None:
            value = _generated(client, properties.get("GenerateSecretString", {}))
        client.create_secret(Name=name, SecretString=value)
        stored = secretsmanager_backends[ACCOUNT_ID][REGION].secrets[name]
        stored.arn = secret_arn(name)
        names[logical_id] = name
    return names


def _generated(client: Any, rule: Mapping[str, Any]) -> str:
    own = ("SecretStringTemplate", "GenerateStringKey")
    password: str = client.get_random_password(
        **{key: value for key, value in rule.items() if key not in own}
    )["RandomPassword"]
    if "GenerateStringKey" not in rule:
        return password
    return json.dumps(
        {**json.loads(rule["SecretStringTemplate"]), rule["GenerateStringKey"]: password}
    )


def _sources(
    created: _Stack,
    by_name: Mapping[str, str],
    tables: Mapping[str, Table],
    problems: list[str],
) -> Iterator[QueueSource | StreamSource]:
    streams = {
        created.physical(name).latest_stream_label: name
        for name, table in tables.items()
        if table.has_stream
    }
    for name, properties in created.of_type("AWS::Lambda::EventSourceMapping"):
        if str(properties.get("Enabled", True)).lower() == "false":
            continue
        arn = str(properties.get("EventSourceArn", ""))
        function = by_name[properties["FunctionName"]]
        filters = tuple(
            json.loads(one["Pattern"])
            for one in properties.get("FilterCriteria", {}).get("Filters", [])
        )
        reports = "ReportBatchItemFailures" in properties.get("FunctionResponseTypes", [])
        if ":sqs:" in arn:
            limit = properties.get("ScalingConfig", {}).get("MaximumConcurrency")
            size = int(properties.get("BatchSize", 10))
            yield QueueSource(function, arn, size, reports, int(limit) if limit else None, filters)
        elif ":dynamodb:" in arn and "/stream/" in arn:
            failure = properties.get("DestinationConfig", {}).get("OnFailure", {})
            yield StreamSource(
                function=function,
                table=streams[arn.rpartition("/")[2]],
                batch_size=int(properties.get("BatchSize", 100)),
                bisects=_text(properties.get("BisectBatchOnFunctionError", False)) == "true",
                retries=int(properties.get("MaximumRetryAttempts", -1)),
                reports_failures=reports,
                failure_arn=failure.get("Destination"),
                filters=filters,
            )
        else:
            problems.append(f"{name}: events from {arn or 'this source'} cannot be played")


def _schedules(
    created: _Stack, by_name: Mapping[str, str], stack: str, problems: list[str]
) -> Iterator[Schedule]:
    for name, properties in created.of_type("AWS::Scheduler::Schedule"):
        if properties.get("State", "ENABLED") != "ENABLED":
            continue
        target = str(properties["Target"]["Arn"]).rpartition(":")[2]
        if target not in by_name:
            problems.append(f"{name}: a schedule can only call a function of this template")
            continue
        full = properties.get("Name", f"{stack}-{name}")
        yield Schedule(
            logical_id=name,
            name=full,
            arn=f"arn:aws:scheduler:{REGION}:{ACCOUNT_ID}:schedule/default/{full}",
            expression=properties["ScheduleExpression"],
            time_zone=properties.get("ScheduleExpressionTimezone", "UTC"),
            function=by_name[target],
            input=properties["Target"].get("Input"),
        )


def _api(created: _Stack, by_name: Mapping[str, str], problems: list[str]) -> HttpApi | None:
    apis = list(created.of_type("AWS::ApiGatewayV2::Api"))
    if len(apis) > 1:
        problems.append("only one HTTP API can be served")
    for name, properties in apis[:1]:
        stage = next((p for _, p in created.of_type("AWS::ApiGatewayV2::Stage")), {})
        return read_api(name, properties, stage, by_name, problems)
    return None
