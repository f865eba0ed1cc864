"""`python -m local`: the whole stack on this machine until Ctrl-C or SIGTERM."""

import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from local.harvest_process import HarvestStartError
from local.settings import LocalSettings, SettingsError, from_command_line
from local.stack import LocalStack
from local.state_dir import StateInUseError
from local.stores import StoreError
from local.template import TemplateError


def main() -> int:
    """Starts, says where everything is, waits for the signal, stops in order."""
    try:
        settings = from_command_line(sys.argv[1:])
    except SettingsError as error:
        print(f"The local run cannot start:\n{error}", file=sys.stderr)
        return 2
    return run_until_signal(settings)


def run_until_signal(
    settings: LocalSettings,
    once_started: Callable[[LocalStack, threading.Event], int] | None = None,
) -> int:
    """Serves until Ctrl-C or SIGTERM; `once_started` runs first and ends it if it returns not 0."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    stack = LocalStack(settings)
    try:
        stack.start()
    except (SettingsError, TemplateError) as error:
        print(f"The local run cannot start:\n{error}", file=sys.stderr)
        return 2
    except (HarvestStartError, StateInUseError, StoreError, OSError) as error:
        print(f"The local run cannot start: {error}", file=sys.stderr)
        return 1
    status = 0
    try:
        _announce(stack)
        if settings.echo:
            _echo(settings.state_dir / "logs", ended)
        if once_started is not None:
            status = once_started(stack, ended)
        if status == 0:
            ended.wait()
    finally:
        print("stopping, state is being saved ...", flush=True)
        stack.stop()
    return status


def _announce(stack: LocalStack) -> None:
    urls, settings = stack.urls, stack.settings
    for note in stack.notes:
        print(f"note      {note}")
    print(f"ready in  {stack.ready_seconds:.1f} s, tables in {settings.store}")
    print(f"API       {urls.api}")
    print(f"issuer    {urls.issuer}")
    print(f"control   {urls.control}")
    if urls.harvest:
        print(f"Harvest   {urls.harvest.api} and {urls.harvest.identity}")
        if urls.harvest.control:
            print(f"simulator {urls.harvest.control}")
    print(f"state     {settings.state_dir} (logs in logs/)", flush=True)


def _echo(logs: Path, ended: threading.Event) -> None:
    """Shows whatever the functions write from now on, each line with its function."""
    places = {path: path.stat().st_size for path in logs.glob("*.log")}

    def follow() -> None:
        while not ended.wait(0.3):
            for path in sorted(logs.glob("*.log")):
                with path.open("rb") as log:
                    log.seek(places.get(path, 0))
                    for line in log:
                        print(f"[{path.stem}] {line.decode(errors='replace').rstrip()}")
                    places[path] = log.tell()
            sys.stdout.flush()

    threading.Thread(target=follow, name="echo", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
