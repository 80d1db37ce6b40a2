"""The migrations make what the models describe, from nothing."""

from alembic.script import ScriptDirectory

from chatapp.development.settings import ROOT
from tests.support.engines import TestEngines, flask


def test_an_empty_database_comes_up_to_date_and_matches_the_models(engines: TestEngines) -> None:
    """The suite's template was empty before these very migrations ran on it: `engines` names it by them."""
    checked = flask("db", "check", database_url=engines.make_database("migrations"))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_there_is_one_newest_migration() -> None:
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()
    assert len(heads) == 1, heads
