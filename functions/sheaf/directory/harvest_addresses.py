"""Which record of Harvest a person means: its id, or the address of its page in Harvest."""

import re
from urllib.parse import urlsplit

from sheaf.platform.problems import Problem

# The kinds of external ids, and where Harvest shows such a record below the account's address.
_FOLDERS = {"client": "clients", "user": "people", "project": "projects"}
_ID = re.compile(r"[0-9]{1,18}")
_HARVEST = ".harvestapp.com"


def external_id_from(text: str, kind: str, domain: str) -> str:
    """The id of a `client`, `user` or `project` of the account with this domain, as Harvest has it.

    `text` is the id itself or a pasted address, e.g. https://acme.harvestapp.com/projects/123/edit;
    `domain` is `acme.harvestapp.com`, or empty where it is not known. A problem for the page of
    another account or of another kind of record, and for anything else.
    """
    text, domain = text.strip(), domain.lower()
    if _ID.fullmatch(text):
        return str(int(text))  # one record has one id: 0123 is 123
    folder = _FOLDERS[kind]
    example = f"https://{domain or 'example' + _HARVEST}/{folder}/123"
    host, path = _parts(text)
    if not (host == domain or host.endswith(_HARVEST)):
        raise _not_usable(f"{text!r} is neither a Harvest id nor an address in Harvest.", example)
    if domain and host != domain:
        raise _not_usable(f"The address is of {host}, not of the connected {domain}.", example)
    if len(path) < 2 or path[0] != folder or not _ID.fullmatch(path[1]):
        raise _not_usable(f"The address is not that of a {kind} in Harvest.", example)
    return str(int(path[1]))


def _parts(text: str) -> tuple[str, list[str]]:
    """Host and path of an address, as people write it: the scheme may be missing."""
    try:
        split = urlsplit(text if "://" in text else f"https://{text}")
        host = split.hostname or ""
    except ValueError:
        return "", []
    if split.scheme not in ("http", "https"):
        return "", []
    return host.lower(), split.path.strip("/").split("/")


def _not_usable(detail: str, example: str) -> Problem:
    return Problem(
        422,
        "invalid_harvest_id",
        detail,
        f"Give the number at the end of the page's address in Harvest, or the address, e.g."
        f" {example}.",
        {"errors": [{"field": "id", "message": detail}]},
    )
