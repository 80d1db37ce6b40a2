"""What a benchmark leaves: a table for the reader, and figures with the machine's description for later."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The first column to the left, figures to the right."""
    texts = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(head))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in texts]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def save(name: str, figures: dict[str, Any]) -> Path:
    """Write `bench/results/<name>.json`."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    written = {"measured": datetime.now(UTC).date().isoformat(), "machine": _machine(), **figures}
    path.write_text(json.dumps(written, indent=2) + "\n")
    return path


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }
