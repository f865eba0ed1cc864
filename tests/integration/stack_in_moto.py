"""The template's tables, queues, key and secrets in moto, in the test's own process.

`environment` is what the stack gives each function. Functions find nothing else of AWS here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_REGION": "eu-central-1",
}
PARAMETERS = {
    "ReturnAddresses": "https://app.example.com/",
    "HarvestClientId": "example-client",
    "HarvestApiUrl": "http://127.0.0.1:9",
    "HarvestIdUrl": "http://127.0.0.1:9",
}


@contextmanager
def stack_in_moto() -> Iterator[dict[str, str]]:
    """The environment of the functions, while moto plays AWS; AWS credentials are the caller's."""
    document = yaml_parse(TEMPLATE.read_text())
    with mock_aws():
        _client.cache_clear()
        made = {name: _create(name, one) for name, one in document["Resources"].items()}
        given = {
            name: PARAMETERS.get(name, one.get("Default", "example"))
            for name, one in document["Parameters"].items()
        }
        variables = document["Globals"]["Function"]["Environment"]["Variables"]
        yield {name: _resolved(value, {**made, **given}) for name, value in variables.items()}


@cache
def _client(service: str) -> Any:
    return botocore.session.get_session().create_client(service)


def _create(name: str, resource: dict[str, Any]) -> str:
    """What `!Ref` or `!GetAtt X.Arn` of the resource gives, where a function is told it."""
    properties = resource.get("Properties", {})
    match resource["Type"]:
        case "AWS::DynamoDB::Table":
            wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
            definition = {key: properties[key] for key in wanted if key in properties}
            _client("dynamodb").create_table(TableName=name, **definition)
            return name
        case "AWS::SQS::Queue":
            fifo = properties.get("FifoQueue", False)
            attributes = {"FifoQueue": "true"} if fifo else {}
            made = _client("sqs").create_queue(
                QueueName=f"{name}.fifo" if fifo else name, Attributes=attributes
            )
            return str(made["QueueUrl"])
        case "AWS::S3::Bucket":
            place = {"LocationConstraint": CREDENTIALS["AWS_REGION"]}
            _client("s3").create_bucket(Bucket=name.lower(), CreateBucketConfiguration=place)
            return name.lower()
        case "AWS::KMS::Key":
            return str(_client("kms").create_key()["KeyMetadata"]["Arn"])
        case "AWS::SecretsManager::Secret":
            text = properties.get("SecretString", "a signing secret for tests only")
            made = _client("secretsmanager").create_secret(Name=name, SecretString=text)
            return str(made["ARN"])
        case _:
            return name


def _resolved(value: Any, known: dict[str, str]) -> str:
    if not isinstance(value, dict):
        return str(value)
    if "Fn::Join" in value:
        _, listed = value["Fn::Join"]
        return _resolved(listed, known)
    reference = value.get("Ref") or value["Fn::GetAtt"][0]
    return str(known[reference])
