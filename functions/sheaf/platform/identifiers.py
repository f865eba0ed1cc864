"""Ids: random ones for what people make, derived ones for what an import makes.

A derived id is the same whenever the same thing is made again, so that a repeated step meets its
own work instead of doubling it.
"""

import hashlib
import secrets
from collections.abc import Iterable


def random_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(10)}"


def derived_id(prefix: str, *parts: str) -> str:
    return f"{prefix}_{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:20]}"


def digest(texts: Iterable[str]) -> str:
    """A short text that stands for these texts in their order."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:20]


def shard(identifier: str, count: int) -> int:
    """Which of `count` partitions an id belongs to; even and stable."""
    return int(hashlib.sha256(identifier.encode()).hexdigest()[:8], 16) % count
