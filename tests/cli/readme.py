# SPDX-License-Identifier: GPL-3.0-or-later
"""What README.md shows is what the program prints: its commands are run on the particles that it names."""
import os
import re
import shutil
import subprocess

from cli import PROGRAM, Skip, equal, main, rock_salt, run

SOURCE = os.path.abspath(os.environ.get('ALLOYSCOPE_SOURCE', '.'))
DATA = os.path.abspath(os.environ.get('ALLOYSCOPE_DATA', os.path.join(SOURCE, '..', 'shared', 'data')))
PARTICLES = os.path.join(DATA, 'aet', 'pdpt_pku')


def blocks():
    """The indented blocks, as lists of lines without the indent."""
    block = []
    with open(os.path.join(SOURCE, 'README.md')) as file:
        for line in [*file, '\n']:
            if line.startswith('    '):
                block.append(line[4:].rstrip('\n'))
            elif block:
                yield block
                block = []


def shell(command):
    """What the command prints, warnings first, with a path as a user has it."""
    env = {**os.environ, 'PATH': os.path.dirname(PROGRAM) + ':' + os.environ['PATH'], 'COLUMNS': '80'}
    process = subprocess.run(command, shell=True, capture_output=True, env=env, stdin=subprocess.DEVNULL)
    text = process.stderr.decode() + process.stdout.decode()
    equal((command, process.returncode, text if process.returncode else ''), (command, 0, ''))
    return text


def words(text):
    return ' '.join(text.split())


def test_shown():
    """A `$` before a command; the lines below it are printed, "..." is what is left out."""
    if not os.path.isdir(PARTICLES):
        raise Skip(f'the real particles are not at {PARTICLES}')
    for name in ('TO.xyz', 'PB.xyz'):
        shutil.copy(os.path.join(PARTICLES, name), name)
    count = 0
    for block in blocks():
        printed = None
        for line in block + ['$ true']:
            if line.startswith('$ '):
                if printed is not None:
                    rest = words(shell(command))
                    for part in words('\n'.join(printed)).split(' ... '):
                        at = rest.find(part)
                        assert at >= 0, f'{command} does not print\n{part}\nbut\n{rest}'
                        rest = rest[at + len(part):]
                    count += 1
                command, printed = line[2:], []
            elif printed is not None:
                printed.append(line)
    assert count >= 6, count


def test_further():
    """The list of further commands: each does its work on files of these names."""
    rock_salt('a.xyz')
    rock_salt('TO.xyz')
    rock_salt('b.xyz', cells=2, spacing=2.75 / 0.35)
    run('convert', 'a.xyz', 'a.dump')
    run('convert', 'a.xyz', 'b.xyz', 'series.xyz', '--label', '0 min', '--label', '60 min')
    commands = [line for block in blocks() for line in block if line.startswith('alloyscope ') and
                not re.match(r'alloyscope \S+\.xyz ', line)]  # the window has tests of its own
    for line in commands:
        command = re.split(r'\s{2,}', line)[0]
        # This one would write over what the others read.
        shell(re.sub(r'(convert a.dump) a.xyz', r'\1 again.xyz', command))
    assert len(commands) >= 10, commands


main([test_shown, test_further])
