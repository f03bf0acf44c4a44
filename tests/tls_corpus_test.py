#!/usr/bin/env python3
"""Imports every SMTP TLS report of a corpus of real reports and compares it with the corpus' MANIFEST.tsv (records are policies there,
messages the sessions of their summaries) and with what other programs say of it. Skipped where there is no corpus."""
import ipaddress
import json
import pathlib
import re
import shutil
import sys

import dmarcq

POLICIES = '''
SELECT report.id, domain.text, type.text, policy.ok, policy.failed, coalesce(strings.text, '[]'), coalesce(hosts.text, '[]'), policy.id
  FROM tls_report AS report JOIN tls_policy AS policy ON policy.report = report.id JOIN name AS domain ON domain.id = policy.domain
       LEFT JOIN name AS type ON type.id = policy.type LEFT JOIN name AS strings ON strings.id = policy.strings
       LEFT JOIN name AS hosts ON hosts.id = policy.mx_hosts
 ORDER BY policy.id'''
FAILURES = '''
SELECT failure.policy, result.text, sending.text, receiving.text, mx.text, helo.text, failure.sessions, info.text, reason.text
  FROM tls_failure AS failure LEFT JOIN name AS result ON result.id = failure.result LEFT JOIN name AS mx ON mx.id = failure.mx
       LEFT JOIN name AS helo ON helo.id = failure.helo LEFT JOIN name AS info ON info.id = failure.info
       LEFT JOIN name AS reason ON reason.id = failure.reason LEFT JOIN ip AS sending ON sending.id = failure.sending_ip
       LEFT JOIN ip AS receiving ON receiving.id = failure.receiving_ip
 ORDER BY failure.id'''
REPORT = '''
SELECT org.text, contact.text, report_id, strftime('%Y-%m-%dT%H:%M:%SZ', begin, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', end, 'unixepoch')
  FROM tls_report LEFT JOIN name AS org ON org.id = org_name LEFT JOIN name AS contact ON contact.id = contact'''


def value(text):
    """Blanks around a text are left off, addresses are in their canonical form (RFC 5952)."""
    if not isinstance(text, str):
        return text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text.strip()


def failure_said(failure):
    """A failure of RFC 8460's JSON as FAILURES gives it."""
    return tuple(value(failure.get(key)) for key in ('result-type', 'sending-mta-ip', 'receiving-ip', 'receiving-mx-hostname',
                                                     'receiving-mx-helo', 'failed-session-count', 'additional-information',
                                                     'failure-reason-code'))


def stored(db):
    """A database with one report, in the words of RFC 8460's JSON as far as they are compared."""
    failures = dmarcq.rows(db, FAILURES)
    return dmarcq.rows(db, REPORT)[0], [
        (domain, kind, ok, failed, json.loads(strings), json.loads(hosts), [row[1:] for row in failures if row[0] == policy])
        for _, domain, kind, ok, failed, strings, hosts, policy in dmarcq.rows(db, POLICIES)]


def said(report):
    """The same of a report of another program that gives the JSON again."""
    policies = []
    for entry in report['policies']:
        policy, summary = entry['policy'], entry['summary']
        hosts = policy.get('mx-host', [])
        policies.append((policy.get('policy-domain', ''), policy['policy-type'], summary.get('total-successful-session-count'),
                         summary.get('total-failure-session-count'), policy.get('policy-string', []),
                         [hosts] if isinstance(hosts, str) else hosts, [failure_said(f) for f in entry.get('failure-details', [])]))
    period = report['date-range']
    return (report['organization-name'], report['contact-info'], report['report-id'], period['start-datetime'],
            period['end-datetime']), policies


def parsedmarc(page):
    """The report of its documentation."""
    text = re.search(r'### JSON SMTP TLS report\n+```json\n(.*?)\n```', page, re.S).group(1)
    report = json.loads(text)[0]
    policies = [(p['policy_domain'], p['policy_type'], p['successful_session_count'], p['failed_session_count'], p['policy_strings'], [],
                 [(f['result_type'], f['sending_mta_ip'], f['receiving_ip'], f['receiving_mx_hostname'], None,
                   f['failed_session_count'], None, None) for f in p['failure_details']]) for p in report['policies']]
    return (report['organization_name'], report['report_id'], report['begin_date'], report['end_date']), policies


