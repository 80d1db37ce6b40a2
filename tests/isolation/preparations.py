"""What a call needs that an earlier one used up: each gives it back to the company."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from chatapp.attachments import queries as attachments
from chatapp.attributes import queries as attributes
from chatapp.auth.models import User
from chatapp.bulk.models import BulkRun
from chatapp.canned.models import CannedReply
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import with_deleted
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import ContactImport, EndUser, EndUserIdentity, EndUserMerge, EndUserNote
from chatapp.hours import queries as hours_queries
from chatapp.invitations import queries as invitations
from chatapp.jobs import search
from chatapp.labels import queries as labels
from chatapp.macros.models import Macro
from chatapp.messages.models import Message
from chatapp.notifications.models import Notification
from chatapp.privacy.models import Erasure
from chatapp.saved_views.models import SavedView
from chatapp.scheduled.models import ScheduledReply
from chatapp.sla import queries as sla
from chatapp.teams import queries as teams
from chatapp.workspaces import queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Workspace
from tests.factories import (
    Company,
    give_two_factor,
    inside,
    make_attribute,
    make_canned_reply,
    make_deed,
    make_hours,
    make_identity,
    make_label,
    make_macro,
    make_notification,
    make_other_conversation,
    make_policy,
    make_role,
    make_saved_view,
    make_scheduled,
    make_segment,
    make_team,
    take_two_factor,
)


def noted(app: Flask, company: Company) -> None:
    """The owner's note about the company's contact is there, and the contact may write."""
    with inside(app, company) as it:
        contact = endusers.end_user(company.end_user_id)
        if contact is None:
            return
        contact.blocked_at = None
        author = it.member("owner")
        what = {"text": "Prefers to be called", "author_id": author.user_id, "author_name": author.user.name}
        db.session.merge(EndUserNote(id=company.note_id, end_user_id=contact.id, **what))


def known(app: Flask, company: Company) -> None:
    """The company's contact has their phone, as long as they are there."""
    with inside(app, company):
        contact = endusers.end_user(company.end_user_id)
        if contact is not None and db.session.get(EndUserIdentity, company.identity_id) is None:
            make_identity(contact, company.identity_id)


def doubled(app: Flask, company: Company) -> None:
    """There is a contact who could be the company's, and one who was merged into them; nobody has them erased."""
    with inside(app, company):
        contact, double = endusers.end_user(company.end_user_id), db.session.get(EndUser, company.double_id)
        one = db.session.get(EndUserMerge, company.merge_id)
        if contact is None or double is None or one is None:
            return
        asked_for = (Erasure.end_user_id == contact.id, Erasure.id != company.erasure_id)
        db.session.execute(delete(Erasure).where(*asked_for))
        double.merged_into_id, contact.blocked_at = None, None
        db.session.get_one(EndUser, one.source_id).merged_into_id, one.undone_at = contact.id, None


def regretted(app: Flask, company: Company) -> None:
    """The owner has done something to the company's conversation, and may take it back."""
    with inside(app, company) as it:
        assert company.deed_id is not None
        make_deed(company.deed_id, it.conversation, it.member("owner"))


def answered(app: Flask, company: Company) -> None:
    """The owner's reply says what it said, and nobody has edited or deleted it."""
    with inside(app, company):
        said = db.session.get(Message, company.answer_id)
        if said is not None:
            said.text, said.edited_at, said.deleted_at = "At your service.", None, None


def notified(app: Flask, company: Company) -> None:
    """The owner was told of the company's conversation, as long as it is there."""
    with inside(app, company):
        line = db.session.scalar(select(Notification.id).where(Notification.id == company.notification_id))
        is_there = db.session.scalar(select(Conversation.id).where(Conversation.id == company.conversation_id))
        if line is None and is_there:
            make_notification(company.members["owner"], company.conversation_id, company.notification_id)


def undeleted(app: Flask, company: Company) -> None:
    """The company's other conversation is there."""
    with inside(app, company), with_deleted(reason="an earlier call deleted it"):
        found = db.session.get(Conversation, company.other_conversation_id)
        if found is not None:
            found.deleted_at = None


