#!/usr/bin/env python3
"""What is installed: every file in its place with `cmake --install`, units that systemd finds well made and well locked up, a tarball
and a Debian package with what belongs into them; and the package's life in a clean root (tests/install_walk), for which DMARCQ_CLEAN_ROOT=1
(or CI=true), root, debootstrap and the network are needed. What can't be done here is told and left out."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import unittest

import dmarcq
from servers import dovecot, mails

TOP = dmarcq.TOP
BUILD = pathlib.Path(dmarcq.DMARCQ).resolve().parent
# Packages are made of a build as people get it; it is kept for the next time.
PACKAGE_BUILD = TOP / 'build' / 'release'
UNITS = TOP / 'scripts' / 'packaging'
SETTINGS = {'etc/default/dmarcq', 'etc/dmarcq.conf'}
UNIT_NAMES = ('dmarcq-import.service', 'dmarcq-import.timer', 'dmarcq-mailboxes.service', 'dmarcq-mailboxes.timer', 'dmarcq-watch.service')


def run(*command, **options):
    """Runs a command that has to succeed; gives what it prints."""
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f'{command[0]} ended with {done.returncode}:\n{done.stdout[-4000:]}')
    return done.stdout


def needs(*programs):
    missing = [program for program in programs if not shutil.which(program, path=os.environ['PATH'] + ':/usr/sbin:/sbin')]
    return unittest.skipIf(missing, f'no {", ".join(missing)}')


def expected(prefix):
    """Every file that an installation has, below its root; prefix without a slash in front."""
    share = f'{prefix}/share'
    doc = f'{share}/doc/dmarcq'
    files = {f'{prefix}/bin/dmarcq', f'{prefix}/lib/sysusers.d/dmarcq.conf', f'{share}/bash-completion/completions/dmarcq',
             f'{share}/fish/vendor_completions.d/dmarcq.fish', f'{share}/dmarcq/senders.tsv', f'{doc}/copyright', f'{doc}/README.md',
             f'{doc}/CHANGELOG.md'}
    files |= {f'{prefix}/lib/systemd/system/{name}' for name in UNIT_NAMES}
    files |= {f'{share}/man/man{page.suffix[1:]}/{page.name}' for page in (TOP / 'docs/man').iterdir()}
    files |= {f'{share}/dmarcq/{sql.relative_to(TOP)}' for sql in (TOP / 'schema/sqlite').rglob('*.sql')}
    files |= {f'{doc}/{page.relative_to(TOP / "docs")}' for page in (TOP / 'docs').rglob('*.md')}
    if prefix == 'usr':
        return files | SETTINGS | {f'{share}/zsh/vendor-completions/_dmarcq'}
    return files | {f'{doc}/examples/default', f'{doc}/examples/dmarcq.conf', f'{share}/zsh/site-functions/_dmarcq'}


def found(root):
    return {path.relative_to(root).as_posix() for path in pathlib.Path(root).rglob('*') if not path.is_dir()}


def release():
    """The program without sanitizers."""
    if not (PACKAGE_BUILD / 'build.ninja').exists():
        run('cmake', '-S', TOP, '-B', PACKAGE_BUILD, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release')
    run('cmake', '--build', PACKAGE_BUILD)
    return PACKAGE_BUILD / 'dmarcq'


def packages(version=None):
    """Makes the packages, of this version or the project's, and gives their paths by kind."""
    release()
    names = run('cpack', *(['-G', 'DEB', '-D', f'CPACK_PACKAGE_VERSION={version}'] if version else []), cwd=PACKAGE_BUILD)
    return {path.suffix: path for path in map(pathlib.Path, re.findall(r'package: (\S+) generated', names))}


class Install(unittest.TestCase):
    def setUp(self):
        scratch = dmarcq.folder()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)

    def install(self, prefix):
        return run('cmake', '--install', BUILD, '--prefix', prefix, env=os.environ | {'DESTDIR': str(self.root)})

    def test_usr(self):
        self.install('/usr')
        self.assertEqual(found(self.root), expected('usr'))
        for page in (TOP / 'docs/man').iterdir():
            self.assertEqual((self.root / f'usr/share/man/man{page.suffix[1:]}' / page.name).read_bytes(), page.read_bytes())
        self.assertEqual(run(self.root / 'usr/bin/dmarcq', '--version'), run(dmarcq.DMARCQ, '--version'))

    def test_other_prefixes_leave_etc_alone(self):
        self.install('/opt/dmarcq')
        self.assertEqual(found(self.root), expected('opt/dmarcq'))

    def test_what_the_administrator_has_is_kept(self):
        (self.root / 'etc/default').mkdir(parents=True)
        for name in SETTINGS:
            (self.root / name).write_text('mine\n', encoding='utf-8')
        self.install('/usr')
        for name in SETTINGS:
            self.assertEqual((self.root / name).read_text(encoding='utf-8'), 'mine\n')


