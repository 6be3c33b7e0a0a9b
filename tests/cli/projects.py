# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects on the command line: what was made, from what, and made again."""
import fcntl
import json
import os
import signal
import subprocess
import time

from cli import PROGRAM, SAME_PROJECT, equal, fails, main, read, rock_salt, run, write


def items(path):
    return {item['name']: item for item in json.loads(run('info', path, '--json').out)['items']}


def result(*args):
    """What a run gives, without where its input lay."""
    found = json.loads(run(*args, '--json').out)
    del found['provenance']['inputs']
    return found


def make_again(path, to, in_path=False):
    """Runs the script of a project, from another folder, with the program in $ALLOYSCOPE or in $PATH."""
    script = run('script', path).out
    equal(run('script', os.path.abspath(path)).out, script)  # nothing of now or here in it
    with open('again.sh', 'wb') as file:
        file.write(script)
    folder = os.path.dirname(PROGRAM)
    env = {**os.environ, **({'PATH': folder + os.pathsep + os.environ['PATH']} if in_path else {'ALLOYSCOPE': PROGRAM})}
    os.mkdir('elsewhere')
    process = subprocess.run(['sh', '../again.sh', to if os.path.isabs(to) else '../' + to], capture_output=True, env=env,
                             cwd='elsewhere')
    os.rmdir('elsewhere')  # nothing was left there
    equal((process.returncode, process.stderr), (0, b''))
    subprocess.run([SAME_PROJECT, path, to], check=True, stdout=subprocess.DEVNULL)
    return script.decode()


def test_items():
    rock_salt('gold.xyz')
    run('run', 'coordination', 'gold.xyz', '-o', 'p.alloy')
    found = items('p.alloy')
    equal(set(found), {'gold', 'coordination of gold', 'coordination of gold: histogram', 'coordination of gold: scalars'})
    origin = found['gold']['origin']
    sha256 = subprocess.run(['sha256sum', 'gold.xyz'], capture_output=True, text=True).stdout.split()[0]
    equal(origin['sha256'], sha256)
    equal(origin['size'], str(len(read('gold.xyz'))))
    made = found['coordination of gold']['origin']
    equal((made['operation'], made['inputs'], made['output']), ('coordination', [found['gold']['id']], 'atoms'))
    assert made['resolved'][0].startswith('cutoff='), made
    before = read('p.alloy')
    run('run', 'coordination', 'gold.xyz', '-o', 'p.alloy')
    equal(read('p.alloy'), before)  # the same again is nothing new
    run('run', 'coordination', 'p.alloy#gold', '-o', 'p.alloy')
    equal(read('p.alloy'), before)


def test_item_as_input():
    rock_salt('gold.xyz')
    run('convert', 'gold.xyz', 'p.alloy')
    expected = result('run', 'rdf', 'gold.xyz')
    equal(result('run', 'rdf', 'p.alloy'), expected)
    run('run', 'rdf', 'p.alloy', '-o', 'p.alloy')
    equal(result('run', 'rdf', 'p.alloy'), expected)  # a table does not suit
    run('convert', 'gold.xyz', 'p.alloy#second name')
    fails('run', 'rdf', 'p.alloy', status=2, saying='"second name"')
    fails('run', 'rdf', 'p.alloy#third', status=2, saying='"third"')
    run('convert', 'p.alloy#second name', 'back.xyz')
    equal(run('convert', 'back.xyz', '-').out, run('convert', 'gold.xyz', '-').out)
    fails('convert', 'p.alloy#rdf of gold', 'x.xyz', status=1, saying='x.xyz')


