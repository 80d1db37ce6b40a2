"""`python -m tests.support.load <plan.json> <history.json>`: says `ready`, runs until its input ends, then settles."""

from gevent import monkey

monkey.patch_all()

import json
import sys
from pathlib import Path

import gevent

from tests.support.load.crowd import Crowd, Plan


def main(plan_file: Path, history_file: Path) -> None:
    crowd = Crowd(Plan(**json.loads(plan_file.read_text())))
    crowd.gather()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    writing = gevent.spawn(crowd.write_for_ever)
    gevent.get_hub().threadpool.spawn(sys.stdin.readline).get()
    writing.kill()
    crowd.settle()
    crowd.history.write(history_file)


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:]))
