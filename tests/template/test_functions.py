"""How functions are built, how long they may take, and what they learn from the stack."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from sheaf.platform.settings import Settings, SettingsError
from tests.template.conftest import Resources, of_type, target

# Read by the logger itself.
_LOGGER_READS = {"LOG_LEVEL"}
_GATEWAY_SECONDS = 30
# Properties that give a resource a name which its account and region may hold once.
_NAME_OF = {
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::IAM::Role": "RoleName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SecretsManager::Secret": "Name",
}


class _Noted(Mapping[str, str]):
    """An environment that notes what is asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return "1"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _variables(written: dict[str, Any]) -> set[str]:
    return set(written["Globals"]["Function"]["Environment"]["Variables"])


def test_the_stack_gives_exactly_the_variables_that_the_code_reads(
    written: dict[str, Any],
) -> None:
    noted = _Noted()
    with contextlib.suppress(SettingsError):  # "1" is no address; what is asked for counts
        Settings.from_environment(noted)

    assert _variables(written) == noted.asked | _LOGGER_READS


def test_no_function_has_variables_of_its_own(functions: Resources) -> None:
    assert not any("Environment" in properties for properties in functions.values())


def test_the_stack_cannot_set_the_local_clock(translated: Resources) -> None:
    for function in of_type(translated, "AWS::Lambda::Function").values():
        assert not [
            name for name in function["Environment"]["Variables"] if name.startswith("SHEAF_")
        ]


def test_functions_run_python_3_13_on_arm(translated: Resources) -> None:
    for function in of_type(translated, "AWS::Lambda::Function").values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]


def test_every_function_uses_the_one_layer(translated: Resources) -> None:
    (layer,) = of_type(translated, "AWS::Lambda::LayerVersion")

    for function in of_type(translated, "AWS::Lambda::Function").values():
        assert [target(one) for one in function["Layers"]] == [layer]


def test_a_function_of_the_api_answers_before_the_gateway_gives_up(functions: Resources) -> None:
    api = {
        name: properties["Timeout"]
        for name, properties in functions.items()
        if any(event["Type"] == "HttpApi" for event in properties["Events"].values())
    }

    assert api
    assert max(api.values()) < _GATEWAY_SECONDS


def test_the_tick_ends_before_the_next_one(functions: Resources) -> None:
    ticking = [
        properties
        for properties in functions.values()
        if any(event["Type"] == "ScheduleV2" for event in properties["Events"].values())
    ]

    assert ticking
    assert all(properties["Timeout"] < 60 for properties in ticking)


def test_a_second_stack_fits_into_the_same_account_and_region(translated: Resources) -> None:
    named = [
        name
        for kind, key in _NAME_OF.items()
        for name, properties in of_type(translated, kind).items()
        if key in properties
    ]

    assert named == []


def test_every_log_is_deleted_some_day(translated: Resources) -> None:
    groups = of_type(translated, "AWS::Logs::LogGroup")

    assert all(1 <= group["RetentionInDays"] <= 400 for group in groups.values())
    for name, function in of_type(translated, "AWS::Lambda::Function").items():
        assert target(function["LoggingConfig"]["LogGroup"]) in groups, name


def test_the_level_of_logs_is_the_loggers_own(translated: Resources) -> None:
    """With Lambda's format JSON a level of Lambda's overrules it, and reaches libraries too."""
    for function in of_type(translated, "AWS::Lambda::Function").values():
        assert function["Environment"]["Variables"]["LOG_LEVEL"] == {"Ref": "LogLevel"}
        assert set(function["LoggingConfig"]) == {"LogFormat", "LogGroup"}
        assert function["LoggingConfig"]["LogFormat"] == "Text"


def test_each_function_logs_to_a_group_of_its_own(translated: Resources) -> None:
    functions = of_type(translated, "AWS::Lambda::Function").values()
    used = [target(one["LoggingConfig"]["LogGroup"]) for one in functions]

    assert len(used) == len(set(used))
