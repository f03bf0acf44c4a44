"""Mail servers that misbehave when and how a test wants: what imap.Server and pop3.Server have in common.

Both hold a small mailbox in memory and answer like a server that is in order. A rule changes what happens at a command:

    rules = [Rule('UID FETCH', edited(lambda answer: answer[:100]), close), Rule('UID MOVE', tagged('NO full'), times=2)]
    with imap.Server(mails, rules=rules) as server:
        run('import', '--db', db, server.url())
        assert not server.said('EXPUNGE')

The steps of a rule are bytes, which are sent as they are, and functions of the session: those below, or a test's own.
"""
import re
import socket
import ssl
import struct
import threading
import time
import warnings

USER, PASSWORD = 'reports@example.com', 'secret word'
SECONDS = 60


class Over(Exception):
    """The session is at its end."""


class Rule:
    """What to do instead of the ordinary answer at the first times commands that match behind skip others; None: all."""

    def __init__(self, pattern, *steps, times=1, skip=0):
        self.pattern, self.steps, self.times, self.skip = re.compile(pattern, re.I), steps, times, skip

    def applies(self, command):
        if not self.pattern.match(command) or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


# Steps. Those with a name in the past tense make one.

def answer(session):
    """The ordinary answer."""
    session.send(session.ordinary())


def edited(change):
    """The ordinary answer (bytes) as change makes it."""
    return lambda session: session.send(change(session.ordinary()))


def tagged(text):
    """One line with the command's tag."""
    return lambda session: session.send(f'{session.tag} {text}\r\n'.encode())


def expected(pattern):
    """Takes the next command, which must match."""
    def step(session):
        command = session.take()
        if not re.match(pattern, command, re.I):
            session.server.wrong.append(f'{command!r} instead of {pattern!r}')
            raise Over
    return step


def waited(event):
    """Nothing until another thread sets the event."""
    return lambda session: event.wait(SECONDS)


def dripped(piece, pause):
    """The ordinary answer in pieces of so many bytes with so many seconds between them."""
    def step(session):
        data = session.ordinary()
        for at in range(0, len(data), piece):
            session.send(data[at:at + piece])
            if session.server.over.wait(pause):
                raise Over
    return step


def close(session):
    raise Over


def reset(session):
    session.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    raise Over


def hang(session):
    """Nothing any more, until the test is over or the client goes."""
    session.hangs = True
    session.server.over.wait(SECONDS)
    raise Over


class Session:
    """One connection."""

    def __init__(self, server, connection, number):
        self.server, self.socket, self.number = server, connection, number
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input, self.out = bytearray(), bytearray()
        self.tag = self.command = ''
        self.secure = self.authenticated = self.hangs = False

    def start_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.server.old_tls:
            with warnings.catch_warnings():
                warnings.simplefilter('ignore', DeprecationWarning)
                context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            context.set_ciphers('DEFAULT:@SECLEVEL=0')
        context.load_cert_chain(self.server.certificate.certificate, self.server.certificate.key)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.secure = True

    def read_more(self):
        got = self.socket.recv(65536)
        if not got:
            raise Over
        self.input += got

    def line(self):
        while b'\n' not in self.input:
            self.read_more()
        line, _, rest = bytes(self.input).partition(b'\n')
        self.input[:] = rest
        return line.rstrip(b'\r').decode('utf-8', 'surrogateescape')

    def bytes(self, number):
        while len(self.input) < number:
            self.read_more()
        data = bytes(self.input[:number])
        del self.input[:number]
        return data

    def send(self, data):
        self.socket.sendall(data)

    def say(self, text):
        """Adds a line to the ordinary answer."""
        self.out += (text.encode('utf-8', 'surrogateescape') if isinstance(text, str) else text) + b'\r\n'

    def ordinary(self):
        """The ordinary answer to the present command; what it does is done."""
        self.server.perform(self)
        data = bytes(self.out)
        self.out.clear()
        return data

    def take(self):
        """The next command without its tag; the server remembers it."""
        self.server.read_command(self)
        self.server.remember(self.number, self.command)
        return self.command

    def run(self, steps):
        for step in steps:
            if isinstance(step, bytes):
                self.send(step)
            else:
                step(self)

    def serve(self):
        if self.server.tls == 'tls':
            self.start_tls()
        self.command = 'GREETING'
        while True:
            self.run(self.server.steps(self.command))
            # What comes behind an ordinary answer: TLS, the end.
            self.server.follow(self)
            self.take()


class Server:
    """Listens while it is entered. tls: 'tls' from the first byte, 'starttls', or None. old_tls: nothing newer than TLS 1.1."""
    protocol = port_tls = None

    def __init__(self, tls=None, certificate=None, rules=(), user=USER, password=PASSWORD, old_tls=False):
        self.tls, self.certificate, self.rules, self.old_tls = tls, certificate, list(rules), old_tls
        self.user, self.password = user, password
        self.commands, self.wrong, self.began = [], [], []
        self.changed, self.over = threading.Condition(threading.RLock()), threading.Event()
        self.sessions, self.threads = [], []

    def __enter__(self):
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=50)
        self.port = self.listener.getsockname()[1]
        self.threads.append(threading.Thread(target=self.accept, daemon=True))
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        self.over.set()
        # Wakes accept, which close alone would not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop()
        for thread in self.threads:
            thread.join(SECONDS)

    def drop(self):
        """Breaks all connections now."""
        for session in list(self.sessions):
            try:
                session.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def accept(self):
        number = 0
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            number += 1
            self.began.append(time.monotonic())
            thread = threading.Thread(target=self.serve, args=[connection, number], daemon=True)
            self.threads.append(thread)
            thread.start()

    def serve(self, connection, number):
        session = Session(self, connection, number)
        self.sessions.append(session)
        try:
            session.serve()
        except (Over, OSError):
            pass
        finally:
            self.sessions.remove(session)
            session.socket.close()
            self.ended(session)
            self.remember(number, 'END')

    def ended(self, session):
        """A session ended, in whatever way."""

    def steps(self, command):
        with self.changed:
            for rule in self.rules:
                if rule.applies(command):
                    return rule.steps
        return [answer]

    def remember(self, number, command):
        with self.changed:
            self.commands.append((number, command))
            self.changed.notify_all()

    # What the client did

    @property
    def connections(self):
        """How many there were."""
        return len({number for number, _ in self.commands})

    def pauses(self):
        """Seconds from each connection to the next."""
        return [later - before for before, later in zip(self.began, self.began[1:])]

    def said(self, pattern):
        """The commands of the clients that match, without their tags."""
        with self.changed:
            return [command for _, command in self.commands if re.match(pattern, command, re.I)]

    def wait(self, pattern, times=1):
        """Until clients said that so often; 'END' is said by the end of a connection. False: they don't."""
        end = time.monotonic() + SECONDS
        with self.changed:
            while len(self.said(pattern)) < times:
                if not self.changed.wait(end - time.monotonic()):
                    return False
        return True

    def url(self, rest='', user=None):
        scheme = self.protocol + ('s' if self.tls == 'tls' else '')
        host = 'localhost' if self.tls else '127.0.0.1'
        return f'{scheme}://{user or self.user}@{host}:{self.port}{rest}' + ('' if self.tls else '?insecure=1')
