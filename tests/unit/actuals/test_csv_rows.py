"""Lines of a CSV file: what the list shows, readable by any spreadsheet, harmless in all."""

import csv
import io
from typing import Any

import pytest

from sheaf.actuals.csv_rows import COLUMNS, header, lines

HOURS = {"billable": "1.25", "non_billable": "0.50", "total": "1.75"}
GROUP: dict[str, Any] = {
    "period": {"from": "2026-03-02", "to": "2026-03-02"},
    "person": {"id": "pn_1", "name": "Ida Muster"},
    "role": {"id": "ro_1", "name": "Maker"},
    "company": {"id": "co_1", "name": "Osier & Reed"},
    "project": {"id": "pr_1", "name": "Web shop"},
    "hours": HOURS,
    "exact": {**HOURS, "billable": "1.21"},
    "rounded": HOURS,
    "entries": 3,
    "provisional": False,
    "autofilled": False,
    "edited": True,
}


def read(*groups: dict[str, Any]) -> list[dict[str, str]]:
    text = (header() + lines(groups)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_line_says_what_the_list_says() -> None:
    (row,) = read(GROUP)

    assert tuple(row) == COLUMNS
    assert (row["from"], row["to"]) == ("2026-03-02", "2026-03-02")
    assert (row["person_id"], row["person"]) == ("pn_1", "Ida Muster")
    assert (row["company"], row["project"], row["role"]) == ("Osier & Reed", "Web shop", "Maker")
    assert (row["billable"], row["non_billable"], row["total"]) == ("1.25", "0.50", "1.75")
    assert (row["exact_billable"], row["rounded_billable"]) == ("1.21", "1.25")
    assert (row["entries"], row["edited"], row["provisional"]) == ("3", "yes", "no")


def test_what_hours_are_not_added_up_by_stays_empty() -> None:
    (row,) = read({**GROUP, "project": None, "company": None})

    assert (row["project_id"], row["project"], row["company"]) == ("", "", "")
    assert row["person"] == "Ida Muster"


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\tTab", "\rReturn"])
def test_no_name_becomes_a_formula(name: str) -> None:
    (row,) = read({**GROUP, "project": {"id": "pr_1", "name": name}})

    assert row["project"] == f"'{name}"


@pytest.mark.parametrize("name", ["Reed, Osier", 'The "Quill"', "two\nlines", "Čapek 東京"])
def test_names_survive_as_they_are(name: str) -> None:
    (row,) = read({**GROUP, "project": {"id": "pr_1", "name": name}})

    assert row["project"] == name


def test_a_file_without_groups_is_its_header() -> None:
    assert read() == []
    assert header().startswith(b"\xef\xbb\xbffrom,to,person_id,person,")
