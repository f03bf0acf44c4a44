#!/usr/bin/env python3
"""A pruned database answers like one that only ever saw the younger reports.

Random reports of a day, a week, a month and a quarter, alone and many in a zip, with duplicates, conflicts and cut copies,
are imported and pruned at several cut-offs. Then: the plan said what went, `db check` is clean, every answer is that of a new
import of the younger reports, and a rebuild changes nothing. With --keep-rollup the rankings stay as they were, and a later
prune of the roll-up leaves what a new import gives. The same when prune is killed at random moments. Last: a backup that is
taken while an import runs is a whole database of one of the moments between two commits."""
import csv
import io
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import zipfile

import dmarcq

DAY_0 = 1672531200 // 86400     # 2023-01-01
DAYS = 200
REPORTS = 400
KEEPS = (30, 61, 120, 190)
KILLS = 12
MANY = 12000
RANKINGS = (('status',), ('top-failures', '-n', '0'), ('top-failures', '-n', '0', '--by', 'ip'),
            ('kpi',), ('reporters',), ('top-failures', '-n', '0', '--by', 'reporter'), ('top-failures', '-n', '0', '--by', 'domain'))


class Report:
    def __init__(self, rnd, number):
        self.number = number
        self.domain = rnd.choice(('example.com', 'example.org', 'shop.example'))
        self.org = f'reporter{rnd.randrange(5)}.example'
        self.days = rnd.choice((1, 1, 1, 1, 7, 7, 30, 90))
        self.first = DAY_0 + rnd.randrange(DAYS - self.days)
        self.records = ''.join(self.record(rnd) for _ in range(rnd.randrange(1, 6)))
        if number == 0:
            self.first, self.days = DAY_0 + DAYS, 1

    def record(self, rnd):
        verdict = rnd.choice(('pass', 'fail'))
        return f'''<record><row><source_ip>192.0.2.{rnd.randrange(256)}</source_ip><count>{rnd.randrange(1, 500)}</count>
<policy_evaluated><disposition>{rnd.choice(('none', 'quarantine', 'reject'))}</disposition><dkim>{verdict}</dkim><spf>fail</spf>
</policy_evaluated></row><identifiers><header_from>{self.domain}</header_from></identifiers>
<auth_results><dkim><domain>{self.domain}</domain><selector>s{rnd.randrange(3)}</selector><result>{verdict}</result></dkim>
<spf><domain>bounce{rnd.randrange(50)}.example.net</domain><result>pass</result></spf></auth_results></record>
'''

    def xml(self, records=None):
        begin = self.first * 86400
        return f'''<?xml version="1.0"?>
<feedback><report_metadata><org_name>{self.org}</org_name><email>dmarc@{self.org}</email>
<report_id>{self.number}</report_id><date_range><begin>{begin}</begin><end>{begin + self.days * 86400 - 1}</end></date_range>
</report_metadata><policy_published><domain>{self.domain}</domain><p>none</p></policy_published>
{self.records if records is None else records}</feedback>
'''.encode()

    def last(self):
        """The last day in the roll-up: that of its end, whether it is spread or not."""
        return self.first + self.days - 1


def forms(rnd, report):
    """What comes of a report, in the order of arrival: mostly itself; sometimes cut first, again, or in conflict."""
    whole, chance = report.xml(), rnd.random()
    if chance < .05:
        yield whole[:whole.rindex(b'</record>')]
    yield whole
    if .05 <= chance < .1:
        yield whole
    elif .1 <= chance < .15:
        yield report.xml(report.records + report.record(rnd))


