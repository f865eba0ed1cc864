"""Measures cold starts: from the start of a function's process to its answer to a golden event.

Every function of the template runs as in Lambda (AWS's runtime client, Python 3.13, valid
bytecode), against the local run. One is a process that makes one DynamoDB call with boto3: only
the ratios to it mean anything, and only within one run. `--imports` shows what is imported.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from bench.lambda_tree import LambdaTree
from bench.runtime_api import Answer, RuntimeApi
from layers.dependencies.bytecode import BuildError
from local.aws import CREDENTIALS
from local.resources import REGION, Function
from local.settings import PROJECT, LocalSettings
from local.stack import CLOCK_VARIABLE, LocalStack

API_TARGET, HARVEST_TARGET, OTHER_TARGET = 1.9, 2.0, 1.4
_API = "ApiFunction"
# Who may read the Harvest application's secret calls Harvest.
_HARVEST_SECRET = "HarvestApplicationSecret"
_YARDSTICK = """
import boto3, sys
table, key = sys.argv[1], {name: {"S": "none"} for name in sys.argv[2].split(",")}
boto3.client("dynamodb").get_item(TableName=table, Key=key)
print("answered", flush=True)
"""
_OURS = ("handlers", "sheaf")
_ANSWER_WITHIN_SECONDS = 60


def start_of_function(
    tree: LambdaTree, function: Function, aws: Mapping[str, str], event: bytes
) -> float:
    """Seconds from the start of the process to its answer; exits when that is an error."""
    command = tree.command("-m", "awslambdaric", function.handler)
    with RuntimeApi(event) as api, tempfile.TemporaryFile() as log:
        environment = {
            **tree.environment(),
            **aws,
            **function.environment,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "_HANDLER": function.handler,
        }
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=tree.task, env=environment, stdout=log, stderr=log)
        answer = api.answer(process, _ANSWER_WITHIN_SECONDS)
        process.kill()
        process.wait()
        problem = what_is_wrong(answer)
        if problem:
            log.seek(0)
            sys.exit(f"{function.logical_id}: {problem}\n{log.read().decode(errors='replace')}")
    return answer.at - started


def what_is_wrong(answer: Answer) -> str | None:
    """None for a good answer: a client's error counts as one, a refused record does not."""
    if answer.kind != "response":
        return f"{answer.kind} {answer.body.decode(errors='replace')}"
    value = json.loads(answer.body or b"null")
    if isinstance(value, dict):
        if value.get("statusCode", 200) >= 500:
            return f"answered {value['statusCode']}: {value.get('body')}"
        if value.get("batchItemFailures"):
            return "refused a record of its golden event"
    return None


