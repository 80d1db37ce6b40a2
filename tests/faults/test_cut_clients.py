"""Clients that lose the network, once for long or all the time: what they missed and what they wrote comes through."""

import pytest

from tests.faults.conftest import SECONDS

pytestmark = pytest.mark.fault


def test_clients_that_were_cut_off_catch_up(run):
    with run("clients cut and flapping", long_cut=SECONDS / 2, flap=2, cut_people=8) as load:
        load.rest()

    assert load.history.closings["cut"] >= 8
    caught_up = sorted(back.seconds for back in load.history.returns if back.seconds is not None)
    assert caught_up
    assert caught_up[len(caught_up) // 2] < load.within(3)
