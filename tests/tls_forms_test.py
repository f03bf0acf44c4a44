#!/usr/bin/env python3
"""Imports each fixture of tests/fixtures/tls alone into an empty database and compares counts and repairs with expected.tsv; then
all of them together, which a rebuild must give again."""
import csv
import filecmp
import os
import pathlib
import subprocess
import sys

import dmarcq

FIXTURES = dmarcq.TOP / 'tests' / 'fixtures' / 'tls'
NUMBERS = ('policies', 'successful', 'failed')


def differences(row, db):
    got = dmarcq.imported(db, FIXTURES / 'forms' / row['file'])
    dmarcq.checked(db)
    stored = dmarcq.rows(db, 'SELECT count(*), coalesce(sum(ok), 0), coalesce(sum(failed), 0) FROM tls_policy')[0]
    got |= dict(zip(NUMBERS, stored))
    got['detailed'] = dmarcq.rows(db, 'SELECT coalesce(sum(sessions), 0) FROM tls_failure')[0][0]
    codes = ' '.join(code for (code,) in dmarcq.rows(db, 'SELECT DISTINCT code FROM tls_repair ORDER BY code')) or '-'
    lines = [f'{name} {got[name]}, expected {number}' for name, number in row.items()
             if name not in ('file', 'repairs') and got[name] != int(number)]
    if got['reports'] or got['repaired'] != (row['repairs'] != '-'):
        lines.append(f'it says {got}')
    return lines + ([f'repairs {codes}, expected {row["repairs"]}'] if codes != row['repairs'] else [])


def dump(db):
    """All of the derived tables."""
    return {name: dmarcq.rows(db, f'SELECT * FROM {name}') for name in
            ('tls_report', 'tls_policy', 'tls_failure', 'tls_repair', 'tls_repeat', 'name', 'ip', 'reporter')}


def together(work):
    db = work / 'all.db'
    dmarcq.imported(db, FIXTURES / 'forms')
    before = dump(db)
    rejects = dmarcq.rows(db, 'SELECT * FROM reject')
    for command in (('db', 'rebuild'), ('rejects', '--retry')):
        done = dmarcq.run(*command, '--db', db)
        if done.returncode not in (0, 1):
            raise dmarcq.Failed(f'{command}: {done.returncode}: {done.stderr.decode()}')
        dmarcq.checked(db)
        if dump(db) != before:
            raise dmarcq.Failed(f'{command}: other rows than after the import')
        if dmarcq.rows(db, 'SELECT * FROM reject') != rejects:
            raise dmarcq.Failed(f'{command}: other rejects than after the import')


def reproducible(work):
    """The fixtures are what scripts/make-tls-fixtures writes."""
    subprocess.run([dmarcq.TOP / 'scripts' / 'make-tls-fixtures', work / 'again'], check=True)
    names = [os.path.relpath(path, FIXTURES) for path in FIXTURES.rglob('*') if path.is_file()]
    _, differ, missing = filecmp.cmpfiles(FIXTURES, work / 'again', names, shallow=False)
    return differ + missing


def main():
    with open(FIXTURES / 'expected.tsv', encoding='utf-8', newline='') as table:
        rows = list(csv.DictReader(table, delimiter='\t'))
    failed = len({row['file'] for row in rows} ^ {path.name for path in (FIXTURES / 'forms').iterdir()})
    with dmarcq.folder() as folder:
        work = pathlib.Path(folder)
        for number, row in enumerate(rows):
            lines = differences(row, work / f'{number}.db')
            failed += bool(lines)
            for line in lines:
                print(f'{row["file"]}: {line}')
        together(work)
        for name in reproducible(work):
            failed += 1
            print(f'{name} is not what scripts/make-tls-fixtures writes')
    print(f'{len(rows)} fixtures, {failed} not as expected')
    return 1 if failed or not rows else 0


sys.exit(main())
