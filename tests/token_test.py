#!/usr/bin/env python3
"""What docs/mailboxes.md says of OAuth2, as it stands there, against a token server on loopback: the script, its settings for Google and Microsoft,
the exchange of the code, and what dmarcq says when no token comes.

token_test.py [FUNCTION...]: these only.
"""
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import urllib.parse

import dmarcq
from servers import imap, mails
from servers.trial import Trial, all_of, same

PAGE = (dmarcq.TOP / 'docs' / 'mailboxes.md').read_text(encoding='utf-8')
TOKEN = 'ya29.a0Af_H6-SMB+x/y~z=='
# With all that a form and a shell might take for something else.
SECRETS = {'client_id': '1234-a+b.apps.example.com', 'client_secret': 'GO&C=S%20P X+/"$HOME`~é', 'refresh_token': '1//0g-"\\ #;?',
           'code': '4/0AX4XfWh-a_b%2Fc'}
PROVIDERS = {'google': {'grant_type': 'refresh_token', 'client_id': SECRETS['client_id'], 'client_secret': SECRETS['client_secret'],
                        'refresh_token': SECRETS['refresh_token']},
             'microsoft': {'grant_type': 'client_credentials', 'client_id': SECRETS['client_id'], 'client_secret': SECRETS['client_secret'],
                           'scope': 'https://outlook.office365.com/.default'}}
# {status: (answer, exit code of the script, what it says)}
REVOKED = b'{\n  "error": "invalid_grant",\n  "error_description": "Token has been expired or revoked."\n}'
EXPIRED = (b'{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys for app are expired.",'
           b'"error_codes":[7000222],"error_uri":"https://login.example.com/error?code=7000222"}')
ANSWERS = [(400, REVOKED, 1, 'Token has been expired or revoked'), (401, EXPIRED, 1, 'AADSTS7000222'), (404, b'<html>\n<p>not here</p>', 1, 'not here'),
           (403, b'', 1, '403'), (429, b'{"error":"rate_limit_exceeded"}', 75, 'rate_limit_exceeded'), (500, b'{"error":"internal_failure"}', 75, 'internal_failure'),
           (503, b'<html>Service Unavailable', 75, 'Service Unavailable')]


def block(begin, number=0):
    """The literal block of the page that begins so, without its indent."""
    found = re.findall(r'^( {4,})(' + begin + r'.*\n(?:(?:\1.*)?\n)*)', PAGE, re.M)
    indent, text = found[number]
    return re.sub('^' + indent, '', text, flags=re.M).rstrip() + '\n'


def command_lines():
    """Those of all processes."""
    for path in pathlib.Path('/proc').glob('[0-9]*/cmdline'):
        try:
            yield path.read_bytes()
        except OSError:
            pass


def shown(text):
    """What of the secrets stands in a text, as it is or as a form has it."""
    forms = {form for value in [*SECRETS.values(), TOKEN] for form in (value, urllib.parse.quote(value, safe=''), urllib.parse.quote_plus(value))}
    return [form for form in forms if form in text]


class TokenServer:
    """Answers each POST with status and body; forms has what came."""

    def __init__(self, status=200, body=None):
        self.status, self.body = status, body if body is not None else (
            '{\n  "access_token": "%s",\n  "expires_in": 3599,\n  "token_type": "Bearer"\n}' % TOKEN).encode()
        self.forms, self.seen = [], []

    def __enter__(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                server.seen += [found for line in command_lines() for found in shown(line.decode(errors='replace'))]
                body = self.rfile.read(int(self.headers['Content-Length'])).decode()
                server.forms.append((self.headers['Content-Type'], urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True)))
                self.send_response(server.status)
                self.end_headers()
                self.wfile.write(server.body)

            def log_message(self, *args):
                pass

        self.listener = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.listener.server_address[1]}/token'
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown()
        self.listener.server_close()


