"""Clients of AWS, as functions make them in whatever region they run."""

from collections.abc import Iterator

import pytest

from sheaf.platform import aws


@pytest.fixture(autouse=True)
def _own_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for cached in (aws._session, aws._client):
        cached.cache_clear()
    yield
    for cached in (aws._session, aws._client):
        cached.cache_clear()


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "eu-central-1", "eu-central-2"])
def test_addresses_of_files_are_signed_with_version_4_in_every_region(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)

    address = aws.s3().generate_presigned_url(
        "get_object", Params={"Bucket": "files", "Key": "acme/hours.csv"}, ExpiresIn=300
    )

    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in address
    assert f"%2F{region}%2Fs3%2F" in address
    assert "X-Amz-Expires=300" in address
