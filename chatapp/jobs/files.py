"""What the clock does for files: those that no message took go, and so does whatever nothing names any more."""

from __future__ import annotations

from chatapp.attachments import services as attachments
from chatapp.common.storage import discarded
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work

_BATCH = 100


def forget_unused() -> None:
    with unit_of_work(), across_tenants(reason="files that no message took, of any workspace"):
        attachments.forget_unused(_BATCH)


def delete_discarded() -> None:
    with unit_of_work():
        discarded.sweep(_BATCH)
