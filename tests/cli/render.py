# SPDX-License-Identifier: GPL-3.0-or-later
"""alloyscope render: options, what is printed, files, and everything that is refused."""
import csv
import os
import re
import signal
import struct
import subprocess
import time
import zlib

from cli import PROGRAM, Skip, equal, fails, main, read, rock_salt, run, write


def chunks(path):
    data = read(path)
    equal(data[:8], b'\x89PNG\r\n\x1a\n')
    at = 8
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        yield kind, data[at + 8:at + 8 + length]
        at += 12 + length


def picture(path):
    """Width, height, channels and rows of bytes of an 8-bit PNG."""
    packed, head = b'', None
    for kind, body in chunks(path):
        if kind == b'IHDR':
            head = struct.unpack('>IIBBBBB', body)
        elif kind == b'IDAT':
            packed += body
    width, height, depth, colour, _, _, interlace = head
    equal((depth, interlace), (8, 0))
    n = {2: 3, 6: 4}[colour]
    data, rows, before = zlib.decompress(packed), [], bytearray(width * n)
    for y in range(height):
        at = y * (width * n + 1)
        kind, row = data[at], bytearray(data[at + 1:at + 1 + width * n])
        for x in range(width * n if kind else 0):
            left = row[x - n] if x >= n else 0
            up, corner = before[x], before[x - n] if x >= n else 0
            if kind == 4:
                guess = left + up - corner
                by = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            else:
                by = {1: left, 2: up, 3: (left + up) // 2}[kind]
            row[x] = (row[x] + by) & 255
        rows.append(bytes(row))
        before = row
    return width, height, n, rows


def dpi(path):
    x, y, unit = struct.unpack('>IIB', dict(chunks(path))[b'pHYs'])
    equal((x, unit), (y, 1))
    return x * 0.0254


def table(path):
    lines = read(path).decode().splitlines()
    header, *rows = csv.reader([lines[0], *lines[2:]])
    return header, rows


def draw(*args, **more):
    """Small, where the pixels themselves do not matter."""
    return run('render', *args, '--dpi', '60', **more)


def test_default():
    rock_salt('a.xyz')
    result = run('render', 'a.xyz', '-o', 'a.png')
    said = result.out.decode()
    assert said.startswith('a.png: 89 x '), said
    height = float(said.split(' x ')[1].split()[0])
    width, rows, channels, _ = picture('a.png')
    equal((width, channels), (round(89 / 25.4 * 300), 3))
    assert abs(rows - height / 25.4 * 300) < 1, (rows, height)
    assert abs(dpi('a.png') - 300) < 0.01
    equal(sorted(os.listdir('.')), ['a.png', 'a.xyz'])
    equal(run('render', 'a.xyz', '-o', 'b.png', '--quiet').out, b'')
    equal(read('b.png'), read('a.png'))


def test_formats():
    rock_salt('a.xyz')
    for ending in ('png', 'tif', 'tiff', 'pdf', 'svg', 'PDF'):
        out = []
        for name, threads in (('1', '1'), ('2', '3')):
            path = f'{name}.{ending}'
            run('render', 'a.xyz', '-o', path, '--width', '60', '--height', '50', '--threads', threads, '--dpi', '150')
            out.append(read(path))
        equal(out[0] == out[1], True)
    # 60 x 50 mm are 170.079 x 141.732 points.
    box = re.search(rb'/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+)', read('1.pdf')).groups()
    assert abs(float(box[0]) - 60 / 25.4 * 72) < 0.01 and abs(float(box[1]) - 50 / 25.4 * 72) < 0.01, box
    size = re.search(rb'<svg [^>]*width="([0-9.]+)pt" height="([0-9.]+)pt"', read('1.svg')).groups()
    assert abs(float(size[0]) - 60 / 25.4 * 72) < 0.01 and abs(float(size[1]) - 50 / 25.4 * 72) < 0.01, size
    equal(read('1.svg').count(b'<image'), 1)
    assert b'glyph' in read('1.svg')
    equal(picture('1.png')[:2], (round(60 / 25.4 * 150), round(50 / 25.4 * 150)))


def test_scale_bar():
    """One atom fills its panel but for the margin of 3 %: so the bar's length in pixels is known."""
    write('one.xyz', '1\n\nPd 5 5 5\n')
    run('render', 'one.xyz', '-o', 'one.png', '--radii', 'uniform', '--radius-scale', '20', '--no-legend', '--dpi', '400')
    width, height, n, rows = picture('one.png')
    atom = longest = 0
    for row in rows:
        pixels = [row[x:x + 3] for x in range(0, width * n, n)]
        colours = [x for x, pixel in enumerate(pixels) if max(pixel) - min(pixel) > 20]
        if colours:
            atom = max(atom, colours[-1] - colours[0] + 1)
            continue
        length = 0
        for pixel in pixels:
            length = length + 1 if max(pixel) < 100 else 0
            longest = max(longest, length)
    # The ball is 40 angstrom wide; a panel of 41.2 gets a bar of 1 nm.
    assert abs(longest - atom * 10 / 40) <= 1.5, (longest, atom)
    run('render', 'one.xyz', '-o', 'two.png', '--no-scale-bar', '--no-legend')
    assert picture('two.png')[1] < height


def test_series():
    rock_salt('a.xyz', info='stage_label="0 min"')
    rock_salt('b.xyz', cells=2, info='stage_label="30 min"')
    run('convert', 'a.xyz', 'b.xyz', 'series.xyz')
    draw('series.xyz', '-o', 's.svg', '--csv', '--letters', '--colour-by', 'cn')
    equal(read('s.svg').count(b'<image'), 2)
    equal(sorted(name for name in os.listdir('.') if name.startswith('s.') or name.startswith('s-')),
          ['s-a.csv', 's-b.csv', 's.svg'])
    header, rows = table('s-b.csv')
    equal((header, len(rows)), (['species', 'x', 'y', 'z', 'cn'], 64))
    draw('a.xyz', 'b.xyz', '-o', 't.svg', '--letters', '--colour-by', 'cn')
    equal(read('t.svg'), read('s.svg'))
    draw('series.xyz', '--stage', '30 min', '-o', 'b.svg')
    equal(read('b.svg').count(b'<image'), 1)
    run('convert', 'series.xyz', 'p.alloy#runs')
    draw('p.alloy#runs', '-o', 'u.svg', '--letters', '--colour-by', 'cn')
    equal(read('u.svg'), read('s.svg'))
    # the colours of a stage alone have its own range, unless it is given
    said = draw('series.xyz', '-o', 'r.png', '--colour-by', 'x', '--range', '-5,20').out.decode()
    assert 'colours: x from -5 to 20' in said, said
    said = draw('series.xyz', '-o', 'r.png', '--colour-by', 'x', '--range', 'p0,p100').out.decode()
    assert 'colours: x from 0 to 13.75' in said, said
    fails('render', 'series.xyz', '-o', 'r.png', '--stage', '5 min', status=2, saying='0 min')


def test_what_is_shown():
    rock_salt('a.xyz')
    draw('a.xyz', '-o', 'a.png', '--where', 'species == Pd', '--csv', '--colour-by', 'c.Ir')
    header, rows = table('a-a.csv')
    equal(header, ['species', 'x', 'y', 'z', 'c.Ir', 'original_index'])
    equal((len(rows), {row[0] for row in rows}), (108, {'Pd'}))
    # uniform balls of 1 angstrom at 0, 2.75, ... 13.75: the slab reaches 1 angstrom farther
    draw('a.xyz', '-o', 'a.png', '--slab', 'x:-inf,4.6', '--radii', 'uniform', '--csv')
    equal({float(row[1]) for row in table('a-a.csv')[1]}, {0, 2.75, 5.5})
    draw('a.xyz', '-o', 'a.png', '--slab', 'x:centre-1,centre+1', '--radii', 'uniform', '--csv')
    equal({float(row[1]) for row in table('a-a.csv')[1]}, {5.5, 8.25})
    draw('a.xyz', '-o', 'a.png', '--slab', 'x:centre,inf', '--radii', 'uniform', '--csv')
    equal(min(float(row[1]) for row in table('a-a.csv')[1]), 8.25)
    fails('render', 'a.xyz', '-o', 'b.png', '--where', 'x > 99', saying='no atom is left by --where')
    fails('render', 'a.xyz', '-o', 'b.png', '--slab', 'x:99,100', saying='no atom is left by --slab')
    before = read('a.png')
    for more in (['--ghost', 'species == Pd'], ['--select', 'cn < 4'], ['--no-outline'], ['--no-occlusion'],
                 ['--view', '111'], ['--view', '30,20'], ['--perspective', '30'], ['--zoom', '2']):
        draw('a.xyz', '-o', 'c.png', *more)
        assert read('c.png') != before, more


def test_views():
    write('a.xyz', '3\nLattice="10 0 0 0 10 0 0 0 30" Properties=species:S:1:pos:R:3\nPd 0 0 0\nIr 3 0 0\nPt 0 0 5\n')
    write('b.xyz', '3\n\nPd 0 0 0\nIr 3 0 0\nPt 0 0 5\n')
    said = draw('a.xyz', '-o', 'a.svg', '--view', '111').out.decode()
    assert "cell's vectors" in said, said
    draw('a.xyz', '-o', 'b.svg', '--view', '1,1,3', '--quiet')  # of the cell: not the same
    said = draw('b.xyz', '-o', 'c.svg', '--view', '1,1,3').out.decode()
    assert "model's axes" in said, said
    equal(read('a.svg') == read('b.svg'), False)
    equal(read('a.svg') == read('c.svg'), True)
    draw('a.xyz', '-o', 'd.svg', '--view', 'model:1,1,3')
    equal(read('d.svg') == read('c.svg'), True)
    for one, other in (('x', '100'), ('-z', '0,0,-1'), ('y', '90,0'), ('z', '0,90'), ('-110', '-1,1,0')):
        draw('b.xyz', '-o', 'e.png', '--view', one)
        draw('b.xyz', '-o', 'f.png', '--view', other)
        equal((one, read('e.png') == read('f.png')), (one, True))
    fails('render', 'b.xyz', '-o', 'g.svg', '--view', 'cell:111', status=2, saying='has none')


def test_background():
    rock_salt('a.xyz', cells=1)
    for name, corner in (('white', (255, 255, 255)), ('dark', (30, 30, 32)), ('transparent', (0, 0, 0, 0))):
        draw('a.xyz', '-o', 'a.png', '--background', name, '--width', '30')
        _, _, n, rows = picture('a.png')
        equal(tuple(rows[0][:n]), corner)


def test_colour_bar():
    """The colours of the bar are those of the palette, from end to end."""
    rock_salt('a.xyz')
    draw('a.xyz', '-o', 'a.svg', '--colour-by', 'x', '--range', '0,10', '--palette', 'grey')
    stops = re.findall(rb'<stop offset="([0-9.]+)" style="stop-color:rgb\(([0-9.]+)%', read('a.svg'))
    assert len(stops) > 20, stops
    lightness = [float(value) for _, value in stops]
    equal(lightness, sorted(lightness))
    draw('a.xyz', '-o', 'b.svg', '--colour-by', 'x', '--range', '0,10', '--neutral', '2.5')
    stops = re.findall(rb'<stop offset="([0-9.]+)" style="stop-color:rgb\(100%,100%,100%\)', read('b.svg'))
    equal([float(stop) for stop in stops], [0.25])


def test_warnings():
    rock_salt('a.xyz')
    said = draw('a.xyz', '-o', 'a.png', '--perspective', '30').err
    assert 'scale bar' in said, said
    equal(draw('a.xyz', '-o', 'a.png', '--perspective', '30', '--no-scale-bar').err, '')
    said = draw('a.xyz', '-o', 'a.png', '--slab', 'z:-inf,5', '--view=-z').err
    assert 'faces away' in said, said
    equal(draw('a.xyz', '-o', 'a.png', '--slab', 'z:-inf,5').err, '')
    equal(draw('a.xyz', '-o', 'a.png', '--slab', 'z:5,inf').err, '')  # seen from the side of the cut
    rock_salt('pixels.xyz', spacing=9.1)
    fix = re.search(r'--fix (scale=\S+)', draw('pixels.xyz', '-o', 'p.png').err).group(1).rstrip(';')
    equal(draw('pixels.xyz', '-o', 'p.png', '--fix', fix).err, '')


def test_usage():
    rock_salt('a.xyz')
    before = sorted(os.listdir('.'))
    out = ('-o', 'b.png')
    fails('render', status=2, saying='needs a file')
    fails('render', 'a.xyz', status=2, saying='-o OUT')
    fails('render', 'a.xyz', '-o', 'b.jpg', status=2, saying='.pdf')
    fails('render', 'a.xyz', '-o', '-', status=2, saying='standard output')
    fails('render', 'a.xyz', *out, '-o', 'c.png', status=2, saying='twice')
    fails('render', 'a.xyz', *out, '--widht', '5', status=2, saying='--width')
    fails('render', 'a.xyz', *out, '--width', 'wide', status=2, saying='wide')
    fails('render', 'a.xyz', *out, '--width', '0', status=2, saying='from 1')
    fails('render', 'a.xyz', *out, '--width', '5', status=2, saying='no room')
    fails('render', 'a.xyz', *out, '--width', '2000', '--dpi', '4800', status=2, saying='pixels')
    fails('render', 'a.xyz', *out, '--dpi', 'nan', status=2, saying='nan')
    fails('render', 'a.xyz', *out, '--zoom', '-1', status=2, saying='-1')
    fails('render', 'a.xyz', *out, '--background', 'drak', status=2, saying='"dark"')
    fails('render', 'a.xyz', *out, '--radii', 'ionic', status=2, saying='metallic')
    fails('render', 'a.xyz', *out, '--colour-by', 'cm', status=2, saying='"cn"')
    fails('render', 'a.xyz', *out, '--colour-by', 'csrop.Pt', status=2, saying='csrop.Pd')
    fails('render', 'a.xyz', *out, '--colour-by', 'cn', '--palette', 'jet', status=2, saying='blue-red')
    fails('render', 'a.xyz', *out, '--palette', 'even', status=2, saying='--colour-by')
    fails('render', 'a.xyz', *out, '--colour-by', 'cn', '--palette', 'even', '--neutral', '3', status=2, saying='diverge')
    for wrong in ('3', '3,1', '1,1', '1,nan', 'p5', 'p-1,p50', 'p10,p101', 'low,high', '1,2,3', ''):
        fails('render', 'a.xyz', *out, '--colour-by', 'cn', '--range', wrong, status=2, saying='p1,p99')
    for wrong in ('w', '11', '1111', '1,2,3,4', '1,,2', '000', '0,0,0', '--1', 'cell:30,20', 'model:', '1,inf,0', ''):
        fails('render', 'a.xyz', *out, '--view', wrong, status=2, saying='--view')
    for wrong in ('z', 'z:1', 'z:1,2,3', 'z:2,1', 'z:1,1', 'z:nan,2', 'w:1,2', ':1,2', 'z:centre,centre', 'z:middle,3'):
        fails('render', 'a.xyz', *out, '--slab', wrong, status=2, saying='slab')
    fails('render', 'a.xyz', *out, '--where', 'cn <', status=2, saying='--where')
    fails('render', 'a.xyz', *out, '--ghost', 'cm > 2', status=2, saying='cn')
    fails('render', 'a.xyz', *out, '--ghost', 'cn > 2', '--select', 'cn > 3', status=2, saying='together')
    fails('render', 'a.xyz', *out, '--csv=yes', status=2, saying='no value')
    fails('render', 'a.xyz', *out, '--json', status=2, saying='--json')
    fails('render', 'a.xyz', *out, '--stage', '0', status=2, saying='no series')
    fails('render', 'none.xyz', *out, saying='none.xyz')
    fails('render', 'a.xyz', *out, '--format', 'cif', saying='a.xyz')
    fails('render', 'a.xyz', '-o', 'none/b.png', saying='no such folder')
    write('empty.xyz', '0\n\n')
    fails('render', 'empty.xyz', *out, saying='no atom')
    os.remove('empty.xyz')
    equal(sorted(os.listdir('.')), before)


def test_help():
    said = run('render', '--help').out.decode()
    for option in ('--width', '--colour-by', '--slab', '--view', '--background', '--csv', '--fix'):
        assert option in said, option
    page = run('man').out.decode()
    assert '\\-\\-colour\\-by' in page
    assert b'render' in run('--help').out
    equal(run('complete', 'render', 'a.xyz', '--colour-b').out, b'--colour-by \n')
    equal(run('complete', 'render', 'a.xyz', '--background', '').out, b'white \ntransparent \ndark \n')
    assert b'blue-red' in run('complete', 'render', 'a.xyz', '--palette', 'bl').out


def test_small():
    """From one atom to species by the dozen, names that are no elements, and texts for colours."""
    write('one.xyz', '1\n\nXx 1e5 -1e5 0\n')
    draw('one.xyz', '-o', 'one.svg')
    fails('render', 'one.xyz', '-o', 'cn.png', '--colour-by', 'cn', saying='one.xyz')
    rows = ['Properties=species:S:1:pos:R:3:phase:S:1'] + [f'K{i} {i} 0 0 {"fcc" if i % 2 else "hcp_&<b>"}' for i in range(30)]
    write('many.xyz', '30\n' + '\n'.join(rows) + '\n')
    draw('many.xyz', '-o', 'many.svg')
    draw('many.xyz', '-o', 'phase.svg', '--colour-by', 'phase', '--title', '<i>&\x07', '--direction', '[--1-]')
    fails('render', 'many.xyz', '-o', 'phase.png', '--colour-by', 'phase', '--range', '0,1', status=2, saying='text')


def test_unwritable():
    rock_salt('a.xyz')
    os.mkdir('locked')
    os.mkdir('b.png')
    fails('render', 'a.xyz', '-o', 'b.png', saying='folder')
    if os.geteuid() == 0:
        raise Skip('root writes everywhere')
    os.chmod('locked', 0o555)
    fails('render', 'a.xyz', '-o', 'locked/new.png', saying='locked/new.png')


def test_full_disk():
    rock_salt('a.xyz')
    write('old.png', 'old')
    process = subprocess.run(['sh', '-c', f'ulimit -f 8; trap "" XFSZ; exec "{PROGRAM}" render a.xyz -o old.png --dpi 600'],
                             capture_output=True, text=True)
    equal(process.returncode, 1)
    assert 'old.png' in process.stderr, process.stderr
    equal(read('old.png'), b'old')
    equal(sorted(os.listdir('.')), ['a.xyz', 'old.png'])


def test_interrupt():
    rock_salt('a.xyz', cells=10)
    write('old.png', 'old')
    process = subprocess.Popen([PROGRAM, 'render', 'a.xyz', '-o', 'old.png', '--csv', '--width', '400', '--dpi', '1800'],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.5)
    equal(process.poll(), None)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    equal((process.returncode, out, err.decode().splitlines()[-1]), (130, b'', 'alloyscope: cancelled'))
    equal(read('old.png'), b'old')
    equal(sorted(os.listdir('.')), ['a.xyz', 'old.png'])


main([value for name, value in list(globals().items()) if name.startswith('test_')])
