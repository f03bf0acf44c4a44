#!/usr/bin/env python3
"""dmarcq watch at a real server: what arrives is imported within seconds, whatever happens to the server meanwhile.

mailbox_watch_test.py [FUNCTION...]: these only.
"""
import os
import signal
import socket
import sys
import threading
import time

import dmarcq
from servers import delay, dovecot, imap, mails, scripted
from servers.trial import Trial, all_of, same

# How long something may take that is to happen within seconds; sanitized programs are slow.
SECONDS = 60


def until(what, true):
    """Waits for what another program does."""
    end = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > end:
            raise dmarcq.Failed(f'not within {SECONDS} seconds: {what}')
        time.sleep(0.02)


def count(trial):
    """How many reports there are; none before the database is made."""
    if not trial.db.exists() or not dmarcq.rows(trial.db, "SELECT count(*) FROM sqlite_master WHERE name = 'report'")[0][0]:
        return 0
    return dmarcq.rows(trial.db, 'SELECT count(*) FROM report')[0][0]


class Watch:
    """A running watch, with the socket of a service manager; ended by SIGTERM, which must be clean."""

    def __init__(self, trial, *names, watchdog=None):
        self.trial, self.said, self.told_to_end = trial, [], False
        self.heard = threading.Condition()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(trial.top / 'notify'))
        trial.env['NOTIFY_SOCKET'] = str(trial.top / 'notify')
        if watchdog is not None:
            trial.env['WATCHDOG_USEC'] = str(int(watchdog * 1000000))
        threading.Thread(target=self.listen, daemon=True).start()
        self.run = trial.start('watch', '--db', trial.db, *(names or ['box']))

    def listen(self):
        while True:
            try:
                text = self.socket.recv(4096).decode()
            except OSError:
                return
            with self.heard:
                self.said += text.split('\n')
                self.heard.notify_all()

    def wait(self, word, times=1):
        """Until the service manager was told that so often."""
        def true():
            return sum(line.startswith(word) for line in self.said) >= times
        end = time.monotonic() + SECONDS
        with self.heard:
            while not self.heard.wait_for(true, 0.5):
                if time.monotonic() > end or self.run.process.poll() is not None:
                    raise dmarcq.Failed(f'{word} was not told: {self.said}; stderr:\n{self.ended()}')

    def ended(self):
        """Kills it; what it had to say."""
        self.run.kill()
        return self.run.wait().stderr

    def __enter__(self):
        return self

    def signal(self, number):
        self.told_to_end = self.told_to_end or number == signal.SIGTERM
        os.kill(self.run.process.pid, number)

    def __exit__(self, kind, *_):
        if self.run.process.returncode is None:
            if not self.told_to_end:
                self.signal(signal.SIGTERM if kind is None else signal.SIGKILL)
            self.done = self.run.wait()
            if kind is None:
                same('exit code after SIGTERM', (self.done.code, self.done.stderr if self.done.code else ''), (0, ''))
        self.socket.close()
        (self.trial.top / 'notify').unlink()
        del self.trial.env['NOTIFY_SOCKET']
        self.trial.env.pop('WATCHDOG_USEC', None)


def arrives():
    """What lay there, and what comes while it watches: one, then many."""
    for without in ([], ['MOVE']):
        with dovecot.Dovecot(without=without) as at, Trial() as trial:
            at.deliver(mails.reports(1))
            trial.box(at, after='archive:Archive')
            with Watch(trial) as watch:
                watch.wait('READY=1')
                until('the first mail is stored', lambda: count(trial) == 1)
                seconds = []
                for number in range(2, 6):
                    began = time.monotonic()
                    at.deliver(mails.reports(number))
                    until(f'mail {number} is stored', lambda number=number: count(trial) == number)
                    seconds.append(time.monotonic() - began)
                if not dmarcq.sanitized() and max(seconds) > 5:
                    raise dmarcq.Failed(f'mails took {seconds} s')
                print('seconds from delivery to database:', ', '.join(f'{one:.2f}' for one in seconds))
                at.deliver(mails.reports(*range(6, 206)))
                until('200 mails are stored', lambda: count(trial) == 205)
                until('all are moved', lambda: not at.mails())
            trial.must_hold(*range(1, 206))
            same('inbox', len(at.mails()), 0)


def two_mailboxes():
    with dovecot.Dovecot(users={'a': 'pa', 'b': 'pb'}) as at, Trial() as trial:
        trial.box(at, after='archive:Archive')
        trial.mailbox(at.url(user='b'), 'pb', name='b', ca_file=at.ca_file)
        with Watch(trial, 'box', 'b') as watch:
            watch.wait('READY=1')
            at.deliver(mails.reports(1), user='b')
            at.deliver(mails.reports(2))
            until('both are stored', lambda: count(trial) == 2)
        trial.must_hold(1, 2)


def server_restarts():
    with dovecot.Dovecot() as at, Trial() as trial:
        trial.box(at, after='archive:Archive')
        with Watch(trial) as watch:
            watch.wait('READY=1')
            at.deliver(mails.reports(1))
            until('the first is stored', lambda: count(trial) == 1)
            at.stop()
            at.deliver(mails.reports(2))
            at.start()
            until('the second is stored', lambda: count(trial) == 2)
            at.deliver(mails.reports(3))
            until('the third is stored', lambda: count(trial) == 3)
            until('all are moved', lambda: len(at.mails('Archive')) == 3)
        trial.must_hold(1, 2, 3)


