"""The migrations make what the models describe, from nothing."""

from tests.support.engines import TestEngines, flask


def test_an_empty_database_comes_up_to_date_and_matches_the_models(engines: TestEngines) -> None:
    database_url = engines.make_empty_database("migrations")
    upgraded = flask("db", "upgrade", database_url=database_url)
    assert upgraded.returncode == 0, upgraded.stderr
    checked = flask("db", "check", database_url=database_url)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_there_is_one_newest_migration(engines: TestEngines) -> None:
    heads = flask("db", "heads", database_url=engines.make_empty_database("migrations"))
    assert len(heads.stdout.strip().splitlines()) == 1, heads.stdout
