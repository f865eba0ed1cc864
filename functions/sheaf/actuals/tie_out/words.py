"""The words of a tie-out: its job, its kind of run and its phases. Imports nothing heavy."""

from enum import StrEnum

JOB = "tie_out_slice"
KIND = "tie_out"
FAMILY = "ti"


class TieOutPhase(StrEnum):
    """In their order."""

    PLAN = "plan"
    ADDING_UP = "adding_up"
    REPORTS = "reports"
    MONTHS = "months"
    BUDGETS = "budgets"
    CAUSES = "causes"
    HEALING = "healing"
    END = "end"
