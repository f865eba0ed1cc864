"""Many callers at once: every write counts once, and no read sees half of one."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.integration.simulator.conftest import Caller


def test_parallel_writes_all_arrive_under_ids_of_their_own(
    ada: Caller, control: httpx.Client
) -> None:
    control.patch("/switches", json={"limits": False})

    def create(number: int) -> int:
        return int(ada.post("clients", {"name": f"Parallel {number}"}).json()["id"])

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(create, range(60)))

    listed = [row["id"] for row in ada.get("clients").json()["clients"]]
    assert len(set(ids)) == 60
    assert set(ids) <= set(listed)
    assert listed == sorted(listed, reverse=True)


def test_the_limit_counts_parallel_requests_exactly(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"general_limit": 20, "general_window": 3600})

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: ada.get("users/me").status_code, range(30)))

    assert (statuses.count(200), statuses.count(429)) == (20, 10)


def test_a_contested_record_is_deleted_once(ada: Caller) -> None:
    made = ada.post("clients", {"name": "Contested"}).json()

    def act(number: int) -> int:
        path = f"clients/{made['id']}"
        if number % 2:
            return ada.delete(path).status_code
        return ada.patch(path, {"name": f"Contested {number}"}).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(act, range(24)))

    deletes = statuses[1::2]
    assert deletes.count(200) == 1
    assert set(statuses) <= {200, 404}
