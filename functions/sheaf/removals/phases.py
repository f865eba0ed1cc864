"""The words of a removal: its job, its family of runs and their phases. Imports nothing heavy."""

from enum import StrEnum

JOB = "removal_slice"
KIND = "removal"
FAMILY = "rm"


class Phase(StrEnum):
    """The dry run looks and plans; once confirmed, it looks again, compares, and removes."""

    LOOK = "look"
    PLAN = "plan"
    LOOK_AGAIN = "look_again"
    COMPARE = "compare"
    REMOVE = "remove"
