#!/usr/bin/env python3
"""The sections in docs/ that people copy: `config check` takes each of them, and those of the recipes in docs/mailboxes.md import from
servers with the habits of the providers that they are for.

recipes_test.py [FUNCTION...]: these only.
"""
import base64
import json
import re
import sys

import dmarcq
from servers import certificates, imap, mails
from servers.scripted import Rule, edited, tagged
from servers.trial import Trial, all_of, same

DOCS = dmarcq.TOP / 'docs'
SECURE = {}
LINE = re.compile(r'\[(dmarcq|limits|mailbox [a-z]+)\]|[a-z][a-z0-9-]* = .+')
TOKEN = 'a-token_of.64~characters+or/more=='


def blocks(page):
    """(heading, lines) of each literal block that is a part of a configuration."""
    heading, block = '', []
    for line in [*page.read_text(encoding='utf-8').splitlines(), '#']:
        text = re.sub(r' {2,}#.*', '', line).strip()
        if line.startswith('    ') and text:
            block.append(text)
        elif line.strip():
            if block and all(map(LINE.fullmatch, block)):
                yield heading, block
            block = []
        if line.startswith('#'):
            heading = line.strip('# ')


def section(heading, number=0):
    """The settings of a recipe: of its section of that number."""
    found = [text for title, lines in blocks(DOCS / 'mailboxes.md') if title == heading
             for text in re.findall(r'^\[mailbox \w+\]\n[^[]+', '\n'.join(lines) + '\n', re.M)]
    return dict(line.split(' = ', 1) for line in found[number].splitlines()[1:])


# The configuration

def sections_are_right():
    count = 0
    for page in sorted(DOCS.glob('**/*.md')):
        for heading, lines in blocks(page):
            text = '\n'.join(lines) + '\n'
            if not lines[0].startswith('['):
                # To be put into the section of a mailbox that stands above it.
                text = '[mailbox reports]\nurl = imaps://mail.example.com\nuser = dmarc@example.com\n' + text
            with Trial() as trial:
                trial.config.write_text(text, encoding='utf-8')
                done = trial.run('config', 'check', trial.config)
                if (done.code, done.stdout) != (0, 'no problems found\n'):
                    raise dmarcq.Failed(f'{page.name}, {heading}: {done.stdout}{done.stderr}\n{text}')
                if text.startswith('[mailbox'):
                    # Below all that the installed file holds.
                    trial.config.write_text((DOCS / 'dmarcq.conf').read_text(encoding='utf-8') + '\n' + text, encoding='utf-8')
                    trial.run('config', 'check', trial.config).must(0)
            count += 1
    if count < 9:
        raise dmarcq.Failed(f'only {count} sections were found')


def sections_show_mistakes():
    """That the check above can fail: a setting that there is not is found in a recipe."""
    settings = section('Microsoft 365') | {'oauth-token-command': 'x'}
    with Trial() as trial:
        write(trial, settings)
        same('config check', trial.run('config', 'check', trial.config).code, 78)


def write(trial, settings):
    trial.config.write_text('[mailbox box]\n' + ''.join(f'{name} = {value}\n' for name, value in settings.items()), encoding='utf-8')


# Providers

class Provider(imap.Server):
    """before, after: capabilities before and after the login. methods: those that let anybody in. flags: what may stay.
    special: attributes by folder."""
    before = after = methods = ()
    flags = '\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*'
    special = {}

    def __init__(self, some=(), **options):
        super().__init__(some, capabilities=self.after, folders=[name for name in self.special if '\\Noselect' not in self.special[name]],
                         tls='tls', certificate=SECURE['certificates'].good(), **options)
        self.rules.append(Rule('SELECT|EXAMINE', edited(self.select), times=None))

    def select(self, data):
        return re.sub(rb'PERMANENTFLAGS \(.*?\)', lambda _: f'PERMANENTFLAGS ({self.flags})'.encode(), data).replace(
            b'* 0 RECENT\r\n', b'* 0 RECENT\r\n* OK [HIGHESTMODSEQ 1402553]\r\n')

    def offered(self, session):
        return ' '.join(self.after if session.authenticated else self.before)

    def do_list(self, session, rest):
        pattern = imap.words(rest)[-1].replace('%', '*').split('*')
        for name in {'INBOX': ''} | self.special | {name: '' for name in self.folders if name not in self.special}:
            if re.fullmatch('.*'.join(map(re.escape, pattern)), name):
                session.say(f'* LIST ({self.special.get(name, chr(92) + "HasNoChildren")}) "/" "{name}"')

    def do_login(self, session, rest):
        return super().do_login(session, rest) if 'LOGIN' in self.methods else self.refusal

    def do_authenticate(self, session, rest):
        """A token that is refused: a challenge that says why, and the refusal behind the client's answer to that."""
        if rest.split(' ', 1)[0].upper() not in self.methods:
            return self.refusal
        result = super().do_authenticate(session, rest)
        if not session.authenticated and 'OAUTH' in rest.upper():
            session.send(b'+ ' + base64.b64encode(json.dumps(self.challenge).encode()) + b'\r\n')
            session.line()
        return result if session.authenticated else self.refusal


