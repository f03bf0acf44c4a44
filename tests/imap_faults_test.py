#!/usr/bin/env python3
"""IMAP servers that refuse, break off, lie, fall silent or change their mind: what dmarcq makes of them.

imap_faults_test.py [FUNCTION...]: a function is a fault. Each looks at the exit code, at what was said, at what the server was
told, at the reports in the database and at where the mails lie afterwards.
"""
import itertools
import re
import sys
import threading
import time

import dmarcq
from servers import certificates, imap, mails, scripted
from servers.scripted import Rule, answer, close, edited, hang, reset, tagged, waited
from servers.trial import Trial, all_of, same

SECURE = {}
FETCH = r'UID FETCH .*BODY'
# A silent server is given up after so many seconds; elsewhere after many more, because this machine may be busy.
SILENCE, PATIENCE = 1, 10


def reports(*numbers):
    return [mails.report(number) for number in numbers]


def server(some, **options):
    return imap.Server(some, **({'tls': 'tls', 'certificate': SECURE['certificates'].good(), 'folders': ['Archive']} | options))


def box(trial, at, name='box', rest='/INBOX', **settings):
    trial.mailbox(at.url(rest), settings.pop('password', at.password), name=name,
                  **({'ca_file': SECURE['certificates'].ca_file, 'timeout': PATIENCE, 'after': 'archive:Archive'} | settings))


def numbers(folder):
    """The numbers of the reports that lie in a folder."""
    return [int(re.search(rb'Message-ID: <(\d+)@', mail.bytes).group(1)) for mail in folder.mails]


def lie(at, inbox, archive):
    """Which reports' mails lie where now, and that nothing was done that must never be."""
    same('INBOX', numbers(at.folders['INBOX']), list(inbox))
    same('Archive', sorted(numbers(at.folders['Archive'])), sorted(archive))
    careful(at)


def careful(at):
    """Nobody else's mail is expunged, and none is seen because it was read."""
    same('EXPUNGE and CLOSE', at.said('EXPUNGE|CLOSE'), [])
    same('fetched without PEEK', at.said(r'(UID )?FETCH .*(BODY\[|RFC822[^.]|RFC822$)'), [])
    same('expected of the client', at.wrong, [])


def imports_all(at, numbers_, **settings):
    """A fault that is passing: one run, all is in the database and in the archive."""
    with Trial() as trial, at:
        box(trial, at, **settings)
        trial.import_().must(0)
        trial.must_hold(*numbers_)
        lie(at, [], numbers_)


def imports_all_in_the_end(at, numbers_, codes):
    """A run that may end with one of these codes, and one more: nothing is settled that is not stored, then all is there."""
    with Trial() as trial, at:
        box(trial, at)
        done = trial.import_()
        if done.code not in codes:
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        if not set(numbers(at.folders['Archive'])) <= set(map(int, trial.held())):
            raise dmarcq.Failed('a mail was settled before it was stored')
        at.rules.clear()
        trial.import_().must(0)
        trial.must_hold(*numbers_)
        lie(at, [], numbers_)


# The way in

def refused_login():
    with Trial() as trial, server(reports(1)) as at, server(reports(2)) as other:
        box(trial, at, password='not this one')
        box(trial, other, name='other')
        trial.import_('box', 'other').must(77, 'refuses the login of reports@example.com.*wrong user or password')
        same('SELECT', at.said('SELECT|EXAMINE'), [])
        if len(at.said('AUTHENTICATE|LOGIN')) > 3 or at.connections > 1:
            raise dmarcq.Failed(f'it tried {at.said("AUTHENTICATE|LOGIN")} in {at.connections} connections: a server locks that user out')
        trial.must_hold(2)
        lie(other, [], [2])


BUSY = ('NO [ALERT] Too many simultaneous connections. (Failure)', 'NO [UNAVAILABLE] Temporary authentication failure.',
        'NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
        'BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds')
LOGIN = 'AUTHENTICATE|LOGIN'


def busy_at_the_login():
    """It is no wrong password: the same run comes again."""
    for text in BUSY:
        at = server(reports(1), rules=[Rule(LOGIN, tagged(text))])
        imports_all(at, [1])
        same('connections', at.connections, 2)


