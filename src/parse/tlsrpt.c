/*
 * tlsrpt: an SMTP TLS report out of a tree of JSON. What an object may hold is a table of members, so a
 * further member is a line there. json_scan bounds the text before jansson, which is known only here, sees
 * it.
 */
#include "parse/tlsrpt.h"

#include "base/mem.h"
#include "parse/json_scan.h"
#include "parse/tlsrpt_value.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A member of an object: read goes into the field at offset of the struct that the object fills in. */
struct member {
	const char *name;
	void (*read)(struct reading *reading, void *field, json_t *value);
	size_t offset;
	enum repair missing; /* REPAIRS: it may be missing */
};

/* A member that is null is missing. */
static void
note_missing(struct reading *reading, const struct member *members, json_t *object)
{
	const struct member *member;
	json_t *value;
	size_t before;

	for (member = members; member->name != NULL; member++) {
		value = json_object_get(object, member->name);
		if (member->missing == REPAIRS || (value != NULL && !json_is_null(value)))
			continue;
		before = json_path_member(&reading->path, member->name);
		reading_note(reading, member->missing, NULL);
		json_path_out(&reading->path, before);
	}
}

static void
read_object(struct reading *reading, void *target, const struct member *members, json_t *object)
{
	const struct member *member;
	const char *name;
	json_t *value;
	size_t before;

	if (!json_is_object(object))
		reading_note(reading, REPAIR_JSON_TYPE, object);
	json_object_foreach(object, name, value)
	{
		for (member = members; member->name != NULL && strcmp(member->name, name) != 0; member++)
			continue;
		before = json_path_member(&reading->path, name);
		if (member->name == NULL)
			reading_note(reading, REPAIR_UNKNOWN_ELEMENT, value);
		else if (!json_is_null(value))
			member->read(reading, (char *)target + member->offset, value);
		json_path_out(&reading->path, before);
	}
	note_missing(reading, members, object);
}

/* The elements of an array, or the one thing that should have stood in one, each given to read. */
static void
read_array(struct reading *reading, void *target, json_t *value,
    void (*read)(struct reading *reading, void *target, json_t *element))
{
	size_t i, before;

	if (!json_is_array(value)) {
		reading_note(reading, REPAIR_JSON_TYPE, NULL);
		read(reading, target, value);
		return;
	}
	for (i = 0; i < json_array_size(value) && reading->status == OK; i++) {
		before = json_path_element(&reading->path, i);
		read(reading, target, json_array_get(value, i));
		json_path_out(&reading->path, before);
	}
}

static void
read_period(struct reading *reading, void *field, json_t *value)
{
	static const struct member members[] = {
	    {"start-datetime", reading_time, 0, REPAIR_NO_DATE},
	    {"end-datetime", reading_time, sizeof(struct tls_time), REPAIR_NO_DATE},
	    {NULL, NULL, 0, 0},
	};
	struct tls_report *report = field;
	struct tls_time times[2] = {{0}, {0}};

	read_object(reading, times, members, value);
	report->has_period = times[0].known || times[1].known;
	report->begin = times[times[0].known ? 0 : 1].seconds;
	report->end = times[times[1].known ? 1 : 0].seconds;
}

static void
read_failure(struct reading *reading, void *target, json_t *value)
{
#define AT(field) offsetof(struct tls_failure, field)
	static const struct member members[] = {
	    {"result-type", reading_result, AT(result), REPAIR_NO_TYPE},
	    {"sending-mta-ip", reading_ip, AT(sending), REPAIRS},
	    {"receiving-mx-hostname", reading_domain, AT(mx), REPAIRS},
	    {"receiving-mx-helo", reading_text, AT(helo), REPAIRS},
	    {"receiving-ip", reading_ip, AT(receiving), REPAIRS},
	    {"failed-session-count", reading_count, AT(count), REPAIR_NO_SESSIONS},
	    {"additional-information", reading_text, AT(info), REPAIRS},
	    {"failure-reason-code", reading_text, AT(reason), REPAIRS},
	    {NULL, NULL, 0, 0},
	};
#undef AT
	struct tls_failure *failure;

	(void)target;
	if (++reading->failures > reading->limits->tls_failures) {
		reading_refuse(reading, reading->limits->tls_failures, "failures", "tls-failures");
		return;
	}
	failure = arena_zero(reading->arena, sizeof *failure);
	*reading->next_failure = failure;
	reading->next_failure = &failure->next;
	read_object(reading, failure, members, value);
}

static void
read_failures(struct reading *reading, void *field, json_t *value)
{
	reading->next_failure = field;
	read_array(reading, NULL, value, read_failure);
}

static void
read_summary(struct reading *reading, void *target, json_t *value)
{
	static const struct member members[] = {
	    {"total-successful-session-count", reading_count, offsetof(struct tls_policy, ok),
		REPAIR_NO_SESSIONS},
	    {"total-failure-session-count", reading_count, offsetof(struct tls_policy, failed),
		REPAIR_NO_SESSIONS},
	    {NULL, NULL, 0, 0},
	};

	read_object(reading, target, members, value);
}

static void
read_policy(struct reading *reading, void *target, json_t *value)
{
#define AT(field) offsetof(struct tls_policy, field)
	static const struct member members[] = {
	    {"policy-type", reading_type, AT(type), REPAIR_NO_TYPE},
	    {"policy-string", reading_strings, AT(strings), REPAIRS},
	    {"policy-domain", reading_domain, AT(domain), REPAIR_NO_DOMAIN},
	    {"mx-host", reading_list, AT(mx_hosts), REPAIRS},
	    {"mx-host-pattern", reading_pattern, AT(mx_hosts), REPAIRS},
	    {NULL, NULL, 0, 0},
	};
#undef AT

	read_object(reading, target, members, value);
}

