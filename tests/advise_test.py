#!/usr/bin/env python3
"""The worked domains of samples/advice: they are what scripts/make-advice-samples writes, advice makes of each what TRUTH.json says, and
its text at 80 columns is the one in tests/fixtures/advice. Beside them, domains that mean harm: so many forging addresses, lying
reporters and names that advice has to stay what it was.

usage: advise_test.py [--update]    writes the texts instead of comparing them
"""
import difflib
import filecmp
import json
import os
import re
import subprocess
import sys

import dmarcq

SAMPLES = dmarcq.TOP / 'samples' / 'advice'
TEXTS = dmarcq.TOP / 'tests' / 'fixtures' / 'advice'
HARM = dmarcq.TOP / 'tests' / 'bench' / 'make_advice_world.py'
CODES = {'READY': 0, 'KEEP': 0, 'NOT YET': 1, 'NO DATA': 1, 'STEP BACK': 2}
WIDTH = 80
found = []


def same(what, got, expected):
    if got != expected:
        found.append(what)
        print(f'{what}: got {got!r}, expected {expected!r}')


def asked(db, *args, codes=(0, 1, 2), width=WIDTH):
    done = dmarcq.run('advise', '--db', db, *args, env=os.environ | {'COLUMNS': str(width), 'LC_ALL': 'C.UTF-8'})
    if done.returncode not in codes:
        raise dmarcq.Failed(f'advise {" ".join(map(str, args))} ended with {done.returncode}: {done.stderr.decode()}')
    return done.returncode, done.stdout.decode()


def advised(db, *args):
    """The domains of the JSON, by name."""
    answer = json.loads(asked(db, *args, '--format', 'json')[1])
    same('format', answer['format'], 1)
    return {domain['domain']: domain for domain in answer['domains']}


def reproducible(scratch):
    again = f'{scratch}/again'
    subprocess.run([dmarcq.TOP / 'scripts' / 'make-advice-samples', again], check=True)
    names = sorted(os.listdir(SAMPLES))
    same('files of make-advice-samples', sorted(os.listdir(again)), names)
    _, differ, missing = filecmp.cmpfiles(SAMPLES, again, names, shallow=False)
    same('files that differ from those of make-advice-samples', differ + missing, [])


def true(db, truths):
    domains = advised(db)
    same('domains', sorted(domains), sorted(truths))
    for name, truth in truths.items():
        domain = domains[name]
        same(f'{name}: verdict', domain['verdict'], truth['verdict'])
        same(f'{name}: step', domain['to'], truth['to'])
        same(f'{name}: in the way', sorted({r['code'] for r in domain['refusals'] if not r['warns']}), sorted(truth['codes']))
        same(f'{name}: messages', {pot: domain['window'][pot] for pot in truth['window']}, truth['window'])
        gates = {gate['code'] for gate in domain['gates'] if not gate['ok'] and not gate['warns']}
        # What stands in the way without a gate of its own fails elsewhere; what is KEEP or READY has none that stops.
        same(f'{name}: refusals without a gate', sorted(set(truth['codes']) - gates), [])
        if domain['verdict'] == 'READY' and not domain['small']:
            same(f'{name}: gates', sorted(gates), [])


def unbroken(line):
    """What is to be copied may pass the width: a record, a command."""
    return line.lstrip().startswith(('v=DMARC1', 'dmarcq ', 'If yours: dmarcq ', 'If not yours: dmarcq ', 'See: dmarcq '))


def texts(db, truths, update):
    for name, truth in truths.items():
        code, text = asked(db, name)
        same(f'{name}: exit code', code, CODES[truth['verdict']])
        for line in text.splitlines():
            if len(line) > WIDTH and not unbroken(line):
                same(f'{name}: a line', line, f'at most {WIDTH} columns')
        path = TEXTS / f'{name}.txt'
        if update:
            path.write_text(text, encoding='utf-8')
            continue
        expected = path.read_text(encoding='utf-8')
        if text != expected:
            found.append(name)
            print(''.join(difflib.unified_diff(expected.splitlines(True), text.splitlines(True), f'{name}.txt', 'got')))
    if update:
        for path in TEXTS.glob('*.txt'):
            if path.stem not in truths:
                path.unlink()


