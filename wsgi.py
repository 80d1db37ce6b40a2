"""What gunicorn and the flask command load."""

from chatapp.app import create_app

app = create_app()
