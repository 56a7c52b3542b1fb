"""What is folded into a template says what it would say unfolded, and nothing is folded that a page may change."""

from types import SimpleNamespace

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from panfair.builders.html.folding import folding

WORDS = {"Files": "Dateien & mehr", "100%%": "100 %%", "%(n)s files": "%(n)s Dateien"}
SITE = SimpleNamespace(title="Data <here>", preview=False, contact=None, theme=SimpleNamespace(name="sober"))


def _rendered(template: str, folded: bool, **context: object) -> str:
    environment = Environment(
        loader=DictLoader({"page": template}),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(lambda text: WORDS.get(text, text), lambda one, many, _n: many, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["site"] = SITE
    if folded:
        environment.code_generator_class = folding(lambda text: WORDS.get(text, text), {"site": SITE})
    return environment.get_template("page").render(context)


@pytest.mark.parametrize(
    "template",
    [
        '<p title="{{ _("Files") }}">{{ _("Files") }} {{ gettext("100%%") }}</p>',
        '{{ _("%(n)s files", n=3) }} {{ _(word) }} {{ _("Files")|upper }} {{ _("Files") ~ word }}',
        "{% trans %}Files{% endtrans %} {% trans n=3 %}{{ n }} files{% endtrans %}",
        "{{ site.title }} {% if site.preview %}preview{% endif %} {{ site.contact }} {{ site.theme.name }}",
        "{% for site in sites %}{{ site.title }}{% endfor %}",
        "{% macro of(site) %}{{ site.title }}{% endmacro %}{{ of(sites[0]) }}",
        "{% set site = sites[0] %}{{ site.title }}",
    ],
)
def test_a_folded_template_says_the_same(template):
    context = {"word": Markup("<b>bold</b>"), "sites": [SimpleNamespace(title="another")]}
    assert _rendered(template, True, **context) == _rendered(template, False, **context)


def test_a_name_that_is_not_there_is_an_error_still():
    with pytest.raises(UndefinedError):
        _rendered("{{ site.nothing }}", True)
