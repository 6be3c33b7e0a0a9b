/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/statistics-panel.h"

#include "ui/plot/bins.h"
#include "ui/plot/plot.h"
#include "ui/selection-null.h"
#include "ui/style.h"

#include <math.h>
#include <string.h>

#define NULL_AFTER 400 /* ms after the last change of the selection */

struct _AlloyStatisticsPanel {
    GtkBox parent;
    AlloyDocument *document;
    GtkWidget *count, *composition, *quantities, *histogram, *title, *chance;
    char *column;
    const AlloyPlot *plot;    /* of the histogram; NULL: none yet */
    AlloyBins *bins;          /* of the whole stage */
    const AlloyAtoms *binned; /* what bins were made of */
    /* the null of the selection, found in the background */
    guint null_id;
    GCancellable *finding;
    GPtrArray *tests;             /* of AlloyMeanTest; NULL: not known yet */
    const AlloySelection *tested; /* what they are of */
};

G_DEFINE_FINAL_TYPE(AlloyStatisticsPanel, alloy_statistics_panel, GTK_TYPE_BOX)

enum { PICK, N_SIGNALS };
static guint signals[N_SIGNALS];

/* --- numbers as text --- */

/* A value with as many digits as its error carries: "0.788 ± 0.004". */
static char *with_error(double value, double error, double scale)
{
    if (isnan(value))
        return g_strdup("–");
    value *= scale;
    error *= scale;
    if (!(error > 0))
        return g_strdup_printf("%.4g", value);
    int digits = CLAMP(1 - (int)floor(log10(error)), 0, 9);
    return g_strdup_printf("%.*f ± %.*f", digits, value, digits, error);
}

static char *plain(double value)
{
    return isnan(value) ? g_strdup("–") : g_strdup_printf("%.3g", value);
}

static char *z_text(double z)
{
    return isnan(z)        ? g_strdup("–")
           : fabs(z) < 100 ? g_strdup_printf("%+.1f", z)
                           : g_strdup_printf("%+.0f", z);
}

/* p of a Gaussian is not to be believed far out: what is below 1e-4 is said to be so. */
static char *p_text(double p, double floor)
{
    if (floor > 0)
        return g_strdup_printf("≤ %.2g", floor);
    return isnan(p) ? g_strdup("–") : p < 1e-4 ? g_strdup("< 10⁻⁴") : g_strdup_printf("%.2g", p);
}

/* The null of a quantity where it has been found; NULL: not yet. */
static const AlloyMeanTest *test_of(const AlloyStatisticsPanel *panel, const char *quantity)
{
    for (guint k = 0; panel->tests != NULL && k < panel->tests->len; k++) {
        const AlloyMeanTest *test = panel->tests->pdata[k];
        if (strcmp(test->quantity, quantity) == 0)
            return test;
    }
    return NULL;
}

/* --- a table of labels --- */

typedef struct {
    GtkGrid *grid;
    int row;
} Rows;

static void clear(GtkWidget *grid)
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(grid)) != NULL)
        gtk_grid_remove(GTK_GRID(grid), child);
}

/* Columns of fixed widths, so that nothing moves while numbers change under the hand. */
static void add_row(Rows *rows, const char *const *texts, int n, gboolean heading)
{
    static const int widths[5] = {12, 13, 7, 6, 7};
    for (int k = 0; k < n; k++) {
        GtkWidget *label = gtk_label_new(texts[k]);
        gtk_label_set_width_chars(GTK_LABEL(label), widths[k]);
        gtk_label_set_max_width_chars(GTK_LABEL(label), widths[k]);
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
        gtk_label_set_xalign(GTK_LABEL(label), k == 0 ? 0 : 1);
        gtk_widget_set_hexpand(label, k == 0);
        gtk_widget_add_css_class(label, heading ? "dim-label" : "numeric");
        if (heading)
            gtk_widget_add_css_class(label, "caption");
        gtk_grid_attach(rows->grid, label, k, rows->row, 1, 1);
    }
    rows->row++;
}

