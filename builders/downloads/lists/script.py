"""download.sh: a script for any POSIX shell with curl that fetches all files, each below its folder, and verifies them.

A file counts as fetched only once size and checksum agree: until then it has another name, and a second run goes on
where the first was broken off. What fails is named at the end, and the exit status is 1.
"""

import shlex
from collections.abc import Sequence

from panfair.builders.downloads.checksums import checksum_of
from panfair.builders.downloads.list_kind import ListKind
from panfair.builders.downloads.placed import Placed
from panfair.builders.html.language import marked

_HEAD = """\
#!/bin/sh
# Fetches the {count} files of {name}, each below its folder, into the folder where this runs or the one that is named
# after it: sh download.sh [FOLDER]. Run it again after a break, and it goes on. It needs curl; what the catalogue tells
# of sizes and checksums is verified. Files that are there already are left as they are.
set -u
cd "${{1:-.}}" || exit 2
there=0 fetched=0 failed=0

digest() {{ # FILE TOOL
  if command -v "$2" >/dev/null 2>&1; then "$2" <"$1"
  elif [ "$2" = md5sum ]; then md5 -r <"$1"
  else bits=${{2#sha}} && shasum -a "${{bits%sum}}" <"$1"
  fi 2>/dev/null | cut -d ' ' -f 1
}}

wrong() {{ # FILE SIZE TOOL CHECKSUM: says what does not agree, nothing when all does
  size=$(wc -c <"$1" | tr -d ' ')
  if [ "$2" != - ] && [ "$size" != "$2" ]; then echo "$size bytes, and not $2"; return; fi
  if [ "$3" = - ]; then return; fi
  sum=$(digest "$1" "$3")
  if [ -z "$sum" ]; then echo "$3 is not there to verify it" >&2
  elif [ "$sum" != "$4" ]; then echo "its checksum is not the one of the catalogue"; fi
}}

get() {{ # PATH ADDRESS SIZE|- TOOL|- CHECKSUM|-
  if [ -e "$1" ]; then there=$((there + 1)); return; fi
  part=$1.unfinished
  if [ ! -e "$part" ] || [ "$3" = - ] || [ "$(wc -c <"$part" | tr -d ' ')" != "$3" ]; then
    curl -fgL --proto =http,https --retry 3 --create-dirs -C - -o "$part" "$2" || {{
      # Some hosts cannot go on in the middle of a file, and refuse to when it is whole: once more from the start.
      rm -f "$part"
      curl -fgL --proto =http,https --retry 3 --create-dirs -o "$part" "$2"
    }} || {{ echo "FAILED $1: curl could not fetch it" >&2; failed=$((failed + 1)); return; }}
  fi
  reason=$(wrong "$part" "$3" "$4" "$5")
  if [ -n "$reason" ]; then
    rm -f "$part"
    echo "FAILED $1: $reason" >&2
    failed=$((failed + 1))
  else
    mv "$part" "$1" && fetched=$((fetched + 1)) && echo "$1"
  fi
}}

"""

_FOOT = """
echo "$fetched fetched, $there there already, $failed failed"
[ "$failed" = 0 ]
"""


def _script(files: Sequence[Placed], name: str) -> str:
    lines = [_get(item) for item in files if item.address]
    if not lines:
        return ""
    # A name that a catalogue gave must not end the comment that it stands in.
    return _HEAD.format(count=len(lines), name=" ".join(name.split())) + "\n".join(lines) + "\n" + _FOOT


def _get(item: Placed) -> str:
    size = item.file.size_bytes
    known = checksum_of(item)
    words = [item.path, item.address, "-" if size is None else str(size)]
    words += [known.tool, known.digits] if known else ["-", "-"]
    return "get " + " ".join(map(shlex.quote, words))


LISTS = (
    ListKind(
        "download.sh",
        _script,
        marked("script"),
        command="curl -fO {address}\nsh download.sh",
        advice=marked("curl and any POSIX shell: every file in its folder, verified; run it again and it goes on."),
        order=20,
    ),
)