def on_any_day(db, scratch):
    """What came later does not change what was said of an earlier day."""
    earlier = f'{scratch}/earlier.db'
    name, day = 'ready.example', '2026-06-20'
    xml = subprocess.run(['gzip', '-dc', SAMPLES / f'{name}.xml.gz'], check=True, capture_output=True).stdout
    documents = xml.split(b'</feedback>\n')[:-1]
    last = max(int(re.search(rb'<begin>(\d+)', text).group(1)) for text in documents)
    kept = [text for text in documents if int(re.search(rb'<begin>(\d+)', text).group(1)) <= last - 10 * 86400]
    with open(f'{scratch}/earlier.xml', 'wb') as out:
        out.write(b''.join(text + b'</feedback>\n' for text in kept))
    dmarcq.imported(earlier, f'{scratch}/earlier.xml', codes=(0,))
    same('advice of an earlier day', advised(db, name, '--until', day), advised(earlier, name))


def harm(scratch, what, number):
    """Imports what means harm; (advice of the domain, its text)."""
    db = f'{scratch}/{what}-{number}.db'
    xml = f'{scratch}/{what}-{number}.xml'
    with open(xml, 'w', encoding='utf-8') as out:
        subprocess.run([HARM, what, str(number)], stdout=out, check=True)
    dmarcq.imported(db, '--no-originals', xml, codes=(0,))
    return advised(db)[f'{what}.example'], asked(db, '-v', '--impact')[1]


def hostile(scratch):
    calm, _ = harm(scratch, 'addresses', 0)
    wave, text = harm(scratch, 'addresses', 20000)
    same('20,000 forging addresses: verdict', wave['verdict'], calm['verdict'])
    same('20,000 forging addresses: refusals', [r['text'] for r in wave['refusals']], [r['text'] for r in calm['refusals']])
    same('20,000 forging addresses: gates', [g['ok'] for g in wave['gates']], [g['ok'] for g in calm['gates']])
    same('20,000 forging addresses: forged', wave['window']['spoofed'], 60000)
    same('20,000 forging addresses: short', len(text.splitlines()) < 200, True)
    lies, text = harm(scratch, 'reporters', 2000)
    same('2,000 lying reporters: reporters', lies['window']['reporters'], 2005)
    same('2,000 lying reporters: short', len(text.splitlines()) < 200, True)
    below, text = harm(scratch, 'names', 5000)
    same('5,000 names: legitimate mail of the domain', below['window']['legitimate'] > 0, True)
    same('5,000 names: short', len(text.splitlines()) < 200, True)
    same('5,000 names: forged ones have no line', all(int(n['name'][1:].split('.')[0]) % 10 == 0 for n in below['below'] if n['name']), True)


def words_that_harm(scratch):
    """Nothing from outside reaches a terminal as it is."""
    record = ('<record><row><source_ip>192.0.2.1</source_ip><count>50</count><policy_evaluated><disposition>none</disposition>'
              '<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>x\u202ey.example.com</header_from>'
              '</identifiers><auth_results><dkim><domain>a\u202eb&#x9b;.example</domain><selector>&quot;\u202e</selector><result>pass'
              '</result></dkim></auth_results></record>')
    with open(f'{scratch}/words.xml', 'w', encoding='utf-8') as out:
        for n in range(30):
            begin = 1780272000 + n * 86400
            out.write(f'<feedback><report_metadata><org_name>o\u202er{n % 3}</org_name><report_id>{n}</report_id><date_range><begin>{begin}'
                      f'</begin><end>{begin + 86399}</end></date_range></report_metadata><policy_published><domain>example.com</domain>'
                      f'<p>none</p></policy_published>{record}</feedback>\n')
    db = f'{scratch}/words.db'
    dmarcq.imported(db, f'{scratch}/words.xml')
    for args in (('example.com', '--impact', '--what-if'), ('example.com', '--format', 'json', '--impact')):
        text = asked(db, *args)[1]
        same(f'harmful characters: {args}', re.findall('[\u202e\x80-\x9f\x00-\x09\x0b-\x1f]', text), [])


def main():
    update = sys.argv[1:] == ['--update']
    truths = json.loads((SAMPLES / 'TRUTH.json').read_text(encoding='utf-8'))
    with dmarcq.folder() as scratch:
        db = f'{scratch}/advice.db'
        dmarcq.imported(db, *SAMPLES.glob('*.gz'), codes=(0,))
        texts(db, truths, update)
        true(db, truths)
        reproducible(scratch)
        on_any_day(db, scratch)
        hostile(scratch)
        words_that_harm(scratch)
    print(f'{len(truths)} domains, {len(found)} things differ')
    return 1 if found else 0


sys.exit(main())
