#!/usr/bin/env python3
"""IMAP folders: what is fetched, settled and remembered, with a real Dovecot and with servers that break off, lie and refuse."""
import imaplib
import os
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import unittest

import dmarcq
from pop3_test import BROKEN, Box
from servers import certificates, delay, dovecot, imap, mails, scripted
from servers.scripted import Rule

HANGS = 1  # seconds without a byte, after which a server that hangs is given up
BODY, SIZE = r'UID FETCH \S+ \(UID BODY', r'UID FETCH \S+ \(UID RFC822.SIZE'


def background(box):
    return subprocess.Popen([dmarcq.DMARCQ, 'import', '--db', box.db, '--format', 'json', '--config', box.top / 'dmarcq.conf', 'm'],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {'DMARCQ_CONFIG': '/dev/null'})


class Real(unittest.TestCase):
    def setUp(self):
        self.box = Box(self)

    def start(self, deliver=(), scheme='imaps', folder=None, settings=None, **options):
        server = dovecot.Dovecot(**options)
        server.__enter__()
        self.addCleanup(server.__exit__)
        server.deliver(deliver)
        self.write(server, scheme, folder, **(settings or {}))
        return server

    def write(self, server, scheme='imaps', folder=None, **settings):
        self.box.write(server.url(scheme, folder), server.password, ca_file=server.ca_file, **settings)

    def flags(self, server, folder='INBOX'):
        return [mail.flags for mail in server.mails(folder)]

    def test_leave_and_come_again(self):
        for scheme in ('imaps', 'imap'):
            for without in ([], ['ESEARCH']):
                with self.subTest(scheme, without=without):
                    self.box = Box(self)
                    server = self.start([mails.report(f'r{i}', i) for i in range(1, 60)] + [mails.LETTER], scheme, without=without)
                    self.box.totals(reports=59, messages=sum(range(1, 60)), skipped=1, unchanged=0)
                    server.deliver([mails.report('late', 7)])
                    self.box.totals(reports=1, messages=7, unchanged=60)
                    self.assertEqual([session['fetched'] for session in server.sessions(2)], ['60', '1'])
                    # Reading marks nothing.
                    self.assertEqual(set(self.flags(server)), {''})

    def test_seen(self):
        server = self.start([mails.report('a', 1), mails.LETTER, BROKEN, mails.report('c', 2)], settings={'after': 'seen'})
        self.box.totals(1, reports=2, messages=3, rejected=1, skipped=1)
        self.assertEqual(self.flags(server), ['S', '', '', 'S'])
        self.box.totals(0, reports=0, unchanged=4)
        self.assertEqual(server.sessions(2)[1]['fetched'], '0')

    def test_archive(self):
        """The folders are made; what others have marked as deleted stays; no command reaches further than it should."""
        for without in ([], ['MOVE']):
            with self.subTest(without=without):
                self.box = Box(self)
                server = self.start([mails.report('a', 1), mails.LETTER, BROKEN, mails.report('c', 2)], without=without, rawlog=True,
                                    settings={'after': 'archive:DMARC/done', 'invalid_folder': 'DMARC/Ungültig & kaputt'})
                # Somebody wants to be rid of the letter.
                mark_deleted(server, 2)
                self.box.totals(1, reports=2, messages=3, rejected=1, skipped=1)
                self.assertEqual([mail.bytes for mail in server.mails()], [mails.LETTER])
                self.assertEqual(server.folders(), ['DMARC/Ung&APw-ltig &- kaputt', 'DMARC/done'])
                self.assertEqual([mail.bytes for mail in server.mails('DMARC/done')], [mails.report('a', 1), mails.report('c', 2)])
                self.assertEqual([mail.bytes for mail in server.mails('DMARC/Ung&APw-ltig &- kaputt')], [BROKEN])
                sent = b''.join(server.commands())
                self.assertEqual(b'UID MOVE' in sent, not without)
                self.assertEqual(b'UID EXPUNGE' in sent, bool(without))
                self.assertNotRegex(sent, rb'd\d+ (EXPUNGE|CLOSE)')
                self.box.totals(0, reports=0, unchanged=1)

    def test_archive_holds_them_all(self):
        server = self.start([mails.report(f'r{i}', i) for i in range(1, 1202)], settings={'after': 'archive:A'})
        self.box.totals(reports=1201)
        self.assertEqual((len(server.mails()), len(server.mails('A'))), (0, 1201))

    def test_mails_of_all_kinds(self):
        """Those of the samples, in all their wrappings, among thousands: the totals are right, the letters stay."""
        all_mails, totals = mails.many(1000 if dmarcq.sanitized() else 5000)
        server = self.start(all_mails, settings={'after': 'archive:A'})
        done = self.box.run()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(totals.wrong(dmarcq.json.loads(done.stdout)), '')
        self.assertEqual((len(server.mails()), len(server.mails('A'))), (totals.letters, len(all_mails) - totals.letters))

    def test_delete(self):
        server = self.start([mails.report('a', 1), mails.LETTER, BROKEN, mails.report('c', 2)], settings={'after': 'delete'})
        self.box.totals(1, reports=2, rejected=1, skipped=1)
        self.assertEqual([mail.bytes for mail in server.mails()], [mails.LETTER, BROKEN])
        self.assertEqual(server.sessions(1)[0]['expunged'], '2')

    def test_neither_move_nor_uidplus(self):
        """Nothing is expunged, because that would take what others have marked; the next run does not copy again."""
        server = self.start([mails.report('a', 1), mails.report('b', 2)], without=['MOVE', 'UIDPLUS'], rawlog=True,
                            settings={'after': 'archive:A'})
        said = self.box.totals(0, reports=2)
        self.assertIn('2 messages keep the flag \\Deleted', said)
        self.assertEqual(self.flags(server), ['T', 'T'])
        self.box.totals(0, unchanged=2)
        self.assertEqual(len(server.mails('A')), 2)
        self.assertNotIn(b'EXPUNGE', b''.join(server.commands()))

    def test_settings_that_come_later(self):
        """What was left is settled when that is asked for, without being fetched again."""
        server = self.start([mails.report('a', 1), mails.LETTER, BROKEN])
        self.box.totals(1, reports=1, rejected=1)
        self.write(server, after='archive:A', invalid_folder='B')
        self.box.totals(0, unchanged=3)
        self.assertEqual([len(server.mails(folder)) for folder in ('INBOX', 'A', 'B')], [1, 1, 1])
        self.assertEqual(server.sessions(2)[1]['fetched'], '0')

    def test_names_below_a_namespace(self):
        server = self.start(separator='.', prefix='INBOX.', folder='dmarc', settings={'after': 'archive:done/2026'})
        server.deliver([mails.report('a', 1)], folder='INBOX.dmarc')
        self.box.totals(reports=1)
        self.assertEqual(server.folders(), ['INBOX.dmarc', 'INBOX.done.2026'])
        self.assertEqual(len(server.mails('INBOX.done.2026')), 1)

    def test_folder_and_search(self):
        server = self.start(folder='Reports%2Fnew', settings={'search': 'SUBJECT "Report domain"'})
        server.deliver([mails.report('a', 1), mails.LETTER], folder='Reports/new')
        server.deliver([mails.report('b', 1)])
        self.box.totals(reports=1, skipped=0)

    def test_quota(self):
        server = self.start([mails.report(f'r{i}', i) for i in range(1, 4)], without=['MOVE'], quota=3, settings={'after': 'archive:A'})
        said = self.box.totals(75, reports=3, failed_sources=1)
        self.assertIn('3 messages are stored and stay where they are: to A: the server says: [OVERQUOTA]', said)
        self.assertEqual(len(server.mails()), 3)
        self.assertEqual(said.count('OVERQUOTA'), 1)

    def test_large_mail(self):
        """Streams through a temporary file; one that is longer than allowed is told and stays, without being fetched."""
        server = self.start([mails.large('large', 50000000), mails.large('larger', 60000000), mails.report('small', 1)],
                            settings={'after': 'delete', 'max_message': 55000000})
        said = self.box.totals(1, reports=2, messages=2, rejected=1)
        self.assertIn('/INBOX/;UID=2: ', said)
        self.assertIn('more than 55000000 (max-message): left where it is', said)
        self.assertEqual(len(server.mails()), 1)
        self.assertLess(int(server.sessions(1)[0]['fetched_bytes']), 52000000)

    def test_memory_is_flat(self):
        if dmarcq.sanitized():
            self.skipTest('sanitizers need memory of their own')
        most = []
        for mail in (mails.report('small', 1), mails.large('large', 50000000)):
            self.box = Box(self)
            self.start([mail])
            process = background(self.box)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0, process.stderr.read())
            self.assertEqual(dmarcq.json.loads(process.stdout.read())['reports'], 1)
            process.stdout.close()
            process.stderr.close()
            most.append(usage.ru_maxrss)
        self.assertLess(most[1] - most[0], 16000)

    def test_token(self):
        server = self.start([mails.report('r', 1)])
        token = self.box.top / 'token'
        for seconds, code in ((3600, 0), (-3600, 77)):
            token.write_text(server.token(seconds=seconds) + '\n', encoding='utf-8')
            self.write(server, oauth2_token_command=f'cat {token}')
            done = self.box.run()
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertNotIn(server.token(seconds=seconds)[:40].encode(), done.stderr + done.stdout)

    def test_certificates(self):
        for kind, text in (('expired', 'expired'), ('wrong_name', 'no alternative certificate subject name'),
                           ('unknown_authority', 'unable to get local issuer')):
            with self.subTest(kind):
                self.box = Box(self)
                self.start(certificate=kind)
                said = self.box.totals(78, failed_sources=1)
                self.assertIn(text, said)

    def test_ca_file_is_all_that_is_trusted(self):
        """Also not those beside it that the system trusts: this test's own file system has another folder of them."""
        apart = ['unshare', '--mount', *([] if os.geteuid() == 0 else ['--map-root-user']), 'sh', '-c', 'mount --bind "$0" /etc/ssl/certs && exec "$@"']
        folder = self.box.top / 'certs'
        folder.mkdir()
        if not shutil.which('unshare') or subprocess.run([*apart, folder, 'true'], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest('no file system of its own')
        server = self.start([mails.report('a', 1)], certificate='unknown_authority')
        other = pathlib.Path(server.ca_file).with_name('other.crt')
        link = subprocess.run(['openssl', 'x509', '-hash', '-noout', '-in', other], stdout=subprocess.PIPE, text=True, check=True)
        for name in (link.stdout.strip() + '.0', 'ca-certificates.crt'):
            shutil.copy(other, folder / name)
        for ca_file, code in ((server.ca_file, 78), (other, 0)):
            self.box.write(server.url('imaps'), server.password, ca_file=ca_file)
            done = subprocess.run([*apart, folder, dmarcq.DMARCQ, 'import', '--db', self.box.db, '--config', self.box.top / 'dmarcq.conf', 'm'],
                                  stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {'DMARCQ_CONFIG': '/dev/null'}, check=False)
            self.assertEqual(done.returncode, code, done.stderr)

    def test_two_clients(self):
        """Two imports at one mailbox and one database: each report counts once, each mail is archived once."""
        server = self.start([mails.report(f'r{i}', i) for i in range(1, 401)], settings={'after': 'archive:A'})
        runs = [background(self.box) for _ in range(2)]
        for process in runs:
            _, err = process.communicate()
            self.assertEqual(process.returncode, 0, err)
        self.assertEqual(dmarcq.rows(self.box.db, 'SELECT count(*), sum(messages) FROM report'), [(400, 400 * 401 // 2)])
        self.assertEqual(len(server.mails()), 0)
        archived = [mail.bytes for mail in server.mails('A')]
        self.assertEqual((len(archived), len(set(archived))), (400, 400))

    def test_server_restarts(self):
        """Also when some is committed and not yet settled: that is after 2,500 mails."""
        reports = [mails.report(f'r{i}', i) for i in range(1, 2601)]
        size = sum(map(len, reports))
        for fault, after in (({'cut_after': size // 2}, 'leave'), ({'reset_after': size}, 'archive:A')):
            with self.subTest(fault):
                self.box = Box(self)
                server = self.start(reports)
                with delay.Link(server.ports['imaps'], **fault) as link:
                    self.box.write(server.url('imaps', port=link.port), server.password, ca_file=server.ca_file, after=after)
                    self.box.totals(reports=2600, messages=2600 * 2601 // 2, rejected=0)
                    self.assertEqual(link.connections, 2)
                self.assertEqual(len(server.mails()), 2600 if after == 'leave' else 0)


def mark_deleted(server, number):
    client = imaplib.IMAP4_SSL('localhost', server.ports['imaps'], ssl_context=ssl.create_default_context(cafile=server.ca_file))
    client.login(server.user, server.password)
    client.select()
    client.store(str(number), '+FLAGS', '\\Deleted')
    client.logout()


class Faults(unittest.TestCase):
    def setUp(self):
        self.box = Box(self)

    def start(self, number=5, rules=(), **options):
        known = ('timeout', 'batch', 'max_message', 'after', 'invalid_folder', 'search')
        settings = {name: options.pop(name) for name in known if name in options}
        server = imap.Server([mails.report(f'r{i}', i) for i in range(1, number + 1)], rules=rules, **options)
        server.__enter__()
        self.addCleanup(server.__exit__)
        self.box.write(server.url(), server.password, **settings)
        return server

    def held(self, server, folder='INBOX'):
        return [mail.uid for mail in server.folders[folder].mails]

    def test_refused_login(self):
        server = self.start()
        self.box.write(server.url(), 'hunter2')
        said = self.box.totals(77, failed_sources=1, reports=0)
        self.assertIn(f'dmarcq: m: {server.url().partition("?")[0]}/INBOX: the server refuses the login of reports@example.com: ', said)
        self.assertIn('; `dmarcq doctor m` looks into it\n', said)
        self.assertNotIn('hunter2', said)
        self.assertEqual(server.connections, 1)

    def test_each_way_to_give_a_token(self):
        """Google and Microsoft offer one of them only, or both."""
        for mechanism in ('XOAUTH2', 'OAUTHBEARER'):
            with self.subTest(mechanism):
                self.box = Box(self)
                offer = Rule('GREETING|CAPABILITY', scripted.edited(lambda data, one=mechanism: re.sub(rb'( AUTH=\w+)+', b' AUTH=' + one.encode(), data)), times=None)
                server = self.start(rules=[offer])
                self.box.write(server.url(), server.password, oauth2_token_command=f'echo "{server.password}"')
                self.box.totals(0, reports=5)
                self.assertEqual([command.split()[1] for command in server.said('AUTHENTICATE|LOGIN')], [mechanism])

    def test_unknown_folder(self):
        server = self.start()
        self.box.write(server.url('/Nowhere'), server.password)
        said = self.box.totals(78, failed_sources=1)
        self.assertIn('cannot open folder Nowhere: the server says: [NONEXISTENT]', said)

    def test_says_good_bye(self):
        for pattern in ('EXAMINE', 'UID SEARCH', SIZE, BODY):
            with self.subTest(pattern):
                self.box = Box(self)
                server = self.start(rules=[Rule(pattern, b'* BYE [UNAVAILABLE] maintenance\r\n', scripted.close)])
                self.box.totals(reports=5, messages=15)
                self.assertEqual(server.connections, 2)

    def test_says_good_bye_for_ever(self):
        server = self.start(rules=[Rule(BODY, b'* BYE maintenance\r\n', scripted.close, times=None)])
        said = self.box.totals(75, reports=0, failed_sources=1)
        self.assertIn('the server ends the connection: maintenance', said)
        self.assertEqual(server.connections, 4)

    def test_cut_in_a_literal(self):
        for end in (scripted.close, scripted.reset):
            with self.subTest(end):
                self.box = Box(self)
                server = self.start(40, rules=[Rule(BODY, scripted.edited(lambda data: data[:len(data) * 2 // 3]), end)], batch=20)
                self.box.totals(reports=40, messages=820, files=40)
                self.assertEqual(server.connections, 2)
                self.assertEqual(server.wrong, [])

    def test_hangs(self):
        for pattern, step in (('EXAMINE', scripted.hang), ('UID SEARCH', scripted.hang), (BODY, scripted.edited(lambda data: data[:700]))):
            with self.subTest(pattern):
                self.box = Box(self)
                server = self.start(rules=[Rule(pattern, step, scripted.hang)], timeout=HANGS)
                self.box.totals(reports=5, messages=15)
                self.assertEqual(server.connections, 2)

    def test_slow_but_alive(self):
        """Only silence counts: all of it takes longer than the time-out."""
        self.start(1, rules=[Rule(BODY, scripted.dripped(100, 0.1))], timeout=HANGS)
        self.box.totals(reports=1)

    def test_slow_but_alive_before_the_login(self):
        """No step of it is silent for as long as the time-out; all of them together take longer."""
        def late(session):
            if session.server.over.wait(0.6 * HANGS):
                raise scripted.Over
        self.start(rules=[Rule(pattern, late, scripted.answer) for pattern in ('GREETING', 'CAPABILITY', 'AUTHENTICATE|LOGIN')], timeout=HANGS)
        self.box.totals(reports=5)

    def test_one_hangs_and_the_next_is_read(self):
        server = self.start(rules=[Rule('EXAMINE', scripted.hang, times=None)], timeout=HANGS)
        report = self.box.top / 'mail.eml'
        report.write_bytes(mails.report('file', 9))
        done = self.box.run('m', report)
        self.assertEqual(done.returncode, 75, done.stderr)
        summary = dmarcq.json.loads(done.stdout)
        self.assertEqual((summary['reports'], summary['failed_sources']), (1, 1))
        self.assertIn(f'the server sent nothing for {HANGS} seconds', done.stderr.decode())
        self.assertEqual(server.connections, 4)

    def test_lengths_that_lie(self):
        """The message is told and left; the others are read, on another connection."""
        def length(change):
            def edit(data):
                head, brace, rest = data.partition(b'{')
                number, brace2, rest = rest.partition(b'}')
                return head + brace + str(change(int(number))).encode() + brace2 + rest
            return scripted.edited(edit)
        for change in (lambda n: n - 10, lambda n: 10**15, lambda n: 10**30, lambda n: '', lambda n: -1):
            with self.subTest(change(1000)):
                self.box = Box(self)
                self.start(rules=[Rule(BODY, length(change), scripted.hang)], timeout=HANGS)
                said = self.box.totals(1, reports=4, messages=14, rejected=1, failed_sources=0)
                self.assertIn('/INBOX/;UID=1: the server', said)
        # It takes the next answers for text, and then there is nothing more to come.
        self.box = Box(self)
        self.start(rules=[Rule(BODY, length(lambda n: n + 10**6), scripted.hang)], timeout=HANGS)
        self.box.totals(reports=5, messages=15, rejected=0)

    def test_two_million_messages(self):
        count = 2000000
        plain = b'* SEARCH' + b''.join(b' %d' % n for n in range(1, count + 1)) + b'\r\n'
        extended = b'* ESEARCH (TAG "d3") UID ALL ' + b','.join(b'%d' % n for n in range(1, 2 * count, 2)) + b'\r\n'
        for answer, without in ((plain, ['ESEARCH']), (extended, [])):
            with self.subTest(without=without):
                self.box = Box(self)
                server = self.start(rules=[Rule('UID SEARCH', answer, scripted.tagged('OK found'))], without=without, search='ALL')
                server.rules.append(Rule('UID FETCH [1-9][0-9]{4,}', scripted.tagged('OK none'), times=None))
                self.box.totals(reports=5 if without else 3, rejected=0)

    def test_numbers_without_end(self):
        """Each one takes memory: it ends somewhere, however many answers they come in."""
        for answer, without in ((b'* SEARCH' + b' 9 1' * 2600000 + b'\r\n', ['ESEARCH']),
                                (b'* ESEARCH (TAG "d3") UID ALL 9' + b',1,9' * 2600000 + b'\r\n', [])):
            with self.subTest(without=without):
                self.box = Box(self)
                server = self.start(rules=[Rule('UID SEARCH', answer, answer, scripted.answer)], without=without)
                self.box.totals(reports=5)
                self.assertEqual(server.connections, 2)

    def test_long_line(self):
        server = self.start(rules=[Rule('EXAMINE', b'* OK ' + b'x' * 100000 + b'\r\n', times=None)])
        said = self.box.totals(75, reports=0, failed_sources=1)
        self.assertIn('/INBOX: the server sent a line of more than 65536 bytes', said)
        self.assertEqual(server.connections, 4)

    def test_uidvalidity_changes(self):
        """In the middle: all is read anew under the new numbers, nothing counts twice, and nothing is settled by an old one."""
        def renumber(session):
            folder = session.server.folders['INBOX']
            folder.uidvalidity += 1
            folder.mails.reverse()
            for number, mail in enumerate(folder.mails, 1):
                mail.uid = number

        def tell(session):
            session.send(b'* OK [UIDVALIDITY %d] renumbered\r\n' % session.server.folders['INBOX'].uidvalidity)
        for steps in ((renumber, scripted.close), (renumber, tell, scripted.hang)):
            with self.subTest(steps):
                self.box = Box(self)
                server = self.start(40, rules=[Rule(BODY, *steps, skip=3)], batch=5, after='archive:A')
                server.folders['INBOX'].add(mails.LETTER)
                self.box.totals(reports=40, messages=820)
                self.assertEqual([mail.bytes for mail in server.folders['INBOX'].mails], [mails.LETTER])
                self.assertEqual(len(server.folders['A'].mails), 40)

    def test_uidvalidity_changes_between_runs(self):
        server = self.start(5)
        self.box.totals(reports=5)
        server.folders['INBOX'].uidvalidity += 1
        self.box.totals(reports=0, duplicates=5, unchanged=0)

    def test_vanished(self):
        """Somebody else deletes while this reads: nothing is told."""
        def take(session):
            folder = session.server.folders['INBOX']
            folder.mails = [mail for mail in folder.mails if mail.uid not in (2, 4)]
            session.send(session.ordinary())
        for pattern in (SIZE, BODY):
            with self.subTest(pattern):
                self.box = Box(self)
                self.start(rules=[Rule(pattern, take)])
                self.assertEqual(self.box.totals(reports=3, rejected=0).count('\n'), 1)

    def test_fetch_refused(self):
        """A message that the server can't give is asked for alone, told, and left."""
        def refuse(session):
            if ':' in session.command or ',' in session.command:
                session.send(session.tag.encode() + b' NO [SERVERBUG] cannot read 3\r\n')
            else:
                session.send(session.ordinary() if ' 3 ' not in session.command else
                             session.tag.encode() + b' NO [SERVERBUG] cannot read 3\r\n')
        self.start(rules=[Rule(BODY, refuse, times=None)])
        said = self.box.totals(1, reports=4, messages=12, rejected=1)
        self.assertIn('/INBOX/;UID=3: the server says: [SERVERBUG] cannot read 3', said)

    def test_strange_but_allowed(self):
        """Quoted and missing bodies, news in between, attributes in any order, bare line feeds."""
        def body(session):
            session.server.perform(session)
            session.out.clear()
            letter = mails.LETTER
            session.send(b'* 5 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen a[b))\r\n* OK [X {5}] "not a literal\r\n'
                         b'* 1 FETCH (BODY[] "From: a@example.com (b) \\"c\\"" UID 1 X-LIST ((a "b" {3}\r\nxyz) NIL))\r\n'
                         b'* 2 FETCH (UID 2 BODY[] NIL)\r\n* FOLDER[ strange (("\r"))\n'.replace(b'"\r"', b'"r"') +
                         b'* 3 FETCH (BODY[] {%d}\r\n' % len(letter) + letter + b' UID 3 FLAGS ())\n'
                         b'* 3 FETCH (UID 3 BODY[] {%d}\r\n' % len(letter) + letter + b')\r\n'
                         b'* 9 FETCH (UID 99 BODY[] {2}\r\nhi)\r\n')
            session.send(session.tag.encode() + b' OK done\r\n')
        self.start(3, rules=[Rule(BODY, body)])
        self.box.totals(1, files=2, skipped=2, rejected=1)

    def test_nonsense(self):
        for data in (b'hello\r\n', b'* 1 FETCH UID 1\r\n', b'd999999 OK done\r\n', b'* 1 FETCH (UID x)\r\n', b'* 1 FETCH (UID 0 RFC822.SIZE 1)\r\n',
                     b'\r\n', b'* 1 FETCH (UID 1 RFC822.SIZE 5\r\n', b'\x00\x01\x02', b'* 1 FETCH (BODY[ "\r\n', b'* SEARCH 1 two\r\n'):
            with self.subTest(data):
                self.box = Box(self)
                server = self.start(rules=[Rule(SIZE, data, scripted.hang)], timeout=HANGS)
                self.box.totals(reports=5, messages=15)
                self.assertEqual(server.connections, 2)

    def test_moving_is_refused(self):
        server = self.start(rules=[Rule('UID MOVE', scripted.tagged('NO [NOPERM] not you'), times=None)], after='archive:A')
        said = self.box.totals(77, reports=5, failed_sources=1)
        self.assertIn('5 messages are stored and stay where they are: to A: the server says: [NOPERM] not you', said)
        self.assertEqual(self.held(server), [1, 2, 3, 4, 5])
        server.rules.clear()
        self.box.totals(0, unchanged=5)
        self.assertEqual(self.held(server), [])

    def test_another_takes_one_away(self):
        """A set is refused as a whole for one message that is gone: the others are settled, nothing is told."""
        def take(session):
            folder = session.server.folders['INBOX']
            folder.mails = [mail for mail in folder.mails if mail.uid not in gone]
            session.known = list(folder.mails)
            session.send(session.tag.encode() + b' NO [EXPUNGEISSUED] some are gone\r\n')
        for gone in ((2,), (1, 2, 3, 4, 5)):
            for pattern, without in (('UID MOVE', []), ('UID COPY', ['MOVE'])):
                with self.subTest(pattern, gone=gone):
                    self.box = Box(self)
                    server = self.start(rules=[Rule(pattern, take)], without=without, after='archive:A')
                    self.box.totals(0, reports=5)
                    self.assertEqual((self.held(server), len(server.folders['A'].mails)), ([], 5 - len(gone)))
        self.box = Box(self)
        gone = (2, 4)
        self.start(rules=[Rule(r'UID FETCH 2 \(UID BODY', scripted.tagged('NO [EXPUNGEISSUED] it is gone')), Rule(BODY, take)])
        self.box.totals(0, reports=3, rejected=0)

    def test_archive_is_the_folder_by_another_name(self):
        """Below a personal namespace: moving there would bring everything back as new, for ever."""
        server = self.start(0, folders=['INBOX.dmarc'], after='archive:dmarc',
                            rules=[Rule('NAMESPACE', scripted.edited(lambda data: data.replace(b'"" "/"', b'"INBOX." "."')), times=None)])
        server.folders['INBOX.dmarc'].add(mails.report('a', 1))
        self.box.write(server.url('/INBOX.dmarc'), server.password, after='archive:dmarc')
        said = self.box.totals(75, reports=1, failed_sources=1)
        self.assertIn('to dmarc: it is the folder that is read', said)
        self.assertEqual(server.said('UID (MOVE|COPY)'), [])
        self.assertEqual(self.held(server, 'INBOX.dmarc'), [1])

    def test_no_right_to_delete(self):
        """Nothing is copied each night that can't be taken away behind it."""
        for old, new in ((b'\\Deleted \\Seen \\Draft \\*', b'\\Seen'), (b'READ-WRITE', b'READ-ONLY')):
            for after in ('archive:A', 'delete'):
                with self.subTest(new, after=after):
                    self.box = Box(self)
                    lacking = Rule('SELECT', scripted.edited(lambda data, old=old, new=new: data.replace(old, new)), times=None)
                    server = self.start(rules=[lacking], without=['MOVE'], after=after, folders=['A'])
                    self.assertIn('nothing may be deleted in this folder', self.box.totals(75, reports=5, failed_sources=1))
                    self.box.totals(75, unchanged=5)
                    self.assertEqual(server.folders['A'].mails, [])
                    self.assertEqual(server.said('UID (STORE|COPY)'), [])

    def test_left_out_of_the_answer(self):
        """A mail that the server has and does not give is told, be it left out or NIL; one that is gone is not."""
        empty = re.compile(rb'(\* 2 FETCH \(UID 2 BODY\[\] ).*?\)\r\n(?=\* 3 )', re.S)
        for form in (b'', rb'\1NIL)\r\n'):
            with self.subTest(form):
                self.box = Box(self)
                server = self.start(rules=[Rule(BODY, scripted.edited(lambda data, form=form: empty.sub(form, data)))], after='archive:A')
                said = self.box.totals(1, reports=4, rejected=1)
                self.assertIn('/INBOX/;UID=2: the server has this mail and does not give it: left where it is', said)
                self.assertEqual(self.held(server), [2])
                self.box.totals(0, reports=1)

    def test_requests_go_ahead(self):
        """Four batches are asked for before the first one comes: a long line stays busy."""
        def four(session):
            said = session.ordinary()
            for _ in range(3):
                scripted.expected(BODY)(session)
                said += session.ordinary()
            session.send(said)
        server = self.start(220, rules=[Rule(BODY, four)], batch=50, timeout=10)
        self.box.totals(reports=220)
        self.assertEqual((server.wrong, server.connections, len(server.said(BODY))), ([], 1, 5))

    def test_left_out_of_the_sizes(self):
        """A mail that the server has and tells no size of is told, many with one message; the next run asks again."""
        def without(*uids):
            lines = b'|'.join(rb'\* \d+ FETCH \(UID %d .*\r\n' % uid for uid in uids)
            return scripted.edited(lambda data: re.sub(lines, b'', data))
        for uids, count, words in (((2,), 5, 'has this mail and tells no size of it: left where it is'),
                                   ((2, 4), 5, 'has 2 mails of which it tells no size, this is the first: left where they are'),
                                   ((2,), 1200, 'has this mail and tells no size of it: left where it is')):
            with self.subTest(uids, count=count):
                self.box = Box(self)
                server = self.start(count, rules=[Rule(SIZE, without(*uids))], after='archive:A')
                said = self.box.totals(1, reports=count - len(uids), rejected=1)
                self.assertIn(f'/INBOX/;UID=2: the server {words}\n', said)
                self.assertEqual(said.count('no size'), 1)
                self.assertEqual(self.held(server), list(uids))
                self.box.totals(0, reports=len(uids), rejected=0)

    def test_quoted_body(self):
        """A mail as a quoted text: a short one is whole, of a long one nothing is taken for it."""
        for length in (20, 1024, 1025):
            with self.subTest(length):
                self.box = Box(self)
                text = b'Subject: ' + b'x' * (length - 9)
                quoted = Rule(BODY, lambda session, text=text: session.send(b'* 1 FETCH (UID 1 BODY[] "%b")\r\n%b OK done\r\n'
                                                                         % (text, session.tag.encode())))
                self.start(1, rules=[quoted])
                said = self.box.totals(65 if length > 1024 else 0, rejected=int(length > 1024), skipped=int(length <= 1024))
                self.assertEqual('quoted text of more than 1024 bytes' in said, length > 1024)

    def test_expunge_is_refused(self):
        """What was copied is not copied again each night, and goes when the server lets it."""
        for keywords in (True, False):
            with self.subTest(keywords=keywords):
                self.box = Box(self)
                flags = Rule('SELECT', scripted.edited(lambda data, to=b'\\*' if keywords else b'\\Flagged': data.replace(b'\\*', to)), times=None)
                refusal = Rule('UID EXPUNGE', scripted.tagged('NO [NOPERM] no right to expunge'), times=None)
                server = self.start(rules=[flags, refusal], without=['MOVE'], after='archive:A')
                said = self.box.totals(0, reports=5)
                self.assertIn('5 messages keep the flag \\Deleted: asked to expunge them, the server says: [NOPERM] no right to expunge; '
                              'expunge them with a mail program', said)
                said = self.box.totals(0, unchanged=5)
                self.assertIn('5 messages keep the flag', said)
                self.assertEqual([len(server.folders[name].mails) for name in ('INBOX', 'A')], [5, 5])
                self.assertTrue(all('\\Deleted' in mail.flags for mail in server.folders['INBOX'].mails))
                server.rules.remove(refusal)
                self.box.totals(0, unchanged=5)
                self.assertEqual([len(server.folders[name].mails) for name in ('INBOX', 'A')], [0 if keywords else 5, 5])

    def test_slow_move(self):
        """A server that is silent while it moves hundreds: it is asked to move fewer."""
        def move(session):
            uids = session.command.split()[2]
            low, _, high = uids.partition(':')
            if int(high or low) - int(low) >= 20:
                scripted.hang(session)
            scripted.answer(session)
        server = self.start(600, rules=[Rule('UID MOVE', move, times=None)], after='archive:A', timeout=1)
        self.box.totals(0, reports=600)
        self.assertEqual((self.held(server), len(server.folders['A'].mails)), ([], 600))

    def test_folder_is_taken_away(self):
        """Between two sets that move there."""
        def take(session):
            del session.server.folders['A']
            session.send(session.ordinary())
        server = self.start(1200, rules=[Rule('UID MOVE', take, skip=1)], after='archive:A')
        self.box.totals(reports=1200)
        self.assertEqual(self.held(server), [])

    def test_settled_after_a_break(self):
        """The connection breaks in each step of settling: nothing is lost, nothing stays unsettled. What the server said to be copied is not
        copied again, whether it takes flags of one's own or not; of a copy whose answer is lost nobody knows."""
        def unanswered(session):
            session.ordinary()
        ends = (scripted.close, scripted.answer, unanswered)
        cases = [('UID MOVE', [], end, 5) for end in ends]
        cases += [(pattern, ['MOVE'], end, 10 if pattern == 'UID COPY' and end == unanswered else 5)
                  for pattern in ('UID COPY', 'UID STORE', 'UID EXPUNGE') for end in ends]
        for keywords in (True, False):
            for pattern, without, end, copies in cases:
                with self.subTest(pattern, end=end, keywords=keywords):
                    self.box = Box(self)
                    flags = Rule('SELECT', scripted.edited(lambda data, to=b'\\*' if keywords else b'\\Flagged': data.replace(b'\\*', to)), times=None)
                    server = self.start(rules=[flags, Rule(pattern, end, scripted.close)], without=without, after='archive:A')
                    self.box.totals(0, reports=5)
                    self.assertEqual(self.held(server), [])
                    self.assertEqual({mail.bytes for mail in server.folders['A'].mails}, {mails.report(f'r{i}', i) for i in range(1, 6)})
                    self.assertEqual(len(server.folders['A'].mails), copies)
                    self.box.totals(0, reports=0)

    def test_settled_after_a_break_in_the_middle(self):
        """While mails are still to be read: the next connection looks anew for what earlier runs left, and knows what was copied by this one."""
        flags = Rule('SELECT', scripted.edited(lambda data: data.replace(b'\\*', b'\\Flagged')), times=None)
        server = self.start(600, rules=[flags, Rule('UID STORE', scripted.close, skip=2)], without=['MOVE'])
        self.box.totals(0, reports=600)
        server.deliver(mails.report('late', 1))
        self.box.write(server.url(), server.password, after='archive:A')
        self.box.totals(0, reports=1, unchanged=600)
        self.assertEqual((self.held(server), len(server.folders['A'].mails)), ([], 601))
        self.assertTrue(any(number == 3 and re.match(BODY, command) for number, command in server.commands))

    def test_killed_behind_two_breaks(self):
        """What was copied before a break gets its keyword on the next connection, so that the next run knows it too."""
        reached, over = threading.Event(), threading.Event()
        end = Rule('UID STORE', scripted.close), Rule('UID EXPUNGE', lambda _: reached.set(), scripted.waited(over), scripted.close)
        server = self.start(rules=end, without=['MOVE'], after='archive:A')
        process = background(self.box)
        self.assertTrue(reached.wait(60))
        process.kill()
        process.communicate()
        over.set()
        self.box.totals(0, reports=0)
        self.assertEqual((self.held(server), len(server.folders['A'].mails)), ([], 5))

    def test_expunged_by_another_behind_the_copy(self):
        """The flag is refused for one that is gone meanwhile: the others get it, and are not copied again."""
        def take(session):
            folder = session.server.folders['INBOX']
            folder.mails = [mail for mail in folder.mails if mail.uid != 2]
            session.known = list(folder.mails)
            session.send(session.tag.encode() + b' NO [EXPUNGEISSUED] some are gone\r\n')
        server = self.start(rules=[Rule('UID STORE', take)], without=['MOVE'], after='archive:A')
        self.box.totals(0, reports=5)
        self.assertEqual((self.held(server), len(server.folders['A'].mails)), ([], 5))

    def test_marked_and_left_alone(self):
        """Killed between the flag and the end, at a server without flags of one's own: whether they were copied is not known. They are told
        with each run, and never copied again."""
        for without, after in ((['MOVE'], 'archive:A'), (['MOVE', 'UIDPLUS'], 'archive:A'), (['UIDPLUS'], 'delete')):
            with self.subTest(without, after=after):
                self.box = Box(self)
                reached, over = threading.Event(), threading.Event()
                flags = Rule('SELECT', scripted.edited(lambda data: data.replace(b'\\*', b'\\Flagged')), times=None)
                server = self.start(rules=[flags, Rule('UID STORE', scripted.answer, lambda _, reached=reached: reached.set(), scripted.waited(over),
                                                       scripted.close)], without=without, after=after)
                process = background(self.box)
                self.assertTrue(reached.wait(60))
                process.kill()
                process.communicate()
                over.set()
                for _ in range(2):
                    said = self.box.totals(0, reports=0, unchanged=5)
                    self.assertIn('5 messages keep the flag \\Deleted: they had it before this run; expunge them with a mail program', said)
                self.assertEqual(self.held(server), [1, 2, 3, 4, 5])
                self.assertEqual(len(server.said('UID COPY')), 0 if after == 'delete' else 1)

    def test_killed(self):
        """kill -9 at each step of a run, and run again: no message lost, none counted twice, none left unsettled."""
        for pattern, without in (('EXAMINE|SELECT', []), (SIZE, []), (BODY, []), ('UID MOVE', []), ('UID COPY', ['MOVE']),
                                 ('UID STORE', ['MOVE']), ('UID EXPUNGE', ['MOVE']), ('LOGOUT', [])):
            with self.subTest(pattern, without=without):
                self.box = Box(self)
                reached, over = threading.Event(), threading.Event()

                def reach(_session, reached=reached):
                    reached.set()
                server = self.start(30, rules=[Rule(pattern, scripted.answer, reach, scripted.waited(over), scripted.close)], batch=10,
                                    without=without, after='archive:A')
                process = background(self.box)
                self.assertTrue(reached.wait(60))
                process.kill()
                process.communicate()
                over.set()
                self.box.totals(0)
                self.assertEqual(dmarcq.rows(self.box.db, 'SELECT count(*), sum(messages) FROM report'), [(30, 465)])
                self.assertEqual(self.held(server), [])
                self.assertEqual({mail.bytes for mail in server.folders['A'].mails}, {mails.report(f'r{i}', i) for i in range(1, 31)})

    def test_stopped(self):
        """SIGTERM in the middle of fetching: what was read is committed; the next run settles it."""
        reached = threading.Event()

        def reach(_session):
            reached.set()
        server = self.start(30, rules=[Rule(BODY, reach, scripted.hang, skip=4)], batch=5, after='archive:A')
        process = background(self.box)
        self.assertTrue(reached.wait(60))
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
        self.assertEqual(process.returncode, 75, err)
        summary = dmarcq.json.loads(out)
        self.assertEqual((summary['reports'] > 0, len(self.held(server)), summary['failed_sources']), (True, 30, 0))
        self.box.totals(0, reports=30 - summary['reports'], unchanged=summary['reports'])
        self.assertEqual((self.held(server), len(server.folders['A'].mails)), ([], 30))

    def test_stopped_while_settling(self):
        """Thousands are due after a change of the configuration and the server takes its time: SIGTERM leaves them for the next run."""
        reached = threading.Event()

        def reach(_session):
            reached.set()
        server = self.start(1200)
        self.box.totals(0, reports=1200)
        server.rules.append(Rule('UID MOVE', reach, scripted.hang, skip=1))
        self.box.write(server.url(), server.password, after='archive:A')
        process = background(self.box)
        self.assertTrue(reached.wait(60))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 75, err)
        self.assertEqual((len(self.held(server)), len(server.folders['A'].mails)), (700, 500))
        self.box.totals(0, unchanged=700)
        self.assertEqual((self.held(server), len(server.folders['A'].mails)), ([], 1200))

    def test_stopped_while_the_server_talks(self):
        """SIGTERM is heard although there is always something to read."""
        reached = threading.Event()

        def flood(session):
            while True:
                session.send(b'* OK still here\r\n' * 1000)
                reached.set()
        for pattern in ('EXAMINE', BODY):
            with self.subTest(pattern):
                self.box = Box(self)
                reached.clear()
                self.start(rules=[Rule(pattern, flood, times=None)])
                process = background(self.box)
                self.assertTrue(reached.wait(60))
                process.send_signal(signal.SIGTERM)
                try:
                    _, err = process.communicate(timeout=30)
                finally:
                    process.kill()
                self.assertEqual(process.returncode, 75, err)

    def test_archive_is_the_folder_itself(self):
        server = self.start(after='archive:INBOX')
        done = self.box.run()
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertEqual(server.connections, 0)


if __name__ == '__main__':
    sys.exit(0 if unittest.main(verbosity=2, exit=False).result.wasSuccessful() else 1)
