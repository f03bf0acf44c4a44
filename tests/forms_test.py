#!/usr/bin/env python3
"""Imports each fixture alone into an empty database and compares counts and repairs with tests/fixtures/expected.tsv."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
FIXTURES = os.path.join(HERE, "fixtures")
COUNTS = ("reports", "records", "messages", "rejected", "skipped")


def run(path, database):
    done = subprocess.run([os.environ["DMARCQ"], "import", "--db", database, "--format", "json", path],
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr.strip()


def stored(database):
    """What lies in the database: the same counts, and the repair codes."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        reports, messages = db.execute("SELECT count(*), coalesce(sum(messages), 0) FROM report").fetchone()
        records, summed = db.execute("SELECT count(*), coalesce(sum(messages), 0) FROM record").fetchone()
        rejected = db.execute("SELECT count(*) FROM reject").fetchone()[0]
        codes = {row[0] for row in db.execute("SELECT DISTINCT code FROM report_repair")}
    return {"reports": reports, "records": records, "messages": messages, "rejected": rejected}, summed, codes


def differences(row, database):
    path = os.path.join(FIXTURES, "forms", row["file"])
    expected = {name: int(row[name]) for name in COUNTS}
    code, got, messages = run(path, database)
    if not got:
        return [f"exit code {code}: {messages}"]
    out = [f"{name} {got[name]}, expected {expected[name]}" for name in COUNTS if got[name] != expected[name]]
    kept, summed, codes = stored(database)
    out += [f"stored {name} {kept[name]}, expected {expected[name]}" for name in kept if kept[name] != expected[name]]
    if summed != expected["messages"]:
        out.append(f"records hold {summed} messages, expected {expected['messages']}")
    listed = [] if row["repairs"] == "-" else row["repairs"].split()
    needed = [set(c.split("|")) for c in listed if not c.startswith("?")]
    allowed = {c for word in listed for c in word.lstrip("?").split("|")}
    out += [f"repair {' or '.join(sorted(some))} is missing" for some in needed if not some & codes]
    out += [f"repair {c} was not expected" for c in sorted(codes - allowed)]
    fine = (0,) if not expected["rejected"] else (1,) if expected["reports"] else (1, 65)
    if code not in fine:
        out.append(f"exit code {code}, expected {fine[0]}")
    return out + ([messages] if out and messages else [])


def main():
    if "DMARCQ" not in os.environ:
        print("DMARCQ must name the program")
        return 2
    with open(os.path.join(FIXTURES, "expected.tsv"), encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    there = set(os.listdir(os.path.join(FIXTURES, "forms")))
    failed = len(there ^ {row["file"] for row in rows})
    if failed:
        print("not in both: ", sorted(there ^ {row["file"] for row in rows}))
    with tempfile.TemporaryDirectory() as folder:
        for number, row in enumerate(rows):
            found = differences(row, os.path.join(folder, f"{number}.db"))
            failed += bool(found)
            for line in found:
                print(f"{row['file']}: {line}")
    print(f"{len(rows) - failed} of {len(rows)} fixtures as expected")
    return 1 if failed or not rows else 0


sys.exit(main())
