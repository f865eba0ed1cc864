"""What a trail tells: the imports behind a record, and edits by hand since it was made."""

from typing import Any

import pytest

from sheaf.directory.history import history


def entry(action: str, reason: str | None = None, **values: Any) -> dict[str, Any]:
    changes = {"name": {"before": "A", "after": "B"}}
    return {"action": action, "actor": "ada", "at": "2026-03-02", "changes": changes,
            "reason": reason, **values}  # fmt: skip


def test_imports_and_edits_are_told_apart() -> None:
    told = history(
        [
            entry("company_changed", actor="bo", at="2026-03-05"),
            entry("import_updated", "import im_2", at="2026-03-04"),
            entry("company_changed", at="2026-03-03"),
            entry("imported", "import im_1", changes={}),
        ]
    )

    assert (told.imports, told.last_import_at) == (("im_2", "im_1"), "2026-03-04")
    assert (told.edits, told.last_edit_at, told.last_edit_by) == (2, "2026-03-05", "bo")
    assert told.edited


@pytest.mark.parametrize(
    "entries",
    [
        [entry("company_changed", changes={})],
        [entry("external_id_added")],
        [entry("merge_undone"), entry("merged")],
        [entry("import_updated", "import im_1")],
        [entry("deleted"), entry("company_changed")],
        [entry("removed", "removal rm_1"), entry("company_changed")],
    ],
)
def test_what_changes_no_field_or_befell_an_earlier_record_is_no_edit(entries: Any) -> None:
    assert not history(entries).edited


@pytest.mark.parametrize(
    "action",
    ["contact_changed", "person_changed", "project_changed", "role_assigned", "role_removed"],
)
def test_every_change_of_fields_or_roles_by_hand_is_an_edit(action: str) -> None:
    assert history([entry(action)]).edited


def test_the_latest_merge_away_tells_who_did_it() -> None:
    by_import, by_hand = entry("merged_away", "import im_1"), entry("merged_away")

    assert history([by_hand, entry("restored"), by_import]).merged_by_hand
    assert not history([by_import, entry("restored"), by_hand]).merged_by_hand
