#!/usr/bin/env python3
"""Where the same senders come day after day, flow holds their totals: it is made when it pays, says the same as the traffic by
day through imports, a replaced report, prunes and a rebuild, and the questions give the same answers from it as without it."""
import datetime
import json
import pathlib
import random
import shutil
import sys

import dmarcq

FIRST = datetime.date(2026, 1, 1)
WORLDS = 2
DAYS = 45
# What is kept, in days, one prune after the other: one day goes, records alone, what they left, a few days.
PRUNES = ((DAYS, ), (DAYS - 2, '--keep-rollup'), (DAYS - 3, '--keep-rollup'), (DAYS - 1,), (DAYS - 4,), (DAYS - 5, '--keep-rollup'),
          (DAYS - 6,))
SAID = """
SELECT name.text, ip.text, reporter.org, profile.dmarc, profile.dkim, profile.spf, profile.disposition, {said}
JOIN profile ON profile.id = {part}.profile
JOIN ip ON ip.id = {part}.ip
JOIN name ON name.id = {whole}.domain
JOIN reporter ON reporter.id = {whole}.reporter
{group}
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
"""
FLOW = SAID.format(part='flow', whole='flow', group='', said='flow.authentic, messages, first_day, last_day FROM flow')
TRAFFIC = SAID.format(
    part='traffic', whole='day', said='day.authentic, sum(traffic.messages), min(day.day), max(day.day) FROM day JOIN traffic ON traffic.day = day.id',
    group='WHERE day.domain IN (SELECT domain FROM flow_domain) GROUP BY day.domain, traffic.profile, traffic.ip, day.reporter, day.authentic')
DICTIONARIES = ('SELECT text FROM ip ORDER BY 1', 'SELECT text FROM name ORDER BY 1', 'SELECT org FROM reporter ORDER BY 1',
                'SELECT dmarc, dkim, spf, disposition FROM profile ORDER BY 1, 2, 3, 4')


def report(domain, reporter, day, records, number=0, days=1):
    begin = int(datetime.datetime.combine(FIRST, datetime.time(), datetime.timezone.utc).timestamp()) + day * 86400
    rows = ''.join(f'''<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>
<disposition>{'none' if verdict == 'pass' else 'reject'}</disposition><dkim>{verdict}</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>{domain}</header_from></identifiers><auth_results><spf><domain>{domain}</domain><result>fail</result>
</spf></auth_results></record>
''' for ip, count, verdict in records)
    return f'''<feedback><report_metadata><org_name>{reporter}</org_name><email>a@{reporter}</email>
<report_id>{domain}.{reporter}.{day}.{number}</report_id><date_range><begin>{begin}</begin><end>{begin + days * 86400 - 1}</end></date_range>
</report_metadata><policy_published><domain>{domain}</domain><p>reject</p></policy_published>
{rows}</feedback>
'''


def steady(day):
    """Two senders every day, one that fails, one that passes."""
    return [('192.0.2.1', 10 + day % 3, 'pass'), ('198.51.100.7', 1 + day % 2, 'fail'), ('192.0.2.2', 5, 'pass')]


def changing(day):
    """Others every day."""
    return [(f'2001:db8:{day:x}::{n:x}', 1 + n, 'fail') for n in range(3)]


def write(folder, name, documents):
    (folder / name).write_text(''.join(documents), encoding='utf-8')


def answers(db):
    """Every answer over everything that flow may give."""
    found = []
    for by in 'source ip subnet header-from envelope-from dkim-domain spf-domain reporter domain'.split():
        found.append(dmarcq.run('top-failures', '--db', db, '--by', by, '-n', '0', '--format', 'json').stdout)
    found.append(dmarcq.run('kpi', '--db', db, '--format', 'json').stdout)
    for sender in '192.0.2.1', '198.51.100.7', '192.0.2.0/24', '2001:db8::/32', '198.51.100.0/24':
        for only in 'all', 'failing':
            found.append(dmarcq.run('why', sender, '--db', db, '-n', '0', '--only', only, '--format', 'json').stdout)
    return found


def kept(db):
    return dmarcq.rows(db, 'SELECT name.text FROM flow_domain JOIN name ON name.id = domain ORDER BY 1')


