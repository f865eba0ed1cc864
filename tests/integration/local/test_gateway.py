"""The fixture app over HTTP, as API Gateway would serve it."""

import threading
from statistics import median
from time import perf_counter
from typing import Any

import httpx


def test_a_public_route_needs_no_token(app: Any) -> None:
    answer = httpx.get(f"{app.stack.urls.api}/health")

    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_any_other_route_needs_one(app: Any) -> None:
    answer = httpx.get(f"{app.stack.urls.api}/v1/echo")

    assert (answer.status_code, answer.content) == (401, b'{"message":"Unauthorized"}')
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_unknown_path_is_not_found(app: Any) -> None:
    answer = app.http.get("/nowhere")

    assert (answer.status_code, answer.content) == (404, b'{"message":"Not Found"}')


def test_the_function_sees_claims_path_and_query(app: Any) -> None:
    event = app.http.get("/v1/echo/a%20b?x=1&x=2").json()["event"]

    assert event["routeKey"] == "GET /v1/{proxy+}"
    assert event["rawPath"] == "/v1/echo/a b"
    assert event["pathParameters"] == {"proxy": "echo/a b"}
    assert event["queryStringParameters"] == {"x": "1,2"}
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert (claims["org"], claims["sub"], claims["roles"]) == ("acme", "ann", "[admin agent]")


def test_a_function_gets_the_templates_environment_and_nothing_of_the_developers(
    app: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("MY_PRIVATE_TOKEN", "secret")
    app.stack.kill("ApiFunction")

    environment = app.http.get("/v1/echo").json()["environment"]

    assert "MY_PRIVATE_TOKEN" not in environment
    assert "HOME" not in environment
    assert environment["TABLE"] == "fixture-Items"
    assert environment["SHARDS"] == "4"
    assert environment["MODE"] == "quiet"
    assert environment["SHEAF_CLOCK"] == str(app.stack.clock.path)
    assert environment["AWS_ENDPOINT_URL_DYNAMODB"] == app.stack.urls.tables


def test_the_remaining_time_comes_from_the_timeout(app: Any) -> None:
    assert 1000 < app.http.get("/v1/echo").json()["remaining"] <= 2000


def test_a_preflight_is_answered_without_the_function(app: Any) -> None:
    headers = {"origin": "http://localhost:5173", "access-control-request-method": "POST"}

    answer = httpx.options(f"{app.stack.urls.api}/v1/items", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert answer.headers["access-control-allow-methods"] == "GET,POST,DELETE"
    assert answer.headers["access-control-max-age"] == "300"


def test_a_preflight_that_an_any_route_catches_needs_a_token_as_on_aws(app: Any) -> None:
    headers = {"origin": "http://localhost:5173", "access-control-request-method": "POST"}

    assert httpx.options(f"{app.stack.urls.api}/any/x", headers=headers).status_code == 401
    assert any("route ANY /any/{proxy+}" in note for note in app.stack.notes)


def test_bytes_cookies_and_cors_come_back(app: Any) -> None:
    answer = app.http.get("/v1/bytes", headers={"origin": "https://evil.example"})

    assert answer.content == bytes(range(256))
    assert answer.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2"]
    assert "access-control-allow-origin" not in answer.headers
    app.http.cookies.clear()


def test_a_request_body_may_come_in_chunks(app: Any) -> None:
    chunks = iter([b'{"id": ', b'"chunked"}'])

    assert app.http.post("/v1/items", content=chunks).json() == {"id": "chunked"}


def test_an_exception_a_crash_and_a_huge_answer_are_500(app: Any) -> None:
    for path in ("raise", "crash", "big"):
        answer = app.http.get(f"/v1/{path}")
        expected = (500, b'{"message":"Internal Server Error"}')
        assert (answer.status_code, answer.content) == expected, path
    assert app.http.get("/health").status_code == 200

    log = "\n".join(app.stack.functions.logs("ApiFunction"))
    assert "deliberate" in log
    assert "Runtime exited with error" in log
    assert "Function.ResponseSizeTooLarge" in log


def test_a_function_that_runs_out_of_time_is_killed_and_answers_503(app: Any) -> None:
    started = perf_counter()

    answer = app.http.get("/v1/slow")

    assert (answer.status_code, answer.content) == (503, b'{"message":"Service Unavailable"}')
    assert 1.9 < perf_counter() - started < 5
    assert app.http.get("/health").status_code == 200


def test_too_large_a_request_is_refused(app: Any) -> None:
    answer = app.http.post("/v1/items", content=b"x" * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 413


def test_a_throttled_route_answers_429(app: Any) -> None:
    answers = [app.http.get("/throttled") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[-1].json() == {"message": "Too Many Requests"}


def test_requests_run_beside_each_other_up_to_the_pool(app: Any) -> None:
    threads = [threading.Thread(target=app.http.get, args=("/v1/slow",)) for _ in range(3)]
    pool = app.stack.functions.pools["ApiFunction"]
    for thread in threads:
        thread.start()
    while not pool.active:
        assert any(thread.is_alive() for thread in threads)

    assert app.http.get("/health").status_code == 200
    assert pool.active
    for thread in threads:
        thread.join()


def test_the_gateway_adds_less_than_five_milliseconds(app: Any) -> None:
    seconds = []
    for _ in range(60):
        started = perf_counter()
        app.http.get("/v1/nothing")
        seconds.append(perf_counter() - started)

    # Generous for a busy machine: the measured median is below 2 ms.
    assert median(seconds) < 0.025


def test_secrets_keys_and_files_work(app: Any) -> None:
    sealed = app.http.post("/v1/seal").json()

    assert app.http.post("/v1/unseal", json=sealed).json() == {"opened": "hidden"}
    assert len(app.http.get("/v1/secret").json()["secret"]) == 40
    assert app.http.post("/v1/file", json={"text": "hello"}).status_code == 201
    assert app.http.get("/v1/file").json() == {"text": "hello"}
