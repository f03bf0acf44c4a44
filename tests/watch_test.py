#!/usr/bin/env python3
"""`dmarcq watch`: what arrives is imported at once, servers come and go, and systemd is told. What the program says to systemd
is what these tests wait for."""
import contextlib
import fcntl
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

import dmarcq
from servers import dovecot, imap, mails, pop3, scripted
from servers.scripted import Rule

SECONDS = 60


class Watch:
    """A running `dmarcq watch` in a folder of its own. boxes: settings by name of the mailbox."""

    head = ''  # of the configuration

    def __init__(self, test, boxes, *args, start=True, **environment):
        scratch = dmarcq.folder()
        test.addCleanup(scratch.cleanup)
        self.test, self.top = test, pathlib.Path(scratch.name)
        self.db, self.conf = self.top / 'x.db', self.top / 'dmarcq.conf'
        self.said = []
        self.write(boxes)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.top / 'notify'))
        test.addCleanup(self.socket.close)
        self.args, self.environment = args, environment
        self.text, self.changed = {'out': '', 'err': ''}, threading.Condition()
        if start:
            self.start()

    def start(self):
        self.process = subprocess.Popen(
            [dmarcq.DMARCQ, 'watch', '--db', self.db, '--config', self.conf, *self.args], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {'NOTIFY_SOCKET': str(self.top / 'notify')} | self.environment)
        self.readers = [threading.Thread(target=self.read, args=pair, daemon=True)
                        for pair in (('out', self.process.stdout), ('err', self.process.stderr))]
        for reader in self.readers:
            reader.start()
        self.test.addCleanup(self.end)

    def read(self, name, stream):
        for line in stream:
            with self.changed:
                self.text[name] += line
                self.changed.notify_all()
        stream.close()

    def write(self, boxes):
        text = self.head
        for name, settings in boxes.items():
            settings = dict(settings)
            secret = self.top / f'{name}.password'
            secret.touch(0o600)
            secret.write_text(settings.pop('password') + '\n', encoding='utf-8')
            settings['password-file'] = secret
            text += f'[mailbox {name}]\n' + ''.join(f'{key.replace("_", "-")} = {value}\n' for key, value in settings.items())
        self.conf.write_text(text, encoding='utf-8')

    def wait(self, pattern):
        """The next message to systemd that has it."""
        end = time.monotonic() + SECONDS
        while True:
            self.socket.settimeout(max(end - time.monotonic(), 0.01))
            try:
                text = self.socket.recv(4096).decode()
            except TimeoutError:
                self.test.fail(f'no {pattern} in {self.said}\n{self.stderr()}')
            self.said.append(text)
            if re.search(pattern, text):
                return text

    def reports(self, number):
        self.wait(f'STATUS=.* {number} new reports')

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.wait_end()

    def wait_end(self):
        """The exit code; all that it said is there."""
        code = self.process.wait(SECONDS)
        for reader in self.readers:
            reader.join(SECONDS)
        return code

    def stop(self, number=signal.SIGTERM, code=0):
        self.process.send_signal(number)
        self.test.assertEqual(self.wait_end(), code, self.stderr())
        self.wait('STOPPING=1')
        dmarcq.checked(self.db)

    def stderr(self):
        return self.text['err']

    def wait_stderr(self, text, name='err'):
        with self.changed:
            self.test.assertTrue(self.changed.wait_for(lambda: text in self.text[name], SECONDS), f'no {text} in {self.text}')

    def wait_stdout(self, text):
        self.wait_stderr(text, name='out')

    def stdout(self):
        return self.text['out']

    def messages(self):
        return dmarcq.rows(self.db, 'SELECT sum(messages) FROM report')[0][0]


class Clocks:
    """Clocks of a program, which run ahead when it is said so."""

    def __init__(self, test):
        scratch = dmarcq.folder()
        test.addCleanup(scratch.cleanup)
        self.file, library = pathlib.Path(scratch.name) / 'clocks', f'{scratch.name}/clocks.so'
        subprocess.run(['cc', '-std=c11', '-D_GNU_SOURCE', '-shared', '-fPIC', '-o', library, dmarcq.TOP / 'tests/servers/clocks.c'], check=True)
        self.environment = {'LD_PRELOAD': library, 'CLOCKS': str(self.file),
                            'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'}

    def ahead(self, wall, monotonic):
        new = self.file.with_suffix('.new')
        new.write_text(f'{wall} {monotonic}\n', encoding='ascii')
        new.rename(self.file)


