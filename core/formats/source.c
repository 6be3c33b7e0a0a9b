/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/source.h"

#include "core/base/error.h"

#include <bzlib.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK ((size_t)256 << 10)

static atomic_size_t limit_set; /* 0: the default */

void alloy_source_set_limit(size_t bytes)
{
    atomic_store(&limit_set, bytes);
}

size_t alloy_source_limit(void)
{
    size_t set = atomic_load(&limit_set);
    if (set != 0)
        return set;
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : (uint64_t)4 << 30;
    g_autofree char *group = NULL;
    if (g_file_get_contents("/sys/fs/cgroup/memory.max", &group, NULL, NULL)) {
        uint64_t most = g_ascii_strtoull(group, NULL, 10); /* "max" gives 0 */
        if (most > 0)
            memory = MIN(memory, most);
    }
    return (size_t)MIN(memory / 2, (uint64_t)G_MAXSSIZE);
}

/* Bytes that grow, with room for a NUL behind them. */
typedef struct {
    char *bytes;
    size_t length, room;
    size_t most; /* of length */
    const char *name;
} Text;

static gboolean text_reserve(Text *text, size_t more, GError **error)
{
    if (more > text->most || text->length > text->most - more) {
        g_autofree char *size = g_format_size_full(text->most, G_FORMAT_SIZE_IEC_UNITS);
        return alloy_format_error(error, text->name, 0,
                                  "holds more than %s of text, the most that is read (half of the memory)",
                                  size);
    }
    size_t need = text->length + more + 1;
    if (need <= text->room)
        return TRUE;
    size_t room = MAX(need, MIN(text->room + text->room / 2, text->most + 1));
    char *grown = g_try_realloc(text->bytes, room);
    if (grown == NULL)
        return alloy_format_error(error, text->name, 0,
                                  "there is no memory for %" G_GSIZE_FORMAT " bytes of text", room);
    text->bytes = grown;
    text->room = room;
    return TRUE;
}

/* Where compressed or plain bytes come from: a file descriptor or memory. */
typedef struct {
    int fd;         /* -1: memory */
    gboolean waits; /* a pipe: read may block */
    const char *memory;
    size_t left;
    const char *name;
    AlloyProgress *progress;
} Input;

/* Up to length bytes to out; 0: the end; -1 with error. */
static gssize input_read(Input *input, char *out, size_t length, GError **error)
{
    if (!alloy_progress_check(input->progress, error))
        return -1;
    if (input->fd < 0) {
        size_t n = MIN(length, input->left);
        if (n > 0)
            memcpy(out, input->memory, n);
        input->memory += n;
        input->left -= n;
        return (gssize)n;
    }
    for (;;) {
        if (input->waits) {
            struct pollfd poll_fd = {input->fd, POLLIN, 0};
            int ready = poll(&poll_fd, 1, 100);
            if (!alloy_progress_check(input->progress, error))
                return -1;
            if (ready == 0)
                continue;
        }
        ssize_t n = read(input->fd, out, length);
        if (n >= 0)
            return n;
        if (errno == EINTR || errno == EAGAIN)
            continue;
        int code = errno;
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code), "%s: %s", input->name,
                    g_strerror(code));
        return -1;
    }
}

/* One state for both decompressors: what stands in `in` is turned into text. */
typedef struct {
    const char *kind; /* "gzip" */
    gboolean bzip;
    z_stream z;
    bz_stream b;
    char *in;
    size_t have; /* bytes of in not yet used */
    char *next;
} Unpack;

static gboolean unpack_start(Unpack *unpack)
{
    memset(&unpack->z, 0, sizeof unpack->z);
    memset(&unpack->b, 0, sizeof unpack->b);
    return unpack->bzip ? BZ2_bzDecompressInit(&unpack->b, 0, 0) == BZ_OK
                        : inflateInit2(&unpack->z, 15 + 16) == Z_OK;
}

static void unpack_stop(Unpack *unpack)
{
    if (unpack->bzip)
        BZ2_bzDecompressEnd(&unpack->b);
    else
        inflateEnd(&unpack->z);
}

typedef enum { UNPACK_MORE, UNPACK_END, UNPACK_DAMAGED } UnpackState;

