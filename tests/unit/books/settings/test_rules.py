"""What settings of books must be: whatever could not be booked by is refused, by its field."""

from datetime import date, timedelta
from typing import Any

import pytest

from sheaf.books.ledger.accounts import CHARTS, ROLE_KINDS, Kind, Role
from sheaf.books.receivables.articles import Article
from sheaf.books.settings.records import BankAccount
from sheaf.books.settings.rules import (
    HELD,
    OWN,
    Use,
    checked_article,
    checked_banks,
    checked_closing,
    checked_roles,
    checked_start,
    checked_tax,
    in_words,
    moved,
    unfitting,
    uses_of_account,
    uses_of_article,
    uses_of_tax,
)
from sheaf.platform.problems import Problem
from tests.unit.books.settings.setups import (
    CONSULTING,
    IBAN,
    OTHER_IBAN,
    SPARE,
    START,
    TODAY,
    setup,
    tax,
)


def refused(call: Any, *given: Any) -> tuple[str, str]:
    """The field and the detail of what is refused."""
    with pytest.raises(Problem) as problem:
        call(*given)
    assert (problem.value.status, problem.value.code) == (422, "invalid_request")
    assert problem.value.next_step
    (error,) = problem.value.members["errors"]
    return error["field"], error["message"]


class TestUses:
    def test_an_account_is_used_by_whatever_books_on_it(self) -> None:
        assert uses_of_account("1020", setup()) == [Use("role", "bank"), Use("bank", f"{IBAN} CHF")]
        assert uses_of_account("3400", setup()) == [Use("article", "1000")]
        taxes = [Use("tax", code) for code in ("normal", "reduced", "lodging")]
        assert uses_of_account("2200", setup()) == taxes
        for spare in SPARE.values():
            assert uses_of_account(spare.number, setup()) == []

    def test_another_kind_fits_only_what_takes_that_kind(self) -> None:
        # An article's lines may be credited to what is owed; a tax cannot be revenue.
        assert unfitting("3400", Kind.LIABILITY, setup()) == []
        assert unfitting("3400", Kind.EXPENSE, setup()) == [Use("article", "1000")]
        assert len(unfitting("2200", Kind.REVENUE, setup())) == 3
        assert unfitting("1020", Kind.ASSET, setup()) == []
        assert len(unfitting("1020", Kind.LIABILITY, setup())) == 2

    def test_articles_and_taxes_are_used_by_the_fallback_and_by_articles(self) -> None:
        assert uses_of_article("1000", setup()) == []
        with_fallback = setup(fallback_article="1000")
        assert uses_of_article("1000", with_fallback) == [Use("fallback_article", "1000")]
        assert uses_of_article("2000", with_fallback) == []
        assert uses_of_tax("normal", setup()) == [Use("article", "1000")]
        assert uses_of_tax("reduced", setup()) == []

    def test_of_many_uses_three_are_named(self) -> None:
        many = [Use("article", str(number)) for number in range(5)]

        assert in_words(many) == "article 0, article 1, article 2, 2 more"
        assert in_words(many[:3]) == "article 0, article 1, article 2"
        assert in_words([Use("fallback_article", "1000")]) == "fallback article 1000"


class TestArticles:
    @pytest.mark.parametrize("account", ["3400", "2201", "2030"])
    def test_lines_are_credited_to_revenue_or_to_what_is_owed(self, account: str) -> None:
        article = CONSULTING._replace(revenue=account)

        assert checked_article(article, setup()) == article

    @pytest.mark.parametrize(
        ("article", "field", "words"),
        [
            (CONSULTING._replace(revenue="3499"), "revenue_account", "no account 3499"),
            (
                CONSULTING._replace(revenue="6900"),
                "revenue_account",
                "must be revenue or liability",
            ),
            (CONSULTING._replace(revenue="1020"), "revenue_account", "of the kind asset"),
            (CONSULTING._replace(revenue="2099"), "revenue_account", "that of suspense"),
            (CONSULTING._replace(tax="exempt"), "tax", "no tax exempt"),
        ],
    )
    def test_one_that_cannot_be_booked_is_refused(
        self, article: Article, field: str, words: str
    ) -> None:
        at, detail = refused(checked_article, article, setup())

        assert at == field
        assert words in detail

    def test_one_without_a_tax_leaves_the_tax_to_the_rate(self) -> None:
        assert checked_article(CONSULTING._replace(tax=""), setup()).tax == ""