def test_provenance():
    """JSON says what it was made from, and how."""
    rock_salt('a.xyz')
    rock_salt('b.xyz', spacing=3.05)
    found = json.loads(run('run', 'csrop', 'a.xyz', '--seed', '7', '--shuffles', '99', '--json').out)
    told = found['provenance']
    sha256 = subprocess.run(['sha256sum', 'a.xyz'], capture_output=True, text=True).stdout.split()[0]
    equal(told['inputs'], [{'path': 'a.xyz', 'size': len(read('a.xyz')), 'sha256': sha256, 'format': '', 'fixes': []}])
    for key in 'operation', 'version', 'program', 'seed':
        equal(told[key], found[key])
    equal(told['seed'], 7)
    used = told['parameters']
    equal((used['shuffles'], used['average']), ({'value': 99, 'unit': '1', 'from': 'given'},
                                                {'value': 'centre', 'unit': '1', 'from': 'default'}))
    equal((used['cutoff']['unit'], used['cutoff']['from']), ('angstrom', 'automatic'))
    assert 2.75 < used['cutoff']['value'] < 4, used
    equal(used['cutoff']['value'], found['parameters']['cutoff'])  # the older keys stay
    # The stages of a series each have their own; an option that changed the file is told.
    run('run', 'coordination', 'a.xyz', 'b.xyz', '--fix', 'scale=1.1', '--format', 'xyz', '-o', 'x.json')
    told = json.loads(read('x.json'))['provenance']
    equal([(given['path'], given['fixes'], given['format']) for given in told['inputs']],
          [('a.xyz', ['scale=1.1'], 'xyz'), ('b.xyz', ['scale=1.1'], 'xyz')])
    values = told['parameters']['cutoff']['value']
    assert len(values) == 2 and values[0] < values[1], values
    # An item of a project brings its origin; the standard input has none.
    run('convert', 'a.xyz', 'b.xyz', 'p.alloy#pair')
    told = json.loads(run('run', 'rdf', 'p.alloy#pair', '--stage', '1', '--json').out)['provenance']
    given, = told['inputs']
    equal((given['path'], given['item'], given['stage'], given['origin']['kind']), ('p.alloy', 'pair', '1', 'convert'))
    told = json.loads(run('run', 'rdf', '-', '--json', stdin=read('a.xyz')).out)['provenance']
    equal(told['inputs'], [{'path': '-'}])
    equal(json.loads(run('run', 'simulate-particle', '--json').out)['provenance']['inputs'], [])
    # A path that is no UTF-8 is told all the same.
    os.rename('a.xyz', b'\xff%.xyz')
    told = json.loads(run('run', 'rdf', b'\xff%.xyz', '--json').out)['provenance']
    equal(told['inputs'][0]['path_escaped'], '%FF%25.xyz')


def test_names():
    rock_salt('gold.xyz')
    run('run', 'coordination', 'gold.xyz', '--cutoff', '3', '-o', 'atoms:p.alloy#cn')
    equal(set(items('p.alloy')), {'gold', 'cn'})
    before = read('p.alloy')
    fails('run', 'coordination', 'gold.xyz', '--cutoff', '4', '-o', 'atoms:p.alloy#cn', saying='"cn"')
    equal(read('p.alloy'), before)
    run('run', 'coordination', 'gold.xyz', '--cutoff', '4', '-o', 'atoms:p.alloy#cn 4')
    equal(set(items('p.alloy')), {'gold', 'cn', 'cn 4'})


def test_again():
    """The script's commands make the same project, bit by bit."""
    rock_salt("it's a \"gold\" $HOME `x` \\ #1.xyz", spacing=9.1)
    rock_salt('b.xyz', cells=2, info='stage_label="5 min" stage_time=300')
    name = "it's a \"gold\" $HOME `x` \\ #1"
    run('run', 'csrop', name + '.xyz', '--fix', 'scale=0.3021978021978022', '--species', 'Pd', '-o', 'p.alloy')
    run('run', 'select', 'p.alloy#' + name, '--where', 'species == "Pd" && x > -1', '-o', 'p.alloy#chosen; rm -rf "$out"')
    run('run', 'statistics', 'p.alloy#chosen; rm -rf "$out"', '--where', 'x > 3', '--seed', '18446744073709551615',
        '-o', 'p.alloy')
    run('run', 'coordination', 'p.alloy#' + name, 'b.xyz', '-o', 'p.alloy')
    run('run', 'simulate-series', '--seed', '3', '-o', 'p.alloy#demo')
    run('run', 'rdf', 'p.alloy#demo', '--stage', '2', '-o', 'p.alloy')
    run('run', 'csrop', 'p.alloy#demo', '-o', 'p.alloy')
    run('convert', '--label=-1', '--label', 'two words', 'b.xyz', 'p.alloy#' + name, 'p.alloy#pair')
    make_again('p.alloy', 'q.alloy')
    # And the project that was made again makes itself again.
    make_again('q.alloy', 'r.alloy', in_path=True)


