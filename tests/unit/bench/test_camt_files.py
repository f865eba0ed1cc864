"""What is said of a folder of statements: all that was understood, and what does not add up."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import camt_files
from tests.unit.books.bank.messages import details, entry, message, sample, statement, transaction


def balance(kind: str, amount: str, direction: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        "<Dt><Dt>2026-03-02</Dt></Dt></Bal>"
    )


PAID = entry(
    "300.05",
    details(
        transaction(
            "300.05",
            "<Refs><EndToEndId>E-1</EndToEndId></Refs>"
            "<RltdPties><Dbtr><Nm>Petra Probe</Nm></Dbtr></RltdPties>"
            "<RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>",
        )
    ),
    reference="B-1",
)
PENDING = entry("77.00", status="<Cd>PDNG</Cd>", reference="B-2")
SPENT = entry("49.95", direction="DBIT", reference="B-3")
BALANCES = balance("OPBD", "100.00", "DBIT") + balance("CLBD", "150.10")


def told(
    folder: Path, capsys: pytest.CaptureFixture[str], **files: bytes
) -> tuple[list[dict[str, Any]], list[str]]:
    """The documents of some files, and the lines at the end."""
    for name, content in files.items():
        place = folder / name.replace("__", "/")
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
    assert camt_files.main([str(folder)]) == 0
    printed = capsys.readouterr()
    return [json.loads(line) for line in printed.out.splitlines()], printed.err.splitlines()


def test_everything_that_is_understood_of_a_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = message(statement(BALANCES, PAID, PENDING, SPENT))

    (document,), end = told(tmp_path, capsys, march=content)

    (found,) = document["statements"]
    assert (document["file"], document["kind"]) == ("march", "camt.053.001.08")
    assert (found["account"], found["currency"]) == ("CH5100999000000012345", "CHF")
    assert [(one["kind"], one["amount"]) for one in found["balances"]] == [
        ("opening", "-100.00"),
        ("closing", "150.10"),
    ]
    assert [(one["status"], one["amount"]) for one in found["bookings"]] == [
        ("booked", "300.05"),
        ("pending", "77.00"),
        ("booked", "-49.95"),
    ]
    booking = found["bookings"][0]
    (line,) = booking["lines"]
    assert (booking["booked_on"], booking["bank_reference"]) == ("2026-03-02", "B-1")
    assert len(booking["booking_id"]) == len(line["line_id"]) == 24
    assert line["payer"] == {"name": "Petra Probe", "account": "", "address": ""}
    assert (line["reference"], line["reference_kind"]) == ("RF18539007547034", "scor")
    assert (line["end_to_end_id"], line["amount"]) == ("E-1", "300.05")
    # What is only announced is not in the balances.
    assert end == [
        "march, statement S-1: -100.00 + 250.10 = 150.10, it adds up",
        "1 files (0 not read), 1 statements, 3 bookings, 3 lines",
    ]


@pytest.mark.parametrize(("closing", "by"), [("150.11", "0.01"), ("0.10", "-150.00")])
def test_a_statement_that_does_not_add_up_is_named_to_the_cent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], closing: str, by: str
) -> None:
    balances = balance("OPBD", "100.00", "DBIT") + balance("CLBD", closing)

    (document,), end = told(tmp_path, capsys, one=message(statement(balances, PAID, SPENT)))

    assert document["statements"][0]["agreement"]["difference"] == by
    assert end[0] == f"one, statement S-1: -100.00 + 250.10 is NOT {closing}, by {by}"


def test_the_first_opening_and_the_last_closing_of_several_days_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = (
        balance("OPBD", "10.00") + balance("CLBD", "310.05")
        + balance("OPBD", "310.05") + balance("CLBD", "260.10")
    )  # fmt: skip

    _, end = told(tmp_path, capsys, one=message(statement(days, PAID, SPENT)))

    assert end[0].endswith("10.00 + 250.10 = 260.10, it adds up")


def test_files_in_folders_below_are_read_and_what_cannot_be_read_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents, end = told(
        tmp_path,
        capsys,
        notice=sample("notification_02"),
        older__orders=sample("orders"),
        older__text=b"2026-03-02;300.05",
    )

    assert [one["file"] for one in documents] == ["notice", "older/orders", "older/text"]
    assert documents[0]["statements"][0]["agreement"] is None
    for one in documents[1:]:
        assert set(one) == {"file", "problem"}
        assert one["problem"]["detail"] and one["problem"]["next_step"]
    assert end == [
        "notice, statement N-02-1: it does not give both balances",
        "3 files (2 not read), 1 statements, 1 bookings, 1 lines",
    ]


def test_without_a_file_it_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()

    for arguments in ([], [""], [str(tmp_path / "none")], [str(tmp_path)]):
        assert camt_files.main(arguments) == 1
        assert "make camt DIR=" in capsys.readouterr().err
