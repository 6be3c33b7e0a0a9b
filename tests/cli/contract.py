# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts rely on: exit statuses, names, units, the order of atoms, the same bytes everywhere."""
import csv
import json
import os
import re
import struct
import subprocess

from cli import PROGRAM, Skip, equal, fails, main, read, rock_salt, run, write

OPERATIONS = ['neighbours', 'rdf', 'coordination', 'csrop', 'local-concentration', 'select', 'statistics',
              'simulate-particle', 'simulate-series']


def table(path):
    """Header, units and rows of a table."""
    lines = read(path).decode().splitlines()
    assert lines[1].startswith('# '), lines[1]
    header, *rows = csv.reader([lines[0], *lines[2:]])
    units = next(csv.reader([lines[1][2:]]))
    equal(len(units), len(header))
    return header, units, rows


def test_found_before_the_work():
    """What cannot be written is said before anything is computed."""
    rock_salt('a.xyz')
    write('free.xyz', '3\n\nPd 0 0 0\nPd 0 0 2.7\nIr 0 2.7 0\n')
    fails('run', 'csrop', 'none.xyz', '-o', 'csrp:a.csv', status=2, saying='did you mean "csrop"')
    fails('run', 'rdf', 'none.xyz', '-o', 'atoms:a.csv', status=2, saying='rdf, scalars')
    fails('run', 'csrop', 'none.xyz', '-o', 'a.docx', status=2, saying='.alloy')
    for command in (['run', 'csrop', 'free.xyz', '-o', 'scalars:s.csv', '-o', 'POSCAR'],
                    ['convert', 'free.xyz', '--where', 'no such thing', 'POSCAR']):
        fails(*command, saying='POSCAR needs a cell')
    # An error of the analysis would come first if it ran.
    fails('run', 'csrop', 'a.xyz', 'a.xyz', '--species', 'Au', '-o', 'POSCAR', saying='cannot be written as')
    run('run', 'csrop', 'a.xyz', '--shuffles', '0', '-o', 'POSCAR', '-o', 'csrop:c.csv', '-o', 'scalars:s.csv')


def test_usage():
    no_display = {'DISPLAY': '', 'WAYLAND_DISPLAY': ''}
    fails(status=1, saying='no display', env=no_display)
    fails('--colour', status=2, saying='--colour')
    fails('rnu', status=2, saying='"run"')
    rock_salt('a.xyz')
    fails('a.xyz', status=1, saying='no display', env=no_display)
    fails('a.xyz', 'nothing.xyz', status=2, saying='nothing.xyz', env=no_display)
    fails('a.xyz', '--cutoff', '3', status=2, saying='--cutoff', env=no_display)
    fails('run', status=2, saying='operation')
    fails('run', 'scrop', 'a.xyz', status=2, saying='"csrop"')
    fails('run', 'csrop', status=2, saying='1 input file')
    fails('run', 'csrop', 'a.xyz', '--cutof', '3', status=2, saying='--cutoff')
    fails('run', 'csrop', 'a.xyz', '--cutoff', status=2, saying='value')
    fails('run', 'csrop', 'a.xyz', '--cutoff', 'three', status=2, saying='three')
    fails('run', 'csrop', 'a.xyz', '--cutoff', '-3', status=2, saying='-3')
    fails('run', 'csrop', 'a.xyz', '--average', 'atoms', status=2, saying='centre')
    fails('run', 'csrop', 'a.xyz', '-o', 'a.docx', status=2, saying='a.docx')
    fails('run', 'csrop', 'a.xyz', '--threads', 'many', status=2, saying='many')
    fails('run', 'csrop', 'a.xyz', '--seed=-1', status=2, saying='-1')
    fails('run', 'csrop', 'a.xyz', '--fix', 'scale', status=2, saying='scale')
    fails('run', 'csrop', 'a.xyz', '--fix', 'size=2', status=2, saying='size')
    fails('run', 'csrop', 'a.xyz', '--format', 'xzy', saying='xzy', status=1)
    fails('run', 'simulate-series', 'a.xyz', status=2, saying='a.xyz')
    fails('list', 'all', status=2, saying='all')
    fails('info', status=2, saying='file')
    fails('convert', 'a.xyz', status=2, saying='output')
    fails('help', 'nothing', status=2, saying='nothing')
    fails('help', 'csrop', 'rdf', status=2, saying='rdf')
    fails('convert', 'a.xyz', 'b.xyz', '--json', status=2, saying='--json')
    fails('run', 'rdf', 'a.xyz', '-o', '-', '--json', status=2, saying='standard output')
    fails('run', 'rdf', 'a.xyz', '-o', 'b.csv', '-o', 'scalars:b.csv', status=2, saying='twice')
    fails('run', 'rdf', '-', '-', status=2, saying='once', stdin=read('a.xyz'))
    # No name is suggested that is like it only in its dashes.
    assert 'did you mean' not in fails('run', 'simulate-particle', '--particle', '1', status=2, saying='--help').err
    equal(os.listdir('.'), ['a.xyz'])


def test_failures():
    fails('run', 'csrop', 'missing.xyz', saying='missing.xyz')
    fails('info', '.', saying='.')
    write('empty.xyz', '')
    fails('info', 'empty.xyz', saying='empty')
    write('short.xyz', '3\n\nPd 0 0 0\n')
    fails('run', 'csrop', 'short.xyz', saying='short.xyz')
    rock_salt('a.xyz')
    fails('run', 'csrop', 'a.xyz', '--species', 'Au', saying='Au', status=2)
    fails('run', 'select', 'a.xyz', '--where', 'cn <', saying='cn', status=2)
    fails('convert', 'a.xyz', 'no/such/folder/b.xyz', saying='folder')
    # Where nothing can be written is said before the work, not after it.
    fails('run', 'csrop', 'a.xyz', '--shuffles', '99999', '-o', 'no/b.csv', saying='no/b.csv: there is no such folder')
    fails('run', 'csrop', 'a.xyz', '--shuffles', '99999', '-o', 'a.xyz/b.alloy', saying='a.xyz/b.alloy')
    os.mkdir('b.csv')
    fails('run', 'csrop', 'a.xyz', '--shuffles', '99999', '-o', 'b.csv', saying='b.csv: it is a folder')
    os.mkdir('b.xyz')
    fails('convert', 'a.xyz', 'b.xyz', saying='b.xyz')


def test_help():
    assert run('--version').out.startswith(b'alloyscope ')
    for args in (['--help'], ['help'], ['-h'], ['run', '--help'], ['info', '--help'], ['help', 'run']):
        assert b'Exit status' in run(*args).out
    for name in ('run', 'list', 'help', 'info', 'convert', 'script'):
        page = run(name, '--help').out
        assert page.startswith(b'alloyscope ' + name.encode() + b' - '), page
        equal(run('help', name).out, page)
    assert b'--where' in run('convert', '--help').out
    for name in OPERATIONS:
        text = run('help', name).out.decode()
        equal(run('run', name, '--help').out.decode(), text)
        assert f'alloyscope run {name}' in text


def test_list():
    listed = json.loads(run('list', '--json').out)
    equal([operation['name'] for operation in listed['operations']], OPERATIONS)
    text = run('list').out.decode()
    for operation in listed['operations']:
        assert operation['name'] in text
        page = run('help', operation['name']).out.decode()
        for parameter in operation['parameters']:
            assert '--' + parameter['name'] in page, parameter['name']
    names = {form['name'] for form in listed['formats']}
    assert {'xyz', 'poscar', 'lammps-dump', 'cif', 'json'} <= names, names


def test_per_atom_csv():
    rock_salt('a.xyz')
    run('run', 'coordination', 'a.xyz', '--cutoff', '3', '-o', 'cn.csv')
    header, units, rows = table('cn.csv')
    equal(header, ['species', 'x', 'y', 'z', 'cn'])
    equal(units, ['', 'angstrom', 'angstrom', 'angstrom', '1'])
    # The order of the file, and the count of a simple cubic cube: 3 at a corner to 6 inside.
    atoms = [line.split() for line in read('a.xyz').decode().splitlines()[2:]]
    equal([row[0] for row in rows], [atom[0] for atom in atoms])
    for row, atom in zip(rows, atoms):
        equal([float(value) for value in row[1:4]], [float(value) for value in atom[1:]])
        steps = [round(float(value) / 2.75) for value in atom[1:]]
        equal(int(row[4]), 6 - sum(step in (0, 5) for step in steps))


def test_columns():
    rock_salt('a.xyz')
    # Rock salt: every neighbour of Pd is Ir. (P - c) / (delta - c) is (1 - 1/2) / (0 - 1/2) for Ir around Pd and
    # (0 - 1/2) / (1 - 1/2) for Pd around Pd.
    run('run', 'csrop', 'a.xyz', '--species', 'Pd', '--cutoff', '3', '-o', 'o.csv')
    header, _, rows = table('o.csv')
    for name in ('csrop_Pd_Pd', 'csrop_Pd_Ir', 'csrop_Ir_Pd', 'csrop_Ir_Ir', 'csrop'):
        assert name in header, header
    pd = next(row for row in rows if row[0] == 'Pd')
    equal(float(pd[header.index('csrop_Pd_Ir')]), -1)
    equal(float(pd[header.index('csrop_Pd_Pd')]), -1)
    run('run', 'rdf', 'a.xyz', '-o', 'g.csv')
    header, units, _ = table('g.csv')
    assert header[:2] == ['r', 'g'] and 'g_Pd_Ir' in header, header
    equal(units[0], 'angstrom')
    run('run', 'local-concentration', 'a.xyz', '-o', 'c.csv')
    assert {'c_Pd', 'c_Ir'} <= set(table('c.csv')[0])
    run('run', 'select', 'a.xyz', '--where', 'species == Ir && cn < 6', '-o', 's.csv')
    assert 'selected' in table('s.csv')[0]


def test_dropped_atoms():
    rock_salt('a.xyz')
    run('run', 'csrop', 'a.xyz', '--surface', 'drop-centres', '--surface-by', 'cn', '--surface-cn', '6',
        '--cutoff', '3', '-o', 'o.csv')
    header, _, rows = table('o.csv')
    equal(len(rows), 216)  # a row keeps its place
    place = header.index('csrop_Pd_Ir')
    assert any(row[place] == '' for row in rows)


def test_least_p():
    """What so many shuffles cannot tell from less is printed as such; programs get the number and how many."""
    rock_salt('a.xyz')  # all neighbours are of the other species: no shuffle comes near
    arguments = ('run', 'csrop', 'a.xyz', '--cutoff', '3', '--shuffles', '99')
    text = run(*arguments).out.decode()
    assert re.search(r'^  p +<= 0\.01 ', text, re.M), text
    assert re.search(r'^  p +<= 0\.01 +<= 0\.01 ', text, re.M), text
    scalars = json.loads(run(*arguments, '--json').out)['scalars']
    equal((scalars['p_Pd_Ir'], scalars['shuffles']), (0.01, 99))
    run(*arguments, '-o', 'csrop:p.csv')
    assert b'<=' not in read('p.csv')
    run(*arguments, '-o', 'csrop:p.alloy#ordered')  # and a project remembers
    assert b'<= 0.01' in run('info', 'p.alloy#ordered').out


def test_json():
    rock_salt('a.xyz')
    run('run', 'rdf', 'a.xyz', '-o', 'g.json')
    result = json.loads(read('g.json'))
    assert {'first_peak', 'first_minimum'} <= set(result['scalars'])
    columns = result['tables']['rdf']
    assert len(columns['r']) == len(columns['g']) == len(columns['g_Pd_Ir'])
    equal(result['units']['tables']['rdf']['r'], 'angstrom')
    equal(result['units']['scalars']['first_peak'], 'angstrom')
    equal(result['operation'], 'rdf')
    equal(json.loads(run('run', 'rdf', 'a.xyz', '--json').out), result)
    run('run', 'csrop', 'a.xyz', '-o', 'o.json')
    result = json.loads(read('o.json'))
    equal(len(result['atoms']['csrop_Pd_Ir']), 216)
    equal(result['atoms']['species'][:2], ['Pd', 'Ir'])
    assert isinstance(result['parameters']['cutoff'], float)


def test_every_json():
    """One JSON text and nothing else on the standard output, whatever is asked."""
    rock_salt('a.xyz')
    rock_salt('b.xyz', cells=2)
    for name in OPERATIONS:
        inputs = [] if name.startswith('simulate') else ['a.xyz']
        more = ['--where', 'x > 3'] if name == 'select' else []
        for files in ([inputs, ['a.xyz', 'b.xyz']] if inputs else [inputs]):
            equal(json.loads(run('run', name, *files, *more, '--json').out)['operation'], name)
    equal(json.loads(run('info', 'a.xyz', '--json').out)['path'], 'a.xyz')
    # One bad file does not keep the others from being told.
    result = run('info', 'a.xyz', 'none.xyz', 'b.xyz', '--json', status=1)
    equal([one['path'] for one in json.loads(result.out)], ['a.xyz', 'b.xyz'])
    equal(result.err, 'alloyscope: none.xyz: No such file or directory\n')


def test_outputs():
    rock_salt('a.xyz')
    run('run', 'coordination', 'a.xyz', '-o', 'atoms:1.csv', '-o', 'histogram:2.csv', '-o', 'scalars:3.csv', '-o4.xyz',
        '--output=5.dump', '-o', '6.vasp', '-o', '7.json')
    equal(sorted(os.listdir('.')), ['1.csv', '2.csv', '3.csv', '4.xyz', '5.dump', '6.vasp', '7.json', 'a.xyz'])
    assert 'cn' in table('1.csv')[0]
    assert 'cn' in table('2.csv')[0]
    equal(len(table('3.csv')[2]), 1)
    assert b'cn:I:1' in read('4.xyz')
    fails('run', 'coordination', 'a.xyz', '-o', 'nothing:8.csv', status=2, saying='histogram')
    equal(run('run', 'coordination', 'a.xyz', '-o', 'histogram:-').out, read('2.csv'))
    assert not os.path.exists('8.csv')
    # What was written reads back the same.
    run('run', 'coordination', '4.xyz', '-o', '9.csv')
    equal(read('9.csv'), read('1.csv'))


def test_numbers():
    """Every double survives the way through the file."""
    run('run', 'simulate-particle', '--core-atoms', '300', '--shell-atoms', '200', '-o', 'p.xyz', '-o', 'p.csv')
    header, _, rows = table('p.csv')
    for row in rows:
        for text in row[1:4]:
            assert text == '%.17g' % float(text), text
    run('convert', 'p.xyz', 'q.csv')
    equal([row[1:4] for row in table('q.csv')[2]], [row[1:4] for row in rows])
    run('convert', 'p.xyz', 'p.xyz.gz')
    run('convert', 'p.xyz.gz', 'r.xyz')
    equal(read('r.xyz'), read('p.xyz'))


def test_overwriting():
    """The model that is read is never the file that is written, under whatever name; and a format that is only read
    is no place to write to."""
    rock_salt('a.xyz')
    before = read('a.xyz')
    os.symlink('a.xyz', 'b.xyz')
    fails('run', 'coordination', 'a.xyz', '-o', 'a.xyz', status=2, saying='give another file')
    fails('run', 'coordination', 'a.xyz', '-o', 'b.xyz', status=2, saying='give another file')
    fails('convert', 'a.xyz', './a.xyz', status=2, saying='give another file')
    equal(read('a.xyz'), before)
    for extension in ('lmp', 'cfg', 'cif', 'pdb', 'mat'):
        fails('convert', 'a.xyz', 'c.' + extension, status=2, saying='can be read, not written')
        fails('run', 'coordination', 'a.xyz', '-o', 'c.' + extension, status=2, saying='can be read, not written')


def test_warnings_in_files():
    """What looks wrong with the input stands in the JSON file of the result, as on the terminal."""
    rock_salt('pixels.xyz', spacing=8)
    run('run', 'coordination', 'pixels.xyz', '--quiet', '-o', 'a.json')
    with open('a.json') as file:
        assert 'unit' in [warning['code'] for warning in json.load(file)['warnings']]


def test_locale():
    locales = subprocess.run(['locale', '-a'], capture_output=True, text=True).stdout.split()
    german = [name for name in locales if name.lower().startswith('de_de') and 'utf' in name.lower()]
    if not german:
        # Made here, for this test only, where the sources of locales are installed.
        made = subprocess.run(['localedef', '-i', 'de_DE', '-f', 'UTF-8', './de_DE.UTF-8'], capture_output=True)
        if made.returncode != 0 and not os.path.isdir('de_DE.UTF-8'):
            raise Skip('there is no locale de_DE.UTF-8, and localedef makes none')
        # The C library leaks a few bytes for every LOCPATH, which is no leak of ours.
        env = {'LC_ALL': 'de_DE.UTF-8', 'LOCPATH': os.getcwd(),
               'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'}
    else:
        env = {'LC_ALL': german[0]}
    check = subprocess.run(['python3', '-c', 'import locale; locale.setlocale(locale.LC_ALL, ""); '
                            'print(locale.format_string("%.1f", 1.5))'], env={**os.environ, **env},
                           capture_output=True, text=True)
    equal(check.stdout, '1,5\n')  # it is a locale with a comma
    rock_salt('a.xyz')
    outputs = []
    for number, more in enumerate([{'LC_ALL': 'C.UTF-8'}, env]):
        files = [f'{number}.csv', f'{number}.json', f'{number}.xyz', f'{number}.dump', f'{number}.vasp']
        args = [argument for file in files for argument in ('-o', file)]
        run('run', 'csrop', 'a.xyz', '--cutoff', '3.25', *args, env=more)
        outputs.append([read(file) for file in files] +
                       [run('run', 'rdf', 'a.xyz', env=more).out, run('run', 'rdf', 'a.xyz', '--json', env=more).out,
                        run('info', 'a.xyz', env=more).out, run('help', 'csrop', env=more).out,
                        run('run', 'select', 'a.xyz', '--where', 'x > 2.5', '--json', env=more).out])
    equal(outputs[0], outputs[1])


def test_threads():
    outputs = []
    for threads in ('1', '2', '8'):
        out = []
        for args in (['simulate-particle', '--core-atoms', '3000', '--shell-atoms', '2000', '-o', 'p.xyz'],
                     ['csrop', 'p.xyz'], ['rdf', 'p.xyz'], ['coordination', 'p.xyz'], ['local-concentration', 'p.xyz'],
                     ['statistics', 'p.xyz', '--where', 'species == Ir'], ['neighbours', 'p.xyz']):
            out.append(run('run', *args, '--threads', threads, '--seed', '7', '--json').out)
        out.append(read('p.xyz'))
        outputs.append(out)
    equal(outputs[0], outputs[1])
    equal(outputs[0], outputs[2])


def test_seed():
    one = run('run', 'simulate-particle', '--seed', '1', '--json').out
    equal(run('--seed', '1', 'run', 'simulate-particle', '--json').out, one)
    assert run('run', 'simulate-particle', '--seed', '2', '--json').out != one


def test_quiet():
    rock_salt('a.xyz')
    for args in (['run', 'csrop', 'a.xyz'], ['run', 'rdf', 'a.xyz']):
        result = run(*args, '--quiet')
        equal((result.out, result.err), (b'', ''))
        assert run(*args).out != b''


def test_fixes():
    rock_salt('pixels.xyz', spacing=9.1)
    result = run('info', 'pixels.xyz')
    fix = next(line for line in result.err.splitlines() if '--fix scale=' in line)
    scale = fix.split('--fix ')[1].split()[0].rstrip(';')
    info = json.loads(run('info', 'pixels.xyz', '--json').out)
    warning = next(item for item in info['warnings'] if item['code'] == 'unit')
    equal(warning['fix'], scale)
    mended = json.loads(run('info', 'pixels.xyz', '--json', '--fix', scale).out)
    assert not any(item['code'] == 'unit' for item in mended['warnings'])
    assert mended['high'][0] < info['high'][0]


def test_series():
    rock_salt('a.xyz', info='stage_label="0 min" stage_time=0')
    rock_salt('b.xyz', cells=2)
    run('convert', 'a.xyz', 'b.xyz', 'both.xyz')
    info = json.loads(run('info', 'both.xyz', '--json').out)
    equal([stage['label'] for stage in info['stages']], ['0 min', 'b'])
    run('run', 'coordination', 'both.xyz', '--cutoff', '3', '-o', 'scalars:s.csv')
    header, _, rows = table('s.csv')
    equal([row[0] for row in rows], ['0', '1'])
    run('run', 'coordination', 'a.xyz', 'b.xyz', '--cutoff', '3', '-o', 'scalars:t.csv')
    equal(read('t.csv'), read('s.csv'))
    run('run', 'coordination', 'both.xyz', '--stage', 'b', '--cutoff', '3', '-o', 'b.csv')
    run('run', 'coordination', 'both.xyz', '--stage', '1', '--cutoff', '3', '-o', 'c.csv')
    equal(len(table('b.csv')[2]), 64)
    equal(read('b.csv'), read('c.csv'))
    fails('run', 'coordination', 'both.xyz', '--stage', '5 min', status=2, saying='0 min')


def test_pipes():
    rock_salt('a.xyz')
    text = read('a.xyz')
    equal(run('convert', '-', '-', stdin=text).out, run('convert', 'a.xyz', '-').out)
    piped = json.loads(run('run', 'coordination', '-', '--json', stdin=text).out)
    read_from_file = json.loads(run('run', 'coordination', 'a.xyz', '--json').out)
    equal(piped['provenance'].pop('inputs'), [{'path': '-'}])
    del read_from_file['provenance']['inputs']
    equal(piped, read_from_file)
    # A reader that goes away is no failure to shout about.
    process = subprocess.run(f'"{PROGRAM}" run neighbours a.xyz --json | head -c 10', shell=True, capture_output=True)
    equal(process.stderr, b'')


def test_unwritable():
    rock_salt('a.xyz')
    os.mkdir('locked')
    write('locked/old.csv', 'old')
    os.chmod('locked', 0o555)
    if os.geteuid() == 0:
        raise Skip('root writes everywhere')
    fails('run', 'csrop', 'a.xyz', '-o', 'locked/new.csv', saying='locked/new.csv')
    fails('run', 'csrop', 'a.xyz', '-o', 'locked/old.csv', saying='locked/old.csv')
    equal(read('locked/old.csv'), b'old')


def test_full_disk():
    rock_salt('a.xyz')
    if not os.path.exists('/dev/full'):
        raise Skip('there is no /dev/full')
    for args in (['list'], ['run', 'rdf', 'a.xyz'], ['run', 'rdf', 'a.xyz', '--json'], ['info', 'a.xyz']):
        with open('/dev/full', 'w') as full:
            process = subprocess.run([PROGRAM, *args], stdout=full, stderr=subprocess.PIPE, text=True)
        equal(process.returncode, 1)
        assert 'space' in process.stderr, process.stderr
    write('old.csv', 'old')
    process = subprocess.run(['sh', '-c', f'ulimit -f 8; trap "" XFSZ; exec "{PROGRAM}" run neighbours a.xyz -o old.csv'],
                             capture_output=True, text=True)
    equal(process.returncode, 1)
    assert 'old.csv' in process.stderr, process.stderr
    equal(read('old.csv'), b'old')
    equal(sorted(os.listdir('.')), ['a.xyz', 'old.csv'])


def test_odd_names():
    rock_salt('-a:b #c\u00e9.xyz')
    run('run', 'coordination', './-a:b #c\u00e9.xyz', '-o', './d:e.csv')
    assert os.path.exists('d:e.csv')
    run('info', '--', '-a:b #c\u00e9.xyz')
    run('info', os.fsdecode(b'./-a:b #c\xc3\xa9.xyz'))


def test_binary_identity():
    """A table's numbers are those of the result, to the last bit."""
    rock_salt('a.xyz')
    run('run', 'rdf', 'a.xyz', '-o', 'g.csv', '-o', 'g.json')
    header, _, rows = table('g.csv')
    result = json.loads(read('g.json'))['tables']['rdf']
    for place, name in enumerate(header):
        for row, value in zip(rows, result[name]):
            equal(struct.pack('d', float(row[place])), struct.pack('d', float(value)))


main([value for name, value in list(globals().items()) if name.startswith('test_')])
