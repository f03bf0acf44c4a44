#!/usr/bin/env python3
"""POP3 servers that refuse, break off, lie, fall silent or change their mind: what dmarcq makes of them.

pop3_faults_test.py [FUNCTION...]: a function is a fault. Each looks at the exit code, at what was said, at what the server was
told, at the reports in the database and at which mails are left. A mail is taken away by the QUIT behind its DELE, and by
nothing else.
"""
import re
import sys

import dmarcq
from servers import certificates, mails, pop3, scripted
from servers.scripted import Rule, close, edited, hang, reset
from servers.trial import Trial, all_of, same

SECURE = {}
# A silent server is given up after so many seconds.
SILENCE = 1


def reports(*numbers):
    return [mails.report(number) for number in numbers]


def server(some, **options):
    return pop3.Server(some, **({'tls': 'tls', 'certificate': SECURE['certificates'].good()} | options))


def box(trial, at, name='box', **settings):
    trial.mailbox(at.url(), settings.pop('password', at.password), name=name,
                  **({'ca_file': SECURE['certificates'].ca_file, 'timeout': SILENCE, 'after': 'delete'} | settings))


def numbers(at):
    """The numbers of the reports whose mails are left."""
    return [int(re.search(rb'Message-ID: <(\d+)@', data).group(1)) for data in at.mails.values()]


def imports_all(at, numbers_):
    """A fault that is passing: one run, all is in the database and nothing is left."""
    with Trial() as trial, at:
        box(trial, at)
        trial.import_().must(0)
        trial.must_hold(*numbers_)
        same('left', numbers(at), [])


# The way in

def refused_login():
    with Trial() as trial, server(reports(1)) as at, server(reports(2)) as other:
        box(trial, at, password='not this one')
        box(trial, other, name='other')
        trial.import_('box', 'other').must(77, 'refuses the login of reports@example.com.*wrong user or password')
        if at.connections > 1:
            raise dmarcq.Failed(f'{at.connections} connections: a server locks that user out')
        trial.must_hold(2)
        same('left', [numbers(at), numbers(other)], [[1], []])


def certificates_that_are_not_to_be_trusted():
    for kind, said in (('expired', 'expired'), ('wrong_name', 'host ?name|does not match'), ('unknown_authority', 'issuer|self.signed')):
        with Trial() as trial, server(reports(1), certificate=getattr(SECURE['certificates'], kind)()) as at:
            box(trial, at)
            trial.import_().must(78, said)
            same(f'{kind}: sent', at.said('(?!END)'), [])
            trial.must_hold()


def no_stls():
    with Trial() as trial, server(reports(1), tls=None) as at:
        trial.mailbox(at.url().replace('?insecure=1', ''), at.password)
        trial.import_().must(78, 'STARTTLS|STLS')
        same('sent in the clear', at.said('AUTH|USER|PASS|APOP'), [])
        trial.must_hold()


def stls_injection():
    """What stands behind the answer to STLS was not sent by who has the certificate (CVE-2011-0411)."""
    with Trial() as trial, server(reports(1), tls='starttls', rules=[
            Rule('STLS', edited(lambda answer: answer + b'+OK\r\nUSER\r\n.\r\n+OK\r\n'), times=None)]) as at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (75, 78):
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        same('sent', at.said('AUTH|USER|PASS|STAT|LIST|UIDL'), [])
        trial.must_hold()


def stls_works():
    imports_all(server(reports(1), tls='starttls'), [1])


def refused_greeting():
    at = server(reports(1), rules=[Rule('GREETING', b'-ERR [SYS/TEMP] too busy\r\n', close)])
    imports_all(at, [1])


def busy_at_the_login():
    """Not now (RFC 2449 s. 8.1, RFC 3206, and in words) is no wrong password: the same run comes again."""
    for text in ('[IN-USE] locked by another session', '[LOGIN-DELAY] wait', '[SYS/TEMP] database down', 'maildrop already locked',
                 '[AUTH] Account exceeded pop command or bandwidth limits (Failure)'):
        for without in ([], ['SASL PLAIN XOAUTH2 OAUTHBEARER']):
            at = server(reports(1), without=without, rules=[Rule('AUTH|PASS', f'-ERR {text}\r\n'.encode())])
            imports_all(at, [1])
            same('connections', at.connections, 2)


