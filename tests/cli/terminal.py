# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read: within the width of their terminal, with nothing lost in silence, and safe to print."""
import csv
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata

from cli import PROGRAM, equal, main, read, rock_salt, run, write


def width(text):
    """Columns on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def shown(*args, columns=None):
    env = {name: value for name, value in os.environ.items() if name != 'COLUMNS'}
    if columns is not None:
        env['COLUMNS'] = str(columns)
    process = subprocess.run([PROGRAM, *args], capture_output=True, env=env)
    equal(process.returncode, 0)
    return process.stdout.decode()


def table(text, title):
    """Lines of the table of that title: those that are indented behind it."""
    lines = text.splitlines()
    begin = lines.index(title) + 1
    end = begin
    while end < len(lines) and (lines[end] == '' or lines[end].startswith('  ')):
        end += 1
    return lines[begin:end]


def header(path):
    return next(csv.reader(read(path).decode().splitlines()))


def three_species():
    """A cube of Ni, Pd and Pt without order."""
    lines = []
    for i in range(6):
        for j in range(6):
            for k in range(6):
                name = ('Ni', 'Pd', 'Pt')[(7 * i * i + 3 * j * k + i * k + 5 * j) % 3]
                lines.append(f'{name} {2.75 * i} {2.75 * j} {2.75 * k}')
    return write('a.xyz', f'{len(lines)}\n\n' + '\n'.join(lines) + '\n')


def test_said_once():
    """A scalar that has its row in a table is not printed beside it; programs get both."""
    rock_salt('a.xyz')
    for files in (['a.xyz'], ['a.xyz', 'a.xyz']):
        text = shown('run', 'csrop', *files, '--shuffles', '99', columns=80)
        assert not re.search(r'\b[zp]_Pd_Ir', text) and 'concentration_Pd' in text, text
        rows = table(text, 'csrop')
        assert any('z' in line.split() for line in rows), rows
        assert 'z_Pd_Ir' in run('run', 'csrop', *files, '--shuffles', '99', '--json').out.decode()
    text = shown('run', 'local-concentration', 'a.xyz', '--shuffles', '9', columns=80)
    assert 'concentration_Pd' not in text and 'concentration' in text, text


def test_width():
    three_species()
    run('run', 'csrop', 'a.xyz', '--cutoff', '3', '-o', 'csrop:c.csv')
    names = header('c.csv')
    for columns in (60, 80, 100, 132):
        text = shown('run', 'csrop', 'a.xyz', '--cutoff', '3', columns=columns)
        lines = table(text, 'csrop')
        assert max(width(line) for line in lines) <= columns, (columns, max(lines, key=width))
        words = ' '.join(lines).split()
        for name in names:
            assert name in words, (columns, name)
        # The labels stand in front of every block, on all of its rows.
        blocks = '\n'.join(lines).split('\n\n')
        assert len(blocks) > 1
        for block in blocks:
            equal([line.split()[:2] for line in block.splitlines()],
                  [['centre', 'neighbour']] + [[a, b] for a in ('Ni', 'Pd', 'Pt') for b in ('Ni', 'Pd', 'Pt')])
    # Room for all: one block, one line for each row.
    equal(len(table(shown('run', 'csrop', 'a.xyz', '--cutoff', '3', columns=300), 'csrop')), 10)
    for columns in (40, 60, 80):
        for args in (['run', 'coordination', 'a.xyz', '--cutoff', '3'], ['run', 'rdf', 'a.xyz'],
                     ['run', 'statistics', 'a.xyz', '--where', 'x < 3'], ['list'], ['help', 'csrop'], ['convert', '--help']):
            for line in shown(*args, columns=columns).splitlines():
                # sentences of one line, and commands to type, are not torn apart
                long = re.match(r'cutoff: |\d+ atoms; |Usage: |  \.\.\. |"alloyscope|  alloyscope', line)
                assert width(line) <= columns or long, (columns, args, line)


def test_pipe():
    """What goes into a pipe has the same form everywhere."""
    three_species()
    for args in (['run', 'csrop', 'a.xyz'], ['help', 'csrop']):
        equal(shown(*args), shown(*args, columns=80))
        equal(shown(*args, columns='wide'), shown(*args))


def test_terminal():
    three_species()
    for columns in (70, 150):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        env = {name: value for name, value in os.environ.items() if name != 'COLUMNS'}
        process = subprocess.Popen([PROGRAM, 'run', 'csrop', 'a.xyz', '--cutoff', '3'], stdout=theirs, env=env)
        os.close(theirs)
        seen = b''
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:
                break
            if not more:
                break
            seen += more
        process.wait()
        os.close(ours)
        equal(seen.decode().replace('\r\n', '\n'), shown('run', 'csrop', 'a.xyz', '--cutoff', '3', columns=columns))


def test_nothing_lost_in_silence():
    three_species()
    text = shown('run', 'csrop', 'a.xyz', columns=40)
    equal(len(re.findall(r'\.\.\. \d+ more columns: -o csrop:FILE.csv has them all', text)), 1)
    run('run', 'rdf', 'a.xyz', '-o', 'g.csv')
    rows = len(read('g.csv').splitlines()) - 2
    lines = table(shown('run', 'rdf', 'a.xyz', columns=200), 'rdf')
    step, more = map(int, re.match(r'  \.\.\. 1 row of (\d+) is shown; (\d+) more rows: -o rdf:FILE.csv',
                                   lines[-1]).groups())
    points = [float(line.split()[0]) for line in lines[2:-1]]
    equal(len(points) + more, rows)
    # A curve is shown from its beginning to its end.
    assert points[-1] > 0.9 * float(read('g.csv').splitlines()[-1].split(b',')[0]), points
    run('run', 'neighbours', 'a.xyz', '--cutoff', '3', '-o', 'n.csv')
    rows = len(read('n.csv').splitlines()) - 2
    lines = table(shown('run', 'neighbours', 'a.xyz', '--cutoff', '3'), 'pairs')
    assert f'{rows - 40} more rows: -o pairs:FILE.csv' in lines[-1], lines[-1]


def test_few_rows():
    """Few rows that are too long stand side by side, with the unit behind each."""
    rock_salt('a.xyz', info='stage_label="0 min" stage_time=0')
    rock_salt('b.xyz', cells=2, info='stage_label="30 min" stage_time=1800')
    lines = table(shown('run', 'csrop', 'a.xyz', 'b.xyz', '--cutoff', '3'), 'scalars')
    rows = {line.split()[0]: line.split()[1:] for line in lines}
    equal(rows['stage'], ['0', '1'])
    equal(rows['stage_time'], ['0', '1800', 's'])
    equal(rows['cutoff'], ['3', '3', 'angstrom'])
    equal(rows['centres'], ['216', '64'])


def test_digits():
    """No more digits than the error beside them has: its second one is the last."""
    three_species()
    lines = table(shown('run', 'csrop', 'a.xyz', '--cutoff', '3', columns=300), 'csrop')
    names = lines[0].split()
    for line in lines[1:]:
        row = dict(zip(names, line.split()))
        decimals = [len(row[name].partition('.')[2]) for name in ('mean', 'sem')]
        equal(decimals[0], decimals[1])
        equal(len(row['sem'].lstrip('0.')), 2)
        assert row['null_mean'] not in ('-0.00', '-0.000'), row
    run('run', 'csrop', 'a.xyz', '--cutoff', '3', '-o', 'csrop:c.csv')
    exact = list(csv.reader(read('c.csv').decode().splitlines()))
    for line, values in zip(lines[1:], exact[2:]):
        row, value = dict(zip(names, line.split())), dict(zip(exact[0], values))
        assert abs(float(row['mean']) - float(value['mean'])) <= float(value['sem']) / 10, (row, value)


def test_characters():
    """Labels of any script are aligned, and none of them steers the terminal."""
    rock_salt('a.xyz', info='stage_label="\u5148 0 \u5206"')
    rock_salt('b.xyz', cells=2, info='stage_label="e\u0301te\u0301 \u00b5"')
    lines = table(shown('run', 'csrop', 'a.xyz', 'b.xyz', '--cutoff', '3', columns=80), 'scalars')
    label = next(line for line in lines if 'stage_label' in line)
    number = next(line for line in lines if 'stage ' in line)
    equal(width(label), width(number))
    rock_salt('c.xyz', info='stage_label="\x1b[31mred\x07"')
    rock_salt('d.xyz')
    result = run('run', 'coordination', 'c.xyz', 'd.xyz', '--cutoff', '3')
    assert b'\x1b' not in result.out and b'\x07' not in result.out and b'\\x1b[31mred\\x07' in result.out, result.out
    run('convert', 'c.xyz', 'd.xyz', 'e.xyz')
    result = run('info', 'e.xyz')
    assert b'\x1b' not in result.out, result.out
    result = run('run', 'rdf', 'e.xyz', '--stage', '\x1b[31m', status=2)
    assert '\x1b' not in result.err and '\\x1b[31m' in result.err, result.err


main([value for name, value in list(globals().items()) if name.startswith('test_')])
