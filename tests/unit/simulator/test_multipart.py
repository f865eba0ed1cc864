"""Multipart forms: fields and files as clients send them, and bodies that are no such form."""

import httpx
import pytest

from local.harvest.multipart import BrokenFormError, UploadedFile, read_form
from local.harvest.wire import BadBodyError, Request

PICTURE = b"\x89PNG\r\n\r\n--no boundary\r\n\x00"


def _sent(**values: object) -> httpx.Request:
    files = {"receipt": ("lunch.png", PICTURE, "image/png")}
    request = httpx.Request("POST", "https://api.tidewater.example", data=values, files=files)
    request.read()
    return request


def test_fields_and_files_arrive_as_a_client_sends_them() -> None:
    request = _sent(notes="Süße Sache", project_id=401)

    form = read_form(request.headers["content-type"], request.content)

    assert form == [
        ("notes", "Süße Sache"),
        ("project_id", "401"),
        ("receipt", UploadedFile("lunch.png", "image/png", len(PICTURE))),
    ]


def test_a_request_offers_them_like_any_form() -> None:
    sent = _sent(**{"recipients[0][email]": "una@tidewater.example"})
    headers = {"content-type": sent.headers["content-type"]}

    values = Request("POST", "/", {"notes": "x"}, headers, sent.content).parameters()

    assert values == {
        "notes": "x",
        "recipients": [{"email": "una@tidewater.example"}],
        "receipt": UploadedFile("lunch.png", "image/png", len(PICTURE)),
    }


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"no form"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\ntext\r\n--x--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"'),
    ],
)
def test_what_is_no_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(BrokenFormError):
        read_form(content_type, body)
    with pytest.raises(BadBodyError):
        Request("POST", "/", {}, {"content-type": content_type}, body).body_values()
