#!/usr/bin/env python3
"""POP3 mailboxes: what is fetched, deleted and remembered, with a real Dovecot and with servers that break off, lie and refuse."""
import gzip
import os
import pathlib
import subprocess
import sys
import unittest

import dmarcq
from servers import dovecot, mails, pop3, scripted
from servers.scripted import Rule

# An attachment that can't be unpacked.
BROKEN = mails.mail(b'\x1f\x8b\x08\x00' + b'\xff' * 40, 'broken')
HANGS = 1  # seconds without a byte, after which a server that hangs is given up


class Box:
    """A database and a configuration with one mailbox [m], in a folder of their own."""

    def __init__(self, test):
        scratch = dmarcq.folder()
        test.addCleanup(scratch.cleanup)
        self.top = pathlib.Path(scratch.name)
        self.db = self.top / 'x.db'
        self.test = test

    def write(self, url, password, **settings):
        secret = self.top / 'password'
        secret.write_text(password + '\n', encoding='utf-8')
        secret.chmod(0o600)
        login = {} if 'oauth2_token_command' in settings else {'password_file': secret}
        lines = {'url': url} | login | settings
        (self.top / 'dmarcq.conf').write_text(
            '[mailbox m]\n' + ''.join(f'{name.replace("_", "-")} = {value}\n' for name, value in lines.items()), encoding='utf-8')

    def run(self, *args):
        return dmarcq.run('import', '--db', self.db, '--format', 'json', '--config', self.top / 'dmarcq.conf', *(args or ['m']),
                          env=os.environ | {'DMARCQ_CONFIG': '/dev/null'})

    def totals(self, code=0, **numbers):
        """Runs an import, checks its exit code and some of its numbers; gives what it said."""
        done = self.run()
        said = done.stderr.decode()
        self.test.assertEqual(done.returncode, code, said)
        summary = dmarcq.json.loads(done.stdout)
        self.test.assertEqual({name: summary[name] for name in numbers}, numbers, said)
        dmarcq.checked(self.db)
        return said


class Real(unittest.TestCase):
    def setUp(self):
        self.box = Box(self)

    def start(self, **options):
        server = dovecot.Dovecot(**options)
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def test_leave_and_come_again(self):
        for scheme in ('pop3s', 'pop3'):
            with self.subTest(scheme):
                self.box = Box(self)
                server = self.start()
                self.box.write(server.url(scheme), server.password, ca_file=server.ca_file)
                server.deliver([mails.report(f'r{i}', i) for i in range(1, 60)] + [mails.LETTER])
                self.box.totals(reports=59, messages=sum(range(1, 60)), skipped=1, unchanged=0)
                server.deliver([mails.report('late', 7)])
                self.box.totals(reports=1, messages=7, unchanged=60)
                self.assertEqual(len(server.mails()), 61)
                self.assertEqual([session['retr'] for session in server.sessions(2, 'pop3')], ['60', '1'])

    def test_delete(self):
        server = self.start()
        self.box.write(server.url('pop3s'), server.password, ca_file=server.ca_file, after='delete')
        server.deliver([mails.report('a', 1), mails.LETTER, BROKEN, mails.report('c', 2)])
        self.box.totals(1, reports=2, messages=3, rejected=1, skipped=1)
        # What has no report and what was rejected stays, and is not fetched again.
        server.sessions(1, 'pop3')
        self.assertEqual([mail.bytes for mail in server.mails()], [mails.LETTER, BROKEN])
        self.box.totals(0, reports=0, unchanged=2)
        self.assertEqual(server.sessions(2, 'pop3')[1]['retr'], '0')

    def test_token(self):
        server = self.start()
        token = self.box.top / 'token'
        for seconds, code in ((3600, 0), (-3600, 77)):
            token.write_text(server.token(seconds=seconds) + '\n', encoding='utf-8')
            self.box.write(server.url('pop3s'), '', ca_file=server.ca_file, oauth2_token_command=f'cat {token}')
            server.deliver([mails.report(f'r{seconds}', 1)])
            done = self.box.run()
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertNotIn(server.token(seconds=seconds)[:40].encode(), done.stderr + done.stdout)

    def test_wrong_password(self):
        server = self.start()
        self.box.write(server.url('pop3s'), 'hunter2', ca_file=server.ca_file)
        done = self.box.run()
        self.assertEqual(done.returncode, 77)
        self.assertIn('the server refuses the login of reports@example.com', done.stderr.decode())
        self.assertNotIn(b'hunter2', done.stderr)

    def test_large_mail(self):
        """Streams through a temporary file; one that is longer than allowed is told and stays."""
        server = self.start()
        self.box.write(server.url('pop3s'), server.password, ca_file=server.ca_file, after='delete', max_message=6000000)
        line = b'.' * 76 + b'\r\n'
        server.deliver([mails.report('large', 3, body=line * 70000), mails.report('larger', 5, body=line * 90000), mails.report('small', 1)])
        said = self.box.totals(1, reports=2, messages=4, rejected=1)
        self.assertIn('bytes, more than max-message allows (6000000)', said)
        server.sessions(1, 'pop3')
        self.assertEqual(len(server.mails()), 1)


