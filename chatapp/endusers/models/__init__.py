"""Everything that is kept about contacts, by noun."""

from chatapp.endusers.models.files import ContactExport, ContactExportPart, ContactImport, ContactImportProblem
from chatapp.endusers.models.identities import EMAIL, EXTERNAL, KINDS, PHONE, EndUserIdentity
from chatapp.endusers.models.merges import EndUserMerge
from chatapp.endusers.models.people import EndUser, EndUserNote, VisitorSession

__all__ = [
    "EMAIL",
    "EXTERNAL",
    "KINDS",
    "PHONE",
    "ContactExport",
    "ContactExportPart",
    "ContactImport",
    "ContactImportProblem",
    "EndUser",
    "EndUserIdentity",
    "EndUserMerge",
    "EndUserNote",
    "VisitorSession",
]
