/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that is watched: a progress bar, Ctrl-C; and how failures and warnings are told. */
#include "app/cli.h"

#include "core/base/error.h"
#include "core/data/warning.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void catch_signal(int number)
{
    caught = number;
}

typedef struct {
    GCancellable *cancellable;
    gboolean bar, drawn;
} Watch;

static void draw_bar(const AlloyJobStatus *status)
{
    enum { CELLS = 30 };
    char bar[CELLS + 1];
    int full = (int)(status->fraction * CELLS);
    for (int i = 0; i < CELLS; i++)
        bar[i] = i < full ? '#' : '.';
    bar[CELLS] = '\0';
    g_autofree char *left = NULL;
    if (isnan(status->remaining))
        left = g_strdup("");
    else
        left = g_strdup_printf(", %d:%02d left", (int)status->remaining / 60, (int)status->remaining % 60);
    g_autofree char *line =
        g_strdup_printf("[%s] %3d %%  %s%s", bar, (int)(status->fraction * 100), status->stage, left);
    g_autofree char *cut = cli_printable(line);
    int most = cli_terminal_width(STDERR_FILENO) - 1;
    while (cli_columns(cut) > most)
        *g_utf8_find_prev_char(cut, cut + strlen(cut)) = '\0';
    fprintf(stderr, "\r%s\033[K", cut);
    fflush(stderr);
}

static void watch_job(const AlloyJobStatus *status, gpointer data)
{
    Watch *watch = data;
    if (caught != 0)
        g_cancellable_cancel(watch->cancellable);
    /* What is done in a blink needs no bar. */
    if (watch->bar && status->elapsed > 0.3) {
        draw_bar(status);
        watch->drawn = TRUE;
    }
}

gboolean cli_work(Cli *cli, AlloyJobFunc work, gpointer data, GError **error)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Watch watch = {cancellable,
                   !cli->quiet && isatty(STDERR_FILENO) && g_strcmp0(g_getenv("TERM"), "dumb") != 0, FALSE};
    struct sigaction action = {.sa_handler = catch_signal, .sa_flags = (int)SA_RESETHAND};
    struct sigaction old_int, old_term;
    sigemptyset(&action.sa_mask);
    caught = 0;
    sigaction(SIGINT, &action, &old_int);
    sigaction(SIGTERM, &action, &old_term);
    gboolean ok = alloy_job_wait(work, data, cancellable, watch_job, &watch, error);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    if (watch.drawn)
        fputs("\r\033[K", stderr);
    if (!ok)
        cli->signal = caught;
    return ok;
}

/* One line, whatever the message holds. */
static void say(const char *before, const char *message)
{
    g_autofree char *flat = g_strdelimit(g_strdup(message), "\r\n\t", ' ');
    g_autofree char *line = cli_printable(flat);
    fprintf(stderr, "%s%s\n", before, line);
}

int cli_usage(const GError *error)
{
    say("alloyscope: ", error->message);
    return CLI_USAGE;
}

int cli_fail(const Cli *cli, const GError *error)
{
    if (cli->signal != 0 && alloy_is_cancelled(error)) {
        say("alloyscope: ", "cancelled");
        return 128 + cli->signal;
    }
    say("alloyscope: ", error->message);
    return g_error_matches(error, ALLOY_ERROR, ALLOY_ERROR_PARAMETER) ? CLI_USAGE : CLI_FAILED;
}

void cli_print_warnings(const Cli *cli, const GPtrArray *warnings)
{
    for (unsigned i = 0; !cli->quiet && i < warnings->len; i++) {
        const AlloyWarning *warning = warnings->pdata[i];
        g_autoptr(GString) line = g_string_new(warning->message);
        if (warning->fix != NULL) {
            g_autofree char *quoted = strpbrk(warning->fix, " '\"\\$`;&|<>*?()[]{}#~!") != NULL
                                          ? g_shell_quote(warning->fix)
                                          : g_strdup(warning->fix);
            g_string_append_printf(line, "; fix: --fix %s", quoted);
            if (warning->fix_title != NULL)
                g_string_append_printf(line, " (%s)", warning->fix_title);
        }
        say("warning: ", line->str);
    }
}
