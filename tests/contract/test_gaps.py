"""The table of gaps names real tests and real stores, and the page that shows it is up to date."""

from tests.contract import page
from tests.contract.gaps import GAPS, STORES


def test_every_gap_names_a_test_and_a_store() -> None:
    tests = {test for section in page.sections() for test in section.tests}

    assert len(tests) > 100
    assert {test for test, _ in GAPS} <= tests
    assert {store for _, store in GAPS} <= set(STORES)


def test_no_two_tests_share_a_name() -> None:
    tests = [test for section in page.sections() for test in section.tests]

    assert len(tests) == len(set(tests))


def test_the_page_shows_the_gaps_as_they_are() -> None:
    shown = page.PAGE.read_text()

    assert page.written(shown) == shown, "run: python -m tests.contract.page"