/* Uses of the input and fills of the text what it can, at most `room` bytes. */
static UnpackState unpack_step(Unpack *unpack, Text *text, size_t room)
{
    unsigned in = (unsigned)MIN(unpack->have, (size_t)1 << 30), out = (unsigned)MIN(room, (size_t)1 << 30);
    unsigned in_left, out_left;
    UnpackState state;
    if (unpack->bzip) {
        unpack->b.next_in = unpack->next;
        unpack->b.avail_in = in;
        unpack->b.next_out = text->bytes + text->length;
        unpack->b.avail_out = out;
        int code = BZ2_bzDecompress(&unpack->b);
        in_left = unpack->b.avail_in;
        out_left = unpack->b.avail_out;
        state = code == BZ_OK ? UNPACK_MORE : code == BZ_STREAM_END ? UNPACK_END : UNPACK_DAMAGED;
    } else {
        unpack->z.next_in = (Bytef *)unpack->next;
        unpack->z.avail_in = in;
        unpack->z.next_out = (Bytef *)text->bytes + text->length;
        unpack->z.avail_out = out;
        int code = inflate(&unpack->z, Z_NO_FLUSH);
        in_left = unpack->z.avail_in;
        out_left = unpack->z.avail_out;
        state = code == Z_OK || code == Z_BUF_ERROR ? UNPACK_MORE
                : code == Z_STREAM_END              ? UNPACK_END
                                                    : UNPACK_DAMAGED;
    }
    unpack->next += in - in_left;
    unpack->have -= in - in_left;
    text->length += out - out_left;
    return state;
}

static gboolean is_gzip(const char *bytes, size_t length)
{
    return length >= 2 && (guchar)bytes[0] == 0x1f && (guchar)bytes[1] == 0x8b;
}

static gboolean is_bzip2(const char *bytes, size_t length)
{
    return length >= 4 && memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' && bytes[3] <= '9';
}

/* Makes sure that in holds at least `least` bytes unless the input ends before. */
static gboolean unpack_fill(Unpack *unpack, Input *input, size_t least, GError **error)
{
    if (unpack->have >= least)
        return TRUE;
    memmove(unpack->in, unpack->next, unpack->have);
    unpack->next = unpack->in;
    while (unpack->have < least) {
        gssize n = input_read(input, unpack->in + unpack->have, CHUNK - unpack->have, error);
        if (n < 0)
            return FALSE;
        if (n == 0)
            break;
        unpack->have += (size_t)n;
    }
    return TRUE;
}

static gboolean unpack_streams(Unpack *unpack, Input *input, Text *text, GError **error)
{
    for (;;) {
        if (!unpack_start(unpack)) {
            g_set_error(error, ALLOY_ERROR, ALLOY_ERROR_LIBRARY, "%s: the %s decompressor does not start",
                        text->name, unpack->kind);
            return FALSE;
        }
        UnpackState state = UNPACK_MORE;
        while (state == UNPACK_MORE) {
            gboolean good = unpack_fill(unpack, input, 1, error);
            if (good && unpack->have == 0)
                good = alloy_format_error(error, text->name, 0,
                                          "the %s stream ends early, after %" G_GSIZE_FORMAT
                                          " bytes of text: the file is cut short",
                                          unpack->kind, text->length);
            good = good && text_reserve(text, 1, error);
            if (good) {
                size_t room = text->room - 1 - text->length;
                room = MIN(room, text->most - text->length);
                state = unpack_step(unpack, text, room);
                if (state == UNPACK_DAMAGED)
                    good =
                        alloy_format_error(error, text->name, 0,
                                           "the %s data are damaged after %" G_GSIZE_FORMAT " bytes of text",
                                           unpack->kind, text->length);
            }
            if (!good) {
                unpack_stop(unpack);
                return FALSE;
            }
        }
        unpack_stop(unpack);
        if (!unpack_fill(unpack, input, 4, error))
            return FALSE;
        /* Some archivers fill up with zeros. */
        while (unpack->have > 0 && *unpack->next == '\0') {
            unpack->next++;
            unpack->have--;
            if (!unpack_fill(unpack, input, 4, error))
                return FALSE;
        }
        if (unpack->have == 0)
            return TRUE;
        if (unpack->bzip ? !is_bzip2(unpack->next, unpack->have) : !is_gzip(unpack->next, unpack->have))
            return alloy_format_error(error, text->name, 0,
                                      "what follows the end of the %s stream is no %s: the file is damaged",
                                      unpack->kind, unpack->kind);
    }
}

