// SPDX-License-Identifier: GPL-2.0
/*
 * Results as JSON, by jansson.
 *
 * A table a structure names each member once; the same table writes and
 * reads, so the two cannot drift apart. Reading is strict about types and
 * tolerant about absence: a member that is not there keeps its zero.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "result.h"

enum field_type {
	FIELD_TEXT,		/* char *, NULL is not written */
	FIELD_U64,
	FIELD_LONG,
	FIELD_UINT,
	FIELD_INT,
	FIELD_BOOL,
	FIELD_DOUBLE,
	FIELD_WORD,		/* an enum, written as its name */
	FIELD_ARRAY,		/* of structures: pointer and count */
};

struct field {
	const char *key;
	enum field_type type;
	size_t offset;
	const char *(*word)(int value);	/* FIELD_WORD; NULL behind the last */
	size_t count;			/* FIELD_ARRAY: offset of the count */
	size_t size;			/* ... of an element */
	const struct field *fields;	/* ... and what it holds */
};

#define TEXT(s, m) { #m, FIELD_TEXT, offsetof(struct s, m), NULL, 0, 0, NULL }
#define U64(s, m) { #m, FIELD_U64, offsetof(struct s, m), NULL, 0, 0, NULL }
#define LONG(s, m) { #m, FIELD_LONG, offsetof(struct s, m), NULL, 0, 0, NULL }
#define UINT(s, m) { #m, FIELD_UINT, offsetof(struct s, m), NULL, 0, 0, NULL }
#define INT(s, m) { #m, FIELD_INT, offsetof(struct s, m), NULL, 0, 0, NULL }
#define BOOL(s, m) { #m, FIELD_BOOL, offsetof(struct s, m), NULL, 0, 0, NULL }
#define DOUBLE(s, m) { #m, FIELD_DOUBLE, offsetof(struct s, m), NULL, 0, 0, NULL }
#define WORD(s, m, w) { #m, FIELD_WORD, offsetof(struct s, m), w, 0, 0, NULL }
#define LAST { NULL, FIELD_TEXT, 0, NULL, 0, 0, NULL }

static const char *word_status(int value)
{
	return value <= STATUS_NOTRUN ? status_name(value) : NULL;
}

static const char *word_expect(int value)
{
	static const char *const names[] = { "pass", "caught", "crash" };

	return value <= EXPECT_CRASH ? names[value] : NULL;
}

static const char *word_check(int value)
{
	return value < KTAP_NR_STATUS ? ktap_status_name(value) : NULL;
}

static const struct field check_fields[] = {
	TEXT(check_result, name), WORD(check_result, status, word_check),
	TEXT(check_result, note), LAST
};

static const struct field sample_fields[] = {
	LONG(sample, ms), U64(sample, ops), U64(sample, near_misses), U64(sample, errors), LAST
};

static const struct field bucket_fields[] = {
	U64(bucket, from_ns), U64(bucket, below_ns), U64(bucket, count), LAST
};

static const struct field histogram_fields[] = {
	TEXT(histogram, name), TEXT(histogram, about),
	{ "buckets", FIELD_ARRAY, offsetof(struct histogram, buckets), NULL,
	  offsetof(struct histogram, nr_buckets), sizeof(struct bucket), bucket_fields }, LAST
};

static const struct field run_fields[] = {
	TEXT(run_result, name), TEXT(run_result, pattern),
	TEXT(run_result, flavor), TEXT(run_result, busted),
	UINT(run_result, round), TEXT(run_result, state),
	BOOL(run_result, as_foretold), TEXT(run_result, problem),
	U64(run_result, seed), U64(run_result, ops),
	U64(run_result, near_misses), U64(run_result, errors),
	LONG(run_result, elapsed_ms), TEXT(run_result, caught_by),
	LONG(run_result, caught_ms), TEXT(run_result, bound),
	TEXT(run_result, failures),
	{ "checks", FIELD_ARRAY, offsetof(struct run_result, checks), NULL,
	  offsetof(struct run_result, nr_checks), sizeof(struct check_result), check_fields },
	{ "samples", FIELD_ARRAY, offsetof(struct run_result, samples), NULL,
	  offsetof(struct run_result, nr_samples), sizeof(struct sample), sample_fields },
	{ "histograms", FIELD_ARRAY, offsetof(struct run_result, histograms), NULL,
	  offsetof(struct run_result, nr_histograms), sizeof(struct histogram),
	  histogram_fields }, LAST
};

