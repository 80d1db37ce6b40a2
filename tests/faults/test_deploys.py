"""New code under load, as platforms bring it: the new web serves, the router leads there, the old one gets SIGTERM."""

import pytest

from tests.faults.conftest import RATE

pytestmark = pytest.mark.fault


def test_a_deploy_fails_no_request_and_sockets_come_back(the_stage, run):
    with run("deploy", rate=RATE / 5) as load:  # two webs run at a time: their machine has to carry both
        stopping = [the_stage.deploy() for _ in load.blows(every=5)]

    assert max(stopping) < 25
    assert load.figures.failures == {}
    assert load.history.closings["1012"] >= len(stopping)
    assert max(load.history.reconnects) < load.within(6)
