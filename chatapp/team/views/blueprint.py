"""The blueprint of the team page and of its teams."""

from flask import Blueprint

bp = Blueprint("team", __name__)
