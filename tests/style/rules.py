#!/usr/bin/env python3
"""Rules of the house that a script can check: forbidden functions, who prints and exits, sizes, names, paths.

rules.py [FOLDER]: the project's top folder, by default this one. Prints file:line: what, and exits 1 if there is any.
"""
import pathlib
import re
import sys

FORBIDDEN = 'strcpy stpcpy strcat sprintf vsprintf strncpy strncat strtok atoi atol atoll atof gets system popen'.split()
PRINTS = 'printf vprintf puts putchar perror exit _exit _Exit quick_exit err errx warn warnx'.split()
# Running out of memory ends the program where it is noticed.
MAY_EXIT = {'src/base/mem.c'}
VAGUE = {'util', 'utils', 'common', 'misc', 'helper', 'helpers'}
LONGEST = 500
FOLDERS = ['.ci', 'cmake', 'docs', 'schema', 'scripts', 'src', 'tests']
LITERAL = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
# Written so that this file does not contain what it looks for.
MACHINE = re.compile('(?<![A-Za-z0-9_.-])/(?:wor' + 'k|roo' + 't|hom' + 'e)/')
SHARED = re.compile(r'\.\./shar' + 'ed')
TEXT = {'.c', '.h', '.def', '.sql', '.py', '.sh', '.bash', '.bats', '.md', '.1', '.5', '.7', '.8', '.cmake', '.txt', '.tsv',
        '.fish', '.conf', '.service', '.timer', ''}


def code(text):
    """The text with comments and literals blanked, lines kept."""
    return LITERAL.sub(lambda m: re.sub(r'[^\n]', ' ', m.group()), text)


def calls(text, names):
    pattern = re.compile(r'(?<![\w.>])(' + '|'.join(names) + r')\s*\(')
    for number, line in enumerate(text.split('\n'), 1):
        for match in pattern.finditer(line):
            yield number, match.group(1)


def check_c(name, text):
    stripped = code(text)
    for number, function in calls(stripped, FORBIDDEN):
        yield number, f'{function} is forbidden'
    if name.startswith('src/') and not name.startswith('src/cli/'):
        if name not in MAY_EXIT:
            for number, function in calls(stripped, PRINTS):
                yield number, f'{function} below src/cli'
        for number, line in enumerate(stripped.split('\n'), 1):
            if re.search(r'\b(stdout|stderr)\b', line) and name not in MAY_EXIT:
                yield number, 'stdout or stderr below src/cli'


def check(top, path):
    name = path.relative_to(top).as_posix()
    text = path.read_text(encoding='utf-8', errors='replace')
    if path.suffix in ('.c', '.h'):
        yield from check_c(name, text)
        length = text.count('\n')
        if length > LONGEST:
            yield length, f'longer than {LONGEST} lines'
    if path.suffix in ('.c', '.h', '.def') and path.stem in VAGUE:
        yield 1, f'"{path.stem}" says nothing about what is in it'
    for number, line in enumerate(text.split('\n'), 1):
        if MACHINE.search(line):
            yield number, "a path of somebody's machine"
        if SHARED.search(line) and not name.endswith('_test.py'):
            yield number, 'a folder beside the project: only for tests that skip where it is absent'


def files(top):
    """The project's own texts: not what is built, nor inputs of tests."""
    paths = [path for path in top.iterdir() if path.is_file()]
    for folder in FOLDERS:
        paths += (top / folder).rglob('*')
    for path in sorted(paths):
        parts = path.relative_to(top).parts
        if path.is_file() and path.suffix in TEXT and path.name != '.git' and not {'corpus', 'fixtures'}.intersection(parts):
            yield path


def main():
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    bad = 0
    for path in files(top):
        for number, what in check(top, path):
            print(f'{path.relative_to(top)}:{number}: {what}')
            bad += 1
    return bad > 0


sys.exit(main())