static void show_composition(AlloyStatisticsPanel *panel, const AlloyDocumentStage *stage,
                             const AlloySummary *summary)
{
    Rows rows = {GTK_GRID(panel->composition), 0};
    clear(panel->composition);
    add_row(&rows, (const char *const[]){"Species", "share / %", "all / %", "z", "p"}, 5, TRUE);
    for (unsigned k = 0; k < summary->n_kinds; k++) {
        const AlloyKindSummary *kind = &summary->kinds[k];
        g_autofree char *share = with_error(kind->share, kind->error, 100),
                        *whole = g_strdup_printf("%.2f", 100 * kind->whole);
        g_autofree char *quantity = g_strconcat("species ", stage->atoms->kinds[kind->kind].name, NULL);
        const AlloyMeanTest *test = test_of(panel, quantity);
        g_autofree char *z = z_text(test != NULL ? test->z : kind->z);
        g_autofree char *p = p_text(test != NULL ? test->p : kind->p, test != NULL ? test->floor : 0);
        add_row(&rows, (const char *const[]){stage->atoms->kinds[kind->kind].name, share, whole, z, p}, 5,
                FALSE);
    }
}

static gboolean is_of_interest(const char *name)
{
    return strcmp(name, "cn") == 0 || g_str_has_prefix(name, "csrop") || g_str_has_prefix(name, "c_");
}

static void show_quantities(AlloyStatisticsPanel *panel, const AlloySummary *summary)
{
    Rows rows = {GTK_GRID(panel->quantities), 0};
    clear(panel->quantities);
    if (summary->n_columns == 0)
        return;
    add_row(&rows, (const char *const[]){"Mean of", "selected", "all", "z", "p"}, 5, TRUE);
    /* order and coordination first, then what the file brought */
    for (unsigned k = 0; k < 2 * summary->n_columns; k++) {
        const AlloyColumnSummary *column = &summary->columns[k % summary->n_columns];
        if (is_of_interest(column->column->name) != (k < summary->n_columns))
            continue;
        g_autofree char *name = alloy_column_heading(column->column);
        g_autofree char *mean = with_error(column->mean, column->sem, 1), *whole = plain(column->whole);
        const AlloyMeanTest *test = test_of(panel, column->column->name);
        g_autofree char *z = z_text(test != NULL ? test->z : column->z);
        g_autofree char *p = p_text(test != NULL ? test->p : column->p, test != NULL ? test->floor : 0);
        add_row(&rows, (const char *const[]){name, mean, whole, z, p}, 5, FALSE);
    }
}

/* --- the histogram --- */

static const AlloyColumn *shown_column(AlloyStatisticsPanel *panel, const AlloyDocumentStage *stage)
{
    return panel->column != NULL ? alloy_atoms_column(stage->atoms, panel->column) : NULL;
}

static const AlloyColumn *kind_names(const AlloyAtoms *atoms, const AlloySummary *summary)
{
    g_autofree const char **names = g_new0(const char *, summary->n_kinds + 1);
    uint32_t *codes = alloy_array_new(uint32_t, summary->n_kinds);
    for (unsigned k = 0; k < summary->n_kinds; k++) {
        names[k] = atoms->kinds[summary->kinds[k].kind].name;
        codes[k] = k;
    }
    return alloy_column_new_text("species", codes, summary->n_kinds, names, summary->n_kinds);
}

static void add_bars(AlloyPlotBuilder *builder, const char *label, const AlloyColumn *x, const AlloyColumn *y,
                     gboolean quiet)
{
    static const uint8_t grey[3] = {170, 170, 170}, orange[3] = {230, 110, 20};
    AlloyMark mark = {.kind = ALLOY_MARK_BARS, .label = label, .x = x, .y = y, .rgb = quiet ? grey : orange};
    alloy_plot_add(builder, &mark);
}

