"""`make run`: starts everything, connects Harvest, imports, reviews, shows the summary, serves.

A second start finds its connection again and syncs. With HARVEST_ACCESS_TOKEN and
HARVEST_ACCOUNT_ID it imports that account, and only reads from Harvest. Each account and each
sample has a state of its own.
"""

import os
import re
import shlex
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

if __name__ == "__main__":  # until the run listens itself, Ctrl-C just ends the loading
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from local.__main__ import run_until_signal
from local.console import complain, say, title
from local.settings import LocalSettings, SettingsError, from_command_line
from local.stack import LocalStack
from local.start_failures import FAILED, WRONG_SETTINGS
from local.walk import Walk, WalkError

REAL_API, REAL_ID = "https://api.harvestapp.com", "https://id.getharvest.com"


def given_access(environment: Mapping[str, str]) -> tuple[str, str] | None:
    """The real account to import, if both of its settings are there."""
    token = environment.get("HARVEST_ACCESS_TOKEN", "")
    account_id = environment.get("HARVEST_ACCOUNT_ID", "")
    problems = []
    if token and not account_id:
        problems.append("HARVEST_ACCESS_TOKEN needs HARVEST_ACCOUNT_ID beside it")
    if account_id and not token:
        problems.append("HARVEST_ACCOUNT_ID needs HARVEST_ACCESS_TOKEN beside it")
    if token and not re.fullmatch(r"[\x21-\x7e]{8,500}", token):
        problems.append("HARVEST_ACCESS_TOKEN is no token: paste it whole, without blanks")
    if account_id and not re.fullmatch(r"[0-9]{1,18}", account_id):
        problems.append(f"HARVEST_ACCOUNT_ID is {account_id!r}: give the number of the account")
    if problems:
        raise SettingsError(problems)
    return (token, account_id) if token else None


def settings(
    arguments: Sequence[str], environment: Mapping[str, str]
) -> tuple[LocalSettings, tuple[str, str] | None]:
    """Settings of the run, and the real account if one is given; every problem at once."""
    problems: list[str] = []
    access, found = None, LocalSettings()
    try:
        access = given_access(environment)
    except SettingsError as error:
        problems += error.problems
    try:
        found = from_command_line(arguments, environment)
    except SettingsError as error:
        problems += error.problems
    if problems:
        raise SettingsError(problems)
    if access and not found.harvest_api_url:
        found = replace(found, harvest_api_url=REAL_API, harvest_id_url=REAL_ID)
    return replace(found, state_dir=found.state_dir / _state_name(found, access)), access


def _state_name(found: LocalSettings, access: tuple[str, str] | None) -> str:
    """Where this account's state is kept, apart from every other's."""
    if access:
        return f"account-{access[1]}"
    if found.harvest_api_url:
        return "server-" + re.sub(r"[^a-z0-9.]+", "-", found.harvest_api_url.lower()).strip("-")
    return f"{found.sample}-{found.seed}"


def announce(stack: LocalStack, real: bool) -> None:
    chosen, urls = stack.settings, stack.urls
    title("Sheaf on this machine")
    for note in stack.notes:
        say("note", note)
    say("started", f"in {stack.ready_seconds:.1f} s, tables in {chosen.store}")
    say("API", urls.api)
    if urls.harvest and urls.harvest.control:
        say("Harvest", f"simulated at {urls.harvest.api}, sample {chosen.sample} {chosen.seed}")
    elif urls.harvest:
        say("Harvest", f"{urls.harvest.api}{', only read' if real else ''}")
    say("state", str(chosen.state_dir))


def goodbye(stack: LocalStack, token: str, word: str) -> None:
    """What to try next, ready to paste."""
    path = stack.settings.state_dir / "token"
    _write_secret(path, token)
    url = stack.urls.api
    search = f"{url}/v1/companies?q={word}&limit=3" if word else f"{url}/v1/companies?limit=3"
    title("Try it, in another terminal")
    curl = 'curl -s -H "authorization: Bearer $TOKEN"'
    print(
        f"\n  TOKEN=$(cat {shlex.quote(str(path))})"
        f"\n  {curl} {url}/v1/integrations"
        f'\n  {curl} "{search}"'
        f'\n  {curl} "{url}/v1/imports?limit=1"'
        "\n\nServing until Ctrl-C; the next start goes on from here.",
        flush=True,
    )


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)


def main() -> int:
    """The program's exit code: 0 when it served, 1 or 2 with a reason, 130 when interrupted."""
    try:
        chosen, access = settings(sys.argv[1:], os.environ)
    except SettingsError as error:
        complain(f"The local run cannot start:\n{error}")
        return WRONG_SETTINGS

    def walk(stack: LocalStack) -> int:
        try:
            with closing(Walk(stack, access)) as tour:
                tour.take()
                token, word = tour.token, tour.search_word()
        except WalkError as error:
            complain(f"\nThe tour stopped. {error}")
            return FAILED
        goodbye(stack, token, word)
        return 0

    return run_until_signal(chosen, walk, lambda stack: announce(stack, access is not None))


if __name__ == "__main__":
    sys.exit(main())
