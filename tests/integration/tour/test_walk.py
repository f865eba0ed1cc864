"""What the walk says when an own account cannot be imported, on one stack for all."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from local.settings import LocalSettings
from local.stack import LocalStack
from local.walk import Walk, WalkError
from tests.integration.tour.conftest import Harvest


@pytest.fixture(scope="module")
def stack(harvest: Harvest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    settings = LocalSettings(
        state_dir=tmp_path_factory.mktemp("state"),
        store="moto",
        ticks=False,
        harvest_api_url=harvest.urls["api_url"],
        harvest_id_url=harvest.urls["id_url"],
    )
    with LocalStack(settings) as stack:
        yield stack


def _said(stack: LocalStack, token: str, account_id: str) -> str:
    """What a walk with this token and account says before it gives up."""
    with closing(Walk(stack, (token, account_id))) as walk, pytest.raises(WalkError) as stopped:
        walk.take()
    return str(stopped.value)


def test_a_refused_token_is_named(stack: LocalStack, harvest: Harvest) -> None:
    assert "token" in _said(stack, "not-the-token-of-anybody", harvest.account_id)


def test_an_account_that_the_token_does_not_reach_is_named(
    stack: LocalStack, harvest: Harvest
) -> None:
    said = _said(stack, harvest.token, "999")

    assert "does not reach a Harvest account 999" in said


def test_a_harvest_that_does_not_answer_is_named(stack: LocalStack, harvest: Harvest) -> None:
    harvest.fault(kind="drop_before", host="id", times=None)
    try:
        said = _said(stack, harvest.token, harvest.account_id)
    finally:
        harvest.without_faults()

    assert "Harvest" in said
    assert "again" in said


def test_somebody_who_sees_only_a_part_of_the_account_is_told_so(
    stack: LocalStack, harvest: Harvest
) -> None:
    said = _said(stack, harvest.token_of("member"), harvest.account_id)

    assert "not an administrator" in said
    assert "Have an administrator" in said


def test_a_better_token_takes_the_place_of_the_one_before(
    stack: LocalStack, harvest: Harvest, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Walk(stack, (harvest.token, harvest.account_id))) as walk:
        walk.take()
        word = walk.search_word()

    assert "60  clients found in Harvest" in capsys.readouterr().out
    assert word
    assert "token" in _said(stack, "a-token-that-was-revoked", harvest.account_id)