def busy_for_ever():
    """75 with the server's words, at the login and behind it, with pauses; the next run is let in. doctor says the same."""
    for text, where in ((BUSY[0], LOGIN), (BUSY[3], LOGIN), (BUSY[3], 'SELECT|EXAMINE|STATUS')):
        with Trial() as trial, server(reports(1), rules=[Rule(where, tagged(text), times=None)]) as at:
            box(trial, at)
            said = re.escape(re.sub('^(NO|BAD) ', '', text))
            trial.import_().must(75, said + '; `dmarcq doctor box` looks into it')
            pauses = at.pauses()
            if len(pauses) != 3 or any(pause < least for pause, least in zip(pauses, [1, 2, 4])):
                raise dmarcq.Failed(f'the pauses between the tries were {pauses}')
            if said not in re.escape(trial.run('doctor', 'box', '--format', 'json').must(75).stdout):
                raise dmarcq.Failed('doctor says something else')
            at.rules.clear()
            trial.import_().must(0)
            trial.must_hold(1)
            lie(at, [], [1])


def refused_in_other_words():
    """What may be a wrong password is tried once, whatever the server says beside it."""
    for text in ('NO Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.',
                 'NO [AUTHENTICATIONFAILED] Too many invalid login attempts, try again later', 'NO [CONTACTADMIN] Login disabled for this user'):
        with Trial() as trial, server(reports(1), rules=[Rule(LOGIN, tagged(text), times=None)]) as at:
            box(trial, at)
            trial.import_().must(77, 'refuses the login of reports@example.com: ' + re.escape(text))
            same('connections', at.connections, 1)
            trial.run('doctor', 'box').must(77)


def throttled():
    """No mail is at fault when all are refused: none is told, and no mail is asked for by itself."""
    for where in (FETCH, 'UID FETCH .*SIZE'):
        for times, code in ((1, 0), (None, 75)):
            at = server(reports(*range(5)), rules=[Rule(where, tagged(BUSY[3]), times=times)])
            with Trial() as trial, at:
                box(trial, at)
                trial.import_().must(code, *(['Request is throttled'] if code else []))
                same('connections', at.connections, 4 if code else 2)
                same('asked for', len(at.said(where)), 4 if code else 2)
                at.rules.clear()
                trial.import_().must(0)
                trial.must_hold(*range(5))
                lie(at, [], range(5))


def certificates_that_are_not_to_be_trusted():
    for kind, said in (('expired', 'expired'), ('wrong_name', 'host ?name|does not match'), ('unknown_authority', 'issuer|self.signed')):
        with Trial() as trial, server(reports(1), certificate=getattr(SECURE['certificates'], kind)()) as at, \
                server(reports(2)) as other:
            box(trial, at)
            box(trial, other, name='other')
            trial.import_('box', 'other').must(78, said)
            same(f'{kind}: sent', at.said('(?!END)'), [])
            trial.must_hold(2)


def old_tls():
    """TLS 1.1 is refused, also where the system's OpenSSL would take it."""
    for tls in ('tls', 'starttls'):
        with Trial() as trial, server(reports(1), tls=tls, old_tls=True) as at:
            openssl = trial.top / 'openssl.cnf'
            openssl.write_text('openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = default\n[default]\nMinProtocol = TLSv1\n'
                               'CipherString = DEFAULT:@SECLEVEL=0\n', encoding='ascii')
            trial.env['OPENSSL_CONF'] = str(openssl)
            box(trial, at)
            trial.import_().must(78, 'version')
            same('sent', at.said('(?!END|CAPABILITY|STARTTLS|GREETING)'), [])


def no_starttls():
    with Trial() as trial, server(reports(1), tls=None) as at:
        box(trial, at)
        trial.mailbox(at.url('/INBOX').replace('?insecure=1', ''), at.password)
        trial.import_().must(78, 'STARTTLS')
        same('sent in the clear', at.said('AUTHENTICATE|LOGIN'), [])
        trial.must_hold()


def starttls_injection():
    """What stands behind the answer to STARTTLS was not sent by who has the certificate (CVE-2011-0411)."""
    injected = b'* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA003 OK logged in\r\n'
    with Trial() as trial, server(reports(1), tls='starttls', rules=[Rule('STARTTLS', edited(lambda answer: answer + injected),
                                                                          times=None)]) as at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (75, 78):
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        same('sent', at.said('AUTHENTICATE|LOGIN|SELECT|EXAMINE'), [])
        trial.must_hold()


