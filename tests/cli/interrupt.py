# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C ends the work, says so, and leaves nothing half-made; progress goes to a terminal only."""
import os
import pty
import select
import signal
import subprocess
import time

from cli import PROGRAM, equal, main, read, rock_salt, run, write

# Long enough to be interrupted on any machine: a null of very many shuffles.
LONG = ['run', 'csrop', 'a.xyz', '--shuffles', '99999']


def interrupt(number, *more):
    rock_salt('a.xyz', cells=12)
    write('old.csv', 'old')
    process = subprocess.Popen([PROGRAM, *LONG, '-o', 'old.csv', *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.5)
    equal(process.poll(), None)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    equal(out, b'')
    equal(err.decode().splitlines()[-1], 'alloyscope: cancelled')
    equal(read('old.csv'), b'old')
    equal(sorted(os.listdir('.')), ['a.xyz', 'old.csv'])
    return process.returncode


def test_interrupt():
    equal(interrupt(signal.SIGINT), 130)


def test_terminate():
    equal(interrupt(signal.SIGTERM), 143)


def test_project_stays():
    rock_salt('b.xyz')
    run('convert', 'b.xyz', 'p.alloy')
    before = read('p.alloy')
    rock_salt('a.xyz', cells=12)
    process = subprocess.Popen([PROGRAM, *LONG, '-o', 'p.alloy'], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    equal(process.returncode, 130)
    equal(read('p.alloy'), before)


def on_terminal(*args, until=None):
    """What the program writes to a terminal that is its stderr; it is interrupted once `until` was seen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([PROGRAM, *args], stdout=subprocess.DEVNULL, stderr=theirs,
                               env={**os.environ, 'TERM': 'xterm'})
    os.close(theirs)
    seen = b''
    begin = time.monotonic()
    while time.monotonic() - begin < 60:
        ready, _, _ = select.select([ours], [], [], 0.1)
        if ready:
            try:
                seen += os.read(ours, 65536)
            except OSError:
                break
        if until is not None and until in seen:
            process.send_signal(signal.SIGINT)
            until = None
    process.wait()
    os.close(ours)
    return seen.decode()


def test_progress():
    rock_salt('a.xyz', cells=12)
    seen = on_terminal(*LONG, until=b'%')
    assert '\r[' in seen and ' %' in seen, seen
    assert seen.replace('\r\n', '\n').endswith('\033[Kalloyscope: cancelled\n'), repr(seen)
    seen = on_terminal('run', 'coordination', 'a.xyz', '--quiet')
    equal(seen, '')


def test_no_terminal():
    rock_salt('a.xyz', cells=4)
    equal(run('run', 'statistics', 'a.xyz', '--where', 'cn < 6').err, '')


main([value for name, value in list(globals().items()) if name.startswith('test_')])