static const AlloyPlot *species_plot(AlloyStatisticsPanel *panel, const AlloyDocumentStage *stage,
                                     const AlloySummary *summary, AlloyPlotBuilder *builder)
{
    g_autofree double *whole = g_new(double, summary->n_kinds + 1),
                      *selected = g_new(double, summary->n_kinds + 1);
    for (unsigned k = 0; k < summary->n_kinds; k++) {
        whole[k] = (double)stage->atoms->kinds[summary->kinds[k].kind].count;
        selected[k] = (double)summary->kinds[k].count;
    }
    g_autoptr(AlloyColumn) x = (AlloyColumn *)kind_names(stage->atoms, summary);
    g_autoptr(AlloyColumn) all = (AlloyColumn *)alloy_plot_column("all", "1", whole, summary->n_kinds);
    g_autoptr(AlloyColumn) some =
        (AlloyColumn *)alloy_plot_column("selected", "1", selected, summary->n_kinds);
    add_bars(builder, "all", x, all, TRUE);
    add_bars(builder, "selected", x, some, FALSE);
    return alloy_plot_builder_finish(builder);
}

/* Counts of the selected atoms in the bins of all. */
static void count_selected(const AlloyBins *bins, const AlloyColumn *column, const AlloySelection *selection,
                           double *counts)
{
    memset(counts, 0, bins->n * sizeof *counts);
    for (size_t w = 0; w < (selection->n + 63) / 64; w++)
        for (uint64_t word = selection->words[w]; word != 0; word &= word - 1) {
            size_t bin =
                alloy_bins_bin(bins, alloy_column_real_at(column, 64 * w + (size_t)__builtin_ctzll(word)));
            if (bin != SIZE_MAX)
                counts[bin]++;
        }
}

static const AlloyPlot *column_plot(AlloyStatisticsPanel *panel, const AlloyColumn *column,
                                    const AlloySelection *selection, AlloyPlotBuilder *builder)
{
    const AlloyColumn *edges = NULL, *counts = NULL;
    alloy_bins_columns(panel->bins, column->name, column->unit, &edges, &counts);
    add_bars(builder, "all", edges, counts, TRUE);
    g_autofree double *selected = g_new(double, panel->bins->n + 1);
    count_selected(panel->bins, column, selection, selected);
    g_autoptr(AlloyColumn) some = (AlloyColumn *)alloy_plot_column("selected", "1", selected, panel->bins->n);
    add_bars(builder, "selected", edges, some, FALSE);
    alloy_data_unref(edges);
    alloy_data_unref(counts);
    return alloy_plot_builder_finish(builder);
}

static void make_plot(AlloyStatisticsPanel *panel, const AlloyDocumentStage *stage,
                      const AlloySummary *summary)
{
    alloy_clear(&panel->plot);
    const AlloyColumn *column = shown_column(panel, stage);
    if (stage->atoms != panel->binned) {
        g_clear_pointer(&panel->bins, alloy_bins_free);
        panel->binned = stage->atoms;
    }
    if (panel->bins == NULL && column != NULL)
        panel->bins = alloy_bins_fit(column);
    AlloyPlotBuilder *builder = alloy_plot_builder_new(alloy_ui_plot_style(GTK_WIDGET(panel)));
    g_autofree char *heading = column != NULL ? alloy_column_heading(column) : NULL;
    AlloyAxis x = {.title = heading, .unit = ""}, y = {.title = "atoms"};
    alloy_plot_set_x(builder, &x);
    alloy_plot_set_y(builder, &y);
    alloy_plot_set_bars(builder, ALLOY_BARS_OVERLAID);
    if (column != NULL && panel->bins != NULL)
        panel->plot = column_plot(panel, column, stage->selection, builder);
    else
        panel->plot = species_plot(panel, stage, summary, builder);
}

static void draw_histogram(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    AlloyStatisticsPanel *panel = data;
    if (panel->plot != NULL)
        alloy_plot_draw(panel->plot, cr, width, height);
}

/* The atoms of a bar of the histogram. */
static const AlloySelection *atoms_of_bar(AlloyStatisticsPanel *panel, const AlloyDocumentStage *stage,
                                          size_t bar)
{
    const AlloyAtoms *atoms = stage->atoms;
    const AlloyColumn *column = shown_column(panel, stage);
    g_autofree uint8_t *mask = g_malloc0(atoms->n + 1);
    unsigned n_kinds;
    g_autofree unsigned *order = alloy_atoms_kinds_in_order(atoms, &n_kinds);
    for (size_t i = 0; i < atoms->n; i++)
        mask[i] = column != NULL && panel->bins != NULL
                      ? alloy_bins_bin(panel->bins, alloy_column_real_at(column, i)) == bar
                      : bar < n_kinds && atoms->species[i] == order[bar];
    return alloy_selection_from_mask(mask, atoms->n);
}

