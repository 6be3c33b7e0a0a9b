/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/formats/reading.h"

#include "core/formats/source.h"

#include <bzlib.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes from and to the world: compression, limits, what is no file, and writing that never leaves half a
 * file. */

static const char sample[] = "2\n\nPd 0.1 0 0\nIr 2.7 0 0\n";

typedef struct {
    char *folder, *path;
} Place;

static void place_set_up(Place *place, gconstpointer unused)
{
    place->folder = g_dir_make_tmp("formats-XXXXXX", NULL);
    g_assert_nonnull(place->folder);
    place->path = g_build_filename(place->folder, "file.xyz", NULL);
}

static unsigned entries(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    unsigned n = 0;
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void place_tear_down(Place *place, gconstpointer unused)
{
    g_chmod(place->folder, 0700);
    g_remove(place->path);
    g_assert_cmpuint(entries(place->folder), ==, 0);
    g_assert_cmpint(g_rmdir(place->folder), ==, 0);
    g_free(place->folder);
    g_free(place->path);
}

static GByteArray *gzip(const char *text, size_t length)
{
    g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, G_CONVERTER(compressor));
    g_assert_true(g_output_stream_write_all(stream, text, length, NULL, NULL, NULL));
    g_assert_true(g_output_stream_close(stream, NULL, NULL));
    return g_bytes_unref_to_array(g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory)));
}

static GByteArray *bzip2(const char *text, size_t length)
{
    unsigned size = (unsigned)length + 1000;
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, size);
    g_assert_cmpint(
        BZ2_bzBuffToBuffCompress((char *)bytes->data, &size, (char *)text, (unsigned)length, 9, 0, 0), ==,
        BZ_OK);
    g_byte_array_set_size(bytes, size);
    return bytes;
}

static AlloyData *read_bytes(const GByteArray *bytes, GError **error)
{
    return alloy_read_memory("sample", (const char *)bytes->data, bytes->len, NULL, NULL, NULL, error);
}

static void assert_sample(GByteArray *bytes, size_t frames)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyData) data = read_bytes(bytes, &error);
    g_assert_no_error(error);
    const AlloyAtoms *atoms = ALLOY_IS_SERIES(data) ? ((const AlloySeries *)data)->stages[frames - 1].atoms
                                                    : (const AlloyAtoms *)data;
    g_assert_cmpuint(ALLOY_IS_SERIES(data) ? ((const AlloySeries *)data)->n : 1, ==, frames);
    reading_position(atoms, 0, 0.1, 0, 0, 0);
    g_byte_array_unref(bytes);
}

static void assert_damaged(GByteArray *bytes, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(read_bytes(bytes, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_FORMAT);
    if (strstr(error->message, says) == NULL) {
        g_test_message("\"%s\" does not contain \"%s\"", error->message, says);
        g_test_fail();
    }
    g_byte_array_unref(bytes);
}

static void test_compressed(void)
{
    typedef GByteArray *(*Pack)(const char *, size_t);
    static const Pack packs[] = {gzip, bzip2};
    for (size_t i = 0; i < G_N_ELEMENTS(packs); i++) {
        Pack pack = packs[i];
        size_t length = strlen(sample);
        assert_sample(pack(sample, length), 1);
        /* Several streams in one file are one text (gzip, RFC 1952 section 2.2: "members"). */
        GByteArray *two = pack(sample, length);
        g_autoptr(GByteArray) more = pack(sample, length);
        g_byte_array_append(two, more->data, more->len);
        assert_sample(two, 2);
        GByteArray *padded = pack(sample, length);
        g_byte_array_append(padded, (const guint8 *)"\0\0\0\0\0", 5);
        assert_sample(padded, 1);
        /* Cut anywhere, it is said to be cut. */
        for (unsigned size = 5; size < more->len; size++) {
            GByteArray *cut = pack(sample, length);
            g_byte_array_set_size(cut, size);
            assert_damaged(cut, "ends early");
        }
        GByteArray *junk = pack(sample, length);
        g_byte_array_append(junk, (const guint8 *)"junk", 4);
        assert_damaged(junk, "damaged");
        GByteArray *changed = pack(sample, length);
        changed->data[changed->len - 8] ^= 0x55; /* the check sum */
        assert_damaged(changed, "damaged");
    }
    assert_damaged(gzip("", 0), "the file is empty");
}

/* A few kilobytes that would become megabytes, or terabytes, stop at the limit. */
static void test_bomb(void)
{
    enum { SIZE = 20 << 20 };
    g_autofree char *zeros = g_malloc0(SIZE);
    alloy_source_set_limit(1 << 20);
    g_autoptr(GByteArray) member = gzip(zeros, SIZE);
    g_assert_cmpuint(member->len, <, 50000);
    GByteArray *bomb = g_byte_array_new();
    for (int i = 0; i < 10; i++)
        g_byte_array_append(bomb, member->data, member->len);
    assert_damaged(bomb, "more than 1.0\302\240MiB");
    assert_damaged(bzip2(zeros, SIZE), "more than 1.0\302\240MiB");
    g_autoptr(GByteArray) plain = g_byte_array_new_take((guint8 *)g_steal_pointer(&zeros), SIZE);
    assert_damaged(g_byte_array_ref(plain), "more than 1.0\302\240MiB");
    alloy_source_set_limit(0);
    g_assert_cmpuint(alloy_source_limit(), >, 1 << 20);
}

static void test_line_ends(void)
{
    static const char *const same[] = {"2\r\rPd 0.1 0 0\rIr 1 1 1", "2\r\n\r\nPd 0.1 0 0\r\nIr 1 1 1\r\n",
                                       "\xef\xbb\xbf"
                                       "2\n\nPd 0.1 0 0\nIr 1 1 1\n\n\n",
                                       "2\n\r\nPd 0.1 0 0\r\r\nIr 1 1 1"};
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(NULL, same[i], NULL);
        g_assert_cmpuint(atoms->n, ==, 2);
        reading_position(atoms, 0, 0.1, 0, 0, 0);
        reading_position(atoms, 1, 1, 1, 1, 0);
    }
}

