#!/usr/bin/env python3
"""Imports hostile inputs, each alone and then all of them in one run: each is refused with its reason or handled, the good
reports among them are imported, memory stays flat, and nothing in them reaches a terminal or a spreadsheet unescaped."""

import csv
import io
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.realpath(__file__))
MEBIBYTE = 1024  # of ru_maxrss, which counts KiB
LIMIT = 64 * MEBIBYTE


class Failures:
    def __init__(self):
        self.count = 0

    def check(self, fine, name, *words):
        if not fine:
            self.count += 1
            print(f"{name}:", *words)


def run(arguments, database):
    """Exit code, stdout, stderr, and the peak memory of this child alone, in KiB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        command = ["timeout", "60", os.environ["DMARCQ"]] + arguments + ["--db", database]
        child = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return child.returncode, out.read().decode(), err.read().decode(errors="replace"), usage.ru_maxrss


def reasons(database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        return [row[0] for row in db.execute("SELECT reason FROM reject ORDER BY id")]


def clean(text):
    """Whether a terminal may see it: no control but line ends, nothing that turns the writing direction."""
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") for c in text)


def import_one(fail, folder, name, reason, path, database):
    code, out, err, memory = run(["import", "--format", "json", path], database)
    fail.check(code in (0, 1, 65), name, f"exit code {code}", err[:500])
    fail.check(clean(err), name, "its text reached the terminal:", repr(err[:300]))
    if not os.environ.get("DMARCQ_SANITIZED"):
        fail.check(memory < LIMIT, name, f"{memory // MEBIBYTE} MiB of memory")
    if code not in (0, 1, 65) or not out:
        return fail.check(False, name, "no summary", err[:500])
    got = json.loads(out)
    listed = reasons(database)
    if folder == "good":
        fail.check((code, got["reports"], got["messages"], listed) == (0, 1, 8, []), name, got, listed)
    elif folder == "refuse":
        fail.check(got["reports"] == 0 and got["rejected"] >= 1, name, "was not refused:", got)
        fail.check(any(r and re.search(reason, r) for r in listed), name, f"no reason with {reason!r}:", listed[:3])
    else:
        fail.check(got["reports"] + got["rejected"] + got["skipped"] >= 1, name, "vanished:", got)
    return None


def questions(fail, database):
    """Nothing that stands in a hostile report may come out as it went in."""
    for command in (["status"], ["reports", "-n", "1000"], ["top-failures", "-n", "1000"], ["rejects"], ["sources", "-n", "0"],
                    ["top-failures", "--by", "envelope-from", "-n", "1000"]):
        code, out, err, _ = run(command + ["--format", "table"], database)
        fail.check(code == 0, " ".join(command), f"exit code {code}", err)
        fail.check(clean(out), " ".join(command), "a table holds control characters")
        fail.check(len(out.splitlines()) > 1, " ".join(command), "says nothing")
    code, out, err, _ = run(["export"], database)
    fail.check(code == 0, "export", f"exit code {code}", err)
    rows = list(csv.reader(io.StringIO(out)))
    fail.check(len(rows) > 10, "export", f"{len(rows)} rows")
    cells = {cell for row in rows for cell in row}
    fail.check(not [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"-?[0-9]+", c)],
               "export", "a cell starts a formula")
    fail.check(any("cmd|" in c for c in cells), "export", "the formula is not there at all")


def together(fail, rows, target):
    database = os.path.join(target, "all.db")
    paths = [os.path.join(target, folder) for folder in ("refuse", "good", "handle")]
    code, out, err, memory = run(["import", "--format", "json"] + paths, database)
    fail.check(code == 1, "all together", f"exit code {code}", err[:500])
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        good = db.execute("SELECT count(*), sum(messages) FROM report WHERE report_id LIKE 'good-_'").fetchone()
    fail.check(good == (3, 24), "all together", f"good reports and messages: {good}")
    refused = sum(folder == "refuse" for folder, _, _ in rows)
    fail.check(json.loads(out)["rejected"] >= refused, "all together", out)
    if not os.environ.get("DMARCQ_SANITIZED"):
        fail.check(memory < LIMIT, "all together", f"{memory // MEBIBYTE} MiB of memory")
    questions(fail, database)
    code, out, err, _ = run(["db", "check"], database)
    fail.check(code == 0, "db check", f"exit code {code}", out, err)


def main():
    if "DMARCQ" not in os.environ:
        print("DMARCQ must name the program")
        return 2
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    fail = Failures()
    with tempfile.TemporaryDirectory() as target:
        subprocess.run([os.path.join(HERE, "..", "scripts", "make-hostile"), target], check=True)
        with open(os.path.join(target, "LIST"), encoding="utf-8") as listing:
            rows = [line.rstrip("\n").split("\t") for line in listing]
        for folder, name, reason in rows:
            import_one(fail, folder, name, reason, os.path.join(target, folder, name),
                       os.path.join(target, f"{name}.db"))
        together(fail, rows, target)
    print(f"{len(rows)} hostile inputs, {fail.count} findings")
    return 1 if fail.count else 0


sys.exit(main())
