#!/usr/bin/env python3
"""Mailboxes on a real server: what is imported, what becomes of the mails, and what a second run fetches.

mailbox_test.py [FUNCTION...]: these only.
"""
import csv
import io
import re
import sys
import time

import dmarcq
from servers import delay, dovecot, mails
from servers.trial import Trial, all_of, same

MANY = 5000
# A session that fetches no mail says less than this, whatever lies there.
NOTHING = 20000


def export(db):
    """The rows without the numbers of their reports, which depend on the order."""
    rows = csv.DictReader(io.StringIO(dmarcq.run('export', '--db', db).stdout.decode()))
    return sorted(tuple(value for name, value in row.items() if name != 'report') for row in rows)


# Import

def many_mails():
    """5,000 mails in all the forms that reporters choose: the totals are those that the mails were made with, and the rows those
    of the same mails in a folder. The second run fetches none of them."""
    some, totals = mails.many(MANY)
    with dovecot.Dovecot() as at, delay.Link(at.ports['imaps']) as link, Trial() as trial:
        at.deliver(some)
        trial.box(at, port=link.port)
        began = time.monotonic()
        done = trial.import_()
        print(f'{MANY} mails in {time.monotonic() - began:.1f} s')
        same('totals', totals.wrong(done.must(0).summary), '')
        if link.received < sum(map(len, some)):
            raise dmarcq.Failed('the mails did not come through the link')
        before = link.received
        same('second run', trial.import_().must(0).summary['reports'], 0)
        if link.received - before > NOTHING:
            raise dmarcq.Failed(f'the second run fetched {link.received - before} bytes')
        same('flags', {mail.flags for mail in at.mails()}, {''})
        beside = trial.top / 'beside'
        beside.mkdir()
        for number, mail in enumerate(some):
            (beside / f'{number:05}.eml').write_bytes(mail)
        dmarcq.imported(trial.top / 'beside.db', beside, codes=(0,))
        same('export', export(trial.db) == export(trial.top / 'beside.db'), True)


def all_schemes():
    """TLS from the first byte and STARTTLS, IMAP and POP3; in the clear only with insecure=1, and then it warns."""
    for scheme in dovecot.PROTOCOLS:
        with dovecot.Dovecot() as at, Trial() as trial:
            at.deliver(mails.reports(1, 2))
            trial.box(at, scheme)
            trial.import_().must(0)
            trial.must_hold(1, 2)
            if scheme in ('imap', 'pop3'):
                at.deliver(mails.reports(3))
                trial.mailbox(at.url(scheme) + '?insecure=1', at.password)
                trial.import_().must(0, 'insecure|not encrypted|clear')
                trial.must_hold(1, 2, 3)


def several_sources():
    """Mailboxes and files in one run; one that fails does not keep the others from being read."""
    with dovecot.Dovecot(users={'a@example.com': 'pa', 'b': 'pb'}) as at, Trial() as trial:
        at.deliver(mails.reports(1))
        at.deliver(mails.reports(2), user='b')
        (trial.top / 'file.eml').write_bytes(mails.report(3))
        trial.box(at)
        trial.mailbox(at.url(user='b'), 'wrong', name='b', ca_file=at.ca_file)
        trial.import_('box', 'b', trial.top / 'file.eml').must(77, 'refuses the login of b')
        trial.must_hold(1, 3)
        trial.mailbox(at.url(user='b'), 'pb', name='b', ca_file=at.ca_file)
        # Without a source: all of the configuration.
        trial.run('import', '--db', trial.db, '--format', 'json').must(0)
        trial.must_hold(1, 2, 3)


def large_mail():
    """A mail of 30 MB goes through, not into memory."""
    with dovecot.Dovecot() as at, Trial() as trial:
        at.deliver(mails.reports(1))
        trial.box(at)
        small = trial.import_(measured=True).must(0).peak
        at.deliver([mails.large(2, 30000000)])
        large = trial.import_(measured=True).must(0).peak
        trial.must_hold(1, 2)
        print(f'peak: {small:,} KiB, with a mail of 30 MB {large:,} KiB')
        if large - small > 20000:
            raise dmarcq.Failed('a large mail is held in memory')


