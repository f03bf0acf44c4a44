#!/usr/bin/env python3
"""Failure reports from mails to the database: what is stored of each fixture, and that no person reaches the database's bytes
unless that was asked for. tests/fixtures/failures holds a small mail for each form.
"""
import gzip
import json
import pathlib
import shutil
import sys
import zipfile

import dmarcq
from failure_reports import KEEP, differences, must, stored

FIXTURES = dmarcq.TOP / 'tests' / 'fixtures' / 'failures'
# What the fixtures say of people, none of which may be stored.
PEOPLE = (b'alice.secret', b'bob.private', b'carol.hidden', b'olga.office', b'Alice Secret', b'Olga Office', b'salaries', b'vault code')

# What is stored of the fixtures that are made of the same report; None: missing.
WHOLE = {
    'type': 'auth-failure', 'form': 'arf', 'user_agent': 'Receiver-Filter/2.1', 'version': '1', 'envelope_id': '8BE2660E72',
    'arrived': 1780388100, 'sent': 1780388160, 'reporting_mta': 'mx1.receiver.example', 'source_ip': '192.0.2.25', 'incidents': 3,
    'auth_failure': 'dmarc', 'delivery_result': 'reject', 'identity_alignment': 'none', 'dkim_domain': 'example.com',
    'dkim_selector': 's2026', 'header_from': 'example.com', 'has_message': 1, 'reporter': 'receiver.example', 'personal': 0,
    'subject': None, 'domain': 'example.com',
    'spf': [('fail', 'bounce.example.com')], 'dkim': [('fail', 'example.com')], 'dmarc': [('fail', 'example.com')],
}
FORMS = {
    'arf.eml': {'source_port': 40125},
    'headers.eml': {'source_port': 1001},
    'misspelled.eml': {'source_port': 1002},
    'misspelled-message.eml': {'source_port': 1012},
    'mixed-base64.eml': {'source_port': 1003, 'identity_alignment': 'spf,dkim'},
    'undeclared-base64.eml': {'source_port': 1004},
    'inline.eml': {'source_port': 1005, 'form': 'inline'},
    'no-message.eml': {'source_port': 1006, 'has_message': 0, 'dkim': []},
    'mbox-from.eml': {'source_port': 1007, 'mail_from': '', 'version': '1.0', 'delivery_result': 'smg-policy-action'},
    'forwarded.eml': {'source_port': 1008},
    'attachment.eml': {'source_port': 1009},
    'exim.eml': {
        'form': 'words', 'user_agent': None, 'version': None, 'envelope_id': None, 'arrived': 1780391700, 'sent': 1780391760,
        'reporting_mta': None, 'source_ip': '192.0.2.26', 'source_port': None, 'incidents': 1, 'delivery_result': None,
        'identity_alignment': None, 'dkim_domain': None, 'dkim_selector': None, 'reporter': 'host.receiver.example',
        'spf': [], 'dkim': [], 'dmarc': [], 'spf-alignment': [('no', None)], 'dkim-alignment': [('no', None)],
        'dmarc-result': [('Reject', None)],
    },
}
OTHERS = {'abuse.eml': 'abuse', 'opt-out.eml': 'opt-out'}

def bare(path):
    """Raises when a file of the database holds anything that the fixtures say of people."""
    for file in path.parent.glob(path.name + '*'):
        data = file.read_bytes().lower()
        for text in PEOPLE:
            must(text.lower() not in data, f'{file.name} holds {text.decode()}')