def starttls_works():
    imports_all(server(reports(1), tls='starttls'), [1])


def unknown_folder():
    with Trial() as trial, server(reports(1)) as at:
        box(trial, at, rest='/Reports')
        box(trial, at, name='other')
        trial.import_('box', 'other').must(78, 'Reports.*no such folder')
        trial.must_hold(1)
        same('CREATE', at.said('CREATE'), [])


def bye_as_greeting():
    at = server(reports(1), rules=[Rule('GREETING', b'* BYE too busy\r\n', close)])
    imports_all(at, [1])


def bye_for_ever():
    with Trial() as trial, server(reports(1), rules=[Rule('GREETING', b'* BYE too busy\r\n', close, times=None)]) as at, \
            server(reports(2)) as other:
        box(trial, at)
        box(trial, other, name='other')
        trial.import_('box', 'other').must(75, 'too busy')
        # What is temporary is tried again, and each time it waits for longer.
        pauses = at.pauses()
        if len(pauses) != 3 or any(pause < least for pause, least in zip(pauses, [1, 2, 4])):
            raise dmarcq.Failed(f'the pauses between the tries were {pauses}')
        trial.must_hold(2)


def bye_in_the_middle():
    at = server(reports(*range(5)), rules=[Rule(FETCH, b'* BYE going down\r\n', close)])
    imports_all(at, range(5))


def nobody_listens():
    with Trial() as trial, server(reports(2)) as other:
        for url in ('imaps://a@localhost:1/INBOX', 'imaps://a@nowhere.invalid/INBOX'):
            trial.mailbox(url, 'p', timeout=SILENCE)
            box(trial, other, name='other')
            run = trial.import_('box', 'other')
            # What a resolver says of a name that is none is not the same everywhere; doctor asks it too.
            code = 75 if 'localhost' in url else trial.run('doctor', 'box').code
            run.must(code, {75: 'localhost|the name nowhere.invalid can.t be looked up now', 78: 'there is no host of the name nowhere.invalid'}[code])
            trial.must_hold(2)


def plain_port():
    """TLS spoken to a port without it, and the other way round."""
    with Trial() as trial, server(reports(1), tls=None) as at:
        trial.mailbox(at.url('/INBOX').replace('imap:', 'imaps:').replace('?insecure=1', ''), at.password, timeout=SILENCE)
        trial.import_().must(78, '(?i)version|TLS|SSL')
        same('sent in the clear', [command for command in at.said('.*') if at.password in command], [])
    with Trial() as trial, server(reports(1)) as at:
        trial.mailbox(at.url('/INBOX').replace('imaps:', 'imap:'), at.password, timeout=SILENCE)
        trial.import_().must(75, f'says nothing for {SILENCE} seconds; does port {at.port} begin with TLS[?] Then it is imaps://')
        same('connections', at.connections, 1)


def mute_port():
    """Nobody greets: that is not waited for again and again, whichever way the connection should begin."""
    for scheme, other in (('imaps', 'out TLS[?] Then it is imap'), ('imap', ' TLS[?] Then it is imaps')):
        with Trial() as trial, server([], tls=None, rules=[Rule('GREETING', hang, times=None)]) as at, server(reports(2)) as good:
            trial.mailbox(f'{scheme}://{at.user}@127.0.0.1:{at.port}/INBOX', at.password, timeout=SILENCE)
            box(trial, good, name='other')
            trial.import_('box', 'other').must(75, f'says nothing for {SILENCE} seconds; does port {at.port} begin with{other}://; `dmarcq doctor box`')
            # Nothing is said in them; the first thread accepts them.
            same('connections', len(at.threads) - 1, 1)
            trial.must_hold(2)


# Connections that break

def part_of_a_literal(answer):
    """Up to the middle of the second mail, or of the only one."""
    starts = [match.end() for match in re.finditer(rb'\{\d+\}\r\n', answer)]
    return answer[:starts[:2][-1] + 100] if starts else answer


def cut_in_a_literal():
    for end in (close, reset):
        at = server(reports(*range(5)), rules=[Rule(FETCH, edited(part_of_a_literal), end)])
        imports_all(at, range(5))
        if at.connections < 2:
            raise dmarcq.Failed('nothing was cut')


