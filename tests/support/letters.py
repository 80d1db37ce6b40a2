"""What the worker does with letters, and what their readers find in them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask

from chatapp.common import postbox
from chatapp.common.mail import Letter
from chatapp.common.unit_of_work import unit_of_work
from chatapp.jobs.mail import send_due

_LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


def letters(app: Flask) -> list[Letter]:
    """Run the worker's job, then every letter that it kept, the newest first."""
    with app.app_context():
        send_due()
    with app.app_context(), unit_of_work():
        return [letter for _mail, letter in postbox.kept(100)]


def link_in(letter: Letter) -> str:
    """The path of the one link, which text and HTML share."""
    (link,) = _LINK.findall(letter.text)
    assert f'href="{link}"' in letter.html
    return urlsplit(link).path
