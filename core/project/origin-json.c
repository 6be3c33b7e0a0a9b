/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a value came from, as one line of JSON: what the project file keeps. */
#include "core/base/error.h"
#include "core/project/item.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* No origin has lists or texts beyond these. */
#define MOST_BYTES (1 << 22)
#define MOST_ENTRIES (1 << 16)
#define DEEPEST 8

static const char *const kind_names[] = {"file", "run", "convert"};

static void add_string(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, value);
}

static void add_list(JsonBuilder *builder, const char *name, char *const *list)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (; *list != NULL; list++)
        json_builder_add_string_value(builder, *list);
    json_builder_end_array(builder);
}

/* 64 bits go as text: a JSON number is a double for most readers. */
static void add_uint64(JsonBuilder *builder, const char *name, uint64_t value)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, value);
    add_string(builder, name, text);
}

static void add_inputs(JsonBuilder *builder, const AlloyOrigin *origin)
{
    json_builder_set_member_name(builder, "inputs");
    json_builder_begin_array(builder);
    for (unsigned i = 0; i < origin->n_inputs; i++)
        json_builder_add_int_value(builder, origin->inputs[i]);
    json_builder_end_array(builder);
}

char *alloy_origin_to_json(const AlloyOrigin *origin)
{
    g_autoptr(JsonBuilder) builder = json_builder_new_immutable();
    json_builder_begin_object(builder);
    add_string(builder, "kind", kind_names[origin->kind]);
    add_string(builder, "program", origin->program);
    switch (origin->kind) {
    case ALLOY_ORIGIN_FILE: {
        /* A path is bytes; JSON is UTF-8. */
        if (g_utf8_validate(origin->path, -1, NULL)) {
            add_string(builder, "path", origin->path);
        } else {
            g_autofree char *escaped =
                g_uri_escape_bytes((const guint8 *)origin->path, strlen(origin->path), "/");
            add_string(builder, "path_escaped", escaped);
        }
        add_uint64(builder, "size", origin->size);
        add_string(builder, "sha256", origin->sha256);
        add_string(builder, "format", origin->format);
        add_list(builder, "fixes", origin->fixes);
        break;
    }
    case ALLOY_ORIGIN_RUN:
        add_string(builder, "operation", origin->operation);
        json_builder_set_member_name(builder, "version");
        json_builder_add_int_value(builder, origin->version);
        add_uint64(builder, "seed", origin->seed);
        add_list(builder, "params", origin->params);
        add_list(builder, "resolved", origin->resolved);
        add_string(builder, "output", origin->output);
        add_inputs(builder, origin);
        break;
    case ALLOY_ORIGIN_CONVERT:
        if (origin->stage != NULL)
            add_string(builder, "stage", origin->stage);
        add_list(builder, "labels", origin->labels);
        add_inputs(builder, origin);
        break;
    }
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}

/* The parser recurses, so depth is bounded before it sees the text. */
static gboolean shallow(const char *text, gsize length)
{
    int depth = 0;
    gboolean quoted = FALSE;
    for (gsize i = 0; i < length; i++) {
        char c = text[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = FALSE;
        } else if (c == '"') {
            quoted = TRUE;
        } else if (c == '[' || c == '{') {
            if (++depth > DEEPEST)
                return FALSE;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return TRUE;
}

/* The string of a node; NULL: it is none, or no UTF-8, for the parser takes octal escapes and makes any byte
 * of them. */
static const char *text_of(JsonNode *node)
{
    if (node == NULL || JSON_NODE_TYPE(node) != JSON_NODE_VALUE ||
        json_node_get_value_type(node) != G_TYPE_STRING)
        return NULL;
    const char *text = json_node_get_string(node);
    return g_utf8_validate(text, -1, NULL) ? text : NULL;
}

static JsonNode *member(JsonObject *object, const char *name, JsonNodeType type)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_TYPE(node) == type ? node : NULL;
}

static gboolean take_string(JsonObject *object, const char *name, const char **value, GError **error)
{
    *value = text_of(json_object_get_member(object, name));
    if (*value == NULL)
        return alloy_format_error(error, "provenance", 0, "\"%s\" is not there or not text", name);
    return TRUE;
}

static gboolean take_uint64(JsonObject *object, const char *name, uint64_t *value, GError **error)
{
    const char *text = NULL;
    if (!take_string(object, name, &text, error))
        return FALSE;
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &number, NULL))
        return alloy_format_error(error, "provenance", 0, "\"%s\" is \"%.40s\", not a whole number", name,
                                  text);
    *value = number;
    return TRUE;
}

static gboolean take_int(JsonNode *node, int64_t low, int64_t high, int64_t *value)
{
    if (JSON_NODE_TYPE(node) != JSON_NODE_VALUE || json_node_get_value_type(node) != G_TYPE_INT64)
        return FALSE;
    *value = json_node_get_int(node);
    return *value >= low && *value <= high;
}

static JsonArray *take_array(JsonObject *object, const char *name, GError **error)
{
    JsonNode *node = member(object, name, JSON_NODE_ARRAY);
    if (node == NULL || json_array_get_length(json_node_get_array(node)) > MOST_ENTRIES) {
        alloy_format_error(error, "provenance", 0, "\"%s\" is not there or no list", name);
        return NULL;
    }
    return json_node_get_array(node);
}

