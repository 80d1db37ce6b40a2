"""A folder for unix sockets. Their whole path must fit into about a hundred bytes, whatever the checkout is called."""

import hashlib
import os
import tempfile
from pathlib import Path

from chatapp.common.embedded.errors import EngineError

LONGEST_FOLDER = 103 - len("/.s.PGSQL.5432.lock")  # macOS allows 103 bytes, Linux four more


def socket_folder(wanted: Path) -> Path:
    """`wanted`, made if need be, or a short private folder in its place: the same one for the same `wanted`."""
    folder = wanted if len(os.fsencode(wanted)) <= LONGEST_FOLDER else _short_stand_in(wanted)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise EngineError(f"{folder} belongs to somebody else; choose a shorter CHATAPP_VAR.")
    return folder


def _short_stand_in(wanted: Path) -> Path:
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    parent = runtime if runtime.is_dir() and len(os.fsencode(runtime)) < LONGEST_FOLDER // 2 else Path("/tmp")  # noqa: S108
    return parent / f"chatapp-{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]}"
