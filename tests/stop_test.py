#!/usr/bin/env python3
"""A signal in the middle of writing: no temporary file is left behind, what was there before is as it was; and an import that
waits for standard input is ended by the first signal.

stop_test.py [FUNCTION...]: these only.
"""
import os
import pathlib
import pty
import signal
import subprocess
import sys
import threading
import time

import dmarcq

RECORDS = 40000
TRIES = 40  # to catch a run before its end
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def same(what, got, expected):
    if got != expected:
        raise dmarcq.Failed(f'{what}: {got!r} instead of {expected!r}')


def report():
    record = ('<record><row><source_ip>198.18.{}.{}</source_ip><count>1</count><policy_evaluated><disposition>none</disposition>'
              '<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from>'
              '</identifiers><auth_results/></record>')
    return ('<feedback><report_metadata><org_name>reporter.example</org_name><email>dmarc@reporter.example</email>'
            '<report_id>many</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>'
            '<policy_published><domain>example.com</domain><p>none</p></policy_published>'
            + ''.join(record.format(i >> 8, i & 255) for i in range(RECORDS)) + '</feedback>').encode()


def started(*args, **options):
    """A running dmarcq, for a minute; that SIGHUP or SIGINT is ignored where the test runs does not hold for it."""
    process = subprocess.Popen([dmarcq.DMARCQ, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               **{'stdin': subprocess.DEVNULL, 'preexec_fn': heard} | options)
    end = threading.Timer(60, process.kill)
    end.daemon = True
    end.start()
    return process


def heard():
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def names(folder):
    return sorted(os.listdir(folder))


def interrupt(folder, number, *args):
    """Sends the signal as soon as something new is in the folder; None: the run was at its end before."""
    before = names(folder)
    process = started(*args)
    while process.poll() is None and names(folder) == before:
        pass
    process.send_signal(number)
    _, err = process.communicate()
    return None if process.returncode == 0 else (process.returncode, err.decode())


def caught(folder, number, *args):
    """The same, until it was caught."""
    for _ in range(TRIES):
        done = interrupt(folder, number, *args)
        if done is not None:
            return done
        for name in names(folder):
            (folder / name).unlink()
        lay(folder)
    raise dmarcq.Failed(f'{args}: at its end before each of {TRIES} signals')


def lay(folder):
    """What an earlier run left."""
    (folder / 'old').write_text('old')


def writing(*args):
    with dmarcq.folder() as top:
        top = pathlib.Path(top)
        (top / 'many.xml').write_bytes(report())
        dmarcq.imported(top / 'test.db', top / 'many.xml')
        for number in SIGNALS:
            folder = top / number.name
            folder.mkdir()
            lay(folder)
            code, err = caught(folder, number, *args, '--db', top / 'test.db', *(['-o'] if args == ('export',) else []),
                               folder / 'new')
            same(f'{args} {number.name}: exit code', code, 75)
            same(f'{args} {number.name}: files', names(folder), ['old'])
            if not err.endswith(': stopped by request\n') and not err.endswith(': stopped by request: nothing was changed\n'):
                raise dmarcq.Failed(f'stderr: {err}')


def exports():
    """FILE, its originals and its manifest have temporary names until all three are on the disk."""
    writing('export')


def backups():
    """The copy of a database has a temporary name until it is whole."""
    writing('db', 'backup')


def ignored():
    """A signal that is ignored (nohup) stays ignored."""
    with dmarcq.folder() as top:
        top = pathlib.Path(top)
        (top / 'many.xml').write_bytes(report())
        dmarcq.imported(top / 'test.db', top / 'many.xml')
        process = started('export', '--db', top / 'test.db', '-o', top / 'new',
                          preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        while process.poll() is None and not any(name.startswith('new') for name in names(top)):
            pass
        process.send_signal(signal.SIGHUP)
        same('exit code', (process.wait(), process.communicate()[1]), (0, b''))


def terminal():
    """import - before a terminal says what it waits for, and the first signal ends it."""
    with dmarcq.folder() as top:
        ours, theirs = pty.openpty()
        process = started('import', '--db', pathlib.Path(top) / 'test.db', '-', stdin=theirs)
        os.close(theirs)
        said = process.stderr.readline().decode()
        same('note', said, 'dmarcq: standard input: waiting for a report from this terminal: Ctrl-D on a new line ends it, '
             'Ctrl-C stops\n')
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        os.close(ours)
        same('exit code', process.returncode, 75)
        same('stderr', err.decode(), 'dmarcq: stopped by request: what was read is kept\n')
        if not out.startswith(b'0 reports, 0 records, 0 messages from 0 files') or b'rejected' in out:
            raise dmarcq.Failed(f'stdout: {out}')


def pipe():
    """The same of a pipe that nobody writes to and nobody closes; no note there."""
    with dmarcq.folder() as top:
        db = pathlib.Path(top) / 'test.db'
        process = started('import', '--db', db, '-', stdin=subprocess.PIPE)
        while process.poll() is None and not db.exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        same('exit code', process.wait(), 75)
        same('stderr', process.stderr.read().decode(), 'dmarcq: stopped by request: what was read is kept\n')
        process.stdin.close()


def main():
    tests = [exports, backups, ignored, terminal, pipe]
    chosen = sys.argv[1:] or [test.__name__ for test in tests]
    for test in tests:
        if test.__name__ not in chosen:
            continue
        try:
            test()
        except dmarcq.Failed as failed:
            print(f'{test.__name__}: {failed}')
            sys.exit(1)


if __name__ == '__main__':
    main()
