"""Who calls: tenant, user and roles, taken from verified JWT claims and from nowhere else."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sheaf.platform.problems import Problem

# What may stand in a key; a claim with anything else is refused, never mended.
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:|+-]{0,127}")


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    AGENT = "agent"
    VIEWER = "viewer"
    APP = "app"


@dataclass(frozen=True, slots=True)
class Caller:
    tenant_id: str
    user_id: str
    roles: frozenset[Role]

    def require(self, *allowed: Role) -> None:
        """A problem unless the caller has one of the roles."""
        if self.roles.isdisjoint(allowed):
            wanted = " or ".join(allowed)
            raise Problem(
                403,
                "role_required",
                f"This needs the role {wanted}.",
                "Ask an administrator of your company to do it or to give you the role.",
            )


@dataclass(frozen=True, slots=True)
class ClaimNames:
    tenant: str
    user: str
    roles: str


def caller_from(claims: Mapping[str, Any], names: ClaimNames) -> Caller:
    """The caller behind verified claims; a problem when they do not say who it is."""
    tenant_id = str(claims.get(names.tenant, ""))
    user_id = str(claims.get(names.user, ""))
    for name, value in ((names.tenant, tenant_id), (names.user, user_id)):
        if not _IDENTIFIER.fullmatch(value):
            raise Problem(
                403,
                "claim_missing",
                f"The access token has no usable claim {name}.",
                "Have your identity provider add it: letters, digits and . _ @ : | + - only.",
            )
    known = {role.value for role in Role}
    roles = frozenset(Role(name) for name in _listed(claims.get(names.roles, "")) if name in known)
    return Caller(tenant_id, user_id, roles)


def _listed(value: object) -> list[str]:
    """API Gateway hands a list claim on as `[a b]`; others write JSON, commas or spaces."""
    if isinstance(value, list):
        return [str(part) for part in value]
    text = str(value).strip()
    if text.startswith('["'):
        try:
            return [str(part) for part in json.loads(text)]
        except ValueError:
            return []  # a list that was cut off gives no right
    return re.split(r"[\s,]+", text.strip("[]"))