class Gmail(Provider):
    before = 'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER'.split()
    after = ('IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT '
             'LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584').split()
    methods = ('LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER')
    flags = '\\Answered \\Flagged \\Draft \\Deleted \\Seen $NotPhishing $Phishing \\*'
    special = {'[Gmail]': '\\HasChildren \\Noselect', '[Gmail]/All Mail': '\\All \\HasNoChildren', '[Gmail]/Trash': '\\HasNoChildren \\Trash'}
    challenge = {'status': '400', 'schemes': 'Bearer', 'scope': 'https://mail.google.com/'}
    refusal = 'NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)'

    def deliver(self, *some, folder='INBOX'):
        """A folder is a label: what is in one is in All Mail too."""
        super().deliver(*some, folder=folder)
        super().deliver(*some, folder='[Gmail]/All Mail')

    def do_store(self, session, rest):
        """What is marked as deleted is gone at once, as accounts are set up at first."""
        super().do_store(session, rest)
        self.remove(session, lambda mail: True)


class Microsoft(Provider):
    before = 'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+'.split()
    after = 'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CHILDREN IDLE NAMESPACE LITERAL+'.split()
    methods = ('XOAUTH2',)
    flags = '\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent'
    special = {'Archive': '\\HasNoChildren', 'Deleted Items': '\\Trash \\HasNoChildren', 'Calendar': '\\HasChildren'}
    challenge = {'status': '401', 'schemes': 'Bearer', 'scope': 'https://outlook.office365.com/IMAP.AccessAsApp'}
    refusal = 'NO AUTHENTICATE failed.'


class Fastmail(Provider):
    before = 'IMAP4rev1 LITERAL+ ID ENABLE SASL-IR AUTH=PLAIN AUTH=OAUTHBEARER'.split()
    after = ('IMAP4rev1 LITERAL+ ID ENABLE ACL RIGHTS=kxten QUOTA NAMESPACE UIDPLUS UNSELECT CHILDREN MULTIAPPEND BINARY CONDSTORE ESEARCH SORT QRESYNC '
             'MOVE SPECIAL-USE CREATE-SPECIAL-USE IDLE').split()
    methods = ('LOGIN', 'PLAIN', 'OAUTHBEARER')
    special = {'Archive': '\\HasNoChildren \\Archive', 'Trash': '\\HasNoChildren \\Trash'}
    refusal = 'NO [AUTHENTICATIONFAILED] Incorrect username, password or access token'


class ICloud(Provider):
    before = 'XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN'.split()
    after = 'XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 CATENATE CHILDREN CONDSTORE ENABLE ESEARCH ID IDLE LITERAL+ NAMESPACE QRESYNC QUOTA SASL-IR UIDPLUS UNSELECT'.split()
    methods = ('LOGIN', 'PLAIN')
    refusal = 'NO [AUTHENTICATIONFAILED] Authentication Failed'


def recipe(trial, at, settings, secret=None):
    """The settings with the server at hand in them, and what they take from elsewhere."""
    secret, settings = secret or at.password, dict(settings)
    settings |= {'url': f'imaps://localhost:{at.port}', 'ca-file': SECURE['certificates'].ca_file}
    if 'oauth2-token-command' in settings:
        settings['oauth2-token-command'] = f"echo '{secret}'"
    else:
        file = trial.top / settings['credential']
        file.touch(0o600)
        file.write_text(secret + '\n', encoding='utf-8')
        trial.env['CREDENTIALS_DIRECTORY'] = str(trial.top)
    write(trial, settings)


def imports(provider, settings, password, logins, **options):
    """An import by a recipe, as its setting says of the mails; doctor finds nothing either."""
    with provider(user=settings['user'], password=password, **options) as at, Trial() as trial:
        at.deliver(*mails.reports(1, 2, 3))
        recipe(trial, at, settings)
        trial.import_().must(0)
        trial.must_hold(1, 2, 3)
        kind, _, folder = settings.get('after', 'leave').partition(':')
        same('INBOX', len(at.folders['INBOX'].mails), 3 if kind == 'leave' else 0)
        if folder:
            same(folder, at.folders[folder].bytes(), mails.reports(1, 2, 3))
        same('login', [command.split(' ')[:2] for command in at.said('AUTHENTICATE|LOGIN')], logins)
        same('expunged', at.said('EXPUNGE|CLOSE'), [])
        trial.import_().must(0)
        trial.run('doctor', 'box').must(0)
        return at