def test_series_again():
    """Each stage of a series found its own cutoff, and finds it again."""
    rock_salt('a.xyz', spacing=2.75)
    rock_salt('b.xyz', spacing=3.05)
    run('run', 'csrop', 'a.xyz', 'b.xyz', '-o', 'p.alloy')
    run('run', 'coordination', 'a.xyz', 'a.xyz', '-o', 'p.alloy')  # both the same
    run('run', 'csrop', 'p.alloy#series', '--cutoff', '3.5', '--shuffles', '99', '-o', 'p.alloy#given')
    resolved = items('p.alloy')['csrop of series']['origin']['resolved']
    assert any(setting.startswith('cutoff=') and ', ' in setting for setting in resolved), resolved
    script = make_again('p.alloy', 'q.alloy')
    assert '# cutoff: ' in script, script
    equal(script.count("'--cutoff="), 1)


def test_awkward_names_again():
    """Names of files and of the project itself that a shell could take for something else."""
    os.mkdir('a folder\nof two lines')
    name = "a folder\nof two lines/-new\nline's \"1\".xyz"
    rock_salt(name)
    rock_salt('-dash.xyz', cells=2)
    run('run', 'coordination', '-o./-p.alloy', name)
    run('run', 'coordination', '-o./-p.alloy#-o', '--', '-dash.xyz')
    run('run', 'select', '--where', 'x > 1\n&& y > 1', './-p.alloy#-dash', '-o./-p.alloy#--where')
    run('run', 'statistics', '--selection', 'selected', './-p.alloy#--where', '-o./-p.alloy')
    run('convert', '--label', '-o', '--label=it\'s\n2', '--', '-dash.xyz', name, './-p.alloy#$(pair)')
    make_again('./-p.alloy', '-q.alloy')
    os.rename('-q.alloy', 'q.alloy')
    # By its bare name, which begins with a dash.
    process = subprocess.run(['sh', 'again.sh', '-r.alloy'], env={**os.environ, 'ALLOYSCOPE': PROGRAM}, capture_output=True)
    equal((process.returncode, process.stderr), (0, b''))
    equal(read('-r.alloy'), read('q.alloy'))


def test_script_refuses():
    rock_salt('gold.xyz', cells=2)
    run('convert', 'gold.xyz', 'p.alloy')
    write('again.sh', run('script', 'p.alloy').out.decode())

    def refused(*args, saying, **env):
        process = subprocess.run(['sh', 'again.sh', *args], capture_output=True, text=True,
                                 env={**os.environ, 'ALLOYSCOPE': PROGRAM, **env})
        equal(process.returncode, 1)
        assert saying in process.stderr, process.stderr
    refused(saying='there already')
    refused('q.hdf5', saying='.alloy')
    refused('q.alloy', saying='not there', ALLOYSCOPE='/no/such/program')
    os.remove('gold.xyz')
    refused('q.alloy', saying='not the file')
    assert not os.path.exists('q.alloy')


def test_changed_file():
    rock_salt('gold.xyz')
    run('convert', 'gold.xyz', 'p.alloy')
    script = run('script', 'p.alloy').out.decode()
    rock_salt('gold.xyz', cells=2)
    folder = os.path.dirname(PROGRAM)
    env = {**os.environ, 'PATH': folder + os.pathsep + os.environ['PATH']}
    process = subprocess.run(['sh', '-c', script, 'sh', 'q.alloy'], capture_output=True, env=env, text=True)
    equal(process.returncode, 1)
    assert 'is not the file that was read' in process.stderr
    assert not os.path.exists('q.alloy')
    process = subprocess.run(['sh', '-c', script], capture_output=True, env=env, text=True)
    equal(process.returncode, 1)
    assert 'is there already' in process.stderr


def test_adopting():
    """An item taken from another project brings what it was made from."""
    rock_salt('gold.xyz')
    run('run', 'coordination', 'gold.xyz', '-o', 'p.alloy')
    run('run', 'select', 'p.alloy#coordination of gold', '--where', 'cn > 4', '-o', 'q.alloy')
    found = items('q.alloy')
    equal(set(found), {'gold', 'coordination of gold', 'select of coordination of gold'} | {
        name for name in found if name.startswith('select of coordination of gold: ')})
    make_again('q.alloy', 'r.alloy')
    run('convert', 'p.alloy', 'q.alloy')
    assert 'coordination of gold: histogram' in items('q.alloy')


