"""how a project's widget looks and speaks, and projects that are out of use

Revision ID: 0062
Revises: 0066
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0062"
down_revision = "0066"

COLUMNS = (
    sa.Column("scheme", sa.String(), nullable=False, server_default="auto"),
    sa.Column("launcher_shape", sa.String(), nullable=False, server_default="round"),
    sa.Column("launcher_side", sa.String(), nullable=False, server_default="right"),
    sa.Column("launcher_x", sa.Integer(), nullable=False, server_default="20"),
    sa.Column("launcher_y", sa.Integer(), nullable=False, server_default="20"),
    sa.Column("shows_faces", sa.Boolean(), nullable=False, server_default="true"),
    sa.Column("faces_team_id", sa.Uuid(), nullable=True),
    sa.Column("words", postgresql.JSONB(), nullable=False, server_default="{}"),
    sa.Column("logo", sa.LargeBinary(), nullable=True),
    sa.Column("logo_token", sa.String(), nullable=True),
    sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
)
CHECKS = {
    "scheme": "scheme IN ('auto', 'light', 'dark')",
    "launcher_shape": "launcher_shape IN ('round', 'soft', 'words', 'own')",
    "launcher_side": "launcher_side IN ('left', 'right')",
    "launcher_offset": "launcher_x BETWEEN 0 AND 200 AND launcher_y BETWEEN 0 AND 200",
}


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("project", column)
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_project_{name}"), "project", condition)
    op.create_unique_constraint(op.f("uq_project_logo_token"), "project", ["logo_token"])
    op.create_foreign_key(
        op.f("fk_project_workspace_id_faces_team_id"),
        "project",
        "team",
        ["workspace_id", "faces_team_id"],
        ["workspace_id", "id"],
        ondelete="SET NULL (faces_team_id)",
    )
    op.execute("SELECT set_config('app.scope', 'system', true)")
    op.execute(
        "UPDATE project SET words = jsonb_build_object(locale, jsonb_build_object('greeting', left(greeting, 80))) "
        "WHERE greeting <> ''"
    )
    op.execute("SELECT set_config('app.scope', '', true)")


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("project", column.name)
