"""Where the local run's servers listen, and what happens when somebody else is there."""

import socket

import pytest

from local.aws import serve
from local.ports import HOST, Port, free_port, is_free


def test_a_wanted_port_is_taken() -> None:
    with Port().listener() as first:
        free = first.getsockname()[1]
    with Port(wanted=free).listener() as listener:
        assert listener.getsockname() == (HOST, free)
        assert not is_free(free)


def test_a_wanted_port_that_somebody_has_is_an_error() -> None:
    with socket.create_server((HOST, 0)) as other, pytest.raises(OSError, match="in use"):
        Port(wanted=other.getsockname()[1]).listener()


def test_the_port_of_the_last_run_is_taken_again() -> None:
    with Port().listener() as first:
        last = first.getsockname()[1]
    with Port(last=last).listener() as listener:
        assert listener.getsockname()[1] == last


def test_where_the_last_run_was_somebody_else_may_listen_or_call_from() -> None:
    with (
        socket.create_server((HOST, 0)) as other,
        socket.create_connection(other.getsockname()) as call,
    ):
        for taken in (other.getsockname()[1], call.getsockname()[1]):
            with Port(last=taken).listener() as listener:
                assert listener.getsockname()[1] != taken


def test_a_free_port_is_one_that_outgoing_connections_leave_alone() -> None:
    with Port().listener() as listener:
        assert 18_000 <= listener.getsockname()[1] < 32_768
    assert 18_000 <= free_port() < 32_768


def test_a_server_for_which_there_is_no_place_says_so_and_ends_nothing() -> None:
    with socket.create_server((HOST, 0)) as other, pytest.raises(OSError, match="in use"):
        serve(lambda environ, start: [], Port(wanted=other.getsockname()[1]), "late")