class TestTaxes:
    @pytest.mark.parametrize("percent", ["0.001", "8.1", "19", "50", "50.000"])
    def test_a_rate_is_more_than_nothing_and_up_to_fifty(self, percent: str) -> None:
        assert checked_tax(tax(percent), setup()) == tax(percent)

    @pytest.mark.parametrize("percent", ["0", "0.000", "50.001", "81"])
    def test_any_other_is_refused(self, percent: str) -> None:
        assert refused(checked_tax, tax(percent), setup())[0] == "percent"

    @pytest.mark.parametrize("account", ["2299", "3400", "1020", "2099"])
    def test_it_is_owed_on_a_liability_of_its_own(self, account: str) -> None:
        assert refused(checked_tax, tax("19", account), setup())[0] == "account"


class TestBanks:
    def test_an_iban_is_kept_as_statements_have_it(self) -> None:
        given = BankAccount("ch93 0076 2011 6238 5295 7", "CHF", "1020")

        assert checked_banks([given], setup()) == (BankAccount(IBAN, "CHF", "1020"),)

    @pytest.mark.parametrize("number", ["0100-12345.6", "AB12XY", "123456789", "US-CHECKING-1"])
    def test_what_is_no_iban_is_taken_as_the_bank_calls_it(self, number: str) -> None:
        (kept,) = checked_banks([BankAccount(number, "USD", "1021")], setup())

        assert kept.number == number

    @pytest.mark.parametrize(
        "number", ["CH9300762011623852958", "CH93 0076 2011 6238 5295", "DE00370400440532013000"]
    )
    def test_an_iban_with_a_slip_is_refused(self, number: str) -> None:
        field, detail = refused(checked_banks, [BankAccount(number, "CHF", "1020")], setup())

        assert field == "banks.0.number"
        assert "no IBAN" in detail

    def test_one_of_nothing_but_spaces_is_refused(self) -> None:
        given = [BankAccount(" ", "CHF", "1020")]

        assert refused(checked_banks, given, setup())[0] == "banks.0.number"

    def test_each_is_there_once_in_each_of_its_currencies(self) -> None:
        francs, euros = BankAccount(IBAN, "CHF", "1020"), BankAccount(IBAN, "EUR", "1021")

        assert checked_banks([francs, euros], setup()) == (francs, euros)
        again = BankAccount(" ".join(IBAN).lower(), "CHF", "1021")
        assert refused(checked_banks, [francs, euros, again], setup())[0] == "banks.2.number"

    @pytest.mark.parametrize("account", ["1099", "2201", "3400", "1100", "1090", "1095"])
    def test_its_account_is_an_asset_without_open_items(self, account: str) -> None:
        given = [BankAccount(IBAN, "CHF", "1020"), BankAccount(OTHER_IBAN, "EUR", account)]

        assert refused(checked_banks, given, setup())[0] == "banks.1.account"