class Place:
    """A folder with the script, the settings of a provider, and a curl and a jq that note how they are called."""

    def __init__(self, trial, url, provider='google'):
        self.top, self.trial = trial.top, trial
        self.script, self.settings, self.calls = trial.top / 'dmarcq-token', trial.top / f'{provider}.token', trial.top / 'calls'
        self.script.write_text(block('#!/bin/sh'), encoding='utf-8')
        self.script.chmod(int(re.search(r'/usr/local/bin/dmarcq-token` \(`chmod (\d+)`', PAGE).group(1), 8))
        text = block('url=https://', list(PROVIDERS).index(provider))
        text = re.sub('^url=.*', f'url={url}', text, flags=re.M)
        for name, value in SECRETS.items():
            quoted = value.replace("'", "'\\''")
            text = text.replace(f"{name}='...'", f"{name}='{quoted}'")
        self.settings.write_text(text, encoding='utf-8')
        self.settings.chmod(int(re.search(r'google\.token` \(`chown root:dmarcq`, `chmod (\d+)`\)', PAGE).group(1), 8))
        (self.top / 'bin').mkdir(exist_ok=True)
        for name in ('curl', 'jq'):
            tool = self.top / 'bin' / name
            tool.write_text(f'#!/bin/sh\nprintf "%s\\n" {name} "$@" >>{self.calls}\nexec {shutil.which(name)} "$@"\n', encoding='utf-8')
            tool.chmod(0o755)
        trial.env['PATH'] = f'{self.top}/bin:{os.environ["PATH"]}'
        # A proxy that this machine may have is none for loopback.
        trial.env['no_proxy'] = '*'

    def run(self, **options):
        return subprocess.run([self.script, self.settings], env=self.trial.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              check=False, **options)

    def quiet(self, *texts):
        """Nothing secret stood on a command line or in these texts."""
        called = self.calls.read_text(encoding='utf-8')
        same('curl and jq', {'curl', 'jq'} & set(called.splitlines()), {'curl', 'jq'})
        for text in (called, *texts):
            same('secrets', shown(text), [])


# The script

def gives_a_token():
    for provider, fields in PROVIDERS.items():
        with Trial() as trial, TokenServer() as server:
            place = Place(trial, server.url, provider)
            done = place.run()
            same(provider, (done.returncode, done.stdout, done.stderr), (0, TOKEN + '\n', ''))
            same('form', [(kind, dict(form)) for kind, form in server.forms], [('application/x-www-form-urlencoded', fields)])
            same('on command lines', server.seen, [])
            place.quiet()


def sees_secrets():
    """That the checks for secrets can fail."""
    with Trial() as trial, TokenServer() as server:
        place = Place(trial, server.url)
        place.script.write_text(place.script.read_text(encoding='utf-8').replace('--data @-', '--data-urlencode "client_secret=$client_secret"'), encoding='utf-8')
        place.run()
        same('seen', (set(server.seen), set(shown(place.calls.read_text(encoding='utf-8')))), ({SECRETS['client_secret']},) * 2)


def says_why_there_is_none():
    """What the server says, and whether it is to be tried again."""
    for status, body, code, words in ANSWERS:
        with Trial() as trial, TokenServer(status, body) as server:
            place = Place(trial, server.url)
            done = place.run()
            same(f'{status}', (done.returncode, done.stdout), (code, ''))
            if words not in done.stderr or str(status) not in done.stderr:
                raise dmarcq.Failed(f'{status}: it says {done.stderr!r}')
            place.quiet(done.stderr)
    for body in (b'{"id_token": "%s"}' % TOKEN.encode(), b'<html>log in first', b''):
        with Trial() as trial, TokenServer(200, body) as server:
            place = Place(trial, server.url)
            done = place.run()
            # jq takes no input for no mistake; an empty line is none of a token's.
            if done.returncode == 75 or done.returncode == 0 and done.stdout:
                raise dmarcq.Failed(f'{body}: exit code {done.returncode}: {done.stdout}')
            place.quiet(done.stderr)
    with Trial() as trial:
        place = Place(trial, 'http://127.0.0.1:1/token')
        done = place.run()
        same('nobody listens', (done.returncode, done.stdout), (75, ''))
        if 'onnect' not in done.stderr:
            raise dmarcq.Failed(f'nobody listens: it says {done.stderr!r}')


