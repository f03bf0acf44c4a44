"""A scripted POP3 server (RFC 1939 with CAPA, STLS, AUTH, UIDL, PIPELINING): see scripted.py.

What lies there afterwards: server.mails, a dictionary of bytes by UIDL in its order. DELE counts only with QUIT.
"""
import base64
import re

from servers import scripted

CAPABILITIES = ['TOP', 'UIDL', 'RESP-CODES', 'PIPELINING', 'USER', 'SASL PLAIN XOAUTH2 OAUTHBEARER']


class Server(scripted.Server):
    protocol = 'pop3'

    def __init__(self, mails=(), capabilities=None, without=(), **options):
        """mails: bytes. without: words taken from CAPABILITIES."""
        super().__init__(**options)
        self.capabilities = [word for word in capabilities or CAPABILITIES if word not in without]
        self.mails, self.serial = {}, 0
        self.deliver(*mails)

    def deliver(self, *mails):
        with self.changed:
            for data in mails:
                self.serial += 1
                self.mails[f'uidl-{self.serial:05}'] = data

    def read_command(self, session):
        session.command = session.line()

    def perform(self, session):
        if session.command == 'GREETING':
            session.deleted = set()
            session.say('+OK ready')
            return
        name, _, rest = session.command.partition(' ')
        method = getattr(self, 'do_' + name.lower(), None)
        if method is None or (not session.authenticated and name.upper() in ('STAT', 'LIST', 'UIDL', 'RETR', 'TOP', 'DELE')):
            session.say('-ERR not now')
            return
        with self.changed:
            method(session, rest)

    def follow(self, session):
        name = session.command.upper()
        if name == 'STLS' and self.tls == 'starttls' and not session.secure:
            session.input.clear()
            session.start_tls()
        elif name == 'QUIT':
            raise scripted.Over

    def do_capa(self, session, rest):
        session.say('+OK')
        starttls = self.tls == 'starttls' and not session.secure
        for word in [word for word in self.capabilities if not starttls or word.split()[0] not in ('USER', 'SASL')]:
            session.say(word)
        if starttls:
            session.say('STLS')
        session.say('.')

    def do_stls(self, session, rest):
        session.say('+OK begin' if self.tls == 'starttls' else '-ERR there is none')

    def check(self, session, user, password):
        session.authenticated = (user, password) == (self.user, self.password)
        if session.authenticated:
            # As they lie there now: those that come later belong to the next session.
            session.known = list(self.mails.items())
        session.say('+OK logged in' if session.authenticated else '-ERR [AUTH] wrong user or password')

    def do_user(self, session, rest):
        session.user = rest
        session.say('+OK')

    def do_pass(self, session, rest):
        self.check(session, session.user, rest)

    def do_auth(self, session, rest):
        mechanism, _, initial = rest.partition(' ')
        if not initial:
            session.send(b'+ \r\n')
            initial = session.line()
        text = base64.b64decode(initial).decode()
        if mechanism.upper() == 'PLAIN':
            self.check(session, *text.split('\0')[1:3])
            return
        user = re.search(r'(?:user|a)=([^\x01,]*)', text).group(1)
        self.check(session, user, re.search('auth=Bearer ([^\x01]*)', text).group(1))

    def left(self, session):
        """(number, UIDL, bytes) of what is not deleted."""
        return [(number, uidl, data) for number, (uidl, data) in enumerate(session.known, 1) if number not in session.deleted]

    def do_stat(self, session, rest):
        left = self.left(session)
        session.say(f'+OK {len(left)} {sum(len(data) for _, _, data in left)}')

    def listing(self, session, rest, column):
        rows = [(number, column(uidl, data)) for number, uidl, data in self.left(session)]
        if rest:
            row = next((row for row in rows if str(row[0]) == rest), None)
            session.say(f'+OK {row[0]} {row[1]}' if row else '-ERR no such message')
            return
        session.say('+OK')
        for number, value in rows:
            session.say(f'{number} {value}')
        session.say('.')

    def do_list(self, session, rest):
        self.listing(session, rest, lambda uidl, data: len(data))

    def do_uidl(self, session, rest):
        self.listing(session, rest, lambda uidl, data: uidl)

    def found(self, session, rest):
        return next((row for row in self.left(session) if str(row[0]) == rest), None)

    def do_retr(self, session, rest):
        row = self.found(session, rest)
        if row is None:
            session.say('-ERR no such message')
            return
        session.say('+OK')
        data = row[2] if row[2].endswith(b'\r\n') else row[2] + b'\r\n'
        session.out += re.sub(rb'(?m)^\.', b'..', data)
        session.say('.')

    def do_dele(self, session, rest):
        row = self.found(session, rest)
        if row is not None:
            session.deleted.add(row[0])
        session.say('-ERR no such message' if row is None else '+OK')

    def do_rset(self, session, rest):
        session.deleted.clear()
        session.say('+OK')

    def do_noop(self, session, rest):
        session.say('+OK')

    def do_quit(self, session, rest):
        for number in session.deleted:
            self.mails.pop(session.known[number - 1][0], None)
        session.say('+OK bye')
