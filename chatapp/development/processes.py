"""The processes of the application, as the `Procfile` names them, and the steps that come before them."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import partial

from chatapp.common.embedded.processes import Program

Environment = Mapping[str, str]


def prepare(environment: Environment, *, with_demo: bool) -> Program:
    """Migrations, and demo data if wanted. It ends by itself."""
    options = ["--demo"] if with_demo else []
    return Program(
        name="prepare",
        command=[sys.executable, "-m", "chatapp.development.prepare", *options],
        environment=environment,
    )


def application(environment: Environment) -> list[Program]:
    """Web, worker and clock."""
    return [
        Program(
            name="web",
            command=[sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
            environment=environment,
            is_ready=partial(is_ready, f"{environment['PUBLIC_URL']}/readyz"),
        ),
        Program(
            name="worker",
            command=[sys.executable, "-m", "chatapp.jobs.worker"],
            environment=environment,
        ),
        Program(
            name="clock",
            command=[sys.executable, "-m", "chatapp.jobs.schedule"],
            environment=environment,
        ),
    ]


def is_ready(url: str) -> bool:
    """Whether `/readyz` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
