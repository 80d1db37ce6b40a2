"""What is done in threads hangs on this."""

from flask import Blueprint

bp = Blueprint("messages", __name__)