static const struct field test_fields[] = {
	TEXT(test_result, name), UINT(test_result, passed),
	UINT(test_result, failed), UINT(test_result, skipped),
	TEXT(test_result, problem), TEXT(test_result, failures), LAST
};

static const struct field splat_fields[] = {
	TEXT(splat_result, kind), TEXT(splat_result, headline),
	TEXT(splat_result, excerpt), BOOL(splat_result, fatal),
	BOOL(splat_result, expected), LAST
};

static const struct field case_fields[] = {
	TEXT(case_result, id), TEXT(case_result, scenario),
	TEXT(case_result, about), TEXT(case_result, kernel),
	TEXT(case_result, release), TEXT(case_result, accel),
	TEXT(case_result, mode), TEXT(case_result, boot),
	WORD(case_result, expect, word_expect),
	WORD(case_result, status, word_status), TEXT(case_result, rule),
	TEXT(case_result, why), U64(case_result, seed),
	DOUBLE(case_result, seconds), LONG(case_result, boot_ms),
	DOUBLE(case_result, scale), UINT(case_result, boots),
	TEXT(case_result, end), TEXT(case_result, again),
	TEXT(case_result, notes),
	{ "runs", FIELD_ARRAY, offsetof(struct case_result, runs), NULL,
	  offsetof(struct case_result, nr_runs), sizeof(struct run_result), run_fields },
	{ "tests", FIELD_ARRAY, offsetof(struct case_result, tests), NULL,
	  offsetof(struct case_result, nr_tests), sizeof(struct test_result), test_fields },
	{ "splats", FIELD_ARRAY, offsetof(struct case_result, splats), NULL,
	  offsetof(struct case_result, nr_splats), sizeof(struct splat_result), splat_fields }, LAST
};

static const struct field tour_fields[] = {
	TEXT(tour_result, command), TEXT(tour_result, started),
	TEXT(tour_result, dir), U64(tour_result, seed),
	DOUBLE(tour_result, seconds), BOOL(tour_result, interrupted),
	INT(tour_result, exit_code),
	{ "cases", FIELD_ARRAY, offsetof(struct tour_result, cases), NULL,
	  offsetof(struct tour_result, nr_cases), sizeof(struct case_result), case_fields }, LAST
};

/* JSON is UTF-8, a guest's output is anything: what does not fit becomes '?'. */
static json_t *text_to_json(const char *text)
{
	json_t *json = json_string(text);
	char *copy, *p;

	if (json)
		return json;
	copy = strdup(text);
	for (p = copy; p && *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	json = json_string(copy);
	free(copy);
	return json;
}

static json_t *to_json(const void *from, const struct field *f);

static json_t *array_to_json(const char *at, const char *from, const struct field *f)
{
	const char *elements = *(const char *const *)at;
	size_t n = *(const size_t *)(from + f->count), i;
	json_t *array = json_array();

	for (i = 0; i < n; i++)
		json_array_append_new(array, to_json(elements + i * f->size, f->fields));
	return array;
}

static json_t *field_to_json(const char *from, const struct field *f)
{
	const char *at = from + f->offset;

	switch (f->type) {
	case FIELD_TEXT:
		return *(char *const *)at ? text_to_json(*(char *const *)at) : NULL;
	case FIELD_U64:
		return json_integer(*(const uint64_t *)at);
	case FIELD_LONG:
		return json_integer(*(const long *)at);
	case FIELD_UINT:
		return json_integer(*(const unsigned int *)at);
	case FIELD_INT:
		return json_integer(*(const int *)at);
	case FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case FIELD_DOUBLE:
		return json_real(*(const double *)at);
	case FIELD_WORD:
		return json_string(f->word(*(const int *)at));
	case FIELD_ARRAY:
		return array_to_json(at, from, f);
	}
	return NULL;
}

static json_t *to_json(const void *from, const struct field *f)
{
	json_t *object = json_object(), *value;

	for (; f->key; f++) {
		value = field_to_json(from, f);
		if (value)
			json_object_set_new(object, f->key, value);
	}
	return object;
}

static int from_json(const json_t *object, void *to, const struct field *f);

static int array_from_json(const json_t *value, char *at, char *to,
			   const struct field *f)
{
	size_t n = json_array_size(value), i;
	char *elements = calloc(n ? n : 1, f->size);

	if (!json_is_array(value) || !elements) {
		free(elements);
		return -1;
	}
	*(char **)at = elements;
	*(size_t *)(to + f->count) = n;
	for (i = 0; i < n; i++)
		if (from_json(json_array_get(value, i), elements + i * f->size, f->fields))
			return -1;
	return 0;
}

static int word_from_json(const json_t *value, char *at, const struct field *f)
{
	const char *text = json_string_value(value), *word;
	int i;

	for (i = 0; text && (word = f->word(i)); i++) {
		if (!strcmp(word, text)) {
			*(int *)at = i;
			return 0;
		}
	}
	return -1;
}

static int integer_from_json(const json_t *value, char *at, const struct field *f)
{
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value))
		return -1;
	if (f->type == FIELD_U64)
		*(uint64_t *)at = n;
	else if (f->type == FIELD_LONG)
		*(long *)at = n;
	else
		*(int *)at = n;
	return 0;
}

