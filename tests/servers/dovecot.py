"""A real Dovecot in a temporary folder, for one test: IMAP and POP3 on loopback, with and without TLS from the first byte.

    with dovecot.Dovecot() as server:
        server.deliver([mail, mail])
        run('import', '--db', db, server.url('imaps'))      # $DMARCQ_PASSWORD is server.password
        assert len(server.mails()) == 2

It runs as the user of the test, or as nobody when that is root, and ends with the test even when that is killed.
"""
import base64
import collections
import hashlib
import hmac
import itertools
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import threading
import time

import dmarcq
from servers import certificates, ports

USER, PASSWORD = 'reports@example.com', 'secret word'
PROTOCOLS = ('imap', 'imaps', 'pop3', 'pop3s')
# What Dovecot 2.3 offers; without=... takes some of it away.
CAPABILITIES = ('IMAP4rev1 SASL-IR LITERAL+ ENABLE IDLE SORT MULTIAPPEND UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED '
                'CONDSTORE QRESYNC ESEARCH SEARCHRES WITHIN LIST-STATUS MOVE SPECIAL-USE').split()
SECONDS = 60
OAUTH_KEY = b'the key that signs the tokens of this test'
CONFIG = '''
base_dir = {top}/run
state_dir = {top}/state
log_path = /dev/stderr
log_timestamp = ""
protocols = imap pop3
listen = 127.0.0.1
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {owner}
first_valid_uid = 1
ssl = yes
ssl_cert = <{certificate.certificate}
ssl_key = <{certificate.key}
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain login oauthbearer xoauth2
auth_failure_delay = 0
auth_cache_size = 0
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1s
maildir_very_dirty_syncs = no
pop3_uidl_format = %g
pop3_logout_format = pop3 top=%t retr=%r retr_bytes=%b deleted=%d of=%m
imap_logout_format = imap fetched=%{{fetch_body_count}} fetched_bytes=%{{fetch_body_bytes}} expunged=%{{expunged}} in=%i out=%o
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {top}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {top}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={top}/people/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {ports[imap]}
  }}
  inet_listener imaps {{
    port = {ports[imaps]}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  service_count = 0
  inet_listener pop3 {{
    port = {ports[pop3]}
  }}
  inet_listener pop3s {{
    port = {ports[pop3s]}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
'''
QUOTA = '''
mail_plugins = quota
plugin {{
  quota = maildir:User quota
  quota_rule = *:messages={messages}
  quota_grace = 0
}}
'''
OAUTH2 = '''
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={top}/keys/
username_attribute = sub
'''

Mail = collections.namedtuple('Mail', 'bytes flags')


def available():
    """Ends the test when there is no Dovecot, or nobody that it could run as."""
    for program in ('dovecot', 'doveconf', 'openssl'):
        if shutil.which(program, path=search_path()) is None:
            dmarcq.skip(f'there is no {program} (scripts/packages test installs it)')
    try:
        pwd.getpwuid(os.getuid() or pwd.getpwnam('nobody').pw_uid)
    except KeyError:
        dmarcq.skip(f'user number {os.getuid()} has no name, and Dovecot wants one')


def search_path():
    return os.environ.get('PATH', '') + ':/usr/sbin:/sbin'


def plain(data):
    """Lines end as they do on disk."""
    return data.replace(b'\r\n', b'\n')


def encoded(value):
    return base64.urlsafe_b64encode(value).rstrip(b'=').decode()


