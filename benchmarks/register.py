"""Reading and scanning a year of payments, and many notices, beside tools that do less.

Run: python benchmarks/register.py [--payments 240000] [--releases 100000] [--data FOLDER]

Each way runs in a process of its own, one after the other, on the same file in the same run; the
best of three counts, by processor time, which a busy machine does not change. Payments are those
of the data folder where it is there (the same month again and again, with other numbers), else
made up. Releases are real ones with other ids.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REPEAT = 3
DATA = Path(os.environ.get("SOURCEMIX_DATA") or Path(__file__).parents[2] / "shared" / "data")

MEASURE = """
import resource, sys, time
from pathlib import Path
source, scratch = Path(sys.argv[1]), Path(sys.argv[2])
{imports}
def used():
    now = resource.getrusage(resource.RUSAGE_SELF)
    return now.ru_utime + now.ru_stime

began, cpu = time.perf_counter(), used()
{body}
held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(used() - cpu, time.perf_counter() - began, held)
"""

DUCKDB = (
    "import duckdb",
    """
con = duckdb.connect(str(scratch / "plain.duckdb"))
con.execute("SET enable_progress_bar=false")
con.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(source)])
con.close()
""",
)
PANDAS = (
    "import pandas",
    """
frame = pandas.read_csv(source)
frame.groupby("ProclassLabel")["Amount"].sum()
""",
)
OURS = (
    "from datetime import date\nfrom sourcemix.app.register import read_register, scan_register",
    """
store = scratch / "register.duckdb"
read_register([source], store)
scan_register(store, date(2026, 7, 1))
""",
)
JSON_PLAIN = (
    "import json",
    """
for line in source.open("rb"):
    json.loads(line)
""",
)


def measured(way: tuple[str, str], source: Path) -> tuple[float, float, float]:
    """Processor seconds, seconds and megabytes of one way, the best of some runs."""
    runs = []
    for _ in range(REPEAT):
        with tempfile.TemporaryDirectory() as scratch:
            code = MEASURE.format(imports=way[0], body=way[1])
            done = subprocess.run(
                [sys.executable, "-c", code, str(source), scratch],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            cpu, seconds, memory = map(float, done.stdout.split())
            runs.append((cpu, seconds, memory))
    return min(runs)


def payments(folder: Path, count: int) -> Path:
    """A file of so many payments."""
    head, rows = _month()
    path = folder / "payments.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        number = head.index("TransactionNumber")
        for index in range(count):
            row = list(rows[index % len(rows)])
            row[number] = f"{index // len(rows)}{row[number]}"
            writer.writerow(row)
    return path


def _month() -> tuple[list[str], list[list[str]]]:
    for packed in sorted((DATA / "trafford-spend").glob("*.zip")):
        with zipfile.ZipFile(packed) as archive:
            text = archive.read(archive.namelist()[0]).decode("utf-8")
        head, *rows = list(csv.reader(io.StringIO(text)))
        return head, rows
    head = ["BeneficiaryName", "PaymentDate", "TransactionNumber", "Amount", "Purpose",
            "ProclassLabel", "VATRegistrationNumber"]  # fmt: skip
    rows = [
        [f"Supplier {n % 1500} Ltd", f"2026-05-{n % 28 + 1:02d}", str(n), f"{n * 7 % 90_000}.50",
         f"Invoice {n}", f"Category {n % 300}", f"GB{n % 1500 + 100_000_000}"]
        for n in range(38_000)
    ]  # fmt: skip
    return head, rows


def releases(folder: Path, count: int) -> Path:
    """A file of so many releases, a line each."""
    found = []
    for path in sorted((DATA / "uk-ocds-notices").glob("*.json")):
        found += json.loads(path.read_bytes())["releases"]
    if not found:
        found = [{"ocid": "x", "tag": ["award"], "date": "2024-01-01T00:00:00Z", "awards": []}]
    texts = [json.dumps(release) for release in found]
    path = folder / "releases.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for index in range(count):
            release = found[index % len(found)]
            text = texts[index % len(found)]
            ocid = str(release["ocid"])
            file.write(text.replace(ocid, f"{ocid}-{index // len(found)}") + "\n")
    return path


def compared(title: str, ways: dict[str, tuple[str, str]], source: Path) -> None:
    """Print one table: each way beside the first."""
    print(f"\n{title} ({source.stat().st_size / 2**20:,.0f} MB)")
    print(f"{'way':<48}{'processor':>10}{'times':>7}{'seconds':>9}{'times':>7}{'MB held':>9}")
    first: tuple[float, float] | None = None
    for name, way in ways.items():
        cpu, seconds, memory = measured(way, source)
        first = first or (cpu, seconds)
        print(
            f"{name:<48}{cpu:>10.2f}{cpu / first[0]:>7.1f}{seconds:>9.2f}"
            f"{seconds / first[1]:>7.1f}{memory:>9.0f}"
        )


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=240_000)
    parser.add_argument("--releases", type=int, default=20_000)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        compared(
            f"{asked.payments:,} payments",
            {
                "(a) DuckDB, read only, nothing understood": DUCKDB,
                "(c) pandas, read and summed": PANDAS,
                "Sourcemix, read, cleaned, matched and scanned": OURS,
            },
            payments(folder, asked.payments),
        )
        if shutil.which("ocdscardinal") is None:
            print("\n(b) Cardinal is not on this machine; its row is left out.")
        compared(
            f"{asked.releases:,} releases",
            {"Python's json, parsed only": JSON_PLAIN, "Sourcemix, read and scanned": OURS},
            releases(folder, asked.releases),
        )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
