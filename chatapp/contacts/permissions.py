"""What roles may do with contacts. Their names and addresses are changed with `conversations.describe`."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("contacts.view", "owner", "admin", "agent", "viewer", words=_l("See contacts and the notes about them"))
MANAGE = grant("contacts.manage", "owner", "admin", "agent", words=_l("Add and block contacts, and write notes"))
EXPORT = grant("contacts.export", "owner", "admin", words=_l("Export all contacts as a file"))
IMPORT = grant("contacts.import", "owner", "admin", words=_l("Import contacts from a file"))
MERGE = grant(
    "contacts.merge", "owner", "admin", "agent", words=_l("Merge contacts that are one person, and take it back")
)
