"""Reads a template that `sam` translates and names everything that the local run could not serve.

Owns the division of labour: what moto creates, what the local run plays itself, and what has no
meaning on a laptop. It never creates anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import sam
from local.resources import ACCOUNT_ID, REGION
from local.sam import TemplateError

PLAYED = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Scheduler::Schedule",
    "AWS::SecretsManager::Secret",
}
WITHOUT_MEANING = {
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::ResourcePolicy",
}
# moto would create these, but nothing would ever call a function for them.
NEVER_FIRE = {
    "AWS::ApiGateway::RestApi",
    "AWS::Events::Rule",
    "AWS::Lambda::Url",
    "AWS::Logs::SubscriptionFilter",
    "AWS::SNS::Subscription",
    "AWS::StepFunctions::StateMachine",
}
PSEUDO_PARAMETERS = {
    f"AWS::{name}"
    for name in ("AccountId", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix")
}
_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?\}")


@dataclass(frozen=True, slots=True)
class Translated:
    """A template as plain CloudFormation; `code` says where each function's source lies.

    `problems` keep the stack from being served, but not from being looked at further.
    """

    created: dict[str, Any]
    played: dict[str, dict[str, Any]]
    code: dict[str, Path]
    parameters: dict[str, str]
    problems: list[str]


def read(path: Path, stack: str, parameters: Mapping[str, str]) -> Translated:
    """Translates the template; raises TemplateError when that cannot even be tried."""
    source = sam.load(path)
    problems = list(_parameter_problems(source.get("Parameters", {}), parameters))
    code = sam.take_code(source, path.parent, problems)
    document = sam.translate(source, problems)
    resources = document["Resources"]
    unresolvable = list(_reference_problems(document))
    unservable = [*_type_problems(resources), *_function_problems(resources, code)]
    if problems or unresolvable:
        raise TemplateError([*problems, *unresolvable, *unservable])
    created_types = _moto_types() - PLAYED - WITHOUT_MEANING - NEVER_FIRE
    played = {n: r for n, r in resources.items() if r["Type"] not in created_types}
    _give_stable_names(resources, stack)
    names = {name: _name_of(name, resource, stack) for name, resource in played.items()}
    created = _without(document, names)
    return Translated(
        created,
        {n: _stand_in(r, names) for n, r in played.items() if r["Type"] in PLAYED},
        code,
        dict(parameters),
        unservable,
    )


def declared_parameters(path: Path) -> set[str]:
    return set(sam.load(path).get("Parameters", {}))


def _parameter_problems(declared: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(set(given) - set(declared)):
        yield f"parameter {name} was given but the template does not declare it"
    for name, rule in declared.items():
        value = given.get(name, rule.get("Default"))
        if value is None:
            yield f"parameter {name} has no default: give it with --parameter {name}=..."
        elif "AllowedValues" in rule and value not in rule["AllowedValues"]:
            allowed = ", ".join(str(v) for v in rule["AllowedValues"])
            yield f"parameter {name} is {value!r} but must be one of {allowed}"


def _moto_types() -> set[str]:
    from moto.cloudformation.parsing import get_model_map

    return set(get_model_map())


def _type_problems(resources: Mapping[str, Any]) -> Iterator[str]:
    known = (_moto_types() | PLAYED | WITHOUT_MEANING) - NEVER_FIRE
    for name, resource in resources.items():
        if "NotificationConfiguration" in resource.get("Properties", {}):
            yield f"{name}: notifications of a bucket are not played"
        if resource["Type"] not in known:
            yield f"{name}: the local run has nothing for {resource['Type']}"


def _function_problems(resources: Mapping[str, Any], code: Mapping[str, Path]) -> Iterator[str]:
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Lambda::Function" or name not in code:
            continue
        properties = resource["Properties"]
        if not str(properties.get("Runtime", "")).startswith("python"):
            yield f"{name}: runtime {properties.get('Runtime')} is not Python"
        module = str(properties["Handler"]).rpartition(".")[0].replace(".", "/")
        if not any((code[name] / f"{module}{end}").is_file() for end in (".py", "/__init__.py")):
            yield f"{name}: handler {properties['Handler']} needs {code[name] / module}.py"


def _reference_problems(document: Mapping[str, Any]) -> Iterator[str]:
    known = set(document["Resources"]) | set(document.get("Parameters", {})) | PSEUDO_PARAMETERS
    for name, resource in document["Resources"].items():
        for target in sorted({target for target, _ in _references(resource)} - known):
            yield f"{name} refers to {target}, which does not exist"


def _references(node: Any) -> Iterator[tuple[str, str | None]]:
    """Every (logical id, attribute) that a piece of template refers to."""
    if isinstance(node, list):
        for value in node:
            yield from _references(value)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref" and isinstance(value, str):
                yield value, None
            elif key == "Fn::GetAtt":
                target, _, attribute = ".".join(_attribute_path(value)).partition(".")
                yield target, attribute
            elif key == "Fn::Sub":
                text, names = (value, {}) if isinstance(value, str) else value
                for found in _SUBSTITUTED.finditer(text):
                    if found[1] not in names:
                        yield found[1], found[2]
                yield from _references(names)
            else:
                yield from _references(value)


def _attribute_path(value: Any) -> list[str]:
    return value.split(".") if isinstance(value, str) else list(value)


def secret_arn(name: str) -> str:
    return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:{name}"


def _name_of(logical_id: str, resource: Mapping[str, Any], stack: str) -> str:
    """What a reference to a resource that moto does not create resolves to."""
    if resource["Type"] == "AWS::SecretsManager::Secret":
        return secret_arn(resource["Properties"]["Name"])
    return f"{stack}-{logical_id}"


def _without(document: dict[str, Any], absent: Mapping[str, str]) -> dict[str, Any]:
    """The document without `absent`; what still refers to them gets their names."""
    kept = {
        name: _stand_in(resource, absent)
        for name, resource in document["Resources"].items()
        if name not in absent
    }
    for resource in kept.values():
        resource.pop("DependsOn", None)
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"].pop("Layers", None)
            resource["Properties"]["Code"] = {"ZipFile": ""}
    outputs = {
        name: output
        for name, output in document.get("Outputs", {}).items()
        if not {target for target, _ in _references(output)} & set(absent)
    }
    return {**document, "Resources": kept, "Outputs": outputs}


def _stand_in(node: Any, names: Mapping[str, str]) -> Any:
    """Replaces references to resources that moto does not create by their names."""
    if isinstance(node, list):
        return [_stand_in(value, names) for value in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1 and node.get("Ref") in names:
        return names[node["Ref"]]
    if "Fn::GetAtt" in node:
        path = _attribute_path(node["Fn::GetAtt"])
        return names.get(path[0], {"Fn::GetAtt": path})
    if isinstance(node.get("Fn::Sub"), str):
        return {
            "Fn::Sub": _SUBSTITUTED.sub(
                lambda found: names.get(found[1], found[0]), node["Fn::Sub"]
            )
        }
    return {key: _stand_in(value, names) for key, value in node.items()}


_NAMED = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
}


def _give_stable_names(resources: dict[str, Any], stack: str) -> None:
    """Gives what the template leaves unnamed a name that the next run will find again."""
    for name, resource in resources.items():
        properties = resource.setdefault("Properties", {})
        if resource["Type"] == "AWS::S3::Bucket":
            properties.setdefault("BucketName", f"{stack}-{name}".lower())
        elif attribute := _NAMED.get(resource["Type"]):
            fifo = resource["Type"] == "AWS::SQS::Queue" and properties.get("FifoQueue")
            properties.setdefault(attribute, f"{stack}-{name}{'.fifo' if fifo else ''}")