def cut_again_and_again():
    """What came before the cut is stored and settled; the rest waits for another run."""
    with Trial() as trial, server(reports(*range(5)), rules=[Rule(FETCH, edited(part_of_a_literal), close, times=None)]) as at:
        box(trial, at)
        trial.import_().must(75)
        held = set(map(int, trial.held()))
        if 0 not in held:
            raise dmarcq.Failed('the mail that came whole is not stored')
        if not set(numbers(at.folders['Archive'])) <= held:
            raise dmarcq.Failed(f'stored is {held}, settled {numbers(at.folders["Archive"])}')
        at.rules.clear()
        trial.import_().must(0)
        trial.must_hold(*range(5))
        lie(at, [], range(5))


def silent_in_the_middle():
    at = server(reports(*range(5)), rules=[Rule(FETCH, edited(part_of_a_literal), hang)])
    imports_all(at, range(5), timeout=SILENCE)


def silent_for_ever():
    for where in ('GREETING', 'SELECT|EXAMINE', FETCH):
        with Trial() as trial, server(reports(1), rules=[Rule(where, hang, times=None)]) as at:
            box(trial, at, timeout=SILENCE)
            trial.import_().must(75, 'box|localhost')
            trial.must_hold()
            lie(at, [1], [])


def slow_but_alive():
    """The time-out is for silence: a server that drips is waited for, however long it takes."""
    pause = SILENCE / 4
    at = server(reports(1, 2), rules=[Rule(FETCH, scripted.dripped(200, pause))])
    imports_all(at, [1, 2], timeout=SILENCE)
    same('connections', at.connections, 1)


# Answers that are none

def literal_of(number, change):
    """Changes the length that stands before one mail."""
    def edit(answer):
        found = list(re.finditer(rb'\{(\d+)\}\r\n', answer))
        one = next((match for match in found if f'Message-ID: <{number}@'.encode() in answer[match.end():][:300]), None)
        if one is None:
            return answer
        return answer[:one.start()] + b'{' + change(int(one.group(1))) + b'}' + answer[one.end() - 2:]
    return edited(edit)


LIES = {'short': lambda n: b'%d' % (n - 50), 'by one': lambda n: b'%d' % (n - 1), 'none': lambda n: b'0',
        'long': lambda n: b'%d' % (n + 100000), 'long by one': lambda n: b'%d' % (n + 1),
        'huge': lambda n: b'99999999999999999999999', 'beyond 63 bits': lambda n: b'9223372036854775808',
        'negative': lambda n: b'-1', 'word': lambda n: b'ten', 'nothing': lambda n: b''}


def lying_literals():
    """Told once: the mail comes right at the next try, be it in the next run."""
    for name, change in LIES.items():
        at = server(reports(*range(4)), rules=[Rule(FETCH, literal_of(2, change))])
        try:
            imports_all_in_the_end(at, range(4), [0, 1, 75])
        except dmarcq.Failed as problem:
            raise dmarcq.Failed(f'{name}: {problem}') from None


def always_lying_literal():
    """The mail that can't be had stays, the others are imported."""
    with Trial() as trial, server(reports(*range(4)), rules=[Rule(FETCH, literal_of(2, LIES['short']), times=None)]) as at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (1, 75):
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        trial.must_hold(0, 1, 3)
        lie(at, [2], [0, 1, 3])


def long_line():
    line = b'* OK ' + b'x' * 10000000 + b'\r\n'
    at = server(reports(1), rules=[Rule(FETCH, edited(lambda answer: line + answer))])
    with Trial() as trial, at:
        box(trial, at)
        done = trial.import_(measured=True)
        done.must(0)
        trial.must_hold(1)
        lie(at, [], [1])


def endless_line():
    """A server that never ends its line is left, and memory does not grow with it."""
    def drivel(session):
        while True:
            session.send(b'x' * 65536)
    with Trial() as trial, server(reports(1), rules=[Rule(FETCH, drivel, times=None)]) as at:
        box(trial, at)
        trial.import_().must(75, 'line')
        trial.must_hold()


