"""Clients of AWS services: one session, made at first use, with time limits of our own.

botocore rather than boto3: the same clients, and a function starts a tenth sooner.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=8,  # the default of 60 s would outlive an API function
    retries={"mode": "standard", "total_max_attempts": 5},
    tcp_keepalive=True,
    max_pool_connections=32,
    # What is wrong AWS refuses too; looking at each attribute first costs a bulk import a fifth of
    # its processor time.
    parameter_validation=False,
    # botocore would put its own together anew for every call: a seventh of what a batch costs.
    user_agent="sheaf",
)
# Else botocore signs addresses with version 2 wherever S3 still takes it, so in old regions alone.
_CONFIGS = {"s3": _CONFIG.merge(Config(signature_version="s3v4"))}


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def _client(service: str) -> Any:
    return _session().create_client(service, config=_CONFIGS.get(service, _CONFIG))


def dynamodb() -> "DynamoDBClient":
    return cast("DynamoDBClient", _client("dynamodb"))


def sqs() -> "SQSClient":
    return cast("SQSClient", _client("sqs"))


def kms() -> "KMSClient":
    return cast("KMSClient", _client("kms"))


def s3() -> "S3Client":
    return cast("S3Client", _client("s3"))


def secretsmanager() -> "SecretsManagerClient":
    return cast("SecretsManagerClient", _client("secretsmanager"))


@cache
def secret(arn: str) -> str:
    """The text of a secret, read once per process."""
    return secretsmanager().get_secret_value(SecretId=arn)["SecretString"]


def forget_secret() -> None:
    """Makes the next `secret` read again: after an operator has put a new value."""
    secret.cache_clear()
