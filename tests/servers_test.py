#!/usr/bin/env python3
"""The servers that the tests of mailboxes run against do what those tests rely on, seen by Python's own clients."""
import imaplib
import pathlib
import poplib
import ssl
import sys
import time

import dmarcq
from servers import certificates, delay, dovecot, imap, mails, pop3, scripted


def same(what, got, expected):
    if got != expected:
        raise dmarcq.Failed(f'{what}: {got!r} instead of {expected!r}')


def trusting(ca_file):
    return ssl.create_default_context(cafile=ca_file)


def imap_client(server, scheme='imaps', port=None):
    port = port or server.ports[scheme]
    if scheme == 'imaps':
        client = imaplib.IMAP4_SSL('localhost', port, ssl_context=trusting(server.ca_file))
    else:
        client = imaplib.IMAP4('localhost', port)
        client.starttls(trusting(server.ca_file))
    return client


def refused(call, *args):
    try:
        call(*args)
    except (imaplib.IMAP4.error, poplib.error_proto, ssl.SSLError) as error:
        return str(error)
    raise dmarcq.Failed('it was not refused')


def dovecot_imap():
    with dovecot.Dovecot(users={'reports@example.com': 'secret word', 'b': 'pass'}, without=['MOVE'], rawlog=True) as server:
        server.deliver([mails.report(1), mails.LETTER])
        for number, scheme in enumerate(('imaps', 'imap'), 1):
            client = imap_client(server, scheme)
            refused(client.login, server.user, 'wrong')
            client.login(server.user, server.password)
            same('capabilities', ['MOVE' in client.capabilities, 'UIDPLUS' in client.capabilities], [False, True])
            same('EXISTS', client.select()[1], [b'2'])
            same('first mail', client.fetch('1', '(BODY.PEEK[])')[1][0][1].replace(b'\r', b''),
                 mails.report(1).replace(b'\r', b''))
            client.logout()
            same('fetched', server.sessions(number)[-1]['fetched'], '1')
        same('flags', [mail.flags for mail in server.mails()], ['', ''])
        if not any(b'BODY.PEEK[]' in commands for commands in server.commands()):
            raise dmarcq.Failed(f'rawlog holds {server.commands()}')
        server.stop()
        began = time.monotonic()
        server.start()
        client = imap_client(server)
        client.login('b', 'pass')
        client.create('Archive/2026')
        client.logout()
        same('folders', [server.folders('b'), server.folders()], [['Archive/2026'], []])
        print(f'Dovecot: IMAP; started again and asked in {time.monotonic() - began:.2f} s')


def dovecot_quota_and_names():
    with dovecot.Dovecot(separator='.', prefix='INBOX.', quota=3) as server:
        server.deliver([mails.LETTER] * 3)
        client = imap_client(server)
        client.login(server.user, server.password)
        client.create('INBOX.Archive')
        client.select()
        same('COPY', client.uid('COPY', '1', 'INBOX.Archive')[0], 'NO')
        same('MOVE', client.uid('MOVE', '1', 'INBOX.Archive')[0], 'OK')
        same('folders', server.folders(), ['INBOX.Archive'])
        same('mails', [len(server.mails()), len(server.mails('INBOX.Archive'))], [2, 1])
        client.logout()


def dovecot_oauth():
    with dovecot.Dovecot() as server:
        for token, good in ((server.token(), True), (server.token(seconds=-100), False), (server.token('other'), False)):
            client = imap_client(server)
            text = f'user={server.user}\x01auth=Bearer {token}\x01\x01'.encode()
            if good:
                client.authenticate('XOAUTH2', lambda _, text=text: text)
                same('user', client.select()[0], 'OK')
            else:
                refused(client.authenticate, 'XOAUTH2', lambda _, text=text: text)


def dovecot_pop3():
    with dovecot.Dovecot() as server:
        server.deliver([mails.LETTER] * 2)
        client = poplib.POP3_SSL('localhost', server.ports['pop3s'], context=trusting(server.ca_file))
        client.user(server.user)
        client.pass_(server.password)
        same('STAT', client.stat()[0], 2)
        client.retr(1)
        client.dele(1)
        client.quit()
        same('session', {key: server.sessions(1, 'pop3')[0][key] for key in ('retr', 'deleted')}, {'retr': '1', 'deleted': '1'})
        client = poplib.POP3('localhost', server.ports['pop3'])
        client.stls(trusting(server.ca_file))
        client.user(server.user)
        client.pass_(server.password)
        same('STAT', client.stat()[0], 1)
        client.quit()


