"""The ways a contact is known: what leads to them and to nobody else."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.projects.models import Project

EMAIL, PHONE, EXTERNAL = "email", "phone", "external"
KINDS = (EMAIL, PHONE, EXTERNAL)
"""Mail addresses, phones, and the ids that a customer's own site gives its users. See docs/decisions/0036."""


class EndUserIdentity(KeyMixin, TenantMixin, Base):
    """One way a contact is known; a contact has many, and each leads to one contact.

    `value` is as it is looked for (see `queries.key_of`). What only means something on one site has its `project_id`.
    A trigger gives whoever is written down with a mail address or phone that identity, unless somebody has it already.
    """

    __tablename__ = "end_user_identity"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "end_user_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "project_id"], ["project.workspace_id", "project.id"], ondelete="CASCADE"
        ),
        CheckConstraint("kind IN ('email', 'phone', 'external')", name="kind"),
        CheckConstraint("(kind = 'external') = (project_id IS NOT NULL)", name="project"),
        Index(
            "uq_end_user_identity_value",
            "workspace_id",
            "kind",
            "value",
            "project_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_end_user_identity_end_user", "workspace_id", "end_user_id"),
        Index("ix_end_user_identity_project", "workspace_id", "project_id", postgresql_where="project_id IS NOT NULL"),
        Index(
            "ix_end_user_identity_words",
            "workspace_id",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
    )

    end_user_id: Mapped[UUID]
    kind: Mapped[str]
    value: Mapped[str]
    project_id: Mapped[UUID | None]
    words: Mapped[str] = mapped_column(Computed("search_person(value, NULL)", persisted=True), deferred=True)

    project: Mapped[Project | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="EndUserIdentity.project_id == foreign(Project.id)", uselist=False
    )
