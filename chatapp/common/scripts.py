"""The dashboard's one script, put together from the modules that `static/js/app.js` imports.

As with the stylesheet there is no build step: many small modules are for people, one answer is for browsers, who would
else ask sixty times, in waves, before the first page moves. Each module becomes a function that is called at once
and returns what it exports, so names at the top of two modules never meet. What lies in `vendor/` stays a file of its
own. It understands the two forms that our modules use, and refuses whatever else begins a line with `import` or
`export`: `import "…"`, `import { a, b as c } from "…"`, and `export` before a function or a class.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import (?:\{(?P<names>[^}]*)\} from )?"(?P<path>[\w./-]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class) (?P<name>\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*|\bimport\(.*|\bimport\.meta.*", re.MULTILINE)


class ScriptError(Exception):
    """A module is written in a way that cannot be put together; the text says which and why."""


def script(folder: Path) -> str:
    """Return `app.js` of this folder and all that it imports, each once, in the order in which a browser runs them.

    Raises FileNotFoundError for a module that is not there, and ScriptError.
    """
    together = _Together(folder.resolve())
    together.add("app.js")
    return "".join([*together.vendors, *together.modules])


class _Together:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._begun: list[str] = []
        self._done: dict[str, str] = {}  # the constant that holds what a module exports, by path
        self.vendors: list[str] = []
        self.modules: list[str] = []

    def add(self, path: str) -> str:
        """Add a module after those that it imports, and return the name of what it exports."""
        if path in self._done:
            return self._done[path]
        if path in self._begun:
            raise ScriptError(f"{path} imports itself by way of {', '.join(self._begun)}.")
        self._begun.append(path)
        text = (self._folder / path).read_text(encoding="utf-8")
        body = IMPORT.sub(lambda found: self._imported(path, found), text)
        exported = [found["name"] for found in EXPORT.finditer(body)]
        body = EXPORT.sub("", body)
        if left := LEFT_OVER.search(body):
            raise ScriptError(f"{path} says {left[0]!r}, a form that is not put together.")
        name = self._done[path] = "$" + re.sub(r"\W", "_", path.removesuffix(".js"))
        self.modules.append(f"// {path}\nconst {name} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n")
        self._begun.pop()
        return name

    def _imported(self, path: str, found: re.Match[str]) -> str:
        target = (self._folder / path).parent.joinpath(found["path"]).resolve().relative_to(self._folder).as_posix()
        if target.startswith("vendor/"):
            if found["names"]:
                raise ScriptError(f"{path} takes names out of {target}, which stays a file of its own.")
            line = f'import "./{target}";\n'
            self.vendors += [] if line in self.vendors else [line]
            return ""
        name = self.add(target)
        return f"const {{{found['names'].replace(' as ', ': ')}}} = {name};\n" if found["names"] else ""