def line_breaks():
    """The connection is gone without a word, as after a suspended laptop or a forgetful router."""
    with dovecot.Dovecot() as at, delay.Link(at.ports['imaps']) as link, Trial() as trial:
        trial.box(at, port=link.port, after='archive:Archive')
        with Watch(trial) as watch:
            watch.wait('READY=1')
            for number in range(1, 4):
                at.deliver(mails.reports(number))
                until(f'mail {number} is stored', lambda number=number: count(trial) == number)
                link.cut()
        trial.must_hold(1, 2, 3)


def stopped_in_the_middle():
    """SIGTERM ends an import after what it has is committed; the next run does the rest."""
    with dovecot.Dovecot() as at, Trial() as trial:
        at.deliver(mails.reports(*range(2000)))
        trial.box(at, after='archive:Archive')
        with Watch(trial):
            until('something is stored', lambda: count(trial) > 0)
        held = trial.held()
        archived = len(at.mails('Archive'))
        if archived > len(held):
            raise dmarcq.Failed(f'{archived} mails are moved, {len(held)} are stored')
        trial.import_().must(0)
        trial.must_hold(*range(2000))
        same('mails', [len(at.mails()), len(at.mails('Archive'))], [0, 2000])


def stopped_between_copy_and_expunge():
    """A mail that was copied is taken away before it ends: the next run would copy it once more."""
    watches = []

    def step(session):
        watches[0].signal(signal.SIGTERM)
        scripted.answer(session)
    with imap.Server(mails.reports(1, 2), without=['MOVE'], folders=['Archive'], rules=[scripted.Rule('UID COPY', step)]) as at, \
            Trial() as trial:
        trial.mailbox(at.url('/INBOX'), at.password, after='archive:Archive')
        with Watch(trial) as watch:
            watches.append(watch)
            if not at.wait('END'):
                raise dmarcq.Failed('it does not end')
        trial.must_hold(1, 2)
        same('mails', [len(at.folders[name].mails) for name in ('INBOX', 'Archive')], [0, 2])


def reread():
    """SIGHUP: the configuration is read again; with mistakes in it the old one stays."""
    with dovecot.Dovecot() as at, Trial() as trial:
        trial.box(at, after='archive:Archive')
        with Watch(trial) as watch:
            watch.wait('READY=1')
            at.deliver(mails.reports(1))
            until('the first is moved', lambda: len(at.mails('Archive')) == 1)
            trial.box(at, after='archive:Other')
            watch.signal(signal.SIGHUP)
            watch.wait('RELOADING=1')
            watch.wait('READY=1', 2)
            at.deliver(mails.reports(2))
            until('the second is moved', lambda: len(at.mails('Other')) == 1)
            trial.box(at, after='nonsense')
            watch.signal(signal.SIGHUP)
            watch.wait('READY=1', 3)
            at.deliver(mails.reports(3))
            until('the third is moved', lambda: len(at.mails('Other')) == 2)
        trial.must_hold(1, 2, 3)


def watchdog():
    """It tells that it lives, also while nothing happens."""
    with dovecot.Dovecot() as at, Trial() as trial:
        trial.box(at, after='archive:Archive')
        with Watch(trial, watchdog=1) as watch:
            watch.wait('READY=1')
            watch.wait('WATCHDOG=1', 3)
        same('STOPPING', 'STOPPING=1' in watch.said, True)


def refused():
    """A password that is wrong at the start ends it with 77, a certificate with 78: a manager must not try for ever."""
    with dovecot.Dovecot() as at, Trial() as trial:
        trial.mailbox(at.url(), 'wrong', ca_file=at.ca_file)
        trial.run('watch', '--db', trial.db, 'box').must(77, 'refuses the login')
    with dovecot.Dovecot(certificate='expired') as at, Trial() as trial:
        trial.box(at, after='archive:Archive')
        trial.run('watch', '--db', trial.db, 'box').must(78, 'expired')
        trial.run('watch', '--db', trial.db, 'nobody').must(64, 'nobody')


def idles():
    """With IDLE it says nothing while nothing happens; its mails come by the server's word."""
    with imap.Server(user='u', password='p') as at, Trial() as trial:
        trial.mailbox(at.url('/INBOX'), 'p', after='delete')
        with Watch(trial) as watch:
            watch.wait('READY=1')
            if not at.wait('IDLE'):
                raise dmarcq.Failed(f'it does not idle: {at.commands}')
            at.deliver(mails.report(1))
            until('it is stored', lambda: count(trial) == 1)
            if not at.wait('IDLE', 2):
                raise dmarcq.Failed(f'it does not idle again: {at.commands}')
        trial.must_hold(1)


def main():
    return all_of([arrives, two_mailboxes, server_restarts, line_breaks, stopped_in_the_middle, stopped_between_copy_and_expunge,
                   reread, watchdog, refused, idles], sys.argv[1:])


sys.exit(main())
