"""What stands in the notes of an entry, and which issue or ticket elsewhere it refers to.

Both follow from the entry's random number alone, so that nothing of them has to be kept.
"""

from collections.abc import Sequence
from typing import Any

from local.harvest.samples.time_plan import Months
from local.harvest.samples.workforce import Worker, time_words

Record = dict[str, Any]
_ISSUES_A_MONTH = 37
_TICKETS_A_MONTH = 400
_FIRST_ISSUE = 101
_FIRST_TICKET = 10_000
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"


class Notes:
    """Notes in the language of the person, now and then in English, now and then none."""

    def __init__(self, workers: Sequence[Worker], required: bool) -> None:
        words = time_words()["notes"]
        self._english = words["en"]
        self._own = [words[worker.tongue] for worker in workers]
        self._required = required

    def text(self, worker: int, dice: int) -> str | None:
        chance, dice = dice % 100, dice // 100
        if not self._required and chance < 12:
            return None if chance < 8 else ""
        words = self._english if chance > 88 else self._own[worker]
        phrases, things = words["phrases"], words["things"]
        phrase = phrases[dice % len(phrases)]
        thing = things[dice // 16 % len(things)]
        text: str = phrase.format(thing=thing, n=1 + dice // 512 % 4)
        if chance % 10 == 7:
            more = things[dice // 4096 % len(things)]
            return f"{text}, {more}"
        return text[:1].upper() + text[1:] if chance % 3 else text


class References:
    """Issues of a tracker and tickets of a help desk; their numbers rise with the months."""

    def __init__(self, subdomain: str, months: Months) -> None:
        self._subdomain = subdomain
        self._months = len(months.names)
        self._issues, self._tickets = time_words()["services"]

    def id(self, month: int, project: int, dice: int) -> str:
        """The reference's own id, such as "KLD-245" or "13082"."""
        if _is_ticket(project):
            return str(_FIRST_TICKET + month * _TICKETS_A_MONTH + dice // 7 % _TICKETS_A_MONTH)
        number = _FIRST_ISSUE + month * _ISSUES_A_MONTH + dice // 7 % _ISSUES_A_MONTH
        return f"{_letters(project)}-{number}"

    def months_of(self, reference_id: str) -> list[int]:
        """The months whose entries may refer to this id; none for an id of another form."""
        letters, dash, digits = reference_id.rpartition("-")
        if not digits.isascii() or not digits.isdigit():
            return []
        number = int(digits)
        if dash and letters:
            month = (number - _FIRST_ISSUE) // _ISSUES_A_MONTH
        else:
            month = (number - _FIRST_TICKET) // _TICKETS_A_MONTH
        return [month] if 0 <= month < self._months else []

    def record(self, month: int, project: int, dice: int) -> Record:
        """The stored form: all texts, as Harvest gives them."""
        service = self._tickets if _is_ticket(project) else self._issues
        host = f"{service['host']}.{self._subdomain}.example"
        reference_id = self.id(month, project, dice)
        return {
            "id": reference_id,
            "group_id": _letters(project),
            "account_id": self._subdomain,
            "permalink": f"https://{host}{service['path'].format(id=reference_id)}",
            "service": host,
            "service_icon_url": f"https://{host}/icon.png" if dice % 5 else None,
        }


def _is_ticket(project: int) -> bool:
    return project % 4 == 1


def _letters(project: int) -> str:
    base = len(_LETTERS)
    return "".join(_LETTERS[project // base**power % base] for power in (2, 1, 0))
