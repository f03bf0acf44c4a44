#!/usr/bin/env python3
"""Imports samples/ and compares every number that the program gives with samples/TRUTH.json, which was counted in the world
that the samples were made from. Also: the samples are what scripts/make-samples writes."""

import csv
import filecmp
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import datetime

TOP = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SAMPLES = os.path.join(TOP, "samples")
MAKE = os.path.join(TOP, "scripts", "make-samples")
FOLDERS = ("archive", "files", "maildir", "mbox", "odd")
found = []


def same(what, got, expected):
    if got != expected:
        found.append(what)
        print(f"{what}: got {got!r}, expected {expected!r}")


def dmarcq(*arguments, database, codes=(0,)):
    done = subprocess.run([os.environ["DMARCQ"], *arguments, "--db", database], capture_output=True, text=True,
                          timeout=300, check=False)
    if done.returncode not in codes:
        raise SystemExit(f"{' '.join(arguments)}: exit code {done.returncode}: {done.stderr[:2000]}")
    return done.stdout


def question(*arguments, database):
    return json.loads(dmarcq(*arguments, "--format", "json", database=database))["rows"]


def tree(top):
    """samples/advice is of another script and another test (advise_test.py)."""
    paths = (os.path.relpath(os.path.join(folder, name), top) for folder, _, names in os.walk(top) for name in names)
    return sorted(path for path in paths if os.path.basename(path) != "README.md" and not path.startswith("advice/"))


def reproducible(scratch):
    again = os.path.join(scratch, "again")
    os.mkdir(again)
    subprocess.run([MAKE, again], check=True)
    same("files of make-samples", tree(again), tree(SAMPLES))
    _, differ, missing = filecmp.cmpfiles(SAMPLES, again, tree(SAMPLES), shallow=False)
    same("files that differ from those of make-samples", differ + missing, [])


def imports(truth, database, scratch):
    """From a copy: an import may move mails of a Maildir."""
    copy = os.path.join(scratch, "copy")
    shutil.copytree(SAMPLES, copy)
    sources = [os.path.join(copy, folder) for folder in FOLDERS]
    got = json.loads(dmarcq("import", "--format", "json", *sources, database=database, codes=(1,)))
    same("import", {name: got[name] for name in truth["import"]}, truth["import"])


def repairs(truth, database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        same("repairs", dict(db.execute("SELECT code, count(*) FROM report_repair GROUP BY code")), truth["repairs"])


def states(truth, database):
    rows = {row["domain"]: row for row in question("status", database=database) if row.get("domain")}
    same("domains", sorted(rows), sorted(truth["domains"]))
    for domain, expected in truth["domains"].items():
        for name in ("reports", "messages", "reporters", "first_day", "last_day"):
            same(f"status: {domain}: {name}", rows[domain][name], expected[name])
        same(f"status: {domain}: missing_days", rows[domain]["missing_days"], expected["days_without_reports"])
        percent = 100 * expected["passed"] / expected["messages"]
        same(f"status: {domain}: pass_percent near {percent}", abs(rows[domain]["pass_percent"] - percent) < 0.1, True)
        same(f"status: {domain}: policy", "p=" + expected["policy"]["p"] in rows[domain]["policy"].split("; "), True)


def ranking(what, expected, names, database, *options):
    """The rows that fail, compared as a set; and that they come in order."""
    rows = [r for r in question("top-failures", "-n", "1000", *options, database=database) if r["failing"]]
    got = sorted((r["source"].lower(), r["failing"], r["messages"]) for r in rows)
    same(what, got, sorted((names(r).lower(), r["failing"], r["messages"]) for r in expected if r["failing"]))
    counts = [r["failing"] for r in rows]
    same(f"{what}: order", counts, sorted(counts, reverse=True))


def rankings(truth, database):
    for by, rows in truth["by"].items():
        ranking(f"top-failures --by {by}", rows, lambda r: r["key"], database, "--by", by)
    ranking("top-failures", truth["sources"], lambda r: r["service"] or r["key"], database)
    for domain, expected in truth["domains"].items():
        ranking(f"top-failures --domain {domain}", expected["sources"], lambda r: r["service"] or r["key"], database,
                "--domain", domain)


def epoch(text):
    return str(int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()))


def exports(database):
    wanted = subprocess.run([MAKE, "--records"], capture_output=True, text=True, check=True).stdout.splitlines()
    names = wanted[0].split("\t")
    rows = list(csv.DictReader(io.StringIO(dmarcq("export", database=database))))
    got = []
    for row in rows:
        row["begin"], row["end"] = epoch(row["begin"]), epoch(row["end"])
        got.append("\t".join(row[name] for name in names))
    same("records of the export", len(got), len(wanted) - 1)
    same("records that only the export has", sorted(set(got) - set(wanted[1:]))[:3], [])
    same("records that only the world has", sorted(set(wanted[1:]) - set(got))[:3], [])
    same("every record as often", sorted(got) == sorted(wanted[1:]), True)


def each_alone(truth, scratch):
    """Every collection and every odd file, and each tenth of the rest."""
    every = truth["each file alone"]
    plain = [path for path in every if path.startswith(("files/", "maildir/"))]
    chosen = [path for path in every if path not in plain] + plain[::10]
    for number, path in enumerate(chosen):
        expected = every[path]
        got = json.loads(dmarcq("import", "--format", "json", os.path.join(SAMPLES, path), codes=(0, 1, 65),
                                database=os.path.join(scratch, f"{number}.db")))
        same(f"{path} alone", {name: got[name] for name in expected}, expected)


def main():
    if "DMARCQ" not in os.environ:
        print("DMARCQ must name the program")
        return 2
    with open(os.path.join(SAMPLES, "TRUTH.json"), encoding="utf-8") as file:
        truth = json.load(file)
    with tempfile.TemporaryDirectory() as scratch:
        database = os.path.join(scratch, "all.db")
        reproducible(scratch)
        imports(truth, database, scratch)
        repairs(truth, database)
        states(truth, database)
        rankings(truth, database)
        exports(database)
        each_alone(truth, scratch)
        dmarcq("db", "check", database=database)
    print(f"{len(found)} differences")
    return 1 if found else 0


sys.exit(main())