static void on_pressed(GtkGestureClick *gesture, int n, double x, double y, AlloyStatisticsPanel *panel)
{
    const AlloyDocumentStage *stage = alloy_document_stage(panel->document);
    if (stage == NULL || panel->plot == NULL)
        return;
    AlloyPlotFrame frame;
    AlloyPlotHit hit;
    alloy_plot_frame(panel->plot, gtk_widget_get_width(panel->histogram),
                     gtk_widget_get_height(panel->histogram), &frame);
    if (!alloy_plot_hit(panel->plot, &frame, x, y, 2, &hit))
        return;
    const AlloySelection *atoms = atoms_of_bar(panel, stage, hit.index);
    g_signal_emit(panel, signals[PICK], 0, atoms);
    alloy_data_unref(atoms);
}

/* --- the null --- */

static void update(AlloyStatisticsPanel *panel);

static void forget_null(AlloyStatisticsPanel *panel)
{
    g_clear_handle_id(&panel->null_id, g_source_remove);
    if (panel->finding != NULL)
        g_cancellable_cancel(panel->finding);
    g_clear_object(&panel->finding);
    g_clear_pointer(&panel->tests, g_ptr_array_unref);
    alloy_clear(&panel->tested);
}

typedef struct {
    AlloyStatisticsPanel *panel;
    GCancellable *cancellable;
} Finding;

static void on_null(GObject *source, GAsyncResult *result, gpointer data)
{
    Finding *finding = data;
    g_autoptr(AlloyStatisticsPanel) panel = finding->panel;
    g_autoptr(GPtrArray) tests = alloy_selection_null_finish(result, NULL);
    if (tests != NULL && panel->finding == finding->cancellable) {
        panel->tests = g_steal_pointer(&tests);
        update(panel);
    }
    g_object_unref(finding->cancellable);
    g_free(finding);
}

static gboolean find_null(gpointer data)
{
    AlloyStatisticsPanel *panel = data;
    const AlloyDocumentStage *stage = alloy_document_stage(panel->document);
    panel->null_id = 0;
    panel->finding = g_cancellable_new();
    Finding *finding = g_new(Finding, 1);
    *finding = (Finding){g_object_ref(panel), g_object_ref(panel->finding)};
    alloy_selection_null_start(stage, panel->finding, on_null, finding);
    return G_SOURCE_REMOVE;
}

/* Starts anew when something else is selected. */
static void seek_null(AlloyStatisticsPanel *panel, const AlloyDocumentStage *stage)
{
    if (panel->tested == stage->selection)
        return;
    forget_null(panel);
    if (stage->neighbours == NULL || stage->selection->count == 0 ||
        stage->selection->count == stage->atoms->n)
        return;
    panel->tested = alloy_ref(stage->selection);
    panel->null_id = g_timeout_add(NULL_AFTER, find_null, panel);
}

/* --- the panel --- */

static void update(AlloyStatisticsPanel *panel)
{
    const AlloyDocumentStage *stage = alloy_document_stage(panel->document);
    gtk_widget_set_visible(GTK_WIDGET(panel), stage != NULL);
    if (stage == NULL)
        return;
    seek_null(panel, stage);
    gtk_label_set_text(
        GTK_LABEL(panel->chance),
        panel->tests != NULL
            ? "z and p: species shuffled over the same sites (composition, order) or sites drawn"
        : panel->tested != NULL ? "z and p against atoms drawn at random; the shuffled null is being found"
                                : "z and p against as many atoms drawn at random");
    g_autoptr(AlloySummary) summary = alloy_summaries_of(stage->summaries, stage->selection);
    g_autofree char *count =
        summary->selected == 0 ? g_strdup_printf("Nothing selected of %zu atoms", summary->n)
                               : g_strdup_printf("%zu of %zu atoms (%.2f %%)", summary->selected, summary->n,
                                                 100.0 * (double)summary->selected / (double)summary->n);
    gtk_label_set_text(GTK_LABEL(panel->count), count);
    show_composition(panel, stage, summary);
    show_quantities(panel, summary);
    make_plot(panel, stage, summary);
    const AlloyColumn *column = shown_column(panel, stage);
    g_autofree char *name = column != NULL ? alloy_column_heading(column) : g_strdup("species");
    g_autofree char *title = g_strdup_printf("Histogram: %s", name);
    gtk_label_set_text(GTK_LABEL(panel->title), title);
    gtk_widget_queue_draw(panel->histogram);
}

