#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window under Xvfb: by mouse (xdotool) and, where it is installed, by accessibility (AT-SPI).

Starts its own display, bus and program; says so and skips where one of the tools is missing.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

PROGRAM = os.path.abspath(sys.argv[1])
missing = [tool for tool in ('Xvfb', 'xdotool', 'dbus-run-session') if shutil.which(tool) is None]
try:
    import pyatspi  # noqa: F401
except ImportError:
    if os.path.exists('/usr/bin/python3') and os.path.realpath(sys.executable) != os.path.realpath('/usr/bin/python3'):
        os.execv('/usr/bin/python3', ['/usr/bin/python3', *sys.argv])  # where Debian's modules are
    missing.append('python3-pyatspi')
if missing:
    print('1..0 # SKIP not installed: ' + ', '.join(missing))
    sys.exit(0)

if 'ALLOYSCOPE_DRIVEN' not in os.environ:
    # a display and a bus of its own, then this script again within
    read, write = os.pipe()
    display = subprocess.Popen(['Xvfb', '-displayfd', str(write), '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
                               pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    number = os.read(read, 16).decode().strip()
    home = tempfile.mkdtemp()
    environment = {**os.environ, 'DISPLAY': ':' + number, 'ALLOYSCOPE_DRIVEN': '1', 'GDK_BACKEND': 'x11', 'GTK_A11Y': 'atspi',
                   'GSK_RENDERER': 'cairo', 'HOME': home, 'XDG_RUNTIME_DIR': home, 'XDG_CONFIG_HOME': home,
                   'XDG_CACHE_HOME': home, 'XDG_DATA_HOME': home, 'G_DEBUG': ''}
    try:
        inner = subprocess.Popen(['dbus-run-session', '--', sys.executable, *sys.argv], env=environment, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in inner.stdout:  # the services that the bus starts write there too
            if re.match(r'(ok|not ok|1\.\.|#)', line):
                print(line, end='', flush=True)
        status = inner.wait()
    finally:
        display.terminate()
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(status)


def wait_for(what, seconds=60):
    """Tries until it gives something true."""
    end = time.time() + seconds
    while True:
        try:
            found = what()
        except Exception:  # the tree changes while it is read
            found = None
        if found:
            return found
        if time.time() > end:
            raise AssertionError(f'not within {seconds} s: {what.__name__}')
        time.sleep(0.1)


def xdotool(*words):
    subprocess.run(['xdotool', *map(str, words)], check=True)


class Window:
    """The program with a file, and what accessibility shows of it."""

    def __init__(self, *files):
        for attempt in (1, 2, 3):
            self.start(*files)
            try:
                self.application = wait_for(self.find_application, 20)
                return
            except AssertionError:  # a program that starts before the bus of accessibility is up stays unseen
                self.process.kill()
                self.process.wait()
                if attempt == 3:
                    raise

    def start(self, *files):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([PROGRAM, *files], stdout=self.log, stderr=self.log, env={
            **os.environ, 'LSAN_OPTIONS': os.environ.get('LSAN_OPTIONS', '') + ':exitcode=0'})

    def find_application(self):
        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and application.get_process_id() == self.process.pid:
                return application

    def nodes(self, node=None):
        node = node or self.application
        yield node
        for child in node:
            if child is not None:
                yield from self.nodes(child)

    def texts(self):
        return [node.name for node in self.nodes() if node.getRole() == pyatspi.ROLE_LABEL and node.name]

    def find(self, name, *roles):
        for node in self.nodes():
            if node.name == name and (not roles or node.getRole() in roles):
                return node

    def press(self, name):
        node = wait_for(lambda: self.find(name, pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_TOGGLE_BUTTON))
        node.queryAction().doAction(0)

    def count(self):
        """Selected atoms, as the panel says."""
        for text in self.texts():
            found = re.match(r'(\d+) of \d+ atoms|(Nothing) selected of', text)
            if found:
                return 0 if found.group(2) else int(found.group(1))

    def wait_for_count(self, condition):
        wait_for(lambda: self.count() is not None and condition(self.count()))
        return self.count()

    def close(self):
        xdotool('key', 'ctrl+q')
        assert self.process.wait(timeout=60) == 0, f'exit status {self.process.returncode}'
        self.log.seek(0)
        log = self.log.read().decode(errors='replace')
        bad = [line for line in log.splitlines() if 'CRITICAL' in line or 'runtime error' in line or
               ('AddressSanitizer' in line and 'leaked' not in line)]
        assert not bad, log
        # a module that GTK loads and unloads leaks a little and has no name any more: only what went through our code
        # is held to be ours
        for leak in re.findall(r'^(?:Direct|Indirect) leak.*?\n\n', log, re.M | re.S):
            assert re.search(r'/(core|ui|app)/', leak) is None, leak


def write_particle(path, n=5):
    """A cube of fcc Pd with a face of Ir."""
    atoms = []
    for i in range(2 * n):
        for j in range(2 * n):
            for k in range(2 * n):
                if (i + j + k) % 2 == 0:
                    atoms.append(('Ir' if k == 2 * n - 2 else 'Pd', 1.95 * i, 1.95 * j, 1.95 * k))
    with open(path, 'w') as file:
        file.write(f'{len(atoms)}\n\n' + ''.join('%s %g %g %g\n' % atom for atom in atoms))
    return len(atoms)


def test_select_by_mouse():
    """Open, lasso, read the statistics, undo, redo, click, take a bar of the histogram."""
    n = write_particle('a.xyz')
    window = Window('a.xyz')
    wait_for(lambda: f'Nothing selected of {n} atoms' in window.texts())
    wait_for(lambda: 'order indicator' in window.texts())  # the analysis has come
    window.press('Lasso')
    corners = [(300, 200), (600, 200), (600, 560), (300, 560), (300, 210)]
    xdotool('mousemove', *corners[0])
    time.sleep(0.5)  # the window learns of a pointer first
    xdotool('mousedown', 1)
    for corner in corners[1:]:
        xdotool('mousemove', *corner)
        time.sleep(0.1)
    live = window.wait_for_count(lambda count: count > 20)  # while it is drawn
    xdotool('mouseup', 1)
    lassoed = window.wait_for_count(lambda count: count > 0)
    assert live <= n and lassoed <= n
    window.press('Undo')
    window.wait_for_count(lambda count: count == 0)
    window.press('Redo')
    window.wait_for_count(lambda count: count == lassoed)
    window.press('Turn')
    xdotool('mousemove', 450, 380, 'sleep', 0.3, 'click', 1)
    window.wait_for_count(lambda count: count == 1)
    xdotool('mousemove', 60, 600, 'sleep', 0.3, 'click', 1)  # beside the particle: nothing
    window.wait_for_count(lambda count: count == 0)
    window.close()


def test_named():
    """Every control has a name."""
    write_particle('a.xyz')
    window = Window('a.xyz')
    wait_for(lambda: 'order indicator' in window.texts())
    roles = (pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_TOGGLE_BUTTON, pyatspi.ROLE_COMBO_BOX, pyatspi.ROLE_IMAGE)
    for node in window.nodes():
        if node.getRole() in roles and node.getState().contains(pyatspi.STATE_SHOWING) and not node.name:
            # icons within a named button are not controls; and those of the title bar are GTK's own
            inside = [child for child in window.nodes(node.parent) if child is not node and child.name]
            assert node.getRole() == pyatspi.ROLE_IMAGE or node.parent.name or inside, \
                f'{node.getRoleName()} without a name in {node.parent.getRoleName()} "{node.parent.name}"'
    window.close()


def test_stages():
    """Two files are stages; each has its own selection; a missing file is explained in a dialog."""
    write_particle('a.xyz', 4)
    write_particle('b.xyz', 5)
    window = Window('a.xyz', 'b.xyz')
    wait_for(lambda: 'Nothing selected of 256 atoms' in window.texts())
    window.press('b.xyz')
    wait_for(lambda: 'Nothing selected of 500 atoms' in window.texts())
    window.press('a.xyz')
    wait_for(lambda: 'Nothing selected of 256 atoms' in window.texts())
    window.close()


def test_bad_file():
    with open('bad.xyz', 'w') as file:
        file.write('99999999999\n\nPd 0 0 0\n')
    window = Window('bad.xyz')
    wait_for(lambda: 'This could not be opened' in window.texts())
    assert any('bad.xyz' in text for text in window.texts()), window.texts()
    xdotool('key', 'Escape')
    time.sleep(0.5)
    window.close()


def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith('test_')]
    print(f'1..{len(tests)}')
    len(pyatspi.Registry.getDesktop(0))  # so that the bus of accessibility is up before the first program
    time.sleep(1)
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        try:
            test()
            print(f'ok {number} {name}', flush=True)
        except Exception:
            failed += 1
            print(''.join('# ' + line + '\n' for line in traceback.format_exc().splitlines()), end='')
            print(f'not ok {number} {name}', flush=True)
            subprocess.run(['pkill', '-f', PROGRAM], check=False)
        os.chdir('/')
        shutil.rmtree(folder, ignore_errors=True)
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