def put(folder, arrivals, packed):
    """Files in the order of arrival; packed: in tens in zips, so that old and young reports share an original."""
    folder.mkdir()
    for i in range(0, len(arrivals), 10):
        some = list(enumerate(arrivals[i:i + 10], i))
        if packed and i // 10 % 2:
            with zipfile.ZipFile(folder / f'{i:05}.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
                for n, xml in some:
                    archive.writestr(f'{n:05}.xml', xml)
        else:
            for n, xml in some:
                (folder / f'{n:05}.xml').write_bytes(xml)


def ran(*args, codes=(0,)):
    done = dmarcq.run(*args)
    if done.returncode not in codes:
        raise dmarcq.Failed(f'{args}: exit code {done.returncode}: {done.stderr.decode(errors="replace")}')
    return done.stdout.decode()


def rows(db, *question):
    """The rows of an answer without what depends on the database: ids and places of originals."""
    text = ran(*question, '--db', db, '--format', 'csv', codes=(0, 1))
    return [{name: value for name, value in row.items() if name not in ('id', 'report', 'original_sha256')}
            for row in csv.DictReader(io.StringIO(text, newline=''))]


def same(what, got, expected):
    if got != expected:
        differ = [pair for pair in zip(got, expected) if pair[0] != pair[1]]
        raise dmarcq.Failed(f'{what}: {len(got)} rows instead of {len(expected)}; {differ[:2]}')


def compare(what, db, fresh, questions):
    dmarcq.checked(db)
    for question in questions:
        same(f'{what}: {" ".join(question)}', rows(db, *question), rows(fresh, *question))


def day(number):
    connection = sqlite3.connect(':memory:')
    return connection.execute("SELECT date(? * 86400, 'unixepoch')", (number,)).fetchone()[0]


def prune(db, keep, *options):
    """Plans and prunes; both tell the same."""
    args = ('db', 'prune', '--db', db, '--keep', f'{keep}d', '--format', 'json', *options)
    planned, went = json.loads(ran(*args, '--dry-run')), json.loads(ran(*args))
    same(f'plan of {options}', planned['rows'], went['rows'])
    return went['rows'][0]


def copy(db, to):
    shutil.copyfile(db, to)
    return to


def all_questions(before):
    since = ('--since', day(before))
    return (*RANKINGS, ('reports',), ('export',), ('top-failures', '-n', '0', *since), ('reports', *since),
            ('export', *since))


def cut_offs(work, db, arrivals):
    for keep in KEEPS:
        before = DAY_0 + DAYS - keep + 1
        put(work / f'young-{keep}', [xml for report, xml in arrivals if report.last() >= before], False)
        fresh = work / f'fresh-{keep}.db'
        dmarcq.imported(fresh, work / f'young-{keep}')
        pruned = copy(db, work / f'pruned-{keep}.db')
        went = prune(pruned, keep)
        if went['before'] != day(before) or not went['reports'] or not went['originals']:
            raise dmarcq.Failed(f'keep {keep}: {went}')
        compare(f'keep {keep}', pruned, fresh, all_questions(before))
        ran('db', 'rebuild', '--db', pruned)
        compare(f'keep {keep}, rebuilt', pruned, fresh, all_questions(before))
        if prune(pruned, keep)['reports']:
            raise dmarcq.Failed(f'keep {keep}: a rebuild brought something back')
    print(f'{len(KEEPS)} cut-offs: as if only the younger reports had come')


def rollups(work, db):
    """Records for the shortest time, the roll-up for each of the others."""
    kept = copy(db, work / 'kept.db')
    prune(kept, KEEPS[0], '--keep-rollup')
    compare('--keep-rollup', kept, db, RANKINGS)
    ran('db', 'rebuild', '--db', kept)
    compare('--keep-rollup, rebuilt', kept, db, RANKINGS)
    ran('import', '-q', '--db', kept, work / 'again')
    compare('--keep-rollup, all of it again', kept, db, RANKINGS[1:])
    for keep in reversed(KEEPS):
        since = ('--since', day(DAY_0 + DAYS - keep + 1))
        prune(kept, keep)
        compare(f'--keep-rollup, then {keep} days', kept, work / f'fresh-{keep}.db',
                [(*question, *since) for question in RANKINGS[1:]])
    compare('--keep-rollup, then the same', kept, work / f'fresh-{KEEPS[0]}.db', RANKINGS)
    print('--keep-rollup: rankings are as before, and as new when the roll-up is pruned later')


def kills(work, db, rnd):
    """The first prune keeps the roll-up, so that the second has every step to do."""
    wanted = copy(db, work / 'wanted.db')
    prune(wanted, KEEPS[1], '--keep-rollup')
    halfway = copy(wanted, work / 'halfway.db')
    prune(wanted, KEEPS[2])
    killed = 0
    for turn in range(KILLS):
        start, options = (db, ['--keep-rollup']) if turn % 2 else (halfway, [])
        keep = KEEPS[1] if turn % 2 else KEEPS[2]
        victim = copy(start, work / 'victim.db')
        for tail in ('-wal', '-shm'):
            (work / f'victim.db{tail}').unlink(missing_ok=True)
        args = ['db', 'prune', '--db', str(victim), '--keep', f'{keep}d', *options]
        process = subprocess.Popen([dmarcq.DMARCQ, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(rnd.uniform(0, .4 if dmarcq.sanitized() else .05))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
        dmarcq.checked(victim)
        ran(*args)
        compare(f'kill {turn}', victim, halfway if turn % 2 else wanted, (*RANKINGS, ('reports',), ('export',)))
    if not killed:
        raise dmarcq.Failed('nothing was killed')
    print(f'{killed} kills: whole at once, and finished by the next run')


def backups(work, rnd):
    """A backup while an import runs."""
    (work / 'many').mkdir()
    for part in range(12):
        with zipfile.ZipFile(work / 'many' / f'{part:02}.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
            for n in range(part * MANY // 12, (part + 1) * MANY // 12):
                archive.writestr(f'{n}.xml', Report(rnd, n).xml())
    db, states = work / 'many.db', set()
    ran('db', 'init', '--db', db)
    process = subprocess.Popen([dmarcq.DMARCQ, 'import', '-q', '--db', str(db), str(work / 'many')])
    running = True
    while running:
        running = process.poll() is None
        backup = work / 'backup.db'
        ran('db', 'backup', '--db', db, backup)
        dmarcq.checked(backup)
        connection = sqlite3.connect(f'file:{backup}?mode=ro', uri=True)
        counted = connection.execute('SELECT count(*), coalesce(sum(messages), 0) FROM report').fetchone()
        noted = connection.execute('SELECT coalesce(sum(reports), 0), coalesce(sum(messages), 0) FROM run').fetchone()
        connection.close()
        same('a backup', counted, noted)
        states.add(counted)
    if process.returncode != 0 or max(states)[0] != MANY or min(states)[0] == MANY:
        raise dmarcq.Failed(f'import ended with {process.returncode}; states {sorted(states)}')
    print(f'backups of {len(states)} states while an import ran')


def flows(work):
    """Where totals of steady senders are kept beside the roll-up (src/store/flow.c), they lose what is pruned, too."""
    (work / 'steady').mkdir()
    steady = Report(random.Random(1), 1)
    steady.domain, steady.days = 'example.com', 1
    for steady.number in range(DAYS * 6):
        steady.org, steady.first = f'reporter{steady.number % 6}.example', DAY_0 + steady.number // 6
        (work / 'steady' / f'{steady.number:04}.xml').write_bytes(steady.xml())
    db = work / 'steady.db'
    dmarcq.imported(db, work / 'steady')
    for options, first in (['--keep-rollup'], DAY_0), ([], DAY_0 + DAYS - KEEPS[1]):
        prune(db, KEEPS[1], *options)
        dmarcq.checked(db)
        same(f'flow after {options}', dmarcq.rows(db, 'SELECT min(first_day) FROM flow'), [(first,)])
    print('flow: says what the traffic says')


def main():
    rnd = random.Random(20230101)
    with dmarcq.folder() as scratch:
        work = pathlib.Path(scratch)
        reports = [Report(rnd, number) for number in range(REPORTS)]
        arrivals = [(report, xml) for report in reports for xml in forms(rnd, report)]
        put(work / 'all', [xml for _, xml in arrivals], True)
        put(work / 'again', [xml for _, xml in arrivals], False)
        db = work / 'all.db'
        dmarcq.imported(db, work / 'all')
        cut_offs(work, db, arrivals)
        rollups(work, db)
        kills(work, db, rnd)
        flows(work)
        backups(work, rnd)
    return 0


sys.exit(main())
