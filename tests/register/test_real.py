"""Real files of the data folder: what comes in goes out, and answers come."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import DATA
from tests.register.files import table

from sourcemix.register.reading import Read, read_files
from sourcemix.register.scan import scan

FOLDERS = ("salford-register", "trafford-spend", "lancashire-councils", "uk-ocds-notices",
           "uk-cf-awards-2022", "ocds-world")  # fmt: skip
KINDS = ("*.csv", "*.zip", "*.json", "*.csv.gz")


def files(folder: str) -> list[Path]:
    found = [p for kind in KINDS for p in (DATA / folder).rglob(kind)]
    return sorted(path for path in found if path.name != "csv-metadata.json")


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is absent")
@pytest.mark.parametrize("folder", FOLDERS)
def test_rows_in_are_rows_stored_and_rows_set_aside(tmp_path: Path, folder: str) -> None:
    paths = files(folder)
    assert paths, "the folder holds no files"
    store = tmp_path / "register.duckdb"
    results = read_files(paths, store)
    assert not any(result.before for result in results if folder != "ocds-world")
    parts = [part for result in results for part in result.parts]
    for part in parts:
        assert part.counts.rows_in == part.counts.stored + part.counts.set_aside
        assert part.layout.kind != "unknown"
    assert sum(part.counts.stored for part in parts) > 0
    _check_inputs(folder, results)
    found = scan(store, date(2025, 3, 1))
    assert found.counts
    assert table(store, "SELECT sum(rows_in) FROM part")[0][0] == sum(
        part.counts.rows_in for part in parts
    )


def _check_inputs(folder: str, results: tuple[Read, ...]) -> None:
    """Rows counted again by other means."""
    counted = {Path(r.file).name: sum(p.counts.rows_in for p in r.parts) for r in results}
    if folder == "lancashire-councils":
        for path in files(folder):
            assert counted[path.name] == len(json.loads(path.read_bytes())["contracts"])
    if folder == "uk-cf-awards-2022":
        import csv
        import io

        for path in files(folder):
            rows = csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode()))
            assert counted[path.name] == sum(1 for row in rows if row) - 1