static void assert_unreadable(const char *path, GQuark domain, int code, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_read_file(path, NULL, NULL, NULL, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, domain, code);
    g_assert_true(g_str_has_prefix(error->message, path));
    g_assert_nonnull(strstr(error->message, says));
}

static void test_unreadable(Place *place, gconstpointer unused)
{
    assert_unreadable(place->path, G_FILE_ERROR, G_FILE_ERROR_NOENT, "No such file");
    assert_unreadable(place->folder, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "folder");
    assert_unreadable("/dev/zero", G_FILE_ERROR, G_FILE_ERROR_INVAL, "device");
    g_assert_true(g_file_set_contents(place->path, "", 0, NULL));
    assert_unreadable(place->path, ALLOY_ERROR, ALLOY_ERROR_FORMAT, "empty");
    static const struct {
        const char *bytes;
        gssize length;
        const char *says;
    } others[] = {
        {"\x89HDF\r\n\x1a\n....", 12, "HDF5"},
        {"PK\x03\x04..", 6, "zip archive"},
        {"\xfd"
         "7zXZ\0..",
         8, "xz"},
        {"\xff\xfe"
         "1\0\n\0",
         6, "UTF-16"},
        {"\x01\x02\x03", 3, "binary (byte 0x01 at"},
        {"  \n\t\n", 5, "nothing but blanks"},
        {"Dear reader,\nhow are you?\n", -1, "\"Dear reader,\""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_assert_true(g_file_set_contents(place->path, others[i].bytes, others[i].length, NULL));
        assert_unreadable(place->path, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT, others[i].says);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(alloy_read_file(place->path, "xzy", NULL, NULL, &error));
    g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT);
    g_assert_nonnull(strstr(error->message, "lammps-dump")); /* what there is */
    if (geteuid() == 0) {
        g_test_message("root reads everything: permissions are not tested");
        return;
    }
    g_chmod(place->path, 0);
    assert_unreadable(place->path, G_FILE_ERROR, G_FILE_ERROR_ACCES, "denied");
}

/* A file of /proc says that it has 0 bytes. */
static void test_size_unknown(void)
{
    if (!g_file_test("/proc/self/status", G_FILE_TEST_EXISTS)) {
        g_test_skip("no /proc");
        return;
    }
    assert_unreadable("/proc/self/status", ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT, "Name:");
}

static gpointer feed(gpointer path)
{
    int fd = open(path, O_WRONLY);
    for (const char *p = sample; *p != '\0'; p++) {
        g_assert_cmpint((int)write(fd, p, 1), ==, 1);
        g_usleep(500);
    }
    close(fd);
    return NULL;
}

static gpointer cancel_soon(gpointer progress)
{
    g_usleep(50000);
    alloy_progress_cancel(progress);
    return NULL;
}

static void test_pipe(Place *place, gconstpointer unused)
{
    g_assert_cmpint(mkfifo(place->path, 0600), ==, 0);
    GThread *writer = g_thread_new("writer", feed, place->path);
    g_autoptr(GError) error = NULL;
    g_autoptr(AlloyData) data = alloy_read_file(place->path, NULL, NULL, NULL, &error);
    g_thread_join(writer);
    g_assert_no_error(error);
    g_assert_cmpuint(((const AlloyAtoms *)data)->n, ==, 2);
    /* One that nobody writes to waits until it is cancelled. */
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    GThread *canceller = g_thread_new("canceller", cancel_soon, progress);
    g_assert_null(alloy_read_file(place->path, NULL, NULL, progress, &error));
    g_thread_join(canceller);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_standard_streams(Place *place, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(place->path, sample, -1, NULL));
    int input = dup(STDIN_FILENO), file = open(place->path, O_RDONLY);
    dup2(file, STDIN_FILENO);
    g_autoptr(AlloyData) data = alloy_read_file("-", NULL, NULL, NULL, &error);
    dup2(input, STDIN_FILENO);
    close(input);
    close(file);
    g_assert_no_error(error);
    g_assert_cmpuint(((const AlloyAtoms *)data)->n, ==, 2);

    fflush(stdout);
    int output = dup(STDOUT_FILENO);
    file = open(place->path, O_WRONLY | O_TRUNC);
    dup2(file, STDOUT_FILENO);
    gboolean good = alloy_write_file("-", NULL, data, NULL, NULL, &error);
    dup2(output, STDOUT_FILENO);
    close(output);
    close(file);
    g_assert_no_error(error);
    g_assert_true(good);
    g_autoptr(AlloyData) again = alloy_read_file(place->path, "xyz", NULL, NULL, &error);
    g_assert_no_error(error);
    reading_same_positions((const AlloyAtoms *)data, (const AlloyAtoms *)again);
}

static const AlloyAtoms *many_atoms(void)
{
    enum { N = 20000 };
    AlloyAtomsBuilder *builder = alloy_atoms_builder_new(N);
    for (size_t i = 0; i < N; i++) {
        builder->x[i] = (double)i / 7;
        builder->y[i] = (double)i / 11;
        builder->z[i] = (double)i / 13;
        builder->species[i] = (uint16_t)alloy_atoms_builder_kind(builder, "Pd", 2);
    }
    return alloy_atoms_builder_finish(builder);
}

static void test_written(Place *place, gconstpointer unused)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)many_atoms();
    g_autoptr(GError) error = NULL;
    static const char *const names[] = {"a.xyz", "a.XYZ.gz", "a.extxyz", "a.csv", "a.csv.gz", "a.lammpstrj"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(place->folder, names[i], NULL);
        alloy_write_file(path, NULL, ALLOY_DATA(atoms), NULL, NULL, &error);
        g_assert_no_error(error);
        g_autofree char *bytes = NULL;
        g_assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
        g_assert_cmpint(g_str_has_prefix(bytes, "\x1f\x8b"), ==, g_str_has_suffix(path, ".gz"));
        g_autoptr(AlloyData) again = alloy_read_file(path, NULL, NULL, NULL, &error);
        g_assert_no_error(error);
        reading_same_positions(atoms, (const AlloyAtoms *)again);
        g_remove(path);
    }
}

