#!/usr/bin/env python3
"""Compares what is stored of some reports of the corpus, field by field, with what other programs say of them.

The corpus' _expected folder holds their test expectations. Each has habits of its own (a missing value becomes a
default, a name is capitalised): the reader of each form says here what of it can be compared. Skipped where there
is no corpus.
"""
import json
import pathlib
import re
import sys

import dmarcq

MTG = 'MTG-Thomas__DmarcAnalyzerApp/src__api.integrationtests__Fixtures__Conformance__'
# Cases that the other project decides otherwise, with what this program gives (reports, records, messages) and why.
OTHERWISE = {
    'archive-size-limit': ((1, 2, 112), 'its limit is a few bytes, made for the test'),
    'missing-report-id': ((1, 2, 112), 'a report without an id gets one from its content'),
    'no-records': ((1, 0, 0), 'a report about no mail is a report'),
    'truncation-after-record': ((1, 1, 100), 'complete records of a report cut short are kept'),
    'truncation-mid-record': ((1, 0, 0), 'complete records of a report cut short are kept, and it has none'),
}
# Cases that need another file first.
REPLAYS = {'replay-exact': 'duplicates', 'replay-cross-container': 'duplicates', 'conflicting-duplicate': 'conflicts'}
ANDREIALECU = {
    'report-dkim-fail.xml': 'is passing but has a DKIM failure',
    'report-spf-fail.xml': 'with a SPF failure',
    'report-quarantine.xml': 'with a quarantine disposition',
    'report-reject.xml': 'with a reject disposition',
}
ANY = object()


def differences(place, expected, got):
    """What differs, as lines; a dictionary is compared by the keys of expected, ANY stands for whatever there is."""
    if expected is ANY:
        return []
    if isinstance(expected, dict):
        return [line for key, value in expected.items() for line in differences(f'{place}.{key}', value, got[key])]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f'{place}: expected {len(expected)}, got {len(got)}']
        return [line for i, value in enumerate(expected) for line in differences(f'{place}[{i}]', value, got[i])]
    return [] if expected == got else [f'{place}: expected {expected!r}, got {got!r}']


def text(value):
    """A number as the text in which it came."""
    return None if value is None else str(value)


def mtg_report(report):
    """One report of the conformance suite: all of it can be compared."""
    policy = {key: text(value) for key, value in report['policy'].items()}
    policy['testing'] = ANY if policy['testing'] is None else policy['testing']
    records = []
    for record in report['records']:
        record = dict(record)
        record['count'] = record.pop('message_count')
        if record['source_ip'] == '':
            # The record of the null report says nothing; its missing verdicts are unknown here and fail there.
            record |= {'disposition': 'unknown', 'dkim': 'unknown', 'spf': 'unknown'}
        records.append(record)
    key = report['key']
    return policy | {
        'org_name': report['metadata']['organization'], 'report_id': key['report_id'],
        'domain': key['policy_domain'], 'begin': key['range_begin_epoch'], 'end': key['range_end_epoch'],
        'records': records,
    }


def totals(got):
    return tuple(got[name] for name in ('reports', 'records', 'messages'))


def mtg(work, path, case, expected, corpus):
    """One case of the conformance suite."""
    db = work / f'{case}.db'
    if case in REPLAYS:
        first = next(corpus.glob(glob_safe(f'{MTG}payloads__replay-exact__') + '*'))
        dmarcq.imported(db, first, codes=(0,))
        # A copy: the same path unchanged would be skipped unread.
        again = work / f'{case}-again'
        again.write_bytes(path.read_bytes())
        got = dmarcq.imported(db, again)
        kind = REPLAYS[case]
        return [] if totals(got) == (0, 0, 0) and got[kind] == 1 else [f'expected 1 in {kind}, got {got}']
    got = dmarcq.imported(db, path)
    if case in OTHERWISE:
        want, _ = OTHERWISE[case]
        return [] if totals(got) == want else [f'expected {want}, got {totals(got)}']
    if expected['outcome'] == 'rejected':
        return [] if totals(got) == (0, 0, 0) and got['rejected'] == 1 else [f'expected a reject, got {got}']
    found = dmarcq.reports(db)
    lines = [] if found else ['no report']
    known = {(r['key']['report_id'], r['key']['policy_domain']): r for r in expected['reports']}
    for report in found:
        want = known.get((report['report_id'], report['domain']))
        if want is None:
            lines.append(f'unexpected report {report["report_id"]} of {report["domain"]}')
        else:
            lines += differences(report['report_id'], mtg_report(want), report)
    return lines