def mail_that_is_too_large():
    for scheme in ('imaps', 'pop3s'):
        with dovecot.Dovecot() as at, Trial() as trial:
            at.deliver([mails.report(1), mails.large(2, 300000), mails.report(3)])
            trial.box(at, scheme, max_message=100000, after='delete')
            done = trial.import_()
            same('exit code', done.code, 1)
            if not re.search('100,?000', done.stderr):
                raise dmarcq.Failed(f'it was not told: {done.stderr}')
            trial.must_hold(1, 3)
            at.must_hold([mails.large(2, 300000)])


def search():
    """Only mails that meet the search keys are looked at."""
    with dovecot.Dovecot() as at, Trial() as trial:
        at.deliver([mails.report(1), mails.report(2).replace(b'example.com\r\nMessage', b'example.net\r\nMessage')])
        trial.box(at, search='SUBJECT "example.net"')
        trial.import_().must(0)
        trial.must_hold(2)
        trial.box(at)
        trial.import_().must(0)
        trial.must_hold(1, 2)


# What becomes of the mails

def mixed():
    return mails.reports(1, 2, 3), [mails.LETTER], [mails.broken(9)]


def settle_leave():
    good, letters, bad = mixed()
    with dovecot.Dovecot() as at, delay.Link(at.ports['imaps']) as link, Trial() as trial:
        at.deliver(good + letters + bad)
        trial.box(at, port=link.port)
        same('exit code', trial.import_().code, 1)
        at.must_hold(good + letters + bad)
        same('flags', {mail.flags for mail in at.mails()}, {''})
        same('folders', at.folders(), [])
        before = link.received
        trial.import_().must(0)
        if link.received - before > NOTHING:
            raise dmarcq.Failed(f'the second run fetched {link.received - before} bytes')
        trial.must_hold(1, 2, 3)


def settle_seen():
    good, letters, bad = mixed()
    with dovecot.Dovecot() as at, Trial() as trial:
        at.deliver(good + letters + bad)
        trial.box(at, after='seen')
        same('exit code', trial.import_().code, 1)
        at.must_hold(good + letters + bad)
        seen = sorted(dovecot.plain(mail.bytes) for mail in at.mails() if 'S' in mail.flags)
        same('seen', seen, sorted(map(dovecot.plain, good)))
        at.deliver(mails.reports(4))
        trial.import_().must(0)
        trial.must_hold(1, 2, 3, 4)
        same('seen', sum('S' in mail.flags for mail in at.mails()), 4)


def settle_archive():
    """With and without MOVE; the folder is made; a rejected mail stays, or goes to the folder for those."""
    good, letters, bad = mixed()
    for without in ([], ['MOVE'], ['MOVE', 'ESEARCH', 'IDLE', 'SPECIAL-USE']):
        for invalid in (None, 'Invalid'):
            with dovecot.Dovecot(without=without, rawlog=True) as at, delay.Link(at.ports['imaps']) as link, Trial() as trial:
                at.deliver(good + letters + bad)
                trial.box(at, port=link.port, after='archive:Archive/DMARC', **({'invalid_folder': invalid} if invalid else {}))
                same('exit code', trial.import_().code, 1)
                at.must_hold(good, 'Archive/DMARC')
                at.must_hold(letters if invalid else letters + bad)
                if invalid:
                    at.must_hold(bad, invalid)
                same('flags', {mail.flags.replace('a', '') for mail in at.mails()}, {''})
                before = link.received
                trial.import_().must(0)
                if link.received - before > NOTHING:
                    raise dmarcq.Failed(f'the second run fetched {link.received - before} bytes')
                trial.must_hold(1, 2, 3)
                for sent in at.commands():
                    if re.search(rb'(?m)^\S+ (EXPUNGE|CLOSE)', sent):
                        raise dmarcq.Failed(f'it expunged what was not its own: {sent}')


def settle_delete():
    good, letters, bad = mixed()
    for scheme in ('imaps', 'pop3s'):
        with dovecot.Dovecot() as at, Trial() as trial:
            at.deliver(good + letters + bad)
            trial.box(at, scheme, after='delete')
            same('exit code', trial.import_().code, 1)
            at.must_hold(letters + bad)
            trial.import_().must(0)
            trial.must_hold(1, 2, 3)
            at.must_hold(letters + bad)


