#!/usr/bin/env python3
"""The manual pages beside the program: the same commands, the same options, the same words that an option takes, the same limits.
A command NAME has the page docs/man/dmarcq-NAME.1, those of a group ("db check") share one with a heading each, and help stands in
dmarcq.1. A page names each option twice: in the synopsis and where it says what it does. Those that every command has stand in dmarcq.1."""
import difflib
import re
import sys

import dmarcq

MAN = dmarcq.TOP / 'docs' / 'man'
problems = []


def told(*args):
    return dmarcq.run(*args).stdout.decode()


def commands():
    """The names that `dmarcq help` lists, of one or two words."""
    for line in re.findall(r'^  (\S.*)$', told('help').split('commands:\n')[1], re.M):
        name = []
        for word in line.split('  ')[0].split(' '):
            if not re.fullmatch('[a-z][a-z-]*', word):
                break
            name.append(word)
        yield ' '.join(name)


def options(command):
    """{(letter, long name): words or None} of a command, all of them."""
    found = re.findall(r'^  (?:-(.), |    )--([a-z-]+)(?: (\S+))?', told('help', *command.split()), re.M)
    return {(letter, name): set(value.split('|')) if re.fullmatch(r'[a-z0-9-]+(\|[a-z0-9-]+)+', value) else None
            for letter, name, value in found}


def flags(line):
    """The options that a line of mdoc names, as pairs: `Fl n , Fl -number Ar N`."""
    found = re.findall(r'Fl (-?)([A-Za-z][A-Za-z-]*)', line)
    letter, pairs = '', set()
    for dash, name in found:
        if not dash:
            letter = name
        else:
            pairs.add((letter, name))
            letter = ''
    return pairs


class Page:
    def __init__(self, path):
        self.name = path.name
        self.text = path.read_text(encoding='utf-8')

    def synopsis(self, command):
        """The options in the synopsis of a command: from its `.Nm dmarcq NAME` to the next one."""
        section = re.search(r'^\.Sh SYNOPSIS\n(.*?)^\.Sh ', self.text, re.M | re.S).group(1)
        block = re.search(rf'^\.Nm dmarcq {command}\n(.*?)(?=^\.Nm |\Z)', section, re.M | re.S)
        return set().union(*map(flags, block.group(1).splitlines())) if block else None

    def body(self, command):
        """What is said of a command: the part below its heading, or all of the page when it is about one command only."""
        part = re.search(rf'^\.Ss dmarcq {command}\n(.*?)(?=^\.S[sh] )', self.text, re.M | re.S)
        return part.group(1) if part else self.text if ' ' not in command else None

    def items(self, command):
        """{option: text below it} of the lists in what is said of a command."""
        found = {}
        for head, text in re.findall(r'^\.It (Fl .*)\n(.*?)(?=^\.It Fl |^\.El)', self.body(command) or '', re.M | re.S):
            found |= {flag: head + '\n' + text for flag in flags(head)}
        return found


def differ(what, manual, program):
    problems.extend([f'{what}:', *('    ' + line for line in difflib.unified_diff(manual, program, 'manual', 'program', lineterm='', n=0))]
                    if manual != program else [])


def names(flags_):
    return sorted(f'-{letter}, --{name}' if letter else f'--{name}' for letter, name in flags_)


def check_command(page, command, shared):
    """shared: the options of every command, which stand in dmarcq.1."""
    own = {flag: words for flag, words in options(command).items() if flag not in shared}
    items = page.items(command)
    differ(f'{page.name}: synopsis of {command}', names(page.synopsis(command) or []), names(own))
    differ(f'{page.name}: options of {command}', names(items), names(own))
    for flag, words in own.items():
        said = set(re.findall(r'[a-z0-9-]+', ' '.join(re.findall(r'Cm ([^\n]*)', items.get(flag, '')))))
        if words and not words <= said:
            problems.append(f'{page.name}: {command} --{flag[1]} lacks {", ".join(sorted(words - said))}')
    return len(own)


def check_limits(page):
    program = re.sub(r'\n {20,}', ' ', told('help', 'limits'))
    program = [f'{name} {rest}.' for name, rest in re.findall(r'^  (\S+=\d+) +(.*)$', program, re.M)]
    section = re.search(r'^\.Sh LIMITS\n(.*?)^\.Sh ', page.text, re.M | re.S).group(1)
    manual = [f'{name}={value} {rest}' for name, value, rest in re.findall(r'^\.It Cm (\S+) Ns = Ns (\d+)\n(.*)$', section, re.M)]
    differ('dmarcq.1: limits', manual, program)
    return len(program)


def check_references(page, pages):
    for name, section in re.findall(r'^(?:\.|\.It )Xr (dmarcq\S*) (\d)', page.text, re.M):
        if f'{name}.{section}' not in pages:
            problems.append(f'{page.name}: there is no {name}({section})')


def main():
    pages = {path.name: Page(path) for path in MAN.iterdir()}
    overview = pages['dmarcq.1']
    listed = [name for name in commands() if name != 'help']
    shared = set(options('db check'))
    said = [option for option in shared if option in overview.items('help')]
    differ('dmarcq.1: options of every command', names(said), names(shared))
    differ('a page a command', sorted(name for name in pages if re.fullmatch(r'dmarcq-.*\.1', name)),
           sorted({f'dmarcq-{name.split()[0]}.1' for name in listed}))
    differ('dmarcq.1: commands', sorted(re.findall(r'^\.It Xr dmarcq-(\S+) 1', overview.text, re.M)), sorted({name.split()[0] for name in listed}))
    seen = 0
    for name in listed:
        page = pages.get(f'dmarcq-{name.split()[0]}.1')
        if page is not None and page.body(name) is None:
            problems.append(f'{page.name}: has no ".Ss dmarcq {name}"')
        seen += check_command(page, name, shared) if page else 0
    limits = check_limits(overview)
    for page in pages.values():
        check_references(page, pages)
    if len(listed) < 10 or seen < 20 or limits < 20:
        problems.append('too little was found to compare')
    print('\n'.join(problems))
    print(f'{len(pages)} pages, {len(listed)} commands, {seen} options, {limits} limits, {len(problems)} problems')
    return 1 if problems else 0


sys.exit(main())