class Faults(unittest.TestCase):
    def setUp(self):
        self.box = Box(self)

    def start(self, number=5, rules=(), after='leave', **options):
        settings = {name: options.pop(name) for name in ('timeout', 'batch', 'max_message') if name in options}
        server = pop3.Server([mails.report(f'r{i}', i) for i in range(1, number + 1)], rules=rules, **options)
        server.__enter__()
        self.addCleanup(server.__exit__)
        self.box.write(server.url(), server.password, after=after, **settings)
        return server

    def test_secrets_in_clear_text_are_told(self):
        server = self.start()
        self.assertIn('insecure=1: the connection is not encrypted', self.box.totals(reports=5))
        self.assertTrue(server.said('QUIT'))

    def test_one_by_one_without_pipelining(self):
        server = self.start(30, after='delete', without=['PIPELINING'])
        self.box.totals(reports=30)
        self.assertEqual(server.mails, {})

    def test_without_unique_ids(self):
        """Everything is fetched again and counted once."""
        server = self.start(rules=[Rule('UIDL', b'-ERR no such command\r\n', times=None)])
        self.box.totals(reports=5, messages=15, unchanged=0)
        self.box.totals(reports=0, duplicates=5, messages=0, unchanged=0)
        self.assertEqual(len(server.said('RETR')), 10)
        self.box.write(server.url(), server.password, after='delete')
        self.box.totals(reports=0, duplicates=5)
        self.assertEqual(server.mails, {})

    def test_without_capa(self):
        server = self.start(rules=[Rule('CAPA', b'-ERR no such command\r\n', times=None)], after='delete')
        self.box.totals(reports=5)
        self.assertEqual(server.mails, {})

    def test_cut_once(self):
        """Wherever the connection breaks, it is made again; nothing is fetched or told twice."""
        cut = [scripted.edited(lambda data: data[:200]), scripted.reset]
        for pattern, steps in (('GREETING', [scripted.close]), ('LIST', cut), ('RETR 4', cut), ('DELE 3', [scripted.close]),
                               ('QUIT', [scripted.reset])):
            with self.subTest(pattern):
                self.box = Box(self)
                server = self.start(rules=[Rule(pattern, *steps)], after='delete', without=['PIPELINING'])
                self.box.totals(reports=5, messages=15, unchanged=0, duplicates=0, failed_sources=0)
                self.assertEqual(server.mails, {})
                self.assertEqual(len(server.said('RETR')), 6 if pattern == 'RETR 4' else 5)

    def test_cut_again_and_again(self):
        """What was committed is deleted by the next run, which counts nothing twice."""
        for pattern, known in (('QUIT', 5), ('RETR 4', 3)):
            with self.subTest(pattern):
                self.box = Box(self)
                server = self.start(rules=[Rule(pattern, scripted.close, times=4)], after='delete', without=['PIPELINING'])
                self.box.totals(75, reports=known, failed_sources=1)
                self.assertEqual(len(server.mails), 5)
                self.box.totals(reports=5 - known, duplicates=known, unchanged=0)
                self.assertEqual(server.mails, {})

    def test_unique_id_of_a_mail_that_is_gone(self):
        """A server may give it to a new mail (RFC 1939 section 7), which nobody has read: it is not deleted for the old one."""
        server = self.start(1, after='delete')
        self.box.totals(reports=1)
        self.assertEqual(server.mails, {})
        for new, code, numbers, left in ((BROKEN, 65, {'rejected': 1}, 1), (mails.report('new', 7), 0, {'messages': 7}, 0)):
            server.serial = 0
            server.mails.clear()
            server.deliver(new)
            self.box.totals(code, **numbers)
            self.assertEqual(len(server.mails), left)

    def test_cut_without_unique_ids(self):
        """Numbers are others in another connection: nothing is tried again, or deleted."""
        server = self.start(rules=[Rule('UIDL', b'-ERR no such command\r\n', times=None), Rule('RETR 4', scripted.close)],
                            after='delete', without=['PIPELINING'])
        self.box.totals(75, reports=3, failed_sources=1)
        self.assertEqual(len(server.mails), 5)
        self.assertEqual(server.connections, 1)

    def test_killed(self):
        """With everything committed and nothing deleted; the next run settles it and counts nothing twice."""
        server = self.start(rules=[Rule('QUIT', scripted.hang)], after='delete')
        process = subprocess.Popen([dmarcq.DMARCQ, 'import', '--db', self.box.db, '--config', self.box.top / 'dmarcq.conf'],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(server.wait('QUIT'))
        process.kill()
        process.wait()
        self.assertEqual(len(server.mails), 5)
        self.box.totals(reports=0, duplicates=5)
        self.assertEqual(server.mails, {})
        self.assertEqual(dmarcq.rows(self.box.db, 'SELECT sum(messages) FROM report'), [(15,)])

    def test_requests_go_ahead(self):
        """The second mail is asked for before the first one comes."""
        def both(session):
            first = session.ordinary()
            scripted.expected('RETR 2')(session)
            session.send(first + session.ordinary())
        server = self.start(rules=[Rule('RETR 1', both)])
        self.box.totals(reports=5, messages=15)
        self.assertEqual(server.wrong, [])

    def test_hangs(self):
        for pattern in ('UIDL', 'RETR 2', 'QUIT'):
            with self.subTest(pattern):
                self.box = Box(self)
                server = self.start(rules=[Rule(pattern, scripted.hang)], timeout=HANGS, after='delete')
                self.box.totals(reports=5, failed_sources=0)
                self.assertEqual(server.mails, {})
        server = self.start(rules=[Rule('RETR 2', scripted.hang, times=None)], timeout=HANGS, after='delete')
        self.box = Box(self)
        self.box.write(server.url(), server.password, timeout=HANGS)
        self.assertIn(f'the server sent nothing for {HANGS} seconds', self.box.totals(75, failed_sources=1))
        self.assertEqual(len(server.mails), 5)

    def test_refused_mails(self):
        """A mail that vanished costs nothing but itself; what can't be deleted is told, the rest goes."""
        server = self.start(rules=[Rule('RETR 2', b'-ERR gone\r\n')], after='delete')
        self.assertIn('UIDL=uidl-00002: the server refuses RETR: gone', self.box.totals(1, reports=4, rejected=1))
        self.assertEqual(list(server.mails), ['uidl-00002'])
        server = self.start(rules=[Rule('DELE 3', b'-ERR not that one\r\n')], after='delete')
        self.assertIn('the server refuses DELE: not that one', self.box.totals(75, failed_sources=1))
        self.assertEqual(list(server.mails), ['uidl-00003'])

    def test_report_that_says_nothing(self):
        """Cut before its domain and its first record it is rejected, and its mail is the only whole copy there will be."""
        server = self.start(1, after='delete')
        server.deliver(mails.mail(gzip.compress(b'<feedback><report_metadata><org_name>Reporter</org_name>'), 'hollow'))
        self.box.totals(1, reports=1, rejected=1, incomplete=0)
        self.assertEqual(list(server.mails), ['uidl-00002'])

    def test_strange_answers(self):
        long = b'x' * 100000
        for pattern, data in (('LIST', b'+OK\r\n1 x\r\n.\r\n'), ('LIST', b'+OK\r\n2 5\r\n1 5\r\n.\r\n'), ('LIST', b'-ERR not now\r\n'),
                              ('LIST', b'+OK ' + long + b'\r\n.\r\n'), ('RETR', b'hello\r\n'), ('CAPA', b'* OK\r\n')):
            with self.subTest(data=data[:20]):
                self.box = Box(self)
                server = self.start(rules=[Rule(pattern, data, skip=pattern == 'CAPA')], after='delete')
                self.box.totals(reports=5, messages=15, failed_sources=0)
                self.assertEqual(server.connections, 2)
        self.box = Box(self)
        server = self.start(rules=[Rule('LIST', b'+OK\r\n1 \x1b[31m\r\n.\r\n', times=None)])
        self.assertIn("the answer to LIST can't be followed: 1 \\x1b[31m", self.box.totals(75, reports=0, failed_sources=1))

        self.box = Box(self)
        server = self.start(rules=[Rule('LIST', b'-ERR [SYS/TEMP] later\r\n', times=None)])
        self.assertIn('the server refuses LIST: [SYS/TEMP] later', self.box.totals(75, reports=0, failed_sources=1))

    def test_twins(self):
        """An id of two mails is none: what was rejected is not deleted for what was stored."""
        server = self.start(1, after='delete', rules=[Rule('UIDL', b'+OK\r\n1 same\r\n2 same\r\n.\r\n', times=None)])
        server.deliver(BROKEN)
        self.box.totals(1, reports=1, rejected=1)
        self.assertEqual(list(server.mails), ['uidl-00002'])

    def test_unique_ids_that_are_none(self):
        """Too long, not printable, of a mail that is not there: such mails are fetched each time."""
        answer = b'+OK\r\n1 ' + b'u' * 71 + b'\r\n2 a b\r\n9 ok\r\nnonsense\r\n5 good\r\n.\r\n'
        server = self.start(rules=[Rule('UIDL', answer, times=None)])
        self.box.totals(reports=5)
        self.box.totals(reports=0, duplicates=4, unchanged=1)
        self.assertEqual(len(server.said('RETR')), 9)

    def test_longer_than_any_input(self):
        """What the limits of the program refuse is not fetched either, each night anew."""
        server = self.start(0, after='delete')
        server.deliver(mails.report('long', 1, body=b'y' * 70000), mails.report('short', 2))
        with open(self.box.top / 'dmarcq.conf', 'a', encoding='utf-8') as conf:
            conf.write('[limits]\ninput-bytes = 65536\n')
        self.assertRegex(self.box.totals(1, reports=1, rejected=1), r'UIDL=uidl-00001: \d+ bytes, more than the limit input-bytes allows \(65536\)')
        self.assertEqual(server.said('RETR'), ['RETR 2'])

    def test_size_that_lies(self):
        """A mail that is longer than its size said is not kept beyond max-message, and the next one is read."""
        line = b'y' * 998 + b'\r\n'
        server = self.start(0, max_message=100000, after='delete')
        server.deliver(mails.report('long', 1, body=line * 300), mails.report('short', 2))
        server.rules.append(Rule('LIST', b'+OK\r\n1 700\r\n2 700\r\n.\r\n', times=None))
        self.assertIn('more than 100000 bytes', self.box.totals(1, reports=1, messages=2, rejected=1))
        self.assertEqual(list(server.mails), ['uidl-00001'])

    def test_dots_and_bare_line_feeds(self):
        body = b'.\r\n..\r\n...\r\n.hidden\r\nbare\n.\nline feeds\r\n' * 20
        server = self.start(0, after='delete')
        server.deliver(mails.report('dots', 4, body=body), mails.report('after', 1))
        self.box.totals(reports=2, messages=5)
        self.assertEqual(server.mails, {})

    def test_in_drops(self):
        server = self.start(2, rules=[Rule('RETR 1', scripted.dripped(7, 0))])
        self.box.totals(reports=2, messages=3)
        self.assertEqual(server.wrong, [])

    def test_nothing_there(self):
        server = self.start(0)
        self.box.totals(reports=0)
        self.assertEqual(server.said('RETR'), [])
        self.assertTrue(server.said('QUIT'))

    def test_files_and_mailboxes_together(self):
        server = self.start(3)
        report = self.box.top / 'mail.eml'
        report.write_bytes(mails.report('file', 9))
        done = self.box.run('m', report, self.box.top / 'missing')
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(dmarcq.json.loads(done.stdout)['reports'], 4)
        done = dmarcq.run('import', '--db', self.box.db, '--format', 'json', server.url(), env=os.environ | {'DMARCQ_PASSWORD': server.password})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(dmarcq.json.loads(done.stdout)['unchanged'], 3)


if __name__ == '__main__':
    sys.exit(0 if unittest.main(verbosity=2, exit=False).result.wasSuccessful() else 1)
