# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command line share: running the program, and TAP."""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

PROGRAM = os.path.abspath(sys.argv[1])
SAME_PROJECT = os.path.abspath(sys.argv[2])


class Skip(Exception):
    pass


class Result:
    def __init__(self, process):
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr.decode()


def run(*args, status=0, env=None, cwd=None, stdin=None, program=PROGRAM):
    """Runs alloyscope and holds its exit status to what is expected; out is bytes, err is text."""
    result = Result(subprocess.run([program, *args], stdin=subprocess.DEVNULL if stdin is None else None,
                                   input=stdin, capture_output=True, env={**os.environ, **(env or {})}, cwd=cwd))
    if result.status != status:
        raise AssertionError(f'{args}: exit status {result.status}, expected {status}\n{result.err}')
    return result


def fails(*args, saying, status=1, **more):
    """An error is one line on stderr, says why, and nothing is on stdout."""
    result = run(*args, status=status, **more)
    lines = [line for line in result.err.splitlines() if not line.startswith('warning: ')]
    equal(len(lines), 1)
    assert lines[0].startswith('alloyscope: '), lines[0]
    assert saying in lines[0], f'{lines[0]!r} does not say {saying!r}'
    equal(result.out, b'')
    return result


def equal(found, expected):
    if found != expected:
        raise AssertionError(f'found {found!r}\nexpected {expected!r}')


def write(path, text):
    with open(path, 'w') as file:
        file.write(text)
    return path


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def rock_salt(path, cells=3, spacing=2.75, info=''):
    """A cube of Pd and Ir in turn: a file whose answers are known by counting."""
    n = 2 * cells
    lines = []
    for i in range(n):
        for j in range(n):
            for k in range(n):
                name = 'Pd' if (i + j + k) % 2 == 0 else 'Ir'
                lines.append(f'{name} {i * spacing} {j * spacing} {k * spacing}')
    edge = n * spacing
    header = f'Lattice="{edge} 0 0 0 {edge} 0 0 0 {edge}" pbc="F F F" Properties=species:S:1:pos:R:3 {info}'.rstrip()
    return write(path, f'{len(lines)}\n{header}\n' + '\n'.join(lines) + '\n')


def main(tests):
    """Each test gets an empty folder, which is the working directory."""
    print(f'1..{len(tests)}', flush=True)
    failed = False
    for number, test in enumerate(tests, 1):
        folder = tempfile.mkdtemp(prefix='cli-')
        os.chdir(folder)
        name = test.__name__
        try:
            test()
            print(f'ok {number} {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} {name} # SKIP {reason}', flush=True)
        except Exception:
            failed = True
            for line in traceback.format_exc().splitlines():
                print('# ' + line)
            print(f'not ok {number} {name}', flush=True)
        finally:
            os.chdir('/')
            subprocess.run(['chmod', '-R', 'u+w', folder])
            shutil.rmtree(folder)
    sys.exit(1 if failed else 0)
