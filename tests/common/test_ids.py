"""Keys sort by the moment of their making."""

import time
from uuid import RFC_4122

from chatapp.common.ids import uuid7


def test_keys_made_one_after_the_other_sort_that_way() -> None:
    keys = []
    for _ in range(200):
        keys.append(uuid7())
        time.sleep(1e-6)
    assert keys == sorted(keys)
    assert len(set(keys)) == 200


def test_a_key_says_that_it_is_a_version_7_and_when_it_was_made() -> None:
    key = uuid7()
    assert (key.version, key.variant) == (7, RFC_4122)
    assert abs((key.int >> 80) / 1000 - time.time()) < 5
