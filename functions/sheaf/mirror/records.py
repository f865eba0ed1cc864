"""Records of the mirror: Harvest's own JSON, kept as text so that every number stays exact."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

# Not copied: the secrets of public links, which nobody here needs.
_LEFT_OUT = {"clients": frozenset({"statement_key"}), "invoices": frozenset({"client_key"})}


@dataclass(frozen=True, slots=True)
class MirrorRecord:
    """Decimals stand in `text` as strings, digit by digit; payload models read them back."""

    harvest_id: int
    digest: bytes
    text: str

    def payload(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.text)
        return parsed


def mirror_record(stream: str, row: dict[str, Any]) -> MirrorRecord:
    """The record of one row; equal digests mean that nothing changed."""
    left_out = _LEFT_OUT.get(stream, frozenset())
    kept = {name: value for name, value in row.items() if name not in left_out}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)
    digest = hashlib.blake2b(text.encode(), digest_size=12).digest()
    return MirrorRecord(int(row["id"]), digest, text)
