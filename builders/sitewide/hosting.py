"""What plain file hosts must be told beside the files: media types and caching for S3, no Jekyll for GitHub Pages.

S3 and its like keep a file's headers with the file and know few types by themselves. `s3-metadata.json`, outside of
www/, is a list of rules, each for files by their name's pattern (as `aws s3 cp --include` reads them: `*` also spans
folders); a later rule overrules an earlier one. docs/s3-upload.sh carries them out.
"""

from collections import defaultdict
from fnmatch import fnmatchcase

import orjson

from panfair.builders.assets import FOLDER
from panfair.builders.metadata.media_types import FALLBACK, content_type, endings, whole_names

S3_METADATA = "s3-metadata.json"
NO_JEKYLL = ".nojekyll"
"""GitHub Pages would leave out all names that begin with an underscore, and with them the style sheet."""
ASK_AGAIN = "no-cache"
FOREVER = "public, max-age=31536000, immutable"

Rule = dict[str, str | list[str]]


def s3_rules() -> list[Rule]:
    """The rules, from the general to the special: `include` (patterns), `content_type`, `cache_control`."""
    named = sorted(endings())
    return [
        {"include": ["*"], "content_type": FALLBACK, "cache_control": ASK_AGAIN},
        *_rules({f"*.{ending}": content_type(f"file.{ending}") for ending in named}, ASK_AGAIN),
        *_rules({f"*/{name}": content_type(name) for name in whole_names()}, ASK_AGAIN),
        *_rules({name: content_type(name) for name in whole_names()}, ASK_AGAIN),
        {"include": [f"{FOLDER}/*"], "content_type": FALLBACK, "cache_control": FOREVER},
        *_rules({f"{FOLDER}/*.{ending}": content_type(f"file.{ending}") for ending in named}, FOREVER),
    ]


def s3_metadata() -> bytes:
    """The rules as JSON."""
    return orjson.dumps(s3_rules(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def ruled(path: str, rules: list[Rule]) -> Rule:
    """The rule that holds for a file below www/: the last one that fits."""
    return [rule for rule in rules if any(fnmatchcase(path, pattern) for pattern in rule["include"])][-1]


def _rules(kinds: dict[str, str], cache: str) -> list[Rule]:
    patterns: dict[str, list[str]] = defaultdict(list)
    for pattern, kind in kinds.items():
        patterns[kind].append(pattern)
    return [{"include": found, "content_type": kind, "cache_control": cache} for kind, found in patterns.items()]