def no_bodies():
    """A mail whose body is NIL is none; a quoted string is one."""
    quoted = b'Subject: a \\"quoted\\" \\\\ one\\r\\n'
    for body in (b'NIL', b'"' + quoted + b'"', b'""'):
        def edit(answer, body=body):
            found = re.search(rb'\{(\d+)\}\r\n', answer)
            return answer[:found.start()] + body + answer[found.end() + int(found.group(1)):]
        with Trial() as trial, server(reports(1, 2), rules=[Rule(FETCH, edited(edit))]) as at:
            box(trial, at)
            done = trial.import_()
            if done.code not in (0, 1):
                raise dmarcq.Failed(f'{body}: exit code {done.code}: {done.stderr}')
            trial.must_hold(2)
            same('archive', numbers(at.folders['Archive']), [2])
            same('inbox', numbers(at.folders['INBOX']), [1])


def other_order():
    """The items of an answer come in any order, the UID behind the body too."""
    def edit(answer):
        out, at = b'', 0
        for match in re.finditer(rb'(\* \d+ FETCH \()(UID \d+)((?: [A-Z.0-9]+ [^ {]+)*) (BODY\[\] \{(\d+)\}\r\n)', answer):
            if match.start() < at:
                continue
            end = match.end() + int(match.group(5))
            out += answer[at:match.start()] + match.group(1) + answer[match.start(4):end] + match.group(3) + b' ' + match.group(2)
            at = end
        return out + answer[at:]
    imports_all(server(reports(*range(5)), rules=[Rule(FETCH, edited(edit), times=None)]), range(5))


def tagged_lines_in_a_mail():
    """What looks like the end of a command is text of a mail."""
    lines = ''.join(f'{tag}{number} OK done\r\n' for tag in ('d', 'A', 'a', 'A00', '') for number in range(30)) + '* BYE\r\n)\r\n'
    some = [mails.report(number, body=lines.encode()) for number in range(3)]
    imports_all(server(some), range(3))


# Changes in the middle

def unsolicited():
    """A server may tell of changes whenever it answers (RFC 9051 s. 7)."""
    def edit(answer):
        told = b'* 2 FETCH (FLAGS (\\Flagged))\r\n* OK still here\r\n* 7 EXISTS\r\n* 0 RECENT\r\n* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n'
        first = re.search(rb'\{(\d+)\}\r\n', answer)
        end = answer.index(b'\r\n', first.end() + int(first.group(1))) + 2
        return told + answer[:end] + told + answer[end:]
    imports_all(server(reports(*range(5)), rules=[Rule(FETCH, edited(edit))]), range(5))


def expunged_by_another():
    """Another client takes the first mail away; the numbers of the others change, their UIDs do not."""
    def taken(session):
        at = session.server
        with at.changed:
            at.vanish(session, at.folders['INBOX'].mails[:1])
        scripted.answer(session)
    at = server(reports(*range(5)), rules=[Rule(FETCH, taken)])
    with Trial() as trial, at:
        box(trial, at)
        trial.import_().must(0)
        trial.must_hold(*range(1, 5))
        lie(at, [], range(1, 5))


def vanished():
    """A mail that is not there any more when it is asked for, and one that goes before it is settled."""
    def gone(number):
        def step(session):
            at = session.server
            with at.changed:
                folder = at.folders['INBOX']
                folder.mails = [mail for mail in folder.mails if number not in numbers(folder) or
                                mail.bytes != mails.report(number)]
            scripted.answer(session)
        return step
    at = server(reports(*range(5)), rules=[Rule(FETCH, gone(1)), Rule('UID MOVE', gone(3))])
    with Trial() as trial, at:
        box(trial, at)
        trial.import_().must(0)
        trial.must_hold(0, 2, 3, 4)
        lie(at, [], [0, 2, 4])


def another_import():
    """Two imports of one mailbox into one database: the second waits until the first has settled what it read, and does not even
    connect; one that may not wait goes on with its other mailboxes."""
    reached, go_on = threading.Event(), threading.Event()
    pause = Rule(FETCH, lambda _: reached.set(), waited(go_on), answer)
    with Trial() as trial, server(reports(1, 2), rules=[pause]) as at, server(reports(3)) as other:
        box(trial, at)
        box(trial, other, name='other')
        first = trial.start_import()
        same('fetches', reached.wait(PATIENCE), True)
        trial.import_('--limit', 'wait-seconds=0', 'box', 'other').must(75, r'INBOX: another import holds it, and nobody is to wait for it \(limit wait-seconds=0\)')
        trial.must_hold(3)
        lie(other, [], [3])
        second = trial.start_import()
        stopped = trial.start_import()
        time.sleep(.5)
        stopped.process.terminate()
        stopped.wait().must(75, 'stopped by request')
        same('connections', at.connections, 1)
        go_on.set()
        first.wait().must(0)
        done = second.wait().must(0)
        same('reports, of the second', done.summary['reports'], 0)
        trial.must_hold(1, 2, 3)
        lie(at, [], [1, 2])