def refuses(provider, settings, *said):
    """A secret that is wrong: 77, what the server said, one try, and nothing of the secret."""
    with provider(mails.reports(1), user=settings['user'], password='right') as at, Trial() as trial:
        recipe(trial, at, settings, secret='hunter2')
        done = trial.import_().must(77, f'refuses the login of {settings["user"]}', *said)
        same('connections', at.connections, 1)
        if 'hunter2' in done.stderr:
            raise dmarcq.Failed(done.stderr)
        trial.run('doctor', 'box').must(77)


def gmail_with_password():
    settings = section('Gmail and Google Workspace, with an app password')
    at = imports(Gmail, settings, 'abcd efgh ijkl mnop', [['AUTHENTICATE', 'PLAIN']])
    same('All Mail', len(at.folders['[Gmail]/All Mail'].mails), 3)
    refuses(Gmail, settings, r'\[AUTHENTICATIONFAILED\] Invalid credentials')


def gmail_with_token():
    settings = section('Gmail and Google Workspace, with OAuth2')
    imports(Gmail, settings, TOKEN, [['AUTHENTICATE', 'OAUTHBEARER']])
    refuses(Gmail, settings, r'\[AUTHENTICATIONFAILED\] Invalid credentials')


def gmail_deletes():
    """Marked is gone: there is nothing left for UID EXPUNGE to do, and nothing that could not be done."""
    settings = section('Gmail and Google Workspace, with an app password') | {'after': 'delete'}
    at = imports(Gmail, settings, 'secret', [['AUTHENTICATE', 'PLAIN']])
    same('All Mail', len(at.folders['[Gmail]/All Mail'].mails), 3)


def gmail_limits():
    """Too much was fetched that day: the next run goes on."""
    settings = section('Gmail and Google Workspace, with an app password')
    limit = Rule('UID FETCH .*BODY', b'* BYE Account exceeded command or bandwidth limits. 1mb2\r\n', tagged('NO over'), times=None)
    with Gmail(user=settings['user'], rules=[limit]) as at, Trial() as trial:
        at.deliver(*mails.reports(1))
        recipe(trial, at, settings)
        trial.import_().must(75, 'Account exceeded command or bandwidth limits')
        at.rules.remove(limit)
        trial.import_().must(0)
        trial.must_hold(1)


def microsoft():
    settings = section('Microsoft 365')
    imports(Microsoft, settings, TOKEN, [['AUTHENTICATE', 'XOAUTH2']])
    # libcurl hangs up when it is challenged: what the server said is in the challenge.
    refuses(Microsoft, settings, ': {"status": "401", "schemes": "Bearer", "scope": "https://outlook.office365.com/IMAP.AccessAsApp"}')


def microsoft_without_right():
    """The token is good, and the application was not let into the mailbox."""
    settings = section('Microsoft 365')
    with Microsoft(mails.reports(1), user=settings['user'], password=TOKEN, rules=[
            Rule('SELECT|EXAMINE', tagged('BAD User is authenticated but not connected.'), times=None)]) as at, Trial() as trial:
        recipe(trial, at, settings)
        trial.import_().must(78, 'cannot open folder INBOX: the server says: User is authenticated but not connected')


def fastmail():
    settings = section('Fastmail, iCloud')
    imports(Fastmail, settings, 'p4ssw0rdofanapp', [['AUTHENTICATE', 'PLAIN']])
    refuses(Fastmail, settings, 'Incorrect username, password or access token')


def icloud():
    """The name without its domain; there is no MOVE."""
    settings = section('Fastmail, iCloud', 1)
    same('user', '@' in settings['user'], False)
    imports(ICloud, settings, 'abcd-efgh-ijkl-mnop', [['AUTHENTICATE', 'PLAIN']])
    imports(ICloud, settings | {'after': 'archive:DMARC'}, 'abcd-efgh-ijkl-mnop', [['AUTHENTICATE', 'PLAIN']])
    refuses(ICloud, settings, 'Authentication Failed')


def main():
    with dmarcq.folder() as name:
        SECURE['certificates'] = certificates.Certificates(name)
        SECURE['certificates'].good()
        return all_of([sections_are_right, sections_show_mistakes, gmail_with_password, gmail_with_token, gmail_deletes, gmail_limits, microsoft,
                       microsoft_without_right, fastmail, icloud], sys.argv[1:], at_once=2)


sys.exit(main())
