"""`bin/flood --rate N --seconds S`: N messages a second from many visitors; ends with what became of them."""

import argparse
import os
import sys
from collections.abc import Callable

from flask import Flask

from chatapp.app import create_app
from chatapp.demo import ACME_KEY
from chatapp.development.flood.traffic import Tally, flood
from chatapp.development.flood.visitors import Crowd
from chatapp.projects import queries as projects
from chatapp.widget import tokens


def main() -> None:
    options = _options()
    crowd = Crowd(_token_maker(create_app(), options.key))
    tally = flood(os.environ["PUBLIC_URL"], crowd, rate=options.rate, seconds=options.seconds)
    print(_report(tally))
    sys.exit(1 if tally.failed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/flood", description="Live traffic against a running bin/dev.")
    parser.add_argument("--rate", type=float, default=10, help="messages a second (10)")
    parser.add_argument("--seconds", type=float, default=30, help="how long (30)")
    parser.add_argument("--key", default=ACME_KEY, help=f"the site key to write to ({ACME_KEY})")
    return parser.parse_args()


def _token_maker(app: Flask, key: str) -> Callable[[], str]:
    with app.app_context():
        project = projects.project_by_site_key(key)
    if project is None:
        sys.exit(f"There is no project with the site key {key}. bin/dev makes the demo data unless CHATAPP_DEMO=0.")

    def issue() -> str:
        with app.app_context():
            return tokens.issue(project).text

    return issue


def _report(tally: Tally) -> str:
    p50, p99 = (tally.percentile(share) * 1000 for share in (0.50, 0.99))
    reasons = "".join(f", {count} × {reason}" for reason, count in tally.failures.items())
    return f"acked {len(tally.times)}  failed {tally.failed}{reasons}  p50 {p50:.0f} ms  p99 {p99:.0f} ms"


if __name__ == "__main__":
    main()
