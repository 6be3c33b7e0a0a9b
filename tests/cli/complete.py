# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shell offers after TAB, and the manual page."""
import os
import shutil
import subprocess
import sys

from cli import PROGRAM, Skip, equal, main, rock_salt, run

SCRIPT = os.path.join(os.environ.get('ALLOYSCOPE_SOURCE', os.path.join(os.path.dirname(__file__), '..', '..')),
                      'resources', 'alloyscope.bash')


def offered(*words):
    """What bash would complete the last of the words to."""
    if shutil.which('bash') is None:
        raise Skip('there is no bash')
    code = ('source "$1"; program=$2; shift 2; COMP_WORDS=("$program" "$@"); COMP_CWORD=$#; _alloyscope; '
            'printf "%s\\n" "${COMPREPLY[@]}"')
    process = subprocess.run(['bash', '-c', code, 'bash', os.path.abspath(SCRIPT), PROGRAM, *words],
                             capture_output=True, text=True)
    equal((process.returncode, process.stderr), (0, ''))
    return process.stdout.splitlines()


def test_commands():
    equal(offered('ru'), ['run'])
    equal(offered('--ver'), ['--version'])
    assert {'run', 'list', 'help', 'info', 'convert', 'script'} <= set(offered(''))
    assert 'man' not in offered('') and 'complete' not in offered('')


def test_operations():
    equal(offered('run', 'loc'), ['local-concentration'])
    assert {'convert', 'csrop'} <= set(offered('help', ''))
    equal(sorted(offered('help', 'simulate')), ['simulate-particle', 'simulate-series'])


def test_options():
    equal(offered('run', 'csrop', '--cut'), ['--cutoff'])
    equal(offered('run', 'csrop', '--thr'), ['--threads'])
    equal(offered('run', 'csrop', 'a.xyz', '--average', ''), ['centre', 'shell'])
    equal(offered('run', 'csrop', 'a.xyz', '--average', '=', 'sh'), ['shell'])
    equal(offered('run', 'csrop', 'a.xyz', '--average', '='), ['centre', 'shell'])
    equal(offered('run', 'rdf', '--format', 'lammps-du'), ['lammps-dump'])
    equal(offered('convert', 'a.xyz', '--wh'), ['--where'])
    equal(offered('convert', 'a.xyz', '--mode', 'int'), ['intersect'])
    equal(offered('run', 'csrop', '--cutoff', ''), [''])  # a number: nothing to offer


def test_files():
    rock_salt('a particle.xyz')
    equal(offered('run', 'csrop', 'a'), ['a particle.xyz'])
    equal(offered('run', 'csrop', 'a particle.xyz', '--species', ''), ['Pd', 'Ir'])
    run('convert', 'a particle.xyz', 'p.alloy')
    equal(offered('info', 'p.alloy#'), ['p.alloy#a\\ particle'])


def test_manual():
    page = run('man').out
    for name in (b'csrop', b'simulate\\-series', b'\\-\\-cutoff', b'.SH EXIT STATUS'):
        assert name in page, name
    tools = [tool for tool in (['groff', '-man', '-Tutf8', '-ww', '-z'], ['mandoc', '-Tlint', '-Wwarning'])
             if shutil.which(tool[0]) is not None]
    for tool in tools:
        process = subprocess.run(tool, input=page, capture_output=True)
        equal((process.returncode, process.stdout, process.stderr), (0, b'', b''))
    if not tools:
        raise Skip('neither groff nor mandoc is here to check the page')


main([value for name, value in list(globals().items()) if name.startswith('test_')])
