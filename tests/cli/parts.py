# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of what is in a file: some atoms, some stages; and a fix for one file of several."""
import csv
import json
import os
import subprocess

from cli import PROGRAM, SAME_PROJECT, equal, fails, main, read, rock_salt, run, write


def rows_of(path):
    """Rows by column name, without the line of units."""
    lines = read(path).decode().splitlines()
    return list(csv.DictReader([lines[0], *lines[2:]]))


def info(path):
    return json.loads(run('info', path, '--json').out)


def series(path='both.xyz'):
    rock_salt('a.xyz', info='stage_label="0 min" stage_time=0 stage_temperature=473.15')
    rock_salt('b.xyz', cells=2, info='stage_label="30 min" stage_time=1800')
    rock_salt('c.xyz', cells=2, info='stage_label="60 min" stage_time=3600')
    run('convert', 'a.xyz', 'b.xyz', 'c.xyz', path)


def test_selected_atoms_alone():
    rock_salt('a.xyz')
    run('run', 'coordination', 'a.xyz', '--cutoff', '3', '-o', 'cn.csv')
    rows = rows_of('cn.csv')
    wanted = [place for place, row in enumerate(rows) if row['species'] == 'Pd' and int(row['cn']) < 6]
    assert 0 < len(wanted) < len(rows)
    where = ['--where', 'species == Pd && cn < 6', '--cutoff', '3']
    run('run', 'select', 'a.xyz', *where, '--only', '-o', 'one.csv', '-o', 'one.xyz', '-o', 'scalars:n.csv')
    found = rows_of('one.csv')
    # Each row leads back to its own: the place in the input, from 0.
    equal([int(row['original_index']) for row in found], wanted)
    for row in found:
        equal([row[name] for name in ('species', 'x', 'y', 'z')],
              [rows[int(row['original_index'])][name] for name in ('species', 'x', 'y', 'z')])
    assert 'selected' not in found[0]
    equal(int(rows_of('n.csv')[0]['n_selected']), len(wanted))
    # convert does the same, and keeps the columns of the file.
    run('convert', 'a.xyz', 'two.xyz', *where)
    equal(read('two.xyz'), read('one.xyz'))
    run('run', 'coordination', 'a.xyz', '--cutoff', '3', '-o', 'cn.xyz')
    said = run('convert', 'cn.xyz', 'three.csv', '--where', 'cn < 6').out.decode()
    assert f'{len(rows_of("three.csv"))} of 216 atoms' in said, said
    assert all(int(row['cn']) < 6 for row in rows_of('three.csv'))
    equal(run('convert', 'cn.xyz', '-', '--where', 'cn < 6').out, run('convert', 'cn.xyz', '-', '--where', 'cn<6').out)
    # The other parameters of select, and the cell, which stays.
    run('convert', 'a.xyz', 'inner.xyz', '--where', 'cn < 6', '--invert', '--cutoff', '3')
    equal(info('inner.xyz')['atoms'], 4 ** 3)
    equal(info('inner.xyz')['cell'], info('a.xyz')['cell'])
    run('convert', 'a.xyz', 'grown.xyz', '--where', 'index == 0', '--grow', '1', '--cutoff', '3')
    equal(info('grown.xyz')['atoms'], 4)


def test_part_of_a_part():
    """A selection from a selection leads back to the first file."""
    rock_salt('a.xyz')
    run('convert', 'a.xyz', 'b.xyz', '--where', 'index >= 100')
    run('convert', 'b.xyz', 'c.csv', '--where', 'index >= 10')
    equal(rows_of('c.csv')[0]['original_index'], '110')