def without_flow(db):
    copy = db.with_name('without.db')
    dmarcq.change(db, '')
    copy.write_bytes(db.read_bytes())
    dmarcq.change(copy, 'DELETE FROM flow; DELETE FROM flow_domain')
    return copy


def wide_network(scratch, reporters):
    """Where a large part of the flows is the sender's, all traffic of the domain is read instead."""
    db = scratch / 'wide.db'
    records = [(f'203.0.113.{n}', 1 + n, 'fail' if n % 2 else 'pass') for n in range(8)]
    write(scratch, 'wide.xml', [report('wide.example', r, day, records) for day in range(100) for r in reporters])
    dmarcq.imported(db, str(scratch / 'wide.xml'))
    assert dmarcq.rows(db, 'SELECT count(*) FROM flow') == [(80,)]
    copy = without_flow(db)
    for network, sent in (('203.0.113.0/24', 36), ('203.0.113.0/25', 36), ('203.0.113.0/30', 10)):
        for more in (), ('--only', 'failing'), ('--since', '2026-02-01', '--until', '2026-02-10'):
            one, other = (dmarcq.run('why', network, '--db', path, '-n', '0', *more, '--format', 'json').stdout for path in (db, copy))
            assert one == other, (network, more)
            if not more:
                assert json.loads(one)['sender']['messages'] == sent * 1000, network


def world(folder, rnd):
    """A file a day and reporter: senders of every frequency, reports of a day and of several, some cut first."""
    folder.mkdir()
    senders = [(f'192.0.2.{n}', rnd.choice((1, 1, .7, .2, .04)), rnd.choice(('pass', 'fail'))) for n in range(12)]
    for day in range(DAYS):
        for n in range(8):
            records = [(ip, rnd.randrange(1, 50), verdict) for ip, often, verdict in senders if rnd.random() < often]
            records += [(f'198.51.100.{rnd.randrange(256)}', 1, 'fail')] * (rnd.random() < .2)
            whole = report('steady.example', f'r{n}.example', day, records or [('192.0.2.1', 1, 'pass')],
                           days=rnd.choice((1, 1, 1, 1, 1, 2, 4)))
            if rnd.random() < .05:
                write(folder, f'{day:02}{n}a.xml', [whole[:whole.rindex('<record>') + 40]])
            write(folder, f'{day:02}{n}b.xml', [whole])


def as_rebuilt(db, what, has_archived):
    """Flow and the dictionaries are what a rebuild makes, which keeps the dictionaries where pruned reports left totals."""
    dmarcq.checked(db)
    assert dmarcq.rows(db, FLOW) == dmarcq.rows(db, TRAFFIC), what
    dmarcq.change(db, '')
    copy = shutil.copyfile(db, db.with_name('rebuilt.db'))
    assert dmarcq.run('db', 'rebuild', '--db', copy).returncode == 0
    for question in (FLOW, TRAFFIC, *DICTIONARIES):
        one, other = dmarcq.rows(db, question), dmarcq.rows(copy, question)
        assert one == other or (has_archived and question in DICTIONARIES), (what, question, set(one) ^ set(other))


def prunes(scratch):
    """Flow is kept up by prunes and not made again: a total that is wrong where nothing goes stays wrong."""
    last = "FROM flow WHERE ip = (SELECT id FROM ip WHERE text = '203.0.113.1')"
    for seed in range(WORLDS):
        db, folder = scratch / f'world{seed}.db', scratch / f'world{seed}'
        world(folder, random.Random(seed))
        write(folder, '00.xml', [report('many.example', f'm{n}.example', DAYS, [('192.0.2.1', 1, 'pass')]) for n in range(1000)])
        write(folder, '99.xml', [report('steady.example', 'r0.example', DAYS, [('203.0.113.1', 9, 'fail')])])
        files = sorted(folder.iterdir())
        for part in files[:350], files[350:]:
            dmarcq.imported(db, *part)
            assert kept(db) == [('steady.example',)], kept(db)
        has_archived = False
        for keep, *options in PRUNES:
            dmarcq.change(db, last.replace('FROM flow', 'UPDATE flow SET messages = 8'))
            assert dmarcq.run('db', 'prune', '--db', db, '--keep', f'{keep}d', *options).returncode == 0
            assert dmarcq.rows(db, f'SELECT messages {last}') == [(8,)], (seed, keep, *options)
            dmarcq.change(db, last.replace('FROM flow', 'UPDATE flow SET messages = 9'))
            has_archived = dmarcq.rows(db, 'SELECT count(*) FROM report WHERE state = 3') != [(0,)]
            as_rebuilt(db, (seed, keep, *options), has_archived)
        # Now few days are left, which are answered quickly without.
        assert dmarcq.run('db', 'prune', '--db', db, '--keep', '30d').returncode == 0
        assert kept(db) == [], kept(db)
        as_rebuilt(db, (seed, 30), True)