static int field_from_json(const json_t *value, char *to, const struct field *f)
{
	char *at = to + f->offset;

	switch (f->type) {
	case FIELD_TEXT:
		if (json_is_string(value))
			*(char **)at = strdup(json_string_value(value));
		return json_is_string(value) ? 0 : -1;
	case FIELD_BOOL:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value) ? 0 : -1;
	case FIELD_DOUBLE:
		*(double *)at = json_number_value(value);
		return json_is_number(value) ? 0 : -1;
	case FIELD_WORD:
		return word_from_json(value, at, f);
	case FIELD_ARRAY:
		return array_from_json(value, at, to, f);
	default:
		return integer_from_json(value, at, f);
	}
}

static int from_json(const json_t *object, void *to, const struct field *f)
{
	const json_t *value;

	if (!json_is_object(object))
		return -1;
	for (; f->key; f++) {
		value = json_object_get(object, f->key);
		if (value && field_from_json(value, to, f))
			return -1;
	}
	return 0;
}

static int save(const void *from, const struct field *f, const char *path,
		struct errbuf *err)
{
	json_t *json = to_json(from, f);
	char *tmp = NULL;
	int ret = -1;

	if (asprintf(&tmp, "%s.tmp", path) >= 0 &&
	    !json_dump_file(json, tmp, JSON_INDENT(1)) && !rename(tmp, path))
		ret = 0;
	else
		errbuf_set(err, "%s cannot be written: %s", path,
			   errno ? strerror(errno) : "jansson refused");
	json_decref(json);
	free(tmp);
	return ret;
}

static int load(void *to, const struct field *f, const char *path,
		struct errbuf *err)
{
	json_error_t why;
	json_t *json = json_load_file(path, 0, &why);
	int ret = -1;

	if (!json)
		errbuf_set(err, "%s: %s", path, why.text);
	else if (from_json(json, to, f))
		errbuf_set(err, "%s: not a result of this lastref", path);
	else
		ret = 0;
	json_decref(json);
	return ret;
}

int case_save(const struct case_result *c, const char *path, struct errbuf *err)
{
	return save(c, case_fields, path, err);
}

int case_load(struct case_result *c, const char *path, struct errbuf *err)
{
	int ret;

	memset(c, 0, sizeof(*c));
	ret = load(c, case_fields, path, err);
	if (ret)
		case_free(c);
	return ret;
}

int tour_save(const struct tour_result *t, const char *path, struct errbuf *err)
{
	return save(t, tour_fields, path, err);
}

int tour_load(struct tour_result *t, const char *path, struct errbuf *err)
{
	int ret;

	memset(t, 0, sizeof(*t));
	ret = load(t, tour_fields, path, err);
	if (ret)
		tour_free(t);
	else
		tour_fill_in(t);
	return ret;
}
