"""Lifelike sample accounts of Harvest with a truth table of their duplicate clients.

`load(name, seed)` gives an account whose records are made at first use and are the same for the
same name and seed. Every person and company is invented.
"""

from local.harvest.samples.counterpart import Counterpart, OwnCompany, counterpart
from local.harvest.samples.people import Identity
from local.harvest.samples.sample import NAMES, Sample, load
from local.harvest.samples.truth import DuplicateGroup, Lookalike, Truth

__all__ = [
    "NAMES",
    "Counterpart",
    "DuplicateGroup",
    "Identity",
    "Lookalike",
    "OwnCompany",
    "Sample",
    "Truth",
    "counterpart",
    "load",
]
