#!/usr/bin/env python3
"""An import that is killed, or whose disk fills up, loses nothing and counts nothing twice.

Kills an import of a few thousand small reports at random moments, fifty times; after each kill `db check` is clean,
and after every few one more run gives exactly what an undisturbed run gives. Then the same with a limit on the size
of files and with a small file system.
"""
import gzip
import os
import pathlib
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time

import dmarcq

REPORTS = 3000
KILLS = 50
KILLS_PER_DATABASE = 5
CANNOT_WRITE = 74
TOTALS = '''
SELECT (SELECT count(*) FROM report), (SELECT sum(records) FROM report), (SELECT sum(messages) FROM report),
       (SELECT count(*) FROM record), (SELECT sum(messages) FROM record), (SELECT sum(messages) FROM traffic),
       (SELECT sum(reports) FROM day), (SELECT count(*) FROM repeat), (SELECT count(*) FROM reject),
       (SELECT count(*) FROM original), (SELECT count(*) FROM arrival), (SELECT count(*) FROM file)'''


def record(rnd, domain):
    verdict = rnd.choice(('pass', 'fail'))
    return f'''<record><row><source_ip>192.0.2.{rnd.randrange(256)}</source_ip><count>{rnd.randrange(1, 50)}</count>
<policy_evaluated><disposition>none</disposition><dkim>{verdict}</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>{domain}</header_from></identifiers>
<auth_results><dkim><domain>{domain}</domain><selector>s{rnd.randrange(3)}</selector><result>{verdict}</result></dkim>
<spf><domain>bounce{rnd.randrange(50)}.example.net</domain><result>pass</result></spf></auth_results></record>
'''


def make_input(folder, rnd):
    """REPORTS gzipped reports in folders of a hundred; the same for the same rnd."""
    for i in range(REPORTS):
        domain = rnd.choice(('example.com', 'example.org', 'shop.example'))
        begin = 1767225600 + 86400 * rnd.randrange(90)
        xml = f'''<?xml version="1.0"?>
<feedback><report_metadata><org_name>reporter{i % 7}.example</org_name><email>dmarc@reporter{i % 7}.example</email>
<report_id>{i}</report_id><date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata>
<policy_published><domain>{domain}</domain><p>none</p></policy_published>
{''.join(record(rnd, domain) for _ in range(rnd.randrange(1, 6)))}</feedback>
'''
        path = folder / f'{i // 100:02}' / f'{i}.xml.gz'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(xml.encode(), mtime=0))


def state(db):
    """All that two imports of the same input must agree on."""
    connection = sqlite3.connect(f'file:{db}?mode=ro', uri=True)
    totals = connection.execute(TOTALS).fetchone()
    connection.close()
    done = dmarcq.run('export', '--db', db)
    if done.returncode != 0:
        raise dmarcq.Failed(f'export ended with {done.returncode}: {done.stderr.decode()}')
    return totals, sorted(done.stdout.splitlines())


def same(what, db, undisturbed):
    dmarcq.checked(db)
    totals, rows = state(db)
    if totals != undisturbed[0]:
        raise dmarcq.Failed(f'{what}: {totals} instead of {undisturbed[0]}')
    if rows != undisturbed[1]:
        raise dmarcq.Failed(f'{what}: the export differs')


def check(db):
    """db check is clean; a database that was cut off before its tables were committed has nothing to check."""
    if not db.exists():
        return
    connection = sqlite3.connect(f'file:{db}?mode=ro', uri=True)
    begun = connection.execute('SELECT count(*) FROM sqlite_master').fetchone()[0] > 0
    connection.close()
    if begun:
        dmarcq.checked(db)


