"""docs/commands.md from the command line itself."""

from collections.abc import Iterator

import click

from panfair.site.cli.main import main

_HEAD = """\
# Commands

<!-- Made by `make docs` from the command line itself; edit the help texts there. -->

Every command takes `--help`. From a clone they are called as `.venv/bin/panfair …`.

Exit status of all: **0** all is well. **1** the command ended, but something needs your eyes. **2** nothing was done:
the reason is one line on standard error. **130** you stopped it with Ctrl-C. More in
[operate.md](operate.md#exit-status).
"""


def commands_page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n{section}" for section in _sections("panfair", main, None))


def _sections(name: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name.rsplit(" ", 1)[-1], parent=parent)
    yield f"## {name}\n\n" + "\n".join(_lines(command, context)) + "\n"
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert found is not None
            yield from _sections(f"{name} {sub}", found, context)


def _lines(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"`{' '.join(usage.split())}`"
    yield ""
    yield "\n".join(line.strip() for line in (command.help or "").strip().splitlines())
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    if options:
        yield ""
        yield "| option | meaning | default |"
        yield "|---|---|---|"
        yield from (_option(one) for one in options)


def _option(option: click.Option) -> str:
    names = ", ".join((*option.opts, *option.secondary_opts))
    kind = option.type
    choices = f" One of {', '.join(kind.choices)}." if isinstance(kind, click.Choice) else ""
    default = f"`{option.default}`" if option.show_default and option.default is not None else ""
    return f"| `{names}` | {(option.help or '').replace('|', '/')}{choices} | {default} |"
