"""Files made to do harm, or broken on the way."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from tests.register.files import HEADER, ROW, lines, put, read_one, release, table, zipped

from sourcemix.errors import FileError, InputError
from sourcemix.register import limits
from sourcemix.register.reading import read_files


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(90):
            file.write(b"0" * 2**20)
    with pytest.raises(InputError, match="made to do harm"):
        read_files([path], tmp_path / "store.duckdb")
    assert not (tmp_path / "store.duckdb").exists()


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"a.csv": b"0" * (90 * 2**20)})
    with pytest.raises(InputError, match="made to do harm"):
        read_files([path], tmp_path / "store.duckdb")


def test_a_workbook_that_lies_about_its_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGEST_WORKBOOK", 2**20)
    path = zipped(
        tmp_path / "bomb.xlsx",
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"x" * 2**22},
    )
    raw = bytearray(path.read_bytes())
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    path.write_bytes(raw)
    assert sum(info.file_size for info in zipfile.ZipFile(path).infolist()) < 2**20
    with pytest.raises(InputError, match="too large"):
        read_files([path], tmp_path / "store.duckdb")


def test_archives_in_archives_end(tmp_path: Path) -> None:
    path = zipped(tmp_path / "0.zip", {"a.csv": f"{HEADER}\n{ROW}\n".encode()})
    for depth in range(1, 5):
        path = zipped(tmp_path / f"{depth}.zip", {"inner.zip": path.read_bytes()})
    with pytest.raises(InputError, match="too deep"):
        read_files([path], tmp_path / "store.duckdb")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "not a kind of file"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"   \n ", "empty"),
        ("a.csv", b"one,two\nthree,four\n", "no table"),
        ("a.json", b'{"releases": [', "JSON cannot be read"),
        ("a.json", b'[{"a":' * 100_000, "JSON cannot be read"),
        ("a.json", b"[" * 100_000, "no table"),
        ("a.json", b'{"a": 1}', "no table"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged"),
        ("a.gz", b"\x1f\x8bbroken", "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_files([put(tmp_path, name, content)], tmp_path / "store.duckdb")
    assert not (tmp_path / "store.duckdb").exists()


def test_all_faults_at_once_and_nothing_changed(tmp_path: Path) -> None:
    good = put(tmp_path, "good.csv", f"{HEADER}\n{ROW}\n")
    store = tmp_path / "store.duckdb"
    read_files([good], store)
    before = store.read_bytes()
    other = put(tmp_path, "other.csv", f"{HEADER}\n{ROW.replace('C1', 'C2')}\n")
    with pytest.raises(InputError) as caught:
        read_files([other, tmp_path / "absent.csv", put(tmp_path, "a.pdf", b"%PDF-1")], store)
    assert len(caught.value.faults) == 2
    assert store.read_bytes() == before


def test_reading_again_changes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n")
    store = tmp_path / "store.duckdb"
    read_files([path], store)
    before, stamp = store.read_bytes(), store.stat().st_mtime_ns
    (again,) = read_files([path], store)
    assert again.before
    assert store.read_bytes() == before
    assert store.stat().st_mtime_ns == stamp


def test_a_newer_file_of_the_same_name_takes_the_place_of_the_older(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n")
    store = tmp_path / "store.duckdb"
    read_files([path], store)
    put(tmp_path, "a.csv", f"{HEADER}\n{ROW.replace('C1', 'C9')}\n")
    (again,) = read_files([path], store)
    assert again.replaced
    assert table(store, "SELECT reference FROM contract") == [("C9",)]


def test_files_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, "a.csv", f"{HEADER}\n{ROW.replace('C1', name)}\n")
    store = tmp_path / "store.duckdb"
    read_files([tmp_path / "x" / "a.csv", tmp_path / "y" / "a.csv"], store)
    assert table(store, "SELECT reference FROM contract ORDER BY 1") == [("x",), ("y",)]


KILLED = """
import os, sys
from pathlib import Path
from sourcemix.register import reading
def stop(*args):
    print("ready", flush=True)
    import time; time.sleep(60)
reading.renew_suppliers = stop
reading.read_files([Path(sys.argv[1])], Path(sys.argv[2]))
"""


def test_a_killed_import_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "store.duckdb"
    read_files([put(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n")], store)
    before = store.read_bytes()
    other = put(tmp_path, "b.csv", f"{HEADER}\n{ROW.replace('C1', 'C2')}\n")
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(other), str(store)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    assert list(tmp_path.glob(".store.duckdb.part*")), "the import is under way"
    with pytest.raises(FileError, match="another import"):
        read_files([other], store)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert store.read_bytes() == before
    read_files([other], store)
    assert table(store, "SELECT reference FROM contract ORDER BY 1") == [("C1",), ("C2",)]
    assert [path.name for path in tmp_path.glob(".store*")] == []


def test_a_store_that_is_none_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "store.duckdb", b"not a database at all" * 100)
    with pytest.raises(FileError, match="not a register"):
        read_files([put(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n")], path)
    assert path.read_bytes() == b"not a database at all" * 100


def test_many_quotes_do_not_take_for_ever(tmp_path: Path) -> None:
    rows = "\n".join(f'C{n},"open,Green Ltd,2024-04-01,2027-03-31,1' for n in range(800))
    began = time.process_time()
    part, _ = read_one(put(tmp_path, "a.csv", f"{HEADER}\n{rows}\n"))
    assert part.counts.rows_in >= 400
    assert time.process_time() - began < 60


MARKS = [b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xe2\x80", b"{", b"]", b"NaN", b"9" * 40, b";"]


@pytest.mark.parametrize("seed", range(24))
def test_broken_files_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    rows = "\n".join(ROW.replace("C1", f"C{n}") for n in range(30))
    seeds = [f"{HEADER}\n{rows}\n".encode(), lines([release(f"ocds-x-{n}") for n in range(5)])]
    content = bytearray(seeds[seed % 2])
    for _ in range(dice.randrange(1, 25)):
        at = dice.randrange(len(content))
        if dice.random() < 0.4:
            content[at:at] = dice.choice(MARKS)
        elif dice.random() < 0.5:
            del content[at : at + dice.randrange(1, 60)]
        else:
            content[at] = dice.randrange(256)
    refused = False
    try:
        read_one(put(tmp_path, "a.bin", bytes(content)))
    except InputError:
        refused = True
    assert (tmp_path / "store.duckdb").exists() != refused