void alloy_statistics_panel_set_column(AlloyStatisticsPanel *panel, const char *name)
{
    g_free(panel->column);
    panel->column = g_strdup(name);
    g_clear_pointer(&panel->bins, alloy_bins_free);
    update(panel);
}

static GtkWidget *grid_new(const char *name)
{
    GtkWidget *grid = gtk_grid_new();
    gtk_grid_set_column_spacing(GTK_GRID(grid), 10);
    gtk_grid_set_row_spacing(GTK_GRID(grid), 2);
    gtk_accessible_update_property(GTK_ACCESSIBLE(grid), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    return grid;
}

static void alloy_statistics_panel_dispose(GObject *object)
{
    AlloyStatisticsPanel *panel = ALLOY_STATISTICS_PANEL(object);
    forget_null(panel);
    g_clear_object(&panel->document);
    alloy_clear(&panel->plot);
    g_clear_pointer(&panel->bins, alloy_bins_free);
    g_clear_pointer(&panel->column, g_free);
    G_OBJECT_CLASS(alloy_statistics_panel_parent_class)->dispose(object);
}

static void alloy_statistics_panel_class_init(AlloyStatisticsPanelClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = alloy_statistics_panel_dispose;
    signals[PICK] = g_signal_new("pick", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void alloy_statistics_panel_init(AlloyStatisticsPanel *panel)
{
    GtkBox *box = GTK_BOX(panel);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(panel), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(box, 10);
    panel->count = gtk_label_new("");
    gtk_label_set_xalign(GTK_LABEL(panel->count), 0);
    gtk_widget_add_css_class(panel->count, "heading");
    panel->composition = grid_new("Composition of the selection");
    panel->quantities = grid_new("Means of the selection");
    panel->chance = gtk_label_new("");
    gtk_label_set_xalign(GTK_LABEL(panel->chance), 0);
    gtk_label_set_wrap(GTK_LABEL(panel->chance), TRUE);
    gtk_widget_add_css_class(panel->chance, "caption");
    gtk_widget_add_css_class(panel->chance, "dim-label");
    panel->title = gtk_label_new("");
    gtk_label_set_xalign(GTK_LABEL(panel->title), 0);
    gtk_widget_add_css_class(panel->title, "caption-heading");
    panel->histogram = gtk_drawing_area_new();
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(panel->histogram), 190);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(panel->histogram), draw_histogram, panel, NULL);
    gtk_widget_set_tooltip_text(panel->histogram, "Click a bar to select its atoms");
    gtk_accessible_update_property(GTK_ACCESSIBLE(panel->histogram), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "Histogram", -1);
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), panel);
    gtk_widget_add_controller(panel->histogram, GTK_EVENT_CONTROLLER(click));
    gtk_box_append(box, panel->count);
    gtk_box_append(box, panel->composition);
    gtk_box_append(box, panel->quantities);
    gtk_box_append(box, panel->chance);
    gtk_box_append(box, panel->title);
    gtk_box_append(box, panel->histogram);
}

GtkWidget *alloy_statistics_panel_new(AlloyDocument *document)
{
    AlloyStatisticsPanel *panel = g_object_new(ALLOY_TYPE_STATISTICS_PANEL, NULL);
    panel->document = g_object_ref(document);
    g_signal_connect_object(document, "changed", G_CALLBACK(update), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "stage-changed", G_CALLBACK(update), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "selection-changed", G_CALLBACK(update), panel, G_CONNECT_SWAPPED);
    update(panel);
    return GTK_WIDGET(panel);
}