def busy_for_ever():
    with Trial() as trial, server(reports(1), rules=[Rule('AUTH|PASS', b'-ERR [SYS/TEMP] database down\r\n', times=None)]) as at:
        box(trial, at)
        trial.import_().must(75, r'the server lets nobody in now: -ERR \[SYS/TEMP\] database down; `dmarcq doctor box`')
        pauses = at.pauses()
        if len(pauses) != 3 or any(pause < least for pause, least in zip(pauses, [1, 2, 4])):
            raise dmarcq.Failed(f'the pauses between the tries were {pauses}')
        trial.run('doctor', 'box').must(75)
        at.rules.clear()
        trial.import_().must(0)
        trial.must_hold(1)


def refused_for_good():
    """What is no wrong password and does not pass by itself either."""
    for text in ('[SYS/PERM] Account is suspended', '[AUTH] Web login required'):
        with Trial() as trial, server(reports(1), rules=[Rule('AUTH|PASS', f'-ERR {text}\r\n'.encode(), times=None)]) as at:
            box(trial, at)
            trial.import_().must(77, re.escape(text))
            same('connections', at.connections, 1)


def locked_mailbox():
    """Another session has the mailbox (RFC 2449 s. 8.1.1): that is no wrong password."""
    at = server(reports(1), without=['SASL PLAIN XOAUTH2 OAUTHBEARER'],
                rules=[Rule('PASS', b'-ERR [IN-USE] another session has it\r\n')])
    with Trial() as trial, at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (0, 75):
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        if done.code:
            trial.import_().must(0)
        trial.must_hold(1)
        same('left', numbers(at), [])


# Connections that break

def part_of_a_mail(answer):
    return answer[:200]


def cut_in_a_mail():
    for end in (close, reset):
        imports_all(server(reports(*range(5)), rules=[Rule('RETR 3', edited(part_of_a_mail), end)]), range(5))


def cut_again_and_again():
    with Trial() as trial, server(reports(*range(5)), rules=[Rule('RETR 3', edited(part_of_a_mail), close, times=None)]) as at:
        box(trial, at)
        trial.import_().must(75)
        held = sorted(map(int, trial.held()))
        if not {0, 1} <= set(held):
            raise dmarcq.Failed(f'the mails that came whole are not stored: {held}')
        at.rules.clear()
        trial.import_().must(0)
        trial.must_hold(*range(5))
        same('left', numbers(at), [])


def silent_in_the_middle():
    at = server(reports(*range(5)), rules=[Rule('RETR 3', edited(part_of_a_mail), hang)])
    imports_all(at, range(5))


def silent_for_ever():
    for where in ('GREETING', 'LIST|STAT', 'RETR'):
        with Trial() as trial, server(reports(1), rules=[Rule(where, hang, times=None)]) as at:
            box(trial, at)
            trial.import_().must(75, 'box|localhost')
            trial.must_hold()
            same('left', numbers(at), [1])


def slow_but_alive():
    at = server(reports(1), rules=[Rule('RETR', scripted.dripped(100, SILENCE / 4))])
    imports_all(at, [1])
    same('connections', at.connections, 1)


# Answers that are none

def mail_that_is_refused():
    with Trial() as trial, server(reports(*range(5)), rules=[Rule('RETR 3', b'-ERR cannot read it\r\n', times=None)]) as at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (1, 75) or 'cannot read it' not in done.stderr:
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        trial.must_hold(0, 1, 3, 4)
        same('left', numbers(at), [2])


def endless_line():
    def drivel(session):
        while True:
            session.send(b'x' * 65536)
    for where in ('LIST', 'UIDL'):
        with Trial() as trial, server(reports(1), rules=[Rule(where, drivel, times=None)]) as at:
            box(trial, at)
            trial.import_().must(75, 'line')
            trial.must_hold()


def lists_that_lie():
    """Sizes that are wrong, numbers that are none, lines that are missing."""
    for name, command, edit in (
            ('sizes', 'LIST', lambda answer: re.sub(rb'(?m)^(\d+) \d+', rb'\1 5', answer)),
            ('huge sizes', 'LIST', lambda answer: re.sub(rb'(?m)^(\d+) \d+', rb'\1 99999999999999999999999', answer)),
            ('not a number', 'LIST', lambda answer: answer.replace(b'\r\n2 ', b'\r\ntwo ')),
            ('numbers of nobody', 'UIDL', lambda answer: answer.replace(b'\r\n2 ', b'\r\n77 ')),
            ('UIDL twice', 'UIDL', lambda answer: answer.replace(b'uidl-00002', b'uidl-00001'))):
        with Trial() as trial, server(reports(*range(3)), rules=[Rule(command, edited(edit), times=None)]) as at:
            box(trial, at)
            done = trial.import_()
            if done.code not in (0, 1, 75):
                raise dmarcq.Failed(f'{name}: exit code {done.code}: {done.stderr}')
            # No mail goes that was not stored.
            gone = set(range(3)) - set(numbers(at))
            if not gone <= set(map(int, trial.held())):
                raise dmarcq.Failed(f'{name}: {gone} are gone, stored is {trial.held()}')
            at.rules.clear()
            trial.import_()
            trial.must_hold(*range(3))
            same(f'{name}: left', numbers(at), [])


