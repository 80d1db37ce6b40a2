"""How the web processes run: gevent workers that serve requests and sockets together."""

from gevent import monkey

monkey.patch_all()

import os
import resource

_IS_PRODUCTION = os.environ.get("CHATAPP_ENV", "production") == "production"
_IS_HEROKU = "DYNO" in os.environ

_HOST = "0.0.0.0" if _IS_PRODUCTION else "127.0.0.1"  # noqa: S104 - in production a router stands in front
_PORT = os.environ.get("PORT", "8000")

# A socket is a file: the usual limit of 1,024 is for programs of another kind.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
_files = 65_536 if _hard == resource.RLIM_INFINITY else min(_hard, 65_536)
if _soft < _files:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_files, _hard))

bind = os.environ.get("CHATAPP_BIND", f"{_HOST}:{_PORT}").split(",")
worker_class = "chatapp.common.web_worker.WebWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2" if _IS_PRODUCTION else "1"))
worker_connections = 10_000
backlog = 4096

keepalive = 100 if _IS_HEROKU else 75  # longer than the router's 90 s: it must never reuse a line that we close
graceful_timeout = 24  # a deploy has 25 s, Heroku kills after 30
timeout = 60

control_socket_disable = True
accesslog = None  # requests are logged by the application, without tokens or bodies
loglevel = os.environ.get("CHATAPP_LOG_LEVEL", "info")
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "*" if _IS_HEROKU else "127.0.0.1,::1")


def post_worker_init(worker):
    """The application is loaded and requests come next: open the hub, and watch for the order to stop."""
    from chatapp.common import drain
    from chatapp.common.realtime import broadcast
    from chatapp.common.realtime.hub import hub

    broadcast.start_hub()
    hub.wait_for_bus(seconds=1.0)
    drain.watch(worker)


def worker_exit(server, worker):
    """gunicorn has waited for the requests; wait for the sockets' goodbyes."""
    if worker.booted and worker.pid == os.getpid():
        from chatapp.common import drain

        drain.finish()