def arrived_in_the_middle():
    """What comes during a run may wait for the next one, and is not settled unread."""
    def step(session):
        scripted.answer(session)
        session.server.deliver(mails.report(7))
    with Trial() as trial, server(reports(1), rules=[Rule(FETCH, step)]) as at:
        box(trial, at)
        trial.import_().must(0)
        same('archive', sorted(map(str, numbers(at.folders['Archive']))), sorted(trial.held()))
        trial.import_().must(0)
        trial.must_hold(1, 7)
        lie(at, [], [1, 7])


def new_uidvalidity():
    """Between two connections all UIDs change: nothing of the old ones may be used."""
    at = server(reports(*range(5)), rules=[Rule(FETCH, edited(part_of_a_literal), lambda session: renumber(session.server), close)])
    imports_all(at, range(5))


def renumber(at):
    """A new UIDVALIDITY, with the same UIDs for other mails."""
    with at.changed:
        folder = at.folders['INBOX']
        folder.uidvalidity += 1
        folder.mails.reverse()
        for mail, uid in zip(folder.mails, itertools.count(1)):
            mail.uid = uid


def new_uidvalidity_between_runs():
    with Trial() as trial, server(reports(*range(5))) as at:
        box(trial, at, after='leave')
        trial.import_().must(0)
        fetched = len(at.said(FETCH))
        trial.import_().must(0)
        same('fetched by the second run', len(at.said(FETCH)), fetched)
        renumber(at)
        at.deliver(mails.report(5))
        trial.import_().must(0)
        if len(at.said(FETCH)) == fetched:
            raise dmarcq.Failed('nothing was fetched after the UIDs changed')
        trial.must_hold(*range(6))
        same('INBOX', sorted(numbers(at.folders['INBOX'])), list(range(6)))
        careful(at)


# Settling

def flagged_by_another(at):
    """A mail with a report that somebody else wants to be deleted, or not: it is not ours to take."""
    with at.changed:
        at.folders['INBOX'].add(mails.LETTER.replace(b'<lunch@', b'<99@'), ['\\Deleted'])


def without_move():
    with Trial() as trial, server(reports(*range(5)), without=['MOVE']) as at:
        flagged_by_another(at)
        box(trial, at)
        trial.import_().must(0)
        trial.must_hold(*range(5))
        lie(at, [99], range(5))
        if not at.said('UID EXPUNGE'):
            raise dmarcq.Failed(f'how did it do that? {at.commands}')


def without_move_and_uidplus():
    """The mails are copied and flagged; to expunge them would take others' with them."""
    with Trial() as trial, server(reports(*range(5)), without=['MOVE', 'UIDPLUS']) as at:
        flagged_by_another(at)
        box(trial, at)
        for _ in range(2):
            done = trial.import_()
            if done.code not in (0, 1):
                raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
            trial.must_hold(*range(5))
            lie(at, [*range(5), 99], range(5))
            same('flags', [mail.flags >= {'\\Deleted'} for mail in at.folders['INBOX'].mails], [True] * 6)


def deleting():
    for without in ([], ['UIDPLUS']):
        with Trial() as trial, server(reports(*range(5)), without=without) as at:
            flagged_by_another(at)
            box(trial, at, after='delete')
            done = trial.import_()
            if done.code not in ((0, 1) if without else (0,)):
                raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
            trial.must_hold(*range(5))
            lie(at, [*range(5), 99] if without else [99], [])


