#!/usr/bin/env python3
"""Imports every file of a corpus of real reports and compares the totals with those of its MANIFEST.tsv.

Each file goes into a database of its own, so that a file that differs can be named; then all of them go into one
database, whose counts must be conserved. Skipped where there is no corpus.
"""
import concurrent.futures
import pathlib
import shutil
import sys

import dmarcq

COUNTS = ('reports', 'records', 'messages')
# Where the MANIFEST counts otherwise than this program does: file -> (what it gives, why).
MTG = 'MTG-Thomas__DmarcAnalyzerApp/src__api.integrationtests__Fixtures__Conformance__payloads__'
STUART = 'stuartmaxwell__dmarc-report/tests__reports__'
NO_COUNT = 'a record without a usable count is dropped and flagged: what it says of how many messages is unknown'
EXCEPTIONS = {
    f'{MTG}external-entity__01-receiver.example!tau.example!1785888000!1785974399.xml':
        ((0, 0, 0), 'it has a DOCTYPE with an external entity, which is refused whole'),
    f'{MTG}truncation-mid-record__01-receiver.example!xi.example!1785888000!1785974399.xml':
        ((1, 0, 0), 'the file ends inside its only record, which has no verdicts yet: only complete records are kept'),
    'trollByte__dmarc/backend__tests__fixtures__malformed.xml':
        ((0, 0, 0), 'the file ends before a policy domain and a record, so it says nothing: it is rejected'),
    f'{STUART}dmarc-invalid-2.xml': ((1, 0, 0), NO_COUNT),
    f'{STUART}dmarc-invalid-2.xml.gz': ((1, 0, 0), NO_COUNT),
    f'{STUART}dmarc-invalid-2.xml.zip': ((1, 0, 0), NO_COUNT),
    f'{STUART}dmarc-invalid-3.xml': ((1, 0, 0), NO_COUNT),
    f'{STUART}dmarc-invalid-3.xml.gz': ((1, 0, 0), NO_COUNT),
    f'{STUART}dmarc-invalid-3.xml.zip': ((1, 0, 0), NO_COUNT),
    f'{STUART}multiple-invalid.zip':
        ((2, 0, 0), 'two of its three reports have the same organisation, id, domain and (no) period but say '
                    'different things: a conflict; the counts of both are unusable'),
}


def expected(row):
    """The totals that a row of the manifest asks for. Its numbers for other kinds are those of other report types."""
    if row['file'] in EXCEPTIONS:
        return EXCEPTIONS[row['file']][0]
    if row['kind'] != 'aggregate':
        return (0, 0, 0)
    return tuple(int(row[name]) for name in COUNTS)


def copy(row, corpus, work):
    """Puts the file of a row into work/all, where nothing but files of the corpus lies; returns its path."""
    name = row['file']
    source = work / name.removeprefix('bulk.tar.gz:') if name.startswith('bulk.tar.gz:') else corpus / name
    target = work / 'all' / name.replace('bulk.tar.gz:', '')
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def import_one(job):
    """Totals of one file in a fresh database, or what went wrong."""
    number, path, work = job
    db = work / f'{number}.db'
    try:
        return dmarcq.imported(db, path)
    except (dmarcq.Failed, ValueError) as problem:
        return str(problem)
    finally:
        for left in work.glob(f'{number}.db*'):
            left.unlink()


def compare(rows, results):
    """Prints each file that differs; returns how many do."""
    bad = 0
    for row, got in zip(rows, results):
        if not isinstance(got, str):
            got = tuple(got[name] for name in COUNTS)
        if got != expected(row):
            bad += 1
            print(f'{row["file"]}: {"/".join(COUNTS)}: expected {expected(row)}, got {got} [{row["odd"]}]')
    return bad


def everything(work, results):
    """All files in one database, with one thread and with two: the same numbers, conserved."""
    totals = []
    for jobs in (1, 2):
        db = work / f'all-{jobs}.db'
        total = dmarcq.imported(db, '--jobs', jobs, work / 'all')
        dmarcq.checked(db)
        again = dmarcq.imported(db, '--jobs', jobs, work / 'all', codes=(0,))
        if any(again[name] for name in COUNTS + ('tls_reports', 'duplicates', 'conflicts', 'rejected')):
            raise dmarcq.Failed(f'a second run over the same files found something: {again}')
        total.pop('seconds')
        totals.append(total)
    if totals[0] != totals[1]:
        raise dmarcq.Failed(f'--jobs 1 gives {totals[0]}, --jobs 2 {totals[1]}')
    # Whatever is a report by itself is a new one, a repetition or a conflict among the others.
    kinds = ('reports', 'tls_reports', 'duplicates', 'conflicts', 'failures', 'feedback')
    alone = sum(one[name] for one in results for name in kinds)
    together = sum(totals[0][name] for name in kinds)
    if alone != together:
        raise dmarcq.Failed(f'one by one there are {alone} reports, duplicates and conflicts, together {together}')
    return totals[0]


def main():
    corpus = dmarcq.corpus()
    rows = dmarcq.manifest(corpus)
    with dmarcq.folder() as name:
        work = pathlib.Path(name)
        dmarcq.unpack_bulk(corpus, work)
        jobs = [(number, copy(row, corpus, work), work) for number, row in enumerate(rows)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(import_one, jobs))
        bad = compare(rows, results)
        for file, (_, why) in EXCEPTIONS.items():
            print(f'exception: {file}: {why}')
        print(f'{len(rows)} files, {bad} differ, {len(EXCEPTIONS)} exceptions')
        if not any(isinstance(result, str) for result in results):
            print('all at once:', everything(work, results))
    return bad > 0


if __name__ == '__main__':
    sys.exit(main())
