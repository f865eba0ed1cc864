"""Every queue has somewhere to put what it cannot deliver, and somebody hears of it."""

from typing import Any

from tests.template.conftest import Resources, of_type, target


def _mappings(translated: Resources, of: str) -> list[Any]:
    """The event sources that are of a type: queues, or tables by their streams."""
    return [
        mapping
        for mapping in of_type(translated, "AWS::Lambda::EventSourceMapping").values()
        if translated[target(mapping["EventSourceArn"])]["Type"] == of
    ]


def _dead_letter_queues(translated: Resources) -> set[str]:
    queues = of_type(translated, "AWS::SQS::Queue")
    behind = {
        target(queue["RedrivePolicy"]["deadLetterTargetArn"])
        for queue in queues.values()
        if "RedrivePolicy" in queue
    }
    schedules = of_type(translated, "AWS::Scheduler::Schedule").values()
    given_up = {
        target(one["DestinationConfig"]["OnFailure"]["Destination"])
        for one in _mappings(translated, "AWS::DynamoDB::Table")
    }
    return (
        behind | given_up | {target(one["Target"]["DeadLetterConfig"]["Arn"]) for one in schedules}
    )


def test_every_queue_that_is_worked_on_has_a_dead_letter_queue(translated: Resources) -> None:
    mappings = _mappings(translated, "AWS::SQS::Queue")
    queues = of_type(translated, "AWS::SQS::Queue")

    worked_on = {target(one["EventSourceArn"]) for one in mappings}
    last_stops = _dead_letter_queues(translated)

    assert worked_on | last_stops == set(queues)
    for name in worked_on:
        policy = queues[name]["RedrivePolicy"]
        assert target(policy["deadLetterTargetArn"]) in last_stops
        assert 3 <= policy["maxReceiveCount"] <= 10


def test_a_fifo_queue_gives_up_into_a_fifo_queue(translated: Resources) -> None:
    queues = of_type(translated, "AWS::SQS::Queue")

    for queue in queues.values():
        if "RedrivePolicy" in queue:
            dead = queues[target(queue["RedrivePolicy"]["deadLetterTargetArn"])]
            assert dead.get("FifoQueue", False) == queue.get("FifoQueue", False)


def test_an_alarm_goes_off_at_the_first_message_in_each_dead_letter_queue(
    translated: Resources,
) -> None:
    alarms = of_type(translated, "AWS::CloudWatch::Alarm").values()

    watched = {
        target(alarm["Dimensions"][0]["Value"])
        for alarm in alarms
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        and (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    }

    assert watched == _dead_letter_queues(translated)
    assert all("AlarmActions" in alarm for alarm in alarms)


def test_a_message_stays_invisible_for_six_times_its_functions_timeout(
    translated: Resources,
) -> None:
    queues = of_type(translated, "AWS::SQS::Queue")
    functions = of_type(translated, "AWS::Lambda::Function")

    for mapping in _mappings(translated, "AWS::SQS::Queue"):
        queue = queues[target(mapping["EventSourceArn"])]
        function = functions[target(mapping["FunctionName"])]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_a_dead_letter_queue_keeps_messages_as_long_as_there_is(translated: Resources) -> None:
    queues = of_type(translated, "AWS::SQS::Queue")

    kept = {queues[name]["MessageRetentionPeriod"] for name in _dead_letter_queues(translated)}

    assert kept == {1_209_600}


def test_one_bad_message_of_a_batch_does_not_repeat_the_others(translated: Resources) -> None:
    for mapping in _mappings(translated, "AWS::SQS::Queue"):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_change_that_cannot_be_worked_is_parted_from_the_others_and_kept(
    translated: Resources,
) -> None:
    streams = _mappings(translated, "AWS::DynamoDB::Table")

    assert streams
    for mapping in streams:
        assert mapping["BisectBatchOnFunctionError"] is True
        # A stream keeps a day; each halving of a batch of 500 is one more try.
        assert 3 <= mapping["MaximumRetryAttempts"] <= 20
        assert mapping["StartingPosition"] == "TRIM_HORIZON"


def test_queues_are_encrypted(translated: Resources) -> None:
    queues: Any = of_type(translated, "AWS::SQS::Queue")

    assert all(queue.get("SqsManagedSseEnabled") for queue in queues.values())
