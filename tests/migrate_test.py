#!/usr/bin/env python3
"""Databases of older schemas (tests/fixtures/databases, made by scripts/make-old-database): today's program says what to do
with one, brings it up to date with `db init` or any import, and then answers as if it had read the same reports itself.
When the disk is full in the middle, the old database is as it was.

migrate_test.py --input FOLDER: puts the reports that the databases were made of into a folder."""
import gzip
import pathlib
import resource
import shutil
import sqlite3
import sys

import dmarcq

DATABASES = dmarcq.TOP / 'tests' / 'fixtures' / 'databases'
SOURCES = ('odd', 'mails', 'forms')
MAILS = 40
CONFIG, CANNOT_WRITE = 78, 74
NEWEST = 3
QUESTIONS = (('status', '--format', 'csv'), ('top-failures', '-n', '0', '--format', 'csv'),
             ('top-failures', '-n', '0', '--by', 'ip', '--since', '60d', '--format', 'json'),
             ('policy', '--format', 'csv'), ('reports', '--format', 'csv'), ('export', '--format', 'csv'), ('export', '--format', 'jsonl'))


def put_input(folder):
    """The same files whoever calls: an import moves the mails of a Maildir, so they are taken out of it."""
    shutil.copytree(dmarcq.TOP / 'samples' / 'odd', folder / 'odd')
    shutil.copytree(dmarcq.TOP / 'tests' / 'fixtures' / 'forms', folder / 'forms')
    (folder / 'mails').mkdir()
    mails = sorted(path for path in (dmarcq.TOP / 'samples' / 'maildir').rglob('*')
                   if path.parent.name in ('cur', 'new') and path.is_file())
    for path in mails[:MAILS]:
        shutil.copy(path, folder / 'mails' / path.name.replace(':', '_'))


def ended(what, done, code, words=b''):
    if done.returncode != code or words not in done.stderr:
        raise dmarcq.Failed(f'{what}: exit code {done.returncode} instead of {code}: {done.stderr.decode()}')
    return done


def version(db):
    connection = sqlite3.connect(db)
    try:
        return connection.execute('PRAGMA user_version').fetchone()[0]
    finally:
        connection.close()


def answers(db):
    return [ended(' '.join(question), dmarcq.run(*question, '--db', db), 0).stdout for question in QUESTIONS]


def same_answers(what, db, expected):
    dmarcq.checked(db)
    for question, got, wanted in zip(QUESTIONS, answers(db), expected):
        if got != wanted:
            (db.parent / 'got').write_bytes(got)
            raise dmarcq.Failed(f'{what}: {" ".join(question)} differs from a new import:\n{got.decode()[:3000]}\n'
                                f'instead of\n{wanted.decode()[:3000]}')


def tells(old, schema):
    words = f'made by an older dmarcq (schema {schema}, this one needs {NEWEST}): `dmarcq db init` brings it up to date'
    before = old.read_bytes()
    for command in (('status',), ('export',), ('db', 'check'), ('db', 'info'),
                    ('db', 'prune', '--keep', '400d', '--dry-run')):
        done = ended(' '.join(command), dmarcq.run(*command, '--db', old), CONFIG, words.encode())
        if done.stdout:
            raise dmarcq.Failed(f'{command}: it prints {done.stdout.decode()}')
    if old.read_bytes() != before:
        raise dmarcq.Failed('a question changed an old database')


def full_disk(old, schema, expected):
    """Limits on the size of a file, below what the migration has to write."""
    before = old.read_bytes()
    stopped = 0
    for part in range(1, 8):
        limit = len(before) * part // 16
        done = dmarcq.run('db', 'init', '--db', old,
                          preexec_fn=lambda n=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)))
        if done.returncode == 0:
            break
        ended(f'limit {limit}', done, CANNOT_WRITE)
        stopped += 1
        if version(old) != schema or old.read_bytes() != before:
            raise dmarcq.Failed(f'limit {limit}: a migration that failed left something behind')
    if not stopped:
        raise dmarcq.Failed('no limit stopped the migration')
    ended('db init', dmarcq.run('db', 'init', '--db', old), 0)
    same_answers('after a full disk', old, expected)
    return stopped


def migrate(work, stored, expected, more):
    schema = int(stored.name.removeprefix('schema-').split('.')[0])

    def fresh(name):
        path = work / f'{name}-{schema}.db'
        path.write_bytes(gzip.decompress(stored.read_bytes()))
        return path

    old = fresh('init')
    tells(old, schema)
    backup = work / f'backup-{schema}.db'
    ended('db backup', dmarcq.run('db', 'backup', '--db', old, backup), 0)
    ended('db init', dmarcq.run('db', 'init', '--db', old), 0)
    if version(old) != NEWEST or version(backup) != schema:
        raise dmarcq.Failed(f'schema {version(old)} after db init, {version(backup)} in a backup')
    same_answers('db init', old, expected)
    ended('db rebuild', dmarcq.run('db', 'rebuild', '--db', old), 0)
    same_answers('db rebuild', old, expected)
    old = fresh('import')
    dmarcq.imported(old, work / 'more', codes=(0,))
    same_answers('import', old, more)
    print(f'schema {schema}: brought up to date; {full_disk(fresh("full"), schema, expected)} full disks left it as it was')


def main():
    if sys.argv[1:2] == ['--input']:
        put_input(pathlib.Path(sys.argv[2]))
        return 0
    with dmarcq.folder() as scratch:
        work = pathlib.Path(scratch)
        put_input(work)
        new = work / 'new.db'
        dmarcq.imported(new, *SOURCES, codes=(1,), cwd=work)
        expected = answers(new)
        (work / 'more').mkdir()
        report = (dmarcq.TOP / 'tests' / 'fixtures' / 'forms' / 'bom.xml').read_bytes()
        (work / 'more' / 'more.xml').write_bytes(report.replace(b'<report_id>', b'<report_id>more-'))
        dmarcq.imported(new, work / 'more', codes=(0,))
        more = answers(new)
        if more == expected:
            raise dmarcq.Failed('one more report changes nothing')
        for stored in sorted(DATABASES.glob('schema-*.db.gz')):
            migrate(work, stored, expected, more)
    return 0


sys.exit(main())
