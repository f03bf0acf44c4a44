#!/usr/bin/env python3
"""`dmarcq doctor` against a real Dovecot: all four ways to it, OAuth2, rights by ACL, folders below a namespace and with other letters. Nothing
of the mailbox changes."""
import json
import os
import pathlib
import sys

import dmarcq
from servers import dovecot

ACL = '''
imap_capability = {} ACL
mail_plugins = acl
protocol imap {{
  mail_plugins = acl imap_acl
}}
plugin {{
  acl = vfile
}}
'''.format(' '.join(dovecot.CAPABILITIES))
problems = []


def same(what, got, wanted):
    if got != wanted:
        problems.append(f'{what}: {got!r} and not {wanted!r}')


def ask(what, code, mailbox, *options):
    """The steps by their names; the exit code must be this one."""
    done = dmarcq.run('doctor', '--format', 'json', mailbox, *options, env=os.environ | {'DMARCQ_PASSWORD': dovecot.PASSWORD})
    same(f'{what}: exit code and messages', (done.returncode, done.stderr), (code, b''))
    return {row['step']: row for row in json.loads(done.stdout)['rows']} if done.stdout else {}


def said(what, steps, **wanted):
    """step=(result, part of what was found or is to be done)"""
    for step, (result, part) in wanted.items():
        row = steps.get(step, {})
        same(f'{what}: {step}', row.get('result'), result)
        if part not in f'{row.get("found")} {row.get("advice")}':
            problems.append(f'{what}: {step} lacks {part!r}: {row}')


def configure(server, scratch, *lines):
    conf = scratch / 'dmarcq.conf'
    conf.write_text('\n'.join(['[mailbox reports]', f'url = {server.url("imaps")}', f'ca-file = {server.ca_file}', *lines, '']), encoding='utf-8')
    return '--config', conf


def check_ways(scratch):
    with dovecot.Dovecot() as server:
        server.deliver([b'a', b'b'])
        for scheme in dovecot.PROTOCOLS:
            steps = ask(scheme, 0, server.url(scheme), '--ca-file', server.ca_file)
            same(f'{scheme}: all is well', {step: row['result'] for step, row in steps.items() if row['result'] not in ('ok', 'unknown')}, {})
            said(scheme, steps, tls=('ok', 'TLSv1.3'), methods=('ok', 'PLAIN, LOGIN, OAUTHBEARER, XOAUTH2'), folder=('ok', 'messages: 2'))
        same('they lie there unseen', [mail.flags for mail in server.mails()], ['', ''])
        steps = ask('token', 0, 'reports', *configure(server, scratch, f'oauth2-token-command = echo {server.token()}'))
        said('token', steps, login=('ok', 'OAuth2'))
        steps = ask('old token', 77, 'reports', *configure(server, scratch, f'oauth2-token-command = echo {server.token(seconds=-60)}'))
        said('old token', steps, login=('failed', 'expired'))


def check_folders(scratch):
    with dovecot.Dovecot(separator='.', prefix='INBOX.', extra=ACL) as server:
        server.deliver([b'a'], folder='INBOX.Reports')
        server.deliver([b'a', b'b', b'c'], folder='INBOX.&ANw-ber')
        steps = ask('namespace', 0, 'reports', *configure(server, scratch, 'folder = Reports', 'after = archive:Old', 'invalid-folder = Über'))
        said('namespace', steps, folder=('ok', 'messages: 1'), rights=('ok', 'may read: yes, mark as seen: yes, move and delete: yes'),
             archive=('unknown', 'not there yet'), invalid=('ok', 'it is there'))
        steps = ask('other letters', 0, 'reports', *configure(server, scratch, 'folder = Über'))
        said('other letters', steps, folder=('ok', 'messages: 3'))
        steps = ask('no such folder', 78, 'reports', *configure(server, scratch, 'folder = Uber'))
        said('no such folder', steps, folder=('failed', 'Über'))
        same('nothing was made', server.folders(), ['INBOX.&ANw-ber', 'INBOX.Reports'])
        (server.maildir('INBOX.Reports') / 'dovecot-acl').write_text(f'user={server.user} lr\n', encoding='ascii')
        steps = ask('few rights', 77, 'reports', *configure(server, scratch, 'folder = Reports', 'after = delete'))
        said('few rights', steps, folder=('ok', 'messages: 1'), rights=('failed', 'let this user move and delete'))


def main():
    with dmarcq.folder() as scratch:
        check_ways(pathlib.Path(scratch))
        check_folders(pathlib.Path(scratch))
    print('\n'.join(problems))
    print(f'{len(problems)} problems')
    return 1 if problems else 0


sys.exit(main())
