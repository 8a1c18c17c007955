"""A council's own CSV or workbook as one frame of text, through the same safe door as published files."""

from __future__ import annotations

import pandas as pd

from geodata.archive import read_payloads
from geodata.content import parse_payload
from geodata.errors import UnrecognisedFileError
from geodata.payload import RawTable


def read_own_table(content: bytes, file_name: str) -> pd.DataFrame:
    """The first table of a file, header as columns, every cell text.

    Raises
    ------
    InputError
        When the file is damaged, unsafe or too large.
    UnrecognisedFileError
        When it holds no table with a header.
    """
    for payload in read_payloads((file_name, content)):
        for raw in parse_payload(payload):
            if isinstance(raw, RawTable):
                frame = raw.rows.copy()
                frame.columns = pd.Index(raw.header)
                return frame
    raise UnrecognisedFileError("no table with a header was found; give a CSV file", where=file_name)
