"""Reads `multipart/form-data`: the fields of a form together with the files that it uploads."""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser


class BrokenFormError(ValueError):
    """The body is no multipart form with the boundary that its Content-Type names."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """What is kept of a file: everything but its content."""

    file_name: str
    content_type: str
    size: int


def read_form(content_type: str, body: bytes) -> list[tuple[str, str | UploadedFile]]:
    """The fields in their order; a field without a file name is text in UTF-8."""
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if not boundary:
        raise BrokenFormError("the form names no boundary")
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if not parts or not parts.pop().startswith(b"--"):
        raise BrokenFormError("the form has no end")
    return [_read_part(part) for part in parts]


def _read_part(part: bytes) -> tuple[str, str | UploadedFile]:
    head, gap, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = BytesHeaderParser().parsebytes(head)
    name = headers.get_param("name", header="content-disposition")
    if not gap or not isinstance(name, str):
        raise BrokenFormError("a part of the form has no name")
    file_name = headers.get_filename()
    if file_name is None:
        return name, content.decode()
    return name, UploadedFile(file_name, headers.get_content_type(), len(content))