def kinds_of_certificates():
    for kind, said in (('expired', 'certificate has expired'), ('wrong_name', 'Hostname mismatch'),
                       ('unknown_authority', 'unable to get local issuer')):
        with dovecot.Dovecot(certificate=kind) as server:
            error = refused(imap_client, server)
            if said not in error:
                raise dmarcq.Failed(f'{kind}: {error}')


def scripted_imap():
    with dmarcq.folder() as name:
        made = certificates.Certificates(name)
        rules = [scripted.Rule('UID COPY', scripted.tagged('NO [OVERQUOTA] full')),
                 scripted.Rule('UID FETCH 2', scripted.edited(lambda answer: answer[:50]), scripted.close)]
        some = [mails.report(i) for i in range(3)]
        with imap.Server(some, tls='starttls', certificate=made.good(), rules=rules, folders=['Archive']) as server:
            client = imaplib.IMAP4('localhost', server.port)
            client.starttls(trusting(made.ca_file))
            client.login(server.user, server.password)
            same('EXISTS', client.select()[1], [b'3'])
            same('SEARCH', client.uid('SEARCH', 'UNSEEN')[1], [b'1 2 3'])
            same('FETCH', client.uid('FETCH', '1', '(BODY.PEEK[])')[1][0][1], some[0])
            same('COPY', [client.uid('COPY', '1', 'Archive')[0] for _ in range(2)], ['NO', 'OK'])
            same('STORE', client.uid('STORE', '1', '+FLAGS', '(\\Deleted)')[0], 'OK')
            same('EXPUNGE', client.uid('EXPUNGE', '1:3')[0], 'OK')
            same('MOVE', client.uid('MOVE', '3', 'Archive')[0], 'OK')
            same('folders', [[mail.uid for mail in folder.mails] for folder in server.folders.values()], [[2], [1, 2]])
            try:
                client.uid('FETCH', '2', '(BODY.PEEK[])')
                raise dmarcq.Failed('the connection was not closed')
            except imaplib.IMAP4.abort:
                pass
            same('said', [len(server.said('UID EXPUNGE')), len(server.said('EXPUNGE')), server.connections], [1, 0, 1])


def scripted_pop3():
    with pop3.Server([mails.LETTER, b'Subject: x\r\n\r\n.dot\r\n']) as server:
        client = poplib.POP3('localhost', server.port)
        client.user(server.user)
        client.pass_(server.password)
        same('UIDL', client.uidl()[1], [b'1 uidl-00001', b'2 uidl-00002'])
        same('RETR', client.retr(2)[1], [b'Subject: x', b'', b'.dot'])
        client.dele(1)
        same('before QUIT', len(server.mails), 2)
        client.quit()
        same('left', list(server.mails), ['uidl-00002'])
        server.wait('END')


def links():
    letters = [mails.LETTER] * 100
    with imap.Server(letters) as server, delay.Link(server.port, round_trip=0.2) as link:
        client = imaplib.IMAP4('127.0.0.1', link.port)
        client.login(server.user, server.password)
        client.select()
        began = time.monotonic()
        same('mails', len(client.fetch('1:*', '(BODY.PEEK[])')[1]), 200)
        if time.monotonic() - began < 0.2:
            raise dmarcq.Failed('the link is not as long as it was meant to be')
        client.logout()
    for fault in ('cut_after', 'reset_after'):
        with imap.Server(letters) as server, delay.Link(server.port, **{fault: 2000}) as link:
            client = imaplib.IMAP4('127.0.0.1', link.port)
            client.login(server.user, server.password)
            client.select()
            try:
                client.fetch('1:*', '(BODY.PEEK[])')
                raise dmarcq.Failed(f'{fault}: nothing broke')
            except (imaplib.IMAP4.abort, ConnectionResetError) as error:
                same(f'{fault}: reset', isinstance(error, ConnectionResetError), fault == 'reset_after')
            same(fault, link.received, 2000)


def totals():
    made, expected = mails.many(600)
    with dmarcq.folder() as name:
        folder = pathlib.Path(name) / 'mails'
        folder.mkdir()
        for number, mail in enumerate(made):
            (folder / f'{number:04}.eml').write_bytes(mail)
        same('mails', expected.wrong(dmarcq.imported(f'{name}/totals.db', folder, codes=(0,))), '')


def main():
    for test in (totals, scripted_imap, scripted_pop3, links, dovecot_imap, dovecot_quota_and_names, dovecot_oauth, dovecot_pop3,
                 kinds_of_certificates):
        test()


if __name__ == '__main__':
    try:
        main()
    except dmarcq.Failed as problem:
        print(problem)
        sys.exit(1)