def quota_full():
    """The reports are stored, the mails stay until there is room; they are not counted again."""
    full = tagged('NO [OVERQUOTA] Quota exceeded')
    for without, command in ((['MOVE'], 'UID COPY'), ([], 'UID MOVE')):
        with Trial() as trial, server(reports(*range(5)), without=without, rules=[Rule(command, full, times=None)]) as at:
            box(trial, at)
            trial.import_().must(75, 'Quota exceeded')
            trial.must_hold(*range(5))
            lie(at, range(5), [])
            same('flags', [mail.flags for mail in at.folders['INBOX'].mails], [set()] * 5)
            at.rules.clear()
            trial.import_().must(0)
            trial.must_hold(*range(5))
            lie(at, [], range(5))


def cut_while_settling():
    """Whether the server did it is not known: the next connection finds out."""
    for step in (close, lambda session: (session.ordinary(), close(session))):
        at = server(reports(*range(5)), rules=[Rule('UID MOVE', step)])
        imports_all_in_the_end(at, range(5), [0, 75])


def archive_is_made():
    at = server(reports(1), folders=[])
    imports_all(at, [1])
    same('CREATE', len(at.said('CREATE')), 1)


def read_only():
    """A folder that can only be read: what is in it is stored, and where the mails stay is told."""
    with Trial() as trial, server(reports(*range(3)), rules=[
            Rule('SELECT', edited(lambda answer: answer.replace(b'READ-WRITE', b'READ-ONLY')), times=None),
            Rule('UID (MOVE|COPY|STORE)', tagged('NO [NOPERM] read-only'), times=None)]) as at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (1, 75, 77, 78) or not done.stderr:
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        trial.must_hold(*range(3))
        lie(at, range(3), [])


def create_is_refused():
    """What waiting does not mend, as a separator that the server has not, is no temporary failure."""
    for code, refusal in ((77, '[NOPERM] not for you'), (78, '[CANNOT] no / in a name'), (78, 'Invalid mailbox name'), (75, '[OVERQUOTA] full'),
                          (75, '[UNAVAILABLE] later')):
        with Trial() as trial, server(reports(*range(3)), folders=[], rules=[Rule('CREATE', tagged('NO ' + refusal), times=None)]) as at:
            box(trial, at)
            for _ in range(2):
                trial.import_().must(code, f"3 messages are stored and stay where they are: to Archive: no such folder, and it can't be made: "
                                           f'the server says: {re.escape(refusal)}; does the server write its name so')
            trial.must_hold(*range(3))
            same('INBOX', numbers(at.folders['INBOX']), [0, 1, 2])
            at.rules.clear()
            trial.import_().must(0)
            trial.must_hold(*range(3))
            lie(at, [], range(3))


def strange_searches():
    """UIDs that nobody has, twice, zero, beyond 32 bits: what is there is imported."""
    answers = {
        'twice': (['ESEARCH'], b'* SEARCH 1 2 2 3 1 3'), 'backwards': (['ESEARCH'], b'* SEARCH 3 2 1'),
        'in pieces': (['ESEARCH'], b'* SEARCH 1\r\n* SEARCH 2 3\r\n* SEARCH'), 'nobody': (['ESEARCH'], b'* SEARCH 1 2 3 77 4294967295'),
        'zero': (['ESEARCH'], b'* SEARCH 0 1 2 3'), 'beyond': (['ESEARCH'], b'* SEARCH 1 2 3 4294967296 99999999999999999999'),
        'reversed': ([], b'* ESEARCH (TAG "TAG") UID ALL 3:1'),
        'no tag': ([], b'* ESEARCH UID ALL 1:3'), 'more items': ([], b'* ESEARCH (TAG "TAG") UID MIN 1 MAX 3 COUNT 3 MODSEQ 9 ALL 1,2:3')}
    for name, (without, line) in answers.items():
        def step(session, line=line):
            session.send(re.sub(rb'\* E?SEARCH.*\r\n', lambda _: line.replace(b'TAG"', session.tag.encode() + b'"') + b'\r\n',
                                session.ordinary()))
        with Trial() as trial, server(reports(1, 2, 3), without=without, rules=[Rule('UID SEARCH', step, times=None)]) as at:
            box(trial, at)
            done = trial.import_()
            if done.code not in (0, 75) or done.code and name not in ('zero', 'beyond', 'no tag'):
                raise dmarcq.Failed(f'{name}: exit code {done.code}: {done.stderr}')
            if done.code == 0:
                trial.must_hold(1, 2, 3)
            at.rules.clear()
            trial.import_().must(0)
            trial.must_hold(1, 2, 3)
            lie(at, [], [1, 2, 3])