static void test_unwritable(Place *place, gconstpointer unused)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)many_atoms();
    g_autoptr(GError) error = NULL;
    static const struct {
        const char *path, *format, *says;
    } cases[] = {
        {"a.doc", NULL, ".csv"},
        {"noextension", NULL, ".csv"},
        {"a.xyz.bz2", NULL, "write .gz"},
        {"a.cif", NULL, "CIF can be read, not written"},
        {"a.xyz", "xzy", "no format \"xzy\""},
        {"a.xyz", "cif", "no format \"cif\" to write"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_build_filename(place->folder, cases[i].path, NULL);
        g_assert_false(alloy_write_file(path, cases[i].format, ALLOY_DATA(atoms), NULL, NULL, &error));
        g_test_message("%s", error->message);
        g_assert_error(error, ALLOY_ERROR, ALLOY_ERROR_UNKNOWN_FORMAT);
        g_assert_true(g_str_has_prefix(error->message, path));
        g_assert_nonnull(strstr(error->message, cases[i].says));
        g_clear_error(&error);
    }
    g_assert_false(alloy_write_file("/no/such/folder/a.xyz", NULL, ALLOY_DATA(atoms), NULL, NULL, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_clear_error(&error);
    g_autoptr(AlloyProgress) progress = alloy_progress_new();
    alloy_progress_cancel(progress);
    g_assert_false(alloy_write_file(place->path, NULL, ALLOY_DATA(atoms), NULL, progress, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&error);
    g_assert_cmpuint(entries(place->folder), ==, 0);
    if (geteuid() == 0) {
        g_test_message("root writes everywhere: permissions are not tested");
        return;
    }
    g_chmod(place->folder, 0500);
    g_assert_false(alloy_write_file(place->path, NULL, ALLOY_DATA(atoms), NULL, NULL, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
}

/* Wherever writing stops, the old file is what it was and nothing else is left behind. */
static void assert_fails(const char *path, GQuark domain, int code)
{
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)many_atoms();
    g_autoptr(GError) error = NULL;
    g_assert_false(alloy_write_file(path, NULL, ALLOY_DATA(atoms), NULL, NULL, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, domain, code);
    g_assert_true(g_str_has_prefix(error->message, path));
}

static void test_too_large(Place *place, gconstpointer unused)
{
    g_assert_true(g_file_set_contents(place->path, sample, -1, NULL));
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 100000; /* the file needs more than a megabyte */
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    assert_fails(place->path, G_IO_ERROR, (int)g_io_error_from_errno(EFBIG));
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    g_autofree char *content = NULL;
    g_assert_true(g_file_get_contents(place->path, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, sample);
    g_assert_cmpuint(entries(place->folder), ==, 1);
}

/* A device is written into, and it says that it is full. */
static void test_full_device(Place *place, gconstpointer unused)
{
    if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS)) {
        g_test_skip("no /dev/full");
        return;
    }
    g_autofree char *link = g_build_filename(place->folder, "full.xyz", NULL);
    g_assert_cmpint(symlink("/dev/full", link), ==, 0);
    assert_fails(link, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    g_remove(link);
}

static void test_full_file_system(Place *place, gconstpointer unused)
{
    g_autofree char *disk = g_build_filename(place->folder, "disk", NULL);
    g_assert_cmpint(g_mkdir(disk, 0700), ==, 0);
    /* In a name space of our own, so that nothing of it outlives the test. */
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", disk, "tmpfs", 0, "size=256k") != 0) {
        g_rmdir(disk);
        g_test_skip("no file system may be mounted here");
        return;
    }
    g_autofree char *path = g_build_filename(disk, "file.xyz", NULL), *content = NULL;
    g_assert_true(g_file_set_contents(path, sample, -1, NULL));
    assert_fails(path, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, sample);
    g_assert_cmpuint(entries(disk), ==, 1);
    g_assert_cmpint(umount(disk), ==, 0);
    g_rmdir(disk);
}

/* The bytes do not depend on the locale, in either direction. */
static void test_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nl_NL.UTF-8",
                                        "ru_RU.UTF-8"};
    g_autoptr(AlloyAtoms) atoms = (AlloyAtoms *)reading_atoms(
        "xyz",
        "1\nLattice=\"1.5 0 0 0 1.5 0 0 0 1.5\" Properties=species:S:1:pos:R:3 E=-0.5\nPd 0.25 1e-3 2\n",
        NULL);
    static const char *const formats[] = {"xyz", "text", "json", "lammps-dump", "poscar"};
    GBytes *plain[G_N_ELEMENTS(formats)];
    for (size_t f = 0; f < G_N_ELEMENTS(formats); f++)
        plain[f] = reading_written(formats[f], atoms);
    gboolean found = FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && !found; i++)
        found = setlocale(LC_ALL, names[i]) != NULL && strcmp(localeconv()->decimal_point, ",") == 0;
    if (found) {
        for (size_t f = 0; f < G_N_ELEMENTS(formats); f++) {
            g_autoptr(GBytes) bytes = reading_written(formats[f], atoms);
            g_assert_true(g_bytes_equal(plain[f], bytes));
        }
        g_autoptr(AlloyAtoms) again = (AlloyAtoms *)reading_again("xyz", atoms, NULL);
        reading_same_positions(atoms, again);
        g_autoptr(AlloyAtoms) csv = (AlloyAtoms *)reading_again("text", atoms, NULL);
        reading_same_positions(atoms, csv);
    } else {
        g_test_skip("no locale with a decimal comma is installed");
    }
    setlocale(LC_ALL, "C");
    for (size_t f = 0; f < G_N_ELEMENTS(formats); f++)
        g_bytes_unref(plain[f]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/files/" path, Place, NULL, place_set_up, test, place_tear_down)
    g_test_add_func("/files/compressed", test_compressed);
    g_test_add_func("/files/bomb", test_bomb);
    g_test_add_func("/files/line-ends", test_line_ends);
    ADD("unreadable", test_unreadable);
    g_test_add_func("/files/size-unknown", test_size_unknown);
    ADD("pipe", test_pipe);
    ADD("standard-streams", test_standard_streams);
    ADD("written", test_written);
    ADD("unwritable", test_unwritable);
    ADD("too-large", test_too_large);
    ADD("full-device", test_full_device);
    ADD("full-file-system", test_full_file_system);
    g_test_add_func("/files/locale", test_locale);
    return g_test_run();
}
