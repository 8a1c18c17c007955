"""Files, folders and zips to payloads, in memory: no member is ever written to disk.

An archive is refused as a whole when any of its members is unsafe, so half of a hostile archive
never goes in. Sizes are counted while unzipping and not believed from the archive's own table.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from geodata.errors import DamagedFileError, InputError, TooLargeError, UnsafeFileError
from geodata.payload import Limits, Payload
from geodata.text import one_line

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
TIMETABLE_FILES = frozenset({"stops.txt", "stop_times.txt", "trips.txt", "routes.txt"})  # a GTFS feed
_RATIO_FREE_BYTES = 8_000_000
_CHUNK = 1 << 20
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SIDE_FILES = (*_SHAPE_PARTS[1:], ".sbn", ".sbx", ".qpj", ".shp.xml")


def list_files(path: Path) -> tuple[Path, ...]:
    """The files of a folder, at any depth, in order of name; the file itself when it is one.

    Hidden files and links that lead out of the folder are passed over; so are the side files of a shapefile.

    Raises
    ------
    InputError
        When there is nothing at that path.
    """
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise InputError("There is no such file or folder. Check the path.", where=str(path))
    root = path.resolve()
    found = [
        child
        for child in sorted(path.rglob("*"))
        if child.is_file()
        and not any(part.startswith(".") for part in child.relative_to(path).parts)
        and child.resolve().is_relative_to(root)
    ]
    shapes = {child.with_suffix("") for child in found if child.suffix.lower() == ".shp"}
    return tuple(
        f for f in found if not (_is_side_file(f.name) and f.parent / f.name.split(".")[0] in shapes)
    )


def read_payloads(path: Path | tuple[str, bytes], limits: Limits | None = None) -> Iterator[Payload]:
    """The payloads of a file, folder or upload; zips are opened, but not workbooks or timetables.

    Parameters
    ----------
    path : Path or (str, bytes)
        A file or folder, or a name and its bytes.
    limits : Limits, optional

    Raises
    ------
    TooLargeError, UnsafeFileError, DamagedFileError, InputError
    """
    limits = limits or Limits()
    if isinstance(path, tuple):
        name, content = path
        _require_size(len(content), limits, name)
        yield from _open(one_line(name), content, limits, 0)
        return
    for file in list_files(path):
        name = file.name if path.is_file() else str(PurePosixPath(*file.relative_to(path).parts))
        parts = _shape_parts_beside(file)
        _require_size(sum(part.stat().st_size for part in parts.values()), limits, name)
        if len(parts) > 1:
            yield _shapefile(name, {suffix: part.read_bytes() for suffix, part in parts.items()})
        else:
            yield from _open(name, _read(file), limits, 0)


def zip_members(content: bytes, name: str, limits: Limits) -> dict[str, bytes]:
    """Every member of a zip, unzipped in memory.

    Raises
    ------
    UnsafeFileError
        A path that leaves the archive, a link, a password, two members of one name, or a bomb.
    TooLargeError, DamagedFileError
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _require_safe(infos, len(content), name, limits)
            members: dict[str, bytes] = {}
            left = limits.archive_bytes
            for info in infos:
                member = _unzip(archive, info, name, limits, left)
                left -= len(member)
                members[info.filename] = member
            return members
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DamagedFileError(
            f"The zip cannot be read to its end ({error}). Download it again.", where=name
        ) from error


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _open(name: str, content: bytes, limits: Limits, depth: int) -> Iterator[Payload]:
    if not content.startswith(ZIP_MAGIC):
        yield Payload(name, digest(content), content)
        return
    members = zip_members(content, name, limits)
    if "[Content_Types].xml" in members or "mimetype" in members or members.keys() >= TIMETABLE_FILES:
        yield Payload(name, digest(content), content)
        return
    if depth >= limits.depth_max:
        raise UnsafeFileError(
            f"Zips lie more than {limits.depth_max} deep in each other. Unpack it and import what is inside.",
            where=name,
        )
    yield from _open_members(name, members, limits, depth)