class TestRoles:
    def test_one_that_is_wanted_takes_the_place_of_the_one_that_is(self) -> None:
        roles = checked_roles({Role.DIFFERENCES: "6900"}, setup())

        assert roles == {**setup().settings.roles, Role.DIFFERENCES: "6900"}

    @pytest.mark.parametrize("role", list(Role))
    def test_each_takes_an_account_of_its_kind_and_no_other(self, role: Role) -> None:
        for kind, account in SPARE.items():
            if kind is ROLE_KINDS[role]:
                assert checked_roles({role: account.number}, setup())[role] == account.number
            else:
                field, _ = refused(checked_roles, {role: account.number}, setup())
                assert field == f"roles.{role.value}"

    def test_an_account_that_is_not_there_is_refused(self) -> None:
        assert refused(checked_roles, {Role.BANK: "1999"}, setup())[0] == "roles.bank"

    def test_some_may_share_an_account(self) -> None:
        wanted = {Role.WRITTEN_OFF: "6900", Role.DIFFERENCES: "6900", Role.ROUNDING: "6900"}

        assert checked_roles(wanted, setup()).items() >= wanted.items()

    @pytest.mark.parametrize("other", [Role.BANK, Role.IN_TRANSIT, Role.CLEARING])
    def test_where_open_items_stand_no_other_role_books(self, other: Role) -> None:
        receivables = setup().settings.roles[Role.RECEIVABLES]

        assert refused(checked_roles, {other: receivables}, setup())[0] == f"roles.{other.value}"
        assert (
            refused(checked_roles, {Role.RECEIVABLES: setup().settings.roles[other]}, setup())[0]
            == "roles.receivables"
        )

    def test_two_that_change_places_are_no_conflict(self) -> None:
        now = setup().settings.roles
        wanted = {Role.IN_TRANSIT: now[Role.CLEARING], Role.CLEARING: now[Role.IN_TRANSIT]}

        assert checked_roles(wanted, setup()).items() >= wanted.items()

    def test_nor_does_a_bank_an_article_or_a_tax(self) -> None:
        of_euros = BankAccount(OTHER_IBAN, "EUR", "1021")
        with_bank = setup(banks=[of_euros])
        field, detail = refused(checked_roles, {Role.RECEIVABLES: "1021"}, with_bank)
        assert (field, OTHER_IBAN in detail) == ("roles.receivables", True)

        with_article = setup(articles=[CONSULTING._replace(revenue="2201")])
        assert "article 1000" in refused(checked_roles, {Role.SUSPENSE: "2201"}, with_article)[1]
        assert "tax normal" in refused(checked_roles, {Role.SUSPENSE: "2200"}, setup())[1]

    def test_retainers_may_be_where_an_article_for_prepayments_is(self) -> None:
        with_article = setup(articles=[CONSULTING._replace(revenue="2201")])

        assert checked_roles({Role.RETAINERS: "2201"}, with_article)[Role.RETAINERS] == "2201"

    def test_what_is_settled_later_would_be_left_behind(self) -> None:
        now = setup().settings.roles
        every = {role: SPARE[ROLE_KINDS[role]].number for role in Role}

        assert moved(every, setup()) == {role: now[role] for role in HELD}
        assert moved(dict(now), setup()) == {}
        assert moved({}, setup()) == {}

    @pytest.mark.parametrize("chart", list(CHARTS.values()))
    def test_every_chart_keeps_the_rules(self, chart: Any) -> None:
        kinds = {one.number: one.kind for one in chart.accounts}

        assert {role: kinds[number] for role, number in chart.roles.items()} == ROLE_KINDS
        own = [chart.roles[role] for role in OWN]
        assert all(list(chart.roles.values()).count(number) == 1 for number in own)
        assert kinds[chart.revenue] is Kind.REVENUE
        assert all(kinds[one.account] is Kind.LIABILITY for one in chart.taxes)


class TestDays:
    @pytest.mark.parametrize("day", [START, date(2026, 3, 31), TODAY - timedelta(days=1)])
    def test_days_of_the_books_that_are_over_can_be_closed(self, day: date) -> None:
        assert checked_closing(day, START, TODAY) == day

    @pytest.mark.parametrize("day", [START - timedelta(days=1), TODAY, date(2027, 1, 1)])
    def test_no_others_can(self, day: date) -> None:
        assert refused(checked_closing, day, START, TODAY)[0] == "closed_to"

    def test_none_is_none(self) -> None:
        assert checked_closing(None, START, TODAY) is None

    def test_a_first_day_may_be_years_away_but_is_no_slip(self) -> None:
        for day in (date(2017, 1, 1), date(2027, 1, 1), TODAY):
            assert checked_start(day, TODAY) == day
        for day in (date(202, 6, 1), date(2016, 6, 1), date(2062, 1, 1)):
            assert refused(checked_start, day, TODAY)[0] == "start"
