"""Lifelike sample accounts of Harvest with a truth table of their duplicate clients.

`load(name, seed)` gives an account whose records are made at first use and are the same for the
same name and seed. Every person and company is invented.
"""

from local.harvest.samples.sample import NAMES, Sample, load

__all__ = ["NAMES", "Sample", "load"]