def start_of_yardstick(tree: LambdaTree, aws: Mapping[str, str], table: str, keys: str) -> float:
    """Seconds from the start of a process to the answer of one DynamoDB call with boto3."""
    started = time.perf_counter()
    process = subprocess.Popen(
        tree.command("-c", _YARDSTICK, table, keys),
        env={**tree.environment(tree.yardstick), **aws},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    seconds = time.perf_counter() - started
    process.stdout.close()
    if process.wait() or said != "answered\n":
        sys.exit("the yardstick's DynamoDB call failed")
    return seconds


def targets(template: Path) -> dict[str, float]:
    """The largest ratio that each function of a template may have, by logical id."""
    found = {}
    for name, resource in yaml_parse(template.read_text())["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        calls_harvest = _HARVEST_SECRET in json.dumps(resource["Properties"].get("Policies", []))
        found[name] = (
            API_TARGET if name == _API else HARVEST_TARGET if calls_harvest else OTHER_TARGET
        )
    return found


def golden_events(folder: Path, functions: list[str]) -> dict[str, bytes]:
    """Each function's event; exits naming all that are missing."""
    missing = [name for name in functions if not (folder / f"{name}.json").is_file()]
    if missing:
        sys.exit(f"no golden event in {folder} for: {', '.join(missing)}")
    return {name: (folder / f"{name}.json").read_bytes() for name in functions}


def imports_of(tree: LambdaTree, function: Function, aws: Mapping[str, str]) -> Counter[str]:
    """Microseconds of importing a handler, by package; our own by module.

    What a module makes as it is loaded counts as its own: models, routes, clients.
    """
    module = function.handler.rpartition(".")[0].replace("/", ".")
    done = subprocess.run(
        tree.command("-X", "importtime", "-c", f"import {module}"),
        env={**tree.environment(), **aws, **function.environment},
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    spent: Counter[str] = Counter()
    for line in done.stderr.splitlines()[1:]:
        own, _, name = line.removeprefix("import time:").split("|")
        package = name.strip().split(".")[0]
        spent[name.strip() if package in _OURS else package] += int(own)
    return spent


def compare(measures: Mapping[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """Interleaved, so that whatever else the machine does falls on all alike; in milliseconds."""
    for measure in measures.values():
        measure()
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(runs):
        for name, measure in measures.items():
            seconds[name].append(measure() * 1000)
    return seconds


def table(measured: Mapping[str, list[float]], allowed: Mapping[str, float]) -> tuple[str, bool]:
    """The printed table, and whether every function's median keeps within its target.

    `best` compares the fastest runs: where other work disturbs the machine, it is the steadier one.
    """
    one, fastest = statistics.median(measured["boto3"]), min(measured["boto3"])
    lines = [f"{'':<20}{'median ms':>10}{'range ms':>14}{'ratio':>8}{'best':>8}{'target':>8}"]
    kept = True
    for name, values in measured.items():
        median, least = statistics.median(values), min(values)
        line = f"{name:<20}{median:>10.0f}{f'{least:.0f}-{max(values):.0f}':>14}"
        line += f"{median / one:>8.2f}{least / fastest:>8.2f}"
        if name in allowed:
            within = median / one <= allowed[name]
            kept &= within
            line += f"{allowed[name]:>8.1f}{'' if within else '  too slow'}"
        lines.append(line)
    return "\n".join(lines), kept


@contextmanager
def _running(template: Path) -> Iterator[LocalStack]:
    with tempfile.TemporaryDirectory() as state:
        settings = LocalSettings(template=template, state_dir=Path(state), ticks=False)
        with LocalStack(settings) as stack:
            yield stack


def main() -> None:
    """Prints the table of cold starts; exits with 1 when a function is beyond its target."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--imports", action="store_true", help="show imports instead")
    parser.add_argument("--template", type=Path, default=PROJECT / "template.yaml")
    parser.add_argument("--events", type=Path, default=PROJECT / "events")
    arguments = parser.parse_args()
    allowed = targets(arguments.template)
    events = golden_events(arguments.events, list(allowed))
    with _running(arguments.template) as stack, tempfile.TemporaryDirectory() as folder:
        functions = stack.deployment.functions
        aws = {
            **CREDENTIALS,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": stack.urls.aws,
            "AWS_ENDPOINT_URL_DYNAMODB": stack.urls.tables,
            CLOCK_VARIABLE: str(stack.clock.path),
        }
        (code,) = {function.code for function in functions.values()}
        try:
            tree = LambdaTree.lay_out(Path(folder), code)
        except BuildError as problem:
            sys.exit(str(problem))
        if arguments.imports:
            for name in allowed:
                spent = imports_of(tree, functions[name], aws)
                print(f"{name}: {spent.total() / 1000:.0f} ms of imports")
                for package, own in spent.most_common(12):
                    print(f"    {package:<28}{own / 1000:>8.1f}")
            return
        first = next(iter(stack.deployment.tables.values()))
        keys = ",".join(key["AttributeName"] for key in first.definition["KeySchema"])
        measures: dict[str, Callable[[], float]] = {
            "boto3": lambda: start_of_yardstick(tree, aws, first.name, keys)
        }
        for name in allowed:
            measures[name] = lambda name=name: start_of_function(  # type: ignore[misc]
                tree, functions[name], aws, events[name]
            )
        measured = compare(measures, arguments.runs)
    text, kept = table(measured, allowed)
    print(text)
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