def _open_members(name: str, members: Mapping[str, bytes], limits: Limits, depth: int) -> Iterator[Payload]:
    stems = {key[: -len(".shp")]: key for key in members if key.lower().endswith(".shp")}
    for key in sorted(members):
        if key.startswith("__MACOSX/") or PurePosixPath(key).name.startswith("."):
            continue
        stem = key[: len(key) - len("".join(PurePosixPath(key).suffixes))] or key
        member_name = f"{name}/{one_line(key)}"
        if key.lower().endswith(".shp"):
            parts = {
                suffix: members[other]
                for other in members
                for suffix in _SHAPE_PARTS
                if other.lower() == (key[: -len(".shp")] + suffix).lower()
            }
            yield _shapefile(member_name, parts)
        elif not (
            _is_side_file(key) and any(stem == known or key.startswith(f"{known}.") for known in stems)
        ):
            yield from _open(member_name, members[key], limits, depth + 1)


def _shapefile(name: str, parts: Mapping[str, bytes]) -> Payload:
    """One layer as a plain, uncompressed zip with a safe name, which the reader can open from memory."""
    missing = [suffix for suffix in (".shp", ".shx", ".dbf") if suffix not in parts]
    if missing:
        raise DamagedFileError(
            f"A part of the shapefile is missing ({', '.join(missing)}). Zip all of its parts together.",
            where=name,
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for suffix in _SHAPE_PARTS:
            if suffix in parts:
                archive.writestr(zipfile.ZipInfo(f"layer{suffix}"), parts[suffix])
    content = buffer.getvalue()
    return Payload(name, digest(content), content)


def _require_safe(infos: Iterable[zipfile.ZipInfo], n_bytes: int, name: str, limits: Limits) -> None:
    infos = list(infos)
    if len(infos) > limits.n_members_max:
        raise UnsafeFileError(
            f"The zip holds {len(infos):,} files; {limits.n_members_max:,} are the most that are opened.",
            where=name,
        )
    if sum(info.compress_size for info in infos) > n_bytes:
        raise UnsafeFileError("The zip's members overlap: a zip bomb is made like that.", where=name)
    if len({info.filename for info in infos}) < len(infos):
        raise UnsafeFileError("The zip holds two files of the same name.", where=name)
    for info in infos:
        member = info.orig_filename.replace("\\", "/")
        parts = PurePosixPath(member).parts
        if member.startswith("/") or ".." in parts or "\0" in member or (parts and parts[0].endswith(":")):
            raise UnsafeFileError(
                f"A path in the zip leads out of it ({one_line(member)[:80]}). Nothing of it was read.",
                where=name,
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnsafeFileError("The zip holds a link to another file. Nothing of it was read.", where=name)
        if info.flag_bits & 0x1:
            raise UnsafeFileError(
                "The zip is locked with a password. Unlock it and import it again.", where=name
            )


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits, left: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            size += len(chunk)
            if size > _RATIO_FREE_BYTES and size > limits.ratio_max * max(info.compress_size, 1):
                raise UnsafeFileError(
                    f"{one_line(info.filename)[:80]} grows more than {limits.ratio_max:,.0f} times when "
                    "unzipped: it is taken for a zip bomb. If it is not, unzip it and import what is inside.",
                    where=name,
                )
            if size > limits.file_bytes or size > left:
                raise TooLargeError(
                    f"{one_line(info.filename)[:80]} is too large when unzipped (the limit is "
                    f"{limits.file_bytes / 1e6:,.0f} MB a file and {limits.archive_bytes / 1e6:,.0f} MB "
                    "a zip). Cut it to your authority first.",
                    where=name,
                )
            chunks.append(chunk)
    return b"".join(chunks)


def _require_size(n_bytes: int, limits: Limits, name: str) -> None:
    if n_bytes > limits.file_bytes:
        raise TooLargeError(
            f"The file has {n_bytes / 1e6:,.0f} MB; the limit is {limits.file_bytes / 1e6:,.0f} MB. "
            "Cut it to your authority first.",
            where=name,
        )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"The file cannot be read ({error.strerror}).", where=file.name) from error


def _is_side_file(name: str) -> bool:
    return name.lower().endswith(_SIDE_FILES)


def _shape_parts_beside(file: Path) -> dict[str, Path]:
    if file.suffix.lower() != ".shp":
        return {file.suffix.lower(): file}
    beside = {child.name.lower(): child for child in file.parent.iterdir()}
    names = {suffix: (file.stem + suffix).lower() for suffix in _SHAPE_PARTS}
    return {suffix: beside[name] for suffix, name in names.items() if name in beside}
