"""The fixture's FIFO queue: order, partial failure, redelivery, dead letters, killed workers."""

from typing import Any


def test_the_jobs_of_a_group_are_done_in_order(app: Any) -> None:
    app.send_jobs(*({"id": f"order-{i}", "group": "order"} for i in range(7)))

    assert app.stack.drain(20)

    done = [row["job"] for row in app.rows("done#order")]
    assert done == [f"order-{i}" for i in range(7)]


def test_a_reported_job_comes_back_after_its_visibility_timeout_before_its_successors(
    app: Any,
) -> None:
    app.send_jobs({"id": "again", "group": "g1", "fails": 1}, {"id": "next", "group": "g1"})
    assert app.stack.drain(20)
    assert app.rows("done#g1") == []

    app.pass_time(61)

    assert [row["job"] for row in app.rows("done#g1")] == ["again", "next"]
    assert len(app.rows("attempts#again")) == 2


def test_a_job_that_always_fails_ends_among_the_dead_letters(app: Any) -> None:
    before = app.stack.queue_depths()["DeadJobs"]["visible"]
    app.send_jobs({"id": "never", "group": "g2", "fails": 99})
    assert app.stack.drain(20)
    # Sent later, or it would share every batch and with it the dead letters.
    app.send_jobs({"id": "behind", "group": "g2"})
    assert app.stack.drain(20)

    for _ in range(6):
        app.pass_time(61)
        if app.stack.queue_depths()["DeadJobs"]["visible"] > before:
            break

    assert len(app.rows("attempts#never")) == 3
    assert app.stack.queue_depths()["DeadJobs"]["visible"] == before + 1
    assert [row["job"] for row in app.rows("done#g2")] == ["behind"]


def test_a_killed_worker_loses_nothing(app: Any, eventually: Any) -> None:
    pool = app.stack.functions.pools["WorkerFunction"]
    killed = pool.counts["killed"]
    app.send_jobs({"id": "cut", "group": "g3", "hangs": 1})
    eventually(lambda: app.rows("attempts#cut") != [])

    app.stack.kill("WorkerFunction")
    assert app.stack.drain(20)
    assert app.rows("done#g3") == []
    app.pass_time(61)

    eventually(lambda: [row["job"] for row in app.rows("done#g3")] == ["cut"])
    assert pool.counts["killed"] > killed


def test_an_armed_kill_hits_the_next_invocation(app: Any) -> None:
    pool = app.stack.functions.pools["WorkerFunction"]
    crashes = pool.counts["crash"]
    app.stack.kill("WorkerFunction", "next", after=0.5, seed=3)

    app.send_jobs({"id": "shot", "group": "g4", "hangs": 1})
    assert app.stack.drain(20)

    assert pool.counts["crash"] == crashes + 1
    app.pass_time(61)
    assert [row["job"] for row in app.rows("done#g4")] == ["shot"]


def test_a_function_that_hangs_is_ended_at_its_timeout(app: Any) -> None:
    pool = app.stack.functions.pools["WorkerFunction"]
    timeouts = pool.counts["timeout"]

    app.send_jobs({"id": "hang", "group": "g5", "hangs": 1})
    assert app.stack.drain(20)

    assert pool.counts["timeout"] == timeouts + 1
    app.pass_time(61)


def test_a_repeated_deduplication_id_is_dropped_for_five_minutes_even_when_done(
    app: Any,
) -> None:
    for _ in range(2):
        app.send_jobs({"id": "once", "group": "g6"})
        assert app.stack.drain(20)
    assert len(app.rows("done#g6")) == 1

    app.pass_time(301)
    app.send_jobs({"id": "once", "group": "g6"})
    assert app.stack.drain(20)

    assert len(app.rows("done#g6")) == 2


def test_a_message_tells_its_age_by_the_local_clock(app: Any) -> None:
    queue = app.stack.deployment.queues["FailedTicks"]
    sqs = app.stack.client("sqs")
    sqs.send_message(QueueUrl=queue.url, MessageBody="late", DelaySeconds=600)
    sent = app.stack.clock.timestamp()
    assert "Messages" not in sqs.receive_message(QueueUrl=queue.url)

    app.stack.advance(601)

    found = sqs.receive_message(QueueUrl=queue.url, AttributeNames=["All"])["Messages"][0]
    attributes = found["Attributes"]
    age = int(attributes["ApproximateFirstReceiveTimestamp"]) - int(attributes["SentTimestamp"])
    assert 600_000 < age < 660_000
    assert abs(int(attributes["SentTimestamp"]) / 1000 - sent) < 5
    sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=found["ReceiptHandle"])


def test_a_message_past_its_retention_is_gone_and_blocks_nothing(app: Any) -> None:
    queue = app.stack.deployment.queues["FailedTicks"]
    sqs = app.stack.client("sqs")
    sqs.send_message(QueueUrl=queue.url, MessageBody="old")
    app.stack.advance(4 * 86_400 + 1)
    sqs.send_message(QueueUrl=queue.url, MessageBody="new")

    found = sqs.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10)["Messages"]

    assert [message["Body"] for message in found] == ["new"]
