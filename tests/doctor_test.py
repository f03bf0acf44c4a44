#!/usr/bin/env python3
"""`dmarcq doctor` against servers that fail in one way each, on loopback: which step says what, what comes behind it, and the exit code. Each
answer is asked for as a table, as CSV and as JSON, which must agree."""
import csv
import io
import json
import os
import pathlib
import re
import socket
import ssl
import sys
import threading
import time
import warnings

import dmarcq
from servers import certificates, imap, pop3, scripted

problems = []
OFFERS = 'IMAP4rev1 UIDPLUS MOVE ACL'.split()
RESULTS = {'ok', 'unknown', 'warning', 'failed', 'not tried'}


class Answer:
    """What doctor says of a URL."""

    def __init__(self, url, *options, password=scripted.PASSWORD, form='json'):
        env = {name: value for name, value in os.environ.items() if name != 'DMARCQ_PASSWORD'} | {'COLUMNS': '80'}
        if password is not None:
            env['DMARCQ_PASSWORD'] = password
        self.done = dmarcq.run('doctor', url, '--format', form, *options, env=env)
        self.code, self.text, self.errors = self.done.returncode, self.done.stdout.decode(), self.done.stderr.decode()
        self.json = json.loads(self.text) if form == 'json' and self.text else None

    def steps(self, name):
        return [row for row in self.json['rows'] if row['step'] == name]


def same(what, got, wanted):
    if got != wanted:
        problems.append(f'{what}: {got!r} and not {wanted!r}')


def check(what, url, code, steps, *options, forms=True, **how):
    """steps: {name: result, or (result, part of what was found or is to do...)}; those that are not named don't matter."""
    answer = Answer(url, *options, **how)
    if answer.json is None:
        problems.append(f'{what}: no JSON: {answer.errors}')
        return answer
    same(f'{what}: exit code', (answer.code, answer.json['exit_code']), (code, code))
    same(f'{what}: messages', [line for line in answer.errors.splitlines() if 'insecure=1' not in line], [])
    same(f'{what}: steps without anything to do', [row['step'] for row in answer.json['rows']
                                                   if row['result'] in ('failed', 'warning') and not row['advice']], [])
    check_order(what, answer, url)
    for name, wanted in steps.items():
        result, *parts = wanted if isinstance(wanted, tuple) else (wanted,)
        rows = answer.steps(name)
        same(f'{what}: {name}', [row['result'] for row in rows], [] if result is None else [result])
        said = ' '.join(str(row[key]) for row in rows for key in ('found', 'advice', 'about'))
        problems.extend(f'{what}: {name} lacks {part!r}: {said}' for part in parts if part not in said)
    if forms:
        check_forms(what, answer, url, *options, **how)
    return answer


def documented(scheme):
    """The steps in the order that docs/doctor.md gives them."""
    text = (dmarcq.TOP / 'docs/doctor.md').read_text(encoding='utf-8').partition('## The steps')[2].partition('\n## ')[0]
    order = [name for cell in re.findall(r'^\| (`[^|]*`) \|', text, re.M) for name in re.findall(r'`([a-z]+)`', cell)]
    if scheme in ('imaps', 'pop3s'):
        order.remove('greeting')
        order.insert(order.index('certificate') + 1, 'greeting')
    elif scheme == 'insecure':
        order.remove('tls')
        order.insert(order.index('capabilities') + 1, 'tls')
    return order


def check_order(what, answer, url):
    told = list(dict.fromkeys(row['step'] for row in answer.json['rows']))
    scheme = 'insecure' if 'insecure=1' in url else url.partition(':')[0]
    if '://' in url:
        same(f'{what}: the order of the steps', told, [step for step in documented(scheme) if step in told])


def check_forms(what, answer, url, *options, **how):
    """The same in a table of 80 columns and in CSV; times may differ."""
    same(f'{what}: JSON', (answer.json['format'], answer.json['query'], answer.json['window']), (1, 'doctor', None))
    same(f'{what}: results', {row['result'] for row in answer.json['rows']} - RESULTS, set())
    table = Answer(url, *options, form='table', **how)
    same(f'{what}: exit code of the table', table.code, answer.code)
    same(f'{what}: long lines', [line for line in table.text.splitlines() if len(line) > 80 and '/dev/shm' not in line], [])
    text = ' '.join(table.text.split())
    for row in answer.json['rows']:
        for key in ('result', 'advice'):
            if row[key] and ' '.join(row[key].split()) not in text:
                problems.append(f'{what}: the table lacks {row[key]!r}')
    rows = list(csv.DictReader(io.StringIO(Answer(url, *options, form='csv', **how).text)))
    same(f'{what}: CSV', [(row['step'], row['result']) for row in rows],
         [(row['step'], row['result']) for row in answer.json['rows']])