class Units(unittest.TestCase):
    @needs('systemd-analyze')
    def test_exposure(self):
        for name in UNIT_NAMES:
            if name.endswith('.service'):
                told = run('systemd-analyze', 'security', '--offline=true', '--no-pager', UNITS / name)
                level = float(re.search(r'exposure level for \S+: ([0-9.]+)', told).group(1))
                self.assertLess(level, 1.5, told)

    def test_only_mailboxes_have_the_network(self):
        for name, network in (('import', False), ('mailboxes', True), ('watch', True)):
            text = (UNITS / f'dmarcq-{name}.service').read_text(encoding='utf-8')
            self.assertEqual('PrivateNetwork=yes' in text, not network, name)
            self.assertEqual('RestrictAddressFamilies=none' in text, not network, name)

    @needs('systemd-analyze')
    def test_systemd_has_nothing_to_say(self):
        with dmarcq.folder() as root:
            run('cmake', '--install', BUILD, '--prefix', '/usr', env=os.environ | {'DESTDIR': root})
            # systemd looks for what a unit refers to in the same root.
            for target in ('sysinit.target', 'basic.target', 'timers.target', 'shutdown.target', 'time-set.target', 'time-sync.target',
                           'network-online.target', 'multi-user.target'):
                (pathlib.Path(root) / 'usr/lib/systemd/system' / target).write_text(f'[Unit]\nDescription={target}\n', encoding='utf-8')
            (pathlib.Path(root) / 'usr/bin/sh').touch(0o755)
            told = run('systemd-analyze', 'verify', f'--root={root}', '--man=no', *UNIT_NAMES)
            self.assertEqual(told, '')

    @needs('systemd-analyze')
    def test_every_night(self):
        for timer in ('dmarcq-import.timer', 'dmarcq-mailboxes.timer'):
            when = re.search(r'^OnCalendar=(.*)$', (UNITS / timer).read_text(encoding='utf-8'), re.M).group(1)
            told = run('systemd-analyze', 'calendar', '--iterations=2', '--base-time=2026-01-31 12:00:00 UTC', when)
            self.assertEqual(re.findall(r'\d{4}-\d\d-\d\d', told.split('Next elapse')[1])[:2], ['2026-02-01', '2026-02-02'])

    @needs('strace', 'systemd-analyze')
    def test_no_system_call_is_missing(self):
        """What an import calls is let through by the unit's filter."""
        with dmarcq.folder() as scratch:
            shutil.copytree(TOP / 'samples/maildir', f'{scratch}/maildir')
            shutil.copytree(TOP / 'samples/archive', f'{scratch}/archive')
            made = self.traced(scratch, f'{scratch}/maildir', f'{scratch}/archive')
        self.assertEqual(made - self.let_through('import'), set())

    @needs('strace', 'systemd-analyze', 'dovecot')
    def test_no_system_call_is_missing_for_mailboxes(self):
        with dovecot.Dovecot() as server, dmarcq.folder() as scratch:
            server.deliver([mails.report('a', 1)])
            pathlib.Path(f'{scratch}/dmarcq.conf').write_text(
                ''.join(f'[mailbox {scheme}]\nurl = {server.url(scheme)}\nca-file = {server.ca_file}\n'
                        f'password-command = echo "{server.password}"\n' for scheme in ('pop3s', 'imaps')), encoding='utf-8')
            made = self.traced(scratch, '--config', f'{scratch}/dmarcq.conf')
        self.assertEqual(made - self.let_through('mailboxes'), set())
        self.assertEqual(self.let_through('mailboxes'), self.let_through('watch'))

    def let_through(self, unit):
        allowed, denied = set(), set()
        for line in re.findall(r'^SystemCallFilter=(.*)$', (UNITS / f'dmarcq-{unit}.service').read_text(encoding='utf-8'), re.M):
            (denied if line[0] == '~' else allowed).update(self.calls(line.lstrip('~').split()))
        return allowed - denied

    def traced(self, scratch, *arguments):
        """The system calls of an import that succeeds."""
        run('sh', '-c', 'top=$1 program=$2; shift 2; strace -f -qq -o "$top/calls" "$program" import -q -j 2 --db "$top/x.db" "$@" || test $? = 1',
            'sh', scratch, release(), *arguments)
        made = set(re.findall(r'^\d+ +(?:<\.\.\. )?([a-z_0-9]+)[( ]', pathlib.Path(f'{scratch}/calls').read_text(encoding='utf-8'), re.M))
        self.assertGreater(len(made), 20)
        if os.geteuid() == 0:
            made.discard('fchown')  # SQLite gives files to the owner of the database, when it is root
        return made

    def calls(self, names):
        """System calls and groups of them ("@system-service") as calls."""
        for name in names:
            if name[0] != '@':
                yield name
                continue
            yield from self.calls(re.findall(r'^ {4}([@a-z_0-9-]+)$', run('systemd-analyze', 'syscall-filter', '--no-pager', name), re.M))


