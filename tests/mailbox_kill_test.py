#!/usr/bin/env python3
"""Mailboxes on a real server with two programs at once, and with one that is killed at random moments: no mail is lost, no report
is counted twice, and nothing stays unsettled behind a last run.

mailbox_kill_test.py [FUNCTION...]: these only. $SEED makes other moments.
"""
import os
import random
import re
import subprocess
import sys
import time

import dmarcq
from servers import dovecot, mails
from servers.trial import Trial, all_of, same

ROUNDS = 6


def number_of(data):
    return re.search(rb'Message-ID: <(\d+)@', data).group(1).decode()


def contents(at, folder):
    return {dovecot.plain(mail.bytes) for mail in at.mails(folder)}


def two_databases():
    """Two programs empty one mailbox at the same time: each report is in at least one of the databases, each mail settled."""
    numbers = range(300)
    for after in ('archive:Archive', 'delete'):
        with dovecot.Dovecot() as at, Trial() as one, Trial() as other:
            at.deliver(mails.reports(*numbers))
            for trial in (one, other):
                trial.box(at, after=after)
            runs = [trial.start_import() for trial in (one, other)]
            for run in runs:
                run.wait().must(0)
            same('stored', sorted(map(int, {*one.held(), *other.held()})), list(numbers))
            at.must_hold([])
            if after != 'delete':
                # Two MOVEs of a mail at the same moment: Dovecot may obey both, and it lies there twice.
                same('Archive', contents(at, 'Archive'), {dovecot.plain(data) for data in mails.reports(*numbers)})


def one_database():
    """Two runs into one database: the second waits and finds what is left."""
    numbers = range(200)
    with dovecot.Dovecot() as at, Trial() as trial:
        at.deliver(mails.reports(*numbers))
        trial.box(at, after='archive:Archive')
        runs = [trial.start_import() for _ in range(2)]
        for run in runs:
            run.wait().must(0)
        trial.must_hold(*numbers)
        at.must_hold(mails.reports(*numbers), 'Archive')


def killed_often(scheme, after, without=()):
    """Kills at random moments, then one run to the end."""
    rnd = random.Random(int(os.environ.get('SEED', '7')))
    numbers = range(400)
    with dovecot.Dovecot(without=without) as at, Trial() as trial:
        some = mails.reports(*numbers)
        at.deliver(some + [mails.LETTER])
        trial.box(at, scheme, after=after)
        with Trial() as measured:
            # How long a run takes, without changing anything.
            measured.box(at, scheme, after='leave')
            began = time.monotonic()
            measured.import_().must(0)
            seconds = time.monotonic() - began
        kills = 0
        for _ in range(ROUNDS):
            run = trial.start_import()
            try:
                run.process.wait(rnd.uniform(0, seconds))
            except subprocess.TimeoutExpired:
                kills += 1
                run.kill()
            code = run.process.wait()
            if code not in (0, -9):
                raise dmarcq.Failed(f'exit code {code}')
            held = {number_of(mail.bytes) for mail in at.mails() if b'lunch' not in mail.bytes}
            if trial.db.exists() and dmarcq.rows(trial.db, 'SELECT count(*) FROM sqlite_master')[0][0]:
                lost = set(map(str, numbers)) - held - set(trial.held())
                if lost:
                    raise dmarcq.Failed(f'kill {kills}: lost {sorted(lost)}')
        same('exit code', trial.import_().code, 0)
        trial.must_hold(*numbers)
        if after == 'delete' or after.startswith('archive'):
            at.must_hold([mails.LETTER])
        if after.startswith('archive') and not without:
            at.must_hold(some, 'Archive')
        elif after.startswith('archive'):
            # A kill between COPY and EXPUNGE copies again: more than once, never less.
            same('Archive', contents(at, 'Archive'), set(map(dovecot.plain, some)))
        elif after == 'seen':
            same('seen', sum('S' in mail.flags for mail in at.mails()), len(numbers))
        print(f'{scheme}, after = {after}: {kills} kills')


def killed():
    for scheme, after, without in (('imaps', 'archive:Archive', ()), ('imaps', 'archive:Archive', ['MOVE']), ('imaps', 'delete', ()),
                                   ('imaps', 'seen', ()), ('imaps', 'leave', ()), ('pop3s', 'delete', ()), ('pop3s', 'leave', ())):
        killed_often(scheme, after, without)


def main():
    return all_of([two_databases, one_database, killed], sys.argv[1:])


sys.exit(main())