NOT_TRIED = dict.fromkeys(('login', 'folder', 'rights'), 'not tried')
UNHEARD = dict.fromkeys(('tls', 'certificate', 'greeting', 'capabilities', 'methods', 'clock'), 'not tried') | NOT_TRIED


def check_names():
    check('no host name', 'imaps://me@mail..example.com', 78, {'name': ('failed', 'typing error'), 'port': 'not tried'} | UNHEARD)
    answer = Answer('imaps://me:secret@mail.example.com')
    same('password in the URL', (answer.code, answer.text, 'no password in a URL' in answer.errors), (64, '', True))
    same('the password is not told', 'secret@' in answer.errors, False)
    answer = Answer('mail.example.com')
    same('neither URL nor name', (answer.code, answer.text), (64, ''))
    answer = Answer('imaps://me@127.0.0.1', '--timeout', '0')
    same('a time-out of 0', (answer.code, 'timeout' in answer.errors), (64, True))


def check_ports():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        free = listener.getsockname()[1]
    answer = check('refused', f'imaps://me@127.0.0.1:{free}', 75,
                   {'name': 'ok', 'port': ('failed', 'refused', 'nothing listens', f'127.0.0.1:{free}')} | UNHEARD)
    same('refused: ports', {row['port']: row['service'] for row in answer.json['ports']},
         {free: None, 993: 'imaps', 143: 'imap', 995: 'pop3s', 110: 'pop3'})
    same('refused: its state', [row['state'] for row in answer.json['ports'] if row['port'] == free], ['refused'])
    check('IPv6', f'imaps://me@[::1]:{free}', 75, {'name': ('ok', 'an address and no name'), 'port': ('failed', f'[::1]:{free}')} | UNHEARD)
    check('unreachable', 'imaps://me@255.255.255.255', 75, {'port': ('failed', 'unreachable', 'route')} | UNHEARD)
    # Nobody accepts, and the queue is full: the next one hears nothing.
    with socket.create_server(('127.0.0.1', 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(('127.0.0.1', port))
        answer = check('silent', f'imaps://me@127.0.0.1:{port}', 75,
                       {'port': ('failed', 'nothing came back within 1 seconds', 'firewall or security group')} | UNHEARD,
                       '--timeout', '1')
        same('silent: its state', [(row['state'], row['milliseconds']) for row in answer.json['ports'] if row['port'] == port],
             [('silent', None)])
        for one in waiting:
            one.close()


class Plain:
    """Accepts and does with each connection what a function says."""

    def __init__(self, serve):
        self.serve, self.over = serve, threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        return f'127.0.0.1:{self.listener.getsockname()[1]}'

    def __exit__(self, *_):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(60)

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.one, args=[connection], daemon=True).start()

    def one(self, connection):
        with connection:
            try:
                self.serve(self, connection)
            except OSError:
                pass


def says(text):
    def serve(plain, connection):
        connection.sendall(text)
        plain.over.wait(60)
    return serve


def says_nothing(plain, connection):
    plain.over.wait(60)


def drips(plain, connection):
    """Something always comes, and nothing ever ends."""
    connection.sendall(b'* OK ready\r\n')
    while not plain.over.wait(0.05):
        connection.sendall(b'* x\r\n')


def old_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers('DEFAULT:@SECLEVEL=0')
    context.load_cert_chain(certificate.certificate, certificate.key)

    def serve(plain, connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.sendall(b'* OK ready\r\n')
            plain.over.wait(60)
    return serve


def check_speakers():
    short = ('--timeout', '1')
    with Plain(says_nothing) as place:
        check('accepts and is silent', f'imaps://me@{place}', 75, {'port': 'ok', 'tls': ('failed', 'handshake', '1 seconds')}, *short)
        check('no greeting', f'imap://me@{place}', 75, {'greeting': ('failed', '1 seconds', 'imaps://')}, *short)
    with Plain(drips) as place:
        check('drips', f'imap://me@{place}?insecure=1', 75, {'greeting': 'ok', 'capabilities': ('failed', '1 seconds')}, *short, forms=False)
    for what, said, url, advice in (('HTTP', b'HTTP/1.1 400 Bad Request\r\n', 'imap', 'web server'),
                                    ('SMTP', b'220 mail.example.com ESMTP\r\n', 'pop3', 'SMTP'),
                                    ('POP3 for IMAP', b'+OK ready\r\n', 'imap', 'pop3s://'),
                                    ('IMAP for POP3', b'* OK ready\r\n', 'pop3', 'imaps://')):
        with Plain(says(said)) as place:
            check(what, f'{url}://me@{place}', 78, {'greeting': ('failed', said.decode().strip(), advice), 'starttls': 'not tried'} | NOT_TRIED)
    with Plain(says(b'* BYE too many connections\r\n')) as place:
        check('BYE', f'imap://me@{place}', 75, {'greeting': ('failed', 'too many connections')})
    with Plain(says(b'x' * 100000)) as place:
        check('a line without end', f'imap://me@{place}', 78, {'greeting': ('failed', '8192 bytes')})
    with Plain(says(b'* OK \x1b]0;evil\x07 \xff \xe2\x80\xae\r\n' + b'* CAPABILITY\r\n' * 5)) as place:
        answer = Answer(f'imap://me@{place}', '--timeout', '1', form='table')
        same('hostile greeting', ('\x1b' in answer.text, '\\x1b]0;evil\\x07 \\xff \\u202e' in answer.text), (False, True))


def intermediate(certs):
    """A server's certificate by a CA between it and the authority; the server does not send it."""
    made, ca = certs.files('between'), certs.files('ca')
    request, extensions = certs.folder / 'between.csr', certs.folder / 'between.ext'
    certificates.openssl('req', *certificates.KEY, '-keyout', made.key, '-out', request, '-subj', '/CN=authority between')
    extensions.write_text('basicConstraints=critical,CA:TRUE\n', encoding='ascii')
    certificates.openssl('x509', '-req', '-in', request, '-CA', ca.certificate, '-CAkey', ca.key, '-days', 30, '-extfile', extensions,
                         '-out', made.certificate)
    own = certs.server('below', names=certificates.NAMES + '\nauthorityInfoAccess=caIssuers;URI:http://ca.example.com/between',
                       authority='between')
    whole = certs.files('whole')
    whole.certificate.write_bytes(own.certificate.read_bytes() + made.certificate.read_bytes())
    return own, certificates.Certificate(whole.certificate, own.key)


def self_signed(certs):
    made = certs.files('self')
    certificates.openssl('req', '-x509', *certificates.KEY, '-keyout', made.key, '-out', made.certificate, '-days', 30, '-subj', '/CN=self',
                         '-addext', f'subjectAltName={certificates.NAMES}')
    return made


def not_yet_valid(certs):
    made, ca = certs.files('future'), certs.files('ca')
    top = certs.folder
    certificates.openssl('req', *certificates.KEY, '-keyout', made.key, '-out', top / 'future.csr', '-subj', '/CN=future')
    (top / 'index').touch()
    (top / 'ca.conf').write_text(f'[ca]\ndefault_ca=one\n[one]\nnew_certs_dir={top}\ndatabase={top}/index\nrand_serial=yes\n'
                                 f'default_md=sha256\npolicy=any\nx509_extensions=names\n[any]\ncommonName=supplied\n'
                                 f'[names]\nsubjectAltName={certificates.NAMES}\n', encoding='ascii')
    certificates.openssl('ca', '-batch', '-config', top / 'ca.conf', '-in', top / 'future.csr', '-out', made.certificate, '-notext', '-cert',
                         ca.certificate, '-keyfile', ca.key, '-startdate', '20700101000000Z', '-enddate', '20710101000000Z')
    return made


def check_certificates(certs):
    own, whole = intermediate(certs)
    ca = ('--ca-file', certs.ca_file)
    bad = {'tls': 'ok', 'greeting': 'ok', 'capabilities': 'ok', 'methods': 'ok'} | NOT_TRIED
    for what, certificate, parts in (
            ('expired', certs.expired(), ('expired on', 'renew')),
            ('wrong name', certs.wrong_name(), ('not for localhost but for elsewhere.example.com',)),
            ('unknown CA', certs.unknown_authority(), ('neither sent nor trusted: CN=authority other', 'ca-file')),
            ('self-signed', self_signed(certs), ('self-signed',)),
            ('missing intermediate', own, ('does not send the intermediate certificate of CN=authority between', 'full chain')),
            ('not yet valid', not_yet_valid(certs), ('not valid before 2070-01-01T00:00:00Z', 'clock'))):
        with imap.Server(tls='tls', certificate=certificate) as server:
            check(what, server.url(), 78, bad | {'certificate': ('failed', *parts)}, *ca)
            same(f'{what}: no secret is sent', server.said('LOGIN|AUTHENTICATE'), [])
    with imap.Server(tls='tls', certificate=whole) as server:
        answer = check('with its intermediate', server.url(), 0, {'certificate': ('ok', 'days left'), 'login': 'ok'}, *ca)
        same('the chain', [(row['subject'], row['issuer']) for row in answer.json['certificates']],
             [('CN=below', 'CN=authority between'), ('CN=authority between', 'CN=authority ca')])
        same('its names', answer.json['certificates'][0]['names'], 'localhost, 127.0.0.1')
        if os.path.exists('/etc/ssl/certs/ca-certificates.crt'):
            check("the system's CAs", server.url(), 78, {'certificate': ('failed', 'CN=authority ca')}, forms=False)
        check('no such CA file', server.url(), 78, {'tls': ('failed', 'absent.pem', 'No such file')}, '--ca-file', '/absent.pem')
    with imap.Server(tls='tls', certificate=certs.server('soon', days=3)) as server:
        check('ends soon', server.url(), 1, {'certificate': ('warning', 'days left', 'renew'), 'login': 'ok'}, *ca)
    with Plain(old_tls(certs.good())) as place:
        check('old TLS', f'imaps://me@{place}', 78, {'tls': ('failed', 'TLSv1.1', 'TLS 1.2'), 'certificate': 'not tried'} | NOT_TRIED, *ca)


def check_starttls(certs):
    ca = ('--ca-file', certs.ca_file)
    for kind, command in ((imap, 'STARTTLS'), (pop3, 'STLS')):
        with kind.Server(tls='starttls', certificate=certs.good()) as server:
            check(command, server.url(), 0, {'starttls': ('ok', command), 'tls': ('ok', 'TLSv1.3'), 'certificate': 'ok', 'login': 'ok',
                                             'folder': ('ok', 'messages: 0')}, *ca)
            check(f'TLS at the port of {command}', server.url().replace('://', 's://'), 78,
                  {'tls': ('failed', 'does not speak TLS', server.protocol + '://')}, *ca)
        with kind.Server() as server:
            check(f'no {command}', server.url().replace('?insecure=1', ''), 78,
                  {'greeting': 'ok', 'starttls': ('failed', f'does not offer {command}'), 'tls': 'not tried'} | NOT_TRIED)
            same(f'no {command}: no secret is sent', server.said('LOGIN|AUTH|USER|PASS'), [])
            check('in the clear', server.url(), 1, {'tls': ('warning', 'insecure=1'), 'login': 'ok', 'folder': 'ok'})
    refusal = [scripted.Rule('STARTTLS', scripted.tagged('NO not today'), times=None)]
    with imap.Server(tls='starttls', certificate=certs.good(), rules=refusal) as server:
        check('STARTTLS is refused', server.url(), 78, {'starttls': ('failed', 'NO not today')}, *ca)
    injected = [scripted.Rule('STARTTLS', lambda session: session.send(f'{session.tag} OK\r\n* CAPABILITY X\r\n'.encode()), times=None)]
    with imap.Server(tls='starttls', certificate=certs.good(), rules=injected) as server:
        check('put in front of TLS', server.url(), 78, {'starttls': ('failed', 'more than the answer')}, *ca)


def check_logins():
    with imap.Server() as server:
        check('wrong password', server.url(), 77, {'login': ('failed', 'wrong user or password', 'whole address'), 'folder': 'not tried'},
              password='wrong')
        check('no password', server.url(), 78, {'login': ('failed', '--password-file FILE'), 'folder': 'not tried'}, password=None)
        same('no user', Answer(server.url().replace(server.user + '@', '')).code, 64)
    app = [scripted.Rule('AUTHENTICATE|LOGIN', scripted.tagged('NO [ALERT] Application-specific password required'), times=None)]
    with imap.Server(rules=app) as server:
        check('an app password is wanted', server.url(), 77, {'login': ('failed', 'Application-specific', 'make an app password')})
    busy = [scripted.Rule('AUTHENTICATE|LOGIN', scripted.close, times=None)]
    with imap.Server(rules=busy) as server:
        check('hangs up at the login', server.url(), 75, {'login': ('failed', 'try again later')})
    hangs = [scripted.Rule('AUTHENTICATE|LOGIN', scripted.hang, times=None)]
    with imap.Server(rules=hangs) as server:
        check('hangs at the login', server.url(), 75, {'login': 'failed'}, '--timeout', '1', forms=False)
    oauth = [scripted.Rule('CAPABILITY', lambda session: session.send(
        f'* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2\r\n{session.tag} OK\r\n'.encode()), times=None)]
    with imap.Server(rules=oauth) as server:
        check('OAuth2 only', server.url(), 78, {'methods': ('failed', 'XOAUTH2', 'plain logins are disabled', 'oauth2-token-command')} | NOT_TRIED)
        same('OAuth2 only: no secret is sent', server.said('LOGIN|AUTHENTICATE'), [])
    with pop3.Server() as server:
        check('POP3, wrong password', server.url(), 77, {'login': ('failed', 'wrong user or password')}, password='wrong')
    many = [scripted.Rule('AUTHENTICATE|LOGIN', scripted.tagged('NO [ALERT] Too many simultaneous connections. (Failure)'), times=None)]
    with imap.Server(rules=many) as server:
        check('too many connections', server.url(), 75, {'login': ('failed', 'lets nobody in now', 'close some'), 'folder': 'not tried'})
    full = [scripted.Rule('GREETING', b'* BYE Maximum number of connections from user+IP exceeded\r\n', scripted.close, times=None)]
    with imap.Server(rules=full) as server:
        check('too many connections, at once', server.url(), 75, {'greeting': ('failed', 'Maximum number of connections', 'close some'), 'login': 'not tried'})
    throttled = [scripted.Rule('STATUS', scripted.tagged('BAD Request is throttled. Suggested Backoff Time: 1 milliseconds'), times=None)]
    with imap.Server(rules=throttled) as server:
        check('throttled', server.url(), 75, {'login': 'ok', 'folder': ('failed', 'Request is throttled', 'import less often')})
    locked = [scripted.Rule('AUTH|PASS', b'-ERR [IN-USE] locked\r\n', times=None)]
    with pop3.Server(rules=locked) as server:
        check('POP3, locked', server.url(), 75, {'login': ('failed', '[IN-USE] locked', 'another program')})
    with pop3.Server(without=['UIDL']) as server:
        check('POP3 without UIDL', server.url(), 1, {'rights': ('warning', 'UIDL: no')})


def lists(*lines):
    return lambda session: session.send(b''.join(line + b'\r\n' for line in lines) + f'{session.tag} OK\r\n'.encode())


def check_folders():
    with imap.Server([b'a', b'b'], folders=['Reports/DMARC', 'Archive']) as server:
        check('a folder', server.url('/INBOX'), 1, {'folder': ('ok', 'messages: 2'), 'rights': ('unknown', 'no ACL')})
        check('another case', server.url('/reports.dmarc'), 78, {'folder': ('failed', 'no such folder', 'did you mean Reports/DMARC?'),
                                                                'rights': 'not tried'})
        check('a slip', server.url('/Archiev'), 78, {'folder': ('failed', 'did you mean Archive?')})
        check('nothing like it', server.url('/Zzz'), 78, {'folder': ('failed', 'there are: INBOX, Reports/DMARC, Archive')})
        same('it only looks', [one for one in server.said('') if one.split()[0] not in
                               ('GREETING', 'CAPABILITY', 'AUTHENTICATE', 'LIST', 'STATUS', 'LOGOUT', 'END', 'NAMESPACE', 'ID', 'NOOP')], [])
        same('nothing is marked', [mail.flags for mail in server.folders['INBOX'].mails], [set(), set()])
    literal = [scripted.Rule('LIST', lists(b'* LIST () "/" {8}', b'Rep"\\rts', b'* LIST (\\Noselect) "/" Repxrts'), times=None)]
    with imap.Server(rules=literal) as server:
        check('a literal', server.url('/Reports'), 78, {'folder': ('failed', 'did you mean Rep"\\rts?')})
    for what, line in (('a huge literal', b'* LIST () "/" {99999999999}'), ('a line without end', b'* LIST () ' + b'x' * 100000)):
        with imap.Server(rules=[scripted.Rule('LIST', lists(line), times=None)]) as server:
            check(what, server.url(), 75, {'folder': 'failed'})
    with imap.Server(rules=[scripted.Rule('STATUS', scripted.hang, times=None)]) as server:
        check('hangs at STATUS', server.url(), 75, {'folder': ('failed', '1 seconds')}, '--timeout', '1', forms=False)
    with imap.Server(rules=[scripted.Rule('LIST', lists(*[b'* LIST () "/" f%d' % number for number in range(5000)]), times=None)]) as server:
        check('many folders', server.url('/Zzz'), 78, {'folder': ('failed', 'there are: f0, f1', '...')})
    rights = [scripted.Rule('MYRIGHTS', lists(b'* MYRIGHTS INBOX lrs'), times=None)]
    with imap.Server(capabilities=OFFERS, rules=rights) as server:
        check('rights to read', server.url(), 1, {'rights': ('ok', 'may read: yes, mark as seen: yes, move and delete: no')})
    rights = [scripted.Rule('MYRIGHTS', lists(b'* MYRIGHTS INBOX l'), times=None)]
    with imap.Server(capabilities=OFFERS, rules=rights) as server:
        check('no rights', server.url(), 77, {'rights': ('failed', 'may read: no', 'let this user read')})


def check_configuration(scratch):
    (scratch / 'password').write_text(scripted.PASSWORD + '\n', encoding='utf-8')
    (scratch / 'password').chmod(0o600)

    def configured(what, server, code, steps, *lines, login='password-file = {}/password', options=(), **how):
        (scratch / 'dmarcq.conf').write_text('\n'.join(
            ['[mailbox reports]', f'url = {server.url("/INBOX" if server.protocol == "imap" else "")}', login.format(scratch), *lines, '']),
            encoding='utf-8')
        # With ?insecure=1 there is always a warning.
        check(what, 'reports', code, steps, '--config', scratch / 'dmarcq.conf', *options, password=None, **how)

    moves = ('after = archive:Archive', 'invalid-folder = Bad')
    with imap.Server(folders=['Archive', 'Bad']) as server:
        configured('both folders', server, 1, {'login': 'ok', 'folder': 'ok', 'archive': ('ok', 'Archive'), 'invalid': ('ok', 'Bad')}, *moves)
        configured('neither is named', server, 1, {'archive': None, 'invalid': None})
    with imap.Server() as server:
        configured('not there yet', server, 1, {'archive': ('unknown', 'not there yet'), 'invalid': ('unknown', 'not there yet')}, *moves)
        for text, said in (('report', 'did you mean reports?'), ('unlike.example', 'neither the URL of a mailbox nor')):
            answer = Answer(text, '--config', scratch / 'dmarcq.conf')
            same(text, (answer.code, answer.text, said in answer.errors), (64, '', True))
    with imap.Server([b'a', b'b']) as server:
        by_hand = '--password-file', scratch / 'password'
        credential = 'credential = reports'
        configured('a credential by hand', server, 78, {'login': ('failed', 'only systemd hands it out', 'by hand give --password-file FILE')}, login=credential)
        configured('a credential with a password', server, 1, {'login': 'ok'}, login=credential, options=by_hand)
        configured('another CA', server, 1, {'login': 'ok'}, options=('--ca-file', '/absent.pem'))
        configured('no such command', server, 78, {'login': ('failed', 'run that command by hand')}, login='password-command = exit 3')
        configured('no such file', server, 78, {'login': ('failed', 'name what holds it')}, login='password-file = /absent')
        (scratch / 'open').write_text('x\n', encoding='utf-8')
        (scratch / 'open').chmod(0o644)
        configured('a file for everybody', server, 77, {'login': ('failed', 'everybody may read it', 'let nobody else read it')},
                   login='password-file = {}/open')
        configured('a search', server, 1, {'search': ('ok', 'messages that it finds: 2', 'UNSEEN')}, 'search = UNSEEN')
        same('the search only looks', server.said('SELECT|UID STORE'), [])
    refusal = [scripted.Rule('UID SEARCH', scripted.tagged('BAD no such key'), times=None)]
    with imap.Server(rules=refusal) as server:
        configured('a search that is none', server, 78, {'search': ('failed', 'no such key', 'RFC 9051 section 6.4.4'), 'rights': 'unknown'},
                   'search = FROMM a')
    with imap.Server(rules=[scripted.Rule('UID SEARCH', scripted.hang, times=None)]) as server:
        configured('a search without end', server, 75, {'search': ('failed', 'search for less')}, 'search = TEXT a', options=('--timeout', '1'), forms=False)
    noselect = [scripted.Rule('LIST', lists(b'* LIST () "/" INBOX', b'* LIST (\\Noselect) "/" Archive', b'* LIST () "/" Bad'), times=None)]
    with imap.Server(folders=['Bad'], rules=noselect) as server:
        configured('a folder of folders', server, 78, {'archive': ('failed', 'can hold no mails'), 'invalid': 'ok'}, *moves)
    may = [scripted.Rule('MYRIGHTS "INBOX"', lists(b'* MYRIGHTS INBOX lrswite'), times=None),
           scripted.Rule('MYRIGHTS "Archive"', lists(b'* MYRIGHTS Archive lr'), times=None)]
    with imap.Server(capabilities=OFFERS, folders=['Archive'], rules=may) as server:
        configured('the archive takes nothing', server, 77, {'rights': 'ok', 'archive': ('failed', 'no mail may be put into it')}, moves[0])
    with imap.Server(capabilities=OFFERS, rules=[scripted.Rule('MYRIGHTS', lists(b'* MYRIGHTS INBOX lrd'), times=None)]) as server:
        configured('old letters', server, 1, {'rights': ('ok', 'move and delete: yes')}, 'after = delete')
        configured('may not mark', server, 77, {'rights': ('failed', 'let this user mark as seen')}, 'after = seen')
    with imap.Server(without=['UIDPLUS']) as server:
        configured('no UIDPLUS', server, 1, {'rights': ('warning', 'without UIDPLUS')}, 'after = delete')
    token = f'oauth2-token-command = echo "{scripted.PASSWORD}"'
    with imap.Server() as server:
        configured('a token', server, 1, {'methods': ('ok', 'OAUTHBEARER'), 'login': ('ok', 'OAuth2 token')}, login=token)
        configured('an old token', server, 77, {'login': ('failed', 'may be expired')}, login='oauth2-token-command = echo old')
    plain = [scripted.Rule('CAPABILITY', lists(b'* CAPABILITY IMAP4rev1 AUTH=PLAIN'), times=None)]
    with imap.Server(rules=plain) as server:
        configured('no OAuth2', server, 78, {'methods': ('failed', 'no OAuth2', 'takes no OAuth2 tokens'), 'login': 'not tried'}, login=token)


def greets(clock):
    return [scripted.Rule('GREETING', scripted.edited(lambda _: b'+OK ready <1.%d@mail.example.com>\r\n' % clock), times=None)]


def check_clocks():
    with pop3.Server(rules=greets(1000000000)) as server:
        check('no clock', server.url(), 1, {'clock': ('unknown', 'does not tell')})
    with pop3.Server(rules=greets(time.time())) as server:
        check('a right clock', server.url(), 1, {'clock': ('ok', 'the same')})
    with pop3.Server(rules=greets(time.time() - 7200)) as server:
        check('a wrong clock', server.url(), 1, {'clock': ('warning', 'seconds ahead of', 'NTP')})


def main():
    with dmarcq.folder() as scratch:
        certs = certificates.Certificates(scratch)
        check_names()
        check_ports()
        check_speakers()
        check_certificates(certs)
        check_starttls(certs)
        check_logins()
        check_folders()
        check_configuration(pathlib.Path(scratch))
        check_clocks()
    print('\n'.join(problems))
    print(f'{len(problems)} problems')
    return 1 if problems else 0


sys.exit(main())
