"""What is over is deleted: nobody needs it, and it says something about somebody."""

from __future__ import annotations

from sqlalchemy import delete

from chatapp.auth.models import FailedLogIn, LetterToken, LogIn, Registration
from chatapp.auth.services import history, lockout
from chatapp.common.clock import now
from chatapp.common.db import db


def sweep() -> None:
    """For the clock."""
    moment = now()
    db.session.execute(delete(Registration).where(Registration.expires_at <= moment))
    db.session.execute(delete(LetterToken).where(LetterToken.expires_at <= moment))
    db.session.execute(delete(FailedLogIn).where(FailedLogIn.last_at <= moment - lockout.FORGOTTEN_AFTER))
    db.session.execute(delete(LogIn).where(LogIn.created_at <= moment - history.LIFE))
