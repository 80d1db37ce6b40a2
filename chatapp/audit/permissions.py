"""Who may read the audit log."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("audit.view", "owner", "admin", words=_l("Read and export the audit log"))
