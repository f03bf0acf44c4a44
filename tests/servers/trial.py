"""One try of a test: a folder with a configuration of mailboxes and a database, and what dmarcq says and does there."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import traceback

import dmarcq

SECONDS = 120
# A program's peak of memory is never below that of who started it: a small one does.
MEASURE = '''
import os, sys
with open(sys.argv[1], 'w') as to:
    process = os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
    _, status, usage = os.wait4(process, 0)
    to.write(str(usage.ru_maxrss))
os._exit(min(os.waitstatus_to_exitcode(status) & 255, 255))
'''


class Run:
    """What a run left: code, stdout, stderr, and if it was measured peak (KiB)."""

    def __init__(self, code, stdout, stderr, peak):
        self.code, self.stdout, self.stderr, self.peak = code, stdout, stderr, peak

    @property
    def summary(self):
        """The object that import printed."""
        return json.loads(self.stdout)

    def must(self, code, *said):
        """The exit code, and patterns that stderr has; after success without any, it is empty."""
        if self.code != code:
            raise dmarcq.Failed(f'exit code {self.code} instead of {code}, stderr:\n{self.stderr}')
        for pattern in said:
            if not re.search(pattern, self.stderr):
                raise dmarcq.Failed(f'stderr has no {pattern!r}:\n{self.stderr}')
        if code == 0 and not said and self.stderr:
            raise dmarcq.Failed(f'stderr is not empty:\n{self.stderr}')
        return self


class Started:
    """A running dmarcq."""

    def __init__(self, args, env, measured):
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.peak = tempfile.NamedTemporaryFile() if measured else None
        measure = [sys.executable, '-S', '-E', '-c', MEASURE, self.peak.name] if measured else []
        self.process = subprocess.Popen([*measure, dmarcq.DMARCQ, *map(str, args)], stdin=subprocess.DEVNULL, stdout=self.out,
                                        stderr=self.err, env=env)

    def kill(self):
        self.process.kill()

    def wait(self, seconds=SECONDS):
        """A Run; one that does not end in time fails the test."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
            raise dmarcq.Failed(f'it does not end: {self.text(self.err)}') from None
        return Run(code, self.text(self.out), self.text(self.err), int(self.peak.read()) if self.peak else None)

    @staticmethod
    def text(file):
        with file:
            file.seek(0)
            return file.read().decode(errors='replace')


class Trial:
    """Works in a temporary folder while it is entered."""

    def __init__(self):
        self.folder = dmarcq.folder()
        self.top = pathlib.Path(self.folder.name)
        self.db, self.config = self.top / 'test.db', self.top / 'dmarcq.conf'
        self.env = os.environ | {'DMARCQ_CONFIG': str(self.config), 'HOME': self.folder.name}
        self.config.write_text('', encoding='utf-8')
        self.sections = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def mailbox(self, url, password, name='box', **settings):
        """Writes [mailbox NAME] into the configuration, in place of one of that name. Settings: _ for -."""
        if password is not None and 'oauth2_token_command' not in settings:
            secret = self.top / f'{name}.password'
            secret.write_text(password + '\n', encoding='utf-8')
            secret.chmod(0o600)
            settings['password_file'] = secret
        self.sections[name] = {'url': url} | settings
        lines = []
        for section, values in self.sections.items():
            lines += [f'[mailbox {section}]', *(f'{key.replace("_", "-")} = {value}' for key, value in values.items())]
        self.config.write_text('\n'.join(lines) + '\n', encoding='utf-8')

    def box(self, at, scheme='imaps', name='box', port=None, folder=None, **settings):
        """[mailbox NAME] for a Dovecot; port: of a link to it."""
        self.mailbox(at.url(scheme, port=port, folder=folder), at.password, name=name, **({'ca_file': at.ca_file} | settings))

    def start(self, *args, measured=False):
        env = self.env
        if measured:
            # What was freed shall be gone in a sanitized program too.
            env = env | {'ASAN_OPTIONS': env.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=1'}
        return Started(args, env, measured)

    def start_import(self, *sources, **options):
        return self.start('import', '--db', self.db, '--format', 'json', *(sources or ['box']), **options)

    def run(self, *args, **options):
        return self.start(*args, **options).wait()

    def import_(self, *sources, **options):
        return self.start_import(*sources, **options).wait()

    def held(self):
        """{report id: messages} of the reports in the database; each must be there once, and db check find nothing."""
        if not self.db.exists():
            return {}
        dmarcq.checked(self.db)
        rows = dmarcq.rows(self.db, 'SELECT report_id, messages FROM report')
        if len(rows) != len(dict(rows)):
            raise dmarcq.Failed(f'a report is there twice: {sorted(rows)}')
        return dict(rows)

    def must_hold(self, *identities):
        """Exactly these reports, each with the one message that mails.report gives it."""
        expected = {str(identity): 1 for identity in identities}
        if self.held() != expected:
            raise dmarcq.Failed(f'the database holds {self.held()} instead of {expected}')


def same(what, got, expected):
    if got != expected:
        raise dmarcq.Failed(f'{what}: {got!r} instead of {expected!r}')


def all_of(tests, wanted, at_once=1):
    """Runs functions, or those whose names were wanted, to the end; says which failed. Returns the exit code."""
    tests = [test for test in tests if not wanted or test.__name__ in wanted]

    def one(test):
        began, problem = time.monotonic(), None
        try:
            test()
        except dmarcq.Failed as failure:
            problem = failure
        except Exception:
            problem = traceback.format_exc()
        print(f'{test.__name__}, {time.monotonic() - began:.1f} s: {problem or "good"}', flush=True)
        return problem is None

    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        good = list(pool.map(one, tests))
    failed = [test.__name__ for test, is_good in zip(tests, good) if not is_good]
    print(f'{len(failed)} of {len(tests)} failed: {" ".join(failed)}' if failed else f'{len(tests)} good')
    return 1 if failed or not tests else 0
