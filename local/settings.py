"""The settings of the local run: flags first, then environment, then defaults.

Everything that is wrong or missing is reported at once, each with what to do about it.
"""

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast, get_args

from local.stores import StoreName

PROJECT = Path(__file__).parents[1]


class SettingsError(Exception):
    """Settings that cannot be used; `problems` lists every one."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(f"- {problem}" for problem in problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """What a local run needs to know; a port of 0 takes the last run's port or a free one."""

    template: Path = PROJECT / "template.yaml"
    state_dir: Path = PROJECT / ".sheaf"
    store: StoreName = "ministack"
    stack: str = "sheaf"
    api_port: int = 0
    issuer_port: int = 0
    control_port: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[str, ...] = ("http://localhost:5173", "http://127.0.0.1:5173")
    return_addresses: tuple[str, ...] = ("http://localhost:5173/", "http://127.0.0.1:5173/")
    harvest_api_url: str | None = None
    harvest_id_url: str | None = None
    harvest_client_id: str | None = None
    harvest_client_secret: str | None = None
    sample: str = "studio"
    seed: int = 1
    concurrency: Mapping[str, int] = field(default_factory=dict)
    ticks: bool = True
    triggers: bool = True  # off: messages and changes stay for whoever else reads them
    echo: bool = False
    fresh: bool = False


def from_command_line(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> LocalSettings:
    """Reads flags and environment; raises SettingsError with every problem."""
    env = os.environ if environment is None else environment
    given = _parser().parse_args(arguments)
    problems: list[str] = []

    def value(name: str, variable: str, default: str) -> str:
        flag = getattr(given, name)
        return str(flag) if flag is not None else env.get(variable, default)

    def number(name: str, variable: str, low: int, high: int, default: int) -> int:
        text = value(name, variable, str(default))
        if not text.isdigit() or not low <= int(text) <= high:
            flag = name.replace("_", "-")
            problems.append(f"--{flag} or {variable} is {text!r}: give {low} to {high}")
            return default
        return int(text)

    def pairs(name: str) -> dict[str, str]:
        found = {}
        for text in getattr(given, name) or []:
            key, equals, rest = text.partition("=")
            if equals and key:
                found[key] = rest
            else:
                problems.append(f"--{name} {text!r}: write it as NAME=VALUE")
        return found

    concurrency = {}
    for function, text in pairs("concurrency").items():
        if text.isdigit() and int(text) > 0:
            concurrency[function] = int(text)
        else:
            problems.append(f"--concurrency {function}={text}: give a number above 0")
    template = Path(value("template", "SHEAF_TEMPLATE", str(LocalSettings().template))).resolve()
    if not template.is_file():
        problems.append(f"--template or SHEAF_TEMPLATE: there is no file {template}")
    settings = LocalSettings(
        template=template,
        state_dir=Path(value("state_dir", "SHEAF_STATE_DIR", str(PROJECT / ".sheaf"))).resolve(),
        store=cast("StoreName", value("store", "SHEAF_STORE", "ministack")),
        api_port=number("api_port", "SHEAF_API_PORT", 0, 65535, 0),
        issuer_port=number("issuer_port", "SHEAF_ISSUER_PORT", 0, 65535, 0),
        control_port=number("control_port", "SHEAF_CONTROL_PORT", 0, 65535, 0),
        parameters=pairs("parameter"),
        secrets=pairs("secret"),
        origins=_list(value("origins", "SHEAF_ORIGINS", ",".join(LocalSettings().origins))),
        return_addresses=_list(
            value(
                "return_addresses",
                "SHEAF_RETURN_ADDRESSES",
                ",".join(LocalSettings().return_addresses),
            )
        ),
        harvest_api_url=env.get("HARVEST_API_URL"),
        harvest_id_url=env.get("HARVEST_ID_URL"),
        harvest_client_id=env.get("HARVEST_CLIENT_ID"),
        harvest_client_secret=env.get("HARVEST_CLIENT_SECRET"),
        sample=value("sample", "SHEAF_SAMPLE", "studio"),
        seed=number("seed", "SHEAF_SEED", 0, 2**31, 1),
        concurrency=concurrency,
        ticks=not given.no_ticks,
        echo=given.echo,
        fresh=given.fresh,
    )
    problems += _problems(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _problems(settings: LocalSettings) -> Iterator[str]:
    stores = get_args(StoreName)
    if settings.store not in stores:
        yield f"--store or SHEAF_STORE is {settings.store!r}: choose {', '.join(stores)}"
    if bool(settings.harvest_api_url) != bool(settings.harvest_id_url):
        yield "HARVEST_API_URL and HARVEST_ID_URL go together: set both, or none for the simulator"
    for name, url in (
        ("HARVEST_API_URL", settings.harvest_api_url),
        ("HARVEST_ID_URL", settings.harvest_id_url),
    ):
        if url is not None and not url.startswith(("http://", "https://")):
            yield f"{name} is {url!r}: give an address that begins with https:// or http://"
    if settings.harvest_client_id and not settings.harvest_client_secret:
        yield "HARVEST_CLIENT_ID needs HARVEST_CLIENT_SECRET beside it"
    taken = [p for p in (settings.api_port, settings.issuer_port, settings.control_port) if p]
    if len(taken) != len(set(taken)):
        yield "the API, the issuer and the control endpoint need different ports"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local", description="Runs the whole stack on this machine."
    )
    parser.add_argument("--store", help="ministack (default), moto or ddblocal [SHEAF_STORE]")
    parser.add_argument("--state-dir", help="where state is kept [SHEAF_STATE_DIR, .sheaf]")
    parser.add_argument("--fresh", action="store_true", help="begin without the kept state")
    parser.add_argument("--template", help="[SHEAF_TEMPLATE, template.yaml]")
    for name in ("api", "issuer", "control"):
        parser.add_argument(
            f"--{name}-port", help=f"0 takes the last one or a free one [SHEAF_{name.upper()}_PORT]"
        )
    parser.add_argument("--parameter", action="append", metavar="NAME=VALUE")
    parser.add_argument("--secret", action="append", metavar="RESOURCE=VALUE")
    parser.add_argument("--concurrency", action="append", metavar="FUNCTION=NUMBER")
    parser.add_argument("--origins", help="frontends that may call the API [SHEAF_ORIGINS]")
    parser.add_argument("--return-addresses", help="[SHEAF_RETURN_ADDRESSES]")
    parser.add_argument("--sample", help="account of the Harvest simulator [SHEAF_SAMPLE]")
    parser.add_argument("--seed", help="[SHEAF_SEED]")
    parser.add_argument("--no-ticks", action="store_true", help="schedules fire only by hand")
    parser.add_argument("--echo", action="store_true", help="show the functions' logs here")
    return parser
