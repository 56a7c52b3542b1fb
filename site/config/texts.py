"""The site's own texts in Markdown: those that come with panfair, and the operator's, which take their place."""

from importlib import resources

from panfair.builders.html.language import LANGUAGES
from panfair.ontologies.errors import ConfigError
from panfair.site.config.settings import Config


def site_texts(config: Config) -> dict[str, str]:
    """Name (`about`, `policy`, `help`, …) to Markdown; ours are in the site's language.

    Raises ConfigError when the operator's folder is not there.
    """
    ours = resources.files("panfair.site.config").joinpath("pages")
    if config.site.language != LANGUAGES[0]:
        ours = ours.joinpath(config.site.language)
    texts = {
        item.name.removesuffix(".md"): item.read_text(encoding="utf-8")
        for item in ours.iterdir()
        if item.name.endswith(".md")
    }
    if config.site.pages:
        folder = config.root / config.site.pages
        if not folder.is_dir():
            raise ConfigError(f"[site] pages = {config.site.pages!r}: there is no such folder beside panfair.toml")
        for path in sorted(folder.glob("*.md")):
            texts[path.stem] = path.read_text(encoding="utf-8")
    return dict(sorted(texts.items()))
