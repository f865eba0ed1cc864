"""Files in the stack's bucket: written by functions, fetched and sent by people over presigned
addresses.

The bucket deletes what it holds after a week; nothing here is the only copy of anything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

# The bucket's rule in template.yaml deletes files after as many days.
FILE_KEPT = timedelta(days=7)
# Named, and signed with the address: clients send some type of their own else, and a form's has its
# content read on the way.
UPLOAD_TYPE = "application/octet-stream"
# S3 takes parts of 5 MB and more; a part is held in memory until it is sent.
_PART = 8 * 1024 * 1024
# A role that may not list the bucket is told that it may not look, where there is nothing to see.
_MISSING = ("NoSuchKey", "404", "AccessDenied", "403")


class FileMissingError(Exception):
    """There is no such file."""


class FileTooLargeError(Exception):
    """A file is larger than whoever reads it allows; it was not read."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the file has {size} bytes")
        self.size = size


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is to who fetches it."""

    name: str
    content_type: str


class Files:
    """The files of one tenant: names are below its own prefix."""

    def __init__(self, client: "S3Client", bucket: str, tenant_id: str) -> None:
        self._client = client
        self._bucket = bucket
        self._tenant_id = tenant_id

    def put(self, name: str, content: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=content)

    def get(self, name: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=self._key(name))["Body"].read()

    def read(self, name: str, most_bytes: int) -> bytes:
        """A file that others have sent; FileMissingError, or FileTooLargeError before any of it is
        read."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._key(name))
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise FileMissingError from None
            raise
        body, size = found["Body"], found["ContentLength"]
        if size > most_bytes:
            body.close()
            raise FileTooLargeError(size)
        return body.read()

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def join(self, name: str, contents: Iterable[bytes], kind: Kind) -> int:
        """Makes one file of many contents, however large, and returns its size in bytes.

        A file of that name is replaced, and only once the new one is whole. The bucket clears up
        what a process left that died over it.
        """
        parts = _parts(contents)
        first, second = next(parts, b""), next(parts, None)
        bucket, key = self._bucket, self._key(name)
        content_type = kind.content_type
        disposition = f'attachment; filename="{kind.name}"'
        if second is None:
            self._client.put_object(
                Bucket=bucket,
                Key=key,
                Body=first,
                ContentType=content_type,
                ContentDisposition=disposition,
            )
            return len(first)
        made = self._client.create_multipart_upload(
            Bucket=bucket, Key=key, ContentType=content_type, ContentDisposition=disposition
        )
        upload, size = made["UploadId"], 0
        sent: list[CompletedPartTypeDef] = []
        for number, part in enumerate(_chained(first, second, parts), start=1):
            answer = self._client.upload_part(
                Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=part
            )
            sent.append({"ETag": answer["ETag"], "PartNumber": number})
            size += len(part)
        self._client.complete_multipart_upload(
            Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": sent}
        )
        return size

    def address(self, name: str, seconds: int) -> str:
        """Where the file can be fetched for so long by whoever knows the address."""
        return self._client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket, "Key": self._key(name)},
            ExpiresIn=seconds,
        )

    def upload_address(self, name: str, size: int, seconds: int) -> str:
        """Where a file of exactly that size, in bytes, and UPLOAD_TYPE can be sent to with PUT."""
        return self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": self._key(name),
                "ContentLength": size,
                "ContentType": UPLOAD_TYPE,
            },
            ExpiresIn=seconds,
        )

    def _key(self, name: str) -> str:
        return f"{self._tenant_id}/{name}"


def _parts(contents: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts that S3 takes; the last may be small."""
    held = bytearray()
    for content in contents:
        held += content
        while len(held) >= _PART:
            yield bytes(held[:_PART])
            del held[:_PART]
    if held:
        yield bytes(held)


def _chained(first: bytes, second: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest
