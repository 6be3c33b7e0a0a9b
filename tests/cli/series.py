# SPDX-License-Identifier: GPL-3.0-or-later
"""Several models in one table: which row is of which stage, in which unit, and of which pair."""
import csv
import json
import random

from cli import equal, fails, main, read, rock_salt, run, write


def table(path):
    """Names -> units, and the rows by name."""
    header, units, *rows = csv.reader(read(path).decode().splitlines())
    equal(units[0][:2], '# ')
    units[0] = units[0][2:]
    return dict(zip(header, units)), [dict(zip(header, row)) for row in rows]


def model(path, column='', species=('Pd', 'Ir'), values=''):
    chance = random.Random(1)
    rows = [f'{chance.choice(species)} {2.75 * i} {2.75 * j} {2.75 * k} {values}'
            for i in range(4) for j in range(4) for k in range(4)]
    return write(path, f'{len(rows)}\nProperties=species:S:1:pos:R:3{column}\n' + '\n'.join(rows) + '\n')


def distance(unit):
    return f':dist:R:1 column_units="dist:{unit}"'


def test_units():
    model('nm.xyz', distance('nm'), values='0.25')
    model('angstrom.xyz', distance('angstrom'), values='2.5')
    model('energy.xyz', distance('eV'), values='7')
    for command in (['run', 'coordination', 'nm.xyz', 'angstrom.xyz', '-o', 'out.csv'],
                    ['convert', 'nm.xyz', 'angstrom.xyz', 'out.csv']):
        said = run(*command).err
        assert 'in nm and in angstrom: all of it is given in nm' in said, said
        units, rows = table('out.csv')
        equal(units['dist'], 'nm')
        equal({float(row['dist']) for row in rows}, {0.25})
    # What cannot be converted stands apart.
    said = run('convert', 'nm.xyz', 'energy.xyz', 'out.csv').err
    assert '`dist_in_eV`' in said, said
    units, rows = table('out.csv')
    equal((units['dist'], units['dist_in_eV']), ('nm', 'eV'))
    equal((rows[0]['dist'], rows[0]['dist_in_eV'], rows[-1]['dist'], rows[-1]['dist_in_eV']), ('0.25', '', '', '7'))
    # One list of units stands for all stages in JSON, too.
    answer = json.loads(run('run', 'coordination', 'nm.xyz', 'angstrom.xyz', '--json').out)
    equal(answer['units']['atoms']['dist'], 'nm')
    equal([stage['atoms']['dist'][0] for stage in answer['stages']], [0.25, 0.25])
    answer = json.loads(run('run', 'coordination', 'nm.xyz', 'energy.xyz', '--json').out)
    equal((answer['units']['atoms']['dist'], answer['units']['atoms']['dist_in_eV']), ('nm', 'eV'))


def test_stages():
    """The number is in `stage` and the label in `stage_label`, whatever is written, so that files can be joined."""
    rock_salt('one.xyz')
    run('run', 'csrop', 'one.xyz', 'one.xyz', '--shuffles', '0', '-o', 'atoms.csv', '-o', 'csrop:table.csv', '-o',
        'scalars:scalars.csv')
    units, atoms = table('atoms.csv')
    equal(list(units)[:6], ['stage', 'stage_label', 'species', 'x', 'y', 'z'])
    equal((units['stage'], units['stage_label']), ('1', ''))
    for rows in (atoms, table('table.csv')[1], table('scalars.csv')[1]):
        equal({row['stage'] for row in rows}, {'0', '1'})
    equal({row['stage_label'] for row in atoms}, {'one'})
    # Read back it is the series that it was, two stages of one label.
    info = json.loads(run('info', 'atoms.csv', '--json').out)
    equal((info['kind'], len(info['stages'])), ('series', 2))
    equal([stage['atoms'] for stage in info['stages']], [216, 216])
    # Files of versions that wrote the label alone.
    lines = read('atoms.csv').decode().splitlines()
    header, unit, *rows = [line.split(',') for line in lines]
    old = [['stage', *header[2:]], ['# ', *unit[2:]]] + [['0 min' if row[0] == '0' else '30 min', *row[2:]] for row in rows]
    write('old.csv', '\n'.join(','.join(row) for row in old) + '\n')
    info = json.loads(run('info', 'old.csv', '--json').out)
    equal([stage['label'] for stage in info['stages']], ['0 min', '30 min'])


def test_pair_names():
    """A name is one pair: A_B_A is none where it could be two."""
    model('three.xyz', species=('A', 'A_B', 'B_A'))
    model('two.xyz', species=('A', 'B_A'))
    said = run('run', 'csrop', 'three.xyz', '--shuffles', '9', '-o', 'out.csv', '-o', 'out.json').err
    assert 'A_B_A could be two pairs' in said, said
    names = [name for name in table('out.csv')[0] if name.startswith('csrop_')]
    equal(len(set(names)), 9)
    assert 'csrop_A__B_A' in names and 'csrop_A_B__A' in names and 'csrop_A_A_B' in names, names
    scalars = json.loads(read('out.json'))['scalars']
    for letter in 'zp':
        equal(len([name for name in scalars if name.startswith(letter + '_')]), 9)
    run('run', 'rdf', 'three.xyz', '-o', 'rdf.csv')
    equal(len([name for name in table('rdf.csv')[0] if name.startswith('g_')]), 9)
    # Alone there is no doubt; in a series the doubt of one stage is that of all.
    run('run', 'csrop', 'two.xyz', '--shuffles', '0', '-o', 'out.csv')
    assert 'csrop_A_B_A' in table('out.csv')[0]
    run('run', 'csrop', 'two.xyz', 'three.xyz', '--shuffles', '0', '-o', 'out.csv')
    units, rows = table('out.csv')
    assert 'csrop_A_B_A' not in units and any(row['csrop_A__B_A'] for row in rows if row['stage'] == '0')
    # The same names in conditions and statistics.
    run('run', 'select', 'three.xyz', '--where', 'csrop_A__B_A > 0', '-o', 'out.csv')
    fails('run', 'select', 'three.xyz', '--where', 'csrop_A_B_A > 0', status=2, saying='csrop_A__B_A')
    run('run', 'statistics', 'two.xyz', 'three.xyz', '--where', 'csrop_A__B_A > 0', '--shuffles', '9', '-o', 'out.json')


main([test_units, test_stages, test_pair_names])
