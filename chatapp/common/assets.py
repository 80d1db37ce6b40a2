"""The dashboard's one stylesheet, put together from the list in `static/css/layers.css`.

There is no build step: many small files are for people, one answer is for browsers. It knows nothing of HTTP; the
static view serves what `bundle` returns as `css/app.css`.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^@import url\("(?P<path>[\w/.-]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;$', re.MULTILINE)
LAYER_ORDER = re.compile(r"^@layer [\w, -]+;$", re.MULTILINE)


def bundle(static_folder: str | Path) -> str:
    """Return every stylesheet named in `css/layers.css`, in order, each inside its layer.

    Raises FileNotFoundError when the list names a file that is not there. Relative addresses are kept as written, so
    only files directly in `css/` may use `url(…)`.
    """
    folder = Path(static_folder) / "css"
    layers = (folder / "layers.css").read_text(encoding="utf-8")
    sheets = [_sheet(folder / found["path"], found["layer"]) for found in IMPORT.finditer(layers)]
    return "\n".join([*LAYER_ORDER.findall(layers), *sheets])


def _sheet(path: Path, layer: str | None) -> str:
    text = path.read_text(encoding="utf-8")
    return f"@layer {layer} {{\n{text}}}\n" if layer else text
