"""Two hundred texts that try to become a program, and a witness of whether one did. `pwned()` is their success."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from playwright.sync_api import BrowserContext

_VECTORS = (
    "<script>pwned()</script>",
    "<script src='data:text/javascript,pwned()'></script>",
    "<script type=module>pwned()</script>",
    "<img src=x onerror=pwned()>",
    "<img src=x onerror=alert(1)>",
    "<img/src/onerror=pwned()>",
    "<img src='x' onerror='pwned()' alt=\"\">",
    "<IMG SRC=x ONERROR=pwned()>",
    "<img src=x onerror=&#112;wned()>",
    "<image src=x onerror=pwned()>",
    "<svg onload=pwned()>",
    "<svg/onload=pwned()>",
    "<svg><script>pwned()</script></svg>",
    "<svg><animate onbegin=pwned() attributeName=x dur=1s>",
    "<svg><set onbegin=pwned() attributeName=x>",
    "<svg><a xlink:href='javascript:pwned()'><text y=20>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned()>",
    "<body onload=pwned()>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
    "<iframe src='javascript:parent.pwned()'></iframe>",
    "<object data='javascript:pwned()'></object>",
    "<embed src='javascript:pwned()'>",
    "<video><source onerror=pwned()></video>",
    "<audio src=x onerror=pwned()>",
    "<input autofocus onfocus=pwned()>",
    "<details open ontoggle=pwned()>x</details>",
    "<marquee onstart=pwned()>x</marquee>",
    "<xss-probe onfocus=pwned() tabindex=1 autofocus>x</xss-probe>",
    "<style>@keyframes k{}</style><i style='animation:k 1s' onanimationstart=pwned()>x</i>",
    "<link rel=stylesheet href=x onerror=pwned()>",
    "<a href='javascript:pwned()'>x</a> javascript:pwned()",
    'https://example.com/"onmouseover=pwned()//',
    "https://example.com/<img src=x onerror=pwned()>",
    "<base href='//evil.example/'><script src=x.js></script>",
    "<meta http-equiv=refresh content='0;url=javascript:pwned()'>",
    "<form action='javascript:pwned()'><button autofocus>x</button></form>",
    "<div hx-get=/ hx-trigger=load hx-on:htmx:after:request=pwned()>x</div>",
    "<hx-partial hx-target=body hx-swap=innerHTML><img src=x onerror=pwned()></hx-partial>",
    "{{ self.__init__.__globals__ }}{% raw %}<img src=x onerror=pwned()>",
    "${pwned()} `${pwned()}` <!--><img src=x onerror=pwned()>-->",
)
_WAYS_OUT = ("", '">', "'>", "</p></textarea></title>", "--></script></template>")
CORPUS = tuple(way + vector for way, vector in product(_WAYS_OUT, _VECTORS))


@dataclass
class Witness:
    """Watches a browser context. CSP violations are the business of `page_faults`, which fails the test."""

    executions: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.expose_binding("pwned", lambda source: self.executions.append(source["page"].url))
        context.on("dialog", lambda dialog: (self.executions.append(dialog.message), dialog.dismiss()))
