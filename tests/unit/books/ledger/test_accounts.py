"""Each chart has an account for whatever the ledger needs one for."""

import pytest

from sheaf.books.ledger.accounts import CHARTS, ChartName, Kind, Role


@pytest.mark.parametrize("name", ChartName)
def test_a_chart_is_whole(name: ChartName) -> None:
    chart = CHARTS[name]
    numbers = [account.number for account in chart.accounts]
    kinds = {account.number: account.kind for account in chart.accounts}

    assert set(chart.roles) == set(Role)
    assert len(numbers) == len(set(numbers)), "no account has two tasks"
    assert numbers == sorted(numbers)
    assert kinds[chart.revenue] is Kind.REVENUE
    assert {kinds[tax.account] for tax in chart.taxes} <= {Kind.LIABILITY}
    assert kinds[chart.roles[Role.RECEIVABLES]] is Kind.ASSET
    assert len({tax.percent for tax in chart.taxes}) == len(chart.taxes)
