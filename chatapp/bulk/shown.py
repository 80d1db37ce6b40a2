"""What a run looks like to whoever began it."""

from __future__ import annotations

from chatapp.bulk.models import BulkRun
from chatapp.bulk.services import outcome_of, words_of


def facts_of(run: BulkRun | None) -> dict[str, object]:
    """For the template: the run, or None, and what became of it until now."""
    return {"run": run, "run_words": words_of(run.what, outcome_of(run)) if run else ""}