def under_way(app: Flask, company: Company) -> None:
    """Something that the owner had done to many conversations has ended, and is shown."""
    regretted(app, company)
    with inside(app, company):
        run = BulkRun(id=company.bulk_run_id, user_id=company.members["owner"], deed_id=company.deed_id, what="close")
        run.value, run.conversation_ids, run.total, run.counts, run.ended_at = "", [], 0, {}, now()
        db.session.merge(run)


def tabled(app: Flask, company: Company) -> None:
    """The company's table of contacts has been looked through, and waits."""
    with inside(app, company):
        what = {"requested_by": "Owner", "file_name": "people.csv", "content": "name,email\nx,nobody", "separator": ","}
        counts = {"created": 0, "updated": 0, "unchanged": 0, "refused": 1}
        db.session.merge(
            ContactImport(
                **what,
                id=company.contact_import_id,
                state="checked",
                total=1,
                done=1,
                columns={"name": 0, "email": 1},
                counts=counts,
                expires_at=now() + timedelta(hours=24),
            )
        )


def employed(app: Flask, company: Company) -> None:
    """The viewer is a viewer again, whatever became of them."""
    with inside(app, company) as it:
        if it.is_member("viewer"):
            it.member("viewer").take("viewer")
        else:
            workspace = db.session.get_one(Workspace, company.workspace_id)
            workspaces.add_member(workspace, user=db.session.get_one(User, company.members["viewer"]), role="viewer")


def owned(app: Flask, company: Company) -> None:
    """The owner owns it again: with a defect planted, they may have handed it to a stranger."""
    with inside(app, company) as it:
        it.member("owner").take("owner")


def invited(app: Flask, company: Company) -> None:
    """The company's invitation waits again."""
    with inside(app, company):
        invitations.invitation(company.invitation_id).revoked_at = None


def named(app: Flask, company: Company) -> None:
    """The workspace has the name that is typed, and is open."""
    with inside(app, company):
        workspace = db.session.get_one(Workspace, company.workspace_id)
        workspace.name, workspace.closed_at, workspace.purge_at = "Globex", None, None


def teamed(app: Flask, company: Company) -> None:
    """The company's team is there again, with the agent in it."""
    with inside(app, company) as it:
        if company.team_id not in {team.id for team in teams.teams()}:
            make_team("Support", company.members["agent"], id=company.team_id)
        it.project.team_id = it.conversation.team_id = company.team_id


def findable(app: Flask, _company: Company) -> None:
    """What has been written is found."""
    with app.app_context():
        search.look_through()


def without_billing(app: Flask, company: Company) -> None:
    """Nobody has made the team that is about to be made."""
    with inside(app, company):
        for team in teams.teams():
            if team.name == "Billing":
                db.session.delete(team)


def with_its_role(app: Flask, company: Company) -> None:
    """The company's own role is there again and the only one; nobody has it or is invited to it."""
    employed(app, company)
    with inside(app, company):
        for invitation in invitations.pending():
            invitation.offer("agent")
        for role in queries.roles():
            if role.id != company.role_id and not queries.members_with(role):
                db.session.delete(role)
        if company.role_id not in {role.id for role in queries.roles()}:
            make_role("Helper").id = company.role_id


def undelivered(app: Flask, company: Company) -> None:
    """One of the company's deliveries is dead again."""
    with inside(app, company):
        db.session.get_one(OutboxDelivery, company.delivery_id).state = "dead"


def scheduled(app: Flask, company: Company) -> None:
    """The company has its hours, and no others; no policy is measured in them."""
    promised(app, company)
    with inside(app, company):
        sla.policy(company.policy_id).hours_id = None
        found = {hours.id: hours for hours in hours_queries.schedules()}
        if found.pop(company.hours_id, None) is None:
            make_hours(company.hours_id)
        for other in found.values():
            db.session.delete(other)


def promised(app: Flask, company: Company) -> None:
    """The company has its policy, and no others."""
    with inside(app, company):
        found = {policy.id: policy for policy in sla.policies()}
        if found.pop(company.policy_id, None) is None:
            make_policy(company.policy_id)
        for other in found.values():
            db.session.delete(other)


def sorted_by(app: Flask, company: Company) -> None:
    """The company has its label, and no others."""
    with inside(app, company):
        found = {label.id: label for label in labels.labels()}
        if found.pop(company.label_id, None) is None:
            make_label("billing", company.label_id)
        for other in found.values():
            db.session.delete(other)


