"""A scripted IMAP server (RFC 3501 with SASL-IR, IDLE, UIDPLUS, MOVE, ESEARCH): see scripted.py.

Folders are what a test looks at afterwards: server.folders['INBOX'].mails, each with uid, flags and bytes.
"""
import base64
import re

from servers import scripted

CAPABILITIES = 'IMAP4rev1 SASL-IR LITERAL+ IDLE NAMESPACE UIDPLUS MOVE ESEARCH UNSELECT CHILDREN'.split()
SECTION = re.compile(r'BODY(\.PEEK)?\[(.*?)\](?:<(\d+)\.(\d+)>)?', re.I)


class Mail:
    def __init__(self, uid, data, flags=()):
        self.uid, self.bytes, self.flags = uid, data, set(flags)


class Folder:
    def __init__(self, uidvalidity):
        self.uidvalidity, self.uidnext, self.mails = uidvalidity, 1, []

    def add(self, data, flags=()):
        self.mails.append(Mail(self.uidnext, data, flags))
        self.uidnext += 1
        return self.mails[-1]

    def bytes(self):
        return [mail.bytes for mail in self.mails]


def numbers(text, largest):
    """A predicate for a set like 1:5,7,9:*"""
    ranges = []
    for part in text.split(','):
        ends = [largest if end == '*' else int(end) for end in part.split(':')]
        ranges.append((min(ends), max(ends)))
    return lambda number: any(low <= number <= high for low, high in ranges)


def set_of(uids):
    """The shortest text of a set."""
    parts = []
    for uid in sorted(uids):
        if parts and parts[-1][1] == uid - 1:
            parts[-1][1] = uid
        else:
            parts.append([uid, uid])
    return ','.join(str(low) if low == high else f'{low}:{high}' for low, high in parts)


def words(text):
    """Atoms, strings without their quotes, and lists with their parentheses."""
    return [word.strip('"').replace('\\"', '"').replace('\\\\', '\\')
            for word in re.findall(r'"(?:[^"\\]|\\.)*"|\((?:[^()]|\([^()]*\))*\)|[^\s"()]+', text)]