def forms(work):
    """Each fixture alone gives what it must, and nobody's name; the same file again is known, a copy is a duplicate."""
    must({p.name for p in FIXTURES.glob('*.eml')} == set(FORMS) | set(OTHERS) | {'no-fields.eml'}, 'fixtures without a line here')
    for name, change in FORMS.items():
        db = work / f'{name}.db'
        got = dmarcq.imported(db, FIXTURES / name, codes=(0,))
        must((got['failures'], got['feedback'], got['reports'], got['rejected']) == (1, 0, 0, 0), f'{name}: {got}')
        lines = differences(WHOLE | change, stored(db)[0])
        must(not lines, f'{name}: ' + '; '.join(lines))
        must(dmarcq.rows(db, 'SELECT size - missing FROM original') == [(0,)], f'{name}: bytes of the original are kept')
        bare(db)
        dmarcq.checked(db)
        must(dmarcq.imported(db, FIXTURES / name, codes=(0,))['unchanged'] == 1, f'{name}: it is not known again')
    for name, kind in OTHERS.items():
        db = work / f'{name}.db'
        got = dmarcq.imported(db, FIXTURES / name, codes=(0,))
        must((got['failures'], got['feedback'], got['rejected']) == (0, 1, 0), f'{name}: {got}')
        must(stored(db)[0]['type'] == kind, f'{name}: {stored(db)}')
        bare(db)


def rejected(work):
    """What can't be read is rejected and stays where it is, without bytes in the database."""
    db, folder = work / 'rejects.db', work / 'rejects'
    folder.mkdir()
    shutil.copyfile(FIXTURES / 'no-fields.eml', folder / 'no-fields.eml')
    many = (FIXTURES / 'arf.eml').read_text().replace('Feedback-Type:', 'X-Long: ' + 'x' * 5000 + '\nFeedback-Type:')
    (folder / 'long.eml').write_text(many)
    parts = (FIXTURES / 'arf.eml').read_text().replace('--report--', '--report\n\nx\n' * 300 + '--report--')
    (folder / 'parts.eml').write_text(parts)
    got = dmarcq.imported(db, '--delete', '--limit', 'feedback-bytes=4096', folder)
    must((got['failures'], got['rejected']) == (0, 3), f'rejects: {got}')
    must(len(list(folder.iterdir())) == 3, 'a rejected mail is gone from its folder')
    reasons = {row[0] for row in dmarcq.rows(db, 'SELECT reason FROM reject')}
    must(any('RFC 6591' in r for r in reasons) and any('feedback-bytes' in r for r in reasons) and
         any('mail-parts' in r for r in reasons), f'rejects: {reasons}')
    bare(db)
    dmarcq.checked(db)


def containers(work):
    """The same mail in an mbox, a zip and as an attachment, with names that tell: once, and nobody's name."""
    db = work / 'containers.db'
    telling = work / 'Quarterly salaries for bob.private@receiver.example.eml'
    shutil.copyfile(FIXTURES / 'arf.eml', telling)
    box = work / 'box'
    box.write_bytes(b'From x Tue Jun  2 08:16:00 2026\n' + (FIXTURES / 'arf.eml').read_bytes() + b'\n')
    archive = work / 'archive.zip'
    with zipfile.ZipFile(archive, 'w') as zipped:
        zipped.writestr('Quarterly salaries.eml', (FIXTURES / 'arf.eml').read_bytes())
        zipped.writestr('vault code.eml', (FIXTURES / 'no-fields.eml').read_bytes())
    packed = work / 'mail.eml.gz'
    packed.write_bytes(gzip.compress((FIXTURES / 'arf.eml').read_bytes()))
    got = dmarcq.imported(db, telling, box, archive, packed)
    must((got['failures'], got['duplicates'], got['rejected']) == (1, 3, 1), f'containers: {got}')
    bare(db)
    dmarcq.checked(db)
    again = dmarcq.imported(db, telling, codes=(0,))
    must(again['unchanged'] == 1, f'a file under a name that was hidden is not known: {again}')


def content(path, *tables):
    return {table: dmarcq.rows(path, f'SELECT * FROM {table} ORDER BY 1, 2') for table in tables}


