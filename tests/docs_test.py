#!/usr/bin/env python3
"""Every example in README.md, docs/**/*.md and the manual pages is what the program prints: a line `$ dmarcq ...` (or
`$ sqlite3 ...`) and the lines below it, run over a scratch copy of samples/ that was imported, with failures/ and docs/examples beside it, on a terminal of 96 columns. Empty
lines don't count, and a line `...` stands for any lines. advice.md asks advice.db, which holds samples/advice. What the program says on standard error stands behind what it prints."""
import os
import re
import shutil
import subprocess
import sys

import dmarcq

DOCS = dmarcq.TOP / 'docs'
PAGES = [dmarcq.TOP / 'README.md', *sorted(DOCS.glob('**/*.md')), *sorted(DOCS.glob('man/*'))]
PROMPTS = ('$ dmarcq ', '$ sqlite3 ')


def literal(page):
    """The lines of a page's literal blocks without their indent, None between two blocks."""
    inside = False
    for line in page.read_text(encoding='utf-8').splitlines():
        if page.suffix != '.md':
            inside = line.startswith('.Bd -literal') or inside and not line.startswith('.Ed')
            yield line.replace('\\e', '\\').replace('\\&', '') if inside and not line.startswith('.Bd') else None
        else:
            yield line[4:] if line.startswith('    ') else '' if not line else None


def examples(page):
    """Pairs of a command and the lines that it prints."""
    found = []
    open_one = False
    for line in literal(page):
        if line is not None and line.startswith(PROMPTS):
            found.append((line[2:], []))
            open_one = True
        elif line is None:
            open_one = False
        elif open_one and line.strip():
            found[-1][1].append(line.rstrip())
    return found


def printed(command, page, scratch):
    database = 'advice.db' if page.name == 'advice.md' else 'all.db'
    env = os.environ | {'COLUMNS': '96', 'LC_ALL': 'C.UTF-8', 'DMARCQ_DB': f'{scratch}/{database}',
                        'PATH': f'{scratch}/bin:{os.environ["PATH"]}'}
    done = subprocess.run(['bash', '-c', command], cwd=scratch, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=300, check=False)
    return [line.rstrip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]


def agree(shown, got):
    pattern = ''.join('(?:.*\n)*?' if line.strip() == '...' else re.escape(line) + '\n' for line in shown)
    return re.fullmatch(pattern, ''.join(line + '\n' for line in got)) is not None


def main():
    failed = count = 0
    with dmarcq.folder() as scratch:
        shutil.copytree(dmarcq.TOP / 'samples', f'{scratch}/samples', ignore=shutil.ignore_patterns('advice'))
        shutil.copytree(DOCS / 'examples', f'{scratch}/examples')
        shutil.copytree(dmarcq.TOP / 'tests/fixtures/failures', f'{scratch}/failures')
        os.mkdir(f'{scratch}/bin')
        os.symlink(os.path.realpath(dmarcq.DMARCQ), f'{scratch}/bin/dmarcq')
        dmarcq.imported(f'{scratch}/all.db', '--jobs', '1', 'samples', codes=(1,), cwd=scratch)
        dmarcq.imported(f'{scratch}/advice.db', *(dmarcq.TOP / 'samples/advice').glob('*.gz'), codes=(0,))
        for page in PAGES:
            found = examples(page)
            count += len(found)
            for command, shown in found:
                got = printed(command, page, scratch)
                if not agree(shown, got):
                    failed += 1
                    print(f'{page.name}: $ {command}\nprints\n' + '\n'.join(got) + '\nand not\n' + '\n'.join(shown) + '\n')
            if (page.name == 'README.md' or page.parent.name == 'questions') and not found:
                failed += 1
                print(f'{page.name}: no example')
    print(f'{count - failed} of {count} examples are true')
    return 1 if failed or not count else 0


sys.exit(main())
