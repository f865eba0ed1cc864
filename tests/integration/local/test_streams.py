"""The fixture's table stream: delivery, filter, bisected batches, the failure queue, TTL."""

import json
from typing import Any


def put(app: Any, *ids: str, **attributes: Any) -> None:
    for one in ids:
        body = {"id": one, "attributes": attributes}
        assert app.http.post("/v1/items", json=body).status_code == 201


def changes(app: Any, item: str) -> list[str]:
    return [row["event"] for row in app.rows(f"change#item#{item}")]


def test_each_change_arrives_in_order(app: Any) -> None:
    put(app, "s1")
    put(app, "s1", colour="red")

    assert app.stack.drain(20)

    assert changes(app, "s1") == ["INSERT", "MODIFY"]


def test_what_the_filter_refuses_never_reaches_the_function(app: Any) -> None:
    put(app, "s2")
    assert app.stack.drain(20)

    # The function's own rows change the same table; without the filter it would call itself.
    assert app.rows("change#change#item#s2") == []


def test_a_poison_record_is_isolated_and_its_neighbours_pass(app: Any) -> None:
    app.stack.functions.pools["ChangesFunction"].kill(None)
    put(app, "n1", "n2", "poison", "n3", "n4")

    assert app.stack.drain(30)

    assert [changes(app, item) for item in ("n1", "n2", "n3", "n4")] == [["INSERT"]] * 4
    assert changes(app, "poison") == []
    (message,) = app.messages("FailedChanges")
    body = json.loads(message["Body"])
    assert body["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert body["requestContext"]["approximateInvokeCount"] == 3
    assert body["DDBStreamBatchInfo"]["batchSize"] == 1
    assert sum(row["size"] == "1" or row["size"] == 1 for row in app.rows("poisoned")) >= 1


def test_an_expired_item_is_deleted_and_its_record_names_the_service(app: Any) -> None:
    at = int(app.stack.clock.timestamp()) + 100
    put(app, "brief", expires_at=at)
    put(app, "lasting", expires_at=at + 100_000)
    assert app.stack.drain(20)

    app.pass_time(200)

    assert app.http.get("/v1/items/brief").status_code == 404
    assert app.http.get("/v1/items/lasting").status_code == 200
    rows = app.rows("change#item#brief")
    assert [(row["event"], row["expired"]) for row in rows] == [("INSERT", False), ("REMOVE", True)]