def hold(path):
    """The lock that a program has which writes the project at path."""
    file = open(path, 'w')
    fcntl.flock(file, fcntl.LOCK_EX)
    print('process 7 on here', file=file, flush=True)
    return file


def start(*args):
    return subprocess.Popen([PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_eight_at_once():
    """Programs that write into one project at the same time, by several names of it, lose nothing."""
    rock_salt('gold.xyz', cells=2)
    os.mkdir('other')
    os.symlink(os.path.abspath('p.alloy'), 'other/link.alloy')
    names = ['p.alloy', './p.alloy', os.path.abspath('p.alloy'), 'other/link.alloy']
    for repeat in range(2):
        processes = [start('run', 'coordination', 'gold.xyz', '--cutoff', str(3 + repeat + k / 10), '-o',
                           f'atoms:{names[k % 4]}#result {repeat} {k}') for k in range(8)]
        for process in processes:
            equal(process.communicate()[1], '')
            equal(process.returncode, 0)
    equal(set(items('p.alloy')), {'gold'} | {f'result {repeat} {k}' for repeat in range(2) for k in range(8)})
    equal(sorted(os.listdir('.')), ['gold.xyz', 'other', 'p.alloy'])
    assert os.path.islink('other/link.alloy')
    equal(os.listdir('other'), ['link.alloy'])


def test_waiting():
    """Whoever waits says for whom, and can be interrupted; who waits long enough gets his turn."""
    rock_salt('gold.xyz', cells=2)
    run('convert', 'gold.xyz', 'p.alloy')
    before = read('p.alloy')
    held = hold('.p.alloy.lock')
    process = start('run', 'rdf', 'gold.xyz', '-o', 'p.alloy')
    line = process.stderr.readline()
    equal(line, 'alloyscope: waiting for process 7 on here, which writes p.alloy\n')
    process.send_signal(signal.SIGINT)
    equal(process.communicate()[1], 'alloyscope: cancelled\n')
    equal(process.returncode, 130)
    equal(read('p.alloy'), before)
    waiting = [start('run', 'rdf', 'gold.xyz', '-o', 'p.alloy'),
               start('run', 'rdf', 'gold.xyz', '-o', 'p.alloy#quiet', '--quiet')]
    waiting[0].stderr.readline()
    time.sleep(0.5)
    held.close()
    for process in waiting:
        equal(process.communicate()[1], '')
        equal(process.returncode, 0)
    equal(sorted(os.listdir('.')), ['gold.xyz', 'p.alloy'])


def test_left_by_the_dead():
    """A lock whose holder was killed keeps nobody out, and goes."""
    rock_salt('gold.xyz', cells=2)
    write('.p.alloy.lock', 'process 7 on here\n')
    write('.p.alloy.0123abcd', 'half of a project')
    run('run', 'rdf', 'gold.xyz', '-o', 'p.alloy')
    equal(sorted(os.listdir('.')), ['gold.xyz', 'p.alloy'])


def test_refusals():
    rock_salt('gold.xyz')
    fails('run', 'rdf', '-', '-o', 'p.alloy', stdin=read('gold.xyz'), status=2, saying='standard input')
    write('no.alloy', 'this is no project')
    fails('info', 'no.alloy', saying='no project')
    fails('run', 'rdf', 'gold.xyz', '-o', 'no.alloy', saying='no project')
    equal(read('no.alloy'), b'this is no project')
    fails('script', 'gold.xyz', saying='no project')
    run('convert', 'gold.xyz', 'p.alloy')
    data = read('p.alloy')
    with open('newer.alloy', 'wb') as file:
        file.write(data.replace(b'format 1\n', b'format 9\n', 1))
    fails('info', 'newer.alloy', saying='format 9')
    with open('cut.alloy', 'wb') as file:
        file.write(data[:-100])
    fails('info', 'cut.alloy', saying='damaged')
    fails('run', 'rdf', 'gold.xyz', '-o', 'cut.alloy', saying='damaged')
    equal(read('cut.alloy'), data[:-100])


main([value for name, value in list(globals().items()) if name.startswith('test_')])