def search_of_everything():
    """A server that claims all UIDs that there can be, of three mails: it ends."""
    step = edited(lambda answer: re.sub(rb' ALL \S+', b' ALL 1:4294967295', answer))
    with Trial() as trial, server(reports(1, 2, 3), rules=[Rule('UID SEARCH', step, times=None)]) as at:
        box(trial, at)
        done = trial.start_import().wait(30)
        if done.code not in (0, 75):
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        at.rules.clear()
        trial.import_().must(0)
        trial.must_hold(1, 2, 3)
        lie(at, [], [1, 2, 3])


def not_asked_for():
    """A body that comes twice, and one of a mail that nobody asked for: neither is settled or counted for it."""
    other = mails.report(55)

    def step(session):
        data = session.ordinary()
        extra = b'* 9 FETCH (UID 900 BODY[] {%d}\r\n%b)\r\n' % (len(other), other)
        first = re.search(rb'\{(\d+)\}\r\n', data)
        end = data.index(b'\r\n', first.end() + int(first.group(1))) + 2
        session.send(extra + data[:end] + data[:end] + data[end:])
    with Trial() as trial, server(reports(*range(3)), rules=[Rule(FETCH, step)]) as at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (0, 1, 75):
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        if any('900' in command for command in at.said('UID (MOVE|STORE|COPY|EXPUNGE)')):
            raise dmarcq.Failed(f'it settled what it did not ask for: {at.commands}')
        at.rules.clear()
        trial.import_().must(0)
        if not set(map(str, range(3))) <= set(trial.held()):
            raise dmarcq.Failed(f'stored is {trial.held()}')
        lie(at, [], range(3))


def search_of_two_million():
    """Memory does not grow with what lies in the folder."""
    number, peaks = 2000000, []
    for total in (3, number):
        with Trial() as trial, server([], without=['ESEARCH']) as at:
            folder = at.folders['INBOX']
            for uid, one in zip((1, total // 2 + 1, total), range(3)):
                folder.uidnext = uid
                folder.add(mails.report(one))
            at.rules += [Rule(r'UID SEARCH', scripted.edited(lambda answer, total=total: re.sub(
                rb'\* SEARCH.*\r\n', b'* SEARCH ' + b' '.join(b'%d' % uid for uid in range(1, total + 1)) + b'\r\n', answer))),
                Rule('SELECT|EXAMINE', edited(lambda answer, total=total: re.sub(
                    rb'\* 3 EXISTS', b'* %d EXISTS' % total, answer)), times=None)]
            box(trial, at, timeout=60)
            done = trial.import_(measured=True)
            done.must(0)
            trial.must_hold(0, 1, 2)
            lie(at, [], [0, 1, 2])
            peaks.append(done.peak)
    print(f'peak of 3 and of {number:,} mails: {peaks[0]:,} and {peaks[1]:,} KiB')
    if peaks[1] - peaks[0] > 30000:
        raise dmarcq.Failed('memory grows with the number of mails')


def main():
    with dmarcq.folder() as name:
        SECURE['certificates'] = certificates.Certificates(name)
        SECURE['certificates'].good()
        return all_of([
            refused_login, busy_at_the_login, busy_for_ever, refused_in_other_words, throttled, certificates_that_are_not_to_be_trusted, old_tls, no_starttls, starttls_injection, starttls_works, unknown_folder, nobody_listens, plain_port, mute_port,
            bye_as_greeting, bye_for_ever, bye_in_the_middle, cut_in_a_literal, cut_again_and_again, silent_in_the_middle,
            silent_for_ever, slow_but_alive, lying_literals, always_lying_literal, long_line, endless_line, no_bodies, other_order,
            tagged_lines_in_a_mail, unsolicited, expunged_by_another, vanished, another_import, arrived_in_the_middle, new_uidvalidity,
            new_uidvalidity_between_runs, without_move, without_move_and_uidplus, deleting, quota_full, cut_while_settling,
            archive_is_made,
            read_only, create_is_refused, strange_searches, search_of_everything, not_asked_for, search_of_two_million], sys.argv[1:], at_once=4)


sys.exit(main())