static gboolean read_plain(Unpack *begin, Input *input, Text *text, size_t expected, GError **error)
{
    /* One more byte tells the end from a file that has grown. */
    if (!text_reserve(text, MAX(expected, begin->have) + 1, error))
        return FALSE;
    memcpy(text->bytes, begin->next, begin->have);
    text->length = begin->have;
    for (;;) {
        if (!text_reserve(text, 1, error))
            return FALSE;
        size_t room = MIN(text->room - 1 - text->length, 16 * CHUNK); /* so that cancelling is seen */
        gssize n = input_read(input, text->bytes + text->length, room, error);
        if (n < 0)
            return FALSE;
        if (n == 0)
            return TRUE;
        text->length += (size_t)n;
    }
}

gboolean alloy_path_is_gzip(const char *path)
{
    size_t length = strlen(path);
    return length > 3 && g_ascii_strcasecmp(path + length - 3, ".gz") == 0;
}

size_t alloy_path_bare_length(const char *path)
{
    size_t length = strlen(path);
    if (alloy_path_is_gzip(path))
        return length - 3;
    if (length > 4 && g_ascii_strcasecmp(path + length - 4, ".bz2") == 0)
        return length - 4;
    return length;
}

static AlloySource *source_read(Input *input, size_t expected, GError **error)
{
    Text text = {.name = input->name, .most = alloy_source_limit()};
    g_autofree char *chunk = g_malloc(CHUNK);
    Unpack unpack = {.in = chunk, .next = chunk};
    if (!unpack_fill(&unpack, input, 4, error))
        return NULL;
    gboolean gzip = is_gzip(chunk, unpack.have), compressed = gzip || is_bzip2(chunk, unpack.have);
    unpack.bzip = !gzip;
    unpack.kind = gzip ? "gzip" : "bzip2";
    gboolean good = compressed ? unpack_streams(&unpack, input, &text, error)
                               : read_plain(&unpack, input, &text, expected, error);
    if (!good || !text_reserve(&text, 0, error)) {
        g_free(text.bytes);
        return NULL;
    }
    text.bytes[text.length] = '\0';
    /* Not in what is no text. */
    if (memchr(text.bytes, '\n', text.length) == NULL && memchr(text.bytes, '\0', text.length) == NULL)
        for (char *p = text.bytes; (p = memchr(p, '\r', (size_t)(text.bytes + text.length - p))) != NULL;)
            *p = '\n';
    if (text.room - text.length > CHUNK)
        text.bytes = g_realloc(text.bytes, text.length + 1);
    AlloySource *source = g_new0(AlloySource, 1);
    source->name = g_strdup(input->name);
    source->text = text.bytes;
    source->length = text.length;
    g_autofree char *file = g_path_get_basename(input->name);
    source->base = g_strndup(file, alloy_path_bare_length(file));
    source->compressed = compressed;
    return source;
}

AlloySource *alloy_source_from_memory(const char *name, const char *bytes, size_t length,
                                      AlloyProgress *progress, GError **error)
{
    Input input = {
        .fd = -1, .memory = length > 0 ? bytes : "", .left = length, .name = name, .progress = progress};
    return source_read(&input, length, error);
}

static gboolean set_errno(GError **error, const char *path, int code)
{
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code), "%s: %s", path, g_strerror(code));
    return FALSE;
}

AlloySource *alloy_source_open(const char *path, AlloyProgress *progress, GError **error)
{
    gboolean standard = strcmp(path, "-") == 0;
    /* Not blocking: to open a pipe that nobody writes to would never return. */
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        set_errno(error, path, errno);
        return NULL;
    }
    AlloySource *source = NULL;
    struct stat about;
    if (fstat(fd, &about) != 0)
        set_errno(error, path, errno);
    else if (S_ISDIR(about.st_mode))
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "%s: is a folder, a file is expected", path);
    else if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode) && !standard)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: is a device or socket, a file is expected",
                    path);
    else {
        Input input = {.fd = fd,
                       .waits = !S_ISREG(about.st_mode),
                       .name = standard ? "standard input" : path,
                       .progress = progress};
        source = source_read(&input, S_ISREG(about.st_mode) ? (size_t)about.st_size : 0, error);
    }
    if (!standard)
        close(fd);
    return source;
}

void alloy_source_free(AlloySource *source)
{
    if (source == NULL)
        return;
    g_free((char *)source->name);
    g_free((char *)source->text);
    g_free((char *)source->base);
    g_free(source);
}