class Scripts(unittest.TestCase):
    """What the package's scripts do as root in /var/lib/dmarcq, where the user of the service may put links to anywhere: nothing. They run
    with a folder of the test in its place, another user, and without what makes users and talks to systemd."""

    def setUp(self):
        scratch = dmarcq.folder()
        self.addCleanup(scratch.cleanup)
        self.top = pathlib.Path(scratch.name)
        self.state = self.top / 'state'
        self.top.chmod(0o755)
        self.victim = self.top / 'victim'
        self.victim.mkdir(0o700)
        (self.victim / 'kept').write_text('mine\n', encoding='utf-8')

    def script(self, name, *arguments):
        stubs = self.top / 'stubs'
        stubs.mkdir(exist_ok=True)
        for stub in ('getent', 'userdel', 'groupdel'):
            (stubs / stub).write_text('#!/bin/sh\n', encoding='utf-8')
            (stubs / stub).chmod(0o755)
        text = (UNITS / name).read_text(encoding='utf-8').replace('/var/lib/dmarcq', str(self.state))
        text = re.sub('/run/systemd|/var/lib/systemd', '/nowhere', text)
        text = text.replace('--reset-env', '').replace('reuid dmarcq', 'reuid 65534').replace('regid dmarcq', 'regid 65534')
        text = text.replace('-o dmarcq -g dmarcq', '-o 65534 -g 65534')
        program = self.top / 'dmarcq'
        if not program.exists():
            shutil.copy(dmarcq.DMARCQ, program)
            program.chmod(0o755)
        return run('sh', '-c', text, name, *arguments,
                   env={'PATH': f'{stubs}:{self.top}:/usr/sbin:/usr/bin:/sbin:/bin', 'DMARCQ_CONFIG': '/dev/null', 'HOME': str(self.top)})

    def owner(self, path):
        found_there = path.lstat()
        return found_there.st_uid, found_there.st_mode & 0o7777

    @unittest.skipUnless(os.geteuid() == 0, 'needs root')
    @needs('setpriv')
    def test_what_is_made_belongs_to_the_service(self):
        for _ in range(2):  # an installation and an upgrade
            self.assertEqual(self.script('postinst', 'configure', ''), '')
            self.assertEqual(self.owner(self.state), (65534, 0o750))
            self.assertEqual(self.owner(self.state / 'incoming'), (65534, 0o750))
            self.assertEqual(self.owner(self.state / 'dmarcq.db'), (65534, 0o600))

    @unittest.skipUnless(os.geteuid() == 0, 'needs root')
    @needs('setpriv')
    def test_links_lead_nowhere(self):
        for target in (self.victim, self.top / 'gone'):
            for name in ('incoming', 'dmarcq.db'):
                with self.subTest(name=name, target=target.name):
                    shutil.rmtree(self.state, ignore_errors=True)
                    self.state.mkdir()
                    (self.state / name).symlink_to(target)
                    self.assertEqual(self.script('postinst', 'configure', ''), '')
                    self.assertTrue((self.state / name).is_symlink())
                    self.assertEqual(self.owner(self.victim), (0, 0o700))
                    self.assertEqual([path.name for path in self.victim.iterdir()], ['kept'])
                    self.assertEqual(self.owner(self.victim / 'kept')[0], 0)
                    self.assertFalse((self.top / 'gone').exists())

    @unittest.skipUnless(os.geteuid() == 0, 'needs root')
    def test_purge_takes_links_and_not_what_they_lead_to(self):
        self.state.mkdir()
        (self.state / 'incoming').symlink_to(self.victim)
        self.script('postrm', 'remove')
        self.assertTrue(self.state.exists())
        self.script('postrm', 'purge')
        self.assertFalse(self.state.exists())
        self.assertEqual((self.victim / 'kept').read_text(encoding='utf-8'), 'mine\n')

    def test_root_only_looks_below_the_folder(self):
        for name in ('postinst', 'prerm', 'postrm'):
            for line in re.sub(r'\\\n', ' ', (UNITS / name).read_text(encoding='utf-8')).splitlines():
                acts = re.sub(r'\[ (! )?-[eL] \S+ \]', '', line)
                if '/var/lib/dmarcq/' in acts:
                    self.assertRegex(acts.strip(), '^as_dmarcq ', name)
        postinst = (UNITS / 'postinst').read_text(encoding='utf-8')
        self.assertIn('as_dmarcq() {\n\tsetpriv --reuid dmarcq --regid dmarcq --clear-groups --reset-env "$@"\n}\n', postinst)


