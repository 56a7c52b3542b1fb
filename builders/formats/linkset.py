"""The linkset of a landing page (linkset.json): all its typed links, however many files, and the links back.

Follows RFC 9264, section 4.2, and FAIR Signposting, level 2; the anchor is exactly the landing page's address.
"""

import orjson

from panfair.builders.metadata.crosswalk import Link, describe, items_of, links_without_items
from panfair.builders.metadata.format import Format, formats_of
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released

Target = dict[str, str]


def _render(released: Released, portal: Portal) -> bytes:
    d = describe(released, portal)
    items = items_of(d)
    page: dict[str, str | list[Target]] = {"anchor": d.landing}
    for link in [*links_without_items(d), *items]:
        targets = page.setdefault(link.rel, [])
        if isinstance(targets, list):
            targets.append(_target(link))
    back = [{"href": d.landing, "type": "text/html"}]
    sets: list[dict[str, str | list[Target]]] = [page]
    sets += [{"anchor": d.landing + form.file, "describes": back} for form in formats_of(d) if form.describes]
    # Only for what this site serves: of others' files it is not ours to say what they link to.
    own = portal.url("/")
    sets += [{"anchor": link.href, "collection": back} for link in items if link.href.startswith(own)]
    return orjson.dumps({"linkset": sets}, option=orjson.OPT_INDENT_2) + b"\n"


def _target(link: Link) -> Target:
    target = {"href": link.href}
    if link.type:
        target["type"] = link.type
    if link.profile:
        target["profile"] = link.profile
    return target


FORMATS = (
    Format(
        name="Linkset",
        file="linkset.json",
        media_type="application/linkset+json",
        render=_render,
        profile="https://www.rfc-editor.org/rfc/rfc9264",
        order=90,
        describes=False,
    ),
)
