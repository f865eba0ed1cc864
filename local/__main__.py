"""`python -m local`: the whole stack on this machine until Ctrl-C or SIGTERM."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":  # until the run listens itself, Ctrl-C just ends the loading
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from local.settings import LocalSettings, SettingsError, from_command_line
from local.stack import LocalStack
from local.start_failures import FAILED, WRONG_SETTINGS, explain, require_ports

_INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended


def main() -> int:
    """Starts, says where everything is, waits for the signal, stops in order."""
    try:
        settings = from_command_line(sys.argv[1:])
    except SettingsError as error:
        print(f"The local run cannot start:\n{error}", file=sys.stderr)
        return WRONG_SETTINGS
    return run_until_signal(settings)


def run_until_signal(
    settings: LocalSettings,
    once_started: Callable[[LocalStack], int] | None = None,
    announce: Callable[[LocalStack], None] | None = None,
) -> int:
    """Serves until Ctrl-C or SIGTERM; `once_started` runs first and ends it if it returns not 0.

    A signal before that has come to its end stops everything too, and the result is 130.
    """
    stack = LocalStack(settings)
    ended = threading.Event()
    started = serving = False
    status = _INTERRUPTED
    hear_no_more = _interruptible()
    try:
        require_ports(settings)
        stack.start()
        started = True
        serving = once_started is None
        (announce or _announce)(stack)
        if settings.echo:
            _echo(settings.state_dir / "logs", ended)
        status = once_started(stack) if once_started is not None else 0
        serving = status == 0
        if serving:
            # A signal may be taken by another thread: this one hears of it when it next wakes up.
            while not ended.wait(1):
                pass
    except KeyboardInterrupt:
        status = 0 if serving else _INTERRUPTED
    except BrokenPipeError:  # whoever read the output is gone; nobody hears the rest
        status = FAILED
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if started:
            raise
        status, text = explain(error, settings)
        print(text, file=sys.stderr)
    finally:
        hear_no_more()
        ended.set()
        if started:
            after_ctrl_c = "\n" if sys.stdout.isatty() else ""
            print(f"{after_ctrl_c}stopping, state is being saved ...", flush=True)
        stack.stop()
    return status


def _interruptible() -> Callable[[], None]:
    """Lets the first Ctrl-C or SIGTERM raise KeyboardInterrupt; later ones are not heard.

    The function that comes back ends that before its time: cleaning up is not interrupted.
    """
    heard = threading.Event()

    def interrupt(*_: object) -> None:
        if not heard.is_set():
            heard.set()
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    return heard.set


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
