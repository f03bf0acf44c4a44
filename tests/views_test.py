#!/usr/bin/env python3
"""The views that docs/schema.md promises: their columns stand there and in this order, and what they say of the samples is what
the questions say."""
import csv
import io
import json
import re
import shutil
import sys

import dmarcq

# A promise: a column may be added behind the others, never be renamed, moved or taken away.
VIEWS = {
    'v_reports': 'report domain reporter org_name email report_id begin end begin_utc end_utc p sp np adkim aspf pct fo testing '
                 'discovery_method records messages failed failed_quarantined failed_rejected state incomplete repairs '
                 'authenticity',
    'v_records': 'record report domain reporter report_id begin end begin_utc end_utc source_ip messages disposition dmarc '
                 'dkim_aligned spf_aligned header_from envelope_from envelope_to dkim_results spf_results reasons',
    'v_daily': 'day time domain reporter reports messages passed failed unknown failed_quarantined failed_rejected authenticity',
    'v_decisions': 'decision time time_utc who source kind domain verdict note until latest',
}


def answer(db, *args):
    return json.loads(dmarcq.run(*args, '--db', db, '--format', 'json').stdout)


def documented(view):
    """The names in the first cells of the view's table in docs/schema.md."""
    page = (dmarcq.TOP / 'docs' / 'schema.md').read_text(encoding='utf-8')
    part = page[page.index(f'## {view}\n'):].split('\n## ', 2)[0]
    return re.findall(r'`(\w+)`', ' '.join(line.split('|')[1] for line in part.split('\n') if line.startswith('| `')))


def main():
    with dmarcq.folder() as scratch:
        db = f'{scratch}/all.db'
        shutil.copytree(dmarcq.TOP / 'samples', f'{scratch}/samples', ignore=shutil.ignore_patterns('advice'))
        dmarcq.imported(db, f'{scratch}/samples')
        for view, columns in VIEWS.items():
            columns = columns.split()
            assert [row[1] for row in dmarcq.rows(db, f'PRAGMA table_info({view})')][:len(columns)] == columns, view
            assert sorted(documented(view)) == sorted(columns), (view, documented(view))

        status = {row['domain']: row for row in answer(db, 'status')['rows']}
        for domain, reports, messages in dmarcq.rows(
                db, "SELECT domain, count(*), sum(messages) FROM v_reports WHERE state = 'counted' GROUP BY domain"):
            assert (status[domain]['reports'], status[domain]['messages']) == (reports, messages), domain
        for view in ('v_daily', 'v_reports'):
            failed = dmarcq.rows(db, f"SELECT sum(failed), sum(failed_quarantined), sum(failed_rejected) FROM {view}"
                                     + (" WHERE state = 'counted'" if view == 'v_reports' else ''))[0]
            ranking = answer(db, 'top-failures', '--by', 'domain', '-n', '0')['rows']
            assert failed == tuple(sum(row[key] for row in ranking) for key in ('failing', 'quarantine', 'reject')), (view, failed)
        assert len(answer(db, 'reports', '-n', '0')['rows']) == dmarcq.rows(db, 'SELECT count(*) FROM v_reports')[0][0]

        # v_records against the export, every row and every column that both have; lists have more in the export (human_result).
        exported = csv.DictReader(io.StringIO(dmarcq.run('export', '--db', db).stdout.decode(), newline=''))
        keys = ('report domain reporter report_id source_ip messages disposition dmarc dkim_aligned spf_aligned header_from '
                'envelope_from').split()
        ours = dmarcq.rows(db, f'SELECT {", ".join(keys)}, begin_utc, end_utc FROM v_records')
        theirs = [tuple([row[key] for key in keys] + [row['begin'], row['end']]) for row in exported]
        assert sorted(tuple('' if cell is None else str(cell) for cell in row) for row in ours) == sorted(theirs)
        both = dmarcq.rows(db, "SELECT count(*) FROM v_records WHERE dkim_results LIKE '%/%=pass%' AND spf_results LIKE '%/mfrom=%'")
        assert both[0][0] > 100, both
        assert dmarcq.rows(db, "SELECT count(*) FROM v_records WHERE reasons LIKE 'local_policy (arc=pass%'")[0][0] > 0
    print('the views keep their promise')
    return 0


sys.exit(main())