/* One of the policies: what it is, what it came to, and what failed. */
static void
read_entry(struct reading *reading, void *target, json_t *value)
{
	static const struct member members[] = {
	    {"policy", read_policy, 0, REPAIR_NO_TYPE},
	    {"summary", read_summary, 0, REPAIR_NO_SESSIONS},
	    {"failure-details", read_failures, offsetof(struct tls_policy, failures), REPAIRS},
	    {NULL, NULL, 0, 0},
	};
	struct tls_report *report = target;
	struct tls_policy *policy;

	if (++report->policy_count > reading->limits->tls_policies) {
		reading_refuse(reading, reading->limits->tls_policies, "policies", "tls-policies");
		return;
	}
	policy = arena_zero(reading->arena, sizeof *policy);
	*reading->next_policy = policy;
	reading->next_policy = &policy->next;
	read_object(reading, policy, members, value);
}

static void
read_policies(struct reading *reading, void *target, json_t *value)
{
	read_array(reading, target, value, read_entry);
}

static void
read_report(struct reading *reading, json_t *root)
{
#define AT(field) offsetof(struct tls_report, field)
	static const struct member members[] = {
	    {"organization-name", reading_text, AT(org), REPAIRS},
	    {"date-range", read_period, 0, REPAIR_NO_DATE},
	    {"contact-info", reading_text, AT(contact), REPAIRS},
	    {"report-id", reading_text, AT(raw_id), REPAIRS},
	    {"policies", read_policies, 0, REPAIRS},
	    {NULL, NULL, 0, 0},
	};
#undef AT

	reading->next_policy = &reading->report->policies;
	read_object(reading, reading->report, members, root);
}

/* A report says whom it is about or at least when; a mere "policies" occurs elsewhere too. */
static bool
is_report(json_t *root)
{
	json_t *policies = json_object_get(root, "policies");

	if (json_object_get(root, "date-range") != NULL && json_object_get(root, "organization-name") != NULL)
		return true;
	return policies != NULL && (json_object_get(root, "date-range") != NULL ||
				       json_object_get(root, "organization-name") != NULL ||
				       json_object_get(json_array_get(policies, 0), "summary") != NULL);
}

/* What jansson refused, with the line and column in the whole text. */
static enum status
refused(const json_error_t *error, struct str text, size_t at, struct err *err)
{
	struct json_position from = json_position(text, at);
	size_t line = from.line + (size_t)(error->line > 0 ? error->line - 1 : 0);
	size_t column = (size_t)(error->column > 0 ? error->column : 1);

	(void)err_set(err, BAD, "not JSON: %s", error->text);
	return err_at(err, "%zu:%zu", line, line == from.line ? from.column + column - 1 : column);
}

/*
 * The tree. Whole numbers beyond 64 bits are read as doubles, so that they are a count that can't be used
 * instead of the end of the report; of a key that stands twice the last one stays, as jansson has it.
 */
static json_t *
load(struct reading *reading, struct str text, json_error_t *error)
{
	size_t flags = JSON_REJECT_DUPLICATES;
	enum json_error_code code;
	json_t *root;
	int tries;

	for (tries = 0; tries < 3; tries++) {
		root = json_loadb(text.data, text.len, flags, error);
		if (root != NULL)
			return root;
		code = json_error_code(error);
		if (code == json_error_duplicate_key) {
			flags &= ~(size_t)JSON_REJECT_DUPLICATES;
			(void)snprintf(reading->path.text, JSON_PATH, "%d:%d", error->line, error->column);
			reading_note(reading, REPAIR_REPEATED_KEY, NULL);
			json_path_out(&reading->path, 0);
		} else if (code == json_error_numeric_overflow) {
			flags |= JSON_DECODE_INT_AS_REAL;
			reading->as_real = true;
		} else if (code == json_error_out_of_memory)
			mem_ran_out();
		else
			break;
	}
	return NULL;
}

/* Moves *at behind the document, and behind everything when no further one follows. */
static void
look_behind(struct reading *reading, struct str text, size_t *at, size_t end)
{
	*at = end;
	if (!tlsrpt_seek(at, text) || text.data[*at] == '{')
		return;
	*at = text.len;
	tls_note(reading->report, REPAIR_TRAILING, str_of(NULL));
}

enum status
tlsrpt_parse(struct tls_report **report, struct str text, size_t *at, const struct limits *limits,
    struct arena *arena, struct err *err)
{
	struct reading reading = {.limits = limits, .arena = arena, .err = err};
	json_error_t error;
	enum status status;
	json_t *root;
	size_t end;

	status = json_scan(&end, text, *at, limits, err);
	if (status != OK)
		return status;
	*report = reading.report = arena_zero(arena, sizeof **report);
	root = load(&reading, (struct str){text.data + *at, end - *at}, &error);
	if (root == NULL)
		return refused(&error, text, *at, err);
	if (is_report(root)) {
		read_report(&reading, root);
		status = reading.status;
		if (status == OK)
			look_behind(&reading, text, at, end);
		tls_report_finish(reading.report, arena);
	} else
		status = err_set(err, SKIP, "JSON, and no TLS report");
	json_decref(root);
	return status;
}
