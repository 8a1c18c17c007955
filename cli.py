"""The command line: the same jobs as the pages, for scripts. What each command does stands in `commands/`.

With `--json` every command prints one JSON document with stable keys. Exit status is 0, or 2 with
one message on standard error that says what was found and what to do.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from io import StringIO
from typing import NoReturn

from commands import (
    access,
    data,
    figure,
    generation,
    hub,
    link,
    option,
    outreach,
    partner,
    place,
    portrait,
    scenario,
    trial,
)
from commands.answer import Refusal
from commands.plain import plain
from geodata.errors import InputError

INPUT_FAULT = 2
STOPPED = 130  # as shells number an interrupt

ADDED = (  # in the order of --help
    data.add_import,
    figure.add_indicators,
    figure.add_profile,
    option.add_evaluate,
    option.add_compare,
    generation.add_generate,
    generation.add_ensemble,
    partner.add_partners,
    link.add_links,
    portrait.add_portrait,
    access.add_access,
    hub.add_hubs,
    access.add_timetables,
    outreach.add_outreach,
    scenario.add_scenarios,
    place.add_places,
    portrait.add_need,
    trial.add_test,
    data.add_export,
    option.add_options,
)


class _Parser(argparse.ArgumentParser):
    """Refuses in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(INPUT_FAULT, f"{self.prog}: {message} (try --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="neighbourhoods", description="Footprint options over service indicators.")
    subcommands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for add in ADDED:
        add(subcommands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        result, words = options.run(options)
        _print(json.dumps(plain(result), allow_nan=False, indent=1) if options.json else words)
        if isinstance(result, Refusal):
            raise InputError(result.message)
    except InputError as fault:
        sys.stderr.write(f"neighbourhoods: {' '.join(str(fault).split())}\n")
        return INPUT_FAULT
    except KeyboardInterrupt:
        sys.stderr.write("neighbourhoods: stopped; nothing was changed\n")
        return STOPPED
    return 0


def _print(text: str) -> None:
    """Write to standard output; a reader that has gone away (`| head`) is no fault.

    Raises
    ------
    InputError
        When the output is full or closed.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = StringIO()  # what is left to flush has no reader
    except OSError as fault:
        sys.stdout = StringIO()
        raise InputError(f"the answer cannot be written to standard output: {fault.strerror}") from fault


if __name__ == "__main__":
    sys.exit(main())
