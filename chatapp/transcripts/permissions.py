"""What roles may do with transcripts."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

TAKE = grant("conversations.transcript", "owner", "admin", "agent", words=_l("Download and mail transcripts"))