def dots_in_a_mail():
    """Lines of a dot are stuffed, and are no end (RFC 1939 s. 3)."""
    text = b'.\r\n..\r\n.x\r\n-ERR no\r\n+OK\r\n.\r\n'
    imports_all(server([mails.report(number, body=text) for number in range(3)]), range(3))


# Taking away

def cut_before_quit():
    """Without QUIT nothing was deleted; nothing is counted twice."""
    at = server(reports(*range(5)), rules=[Rule('QUIT', close)])
    imports_all(at, range(5))


def quit_is_refused():
    with Trial() as trial, server(reports(*range(5)), rules=[Rule('QUIT', b'-ERR some messages not removed\r\n', close, times=None)]) as at:
        box(trial, at)
        done = trial.import_()
        if done.code not in (1, 75):
            raise dmarcq.Failed(f'exit code {done.code}: {done.stderr}')
        trial.must_hold(*range(5))
        same('left', numbers(at), list(range(5)))
        at.rules.clear()
        trial.import_().must(0)
        trial.must_hold(*range(5))
        same('left', numbers(at), [])


def dele_is_refused():
    with Trial() as trial, server(reports(*range(5)), rules=[Rule('DELE 2', b'-ERR locked\r\n')]) as at:
        box(trial, at)
        trial.import_()
        trial.must_hold(*range(5))
        trial.import_().must(0)
        trial.must_hold(*range(5))
        same('left', numbers(at), [])


def other_numbers_next_time():
    """Numbers belong to a session, UIDLs stay: what was left is not fetched again, what is new is."""
    with Trial() as trial, server(reports(*range(4))) as at:
        box(trial, at, after='leave')
        trial.import_().must(0)
        with at.changed:
            del at.mails['uidl-00001']
            at.mails = dict(reversed(at.mails.items()))
        at.deliver(mails.report(9))
        before = len(at.said('RETR'))
        trial.import_().must(0)
        same('fetched', len(at.said('RETR')) - before, 1)
        trial.must_hold(0, 1, 2, 3, 9)
        same('DELE', at.said('DELE'), [])


def without_uidl():
    for after in ('delete', 'leave'):
        with Trial() as trial, server(reports(*range(3)), without=['UIDL'], rules=[Rule('UIDL', b'-ERR no\r\n', times=None)]) as at:
            box(trial, at, after=after)
            for _ in range(2):
                same('exit code', trial.import_().code, 0)
                trial.must_hold(*range(3))
            same('left', numbers(at), [] if after == 'delete' else [0, 1, 2])


def without_pipelining():
    """One command at a time (RFC 2449 s. 6.6): nothing comes before the answer, however long that takes."""
    def alone(session):
        session.socket.settimeout(0.05)
        try:
            session.read_more()
            session.server.wrong.append(f'{bytes(session.input)} came before the answer to {session.command}')
        except TimeoutError:
            pass
        session.socket.settimeout(None)
        scripted.answer(session)
    at = server(reports(*range(5)), without=['PIPELINING'], rules=[Rule('RETR|DELE', alone, times=None)])
    imports_all(at, range(5))
    same('expected of the client', at.wrong, [])


def main():
    with dmarcq.folder() as name:
        SECURE['certificates'] = certificates.Certificates(name)
        SECURE['certificates'].good()
        return all_of([
            refused_login, certificates_that_are_not_to_be_trusted, no_stls, stls_injection, stls_works, refused_greeting, busy_at_the_login, busy_for_ever, refused_for_good, locked_mailbox,
            cut_in_a_mail, cut_again_and_again, silent_in_the_middle, silent_for_ever, slow_but_alive, mail_that_is_refused, endless_line,
            lists_that_lie, dots_in_a_mail, cut_before_quit, quit_is_refused, dele_is_refused, other_numbers_next_time, without_uidl,
            without_pipelining], sys.argv[1:], at_once=4)


sys.exit(main())