@needs('cpack', 'dpkg-shlibdeps', 'file')
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = packages()

    def test_deb(self):
        deb = self.made['.deb']
        field = {name: run('dpkg-deb', '-f', deb, name).strip() for name in ('Package', 'Version', 'Depends', 'Architecture', 'Section')}
        self.assertEqual(field['Package'], 'dmarcq')
        self.assertEqual(field['Version'], run(dmarcq.DMARCQ, '--version').split()[1])
        self.assertEqual(field['Architecture'], run('dpkg', '--print-architecture').strip())
        # The libraries that it is linked with, and nothing that only the build or the tests need.
        depends = {re.sub(r'[ (:].*', '', part) for part in field['Depends'].split(', ')}
        for library in ('libc6', 'libxml2', 'libarchive13', 'libsqlite3-0', 'libgmime-3.0-0', 'libpsl5', 'libsmartcols1', 'passwd'):
            self.assertIn(library, depends)
        self.assertFalse([name for name in depends if name.endswith('-dev') or 'asan' in name])
        with dmarcq.folder() as root:
            run('dpkg-deb', '-R', deb, root)
            control = {path.name: path for path in (pathlib.Path(root) / 'DEBIAN').iterdir()}
            self.assertEqual(set(control), {'control', 'md5sums', 'conffiles', 'postinst', 'prerm', 'postrm'})
            self.assertEqual(set(control['conffiles'].read_text().split()), {f'/{name}' for name in SETTINGS})
            for script in ('postinst', 'prerm', 'postrm'):
                self.assertEqual(control[script].stat().st_mode & 0o777, 0o755)
                run('sh', '-n', control[script])
            self.assertEqual({name for name in found(root) if not name.startswith('DEBIAN/')}, expected('usr'))

    def test_tarball(self):
        with tarfile.open(self.made['.gz']) as tar:
            names = {member.name.split('/', 1)[1] for member in tar if member.isfile()}
        self.assertEqual(names, {name.removeprefix('x/') for name in expected('x')})

    @needs('debootstrap')
    @unittest.skipUnless(os.environ.get('DMARCQ_CLEAN_ROOT') == '1' or os.environ.get('CI') == 'true',
                         'takes minutes and the network: DMARCQ_CLEAN_ROOT=1 runs it')
    def test_life_in_a_clean_root(self):
        newer = packages('99.0.0')['.deb']
        old = self.made['.deb']
        self.assertNotEqual(old, newer)
        done = subprocess.run([str(TOP / 'scripts/clean-root'), '--copy', str(old), '--copy', str(newer), '--copy', str(TOP / 'tests/install_walk'),
                               '/copy/install_walk', f'/copy/{old.name}', f'/copy/{newer.name}'], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode == 77:
            self.skipTest(done.stdout.strip())
        self.assertEqual(done.returncode, 0, done.stdout[-4000:])
        self.assertIn('installed, used, upgraded, purged', done.stdout)


if __name__ == '__main__':
    sys.exit(0 if unittest.main(verbosity=2, exit=False).result.wasSuccessful() else 1)
