"""Batches between processes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.common.realtime.topics import Topic
from chatapp.common.realtime.wire import NO_HUB, Close, Frames, Resync, pack, unpack

frames = st.builds(Frames, st.text(max_size=90).map(Topic), st.binary(max_size=300), st.integers(1, 9))
closes = st.builds(Close, st.dictionaries(st.text(), st.text(), max_size=3), st.integers(1000, 4999), st.text())


@given(st.binary(min_size=8, max_size=8), st.lists(frames | closes | st.just(Resync()), max_size=6))
def test_a_batch_arrives_as_it_was_sent(origin, entries):
    sender, received = unpack(pack(origin, entries))

    assert sender == origin
    assert list(received) == entries


@pytest.mark.parametrize("batch", [b"", b"\x01short", b"\x02" + pack(NO_HUB, [Resync()])[1:]])
def test_a_batch_of_another_version_is_refused(batch):
    with pytest.raises(ValueError, match="another version"):
        unpack(batch)
