"""The command `partners`: partners' sets of areas, and options held against them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.opened import open_study, partner_id_of, read_option
from geodata.errors import InputError
from geodata.local_file import read_given_file
from neighbourhoods.partner.library import add_partner, partner_rows, partner_words


def add_partners(subcommands: Subcommands) -> None:
    """Add the command `partners`."""
    sub = add_command(
        subcommands,
        "partners",
        "List partners' sets of areas, add one from a file, or remove one.",
        _partners,
    )
    sub.add_argument("--add", metavar="FILE", help="polygons, or a table of area codes")
    sub.add_argument("--name", help="of the set, such as 'Primary care networks'")
    sub.add_argument("--column", default="", help="column that names the partner's areas")
    sub.add_argument("--registered", default="", metavar="COLUMN", help="people registered with the partner")
    sub.add_argument("--remove", metavar="PARTNER")
    sub.add_argument("--fit", metavar="FILE_OR_ID", help="an option to hold against --with")
    sub.add_argument("--with", dest="against", metavar="PARTNER")


def _partners(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    if options.add:
        content = read_given_file(options.add)
        if content is None:
            raise InputError("there is no such file", where=options.add)
        added = add_partner(
            study,
            content,
            Path(options.add).name,
            name=options.name or Path(options.add).stem,
            column=options.column,
            registered=options.registered,
        )
        return added, partner_words(added)
    if options.remove:
        partner_id = partner_id_of(study, options.remove)
        study.store.remove(partner_id)
        return {"removed": partner_id}, f"Removed {partner_id}"
    if options.fit:
        fit = study.partner_fit(read_option(study, options.fit), partner_id_of(study, options.against or ""))
        return (
            fit.as_json(),
            f"{fit.footprints.to_string(index=False)}\n{fit.partner_areas.to_string(index=False)}",
        )
    rows = partner_rows(study)
    return {"partners": rows}, pd.DataFrame(rows).to_string(
        index=False
    ) if rows else "There is no partner's set."