class Dovecot:
    """Starts when it is entered. A second with statement, or stop and start, restarts it with its mails on its ports."""

    def __init__(self, users=None, certificate='good', without=(), separator='/', prefix='', quota=None, rawlog=False,
                 extra=''):
        """
        users: names with their passwords; the first is the one that methods mean by default.
        certificate: good, expired, wrong_name or unknown_authority. without: words of CAPABILITIES.
        quota: how many messages may lie in a user's folders. rawlog: commands() knows what clients sent.
        extra: lines of configuration.
        """
        available()
        self.users = users or {USER: PASSWORD}
        self.user, self.password = next(iter(self.users.items()))
        account = pwd.getpwuid(os.getuid() or pwd.getpwnam('nobody').pw_uid)
        self.uid, self.gid = account.pw_uid, account.pw_gid
        self.owner, self.group = account.pw_name, subprocess.run(
            ['id', '-gn', account.pw_name], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        self.folder = dmarcq.folder()
        self.top = pathlib.Path(self.folder.name)
        self.separator, self.prefix = separator, prefix
        self.certificates = certificates.Certificates(self.top / 'tls')
        self.ca_file = self.certificates.ca_file
        self.certificate = getattr(self.certificates, certificate)()
        capabilities = [word for word in CAPABILITIES if word not in without]
        self.lines = [f'imap_capability = {" ".join(capabilities)}', extra]
        if quota is not None:
            self.lines.append(QUOTA.format(messages=quota))
        if rawlog:
            self.lines.append('protocol imap {\n  rawlog_dir = %h/rawlog\n}')
        self.ports, self.process, self.log = {}, None, []
        self.logged, self.serial = threading.Condition(), itertools.count(1)
        self.lay_out()

    def lay_out(self):
        for name in ('run', 'state', 'keys/default/HS256', 'people'):
            (self.top / name).mkdir(parents=True)
        (self.top / 'users').write_text(''.join(f'{user}:{{PLAIN}}{password}\n' for user, password in self.users.items()),
                                        encoding='utf-8')
        (self.top / 'oauth2.conf').write_text(OAUTH2.format(top=self.top), encoding='utf-8')
        (self.top / 'keys/default/HS256/default').write_bytes(base64.b64encode(OAUTH_KEY))
        for user in self.users:
            for name in ('Maildir/cur', 'Maildir/new', 'Maildir/tmp', 'rawlog'):
                (self.top / 'people' / user / name).mkdir(parents=True)
        if os.getuid() == 0:
            for path in (self.top, *self.top.rglob('*')):
                os.chown(path, self.uid, self.gid)

    # Starting and stopping

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.folder.cleanup()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        self.folder.cleanup()

    def start(self):
        """Returns when it listens. The first time it looks for ports, later it takes those that it had."""
        if self.ports:
            tries = [list(self.ports.values())]
        else:
            tries = (ports.free(len(PROTOCOLS)) for _ in range(20))
        for numbers in tries:
            self.ports = dict(zip(PROTOCOLS, numbers))
            config = self.top / 'dovecot.conf'
            config.write_text(CONFIG.format(**vars(self)) + '\n'.join(self.lines) + '\n',
                              encoding='utf-8')
            if self.launch(config):
                return
        raise dmarcq.Failed('Dovecot does not start:\n' + '\n'.join(self.log))

    def launch(self, config):
        self.log = []
        # A group of its own, to be ended as a whole; and the master ends with the test.
        start = ['setpriv', '--pdeathsig', 'TERM']
        if os.getuid() == 0:
            start += [f'--reuid={self.uid}', f'--regid={self.gid}', '--clear-groups']
        self.process = subprocess.Popen(
            [*start, 'dovecot', '-F', '-c', config], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=os.environ | {'PATH': search_path()}, cwd=self.top, start_new_session=True)
        self.reader = threading.Thread(target=self.read_log, args=[self.process.stderr], daemon=True)
        self.reader.start()
        if self.wait_log('starting up for') is None:
            self.stop()
            return False
        return True

    def stop(self):
        """At once and all of it, like a machine that loses its power. Sessions break."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        # The last of them closes the log, and its ports.
        self.reader.join()
        self.process = None

    def read_log(self, stream):
        for line in stream:
            with self.logged:
                self.log.append(line.decode(errors='replace').rstrip())
                self.logged.notify_all()
        stream.close()
        with self.logged:
            self.log.append('(end)')
            self.logged.notify_all()

    # What it logged and was told

    def wait_log(self, pattern, times=1):
        """The match of the times-th line of the log that has it, waiting; None when it is not coming any more."""
        end = time.monotonic() + SECONDS
        with self.logged:
            while True:
                found = [match for match in map(re.compile(pattern).search, self.log) if match]
                if len(found) >= times:
                    return found[times - 1]
                if '(end)' in self.log[-1:] or not self.logged.wait(end - time.monotonic()):
                    return None

    def sessions(self, number, protocol='imap'):
        """What the first number sessions to end did, as dictionaries: fetched, expunged; POP3: retr, deleted (texts)."""
        pattern = f'Info: .* {protocol} (?=fetched=|top=)'
        if number and self.wait_log(pattern, number) is None:
            raise dmarcq.Failed(f'not {number} sessions of {protocol}:\n' + '\n'.join(self.log))
        with self.logged:
            lines = [re.split(pattern, line)[1] for line in self.log if re.search(pattern, line)]
        return [dict(re.findall(r'(\w+)=(\S+)', line)) for line in lines]

    def commands(self, user=None):
        """All that the clients of a user sent by IMAP behind the login, session by session, as bytes (rawlog=True)."""
        folder = self.top / 'people' / (user or self.user) / 'rawlog'
        sent = []
        for path in sorted(folder.glob('*.in')):
            # Each piece has its time in front.
            sent.append(re.sub(rb'(?m)^\d+\.\d+ ', b'', path.read_bytes()))
        return sent

    # Mails

    def maildir(self, folder='INBOX', user=None):
        top = self.top / 'people' / (user or self.user) / 'Maildir'
        if folder.upper() == 'INBOX':
            return top
        inner = folder.removeprefix(self.prefix)
        return top / ('.' + inner.replace(self.separator, '.'))

    def deliver(self, mails, folder='INBOX', user=None):
        """Puts mails (bytes) into a folder as a delivery does. Those of one call are in their order."""
        place = self.maildir(folder, user)
        for name in ('', 'tmp', 'new', 'cur'):
            if not (place / name).is_dir():
                (place / name).mkdir()
                self.own(place / name)
        for mail in mails:
            number = next(self.serial)
            name = f'{1767400000 + number}.M{number}P{os.getpid()}.test'
            (place / 'tmp' / name).write_bytes(mail)
            self.own(place / 'tmp' / name)
            (place / 'tmp' / name).rename(place / 'new' / name)

    def own(self, path):
        if os.getuid() == 0:
            os.chown(path, self.uid, self.gid)

    def mails(self, folder='INBOX', user=None):
        """What lies in a folder now, as it lies on disk: flags are letters of Maildir (S: seen, T: deleted)."""
        place = self.maildir(folder, user)
        while True:
            paths = [path for name in ('new', 'cur') if (place / name).is_dir() for path in (place / name).iterdir()]
            try:
                return [Mail(path.read_bytes(), path.name.partition(':2,')[2])
                        for path in sorted(paths, key=lambda path: path.name)]
            except FileNotFoundError:
                # Dovecot gave one another name meanwhile.
                continue

    def must_hold(self, mails, folder='INBOX'):
        """These mails lie in a folder, each once, and no others."""
        found, expected = (sorted(plain(data) for data in some) for some in ([mail.bytes for mail in self.mails(folder)], mails))
        if found != expected:
            raise dmarcq.Failed(f'{folder} holds {len(found)} mails, not the {len(expected)} expected: {found} {expected}'[:2000])

    def folders(self, user=None):
        """Names of the folders beside INBOX."""
        return sorted(self.prefix + path.name[1:].replace('.', self.separator)
                      for path in self.maildir(user=user).iterdir() if path.name.startswith('.') and path.is_dir())

    # For clients

    def url(self, scheme='imaps', folder=None, user=None, host='localhost', port=None):
        end = f'/{folder}' if folder else ''
        return f'{scheme}://{user or self.user}@{host}:{port or self.ports[scheme]}{end}'

    def token(self, user=None, seconds=3600):
        """An OAuth2 token that it accepts for these seconds; one that is over with negative ones."""
        now = int(time.time())
        claims = {'sub': user or self.user, 'iat': now - 10, 'exp': now + seconds}
        text = '.'.join(encoded(json.dumps(part).encode()) for part in ({'alg': 'HS256', 'typ': 'JWT'}, claims))
        return f'{text}.{encoded(hmac.digest(OAUTH_KEY, text.encode(), hashlib.sha256))}'