/* The strings are borrowed from the parsed text, the list is the caller's. */
static gboolean take_list(JsonObject *object, const char *name, const char ***list, GError **error)
{
    JsonArray *array = take_array(object, name, error);
    if (array == NULL)
        return FALSE;
    guint n = json_array_get_length(array);
    g_autofree const char **strings = g_new0(const char *, n + 1);
    for (guint i = 0; i < n; i++) {
        strings[i] = text_of(json_array_get_element(array, i));
        if (strings[i] == NULL)
            return alloy_format_error(error, "provenance", 0, "entry %u of \"%s\" is not text", i + 1, name);
    }
    *list = g_steal_pointer(&strings);
    return TRUE;
}

static gboolean take_inputs(JsonObject *object, uint32_t **inputs, unsigned *n_inputs, GError **error)
{
    JsonArray *array = take_array(object, "inputs", error);
    if (array == NULL)
        return FALSE;
    guint n = json_array_get_length(array);
    g_autofree uint32_t *ids = g_new0(uint32_t, n + 1);
    for (guint i = 0; i < n; i++) {
        int64_t id = 0;
        if (!take_int(json_array_get_element(array, i), 1, G_MAXUINT32, &id))
            return alloy_format_error(error, "provenance", 0, "entry %u of \"inputs\" is no id of an item",
                                      i + 1);
        ids[i] = (uint32_t)id;
    }
    *inputs = g_steal_pointer(&ids);
    *n_inputs = n;
    return TRUE;
}

static gboolean is_sha256(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean take_path(JsonObject *object, char **path, GError **error)
{
    const char *text = NULL;
    if (member(object, "path_escaped", JSON_NODE_VALUE) == NULL) {
        if (!take_string(object, "path", &text, error))
            return FALSE;
        *path = g_strdup(text);
        return TRUE;
    }
    if (!take_string(object, "path_escaped", &text, error))
        return FALSE;
    g_autoptr(GBytes) bytes = g_uri_unescape_bytes(text, -1, "", error);
    if (bytes == NULL)
        return FALSE;
    *path = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    return TRUE;
}

const AlloyOrigin *alloy_origin_from_json(const char *text, gsize length, GError **error)
{
    if (length > MOST_BYTES || !g_utf8_validate_len(text, length, NULL) || !shallow(text, length)) {
        alloy_format_error(error, "provenance", 0, "not a text that this program writes");
        return NULL;
    }
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(parser, text, (gssize)length, error))
        return NULL;
    JsonNode *root = json_parser_get_root(parser);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
        alloy_format_error(error, "provenance", 0, "expected an object");
        return NULL;
    }
    JsonObject *object = json_node_get_object(root);
    const char *kind = NULL;
    AlloyOrigin draft = {0};
    if (!take_string(object, "kind", &kind, error) || !take_string(object, "program", &draft.program, error))
        return NULL;
    g_autofree char *path = NULL;
    g_autofree const char **fixes = NULL;
    g_autofree const char **params = NULL;
    g_autofree const char **resolved = NULL;
    g_autofree const char **labels = NULL;
    g_autofree uint32_t *inputs = NULL;
    if (strcmp(kind, "file") == 0) {
        draft.kind = ALLOY_ORIGIN_FILE;
        if (!take_path(object, &path, error) || !take_uint64(object, "size", &draft.size, error) ||
            !take_string(object, "sha256", &draft.sha256, error) ||
            !take_string(object, "format", &draft.format, error) ||
            !take_list(object, "fixes", &fixes, error))
            return NULL;
        if (!is_sha256(draft.sha256)) {
            alloy_format_error(error, "provenance", 0, "\"sha256\" is not 64 hexadecimal digits");
            return NULL;
        }
    } else if (strcmp(kind, "run") == 0) {
        draft.kind = ALLOY_ORIGIN_RUN;
        JsonNode *version = json_object_get_member(object, "version");
        int64_t number = 0;
        if (version == NULL || !take_int(version, 0, G_MAXINT, &number)) {
            alloy_format_error(error, "provenance", 0, "\"version\" is not there or no whole number");
            return NULL;
        }
        draft.version = (int)number;
        if (!take_string(object, "operation", &draft.operation, error) ||
            !take_uint64(object, "seed", &draft.seed, error) ||
            !take_list(object, "params", &params, error) ||
            !take_list(object, "resolved", &resolved, error) ||
            !take_string(object, "output", &draft.output, error) ||
            !take_inputs(object, &inputs, &draft.n_inputs, error))
            return NULL;
    } else if (strcmp(kind, "convert") == 0) {
        draft.kind = ALLOY_ORIGIN_CONVERT;
        if ((json_object_has_member(object, "stage") && !take_string(object, "stage", &draft.stage, error)) ||
            !take_list(object, "labels", &labels, error) ||
            !take_inputs(object, &inputs, &draft.n_inputs, error))
            return NULL;
    } else {
        alloy_format_error(error, "provenance", 0, "\"kind\" is \"%.40s\", not file, run or convert", kind);
        return NULL;
    }
    draft.path = path;
    draft.fixes = (char *const *)fixes;
    draft.params = (char *const *)params;
    draft.resolved = (char *const *)resolved;
    draft.labels = (char *const *)labels;
    draft.inputs = inputs;
    return alloy_origin_new(&draft);
}
