"""What survives a stop and a start, and what a second run is told."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.sam import TemplateError
from local.settings import PROJECT, LocalSettings
from local.stack import LocalStack
from local.state_dir import StateInUseError
from local.stores import ProcessTables, start_store


@pytest.mark.parametrize("store", ["moto", "ministack"])
def test_a_clean_stop_keeps_tables_keys_secrets_files_messages_and_time(
    store: str, run_app: Any, app_of: Any
) -> None:
    with run_app(store) as stack:
        app = app_of(stack)
        app.http.post("/v1/items", json={"id": "kept", "attributes": {"colour": "red"}})
        sealed = app.http.post("/v1/seal").json()
        secret = app.http.get("/v1/secret").json()
        app.http.post("/v1/file", json={"text": "kept"})
        app.send_jobs({"id": "later", "group": "g", "fails": 1}, {"id": "last", "group": "g"})
        assert stack.drain(20)
        stack.advance(10)
        urls, offset = stack.urls, stack.clock.offset()
        app.http.close()

    with run_app(store) as stack:
        app = app_of(stack)
        assert (stack.urls.api, stack.urls.issuer) == (urls.api, urls.issuer)
        assert stack.clock.offset() == offset
        assert not any("lost" in note or "killed" in note for note in stack.notes)
        assert app.http.get("/v1/items/kept").json()["items"][0]["colour"] == "red"
        assert app.http.post("/v1/unseal", json=sealed).json() == {"opened": "hidden"}
        assert app.http.get("/v1/secret").json() == secret
        assert app.http.get("/v1/file").json() == {"text": "kept"}
        assert stack.drain(20)
        assert app.rows("done#g") == []
        assert [row["event"] for row in app.rows("change#item#kept")] == ["INSERT"]
        app.pass_time(61)
        assert [row["job"] for row in app.rows("done#g")] == ["later", "last"]
        app.http.close()


def test_a_file_keeps_what_it_is_to_who_fetches_it(run_app: Any) -> None:
    export: dict[str, Any] = {
        "ContentType": "text/csv; charset=utf-8",
        "ContentDisposition": 'attachment; filename="actuals.csv"',
        "Metadata": {"rows": "1"},
    }
    with run_app("moto") as stack:
        (bucket,) = stack.client("s3").list_buckets()["Buckets"]
        place = {"Bucket": bucket["Name"], "Key": "acme/exports/actuals.csv"}
        stack.client("s3").put_object(**place, **export, Body=b"day,hours\n")
        bare = {"Bucket": bucket["Name"], "Key": "acme/exports/page"}
        stack.client("s3").put_object(**bare, Body=b"page")

    with run_app("moto") as stack:
        found = stack.client("s3").get_object(**place)
        assert {name: found[name] for name in export} == export
        assert found["Body"].read() == b"day,hours\n"
        assert "ContentDisposition" not in stack.client("s3").get_object(**bare)


@pytest.mark.parametrize("store", ["moto", "ministack"])
def test_a_change_that_the_stream_had_not_delivered_is_delivered_after_the_start(
    store: str, run_app: Any, app_of: Any
) -> None:
    with run_app(store) as stack:
        app = app_of(stack)
        stack.kill("ChangesFunction", "next", after=0.0)
        for reader in stack.triggers._readers:
            reader.stop()
        app.http.post("/v1/items", json={"id": "late"})
        app.http.close()

    with run_app(store) as stack:
        app = app_of(stack)
        assert stack.drain(20)
        assert [row["event"] for row in app.rows("change#item#late")] == ["INSERT"]
        app.http.close()


def test_a_fresh_start_forgets(run_app: Any, app_of: Any) -> None:
    with run_app("moto") as stack:
        app = app_of(stack)
        app.http.post("/v1/items", json={"id": "old"})
        app.http.close()

    with run_app("moto", fresh=True) as stack:
        app = app_of(stack)
        assert app.http.get("/v1/items/old").status_code == 404
        app.http.close()


def test_two_runs_on_one_state_directory_are_refused(run_app: Any) -> None:
    with run_app("moto"), pytest.raises(StateInUseError, match="already uses"):
        run_app("moto").start()


def test_a_process_can_have_only_one_run_at_a_time(run_app: Any, tmp_path: Any) -> None:
    with run_app("moto") as stack:
        other = replace(stack.settings, state_dir=tmp_path / "other")
        with pytest.raises(RuntimeError, match="already has a local run"):
            LocalStack(other).start()


def test_a_killed_store_is_said_at_once_and_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, eventually: Any
) -> None:
    store = start_store("ministack", tmp_path, PROJECT)
    assert isinstance(store, ProcessTables)
    store.wait_until_ready()
    assert store.notes == []

    os.kill(store.pid, signal.SIGKILL)

    eventually(lambda: "ended unexpectedly" in caplog.text)
    store.stop()
    again = start_store("ministack", tmp_path, PROJECT)
    again.wait_until_ready()
    again.stop()
    assert any("are lost" in note for note in again.notes)
    third = start_store("ministack", tmp_path, PROJECT)
    third.stop()
    assert third.notes == []


def test_a_table_whose_key_changed_is_reported_with_the_way_out(
    run_app: Any, tmp_path: Any
) -> None:
    with run_app("ministack") as stack:
        settings: LocalSettings = stack.settings
    app = tmp_path / "app"
    app.mkdir()
    (app / "functions").symlink_to(settings.template.parent / "functions")
    text = settings.template.read_text()
    (app / "template.yaml").write_text(
        text.replace("AttributeName: sk, KeyType", "AttributeName: kind, KeyType").replace(
            "[{AttributeName: kind, KeyType: HASH}, {AttributeName: kind, KeyType: RANGE}]",
            "[{AttributeName: kind, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}]",
        )
    )
    changed = LocalSettings(
        template=app / "template.yaml", state_dir=settings.state_dir, stack="fixture"
    )

    with pytest.raises(TemplateError, match=r"has another key than the template: .*--fresh"):
        LocalStack(changed).start()
    with LocalStack(settings) as stack:  # the failed start left nothing behind
        assert stack.deployment.tables
