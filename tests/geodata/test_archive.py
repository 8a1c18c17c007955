"""Archives are opened in memory, and hostile ones are refused as a whole."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from geodata.archive import list_files, read_payloads
from geodata.errors import DamagedFileError, InputError, TooLargeError, UnsafeFileError
from geodata.payload import Limits
from tests.geodata.file_fixture import zipped


def names(content: bytes, limits: Limits | None = None) -> list[str]:
    return [payload.name for payload in read_payloads(("a.zip", content), limits)]


def test_members_are_named_inside_their_archive() -> None:
    assert names(zipped({"b.csv": "x,y", "folder/c.csv": "x,z"})) == ["a.zip/b.csv", "a.zip/folder/c.csv"]


def test_two_levels_of_zips_are_opened_and_a_third_is_refused() -> None:
    inner = zipped({"c.csv": "x,y"})
    middle = zipped({"b.zip": inner})
    assert names(middle) == ["a.zip/b.zip/c.csv"]
    with pytest.raises(UnsafeFileError, match="deep"):
        names(zipped({"m.zip": middle}))


@pytest.mark.parametrize(
    "path", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "..\\evil.csv", "C:/evil.csv"]
)
def test_a_path_that_leaves_the_archive_refuses_all_of_it(path: str) -> None:
    with pytest.raises(UnsafeFileError, match="leads out"):
        names(zipped({"good.csv": "x,y", path: "x,y"}))


def test_a_zip_bomb_is_refused_while_unzipping() -> None:
    with pytest.raises(UnsafeFileError, match="bomb"):
        names(zipped({"zeros.csv": b"0" * 20_000_000}))


def test_a_member_that_lies_about_its_size_is_counted_and_not_believed() -> None:
    honest = zipped({"zeros.csv": b"0" * 20_000_000})
    # The uncompressed size stands 22 bytes into the local header and 24 into the central one.
    start = honest.index(b"PK\x01\x02")
    lying = bytearray(honest)
    lying[start + 24 : start + 28] = struct.pack("<I", 10)
    lying[22:26] = struct.pack("<I", 10)
    with pytest.raises((UnsafeFileError, DamagedFileError)):
        names(bytes(lying))


def test_limit_of_bytes_is_kept_at_and_just_over() -> None:
    content = bytes(range(256)) * 4
    limits = Limits(file_bytes=1024)
    assert len(list(read_payloads(("x.bin", content), limits))) == 1
    with pytest.raises(TooLargeError):
        list(read_payloads(("x.bin", content + b"1"), limits))


def test_all_members_together_have_a_limit() -> None:
    archive = zipped({f"{i}.bin": bytes([i]) * 600 for i in range(3)})
    with pytest.raises(TooLargeError):
        names(archive, Limits(archive_bytes=1_700))
    assert len(names(archive, Limits(archive_bytes=1_800))) == 3


def test_too_many_members_are_refused() -> None:
    with pytest.raises(UnsafeFileError, match="files"):
        names(zipped({f"{i}.csv": "x" for i in range(4)}), Limits(n_members_max=3))


def test_a_locked_zip_is_refused_with_what_to_do() -> None:
    locked = bytearray(zipped({"b.csv": "x,y"}))
    start = locked.index(b"PK\x01\x02")
    locked[start + 8] |= 1
    locked[6] |= 1
    with pytest.raises(UnsafeFileError, match="password"):
        names(bytes(locked))


def test_a_link_in_a_zip_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("link.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UnsafeFileError, match="link"):
        names(buffer.getvalue())


def test_a_cut_zip_is_damaged() -> None:
    with pytest.raises(DamagedFileError, match="Download it again"):
        names(zipped({"b.csv": "x,y\n" * 500})[:-30])


def test_a_workbook_stays_one_payload() -> None:
    assert names(zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})) == ["a.zip"]


def test_a_shapefile_that_lacks_a_part_says_which() -> None:
    with pytest.raises(DamagedFileError, match=r"\.dbf"):
        names(zipped({"w.shp": "x", "w.shx": "x"}))


def test_a_folder_is_walked_without_hidden_files_or_links_out_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.csv").write_text("x,y")
    (folder / ".hidden.csv").write_text("x,y")
    (tmp_path / "secret.csv").write_text("x,y")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert [file.name for file in list_files(folder)] == ["b.csv"]


def test_a_path_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list_files(tmp_path / "nothing")
