"""A facility's theme reaches every page, and colours that people cannot read are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.theme import ENOUGH, Theme, contrast, faults, own_colours, theme_files
from panfair.ontologies.errors import ConfigError
from panfair.site.config.theme_file import read_theme
from support.site_run import SiteRun, numbered

_LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def _theme(tmp_path, text):
    (tmp_path / "logo.svg").write_bytes(_LOGO)
    path = tmp_path / "theme.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_our_own_colours_can_be_read_in_light_and_dark():
    assert {"ink", "paper", "accent", "on", "good"} <= own_colours().keys()
    assert list(faults({})) == []


@given(colours, colours)
def test_contrast_is_symmetric_and_between_one_and_twenty_one(one, other):
    assert contrast(one, other) == contrast(other, one) and 1 <= contrast(one, other) <= 21.0001
    assert contrast(one, one) == 1


@given(colours)
def test_an_accent_is_refused_exactly_when_a_pair_is_too_close(colour):
    told = list(faults({"accent": (colour, own_colours()["accent"][1])}))
    grounds = [own_colours()[name][0] for name in ("paper", "card", "tint", "on")]
    assert bool(told) == any(contrast(colour, ground) < ENOUGH for ground in grounds)


def test_a_theme_reaches_every_page_with_name_logo_colours_and_links(tmp_path):
    site = SiteRun(tmp_path / "site", site='theme = "theme.toml"')
    _theme(
        site.folder,
        'name = "EPS"\nlogo = "logo.svg"\nfont = "Inter, sans-serif"\n[colours]\naccent = ["#7a1f5c", "#f0a6d4"]\n'
        '[[link]]\nlabel = "Proposals"\naddress = "https://eps.example.org/proposals"\n',
    )
    site.put(numbered(1))
    site.publish()
    theme = site.config.theme
    for name, body in site.files("www").items():
        if name.endswith(".html"):
            assert f'href="{theme.sheet}"'.encode() in body, name
            assert theme.logo.address.encode() in body and b"<span>EPS</span>" in body
            assert b'href="https://eps.example.org/proposals"' in body
    sheet = site.files()[f"www{theme.sheet}"].decode()
    assert "--accent: light-dark(#7a1f5c, #f0a6d4);" in sheet and sheet.startswith("@layer facility")
    assert site.files()[f"www{theme.logo.address}"] == _LOGO


def test_a_change_of_theme_writes_the_pages_anew(tmp_path):
    site = SiteRun(tmp_path / "site", site='theme = "theme.toml"')
    _theme(site.folder, 'name = "EPS"\n')
    site.put(numbered(1))
    site.publish()
    assert site.publish().written == 0
    _theme(site.folder, 'name = "Example"\n')
    site.publish()
    assert b"<span>Example</span>" in site.page(numbered(1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[colours]\naccent = ["#ffee00", "#86caf3"]', "accent #ffee00 on paper"),
        ('[colours]\nquiet = ["#566370", "#333333"]', "dark: quiet"),
        ('[colours]\npink = ["#ffee00", "#86caf3"]', "pink: there are ink"),
        ('[colours]\naccent = ["red", "#86caf3"]', "colours.accent"),
        ("name = 3", "name"),
        ("nmae = 'x'", "nmae"),
        ('font = "x; } body { display: none"', "font"),
        ('logo = "none.svg"', "No such file"),
        ('logo = "logo.exe"', "svg"),
        ('[[link]]\nlabel = "x"\naddress = "javascript:alert(1)"', "address"),
        ("= 4", "not readable as TOML"),
    ],
)
def test_what_is_wrong_with_a_theme_is_said_with_its_file(tmp_path, text, said):
    with pytest.raises(ConfigError, match=r"theme\.toml") as caught:
        read_theme(_theme(tmp_path, text))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"<svg><script>1</script></svg>", b'<svg onload="x()"/>', b'<image href="//x.org/a"/>']
)
def test_a_logo_that_runs_or_loads_something_is_refused(tmp_path, body):
    path = _theme(tmp_path, 'logo = "logo.svg"')
    (tmp_path / "logo.svg").write_bytes(body)
    with pytest.raises(ConfigError, match="script or a link"):
        read_theme(path)


def test_no_theme_adds_no_file():
    assert theme_files(Theme()) == [] and Theme().sheet == ""