def canned(app: Flask, company: Company) -> None:
    """The company has its canned reply and its team, and nothing else is canned."""
    teamed(app, company)
    with inside(app, company):
        workspace = db.session.get_one(Workspace, company.workspace_id)
        for reply in db.session.scalars(select(CannedReply)):
            db.session.delete(reply)
        db.session.flush()
        make_canned_reply(workspace, company.canned_id)


def described(app: Flask, company: Company) -> None:
    """The company has its attribute, and no others."""
    with inside(app, company):
        found = {attribute.id: attribute for attribute in attributes.attributes()}
        if found.pop(company.attribute_id, None) is None:
            make_attribute("Plan", company.attribute_id)
        for other in found.values():
            db.session.delete(other)


def viewed(app: Flask, company: Company) -> None:
    """The company has its saved view, its segment and its team, and no other view."""
    teamed(app, company)
    with inside(app, company):
        for view in db.session.scalars(select(SavedView)):
            db.session.delete(view)
        db.session.flush()
        workspace = db.session.get_one(Workspace, company.workspace_id)
        make_saved_view(workspace, company.saved_view_id)
        make_segment(workspace, company.segment_id)


def apart(app: Flask, company: Company) -> None:
    """The company's visitor has two conversations, and the owner's reply lies in the first, not as its beginning."""
    undeleted(app, company)
    with inside(app, company):
        first = db.session.get(Conversation, company.conversation_id)
        if first is None:
            return
        first.end_user_id = company.end_user_id
        if db.session.get(Conversation, company.other_conversation_id) is None:
            make_other_conversation(company, company.other_conversation_id)
        for conversation_id in (first.id, company.other_conversation_id):
            db.session.get_one(Conversation, conversation_id).merged_into_id = None
        said = db.session.get_one(Message, company.answer_id)
        said.deleted_at = None
        if said.conversation_id != first.id:
            said.conversation_id, said.seq, said.revision = first.id, first.next_seq(), first.last_seq


def strayed(app: Flask, company: Company) -> None:
    """The company's conversation is with somebody else than its visitor."""
    with inside(app, company) as it:
        stranger = it.another_conversation().end_user_id
        db.session.get_one(Conversation, company.conversation_id).end_user_id = stranger


def rehearsed(app: Flask, company: Company) -> None:
    """The company has its macro and its team, and no other macro."""
    teamed(app, company)
    with inside(app, company):
        for macro in db.session.scalars(select(Macro)):
            db.session.delete(macro)
        db.session.flush()
        make_macro(company, company.macro_id)


def postponed(app: Flask, company: Company) -> None:
    """The company's reply waits, and no other."""
    with inside(app, company):
        for reply in db.session.scalars(select(ScheduledReply)):
            db.session.delete(reply)
        db.session.flush()
        make_scheduled(company, company.scheduled_id)


def equipped(app: Flask, company: Company) -> None:
    """The company has everything that a policy can name."""
    scheduled(app, company)
    teamed(app, company)


def protected(app: Flask, company: Company) -> None:
    """Its members have two-factor, and it asks nobody for it yet."""
    with inside(app, company):
        for member in queries.members():
            give_two_factor(member.user)
        db.session.get_one(Workspace, company.workspace_id).two_factor_since = None


def unprotected(app: Flask, company: Company) -> None:
    """Nobody has two-factor, and nobody is asked for it."""
    with inside(app, company):
        db.session.get_one(Workspace, company.workspace_id).two_factor_since = None
        for member in queries.members():
            take_two_factor(member.user)


def with_agents_file(app: Flask, company: Company) -> None:
    """The company's file waits for a message of an agent."""
    _owned_file(app, company, uploader="agent", visitor_id=None, conversation_id=company.conversation_id)


def with_visitors_file(app: Flask, company: Company) -> None:
    """The company's file waits for a message of its visitor."""
    _owned_file(app, company, uploader="visitor", visitor_id=company.end_user_id, conversation_id=None)


def _owned_file(app: Flask, company: Company, **row: Any) -> None:
    assert company.attachment_id is not None
    with inside(app, company):
        attachment = attachments.attachment(company.attachment_id)
        for name, value in (row | {"message_seq": None, "scheduled_id": None}).items():
            setattr(attachment, name, value)