def test_nothing_selected():
    rock_salt('a.xyz')
    fails('convert', 'a.xyz', 'none.xyz', '--where', 'x > 1000', saying='a.xyz: no atom is left by x > 1000')
    assert not os.path.exists('none.xyz')
    said = run('run', 'select', 'a.xyz', '--where', 'x > 1000', '--only', '-o', 'none.xyz').err
    assert 'no atom is selected' in said, said
    equal(info('none.xyz')['atoms'], 0)
    fails('convert', 'a.xyz', 'b.xyz', '--grow', '1', status=2, saying='nothing to select from')
    fails('convert', 'a.xyz', 'b.xyz', '--wher', 'x > 1', status=2, saying='did you mean --where?')
    fails('convert', 'a.xyz', 'b.xyz', '--where', 'q > 1', status=2, saying='`q`')


def test_stages():
    series()
    run('convert', 'both.xyz', 'one.xyz', '--stage', '30 min')
    one = info('one.xyz')
    equal((one['kind'], one['atoms'], one['info']['stage_label'], one['info']['stage_time']), ('atoms', 64, '30 min', 1800))
    run('convert', 'both.xyz', 'two.xyz', '--stage', '2', '--stage', '0 min')
    two = info('two.xyz')['stages']
    equal([(stage['label'], stage['time'], stage['atoms']) for stage in two], [('60 min', 3600, 64), ('0 min', 0, 216)])
    run('run', 'coordination', 'both.xyz', '--stage', '0', '--stage', '1', '--cutoff', '3', '-o', 'scalars:s.csv')
    equal([row['stage_label'] for row in rows_of('s.csv')], ['0 min', '30 min'])
    fails('convert', 'both.xyz', 'x.xyz', '--stage', '0', '--stage', '7', status=2, saying='0 (0 min)')
    fails('convert', 'a.xyz', 'x.xyz', '--stage', '0', status=2, saying='no series')
    fails('run', 'simulate-particle', '--stage', '0', status=2, saying='--stage is for input files')


def test_part_of_a_series():
    series()
    result = run('convert', 'both.xyz', 'part.xyz', '--where', 'x > 11')  # the small ones end at 8.25
    assert 'stages 1-2: no atom is selected' in result.err, result.err
    equal([stage['atoms'] for stage in info('part.xyz')['stages']], [36, 0, 0])
    run('convert', 'a.xyz', 'b.xyz', 'pair.csv', '--where', 'x < 1', '--quiet')
    equal([row['stage_label'] for row in rows_of('pair.csv')], ['0 min'] * 36 + ['30 min'] * 16)
    fails('convert', 'a.xyz', 'b.xyz', 'x.xyz', '--where', 'x > 1000', saying='nothing was written')


def make_again(path, to):
    write('again.sh', run('script', path).out.decode())
    env = {**os.environ, 'PATH': os.path.dirname(PROGRAM) + os.pathsep + os.environ['PATH']}
    os.makedirs('elsewhere', exist_ok=True)
    process = subprocess.run(['sh', '../again.sh', os.path.abspath(to)], capture_output=True, env=env, cwd='elsewhere')
    equal((process.returncode, process.stderr), (0, b''))
    subprocess.run([SAME_PROJECT, path, to], check=True, stdout=subprocess.DEVNULL)


def test_parts_in_a_project():
    """A part knows where it came from, and is made again."""
    series()
    run('convert', 'both.xyz', 'p.alloy#surface', '--stage', '0', '--stage', '60 min', '--where', 'cn < 6', '--cutoff', '3')
    run('convert', 'both.xyz', 'p.alloy#last', '--stage', '2')
    run('convert', 'a.xyz', 'b.xyz', 'p.alloy#low', '--where', 'z < 3')
    run('run', 'select', 'p.alloy#surface', '--where', 'species == Ir', '--only', '-o', 'p.alloy#Ir')
    names = [item['name'] for item in info('p.alloy')['items']]
    assert {'surface', 'last', 'low', 'Ir'} <= set(names), names
    run('convert', 'p.alloy#surface', 'surface.xyz')
    equal([stage['atoms'] for stage in info('surface.xyz')['stages']], [216 - 64, 64 - 8])
    make_again('p.alloy', 'q.alloy')