def kept(work):
    """Asked for, all of it is kept; it can be read again, and be taken away until nothing is left."""
    db, config = work / 'kept.db', work / 'keep.conf'
    config.write_text(KEEP)
    dmarcq.imported(db, '--config', config, FIXTURES, dmarcq.TOP / 'samples/files', codes=(1,))
    data = db.read_bytes().lower()
    must(b'alice.secret' in data and b'salaries' in data, 'personal data is not kept though it was asked for')
    must(all(f['personal'] for f in stored(db)), 'a report says that it is bare')
    shown = dmarcq.run('show', '--db', db, 'F2', '--original').stdout
    must(shown == (FIXTURES / 'arf.eml').read_bytes(), 'the original is not what arrived')
    before = content(db, 'failure', 'failure_text', 'failure_result', 'failure_domain')
    must(dmarcq.run('db', 'rebuild', '--db', db).returncode == 0, 'rebuild failed')
    must(content(db, 'failure', 'failure_text', 'failure_result', 'failure_domain') == before, 'a rebuild changed failure reports')
    reports = dmarcq.rows(db, 'SELECT count(*), sum(messages) FROM report')
    plan = json.loads(dmarcq.run('db', 'prune', '--personal', '--dry-run', '--format', 'json', '--db', db).stdout)['rows'][0]
    did = json.loads(dmarcq.run('db', 'prune', '--personal', '--format', 'json', '--db', db).stdout)['rows'][0]
    must(plan == did and did['failures'] == 14 and did['originals'] == 15, f'prune --personal: planned {plan}, did {did}')
    bare(db)
    dmarcq.checked(db)
    must(dmarcq.rows(db, 'SELECT count(*), sum(messages) FROM report') == reports, 'prune --personal took reports')
    must(stored(db)[0]['mail_from'].endswith('@example.com'), 'prune --personal took more than local parts')
    other = work / 'bare.db'
    dmarcq.imported(other, FIXTURES, codes=(1,))
    left = [dict(f, key=0, arrival=0, mail_from=0, sender=0, message_id=0, dkim_identity=0) for f in stored(db)]
    never = [dict(f, key=0, arrival=0, mail_from=0, sender=0, message_id=0, dkim_identity=0) for f in stored(other)]
    texts = ('original-rcpt-to', 'reported-uri')
    must([{k: v for k, v in f.items() if k not in texts} for f in left] ==
         [{k: v for k, v in f.items() if k not in texts} for f in never], 'what is left is not what would have been stored')


def bare_facts(work):
    """Failure reports without bytes stay through a rebuild, and go by their age."""
    db = work / 'facts.db'
    dmarcq.imported(db, FIXTURES, dmarcq.TOP / 'samples/files', codes=(1,))
    before = content(db, 'failure', 'failure_text', 'failure_result', 'failure_repeat')
    must(dmarcq.run('db', 'rebuild', '--db', db).returncode == 0, 'rebuild failed')
    must(content(db, 'failure', 'failure_text', 'failure_result', 'failure_repeat') == before, 'a rebuild changed failure reports')
    dmarcq.checked(db)
    # The newest sample is of 2026-06-29, so that 30 days reach back to 2026-05-31: nothing goes; a later report moves that.
    must(prune(db, '--keep', '30d')['failures'] == 0, 'reports of the last 30 days went')
    dmarcq.change(db, "UPDATE failure SET arrived = arrived - 86400 * 60 WHERE source_port = 1001")
    must(prune(db, '--keep', '30d')['failures'] == 1, 'an old failure report did not go')
    must(len(stored(db)) == 13, 'prune took another number of reports than it says')
    must(not dmarcq.rows(db, 'SELECT 1 FROM failure_result WHERE failure NOT IN (SELECT id FROM failure)'), 'results are left')
    dmarcq.checked(db)


def prune(db, *args):
    done = dmarcq.run('db', 'prune', '--db', db, '--format', 'json', *args)
    must(done.returncode == 0, f'prune {args}: {done.stderr.decode()}')
    return json.loads(done.stdout)['rows'][0]


def main():
    with dmarcq.folder() as name:
        work = pathlib.Path(name)
        for step in (forms, rejected, containers, kept, bare_facts):
            step(work)
            print(f'{step.__name__}: as expected')
    return 0


if __name__ == '__main__':
    sys.exit(main())