def compare(got, want):
    """The differences of two reports, as lines."""
    (head, policies), (want_head, want_policies) = got, want
    if head != want_head or len(policies) != len(want_policies):
        return [f'{head} with {len(policies)} policies, expected {want_head} with {len(want_policies)}']
    return [f'policy {got}, expected {wanted}' for got, wanted in zip(policies, want_policies) if got != wanted]


def check_one(corpus, row, db):
    """The differences of a file to the manifest and to other programs, and how many things were compared."""
    got = dmarcq.imported(db, corpus / row['file'], codes=(0,))
    dmarcq.checked(db)
    policies, sessions = dmarcq.rows(db, 'SELECT count(*), CAST(total(ok) + total(failed) AS INTEGER) FROM tls_policy')[0]
    totals = (got['tls_reports'], policies, sessions)
    want = tuple(int(row[name]) for name in ('reports', 'records', 'messages'))
    lines = [f'reports/policies/sessions {totals}, expected {want}'] if totals != want else []
    domains = ','.join(sorted({domain for (domain,) in dmarcq.rows(
        db, 'SELECT text FROM name WHERE id IN (SELECT domain FROM tls_policy)')}))
    if domains != row['domain']:
        lines.append(f'domains {domains}, expected {row["domain"]}')
    if dmarcq.rows(db, REPORT)[0][0] != row['reporter']:
        lines.append(f'reporter {dmarcq.rows(db, REPORT)[0][0]}, expected {row["reporter"]}')
    compared = 1
    for name in (row['expected'] or '').split():
        if name.endswith('.json'):
            compared += 1
            lines += compare(stored(db), said(json.loads((corpus / name).read_text(encoding='utf-8'))))
    if row['file'] == 'domainaware__parsedmarc/samples__smtp_tls__smtp_tls.json':
        compared += 1
        head, found = stored(db)
        page = (corpus / '_expected/domainaware__parsedmarc/docs__source__output.md').read_text(encoding='utf-8')
        lines += compare((head[:1] + head[2:], found), parsedmarc(page))
    return lines, compared


def piped(corpus, rows, work):
    """On standard input each is taken with the exit code that a mail server wants."""
    for number, row in enumerate(rows):
        got = dmarcq.imported(work / f'pipe-{number}.db', '-', codes=(0,), input=(corpus / row['file']).read_bytes())
        if got['tls_reports'] != 1:
            raise dmarcq.Failed(f'{row["file"]} on standard input: {got}')


def everything(corpus, rows, work):
    """All in one database: each is a new one, a duplicate or a conflict; a rebuild gives the same answers."""
    (work / 'all').mkdir()
    for number, row in enumerate(rows):
        shutil.copyfile(corpus / row['file'], work / 'all' / f'{number}-{row["file"].rsplit("/", 1)[1]}')
    db = work / 'all.db'
    got = dmarcq.imported(db, work / 'all', codes=(0,))
    if got['tls_reports'] + got['duplicates'] + got['conflicts'] != len(rows):
        raise dmarcq.Failed(f'all at once: {got}')
    answers = [dmarcq.run('tls', '--db', db, '--by', by, '--format', 'json').stdout for by in ('result-type', 'mx', 'reporter', 'policy')]
    total = json.loads(answers[0])['totals']
    if any(json.loads(answer)['totals'] != total for answer in answers):
        raise dmarcq.Failed('the totals depend on --by')
    ended = dmarcq.run('db', 'rebuild', '--db', db)
    if ended.returncode != 0:
        raise dmarcq.Failed(f'db rebuild: {ended.stderr.decode()}')
    dmarcq.checked(db)
    again = [dmarcq.run('tls', '--db', db, '--by', by, '--format', 'json').stdout for by in ('result-type', 'mx', 'reporter', 'policy')]
    if again != answers:
        raise dmarcq.Failed('other answers after db rebuild')
    return got | {'totals': total}


def main():
    corpus = dmarcq.corpus()
    rows = [row for row in dmarcq.manifest(corpus) if row['kind'] == 'tlsrpt']
    bad = compared = 0
    with dmarcq.folder() as folder:
        work = pathlib.Path(folder)
        for number, row in enumerate(rows):
            lines, count = check_one(corpus, row, work / f'{number}.db')
            compared += count
            bad += bool(lines)
            for line in lines:
                print(f'{row["file"]}: {line}')
        piped(corpus, rows, work)
        print('all at once:', everything(corpus, rows, work))
    print(f'{len(rows)} files, {compared} comparisons, {bad} differ')
    return bad > 0 or not rows


sys.exit(main())
