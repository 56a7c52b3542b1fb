"""The one Jinja2 environment that all pages are rendered with, and the fingerprint of what pages are made by.

Autoescaping is on and an unknown name is an error. Views (frozen slotted dataclasses and tuples) go in, so that an
attribute in a template costs one getattr; see `builders.pages.landing` for the largest of them.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from panfair.builders.assets import addresses, static_files
from panfair.builders.html import language
from panfair.builders.html.compiled import compiled_templates
from panfair.builders.html.folding import folding
from panfair.builders.html.menu import menu
from panfair.builders.html.words import counted, number
from panfair.builders.package_files import package_digest, plugin_digest
from panfair.builders.portal import Portal
from panfair.ontologies.text import shortened

__all__ = ["CONTENT_SECURITY_POLICY", "Renderer", "fingerprint", "static_files"]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
"""What every page allows itself; a server adds `frame-ancestors`, which a page cannot say (CSP 3, section 6.4.2)."""

NEAREST = b"<!-- nearest -->"
"""Where the server writes the nearest DOIs into `404.html`."""


_LONGEST_TITLE = 70  # characters


class Renderer:
    """Renders templates for one portal; cheap to ask again, costly to make (one per process)."""

    def __init__(self, portal: Portal, compiled: Path | None = None) -> None:
        """`compiled`: a folder of the operator's for compiled templates; None: they are in memory only."""
        self.portal, self._compiled = portal, compiled
        language.use(portal.language)  # of this process: a run renders one site
        language.use_zone(portal.timezone)
        assets = {name.replace(".", "_"): address for name, address in addresses().items()}
        constants = {"site": portal, "assets": assets}
        self._environment = Environment(
            loader=_Templates(),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=compiled_templates(portal.language, constants, fingerprint(), compiled),
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_gettext_callables(language.tr, language.trn, newstyle=True)  # type: ignore[attr-defined]
        self._environment.code_generator_class = folding(language.tr, constants)
        self._environment.globals.update(
            site=portal,
            policy=CONTENT_SECURITY_POLICY,
            menu=menu(portal),
            assets=assets,
            counted=counted,
            number=number,
            in_tab=in_tab,
            language=language.current,
        )
        self._templates: dict[str, Template] = {}

    def render(self, template: str, **context: object) -> bytes:
        """The page that a template of `templates/` (such as `pages/landing.html`) makes of a context, in UTF-8.

        `package:file.html` is a template of another package.
        Raises jinja2.UndefinedError when the template names what the context has not.
        """
        found = self._templates.get(template)
        if found is None:
            found = self._templates[template] = self._environment.get_template(template)
        return found.render(context).encode("utf-8")

    def fingerprint(self) -> str:
        """What all pages depend on besides records; see `fingerprint`."""
        return fingerprint()

    def __reduce__(self) -> tuple[Callable[[Portal, Path | None], "Renderer"], tuple[Portal, Path | None]]:
        """Another process makes its own environment."""
        return Renderer, (self.portal, self._compiled)


def in_tab(words: str) -> Markup:
    """A page's title for its tab and for search engines, which cut what is longer than seventy characters.

    `words` is markup, its parts joined by ` | `, the page first and the site last: the last ones go, then words of the
    first. The whole title stands in the page and in its descriptions for machines. Quotes stand as they are, as a
    title has no markup in it; an entity counts as it is written.

    >>> in_tab("Foam | Data")
    Markup('Foam | Data')
    >>> in_tab("A &amp; B " * 12)
    Markup('A &amp; B A &amp; B A &amp; B A &amp; B A &amp; B A &amp; B A &amp; …')
    """
    first, *others = Markup(words).unescape().split(" | ")  # noqa: S704 - taken apart, and escaped again where it stands
    first = " ".join(first.split())
    while others and not _fits(" | ".join((first, *others))):
        others.pop()
    shorter = (shortened(first, most) for most in range(_LONGEST_TITLE, 2, -1))
    title = " | ".join((next(filter(_fits, shorter)), *others))
    return Markup(escape(title, quote=False))  # noqa: S704 - escaped just here


def _fits(title: str) -> bool:
    return len(escape(title, quote=False)) <= _LONGEST_TITLE


class _Templates(BaseLoader):
    """Our own templates by their path, and those of other packages as `package:path`."""

    def __init__(self) -> None:
        self._own = PackageLoader("panfair.templates", "")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        package, colon, path = template.partition(":")
        if not colon:
            return self._own.get_source(environment, template)
        return PackageLoader(package, "").get_source(environment, path)


@cache
def fingerprint() -> str:
    """A digest of all templates, static files, builders and plug-ins: what else but records pages depend on.

    The words and the gate of `ontologies` are part of it: a mended sentence there must reach all pages too.
    """
    ours = package_digest("panfair.templates", "panfair.builders", "panfair.ontologies")
    return hashlib.sha256(f"{ours} {plugin_digest()}".encode()).hexdigest()