def start(db, *args):
    return subprocess.Popen([dmarcq.DMARCQ, 'import', '--db', str(db), *map(str, args)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed(process, delay):
    """Kills after a delay; False when it was done before."""
    try:
        process.wait(delay)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def empty(folder):
    return not any(path.is_file() for path in folder.rglob('*'))


def kill_series(work, source, undisturbed, seconds, rnd):
    """KILLS_PER_DATABASE kills of imports into one database, then one more run. Every other series moves its files."""
    kills = series = 0
    while kills < KILLS:
        series += 1
        db, place, options = work / f'kill-{series}.db', source, []
        if series % 2 == 0:
            place, done = work / f'input-{series}', work / f'done-{series}'
            shutil.copytree(source, place, copy_function=os.link)
            done.mkdir()
            options = ['--move-to', done]
        for _ in range(KILLS_PER_DATABASE):
            if not killed(start(db, *options, place), rnd.uniform(0, seconds / 2)):
                break
            kills += 1
            check(db)
        dmarcq.imported(db, *options, place, codes=(0,))
        if options and not empty(place):
            raise dmarcq.Failed(f'series {series}: files were left where they lay')
        same(f'series {series}, {kills} kills', db, undisturbed)
    print(f'{kills} kills in {series} databases: nothing lost, nothing twice')


def must_say_full(done):
    message = done.stderr.decode(errors='replace')
    if done.returncode != CANNOT_WRITE or not message.startswith('dmarcq: '):
        raise dmarcq.Failed(f'full disk: exit code {done.returncode} instead of {CANNOT_WRITE}, message {message!r}')


def file_limit(work, source, undisturbed, size, rnd):
    """Imports with a limit on the size of a file, somewhere below what the database needs."""
    for turn in range(8):
        db = work / f'limit-{turn}.db'
        limit = rnd.randrange(32768, size * 3 // 4)
        must_say_full(dmarcq.run('import', '--db', db, source,
                                 preexec_fn=lambda n=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))))
        check(db)
        dmarcq.imported(db, source, codes=(0,))
        same(f'file size limit {limit}', db, undisturbed)
    print('8 limits on the size of a file: nothing lost, nothing twice')


def mount(*args):
    return subprocess.run(['mount', *map(str, args)], stderr=subprocess.DEVNULL, check=False).returncode == 0


def small_disk(work, source, undisturbed, size, rnd):
    """Imports on a small file system that is made larger afterwards."""
    place = work / 'small'
    place.mkdir()
    if os.getuid() != 0 or not mount('-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', place):
        print('small file system: not tried, mounting is not allowed here')
        return
    try:
        for turn in range(4):
            if not mount('-o', f'remount,size={rnd.randrange(size // 4, size * 3 // 4) // 4096 * 4096}', place):
                raise dmarcq.Failed('the small file system cannot be made smaller')
            db = place / 'small.db'
            must_say_full(dmarcq.run('import', '--db', db, source))
            mount('-o', f'remount,size={size * 20}', place)
            check(db)
            dmarcq.imported(db, source, codes=(0,))
            same(f'small disk, turn {turn}', db, undisturbed)
            for left in place.iterdir():
                left.unlink()
    finally:
        subprocess.run(['umount', str(place)], check=False)
    print('4 full disks: nothing lost, nothing twice')


def main():
    rnd = random.Random(int(os.environ.get('SEED', '7')))
    with dmarcq.folder() as name:
        work = pathlib.Path(name)
        source = work / 'input'
        make_input(source, rnd)
        db = work / 'undisturbed.db'
        began = time.monotonic()
        total = dmarcq.imported(db, source, codes=(0,))
        seconds = time.monotonic() - began
        if total['reports'] != REPORTS:
            raise dmarcq.Failed(f'{total["reports"]} reports instead of {REPORTS}')
        undisturbed = state(db)
        size = db.stat().st_size
        kill_series(work, source, undisturbed, seconds, rnd)
        file_limit(work, source, undisturbed, size, rnd)
        small_disk(work, source, undisturbed, size, rnd)


if __name__ == '__main__':
    try:
        main()
    except dmarcq.Failed as problem:
        print(problem)
        sys.exit(1)
