"""What a visitor's browser loads: the loader, the panel inside the frame, and the project's colours."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, g, make_response, render_template, request
from flask_babel import get_locale

from chatapp.channels.limits import WEB, limits_of
from chatapp.common import pictures
from chatapp.common.errors import not_found
from chatapp.common.i18n import LOCALES
from chatapp.common.security import allow_framing
from chatapp.common.static import Asset
from chatapp.projects import queries as projects
from chatapp.projects.domains import frame_sources
from chatapp.projects.models import Project
from chatapp.widget import drafts, launcher, theme
from chatapp.widget.faces import team_of
from chatapp.widget.sentences import later_sentences, sentences

bp = Blueprint("widget_pages", __name__)

_ROOT = Path(__file__).parents[2]
_MODULES = sorted(path.name for path in (_ROOT / "chatapp/static/widget").glob("*.js") if path.name != "main.js")


@bp.get("/widget.js")
def loader() -> Response:
    """The same file for every site: it is told its key by its own tag."""
    response = _loader().response()
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response.make_conditional(request)  # type: ignore[return-value]


@bp.get("/widget/<site_key>")
def panel(site_key: str) -> Response:
    """`?locale=` is the host page's wish; without it the browser's is taken."""
    _speak()
    shown = drafts.shown(site_key)
    if shown is None:
        allow_framing("*")
        return make_response(render_template("widget/refused.html"), 404)
    project, appearance, locale = shown.project, shown.appearance, str(get_locale())
    allow_framing(_ancestors(project))
    if shown.is_shut:
        return make_response(render_template("widget/refused.html", project=project), 403)
    own = appearance.words_in(locale)
    response = make_response(
        render_template(
            "widget/panel.html",
            project=project,
            key=site_key,
            look=launcher.look_of(appearance, locale),
            own=own,
            team=team_of(project, appearance),
            limits=limits_of(WEB),
            sentences=sentences(own),
            screen=shown.screen,
            modules=[] if shown.screen else _MODULES,
        )
    )
    response.headers["Cache-Control"] = "no-cache, private"
    response.headers["Content-Language"] = str(get_locale())
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.get("/widget/<site_key>/later")
def later(site_key: str) -> Response:
    """What the panel fetches when the visitor begins something that not every visitor does."""
    _speak()
    own = _shown(site_key).appearance.words_in(str(get_locale()))
    response = make_response(render_template("widget/later.html", sentences=later_sentences(own), own=own))
    response.headers["Cache-Control"] = "no-cache, private"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@bp.get("/widget/<site_key>/theme.css")
def stylesheet(site_key: str) -> Response:
    """Its colours, and whether it is light or dark."""
    appearance = _shown(site_key).appearance
    text = theme.stylesheet(appearance.accent, launcher.SCHEMES[appearance.scheme])
    return _kept(Response(text, mimetype="text/css"), seconds=60)


@bp.get("/widget/<site_key>/look.js")
def look(site_key: str) -> Response:
    """How the launcher looks, which every page of the site asks for: a few hundred bytes, kept for some minutes."""
    _speak()
    shown = _shown(site_key)
    its = launcher.HIDDEN if shown.is_shut else launcher.look_of(shown.appearance, str(get_locale()))
    response = Response(launcher.module(its), mimetype="text/javascript")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Vary"] = "Accept-Language"
    return _kept(response, seconds=300)


@bp.get("/widget/logos/<token>")
def logo(token: str) -> Response:
    return pictures.answer(projects.logo(token))


def _speak() -> None:
    wanted = request.args.get("locale", "").partition("-")[0]
    g.locale = wanted if wanted in LOCALES else request.accept_languages.best_match(LOCALES) or LOCALES[0]


def _kept(response: Response, *, seconds: int) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def _ancestors(project: Project) -> str:
    """Its own sites, and ours, where the settings show it."""
    return f"'self' {frame_sources(project.allowed_domains)}" if project.allowed_domains else "'self'"


def _shown(site_key: str) -> drafts.Shown:
    """Raises `AppError` 404."""
    found = drafts.shown(site_key)
    if found is None:
        raise not_found()
    return found


@cache
def _loader() -> Asset:
    """Without what is for people: line breaks, indentation, and the comments, which have lines of their own."""
    lines = (line.strip() for line in (_ROOT / "widget/loader.js").read_text(encoding="utf-8").splitlines())
    return Asset("".join(line for line in lines if not line.startswith("//")).encode(), "text/javascript")
