"""What the whole-program tests in Python share: running dmarcq, the corpus beside the project, reading a database."""
import csv
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[1]
DMARCQ = os.environ.get('DMARCQ', str(TOP / 'build/test/dmarcq'))
SKIPPED = 77


def skip(why):
    print(f'SKIP: {why}')
    sys.exit(SKIPPED)


def folder(**options):
    """A temporary folder, in memory where that is possible: these tests make thousands of small databases."""
    shm = '/dev/shm'
    where = shm if os.path.isdir(shm) and os.access(shm, os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix='dmarcq-test-', dir=where, **options)


def run(*args, **options):
    """Runs dmarcq and waits; bytes in and out."""
    options = {'stdin': subprocess.DEVNULL} | options if 'input' not in options else options
    return subprocess.run([DMARCQ, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          **options)


def sanitized():
    """Whether the program is one of those that are several times slower."""
    return os.environ.get('DMARCQ_SANITIZED') == '1'


class Failed(Exception):
    """A command ended in a way that it must not."""


def imported(db, *sources, codes=(0, 1, 65), **options):
    """Imports and returns the summary object. The exit code must be one of codes."""
    done = run('import', '--db', db, '--format', 'json', *sources, **options)
    if done.returncode not in codes:
        raise Failed(f'import ended with {done.returncode}: {done.stderr.decode(errors="replace").strip()}')
    return json.loads(done.stdout)


def checked(db):
    """Raises when db check finds something."""
    done = run('db', 'check', '--db', db)
    if done.returncode != 0:
        raise Failed(f'db check ended with {done.returncode}: {(done.stdout + done.stderr).decode(errors="replace")}')


def rows(db, statement):
    """What a statement gives, as a list of tuples."""
    connection = sqlite3.connect(f'file:{db}?mode=ro', uri=True)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def change(db, script):
    """Runs statements that change a database."""
    connection = sqlite3.connect(db)
    try:
        connection.executescript(script)
        connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    finally:
        connection.close()


def corpus():
    """The folder of the corpus, or the end of the test."""
    path = pathlib.Path(os.environ.get('DMARCQ_CORPUS', TOP.parent / 'shared' / 'corpus'))
    if not (path / 'MANIFEST.tsv').is_file():
        skip(f'no corpus in {os.path.relpath(path, TOP)} (DMARCQ_CORPUS names another folder)')
    return path


def manifest(path):
    """The rows of the corpus' MANIFEST.tsv as dictionaries."""
    with open(path / 'MANIFEST.tsv', encoding='utf-8', newline='') as lines:
        return list(csv.DictReader(lines, delimiter='\t', quoting=csv.QUOTE_NONE))


def unpack_bulk(path, to):
    """Unpacks bulk.tar.gz; its members are bulk/NAME."""
    with tarfile.open(path / 'bulk.tar.gz') as tar:
        for member in tar:
            name = pathlib.PurePosixPath(member.name)
            if member.isfile() and not name.is_absolute() and '..' not in name.parts:
                target = pathlib.Path(to) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())


REPORTS = '''
SELECT report.id, author.org_name, author.email, author.contact, report.report_id, report.begin, report.end,
       name.text AS domain, policy.p, policy.sp, policy.np, policy.adkim, policy.aspf, policy.pct, policy.fo,
       policy.testing, policy.discovery_method, report.incomplete, report.first_record, report.records
  FROM report JOIN author ON author.id = report.author JOIN policy ON policy.id = report.policy
       JOIN name ON name.id = report.domain
 WHERE report.state = 1 ORDER BY report.id'''
RECORDS = '''
SELECT ip.text AS source_ip, record.messages AS count, disposition.text AS disposition, dkim.text AS dkim,
       spf.text AS spf, header_from.text AS header_from, envelope_from.text AS envelope_from,
       envelope_to.text AS envelope_to, details
  FROM record JOIN ip ON ip.id = record.ip JOIN profile ON profile.id = record.profile
       JOIN name disposition ON disposition.id = profile.disposition
       JOIN name dkim ON dkim.id = profile.dkim
       JOIN name spf ON spf.id = profile.spf
       LEFT JOIN name header_from ON header_from.id = profile.header_from
       LEFT JOIN name envelope_from ON envelope_from.id = profile.envelope_from
       LEFT JOIN name envelope_to ON envelope_to.id = profile.envelope_to
 WHERE record.report = ? ORDER BY record.id'''
DETAILS = '''
SELECT detail.kind, a.text AS a, b.text AS b, result.text AS result, c.text AS c
  FROM json_each(?) JOIN detail ON detail.id = json_each.value
       LEFT JOIN name a ON a.id = detail.a LEFT JOIN name b ON b.id = detail.b
       LEFT JOIN name result ON result.id = detail.result LEFT JOIN name c ON c.id = detail.c
 ORDER BY json_each.key'''


def details(db, text):
    """Reasons, DKIM and SPF results of a record from its list of detail ids."""
    found = {'reasons': [], 'dkim_auth': [], 'spf_auth': []}
    for row in db.execute(DETAILS, [text or '[]']):
        if row['kind'] == 0:
            found['reasons'].append({'type': row['a'], 'comment': row['c']})
        else:
            kind, second = (('dkim_auth', 'selector'), ('spf_auth', 'scope'))[row['kind'] - 1]
            found[kind].append({'domain': row['a'], second: row['b'], 'result': row['result'],
                                'human_result': row['c']})
    return found


def reports(path):
    """Everything that a database says of its reports, as plain lists and dictionaries."""
    db = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
    db.row_factory = sqlite3.Row
    try:
        out = []
        for report in map(dict, db.execute(REPORTS).fetchall()):
            rows = [dict(row) for row in db.execute(RECORDS, [report['id']])]
            for row in rows:
                row |= details(db, row.pop('details'))
            out.append(report | {'records': rows})
        return out
    finally:
        db.close()