def names_of_folders():
    """Other separators, a prefix, characters beyond ASCII, quotes."""
    for options, folder, archive, on_disk in (
            ({'separator': '.', 'prefix': 'INBOX.'}, None, 'INBOX.Archive.DMARC', '.Archive.DMARC'),
            ({}, None, 'Ablage/Erledigt & Grün', '.Ablage.Erledigt &- Gr&APw-n'),
            ({}, None, 'a "quoted\\" name', '.a "quoted\\" name')):
        with dovecot.Dovecot(**options) as at, Trial() as trial:
            at.deliver(mails.reports(1, 2))
            trial.box(at, after=f'archive:{archive}', folder=folder)
            trial.import_().must(0)
            place = at.maildir() / on_disk
            if not place.is_dir():
                raise dmarcq.Failed(f'{archive}: there is no {on_disk} in {at.folders()}')
            same(archive, sum(1 for name in ('new', 'cur') for _ in (place / name).iterdir()), 2)


def folder_of_the_url():
    with dovecot.Dovecot() as at, Trial() as trial:
        at.deliver(mails.reports(1))
        at.deliver(mails.reports(2), folder='Reports/rua')
        trial.box(at, folder='Reports/rua', after='delete')
        trial.import_().must(0)
        trial.must_hold(2)
        at.must_hold(mails.reports(1))
        at.must_hold([], 'Reports/rua')


def quota():
    """The archive is full for COPY: the reports are stored, the mails stay, nothing is counted again."""
    with dovecot.Dovecot(without=['MOVE'], quota=3) as at, Trial() as trial:
        at.deliver(mails.reports(1, 2, 3))
        trial.box(at, after='archive:Archive')
        trial.import_().must(75, 'quota|Quota')
        at.must_hold(mails.reports(1, 2, 3))
        trial.must_hold(1, 2, 3)
        same('flags', {mail.flags for mail in at.mails()}, {''})
        trial.box(at, after='delete')
        trial.import_().must(0)
        at.must_hold([])
        trial.must_hold(1, 2, 3)


# Logging in

def oauth2():
    for scheme in dovecot.PROTOCOLS:
        with dovecot.Dovecot() as at, Trial() as trial:
            at.deliver(mails.reports(1))
            for token, code in ((at.token(seconds=-100), 77), (at.token('somebody@example.com'), 77), (at.token(), 0)):
                trial.box(at, scheme, oauth2_token_command=f'echo {token}', after='delete')
                done = trial.import_()
                same(f'{scheme}: exit code', done.code, code)
                if token in done.stderr:
                    raise dmarcq.Failed('the token is shown')
            trial.must_hold(1)
            at.must_hold([])


def commands_for_secrets():
    with dovecot.Dovecot(users={'reports@example.com': 'tricky "\\ {5} ü word'}) as at, Trial() as trial:
        at.deliver(mails.reports(1))
        secret = trial.top / 'secret'
        secret.write_text(at.password + '\n', encoding='utf-8')
        trial.mailbox(at.url(), None, ca_file=at.ca_file, password_command=f'cat {secret}')
        trial.import_().must(0)
        trial.must_hold(1)
        trial.mailbox(at.url(), None, ca_file=at.ca_file, password_command='exit 3')
        trial.import_().must(78, 'password')
        secret.write_text('wrong\n', encoding='utf-8')
        trial.mailbox(at.url(), None, ca_file=at.ca_file, password_command=f'cat {secret}')
        trial.import_().must(77, 'refuses the login')


# POP3

def pop3_leaves():
    """What was fetched once is not fetched again."""
    with dovecot.Dovecot() as at, delay.Link(at.ports['pop3s']) as link, Trial() as trial:
        some, totals = mails.many(600)
        at.deliver(some)
        trial.box(at, 'pop3s', port=link.port)
        same('totals', totals.wrong(trial.import_().must(0).summary), '')
        before = link.received
        same('second run', trial.import_().must(0).summary['reports'], 0)
        # The list of mails is long here.
        if link.received - before > 60000:
            raise dmarcq.Failed(f'the second run fetched {link.received - before} bytes')
        at.deliver(mails.reports(1))
        same('third run', trial.import_().must(0).summary['reports'], 1)
        at.must_hold(some + mails.reports(1))


def main():
    return all_of([
        many_mails, all_schemes, several_sources, large_mail, mail_that_is_too_large, search, settle_leave, settle_seen, settle_archive,
        settle_delete, names_of_folders, folder_of_the_url, quota, oauth2, commands_for_secrets,
        pop3_leaves], sys.argv[1:])


sys.exit(main())
