"""The words of an import of projects and people: its job, its lists and phases; nothing heavy."""

from enum import StrEnum

JOB = "work_import_slice"
KIND = "work_import"
# In the order in which they are imported: a project needs its company, time needs both others.
LISTS = ("clients", "projects", "people")


class WorkPhase(StrEnum):
    """`apply` does what is clear; `settle` what a person has looked at."""

    PULL = "pull"
    PLAN = "plan"
    APPLY = "apply"
    SETTLE = "settle"


class Clients(StrEnum):
    """Which clients a run makes companies of: all new ones, those that projects need, or none."""

    ALL = "all"
    NEEDED = "needed"
    NONE = "none"
