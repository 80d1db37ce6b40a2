"""What gunicorn and the flask command load."""

import gc

gc.disable()  # loading makes no garbage, and looking for it is a seventh of the start

from chatapp.app import create_app

app = create_app()
gc.enable()
