"""Files of a tenant: below its own prefix, joined however large, replaced only when whole."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sheaf.platform import files
from sheaf.platform.files import Files, Kind
from tests.unit.moto_tables import aws_in_moto

BUCKET = "files"
CSV = Kind("hours.csv", "text/csv; charset=utf-8")
_MEGABYTE = 1024 * 1024


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with aws_in_moto(monkeypatch) as make:
        client = make("s3")
        place = {"LocationConstraint": "eu-central-1"}
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield client


@pytest.fixture
def acme(client: Any) -> Files:
    return Files(client, BUCKET, "acme")


def test_a_tenant_has_a_place_of_its_own(client: Any, acme: Files) -> None:
    other = Files(client, BUCKET, "beacon")
    acme.put("a", b"of acme")
    other.put("a", b"of beacon")

    assert (acme.get("a"), other.get("a")) == (b"of acme", b"of beacon")
    acme.delete(["a"])
    assert other.get("a") == b"of beacon"
    with pytest.raises(ClientError):
        acme.get("a")


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([], 0),
        ([3, 0, 5], 0),
        ([8 * _MEGABYTE], 0),
        ([8 * _MEGABYTE, 1], 2),
        ([9 * _MEGABYTE] * 3, 4),
    ],
)
def test_any_contents_become_one_file(
    client: Any, acme: Files, sizes: list[int], parts: int
) -> None:
    contents = [bytes([number]) * size for number, size in enumerate(sizes)]

    size = acme.join("whole", iter(contents), CSV)

    assert acme.get("whole") == b"".join(contents)
    assert size == sum(sizes)
    kept = client.head_object(Bucket=BUCKET, Key="acme/whole")
    assert kept["ContentType"] == CSV.content_type
    assert kept["ContentDisposition"] == 'attachment; filename="hours.csv"'
    assert kept["ETag"].strip('"').endswith(f"-{parts}" if parts else kept["ETag"].strip('"'))


def test_a_file_is_replaced_only_once_the_new_one_is_whole(
    monkeypatch: pytest.MonkeyPatch, acme: Files
) -> None:
    monkeypatch.setattr(files, "_PART", 5 * _MEGABYTE)
    acme.put("whole", b"old")

    def breaking() -> Iterator[bytes]:
        yield bytes(11 * _MEGABYTE)
        raise OSError("the process ends here")

    with pytest.raises(OSError, match="ends here"):
        acme.join("whole", breaking(), CSV)
    assert acme.get("whole") == b"old"


def test_an_address_names_file_and_time_and_is_signed(acme: Files) -> None:
    address = acme.address("exports/1/actuals.csv", 900)

    assert "/acme/exports/1/actuals.csv?" in address
    assert "X-Amz-Expires=900" in address
    assert "X-Amz-Signature=" in address
