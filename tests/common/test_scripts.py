"""The script that browsers get is every module that `app.js` imports, once, and runs as they would."""

import shutil
import subprocess
from pathlib import Path

import pytest

from chatapp.common.scripts import ScriptError, script

JS = Path(__file__).parents[2] / "chatapp" / "static" / "js"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Two modules that share a third and have names of their own that are alike."""
    modules = {
        "app.js": 'import "./vendor/far.js";\nimport { add, Sum as Total } from "./lib/sum.js";\n'
        'import { twice } from "./twice.js";\nconst own = 1;\n'
        "globalThis.told = [add(own), new Total().is, twice(3)];\n",
        "lib/sum.js": "let own = 10;\nexport function add(more) {\n  return (own += more);\n}\n"
        "export class Sum {\n  is = own;\n}\n",
        "twice.js": 'import { add } from "./lib/sum.js";\n\nexport async function never() {}\n'
        "export function twice(more) {\n  add(more);\n  return add(more);\n}\n",
    }
    for name, text in modules.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_every_module_is_in_it_once() -> None:
    together = script(JS)
    apart = {path.relative_to(JS).as_posix() for path in JS.rglob("*.js") if "vendor" not in path.parts}
    assert [line for line in together.splitlines() if line.startswith("import")] == [
        'import "./vendor/htmx.esm.min.js";',
        'import "./vendor/hx-ws.min.js";',
    ]
    for name in apart - {"service-worker.js"}:  # a script of its own
        assert together.count(f"// {name}\n") == 1, name


@pytest.mark.skipif(shutil.which("node") is None, reason="node runs it")
def test_it_runs_as_the_modules_would(written: Path) -> None:
    """A module that two import has one state, and names that are not exported do not meet."""
    (written / "vendor").mkdir()
    (written / "vendor" / "far.js").write_text("globalThis.first = globalThis.told === undefined;\n", encoding="utf-8")
    told = "\nconsole.log(JSON.stringify([globalThis.first, ...globalThis.told]));\n"
    (written / "together.mjs").write_text(script(written) + told, encoding="utf-8")
    ran = subprocess.run(["node", written / "together.mjs"], capture_output=True, text=True, check=False)
    assert ran.stdout == "[true,11,11,17]\n", ran.stderr


@pytest.mark.parametrize(
    "text",
    [
        "export const five = 5;\n",
        "export default class {}\n",
        'import five from "./lib/sum.js";\n',
        "import { add } from './lib/sum.js';\n",
        'const late = () => import("./lib/sum.js");\n',
        'import { far } from "./vendor/far.js";\n',
        'import "./app.js";\n',
    ],
)
def test_what_it_does_not_understand_is_refused(written: Path, text: str) -> None:
    (written / "twice.js").write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError):
        script(written)


def test_a_missing_module_is_an_error(written: Path) -> None:
    (written / "lib" / "sum.js").unlink()
    with pytest.raises(FileNotFoundError):
        script(written)
