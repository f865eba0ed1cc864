"""Why a local run could not start, in words for the person who can mend it."""

import errno
import traceback
from contextlib import suppress

from local.harvest_process import HarvestStartError
from local.ports import is_free
from local.sam import TemplateError
from local.settings import LocalSettings, SettingsError
from local.state_dir import StateInUseError
from local.stores import StoreError

WRONG_SETTINGS, FAILED = 2, 1


class PortTakenError(Exception):
    """Another program listens where the local run was told to; the text says where."""


def require_ports(settings: LocalSettings) -> None:
    """Raises PortTakenError before anything is started in vain."""
    wanted = {
        "api": settings.api_port,
        "issuer": settings.issuer_port,
        "control": settings.control_port,
    }
    taken = [f"--{name}-port {port}" for name, port in wanted.items() if not is_free(port)]
    if taken:
        raise PortTakenError(
            f"another program listens on {', '.join(taken)}: end that program, or give another"
            " port (0 takes a free one)"
        )


def explain(error: Exception, settings: LocalSettings) -> tuple[int, str]:
    """(the program's exit code, what is wrong and what to do)."""
    if isinstance(error, (SettingsError, TemplateError)):
        return WRONG_SETTINGS, f"The local run cannot start:\n{error}"
    if isinstance(error, (PortTakenError, StateInUseError, StoreError)):
        return FAILED, f"The local run cannot start: {error}"
    if isinstance(error, HarvestStartError):
        return FAILED, (
            f"The local run cannot start: {error}\n"
            "Choose another --sample, or begin without the kept state: --fresh"
        )
    if isinstance(error, OSError):
        return FAILED, f"The local run cannot start: {_of_system(error, settings)}"
    return FAILED, _of_state(error, settings)


def _of_system(error: OSError, settings: LocalSettings) -> str:
    if isinstance(error, (PermissionError, NotADirectoryError, FileExistsError)):
        return (
            f"the state cannot be kept in {settings.state_dir} ({error.strerror}):"
            " give another --state-dir"
        )
    if error.errno == errno.ENOSPC:
        return f"the disk of {settings.state_dir} is full"
    return str(error)


def _of_state(error: Exception, settings: LocalSettings) -> str:
    """Whatever else stops a start is most likely a state that cannot be read."""
    log = settings.state_dir / "start-failure.log"
    where = ""
    with suppress(OSError):
        log.write_text("".join(traceback.format_exception(error)))
        where = f"\nThe whole story is in {log}"
    return (
        f"The local run cannot start with what is kept in {settings.state_dir}:"
        f" {type(error).__name__}: {error}\n"
        f"Begin without it (--fresh), or give another --state-dir.{where}"
    )
