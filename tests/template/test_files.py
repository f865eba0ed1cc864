"""Files hold hours of named people: nobody reads them without an address, and they do not stay."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.template.conftest import Resources, of_type


@pytest.fixture
def bucket(translated: Resources) -> dict[str, Any]:
    (found,) = of_type(translated, "AWS::S3::Bucket").values()
    return dict(found)


def test_files_are_encrypted_and_never_public(bucket: dict[str, Any]) -> None:
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_files_are_fetched_over_tls_only(translated: Resources) -> None:
    (policy,) = of_type(translated, "AWS::S3::BucketPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
    assert json.dumps(statement["Resource"]).count("FilesBucket") == 2


def test_files_go_when_the_api_says_so(bucket: dict[str, Any]) -> None:
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    told = (Path(sys.modules[__name__].__file__ or "").parents[2] / "functions").joinpath(
        "sheaf/platform/files.py"
    )

    assert rule["Status"] == "Enabled"
    assert f"FILE_KEPT = timedelta(days={rule['ExpirationInDays']})" in told.read_text()
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
