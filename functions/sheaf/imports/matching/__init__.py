"""Company matching: exact name, fuzzy name with evidence, each with its reasons.

Pure: standard library, rapidfuzz, cleanco's list of legal forms and anyascii; no input or
output and no clock. It finds and explains candidates; what becomes of them is decided elsewhere.
"""

from sheaf.imports.matching.candidates import find_candidates
from sheaf.imports.matching.duplicates import find_duplicates
from sheaf.imports.matching.names import NormalisedName, changed_materially, normalise
from sheaf.imports.matching.party import (
    Candidate,
    DuplicateGroup,
    DuplicatePair,
    Party,
    Reason,
    Rung,
    Thresholds,
)

__all__ = [
    "Candidate",
    "DuplicateGroup",
    "DuplicatePair",
    "NormalisedName",
    "Party",
    "Reason",
    "Rung",
    "Thresholds",
    "changed_materially",
    "find_candidates",
    "find_duplicates",
    "normalise",
]