def glob_safe(name):
    return re.sub(r'([\[\]*?])', r'[\1]', name)


def word(value):
    """stalwart's enumeration: capitalised, Unspecified when missing or not known to it."""
    if value is None or value == 'Unspecified':
        return ANY
    return re.sub(r'(?<!^)(?=[A-Z])', '_', value).lower()


def stalwart_result(result, second):
    want = {'domain': result['domain'], 'result': word(result['result']), 'human_result': result['human_result']}
    if second == 'scope':
        want['scope'] = 'mfrom' if result['scope'] == 'MailFrom' else word(result['scope'])
    else:
        # An empty one is one that is missing or empty.
        want['selector'] = result['selector'] or ANY
    return want


def stalwart_record(record):
    row, identifiers, results = record['row'], record['identifiers'], record['auth_results']
    evaluated = row['policy_evaluated']
    return {
        'source_ip': row['source_ip'], 'count': row['count'],
        'disposition': word(evaluated['disposition']), 'dkim': word(evaluated['dkim']), 'spf': word(evaluated['spf']),
        'reasons': [{'type': word(r['type']), 'comment': r['comment']} for r in evaluated['reason']],
        'header_from': identifiers['header_from'], 'envelope_to': identifiers['envelope_to'],
        # An empty one is one that is missing or empty.
        'envelope_from': identifiers['envelope_from'] or ANY,
        'dkim_auth': [stalwart_result(r, 'selector') for r in results['dkim']],
        'spf_auth': [stalwart_result(r, 'scope') for r in results['spf']],
    }


def stalwart(expected):
    letters = {'Relaxed': 'r', 'Strict': 's', 'Unspecified': ANY}
    metadata, policy = expected['report_metadata'], expected['policy_published']
    return [{
        'org_name': metadata['org_name'], 'email': metadata['email'], 'contact': metadata['extra_contact_info'],
        'report_id': metadata['report_id'], 'begin': metadata['date_range']['begin'],
        'end': metadata['date_range']['end'], 'domain': policy['domain'], 'adkim': letters[policy['adkim']],
        'aspf': letters[policy['aspf']], 'p': word(policy['p']), 'sp': word(policy['sp']), 'fo': policy['fo'],
        'records': [stalwart_record(record) for record in expected['record']],
    }]


def andreialecu(text_of_snapshots, name):
    """The snapshot of one fixture; empty texts stand for missing ones."""
    title = ANDREIALECU[name.rsplit('__', 1)[1]]
    body = re.search(re.escape(title) + r' 1`\] = `\n(.*?)\n`;', text_of_snapshots, re.S).group(1)
    report = json.loads(re.sub(r',(\s*[}\]])', r'\1', body))['reports'][0]
    metadata, policy = report['reportMetadata'], report['policyPublished']
    records = []
    for record in report['record']:
        row, results = record['row'], record['authResults']
        records.append({
            'source_ip': row['sourceIp'], 'count': row['count'], **row['policyEvaluated'],
            'header_from': record['identifiers']['headerFrom'],
            'dkim_auth': [{'domain': r['domain'], 'result': r['result']} for r in results['dkim']],
            'spf_auth': [{'domain': r['domain'], 'result': r['result']} for r in results['spf']],
        })
    return [{
        'org_name': metadata['orgName'], 'email': metadata['email'], 'contact': metadata['extraContactInfo'],
        'report_id': metadata['reportId'], 'begin': metadata['dateRange']['begin'], 'end': metadata['dateRange']['end'],
        'domain': policy['domain'], 'adkim': policy['adkim'], 'aspf': policy['aspf'], 'p': policy['p'],
        'sp': policy['sp'], 'pct': text(policy['pct']), 'records': records,
    }]