def box(server, scheme=None, **settings):
    if isinstance(server, dovecot.Dovecot):
        return {'url': server.url(scheme or 'imaps'), 'ca_file': server.ca_file, 'password': server.password} | settings
    return {'url': server.url(), 'password': server.password} | settings


class Arrivals(unittest.TestCase):
    def start(self, server):
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def test_what_arrives_is_imported(self):
        server = self.start(dovecot.Dovecot())
        server.deliver([mails.report('before', 1)])
        watch = Watch(self, {'m': box(server, after='seen')})
        watch.wait('READY=1')
        watch.reports(1)
        server.deliver([mails.report('a', 2), mails.report('b', 4)])
        watch.reports(3)
        server.deliver([mails.report('c', 8)])
        watch.reports(4)
        watch.stop()
        self.assertEqual(watch.messages(), 15)
        self.assertEqual([mail.flags for mail in server.mails()], ['S'] * 4)
        self.assertEqual(watch.stderr(), '')
        self.assertRegex(watch.stdout(), r'\Awatching m \(IMAP: IDLE, else every 300 s\)\nm: 1 report, 1 record, 1 message from 1 mail in [0-9.]+ s')

    def test_who_is_trusted(self):
        class Trusting(Watch):
            head = '[dmarcq]\ntrusted-authserv-id = mx.example.org\n'

        top = (b'Authentication-Results: mx.example.org; dmarc=pass header.from=reporter.example\r\n'
               b'Received: from a.example by mx.example.org with ESMTPS; Tue, 02 Jun 2026 00:00:00 +0000\r\n')
        server = self.start(imap.Server([top + mails.report('proved', 1), mails.report('not', 2)]))
        watch = Trusting(self, {'m': box(server)})
        watch.reports(2)
        watch.stop()
        self.assertEqual(dmarcq.rows(watch.db, 'SELECT report_id, authenticity FROM v_reports ORDER BY messages'),
                         [('proved', 'authenticated'), ('not', 'unverified')])

    def test_server_restarts(self):
        server = self.start(dovecot.Dovecot())
        watch = Watch(self, {'m': box(server, after='delete')})
        watch.reports(0)
        server.stop()
        watch.wait_stderr('it is tried again')
        server.deliver([mails.report('a', 2)])
        server.start()
        watch.reports(1)
        watch.wait_stderr('m: connected again')
        server.deliver([mails.report('b', 3)])
        watch.reports(2)
        watch.stop(signal.SIGINT)
        self.assertEqual(watch.messages(), 5)
        self.assertEqual(server.mails(), [])

    def test_idle_is_asked_for_again(self):
        """What comes while it is not asked for is news too, and the servers' connection stays the same."""
        server = self.start(imap.Server([mails.report('a', 1)], rules=[Rule('IDLE', self.deliver_before, scripted.answer, skip=1)]))
        watch = Watch(self, {'m': box(server, poll=5)})
        watch.reports(1)
        watch.reports(2)
        self.assertTrue(server.wait('IDLE', 3))
        watch.stop()
        self.assertEqual(len({number for number, command in server.commands if command == 'IDLE'}), 1)

    def test_idle_is_asked_for_again_within_29_minutes(self):
        """However long `poll` is, and over the same connection."""
        server, clocks = self.start(imap.Server([mails.report('a', 1)])), Clocks(self)
        watch = Watch(self, {'m': box(server, poll=86400)}, **clocks.environment)
        watch.reports(1)
        clocks.ahead(28 * 60, 28 * 60)
        self.assertTrue(server.wait('IDLE', 2))
        watch.stop()
        self.assertEqual(len({number for number, command in server.commands if command == 'IDLE'}), 1)
        self.assertNotIn('it is tried again', watch.stderr())

    def test_machine_slept(self):
        """The connection is dead, and nobody says so. What came meanwhile is imported when it wakes, also where it looks by the clock."""
        server = self.start(imap.Server([mails.report('a', 1)], rules=[Rule('IDLE', b'+ idling\r\n', scripted.hang)]))
        other, clocks = self.start(pop3.Server([mails.report('b', 2)])), Clocks(self)
        watch = Watch(self, {'m': box(server, poll=86400), 'n': box(other, poll=86400)}, **clocks.environment)
        watch.reports(2)
        server.deliver(mails.report('c', 4))
        other.deliver(mails.report('d', 8))
        clocks.ahead(3 * 3600, 0)
        watch.reports(4)
        watch.wait_stderr('dmarcq: m: connected again\n')
        self.assertIn('dmarcq: m: the clock jumped: connecting anew; it is tried again\n', watch.stderr())
        # The new connection is as good as the first one was.
        server.deliver(mails.report('e', 16))
        watch.reports(5)
        watch.stop()
        self.assertEqual(watch.messages(), 31)

    def deliver_before(self, session):
        session.server.deliver(mails.report('b', 2))

    def test_without_idle(self):
        server = self.start(dovecot.Dovecot(without=['IDLE']))
        watch = Watch(self, {'m': box(server, poll=5)})
        watch.reports(0)
        server.deliver([mails.report('a', 2)])
        watch.reports(1)
        watch.stop()

    def test_pop3(self):
        server = self.start(pop3.Server([mails.report('a', 1)]))
        watch = Watch(self, {'m': box(server, after='delete', poll=5)})
        watch.reports(1)
        server.deliver(mails.report('b', 2))
        watch.reports(2)
        watch.stop()
        self.assertEqual(server.mails, {})

    def test_pop3_password_changes(self):
        """A login that was good and is refused later is tried again, and the other mailbox is watched on."""
        server, other = self.start(pop3.Server([mails.report('a', 1)])), self.start(pop3.Server([mails.report('b', 1)]))
        watch = Watch(self, {'m': box(server, poll=5), 'n': box(other, poll=5)})
        watch.reports(2)
        server.password = 'another'
        server.deliver(mails.report('c', 1))
        watch.wait_stderr(f'dmarcq: m: pop3://reports@example.com@127.0.0.1:{server.port}: the server refuses the login of reports@example.com: '
                          '-ERR [AUTH] wrong user or password; it is tried again; `dmarcq doctor m` looks into it\n')
        other.deliver(mails.report('d', 1))
        watch.reports(3)
        server.password = box(other)['password']
        watch.reports(4)
        watch.stop()
        self.assertTrue(watch.stdout().startswith('watching m (POP3: every 5 s), n (POP3: every 5 s)\n'))

    def test_stop_in_the_middle(self):
        """What was committed stays, the rest is for the next time; nothing is counted twice."""
        server = self.start(pop3.Server([mails.report(f'r{i}', 1) for i in range(50)], rules=[Rule('RETR 40', scripted.hang)]))
        watch = Watch(self, {'m': box(server, after='delete', batch=1)})
        self.assertTrue(server.wait('RETR 40'))
        watch.stop()
        self.assertEqual(len(server.mails), 50)
        # That of the login which is tried first, with nothing to delete.
        self.assertEqual((server.said('QUIT'), server.said('DELE')), (['QUIT'], []))
        done = dmarcq.run('import', '--db', watch.db, '--config', watch.conf)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(watch.messages(), 50)
        self.assertEqual(server.mails, {})

    def test_stop_while_another_holds_the_database(self):
        """Whichever lock it waits for: systemd is told that it lives, SIGTERM ends it at once, and the next run has it all."""
        for sqlite in (False, True):
            server = self.start(imap.Server([mails.report('a', 1)]))
            watch = Watch(self, {'m': box(server)}, WATCHDOG_USEC='1000', start=False)
            dmarcq.run('import', '--db', watch.db, '-', input=mails.report('before', 1))
            with open(f'{watch.db}-turn', 'r+b') as turn, contextlib.closing(sqlite3.connect(watch.db, isolation_level=None)) as other:
                if sqlite:
                    other.execute('BEGIN IMMEDIATE')
                else:
                    fcntl.lockf(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                watch.start()
                self.assertTrue(server.wait('IDLE'))
                # Many come only from where it waits: else there are seconds between them.
                for _ in range(20):
                    watch.wait('WATCHDOG=1')
                began = time.monotonic()
                watch.process.send_signal(signal.SIGTERM)
                watch.wait('STOPPING=1')
                self.assertEqual(watch.wait_end(), 0, watch.stderr())
                self.assertNotIn('x.db', watch.stderr())
                self.assertLess(time.monotonic() - began, 30)
            done = dmarcq.run('import', '--db', watch.db, '--config', watch.conf)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(dmarcq.rows(watch.db, "SELECT count(*) FROM report WHERE report_id = 'a'"), [(1,)])

    def test_import_that_fails_is_tried_again(self):
        server = self.start(pop3.Server([mails.report('a', 1)], rules=[Rule('LIST', scripted.reset, times=4)]))
        watch = Watch(self, {'m': box(server)})
        watch.reports(1)
        watch.stop()
        self.assertIn('the connection broke', watch.stderr())


class Settings(unittest.TestCase):
    start = Arrivals.start

    def test_reload(self):
        server = self.start(dovecot.Dovecot())
        other = self.start(pop3.Server([mails.report('other', 4)]))
        server.deliver([mails.report('a', 1)])
        boxes = {'m': box(server)}
        watch = Watch(self, boxes)
        watch.reports(1)
        watch.write(boxes | {'n': box(other)})
        watch.process.send_signal(signal.SIGHUP)
        watch.wait('RELOADING=1')
        watch.wait('STATUS=watching 2 mailboxes')
        watch.wait_stdout('watching m (IMAP: IDLE, else every 300 s), n (POP3: every 300 s)\n')
        watch.reports(2)
        watch.conf.write_text('[mailbox m]\nurl = nowhere\n', encoding='utf-8')
        watch.process.send_signal(signal.SIGHUP)
        watch.wait_stderr('the configuration has mistakes: the one before holds on')
        self.assertIn('dmarcq.conf:2: [mailbox m] url: not the URL of a mailbox', watch.stderr())
        server.deliver([mails.report('b', 2)])
        watch.reports(3)
        watch.stop()
        self.assertEqual(watch.messages(), 7)

    def test_refused(self):
        """A mailbox that can't be watched ends the program only when it is the last one."""
        server = self.start(dovecot.Dovecot())
        for scheme in ('imaps', 'pop3s'):
            watch = Watch(self, {'m': box(server, scheme) | {'password': 'hunter2'}})
            self.assertEqual(watch.wait_end(), 77)
            self.assertRegex(watch.stderr(), r'\Admarcq: m: the server refuses the login of reports@example.com: .*\n\Z')
            watch.wait('STOPPING=1')
        watch = Watch(self, {'m': box(server) | {'password': 'hunter2'}, 'n': box(server)})
        watch.wait_stderr('m: the server refuses the login')
        watch.wait_stderr('; it is given up, the others are watched on\n')
        server.deliver([mails.report('a', 1)])
        watch.reports(1)
        watch.stop()
        self.assertNotIn('hunter2', watch.stderr())

    def test_names(self):
        server = self.start(pop3.Server([mails.report('a', 1)]))
        for names, what in ((['n'], 'n: the configuration has no such mailbox; did you mean m?'),
                            ([server.url()], f'{server.url()}: the configuration has no such mailbox')):
            watch = Watch(self, {'m': box(server)}, *names)
            self.assertEqual(watch.wait_end(), 64)
            self.assertEqual(watch.stderr(), f'dmarcq: watch: {what}\n')
        watch = Watch(self, {})
        self.assertEqual(watch.wait_end(), 64)
        self.assertEqual(watch.stderr(), 'dmarcq: watch: NAME is missing, and the configuration has no [mailbox NAME]\n')
        watch = Watch(self, {'m': box(server), 'n': {'url': 'pop3s://nobody@192.0.2.1', 'password': 'x'}}, 'm')
        watch.wait('STATUS=watching 1 mailbox, 1 new')
        watch.stop()

    def test_watchdog(self):
        server = self.start(pop3.Server([mails.report('a', 1)]))
        watch = Watch(self, {'m': box(server)}, WATCHDOG_USEC='1000')
        watch.reports(1)
        watch.wait('WATCHDOG=1')
        watch.wait('WATCHDOG=1')
        watch.stop()

    def test_manager_that_reads_nothing(self):
        """A full queue at the socket holds up neither mails nor the end."""
        server = self.start(imap.Server([mails.report('a', 1)]))
        watch = Watch(self, {'m': box(server)}, WATCHDOG_USEC='1000', start=False)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other, self.assertRaises(BlockingIOError):
            other.setblocking(False)
            while True:
                other.sendto(b'X=1', str(watch.top / 'notify'))
        watch.start()
        watch.wait_stdout('m: 1 report, 1 record, 1 message')
        server.deliver(mails.report('b', 2))
        watch.wait_stdout('m: 1 report, 1 record, 2 messages')
        watch.process.send_signal(signal.SIGTERM)
        self.assertEqual(watch.wait_end(), 0, watch.stderr())
        self.assertEqual(watch.messages(), 3)


if __name__ == '__main__':
    sys.exit(0 if unittest.main(verbosity=2, exit=False).result.wasSuccessful() else 1)
