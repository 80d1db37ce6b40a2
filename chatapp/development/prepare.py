"""Migrations and demo data in one process: loading the application is the longest part of both."""

import sys

from flask_migrate import upgrade

from chatapp import demo
from chatapp.app import create_app
from chatapp.common import schema


def main() -> None:
    app = create_app()
    schema.init_app(app)
    with app.app_context():
        upgrade()
    if "--demo" in sys.argv[1:]:
        with app.app_context():
            demo.create()


if __name__ == "__main__":
    main()