def fix_lines(err):
    return [line for line in err.splitlines() if line.startswith('warning: ') and '--fix ' in line]


def test_fix_of_one_file():
    rock_salt('good.xyz')
    rock_salt('in pixels.xyz', spacing=9.1)
    files = ['good.xyz', 'in pixels.xyz']
    said = fix_lines(run('run', 'rdf', *files, '--quiet').err + run('run', 'rdf', *files).err)
    equal(len(said), 1)
    # What the warning says can be pasted as it is.
    words = said[0].split('; fix: ')[1].split(' (')[0]
    assert words.startswith("--fix 'in pixels.xyz:scale="), words
    command = f'"{PROGRAM}" run rdf good.xyz "in pixels.xyz" {words} -o scalars:s.csv'
    process = subprocess.run(command, shell=True, capture_output=True, text=True)
    equal((process.returncode, process.stderr), (0, ''))
    peaks = [float(row['first_peak']) for row in rows_of('s.csv')]
    assert abs(peaks[0] - peaks[1]) < 0.05, peaks
    # The old form is for all of them.
    run('run', 'rdf', *files, '--fix', 'scale=2', '--quiet', '-o', 'scalars:t.csv')
    peaks = [float(row['first_peak']) for row in rows_of('t.csv')]
    assert abs(peaks[0] - 5.5) < 0.05 and abs(peaks[1] - 18.2) < 0.05, peaks
    # Both together, in the order in which they stand.
    run('convert', *files, 'both.xyz', '--fix', 'scale=2', '--fix', 'good.xyz:scale=0.5')
    stages = info('both.xyz')['stages']
    equal([stage['high'][0] for stage in stages], [5 * 2.75, 5 * 9.1 * 2])
    # A name with a colon in the value of an old form is no file.
    run('info', 'good.xyz', '--fix', 'species=Pd:Pt', '--quiet')
    # In JSON, and for several files of info too.
    found = json.loads(run('info', *files, '--json').out)
    equal([one['path'] for one in found], files)
    equal([warning['fix'].split('=')[0] for warning in found[1]['warnings'] if warning['code'] == 'unit'],
          ['in pixels.xyz:scale'])


def test_fix_of_no_file():
    rock_salt('a.xyz')
    rock_salt('b.xyz')
    fails('run', 'rdf', 'a.xyz', 'b.xyz', '--fix', 'c.xyz:scale=2', status=2, saying='they are: a.xyz, b.xyz')
    fails('run', 'rdf', 'a.xyz', 'b.xyz', '--fix', 'a.xyz:scale', status=2, saying='NAME=VALUE')
    fails('run', 'rdf', 'a.xyz', 'b.xyz', '--fix', 'a.xyz:scal=2', status=2, saying='did you mean `scale`')
    fails('run', 'simulate-particle', '--fix', 'scale=2', status=2, saying='--fix is for input files')
    run('convert', 'a.xyz', 'p.alloy')
    fails('run', 'rdf', 'p.alloy#a', '--fix', 'scale=2', status=2, saying='item of a project')


def test_fix_in_a_project():
    """The script applies each fix to its own file, and finds a file that a fix reads from anywhere."""
    rock_salt('a.xyz')
    rock_salt('b.xyz', spacing=9.1)
    write('types.txt', '\n'.join(['Pd'] * 200 + ['Pt'] * 16) + '\n')
    run('run', 'rdf', 'a.xyz', 'b.xyz', '--fix', 'b.xyz:scale=0.3', '--fix', 'a.xyz:types=types.txt', '-o', 'p.alloy')
    origins = {item['name']: item['origin'] for item in info('p.alloy')['items']}
    equal(origins['b']['fixes'], ['scale=0.3'])
    equal(origins['a']['fixes'], ['types=' + os.path.realpath('types.txt')])
    make_again('p.alloy', 'q.alloy')


main([value for name, value in list(globals().items()) if name.startswith('test_')])
