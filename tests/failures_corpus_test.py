#!/usr/bin/env python3
"""Imports the failure reports of a corpus of real reports and compares them with its MANIFEST.tsv and with what other programs
say of them. Skipped where there is no corpus.
"""
import json
import pathlib
import sys

import dmarcq
from failure_reports import KEEP, differences, must, stored

# Samples of the corpus that are read otherwise than its MANIFEST says: file -> (failures, feedback, why).
EXCEPTIONS = {
    'domainaware__parsedmarc/HIST-49387d90__samples__forensic__DMARC Failure Report for domain.de '
    '(mail-from=sharepoint@domain.de, ip=10.10.10.10).eml':
        (0, 0, 'its empty lines hold a blank, so that the mail has a header alone: nothing in it says what is a part'),
    'jstedfast__MimeKit/UnitTests__TestData__messages__feedback-report.txt':
        (0, 1, 'behind its byte order mark it is a whole report about abuse'),
}
PARSEDMARC = 'domainaware__parsedmarc/docs__source__output.md'


def wanted(row):
    """(failures, feedback) of a sample."""
    if row['file'] in EXCEPTIONS:
        return EXCEPTIONS[row['file']][:2]
    return (int(row['reports']), 0) if row['kind'] == 'failure' else (0, int(row['reports']))


def stalwart(expected, failure):
    """One of its expectations; its parser gives words for what is missing."""
    kinds = {'Abuse': 'abuse', 'AuthFailure': 'auth-failure'}
    failures = {'Dmarc': 'dmarc', 'BodyHash': 'bodyhash', 'Unspecified': None}
    return differences({
        'type': kinds[expected['feedback_type']], 'auth_failure': failures[expected['auth_failure']],
        'arrived': expected['arrival_date'], 'incidents': expected['incidents'], 'envelope_id': expected['original_envelope_id'],
        'user_agent': expected['user_agent'], 'source_ip': expected['source_ip'], 'dkim_domain': expected['dkim_domain'],
        'dkim_identity': expected['dkim_identity'], 'dkim_selector': expected['dkim_selector'],
        'mail_from': expected['original_mail_from'] and expected['original_mail_from'].strip('<>'),
        'reporting_mta': expected['reporting_mta'], 'reported-domain': expected['reported_domain'],
        'reported-uri': expected['reported_uri'],
    }, failure)


def parsedmarc(page, failure):
    """The report of its documentation; it makes `policy` of a result that it does not know."""
    text = page.split('### JSON failure report')[1].split('```json\n')[1].split('\n```')[0]
    expected = json.loads(text)
    return differences({
        'type': expected['feedback_type'], 'user_agent': expected['user_agent'], 'version': expected['version'],
        'mail_from': expected['original_mail_from'], 'original-rcpt-to': [expected['original_rcpt_to']],
        'arrived': 1538385627, 'auth_failure': expected['auth_failure'][0], 'domain': expected['reported_domain'],
        'source_ip': expected['source']['ip_address'], 'sender': expected['parsed_sample']['from']['address'],
        'subject': expected['parsed_sample']['subject'], 'message_id': expected['parsed_sample']['message-id'],
        'delivery_result': 'smg-policy-action', 'dmarc': [('fail', 'domain.de')],
    }, failure)


def samples(work, corpus):
    """Every failure report of the corpus against its MANIFEST and the expectations of other programs."""
    config, bad, number = work / 'samples.conf', 0, 0
    config.write_text(KEEP)
    for row in dmarcq.manifest(corpus):
        if row['kind'] != 'failure' and 'ARF' not in row['odd'] and row['file'] not in EXCEPTIONS:
            continue
        number += 1
        db = work / f'sample-{number}.db'
        got = dmarcq.imported(db, '--config', config, corpus / row['file'], codes=(0,))
        lines = [] if (got['failures'], got['feedback']) == wanted(row) else [f'expected {wanted(row)}, got {got}']
        expectation = corpus / row['expected'] if row['expected'] else None
        if not lines and expectation is not None and row['expected'].endswith(PARSEDMARC):
            lines = parsedmarc(expectation.read_text(encoding='utf-8'), stored(db)[0])
        elif not lines and expectation is not None:
            lines = stalwart(json.loads(expectation.read_text(encoding='utf-8')), stored(db)[0])
        dmarcq.checked(db)
        bad += bool(lines)
        for line in lines:
            print(f'{row["file"]}: {line}')
    for file, (_, _, why) in EXCEPTIONS.items():
        print(f'exception: {file}: {why}')
    print(f'{number} samples, {bad} differ')
    must(bad == 0 and number > 0, 'samples differ')


def main():
    corpus = dmarcq.corpus()
    with dmarcq.folder() as name:
        samples(pathlib.Path(name), corpus)
    return 0


if __name__ == '__main__':
    sys.exit(main())
