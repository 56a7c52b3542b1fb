"""Templates in which what is the same on each page of a site is worked out once, when a template is compiled.

That is: the site's words in its language (a process renders one site, in one language), and the texts of the names in
`constants`, such as `site.title`. A page asks for some forty of these.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

_WORDS = ("_", "gettext")


def folding(translated: Callable[[str], str], constants: Mapping[str, object]) -> type[CodeGenerator]:
    """The generator of code where these names are global; what a template itself calls by one of them wins."""

    class Folding(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
            own = {name.name for name in node.find_all(nodes.Name) if name.ctx != "load"}
            _Folded(translated, {name: value for name, value in constants.items() if name not in own}).visit(node)
            super().visit_Template(node, frame)

    return Folding


class _Folded(NodeTransformer):
    def __init__(self, translated: Callable[[str], str], constants: Mapping[str, object]) -> None:
        self._translated = translated
        self._constants = constants

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in _WORDS or node.kwargs or node.dyn_kwargs:
            return node
        match node.args:
            case [nodes.Const(value=str(words))] if not node.dyn_args:
                # As Jinja's own newstyle gettext answers where autoescaping is on.
                return nodes.Const(Markup(self._translated(words)) % {}, lineno=node.lineno)  # noqa: S704
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        self.generic_visit(node)
        of = node.node
        if isinstance(of, nodes.Name) and of.ctx == "load" and of.name in self._constants:
            value = _part(self._constants[of.name], node.attr)
            if type(value) in (str, bool, int):
                return nodes.Const(value, lineno=node.lineno)
        return node


def _part(whole: object, name: str) -> Any:
    return whole.get(name) if isinstance(whole, Mapping) else getattr(whole, name, None)
