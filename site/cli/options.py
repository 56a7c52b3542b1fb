"""What all commands share: where the settings are, and how an error is told."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from panfair.ontologies.errors import PanfairError

config_option = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    default="panfair.toml",
    show_default=True,
    help="Your settings.",
)


def careful(command: Callable[..., None]) -> Callable[..., None]:
    """Turns our errors and the system's refusals into one line and exit status 2; Ctrl-C leaves no traceback."""

    @wraps(command)
    def run(*args: Any, **values: Any) -> None:
        try:
            command(*args, **values)
        except PanfairError as error:
            click.echo(f"panfair: {error}", err=True)
            sys.exit(2)
        except BrokenPipeError:
            raise  # who reads our lines has seen enough: click ends quietly
        except OSError as error:
            click.echo(f"panfair: {error.filename or 'the system'}: {error.strerror or error}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("panfair: stopped; the site stands as it was, less what had closed", err=True)
            sys.exit(130)

    return run
