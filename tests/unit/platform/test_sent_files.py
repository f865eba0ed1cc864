"""Files that others have sent: read only where they are there, and no larger than allowed."""

from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sheaf.platform.files import FileMissingError, Files, FileTooLargeError
from tests.unit.moto_tables import aws_in_moto


class Body(BytesIO):
    """The body of an answer, which knows whether any of it was read."""

    was_read = False

    def read(self, size: int | None = -1) -> bytes:
        self.was_read = True
        return super().read(size)


class Bucket:
    """One file, or what S3 says instead."""

    def __init__(self, content: bytes = b"", error: str = "") -> None:
        self.body = Body(content)
        self.size = len(content)
        self.error = error
        self.asked: list[dict[str, Any]] = []

    def get_object(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if self.error:
            raise ClientError({"Error": {"Code": self.error}}, "GetObject")
        return {"Body": self.body, "ContentLength": self.size}


def files(bucket: Bucket) -> Files:
    return Files(bucket, "files", "acme")  # type: ignore[arg-type]


def test_a_file_of_the_tenant_is_read() -> None:
    bucket = Bucket(b"12345")

    assert files(bucket).read("bank/bf_1", 5) == b"12345"
    assert bucket.asked == [{"Bucket": "files", "Key": "acme/bank/bf_1"}]


def test_of_one_that_is_too_large_nothing_is_read() -> None:
    bucket = Bucket(b"123456")

    with pytest.raises(FileTooLargeError) as refused:
        files(bucket).read("bank/bf_1", 5)

    assert refused.value.size == 6
    assert not bucket.body.was_read
    assert bucket.body.closed


@pytest.mark.parametrize("code", ["NoSuchKey", "AccessDenied"])
def test_one_that_is_not_there_is_missing(code: str) -> None:
    with pytest.raises(FileMissingError):
        files(Bucket(error=code)).read("bank/bf_1", 5)


def test_any_other_trouble_is_told_as_it_is() -> None:
    with pytest.raises(ClientError):
        files(Bucket(error="SlowDown")).read("bank/bf_1", 5)


def test_an_address_to_send_a_file_to_holds_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    with aws_in_moto(monkeypatch) as make:
        address = Files(make("s3"), "files", "acme").upload_address("bank/bf_1", 48112, 900)

    assert "/acme/bank/bf_1?" in address
    assert "X-Amz-Expires=900" in address
    assert "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost" in address
