#!/usr/bin/env python3
"""The mails of the samples as a mail server would have checked them: what is proved is counted, asked for and rebuilt. And, where
the corpus is at hand, real mails: whoever is trusted, what is stored of them is in the fields that they have."""
import email
import email.policy
import json
import os
import pathlib
import re
import sys

import dmarcq

US = 'mx.example.org'
RECEIVED = f'Received: from a.example ([192.0.2.1]) by {US} with ESMTPS id 1; Tue, 02 Jun 2026 00:00:00 +0000\n'
# One after the other, what the server says of the mails; None: it says nothing.
SAYS = ('dmarc=pass', 'dmarc=fail', None, 'dkim=pass', 'dmarc=pass')
WORDS = {'dmarc=pass': 'authenticated', 'dkim=pass': 'authenticated', 'dmarc=fail': 'forged?', None: 'unverified'}


def answer(db, *args):
    return json.loads(dmarcq.run(*args, '--db', db, '--format', 'json').stdout)


def put_mails(folder):
    """Copies of the samples' mails with what the server says on top; {Message-ID: what is to come out}."""
    expected = {}
    mails = sorted(path for path in (dmarcq.TOP / 'samples' / 'maildir' / 'cur').iterdir() if path.is_file())
    for number, path in enumerate(mails):
        text = path.read_text(encoding='utf-8')
        sender = re.search(r'^From:.*@([^>\s]+)', text, re.M).group(1)
        says = SAYS[number % len(SAYS)]
        name = 'header.d' if says == 'dkim=pass' else 'header.from'
        forged = f'Authentication-Results: {US}; dmarc=pass header.from={sender}\n'
        top = f'Authentication-Results: {US}; {says} {name}={sender}\n' if says else f'Authentication-Results: {US}; spf=none smtp.mailfrom={sender}\n'
        (folder / f'{number:04}.eml').write_text(top + RECEIVED + forged + text, encoding='utf-8')
        expected[re.search(r'^Message-ID: (\S+)', text, re.M).group(1)] = WORDS[says]
    return expected


def check_samples(folder):
    mails, db, conf = folder / 'mails', folder / 'samples.db', folder / 'dmarcq.conf'
    mails.mkdir()
    expected = put_mails(mails)
    conf.write_text(f'[dmarcq]\ntrusted-authserv-id = mx.example.net {US}\n', encoding='utf-8')
    done = dmarcq.run('import', '--db', db, '--config', conf, mails)
    assert done.returncode in (0, 1), done.stderr
    dmarcq.checked(db)
    verdicts = dmarcq.rows(db, """SELECT mail.message_id, v.authenticity, v.messages, v.state FROM v_reports AS v
        JOIN report ON report.id = v.report JOIN arrival ON arrival.id = report.arrival JOIN mail ON mail.id = arrival.mail""")
    wrong = [(name, got, expected[name]) for name, got, _, _ in verdicts if got != expected[name]]
    assert not wrong, wrong[:5]
    assert {got for _, got, _, _ in verdicts} == set(WORDS.values())

    proved = [row for row in verdicts if row[1] == 'authenticated' and row[3] == 'counted']
    status = answer(db, 'status', '--only', 'authenticated')['rows']
    assert sum(row['reports'] for row in status) == len(proved)
    assert sum(row['messages'] for row in status) == sum(row[2] for row in proved)
    assert sum(row['authenticated'] for row in answer(db, 'status')['rows']) == len(proved)
    failing = dmarcq.rows(db, "SELECT sum(failed) FROM v_reports WHERE authenticity = 'authenticated' AND state = 'counted'")[0][0]
    for domains in ((), ('--domain', '*')):
        ranking = answer(db, 'top-failures', '-n', '0', '--by', 'domain', '--only', 'authenticated', *domains)['rows']
        assert sum(row['failing'] for row in ranking) == failing, (ranking, failing)
        trend = answer(db, 'trend', '--only', 'authenticated', *domains)['rows']
        assert sum(row['failing'] or 0 for row in trend) == failing
    exported = dmarcq.run('export', '--db', db, '--only', 'authenticated', '--format', 'jsonl').stdout.splitlines()
    assert sum(json.loads(line)['messages'] for line in exported) == sum(row[2] for row in proved)

    before = dmarcq.rows(db, 'SELECT * FROM report ORDER BY id'), dmarcq.rows(db, 'SELECT * FROM day ORDER BY id')
    assert dmarcq.run('db', 'rebuild', '--db', db).returncode == 0
    dmarcq.checked(db)
    assert before == (dmarcq.rows(db, 'SELECT * FROM report ORDER BY id'), dmarcq.rows(db, 'SELECT * FROM day ORDER BY id'))
    return len(verdicts)


def fields(path):
    """The authserv-ids of a mail, and all that its fields say, in lower case."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
    values = [' '.join(str(value).split()).lower() for value in mail.get_all('Authentication-Results', [])]
    return {value.split(';')[0].split()[0] for value in values if value and '=' not in value.split(';')[0]}, ' '.join(values)


def check_corpus(folder):
    top = pathlib.Path(os.environ.get('DMARCQ_CORPUS', dmarcq.TOP.parent / 'shared' / 'corpus'))
    said = {path: fields(path) for path in sorted(top.rglob('*.eml'))} if top.is_dir() else {}
    said = {path: (names, text) for path, (names, text) in said.items() if text}
    db, conf = folder / 'corpus.db', folder / 'corpus.conf'
    names = ' '.join(sorted(set().union(*(names for names, _ in said.values())))) if said else ''
    conf.write_text(f'[dmarcq]\ntrusted-authserv-id = - {names} outlook.com\n', encoding='utf-8')
    for path in said:
        dmarcq.run('import', '--db', db, '--config', conf, path)
    if not said:
        return 0
    believed = dmarcq.rows(db, 'SELECT file.name, mail.checked_by, mail.results FROM mail JOIN file ON file.id = mail.file')
    texts = {path.name: text for path, (_, text) in said.items()}
    for name, by, results in believed:
        for result in (results or '').split():
            verdict, domain = result.split(':')
            assert verdict in texts[name] and domain in texts[name], (name, by, result)
    assert any(by for _, by, _ in believed), 'no mail of the corpus is believed'
    dmarcq.checked(db)
    return len(believed)


def main():
    with dmarcq.folder() as name:
        folder = pathlib.Path(name)
        print(f'{check_samples(folder)} mails of the samples, {check_corpus(folder)} of the corpus')
    return 0


sys.exit(main())