def is_for_the_service_alone():
    """The modes of the page: the group of the service reads the settings, nobody else does."""
    if os.geteuid() != 0:
        print('only root can be somebody else')
        return
    with Trial() as trial, TokenServer() as server:
        trial.top.chmod(0o755)
        place = Place(trial, server.url)
        group = 65000
        os.chown(place.settings, 0, group)
        place.calls.touch()
        place.calls.chmod(0o666)
        for own, code in ((group, 0), (group + 1, 2)):
            done = place.run(user=group + 2, group=own, extra_groups=[])
            same(f'group {own}', done.returncode, code)
        same('what was sent', len(server.forms), 1)
        same('tells of the file', str(place.settings) in done.stderr, True)
        same('secrets', shown(done.stderr), [])


def changes_the_code():
    """The command that is typed once: code and secret don't stand on its command line, and the code goes as the address has it."""
    with Trial() as trial, TokenServer(body=b'{"refresh_token": "1//0g"}') as server:
        place = Place(trial, server.url)
        command = block('curl --data @-')
        for name in ('client_id', 'client_secret', 'code'):
            value = SECRETS[name] if name == 'code' else urllib.parse.quote(SECRETS[name], safe='')
            command = command.replace(name.upper(), value)
        command = re.sub(r'https://\S+/token', server.url, command)
        done = subprocess.run(['sh', '-c', 'sh'], input=command, env=trial.env, capture_output=True, text=True, timeout=60, check=False)
        same('answer', (done.returncode, done.stdout), (0, '{"refresh_token": "1//0g"}'))
        same('form', dict(server.forms[0][1]), {'grant_type': 'authorization_code', 'redirect_uri': 'http://127.0.0.1:1/', 'code': '4/0AX4XfWh-a_b/c',
                                                'client_id': SECRETS['client_id'], 'client_secret': SECRETS['client_secret']})
        same('on command lines', server.seen, [])
        same('secrets', shown(place.calls.read_text(encoding='utf-8')), [])


# The program

def mailbox(trial, at, place):
    trial.mailbox(at.url('/INBOX'), None, oauth2_token_command=f'{place.script} {place.settings}')


def imports():
    with Trial() as trial, TokenServer() as server, imap.Server(mails.reports(1), password=TOKEN) as at:
        mailbox(trial, at, Place(trial, server.url))
        done = trial.import_().must(0, 'insecure=1')
        trial.must_hold(1)
        same('secrets', shown(done.stdout + done.stderr), [])
        same('login', [command.split()[1] for command in at.said('AUTHENTICATE|LOGIN')], ['OAUTHBEARER'])


def tells_that_there_is_none():
    """The server's words from the script, then the program's own with its exit code; doctor ends with the same. What is to be tried again is."""
    for status, body, code, words in ANSWERS[:2] + ANSWERS[-1:]:
        with Trial() as trial, TokenServer(status, body) as server, imap.Server() as at:
            mailbox(trial, at, Place(trial, server.url))
            expected = 75 if code == 75 else 78
            done = trial.import_().must(expected, re.escape(words), rf'dmarcq: box: \S+: oauth2-token-command: the command ended with {code}; '
                                                                    '`dmarcq doctor box` looks into it')
            same('secrets', shown(done.stdout + done.stderr), [])
            same('tries', len(server.forms), 4 if code == 75 else 1)
            trial.run('doctor', 'box').must(expected, re.escape(words))
            same('logins', at.said('AUTHENTICATE|LOGIN'), [])


def main():
    for tool in ('curl', 'jq'):
        if shutil.which(tool) is None:
            dmarcq.skip(f'no {tool}')
    # One at a time: one of them shows a secret to all others.
    return all_of([gives_a_token, sees_secrets, says_why_there_is_none, is_for_the_service_alone, changes_the_code, imports, tells_that_there_is_none],
                  sys.argv[1:])


sys.exit(main())