def parsedmarc(page):
    """The report of its documentation. Its dates are local time, its fo, envelope_from, selector and scope filled in."""
    report = json.loads(re.search(r'```json\n(.*?)\n```', page, re.S).group(1))
    metadata, policy = report['report_metadata'], report['policy_published']
    records = []
    for record in report['records']:
        evaluated, results = record['policy_evaluated'], record['auth_results']
        records.append({
            'source_ip': record['source']['ip_address'], 'count': record['count'],
            'disposition': evaluated['disposition'], 'dkim': evaluated['dkim'], 'spf': evaluated['spf'],
            'reasons': evaluated['policy_override_reasons'], 'header_from': record['identifiers']['header_from'],
            'envelope_to': record['identifiers']['envelope_to'],
            'dkim_auth': [{'domain': r['domain'], 'result': r['result']} for r in results['dkim']],
            'spf_auth': [{'domain': r['domain'], 'result': r['result']} for r in results['spf']],
        })
    return [{
        'org_name': metadata['org_name'], 'email': metadata['org_email'], 'contact': metadata['org_extra_contact_info'],
        'report_id': metadata['report_id'], 'domain': policy['domain'], 'adkim': policy['adkim'],
        'aspf': policy['aspf'], 'p': policy['p'], 'sp': policy['sp'], 'pct': policy['pct'], 'records': records,
    }]


def piped(work, path):
    """A file on standard input: taken, and the exit code that a mail server wants."""
    got = dmarcq.imported(work / 'pipe.db', '-', codes=(0,), input=path.read_bytes())
    found = got['reports'] + got['duplicates']
    return [] if found == 1 else [f'expected one report, got {got}']


def compare(work, corpus, row, number, name):
    """The differences of one file to one expectation; None when it is of a kind that is not read yet."""
    path, reference = corpus / row['file'], corpus / name
    project = name.split('/')[1].split('__')[0]
    if row['kind'] in ('failure', 'tlsrpt') or (row['kind'] == 'other' and project == 'stalwartlabs'):
        return None
    if project == 'opus-codium':
        return piped(work, path)
    said = reference.read_text(encoding='utf-8')
    if project == 'MTG-Thomas':
        case = json.loads(said)['case_id']
        return mtg(work, path, case, json.loads(said), corpus)
    db = work / f'{number}.db'
    got = dmarcq.imported(db, path)
    if project == 'andreialecu' and row['kind'] == 'other':
        return [] if totals(got) == (0, 0, 0) else [f'expected nothing, got {got}']
    want = {'stalwartlabs': lambda: stalwart(json.loads(said)), 'andreialecu': lambda: andreialecu(said, row['file']),
            'domainaware': lambda: parsedmarc(said)}[project]()
    return differences('', want, dmarcq.reports(db))


def main():
    corpus = dmarcq.corpus()
    compared = bad = 0
    with dmarcq.folder() as folder:
        work = pathlib.Path(folder)
        for number, row in enumerate(dmarcq.manifest(corpus)):
            for name in (row['expected'] or '').split():
                lines = compare(work, corpus, row, number, name)
                if lines is None:
                    continue
                compared += 1
                bad += bool(lines)
                for line in lines:
                    print(f'{row["file"]}: {name.rsplit("/", 1)[1]}: {line}')
    print(f'{compared} comparisons, {bad} differ')
    return bad > 0 or compared == 0


if __name__ == '__main__':
    sys.exit(main())