class Server(scripted.Server):
    protocol = 'imap'

    def __init__(self, mails=(), capabilities=None, without=(), folders=(), separator='/', **options):
        """mails: bytes for INBOX. without: words taken from CAPABILITIES. folders: others that are there, empty."""
        super().__init__(**options)
        self.capabilities = [word for word in capabilities or CAPABILITIES if word not in without]
        self.separator, self.folders = separator, {}
        for name in ('INBOX', *folders):
            self.create(name)
        for data in mails:
            self.folders['INBOX'].add(data)

    def create(self, name):
        self.folders[name] = Folder(1700000000 + len(self.folders))

    def deliver(self, *mails, folder='INBOX'):
        """Clients that are in IDLE are told."""
        with self.changed:
            for data in mails:
                self.folders[folder].add(data)
            self.changed.notify_all()

    # The dialogue

    def read_command(self, session):
        line = session.line()
        while True:
            literal = re.search(r'\{(\d+)(\+?)\}$', line)
            if not literal:
                break
            if not literal.group(2):
                session.send(b'+ go on\r\n')
            text = session.bytes(int(literal.group(1))).decode('utf-8', 'surrogateescape')
            text = text.replace('\\', '\\\\').replace('"', '\\"')
            line = f'{line[:literal.start()]}"{text}"' + session.line()
        session.tag, _, session.command = line.partition(' ')

    def offered(self, session):
        if session.authenticated:
            return ' '.join(self.capabilities)
        starttls = self.tls == 'starttls' and not session.secure
        return ' '.join(self.capabilities + (['STARTTLS', 'LOGINDISABLED'] if starttls else
                                             ['AUTH=PLAIN', 'AUTH=XOAUTH2', 'AUTH=OAUTHBEARER']))

    def perform(self, session):
        if session.command == 'GREETING':
            session.folder = None
            session.say(f'* OK [CAPABILITY {self.offered(session)}] ready')
            return
        name, _, rest = session.command.partition(' ')
        if name.upper() == 'UID':
            name, _, rest = rest.partition(' ')
            session.by_uid = True
        else:
            session.by_uid = False
        method = getattr(self, 'do_' + name.lower(), None)
        if method is None:
            session.say(f'{session.tag} BAD unknown command')
            return
        with self.changed:
            result = method(session, rest)
        session.say(f'{session.tag} {result or "OK done"}')

    def follow(self, session):
        name = session.command.upper()
        if name == 'STARTTLS' and self.tls == 'starttls' and not session.secure:
            session.input.clear()
            session.start_tls()
        elif name == 'LOGOUT':
            raise scripted.Over

    def do_capability(self, session, rest):
        session.say(f'* CAPABILITY {self.offered(session)}')

    def do_noop(self, session, rest):
        if session.folder is not None and session.known:
            session.by_uid = False
            self.tell_gone(session)
        self.tell_new(session)

    do_check = do_noop

    def do_id(self, session, rest):
        session.say('* ID NIL')

    def do_enable(self, session, rest):
        session.say('* ENABLED')

    def do_namespace(self, session, rest):
        session.say(f'* NAMESPACE (("" "{self.separator}")) NIL NIL')

    def do_logout(self, session, rest):
        session.say('* BYE until then')

    def do_starttls(self, session, rest):
        return 'OK begin' if self.tls == 'starttls' else 'BAD there is none'

    def check(self, session, user, password):
        session.authenticated = (user, password) == (self.user, self.password)
        return 'OK logged in' if session.authenticated else 'NO [AUTHENTICATIONFAILED] wrong user or password'

    def do_login(self, session, rest):
        return self.check(session, *words(rest)[:2])

    def do_authenticate(self, session, rest):
        mechanism, _, initial = rest.partition(' ')
        if not initial:
            session.send(b'+ \r\n')
            initial = session.line()
        text = base64.b64decode(initial).decode()
        if mechanism.upper() == 'PLAIN':
            return self.check(session, *text.split('\0')[1:3])
        user = re.search(r'(?:user|a)=([^\x01,]*)', text).group(1)
        token = re.search('auth=Bearer ([^\x01]*)', text).group(1)
        return self.check(session, user, token)

    # Folders

    def do_list(self, session, rest):
        pattern = words(rest)[-1]
        fits = re.compile('.*'.join(re.escape(part) for part in re.split(r'[*%]', pattern)))
        for name in self.folders:
            if fits.fullmatch(name):
                session.say(f'* LIST () "{self.separator}" "{name}"')

    def do_create(self, session, rest):
        name = words(rest)[0]
        if name in self.folders:
            return 'NO [ALREADYEXISTS] it is there'
        self.create(name)

    def do_subscribe(self, session, rest):
        pass

    def do_status(self, session, rest):
        name = words(rest)[0]
        if name not in self.folders:
            return 'NO [NONEXISTENT] no such folder'
        folder = self.folders[name]
        unseen = sum('\\Seen' not in mail.flags for mail in folder.mails)
        session.say(f'* STATUS "{name}" (MESSAGES {len(folder.mails)} UIDNEXT {folder.uidnext} UIDVALIDITY '
                    f'{folder.uidvalidity} UNSEEN {unseen})')

    def do_select(self, session, rest, mode='READ-WRITE'):
        name = words(rest)[0]
        name = 'INBOX' if name.upper() == 'INBOX' else name
        if name not in self.folders:
            session.folder = None
            return 'NO [NONEXISTENT] no such folder'
        folder = self.folders[name]
        session.folder, session.known = name, list(folder.mails)
        session.say('* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)')
        session.say('* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] flags')
        session.say(f'* {len(folder.mails)} EXISTS')
        session.say('* 0 RECENT')
        session.say(f'* OK [UIDVALIDITY {folder.uidvalidity}] validity')
        session.say(f'* OK [UIDNEXT {folder.uidnext}] next')
        return f'OK [{mode}] selected'

    def do_examine(self, session, rest):
        return self.do_select(session, rest, 'READ-ONLY')

    def do_unselect(self, session, rest):
        session.folder = None

    def do_close(self, session, rest):
        self.remove(session, lambda mail: True, silent=True)
        session.folder = None

    def tell_new(self, session):
        """Mails that came since the client was last told."""
        if session.folder is None:
            return
        new = [mail for mail in self.folders[session.folder].mails if mail not in session.known]
        if new:
            session.known += new
            session.say(f'* {len(session.known)} EXISTS')

    def tell_gone(self, session, which='1:*'):
        """Whether others took away some of these since the client was last told."""
        held, was = self.folders[session.folder].mails, len(session.known)
        self.vanish(session, [mail for _, mail in self.listed(session, which) if mail not in held])
        return len(session.known) < was

    def do_idle(self, session, rest):
        session.send(b'+ idling\r\n')
        session.socket.settimeout(0.02)
        try:
            while True:
                self.tell_new(session)
                session.send(bytes(session.out))
                session.out.clear()
                try:
                    line = session.line()
                except TimeoutError:
                    # Other sessions and the test have their turn.
                    self.changed.wait(0.02)
                    continue
                return 'OK idled' if line.upper() == 'DONE' else 'BAD not DONE'
        finally:
            session.socket.settimeout(None)

    # Mails

    def listed(self, session, text):
        """(sequence number, mail) of those in a set that the client knows, be they gone."""
        largest = max((mail.uid for mail in session.known), default=0) if session.by_uid else len(session.known)
        inside = numbers(text, largest)
        return [(number, mail) for number, mail in enumerate(session.known, 1)
                if inside(mail.uid if session.by_uid else number)]

    def chosen(self, session, text):
        """Those that are there."""
        held = self.folders[session.folder].mails
        return [(number, mail) for number, mail in self.listed(session, text) if mail in held]

    def do_search(self, session, rest):
        extended = re.match(r'RETURN \((.*?)\) ', rest, re.I)
        keys = words(rest[extended.end():] if extended else rest)
        self.tell_new(session)
        found = [mail.uid if session.by_uid else number for number, mail in enumerate(session.known, 1)
                 if self.matches(list(keys), number, mail, session)]
        if not extended:
            session.say('* SEARCH' + ''.join(f' {number}' for number in found))
            return
        options = extended.group(1).upper()
        line = f'* ESEARCH (TAG "{session.tag}")' + (' UID' if session.by_uid else '')
        if 'COUNT' in options:
            line += f' COUNT {len(found)}'
        if found and ('ALL' in options or not options):
            line += f' ALL {set_of(found)}'
        session.say(line)

    def matches(self, keys, number, mail, session):
        """All keys are true; those that this does not know are."""
        while keys:
            key = keys.pop(0).upper()
            negated = key == 'NOT'
            if negated:
                key = keys.pop(0).upper()
            true = True
            if key in ('SEEN', 'DELETED', 'FLAGGED', 'UNSEEN', 'UNDELETED'):
                true = ('\\' + key.removeprefix('UN').capitalize() in mail.flags) != key.startswith('UN')
            elif key == 'UID':
                largest = max(one.uid for one in session.known)
                true = numbers(keys.pop(0), largest)(mail.uid)
            elif re.fullmatch(r'[\d:,*]+', key):
                true = numbers(key, len(session.known))(number)
            elif key in ('KEYWORD', 'UNKEYWORD', 'LARGER', 'SMALLER', 'SINCE', 'BEFORE', 'FROM', 'SUBJECT'):
                argument = keys.pop(0)
                if key in ('LARGER', 'SMALLER'):
                    true = (len(mail.bytes) > int(argument)) == (key == 'LARGER')
                elif key in ('KEYWORD', 'UNKEYWORD'):
                    true = (argument in mail.flags) == (key == 'KEYWORD')
            if true == negated:
                return False
        return True

    def do_fetch(self, session, rest):
        which, _, items = rest.partition(' ')
        for number, mail in self.chosen(session, which):
            out = [f'UID {mail.uid}'.encode()] if session.by_uid or 'UID' in items.upper() else []
            sections = SECTION.findall(items)
            if any(not peek for peek, *_ in sections):
                mail.flags.add('\\Seen')
            if 'FLAGS' in items.upper():
                out.append(f'FLAGS ({" ".join(sorted(mail.flags))})'.encode())
            if 'RFC822.SIZE' in items.upper():
                out.append(f'RFC822.SIZE {len(mail.bytes)}'.encode())
            if 'INTERNALDATE' in items.upper():
                out.append(b'INTERNALDATE "02-Jan-2026 03:00:00 +0000"')
            for _, section, start, length in sections:
                data = mail.bytes if not section else mail.bytes.partition(b'\r\n\r\n')[0] + b'\r\n\r\n'
                name = f'BODY[{section}]'
                if start:
                    data = data[int(start):int(start) + int(length)]
                    name += f'<{start}>'
                out.append(f'{name} {{{len(data)}}}\r\n'.encode() + data)
            session.say(f'* {number} FETCH ('.encode() + b' '.join(out) + b')')

    def do_store(self, session, rest):
        which, how, flags = rest.split(' ', 2)
        flags = set(flags.strip('()').split())
        for number, mail in self.chosen(session, which):
            mail.flags = {'+': mail.flags | flags, '-': mail.flags - flags}.get(how[0], flags)
            if 'SILENT' not in how.upper():
                session.say(f'* {number} FETCH (UID {mail.uid} FLAGS ({" ".join(sorted(mail.flags))}))')

    def transfer(self, session, rest):
        """(what to say of it, the mails) or (a refusal, None)."""
        which, _, name = rest.partition(' ')
        name = words(name)[0]
        if name not in self.folders:
            return 'NO [TRYCREATE] no such folder', None
        gone = self.tell_gone(session, which)
        if gone:
            # As Dovecot does: nothing is copied or moved, the same command again will do.
            return 'NO [EXPUNGEISSUED] Some of the requested messages no longer exist', None
        to, mails = self.folders[name], [mail for _, mail in self.chosen(session, which)]
        copies = [to.add(mail.bytes, mail.flags) for mail in mails]
        if not mails:
            return '', mails
        return (f'[COPYUID {to.uidvalidity} {set_of(mail.uid for mail in mails)} '
                f'{set_of(mail.uid for mail in copies)}] '), mails

    def do_copy(self, session, rest):
        said, mails = self.transfer(session, rest)
        return said if mails is None else f'OK {said}copied'

    def do_move(self, session, rest):
        if 'MOVE' not in self.capabilities:
            return 'BAD unknown command'
        said, mails = self.transfer(session, rest)
        if mails is None:
            return said
        session.say(f'* OK {said}moving')
        self.vanish(session, mails)
        return 'OK moved'

    def vanish(self, session, mails, silent=False):
        folder = self.folders[session.folder]
        folder.mails = [mail for mail in folder.mails if mail not in mails]
        for mail in mails:
            if not silent:
                session.say(f'* {session.known.index(mail) + 1} EXPUNGE')
            session.known.remove(mail)

    def remove(self, session, inside, silent=False):
        held = self.folders[session.folder].mails
        self.vanish(session, [mail for mail in session.known if mail in held and '\\Deleted' in mail.flags and inside(mail)],
                    silent)

    def do_expunge(self, session, rest):
        if session.by_uid and 'UIDPLUS' not in self.capabilities:
            return 'BAD unknown command'
        inside = numbers(rest, max((mail.uid for mail in session.known), default=0)) if session.by_uid else None
        self.remove(session, (lambda mail: inside(mail.uid)) if inside else lambda mail: True)