def main():
    reporters = [f'r{n}.example' for n in range(10)]
    with dmarcq.folder() as name:
        scratch = pathlib.Path(name)
        db = scratch / 'flow.db'
        for domain, records in (('steady.example', steady), ('changing.example', changing)):
            write(scratch, f'{domain}.xml', [report(domain, r, day, records(day)) for day in range(60) for r in reporters])
        dmarcq.imported(db, str(scratch / 'steady.example.xml'), str(scratch / 'changing.example.xml'))
        assert kept(db) == [('steady.example',)], kept(db)
        # Three senders and ten reporters, however many days.
        assert dmarcq.rows(db, 'SELECT count(*), sum(messages), min(first_day), max(last_day) FROM flow') == [
            (30, sum(c for day in range(60) for _, c, _ in steady(day)) * 10, 20454, 20513)]
        dmarcq.checked(db)
        assert answers(db) == answers(without_flow(db))

        # It goes on with the next import, also for a report over several days.
        write(scratch, 'next.xml', [report('steady.example', r, 60, steady(60) + [('192.0.2.9', 7, 'fail')]) for r in reporters])
        dmarcq.imported(db, str(scratch / 'next.xml'))
        dmarcq.checked(db)
        assert dmarcq.rows(db, 'SELECT count(*), max(last_day) FROM flow') == [(40, 20514)]
        assert answers(db) == answers(without_flow(db))

        # A cut report that is replaced takes its traffic off again.
        whole = report('steady.example', 'r0.example', 61, steady(61) + [('192.0.2.77', 3, 'fail')])
        write(scratch, 'cut.xml', [whole[:whole.rindex('<record>') + 40]])
        dmarcq.imported(db, str(scratch / 'cut.xml'))
        dmarcq.checked(db)
        write(scratch, 'whole.xml', [whole])
        dmarcq.imported(db, str(scratch / 'whole.xml'))
        assert kept(db) == [('steady.example',)], kept(db)
        dmarcq.checked(db)
        assert answers(db) == answers(without_flow(db))
        assert '192.0.2.77' in [row['source'] for row in json.loads(answers(db)[1])['rows']]

        # A domain that is asked for twice counts once.
        for question in ('top-failures', '-n', '0'), ('why', '192.0.2.0/24'):
            once, *twice = (dmarcq.run(*question, '--db', db, '--format', 'json', *more).stdout for more in (
                ('--domain', 'steady.example'), ('--domain', 'steady.example', '--domain', 'steady.example'),
                ('--domain', 'steady.example', '--domain', 'steady.*')))
            assert json.loads(once)['rows'], once
            assert twice == [once, once], question

        before = answers(db)
        assert dmarcq.run('db', 'rebuild', '--db', db).returncode == 0
        assert kept(db) == [('steady.example',)], kept(db)
        dmarcq.checked(db)
        assert answers(db) == before

        # What is wrong in it is found.
        dmarcq.change(db, 'UPDATE flow SET messages = messages + 1 WHERE ip = (SELECT min(ip) FROM flow)')
        done = dmarcq.run('db', 'check', '--db', db)
        assert (done.returncode, done.stdout) == (1, b'the flow of steady.example differs from its traffic for 10 senders and '
                                                  b'reporters\n'), done
        wide_network(scratch, reporters)
        prunes(scratch)
    print('flow says what the traffic says')
    return 0


sys.exit(main())
