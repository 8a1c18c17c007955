"""Faults that a planner can act on.

Every error a person may meet derives from `InputError`: its text says what was found, where, and
what to do. Anything else that is raised is a fault of the program, not of the person's file.
"""

from __future__ import annotations


class InputError(Exception):
    """Something that was given cannot be used as it is.

    Parameters
    ----------
    message : str
        One plain sentence or two: what was found and what to do about it.
    where : str, optional
        The file, row or area at fault; put in front of the message.
    """

    def __init__(self, message: str, *, where: str | None = None) -> None:
        self.message = message
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)


class UnrecognisedFileError(InputError):
    """The columns match no published layout that is known here."""


class DamagedFileError(InputError):
    """The bytes are not what the format promises: truncated, not a zip, broken XML, not text."""


class UnsafeFileError(InputError):
    """A file that is refused for safety: a zip bomb, a path that leaves its archive, external links."""


class TooLargeError(InputError):
    """A file over the stated limit of bytes, rows or features."""


class VintageError(InputError):
    """Two vintages of a geography would be mixed and no lookup joins them; names both."""


class OtherAuthorityError(InputError):
    """A file that holds no row of the workspace's authority; names the one it holds."""


class MissingDataError(InputError):
    """A figure was asked for whose file is not in the workspace; names the file to import."""


class OptionError(InputError):
    """An option that does not place each area exactly once, or names areas that do not exist."""


class WorkspaceError(InputError):
    """The workspace folder cannot be opened, read or written."""


class OvertakenError(WorkspaceError):
    """Somebody else wrote what a decision was made from, before it could be written; decide again."""
